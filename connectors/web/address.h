/* Addresses as they come in: of the listener, of clients, of proxies, in headers. */
#ifndef WH_CONNECTORS_WEB_ADDRESS_H
#define WH_CONNECTORS_WEB_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>

#include <sys/socket.h>

#include "engine/base/str.h"

#define WH_WEB_IP_SIZE     16
#define WH_WEB_IP_TEXT_MAX 48

/* In the form of IPv6; an address of IPv4 is ::ffff:0:0/96. */
struct wh_web_ip {
    uint8_t bytes[WH_WEB_IP_SIZE];
};

struct wh_web_network {
    struct wh_web_ip ip;
    uint32_t bits; /* of the 128 that must be equal */
};

struct wh_web_ip_text {
    char text[WH_WEB_IP_TEXT_MAX];
};

/* "203.0.113.7" or "2001:db8::1", without port or brackets. */
bool wh_web_ip_parse(struct wh_str text, struct wh_web_ip *ret_ip);
/* False for what is neither IPv4 nor IPv6. */
bool wh_web_ip_of(const struct sockaddr *address, struct wh_web_ip *ret_ip);
bool wh_web_ip_is_loopback(const struct wh_web_ip *ip);
struct wh_web_ip_text wh_web_ip_format(const struct wh_web_ip *ip);

/* ADDRESS or ADDRESS/BITS. */
bool wh_web_network_parse(struct wh_str text, struct wh_web_network *ret_network);
bool wh_web_network_has(const struct wh_web_network *network, const struct wh_web_ip *ip);

/* HOST:PORT, [V6]:PORT or a bare host; port is empty where there is none. False when it is none. */
bool wh_web_host_split(struct wh_str text, struct wh_str *ret_host, struct wh_str *ret_port);

/* A Host header that names this machine's loopback: what a page from elsewhere cannot send without
 * having a name of its own there. */
bool wh_web_host_is_loopback(struct wh_str header);

#endif
