/* Calls that block, on threads of their own: each job is done once, then waits to be taken by the
 * thread that asked. */
#ifndef WH_CONNECTORS_KAFKA_JOBS_H
#define WH_CONNECTORS_KAFKA_JOBS_H

#include <pthread.h>
#include <stdatomic.h>

#include "connectors/kafka/wake.h"

#define WH_KAFKA_THREADS_MAX 4

struct wh_kafka_job {
    /* On one of the threads. It looks at `is_stopping` at least every second. */
    void (*work)(struct wh_kafka_job *job);
    const atomic_bool *is_stopping; /* nobody waits any more */
    struct wh_kafka_job *next;
};

/* A queue with its threads. Whoever pushes bounds how many jobs there are. */
struct wh_kafka_jobs {
    pthread_t threads[WH_KAFKA_THREADS_MAX];
    size_t thread_count;
    pthread_mutex_t lock;
    pthread_cond_t pushed;
    struct wh_kafka_job *first, **last;           /* waiting */
    struct wh_kafka_job *first_done, **last_done; /* to be taken */
    atomic_bool is_stopping;
    const struct wh_kafka_wake *wake; /* borrowed */
};

WH_MUST_CHECK enum wh_err wh_kafka_jobs_start(struct wh_kafka_jobs *jobs, size_t thread_count,
                                              const struct wh_kafka_wake *wake,
                                              struct wh_error *error);
/* Waits for the jobs under way. Those that were not begun are not done: they are taken like the
 * others, by who owns them. */
void wh_kafka_jobs_stop(struct wh_kafka_jobs *jobs);
void wh_kafka_jobs_fini(struct wh_kafka_jobs *jobs);

void wh_kafka_jobs_push(struct wh_kafka_jobs *jobs, struct wh_kafka_job *job);
/* NULL: none is done. */
struct wh_kafka_job *wh_kafka_jobs_take(struct wh_kafka_jobs *jobs);

#endif
