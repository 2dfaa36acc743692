/* One lead under a model text in virtual time: the smallest stage on which rules can be seen to
 * work. After each message the kept values are compared with recomputed ones (law 4), and a copy
 * that saw time pass in small cuts with the state (law 3): every test of step tests both. */
#ifndef WH_TESTS_ONE_LEAD_H
#define WH_TESTS_ONE_LEAD_H

#include "engine/base/buf.h"
#include "engine/language/compile.h"
#include "engine/score/step.h"

/* Monday 2026-01-05T00:00:00Z: the time 0d, µs. */
#define WH_ONE_LEAD_START INT64_C(1767571200000000)

struct wh_one_lead {
    struct wh_arena arena; /* sources, touches, events */
    struct wh_arena home;  /* the state */
    struct wh_arena batch; /* one step */
    struct wh_model *model;
    struct wh_state state;
    struct wh_buf events;
    uint64_t number; /* of the next touch without an id */
    int64_t announce_from;
    struct wh_struck_points struck; /* of all messages */
};

/* A touch: times are durations since the start. NULL: not given. */
struct wh_sketch {
    const char *at;      /* own time */
    const char *arrives; /* when it is stepped; at */
    const char *type;    /* page_view */
    const char *id;      /* t1, t2, … */
    const char *path;    /* page.path */
    const char *asset;
    const char *send;
    const char *source;
    const char *agent;   /* device.class */
    const char *email;   /* an identifier beside user:u */
    const char *company; /* email_company */
    const char *lead;    /* one attribute: NAME=text */
    const char *consent; /* one purpose: NAME=true or false */
    int64_t amount;      /* thousandths, 0: none */
    uint64_t digest;
};

/* Ends the test when the text has errors. It is written without `waterhole` and `name`. */
void wh_one_lead_open(struct wh_one_lead *lead, const char *model);
void wh_one_lead_close(struct wh_one_lead *lead);

enum wh_outcome wh_one_lead_touch(struct wh_one_lead *lead, const struct wh_sketch *sketch);

/* Lets time pass. */
void wh_one_lead_pass(struct wh_one_lead *lead, const char *to);

/* µs of a duration since the start. */
int64_t wh_one_lead_at(const char *at);

/* Values as of a moment that was reached. */
int64_t wh_one_lead_score(struct wh_one_lead *lead, const char *name);
int64_t wh_one_lead_rule(struct wh_one_lead *lead, const char *name); /* `ledger` */
const char *wh_one_lead_stage(struct wh_one_lead *lead);

/* "1d qualified hot", with " late" and " because t3" or " because due", and " of t1 t3" with
 * several touches; one line each, since the last call. Lines end with '\n'. */
const char *wh_one_lead_events(struct wh_one_lead *lead);

#endif
