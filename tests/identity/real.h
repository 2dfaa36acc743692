/* Real entities under the net: score/entity.h with a small compiled model in place of identity with
 * stand-ins. After each step the net's view of the entity (its identity, its store) is what the
 * state says, so that everything that judges a world judges these, too. */
#ifndef WH_TESTS_IDENTITY_REAL_H
#define WH_TESTS_IDENTITY_REAL_H

#include "engine/language/compile.h"
#include "engine/score/entity.h"
#include "tests/identity/net.h"

/* Quorums that a world may have; each is a model of its own. */
#define REAL_QUORUMS 4

enum real_value { REAL_A, REAL_B, REAL_P, REAL_Q, REAL_VALUE_COUNT };

struct real_model {
    struct wh_model *model;
    struct wh_program values[REAL_VALUE_COUNT];
};

struct real_engine {
    struct net_engine engine;
    struct wh_arena arena;
    struct real_model models[REAL_QUORUMS];
};

/* False: the model does not compile; says so. */
bool real_engine_init(struct real_engine *real);
void real_engine_fini(struct real_engine *real);

/* Of one net. */
struct real {
    const struct real_model *model;
    struct wh_ruleset ruleset; /* with the world's limits */
    struct wh_arena step;      /* of the step under way */
    uint64_t merged, revived;
    uint32_t names_before; /* the step under way: what time brings leaves before the message acts */
    struct wh_table event_ids;
    int *fired;                /* by touch: how often announced */
    struct wh_bundle **passed; /* by touch: as a row, when a crowd has passed it on */
};

struct wh_touch *real_touch(struct net *net, struct wh_arena *arena, const struct touch *touch);
struct wh_hash_id real_id(struct net *net, struct wh_arena *arena, int key);
const uint8_t *real_secret(void);

/* real_look.c: after a step, what the entity holds, and what it said. */
void real_look(struct net *net, int key);
void real_hear(struct net *net, int key, const struct wh_entity_effects *effects);

/* real_check.c */
void real_check(struct net *net, const struct oracle *oracle);

#endif
