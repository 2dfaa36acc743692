#include "tests/identity/net.h"

#include <stdarg.h>
#include <string.h>

#define STEPS_MAX 200000

void
net_problem(struct net *net, const char *format, ...)
{
    if (net->problem[0] != '\0') {
        return;
    }
    va_list args;
    va_start(args, format);
    (void)vsnprintf(net->problem, sizeof(net->problem), format, args);
    va_end(args);
}

void
net_init(struct net *net, struct world *world, uint64_t seed, const struct net_engine *engine)
{
    size_t keys = (size_t)world->key_count;
    *net = (struct net){
        .arena = world->arena,
        .world = world,
        .chance = {.state = seed ^ UINT64_C(0x5bd1e9955bd1e995)},
        .limits = world->limits,
        .engine = engine,
        .exact = true,
        .now = INT64_C(1000000),
        .entities = WH_ARENA_ARRAY(world->arena, struct entity, keys),
        .channels = WH_ARENA_ARRAY(world->arena, struct channel, (keys + 1) * (keys + 1)),
        .live = WH_ARENA_ARRAY(world->arena, int, (keys + 1) * (keys + 1)),
    };
    net->quorum = CHANCE_OF(&net->chance, 1, 2, 3, 5);
    net->repeats = chance_is(&net->chance, 40);
    net->copies = chance_is(&net->chance, 10);
    net->eager = CHANCE_OF(&net->chance, 20, 100, 500);
    if (engine != NULL) {
        engine->init(net);
    }
}

void
net_fini(struct net *net)
{
    if (net->engine != NULL) {
        net->engine->fini(net);
    }
    for (int key = 0; key < net->world->key_count; key++) {
        wh_arena_fini(&net->entities[key].arenas[0]);
        wh_arena_fini(&net->entities[key].arenas[1]);
    }
}

struct entity *
net_entity(struct net *net, int key)
{
    struct entity *entity = &net->entities[key];
    if (!entity->exists) {
        entity->exists = true;
        store_init(&entity->store, net->arena, net->world);
        entity->store.decisions_stay = net->mistake == MISTAKE_DECISIONS_STAY;
        if (net->engine != NULL) {
            net->engine->begin(net, key);
        } else {
            wh_identity_begin(&entity->identity, &entity->arenas[0], net->world->keys[key],
                              net->now);
        }
    }
    return entity;
}

int
net_resolve(const struct net *net, int key, int64_t minute)
{
    const struct wh_key *target = NULL;
    for (int hops = 0; hops <= net->world->key_count; hops++) {
        if (!net->entities[key].exists) {
            return key;
        }
        target = wh_identity_target_at(&net->entities[key].identity, minute);
        if (target == NULL) {
            return key;
        }
        key = world_find(net->world, *target);
    }
    return NOBODY; /* a circle */
}

static void
push_input(struct net *net, struct flight flight)
{
    if (net->input_count == net->input_capacity) {
        int capacity = net->input_capacity == 0 ? 16 : net->input_capacity * 2;
        net->inputs = wh_arena_grow(net->arena, net->inputs, (size_t)net->input_count,
                                    (size_t)capacity, sizeof(*net->inputs));
        net->input_capacity = capacity;
    }
    net->inputs[net->input_count++] = flight;
}

static void
feed_touch(struct net *net, struct touch *touch)
{
    if (touch->key_count == 0) {
        return;
    }
    struct flight flight = {.from = NOBODY, .to = touch->keys[0]};
    struct wh_key *keys = WH_ARENA_ARRAY(net->arena, struct wh_key, (size_t)touch->key_count);
    for (int i = 0; i < touch->key_count; i++) {
        keys[i] = net->world->keys[touch->keys[i]];
    }
    flight.message.kind = WH_IDENTITY_ARRIVE;
    flight.message.as.arrive = (struct wh_arrival){
        .keys = keys,
        .key_count = (uint32_t)touch->key_count,
        .minute = minute_of(touch->at),
        .automatic = touch->automatic,
        .touch = touch,
    };
    int copies = touch->copies + (net->repeats ? CHANCE_OF(&net->chance, 0, 0, 1, 2) : 0);
    for (; copies > 0; copies--) {
        push_input(net, flight);
    }
}

static void
feed_command(struct net *net, const struct command *command)
{
    struct wh_stamp stamp = {.at = command->at * 1000000, .id = wh_str_of(command->id)};
    struct flight flight = {.from = NOBODY, .to = command->subject};
    struct wh_identity_message *message = &flight.message;
    switch (command->word) {
    case WORD_SPLIT:
    case WORD_ALLOW:
        message->kind = WH_IDENTITY_PAIR;
        message->as.pair = (struct wh_identity_pair){.strong = net->world->keys[command->object],
                                                     .stamp = stamp,
                                                     .split = command->word == WORD_SPLIT};
        break;
    case WORD_JOIN:
        flight.to = command->object;
        message->kind = WH_IDENTITY_JOIN;
        message->as.join =
            (struct wh_identity_join){.stamp = stamp, .lead = net->world->keys[command->subject]};
        break;
    case WORD_ALONE:
        message->kind = WH_IDENTITY_DISSOLVE;
        message->as.dissolve = (struct wh_identity_dissolve){.stamp = stamp, .alone = true};
        break;
    case WORD_ERASE:
    case WORD_ERASE_LEAD:
        message->kind = WH_IDENTITY_ERASE;
        message->as.erase.minutes = wh_stretches_of(net->arena, command->from, command->to);
        message->as.erase.lead = command->word == WORD_ERASE_LEAD;
        break;
    }
    push_input(net, flight);
}

void
net_feed(struct net *net, int first_touch, int first_command)
{
    for (int i = first_touch; i < net->world->touch_count; i++) {
        feed_touch(net, &net->world->touches[i]);
    }
    for (int i = first_command; i < net->world->command_count; i++) {
        feed_command(net, &net->world->commands[i]);
    }
}

static void
set_live(struct net *net, int index)
{
    struct channel *channel = &net->channels[index];
    if (channel->weight == 0) {
        channel->weight = CHANCE_OF(&net->chance, 100, 100, 100, 30, 3);
    }
    channel->live_at = net->live_count;
    net->live[net->live_count++] = index;
}

static void
set_empty(struct net *net, int index)
{
    int last = net->live[--net->live_count];
    net->live[net->channels[index].live_at] = last;
    net->channels[last].live_at = net->channels[index].live_at;
}

void
net_send(struct net *net, int from, int to, const struct flight *flight)
{
    int index = (from + 1) * (net->world->key_count + 1) + to;
    struct channel *channel = &net->channels[index];
    if (channel->first + channel->count == channel->capacity) {
        int capacity = channel->count == 0 ? 4 : channel->count * 2;
        channel->items =
            wh_arena_grow(net->arena, channel->items + channel->first, (size_t)channel->count,
                          (size_t)capacity, sizeof(*channel->items));
        channel->first = 0;
        channel->capacity = capacity;
    }
    if (channel->count == 0) {
        set_live(net, index);
    }
    channel->items[channel->first + channel->count++] = *flight;
    net->sent[flight->message.kind]++;
}

static struct flight
pop(struct net *net, int index)
{
    struct channel *channel = &net->channels[index];
    if (net->mistake == MISTAKE_NO_FIFO) {
        int other = channel->first + chance_below(&net->chance, channel->count);
        struct flight flight = channel->items[other];
        channel->items[other] = channel->items[channel->first];
        channel->items[channel->first] = flight;
    }
    struct flight flight = channel->items[channel->first++];
    if (--channel->count == 0) {
        channel->first = 0;
        set_empty(net, index);
    }
    return flight;
}

static struct flight
pop_input(struct net *net)
{
    int at = chance_below(&net->chance, net->input_count);
    struct flight flight = net->inputs[at];
    net->inputs[at] = net->inputs[--net->input_count];
    return flight;
}

/* One of the channels by weight, or an input. */
static struct flight
choose(struct net *net)
{
    int total = net->input_count > 0 ? net->eager : 0;
    for (int i = 0; i < net->live_count; i++) {
        total += net->channels[net->live[i]].weight;
    }
    int pick = chance_below(&net->chance, total);
    for (int i = 0; i < net->live_count; i++) {
        pick -= net->channels[net->live[i]].weight;
        if (pick < 0) {
            return pop(net, net->live[i]);
        }
    }
    return pop_input(net);
}

static void
measure(struct net *net, const struct wh_identity_message *message)
{
    if (message->kind != WH_IDENTITY_UP && message->kind != WH_IDENTITY_HOME) {
        return;
    }
    int size = 0;
    for (uint32_t i = 0; i < message->as.transfer.count; i++) {
        const struct content *content = message->as.transfer.loads[i].content;
        size += size_of(content->items, content->count);
    }
    net->largest = size > net->largest ? size : net->largest;
}

static void
send_all(struct net *net, const struct flight *cause, const struct wh_identity_effects *effects)
{
    for (uint32_t i = 0; i < effects->sent_count; i++) {
        struct wh_identity_sent *sent = &effects->sent[i];
        struct flight flight = {
            .from = cause->to, .to = world_find(net->world, sent->to), .message = sent->message};
        net_keep_message(net, &flight.message);
        measure(net, &flight.message);
        if (mistake_send(net, cause, cause->to, sent)) {
            net_send(net, flight.from, flight.to, &flight);
        }
    }
}

static void
note_told(struct net *net, int lead, const struct wh_fact *fact)
{
    struct entity *entity = &net->entities[lead];
    if (fact->turn != entity->turn + 1) {
        net_problem(net, "%s told turn %u after %u", world_name(net->world, lead), fact->turn,
                    entity->turn);
    }
    entity->turn = fact->turn;
    if (net->told_count == net->told_capacity) {
        int capacity = net->told_capacity == 0 ? 8 : net->told_capacity * 2;
        net->told = wh_arena_grow(net->arena, net->told, (size_t)net->told_count, (size_t)capacity,
                                  sizeof(*net->told));
        net->told_capacity = capacity;
    }
    bool merged = fact->kind == WH_FACT_MERGED;
    net->features[merged ? FEATURE_MERGED_EVENT : FEATURE_REVIVED_EVENT] = true;
    net->told[net->told_count++] = (struct told){
        .lead = lead,
        .into = merged ? world_find(net->world, fact->into) : NOBODY,
        .turn = fact->turn,
        .life = fact->life,
    };
}

static void
note_effects(struct net *net, int key, const struct wh_identity_effects *effects)
{
    for (uint32_t i = 0; i < effects->fact_count; i++) {
        if (effects->facts[i].kind == WH_FACT_MERGED || effects->facts[i].kind == WH_FACT_REVIVED) {
            note_told(net, key, &effects->facts[i]);
        }
    }
    for (int i = 0; i < WH_IDENTITY_COUNTER_COUNT; i++) {
        net->counters[i] += effects->counters[i];
    }
}

/* The state moves into another arena and the former one is given back. */
static void
move_state(struct entity *entity)
{
    int other = 1 - entity->current;
    struct wh_identity copy;
    wh_identity_copy(&copy, &entity->arenas[other], &entity->identity);
    wh_arena_fini(&entity->arenas[entity->current]);
    entity->identity = copy;
    entity->current = other;
}

static void
step(struct net *net, struct flight *flight, struct wh_identity_effects *effects)
{
    struct entity *entity = &net->entities[flight->to];
    if (net->engine != NULL) {
        net->engine->step(net, flight, effects);
        return;
    }
    struct wh_identity_env env = {.limits = &net->limits, .now = net->now};
    struct wh_parcels parcels = store_parcels(&entity->store);
    wh_identity_step(&env, &entity->identity, &flight->message, &parcels, effects);
}

static void
move(struct net *net, int key)
{
    if (net->engine != NULL) {
        net->engine->move(net, key);
    } else {
        move_state(&net->entities[key]);
    }
}

static void
decide(struct net *net, int key)
{
    if (net->engine == NULL) {
        decide_fold(net, key);
        decide_publish(net, key);
        decide_fold(net, key); /* a decision takes room, too */
    }
}

static void
handle(struct net *net, struct flight *flight)
{
    (void)net_entity(net, flight->to);
    struct planted planted = {0};
    if (!mistake_before(net, flight, &planted)) {
        return;
    }
    struct wh_identity_effects effects;
    wh_identity_effects_init(&effects, net->arena);
    step(net, flight, &effects);
    mistake_after(net, flight, &planted, &effects);
    if (net->trace != NULL) {
        trace_step(net, flight, &effects);
    }
    send_all(net, flight, &effects);
    note_effects(net, flight->to, &effects);
    if (net->copies) {
        move(net, flight->to);
    }
    decide(net, flight->to);
    audit_entity(net, flight->to);
}

void
net_run(struct net *net)
{
    while (net->live_count > 0 || net->input_count > 0) {
        if (++net->steps > STEPS_MAX) {
            net_problem(net, "no quiescence");
            return;
        }
        struct flight flight = choose(net);
        handle(net, &flight);
        if (flight.message.kind == WH_IDENTITY_JOIN ||
            flight.message.kind == WH_IDENTITY_DISSOLVE) {
            audit_joins(net);
        }
        if (net->audit) {
            audit_conservation(net);
        }
        net->now += net->frozen ? 0 : chance_below(&net->chance, 3000000);
    }
    net->withdrawn_early = net->withdrawn;
    net->now += WH_IDENTITY_SETTLE;
    if (net->engine != NULL) {
        net->engine->rest(net);
        return;
    }
    for (int key = 0; key < net->world->key_count; key++) {
        if (net->entities[key].exists) {
            decide_publish(net, key);
        }
    }
}
