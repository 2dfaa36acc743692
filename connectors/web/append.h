/* Records on their way into the log, and who waits for them. What the log was given stays until it
 * says what became of it, also when the client has been told to come again. */
#ifndef WH_CONNECTORS_WEB_APPEND_H
#define WH_CONNECTORS_WEB_APPEND_H

#include "connectors/web/state.h"

/* One record as /v1/recent and the feed tell it. */
struct wh_web_told_touch {
    uint64_t number; /* in /v1/recent */
    struct wh_str id;
    struct wh_str json; /* an object */
    const char *became; /* once the log has it */
};

struct wh_web_append {
    struct wh_web *web;
    struct wh_web_append *prev, *next; /* of those that are out */
    uint64_t ticket;                   /* 0: not out yet */
    int64_t since;                     /* steady µs */
    struct wh_arena arena;             /* of all that follows */
    struct wh_log_record *records;
    size_t count, capacity;
    size_t size; /* bytes of the records */
    struct wh_web_told_touch *touches;
    size_t touch_count, touch_capacity;
    struct wh_web_request *request; /* NULL: nobody waits any more */
    unsigned status;                /* once the log has it */
    struct wh_str answer;
};

/* NULL when there is no memory. */
struct wh_web_append *wh_web_append_create(struct wh_web *web);
/* Of one that is not out. */
void wh_web_append_destroy(struct wh_web_append *append);

/* Key and value must live as long as the append. */
void wh_web_append_record(struct wh_web_append *append, const struct wh_log_record *record);
void wh_web_append_touch(struct wh_web_append *append, const struct wh_web_told_touch *touch);

/* Gives it to the log and parks the request until it is there. */
void wh_web_append_start(struct wh_web_append *append, struct wh_web_request *request);

/* The client has gone: nobody waits. */
void wh_web_append_forget(struct wh_web_append *append);

/* Those who have waited longer than patience (or, with `all`, at all) are told to come again. */
void wh_web_append_lose_patience(struct wh_web *web, bool all);
/* Steady µs when that is next due; INT64_MAX: never. */
int64_t wh_web_append_due(struct wh_web *web);

/* The owner brings no ticket back any more. */
void wh_web_append_fini(struct wh_web *web);

#endif
