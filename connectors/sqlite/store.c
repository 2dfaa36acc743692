#include "connectors/sqlite/store.h"

#include <assert.h>

#include "engine/base/time.h"

static sqlite3_stmt **
statement_of(struct wh_sqlite_store *store, size_t index)
{
    sqlite3_stmt **const places[] = {
        &store->find_meta, &store->set_meta,        &store->find_entry, &store->set_entry,
        &store->dues,      &store->drop_tombstones, &store->scan,       &store->clear,
    };
    return index < sizeof(places) / sizeof(places[0]) ? places[index] : NULL;
}

/* In the order of statement_of. */
static const char *const texts[] = {
    "SELECT lineage, epoch, version, watermark, position FROM meta WHERE partition = ?1",
    "INSERT OR REPLACE INTO meta VALUES (?1,?2,?3,?4,?5,?6)",
    "SELECT seq, due, bytes, deleted FROM entries WHERE partition = ?1 AND key = ?2",
    "INSERT OR REPLACE INTO entries VALUES (?1,?2,?3,?4,?5,?6)",
    "SELECT due, key FROM entries WHERE partition = ?1 AND (due, key) > (?2, ?3) AND "
    "(due, key) <= (?4, ?5) AND due < 9223372036854775807 ORDER BY due, key LIMIT ?6",
    "DELETE FROM entries WHERE partition = ?1 AND deleted AND seq <= ?2",
    "SELECT key, seq, due, deleted FROM entries WHERE partition = ?1 AND key > ?2 ORDER BY key "
    "LIMIT ?3",
    "DELETE FROM entries WHERE partition = ?1 AND key IN (SELECT key FROM entries WHERE "
    "partition = ?1 LIMIT ?2)",
};

enum wh_err
wh_sqlite_store_init(struct wh_sqlite_store *store, struct wh_sqlite *database,
                     struct wh_error *error)
{
    *store = (struct wh_sqlite_store){.database = database};
    wh_arena_init(&store->answer, 0);
    for (size_t i = 0; statement_of(store, i) != NULL; i++) {
        *statement_of(store, i) = wh_sqlite_prepare(database, texts[i]);
        if (*statement_of(store, i) == NULL) {
            return wh_error_set(error, WH_ERR_OUTSIDE, "the store cannot be used: %s",
                                sqlite3_errmsg(database->connection));
        }
    }
    return WH_OK;
}

void
wh_sqlite_store_fini(struct wh_sqlite_store *store)
{
    for (size_t i = 0; statement_of(store, i) != NULL; i++) {
        (void)sqlite3_finalize(*statement_of(store, i));
    }
    wh_arena_fini(&store->answer);
}

static struct wh_str
id_str(const struct wh_hash_id *id)
{
    return (struct wh_str){(const char *)id->bytes, sizeof(id->bytes)};
}

static struct wh_hash_id
column_id(sqlite3_stmt *row, int column)
{
    struct wh_hash_id id = {{0}};
    struct wh_str bytes = wh_sqlite_str(row, column);
    memcpy(id.bytes, bytes.ptr, bytes.len < sizeof(id.bytes) ? bytes.len : sizeof(id.bytes));
    return id;
}

/* A statement that changes something and gives no rows. */
static bool
change(sqlite3_stmt *statement)
{
    bool is_done = sqlite3_step(statement) == SQLITE_DONE;
    (void)sqlite3_reset(statement);
    return is_done;
}

static bool
find_meta(struct wh_sqlite_store *store, uint32_t partition, struct wh_store_meta *ret_meta)
{
    sqlite3_stmt *find = store->find_meta;
    (void)sqlite3_bind_int64(find, 1, partition);
    int code = sqlite3_step(find);
    *ret_meta = (struct wh_store_meta){.exists = code == SQLITE_ROW};
    if (code == SQLITE_ROW) {
        ret_meta->lineage = column_id(find, 0);
        ret_meta->epoch = sqlite3_column_int64(find, 1);
        ret_meta->version = (uint64_t)sqlite3_column_int64(find, 2);
        ret_meta->watermark = (uint64_t)sqlite3_column_int64(find, 3);
        ret_meta->offset = sqlite3_column_int64(find, 4);
    }
    (void)sqlite3_reset(find);
    return code == SQLITE_ROW || code == SQLITE_DONE;
}

static bool
set_meta(struct wh_sqlite_store *store, uint32_t partition, const struct wh_store_meta *meta)
{
    sqlite3_stmt *set = store->set_meta;
    (void)sqlite3_bind_int64(set, 1, partition);
    wh_sqlite_bind_str(set, 2, id_str(&meta->lineage));
    (void)sqlite3_bind_int64(set, 3, meta->epoch);
    (void)sqlite3_bind_int64(set, 4, (int64_t)meta->version);
    (void)sqlite3_bind_int64(set, 5, (int64_t)meta->watermark);
    (void)sqlite3_bind_int64(set, 6, meta->offset);
    return change(set);
}

static enum wh_store_result
claim(struct wh_sqlite_store *store, const struct wh_store_request *request,
      struct wh_store_meta *meta)
{
    bool is_base =
        meta->exists ? meta->epoch == request->base_epoch && meta->version == request->base_version
                     : request->base_epoch == -1 && request->base_version == 0;
    bool is_same_life =
        !meta->exists || wh_str_equal(id_str(&meta->lineage), id_str(&request->lineage));
    if (meta->exists && is_same_life && meta->epoch == request->epoch && meta->version == 0) {
        return WH_STORE_OK;
    }
    bool is_late = meta->exists && is_same_life && meta->epoch >= request->epoch;
    if (!is_base || is_late || (!is_same_life && !request->replaces)) {
        return WH_STORE_REFUSED;
    }
    bool is_new = !meta->exists || !is_same_life;
    struct wh_store_meta claimed = is_new ? (struct wh_store_meta){.offset = -1} : *meta;
    claimed.exists = true;
    claimed.lineage = request->lineage;
    claimed.epoch = request->epoch;
    claimed.version = 0;
    if (!set_meta(store, request->partition, &claimed)) {
        return WH_STORE_FAILED;
    }
    *meta = claimed;
    return WH_STORE_OK;
}

static bool
set_entry(struct wh_sqlite_store *store, uint32_t partition, const struct wh_store_entry *entry)
{
    sqlite3_stmt *set = store->set_entry;
    (void)sqlite3_bind_int64(set, 1, partition);
    wh_sqlite_bind_str(set, 2, id_str(&entry->key));
    (void)sqlite3_bind_int64(set, 3, (int64_t)entry->seq);
    (void)sqlite3_bind_int64(set, 4, entry->due);
    wh_sqlite_bind_str(set, 5, entry->bytes);
    (void)sqlite3_bind_int64(set, 6, entry->is_deleted ? 1 : 0);
    return change(set);
}

static bool
is_next(const struct wh_store_request *request, const struct wh_store_meta *meta)
{
    return meta->exists && meta->epoch == request->epoch && meta->version == request->from;
}

static enum wh_store_result
write_entries(struct wh_sqlite_store *store, const struct wh_store_request *request,
              struct wh_store_meta *meta)
{
    if (!is_next(request, meta)) {
        return WH_STORE_REFUSED;
    }
    for (size_t i = 0; i < request->entry_count; i++) {
        if (!set_entry(store, request->partition, &request->entries[i])) {
            return WH_STORE_FAILED;
        }
    }
    (void)sqlite3_bind_int64(store->drop_tombstones, 1, request->partition);
    (void)sqlite3_bind_int64(store->drop_tombstones, 2, (int64_t)request->watermark);
    meta->version++;
    meta->watermark = request->watermark;
    meta->offset = request->offset;
    return change(store->drop_tombstones) && set_meta(store, request->partition, meta)
               ? WH_STORE_OK
               : WH_STORE_FAILED;
}

static enum wh_store_result
clear_entries(struct wh_sqlite_store *store, const struct wh_store_request *request,
              struct wh_store_answer *answer)
{
    struct wh_store_meta *meta = &answer->meta;
    if (!is_next(request, meta)) {
        return WH_STORE_REFUSED;
    }
    (void)sqlite3_bind_int64(store->clear, 1, request->partition);
    (void)sqlite3_bind_int64(store->clear, 2, request->limit);
    meta->version++;
    meta->watermark = 0;
    meta->offset = -1;
    if (!change(store->clear) || !set_meta(store, request->partition, meta)) {
        return WH_STORE_FAILED;
    }
    (void)sqlite3_bind_int64(store->scan, 1, request->partition);
    wh_sqlite_bind_str(store->scan, 2, (struct wh_str){NULL, 0});
    (void)sqlite3_bind_int64(store->scan, 3, 1);
    answer->has_more = sqlite3_step(store->scan) == SQLITE_ROW;
    (void)sqlite3_reset(store->scan);
    return WH_STORE_OK;
}

static enum wh_store_result
read_entries(struct wh_sqlite_store *store, const struct wh_store_request *request,
             struct wh_store_answer *answer)
{
    sqlite3_stmt *find = store->find_entry;
    struct wh_store_entry *entries =
        WH_ARENA_ARRAY(&store->answer, struct wh_store_entry, request->key_count);
    int code = SQLITE_DONE;
    for (size_t i = 0; i < request->key_count; i++) {
        (void)sqlite3_bind_int64(find, 1, request->partition);
        wh_sqlite_bind_str(find, 2, id_str(&request->keys[i]));
        entries[i] = (struct wh_store_entry){.key = request->keys[i], .due = WH_TIME_NEVER};
        code = sqlite3_step(find);
        if (code == SQLITE_ROW) {
            entries[i].seq = (uint64_t)sqlite3_column_int64(find, 0);
            entries[i].due = sqlite3_column_int64(find, 1);
            entries[i].bytes = wh_arena_str(&store->answer, wh_sqlite_str(find, 2));
            entries[i].is_deleted = sqlite3_column_int(find, 3) != 0;
        }
        (void)sqlite3_reset(find);
        if (code != SQLITE_ROW && code != SQLITE_DONE) {
            return WH_STORE_FAILED;
        }
    }
    answer->entries = entries;
    answer->entry_count = request->key_count;
    return WH_STORE_OK;
}

/* One row more than asked for shows whether there are more. */
static enum wh_store_result
read_dues(struct wh_sqlite_store *store, const struct wh_store_request *request,
          struct wh_store_answer *answer)
{
    sqlite3_stmt *find = store->dues;
    struct wh_due *dues = WH_ARENA_ARRAY(&store->answer, struct wh_due, request->limit);
    (void)sqlite3_bind_int64(find, 1, request->partition);
    (void)sqlite3_bind_int64(find, 2, request->after.due);
    wh_sqlite_bind_str(find, 3, id_str(&request->after.key));
    (void)sqlite3_bind_int64(find, 4, request->until.due);
    wh_sqlite_bind_str(find, 5, id_str(&request->until.key));
    (void)sqlite3_bind_int64(find, 6, (int64_t)request->limit + 1);
    int code = sqlite3_step(find);
    for (; code == SQLITE_ROW; code = sqlite3_step(find)) {
        if (answer->due_count == request->limit) {
            answer->has_more = true;
            continue;
        }
        dues[answer->due_count++] =
            (struct wh_due){sqlite3_column_int64(find, 0), column_id(find, 1)};
    }
    (void)sqlite3_reset(find);
    answer->dues = dues;
    return code == SQLITE_DONE ? WH_STORE_OK : WH_STORE_FAILED;
}

static enum wh_store_result
scan(struct wh_sqlite_store *store, const struct wh_store_request *request,
     struct wh_store_answer *answer)
{
    sqlite3_stmt *find = store->scan;
    struct wh_store_entry *entries =
        WH_ARENA_ARRAY(&store->answer, struct wh_store_entry, request->limit);
    (void)sqlite3_bind_int64(find, 1, request->partition);
    wh_sqlite_bind_str(find, 2, id_str(&request->after.key));
    (void)sqlite3_bind_int64(find, 3, (int64_t)request->limit + 1);
    int code = sqlite3_step(find);
    for (; code == SQLITE_ROW; code = sqlite3_step(find)) {
        if (answer->entry_count == request->limit) {
            answer->has_more = true;
            continue;
        }
        entries[answer->entry_count++] = (struct wh_store_entry){
            .key = column_id(find, 0),
            .seq = (uint64_t)sqlite3_column_int64(find, 1),
            .due = sqlite3_column_int64(find, 2),
            .is_deleted = sqlite3_column_int(find, 3) != 0,
        };
    }
    (void)sqlite3_reset(find);
    answer->entries = entries;
    return code == SQLITE_DONE ? WH_STORE_OK : WH_STORE_FAILED;
}

static enum wh_store_result
carry_out(struct wh_sqlite_store *store, const struct wh_store_request *request,
          struct wh_store_answer *answer)
{
    if (!find_meta(store, request->partition, &answer->meta)) {
        return WH_STORE_FAILED;
    }
    switch (request->call) {
    case WH_STORE_META:
        return WH_STORE_OK;
    case WH_STORE_CLAIM:
        return claim(store, request, &answer->meta);
    case WH_STORE_READ:
        return read_entries(store, request, answer);
    case WH_STORE_WRITE:
        return write_entries(store, request, &answer->meta);
    case WH_STORE_DUES:
        return read_dues(store, request, answer);
    case WH_STORE_SCAN:
        return scan(store, request, answer);
    case WH_STORE_CLEAR:
        return clear_entries(store, request, answer);
    }
    return WH_STORE_FAILED;
}

/* Whatever fails is rolled back: then it was not applied, which is one of the two things that
 * FAILED may mean. */
static void
finish(struct wh_sqlite_store *store, const struct wh_store_request *request,
       struct wh_store_answer *answer)
{
    *answer = (struct wh_store_answer){
        .call = request->call,
        .ticket = request->ticket,
        .from = request->from,
        .partition = request->partition,
        .result = WH_STORE_FAILED,
    };
    bool writes = request->call == WH_STORE_CLAIM || request->call == WH_STORE_WRITE ||
                  request->call == WH_STORE_CLEAR;
    if (!wh_sqlite_begin(store->database, writes)) {
        return;
    }
    answer->result = carry_out(store, request, answer);
    if (answer->result != WH_STORE_OK || !wh_sqlite_commit(store->database)) {
        answer->result = answer->result == WH_STORE_REFUSED ? WH_STORE_REFUSED : WH_STORE_FAILED;
        (void)wh_sqlite_rollback(store->database);
    }
}

static void
start(void *self, const struct wh_store_request *request)
{
    struct wh_sqlite_store *store = self;
    assert(store->pending_count < WH_SQLITE_PENDING_MAX);
    size_t i = (store->pending_first + store->pending_count++) % WH_SQLITE_PENDING_MAX;
    store->pending[i] = *request;
}

static bool
poll_answer(void *self, struct wh_store_answer *ret_answer)
{
    struct wh_sqlite_store *store = self;
    if (store->pending_count == 0) {
        return false;
    }
    struct wh_store_request request = store->pending[store->pending_first];
    store->pending_first = (store->pending_first + 1) % WH_SQLITE_PENDING_MAX;
    store->pending_count--;
    wh_arena_reset(&store->answer);
    finish(store, &request, ret_answer);
    return true;
}

struct wh_store
wh_sqlite_store_port(struct wh_sqlite_store *store)
{
    return (struct wh_store){.self = store, .start = start, .poll = poll_answer};
}
