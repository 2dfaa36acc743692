/* The heart of a batch: due moments, then records, through step. */
#include <assert.h>

#include "engine/base/time.h"
#include "engine/runtime/batch.h"
#include "engine/score/step.h"

/* What a handoff record needs beside the bytes of its messages. */
#define HANDOFF_OVERHEAD 64

static void
add_output(struct wh_batch *batch, const struct wh_log_record *record)
{
    if (batch->is_replay) {
        return;
    }
    batch->outputs = wh_batch_grow(&batch->arena, batch->outputs, batch->output_count,
                                   &batch->output_capacity, sizeof(*batch->outputs));
    batch->outputs[batch->output_count++] = *record;
}

static void
mix(struct wh_batch *batch, uint64_t value)
{
    batch->digest = (batch->digest ^ value) * UINT64_C(0x100000001B3);
}

static void
count_silent(const struct wh_batch *batch, struct wh_batch_context *context)
{
    context->counts.silent += batch->is_replay ? 0 : 1;
    if (context->metrics != NULL) {
        wh_metrics_add(context->metrics, WH_METRIC_SUPPRESSED, batch->is_replay ? 1 : 0, 0, 1);
    }
}

static void
publish(struct wh_batch *batch, struct wh_batch_context *context, const struct wh_entity *entity,
        const struct wh_effects *effects)
{
    const struct wh_codec *codec = context->intake.codec;
    for (size_t i = 0; i < effects->count; i++) {
        struct wh_buf buf;
        wh_buf_init(&buf, &batch->arena);
        codec->encode_event(codec->self, &buf, &effects->events[i]);
        mix(batch, wh_hash_fingerprint(wh_buf_str(&buf)));
        if (effects->events[i].silent) {
            count_silent(batch, context);
            continue;
        }
        add_output(batch, &(struct wh_log_record){
                              .topic = WH_TOPIC_LEADS,
                              .partition = WH_LOG_BY_KEY,
                              .key = wh_arena_str(&batch->arena, entity->state.key),
                              .value = wh_buf_str(&buf),
                          });
    }
}

static void
mark_changed(struct wh_batch *batch, struct wh_entity *entity)
{
    if (entity->is_changed) {
        return;
    }
    entity->is_changed = true;
    batch->changed = wh_batch_grow(&batch->arena, batch->changed, batch->changed_count,
                                   &batch->changed_capacity, sizeof(struct wh_entity *));
    batch->changed[batch->changed_count++] = entity;
}

/* As the values of WH_LABEL_RESULT. */
enum { RESULT_ACCEPTED, RESULT_DUPLICATE, RESULT_REJECTED, RESULT_HANDED_OVER };

static void
count_touch(const struct wh_batch_context *context, const struct wh_touch *touch, uint32_t result)
{
    if (context->metrics != NULL) {
        uint32_t source = wh_metrics_label(WH_LABEL_SOURCE, touch->fields[WH_FIELD_SOURCE].text);
        wh_metrics_add(context->metrics, WH_METRIC_TOUCHES, source, result, 1);
    }
}

static void
count_outcome(struct wh_batch_context *context, const struct wh_touch *touch,
              enum wh_outcome outcome)
{
    static const uint32_t results[] = {RESULT_ACCEPTED, RESULT_DUPLICATE, RESULT_REJECTED};
    struct wh_batch_counts *counts = &context->counts;
    count_touch(context, touch, results[outcome]);
    switch (outcome) {
    case WH_OUTCOME_ACCEPTED:
        counts->accepted++;
        break;
    case WH_OUTCOME_DUPLICATE:
        counts->duplicates++;
        break;
    case WH_OUTCOME_HISTORY_LATE:
        counts->history_late++;
        break;
    }
}

static void
step(struct wh_batch *batch, struct wh_batch_context *context, struct wh_timers *timers,
     struct wh_entity *entity, const struct wh_message *message, int64_t now)
{
    struct wh_effects effects;
    struct wh_moment moment = {now, batch->journal.announce_from};
    const struct wh_ruleset *ruleset = context->intake.ruleset;
    wh_effects_init(&effects, &batch->arena);
    enum wh_outcome outcome = wh_step(ruleset, &entity->state, message, &moment, &effects);
    if (message->kind == WH_MESSAGE_TOUCH && !batch->is_replay) {
        count_outcome(context, message->touch, outcome);
    }
    publish(batch, context, entity, &effects);
    int64_t due = wh_next_due(ruleset, &entity->state, &batch->arena);
    /* The next due moment is a lower bound; one that does not lie ahead would act for ever. */
    due = due <= entity->state.now ? entity->state.now + 1 : due;
    mix(batch, (uint64_t)due);
    if (due != entity->due) {
        entity->due = due;
        wh_timers_push(timers, (struct wh_due){due, entity->id});
    }
    mark_changed(batch, entity);
    wh_entity_collect(entity);
    batch->steps++;
}

static bool
is_ahead(struct wh_batch *batch, const struct wh_entity *entity)
{
    bool is_ahead = batch->is_replay && entity->seq >= batch->journal.seq;
    batch->skipped += is_ahead ? 1 : 0;
    return is_ahead;
}

/* Each acts at its own due moment, so that it makes no difference how late the batch looks. */
static void
act_due(struct wh_batch *batch, struct wh_batch_context *context, struct wh_cache *cache,
        struct wh_timers *timers)
{
    struct wh_due due;
    struct wh_message time = {.kind = WH_MESSAGE_TIME};
    struct wh_due *kept = NULL;
    size_t kept_count = 0;
    size_t kept_capacity = 0;
    while (wh_timers_pop(timers, batch->until, &due)) {
        struct wh_entity *entity = wh_cache_find(cache, &due.key);
        assert(entity != NULL);
        if (entity->due != due.due || !entity->exists) {
            continue;
        }
        if (is_ahead(batch, entity)) {
            kept = wh_batch_grow(&batch->arena, kept, kept_count, &kept_capacity, sizeof(*kept));
            kept[kept_count++] = due;
            continue;
        }
        entity->due = WH_TIME_NEVER;
        step(batch, context, timers, entity, &time, due.due);
    }
    for (size_t i = 0; i < kept_count; i++) {
        wh_timers_push(timers, kept[i]);
    }
}

static void
reject(struct wh_batch *batch, const struct wh_batch_context *context, const struct wh_item *item)
{
    batch->rejected++;
    if (context->metrics != NULL && !batch->is_replay) {
        wh_metrics_add(context->metrics, WH_METRIC_REJECTED, item->why.reason, 0, 1);
    }
    add_output(batch, &(struct wh_log_record){
                          .topic = WH_TOPIC_REJECTED,
                          .partition = WH_LOG_BY_KEY,
                          .key = item->record->key,
                          .value = item->bytes,
                          .reason = wh_str_of(wh_reject_str(item->why.reason)),
                          .field = item->why.field,
                          .detail = item->why.detail,
                      });
}

static void
step_item(struct wh_batch *batch, struct wh_batch_context *context, struct wh_cache *cache,
          struct wh_timers *timers, struct wh_item *item)
{
    struct wh_entity *entity = wh_cache_find(cache, &item->id);
    assert(entity != NULL);
    if (is_ahead(batch, entity)) {
        return;
    }
    if (!entity->exists) {
        wh_state_begin(&entity->state, &entity->arenas[entity->current], context->intake.ruleset,
                       item->key, item->id, batch->now);
        entity->exists = true;
        entity->live_size = entity->arenas[entity->current].used;
    }
    struct wh_message message = {.kind = WH_MESSAGE_TOUCH, .touch = item->touch};
    step(batch, context, timers, entity, &message, batch->now);
}

/* Under the log clock a record moves the time, a message from another entity does not; but the very
 * first touch of a partition begins it, whichever way it came. */
static void
move_clock(struct wh_batch *batch, const struct wh_item *item)
{
    bool is_mover = item->record->topic == WH_TOPIC_TOUCHPOINTS || batch->now == WH_TIME_MIN;
    if (batch->journal.clock == WH_CLOCK_LOG && item->kind != WH_ITEM_REJECT && is_mover &&
        item->touch->received > batch->now) {
        batch->now = item->touch->received;
    }
}

static size_t
message_size(const struct wh_item *item)
{
    return item->bytes.len + item->default_id.len + HANDOFF_OVERHEAD;
}

/* The messages to one entity from item `first` on, as many as fit into a record. */
static void
pass_on(struct wh_batch *batch, struct wh_batch_context *context, size_t first)
{
    struct wh_item *head = &batch->items[first];
    struct wh_handoff_message *messages =
        WH_ARENA_ARRAY(&batch->arena, struct wh_handoff_message, batch->item_count - first);
    struct wh_handoff handoff = {head->key, messages, 0};
    const struct wh_codec *codec = context->intake.codec;
    size_t size = head->key.len;
    for (size_t i = first; i < batch->item_count; i++) {
        struct wh_item *item = &batch->items[i];
        if (item->kind != WH_ITEM_PASS_ON || !wh_str_equal(item->key, head->key)) {
            continue;
        }
        if (handoff.message_count > 0 && size + message_size(item) > WH_HANDOFF_SIZE_MAX) {
            break;
        }
        size += message_size(item);
        messages[handoff.message_count++] =
            (struct wh_handoff_message){item->bytes, item->default_id};
        item->touch = NULL;
    }
    struct wh_buf buf;
    wh_buf_init(&buf, &batch->arena);
    codec->encode_handoff(codec->self, &buf, &handoff);
    add_output(batch, &(struct wh_log_record){
                          .topic = WH_TOPIC_HANDOFF,
                          .partition = wh_hash_murmur2_partition(head->key, context->partitions),
                          .key = head->key,
                          .value = wh_buf_str(&buf),
                      });
}

static void
pass_on_all(struct wh_batch *batch, struct wh_batch_context *context)
{
    for (size_t i = 0; i < batch->item_count && !batch->is_replay; i++) {
        if (batch->items[i].kind == WH_ITEM_PASS_ON && batch->items[i].touch != NULL) {
            pass_on(batch, context, i);
        }
    }
}

void
wh_batch_compute(struct wh_batch *batch, struct wh_batch_context *context, struct wh_cache *cache,
                 struct wh_timers *timers)
{
    if (batch->journal.has_timers) {
        act_due(batch, context, cache, timers);
    }
    /* The digest begins behind the due moments: at replay an entity that is further does not show
     * that its due moment is skipped, so nobody would know when to compare. */
    batch->digest = 0;
    for (size_t i = 0; i < batch->item_count; i++) {
        struct wh_item *item = &batch->items[i];
        move_clock(batch, item);
        if (item->kind != WH_ITEM_REJECT && item->record->topic == WH_TOPIC_TOUCHPOINTS &&
            !wh_intake_is_in_time(&context->intake, item->touch, batch->now, batch->journal.machine,
                                  &item->why)) {
            item->kind = WH_ITEM_REJECT;
        }
        switch (item->kind) {
        case WH_ITEM_STEP:
            step_item(batch, context, cache, timers, item);
            break;
        case WH_ITEM_PASS_ON:
            batch->passed_on++;
            count_touch(context, item->touch, RESULT_HANDED_OVER);
            break;
        case WH_ITEM_REJECT:
            reject(batch, context, item);
            break;
        }
    }
    pass_on_all(batch, context);
    batch->state = WH_BATCH_COMPUTED;
}
