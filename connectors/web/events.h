/* GET /v1/events: the feed as server-sent events. */
#ifndef WH_CONNECTORS_WEB_EVENTS_H
#define WH_CONNECTORS_WEB_EVENTS_H

#include "connectors/web/state.h"

/* Decides the answer of a request for the stream. */
void wh_web_events_finish(struct wh_web_request *request);

/* NULL when there is no memory or no place for one more. */
struct MHD_Response *wh_web_events_response(struct wh_web_request *request);

#endif
