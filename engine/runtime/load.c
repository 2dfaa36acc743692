/* What memory lacks, from the store. An answer counts only if it is of the content that this owner
 * has written: the store may have gone back since (protocol.md 9.2). */
#include "engine/base/time.h"
#include "engine/runtime/planted.h"
#include "engine/runtime/shard.h"
#include "engine/runtime/steps.h"
#include "engine/score/fits.h"

#define DUES_PAGE 256

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
    entity->due = entry->due;
    wh_timers_push(&partition->timers, (struct wh_due){entry->due, entry->key});
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
    if (wh_due_compare(partition->dues_until, until) >= 0) {
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
        .after = partition->dues_until,
        .until = until,
        .limit = DUES_PAGE,
    };
    partition->is_paging = true;
    wh_partition_ask_store(partition, &request);
    return false;
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
    for (size_t i = 0; i < answer->due_count; i++) {
        wh_timers_push(&partition->timers, answer->dues[i]);
    }
    partition->dues_until =
        answer->has_more ? answer->dues[answer->due_count - 1] : partition->dues_wanted;
}
