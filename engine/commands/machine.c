#include "engine/commands/machine.h"

#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

#include "engine/base/time.h"

int64_t
wh_machine_now(void)
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * WH_US_PER_SECOND + now.tv_nsec / 1000;
}

struct wh_hash_id
wh_machine_random(void)
{
    struct wh_hash_id id;
    /* So few bytes come at once, or the machine has no randomness at all: then nothing is safe. */
    if (getrandom(id.bytes, sizeof(id.bytes), 0) != (ssize_t)sizeof(id.bytes)) {
        abort();
    }
    return id;
}

static int64_t
now(void *self)
{
    (void)self;
    return wh_machine_now();
}

static struct wh_hash_id
lineage(void *self)
{
    (void)self;
    return wh_machine_random();
}

struct wh_clock
wh_machine_clock(void)
{
    return (struct wh_clock){.now = now, .lineage = lineage};
}
