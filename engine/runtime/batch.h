/* One batch of one partition: which records, which due moments, what came of them. The same code
 * computes it live and at replay, so that both mean the same.
 *
 *      EMPTY ──begin──> READING ──> LOADING ──compute──> COMPUTED ──committed or replayed──> EMPTY
 *                (replay reads its slices) (states that are not in memory)
 *
 * Order within a batch: due moments up to `until`, in (due, key) order, each at its own moment;
 * then the slices, record by record; then those that are looked at again under a new model; then
 * the snapshots. */
#ifndef WH_RUNTIME_BATCH_H
#define WH_RUNTIME_BATCH_H

#include "engine/model/message.h"
#include "engine/port/log.h"
#include "engine/port/metrics.h"
#include "engine/runtime/cache.h"
#include "engine/runtime/intake.h"
#include "engine/runtime/post.h"
#include "engine/runtime/timers.h"
#include "engine/score/identity.h"

enum wh_batch_state {
    WH_BATCH_EMPTY,
    WH_BATCH_READING, /* replay: waits for the records of its slices */
    WH_BATCH_LOADING, /* waits for states from the store */
    WH_BATCH_COMPUTED /* waits for its transaction, or for that of the batch before it */
};
const char *wh_batch_state_str(enum wh_batch_state state);

enum wh_item_kind { WH_ITEM_STEP, WH_ITEM_PASS_ON, WH_ITEM_REJECT };

/* A touch or a message of another entity, in the order of the slices; a handoff record may hold
 * several. */
struct wh_item {
    enum wh_item_kind kind;
    const struct wh_log_record *record;
    struct wh_str bytes, default_id; /* of the touch */
    struct wh_str key;               /* of whom it is for: a touch's home … */
    struct wh_key who;               /* … the same */
    struct wh_hash_id id;
    struct wh_touch *touch;                 /* NULL: a message of an entity */
    const struct wh_identity_message *told; /* of an entity, or what the touch commands */
    const struct wh_route_message *route;   /* between a lead and the counter of a route */
    int64_t sent_at;                        /* by handoff: `now` of who sent it */
    struct wh_rejection why;
};

/* What became of the touches, live ones only; a batch that is refused counts again. */
struct wh_batch_counts {
    uint64_t outcomes[WH_OUTCOME_COUNT];
    uint64_t commands; /* about who is who */
    uint64_t silent;   /* decisions older than announce_from */
    uint64_t identity[WH_IDENTITY_COUNTER_COUNT];
};

/* What a batch is computed with; the same for all batches of a shard. */
struct wh_batch_context {
    struct wh_intake intake;
    struct wh_model_ref model; /* of the batch at hand */
    const uint8_t *secret;     /* privacy.key */
    uint32_t partition, partitions;
    struct wh_batch_counts counts;
    struct wh_metrics *metrics; /* may be NULL */
};

struct wh_batch {
    struct wh_arena arena;                  /* everything of the batch … */
    struct wh_arena inputs[WH_INPUT_COUNT]; /* … but the records that it took */
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
    struct wh_hash_id *snapshots; /* entities that are owed one and get it with this batch */
    size_t snapshot_count, snapshot_capacity;
    struct wh_post post; /* messages to other entities */
    struct wh_resident **changed;
    size_t changed_count, changed_capacity;
    struct wh_log_record *outputs;
    size_t output_count, output_capacity;
    size_t event_count; /* of them those that somebody waits for */
    uint64_t skipped, steps, adopted, rejected, passed_on;
    uint64_t digest;
    int64_t computed_at; /* machine's clock */
};

void wh_batch_init(struct wh_batch *batch);
void wh_batch_fini(struct wh_batch *batch);
/* EMPTY again: everything of the last one is gone. */
void wh_batch_reset(struct wh_batch *batch);

/* For the next batch that is computed. */
void wh_batch_use_model(struct wh_batch_context *context, const struct wh_model_ref *model);

/* Decodes a record of an input, which must live as long as the batch. */
void wh_batch_add(struct wh_batch *batch, struct wh_batch_context *context,
                  const struct wh_log_record *record);
/* Names what is missing in the cache for the items, the snapshots, those to be looked at again, and
 * for due moments up to batch->until, of which at most `timers_max` are taken: then `until` is that
 * of the last. */
void wh_batch_find_missing(struct wh_batch *batch, struct wh_batch_context *context,
                           const struct wh_cache *cache, struct wh_timers *timers,
                           size_t timers_max);
/* Everything is in memory. Afterwards: changed entities, outputs, digest, now. */
void wh_batch_compute(struct wh_batch *batch, struct wh_batch_context *context,
                      struct wh_cache *cache, struct wh_timers *timers);

/* A record that leaves with the transaction; nothing at replay. */
void wh_batch_add_output(struct wh_batch *batch, const struct wh_log_record *record);

/* An element more at the end of an array of the arena. */
void *wh_batch_grow(struct wh_arena *arena, void *items, size_t count, size_t *capacity,
                    size_t size);

#endif
