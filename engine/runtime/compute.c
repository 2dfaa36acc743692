/* The heart of a batch: due moments, then records, through step. */
#include <assert.h>

#include "engine/base/time.h"
#include "engine/runtime/meter.h"
#include "engine/runtime/planted.h"
#include "engine/score/entity.h"

void
wh_batch_add_output(struct wh_batch *batch, const struct wh_log_record *record)
{
    if (batch->is_replay) {
        return;
    }
    batch->outputs = wh_batch_grow(&batch->arena, batch->outputs, batch->output_count,
                                   &batch->output_capacity, sizeof(*batch->outputs));
    batch->outputs[batch->output_count++] = *record;
    batch->event_count += record->topic == WH_TOPIC_STATES ? 0 : 1;
}

static void
mix(struct wh_batch *batch, uint64_t value)
{
    batch->digest = (batch->digest ^ value) * UINT64_C(0x100000001B3);
}

/* That of the touch at hand, for what it caused itself. */
static struct wh_str
trace_of(const struct wh_batch *batch, const struct wh_event *event)
{
    bool is_its = batch->acting != NULL && batch->acting->touch != NULL &&
                  wh_str_equal(event->cause.touch, batch->acting->touch->id);
    return is_its ? batch->acting->trace : (struct wh_str){NULL, 0};
}

/* The digest is that of the JSON, so that it does not depend on the form in which events leave. */
static struct wh_str
encode_published(struct wh_batch *batch, const struct wh_codec *codec, const struct wh_event *event,
                 struct wh_str json)
{
    struct wh_buf buf;
    if (codec->encode_published == NULL) {
        return json;
    }
    wh_buf_init(&buf, &batch->arena);
    codec->encode_published(codec->self, &buf, event);
    return wh_buf_str(&buf);
}

static void
publish(struct wh_batch *batch, struct wh_batch_context *context, const struct wh_effects *effects)
{
    const struct wh_codec *codec = context->intake.codec;
    for (size_t i = 0; i < effects->count; i++) {
        struct wh_buf buf;
        wh_buf_init(&buf, &batch->arena);
        codec->encode_event(codec->self, &buf, &effects->events[i]);
        mix(batch, wh_hash_fingerprint(wh_buf_str(&buf)));
        wh_meter_event(batch, context, &effects->events[i]);
        if (effects->events[i].silent) {
            continue;
        }
        const struct wh_event *event = &effects->events[i];
        bool is_json = codec->encode_published == NULL;
        struct wh_str lead_id = event->snapshot->lead_id;
        wh_batch_add_output(batch,
                            &(struct wh_log_record){
                                .topic = WH_TOPIC_LEADS,
                                .partition = WH_LOG_BY_KEY,
                                .key = wh_arena_str(&batch->arena, lead_id),
                                .value = encode_published(batch, codec, event, wh_buf_str(&buf)),
                                .form = is_json ? WH_FORM_JSON : WH_FORM_PROTOBUF,
                                .trace = trace_of(batch, event),
                            });
    }
}

static void
leave(struct wh_batch *batch, const struct wh_batch_context *context,
      const struct wh_post_target *target)
{
    wh_batch_add_output(
        batch, &(struct wh_log_record){
                   .topic = WH_TOPIC_HANDOFF,
                   .partition = wh_hash_murmur2_partition(target->key, context->partitions),
                   .key = target->key,
                   .value = wh_buf_str(&target->record),
               });
}

/* It is written at once: what it points to lives until the next step only. */
static void
send(struct wh_batch *batch, struct wh_batch_context *context, struct wh_str key, int64_t now,
     const struct wh_handoff_message *message)
{
    const struct wh_codec *codec = context->intake.codec;
    struct wh_handoff handoff = {key, now, message, 1};
    struct wh_post_target full;
    struct wh_buf buf;
    wh_buf_init(&buf, &batch->arena);
    codec->encode_handoff(codec->self, &buf, &handoff);
    mix(batch, wh_hash_fingerprint(wh_buf_str(&buf)));
    wh_meter_sent(batch, context, message->kind);
    if (!batch->is_replay && wh_post_add(&batch->post, key, wh_buf_str(&buf), &full)) {
        leave(batch, context, &full);
    }
}

static void
send_routes(struct wh_batch *batch, struct wh_batch_context *context, int64_t now,
            const struct wh_effects *effects)
{
    for (size_t i = 0; i < effects->sent_count; i++) {
        struct wh_handoff_message message = {
            .kind = WH_HANDOFF_ROUTE,
            .route = &effects->sent[i].message,
        };
        send(batch, context, wh_key_text(&batch->arena, effects->sent[i].to), now, &message);
    }
}

static void
send_all(struct wh_batch *batch, struct wh_batch_context *context, int64_t now,
         const struct wh_identity_effects *effects)
{
    for (uint32_t i = 0; i < effects->sent_count; i++) {
        struct wh_handoff_message message = {
            .kind = WH_HANDOFF_IDENTITY,
            .identity = &effects->sent[i].message,
        };
        send(batch, context, wh_key_text(&batch->arena, effects->sent[i].to), now, &message);
    }
    for (size_t i = 0; i < WH_IDENTITY_COUNTER_COUNT && !batch->is_replay; i++) {
        context->counts.identity[i] += effects->counters[i];
    }
}

static void
mark_changed(struct wh_batch *batch, struct wh_resident *entity)
{
    if (entity->made == batch->journal.seq) {
        return;
    }
    entity->made = batch->journal.seq;
    batch->changed = wh_batch_grow(&batch->arena, batch->changed, batch->changed_count,
                                   &batch->changed_capacity, sizeof(struct wh_resident *));
    batch->changed[batch->changed_count++] = entity;
}

/* What was erased is overwritten in the snapshots by the same transaction (law 9). */
static void
note_erased(struct wh_resident *entity, const struct wh_identity_effects *effects)
{
    for (uint32_t i = 0; i < effects->fact_count; i++) {
        entity->is_erased = entity->is_erased || effects->facts[i].kind == WH_FACT_ERASED;
    }
}

static void
set_due(struct wh_batch *batch, const struct wh_ruleset *ruleset, struct wh_timers *timers,
        struct wh_resident *entity)
{
    int64_t due = wh_entity_next_due(ruleset, &entity->entity, &batch->arena);
    /* The next due moment is a lower bound; one that does not lie ahead would act for ever. */
    due = due <= entity->entity.state.now ? entity->entity.state.now + 1 : due;
    mix(batch, (uint64_t)due);
    if (due != entity->due) {
        entity->due = due;
        wh_timers_push(timers, (struct wh_due){due, entity->id});
    }
}

/* All entities of a partition change to a model at one moment, which the journal says, whenever
 * they are looked at: else what they decide would hang on who looked when. */
static void
adopt(struct wh_batch *batch, struct wh_batch_context *context, struct wh_resident *entity,
      struct wh_entity_effects *effects)
{
    struct wh_str former = entity->model.hash;
    int64_t at = WH_IS_PLANTED(ADOPT_LATE) ? batch->now : batch->journal.model_at;
    struct wh_moment moment = {at, batch->journal.announce_from, context->secret};
    if (wh_str_equal(former, context->model.hash)) {
        return;
    }
    wh_resident_adopt(entity, &context->model, at);
    wh_entity_look_adopted(context->model.ruleset, &entity->entity, former, &moment, effects);
    batch->adopted++;
}

static void
step(struct wh_batch *batch, struct wh_batch_context *context, struct wh_timers *timers,
     struct wh_resident *entity, const struct wh_message *message, int64_t now)
{
    struct wh_entity_effects effects;
    struct wh_moment moment = {now, batch->journal.announce_from, context->secret};
    const struct wh_ruleset *ruleset = context->intake.ruleset;
    wh_entity_effects_init(&effects, &batch->arena);
    adopt(batch, context, entity, &effects);
    struct wh_drops drops = wh_meter_drops(ruleset, &entity->entity);
    enum wh_outcome outcome = wh_entity_step(ruleset, &entity->entity, message, &moment, &effects);
    if (message->kind == WH_MESSAGE_TOUCH) {
        wh_meter_touch(batch, context, message->touch, outcome);
    }
    wh_meter_step(batch, context, &entity->entity, &drops, &effects);
    publish(batch, context, &effects.events);
    /* Until the clock of the partition has begun, who sends has one of its own. */
    int64_t sent_at = batch->now == WH_TIME_MIN ? entity->entity.state.now : batch->now;
    send_all(batch, context, sent_at, &effects.identity);
    send_routes(batch, context, sent_at, &effects.events);
    note_erased(entity, &effects.identity);
    set_due(batch, ruleset, timers, entity);
    mark_changed(batch, entity);
    wh_resident_collect(entity);
    batch->steps++;
}

static bool
is_ahead(struct wh_batch *batch, const struct wh_resident *entity)
{
    bool is_ahead =
        batch->is_replay && entity->seq >= batch->journal.seq && !WH_IS_PLANTED(NO_SKIP);
    batch->skipped += is_ahead ? 1 : 0;
    return is_ahead;
}

/* It goes at one of its due moments, so that it makes no difference when somebody looks. */
static void
forget(struct wh_resident *entity)
{
    if (entity->exists && wh_entity_is_forgettable(&entity->entity)) {
        wh_arena_reset(&entity->arenas[entity->current]);
        entity->exists = false;
        entity->due = WH_TIME_NEVER;
    }
}

static void
act(struct wh_batch *batch, struct wh_batch_context *context, struct wh_timers *timers,
    struct wh_resident *entity)
{
    struct wh_message time = {.kind = WH_MESSAGE_TIME};
    int64_t due = entity->due;
    entity->due = WH_TIME_NEVER;
    wh_meter_due(batch, context, due);
    step(batch, context, timers, entity, &time, due);
    forget(entity);
}

/* What was due before a message acts before it, each at its own moment, however many due moments
 * the batch took. */
static void
catch_up(struct wh_batch *batch, struct wh_batch_context *context, struct wh_timers *timers,
         struct wh_resident *entity)
{
    while (entity->exists && entity->due <= batch->now) {
        act(batch, context, timers, entity);
    }
}

/* Under a new model they decide now, at the latest. */
static void
sweep(struct wh_batch *batch, struct wh_batch_context *context, struct wh_cache *cache,
      struct wh_timers *timers)
{
    struct wh_message time = {.kind = WH_MESSAGE_TIME};
    for (size_t i = 0; i < batch->journal.swept_count; i++) {
        struct wh_resident *entity = wh_cache_find(cache, &batch->journal.swept[i]);
        assert(entity != NULL);
        if (is_ahead(batch, entity)) {
            continue;
        }
        catch_up(batch, context, timers, entity);
        if (entity->exists) {
            step(batch, context, timers, entity, &time, batch->now);
        }
    }
}

/* Each acts at its own due moment, so that it makes no difference how late the batch looks. */
static void
act_due(struct wh_batch *batch, struct wh_batch_context *context, struct wh_cache *cache,
        struct wh_timers *timers)
{
    struct wh_due due;
    struct wh_due *kept = NULL;
    size_t kept_count = 0;
    size_t kept_capacity = 0;
    while (wh_timers_pop(timers, batch->until, &due)) {
        struct wh_resident *entity = wh_cache_find(cache, &due.key);
        assert(entity != NULL);
        if (entity->due != due.due || !entity->exists) {
            /* The store's index may say a moment earlier than the entity does. */
            wh_timers_push(timers, (struct wh_due){entity->due, entity->id});
            continue;
        }
        if (is_ahead(batch, entity)) {
            kept = wh_batch_grow(&batch->arena, kept, kept_count, &kept_capacity, sizeof(*kept));
            kept[kept_count++] = due;
            continue;
        }
        act(batch, context, timers, entity);
    }
    for (size_t i = 0; i < kept_count; i++) {
        wh_timers_push(timers, kept[i]);
    }
}

static void
reject(struct wh_batch *batch, struct wh_batch_context *context, const struct wh_item *item)
{
    batch->rejected++;
    wh_meter_rejected(batch, context, item);
    wh_batch_add_output(batch, &(struct wh_log_record){
                                   .topic = WH_TOPIC_REJECTED,
                                   .partition = WH_LOG_BY_KEY,
                                   .key = item->record->key,
                                   .value = item->bytes,
                                   .reason = wh_str_of(wh_reject_str(item->why.reason)),
                                   .field = item->why.field,
                                   .detail = item->why.detail,
                                   .origin = {.is_known = true,
                                              .topic = item->record->topic,
                                              .partition = item->record->partition,
                                              .offset = item->record->offset,
                                              .at = item->record->at},
                               });
}

/* What another entity sent before the partition's first touch acts at its sender's moment, and does
 * not begin the clock of the partition: else all that its leads are would hang on whether that
 * message came before their first touch or after it. */
static int64_t
moment_of(const struct wh_batch *batch, const struct wh_item *item)
{
    return batch->now == WH_TIME_MIN ? item->sent_at : batch->now;
}

static void
step_item(struct wh_batch *batch, struct wh_batch_context *context, struct wh_cache *cache,
          struct wh_timers *timers, struct wh_item *item)
{
    struct wh_resident *entity = wh_cache_find(cache, &item->id);
    assert(entity != NULL);
    if (is_ahead(batch, entity)) {
        return;
    }
    int64_t now = moment_of(batch, item);
    catch_up(batch, context, timers, entity);
    if (!entity->exists) {
        struct wh_arena *arena = &entity->arenas[entity->current];
        wh_entity_begin(&entity->entity, arena, context->intake.ruleset, item->who, item->id, now);
        entity->exists = true;
        entity->model = context->model;
        entity->live_size = arena->used;
    }
    struct wh_message message = {.kind = WH_MESSAGE_IDENTITY, .identity = item->told};
    if (item->route != NULL) {
        message = (struct wh_message){.kind = WH_MESSAGE_ROUTE, .route = item->route};
    } else if (item->told == NULL) {
        message = (struct wh_message){.kind = WH_MESSAGE_TOUCH, .touch = item->touch};
    } else if (item->touch != NULL && !batch->is_replay) {
        context->counts.commands++;
    }
    batch->acting = item;
    step(batch, context, timers, entity, &message, now);
    batch->acting = NULL;
}

/* Under the log clock a record moves the time, a message from another entity does not. */
static void
move_clock(struct wh_batch *batch, const struct wh_item *item)
{
    bool is_touch = item->record->topic == WH_TOPIC_TOUCHPOINTS;
    if (batch->journal.clock != WH_CLOCK_LOG || item->kind == WH_ITEM_REJECT) {
        return;
    }
    if (is_touch && item->touch->received > batch->now) {
        batch->now = item->touch->received;
    }
}

static void
pass_on(struct wh_batch *batch, struct wh_batch_context *context, const struct wh_item *item)
{
    struct wh_handoff_message message = {
        .kind = WH_HANDOFF_TOUCH,
        .bytes = item->bytes,
        .default_id = item->default_id,
        .trace = item->trace,
    };
    batch->passed_on++;
    wh_meter_passed_on(batch, context, item->touch);
    send(batch, context, item->key, moment_of(batch, item), &message);
}

static void
send_rest(struct wh_batch *batch, const struct wh_batch_context *context)
{
    size_t at = 0;
    struct wh_post_target target;
    while (wh_post_next(&batch->post, &at, &target)) {
        leave(batch, context, &target);
    }
}

void
wh_batch_compute(struct wh_batch *batch, struct wh_batch_context *context, struct wh_cache *cache,
                 struct wh_timers *timers)
{
    wh_post_init(&batch->post, &batch->arena);
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
            pass_on(batch, context, item);
            break;
        case WH_ITEM_REJECT:
            reject(batch, context, item);
            break;
        }
    }
    sweep(batch, context, cache, timers);
    send_rest(batch, context);
    batch->state = WH_BATCH_COMPUTED;
}
