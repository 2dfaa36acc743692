/* One step of identity, from inside: what its parts share. Private to score/identity*.c.
 *
 *   identity.c         what kind of message it is; then settle
 *   identity_arrive.c  a touch is at home: who else was seen with it
 *   identity_link.c    as weaker: links, guards, registers
 *   identity_lease.c   as stronger: leases, and parcels that come, go on, go home
 *   identity_bound.c   who holds which minutes, from links and registers
 *   identity_settle.c  after each message: leases that changed, parcels that belong elsewhere
 *   identity_name.c    the lead's id, and what the outside is told about it */
#ifndef WH_SCORE_IDENTITY_STEP_H
#define WH_SCORE_IDENTITY_STEP_H

#include "engine/score/identity.h"

struct wh_identity_step {
    const struct wh_identity_env *env;
    struct wh_identity *identity;
    const struct wh_identity_message *message;
    const struct wh_parcels *parcels;
    struct wh_identity_effects *effects;
    bool moved; /* links, registers, guards or names: leases may have to change */
    bool hands; /* a parcel or a link came or went */
};

/* Lengthens the list of what is sent; `as` is for the caller to fill, the rest is done. */
struct wh_identity_message *wh_identity_send(struct wh_identity_step *step, struct wh_key to,
                                             enum wh_identity_message_kind kind);
struct wh_fact *wh_identity_find_out(struct wh_identity_step *step, enum wh_fact_kind kind);

static inline void
wh_identity_count(struct wh_identity_step *step, enum wh_identity_counter counter)
{
    step->effects->counters[counter]++;
}

static inline bool
wh_key_is_same(struct wh_key a, struct wh_key b)
{
    return a.kind == b.kind && wh_str_equal(a.value, b.value);
}

/* Kinds count down in strength. */
static inline bool
wh_key_is_weaker(struct wh_key weak, struct wh_key strong)
{
    return weak.kind > strong.kind;
}

static inline bool
wh_identity_is_erased(const struct wh_identity_step *step, int64_t minute)
{
    return wh_stretches_cover(step->identity->erased, minute);
}

/* identity_arrive.c */
void wh_identity_on_arrive(struct wh_identity_step *step);
/* Passes a touch that is in nobody's store on to the first identifier behind this crowd; false:
 * there is none. */
bool wh_identity_pass_on(struct wh_identity_step *step, const struct wh_arrival *arrival);
/* Makes a kid, sealing another at the bound. */
struct wh_identity_kid *wh_identity_adopt(struct wh_identity_step *step, struct wh_key weak);

/* identity_link.c */
/* Remembers a companion; false: there were more of its kind than are remembered. */
bool wh_identity_see(struct wh_identity_step *step, struct wh_key strong);
/* A companion that is a crowd. */
void wh_identity_refuse(struct wh_identity_step *step, struct wh_key strong);
void wh_identity_on_link(struct wh_identity_step *step);
void wh_identity_on_refuse(struct wh_identity_step *step);
void wh_identity_on_unlink(struct wh_identity_step *step);
void wh_identity_on_pair(struct wh_identity_step *step);
void wh_identity_on_join(struct wh_identity_step *step);
void wh_identity_on_dissolve(struct wh_identity_step *step);

/* identity_bound.c */
void wh_identity_find_bounds(struct wh_identity_step *step);
/* The minutes that the bounds give to a target. */
struct wh_stretches wh_identity_bounds_of(const struct wh_identity *identity, uint32_t target,
                                          struct wh_arena *arena);

/* identity_lease.c */
void wh_identity_on_lease(struct wh_identity_step *step);
void wh_identity_on_recall(struct wh_identity_step *step);
void wh_identity_on_home(struct wh_identity_step *step);
void wh_identity_on_up(struct wh_identity_step *step);
/* Parcels that came by `via` go home (or away); those that were passed on are asked for. */
void wh_identity_take_out(struct wh_identity_step *step, const struct wh_identity_recall *recall);

/* identity_trail.c */
/* The number of a trail that ends in `last` (NULL: nobody). At a bound, sealed. */
uint32_t wh_identity_trail_number(struct wh_identity_step *step, struct wh_trail trail,
                                  const struct wh_key *last);

/* identity_erase.c */
void wh_identity_on_erase(struct wh_identity_step *step);
void wh_identity_on_ask(struct wh_identity_step *step);
void wh_identity_on_answer(struct wh_identity_step *step);

/* identity_settle.c */
void wh_identity_settle(struct wh_identity_step *step);

/* identity_name.c */
/* The names that a lease to the newest target carries. */
struct wh_identity_names wh_identity_names_of(struct wh_identity_step *step);
void wh_identity_tell(struct wh_identity_step *step, bool was_lead);

#endif
