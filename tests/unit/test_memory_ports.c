#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "connectors/memory/log_handle.h"
#include "connectors/memory/store.h"
#include "tests/support/conformance_log.h"
#include "tests/support/conformance_store.h"

struct bench {
    struct wh_memory_faults faults;
    struct wh_memory_log log;
    struct wh_memory_log_handle handle;
    struct wh_memory_store store;
    struct wh_memory_store_handle store_handle;
    struct wh_log log_port;
    struct wh_store store_port;
};

static const struct wh_log *
open_log(void *self)
{
    struct bench *bench = self;
    bench->faults = (struct wh_memory_faults){.random = 1, .delay_max = 3};
    wh_memory_log_init(&bench->log, WH_CONFORMANCE_PARTITIONS, &bench->faults);
    wh_memory_log_handle_init(&bench->handle, &bench->log, WH_STR("shard"));
    bench->log_port = wh_memory_log_port(&bench->handle);
    return &bench->log_port;
}

static const struct wh_log *
reopen_log(void *self)
{
    struct bench *bench = self;
    wh_memory_log_handle_fini(&bench->handle);
    wh_memory_log_handle_init(&bench->handle, &bench->log, WH_STR("shard"));
    bench->log_port = wh_memory_log_port(&bench->handle);
    return &bench->log_port;
}

static void
close_log(void *self)
{
    struct bench *bench = self;
    wh_memory_log_handle_fini(&bench->handle);
    wh_memory_log_fini(&bench->log);
}

static const struct wh_store *
open_store(void *self)
{
    struct bench *bench = self;
    bench->faults = (struct wh_memory_faults){.random = 1, .delay_max = 3};
    wh_memory_store_init(&bench->store, 2, &bench->faults);
    wh_memory_store_handle_init(&bench->store_handle, &bench->store);
    bench->store_port = wh_memory_store_port(&bench->store_handle);
    return &bench->store_port;
}

static void
close_store(void *self)
{
    struct bench *bench = self;
    wh_memory_store_handle_fini(&bench->store_handle);
    wh_memory_store_fini(&bench->store);
}

int
main(void)
{
    static struct bench bench;
    struct wh_conformance_log log = {
        .name = "log in memory",
        .open = open_log,
        .reopen = reopen_log,
        .close = close_log,
        .self = &bench,
    };
    struct wh_conformance_store store = {"store in memory", open_store, close_store, &bench};
    int failed = wh_conformance_log_run(&log);
    return failed + wh_conformance_store_run(&store);
}
