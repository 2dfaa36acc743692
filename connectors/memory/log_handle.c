#include "connectors/memory/log_handle.h"

#include <assert.h>

#include "connectors/memory/group.h"

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

void
wh_memory_log_handle_tell(struct wh_memory_log_handle *handle, enum wh_log_event_kind kind,
                          uint32_t partition)
{
    struct wh_memory_pending *pending = add_pending(handle, kind, 0);
    struct wh_memory_faults *faults = handle->log->faults;
    uint64_t at = pending->ready_at;
    if (kind == WH_LOG_EVENT_LOST) {
        at += wh_memory_random(faults, 8 * (uint64_t)faults->delay_max + 1);
    }
    at = at < handle->told_at ? handle->told_at : at;
    pending->ready_at = at;
    pending->event.partition = partition;
    pending->event.view = handle->log->group.view;
    handle->told_at = at;
}

void
wh_memory_log_handle_init(struct wh_memory_log_handle *handle, struct wh_memory_log *log,
                          struct wh_str id)
{
    *handle = (struct wh_memory_log_handle){.log = log, .id = id, .start_at = WH_TIME_MIN};
    wh_arena_init(&handle->event, 0);
    wh_arena_init(&handle->offsets, 0);
    handle->epoch = wh_memory_log_open_id(log, id);
    wh_memory_group_join(handle);
}

void
wh_memory_log_handle_fini(struct wh_memory_log_handle *handle)
{
    for (size_t i = 0; i < handle->pending_count; i++) {
        if (handle->pending[i].event.kind == WH_LOG_EVENT_COMMIT) {
            wh_memory_log_commit_abandon(handle, &handle->pending[i]);
        }
    }
    wh_memory_group_leave(handle);
    wh_arena_fini(&handle->event);
    wh_arena_fini(&handle->offsets);
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
    pending->transaction = *transaction;
    if (wh_memory_chance(handle->log->faults, handle->log->faults->no_room)) {
        return;
    }
    wh_memory_log_show(handle->log, handle->id);
    pending->index = wh_memory_log_begin(handle->log, handle->id);
    wh_arena_reset(&handle->offsets);
    pending->offsets = WH_ARENA_ARRAY(&handle->offsets, int64_t, transaction->record_count);
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
    wh_memory_group_let_go(self, partition);
}

/* Where the configured start lies in a queue. */
static int64_t
find_start(const struct wh_memory_queue *queue, int64_t start_at)
{
    for (size_t i = 0; i < queue->count && start_at != WH_TIME_MIN; i++) {
        const struct wh_log_record *record = &queue->records[i].record;
        if (record->offset >= queue->start && record->at >= start_at) {
            return record->offset;
        }
    }
    return start_at == WH_TIME_MIN ? queue->start : queue->next_offset;
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
        look.input_starts[i] = find_start(
            wh_memory_log_queue(log, (enum wh_topic)i, event->partition), handle->start_at);
    }
    const struct wh_memory_queue *states =
        wh_memory_log_queue(log, WH_TOPIC_STATES, event->partition);
    look.states_start = states->start;
    look.states_high = log->faults->bug == WH_BUG_SNAPSHOTS_TO_STABLE
                           ? wh_memory_log_stable(log, states)
                           : states->next_offset;
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
    if (log->faults->bug == WH_BUG_HANDOFF_UNCOMMITTED && read->topic == WH_TOPIC_HANDOFF) {
        end = read->until < queue->next_offset ? read->until : queue->next_offset;
    }
    event->is_trimmed = read->from < queue->start && log->faults->bug != WH_BUG_TRIM_SKIPPED;
    event->next = read->from > end ? read->from : end;
    event->records = records;
    int64_t from = read->from < queue->start ? queue->start : read->from;
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
fence(struct wh_memory_log_handle *handle, const struct wh_memory_pending *pending)
{
    bool is_last_only = handle->log->faults->bug == WH_BUG_FENCE_LAST_ONLY;
    for (size_t i = is_last_only ? pending->owner_count - 1 : 0; i < pending->owner_count; i++) {
        (void)wh_memory_log_open_id(handle->log, pending->owners[i]);
    }
}

/* Who was thrown out and has heard all of it joins anew. */
static void
come_back(struct wh_memory_log_handle *handle)
{
    for (size_t i = 0; i < handle->pending_count; i++) {
        enum wh_log_event_kind kind = handle->pending[i].event.kind;
        if (kind == WH_LOG_EVENT_LOST || kind == WH_LOG_EVENT_VIEW) {
            return;
        }
    }
    if (handle->is_out) {
        handle->is_out = false;
        wh_memory_group_join(handle);
    }
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
        fence(handle, pending);
        break;
    case WH_LOG_EVENT_RENEWED:
        handle->epoch = wh_memory_log_open_id(handle->log, handle->id);
        break;
    case WH_LOG_EVENT_LOST:
        come_back(handle);
        break;
    case WH_LOG_EVENT_APPENDED:
        finish_append(handle, pending, event);
        break;
    case WH_LOG_EVENT_VIEW:
        come_back(handle);
        break;
    case WH_LOG_EVENT_COMMIT:
    case WH_LOG_EVENT_ASSIGNED:
    case WH_LOG_EVENT_REVOKED:
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
        struct wh_memory_faults *faults = handle->log->faults;
        if (handle->pending[i].ready_at > handle->log->tick) {
            continue;
        }
        if (handle->pending[i].event.kind == WH_LOG_EVENT_COMMIT &&
            !wh_memory_log_commit_step(handle, &handle->pending[i])) {
            handle->pending[i].ready_at =
                handle->log->tick + wh_memory_random(faults, faults->delay_max + 1);
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
