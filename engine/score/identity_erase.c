/* Erasure: what has its home here and these minutes goes, wherever it is, and never comes back. */
#include "engine/score/identity_step.h"

/* Past the bound the two neighbours with the smallest gap become one. */
static struct wh_stretches
bounded(struct wh_identity_step *step, struct wh_stretches set)
{
    while (set.count > step->env->limits->erased && set.count > 1) {
        uint32_t best = 0;
        for (uint32_t i = 1; i + 1 < set.count; i++) {
            /* Inner ends are minutes of commands, far from what the type can hold. */
            if (set.items[i + 1].from - set.items[i].to <
                set.items[best + 1].from - set.items[best].to) {
                best = i;
            }
        }
        struct wh_stretches gap =
            wh_stretches_of(step->effects->arena, set.items[best].to, set.items[best + 1].from);
        set = wh_stretches_unite(step->effects->arena, set, gap);
        wh_identity_count(step, WH_COUNT_ERASED_JOINED);
    }
    return set;
}

/* Nothing may remain of a kid that was only known from what is erased: it goes now, or, if it has
 * minutes here that are still to be given back, with them (identity_lease.c). */
static void
forget(struct wh_identity_step *step)
{
    struct wh_identity *identity = step->identity;
    for (uint32_t i = identity->kid_count; i-- > 0;) {
        struct wh_identity_kid *kid = &identity->kids[i];
        if (!wh_key_is_weaker(kid->key, identity->key) || kid->kept.count > 0) {
            continue;
        }
        kid->forgotten = true;
        if (kid->lease.count == 0 && kid->status == WH_LEASE_OPEN) {
            wh_identity_remove_kid(identity, kid);
        }
    }
}

static void
unlink_kids(struct wh_identity_step *step, struct wh_stretches minutes)
{
    struct wh_identity *identity = step->identity;
    for (uint32_t i = 0; i < identity->kid_count; i++) {
        struct wh_identity_kid *kid = &identity->kids[i];
        if (wh_key_is_weaker(kid->key, identity->key)) {
            wh_minutes_remove(&kid->kept, minutes);
            wh_identity_send(step, kid->key, WH_IDENTITY_UNLINK)->as.unlink =
                (struct wh_identity_unlink){.minutes = minutes, .rest = kid->kept.count > 0};
        }
    }
}

/* A lead is more than what was said under its own name: its lease of each kid goes, too. */
static void
erase_kids(struct wh_identity_step *step, const struct wh_identity_erase *erase)
{
    const struct wh_identity *identity = step->identity;
    for (uint32_t i = 0; erase->lead && i < identity->kid_count; i++) {
        struct wh_stretches part =
            wh_stretches_both(step->effects->arena, identity->kids[i].lease, erase->minutes);
        if (part.count > 0 && erase->depth < WH_ERASE_DEPTH_MAX) {
            wh_identity_send(step, identity->kids[i].key, WH_IDENTITY_ERASE)->as.erase =
                (struct wh_identity_erase){
                    .minutes = part, .lead = true, .depth = erase->depth + 1};
        }
    }
}

void
wh_identity_on_erase(struct wh_identity_step *step)
{
    struct wh_identity *identity = step->identity;
    const struct wh_identity_erase *erase = &step->message->as.erase;
    if (identity->crowd) {
        wh_identity_find_out(step, WH_FACT_KEPT)->reason = WH_REASON_CROWD;
        return;
    }
    struct wh_stretches all =
        wh_stretches_unite(step->effects->arena, identity->erased, erase->minutes);
    identity->erased = wh_stretches_copy(identity->arena, bounded(step, all));
    wh_identity_take_out(
        step, &(struct wh_identity_recall){.minutes = erase->minutes, .whole = true, .drop = true});
    unlink_kids(step, erase->minutes);
    erase_kids(step, erase);
    forget(step);
    struct wh_fact *fact = wh_identity_find_out(step, WH_FACT_ERASED);
    fact->reason = WH_REASON_ERASED;
    fact->minutes = erase->minutes;
    identity->life = step->env->now > identity->life ? step->env->now : identity->life + 1;
}
