/* What a weaker identifier knows: its links, its companions, and the registers of commands. */
#include "engine/score/identity_step.h"

#include "engine/base/time.h"

static uint32_t
seen_of_kind(const struct wh_identity *identity, enum wh_key_kind kind)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < identity->target_count; i++) {
        count += identity->targets[i].seen && identity->targets[i].key.kind == kind;
    }
    return count;
}

bool
wh_identity_is_shared(const struct wh_identity *identity, const struct wh_identity_limits *limits)
{
    if (identity->overflow) {
        return true;
    }
    for (int kind = 0; kind < WH_KEY_KIND_COUNT; kind++) {
        if (seen_of_kind(identity, (enum wh_key_kind)kind) > limits->people) {
            return true;
        }
    }
    return false;
}

static void
found_shared(struct wh_identity_step *step)
{
    wh_identity_count(step, WH_COUNT_SHARED);
    wh_identity_find_out(step, WH_FACT_SHARED)->reason = WH_REASON_SHARED;
}

bool
wh_identity_see(struct wh_identity_step *step, struct wh_key strong)
{
    struct wh_identity *identity = step->identity;
    struct wh_identity_target *target = wh_identity_find_target(identity, strong);
    if (target != NULL && target->seen) {
        return true;
    }
    step->moved = true;
    if (seen_of_kind(identity, strong.kind) > step->env->limits->people) {
        identity->overflow = true; /* enough to know; remember no more */
        return false;
    }
    bool was_shared = wh_identity_is_shared(identity, step->env->limits);
    wh_identity_get_target(identity, strong)->seen = true;
    if (!was_shared && wh_identity_is_shared(identity, step->env->limits)) {
        found_shared(step);
    }
    return true;
}

void
wh_identity_refuse(struct wh_identity_step *step, struct wh_key strong)
{
    struct wh_identity_target *target = wh_identity_find_target(step->identity, strong);
    if (target == NULL || target->refused) {
        return; /* unknown: it is one of too many, and the entity is shared */
    }
    target->refused = true;
    step->moved = true;
}

/* The target that has the earliest link behind the cursors, the strongest of one minute. */
static struct wh_identity_target *
earliest(struct wh_identity *identity, const uint32_t *cursors, uint32_t *ret_index)
{
    struct wh_identity_target *best = NULL;
    for (uint32_t i = 0; i < identity->target_count; i++) {
        struct wh_identity_target *target = &identity->targets[i];
        if (cursors[i] >= target->told.count) {
            continue;
        }
        int64_t minute = target->told.items[cursors[i]];
        if (best == NULL || minute < best->told.items[cursors[*ret_index]] ||
            (minute == best->told.items[cursors[*ret_index]] &&
             wh_key_compare(target->key, best->key) < 0)) {
            best = target;
            *ret_index = i;
        }
    }
    return best;
}

/* Past the bound the older half goes; what it assigned stays where it is. */
static void
forget_links(struct wh_identity_step *step)
{
    struct wh_identity *identity = step->identity;
    uint32_t total = 0;
    for (uint32_t i = 0; i < identity->target_count; i++) {
        total += identity->targets[i].told.count;
    }
    if (total <= step->env->limits->links) {
        return;
    }
    uint32_t *cursors = WH_ARENA_ARRAY(step->effects->arena, uint32_t, identity->target_count);
    uint32_t index = 0;
    for (uint32_t i = 0; i < total / 2; i++) {
        (void)earliest(identity, cursors, &index);
        cursors[index]++;
    }
    struct wh_identity_target *next = earliest(identity, cursors, &index);
    identity->floor = next->told.items[cursors[index]];
    for (uint32_t i = 0; i < identity->target_count; i++) {
        for (; cursors[i] > 0; cursors[i]--) {
            wh_minutes_remove_at(&identity->targets[i].told, 0);
        }
    }
    wh_identity_count(step, WH_COUNT_LINKS_DROPPED);
}

void
wh_identity_on_link(struct wh_identity_step *step)
{
    struct wh_identity *identity = step->identity;
    const struct wh_identity_link *link = &step->message->as.link;
    struct wh_key strong = step->message->from;
    step->moved = true;
    if (!wh_identity_see(step, strong)) {
        wh_identity_send(step, strong, WH_IDENTITY_LEASE)->as.lease = (struct wh_identity_lease){
            .status = WH_LEASE_SHARED,
            .floor = identity->floor,
        };
        return;
    }
    if (link->is_void) {
        wh_identity_refuse(step, strong);
    }
    struct wh_identity_target *target = wh_identity_get_target(identity, strong);
    for (uint32_t i = 0; i < link->count; i++) {
        wh_minutes_add(&target->told, identity->arena, link->minutes[i]);
    }
    if (link->fresh) {
        target->granted = (struct wh_stretches){NULL, 0};
        target->granted_status = WH_LEASE_OPEN;
        target->granted_names = (struct wh_identity_names){NULL, 0};
    }
    forget_links(step);
}

void
wh_identity_on_refuse(struct wh_identity_step *step)
{
    wh_identity_refuse(step, step->message->from);
}

void
wh_identity_on_unlink(struct wh_identity_step *step)
{
    const struct wh_identity_unlink *unlink = &step->message->as.unlink;
    struct wh_identity_target *target = wh_identity_get_target(step->identity, step->message->from);
    wh_minutes_remove(&target->told, unlink->minutes);
    bool gone = target->told.count == 0 && !unlink->rest;
    if (gone) {
        target->seen = false;
    }
    target->answer = gone ? WH_ANSWER_GONE : WH_ANSWER_REST;
    step->moved = true;
}

/* Past the bound the oldest command is forgotten, which is the same one in any order of arrival. */
static void
forget_pair(struct wh_identity_step *step)
{
    struct wh_identity *identity = step->identity;
    struct wh_identity_target *oldest = NULL;
    uint32_t count = 0;
    for (uint32_t i = 0; i < identity->target_count; i++) {
        struct wh_identity_target *target = &identity->targets[i];
        if (target->word == WH_PAIR_NONE) {
            continue;
        }
        count++;
        if (oldest == NULL || wh_stamp_compare(target->word_stamp, oldest->word_stamp) < 0) {
            oldest = target;
        }
    }
    if (count > step->env->limits->pairs) {
        oldest->word = WH_PAIR_NONE;
        oldest->word_stamp = (struct wh_stamp){.at = WH_TIME_MIN};
        wh_identity_count(step, WH_COUNT_PAIRS_DROPPED);
    }
}

static struct wh_stamp
kept_stamp(struct wh_identity *identity, struct wh_stamp stamp)
{
    return (struct wh_stamp){.at = stamp.at, .id = wh_arena_str(identity->arena, stamp.id)};
}

void
wh_identity_on_pair(struct wh_identity_step *step)
{
    struct wh_identity *identity = step->identity;
    const struct wh_identity_pair *pair = &step->message->as.pair;
    struct wh_identity_target *target = wh_identity_get_target(identity, pair->strong);
    if (wh_stamp_compare(pair->stamp, target->word_stamp) <= 0) {
        return;
    }
    target->word = pair->split ? WH_PAIR_SPLIT : WH_PAIR_ALLOW;
    target->word_stamp = kept_stamp(identity, pair->stamp);
    forget_pair(step);
    step->moved = true;
}

/* The register of a crm record: into another, or alive. */
static void
hear(struct wh_identity_step *step, struct wh_stamp stamp, const struct wh_key *into)
{
    struct wh_identity *identity = step->identity;
    if (wh_stamp_compare(stamp, identity->join_stamp) <= 0) {
        return;
    }
    identity->join_stamp = kept_stamp(identity, stamp);
    identity->joined = into != NULL;
    if (into != NULL) {
        identity->into = wh_identity_get_target(identity, *into)->key;
    }
    step->moved = true;
}

/* The survivor hears it first: it is alive from then on, so no circle exists, not for a moment. */
void
wh_identity_on_join(struct wh_identity_step *step)
{
    const struct wh_identity_join *join = &step->message->as.join;
    hear(step, join->stamp, NULL);
    wh_identity_send(step, join->lead, WH_IDENTITY_DISSOLVE)->as.dissolve =
        (struct wh_identity_dissolve){.stamp = join->stamp, .into = step->identity->key};
}

void
wh_identity_on_dissolve(struct wh_identity_step *step)
{
    const struct wh_identity_dissolve *dissolve = &step->message->as.dissolve;
    hear(step, dissolve->stamp, dissolve->alone ? NULL : &dissolve->into);
}
