#include "tests/support/desk.h"

#include <assert.h>

#include "engine/score/identity.h"

static void
accept(void *self, const struct wh_arrival *arrival)
{
    (void)arrival;
    struct desk *desk = self;
    desk->accepted++;
}

static void *
take(void *self, struct wh_arena *arena, uint32_t trail, struct wh_stretches minutes)
{
    (void)self;
    (void)arena;
    (void)trail;
    (void)minutes;
    return NULL;
}

static void *
put(void *self, struct wh_arena *arena, uint32_t trail, void *content, struct wh_stretches minutes)
{
    (void)content;
    return take(self, arena, trail, minutes);
}

static void
discard(void *self, void *content)
{
    (void)self;
    (void)content;
}

static void
rename_trail(void *self, uint32_t from, uint32_t to)
{
    (void)self;
    (void)from;
    (void)to;
}

static struct wh_arrivals
release(void *self, struct wh_arena *arena, struct wh_key key)
{
    (void)self;
    (void)arena;
    (void)key;
    return (struct wh_arrivals){NULL, 0};
}

static void
list_trails(void *self, bool *in_use)
{
    (void)self;
    in_use[0] = true;
}

struct wh_key
desk_key(const char *text)
{
    struct wh_key key = {0};
    bool parsed = wh_key_parse(wh_str_of(text), &key);
    assert(parsed);
    return key;
}

void
desk_begin(struct desk *desk, const char *text)
{
    *desk = (struct desk){.limits = wh_identity_limits_default, .now = 1000};
    wh_arena_init(&desk->arena, 0);
    wh_identity_begin(&desk->identity, &desk->arena, desk_key(text), desk->now);
}

void
desk_end(struct desk *desk)
{
    wh_arena_fini(&desk->arena);
}

void
desk_step(struct desk *desk, const struct wh_identity_message *message)
{
    struct wh_parcels parcels = {
        .self = desk,
        .accept = accept,
        .take = take,
        .put = put,
        .discard = discard,
        .rename = rename_trail,
        .release = release,
        .list_trails = list_trails,
    };
    struct wh_identity_env env = {.limits = &desk->limits, .now = desk->now};
    wh_identity_effects_init(&desk->effects, &desk->arena);
    wh_identity_step(&env, &desk->identity, message, &parcels, &desk->effects);
}

void
desk_link(struct desk *desk, const char *from, int64_t minute)
{
    desk_step(desk, &(struct wh_identity_message){
                        .kind = WH_IDENTITY_LINK,
                        .from = desk_key(from),
                        .as.link = {.minutes = &minute, .count = 1},
                    });
}

void
desk_lease(struct desk *desk, const char *from, int64_t since, int64_t until)
{
    desk_step(desk, &(struct wh_identity_message){
                        .kind = WH_IDENTITY_LEASE,
                        .from = desk_key(from),
                        .as.lease = {.held = wh_stretches_of(&desk->arena, since, until),
                                     .floor = WH_MINUTE_FIRST},
                    });
}

void
desk_pair(struct desk *desk, const char *strong, bool split, int64_t at)
{
    desk_step(desk, &(struct wh_identity_message){
                        .kind = WH_IDENTITY_PAIR,
                        .as.pair = {.strong = desk_key(strong),
                                    .stamp = {.at = at, .id = WH_STR("c")},
                                    .split = split},
                    });
}

void
desk_arrive(struct desk *desk, int64_t minute, const char *other)
{
    struct wh_key keys[2] = {desk->identity.key, desk_key(other)};
    desk_step(desk, &(struct wh_identity_message){
                        .kind = WH_IDENTITY_ARRIVE,
                        .as.arrive = {.keys = keys, .key_count = 2, .minute = minute},
                    });
}

const struct wh_identity_message *
desk_sent(const struct desk *desk, const char *to, enum wh_identity_message_kind kind)
{
    for (uint32_t i = 0; i < desk->effects.sent_count; i++) {
        if (wh_key_compare(desk->effects.sent[i].to, desk_key(to)) == 0 &&
            desk->effects.sent[i].message.kind == kind) {
            return &desk->effects.sent[i].message;
        }
    }
    return NULL;
}

const struct wh_fact *
desk_fact(const struct desk *desk, enum wh_fact_kind kind)
{
    for (uint32_t i = 0; i < desk->effects.fact_count; i++) {
        if (desk->effects.facts[i].kind == kind) {
            return &desk->effects.facts[i];
        }
    }
    return NULL;
}

bool
desk_points_to(const struct desk *desk, int64_t minute, const char *target)
{
    const struct wh_key *found = wh_identity_target_at(&desk->identity, minute);
    return found == NULL ? target == NULL
                         : target != NULL && wh_key_compare(*found, desk_key(target)) == 0;
}

void
desk_names(struct desk *desk, const char *from, const char *const *names, uint32_t count)
{
    struct wh_identity_name *items = WH_ARENA_ARRAY(&desk->arena, struct wh_identity_name, count);
    for (uint32_t i = 0; i < count; i++) {
        items[i] = (struct wh_identity_name){desk_key(names[i]), 100 - (int64_t)i};
    }
    desk_step(desk, &(struct wh_identity_message){
                        .kind = WH_IDENTITY_LEASE,
                        .from = desk_key(from),
                        .as.lease = {.held = wh_stretches_all(),
                                     .floor = WH_MINUTE_FIRST,
                                     .names = {items, count}},
                    });
}
