/* A connection that waits for us: the library does not look at it meanwhile. */
#ifndef WH_CONNECTORS_WEB_PARK_H
#define WH_CONNECTORS_WEB_PARK_H

struct wh_web_request;

/* To be followed by a return to the library. */
void wh_web_park(struct wh_web_request *request);
/* The library goes on with it at the next run. */
void wh_web_park_end(struct wh_web_request *request);
/* Cuts the connection of a request that is not parked. */
void wh_web_park_cut(struct wh_web_request *request);

#endif
