/* Pages of other origins: what they may read of an answer (CORS), and whether they are ours. */
#ifndef WH_CONNECTORS_WEB_ORIGIN_H
#define WH_CONNECTORS_WEB_ORIGIN_H

#include "connectors/web/state.h"

enum wh_web_origin {
    WH_WEB_ORIGIN_NONE,   /* the request names none */
    WH_WEB_ORIGIN_SAME,   /* the page comes from this very host */
    WH_WEB_ORIGIN_LISTED, /* by collect.origins */
    WH_WEB_ORIGIN_ANY,    /* by its "*" only */
    WH_WEB_ORIGIN_FOREIGN,
};

enum wh_web_origin wh_web_origin_of(const struct wh_web_request *request);

/* Headers for a page that may read the answer: its own origin and credentials where it is listed,
 * "*" and no credentials where only "*" lets it in. */
void wh_web_origin_allow(const struct wh_web_request *request, struct MHD_Response *response);

/* The same for the question before the request. */
void wh_web_origin_preflight(const struct wh_web_request *request, struct MHD_Response *response);

#endif
