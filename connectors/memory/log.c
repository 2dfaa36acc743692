#include "connectors/memory/log.h"

#include <assert.h>

#include "engine/base/time.h"

#define FIRST_CAPACITY 16
/* A marker of so many is late by so many times. */
#define SLOW_ONE_OF 8
#define SLOW_TIMES  6

void
wh_memory_log_init(struct wh_memory_log *log, uint32_t partitions, struct wh_memory_faults *faults)
{
    *log = (struct wh_memory_log){.partitions = partitions, .faults = faults};
    wh_arena_init(&log->arena, 0);
    log->queues =
        WH_ARENA_ARRAY(&log->arena, struct wh_memory_queue, (size_t)WH_TOPIC_COUNT * partitions);
    log->group.owners = WH_ARENA_ARRAY(&log->arena, struct wh_memory_log_handle *, partitions);
    log->group.wanted = WH_ARENA_ARRAY(&log->arena, struct wh_memory_log_handle *, partitions);
}

void
wh_memory_log_fini(struct wh_memory_log *log)
{
    wh_arena_fini(&log->arena);
}

struct wh_memory_queue *
wh_memory_log_queue(struct wh_memory_log *log, enum wh_topic topic, uint32_t partition)
{
    return &log->queues[(size_t)topic * log->partitions + partition];
}

static uint32_t
choose_partition(const struct wh_memory_log *log, const struct wh_log_record *record)
{
    return record->partition == WH_LOG_BY_KEY
               ? wh_hash_murmur2_partition(record->key, log->partitions)
               : record->partition;
}

int64_t
wh_memory_log_append(struct wh_memory_log *log, const struct wh_log_record *record,
                     size_t transaction)
{
    uint32_t partition = choose_partition(log, record);
    struct wh_memory_queue *queue = wh_memory_log_queue(log, record->topic, partition);
    if (queue->count == queue->capacity) {
        size_t capacity = queue->capacity == 0 ? FIRST_CAPACITY : 2 * queue->capacity;
        queue->records = wh_arena_grow(&log->arena, queue->records, queue->count, capacity,
                                       sizeof(*queue->records));
        queue->capacity = capacity;
    }
    struct wh_memory_record *kept = &queue->records[queue->count++];
    kept->transaction = transaction;
    kept->is_superseded = false;
    kept->alone_at = WH_TIME_MIN;
    kept->record = *record;
    kept->record.partition = partition;
    kept->record.offset = queue->next_offset++;
    kept->record.at = log->now;
    kept->record.key = wh_arena_str(&log->arena, record->key);
    kept->record.value = wh_arena_str(&log->arena, record->value);
    kept->record.reason = wh_arena_str(&log->arena, record->reason);
    return kept->record.offset;
}

size_t
wh_memory_log_begin(struct wh_memory_log *log, struct wh_str owner)
{
    if (log->transaction_count == log->transaction_capacity) {
        size_t capacity =
            log->transaction_capacity == 0 ? FIRST_CAPACITY : 2 * log->transaction_capacity;
        log->transactions = wh_arena_grow(&log->arena, log->transactions, log->transaction_count,
                                          capacity, sizeof(*log->transactions));
        log->transaction_capacity = capacity;
    }
    log->transactions[log->transaction_count] =
        (struct wh_memory_transaction){.owner = wh_arena_str(&log->arena, owner)};
    return log->transaction_count++;
}

static bool
is_touched(const struct wh_memory_queue *queue, size_t transaction)
{
    for (size_t i = queue->count; i > 0; i--) {
        if (queue->records[i - 1].transaction == transaction) {
            return true;
        }
    }
    return false;
}

/* The marker that ends a transaction takes an offset of its own in each queue that it touched. */
static void
leave_markers(struct wh_memory_log *log, size_t transaction)
{
    for (size_t q = 0; q < (size_t)WH_TOPIC_COUNT * log->partitions; q++) {
        log->queues[q].next_offset += is_touched(&log->queues[q], transaction) ? 1 : 0;
    }
}

void
wh_memory_log_decide(struct wh_memory_log *log, size_t transaction,
                     enum wh_memory_decision decision)
{
    struct wh_memory_transaction *decided = &log->transactions[transaction];
    decided->decision = decision;
    for (size_t i = 0; i < WH_TOPIC_COUNT; i++) {
        uint64_t lag = wh_memory_random(log->faults, log->faults->lag + 1);
        bool is_slow = wh_memory_random(log->faults, SLOW_ONE_OF) == 0;
        decided->visible_at[i] = log->tick + lag * (is_slow ? SLOW_TIMES : 1);
    }
    leave_markers(log, transaction);
}

static size_t
index_of_id(struct wh_memory_log *log, struct wh_str id)
{
    for (size_t i = 0; i < log->id_count; i++) {
        if (wh_str_equal(log->ids[i].id, id)) {
            return i;
        }
    }
    assert(log->id_count < WH_MEMORY_IDS_MAX);
    log->ids[log->id_count].id = wh_arena_str(&log->arena, id);
    return log->id_count++;
}

uint64_t
wh_memory_log_open_id(struct wh_memory_log *log, struct wh_str id)
{
    wh_memory_log_settle(log, id);
    return ++log->ids[index_of_id(log, id)].epoch;
}

bool
wh_memory_log_is_fenced(const struct wh_memory_log *log, struct wh_str id, uint64_t epoch)
{
    for (size_t i = 0; i < log->id_count; i++) {
        if (wh_str_equal(log->ids[i].id, id)) {
            return log->ids[i].epoch != epoch;
        }
    }
    return false;
}

void
wh_memory_log_settle(struct wh_memory_log *log, struct wh_str owner)
{
    for (size_t i = 0; i < log->transaction_count; i++) {
        struct wh_memory_transaction *open = &log->transactions[i];
        if (!wh_str_equal(open->owner, owner)) {
            continue;
        }
        if (open->decision == WH_MEMORY_OPEN) {
            bool counts = open->is_ending && wh_memory_chance(log->faults, 500);
            wh_memory_log_decide(log, i, counts ? WH_MEMORY_COMMITTED : WH_MEMORY_ABORTED);
        }
        memset(open->visible_at, 0, sizeof(open->visible_at));
    }
}

void
wh_memory_log_show(struct wh_memory_log *log, struct wh_str owner)
{
    for (size_t i = 0; i < log->transaction_count; i++) {
        struct wh_memory_transaction *shown = &log->transactions[i];
        if (shown->decision != WH_MEMORY_OPEN && wh_str_equal(shown->owner, owner)) {
            memset(shown->visible_at, 0, sizeof(shown->visible_at));
        }
    }
}

bool
wh_memory_log_is_decided(const struct wh_memory_log *log, const struct wh_memory_record *record)
{
    if (record->transaction == SIZE_MAX) {
        return true;
    }
    const struct wh_memory_transaction *transaction = &log->transactions[record->transaction];
    return transaction->decision != WH_MEMORY_OPEN &&
           transaction->visible_at[record->record.topic] <= log->tick;
}

/* What a planted bug makes of a record whose transaction does not count, or does. */
static bool
counts_by_bug(const struct wh_memory_log *log, const struct wh_memory_record *record, bool counts)
{
    enum wh_topic topic = record->record.topic;
    bool is_output = topic == WH_TOPIC_LEADS || topic == WH_TOPIC_HANDOFF;
    switch (log->faults->bug) {
    case WH_BUG_OUTPUT_OUTSIDE:
        return counts || is_output;
    case WH_BUG_JOURNAL_OUTSIDE:
        return counts || topic == WH_TOPIC_JOURNAL;
    case WH_BUG_OUTPUT_LOST:
        return counts && !(is_output && record->record.offset % 5 == 4);
    case WH_BUG_SNAPSHOT_OUTSIDE:
        return counts || topic == WH_TOPIC_STATES;
    case WH_BUG_HANDOFF_UNCOMMITTED:
        return counts || topic == WH_TOPIC_HANDOFF;
    case WH_BUG_VIEW_AT_COMMIT:
    case WH_BUG_TRIM_SKIPPED:
    case WH_BUG_LOAD_WITHOUT_VERSION:
    case WH_BUG_NONE:
    case WH_BUG_VIEW_UNCHECKED:
    case WH_BUG_OFFSETS_FIRST:
    case WH_BUG_FENCE_LAST_ONLY:
    case WH_BUG_UNKNOWN_IS_ABORT:
    case WH_BUG_THROWN_OUT_UNTOLD:
    case WH_BUG_SNAPSHOTS_TO_STABLE:
    case WH_BUG_TOMBSTONES_EARLY:
    case WH_BUG_CLEAR_IN_PART:
    case WH_BUG_READ_TO_STABLE:
    case WH_BUG_WRITE_WITHOUT_VERSION:
    case WH_BUG_READ_WITHOUT_VERSION:
    case WH_BUG_CLAIM_WITHOUT_BASE:
    case WH_BUG_WATERMARK_EARLY:
    case WH_BUG_WRITE_IN_PART:
    case WH_BUG_DUES_LOST:
    case WH_BUG_READ_AGAIN:
    case WH_BUG_COUNT:
        break;
    }
    return counts;
}

bool
wh_memory_log_counts(const struct wh_memory_log *log, const struct wh_memory_record *record)
{
    return !record->is_superseded &&
           (record->transaction == SIZE_MAX ||
            counts_by_bug(log, record,
                          log->transactions[record->transaction].decision == WH_MEMORY_COMMITTED));
}

int64_t
wh_memory_log_stable(const struct wh_memory_log *log, const struct wh_memory_queue *queue)
{
    for (size_t i = 0; i < queue->count; i++) {
        if (!wh_memory_log_is_decided(log, &queue->records[i])) {
            return queue->records[i].record.offset;
        }
    }
    return queue->next_offset;
}

static bool
has_newer(const struct wh_memory_log *log, const struct wh_memory_queue *queue, size_t index,
          int64_t end)
{
    struct wh_str key = queue->records[index].record.key;
    for (size_t i = index + 1; i < queue->count; i++) {
        const struct wh_memory_record *record = &queue->records[i];
        if (record->record.offset < end && wh_memory_log_counts(log, record) &&
            wh_str_equal(record->record.key, key)) {
            return true;
        }
    }
    return false;
}

/* Nothing is left of the key but that it was deleted: readers have so long to see it. */
static bool
is_forgotten(const struct wh_memory_log *log, struct wh_memory_record *record, int64_t retention)
{
    bool is_empty = record->record.value.len == 0 && wh_memory_log_counts(log, record);
    if (is_empty && record->alone_at == WH_TIME_MIN) {
        record->alone_at = log->now;
    }
    return is_empty && log->now - record->alone_at > retention;
}

void
wh_memory_log_compact(struct wh_memory_log *log, enum wh_topic topic, uint32_t partition,
                      int64_t retention)
{
    struct wh_memory_queue *queue = wh_memory_log_queue(log, topic, partition);
    int64_t end = wh_memory_log_stable(log, queue);
    for (size_t i = 0; i < queue->count && queue->records[i].record.offset < end; i++) {
        struct wh_memory_record *record = &queue->records[i];
        if (has_newer(log, queue, i, end) || is_forgotten(log, record, retention)) {
            record->is_superseded = true;
        }
    }
}
