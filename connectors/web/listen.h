/* The listening socket, and what it is called. */
#ifndef WH_CONNECTORS_WEB_LISTEN_H
#define WH_CONNECTORS_WEB_LISTEN_H

#include "connectors/web/address.h"
#include "engine/base/err.h"

#define WH_WEB_AUTHORITY_MAX 80

struct wh_web_listener {
    int fd;
    bool is_loopback;
    char authority[WH_WEB_AUTHORITY_MAX]; /* ADDRESS:PORT as bound */
};

/* The caller owns the descriptor. WH_ERR_USAGE: no address; WH_ERR_OUTSIDE: not to be had. */
WH_MUST_CHECK enum wh_err wh_web_listen(struct wh_str address, struct wh_web_listener *ret_listener,
                                        struct wh_error *error);

#endif
