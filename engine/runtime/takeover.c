/* Taking a partition over: look, fence, read committed up to what was seen, write the takeover
 * record, claim the store (protocol.md 6). It may die at every step; nothing needs undoing. */
#include "engine/base/time.h"
#include "engine/runtime/planted.h"
#include "engine/runtime/shard.h"
#include "engine/runtime/steps.h"

/* Entities that are removed at once. */
#define CLEAR_MAX 1000

static void
ask_look(struct wh_partition *partition)
{
    const struct wh_log *log = partition->shard->env.log;
    partition->waiting++;
    log->look(log->self, partition->tenure, partition->number);
}

static void
ask_fence(struct wh_partition *partition)
{
    const struct wh_log *log = partition->shard->env.log;
    partition->waiting++;
    log->fence(log->self, partition->tenure, partition->fenced, partition->fenced_count);
}

/* Removes what another life left, under its own epoch: until it is gone the store says that it is
 * that life's, so this may die at any step. */
static void
ask_clear(struct wh_partition *partition)
{
    struct wh_store_request request = {
        .call = WH_STORE_CLEAR,
        .epoch = partition->base.epoch,
        .from = partition->base.version,
        .limit = CLEAR_MAX,
    };
    wh_partition_ask_store(partition, &request);
}

static bool
is_of_other_life(const struct wh_partition *partition, const struct wh_store_meta *meta)
{
    return meta->exists && memcmp(meta->lineage.bytes, partition->last.lineage.bytes,
                                  sizeof(meta->lineage.bytes)) != 0;
}

static void
ask_claim(struct wh_partition *partition)
{
    const struct wh_store_meta *base = &partition->base;
    bool is_given_up = partition->accepts_loss && is_of_other_life(partition, base);
    if (is_given_up && !partition->is_cleared) {
        ask_clear(partition);
        return;
    }
    struct wh_store_request request = {
        .call = WH_STORE_CLAIM,
        .lineage = partition->last.lineage,
        .replaces = is_given_up,
        .epoch = partition->epoch,
        .base_epoch = base->exists ? base->epoch : -1,
        .base_version = base->exists ? base->version : 0,
    };
    wh_partition_ask_store(partition, &request);
}

void
wh_takeover_advance(struct wh_partition *partition)
{
    struct wh_store_request meta = {.call = WH_STORE_META};
    if (partition->is_asked) {
        return;
    }
    partition->is_asked = true;
    switch (partition->state) {
    case WH_PARTITION_META:
        wh_partition_ask_store(partition, &meta);
        break;
    case WH_PARTITION_FENCING:
        ask_fence(partition);
        break;
    case WH_PARTITION_CLAIMING:
        if (partition->has_base || WH_IS_PLANTED(CLAIM_TWICE)) {
            ask_claim(partition);
        } else {
            wh_partition_ask_store(partition, &meta);
        }
        break;
    case WH_PARTITION_LOOKING:
    case WH_PARTITION_SETTLING:
    case WH_PARTITION_DOUBTING:
        ask_look(partition);
        break;
    case WH_PARTITION_AWAY:
    case WH_PARTITION_WRITING:
    case WH_PARTITION_REBUILDING:
    case WH_PARTITION_REPLAYING:
    case WH_PARTITION_READY:
    case WH_PARTITION_RELEASING:
    case WH_PARTITION_FORGETTING:
    case WH_PARTITION_STOPPED:
    case WH_PARTITION_STATE_COUNT:
        break;
    }
}

void
wh_takeover_on_meta(struct wh_partition *partition, const struct wh_store_answer *answer)
{
    if (answer->result != WH_STORE_OK) {
        return;
    }
    partition->base = answer->meta;
    if (partition->state == WH_PARTITION_CLAIMING) {
        partition->has_base = true;
    } else {
        wh_partition_set_state(partition, WH_PARTITION_LOOKING, "store answered");
    }
}

static bool
decode(struct wh_partition *partition, const struct wh_log_record *record,
       struct wh_journal *ret_journal)
{
    const struct wh_codec *codec = partition->shard->env.codec;
    if (codec->decode_journal(codec->self, record->value, &partition->arena, ret_journal, NULL) ==
        WH_OK) {
        return true;
    }
    wh_partition_stop(partition, "a record of the journal cannot be read");
    return false;
}

/* Once per assignment: a retry shuts out only who wrote since, or two engines that swap partitions
 * would shut each other out for ever. */
static void
add_fenced(struct wh_partition *partition, struct wh_str owner, int64_t offset)
{
    if (partition->has_fenced && offset < partition->fenced_high &&
        !WH_IS_PLANTED(FENCE_EACH_TIME)) {
        return;
    }
    bool is_known = wh_str_equal(owner, partition->shard->env.log->id);
    for (size_t i = 0; i < partition->fenced_count; i++) {
        is_known = is_known || wh_str_equal(owner, partition->fenced[i]);
    }
    if (!is_known) {
        partition->fenced[partition->fenced_count++] = owner;
    }
}

/* Whoever may still have something open: all owners of open records, and the last committed one,
 * which may have died between its handoff and its journal record. */
static bool
find_owners(struct wh_partition *partition, const struct wh_log_look *look)
{
    struct wh_journal journal;
    partition->fenced = WH_ARENA_ARRAY(&partition->arena, struct wh_str, look->open_count + 1);
    partition->fenced_count = 0;
    for (size_t i = 0; i < look->open_count; i++) {
        if (!decode(partition, &look->open[i], &journal)) {
            return false;
        }
        bool is_left = (WH_IS_PLANTED(FENCE_LAST_ONLY) && i + 1 < look->open_count) ||
                       (WH_IS_PLANTED(OPEN_RELEASE_TRUSTED) && journal.kind == WH_JOURNAL_RELEASE);
        if (!is_left) {
            add_fenced(partition, journal.owner, look->open[i].offset);
        }
    }
    if (look->last != NULL && !WH_IS_PLANTED(LAST_OWNER_UNFENCED)) {
        if (!decode(partition, look->last, &journal)) {
            return false;
        }
        if (journal.kind != WH_JOURNAL_RELEASE) {
            add_fenced(partition, journal.owner, look->last->offset);
        }
    }
    return true;
}

/* Nothing was ever committed here: the configured beginning, once and for all. */
static void
begin_journal(struct wh_partition *partition, const struct wh_log_look *look)
{
    const struct wh_shard_env *env = &partition->shard->env;
    partition->last = (struct wh_journal){
        .format = WH_JOURNAL_FORMAT,
        .lineage = env->clock->lineage(env->clock->self),
        .begin = WH_TIME_MIN,
        .now = WH_TIME_MIN,
        .model_at = WH_TIME_MIN,
        .announce_from = WH_TIME_MIN,
        .frontier = {.due = WH_TIME_MIN},
        .model_hash = partition->shard->model.hash,
    };
    for (size_t i = 0; i < WH_INPUT_COUNT; i++) {
        partition->last.positions[i] = (struct wh_journal_position){
            (enum wh_topic)i, partition->number, look->input_starts[i]};
    }
}

static void
on_settled(struct wh_partition *partition, const struct wh_log_look *look)
{
    if (look->stable < partition->high && !WH_IS_PLANTED(SETTLED_EARLY)) {
        return; /* asked again until all that was open is decided and can be read */
    }
    if (look->last != NULL && look->last->offset >= partition->high &&
        !WH_IS_PLANTED(WRITTEN_BETWEEN)) {
        wh_shard_rest(partition->shard);
        wh_partition_restart(partition, "somebody wrote in between");
        return;
    }
    partition->has_last = look->last != NULL;
    if (!partition->has_last && partition->base.exists && !partition->accepts_loss) {
        wh_partition_stop(partition, "the journal is empty, but the store knows the partition");
        return;
    }
    if (!partition->has_last) {
        begin_journal(partition, look);
    } else if (!decode(partition, look->last, &partition->last)) {
        return;
    }
    partition->journal_next = look->journal_start;
    partition->journal_start = look->journal_start;
    partition->states_start = look->states_start;
    partition->states_high = look->states_high;
    wh_partition_set_state(partition, WH_PARTITION_WRITING, "all is decided");
}

/* A zombie whose journal was compacted after its successor's snapshots misses something, too. */
static void
on_doubt(struct wh_partition *partition, const struct wh_log_look *look)
{
    if (look->last != NULL && look->last->offset > partition->epoch) {
        struct wh_journal journal;
        if (decode(partition, look->last, &journal) &&
            !wh_str_equal(journal.owner, partition->shard->env.log->id)) {
            wh_shard_rest(partition->shard);
            wh_partition_restart(partition, "somebody else took over");
            return;
        }
    }
    if (look->stable >= look->high) {
        char why[WH_PARTITION_REASON_MAX];
        memcpy(why, partition->stop_reason, sizeof(why));
        wh_partition_stop(partition, why);
    }
}

void
wh_takeover_on_look(struct wh_partition *partition, const struct wh_log_look *look)
{
    if (partition->state == WH_PARTITION_DOUBTING) {
        on_doubt(partition, look);
        return;
    }
    if (partition->state == WH_PARTITION_SETTLING) {
        on_settled(partition, look);
        return;
    }
    partition->high = look->high;
    if (!find_owners(partition, look)) {
        return;
    }
    wh_partition_set_state(
        partition, partition->fenced_count > 0 ? WH_PARTITION_FENCING : WH_PARTITION_SETTLING,
        "looked");
}

void
wh_takeover_on_fenced(struct wh_partition *partition)
{
    partition->has_fenced = true;
    partition->fenced_high = partition->high;
    wh_partition_set_state(partition, WH_PARTITION_SETTLING, "others are shut out");
}

void
wh_takeover_on_committed(struct wh_partition *partition, int64_t offset)
{
    partition->goal = partition->last;
    partition->last.seq++;
    partition->last.kind = WH_JOURNAL_TAKEOVER;
    partition->last.owner = partition->shard->env.log->id;
    partition->last.slice_count = 0;
    partition->last.swept_count = 0;
    partition->epoch = offset;
    for (size_t i = 0; i < WH_INPUT_COUNT; i++) {
        partition->inputs[i].read_next = partition->last.positions[i].next;
    }
    wh_partition_set_state(partition, WH_PARTITION_CLAIMING, "takeover is committed");
}

/* The model of the newest record is the one to begin with. */
static bool
take_model(struct wh_partition *partition)
{
    if (wh_shard_find_model(partition->shard, partition->last.model_hash, &partition->model)) {
        partition->last.model_hash = partition->model.hash;
        return true;
    }
    wh_partition_stop(partition, "the model of the newest record of the journal is not there");
    return false;
}

/* Snapshots bring an empty store further than the journal's first records do, which may be there
 * all the same. */
static bool
is_emptied(const struct wh_partition *partition, const struct wh_store_meta *meta)
{
    bool has_snapshots = partition->shard->env.limits.snapshot_interval > 0;
    return has_snapshots && meta->watermark == 0 && partition->goal.mark > 0;
}

static void
on_claimed(struct wh_partition *partition, const struct wh_store_meta *meta)
{
    bool is_ahead = meta->watermark > partition->goal.seq && !WH_IS_PLANTED(AHEAD_IGNORED);
    partition->base = *meta;
    partition->flush.watermark = meta->watermark;
    partition->reached = meta->watermark;
    if (!take_model(partition)) {
        return;
    }
    if (partition->wants_rebuild || is_emptied(partition, meta) ||
        (is_ahead && partition->accepts_loss)) {
        partition->reached = 0;
        wh_partition_set_state(partition, WH_PARTITION_REBUILDING, "claimed");
        return;
    }
    if (is_ahead) {
        wh_partition_stop(partition, "the store is ahead of the journal");
        return;
    }
    if (meta->watermark > 0 && meta->offset > partition->journal_next) {
        partition->journal_next = meta->offset;
    }
    wh_partition_set_state(partition, WH_PARTITION_REPLAYING, "claimed");
}

void
wh_takeover_on_claim(struct wh_partition *partition, const struct wh_store_answer *answer)
{
    const struct wh_store_meta *meta = &answer->meta;
    if (answer->result == WH_STORE_FAILED) {
        return; /* asked again, on the same base */
    }
    if (answer->result == WH_STORE_OK) {
        wh_partition_lose(partition, WH_LOSS_STORE, partition->is_cleared ? 1 : 0);
        on_claimed(partition, meta);
    } else if (is_of_other_life(partition, meta) && !partition->accepts_loss) {
        wh_partition_stop(partition, "the store is of another life of this partition");
    } else if (WH_IS_PLANTED(CLAIM_TWICE) && meta->exists && meta->epoch < partition->epoch) {
        partition->base = *meta;
        partition->is_cleared = false;
    } else {
        /* Somebody else owns the partition; or the store has moved since: an epoch is claimed on
         * one base only, since a claim that was answered may still arrive once more. */
        if (meta->exists && meta->epoch > partition->epoch) {
            wh_shard_rest(partition->shard);
        }
        wh_partition_restart(partition, "the claim was refused");
    }
}

void
wh_takeover_on_cleared(struct wh_partition *partition, const struct wh_store_answer *answer)
{
    if (answer->result == WH_STORE_FAILED) {
        /* It may have been applied: the store says where it is. */
        wh_partition_restart(partition, "the store did not answer");
        return;
    }
    partition->base = answer->meta;
    partition->is_cleared = answer->result == WH_STORE_OK && !answer->has_more;
}
