#include "engine/host/pool.h"

#include <pthread.h>
#include <time.h>
#include <unistd.h>

/* Between two looks of the caller. */
#define TICK_NS   200000000L
#define SECOND_NS 1000000000L

struct pool {
    pthread_mutex_t lock;
    pthread_cond_t moved; /* a task has ended */
    size_t next, done, count;
    wh_pool_task_fn task;
    void *self;
};

size_t
wh_pool_cores(void)
{
    long count = sysconf(_SC_NPROCESSORS_ONLN);
    return count < 1 ? 1 : (size_t)count;
}

static void *
work(void *argument)
{
    struct pool *pool = argument;
    (void)pthread_mutex_lock(&pool->lock);
    while (pool->next < pool->count) {
        size_t task = pool->next++;
        (void)pthread_mutex_unlock(&pool->lock);
        pool->task(pool->self, task);
        (void)pthread_mutex_lock(&pool->lock);
        pool->done++;
        (void)pthread_cond_signal(&pool->moved);
    }
    (void)pthread_mutex_unlock(&pool->lock);
    return NULL;
}

static struct timespec
next_tick(void)
{
    struct timespec at = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &at);
    at.tv_nsec += TICK_NS;
    if (at.tv_nsec >= SECOND_NS) {
        at.tv_nsec -= SECOND_NS;
        at.tv_sec++;
    }
    return at;
}

static void
watch(struct pool *pool, wh_pool_tick_fn tick)
{
    (void)pthread_mutex_lock(&pool->lock);
    while (pool->done < pool->count) {
        struct timespec until = next_tick();
        while (pool->done < pool->count &&
               pthread_cond_timedwait(&pool->moved, &pool->lock, &until) == 0) {
        }
        size_t done = pool->done;
        (void)pthread_mutex_unlock(&pool->lock);
        if (tick != NULL && done < pool->count) {
            tick(pool->self, done);
        }
        (void)pthread_mutex_lock(&pool->lock);
    }
    (void)pthread_mutex_unlock(&pool->lock);
}

void
wh_pool_run(size_t threads, size_t count, wh_pool_task_fn task, wh_pool_tick_fn tick, void *self)
{
    struct pool pool = {.count = count, .task = task, .self = self};
    pthread_t workers[WH_POOL_THREADS_MAX];
    pthread_condattr_t attributes;
    size_t started = 0;
    threads = threads > WH_POOL_THREADS_MAX ? WH_POOL_THREADS_MAX : threads;
    threads = threads > count ? count : threads;
    (void)pthread_mutex_init(&pool.lock, NULL);
    (void)pthread_condattr_init(&attributes);
    (void)pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&pool.moved, &attributes);
    while (started < threads && pthread_create(&workers[started], NULL, work, &pool) == 0) {
        started++;
    }
    if (started == 0) {
        (void)work(&pool); /* no thread is to be had: one after the other */
    } else {
        watch(&pool, tick);
    }
    for (size_t i = 0; i < started; i++) {
        (void)pthread_join(workers[i], NULL);
    }
    if (tick != NULL) {
        tick(self, count);
    }
    (void)pthread_cond_destroy(&pool.moved);
    (void)pthread_condattr_destroy(&attributes);
    (void)pthread_mutex_destroy(&pool.lock);
}
