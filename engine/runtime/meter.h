/* What the batches of a shard count for GET /metrics (commands/contract.md 7) and for who reads
 * wh_batch_counts. Nothing is counted twice: at replay only that something was suppressed. */
#ifndef WH_RUNTIME_METER_H
#define WH_RUNTIME_METER_H

#include "engine/runtime/batch.h"
#include "engine/score/entity.h"

/* Bounds beside those of identity, in the order of WH_LABEL_BOUND. */
enum wh_bound {
    WH_BOUND_HISTORY = WH_COUNT_TWO_OF_A_KIND, /* touches folded early */
    WH_BOUND_HISTORY_LATE,                     /* touches older than what is folded */
    WH_BOUND_DECISIONS,                        /* decisions, firings, tracks forgotten */
    WH_BOUND_RUNS,                             /* runs of sequences that ended */
    WH_BOUND_EVENTS,                           /* events over WH_EFFECTS_MAX */
    WH_BOUND_ROUTES,                           /* announcements that asked no route */
    WH_BOUND_IDENTIFIERS,                      /* identifiers over eight in a touch */
    WH_BOUND_PLACEHOLDERS,                     /* identifiers that are nobody */
    WH_BOUND_CUT,                              /* strings that were too long */
    WH_BOUND_PROPERTIES,                       /* unknown names kept as properties */
};

/* A lead event that was decided. */
void wh_meter_event(const struct wh_batch *batch, struct wh_batch_context *context,
                    const struct wh_event *event);

/* A touch that has reached its home, one that goes on to another partition, one that is none. */
void wh_meter_touch(const struct wh_batch *batch, struct wh_batch_context *context,
                    const struct wh_touch *touch, enum wh_outcome outcome);
void wh_meter_passed_on(const struct wh_batch *batch, struct wh_batch_context *context,
                        const struct wh_touch *touch);
void wh_meter_rejected(const struct wh_batch *batch, struct wh_batch_context *context,
                       const struct wh_item *item);

/* A message to another entity. */
void wh_meter_sent(const struct wh_batch *batch, struct wh_batch_context *context,
                   enum wh_handoff_kind kind);

/* A due moment acts. */
void wh_meter_due(const struct wh_batch *batch, struct wh_batch_context *context, int64_t due);

/* Whether an entity that is needed was in memory. */
void wh_meter_cache(const struct wh_batch *batch, struct wh_batch_context *context, bool is_hit);

/* What decoding a touchpoint has mended, since `before`. */
void wh_meter_mended(const struct wh_batch *batch, struct wh_batch_context *context,
                     const struct wh_decode_counts *before);

/* What an entity has dropped so far. */
struct wh_drops {
    uint64_t history, late, decisions;
    int64_t runs;
};
struct wh_drops wh_meter_drops(const struct wh_ruleset *model, const struct wh_entity *entity);
/* A step is done, before which it was `before`. */
void wh_meter_step(const struct wh_batch *batch, struct wh_batch_context *context,
                   const struct wh_entity *entity, const struct wh_drops *before,
                   const struct wh_entity_effects *effects);

#endif
