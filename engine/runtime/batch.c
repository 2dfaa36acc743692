#include "engine/runtime/batch.h"

#include "engine/base/time.h"
#include "engine/runtime/meter.h"
#include "engine/score/command_touch.h"
#include "engine/score/entity.h"

#define FIRST_CAPACITY 32

const char *
wh_batch_state_str(enum wh_batch_state state)
{
    switch (state) {
    case WH_BATCH_EMPTY:
        return "empty";
    case WH_BATCH_READING:
        return "reading";
    case WH_BATCH_LOADING:
        return "loading";
    case WH_BATCH_COMPUTED:
        return "computed";
    }
    return "";
}

void
wh_batch_init(struct wh_batch *batch)
{
    *batch = (struct wh_batch){.state = WH_BATCH_EMPTY};
    wh_arena_init(&batch->arena, 0);
    for (size_t i = 0; i < WH_INPUT_COUNT; i++) {
        wh_arena_init(&batch->inputs[i], 0);
    }
}

void
wh_batch_fini(struct wh_batch *batch)
{
    wh_arena_fini(&batch->arena);
    for (size_t i = 0; i < WH_INPUT_COUNT; i++) {
        wh_arena_fini(&batch->inputs[i]);
    }
}

void
wh_batch_reset(struct wh_batch *batch)
{
    struct wh_batch fresh = {.arena = batch->arena, .state = WH_BATCH_EMPTY};
    wh_arena_reset(&fresh.arena);
    for (size_t i = 0; i < WH_INPUT_COUNT; i++) {
        fresh.inputs[i] = batch->inputs[i];
        wh_arena_reset(&fresh.inputs[i]);
    }
    *batch = fresh;
}

void
wh_batch_use_model(struct wh_batch_context *context, const struct wh_model_ref *model)
{
    context->model = *model;
    context->intake.ruleset = model->ruleset;
}

void *
wh_batch_grow(struct wh_arena *arena, void *items, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity) {
        return items;
    }
    size_t larger = *capacity == 0 ? FIRST_CAPACITY : 2 * *capacity;
    *capacity = larger;
    return wh_arena_grow(arena, items, count, larger, size);
}

static struct wh_item *
add_item(struct wh_batch *batch, const struct wh_log_record *record, struct wh_str bytes)
{
    batch->items = wh_batch_grow(&batch->arena, batch->items, batch->item_count,
                                 &batch->item_capacity, sizeof(*batch->items));
    struct wh_item *item = &batch->items[batch->item_count++];
    *item = (struct wh_item){.record = record, .bytes = bytes};
    return item;
}

static void
address(struct wh_batch *batch, const struct wh_batch_context *context, struct wh_item *item)
{
    item->key = wh_key_text(&batch->arena, item->who);
    item->id = wh_key_id(context->secret, &batch->arena, item->who);
    bool is_home = wh_hash_murmur2_partition(item->key, context->partitions) == context->partition;
    item->kind = is_home ? WH_ITEM_STEP : WH_ITEM_PASS_ON;
}

/* Decodes, and says where it belongs. */
static void
decode(struct wh_batch *batch, struct wh_batch_context *context, struct wh_item *item)
{
    item->touch = WH_ARENA_NEW(&batch->arena, struct wh_touch);
    item->kind = WH_ITEM_REJECT;
    struct wh_decode_counts before = context->intake.mended;
    bool is_good = wh_intake_decode(&context->intake, &batch->arena, item->bytes, item->default_id,
                                    item->touch, &item->why);
    if (item->record->topic == WH_TOPIC_TOUCHPOINTS) {
        wh_meter_mended(batch, context, &before);
    }
    if (!is_good) {
        return;
    }
    item->who = wh_entity_home(item->touch);
    if (wh_touch_is_command(item->touch)) {
        struct wh_identity_message *told = WH_ARENA_NEW(&batch->arena, struct wh_identity_message);
        if (!wh_intake_command(item->touch, &batch->arena, &item->who, told, &item->why)) {
            return;
        }
        item->told = told;
    }
    address(batch, context, item);
}

static void
add_message(struct wh_batch *batch, struct wh_batch_context *context,
            const struct wh_log_record *record, const struct wh_handoff *handoff, size_t index)
{
    const struct wh_handoff_message *message = &handoff->messages[index];
    struct wh_item *item = add_item(batch, record, message->bytes);
    item->sent_at = handoff->now;
    switch (message->kind) {
    case WH_HANDOFF_TOUCH:
        item->default_id = message->default_id;
        decode(batch, context, item);
        break;
    case WH_HANDOFF_IDENTITY:
        item->told = message->identity;
        (void)wh_key_parse(handoff->key, &item->who); /* the codec has looked */
        address(batch, context, item);
        break;
    case WH_HANDOFF_ROUTE:
        item->route = message->route;
        (void)wh_key_parse(handoff->key, &item->who);
        address(batch, context, item);
        break;
    }
}

static void
add_handoff(struct wh_batch *batch, struct wh_batch_context *context,
            const struct wh_log_record *record)
{
    struct wh_handoff handoff = {.message_count = 0};
    const struct wh_codec *codec = context->intake.codec;
    if (codec->decode_handoff(codec->self, record->value, &batch->arena, &handoff, NULL) != WH_OK) {
        struct wh_item *item = add_item(batch, record, record->value);
        item->kind = WH_ITEM_REJECT;
        item->why = (struct wh_rejection){.reason = WH_REJECT_NOT_PROTOBUF};
        return;
    }
    for (size_t i = 0; i < handoff.message_count; i++) {
        add_message(batch, context, record, &handoff, i);
    }
}

void
wh_batch_add(struct wh_batch *batch, struct wh_batch_context *context,
             const struct wh_log_record *record)
{
    if (record->topic == WH_TOPIC_HANDOFF) {
        add_handoff(batch, context, record);
        return;
    }
    struct wh_item *item = add_item(batch, record, record->value);
    item->default_id = wh_intake_default_id(&batch->arena, record);
    decode(batch, context, item);
}

static void
add_missing(struct wh_batch *batch, struct wh_batch_context *context, const struct wh_cache *cache,
            const struct wh_hash_id *id)
{
    if (wh_cache_find(cache, id) != NULL) {
        wh_meter_cache(batch, context, true);
        return;
    }
    for (size_t i = 0; i < batch->missing_count; i++) {
        if (memcmp(batch->missing[i].bytes, id->bytes, sizeof(id->bytes)) == 0) {
            return;
        }
    }
    batch->missing = wh_batch_grow(&batch->arena, batch->missing, batch->missing_count,
                                   &batch->missing_capacity, sizeof(*batch->missing));
    batch->missing[batch->missing_count++] = *id;
    wh_meter_cache(batch, context, false);
}

void
wh_batch_find_missing(struct wh_batch *batch, struct wh_batch_context *context,
                      const struct wh_cache *cache, struct wh_timers *timers, size_t timers_max)
{
    struct wh_due due;
    size_t count = 0;
    struct wh_due *taken = NULL;
    size_t capacity = 0;
    while (wh_timers_pop(timers, batch->until, &due)) {
        taken = wh_batch_grow(&batch->arena, taken, count, &capacity, sizeof(*taken));
        taken[count++] = due;
        add_missing(batch, context, cache, &due.key);
        if (count == timers_max && !batch->is_replay) {
            batch->until = due;
        }
    }
    for (size_t i = 0; i < count; i++) {
        wh_timers_push(timers, taken[i]);
    }
    for (size_t i = 0; i < batch->item_count; i++) {
        if (batch->items[i].kind == WH_ITEM_STEP) {
            add_missing(batch, context, cache, &batch->items[i].id);
        }
    }
    for (size_t i = 0; i < batch->snapshot_count; i++) {
        add_missing(batch, context, cache, &batch->snapshots[i]);
    }
    for (size_t i = 0; i < batch->journal.swept_count; i++) {
        add_missing(batch, context, cache, &batch->journal.swept[i]);
    }
}
