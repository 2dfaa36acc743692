/* What memory lacks, from the store. An answer counts only if it is of the content that this owner
 * has written: the store may have gone back since (protocol.md 9.2). */
#include "engine/base/time.h"
#include "engine/runtime/planted.h"
#include "engine/runtime/shard.h"
#include "engine/runtime/steps.h"
#include "engine/score/fits.h"

#define DUES_PAGE 1000
/* Due moments are read from the store so far ahead, again when half of it is over. */
#define DUES_AHEAD WH_US_PER_MINUTE

bool
wh_load_is_current(const struct wh_partition *partition, const struct wh_store_answer *answer)
{
    const struct wh_flush *flush = &partition->flush;
    if (WH_IS_PLANTED(READ_UNCHECKED)) {
        return true;
    }
    return answer->meta.exists && answer->meta.epoch == partition->epoch &&
           answer->meta.version >= flush->acknowledged && answer->meta.version <= flush->sent;
}

void
wh_load_missing(struct wh_partition *partition)
{
    struct wh_batch *batch = &partition->batch;
    struct wh_store_request request = {
        .call = WH_STORE_READ,
        .epoch = partition->epoch,
        .from = partition->flush.acknowledged,
        .keys = batch->missing,
        .key_count = batch->missing_count,
    };
    if (batch->missing_count == 0 || partition->is_loading) {
        return;
    }
    partition->is_loading = true;
    wh_partition_ask_store(partition, &request);
}

static bool
take_state(struct wh_partition *partition, struct wh_resident *entity,
           const struct wh_store_entry *entry)
{
    const struct wh_codec *codec = partition->shard->env.codec;
    struct wh_str model_hash;
    if (codec->decode_entity(codec->self, entry->bytes, &entity->arenas[0], &model_hash,
                             &entity->entity, NULL) != WH_OK) {
        wh_partition_stop(partition, "a state in the store cannot be read");
        return false;
    }
    if (!wh_shard_find_model(partition->shard, model_hash, &entity->model)) {
        wh_partition_stop(partition, "the model of a state in the store is not there");
        return false;
    }
    if (!wh_entity_fits(entity->model.ruleset, &entity->entity)) {
        wh_partition_stop(partition, "a state in the store is not of the model that it names");
        return false;
    }
    entity->exists = true;
    entity->live_size = entity->arenas[0].used;
    wh_cache_count(&partition->cache, entity);
    return true;
}

static bool
take_entry(struct wh_partition *partition, const struct wh_store_entry *entry)
{
    struct wh_resident *entity = wh_cache_add(&partition->cache, &entry->key);
    if (entry->seq > partition->last.seq) { /* epoch and version are mine: it is the journal */
        wh_partition_stop(partition, "an entity in the store is ahead of the journal");
        return false;
    }
    entity->seq = entry->seq;
    entity->made = entry->seq;
    if (entry->seq == 0 || entry->is_deleted) {
        return true;
    }
    entity->due = entry->due; /* in the heap if it is near: by a page, or since it was set */
    return take_state(partition, entity, entry);
}

void
wh_load_on_read(struct wh_partition *partition, const struct wh_store_answer *answer)
{
    partition->is_loading = false;
    if (answer->result == WH_STORE_FAILED) {
        return;
    }
    if (!wh_load_is_current(partition, answer)) {
        wh_partition_restart(partition, "the store went back, seen by a read");
        return;
    }
    for (size_t i = 0; i < answer->entry_count; i++) {
        if (!take_entry(partition, &answer->entries[i])) {
            return;
        }
    }
    partition->batch.missing_count = 0;
}

bool
wh_load_dues(struct wh_partition *partition, struct wh_due until)
{
    if (wh_due_compare(partition->timers.horizon, until) >= 0) {
        return true;
    }
    if (partition->is_paging) {
        return false;
    }
    partition->dues_wanted = until;
    struct wh_store_request request = {
        .call = WH_STORE_DUES,
        .epoch = partition->epoch,
        .from = partition->flush.acknowledged,
        .after = partition->timers.horizon,
        .until = until,
        .limit = DUES_PAGE,
    };
    partition->is_paging = true;
    wh_partition_ask_store(partition, &request);
    return false;
}

int64_t
wh_load_ahead_at(const struct wh_partition *partition)
{
    int64_t horizon = partition->timers.horizon.due;
    if (partition->timers.count >= WH_TIMERS_AHEAD_MAX) {
        return WH_TIME_NEVER;
    }
    return horizon == WH_TIME_MIN ? horizon : horizon - DUES_AHEAD / 2;
}

void
wh_load_ahead(struct wh_partition *partition, int64_t now)
{
    struct wh_due until = wh_due_after_all(now);
    until.due += now == WH_TIME_MIN ? 0 : DUES_AHEAD;
    if (now >= wh_load_ahead_at(partition)) {
        (void)wh_load_dues(partition, until);
    }
}

static void
push_due(struct wh_partition *partition, const struct wh_resident *entity, struct wh_due after)
{
    struct wh_due due = {entity->due, entity->id};
    if (entity->exists && wh_due_compare(due, after) > 0) {
        wh_timers_push(&partition->timers, due);
    }
}

/* What the store does not know yet. A write that was answered is in the page, or the page would not
 * count. */
static void
push_changed(struct wh_partition *partition, struct wh_due after)
{
    const struct wh_batch *batches[] = {&partition->sent, &partition->batch};
    const enum wh_resident_list lists[] = {WH_RESIDENT_DIRTY, WH_RESIDENT_SENT};
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        const struct wh_resident *at = partition->cache.first[lists[i]];
        for (; at != NULL; at = at->after) {
            push_due(partition, at, after);
        }
    }
    for (size_t i = 0; i < sizeof(batches) / sizeof(batches[0]); i++) {
        for (size_t k = 0; k < batches[i]->changed_count; k++) {
            push_due(partition, batches[i]->changed[k], after);
        }
    }
}

void
wh_load_on_dues(struct wh_partition *partition, const struct wh_store_answer *answer)
{
    partition->is_paging = false;
    if (answer->result == WH_STORE_FAILED) {
        return;
    }
    if (!wh_load_is_current(partition, answer)) {
        wh_partition_restart(partition, "the store went back, seen by its due moments");
        return;
    }
    struct wh_due after = partition->timers.horizon;
    partition->timers.horizon =
        answer->has_more ? answer->dues[answer->due_count - 1] : partition->dues_wanted;
    for (size_t i = 0; i < answer->due_count; i++) {
        wh_timers_push(&partition->timers, answer->dues[i]);
    }
    if (!WH_IS_PLANTED(DUES_CHANGED)) {
        push_changed(partition, after);
    }
}
