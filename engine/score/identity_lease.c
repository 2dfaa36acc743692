/* What a stronger identifier knows: leases of its kids, and the parcels that come under them. A
 * parcel that is not right here goes home and is routed like a new one. */
#include "engine/score/identity_step.h"

static struct wh_stretches
before(struct wh_identity_step *step, int64_t floor)
{
    return wh_stretches_of(step->effects->arena, WH_MINUTE_FIRST, floor);
}

/* What a kid kept for itself and has to say now. */
static void
tell_kept(struct wh_identity_step *step, struct wh_identity_kid *kid)
{
    struct wh_minutes out = wh_minutes_take_outside(&kid->kept, step->effects->arena, kid->lease);
    if (out.count > 0) {
        wh_identity_send(step, kid->key, WH_IDENTITY_LINK)->as.link =
            (struct wh_identity_link){.minutes = out.items, .count = out.count};
    }
}

static struct wh_identity_names
kept_names(struct wh_identity *identity, struct wh_identity_names names)
{
    struct wh_identity_name *items =
        WH_ARENA_ARRAY(identity->arena, struct wh_identity_name, names.count);
    for (uint32_t i = 0; i < names.count; i++) {
        items[i].key.kind = names.items[i].key.kind;
        items[i].key.value = wh_arena_str(identity->arena, names.items[i].key.value);
        items[i].since = names.items[i].since;
    }
    return (struct wh_identity_names){items, names.count};
}

/* The last answer to an erasure; nothing was said since, so nothing of the kid is left. */
static void
answered(struct wh_identity_step *step, struct wh_identity_kid *kid, enum wh_lease_answer answer)
{
    if (answer != WH_ANSWER_NONE && kid->unlinks > 0) {
        kid->unlinks--;
    }
    if (answer == WH_ANSWER_GONE && kid->unlinks == 0 && kid->forgotten && kid->lease.count == 0 &&
        kid->kept.count == 0) {
        wh_identity_remove_kid(step->identity, kid);
    }
}

void
wh_identity_on_lease(struct wh_identity_step *step)
{
    struct wh_identity *identity = step->identity;
    const struct wh_identity_lease *lease = &step->message->as.lease;
    struct wh_identity_kid *kid = wh_identity_find_kid(identity, step->message->from);
    if (kid == NULL && lease->held.count == 0) {
        return;
    }
    if (kid == NULL) {
        kid = wh_identity_adopt(step, step->message->from);
    }
    struct wh_arena *arena = step->effects->arena;
    struct wh_stretches lost = wh_stretches_without(
        arena, kid->lease, wh_stretches_unite(arena, lease->held, before(step, lease->floor)));
    kid->lease = wh_stretches_copy(identity->arena, lease->held);
    kid->status = lease->status;
    kid->names = kept_names(identity, lease->names);
    step->moved = true;
    if (lost.count > 0) {
        wh_identity_count(step, WH_COUNT_HANDS_CHANGED);
        step->hands = true;
        wh_identity_take_out(
            step, &(struct wh_identity_recall){.via = &kid->key, .via_count = 1, .minutes = lost});
    }
    if (kid->status == WH_LEASE_OPEN && !identity->crowd) {
        tell_kept(step, kid);
    }
    answered(step, kid, lease->answer);
}

static bool
matches(const struct wh_identity_trail *trail, const struct wh_identity_recall *recall)
{
    if (!trail->used || trail->count < recall->via_count ||
        (recall->whole && trail->count != recall->via_count)) {
        return false;
    }
    const struct wh_key *tail = trail->hops + (trail->count - recall->via_count);
    for (uint32_t i = 0; i < recall->via_count; i++) {
        if (!wh_key_is_same(tail[i], recall->via[i])) {
            return false;
        }
    }
    return true;
}

/* The message that takes parcels to that home: one for each, whatever trails they lay under. */
static struct wh_identity_transfer *
way_home(struct wh_identity_step *step, uint32_t first, struct wh_key home)
{
    struct wh_identity_effects *effects = step->effects;
    for (uint32_t i = first; i < effects->sent_count; i++) {
        if (wh_key_is_same(effects->sent[i].to, home)) {
            return &effects->sent[i].message.as.transfer;
        }
    }
    struct wh_identity_transfer *transfer =
        &wh_identity_send(step, home, WH_IDENTITY_HOME)->as.transfer;
    transfer->loads = WH_ARENA_ARRAY(effects->arena, struct wh_load, step->identity->trail_count);
    return transfer;
}

static void
take_out_of_store(struct wh_identity_step *step, const struct wh_identity_recall *recall)
{
    const struct wh_parcels *parcels = step->parcels;
    uint32_t first = step->effects->sent_count;
    for (uint32_t i = 0; i < step->identity->trail_count; i++) {
        const struct wh_identity_trail *trail = &step->identity->trails[i];
        if (!matches(trail, recall)) {
            continue;
        }
        void *content = parcels->take(parcels->self, step->effects->arena, i, recall->minutes);
        if (content == NULL) {
            continue;
        }
        if (recall->drop) {
            parcels->discard(parcels->self, content);
            continue;
        }
        step->hands = true;
        struct wh_identity_transfer *home = way_home(step, first, trail->hops[0]);
        home->loads[home->count++] =
            (struct wh_load){.trail = {.sealed = trail->sealed}, .content = content};
    }
}

/* No trail is longer than its bound, so neither is a question for it. */
static void
ask_targets(struct wh_identity_step *step, const struct wh_identity_recall *recall)
{
    const struct wh_identity *identity = step->identity;
    if (recall->via_count >= step->env->limits->trail) {
        return;
    }
    for (uint32_t i = 0; i < identity->target_count; i++) {
        const struct wh_identity_target *target = &identity->targets[i];
        struct wh_stretches part =
            wh_stretches_both(step->effects->arena, target->granted, recall->minutes);
        if (part.count == 0) {
            continue;
        }
        struct wh_key *via =
            WH_ARENA_ARRAY(step->effects->arena, struct wh_key, (size_t)recall->via_count + 1);
        for (uint32_t k = 0; k < recall->via_count; k++) {
            via[k] = recall->via[k];
        }
        via[recall->via_count] = identity->key;
        wh_identity_send(step, target->key, WH_IDENTITY_RECALL)->as.recall =
            (struct wh_identity_recall){
                .via = via,
                .via_count = recall->via_count + 1,
                .minutes = part,
                .whole = recall->whole,
                .drop = recall->drop,
            };
    }
}

void
wh_identity_take_out(struct wh_identity_step *step, const struct wh_identity_recall *recall)
{
    take_out_of_store(step, recall);
    ask_targets(step, recall);
}

void
wh_identity_on_recall(struct wh_identity_step *step)
{
    wh_identity_take_out(step, &step->message->as.recall);
}

void
wh_identity_on_home(struct wh_identity_step *step)
{
    const struct wh_parcels *parcels = step->parcels;
    const struct wh_identity_transfer *transfer = &step->message->as.transfer;
    struct wh_arena *arena = step->effects->arena;
    struct wh_stretches alive =
        wh_stretches_without(arena, wh_stretches_all(), step->identity->erased);
    step->hands = true;
    for (uint32_t i = 0; i < transfer->count; i++) {
        struct wh_trail own = {.sealed = transfer->loads[i].trail.sealed};
        uint32_t number = wh_identity_trail_number(step, own, NULL);
        void *erased =
            parcels->put(parcels->self, arena, number, transfer->loads[i].content, alive);
        if (erased != NULL) {
            parcels->discard(parcels->self, erased);
        }
    }
}

/* Only after a bound: what is outside of its lease goes home. */
static void
send_stray(struct wh_identity_step *step, const struct wh_load *load, void *content)
{
    struct wh_key home = load->trail.count > 0 ? load->trail.hops[0] : step->message->from;
    struct wh_identity_transfer *transfer =
        &wh_identity_send(step, home, WH_IDENTITY_HOME)->as.transfer;
    transfer->loads = WH_ARENA_NEW(step->effects->arena, struct wh_load);
    transfer->loads[0] =
        (struct wh_load){.trail = {.sealed = load->trail.sealed}, .content = content};
    transfer->count = 1;
    wh_identity_count(step, WH_COUNT_STRAY);
}

void
wh_identity_on_up(struct wh_identity_step *step)
{
    const struct wh_parcels *parcels = step->parcels;
    const struct wh_identity_transfer *transfer = &step->message->as.transfer;
    const struct wh_identity_kid *kid = wh_identity_find_kid(step->identity, step->message->from);
    struct wh_arena *arena = step->effects->arena;
    struct wh_stretches lease = kid != NULL ? kid->lease : wh_stretches_all();
    step->hands = true;
    for (uint32_t i = 0; i < transfer->count; i++) {
        const struct wh_load *load = &transfer->loads[i];
        /* Whoever sent it was forgotten here: now it is this entity's own. */
        uint32_t number =
            kid != NULL ? wh_identity_trail_number(step, load->trail, &step->message->from)
                        : wh_identity_trail_number(step, (struct wh_trail){.sealed = true}, NULL);
        void *stray = parcels->put(parcels->self, arena, number, load->content, lease);
        if (stray != NULL) {
            send_stray(step, load, stray);
        }
    }
}
