/* The parcels of one simulated entity: ids, minutes and trails, behind model/parcel.h. Touches,
 * decisions and folds; what they hold is known here so that a checker can count it. */
#ifndef WH_TESTS_IDENTITY_STORE_H
#define WH_TESTS_IDENTITY_STORE_H

#include "tests/identity/world.h"

enum parcel_kind { PARCEL_TOUCH, PARCEL_DECISION, PARCEL_FOLD };

struct decision {
    int number;
    int published_as; /* identifier */
    bool standing;
    int withdrawn;    /* how often */
    int64_t life;     /* with published_as and episode the key, where there is an engine */
    uint32_t episode; /* … */
    int *because;     /* touches */
    int because_count;
};

/* The winning statement of a name. */
struct winner {
    enum what what;
    const char *name;
    const struct touch *touch;
};
#define WINNERS_MAX 16

/* Sums of touches that came the same way. */
struct fold {
    int64_t from, to; /* minutes of the first and the last touch */
    int64_t points;
    struct winner winners[WINNERS_MAX];
    int winner_count;
    int *touches; /* known to the checker only */
    int count;
};

struct parcel {
    enum parcel_kind kind;
    int64_t minute;
    uint32_t trail; /* of the holder */
    const struct touch *touch;
    struct decision *decision;
    struct fold *fold;
};

struct content {
    struct parcel *items;
    int count;
    void *real; /* the same, as the net's engine knows it */
};

struct store {
    struct wh_arena *arena; /* borrowed, of the net */
    const struct world *world;
    struct parcel *items;
    int count, capacity;
    bool decisions_stay; /* a planted mistake: take() leaves decisions behind */
};

/* What a touch adds to a sum. */
int64_t points_of(const struct touch *touch);
/* Bytes, so to say: what a bound on a transfer counts. */
#define SIZE_OF_TOUCH    4
#define SIZE_OF_DECISION 1
#define SIZE_OF_FOLD     3
int size_of(const struct parcel *parcels, int count);

void store_init(struct store *store, struct wh_arena *arena, const struct world *world);
void store_add(struct store *store, struct parcel parcel);
/* A table of functions for the engine; it borrows the store. */
struct wh_parcels store_parcels(struct store *store);

int store_touches(const struct store *store);
/* Whether a decision stands here. */
struct decision *store_standing(const struct store *store);

/* The touch whose statement of that name the fold keeps; NULL: none. */
const struct touch *fold_winner(const struct fold *fold, enum what what, const char *name);

/* Folds the oldest touch into the sum of its trail; false: there is no touch. */
bool store_fold(struct store *store);
/* Makes one of two folds of one trail; false: there are no two. */
bool store_merge_folds(struct store *store);

#endif
