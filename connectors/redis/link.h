/* One connection to one server, from the name to the moment when commands may be sent: asynchronous
 * on the loop, one thread.
 *
 *   CLOSED -> RESOLVING -> CONNECTING -> GREETING -> READY
 *      ^          |            |            |          |
 *      +----------+------------+------------+----------+   on_closed, once, with the reason
 *
 * It does not try again by itself. Callbacks come from the loop; on_closed also from inside of
 * wh_redis_link_open and wh_redis_link_close. */
#ifndef WH_CONNECTORS_REDIS_LINK_H
#define WH_CONNECTORS_REDIS_LINK_H

#include <hiredis/async.h>
#include <openssl/ssl.h>

#include "connectors/redis/address.h"
#include "connectors/redis/command.h"
#include "connectors/redis/health.h"

#define WH_REDIS_REASON_MAX 256

struct uv_loop_s;

enum wh_redis_link_state {
    WH_REDIS_LINK_CLOSED,
    WH_REDIS_LINK_RESOLVING,  /* the name is looked up */
    WH_REDIS_LINK_CONNECTING, /* TCP */
    WH_REDIS_LINK_GREETING,   /* TLS, who we are, what it is */
    WH_REDIS_LINK_READY,
};

struct wh_redis_link;

struct wh_redis_link_env {
    struct uv_loop_s *loop;
    const struct wh_redis_address *address; /* user, password, database, path */
    const struct wh_redis_script *script;
    SSL_CTX *tls;  /* NULL: none */
    bool is_guide; /* it will be asked where the leads are: it need not be fit to keep some */
    void *self;
    void (*on_ready)(void *self, struct wh_redis_link *link);
    /* Nothing that was sent and not answered will be. */
    void (*on_closed)(void *self, struct wh_redis_link *link, const char *why);
};

/* Borrows env. NULL: no memory. */
struct wh_redis_link *wh_redis_link_create(const struct wh_redis_link_env *env);
/* Closes it without a callback; the memory goes in one of the loop's next rounds. Accepts NULL. */
void wh_redis_link_destroy(struct wh_redis_link **link);

/* CLOSED only. The name is copied. */
void wh_redis_link_open(struct wh_redis_link *link, const char *name, uint16_t port);
void wh_redis_link_close(struct wh_redis_link *link, const char *why);

enum wh_redis_link_state wh_redis_link_state(const struct wh_redis_link *link);
/* While it is READY. */
const struct wh_redis_health *wh_redis_link_health(const struct wh_redis_link *link);
/* Loop time in ms when it was opened. */
uint64_t wh_redis_link_since(const struct wh_redis_link *link);

/* READY only. The reply belongs to the callback, which frees it; NULL: the link is closing, and
 * on_closed says so, too. False: nothing was sent. */
bool wh_redis_link_send(struct wh_redis_link *link, const struct wh_redis_command *command,
                        redisCallbackFn *on_reply, void *context);

#endif
