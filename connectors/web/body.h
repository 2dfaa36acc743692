/* The body of a request while it comes in, and unpacked: both within one bound. */
#ifndef WH_CONNECTORS_WEB_BODY_H
#define WH_CONNECTORS_WEB_BODY_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/base/str.h"

struct wh_web_body {
    char *bytes; /* owned */
    size_t len;
    size_t capacity;
};

/* False when it would pass len_max or there is no memory; what was there stays. */
bool wh_web_body_push(struct wh_web_body *body, struct wh_str bytes, size_t len_max);
struct wh_str wh_web_body_str(const struct wh_web_body *body);
void wh_web_body_fini(struct wh_web_body *body);

enum wh_web_unpacked {
    WH_WEB_UNPACKED,
    WH_WEB_UNPACKED_TOO_LARGE,
    WH_WEB_UNPACKED_DAMAGED, /* no gzip, or it breaks off, or more stands behind it */
};

/* Replaces what is gzip by what is in it. It stops as soon as there is more than len_max; the
 * packed bytes stay then and when they are damaged. */
enum wh_web_unpacked wh_web_body_unpack(struct wh_web_body *body, size_t len_max);

#endif
