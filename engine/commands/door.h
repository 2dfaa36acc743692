/* The HTTP address of `up`, as the commands that need it see it. */
#ifndef WH_COMMANDS_DOOR_H
#define WH_COMMANDS_DOOR_H

#include "connectors/curl/http.h"
#include "engine/commands/command.h"
#include "engine/host/config.h"

#define WH_DOOR_TOUCHPOINTS "/v1/touchpoints"
#define WH_DOOR_LEADS       "/v1/leads/"
#define WH_DOOR_EVENTS      "/v1/events"

struct wh_door {
    const struct wh_call *call; /* borrowed */
    struct wh_str base;         /* http://127.0.0.1:8440 */
    struct wh_str key;          /* the first of the configured keys; empty: none */
    enum wh_option keys;        /* which, for messages */
    const char *certificate;    /* NULL: no TLS */
};

/* `listen` of the configuration as an address to call; keys: the option that has them. */
void wh_door_init(struct wh_door *door, const struct wh_call *call, const struct wh_config *config,
                  enum wh_option keys);

/* path: with its slash, and a query; body: as in the request. */
struct wh_http_request wh_door_request(const struct wh_door *door, const char *path,
                                       struct wh_str body);

/* Asks; DONE only for status 200. Else a message was printed, but not for 404, which the caller
 * explains. */
WH_MUST_CHECK enum wh_exit wh_door_ask(const struct wh_door *door, const char *path,
                                       struct wh_str body, struct wh_http_answer *ret_answer);

/* Says why an answer is none: status and what the body explains. */
enum wh_exit wh_door_refused(const struct wh_door *door, const struct wh_http_answer *answer);

/* A part of a path, percent-encoded. */
void wh_door_push_escaped(struct wh_buf *buf, struct wh_str text);

#endif
