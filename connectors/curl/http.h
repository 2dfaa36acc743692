/* The client side of our own HTTP address: one request and its answer, or a stream of lines that
 * is followed for as long as somebody listens. One thread; every call blocks. */
#ifndef WH_CONNECTORS_CURL_HTTP_H
#define WH_CONNECTORS_CURL_HTTP_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/base/arena.h"
#include "engine/base/err.h"
#include "engine/base/str.h"

/* An answer that is longer is an error; so is a line of a stream. */
#define WH_HTTP_BODY_MAX ((size_t)16 * 1024 * 1024)
#define WH_HTTP_LINE_MAX ((size_t)256 * 1024)

struct wh_http_request {
    const char *url;         /* http:// or https:// */
    struct wh_str key;       /* sent as "Authorization: Bearer"; empty: none */
    struct wh_str body;      /* JSON, sent by POST; without a pointer: GET */
    const char *certificate; /* trusted instead of the machine's authorities; NULL: those */
};

struct wh_http_answer {
    long status;
    struct wh_str body; /* in the arena; of a followed stream only when status is not 200 */
};

/* WH_ERR_OUTSIDE: there was no answer, within 30 s at most. Proxies of the environment are not
 * asked: the address is ours. */
WH_MUST_CHECK enum wh_err wh_http_send(struct wh_arena *arena,
                                       const struct wh_http_request *request,
                                       struct wh_http_answer *ret_answer, struct wh_error *error);

/* A line without its end, valid during the call. */
typedef void (*wh_http_line_fn)(void *self, struct wh_str line);

struct wh_http_lines {
    wh_http_line_fn on_line;
    void *self;
    int stop; /* a descriptor: when it can be read, following ends; not read from, not closed */
};

/* Calls on_line for each line of the answer if its status is 200. WH_OK: `stop` became readable, or
 * the other side ended the stream or did not answer with 200; WH_ERR_OUTSIDE: it broke off. */
WH_MUST_CHECK enum wh_err wh_http_follow(struct wh_arena *arena,
                                         const struct wh_http_request *request,
                                         const struct wh_http_lines *lines,
                                         struct wh_http_answer *ret_answer, struct wh_error *error);

/* Version of the library. */
struct wh_str wh_libraries_curl(struct wh_arena *arena);

#endif
