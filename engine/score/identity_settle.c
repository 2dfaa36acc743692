/* After each message: leases that changed are sent, then whatever no longer belongs here goes to
 * whom it belongs to, in one message for each. In this order, so that who receives parcels knows
 * the lease that they come under. */
#include "engine/score/identity_step.h"

#include <assert.h>

static enum wh_lease_status
status_of(const struct wh_identity_target *target, bool shared)
{
    if (!target->seen) {
        return WH_LEASE_OPEN;
    }
    if (shared) {
        return WH_LEASE_SHARED;
    }
    return target->word == WH_PAIR_SPLIT ? WH_LEASE_SPLIT : WH_LEASE_OPEN;
}

static bool
is_same_names(struct wh_identity_names a, struct wh_identity_names b)
{
    bool same = a.count == b.count;
    for (uint32_t i = 0; same && i < a.count; i++) {
        same = wh_key_is_same(a.items[i].key, b.items[i].key);
    }
    return same;
}

static struct wh_identity_names
kept_names(struct wh_arena *arena, struct wh_identity_names names)
{
    return (struct wh_identity_names){
        wh_arena_grow(arena, names.items, names.count, names.count, sizeof(*names.items)),
        names.count,
    };
}

static void
grant(struct wh_identity_step *step, struct wh_identity_target *target,
      const struct wh_identity_lease *lease)
{
    struct wh_identity *identity = step->identity;
    if (wh_stretches_equal(lease->held, target->granted) &&
        lease->status == target->granted_status &&
        is_same_names(lease->names, target->granted_names) && target->answer == WH_ANSWER_NONE) {
        return;
    }
    target->answer = WH_ANSWER_NONE;
    target->granted = wh_stretches_copy(identity->arena, lease->held);
    target->granted_status = lease->status;
    target->granted_names = kept_names(identity->arena, lease->names);
    wh_identity_send(step, target->key, WH_IDENTITY_LEASE)->as.lease = *lease;
}

static void
grant_all(struct wh_identity_step *step)
{
    struct wh_identity *identity = step->identity;
    bool shared = identity->crowd || wh_identity_is_shared(identity, step->env->limits);
    struct wh_identity_names names = wh_identity_names_of(step);
    for (uint32_t i = 0; i < identity->target_count; i++) {
        struct wh_identity_lease lease = {
            .held = wh_identity_bounds_of(identity, i, step->effects->arena),
            .floor = identity->floor,
            .answer = identity->targets[i].answer,
        };
        lease.status =
            lease.held.count > 0 ? WH_LEASE_OPEN : status_of(&identity->targets[i], shared);
        if (wh_stretches_is_open(lease.held)) {
            lease.names = names;
        }
        grant(step, &identity->targets[i], &lease);
    }
}

static struct wh_trail
trail_of(const struct wh_identity_trail *trail)
{
    return (struct wh_trail){.hops = trail->hops, .count = trail->count, .sealed = trail->sealed};
}

static void
send_up(struct wh_identity_step *step, const struct wh_identity_target *target)
{
    const struct wh_parcels *parcels = step->parcels;
    const struct wh_identity *identity = step->identity;
    struct wh_arena *arena = step->effects->arena;
    struct wh_load *loads = NULL;
    uint32_t count = 0;
    for (uint32_t i = 0; i < identity->trail_count; i++) {
        void *content = identity->trails[i].used
                            ? parcels->take(parcels->self, arena, i, target->granted)
                            : NULL;
        if (content == NULL) {
            continue;
        }
        if (loads == NULL) {
            loads = WH_ARENA_ARRAY(arena, struct wh_load, identity->trail_count - i);
        }
        loads[count++] =
            (struct wh_load){.trail = trail_of(&identity->trails[i]), .content = content};
    }
    if (count > 0) {
        wh_identity_send(step, target->key, WH_IDENTITY_UP)->as.transfer =
            (struct wh_identity_transfer){.loads = loads, .count = count};
    }
}

/* Touches that had their home here before it became a crowd go on to their next identifier. */
static void
release(struct wh_identity_step *step)
{
    struct wh_arrivals arrivals =
        step->parcels->release(step->parcels->self, step->effects->arena, step->identity->key);
    for (uint32_t i = 0; i < arrivals.count; i++) {
        bool passed = wh_identity_pass_on(step, &arrivals.items[i]);
        assert(passed);
        step->hands = true;
    }
}

void
wh_identity_settle(struct wh_identity_step *step)
{
    struct wh_identity *identity = step->identity;
    bool was_lead = identity->bound_count == 0;
    if (step->moved) {
        wh_identity_find_bounds(step);
        grant_all(step);
    }
    for (uint32_t i = 0; identity->bound_count > 0 && i < identity->target_count; i++) {
        if (identity->targets[i].granted.count > 0) {
            send_up(step, &identity->targets[i]);
        }
    }
    if (identity->crowd) {
        release(step);
    }
    if (step->moved) {
        wh_identity_tell(step, was_lead);
        wh_identity_sweep_targets(identity);
    }
}
