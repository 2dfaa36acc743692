/* What is only read: health, metrics, leads, the last touches. Each decides the answer of the
 * request, or parks it. */
#ifndef WH_CONNECTORS_WEB_VIEWS_H
#define WH_CONNECTORS_WEB_VIEWS_H

#include "connectors/web/state.h"

void wh_web_view_health(struct wh_web_request *request);
void wh_web_view_ready(struct wh_web_request *request);
void wh_web_view_metrics(struct wh_web_request *request);
void wh_web_view_recent(struct wh_web_request *request);
void wh_web_view_paths(struct wh_web_request *request);

/* Asks the owner and parks. */
void wh_web_view_lead(struct wh_web_request *request);
/* The request is gone, its story is not wanted any more. */
void wh_web_view_forget(struct wh_web_request *request);

#endif
