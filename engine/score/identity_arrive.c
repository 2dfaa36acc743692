/* A touch is at home. Each weaker identifier in it is a kid: what its lease already says is kept
 * and told to nobody, so that in the common case nothing is sent. */
#include "engine/score/identity_step.h"

#define DAY_MINUTES 1440

static int64_t
day_of(int64_t minute)
{
    return minute / DAY_MINUTES - (minute % DAY_MINUTES < 0 ? 1 : 0);
}

/* The place of the entity among the identifiers of a touch. */
static uint32_t
place_of(const struct wh_identity *identity, const struct wh_arrival *arrival)
{
    uint32_t place = 0;
    while (place < arrival->key_count && !wh_key_is_same(arrival->keys[place], identity->key)) {
        place++;
    }
    return place;
}

/* Who is let go at the bound: a device rather than a person, the one silent for longest. */
static bool
goes_before(const struct wh_identity_kid *a, const struct wh_identity_kid *b)
{
    if ((a->key.kind == WH_KEY_ANON) != (b->key.kind == WH_KEY_ANON)) {
        return a->key.kind == WH_KEY_ANON;
    }
    if (a->last_seen != b->last_seen) {
        return a->last_seen < b->last_seen;
    }
    return wh_key_compare(a->key, b->key) < 0;
}

/* Its parcels become the entity's own; nobody can ask them back. */
static void
seal_one(struct wh_identity_step *step)
{
    struct wh_identity *identity = step->identity;
    struct wh_identity_kid *old = &identity->kids[0];
    for (uint32_t i = 1; i < identity->kid_count; i++) {
        if (goes_before(&identity->kids[i], old)) {
            old = &identity->kids[i];
        }
    }
    uint32_t own = wh_identity_trail_number(step, (struct wh_trail){.sealed = true}, NULL);
    for (uint32_t i = 0; i < identity->trail_count; i++) {
        const struct wh_identity_trail *trail = &identity->trails[i];
        if (trail->count > 0 && wh_key_is_same(trail->hops[trail->count - 1], old->key)) {
            step->parcels->rename(step->parcels->self, i, own);
        }
    }
    wh_identity_remove_kid(identity, old);
    wh_identity_count(step, WH_COUNT_SEALED);
    step->moved = true;
}

struct wh_identity_kid *
wh_identity_adopt(struct wh_identity_step *step, struct wh_key weak)
{
    if (step->identity->kid_count >= step->env->limits->kids) {
        seal_one(step);
    }
    return wh_identity_add_kid(step->identity, weak);
}

static bool
see_day(struct wh_identity_step *step, struct wh_identity_kid *kid, int64_t minute)
{
    if (kid->key.kind != WH_KEY_ANON ||
        !wh_minutes_add(&kid->days, step->identity->arena, day_of(minute))) {
        return false;
    }
    if (kid->days.count > step->env->limits->days) {
        wh_minutes_remove_at(&kid->days, 0);
        wh_identity_count(step, WH_COUNT_DAYS_DROPPED);
    }
    return true;
}

/* Never the first one: it says whose the time before it is. */
static void
keep(struct wh_identity_step *step, struct wh_identity_kid *kid, int64_t minute)
{
    wh_minutes_add(&kid->kept, step->identity->arena, minute);
    if (kid->kept.count > step->env->limits->kept) {
        wh_minutes_remove_at(&kid->kept, kid->kept.count > 1 ? 1 : 0);
        wh_identity_count(step, WH_COUNT_KEPT_DROPPED);
    }
}

static void
tell(struct wh_identity_step *step, struct wh_key weak, int64_t minute, bool fresh)
{
    int64_t *minutes = WH_ARENA_NEW(step->effects->arena, int64_t);
    *minutes = minute;
    wh_identity_send(step, weak, WH_IDENTITY_LINK)->as.link =
        (struct wh_identity_link){.minutes = minutes, .count = 1, .fresh = fresh};
}

/* Whether something new was seen that a crowd is known by. */
static bool
identified(struct wh_identity_step *step, struct wh_key weak, int64_t minute)
{
    struct wh_identity_kid *kid = wh_identity_find_kid(step->identity, weak);
    bool fresh = kid == NULL;
    if (fresh) {
        kid = wh_identity_adopt(step, weak);
    }
    kid->forgotten = false;
    kid->last_seen = kid->last_seen > minute ? kid->last_seen : minute;
    bool news = see_day(step, kid, minute) || fresh;
    if (kid->status == WH_LEASE_OPEN && !wh_stretches_cover(kid->lease, minute)) {
        tell(step, kid->key, minute, fresh);
    } else {
        keep(step, kid, minute);
    }
    return news;
}

static uint32_t
devices_on(const struct wh_identity *identity, int64_t day)
{
    uint32_t devices = 0;
    for (uint32_t i = 0; i < identity->kid_count; i++) {
        devices += wh_minutes_have(&identity->kids[i].days, day);
    }
    return devices;
}

static bool
has_a_crowd(const struct wh_identity_step *step, int64_t day)
{
    const struct wh_identity *identity = step->identity;
    uint32_t of_kind[WH_KEY_KIND_COUNT] = {0};
    for (uint32_t i = 0; i < identity->kid_count; i++) {
        struct wh_key key = identity->kids[i].key;
        if (wh_key_is_weaker(key, identity->key) && key.kind != WH_KEY_ANON &&
            ++of_kind[key.kind] > step->env->limits->crowd) {
            return true;
        }
    }
    return devices_on(identity, day) > step->env->limits->devices;
}

static void
become_crowd(struct wh_identity_step *step)
{
    struct wh_identity *identity = step->identity;
    identity->crowd = true;
    step->hands = true;
    step->moved = true;
    wh_identity_count(step, WH_COUNT_CROWD);
    wh_identity_find_out(step, WH_FACT_CROWD)->reason = WH_REASON_CROWD;
    for (uint32_t i = 0; i < identity->kid_count; i++) {
        if (wh_key_is_weaker(identity->kids[i].key, identity->key)) {
            wh_identity_send(step, identity->kids[i].key, WH_IDENTITY_REFUSE);
        }
    }
}

bool
wh_identity_pass_on(struct wh_identity_step *step, const struct wh_arrival *arrival)
{
    uint32_t next = place_of(step->identity, arrival) + 1;
    if (next >= arrival->key_count) {
        return false;
    }
    struct wh_arrival passed = *arrival;
    passed.skipped = next;
    wh_identity_send(step, arrival->keys[next], WH_IDENTITY_ARRIVE)->as.arrive = passed;
    return true;
}

/* The others in the touch hear that they were seen with a crowd; the next one sees it itself. */
static void
tell_void(struct wh_identity_step *step, const struct wh_arrival *arrival)
{
    struct wh_identity *identity = step->identity;
    for (uint32_t i = place_of(identity, arrival) + 2; i < arrival->key_count; i++) {
        if (wh_key_is_weaker(arrival->keys[i], identity->key)) {
            wh_identity_send(step, arrival->keys[i], WH_IDENTITY_LINK)->as.link =
                (struct wh_identity_link){.is_void = true};
        }
    }
}

static void
see_skipped(struct wh_identity_step *step, const struct wh_arrival *arrival)
{
    for (uint32_t i = 0; i < arrival->skipped; i++) {
        struct wh_key crowd = arrival->keys[i];
        if (wh_key_is_weaker(step->identity->key, crowd) && wh_identity_see(step, crowd)) {
            wh_identity_refuse(step, crowd);
        }
    }
}

static void
see_weaker(struct wh_identity_step *step, const struct wh_arrival *arrival)
{
    struct wh_identity *identity = step->identity;
    bool news = false;
    for (uint32_t i = place_of(identity, arrival) + 1; i < arrival->key_count; i++) {
        struct wh_key key = arrival->keys[i];
        if (wh_key_is_weaker(key, identity->key)) {
            news = identified(step, key, arrival->minute) || news;
        }
        if (key.kind == arrival->keys[i - 1].kind) {
            wh_identity_count(step, WH_COUNT_TWO_OF_A_KIND);
        }
    }
    if (news && has_a_crowd(step, day_of(arrival->minute))) {
        become_crowd(step);
    }
}

void
wh_identity_on_arrive(struct wh_identity_step *step)
{
    const struct wh_arrival *arrival = &step->message->as.arrive;
    if (wh_identity_is_erased(step, arrival->minute)) {
        return;
    }
    if (!arrival->automatic) {
        see_skipped(step, arrival);
        if (step->identity->crowd) {
            tell_void(step, arrival);
        } else {
            see_weaker(step, arrival);
        }
    }
    if (!step->identity->crowd || !wh_identity_pass_on(step, arrival)) {
        step->parcels->accept(step->parcels->self, arrival);
    }
}
