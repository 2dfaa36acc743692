/* Parcels: whatever belongs to somebody by (home, minute), and the store that keeps them.
 *
 * Identity (score/identity.h) decides where parcels are; what they are is their owner's affair.
 * They lie in the store by trail, the pointers that they have come through, home first:
 *
 *     number   hops             what lies there
 *     0        none             whose home this entity is
 *     1        anon:x           came straight from its home anon:x
 *     2        anon:x email:a   home anon:x, through email:a
 *     3        none, sealed     the way that it came is forgotten: the entity's own for good
 *
 * A parcel has one of these kinds and the minute by which it is owned:
 *   touch      floor(occurred / 60 s)
 *   decision   the causing touch's, under the id that it was published as (identity.md 7); sticky
 *              owner, running tracks and marks of once-only rules go the same way
 *   fold       that of its last touch; made of touches of one trail only
 *
 * How a lead's state implements it: score/parcels.h; what travels there is a struct wh_bundle
 * (model/bundle.h). A fold that begins outside of a set goes whole and is counted
 * (identity_fold_cut). The owner keeps all parcels of an entity below WH_TRANSFER_MAX by folding
 * the oldest touches at the end of a step, so that whatever take() returns fits in one message. */
#ifndef WH_MODEL_PARCEL_H
#define WH_MODEL_PARCEL_H

#include "engine/model/key.h"
#include "engine/model/stretch.h"

/* Bytes of a transfer, so of all parcels of one entity (identity.md 6). */
#define WH_TRANSFER_MAX ((size_t)512 * 1024)

struct wh_trail {
    const struct wh_key *hops; /* home first, then whom it came through; borrowed */
    uint32_t count;
    bool sealed; /* nobody can ask for it back by the way that it came before `hops` */
};

/* Parcels that travel: all of one trail. */
struct wh_load {
    struct wh_trail trail; /* up to the sender, without it; empty when they go home */
    void *content;         /* the owner's, who alone knows what it is */
};

/* A touch as far as identity has to know it. */
struct wh_arrival {
    const struct wh_key *keys; /* all of the touch, in order; never company or route */
    uint32_t key_count;        /* 1 to WH_TOUCH_KEYS_MAX */
    uint32_t skipped;          /* so many of the first ones are crowds that passed it on */
    int64_t minute;
    bool automatic; /* says so of itself (known crawler, test traffic): makes no links */
    void *touch;    /* the owner's */
};

struct wh_arrivals {
    struct wh_arrival *items;
    uint32_t count;
};

/* The store of one entity. No function may fail; memory for results comes from the arena. */
struct wh_parcels {
    void *self;
    /* A touch that has arrived at home: trail 0. One whose id is there already is dropped. */
    void (*accept)(void *self, const struct wh_arrival *arrival);
    /* Takes out what lies under that trail with a minute in the set; NULL when there is none. */
    void *(*take)(void *self, struct wh_arena *arena, uint32_t trail, struct wh_stretches minutes);
    /* Puts in what of the load has a minute in the set, under that trail, and returns the rest
     * (NULL: none). A touch whose id is there already, under whatever trail, is dropped. */
    void *(*put)(void *self, struct wh_arena *arena, uint32_t trail, void *content,
                 struct wh_stretches minutes);
    /* Erased: what the load holds is gone, and what it decided stands no more. */
    void (*discard)(void *self, void *content);
    /* Everything under `from` now lies under `to`. */
    void (*rename)(void *self, uint32_t from, uint32_t to);
    /* The entity has become a crowd: takes out the single touches under trail 0 that carry another
     * identifier behind `key`; decisions and folds stay. */
    struct wh_arrivals (*release)(void *self, struct wh_arena *arena, struct wh_key key);
    /* Sets in_use[number] for each trail under which something lies. */
    void (*list_trails)(void *self, bool *in_use);
};

#endif
