#include "engine/lab/world.h"

void
wh_world_init(struct wh_world *world, const struct wh_ruleset *ruleset,
              const uint8_t secret[WH_HASH_KEY_SIZE])
{
    *world = (struct wh_world){.ruleset = ruleset, .secret = secret, .now = WH_TIME_MIN};
    world->announce_from = WH_TIME_MIN;
    wh_arena_init(&world->arena, 0);
    wh_arena_init(&world->scratch, 0);
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
    wh_arena_fini(&world->scratch);
    wh_arena_fini(&world->arena);
}

struct wh_lead *
wh_world_find(const struct wh_world *world, struct wh_str key)
{
    int64_t index = 0;
    return wh_table_find(&world->by_key, key, &index) ? world->leads[index] : NULL;
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
    wh_state_begin(&lead->state, &lead->arenas[0], world->ruleset, key_text,
                   wh_key_id(world->secret, &world->scratch, key), world->now);
    lead->live_size = lead->arenas[0].used;
    lead->due = WH_TIME_NEVER;
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
    struct wh_state copy;
    if (old->used < WH_WORLD_GARBAGE_MIN || old->used < 2 * lead->live_size) {
        return;
    }
    wh_state_copy(&copy, fresh, &lead->state);
    wh_arena_fini(old);
    wh_arena_init(old, 0);
    lead->state = copy;
    lead->current = 1 - lead->current;
    lead->live_size = fresh->used;
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
        wh_heap_push(&world->heap, (struct wh_heap_entry){due, index});
    }
    if (world->heap.count < 4 * world->lead_count + WH_WORLD_STALE_TIMERS_MAX) {
        return;
    }
    world->heap.count = 0;
    for (size_t i = 0; i < world->lead_count; i++) {
        if (world->leads[i]->due != WH_TIME_NEVER) {
            wh_heap_push(&world->heap, (struct wh_heap_entry){world->leads[i]->due, i});
        }
    }
}

static enum wh_outcome
step(struct wh_world *world, size_t index, const struct wh_message *message, int64_t now)
{
    struct wh_lead *lead = world->leads[index];
    struct wh_effects effects;
    struct wh_moment moment = {now, world->announce_from, world->secret};
    wh_effects_init(&effects, &world->scratch);
    enum wh_outcome outcome = wh_step(world->ruleset, &lead->state, message, &moment, &effects);
    for (size_t i = 0; i < effects.count && world->on_event != NULL; i++) {
        world->on_event(world->self, lead, &effects.events[i]);
    }
    set_timer(world, index, wh_next_due(world->ruleset, &lead->state, &world->scratch));
    world->steps++;
    collect_garbage(lead);
    wh_arena_reset(&world->scratch);
    return outcome;
}

void
wh_world_advance(struct wh_world *world, int64_t now)
{
    struct wh_heap_entry entry;
    struct wh_message time = {.kind = WH_MESSAGE_TIME};
    while (wh_heap_peek(&world->heap, &entry) && entry.due <= now) {
        (void)wh_heap_pop(&world->heap, &entry);
        if (world->leads[entry.key]->due != entry.due) {
            continue;
        }
        /* A due moment is its own `now`, so that what is due in several leads happens in order. */
        world->leads[entry.key]->due = WH_TIME_NEVER;
        world->now = entry.due > world->now ? entry.due : world->now;
        (void)step(world, (size_t)entry.key, &time, world->now);
    }
    world->now = now > world->now ? now : world->now;
}

enum wh_outcome
wh_world_touch(struct wh_world *world, struct wh_str key, const struct wh_touch *touch, int64_t now)
{
    int64_t index = 0;
    wh_world_advance(world, now);
    if (!wh_table_find(&world->by_key, key, &index)) {
        index = (int64_t)add_lead(world, key);
    }
    struct wh_message message = {.kind = WH_MESSAGE_TOUCH, .touch = touch};
    return step(world, (size_t)index, &message, world->now);
}
