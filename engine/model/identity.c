#include "engine/model/identity.h"

#include <assert.h>
#include <string.h>

#include "engine/base/time.h"

#define CAPACITY_MIN 4

const struct wh_identity_limits wh_identity_limits_default = {
    .people = 8,
    .crowd = 16,
    .devices = 32,
    .kids = 96,
    .kept = 64,
    .days = 32,
    .links = 256,
    .pairs = 16,
    .erased = 16,
    .names = 16,
    .trail = 12,
    .trails = 1024,
};

static struct wh_key
copy_key(struct wh_arena *arena, struct wh_key key)
{
    return (struct wh_key){.kind = key.kind, .value = wh_arena_str(arena, key.value)};
}

static bool
is_key(struct wh_key a, struct wh_key b)
{
    return a.kind == b.kind && wh_str_equal(a.value, b.value);
}

static void *
grown(struct wh_arena *arena, const void *items, uint32_t *capacity, size_t size)
{
    uint32_t larger = *capacity == 0 ? CAPACITY_MIN : *capacity * 2;
    void *copy = wh_arena_grow(arena, items, *capacity, larger, size);
    *capacity = larger;
    return copy;
}

void
wh_identity_begin(struct wh_identity *identity, struct wh_arena *arena, struct wh_key key,
                  int64_t now)
{
    *identity = (struct wh_identity){
        .arena = arena,
        .key = copy_key(arena, key),
        .life = now,
        .join_stamp = {.at = WH_TIME_MIN},
        .floor = WH_MINUTE_FIRST,
        .hands_changed_at = WH_TIME_MIN,
    };
    identity->trails = grown(arena, NULL, &identity->trail_capacity, sizeof(*identity->trails));
    identity->trails[identity->trail_count++] = (struct wh_identity_trail){.used = true};
}

struct wh_identity_target *
wh_identity_find_target(const struct wh_identity *identity, struct wh_key key)
{
    for (uint32_t i = 0; i < identity->target_count; i++) {
        if (is_key(identity->targets[i].key, key)) {
            return &identity->targets[i];
        }
    }
    return NULL;
}

struct wh_identity_target *
wh_identity_get_target(struct wh_identity *identity, struct wh_key key)
{
    struct wh_identity_target *target = wh_identity_find_target(identity, key);
    if (target != NULL) {
        return target;
    }
    if (identity->target_count == identity->target_capacity) {
        identity->targets = grown(identity->arena, identity->targets, &identity->target_capacity,
                                  sizeof(*identity->targets));
    }
    target = &identity->targets[identity->target_count++];
    *target = (struct wh_identity_target){
        .key = copy_key(identity->arena, key),
        .word_stamp = {.at = WH_TIME_MIN},
    };
    return target;
}

struct wh_identity_kid *
wh_identity_find_kid(const struct wh_identity *identity, struct wh_key key)
{
    for (uint32_t i = 0; i < identity->kid_count; i++) {
        if (is_key(identity->kids[i].key, key)) {
            return &identity->kids[i];
        }
    }
    return NULL;
}

struct wh_identity_kid *
wh_identity_add_kid(struct wh_identity *identity, struct wh_key key)
{
    if (identity->kid_count == identity->kid_capacity) {
        identity->kids = grown(identity->arena, identity->kids, &identity->kid_capacity,
                               sizeof(*identity->kids));
    }
    struct wh_identity_kid *kid = &identity->kids[identity->kid_count++];
    *kid = (struct wh_identity_kid){
        .key = copy_key(identity->arena, key),
        .last_seen = WH_MINUTE_FIRST,
    };
    return kid;
}

void
wh_identity_remove_kid(struct wh_identity *identity, struct wh_identity_kid *kid)
{
    uint32_t index = (uint32_t)(kid - identity->kids);
    assert(index < identity->kid_count);
    identity->kid_count--;
    memmove(kid, kid + 1, (identity->kid_count - index) * sizeof(*kid));
}

static bool
is_blank(const struct wh_identity *identity, const struct wh_identity_target *target)
{
    return !target->seen && !target->refused && target->word == WH_PAIR_NONE &&
           target->told.count == 0 && target->granted.count == 0 &&
           target->granted_status == WH_LEASE_OPEN && target->granted_names.count == 0 &&
           !(identity->joined && is_key(identity->into, target->key));
}

static void
move_target(struct wh_identity *identity, uint32_t from, uint32_t to)
{
    for (uint32_t i = 0; i < identity->bound_count; i++) {
        if (identity->bounds[i].target == from) {
            identity->bounds[i].target = to;
        }
    }
    identity->targets[to] = identity->targets[from];
}

void
wh_identity_sweep_targets(struct wh_identity *identity)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < identity->target_count; i++) {
        if (!is_blank(identity, &identity->targets[i])) {
            move_target(identity, i, kept++);
        }
    }
    identity->target_count = kept;
}

static struct wh_stamp
copy_stamp(struct wh_arena *arena, struct wh_stamp stamp)
{
    return (struct wh_stamp){.at = stamp.at, .id = wh_arena_str(arena, stamp.id)};
}

static struct wh_identity_names
copy_names(struct wh_arena *arena, struct wh_identity_names names)
{
    struct wh_identity_name *items = WH_ARENA_ARRAY(arena, struct wh_identity_name, names.count);
    for (uint32_t i = 0; i < names.count; i++) {
        items[i].key = copy_key(arena, names.items[i].key);
        items[i].since = names.items[i].since;
    }
    return (struct wh_identity_names){items, names.count};
}

static void
copy_targets(struct wh_identity *to, struct wh_arena *arena, const struct wh_identity *from)
{
    to->targets = WH_ARENA_ARRAY(arena, struct wh_identity_target, from->target_count);
    to->target_capacity = from->target_count;
    for (uint32_t i = 0; i < from->target_count; i++) {
        struct wh_identity_target *target = &to->targets[i];
        *target = from->targets[i];
        target->key = copy_key(arena, target->key);
        target->word_stamp = copy_stamp(arena, target->word_stamp);
        target->told = wh_minutes_copy(arena, &target->told);
        target->granted = wh_stretches_copy(arena, target->granted);
        target->granted_names = copy_names(arena, target->granted_names);
    }
}

static void
copy_kids(struct wh_identity *to, struct wh_arena *arena, const struct wh_identity *from)
{
    to->kids = WH_ARENA_ARRAY(arena, struct wh_identity_kid, from->kid_count);
    to->kid_capacity = from->kid_count;
    for (uint32_t i = 0; i < from->kid_count; i++) {
        struct wh_identity_kid *kid = &to->kids[i];
        *kid = from->kids[i];
        kid->key = copy_key(arena, kid->key);
        kid->lease = wh_stretches_copy(arena, kid->lease);
        kid->kept = wh_minutes_copy(arena, &kid->kept);
        kid->days = wh_minutes_copy(arena, &kid->days);
        kid->names = copy_names(arena, kid->names);
    }
}

static void
copy_trails(struct wh_identity *to, struct wh_arena *arena, const struct wh_identity *from)
{
    to->trails = WH_ARENA_ARRAY(arena, struct wh_identity_trail, from->trail_count);
    to->trail_capacity = from->trail_count;
    for (uint32_t i = 0; i < from->trail_count; i++) {
        struct wh_identity_trail *trail = &to->trails[i];
        *trail = from->trails[i];
        trail->hops = WH_ARENA_ARRAY(arena, struct wh_key, trail->count);
        for (uint32_t k = 0; k < trail->count; k++) {
            trail->hops[k] = copy_key(arena, from->trails[i].hops[k]);
        }
    }
}

static void
copy_erasing(struct wh_identity *to, struct wh_arena *arena, const struct wh_identity *from)
{
    to->erasing = WH_ARENA_ARRAY(arena, struct wh_identity_member, from->erasing_count);
    to->erasing_capacity = from->erasing_count;
    for (uint32_t i = 0; i < from->erasing_count; i++) {
        to->erasing[i].key = copy_key(arena, from->erasing[i].key);
        to->erasing[i].minutes = wh_stretches_copy(arena, from->erasing[i].minutes);
    }
}

void
wh_identity_copy(struct wh_identity *to, struct wh_arena *arena, const struct wh_identity *from)
{
    *to = *from;
    to->arena = arena;
    to->key = copy_key(arena, from->key);
    to->join_stamp = copy_stamp(arena, from->join_stamp);
    to->into = copy_key(arena, from->into);
    to->told_into = copy_key(arena, from->told_into);
    to->erased = wh_stretches_copy(arena, from->erased);
    to->bounds = wh_arena_grow(arena, from->bounds, from->bound_count, from->bound_count,
                               sizeof(*to->bounds));
    to->bound_capacity = from->bound_count;
    copy_targets(to, arena, from);
    copy_kids(to, arena, from);
    copy_erasing(to, arena, from);
    copy_trails(to, arena, from);
}
