/* TLS to Redis: whom to believe, and who we are. One for all connections of a store. */
#ifndef WH_CONNECTORS_REDIS_TLS_H
#define WH_CONNECTORS_REDIS_TLS_H

#include <openssl/ssl.h>

#include "engine/base/err.h"

struct wh_redis_tls_files {
    const char *authorities; /* PEM; NULL: those of the machine */
    const char *certificate; /* PEM, with its chain; NULL: none is shown */
    const char *key;         /* of the certificate */
};

/* WH_ERR_USAGE: a file cannot be used; the message names it. Freed by SSL_CTX_free. */
WH_MUST_CHECK enum wh_err wh_redis_tls_open(const struct wh_redis_tls_files *files,
                                            SSL_CTX **ret_context, struct wh_error *error);

/* For one connection: the server's certificate must be for this name or address. NULL: no memory.
 * The caller's. */
SSL *wh_redis_tls_begin(SSL_CTX *context, const char *name);

/* Why a handshake failed, or what this thread's TLS complained about last; NULL: nothing. */
const char *wh_redis_tls_reason(const SSL *ssl);

#endif
