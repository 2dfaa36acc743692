#include "engine/runtime/shard.h"
#include "engine/runtime/planted.h"

#include "engine/base/time.h"
#include "engine/runtime/steps.h"

void
wh_shard_init(struct wh_shard *shard, const struct wh_shard_env *env)
{
    *shard = (struct wh_shard){.env = *env, .partition_count = env->log->partitions};
    wh_arena_init(&shard->arena, 0);
    wh_arena_init(&shard->keep, 0);
    shard->partitions = WH_ARENA_ARRAY(&shard->keep, struct wh_partition, shard->partition_count);
    shard->contexts = WH_ARENA_ARRAY(&shard->keep, struct wh_batch_context, shard->partition_count);
    shard->reached = WH_TIME_MIN;
    wh_shard_set_ruleset(shard, env->ruleset, env->model_hash);
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
on_view(struct wh_shard *shard, uint64_t view)
{
    shard->view = view;
    shard->needs_view = false;
}

static void
on_revoked(struct wh_shard *shard, struct wh_partition *partition)
{
    if (!partition->is_assigned) {
        return; /* it is gone already */
    }
    partition->is_wanted_back = true;
    if (partition->state == WH_PARTITION_AWAY) {
        partition->is_wanted_back = false;
        partition->is_assigned = false;
        shard->env.log->let_go(shard->env.log->self, partition->number);
        return;
    }
    if (WH_IS_PLANTED(COMMIT_AFTER_REVOKE)) {
        partition->is_wanted_back = false;
        partition->is_assigned = false;
        shard->env.log->let_go(shard->env.log->self, partition->number);
        return;
    }
    wh_release_begin(partition);
}

static void
on_group(struct wh_shard *shard, const struct wh_log_event *event)
{
    struct wh_partition *partition = &shard->partitions[event->partition];
    if (event->kind == WH_LOG_EVENT_ASSIGNED) {
        partition->is_assigned = true;
        on_view(shard, event->view);
    } else if (event->kind == WH_LOG_EVENT_VIEW) {
        on_view(shard, event->view);
    } else if (event->kind == WH_LOG_EVENT_LOST) {
        partition->is_assigned = false;
        partition->is_wanted_back = false;
        partition->has_fenced = false;
        if (WH_IS_PLANTED(LOST_KEPT)) {
            return;
        }
        wh_partition_restart(partition, "lost");
    } else {
        on_revoked(shard, partition);
    }
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
    case WH_LOG_EVENT_VIEW:
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
    shard->turned_at = shard->env.clock->now(shard->env.clock->self);
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

/* What the last turn has already seen does not act yet because it waits for an answer, and the
 * answer wakes. */
static void
note(int64_t *first, const struct wh_shard *shard, int64_t at)
{
    if (at > shard->turned_at && at < *first) {
        *first = at;
    }
}

static void
note_due(int64_t *first, const struct wh_partition *partition)
{
    struct wh_due due = {.due = WH_TIME_NEVER};
    if (partition->shard->env.clock_kind == WH_CLOCK_LOG) {
        return;
    }
    (void)wh_timers_peek(&partition->timers, wh_due_after_all(WH_TIME_NEVER), &due);
    note(first, partition->shard, due.due);
    if (!partition->is_paging) {
        note(first, partition->shard, wh_load_ahead_at(partition));
    }
}

static void
note_ready(int64_t *first, const struct wh_partition *partition)
{
    const struct wh_shard *shard = partition->shard;
    const struct wh_shard_limits *limits = &shard->env.limits;
    const struct wh_owed_entry *owed = partition->owed.first;
    note_due(first, partition);
    if (partition->flush.watermark < partition->reached) {
        note(first, shard, partition->flush.last_at + limits->flush_interval);
    }
    if (partition->sent.state == WH_BATCH_COMPUTED && !partition->in_transaction) {
        note(first, shard, partition->sent.computed_at + limits->commit_interval);
    }
    if (owed != NULL) {
        note(first, shard, owed->since + limits->snapshot_interval);
    } else if (partition->behind_since != WH_TIME_NEVER) {
        note(first, shard, partition->behind_since + limits->snapshot_interval);
    }
}

int64_t
wh_shard_wake_at(const struct wh_shard *shard)
{
    int64_t first = WH_TIME_NEVER;
    if (shard->is_resting) {
        note(&first, shard, shard->rest_from + WH_SHARD_REST);
    }
    for (uint32_t p = 0; p < shard->partition_count; p++) {
        const struct wh_partition *partition = &shard->partitions[p];
        if (partition->state == WH_PARTITION_RELEASING) {
            note(&first, shard, partition->wanted_at + shard->env.limits.release_max + 1);
        } else if (partition->state == WH_PARTITION_READY) {
            note_ready(&first, partition);
        }
    }
    return first;
}

bool
wh_shard_needed(const struct wh_shard *shard, uint32_t number, struct wh_shard_needed *ret_needed)
{
    const struct wh_partition *partition = &shard->partitions[number];
    if (partition->state != WH_PARTITION_READY) {
        return false;
    }
    const struct wh_milestone *place =
        wh_milestones_find(&partition->milestones, wh_snapshot_needed(partition));
    if (place == NULL) {
        return false;
    }
    ret_needed->journal = place->offset;
    memcpy(ret_needed->inputs, place->inputs, sizeof(ret_needed->inputs));
    return true;
}

void
wh_shard_rest(struct wh_shard *shard)
{
    shard->is_resting = true;
    shard->rest_from = shard->env.clock->now(shard->env.clock->self);
}

bool
wh_shard_is_resting(struct wh_shard *shard)
{
    int64_t rested = shard->env.clock->now(shard->env.clock->self) - shard->rest_from;
    shard->is_resting = shard->is_resting && rested >= 0 && rested < WH_SHARD_REST;
    return shard->is_resting;
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
        int64_t other = wh_partition_tip(partition)->now;
        if (partition->state == WH_PARTITION_READY && other > floor) {
            floor = other;
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
            partition->sent.state == WH_BATCH_EMPTY && !has_input && !partition->is_paging &&
            !partition->is_loading && !partition->is_scanning &&
            partition->flush.sent == partition->flush.acknowledged);
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
        const struct wh_flush *flush = &partition->flush;
        if (partition->state == WH_PARTITION_READY &&
            (flush->watermark < partition->reached || flush->sent != flush->acknowledged)) {
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

void
wh_shard_set_ruleset(struct wh_shard *shard, const struct wh_ruleset *ruleset, struct wh_str hash)
{
    shard->model = (struct wh_model_ref){wh_arena_str(&shard->keep, hash), ruleset};
    shard->models[shard->model_count++ % WH_SHARD_MODELS_MAX] = shard->model;
}

bool
wh_shard_find_model(struct wh_shard *shard, struct wh_str hash, struct wh_model_ref *ret_model)
{
    const struct wh_shard_env *env = &shard->env;
    for (size_t i = 0; i < shard->model_count && i < WH_SHARD_MODELS_MAX; i++) {
        if (wh_str_equal(shard->models[i].hash, hash)) {
            *ret_model = shard->models[i];
            return true;
        }
    }
    const struct wh_ruleset *found =
        env->find_ruleset != NULL ? env->find_ruleset(env->self, hash) : NULL;
    if (found == NULL) {
        return false;
    }
    *ret_model = (struct wh_model_ref){wh_arena_str(&shard->keep, hash), found};
    shard->models[shard->model_count++ % WH_SHARD_MODELS_MAX] = *ret_model;
    return true;
}

bool
wh_shard_leave(struct wh_shard *shard)
{
    bool is_left = !shard->has_transaction;
    shard->is_leaving = true;
    for (uint32_t p = 0; p < shard->partition_count; p++) {
        struct wh_partition *partition = &shard->partitions[p];
        bool is_over = partition->state == WH_PARTITION_AWAY;
        if (!is_over && partition->state != WH_PARTITION_FORGETTING) {
            wh_release_begin(partition);
        }
        is_left = is_left && is_over;
    }
    return is_left;
}

bool
wh_shard_accept_loss(struct wh_shard *shard, uint32_t number)
{
    struct wh_partition *partition = &shard->partitions[number];
    if (partition->state != WH_PARTITION_STOPPED) {
        return false;
    }
    partition->accepts_loss = true;
    wh_partition_restart(partition, "the loss is accepted");
    return true;
}
