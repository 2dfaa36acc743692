#include "engine/lab/world.h"

#include "engine/base/time.h"
#include "engine/model/identity_message_copy.h"
#include "engine/score/adopt.h"

void
wh_world_init(struct wh_world *world, const struct wh_ruleset *ruleset,
              const uint8_t secret[WH_HASH_KEY_SIZE])
{
    *world = (struct wh_world){.ruleset = ruleset, .secret = secret, .now = WH_TIME_MIN};
    world->announce_from = WH_TIME_MIN;
    wh_arena_init(&world->arena, 0);
    wh_arena_init(&world->scratch, 0);
    wh_arena_init(&world->mail, 0);
    wh_table_init(&world->by_key, &world->arena);
    wh_heap_init(&world->heap, &world->arena);
}

void
wh_world_fini(struct wh_world *world)
{
    for (size_t i = 0; i < world->lead_count; i++) {
        wh_arena_fini(&world->leads[i]->arenas[0]);
        wh_arena_fini(&world->leads[i]->arenas[1]);
    }
    wh_arena_fini(&world->mail);
    wh_arena_fini(&world->scratch);
    wh_arena_fini(&world->arena);
}

struct wh_lead *
wh_world_find(const struct wh_world *world, struct wh_str key)
{
    int64_t index = 0;
    return wh_table_find(&world->by_key, key, &index) ? world->leads[index] : NULL;
}

/* Hops are few and rise in strength; joins cannot go in circles. */
struct wh_lead *
wh_world_find_lead(const struct wh_world *world, struct wh_str key)
{
    struct wh_arena arena;
    struct wh_lead *lead = wh_world_find(world, key);
    const struct wh_key *into = NULL;
    wh_arena_init(&arena, 0);
    while (lead != NULL &&
           (into = wh_identity_target_at(&lead->entity.identity, WH_MINUTE_END)) != NULL) {
        lead = wh_world_find(world, wh_key_text(&arena, *into));
    }
    wh_arena_fini(&arena);
    return lead;
}

static size_t
add_lead(struct wh_world *world, struct wh_str key_text)
{
    struct wh_key key;
    if (!wh_key_parse(key_text, &key)) {
        key = (struct wh_key){WH_KEY_ANON, key_text};
    }
    if (world->lead_count == world->lead_capacity) {
        size_t capacity = world->lead_capacity == 0 ? 64 : 2 * world->lead_capacity;
        world->leads = wh_arena_grow(
            &world->arena, world->leads, world->lead_count, capacity,
            sizeof(struct wh_lead *)); /* NOLINT(bugprone-sizeof-expression): pointers */
        world->lead_capacity = capacity;
    }
    struct wh_lead *lead = WH_ARENA_NEW(&world->arena, struct wh_lead);
    wh_arena_init(&lead->arenas[0], 0);
    wh_arena_init(&lead->arenas[1], 0);
    wh_entity_begin(&lead->entity, &lead->arenas[0], world->ruleset, key,
                    wh_key_id(world->secret, &world->scratch, key), world->now);
    lead->live_size = lead->arenas[0].used;
    lead->ruleset = world->ruleset;
    lead->due = WH_TIME_NEVER;
    lead->group = world->group;
    size_t index = world->lead_count++;
    world->leads[index] = lead;
    wh_table_put(&world->by_key, wh_arena_str(&world->arena, key_text), (int64_t)index);
    return index;
}

static void
collect_garbage(struct wh_lead *lead)
{
    struct wh_arena *old = &lead->arenas[lead->current];
    struct wh_arena *fresh = &lead->arenas[1 - lead->current];
    struct wh_entity copy;
    if (old->used < WH_WORLD_GARBAGE_MIN || old->used < 2 * lead->live_size) {
        return;
    }
    wh_entity_copy(&copy, fresh, &lead->entity);
    wh_arena_fini(old);
    wh_arena_init(old, 0);
    lead->entity = copy;
    lead->current = 1 - lead->current;
    lead->live_size = fresh->used;
}

/* Leads of a world are far fewer than 2^32. */
static void
push_timer(struct wh_world *world, size_t index)
{
    const struct wh_lead *lead = world->leads[index];
    uint64_t key = (uint64_t)lead->group << 32 | index;
    wh_heap_push(&world->heap, (struct wh_heap_entry){lead->due, key});
}

static void
set_timer(struct wh_world *world, size_t index, int64_t due)
{
    struct wh_lead *lead = world->leads[index];
    if (due == lead->due) {
        return;
    }
    lead->due = due;
    if (due != WH_TIME_NEVER) {
        push_timer(world, index);
    }
    if (world->heap.count < 4 * world->lead_count + WH_WORLD_STALE_TIMERS_MAX) {
        return;
    }
    world->heap.count = 0;
    for (size_t i = 0; i < world->lead_count; i++) {
        if (world->leads[i]->due != WH_TIME_NEVER) {
            push_timer(world, i);
        }
    }
}

/* Room for one letter more; NULL over the bound. */
static struct wh_letter *
next_letter(struct wh_world *world)
{
    if (world->sent_count == WH_WORLD_MESSAGES_MAX) {
        world->lost++;
        return NULL;
    }
    if (world->sent_count == world->sent_capacity) {
        size_t capacity = world->sent_capacity == 0 ? 16 : 2 * world->sent_capacity;
        world->sent = wh_arena_grow(&world->mail, world->sent, world->sent_count, capacity,
                                    sizeof(*world->sent));
        world->sent_capacity = capacity;
    }
    return &world->sent[world->sent_count++];
}

static void
post_identity(struct wh_world *world, const struct wh_identity_sent *sent)
{
    if (sent->message.kind == WH_IDENTITY_TELL && world->on_tell != NULL) {
        world->on_tell(world->self, sent);
        return;
    }
    struct wh_letter *letter = next_letter(world);
    if (letter != NULL) {
        struct wh_identity_sent *copy = &letter->as.identity;
        letter->kind = WH_MESSAGE_IDENTITY;
        copy->to = (struct wh_key){sent->to.kind, wh_arena_str(&world->mail, sent->to.value)};
        wh_identity_message_copy(&copy->message, &world->mail, &sent->message);
    }
}

static void
post_route(struct wh_world *world, const struct wh_route_sent *sent)
{
    struct wh_letter *letter = next_letter(world);
    if (letter != NULL) {
        letter->kind = WH_MESSAGE_ROUTE;
        wh_route_sent_copy(&letter->as.route, &world->mail, sent);
    }
}

static void
post(struct wh_world *world, const struct wh_entity_effects *effects)
{
    for (uint32_t i = 0; i < effects->identity.sent_count; i++) {
        post_identity(world, &effects->identity.sent[i]);
    }
    for (size_t i = 0; i < effects->events.sent_count; i++) {
        post_route(world, &effects->events.sent[i]);
    }
}

static void
publish(struct wh_world *world, const struct wh_lead *lead, const struct wh_entity_effects *effects)
{
    for (size_t i = 0; i < effects->events.count && world->on_event != NULL; i++) {
        world->on_event(world->self, lead, &effects->events.events[i]);
    }
    for (size_t i = 0; i < WH_IDENTITY_COUNTER_COUNT; i++) {
        world->counters[i] += effects->identity.counters[i];
    }
}

static void
adopt(const struct wh_world *world, struct wh_lead *lead, struct wh_entity_effects *effects)
{
    struct wh_arena *old = &lead->arenas[lead->current];
    struct wh_arena *fresh = &lead->arenas[1 - lead->current];
    struct wh_moment moment = {world->changed_at, world->announce_from, world->secret};
    struct wh_str former = wh_str_of(lead->ruleset->hash_hex);
    struct wh_entity adopted;
    if (lead->ruleset == world->ruleset) {
        return;
    }
    wh_entity_adopt((struct wh_adopted){&adopted, world->ruleset}, fresh,
                    (struct wh_adopted){&lead->entity, lead->ruleset}, world->changed_at);
    wh_arena_fini(old);
    wh_arena_init(old, 0);
    lead->entity = adopted;
    lead->ruleset = world->ruleset;
    lead->current = 1 - lead->current;
    lead->live_size = fresh->used;
    wh_entity_look_adopted(world->ruleset, &lead->entity, former, &moment, effects);
}

static enum wh_outcome
step(struct wh_world *world, size_t index, const struct wh_message *message, int64_t now)
{
    struct wh_lead *lead = world->leads[index];
    struct wh_entity_effects effects;
    struct wh_moment moment = {now, world->announce_from, world->secret};
    wh_entity_effects_init(&effects, &world->scratch);
    adopt(world, lead, &effects);
    enum wh_outcome outcome =
        wh_entity_step(world->ruleset, &lead->entity, message, &moment, &effects);
    publish(world, lead, &effects);
    post(world, &effects);
    set_timer(world, index, wh_entity_next_due(world->ruleset, &lead->entity, &world->scratch));
    world->steps++;
    collect_garbage(lead);
    wh_arena_reset(&world->scratch);
    return outcome;
}

static size_t
find_or_add(struct wh_world *world, struct wh_str key)
{
    int64_t index = 0;
    return wh_table_find(&world->by_key, key, &index) ? (size_t)index : add_lead(world, key);
}

/* Until nothing is on its way. */
static void
deliver(struct wh_world *world)
{
    for (size_t i = 0; i < world->sent_count; i++) {
        struct wh_letter letter = world->sent[i];
        bool is_route = letter.kind == WH_MESSAGE_ROUTE;
        struct wh_message message = {
            .kind = letter.kind,
            .identity = is_route ? NULL : &letter.as.identity.message,
            .route = is_route ? &letter.as.route.message : NULL,
        };
        struct wh_str key =
            wh_key_text(&world->mail, is_route ? letter.as.route.to : letter.as.identity.to);
        (void)step(world, find_or_add(world, key), &message, world->now);
    }
    world->sent = NULL;
    world->sent_count = 0;
    world->sent_capacity = 0;
    wh_arena_reset(&world->mail);
}

void
wh_world_advance(struct wh_world *world, int64_t now)
{
    struct wh_heap_entry entry;
    struct wh_message time = {.kind = WH_MESSAGE_TIME};
    while (wh_heap_peek(&world->heap, &entry) && entry.due <= now) {
        size_t index = (uint32_t)entry.key;
        struct wh_lead *lead = world->leads[index];
        (void)wh_heap_pop(&world->heap, &entry);
        if (lead->due != entry.due) {
            continue;
        }
        /* A due moment is its own `now`, so that what is due in several leads happens in order. */
        lead->due = WH_TIME_NEVER;
        world->now = entry.due > world->now ? entry.due : world->now;
        world->group = lead->group;
        (void)step(world, index, &time, world->now);
        deliver(world);
    }
    world->now = now > world->now ? now : world->now;
}

void
wh_world_use(struct wh_world *world, const struct wh_ruleset *ruleset, int64_t now)
{
    struct wh_message time = {.kind = WH_MESSAGE_TIME};
    wh_world_advance(world, now);
    if (world->ruleset == ruleset) {
        return;
    }
    world->ruleset = ruleset;
    world->changed_at = world->now;
    /* Who begins on the way begins under it. */
    for (size_t i = 0, count = world->lead_count; i < count; i++) {
        (void)step(world, i, &time, world->now);
        deliver(world);
    }
}

int64_t
wh_world_next_due(const struct wh_world *world)
{
    struct wh_heap_entry entry;
    return wh_heap_peek(&world->heap, &entry) ? entry.due : WH_TIME_NEVER;
}

enum wh_outcome
wh_world_touch(struct wh_world *world, struct wh_str key, const struct wh_touch *touch, int64_t now)
{
    wh_world_advance(world, now);
    struct wh_message message = {.kind = WH_MESSAGE_TOUCH, .touch = touch};
    enum wh_outcome outcome = step(world, find_or_add(world, key), &message, world->now);
    deliver(world);
    return outcome;
}

void
wh_world_command(struct wh_world *world, struct wh_key to,
                 const struct wh_identity_message *message, int64_t now)
{
    struct wh_identity_sent sent = {to, *message};
    wh_world_advance(world, now);
    post_identity(world, &sent);
    deliver(world);
}
