#include "connectors/sqlite/log.h"

#include <assert.h>

#include "connectors/sqlite/snapshot.h"
#include "engine/base/time.h"

/* As the partial index of database.c names it. */
#define STATES_TOPIC "5"
_Static_assert(WH_TOPIC_STATES == 5, "the number of a topic in a file never changes");
#define SELECT \
    "SELECT position,at,key,value,reason,field,detail FROM log WHERE topic=?1 AND partition=?2 "

static struct wh_sqlite_pending *
add_pending(struct wh_sqlite_log *log, enum wh_log_event_kind kind, uint64_t ticket)
{
    assert(log->pending_count < WH_SQLITE_PENDING_MAX);
    size_t i = (log->pending_first + log->pending_count++) % WH_SQLITE_PENDING_MAX;
    log->pending[i] =
        (struct wh_sqlite_pending){.event = {.kind = kind, .ticket = ticket, .view = 1}};
    return &log->pending[i];
}

enum wh_err
wh_sqlite_log_init(struct wh_sqlite_log *log, struct wh_sqlite *database,
                   const struct wh_clock *clock, struct wh_str id, struct wh_error *error)
{
    *log = (struct wh_sqlite_log){
        .database = database, .clock = clock, .id = id, .start_at = WH_TIME_MIN};
    wh_arena_init(&log->event, 0);
    wh_arena_init(&log->keep, 0);
    log->ends = WH_ARENA_ARRAY(&log->keep, struct wh_sqlite_ends,
                               (size_t)WH_TOPIC_COUNT * database->partitions);
    log->insert =
        wh_sqlite_prepare(database, "INSERT INTO log VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9)");
    log->select = wh_sqlite_prepare(
        database, SELECT "AND position >= ?3 AND position < ?4 ORDER BY position LIMIT ?5");
    log->find_end = wh_sqlite_prepare(
        database, "SELECT start, next FROM ends WHERE topic = ?1 AND partition = ?2");
    log->set_end = wh_sqlite_prepare(database, "INSERT OR REPLACE INTO ends VALUES (?1,?2,?3,?4)");
    log->find_last = wh_sqlite_prepare(database, SELECT "ORDER BY position DESC LIMIT 1");
    log->find_since = wh_sqlite_prepare(
        database, "SELECT min(position) FROM log WHERE topic = ?1 AND partition = ?2 AND at >= ?3");
    log->supersede = wh_sqlite_prepare(database, "DELETE FROM log WHERE topic = " STATES_TOPIC
                                                 " AND partition = ?1 AND key = ?2");
    bool can_write = log->insert != NULL && log->set_end != NULL && log->supersede != NULL;
    bool can_find = log->find_end != NULL && log->find_last != NULL && log->find_since != NULL;
    if (!can_write || !can_find || log->select == NULL) {
        return wh_error_set(error, WH_ERR_OUTSIDE, "the log cannot be used: %s",
                            sqlite3_errmsg(database->connection));
    }
    for (uint32_t p = 0; p < database->partitions; p++) {
        add_pending(log, WH_LOG_EVENT_ASSIGNED, 0)->event.partition = p;
    }
    return WH_OK;
}

void
wh_sqlite_log_fini(struct wh_sqlite_log *log)
{
    sqlite3_stmt *const statements[] = {log->insert,   log->select,    log->find_end,
                                        log->set_end,  log->find_last, log->find_since,
                                        log->supersede};
    for (size_t i = 0; i < sizeof(statements) / sizeof(statements[0]); i++) {
        (void)sqlite3_finalize(statements[i]);
    }
    wh_arena_fini(&log->event);
    wh_arena_fini(&log->keep);
}

static struct wh_sqlite_ends *
known_ends(struct wh_sqlite_log *log, enum wh_topic topic, uint32_t partition)
{
    return &log->ends[(size_t)topic * log->database->partitions + partition];
}

static void
forget_ends(struct wh_sqlite_log *log)
{
    for (size_t i = 0; i < (size_t)WH_TOPIC_COUNT * log->database->partitions; i++) {
        log->ends[i].is_known = false;
    }
}

static bool
find_ends(struct wh_sqlite_log *log, enum wh_topic topic, uint32_t partition,
          struct wh_sqlite_ends *ret_ends)
{
    struct wh_sqlite_ends *known = known_ends(log, topic, partition);
    if (known->is_known) {
        *ret_ends = *known;
        return true;
    }
    (void)sqlite3_bind_int64(log->find_end, 1, topic);
    (void)sqlite3_bind_int64(log->find_end, 2, partition);
    int code = sqlite3_step(log->find_end);
    *ret_ends = (struct wh_sqlite_ends){.start = 0};
    if (code == SQLITE_ROW) {
        ret_ends->start = sqlite3_column_int64(log->find_end, 0);
        ret_ends->next = sqlite3_column_int64(log->find_end, 1);
    }
    (void)sqlite3_reset(log->find_end);
    ret_ends->is_known = code == SQLITE_ROW || code == SQLITE_DONE;
    *known = *ret_ends;
    return ret_ends->is_known;
}

static bool
set_ends(struct wh_sqlite_log *log, enum wh_topic topic, uint32_t partition,
         struct wh_sqlite_ends ends)
{
    (void)sqlite3_bind_int64(log->set_end, 1, topic);
    (void)sqlite3_bind_int64(log->set_end, 2, partition);
    (void)sqlite3_bind_int64(log->set_end, 3, ends.start);
    (void)sqlite3_bind_int64(log->set_end, 4, ends.next);
    bool is_done = sqlite3_step(log->set_end) == SQLITE_DONE;
    (void)sqlite3_reset(log->set_end);
    *known_ends(log, topic, partition) = ends;
    return is_done;
}

/* Compaction at once: of a key only the newest snapshot stays. */
static bool
supersede(struct wh_sqlite_log *log, uint32_t partition, struct wh_str key)
{
    (void)sqlite3_bind_int64(log->supersede, 1, partition);
    wh_sqlite_bind_str(log->supersede, 2, key);
    bool is_done = sqlite3_step(log->supersede) == SQLITE_DONE;
    (void)sqlite3_reset(log->supersede);
    return is_done;
}

/* Nothing is NULL, which takes one byte: only rejected records have these. */
static void
bind_text(sqlite3_stmt *statement, int index, struct wh_str text)
{
    const char *bytes = text.len == 0 ? NULL : text.ptr;
    (void)sqlite3_bind_text(statement, index, bytes, (int)text.len, SQLITE_STATIC);
}

static bool
insert(struct wh_sqlite_log *log, const struct wh_log_record *record, int64_t *ret_offset)
{
    struct wh_sqlite_ends ends;
    sqlite3_stmt *insert = log->insert;
    uint32_t partition = record->partition == WH_LOG_BY_KEY
                             ? wh_hash_murmur2_partition(record->key, log->database->partitions)
                             : record->partition;
    if (!find_ends(log, record->topic, partition, &ends) ||
        (record->topic == WH_TOPIC_STATES && !supersede(log, partition, record->key))) {
        return false;
    }
    (void)sqlite3_bind_int64(insert, 1, record->topic);
    (void)sqlite3_bind_int64(insert, 2, partition);
    (void)sqlite3_bind_int64(insert, 3, ends.next);
    /* Never the same moment twice: it says in which order all partitions were written. */
    int64_t now = log->clock->now(log->clock->self);
    log->last_at = now > log->last_at ? now : log->last_at + 1;
    (void)sqlite3_bind_int64(insert, 4, log->last_at);
    wh_sqlite_bind_str(insert, 5, record->key);
    wh_sqlite_bind_str(insert, 6, record->value);
    char snapshot[WH_SQLITE_SNAPSHOT_SIZE];
    bool is_state = record->topic == WH_TOPIC_STATES;
    bind_text(insert, 7, is_state ? wh_sqlite_snapshot_pack(record, snapshot) : record->reason);
    bind_text(insert, 8, record->field);
    bind_text(insert, 9, record->detail);
    bool is_done = sqlite3_step(insert) == SQLITE_DONE;
    (void)sqlite3_reset(insert);
    *ret_offset = ends.next++;
    return is_done && set_ends(log, record->topic, partition, ends);
}

/* All of the records in one transaction of SQLite, which is durable when this returns. */
static enum wh_log_outcome
write_all(struct wh_sqlite_log *log, const struct wh_sqlite_pending *pending, int64_t *offsets)
{
    bool is_done = wh_sqlite_begin(log->database, true);
    for (size_t i = 0; i < pending->record_count && is_done; i++) {
        is_done = insert(log, &pending->records[i], &offsets[i]);
    }
    is_done = is_done && wh_sqlite_commit(log->database);
    if (is_done) {
        return WH_LOG_COMMITTED;
    }
    bool is_full = wh_sqlite_is_full(log->database);
    forget_ends(log);
    if (!wh_sqlite_rollback(log->database)) {
        return WH_LOG_UNKNOWN;
    }
    return is_full ? WH_LOG_NO_ROOM : WH_LOG_ABORTED;
}

static void
take_row(struct wh_sqlite_log *log, sqlite3_stmt *row, struct wh_log_record *record)
{
    record->offset = sqlite3_column_int64(row, 0);
    record->at = sqlite3_column_int64(row, 1);
    record->key = wh_arena_str(&log->event, wh_sqlite_str(row, 2));
    record->value = wh_arena_str(&log->event, wh_sqlite_str(row, 3));
    if (record->topic == WH_TOPIC_STATES) {
        wh_sqlite_snapshot_unpack(wh_sqlite_str(row, 4), record);
    } else {
        record->reason = wh_arena_str(&log->event, wh_sqlite_str(row, 4));
    }
    record->field = wh_arena_str(&log->event, wh_sqlite_str(row, 5));
    record->detail = wh_arena_str(&log->event, wh_sqlite_str(row, 6));
}

static bool
finish_read(struct wh_sqlite_log *log, const struct wh_log_read *read, struct wh_log_event *event)
{
    struct wh_sqlite_ends ends;
    sqlite3_stmt *select = log->select;
    if (!find_ends(log, read->topic, read->partition, &ends)) {
        return false;
    }
    int64_t end = read->until < ends.next ? read->until : ends.next;
    event->is_trimmed = read->from < ends.start;
    event->next = read->from > end ? read->from : end;
    if (event->is_trimmed || read->from >= end) {
        return true;
    }
    struct wh_log_record *records = WH_ARENA_ARRAY(&log->event, struct wh_log_record, read->max);
    (void)sqlite3_bind_int64(select, 1, read->topic);
    (void)sqlite3_bind_int64(select, 2, read->partition);
    (void)sqlite3_bind_int64(select, 3, read->from);
    (void)sqlite3_bind_int64(select, 4, end);
    (void)sqlite3_bind_int64(select, 5, read->max);
    int code = sqlite3_step(select);
    for (; code == SQLITE_ROW; code = sqlite3_step(select)) {
        struct wh_log_record *record = &records[event->record_count++];
        *record = (struct wh_log_record){.topic = read->topic, .partition = read->partition};
        take_row(log, select, record);
    }
    (void)sqlite3_reset(select);
    event->records = records;
    if (event->record_count == read->max) {
        event->next = records[read->max - 1].offset + 1;
    }
    return code == SQLITE_DONE;
}

/* The first record that came at `start_at` or later; the end when there is none. */
static int64_t
find_start(struct wh_sqlite_log *log, enum wh_topic topic, const struct wh_log_event *event,
           int64_t end)
{
    (void)sqlite3_bind_int64(log->find_since, 1, topic);
    (void)sqlite3_bind_int64(log->find_since, 2, event->partition);
    (void)sqlite3_bind_int64(log->find_since, 3, log->start_at);
    bool is_found = sqlite3_step(log->find_since) == SQLITE_ROW &&
                    sqlite3_column_type(log->find_since, 0) != SQLITE_NULL;
    int64_t start = is_found ? sqlite3_column_int64(log->find_since, 0) : end;
    (void)sqlite3_reset(log->find_since);
    return start;
}

static bool
finish_look(struct wh_sqlite_log *log, struct wh_log_event *event)
{
    struct wh_sqlite_ends ends;
    sqlite3_stmt *find = log->find_last;
    if (!find_ends(log, WH_TOPIC_JOURNAL, event->partition, &ends)) {
        return false;
    }
    event->look.high = event->look.stable = ends.next;
    event->look.journal_start = ends.start;
    for (size_t i = 0; i < WH_INPUT_COUNT; i++) {
        if (!find_ends(log, (enum wh_topic)i, event->partition, &ends)) {
            return false;
        }
        event->look.input_starts[i] = log->start_at == WH_TIME_MIN
                                          ? ends.start
                                          : find_start(log, (enum wh_topic)i, event, ends.next);
    }
    if (!find_ends(log, WH_TOPIC_STATES, event->partition, &ends)) {
        return false;
    }
    event->look.states_start = ends.start;
    event->look.states_high = ends.next;
    (void)sqlite3_bind_int64(find, 1, WH_TOPIC_JOURNAL);
    (void)sqlite3_bind_int64(find, 2, event->partition);
    int code = sqlite3_step(find);
    if (code == SQLITE_ROW) {
        struct wh_log_record *last = WH_ARENA_NEW(&log->event, struct wh_log_record);
        last->topic = WH_TOPIC_JOURNAL;
        last->partition = event->partition;
        take_row(log, find, last);
        event->look.last = last;
    }
    (void)sqlite3_reset(find);
    return code == SQLITE_ROW || code == SQLITE_DONE;
}

static void
finish(struct wh_sqlite_log *log, const struct wh_sqlite_pending *pending,
       struct wh_log_event *event)
{
    int64_t *offsets = WH_ARENA_ARRAY(&log->event, int64_t, pending->record_count);
    switch (event->kind) {
    case WH_LOG_EVENT_LOOKED:
        event->has_failed = !finish_look(log, event);
        break;
    case WH_LOG_EVENT_READ:
        event->has_failed = !finish_read(log, &pending->read, event);
        break;
    case WH_LOG_EVENT_COMMIT:
    case WH_LOG_EVENT_APPENDED:
        event->outcome = write_all(log, pending, offsets);
        event->offsets = offsets;
        break;
    case WH_LOG_EVENT_RENEWED:
        if (!log->database->is_grouped && sqlite3_get_autocommit(log->database->connection) == 0) {
            event->has_failed = !wh_sqlite_run(log->database, "ROLLBACK");
        }
        break;
    case WH_LOG_EVENT_ASSIGNED:
    case WH_LOG_EVENT_VIEW:
    case WH_LOG_EVENT_REVOKED:
    case WH_LOG_EVENT_LOST:
    case WH_LOG_EVENT_FENCED:
        break;
    }
}

static void
start_look(void *self, uint64_t ticket, uint32_t partition)
{
    add_pending(self, WH_LOG_EVENT_LOOKED, ticket)->event.partition = partition;
}

/* The file is locked by this process: nobody else can have anything open. */
static void
start_fence(void *self, uint64_t ticket, const struct wh_str *owners, size_t owner_count)
{
    (void)owners;
    (void)owner_count;
    (void)add_pending(self, WH_LOG_EVENT_FENCED, ticket);
}

static void
start_read(void *self, const struct wh_log_read *read)
{
    struct wh_sqlite_pending *pending = add_pending(self, WH_LOG_EVENT_READ, read->ticket);
    pending->event.partition = read->partition;
    pending->event.topic = read->topic;
    pending->read = *read;
}

static void
start_commit(void *self, uint64_t ticket, const struct wh_log_transaction *transaction)
{
    struct wh_sqlite_pending *pending = add_pending(self, WH_LOG_EVENT_COMMIT, ticket);
    pending->records = transaction->records;
    pending->record_count = transaction->record_count;
}

static void
start_renew(void *self, uint64_t ticket)
{
    (void)add_pending(self, WH_LOG_EVENT_RENEWED, ticket);
}

static void
start_append(void *self, uint64_t ticket, const struct wh_log_record *records, size_t count)
{
    struct wh_sqlite_pending *pending = add_pending(self, WH_LOG_EVENT_APPENDED, ticket);
    pending->records = records;
    pending->record_count = count;
}

static void
let_go(void *self, uint32_t partition)
{
    add_pending(self, WH_LOG_EVENT_ASSIGNED, 0)->event.partition = partition;
}

static bool
poll_event(void *self, struct wh_log_event *ret_event)
{
    struct wh_sqlite_log *log = self;
    if (log->pending_count == 0) {
        return false;
    }
    struct wh_sqlite_pending pending = log->pending[log->pending_first];
    log->pending_first = (log->pending_first + 1) % WH_SQLITE_PENDING_MAX;
    log->pending_count--;
    wh_arena_reset(&log->event);
    finish(log, &pending, &pending.event);
    *ret_event = pending.event;
    return true;
}

struct wh_log
wh_sqlite_log_port(struct wh_sqlite_log *log)
{
    return (struct wh_log){
        .self = log,
        .partitions = log->database->partitions,
        .id = log->id,
        .look = start_look,
        .fence = start_fence,
        .read = start_read,
        .commit = start_commit,
        .renew = start_renew,
        .let_go = let_go,
        .append = start_append,
        .poll = poll_event,
    };
}

int64_t
wh_sqlite_log_start(struct wh_sqlite_log *log, enum wh_topic topic, uint32_t partition)
{
    struct wh_sqlite_ends ends;
    return find_ends(log, topic, partition, &ends) ? ends.start : 0;
}

int64_t
wh_sqlite_log_end(struct wh_sqlite_log *log, enum wh_topic topic, uint32_t partition)
{
    struct wh_sqlite_ends ends;
    return find_ends(log, topic, partition, &ends) ? ends.next : 0;
}

bool
wh_sqlite_log_trim(struct wh_sqlite_log *log, enum wh_topic topic, uint32_t partition,
                   int64_t below, int64_t before)
{
    struct wh_sqlite_ends ends;
    sqlite3_stmt *find = wh_sqlite_prepare(
        log->database, "SELECT min(position) FROM log WHERE topic = ?1 AND partition = ?2 AND "
                       "(position >= ?3 OR at >= ?4)");
    sqlite3_stmt *remove = wh_sqlite_prepare(
        log->database, "DELETE FROM log WHERE topic = ?1 AND partition = ?2 AND position < ?3");
    bool is_done = find != NULL && remove != NULL && find_ends(log, topic, partition, &ends) &&
                   wh_sqlite_begin(log->database, true);
    if (is_done) {
        (void)sqlite3_bind_int64(find, 1, topic);
        (void)sqlite3_bind_int64(find, 2, partition);
        (void)sqlite3_bind_int64(find, 3, below);
        (void)sqlite3_bind_int64(find, 4, before);
        bool is_found =
            sqlite3_step(find) == SQLITE_ROW && sqlite3_column_type(find, 0) != SQLITE_NULL;
        int64_t kept = is_found ? sqlite3_column_int64(find, 0) : ends.next;
        (void)sqlite3_reset(find);
        ends.start = kept > ends.start ? kept : ends.start;
        (void)sqlite3_bind_int64(remove, 1, topic);
        (void)sqlite3_bind_int64(remove, 2, partition);
        (void)sqlite3_bind_int64(remove, 3, ends.start);
        is_done = sqlite3_step(remove) == SQLITE_DONE && set_ends(log, topic, partition, ends);
        (void)sqlite3_reset(remove);
        if (!is_done || !wh_sqlite_commit(log->database)) {
            is_done = false;
            forget_ends(log);
            (void)wh_sqlite_rollback(log->database);
        }
    }
    (void)sqlite3_finalize(find);
    (void)sqlite3_finalize(remove);
    return is_done;
}

bool
wh_sqlite_log_forget_deleted(struct wh_sqlite_log *log, uint32_t partition, int64_t before)
{
    sqlite3_stmt *remove =
        wh_sqlite_prepare(log->database, "DELETE FROM log WHERE topic = " STATES_TOPIC
                                         " AND partition = ?1 AND at < ?2 AND length(value) = 0");
    bool is_done = remove != NULL;
    if (is_done) {
        (void)sqlite3_bind_int64(remove, 1, partition);
        (void)sqlite3_bind_int64(remove, 2, before);
        is_done = sqlite3_step(remove) == SQLITE_DONE;
    }
    (void)sqlite3_finalize(remove);
    return is_done;
}
