/* The records of one request: each is judged, completed and put in line for the log, or refused. */
#ifndef WH_CONNECTORS_WEB_TAKING_H
#define WH_CONNECTORS_WEB_TAKING_H

#include "connectors/web/append.h"
#include "proto/json_write.h"

struct wh_web_taking {
    struct wh_web_request *request;
    struct wh_web_append *append;
    int64_t now;                      /* of all of them: µs */
    char id[2 * WH_HASH_ID_SIZE + 1]; /* for the next record without one */
    size_t index, accepted;
    struct wh_buf buf; /* the answer's list of those that are refused */
    struct wh_json rejected;
};

void wh_web_taking_init(struct wh_web_taking *taking, struct wh_web_request *request,
                        struct wh_web_append *append);

/* left counts this one and those behind it: /v1/recent wants the last ones only. */
void wh_web_taking_record(struct wh_web_taking *taking, struct wh_str bytes, size_t left);

/* What could not even be unpacked. */
void wh_web_taking_refuse(struct wh_web_taking *taking, struct wh_str bytes);

/* The answer for when the log has them. */
void wh_web_taking_finish(struct wh_web_taking *taking);

/* Enters what the append holds into /v1/recent, as waiting. */
void wh_web_taking_note(struct wh_web_append *append);

#endif
