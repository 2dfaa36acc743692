/* A state with its store of parcels, between which parcels are carried by hand: what entities do in
 * messages, without who is who. After each step the state is compared with recomputing it. */
#ifndef WH_TESTS_HOLDER_H
#define WH_TESTS_HOLDER_H

#include "engine/model/parcel.h"
#include "engine/score/parcels.h"

/* Monday 2026-01-05T00:00:00Z, µs: minute 0 of a sketch. */
#define WH_HOLDER_START INT64_C(1767571200000000)

struct wh_holder {
    const struct wh_ruleset *ruleset;
    struct wh_arena home;  /* the state */
    struct wh_arena batch; /* one step */
    struct wh_state state;
    struct wh_parcel_store store;
    struct wh_parcels table; /* over the store, of the step that runs */
    bool unchecked;          /* a long story: not compared with recomputing */
};

/* A touch; what is NULL or 0 is not there. */
struct wh_parcel_sketch {
    int64_t minute;
    const char *id;
    const char *type;   /* page_view */
    const char *path;   /* page.path */
    const char *role;   /* lead.role */
    const char *device; /* an identifier behind user:u */
    const char *agent;  /* props.agent */
    uint64_t digest;
    bool automatic;
};

void wh_holder_open(struct wh_holder *holder, const struct wh_ruleset *ruleset);
void wh_holder_close(struct wh_holder *holder);

/* A step: what is done to the table between the two is worked out at the end, at that minute. */
void wh_holder_begin(struct wh_holder *holder);
void wh_holder_end(struct wh_holder *holder, int64_t minute);

/* A touch at home as a step of its own. */
enum wh_outcome wh_holder_touch(struct wh_holder *holder, const struct wh_parcel_sketch *sketch);
/* The same within a step. */
enum wh_outcome wh_holder_accept(struct wh_holder *holder, const struct wh_parcel_sketch *sketch);

/* The touch of a sketch, in the arena. */
struct wh_touch wh_holder_sketched(struct wh_arena *arena, const struct wh_parcel_sketch *sketch);

/* Minutes [from, to) since the start, in the holder's batch. */
struct wh_stretches wh_holder_minutes(struct wh_holder *holder, int64_t from, int64_t to);

/* One step of each: what lies at `from` under a trail in these minutes comes to lie at `to` under
 * another. False: there was nothing. */
bool wh_holder_carry(struct wh_holder *from, uint32_t trail, struct wh_stretches minutes,
                     struct wh_holder *to, uint32_t to_trail, int64_t now);

/* A step that folds and drops the n oldest rows. */
void wh_holder_fold(struct wh_holder *holder, uint32_t n);

/* Values at the holder's last minute. */
int64_t wh_holder_score(struct wh_holder *holder, const char *score);
const char *wh_holder_role(struct wh_holder *holder);

/* Ids of the rows, with a space between, each with its trail when that is not 0: "a b/2". */
const char *wh_holder_rows(struct wh_holder *holder);

#endif
