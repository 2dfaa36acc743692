/* Redis Cluster, as far as one slot a partition needs it: which slot, which node, and what the
 * words of a redirection say. Pure. */
#ifndef WH_CONNECTORS_REDIS_CLUSTER_H
#define WH_CONNECTORS_REDIS_CLUSTER_H

#include <hiredis/hiredis.h>

#include "connectors/redis/address.h"

#define WH_REDIS_SLOTS    16384
#define WH_REDIS_NAME_MAX 256 /* bytes of a host name, with NUL */

/* The slot of a key whose tag in braces is this text: CRC16 (XMODEM) of it. */
uint16_t wh_redis_slot(struct wh_str tag);

struct wh_redis_place {
    char name[WH_REDIS_NAME_MAX]; /* empty: the host that was asked */
    uint16_t port;
};

/* "MOVED 3999 host:port", "ASK 3999 host:port". False: it is neither. */
bool wh_redis_parse_redirection(struct wh_str text, uint16_t *ret_slot,
                                struct wh_redis_place *ret_place);

struct wh_redis_range {
    uint16_t first, last;        /* slots */
    struct wh_redis_place place; /* of the primary */
};

/* The next range of an answer to CLUSTER SLOTS, *at counting its items from 0. False: no more, or
 * none that can be read. */
bool wh_redis_next_range(const redisReply *reply, size_t *at, struct wh_redis_range *ret_range);

/* The answer of a sentinel to GET-MASTER-ADDR-BY-NAME. False: it knows none. */
bool wh_redis_parse_primary(const redisReply *reply, struct wh_redis_place *ret_place);

#endif
