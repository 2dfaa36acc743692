#include "tests/support/conformance_log.h"

#include "tests/kafka/bench.h"
#include "tests/kafka/parts.h"

_Static_assert(WH_CONFORMANCE_PARTITIONS == BENCH_PARTITIONS, "as many as the suite wants");

struct given {
    const char *bootstrap;
    struct bench bench;
    struct handle handle;
};

static const struct wh_log *
open_log(void *self)
{
    struct given *given = self;
    bench_init(&given->bench, given->bootstrap, NULL);
    bench_make_topics(&given->bench);
    handle_open(&given->handle, &given->bench, "one");
    return &given->handle.port;
}

static const struct wh_log *
reopen_log(void *self)
{
    struct given *given = self;
    handle_close(&given->handle);
    handle_open(&given->handle, &given->bench, "one");
    return &given->handle.port;
}

static void
close_log(void *self)
{
    struct given *given = self;
    handle_close(&given->handle);
    bench_fini(&given->bench);
}

static void
pause_log(void *self)
{
    struct given *given = self;
    handle_pause(&given->handle);
}

int
part_conformance(const char *bootstrap)
{
    struct given given = {.bootstrap = bootstrap};
    struct wh_conformance_log log = {
        .name = "log in Kafka",
        .open = open_log,
        .reopen = reopen_log,
        .close = close_log,
        .pause = pause_log,
        .self = &given,
    };
    return wh_conformance_log_run(&log);
}
