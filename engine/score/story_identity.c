/* Who is who, from what one entity knows. */
#include "engine/base/time.h"
#include "engine/model/key_set.h"
#include "engine/score/explain.h"
#include "engine/score/identity.h"
#include "engine/score/story.h"

struct teller {
    const struct wh_entity *entity;
    struct wh_arena *arena;
    struct wh_story_identifier *items;
    struct wh_key *keys; /* of the items */
    uint32_t count, capacity;
};

static bool
is_same(struct wh_key a, struct wh_key b)
{
    return a.kind == b.kind && wh_str_equal(a.value, b.value);
}

static int64_t
start_of(int64_t minute)
{
    return minute == WH_MINUTE_FIRST ? WH_TIME_MIN : minute * WH_US_PER_MINUTE;
}

static int64_t
end_of(int64_t minute)
{
    return minute == WH_MINUTE_END ? WH_TIME_NEVER : minute * WH_US_PER_MINUTE;
}

static bool
names_both(struct wh_str set, struct wh_key a, struct wh_key b)
{
    struct wh_key keys[WH_TOUCH_KEYS_MAX];
    size_t count = wh_key_set_parse(set, keys, WH_TOUCH_KEYS_MAX);
    bool has_a = false;
    bool has_b = false;
    for (size_t i = 0; i < count; i++) {
        has_a = has_a || is_same(keys[i], a);
        has_b = has_b || is_same(keys[i], b);
    }
    return has_a && has_b;
}

/* The first and the last touch of those kept singly that made the link. */
static void
find_proofs(const struct wh_state *state, struct wh_key weak, struct wh_key strong,
            struct wh_story_link *link)
{
    const struct wh_history *history = &state->history;
    for (uint32_t row = 0; row < history->count; row++) {
        bool is_within = history->at[row] >= link->from && history->at[row] < link->until;
        struct wh_str set = wh_strings_get(&state->strings, history->keys[row]);
        if (!is_within || !names_both(set, weak, strong)) {
            continue;
        }
        struct wh_str id = wh_strings_get(&state->strings, history->id[row]);
        link->last = (struct wh_story_proof){id, history->at[row]};
        link->first = link->first.id.len == 0 ? link->last : link->first;
    }
}

static struct wh_story_link
link_of(const struct teller *teller, struct wh_key weak, struct wh_key strong,
        struct wh_stretch stretch)
{
    struct wh_story_link link = {
        .to = wh_key_text(teller->arena, strong),
        .known = true,
        .from = start_of(stretch.from),
        .until = end_of(stretch.to),
    };
    find_proofs(&teller->entity->state, weak, strong, &link);
    return link;
}

/* In the order of keys, behind the entity itself, each once. */
static struct wh_story_identifier *
add(struct teller *teller, struct wh_key key)
{
    uint32_t place = teller->count == 0 ? 0 : 1;
    while (place < teller->count && wh_key_compare(teller->keys[place], key) < 0) {
        place++;
    }
    if (place < teller->count && is_same(teller->keys[place], key)) {
        return &teller->items[place];
    }
    if (teller->count == teller->capacity) {
        uint32_t capacity = teller->capacity == 0 ? 8 : 2 * teller->capacity;
        teller->items = wh_arena_grow(teller->arena, teller->items, teller->count, capacity,
                                      sizeof(*teller->items));
        teller->keys = wh_arena_grow(teller->arena, teller->keys, teller->count, capacity,
                                     sizeof(*teller->keys));
        teller->capacity = capacity;
    }
    for (uint32_t i = teller->count++; i > place; i--) {
        teller->items[i] = teller->items[i - 1];
        teller->keys[i] = teller->keys[i - 1];
    }
    teller->keys[place] = key;
    teller->items[place] = (struct wh_story_identifier){.key = wh_key_text(teller->arena, key)};
    return &teller->items[place];
}

static struct wh_story_device
device_of(const struct teller *teller, const struct wh_identity_kid *kid)
{
    struct wh_stretches lease = kid->lease;
    struct wh_story_device device = {
        .key = wh_key_text(teller->arena, kid->key),
        .status = kid->status,
        .holds = lease.count > 0,
    };
    if (device.holds) {
        device.from = start_of(lease.items[0].from);
        device.until = end_of(lease.items[lease.count - 1].to);
    }
    return device;
}

/* Whom the entity itself points to, and who points to it. */
static void
tell_itself(struct teller *teller)
{
    const struct wh_identity *identity = &teller->entity->identity;
    struct wh_story_device *devices =
        WH_ARENA_ARRAY(teller->arena, struct wh_story_device, identity->kid_count);
    struct wh_story_link *links =
        WH_ARENA_ARRAY(teller->arena, struct wh_story_link, identity->bound_count);
    for (uint32_t i = 0; i < identity->kid_count; i++) {
        devices[i] = device_of(teller, &identity->kids[i]);
    }
    for (uint32_t i = 0; i < identity->bound_count; i++) {
        bool is_last = i + 1 == identity->bound_count;
        struct wh_stretch stretch = {identity->bounds[i].from,
                                     is_last ? WH_MINUTE_END : identity->bounds[i + 1].from};
        links[i] = link_of(teller, identity->key, identity->targets[identity->bounds[i].target].key,
                           stretch);
    }
    struct wh_story_identifier *self = add(teller, identity->key);
    self->links = links;
    self->link_count = identity->bound_count;
    self->devices = devices;
    self->device_count = identity->kid_count;
    self->contested = wh_identity_is_contested(identity);
}

static void
tell_kid(struct teller *teller, const struct wh_identity_kid *kid)
{
    struct wh_story_link *links =
        WH_ARENA_ARRAY(teller->arena, struct wh_story_link, kid->lease.count);
    for (uint32_t i = 0; i < kid->lease.count; i++) {
        links[i] = link_of(teller, kid->key, teller->entity->identity.key, kid->lease.items[i]);
    }
    struct wh_story_identifier *item = add(teller, kid->key);
    item->links = links;
    item->link_count = kid->lease.count;
    item->contested = wh_identity_is_kid_contested(kid);
}

/* An identifier behind a kid shows by what came: since when it points there, the kid knows. */
static void
tell_hop(struct teller *teller, struct wh_key weak, struct wh_key strong)
{
    struct wh_story_identifier *item = add(teller, weak);
    struct wh_str to = wh_key_text(teller->arena, strong);
    for (size_t i = 0; i < item->link_count; i++) {
        if (wh_str_equal(item->links[i].to, to)) {
            return;
        }
    }
    struct wh_story_link *links = wh_arena_grow(teller->arena, item->links, item->link_count,
                                                item->link_count + 1, sizeof(*links));
    struct wh_story_link *link = &links[item->link_count];
    *link = (struct wh_story_link){.to = to, .from = WH_TIME_MIN, .until = WH_TIME_NEVER};
    find_proofs(&teller->entity->state, weak, strong, link);
    item->links = links;
    item->link_count++;
}

/* Whom the touch names beside its home, which it came from: they are seen by the home alone. */
static void
tell_companions(struct teller *teller, uint32_t row, struct wh_key home)
{
    const struct wh_state *state = &teller->entity->state;
    struct wh_key keys[WH_TOUCH_KEYS_MAX];
    struct wh_str set = wh_strings_get(&state->strings, state->history.keys[row]);
    size_t count = wh_key_set_parse(set, keys, WH_TOUCH_KEYS_MAX);
    for (size_t i = 0; i < count; i++) {
        if (keys[i].kind > home.kind) {
            tell_hop(teller, keys[i], home);
        }
    }
}

static void
tell_ways(struct teller *teller)
{
    const struct wh_identity *identity = &teller->entity->identity;
    const struct wh_history *history = &teller->entity->state.history;
    for (uint32_t row = 0; row < history->count; row++) {
        const struct wh_identity_trail *trail = &identity->trails[history->trail[row]];
        if (trail->count == 0 || trail->sealed) {
            continue;
        }
        for (uint32_t i = 0; i + 1 < trail->count; i++) {
            tell_hop(teller, trail->hops[i], trail->hops[i + 1]);
        }
        tell_companions(teller, row, trail->hops[0]);
    }
}

/* Ids published earlier that live here now; and the life, which an erasure begins anew. */
static void
tell_names(const struct wh_ruleset *ruleset, struct teller *teller, const uint8_t *secret,
           struct wh_story *story)
{
    struct wh_identity_names names =
        wh_identity_also(&teller->entity->identity, &ruleset->identity, teller->arena);
    struct wh_str *also = WH_ARENA_ARRAY(teller->arena, struct wh_str, names.count);
    for (uint32_t i = 0; i < names.count; i++) {
        struct wh_hash_id id = wh_key_id(secret, teller->arena, names.items[i].key);
        also[i] = wh_explain_id(&id, teller->arena);
    }
    struct wh_snapshot *snapshot = WH_ARENA_NEW(teller->arena, struct wh_snapshot);
    *snapshot = *story->snapshot;
    snapshot->also = also;
    snapshot->also_count = names.count;
    snapshot->life = teller->entity->identity.life;
    story->snapshot = snapshot;
}

void
wh_story_tell_identity(const struct wh_ruleset *ruleset, const struct wh_entity *entity,
                       const uint8_t *secret, struct wh_arena *arena, struct wh_story *story)
{
    const struct wh_identity *identity = &entity->identity;
    struct teller teller = {.entity = entity, .arena = arena};
    tell_itself(&teller);
    for (uint32_t i = 0; i < identity->kid_count; i++) {
        if (identity->kids[i].lease.count > 0) {
            tell_kid(&teller, &identity->kids[i]);
        }
    }
    tell_ways(&teller);
    if (secret != NULL) {
        tell_names(ruleset, &teller, secret, story);
    }
    story->identifiers = teller.items;
    story->identifier_count = teller.count;
}
