#include "engine/runtime/meter.h"

static bool
counts(const struct wh_batch *batch, const struct wh_batch_context *context)
{
    return context->metrics != NULL && !batch->is_replay;
}

void
wh_meter_event(const struct wh_batch *batch, struct wh_batch_context *context,
               const struct wh_event *event)
{
    enum { OLD, REPLAY, MODEL }; /* as WH_LABEL_SUPPRESSED */
    bool is_adopted = event->cause.model.len > 0;
    uint32_t reason = batch->is_replay ? REPLAY : is_adopted ? MODEL : OLD;
    context->counts.silent += event->silent && !is_adopted && !batch->is_replay ? 1 : 0;
    if (context->metrics != NULL && (event->silent || batch->is_replay)) {
        wh_metrics_add(context->metrics, WH_METRIC_SUPPRESSED, reason, 0, 1);
    }
}

/* As the values of WH_LABEL_RESULT. */
enum { RESULT_ACCEPTED, RESULT_DUPLICATE, RESULT_REJECTED, RESULT_HANDED_OVER, RESULT_ERASED };

static void
count_touch(const struct wh_batch_context *context, const struct wh_touch *touch, uint32_t result)
{
    uint32_t source = wh_metrics_label(WH_LABEL_SOURCE, touch->fields[WH_FIELD_SOURCE].text);
    wh_metrics_add(context->metrics, WH_METRIC_TOUCHES, source, result, 1);
}

void
wh_meter_touch(const struct wh_batch *batch, struct wh_batch_context *context,
               const struct wh_touch *touch, enum wh_outcome outcome)
{
    static const uint32_t results[WH_OUTCOME_COUNT] = {
        [WH_OUTCOME_ACCEPTED] = RESULT_ACCEPTED,
        [WH_OUTCOME_DUPLICATE] = RESULT_DUPLICATE,
        [WH_OUTCOME_HISTORY_LATE] = RESULT_REJECTED,
        [WH_OUTCOME_ERASED] = RESULT_ERASED,
    };
    context->counts.outcomes[outcome] += batch->is_replay ? 0 : 1;
    if (counts(batch, context)) {
        count_touch(context, touch, results[outcome]);
    }
}

void
wh_meter_passed_on(const struct wh_batch *batch, struct wh_batch_context *context,
                   const struct wh_touch *touch)
{
    if (counts(batch, context)) {
        count_touch(context, touch, RESULT_HANDED_OVER);
    }
}

void
wh_meter_rejected(const struct wh_batch *batch, struct wh_batch_context *context,
                  const struct wh_item *item)
{
    if (counts(batch, context)) {
        wh_metrics_add(context->metrics, WH_METRIC_REJECTED, item->why.reason, 0, 1);
    }
}

void
wh_meter_sent(const struct wh_batch *batch, struct wh_batch_context *context,
              enum wh_handoff_kind kind)
{
    if (counts(batch, context)) {
        wh_metrics_add(context->metrics, WH_METRIC_HANDOFF, (uint32_t)kind, 0, 1);
    }
}

void
wh_meter_due(const struct wh_batch *batch, struct wh_batch_context *context, int64_t due)
{
    if (counts(batch, context) && batch->journal.clock == WH_CLOCK_WALL) {
        wh_metrics_observe(context->metrics, WH_METRIC_TIMER_LATENESS, batch->now - due);
    }
}

void
wh_meter_cache(const struct wh_batch *batch, struct wh_batch_context *context, bool is_hit)
{
    enum { HIT, MISS }; /* as WH_LABEL_CACHE */
    if (counts(batch, context)) {
        wh_metrics_add(context->metrics, WH_METRIC_CACHE, is_hit ? HIT : MISS, 0, 1);
    }
}

static void
count_bound(const struct wh_batch_context *context, uint32_t bound, int64_t count)
{
    if (count > 0) {
        wh_metrics_add(context->metrics, WH_METRIC_BOUNDS, bound, 0, count);
    }
}

void
wh_meter_mended(const struct wh_batch *batch, struct wh_batch_context *context,
                const struct wh_decode_counts *before)
{
    const struct wh_decode_counts *now = &context->intake.mended;
    if (counts(batch, context)) {
        count_bound(context, WH_BOUND_IDENTIFIERS, now->ids_dropped - before->ids_dropped);
        count_bound(context, WH_BOUND_PLACEHOLDERS, now->placeholders - before->placeholders);
        count_bound(context, WH_BOUND_CUT, now->cut - before->cut);
        count_bound(context, WH_BOUND_PROPERTIES, now->unknown_names - before->unknown_names);
    }
}

struct wh_drops
wh_meter_drops(const struct wh_ruleset *model, const struct wh_entity *entity)
{
    const struct wh_ruleset *ruleset = wh_entity_ruleset(model, entity);
    const struct wh_state *state = &entity->state;
    struct wh_drops drops = {
        .history = state->history.dropped,
        .late = state->late_refused,
        .decisions = state->announced.dropped,
    };
    for (size_t i = 0; i < ruleset->trigger_count; i++) {
        const struct wh_sequence *sequence = ruleset->triggers[i].sequence;
        drops.runs += sequence == NULL ? 0 : state->live.cells[sequence->crowded_cell];
    }
    return drops;
}

void
wh_meter_step(const struct wh_batch *batch, struct wh_batch_context *context,
              const struct wh_entity *entity, const struct wh_drops *before,
              const struct wh_entity_effects *effects)
{
    if (!counts(batch, context)) {
        return;
    }
    struct wh_drops now = wh_meter_drops(context->intake.ruleset, entity);
    for (uint32_t i = 0; i < WH_COUNT_TWO_OF_A_KIND; i++) {
        count_bound(context, i, (int64_t)effects->identity.counters[i]);
    }
    count_bound(context, WH_BOUND_HISTORY, (int64_t)(now.history - before->history));
    count_bound(context, WH_BOUND_HISTORY_LATE, (int64_t)(now.late - before->late));
    count_bound(context, WH_BOUND_DECISIONS, (int64_t)(now.decisions - before->decisions));
    count_bound(context, WH_BOUND_RUNS, now.runs - before->runs);
    count_bound(context, WH_BOUND_EVENTS, (int64_t)effects->events.refused);
    count_bound(context, WH_BOUND_ROUTES, (int64_t)effects->events.unasked);
    for (uint32_t i = 0; i < WH_STRUCK_COUNT; i++) {
        wh_metrics_add(context->metrics, WH_METRIC_STRUCK_POINTS, i, 0,
                       effects->events.struck.by[i]);
    }
}
