/* Paths: which there are, and what is done for each. */
#ifndef WH_CONNECTORS_WEB_ROUTE_H
#define WH_CONNECTORS_WEB_ROUTE_H

#include "connectors/web/state.h"

struct wh_web_route {
    const char *path;                /* also its name in metrics */
    bool has_rest;                   /* followed by a slash and one thing's name */
    bool is_for_pages;               /* CORS and cookie */
    bool is_private;                 /* asks for the right to read */
    bool takes_touches, tells_leads; /* not there when the owner does not */
    const char *allow;               /* methods */
    /* May answer before the body has come. NULL: nothing to do then. */
    void (*begin)(struct wh_web_request *request);
    /* Everything has come: decides the answer, or parks the request. */
    void (*finish)(struct wh_web_request *request);
};

/* Sets route, rest and is_head, and an answer where path or method are none of ours. */
void wh_web_route_find(struct wh_web_request *request, struct wh_str method);

#endif
