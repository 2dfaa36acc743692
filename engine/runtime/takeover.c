/* Taking a partition over: look, fence, read committed up to what was seen, write the takeover
 * record, claim the store (protocol.md 6). It may die at every step; nothing needs undoing. */
#include "engine/base/time.h"
#include "engine/runtime/shard.h"
#include "engine/runtime/steps.h"

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

static void
ask_claim(struct wh_partition *partition)
{
    const struct wh_store_meta *base = &partition->base;
    struct wh_store_request request = {
        .call = WH_STORE_CLAIM,
        .lineage = partition->last.lineage,
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
    if (partition->state == WH_PARTITION_META) {
        wh_partition_ask_store(partition, &meta);
    } else if (partition->state == WH_PARTITION_FENCING) {
        ask_fence(partition);
    } else if (partition->state == WH_PARTITION_CLAIMING) {
        ask_claim(partition);
    } else {
        ask_look(partition);
    }
}

void
wh_takeover_on_meta(struct wh_partition *partition, const struct wh_store_answer *answer)
{
    if (answer->result == WH_STORE_OK) {
        partition->base = answer->meta;
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

static void
add_fenced(struct wh_partition *partition, struct wh_str owner)
{
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
        add_fenced(partition, journal.owner);
    }
    if (look->last != NULL) {
        if (!decode(partition, look->last, &journal)) {
            return false;
        }
        if (journal.kind != WH_JOURNAL_RELEASE) {
            add_fenced(partition, journal.owner);
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
        .now = WH_TIME_MIN,
        .announce_from = WH_TIME_MIN,
        .frontier = {.due = WH_TIME_MIN},
        .model_hash = env->model_hash,
    };
    for (size_t i = 0; i < WH_INPUT_COUNT; i++) {
        partition->last.positions[i] = (struct wh_journal_position){
            (enum wh_topic)i, partition->number, look->input_starts[i]};
    }
}

static void
on_settled(struct wh_partition *partition, const struct wh_log_look *look)
{
    if (look->stable < partition->high) {
        return; /* asked again until all that was open is decided and can be read */
    }
    if (look->last != NULL && look->last->offset >= partition->high) {
        wh_partition_set_state(partition, WH_PARTITION_LOOKING, "somebody wrote in between");
        return;
    }
    partition->has_last = look->last != NULL;
    if (!partition->has_last && partition->base.exists) {
        wh_partition_stop(partition, "the journal is empty, but the store knows the partition");
        return;
    }
    if (!partition->has_last) {
        begin_journal(partition, look);
    } else if (!decode(partition, look->last, &partition->last)) {
        return;
    }
    partition->journal_next = look->journal_start;
    wh_partition_set_state(partition, WH_PARTITION_WRITING, "all is decided");
}

void
wh_takeover_on_look(struct wh_partition *partition, const struct wh_log_look *look)
{
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
    wh_partition_set_state(partition, WH_PARTITION_SETTLING, "others are shut out");
}

void
wh_takeover_on_committed(struct wh_partition *partition, int64_t offset)
{
    partition->goal = partition->last;
    partition->last.seq++;
    partition->last.kind = WH_JOURNAL_TAKEOVER;
    partition->last.slice_count = 0;
    partition->epoch = offset;
    for (size_t i = 0; i < WH_INPUT_COUNT; i++) {
        partition->inputs[i].position = partition->last.positions[i].next;
        partition->inputs[i].read_next = partition->inputs[i].position;
    }
    wh_partition_set_state(partition, WH_PARTITION_CLAIMING, "takeover is committed");
}

static void
on_claimed(struct wh_partition *partition, const struct wh_store_meta *meta)
{
    partition->flush.acknowledged = 0;
    partition->flush.sent = 0;
    partition->flush.watermark = meta->watermark;
    partition->flush.offset = meta->offset;
    partition->reached = meta->watermark;
    if (meta->watermark > partition->goal.seq) {
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
    bool is_same_life = !meta->exists || memcmp(meta->lineage.bytes, partition->last.lineage.bytes,
                                                sizeof(meta->lineage.bytes)) == 0;
    if (answer->result == WH_STORE_FAILED) {
        partition->claim_is_open = true;
    } else if (answer->result == WH_STORE_OK) {
        on_claimed(partition, meta);
    } else if (!is_same_life) {
        wh_partition_stop(partition, "the store is of another life of this partition");
    } else if (partition->claim_is_open || (meta->exists && meta->epoch >= partition->epoch)) {
        /* An epoch is claimed on one base only; or somebody else owns the partition. */
        wh_partition_restart(partition, "the claim was refused");
    } else {
        partition->base = *meta;
    }
}
