/* Work on several cores: numbered tasks, each run once on one of some threads. What a task does may
 * depend on its number alone, never on which thread runs it or when. */
#ifndef WH_HOST_POOL_H
#define WH_HOST_POOL_H

#include <stddef.h>

#define WH_POOL_THREADS_MAX 64

/* Called on a thread of the pool; several at once with different tasks. */
typedef void (*wh_pool_task_fn)(void *self, size_t task);
/* Called on the calling thread a few times a second while tasks run, and when all have; may be
 * NULL. */
typedef void (*wh_pool_tick_fn)(void *self, size_t done);

/* Processors of the machine. */
size_t wh_pool_cores(void);

/* Returns when all `count` tasks have run. What tasks wrote is visible to the caller then. */
void wh_pool_run(size_t threads, size_t count, wh_pool_task_fn task, wh_pool_tick_fn tick,
                 void *self);

#endif
