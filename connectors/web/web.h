/* HTTP in (contract.md 4): touches are taken, answered only when the log has them; leads, events,
 * health and metrics are read.
 *
 * Nothing here has a thread or a log of its own; only how long things take is looked at here. The
 * owner watches one descriptor, calls
 * `wh_web_run` when it is readable or when `wh_web_timeout` is over, and supplies the rest through
 * struct wh_web_env. All calls come from one thread; no answer to a ticket is given from inside of
 * the call that brought the ticket. Outside of `wh_web_run`, functions only note what there is to
 * do and make the descriptor readable. */
#ifndef WH_CONNECTORS_WEB_WEB_H
#define WH_CONNECTORS_WEB_WEB_H

#include <stdint.h>

#include "engine/base/err.h"
#include "engine/port/codec.h"
#include "engine/port/log.h"

/* Records of one request: an answer names each that is rejected, so it must have an end. */
#define WH_WEB_RECORDS_MAX ((size_t)10000)
/* Listeners of /v1/events; each costs a connection for as long as it likes. */
#define WH_WEB_LISTENERS_MAX ((size_t)64)
/* What listeners that are behind can still get: shared by all; who falls out of it is cut. */
#define WH_WEB_FEED_SIZE ((size_t)4 << 20)
/* Entries of /v1/recent, and what is noted with each. */
#define WH_WEB_RECENT_MAX       ((size_t)100)
#define WH_WEB_RECENT_NOTES_MAX ((size_t)8)

struct wh_web_texts {
    const struct wh_str *items; /* may be NULL when count is 0 */
    size_t count;
};

/* Borrowed during `wh_web_start`; zero stands for the default in parentheses. */
struct wh_web_options {
    struct wh_str listen;        /* ADDRESS:PORT, [V6]:PORT, localhost:PORT; port 0: any */
    const char *tls_certificate; /* PEM files, both or none */
    const char *tls_key;
    size_t body_max;                     /* collect.body (1 MiB), packed and unpacked */
    size_t queue_max;                    /* collect.queue (64 MiB) */
    int64_t patience;                    /* collect.patience, µs (10 s) */
    struct wh_web_texts write_keys;      /* none: no key is asked */
    struct wh_web_texts read_keys;       /* none: reading on loopback only */
    struct wh_web_texts admin_keys;      /* none: commands on loopback only; they may write, too */
    struct wh_web_texts trusted_proxies; /* ADDRESS or ADDRESS/BITS */
    struct wh_web_texts origins; /* collect.origins: "*" or SCHEME://HOST[:PORT]; none: no CORS */
    uint32_t connections_max;    /* (4096), less where the limit of open files is lower */
    int64_t idle;                /* µs without a byte after which a connection is cut (30 s) */
    int64_t request;             /* µs in which a request must have arrived whole (60 s) */
    int64_t grace;               /* µs that `wh_web_stop` leaves to requests under way (3 s) */
};

enum wh_web_check { WH_WEB_HEALTHY, WH_WEB_READY };

enum wh_web_story_outcome {
    WH_WEB_STORY_FOUND,
    WH_WEB_STORY_UNKNOWN,     /* 404 */
    WH_WEB_STORY_BAD_KEY,     /* 400: neither a key nor a lead id */
    WH_WEB_STORY_BAD_TIME,    /* 400: `at` is no time */
    WH_WEB_STORY_UNAVAILABLE, /* 503: cannot be told at present */
};

/* A record as it would go to the log. */
struct wh_web_record {
    enum wh_record_form form;
    struct wh_str bytes;
    struct wh_str default_id; /* for a record without id */
};

/* What the owner supplies. self comes back as the first argument of each. */
struct wh_web_env {
    void *self;
    int64_t (*now)(void *self);                 /* µs since 1970; may jump */
    struct wh_hash_id (*random_id)(void *self); /* never the same twice, not to be guessed */
    /* As the engine will find the record: decoded by port/codec with the model's placeholders, the
     * source filled in where the type alone tells it, then too_late and from_future. True:
     * *ret_touch; false: *ret_rejection. Both borrow from the arena and from the record. */
    bool (*judge)(void *self, struct wh_arena *arena, const struct wh_web_record *record,
                  struct wh_touch *ret_touch, struct wh_rejection *ret_rejection);
    /* All of them or none, as `append` of port/log: topics touchpoints (partition by key) and
     * rejected (with reason). Borrowed until `wh_web_appended` brings the ticket back, which
     * happens exactly once, also long after the client was answered. NULL: no touches are taken
     * here, and their paths are not there. */
    void (*append)(void *self, uint64_t ticket, const struct wh_log_record *records, size_t count);
    /* The JSON of `lead --json` of a key or id, as of `at` (text as it came; empty: now). Both are
     * borrowed during the call. `wh_web_told` answers, exactly once. NULL: nothing is told of leads
     * here, and their paths are not there. */
    void (*story)(void *self, uint64_t ticket, struct wh_str key, struct wh_str at);
    /* False: the buffer gets the reason, in words. */
    bool (*check)(void *self, enum wh_web_check check, struct wh_buf *reason);
    void (*write_metrics)(void *self, struct wh_buf *text);
    /* A request was answered, or cut: status 0. `path` is one of a fixed list: for
     * waterhole_http_requests_total{path,status}. May be NULL. */
    void (*answered)(void *self, const char *path, unsigned status);
};

struct wh_web;

/* Listens. *env is copied, options and keys as well. WH_ERR_USAGE: an option; WH_ERR_OUTSIDE: the
 * address cannot be had or the system has no room. */
WH_MUST_CHECK enum wh_err wh_web_start(const struct wh_web_options *options,
                                       const struct wh_web_env *env, struct wh_web **ret_web,
                                       struct wh_error *error);

/* http://ADDRESS:PORT or https://…, as bound. Lives as long as web. */
const char *wh_web_url(const struct wh_web *web);

/* An epoll descriptor, to be watched for readability. It stays the same and is never closed by the
 * owner. */
int wh_web_descriptor(const struct wh_web *web);

/* Does what is due; never blocks. Calls env. */
void wh_web_run(struct wh_web *web);

/* Milliseconds after which `wh_web_run` must be called at the latest; 0: at once; -1: only when the
 * descriptor is readable. To be asked again after each call of anything here. */
int wh_web_timeout(struct wh_web *web);

/* The ticket's records are borrowed no longer. COMMITTED: 200; NO_ROOM and the rest: 503. */
void wh_web_appended(struct wh_web *web, uint64_t ticket, enum wh_log_outcome outcome);

/* json is borrowed during the call, and used when FOUND only. */
void wh_web_told(struct wh_web *web, uint64_t ticket, enum wh_web_story_outcome outcome,
                 struct wh_str json);

/* To the listeners of /v1/events: one line of JSON. id and type are without line breaks. Returns at
 * once and keeps a copy. */
void wh_web_publish(struct wh_web *web, struct wh_str id, struct wh_str type, struct wh_str json);

/* What became of a touch that came in here, for /v1/recent: `became` is a word such as duplicate
 * (empty: stays as it is), `note` JSON, such as {"event":"…","points":…} (empty: none). A touch
 * that is no longer among the last ones is passed over. */
void wh_web_seen(struct wh_web *web, struct wh_str touch_id, struct wh_str became,
                 struct wh_str note);

/* Asks to end: no new connections, those without a request and the listeners are cut, requests
 * under way are answered, within `grace`; who still waits then is told to come again. */
void wh_web_stop(struct wh_web *web);

/* Nothing is under way any more (of the requests; tickets may be out). */
bool wh_web_is_stopped(const struct wh_web *web);

/* Accepts NULL. Cuts what is there. The owner brings no ticket back any more. */
void wh_web_destroy(struct wh_web **web);

#endif
