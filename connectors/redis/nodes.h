/* Which server has a partition, and the connections to them: one server, the primary that the
 * sentinels name, or the node of a cluster that has the slot. What is lost is looked for again,
 * later each time. */
#ifndef WH_CONNECTORS_REDIS_NODES_H
#define WH_CONNECTORS_REDIS_NODES_H

#include "connectors/redis/cluster.h"
#include "connectors/redis/link.h"

/* Nodes of a cluster that are primaries; the slots of others are of nobody. */
#define WH_REDIS_NODES_MAX 256

/* A connection that is not READY after this is given up. */
#define WH_REDIS_CONNECT_MS 3000

/* From one try to the next: doubled each time, give or take a quarter. */
#define WH_REDIS_PAUSE_MIN_MS 50
#define WH_REDIS_PAUSE_MAX_MS 2000

struct wh_redis_pause {
    uint64_t until; /* loop time, ms */
    uint64_t last;  /* ms; 0: the next try may begin at once */
};

struct wh_redis_node {
    struct wh_redis_place place;
    struct wh_redis_link *link; /* NULL until it is needed */
    struct wh_redis_pause pause;
};

struct wh_redis_nodes_env {
    struct wh_redis_link_env link; /* its callbacks are set by init */
    void *self;
    void (*on_change)(void *self); /* something may be sent now that could not before */
    /* Nothing that was sent there and not answered will be. */
    void (*on_lost)(void *self, int node, const char *why);
};

struct wh_redis_nodes {
    struct wh_redis_nodes_env env;
    struct wh_redis_link_env guide_env;
    struct wh_redis_node items[WH_REDIS_NODES_MAX];
    int count;
    int16_t owners[WH_REDIS_SLOTS]; /* CLUSTER: -1: nobody */
    struct wh_redis_link *guide;    /* asks where to go */
    struct wh_redis_pause guide_pause;
    size_t guide_turn;                 /* whom to ask next */
    struct wh_redis_place guide_place; /* who is being asked */
    bool is_known;                     /* the way to the leads; false: has to be asked for */
    bool is_ready;                     /* somebody was, once */
    struct wh_redis_health health;     /* of the last one that was READY */
    char why[WH_REDIS_REASON_MAX];     /* the last thing that went wrong */
    uint64_t chance;
};

void wh_redis_nodes_init(struct wh_redis_nodes *nodes, const struct wh_redis_nodes_env *env);
void wh_redis_nodes_fini(struct wh_redis_nodes *nodes);

/* The READY node of a partition; -1: there is none now, and what is missing has been begun. */
int wh_redis_nodes_find(struct wh_redis_nodes *nodes, uint32_t partition);
/* The same for a node; false: not now. */
bool wh_redis_nodes_reach(struct wh_redis_nodes *nodes, int node);

/* A redirection: the node that it names (-1: there are too many). */
int wh_redis_nodes_redirect(struct wh_redis_nodes *nodes, int from, struct wh_str text);

/* Its connection is of no use; on_lost follows from inside. */
void wh_redis_nodes_drop(struct wh_redis_nodes *nodes, int node, const char *why);

/* Gives up what takes too long, tries again what may. */
void wh_redis_nodes_tick(struct wh_redis_nodes *nodes);

#endif
