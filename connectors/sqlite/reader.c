#include "connectors/sqlite/reader.h"

#include <stdlib.h>
#include <unistd.h>

/* A writer holds the file only for the moment of a commit. */
#define PATIENCE_MS 2000

static enum wh_err
failed(const struct wh_sqlite_reader *reader, struct wh_error *error)
{
    return wh_error_set(error,
                        wh_sqlite_is_damaged(&reader->database) ? WH_ERR_INPUT : WH_ERR_OUTSIDE,
                        "%s", sqlite3_errmsg(reader->database.connection));
}

enum wh_err
wh_sqlite_reader_open(const char *path, struct wh_sqlite_reader *ret_reader, struct wh_error *error)
{
    struct wh_sqlite_reader reader = {.database = {.lock = -1}};
    if (access(path, F_OK) != 0) {
        return wh_error_set(error, WH_ERR_NOT_FOUND, "there is no \"%s\"", path);
    }
    int code = sqlite3_open_v2(path, &reader.database.connection, SQLITE_OPEN_READONLY, NULL);
    (void)sqlite3_busy_timeout(reader.database.connection, PATIENCE_MS);
    enum wh_err err = WH_OK;
    if (code != SQLITE_OK || !wh_sqlite_run(&reader.database, "BEGIN")) {
        err = failed(&reader, error);
    } else {
        err = wh_sqlite_check_head(&reader.database, path, error);
    }
    if (err != WH_OK) {
        wh_sqlite_close(&reader.database);
        return err;
    }
    *ret_reader = reader;
    return WH_OK;
}

void
wh_sqlite_reader_close(struct wh_sqlite_reader *reader)
{
    wh_sqlite_close(&reader->database);
}

struct wh_sqlite_reader
wh_sqlite_reader_of(const struct wh_sqlite *database)
{
    return (struct wh_sqlite_reader){.database = *database};
}

enum wh_err
wh_sqlite_reader_model(struct wh_sqlite_reader *reader, struct wh_arena *arena,
                       struct wh_str *ret_hash, struct wh_str *ret_bytes, struct wh_error *error)
{
    sqlite3_stmt *find = wh_sqlite_prepare(
        &reader->database, "SELECT hash, bytes FROM models ORDER BY since DESC LIMIT 1");
    int code = find == NULL ? SQLITE_ERROR : sqlite3_step(find);
    enum wh_err err = WH_OK;
    if (code == SQLITE_ROW) {
        *ret_hash = wh_arena_str(arena, wh_sqlite_str(find, 0));
        *ret_bytes = wh_arena_str(arena, wh_sqlite_str(find, 1));
    } else if (code == SQLITE_DONE) {
        err = wh_error_set(error, WH_ERR_NOT_FOUND, "no model is kept there");
    } else {
        err = failed(reader, error);
    }
    (void)sqlite3_finalize(find);
    return err;
}

enum wh_err
wh_sqlite_reader_model_of(struct wh_sqlite_reader *reader, struct wh_arena *arena,
                          struct wh_str hash, struct wh_str *ret_bytes, struct wh_error *error)
{
    sqlite3_stmt *find =
        wh_sqlite_prepare(&reader->database, "SELECT bytes FROM models WHERE hash = ?1");
    enum wh_err err = WH_OK;
    if (find != NULL) {
        (void)sqlite3_bind_text(find, 1, hash.ptr, (int)hash.len, SQLITE_STATIC);
    }
    int code = find == NULL ? SQLITE_ERROR : sqlite3_step(find);
    if (code == SQLITE_ROW) {
        *ret_bytes = wh_arena_str(arena, wh_sqlite_str(find, 0));
    } else if (code == SQLITE_DONE) {
        err = wh_error_set(error, WH_ERR_NOT_FOUND, "that model is not kept there");
    } else {
        err = failed(reader, error);
    }
    (void)sqlite3_finalize(find);
    return err;
}

static struct wh_str
id_str(const struct wh_hash_id *id)
{
    return (struct wh_str){(const char *)id->bytes, sizeof(id->bytes)};
}

enum wh_err
wh_sqlite_reader_states(struct wh_sqlite_reader *reader, const struct wh_hash_id *first,
                        const struct wh_hash_id *last, wh_sqlite_take_state_fn take, void *self,
                        struct wh_error *error)
{
    sqlite3_stmt *find = wh_sqlite_prepare(
        &reader->database, "SELECT partition, key, seq, due, bytes FROM entries WHERE partition = "
                           "?3 AND key BETWEEN ?1 AND ?2 AND NOT deleted ORDER BY key");
    int code = find == NULL ? SQLITE_ERROR : SQLITE_DONE;
    for (uint32_t p = 0; p < reader->database.partitions && code == SQLITE_DONE; p++) {
        wh_sqlite_bind_str(find, 1, id_str(first));
        wh_sqlite_bind_str(find, 2, id_str(last));
        (void)sqlite3_bind_int64(find, 3, p);
        bool goes_on = true;
        for (code = sqlite3_step(find); code == SQLITE_ROW && goes_on; code = sqlite3_step(find)) {
            struct wh_store_entry entry = {
                .seq = (uint64_t)sqlite3_column_int64(find, 2),
                .due = sqlite3_column_int64(find, 3),
                .bytes = wh_sqlite_str(find, 4),
            };
            struct wh_str key = wh_sqlite_str(find, 1);
            memcpy(entry.key.bytes, key.ptr, key.len < WH_HASH_ID_SIZE ? key.len : WH_HASH_ID_SIZE);
            goes_on = take(self, p, &entry);
        }
        (void)sqlite3_reset(find);
    }
    enum wh_err err = code == SQLITE_DONE || code == SQLITE_ROW ? WH_OK : failed(reader, error);
    (void)sqlite3_finalize(find);
    return err;
}

static struct wh_log_record
record_of(enum wh_topic topic, sqlite3_stmt *row)
{
    return (struct wh_log_record){
        .topic = topic,
        .partition = (uint32_t)sqlite3_column_int64(row, 0),
        .offset = sqlite3_column_int64(row, 1),
        .at = sqlite3_column_int64(row, 2),
        .key = wh_sqlite_str(row, 3),
        .value = wh_sqlite_str(row, 4),
        .reason = wh_sqlite_str(row, 5),
        .field = wh_sqlite_str(row, 6),
        .detail = wh_sqlite_str(row, 7),
    };
}

/* The statement gives the columns of record_of; it is finalized. */
static enum wh_err
take_all(struct wh_sqlite_reader *reader, enum wh_topic topic, sqlite3_stmt *find,
         wh_sqlite_take_record_fn take, void *self, struct wh_error *error)
{
    int code = find == NULL ? SQLITE_ERROR : sqlite3_step(find);
    for (bool goes_on = true; code == SQLITE_ROW && goes_on; code = sqlite3_step(find)) {
        struct wh_log_record record = record_of(topic, find);
        goes_on = take(self, &record);
    }
    enum wh_err err = code == SQLITE_DONE || code == SQLITE_ROW ? WH_OK : failed(reader, error);
    (void)sqlite3_finalize(find);
    return err;
}

enum wh_err
wh_sqlite_reader_records(struct wh_sqlite_reader *reader,
                         const struct wh_sqlite_reader_query *query, wh_sqlite_take_record_fn take,
                         void *self, struct wh_error *error)
{
    sqlite3_stmt *find = wh_sqlite_prepare(
        &reader->database,
        "SELECT partition, position, at, key, value, reason, field, detail FROM log WHERE topic = "
        "?1 AND at >= ?2 AND (length(?3) = 0 OR key = ?3) ORDER BY partition, position");
    if (find != NULL) {
        (void)sqlite3_bind_int(find, 1, (int)query->topic);
        (void)sqlite3_bind_int64(find, 2, query->since);
        wh_sqlite_bind_str(find, 3, query->key);
    }
    return take_all(reader, query->topic, find, take, self, error);
}

/* Where reading stands in one partition. */
struct head {
    sqlite3_stmt *rows; /* at the record to be given next */
    int64_t at;         /* of that record, or of an earlier one of the partition if that is later */
    int code;           /* of the last step */
};

static void
step_head(struct head *head)
{
    head->code = sqlite3_step(head->rows);
    int64_t at = head->code == SQLITE_ROW ? sqlite3_column_int64(head->rows, 2) : head->at;
    head->at = at > head->at ? at : head->at;
}

static bool
open_head(struct wh_sqlite_reader *reader, const struct wh_sqlite_reader_range *range,
          uint32_t partition, struct head *head)
{
    head->rows = wh_sqlite_prepare(
        &reader->database,
        "SELECT partition, position, at, key, value, reason, field, detail FROM log WHERE topic = "
        "?1 AND partition = ?2 AND position >= ?3 AND position < ?4 ORDER BY position");
    if (head->rows == NULL) {
        return false;
    }
    (void)sqlite3_bind_int(head->rows, 1, (int)range->topic);
    (void)sqlite3_bind_int64(head->rows, 2, partition);
    (void)sqlite3_bind_int64(head->rows, 3, range->from);
    (void)sqlite3_bind_int64(head->rows, 4, range->until);
    step_head(head);
    return head->code == SQLITE_ROW || head->code == SQLITE_DONE;
}

/* The one whose record comes next; NULL: none has one. */
static struct head *
earliest(struct head *heads, uint32_t count)
{
    struct head *first = NULL;
    for (uint32_t p = 0; p < count; p++) {
        bool is_it = heads[p].code == SQLITE_ROW && (first == NULL || heads[p].at < first->at);
        first = is_it ? &heads[p] : first;
    }
    return first;
}

/* False: the file could not be read. */
static bool
merge(struct head *heads, uint32_t count, enum wh_topic topic, wh_sqlite_take_record_fn take,
      void *self)
{
    struct head *head = earliest(heads, count);
    while (head != NULL) {
        struct wh_log_record record = record_of(topic, head->rows);
        if (!take(self, &record)) {
            return true;
        }
        step_head(head);
        if (head->code != SQLITE_ROW && head->code != SQLITE_DONE) {
            return false;
        }
        head = earliest(heads, count);
    }
    return true;
}

enum wh_err
wh_sqlite_reader_in_order(struct wh_sqlite_reader *reader,
                          const struct wh_sqlite_reader_range *range, wh_sqlite_take_record_fn take,
                          void *self, struct wh_error *error)
{
    uint32_t count = reader->database.partitions;
    struct head *heads = calloc(count, sizeof(*heads));
    if (heads == NULL) {
        return wh_error_set(error, WH_ERR_OUTSIDE, "out of memory");
    }
    bool is_good = true;
    for (uint32_t p = 0; p < count && is_good; p++) {
        is_good = open_head(reader, range, p, &heads[p]);
    }
    is_good = is_good && merge(heads, count, range->topic, take, self);
    enum wh_err err = is_good ? WH_OK : failed(reader, error);
    for (uint32_t p = 0; p < count; p++) {
        (void)sqlite3_finalize(heads[p].rows);
    }
    free(heads);
    return err;
}

enum wh_err
wh_sqlite_reader_count(struct wh_sqlite_reader *reader, const struct wh_sqlite_reader_range *range,
                       uint64_t *ret_count, struct wh_error *error)
{
    sqlite3_stmt *find = wh_sqlite_prepare(
        &reader->database, "SELECT coalesce(sum(max(0, min(next, ?3) - max(start, ?2))), 0) FROM "
                           "ends WHERE topic = ?1");
    if (find != NULL) {
        (void)sqlite3_bind_int(find, 1, (int)range->topic);
        (void)sqlite3_bind_int64(find, 2, range->from);
        (void)sqlite3_bind_int64(find, 3, range->until);
    }
    bool is_found = find != NULL && sqlite3_step(find) == SQLITE_ROW;
    if (is_found) {
        *ret_count = (uint64_t)sqlite3_column_int64(find, 0);
    }
    enum wh_err err = is_found ? WH_OK : failed(reader, error);
    (void)sqlite3_finalize(find);
    return err;
}

enum wh_err
wh_sqlite_reader_journals(struct wh_sqlite_reader *reader, wh_sqlite_take_record_fn take,
                          void *self, struct wh_error *error)
{
    sqlite3_stmt *find = wh_sqlite_prepare(
        &reader->database,
        "SELECT partition, position, at, key, value, reason, field, detail FROM log AS one WHERE "
        "topic = ?1 AND position = (SELECT max(position) FROM log WHERE topic = ?1 AND partition = "
        "one.partition) ORDER BY partition");
    if (find != NULL) {
        (void)sqlite3_bind_int(find, 1, WH_TOPIC_JOURNAL);
    }
    return take_all(reader, WH_TOPIC_JOURNAL, find, take, self, error);
}
