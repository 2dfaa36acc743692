#include "engine/runtime/shard.h"

#include "engine/base/time.h"

void
wh_shard_init(struct wh_shard *shard, const struct wh_shard_env *env)
{
    *shard = (struct wh_shard){.env = *env, .partition_count = env->log->partitions};
    shard->reached = WH_TIME_MIN;
    wh_arena_init(&shard->arena, 0);
    wh_arena_init(&shard->keep, 0);
    shard->partitions = WH_ARENA_ARRAY(&shard->keep, struct wh_partition, shard->partition_count);
    shard->contexts = WH_ARENA_ARRAY(&shard->keep, struct wh_batch_context, shard->partition_count);
    for (uint32_t p = 0; p < shard->partition_count; p++) {
        wh_partition_init(&shard->partitions[p], shard, p);
        shard->contexts[p] = (struct wh_batch_context){
            .intake = {.codec = env->codec, .domain = env->domain, .ruleset = env->ruleset},
            .secret = env->secret,
            .metrics = env->metrics,
            .partition = p,
            .partitions = shard->partition_count,
        };
    }
}

void
wh_shard_fini(struct wh_shard *shard)
{
    for (uint32_t p = 0; p < shard->partition_count; p++) {
        wh_partition_fini(&shard->partitions[p]);
    }
    wh_arena_fini(&shard->arena);
    wh_arena_fini(&shard->keep);
}

static void
on_group(struct wh_shard *shard, const struct wh_log_event *event)
{
    struct wh_partition *partition = &shard->partitions[event->partition];
    if (event->kind == WH_LOG_EVENT_ASSIGNED) {
        partition->is_assigned = true;
        shard->view = event->view;
        shard->needs_view = false;
        return;
    }
    if (event->kind == WH_LOG_EVENT_LOST) {
        partition->is_assigned = false;
        wh_partition_restart(partition, "lost");
        return;
    }
    partition->is_wanted_back = true;
    if (partition->state == WH_PARTITION_AWAY) {
        partition->is_wanted_back = false;
        partition->is_assigned = false;
        shard->env.log->let_go(shard->env.log->self, partition->number);
        return;
    }
    wh_partition_restart(partition, "wanted back");
}

/* A fence belongs to no partition of its own, so the tenure names who asked. */
static void
on_answer(struct wh_shard *shard, const struct wh_log_event *event)
{
    for (uint32_t p = 0; p < shard->partition_count; p++) {
        if (shard->partitions[p].tenure == event->ticket) {
            wh_partition_on_log(&shard->partitions[p], event);
        }
    }
}

static void
on_log(struct wh_shard *shard, const struct wh_log_event *event)
{
    switch (event->kind) {
    case WH_LOG_EVENT_ASSIGNED:
    case WH_LOG_EVENT_REVOKED:
    case WH_LOG_EVENT_LOST:
        on_group(shard, event);
        break;
    case WH_LOG_EVENT_LOOKED:
    case WH_LOG_EVENT_FENCED:
    case WH_LOG_EVENT_READ:
        on_answer(shard, event);
        break;
    case WH_LOG_EVENT_COMMIT:
        wh_transaction_on_commit(shard, event);
        break;
    case WH_LOG_EVENT_RENEWED:
        wh_transaction_on_renewed(shard, event);
        break;
    case WH_LOG_EVENT_APPENDED:
        break; /* asked by collectors, not by a shard */
    }
}

static bool
is_news(const struct wh_log_event *event)
{
    return event->kind != WH_LOG_EVENT_READ || event->record_count > 0 || event->has_failed;
}

bool
wh_shard_turn(struct wh_shard *shard)
{
    struct wh_log_event event;
    struct wh_store_answer answer;
    const struct wh_log *log = shard->env.log;
    const struct wh_store *store = shard->env.store;
    bool has_news = false;
    for (int i = 0; i < WH_SHARD_EVENTS_MAX && log->poll(log->self, &event); i++) {
        has_news = is_news(&event) || has_news;
        on_log(shard, &event);
    }
    for (int i = 0; i < WH_SHARD_EVENTS_MAX && store->poll(store->self, &answer); i++) {
        has_news = true;
        wh_partition_on_store(&shard->partitions[answer.partition], &answer);
    }
    for (uint32_t p = 0; p < shard->partition_count; p++) {
        wh_partition_advance(&shard->partitions[p]);
    }
    wh_transaction_advance(shard);
    return has_news;
}

static int64_t
wake_at(const struct wh_partition *partition)
{
    const struct wh_shard_env *env = &partition->shard->env;
    struct wh_due due = {.due = WH_TIME_NEVER};
    if (partition->state != WH_PARTITION_READY) {
        return WH_TIME_NEVER;
    }
    if (env->clock_kind == WH_CLOCK_WALL) {
        (void)wh_timers_peek(&partition->timers, wh_due_after_all(WH_TIME_NEVER), &due);
        due.due = due.due > partition->dues_until.due ? partition->dues_until.due : due.due;
    }
    bool is_behind = partition->flush.watermark < partition->reached;
    int64_t flush_at = partition->flush.last_at + env->limits.flush_interval;
    return is_behind && flush_at < due.due ? flush_at : due.due;
}

int64_t
wh_shard_wake_at(const struct wh_shard *shard)
{
    int64_t first = WH_TIME_NEVER;
    for (uint32_t p = 0; p < shard->partition_count; p++) {
        int64_t at = wake_at(&shard->partitions[p]);
        first = at < first ? at : first;
    }
    return first;
}

void
wh_shard_reach(struct wh_shard *shard, int64_t now)
{
    shard->reached = now > shard->reached ? now : shard->reached;
}

int64_t
wh_shard_floor(const struct wh_shard *shard, int64_t now)
{
    int64_t floor = shard->env.shares_now && shard->reached > now ? shard->reached : now;
    for (uint32_t p = 0; p < shard->partition_count && shard->env.shares_now; p++) {
        const struct wh_partition *partition = &shard->partitions[p];
        if (partition->state == WH_PARTITION_READY && partition->last.now > floor) {
            floor = partition->last.now;
        }
    }
    return floor;
}

static bool
is_at_rest(const struct wh_partition *partition)
{
    bool has_input = false;
    for (size_t i = 0; i < WH_INPUT_COUNT; i++) {
        has_input = has_input || partition->inputs[i].count > 0;
    }
    return partition->state == WH_PARTITION_STOPPED ||
           (partition->state == WH_PARTITION_READY && partition->batch.state == WH_BATCH_EMPTY &&
            !has_input && !partition->is_paging && !partition->is_loading &&
            !partition->flush.is_writing);
}

bool
wh_shard_is_quiet(const struct wh_shard *shard)
{
    bool is_quiet = !shard->has_transaction && !shard->is_renewing;
    for (uint32_t p = 0; p < shard->partition_count && is_quiet; p++) {
        is_quiet = is_at_rest(&shard->partitions[p]);
    }
    return is_quiet;
}

bool
wh_shard_is_stored(const struct wh_shard *shard)
{
    for (uint32_t p = 0; p < shard->partition_count; p++) {
        const struct wh_partition *partition = &shard->partitions[p];
        if (partition->state == WH_PARTITION_READY &&
            (partition->flush.watermark < partition->reached || partition->flush.is_writing)) {
            return false;
        }
    }
    return true;
}

uint32_t
wh_shard_count(const struct wh_shard *shard, enum wh_partition_state state)
{
    uint32_t count = 0;
    for (uint32_t p = 0; p < shard->partition_count; p++) {
        count += shard->partitions[p].state == state ? 1 : 0;
    }
    return count;
}

bool
wh_shard_needed(const struct wh_shard *shard, uint32_t number, struct wh_shard_needed *ret_needed)
{
    const struct wh_partition *partition = &shard->partitions[number];
    const struct wh_flush *flush = &partition->flush;
    if (partition->state != WH_PARTITION_READY) {
        return false;
    }
    for (size_t i = 0; i < WH_PARTITION_OFFSETS_MAX; i++) {
        if (partition->offsets[i].seq > 0 && partition->offsets[i].offset == flush->offset) {
            ret_needed->journal = flush->offset;
            memcpy(ret_needed->inputs, partition->offsets[i].inputs, sizeof(ret_needed->inputs));
            return true;
        }
    }
    return false;
}
