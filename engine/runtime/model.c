/* A changed model: every state made under an older one is looked at again, by the way. Which
 * have been is seen from the record that changed them last: it is older than the first record
 * under the new model. The entities looked at stand in the journal, so that a replay looks at
 * the same. */
#include "engine/base/time.h"
#include "engine/runtime/shard.h"
#include "engine/runtime/steps.h"

void
wh_model_begin_sweep(struct wh_partition *partition, uint64_t since)
{
    struct wh_hash_id first = {{0}};
    partition->is_sweeping = partition->shard->env.limits.sweep_max > 0;
    partition->sweep_count = 0;
    partition->sweep_since = since;
    /* The pass for snapshots, if there is one, goes first and begins anew; a page that is under way
     * is none of these. */
    partition->scan_after = first;
    partition->is_scan_void = partition->is_scanning;
}

/* What is not in the store yet would be passed over. */
bool
wh_model_may_sweep(const struct wh_partition *partition)
{
    return partition->flush.watermark + 1 >= partition->sweep_since;
}

void
wh_model_on_page(struct wh_partition *partition, const struct wh_store_answer *answer)
{
    uint64_t since = partition->sweep_since;
    size_t capacity = 0;
    wh_arena_reset(&partition->sweep_arena);
    partition->sweep = NULL;
    partition->sweep_count = 0;
    for (size_t i = 0; i < answer->entry_count; i++) {
        if (answer->entries[i].seq >= since || answer->entries[i].is_deleted) {
            continue;
        }
        partition->sweep =
            wh_batch_grow(&partition->sweep_arena, partition->sweep, partition->sweep_count,
                          &capacity, sizeof(*partition->sweep));
        partition->sweep[partition->sweep_count++] = answer->entries[i].key;
    }
    partition->is_sweeping = answer->has_more;
}

void
wh_model_take_sweep(struct wh_partition *partition)
{
    struct wh_batch *batch = &partition->batch;
    uint32_t most = partition->shard->env.limits.sweep_max;
    size_t count = partition->sweep_count < most ? partition->sweep_count : most;
    struct wh_hash_id *swept = WH_ARENA_ARRAY(&batch->arena, struct wh_hash_id, count);
    partition->sweep_count -= count;
    memcpy(swept, &partition->sweep[partition->sweep_count], count * sizeof(*swept));
    batch->journal.swept = swept;
    batch->journal.swept_count = count;
}
