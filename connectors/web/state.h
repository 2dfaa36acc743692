/* What the parts of the server share: itself, a connection, a request. */
#ifndef WH_CONNECTORS_WEB_STATE_H
#define WH_CONNECTORS_WEB_STATE_H

#include <microhttpd.h>

#include "connectors/web/body.h"
#include "connectors/web/feed.h"
#include "connectors/web/listen.h"
#include "connectors/web/proxy.h"
#include "connectors/web/recent.h"
#include "connectors/web/web.h"
#include "engine/base/arena.h"

struct wh_web_append;
struct wh_web_request;

/* What a connection waits for. */
enum wh_web_phase {
    WH_WEB_PHASE_ARRIVING,  /* for the rest of a request, or for one at all */
    WH_WEB_PHASE_PARKED,    /* for us: suspended, or a listener of events */
    WH_WEB_PHASE_ANSWERING, /* for the client to take the answer */
};

struct wh_web_connection {
    struct wh_web *web;
    struct wh_web_connection *prev, *next; /* in `timed` of the server unless parked */
    int fd;
    enum wh_web_phase phase;
    int64_t since; /* steady µs of the phase */
    bool is_cut;
    struct wh_web_request *request; /* may be NULL */
};

/* In order of `since`. */
struct wh_web_connections {
    struct wh_web_connection *first, *last;
    uint32_t count; /* of all, also of the parked ones */
    uint32_t max;
    bool has_fewer; /* one has ended since this was last set to false */
};

struct wh_web_answer {
    unsigned status;          /* 0: none yet */
    struct wh_str body;       /* of the request's arena, or longer */
    const char *content_type; /* NULL: JSON */
    const char *allow;        /* methods, for 405 and OPTIONS */
    unsigned retry_after;     /* s; 0: none */
    bool has_challenge;       /* says how to bring a key */
    bool is_stream;           /* of events, no body */
};

/* The one who sends, as far as the request tells. */
struct wh_web_visitor {
    bool is_refused; /* wants no cookie: DNT, GPC, or a touch says so */
    bool is_foreign; /* a page whose origin is not among ours: no cookie either */
    bool is_page;    /* a page that will send the cookie back */
    bool has_cookie; /* anon came in the cookie */
    bool is_used;    /* a touch got anon */
    bool has_tls;
    char anon[2 * WH_HASH_ID_SIZE + 1]; /* empty: none yet */
    struct wh_web_ip_text ip;           /* empty: not known */
    struct wh_str user_agent;
};

struct wh_web_route;

struct wh_web_request {
    struct wh_web *web;
    struct MHD_Connection *handle;
    struct wh_web_connection *connection;
    struct wh_web_request *prev, *next; /* in `asking` while a story is awaited */
    const struct wh_web_route *route;
    struct wh_arena arena;
    struct wh_str url;
    struct wh_str rest; /* of the path, behind the route's */
    bool is_head;
    bool is_finished; /* everything has arrived, the route was called */
    bool is_packed;
    bool is_protobuf;
    bool is_admin;
    size_t drained; /* bytes of the body that were thrown away */
    struct wh_web_body body;
    struct wh_web_visitor visitor;
    struct wh_web_append *append; /* awaited, or NULL */
    uint64_t story_ticket;        /* awaited, or 0 */
    struct wh_web_answer answer;
    bool is_sent;
};

struct wh_web_keys {
    struct wh_str *items;
    size_t count;
};

struct wh_web {
    struct wh_web_env env;
    struct MHD_Daemon *daemon;
    struct wh_web_listener listener;
    struct wh_arena arena;   /* options and whatever lives as long as the server */
    struct wh_arena scratch; /* of one record or one answer */
    const char *url;
    bool has_tls;
    size_t body_max, queue_max;
    int64_t patience, request_time, grace;
    struct wh_web_keys write_keys, read_keys, admin_keys, origins;
    bool has_any_origin;
    struct wh_web_networks trusted;
    struct wh_web_connections connections;
    size_t receiving;                    /* bytes of bodies that are coming in */
    size_t outstanding;                  /* bytes that the log has not acknowledged */
    struct wh_web_append *appends_first; /* in order of their tickets */
    struct wh_web_append *appends_last;
    struct wh_web_append *appends_awaited; /* nobody waits for those before it */
    struct wh_web_request *asking;         /* those that wait for a story */
    uint64_t next_ticket;
    int64_t next_round; /* steady µs when overdue connections are looked for */
    struct wh_web_feed feed;
    struct wh_web_recent recent;
    bool is_stopping;
    int64_t stop_at; /* steady µs */
};

#endif
