/* One batch of one partition: which records, which due moments, what came of them. The same code
 * computes it live and at replay, so that both mean the same.
 *
 *      EMPTY ──begin──> READING ──> LOADING ──compute──> COMPUTED ──committed or replayed──> EMPTY
 *                (replay reads its slices) (states that are not in memory)
 *
 * Order within a batch: due moments up to `until`, in (due, key) order, each at its own moment;
 * then the slices, record by record. */
#ifndef WH_RUNTIME_BATCH_H
#define WH_RUNTIME_BATCH_H

#include "engine/port/log.h"
#include "engine/port/metrics.h"
#include "engine/runtime/cache.h"
#include "engine/runtime/intake.h"
#include "engine/runtime/timers.h"

enum wh_batch_state {
    WH_BATCH_EMPTY,
    WH_BATCH_READING, /* replay: waits for the records of its slices */
    WH_BATCH_LOADING, /* waits for states from the store */
    WH_BATCH_COMPUTED /* waits for its transaction's outcome */
};
const char *wh_batch_state_str(enum wh_batch_state state);

enum wh_item_kind { WH_ITEM_STEP, WH_ITEM_PASS_ON, WH_ITEM_REJECT };

/* A touch in the order of the slices; a handoff record may hold several. */
struct wh_item {
    enum wh_item_kind kind;
    const struct wh_log_record *record;
    struct wh_str bytes, default_id; /* of the touch */
    struct wh_str key;               /* of its home */
    struct wh_hash_id id;
    struct wh_touch *touch;
    struct wh_rejection why;
};

/* What became of the touches, live ones only; a batch that is refused counts again. */
struct wh_batch_counts {
    uint64_t accepted, duplicates, history_late; /* as enum wh_outcome */
    uint64_t silent;                             /* decisions older than announce_from */
};

/* What a batch is computed with; the same for all batches of a shard. */
struct wh_batch_context {
    struct wh_intake intake;
    const uint8_t *secret; /* privacy.key */
    uint32_t partition, partitions;
    struct wh_batch_counts counts;
    struct wh_metrics *metrics; /* may be NULL */
};

struct wh_batch {
    struct wh_arena arena; /* everything of the batch */
    enum wh_batch_state state;
    bool is_replay;            /* outputs are suppressed, entities that are further skip it */
    struct wh_journal journal; /* being made, or the record that is replayed */
    struct wh_journal_slice slices[WH_JOURNAL_SLICES_MAX];
    struct wh_due until; /* due moments up to here act */
    int64_t now;         /* moves with the records under the log clock */
    struct wh_item *items;
    size_t item_count, item_capacity;
    struct wh_hash_id *missing; /* entities to load */
    size_t missing_count, missing_capacity;
    struct wh_entity **changed;
    size_t changed_count, changed_capacity;
    struct wh_log_record *outputs;
    size_t output_count, output_capacity;
    uint64_t skipped, steps, rejected, passed_on;
    uint64_t digest;
};

void wh_batch_init(struct wh_batch *batch);
void wh_batch_fini(struct wh_batch *batch);
/* EMPTY again: everything of the last one is gone. */
void wh_batch_reset(struct wh_batch *batch);

/* Decodes a record of an input, which must live as long as the batch. */
void wh_batch_add(struct wh_batch *batch, struct wh_batch_context *context,
                  const struct wh_log_record *record);
/* Names what is missing in the cache for the items and for due moments up to batch->until, of which
 * at most `timers_max` are taken: then `until` is that of the last. */
void wh_batch_find_missing(struct wh_batch *batch, const struct wh_cache *cache,
                           struct wh_timers *timers, size_t timers_max);
/* Everything is in memory. Afterwards: changed entities, outputs, digest, now. */
void wh_batch_compute(struct wh_batch *batch, struct wh_batch_context *context,
                      struct wh_cache *cache, struct wh_timers *timers);

/* An element more at the end of an array of the arena. */
void *wh_batch_grow(struct wh_arena *arena, void *items, size_t count, size_t *capacity,
                    size_t size);

#endif
