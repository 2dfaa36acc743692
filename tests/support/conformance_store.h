/* What every implementation of port/store must do; each runs it with five lines of its own. */
#ifndef WH_TESTS_CONFORMANCE_STORE_H
#define WH_TESTS_CONFORMANCE_STORE_H

#include "engine/port/store.h"

struct wh_conformance_store {
    const char *name;
    /* An empty store of at least two partitions; valid until close. */
    const struct wh_store *(*open)(void *self);
    void (*close)(void *self);
    void *self;
};

/* The exit code of a test program. */
int wh_conformance_store_run(struct wh_conformance_store *given);

#endif
