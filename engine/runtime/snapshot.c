/* Each changed entity gets a snapshot at most once per interval, inside of an ordinary batch; the
 * mark in each journal record says up to where all of them are there (protocol.md 11). */
#include <assert.h>

#include "engine/base/time.h"
#include "engine/runtime/planted.h"
#include "engine/runtime/shard.h"
#include "engine/runtime/steps.h"

#define SCAN_PAGE 256

static const struct wh_shard_limits *
limits_of(const struct wh_partition *partition)
{
    return &partition->shard->env.limits;
}

static bool
is_on(const struct wh_partition *partition)
{
    return limits_of(partition)->snapshot_interval > 0;
}

uint64_t
wh_snapshot_mark(const struct wh_partition *partition, uint64_t seq)
{
    if (!is_on(partition) || !partition->has_passed) {
        return partition->mark;
    }
    if (WH_IS_PLANTED(MARK_EARLY)) {
        return seq;
    }
    if (WH_IS_PLANTED(MARK_BY_LAST) && partition->owed.last != NULL) {
        return partition->owed.last->first - 1;
    }
    uint64_t mark = partition->owed.first != NULL ? partition->owed.first->first - 1 : seq;
    return mark > partition->mark ? mark : partition->mark;
}

uint64_t
wh_snapshot_needed(const struct wh_partition *partition)
{
    uint64_t watermark = partition->flush.watermark;
    uint64_t mark = partition->last.mark;
    return is_on(partition) && mark < watermark && !WH_IS_PLANTED(NEEDED_BY_WATERMARK) ? mark
                                                                                       : watermark;
}

/* Something is owed, or the mark is behind, for at least so long. */
static bool
is_older(const struct wh_partition *partition, int64_t machine, int64_t age)
{
    int64_t since =
        partition->owed.first != NULL ? partition->owed.first->since : partition->behind_since;
    return since != WH_TIME_NEVER && machine >= since && machine - since >= age;
}

bool
wh_snapshot_is_behind(const struct wh_partition *partition, int64_t machine)
{
    int64_t interval = limits_of(partition)->snapshot_interval;
    return is_on(partition) && (is_older(partition, machine, interval + interval / 2) ||
                                partition->owed.count >= WH_OWED_MAX);
}

bool
wh_snapshot_wants_batch(const struct wh_partition *partition, int64_t machine)
{
    return is_on(partition) && partition->has_passed && !WH_IS_PLANTED(NO_LONE_BATCH) &&
           (is_older(partition, machine, limits_of(partition)->snapshot_interval) ||
            partition->owed.count >= WH_OWED_MAX);
}

void
wh_snapshot_choose(struct wh_partition *partition, int64_t machine)
{
    struct wh_batch *batch = &partition->batch;
    const struct wh_shard_limits *limits = limits_of(partition);
    bool is_full = partition->owed.count >= WH_OWED_MAX;
    const struct wh_owed_entry *at = is_on(partition) ? partition->owed.first : NULL;
    for (; at != NULL && batch->snapshot_count < limits->snapshots_max; at = at->after) {
        if (!is_full && machine - at->since < limits->snapshot_interval) {
            break;
        }
        batch->snapshots = wh_batch_grow(&batch->arena, batch->snapshots, batch->snapshot_count,
                                         &batch->snapshot_capacity, sizeof(*batch->snapshots));
        batch->snapshots[batch->snapshot_count++] = at->id;
    }
}

static void
write_snapshot(struct wh_partition *partition, const struct wh_resident *entity)
{
    struct wh_batch *batch = &partition->batch;
    const struct wh_codec *codec = partition->shard->env.codec;
    struct wh_buf buf;
    wh_buf_init(&buf, &batch->arena);
    if (entity->exists) {
        codec->encode_entity(codec->self, &buf, entity->model.hash, &entity->entity);
    }
    wh_batch_add_output(batch, &(struct wh_log_record){
                                   .topic = WH_TOPIC_STATES,
                                   .partition = partition->number,
                                   .key = {(const char *)entity->id.bytes, WH_HASH_ID_SIZE},
                                   .value = wh_buf_str(&buf),
                                   .snapshot = {entity->made, entity->due, batch->journal.lineage},
                               });
    wh_owed_remove(&partition->owed, &entity->id);
    partition->shard->counts.snapshots++;
}

void
wh_snapshot_add(struct wh_partition *partition, int64_t machine)
{
    struct wh_batch *batch = &partition->batch;
    uint64_t seq = batch->journal.seq;
    for (size_t i = 0; i < batch->changed_count && is_on(partition); i++) {
        wh_owed_add(&partition->owed, &batch->changed[i]->id, seq, machine);
    }
    for (size_t i = 0; i < batch->snapshot_count; i++) {
        const struct wh_resident *entity = wh_cache_find(&partition->cache, &batch->snapshots[i]);
        assert(entity != NULL);
        write_snapshot(partition, entity);
    }
    for (size_t i = 0; i < batch->changed_count && is_on(partition); i++) {
        /* The store forgets it, and nobody would know; or nobody may know any more. */
        if ((!batch->changed[i]->exists || batch->changed[i]->is_erased) &&
            !WH_IS_PLANTED(DELETION_LATER)) {
            write_snapshot(partition, batch->changed[i]);
        }
        batch->changed[i]->is_erased = false;
    }
    partition->mark = wh_snapshot_mark(partition, seq);
    batch->journal.mark = partition->mark;
    bool is_behind = is_on(partition) && partition->mark < seq;
    bool is_new = partition->behind_since == WH_TIME_NEVER || batch->snapshot_count > 0;
    partition->behind_since = !is_behind ? WH_TIME_NEVER
                              : is_new   ? machine
                                         : partition->behind_since;
}

void
wh_snapshot_owe(struct wh_partition *partition, const struct wh_batch *batch, int64_t machine)
{
    bool is_owed = is_on(partition) && batch->journal.seq > partition->last.mark;
    for (size_t i = 0; i < batch->changed_count && is_owed; i++) {
        wh_owed_add(&partition->owed, &batch->changed[i]->id, batch->journal.seq, machine);
    }
}

static void
ask_scan(struct wh_partition *partition)
{
    struct wh_store_request scan = {
        .call = WH_STORE_SCAN,
        .epoch = partition->epoch,
        .after = {.key = partition->scan_after},
        .limit = SCAN_PAGE,
    };
    partition->is_scanning = true;
    wh_partition_ask_store(partition, &scan);
}

void
wh_snapshot_advance(struct wh_partition *partition)
{
    const struct wh_clock *clock = partition->shard->env.clock;
    bool is_pass = is_on(partition) && !partition->has_passed;
    bool wants_sweep =
        partition->is_sweeping && partition->sweep_count == 0 && wh_model_may_sweep(partition);
    if ((is_pass || wants_sweep) && !partition->is_scanning) {
        ask_scan(partition);
    }
    /* After a takeover the mark may be behind without any batch. */
    if (is_on(partition) && partition->behind_since == WH_TIME_NEVER &&
        partition->mark < wh_partition_tip(partition)->seq) {
        partition->behind_since = clock->now(clock->self);
    }
}

/* Changes of earlier owners are in nobody's memory: what is newer than the mark is owed. */
static void
pass(struct wh_partition *partition, const struct wh_store_answer *answer)
{
    const struct wh_clock *clock = partition->shard->env.clock;
    int64_t machine = clock->now(clock->self);
    for (size_t i = 0; i < answer->entry_count; i++) {
        if (answer->entries[i].seq > partition->mark) {
            wh_owed_add_first(&partition->owed, &answer->entries[i].key, partition->mark + 1,
                              machine);
        }
    }
    partition->has_passed = !answer->has_more;
}

void
wh_snapshot_on_scan(struct wh_partition *partition, const struct wh_store_answer *answer)
{
    partition->is_scanning = false;
    if (answer->result == WH_STORE_FAILED) {
        return;
    }
    if (!wh_load_is_current(partition, answer)) {
        wh_partition_restart(partition, "the store went back, seen by the pass over it");
        return;
    }
    if (partition->is_scan_void) {
        partition->is_scan_void = false;
        return;
    }
    if (!partition->has_passed && is_on(partition)) {
        pass(partition, answer);
    } else if (partition->is_sweeping) {
        wh_model_on_page(partition, answer);
    }
    struct wh_hash_id first = {{0}};
    partition->scan_after = answer->has_more ? answer->entries[answer->entry_count - 1].key : first;
}
