/* What every implementation of port/log must do; each runs it with some lines of its own. */
#ifndef WH_TESTS_CONFORMANCE_LOG_H
#define WH_TESTS_CONFORMANCE_LOG_H

#include "engine/port/log.h"

#define WH_CONFORMANCE_PARTITIONS 3

struct wh_conformance_log {
    const char *name;
    /* An empty log of WH_CONFORMANCE_PARTITIONS partitions; valid until close. */
    const struct wh_log *(*open)(void *self);
    /* The same log as another process finds it after the first one was killed. */
    const struct wh_log *(*reopen)(void *self);
    void (*close)(void *self);
    /* Waits a little for what comes from outside; NULL: nothing does. */
    void (*pause)(void *self);
    void *self;
    /* Of the suite: */
    const struct wh_log *log;
    uint64_t view; /* newest that it told */
};

/* The exit code of a test program. */
int wh_conformance_log_run(struct wh_conformance_log *given);

#endif
