/* Answers: decided once, sent once. */
#ifndef WH_CONNECTORS_WEB_ANSWER_H
#define WH_CONNECTORS_WEB_ANSWER_H

#include "connectors/web/state.h"

/* s after which a client may come again: when the queue was full, when the log did not answer. */
#define WH_WEB_RETRY_SOON  1
#define WH_WEB_RETRY_LATER 5

/* {"error":TEXT}: for a person who tries things out. */
void wh_web_answer_error(struct wh_web_request *request, unsigned status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The body must live as long as the request. */
void wh_web_answer_json(struct wh_web_request *request, unsigned status, struct wh_str body);

/* Hands the answer to the library: MHD_NO when it does not take it. */
enum MHD_Result wh_web_answer_send(struct wh_web_request *request);

#endif
