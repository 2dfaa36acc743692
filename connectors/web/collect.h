/* POST /v1/touchpoints. */
#ifndef WH_CONNECTORS_WEB_COLLECT_H
#define WH_CONNECTORS_WEB_COLLECT_H

#include "connectors/web/state.h"

/* What the headers tell already: answers, or leaves it to the body. */
void wh_web_collect_begin(struct wh_web_request *request);

/* A part of the body; what is in excess answers the request. */
void wh_web_collect_take(struct wh_web_request *request, struct wh_str bytes);

/* The body is whole: judges each record, gives them to the log and parks. */
void wh_web_collect_finish(struct wh_web_request *request);

/* The body's memory, also of one that never became whole. */
void wh_web_collect_drop(struct wh_web_request *request);

#endif
