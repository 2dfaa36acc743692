#include "connectors/memory/log_handle.h"

#include <assert.h>

static struct wh_memory_pending *
add_pending(struct wh_memory_log_handle *handle, enum wh_log_event_kind kind, uint64_t ticket)
{
    assert(handle->pending_count < WH_MEMORY_PENDING_MAX);
    struct wh_memory_pending *pending = &handle->pending[handle->pending_count++];
    struct wh_memory_faults *faults = handle->log->faults;
    *pending = (struct wh_memory_pending){
        .event = {.kind = kind, .ticket = ticket},
        .index = SIZE_MAX,
        .ready_at = handle->log->tick + 1 + wh_memory_random(faults, faults->delay_max + 1),
    };
    return pending;
}

static void
assign(struct wh_memory_log_handle *handle, uint32_t partition)
{
    struct wh_memory_pending *pending = add_pending(handle, WH_LOG_EVENT_ASSIGNED, 0);
    pending->event.partition = partition;
    pending->event.view = handle->log->view;
    pending->ready_at = handle->log->tick;
}

static void
assign_all(struct wh_memory_log_handle *handle)
{
    handle->log->view++;
    for (uint32_t p = 0; p < handle->log->partitions; p++) {
        assign(handle, p);
    }
}

void
wh_memory_log_handle_init(struct wh_memory_log_handle *handle, struct wh_memory_log *log,
                          struct wh_str id)
{
    *handle = (struct wh_memory_log_handle){.log = log, .id = id};
    wh_arena_init(&handle->event, 0);
    handle->generation = ++log->generation;
    wh_memory_log_settle(log, id);
    assign_all(handle);
}

void
wh_memory_log_handle_fini(struct wh_memory_log_handle *handle)
{
    wh_arena_fini(&handle->event);
}

void
wh_memory_log_handle_revoke(struct wh_memory_log_handle *handle, uint32_t partition)
{
    add_pending(handle, WH_LOG_EVENT_REVOKED, 0)->event.partition = partition;
}

void
wh_memory_log_handle_lose(struct wh_memory_log_handle *handle, uint32_t partition)
{
    add_pending(handle, WH_LOG_EVENT_LOST, 0)->event.partition = partition;
    handle->log->view++;
    assign(handle, partition);
    handle->pending[handle->pending_count - 1].ready_at =
        handle->pending[handle->pending_count - 2].ready_at + 1;
}

static void
start_look(void *self, uint64_t ticket, uint32_t partition)
{
    add_pending(self, WH_LOG_EVENT_LOOKED, ticket)->event.partition = partition;
}

static void
start_fence(void *self, uint64_t ticket, const struct wh_str *owners, size_t owner_count)
{
    struct wh_memory_pending *pending = add_pending(self, WH_LOG_EVENT_FENCED, ticket);
    pending->owners = owners;
    pending->owner_count = owner_count;
}

static void
start_read(void *self, const struct wh_log_read *read)
{
    struct wh_memory_pending *pending = add_pending(self, WH_LOG_EVENT_READ, read->ticket);
    pending->event.partition = read->partition;
    pending->event.topic = read->topic;
    pending->read = *read;
}

static void
start_renew(void *self, uint64_t ticket)
{
    (void)add_pending(self, WH_LOG_EVENT_RENEWED, ticket);
}

static void
start_commit(void *self, uint64_t ticket, const struct wh_log_transaction *transaction)
{
    struct wh_memory_log_handle *handle = self;
    struct wh_memory_pending *pending = add_pending(handle, WH_LOG_EVENT_COMMIT, ticket);
    assert(transaction->position_count > 0);
    pending->transaction = *transaction;
    if (wh_memory_chance(handle->log->faults, handle->log->faults->no_room)) {
        return;
    }
    pending->index = wh_memory_log_begin(handle->log, handle->id);
    for (size_t i = 0; i < transaction->record_count; i++) {
        (void)wh_memory_log_append(handle->log, &transaction->records[i], pending->index);
    }
}

static void
start_append(void *self, uint64_t ticket, const struct wh_log_record *records, size_t count)
{
    struct wh_memory_log_handle *handle = self;
    struct wh_memory_pending *pending = add_pending(handle, WH_LOG_EVENT_APPENDED, ticket);
    pending->transaction = (struct wh_log_transaction){.records = records, .record_count = count};
}

static void
let_go(void *self, uint32_t partition)
{
    struct wh_memory_log_handle *handle = self;
    handle->log->view++;
    assign(handle, partition);
}

static void
finish_look(struct wh_memory_log_handle *handle, struct wh_log_event *event)
{
    struct wh_memory_log *log = handle->log;
    struct wh_memory_queue *queue = wh_memory_log_queue(log, WH_TOPIC_JOURNAL, event->partition);
    struct wh_log_record *open = WH_ARENA_ARRAY(&handle->event, struct wh_log_record, queue->count);
    struct wh_log_look look = {.high = queue->next_offset, .journal_start = queue->start};
    look.stable = wh_memory_log_stable(log, queue);
    if (log->faults->bug == WH_BUG_READ_TO_STABLE) {
        look.high = look.stable;
    }
    for (size_t i = 0; i < queue->count; i++) {
        const struct wh_memory_record *record = &queue->records[i];
        if (record->record.offset >= look.stable && record->record.offset < look.high) {
            open[look.open_count++] = record->record;
        } else if (record->record.offset < look.stable && wh_memory_log_counts(log, record)) {
            look.last = &record->record;
        }
    }
    for (size_t i = 0; i < WH_INPUT_COUNT; i++) {
        look.input_starts[i] = wh_memory_log_queue(log, (enum wh_topic)i, event->partition)->start;
    }
    look.open = open;
    event->look = look;
}

static void
finish_read(struct wh_memory_log_handle *handle, const struct wh_log_read *read,
            struct wh_log_event *event)
{
    struct wh_memory_log *log = handle->log;
    struct wh_memory_queue *queue = wh_memory_log_queue(log, read->topic, read->partition);
    struct wh_log_record *records = WH_ARENA_ARRAY(&handle->event, struct wh_log_record, read->max);
    int64_t stable = wh_memory_log_stable(log, queue);
    int64_t end = read->until < stable ? read->until : stable;
    event->is_trimmed = read->from < queue->start;
    event->next = read->from > end ? read->from : end;
    event->records = records;
    int64_t from = read->from;
    if (log->faults->bug == WH_BUG_READ_AGAIN && wh_memory_chance(log->faults, 50)) {
        from--;
    }
    for (size_t i = 0; i < queue->count && !event->is_trimmed; i++) {
        const struct wh_memory_record *record = &queue->records[i];
        if (record->record.offset < from || record->record.offset >= end ||
            !wh_memory_log_counts(log, record)) {
            continue;
        }
        if (event->record_count == read->max) {
            event->next = record->record.offset;
            break;
        }
        records[event->record_count++] = record->record;
    }
}

static enum wh_log_outcome
decide(struct wh_memory_log_handle *handle, size_t transaction)
{
    struct wh_memory_faults *faults = handle->log->faults;
    if (wh_memory_chance(faults, faults->unknown)) {
        if (wh_memory_chance(faults, 500)) {
            wh_memory_log_decide(handle->log, transaction,
                                 wh_memory_chance(faults, 500) ? WH_MEMORY_COMMITTED
                                                               : WH_MEMORY_ABORTED);
        }
        return WH_LOG_UNKNOWN;
    }
    bool is_refused = wh_memory_chance(faults, faults->refuse);
    if (is_refused || wh_memory_chance(faults, faults->abort)) {
        wh_memory_log_decide(handle->log, transaction, WH_MEMORY_ABORTED);
        return is_refused ? WH_LOG_REFUSED : WH_LOG_ABORTED;
    }
    wh_memory_log_decide(handle->log, transaction, WH_MEMORY_COMMITTED);
    return WH_LOG_COMMITTED;
}

static int64_t
offset_in(const struct wh_memory_queue *queue, size_t transaction)
{
    for (size_t i = 0; i < queue->count; i++) {
        if (queue->records[i].transaction == transaction) {
            return queue->records[i].record.offset;
        }
    }
    return -1;
}

static void
finish_commit(struct wh_memory_log_handle *handle, const struct wh_memory_pending *pending,
              struct wh_log_event *event)
{
    struct wh_memory_log *log = handle->log;
    if (pending->index == SIZE_MAX) {
        event->outcome = WH_LOG_NO_ROOM;
        return;
    }
    event->outcome = decide(handle, pending->index);
    if (event->outcome == WH_LOG_REFUSED) {
        assign_all(handle);
    }
    int64_t *offsets = WH_ARENA_ARRAY(&handle->event, int64_t, pending->transaction.record_count);
    event->offsets = offsets;
    for (size_t i = 0; i < pending->transaction.record_count; i++) {
        const struct wh_log_record *record = &pending->transaction.records[i];
        if (record->topic == WH_TOPIC_JOURNAL) {
            offsets[i] = offset_in(wh_memory_log_queue(log, record->topic, record->partition),
                                   pending->index);
        }
    }
}

static void
finish_append(struct wh_memory_log_handle *handle, const struct wh_memory_pending *pending,
              struct wh_log_event *event)
{
    struct wh_memory_faults *faults = handle->log->faults;
    if (wh_memory_chance(faults, faults->no_room)) {
        event->outcome = WH_LOG_NO_ROOM;
        return;
    }
    int64_t *offsets = WH_ARENA_ARRAY(&handle->event, int64_t, pending->transaction.record_count);
    for (size_t i = 0; i < pending->transaction.record_count; i++) {
        offsets[i] = wh_memory_log_append(handle->log, &pending->transaction.records[i], SIZE_MAX);
    }
    event->outcome = WH_LOG_COMMITTED;
    event->offsets = offsets;
}

static void
finish(struct wh_memory_log_handle *handle, const struct wh_memory_pending *pending,
       struct wh_log_event *event)
{
    struct wh_memory_faults *faults = handle->log->faults;
    switch (event->kind) {
    case WH_LOG_EVENT_LOOKED:
    case WH_LOG_EVENT_READ:
        event->has_failed = wh_memory_chance(faults, faults->fail);
        if (!event->has_failed && event->kind == WH_LOG_EVENT_LOOKED) {
            finish_look(handle, event);
        } else if (!event->has_failed) {
            finish_read(handle, &pending->read, event);
        }
        break;
    case WH_LOG_EVENT_FENCED:
        for (size_t i = 0; i < pending->owner_count; i++) {
            wh_memory_log_settle(handle->log, pending->owners[i]);
        }
        break;
    case WH_LOG_EVENT_RENEWED:
        wh_memory_log_settle(handle->log, handle->id);
        break;
    case WH_LOG_EVENT_COMMIT:
        finish_commit(handle, pending, event);
        break;
    case WH_LOG_EVENT_APPENDED:
        finish_append(handle, pending, event);
        break;
    case WH_LOG_EVENT_ASSIGNED:
    case WH_LOG_EVENT_REVOKED:
    case WH_LOG_EVENT_LOST:
        break;
    }
}

static bool
poll_event(void *self, struct wh_log_event *ret_event)
{
    struct wh_memory_log_handle *handle = self;
    handle->log->tick++;
    wh_arena_reset(&handle->event);
    for (size_t i = 0; i < handle->pending_count; i++) {
        if (handle->pending[i].ready_at > handle->log->tick) {
            continue;
        }
        struct wh_memory_pending pending = handle->pending[i];
        handle->pending_count--;
        memmove(&handle->pending[i], &handle->pending[i + 1],
                (handle->pending_count - i) * sizeof(handle->pending[0]));
        finish(handle, &pending, &pending.event);
        *ret_event = pending.event;
        return true;
    }
    return false;
}

struct wh_log
wh_memory_log_port(struct wh_memory_log_handle *handle)
{
    return (struct wh_log){
        .self = handle,
        .partitions = handle->log->partitions,
        .id = handle->id,
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
