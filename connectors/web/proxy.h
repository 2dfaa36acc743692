/* Who asks, when proxies stand between: Forwarded and X-Forwarded-For, read from the end, because
 * only what a trusted proxy has put there is true. */
#ifndef WH_CONNECTORS_WEB_PROXY_H
#define WH_CONNECTORS_WEB_PROXY_H

#include "connectors/web/address.h"

struct wh_web_networks {
    const struct wh_web_network *items;
    size_t count;
};

bool wh_web_networks_have(struct wh_web_networks networks, const struct wh_web_ip *ip);

/* The first address, from the end, that is not of a trusted proxy. `forwarded` are the Forwarded
 * headers, joined by commas, `listed` the same of X-Forwarded-For; Forwarded counts where both are.
 * False when what is there names no address: nothing is known then. */
bool wh_web_proxy_client(struct wh_web_networks trusted, struct wh_str forwarded,
                         struct wh_str listed, struct wh_web_ip *ret_ip);

/* The last proxy says that it was asked over TLS: proto of Forwarded, or X-Forwarded-Proto. */
bool wh_web_proxy_has_tls(struct wh_str forwarded, struct wh_str proto);

#endif
