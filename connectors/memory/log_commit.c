/* A transaction on its way: records, offsets, commit, each a message of its own to the broker, with
 * anything in between. */
#include <assert.h>

#include "connectors/memory/group.h"

enum stage { STAGE_PRODUCING, STAGE_DELIVERED, STAGE_ACCEPTED };

/* More of the records are there; whether all are. */
static bool
produce(struct wh_memory_log_handle *handle, struct wh_memory_pending *pending, size_t count)
{
    const struct wh_log_transaction *transaction = &pending->transaction;
    for (; count > 0 && pending->produced < transaction->record_count; count--) {
        pending->offsets[pending->produced] = wh_memory_log_append(
            handle->log, &transaction->records[pending->produced], pending->index);
        pending->produced++;
    }
    return pending->produced == transaction->record_count;
}

static bool
end(struct wh_memory_log_handle *handle, struct wh_memory_pending *pending,
    enum wh_log_outcome outcome)
{
    struct wh_memory_log *log = handle->log;
    if (outcome == WH_LOG_ABORTED || outcome == WH_LOG_REFUSED) {
        wh_memory_log_decide(log, pending->index, WH_MEMORY_ABORTED);
    } else if (outcome == WH_LOG_COMMITTED) {
        wh_memory_log_decide(log, pending->index, WH_MEMORY_COMMITTED);
    }
    pending->event.outcome = outcome;
    pending->event.offsets = pending->offsets;
    return true;
}

/* The commit is on its way and its answer is lost: it may be carried out now, later or never. */
static bool
lose_answer(struct wh_memory_log_handle *handle, struct wh_memory_pending *pending)
{
    struct wh_memory_faults *faults = handle->log->faults;
    handle->log->transactions[pending->index].is_ending = true;
    if (wh_memory_chance(faults, 500)) {
        wh_memory_log_decide(handle->log, pending->index,
                             wh_memory_chance(faults, 500) ? WH_MEMORY_COMMITTED
                                                           : WH_MEMORY_ABORTED);
    }
    (void)end(handle, pending, WH_LOG_UNKNOWN);
    if (faults->bug == WH_BUG_UNKNOWN_IS_ABORT) {
        pending->event.outcome = WH_LOG_ABORTED;
    }
    return true;
}

static bool
accept(struct wh_memory_log_handle *handle, struct wh_memory_pending *pending)
{
    struct wh_memory_faults *faults = handle->log->faults;
    /* Without a position the broker is not asked, as in reality. */
    if (pending->transaction.position_count > 0 &&
        !wh_memory_group_accepts(handle, pending->transaction.view)) {
        return end(handle, pending, WH_LOG_REFUSED);
    }
    if (wh_memory_chance(faults, faults->refuse)) {
        wh_memory_group_divide(handle->log, 0); /* so the group has something to say */
        return end(handle, pending, WH_LOG_REFUSED);
    }
    pending->stage = STAGE_ACCEPTED;
    return false;
}

bool
wh_memory_log_commit_step(struct wh_memory_log_handle *handle, struct wh_memory_pending *pending)
{
    struct wh_memory_faults *faults = handle->log->faults;
    size_t most = pending->transaction.record_count + 1;
    if (pending->index == SIZE_MAX) {
        return end(handle, pending, WH_LOG_NO_ROOM);
    }
    if (wh_memory_log_is_fenced(handle->log, handle->id, handle->epoch)) {
        return end(handle, pending, WH_LOG_FENCED);
    }
    switch ((enum stage)pending->stage) {
    case STAGE_PRODUCING:
        if (wh_memory_chance(faults, faults->abort)) {
            return end(handle, pending, WH_LOG_ABORTED);
        }
        if (faults->bug == WH_BUG_OFFSETS_FIRST) {
            return accept(handle, pending);
        }
        pending->stage = produce(handle, pending, 1 + wh_memory_random(faults, most))
                             ? STAGE_DELIVERED
                             : STAGE_PRODUCING;
        return false;
    case STAGE_DELIVERED:
        return accept(handle, pending);
    case STAGE_ACCEPTED:
        if (faults->bug == WH_BUG_OFFSETS_FIRST) {
            (void)produce(handle, pending, most);
        }
        return wh_memory_chance(faults, faults->unknown) ? lose_answer(handle, pending)
                                                         : end(handle, pending, WH_LOG_COMMITTED);
    }
    return true;
}

void
wh_memory_log_commit_abandon(struct wh_memory_log_handle *handle, struct wh_memory_pending *pending)
{
    struct wh_memory_faults *faults = handle->log->faults;
    if (pending->index != SIZE_MAX && pending->stage == STAGE_ACCEPTED &&
        wh_memory_chance(faults, 500)) {
        handle->log->transactions[pending->index].is_ending = true;
    }
}
