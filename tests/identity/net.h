/* Entities under a seeded and hostile transport. A channel is one FIFO for each (sender, receiver):
 * all that the proof needs, and less than a partitioned log gives. Which channel or which input
 * comes next is drawn at random, some channels are starved. Everything is in one arena. */
#ifndef WH_TESTS_IDENTITY_NET_H
#define WH_TESTS_IDENTITY_NET_H

#include "engine/score/identity.h"
#include "tests/identity/mistakes.h"
#include "tests/identity/net_engine.h"
#include "tests/identity/store.h"

struct flight {
    int from; /* identifier, NOBODY: from outside */
    int to;
    struct wh_identity_message message;
    /* MISTAKE_STRAIGHT_OVER: who held which minutes of the sender when the lease was sent. */
    const struct holder *holders;
    int holder_count;
};

struct holder {
    int target;
    struct wh_stretches minutes;
};

struct channel {
    struct flight *items;
    int first, count, capacity;
    int weight;
    int live_at; /* place among the live ones, -1: empty */
};

/* What the outside was told. */
struct told {
    int lead;
    int into; /* NOBODY: revived */
    uint32_t turn;
    int64_t life;
};

struct entity {
    bool exists;
    void *real; /* of the net's engine; identity and store are then a look into it */
    struct wh_identity identity;
    struct store store;
    struct wh_arena arenas[2]; /* the state lives in one of them */
    int current;
    bool published; /* ever */
    uint32_t turn;  /* the last that was told */
};

enum feature {
    FEATURE_CROWD,
    FEATURE_REPEATS,
    FEATURE_WITHDRAWN,
    FEATURE_RECALL,
    FEATURE_HOME,
    FEATURE_UNLINK,
    FEATURE_JOIN,
    FEATURE_AUDITED,
    FEATURE_COPIED,
    FEATURE_MERGES_ONLY,
    FEATURE_HANDS,
    FEATURE_MERGED_EVENT,
    FEATURE_REVIVED_EVENT,
    FEATURE_COUNT
};

struct net {
    struct wh_arena *arena;
    struct world *world;
    const struct net_engine *engine; /* NULL: stand-ins */
    void *real;                      /* of the engine */
    struct chance chance;
    struct wh_identity_limits limits;
    int history;  /* touches kept singly, 0: any number */
    int transfer; /* size of all parcels of one entity, 0: any */
    int quorum;
    enum mistake mistake;
    bool repeats, audit, copies, frozen; /* frozen: the clock stands still until all is quiet */
    bool exact;                          /* no bound is expected to bite */
    FILE *trace;                         /* NULL: silent */
    int64_t now;                         /* µs */
    struct entity *entities;             /* by identifier */
    struct channel *channels;            /* by (from + 1) * (identifiers + 1) + to */
    int *live;
    int live_count;
    struct flight *inputs;
    int input_count, input_capacity;
    int eager; /* how fast inputs come against messages, percent */
    struct decision **decisions;
    int decision_count, decision_capacity;
    struct told *told;
    int told_count, told_capacity;
    uint64_t counters[WH_IDENTITY_COUNTER_COUNT];
    uint64_t sent[WH_IDENTITY_MESSAGE_KIND_COUNT];
    int withdrawn, doubles, folded, steps;
    int withdrawn_early; /* before the clock moved behind `settle` */
    int irreducible;     /* largest size of an entity that nothing could be folded in */
    int largest;         /* size of a transfer */
    int *places;         /* audit.c */
    bool features[FEATURE_COUNT];
    char problem[512]; /* the first one; empty: none */
};

void net_init(struct net *net, struct world *world, uint64_t seed, const struct net_engine *engine);
void net_fini(struct net *net);

/* Puts what the world holds into the inputs: touches and commands from these indices on. */
void net_feed(struct net *net, int first_touch, int first_command);
/* Until nothing is on its way and the clock has moved behind `settle`. */
void net_run(struct net *net);

/* Notes the first problem. */
void net_problem(struct net *net, const char *format, ...) __attribute__((format(printf, 2, 3)));

void net_send(struct net *net, int from, int to, const struct flight *flight);
struct entity *net_entity(struct net *net, int key);
/* Whoever has the minute by what the entities know. */
int net_resolve(const struct net *net, int key, int64_t minute);

/* keep.c */
void net_keep_message(struct net *net, struct wh_identity_message *message);

/* A decision about what the entity's store holds now; counted when it is a double. */
struct decision *decide_record(struct net *net, int key, int64_t *ret_minute);

/* decide.c: past the bounds the oldest touches of an entity become sums; then it decides. */
void decide_fold(struct net *net, int key);
void decide_publish(struct net *net, int key);

/* audit.c: what must hold after a step. */
void audit_entity(struct net *net, int key);
void audit_conservation(struct net *net);
void audit_joins(struct net *net);

/* trace.c */
void trace_step(const struct net *net, const struct flight *flight,
                const struct wh_identity_effects *effects);

#endif
