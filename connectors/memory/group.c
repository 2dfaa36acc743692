#include "connectors/memory/group.h"

#include <assert.h>

static bool
is_member(const struct wh_memory_log_handle *handle)
{
    const struct wh_memory_group *group = &handle->log->group;
    for (size_t i = 0; i < group->member_count; i++) {
        if (group->members[i] == handle) {
            return true;
        }
    }
    return false;
}

static void
assign(struct wh_memory_log *log, uint32_t partition, struct wh_memory_log_handle *handle)
{
    log->group.owners[partition] = handle;
    log->group.wanted[partition] = NULL;
    wh_memory_log_handle_tell(handle, WH_LOG_EVENT_ASSIGNED, partition);
}

/* A generation that changes nothing for a member is told, too. */
static void
tell_view(struct wh_memory_log *log)
{
    for (size_t i = 0; i < log->group.member_count; i++) {
        wh_memory_log_handle_tell(log->group.members[i], WH_LOG_EVENT_VIEW, 0);
    }
}

void
wh_memory_group_divide(struct wh_memory_log *log, uint32_t turn)
{
    struct wh_memory_group *group = &log->group;
    if (group->member_count == 0) {
        return;
    }
    group->view++;
    for (uint32_t p = 0; p < log->partitions; p++) {
        struct wh_memory_log_handle *to = group->members[(p + turn) % group->member_count];
        if (group->owners[p] == NULL) {
            assign(log, p, to);
        } else if (group->owners[p] != to && group->wanted[p] == NULL) {
            group->wanted[p] = to;
            wh_memory_log_handle_tell(group->owners[p], WH_LOG_EVENT_REVOKED, p);
        }
    }
    tell_view(log);
}

void
wh_memory_group_join(struct wh_memory_log_handle *handle)
{
    struct wh_memory_group *group = &handle->log->group;
    assert(group->member_count < WH_MEMORY_HANDLES_MAX);
    group->members[group->member_count++] = handle;
    wh_memory_group_divide(handle->log, 0);
}

static void
remove_member(struct wh_memory_log_handle *handle)
{
    struct wh_memory_group *group = &handle->log->group;
    size_t kept = 0;
    for (size_t i = 0; i < group->member_count; i++) {
        if (group->members[i] != handle) {
            group->members[kept++] = group->members[i];
        }
    }
    group->member_count = kept;
    for (uint32_t p = 0; p < handle->log->partitions; p++) {
        group->owners[p] = group->owners[p] == handle ? NULL : group->owners[p];
        group->wanted[p] = group->wanted[p] == handle ? NULL : group->wanted[p];
        group->wanted[p] = group->owners[p] == NULL ? NULL : group->wanted[p];
    }
}

void
wh_memory_group_leave(struct wh_memory_log_handle *handle)
{
    remove_member(handle);
    wh_memory_group_divide(handle->log, 0);
}

void
wh_memory_group_throw_out(struct wh_memory_log_handle *handle)
{
    struct wh_memory_log *log = handle->log;
    if (!is_member(handle)) {
        return;
    }
    remove_member(handle);
    for (uint32_t p = 0; p < log->partitions; p++) {
        wh_memory_log_handle_tell(handle,
                                  log->faults->bug == WH_BUG_THROWN_OUT_UNTOLD ? WH_LOG_EVENT_VIEW
                                                                               : WH_LOG_EVENT_LOST,
                                  p);
    }
    handle->is_out = true;
    wh_memory_group_divide(log, 0);
}

void
wh_memory_group_let_go(struct wh_memory_log_handle *handle, uint32_t partition)
{
    struct wh_memory_log *log = handle->log;
    struct wh_memory_group *group = &log->group;
    if (group->owners[partition] != handle) {
        return;
    }
    struct wh_memory_log_handle *to = group->wanted[partition];
    group->view++;
    assign(log, partition, to != NULL ? to : handle);
    tell_view(log);
}

bool
wh_memory_group_accepts(const struct wh_memory_log_handle *handle, uint64_t view)
{
    enum wh_memory_bug bug = handle->log->faults->bug;
    bool is_newest = view == handle->log->group.view || bug == WH_BUG_VIEW_AT_COMMIT;
    return (is_member(handle) && is_newest) || bug == WH_BUG_VIEW_UNCHECKED;
}
