#include "tests/identity/real.h"

#include "engine/base/time.h"
#include "engine/score/parcels.h"

#include <string.h>

/* Ten days after the touches: all of them are in the past. In some worlds they are still to come
 * when they arrive, and time passes when all is quiet. */
#define START (10 * WH_US_PER_DAY)

static const char *const model_text =
    "waterhole: 1\n"
    "name: entities\n"
    "scores:\n"
    "  - id: interest\n"
    "    decay: { half_life: 1d }\n"
    "    rules:\n"
    "      - { id: visit, on: visit, points: touch.amount }\n"
    "      - { id: once, on: visit, points: 3, once_per: 1h }\n"
    "segments:\n"
    "  - { id: often, when: count(visit within 1d) >= 2 }\n"
    "  - { id: said, when: 'lead.a == \"1\" || lead.b == \"2\"' }\n"
    "  - { id: allowed, when: consent.p && consent.q }\n"
    "triggers:\n"
    "  - { id: large, on: visit, when: touch.amount > 15 }\n"
    "qualification:\n"
    "  - { id: ready, arm: count(visit) >= ";
static const int quorums[REAL_QUORUMS] = {1, 2, 3, 5};
static const char *const value_texts[REAL_VALUE_COUNT] = {"lead.a", "lead.b", "consent.p",
                                                          "consent.q"};
static const uint8_t secret[WH_HASH_KEY_SIZE] = {1, 2, 3};

const uint8_t *
real_secret(void)
{
    return secret;
}

static bool
compile(struct real_engine *real, int quorum, struct real_model *ret_model)
{
    struct wh_problems problems;
    struct wh_buf text;
    wh_problems_init(&problems, &real->arena);
    wh_buf_init(&text, &real->arena);
    wh_buf_printf(&text, "%s%d, cool_down: 0s }\n", model_text, quorum);
    struct wh_source_list *list = WH_ARENA_NEW(&real->arena, struct wh_source_list);
    list->sources = WH_ARENA_ARRAY(&real->arena, struct wh_source *, 1);
    list->sources[0] =
        wh_source_from_text(&real->arena, WH_STR("model.yaml"), wh_buf_str(&text), 0);
    list->count = 1;
    struct wh_compile_options options = {.sources = list};
    struct wh_location nowhere = {0};
    bool good = wh_compile(WH_STR("model.yaml"), &options, &problems, &ret_model->model) == WH_OK;
    for (int i = 0; good && i < REAL_VALUE_COUNT; i++) {
        good = wh_compile_expression(ret_model->model, &problems, wh_str_of(value_texts[i]),
                                     &nowhere, &ret_model->values[i]) == WH_OK;
    }
    if (!good) {
        struct wh_buf said;
        wh_buf_init(&said, &real->arena);
        wh_problems_print(&problems, WH_PROBLEM_FORMAT_TEXT, &said);
        (void)fprintf(stderr, "%s", wh_buf_text(&said));
    }
    return good;
}

static void
on_init(struct net *net)
{
    const struct real_engine *engine = net->engine->self;
    struct real *real = WH_ARENA_NEW(net->arena, struct real);
    int index = 0;
    while (quorums[index] != net->quorum) {
        index++;
    }
    real->model = &engine->models[index];
    real->ruleset = real->model->model->ruleset;
    wh_arena_init(&real->step, 0);
    wh_table_init(&real->event_ids, net->arena);
    real->fired = WH_ARENA_ARRAY(net->arena, int, (size_t)net->world->touch_count + 64);
    real->passed =
        WH_ARENA_ARRAY(net->arena, struct wh_bundle *, (size_t)net->world->touch_count + 64);
    net->real = real;
    net->now = chance_is(&net->chance, 15) ? WH_US_PER_SECOND : START;
}

static void
on_fini(struct net *net)
{
    struct real *real = net->real;
    wh_arena_fini(&real->step);
}

struct wh_hash_id
real_id(struct net *net, struct wh_arena *arena, int key)
{
    return wh_key_id(secret, arena, net->world->keys[key]);
}

static void
on_begin(struct net *net, int key)
{
    struct real *real = net->real;
    struct entity *entity = &net->entities[key];
    struct wh_entity *own = WH_ARENA_NEW(net->arena, struct wh_entity);
    wh_entity_begin(own, &entity->arenas[0], &real->ruleset, net->world->keys[key],
                    real_id(net, net->arena, key), net->now);
    entity->real = own;
    entity->identity = own->identity;
}

static void
set_named(struct wh_arena *arena, struct wh_named_list *list, const struct statement *said,
          int count)
{
    struct wh_named *items = WH_ARENA_ARRAY(arena, struct wh_named, (size_t)count);
    for (int i = 0; i < count; i++) {
        items[i].name = wh_str_of(said[i].name);
        items[i].value = said[i].value != NULL ? wh_value_string(wh_str_of(said[i].value))
                                               : wh_value_bool(said[i].yes);
    }
    *list = (struct wh_named_list){items, (size_t)count};
}

struct wh_touch *
real_touch(struct net *net, struct wh_arena *arena, const struct touch *touch)
{
    struct wh_touch *made = WH_ARENA_NEW(arena, struct wh_touch);
    made->id = wh_str_of(touch->id);
    made->occurred = touch->at * WH_US_PER_SECOND;
    made->received = made->occurred;
    made->digest = (uint64_t)touch->number;
    for (int i = 0; i < touch->key_count; i++) {
        made->keys[made->key_count++] = net->world->keys[touch->keys[i]];
    }
    made->fields[WH_FIELD_TYPE] = wh_value_string(WH_STR("visit"));
    made->fields[WH_FIELD_AMOUNT] = wh_value_of(WH_TYPE_NUMBER, points_of(touch) * 1000);
    if (touch->automatic) {
        made->fields[WH_FIELD_DEVICE_CLASS] = wh_value_string(WH_STR("robot"));
    }
    set_named(arena, &made->lead, touch->set, touch->set_count);
    set_named(arena, &made->consent, touch->consent, touch->consent_count);
    return made;
}

static const struct touch *
find_touch(const struct world *world, struct wh_str id)
{
    for (int i = 0; i < world->touch_count; i++) {
        if (wh_str_is(id, world->touches[i].id)) {
            return &world->touches[i];
        }
    }
    return NULL;
}

static struct decision *
find_decision(const struct net *net, const struct wh_decision *held)
{
    int key = world_find(net->world, held->published);
    for (int i = 0; i < net->decision_count; i++) {
        struct decision *decision = net->decisions[i];
        if (decision->published_as == key && decision->life == held->life &&
            decision->episode == held->episode) {
            return decision;
        }
    }
    return NULL;
}

/* A bundle as the net knows contents. */
static struct content *
content_of(struct net *net, struct wh_bundle *bundle)
{
    struct content *content = WH_ARENA_NEW(net->arena, struct content);
    content->items = WH_ARENA_ARRAY(net->arena, struct parcel,
                                    (size_t)bundle->row_count + bundle->decision_count);
    content->real = bundle;
    for (uint32_t i = 0; i < bundle->row_count; i++) {
        struct wh_str id = wh_strings_get(&bundle->strings, bundle->rows[i].id);
        content->items[content->count++] = (struct parcel){
            .kind = PARCEL_TOUCH,
            .minute = wh_minute_of(bundle->rows[i].at),
            .touch = find_touch(net->world, id),
        };
    }
    for (uint32_t i = 0; i < bundle->decision_count; i++) {
        const struct wh_decision *held = &bundle->decisions[i].decision;
        content->items[content->count++] = (struct parcel){
            .kind = PARCEL_DECISION,
            .minute = held->minute,
            .decision = find_decision(net, held),
        };
    }
    return content;
}

/* The planted mistake: what was decided stays behind when touches go on. */
static void
keep_decisions(struct net *net, int key, struct wh_bundle *bundle)
{
    struct wh_entity *own = net->entities[key].real;
    for (uint32_t i = 0; i < bundle->decision_count; i++) {
        struct wh_decision *held = wh_announced_add_decision(&own->state.announced);
        *held = bundle->decisions[i].decision;
        held->published.value = wh_arena_str(own->state.arena, held->published.value);
    }
    bundle->decision_count = 0;
}

/* What is sent outlives the step. */
static void
keep_sent(struct net *net, int key, struct wh_identity_sent *sent)
{
    struct real *real = net->real;
    struct wh_identity_message *message = &sent->message;
    struct wh_identity_transfer *transfer = &message->as.transfer;
    if (message->kind == WH_IDENTITY_ARRIVE) {
        const struct wh_cargo *cargo = message->as.arrive.touch;
        struct wh_str id = wh_strings_get(&cargo->rows->strings, cargo->rows->rows[0].id);
        const struct touch *touch = find_touch(net->world, id);
        struct wh_bundle *kept = WH_ARENA_NEW(net->arena, struct wh_bundle);
        wh_bundle_copy(kept, net->arena, cargo->rows);
        real->passed[touch->number] = kept;
        message->as.arrive.touch = &net->world->touches[touch->number];
        return;
    }
    if (message->kind != WH_IDENTITY_UP && message->kind != WH_IDENTITY_HOME) {
        return;
    }
    struct wh_load *loads = WH_ARENA_ARRAY(net->arena, struct wh_load, transfer->count);
    for (uint32_t i = 0; i < transfer->count; i++) {
        struct wh_bundle *kept = WH_ARENA_NEW(net->arena, struct wh_bundle);
        wh_bundle_copy(kept, net->arena, transfer->loads[i].content);
        if (net->mistake == MISTAKE_DECISIONS_STAY) {
            keep_decisions(net, key, kept);
        }
        loads[i].trail = transfer->loads[i].trail;
        loads[i].content = content_of(net, kept);
    }
    transfer->loads = loads;
}

/* Contents become bundles again. */
static void
unpack(struct net *net, struct wh_identity_message *message, struct wh_cargo *cargo)
{
    struct real *real = net->real;
    struct wh_identity_transfer *transfer = &message->as.transfer;
    if (message->kind == WH_IDENTITY_ARRIVE) {
        const struct touch *touch = message->as.arrive.touch;
        cargo->rows = real->passed[touch->number];
        message->as.arrive.touch = cargo;
    }
    if (message->kind != WH_IDENTITY_UP && message->kind != WH_IDENTITY_HOME) {
        return;
    }
    struct wh_load *loads = WH_ARENA_ARRAY(&real->step, struct wh_load, transfer->count);
    for (uint32_t i = 0; i < transfer->count; i++) {
        const struct content *content = transfer->loads[i].content;
        loads[i] = (struct wh_load){transfer->loads[i].trail, content->real};
    }
    transfer->loads = loads;
}

static void
run(struct net *net, int key, const struct wh_message *message, struct wh_entity_effects *effects)
{
    struct real *real = net->real;
    struct entity *entity = &net->entities[key];
    struct wh_entity *own = entity->real;
    struct wh_moment moment = {net->now, WH_TIME_MIN, secret};
    real->ruleset.identity = net->limits;
    own->identity = entity->identity; /* a mistake may have changed it */
    real->names_before = wh_identity_also(&own->identity, &net->limits, &real->step).count;
    wh_entity_effects_init(effects, &real->step);
    (void)wh_entity_step(&real->ruleset, own, message, &moment, effects);
    entity->identity = own->identity;
}

static void
on_step(struct net *net, struct flight *flight, struct wh_identity_effects *ret_effects)
{
    struct real *real = net->real;
    struct wh_entity_effects effects;
    struct wh_cargo cargo = {0};
    struct wh_identity_message identity = flight->message;
    struct wh_message message = {.kind = WH_MESSAGE_IDENTITY, .identity = &identity};
    wh_arena_reset(&real->step);
    if (identity.kind == WH_IDENTITY_ARRIVE && flight->from == NOBODY) {
        message.kind = WH_MESSAGE_TOUCH;
        message.touch = real_touch(net, &real->step, identity.as.arrive.touch);
    } else {
        unpack(net, &identity, &cargo);
    }
    run(net, flight->to, &message, &effects);
    real_look(net, flight->to);
    real_hear(net, flight->to, &effects);
    for (uint32_t i = 0; i < effects.identity.sent_count; i++) {
        keep_sent(net, flight->to, &effects.identity.sent[i]);
    }
    real_look(net, flight->to);
    *ret_effects = effects.identity;
}

static void
on_move(struct net *net, int key)
{
    struct entity *entity = &net->entities[key];
    struct wh_entity *own = entity->real;
    struct wh_entity copy;
    int other = 1 - entity->current;
    own->identity = entity->identity;
    wh_entity_copy(&copy, &entity->arenas[other], own);
    wh_arena_fini(&entity->arenas[entity->current]);
    *own = copy;
    entity->identity = own->identity;
    entity->current = other;
}

static void
on_rest(struct net *net)
{
    struct wh_message time = {.kind = WH_MESSAGE_TIME};
    struct real *real = net->real;
    net->now = net->now > START ? net->now : START;
    for (int key = 0; key < net->world->key_count; key++) {
        struct wh_entity_effects effects;
        if (!net->entities[key].exists) {
            continue;
        }
        wh_arena_reset(&real->step);
        run(net, key, &time, &effects);
        real_look(net, key);
        real_hear(net, key, &effects);
        real_look(net, key);
        int64_t due = wh_entity_next_due(&real->ruleset, net->entities[key].real, &real->step);
        if (due <= net->now) {
            net_problem(net, "%s has a due moment behind it", world_name(net->world, key));
        }
    }
}

static bool
is_among(const struct content *part, const struct parcel *parcel)
{
    for (int i = 0; i < part->count; i++) {
        const struct parcel *other = &part->items[i];
        if (other->kind == parcel->kind && other->touch == parcel->touch &&
            other->decision == parcel->decision) {
            return true;
        }
    }
    return false;
}

/* A copy without what is not in the part; rows of a bundle go by what is copied over them. */
static void *
on_part(struct net *net, const struct content *whole, const struct content *part)
{
    struct wh_bundle *bundle = WH_ARENA_NEW(net->arena, struct wh_bundle);
    int number = 0;
    uint32_t kept = 0;
    wh_bundle_copy(bundle, net->arena, whole->real);
    const struct content *full = content_of(net, whole->real);
    for (uint32_t i = 0; i < bundle->row_count; i++) {
        if (!is_among(part, &full->items[number++])) {
            continue;
        }
        bundle->rows[kept] = bundle->rows[i];
        for (uint32_t k = 0; k < bundle->column_count; k++) {
            bundle->columns[k].cells[kept] = bundle->columns[k].cells[i];
        }
        kept++;
    }
    bundle->row_count = kept;
    kept = 0;
    for (uint32_t i = 0; i < bundle->decision_count; i++) {
        if (is_among(part, &full->items[number++])) {
            bundle->decisions[kept++] = bundle->decisions[i];
        }
    }
    bundle->decision_count = kept;
    return bundle;
}

bool
real_engine_init(struct real_engine *real)
{
    bool good = true;
    memset(real, 0, sizeof(*real));
    wh_arena_init(&real->arena, 0);
    real->engine = (struct net_engine){
        .self = real,
        .init = on_init,
        .fini = on_fini,
        .begin = on_begin,
        .step = on_step,
        .move = on_move,
        .rest = on_rest,
        .part = on_part,
        .check = real_check,
    };
    for (int i = 0; good && i < REAL_QUORUMS; i++) {
        good = compile(real, quorums[i], &real->models[i]);
    }
    return good;
}

void
real_engine_fini(struct real_engine *real)
{
    for (int i = 0; i < REAL_QUORUMS; i++) {
        if (real->models[i].model != NULL) {
            wh_model_destroy(&real->models[i].model);
        }
    }
    wh_arena_fini(&real->arena);
}
