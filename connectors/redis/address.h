/* Where Redis is: the address in `store` (commands/contract.md 2), taken apart. Pure. */
#ifndef WH_CONNECTORS_REDIS_ADDRESS_H
#define WH_CONNECTORS_REDIS_ADDRESS_H

#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/err.h"

/* Nodes or sentinels that an address may name. */
#define WH_REDIS_HOSTS_MAX     16
#define WH_REDIS_PORT          6379
#define WH_REDIS_SENTINEL_PORT 26379
#define WH_REDIS_DATABASE_MAX  65535

enum wh_redis_kind {
    WH_REDIS_ONE,      /* one server, the same for ever */
    WH_REDIS_UNIX,     /* the same behind a socket of this machine */
    WH_REDIS_CLUSTER,  /* the hosts are some of its nodes */
    WH_REDIS_SENTINEL, /* the hosts are sentinels, which know who is the primary */
};

struct wh_redis_host {
    const char *name; /* host name or address, without brackets */
    uint16_t port;
};

/* Texts end with NUL and live in the arena. */
struct wh_redis_address {
    enum wh_redis_kind kind;
    bool is_tls;
    struct wh_redis_host hosts[WH_REDIS_HOSTS_MAX];
    size_t host_count;
    const char *path;       /* UNIX */
    const char *primary;    /* SENTINEL: the name that the sentinels know */
    struct wh_str user;     /* empty: the default one */
    struct wh_str password; /* empty: none is sent */
    uint32_t database;
};

/* redis:// rediss:// [user:password@]host[:port],… [/database]; unix:// [user:password@]/path
 * [?db=database]; sentinel:// sentinels:// [user:password@]host[:port],… /primary[/database].
 * User and password may have %XX. A cluster has several nodes and the database 0 only.
 * WH_ERR_USAGE: the message says what was expected, and never repeats what stands before the @. */
WH_MUST_CHECK enum wh_err wh_redis_address_parse(struct wh_arena *arena, struct wh_str text,
                                                 bool is_cluster,
                                                 struct wh_redis_address *ret_address,
                                                 struct wh_error *error);

/* "redis.example:6379", "/run/redis.sock", "primary \"leads\"": for messages. */
const char *wh_redis_address_name(struct wh_arena *arena, const struct wh_redis_address *address);

#endif
