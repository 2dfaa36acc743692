/* Who owns which touch: the naive answer, a function of sets (identity.md 2 and 3), written from
 * the rule and not from the engine. It looks through all touches again for each question. */
#ifndef WH_TESTS_IDENTITY_ORACLE_H
#define WH_TESTS_IDENTITY_ORACLE_H

#include "tests/identity/world.h"

struct oracle {
    const struct world *world;
    bool *crowd;  /* by identifier */
    int *joined;  /* by identifier: into whom, or NOBODY */
    bool *split;  /* by weak * identifiers + strong */
    int *home;    /* by touch */
    bool *erased; /* by touch */
    bool *seen;   /* by weak * identifiers + strong: companions */
};

void oracle_make(struct oracle *oracle, const struct world *world, struct wh_arena *arena);

bool oracle_is_shared(const struct oracle *oracle, int key);
/* The lead that a touch known only by `key` belongs to. */
int oracle_resolve(const struct oracle *oracle, int key, int64_t minute);
/* NOBODY: rejected or erased. */
int oracle_owner(const struct oracle *oracle, int touch);
bool oracle_is_erased(const struct oracle *oracle, int key, int64_t minute);

#endif
