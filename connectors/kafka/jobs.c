#include "connectors/kafka/jobs.h"

#include <string.h>

static struct wh_kafka_job *
await(struct wh_kafka_jobs *jobs)
{
    (void)pthread_mutex_lock(&jobs->lock);
    while (jobs->first == NULL && !atomic_load(&jobs->is_stopping)) {
        (void)pthread_cond_wait(&jobs->pushed, &jobs->lock);
    }
    struct wh_kafka_job *job = atomic_load(&jobs->is_stopping) ? NULL : jobs->first;
    if (job != NULL) {
        jobs->first = job->next;
        jobs->last = jobs->first == NULL ? &jobs->first : jobs->last;
    }
    (void)pthread_mutex_unlock(&jobs->lock);
    return job;
}

static void *
serve(void *argument)
{
    struct wh_kafka_jobs *jobs = argument;
    for (struct wh_kafka_job *job = await(jobs); job != NULL; job = await(jobs)) {
        job->work(job);
        (void)pthread_mutex_lock(&jobs->lock);
        job->next = NULL;
        *jobs->last_done = job;
        jobs->last_done = &job->next;
        (void)pthread_mutex_unlock(&jobs->lock);
        wh_kafka_wake_up(jobs->wake);
    }
    return NULL;
}

enum wh_err
wh_kafka_jobs_start(struct wh_kafka_jobs *jobs, size_t thread_count,
                    const struct wh_kafka_wake *wake, struct wh_error *error)
{
    *jobs = (struct wh_kafka_jobs){.wake = wake};
    jobs->last = &jobs->first;
    jobs->last_done = &jobs->first_done;
    (void)pthread_mutex_init(&jobs->lock, NULL);
    (void)pthread_cond_init(&jobs->pushed, NULL);
    while (jobs->thread_count < thread_count) {
        int code = pthread_create(&jobs->threads[jobs->thread_count], NULL, serve, jobs);
        if (code != 0) {
            wh_kafka_jobs_stop(jobs);
            return wh_error_set(error, WH_ERR_OUTSIDE, "no thread for Kafka: error %d", code);
        }
        jobs->thread_count++;
    }
    return WH_OK;
}

void
wh_kafka_jobs_stop(struct wh_kafka_jobs *jobs)
{
    (void)pthread_mutex_lock(&jobs->lock);
    atomic_store(&jobs->is_stopping, true);
    (void)pthread_cond_broadcast(&jobs->pushed);
    (void)pthread_mutex_unlock(&jobs->lock);
    for (size_t i = 0; i < jobs->thread_count; i++) {
        (void)pthread_join(jobs->threads[i], NULL);
    }
    jobs->thread_count = 0;
    *jobs->last_done = jobs->first;
    jobs->first = NULL;
}

void
wh_kafka_jobs_fini(struct wh_kafka_jobs *jobs)
{
    (void)pthread_cond_destroy(&jobs->pushed);
    (void)pthread_mutex_destroy(&jobs->lock);
}

void
wh_kafka_jobs_push(struct wh_kafka_jobs *jobs, struct wh_kafka_job *job)
{
    job->is_stopping = &jobs->is_stopping;
    job->next = NULL;
    (void)pthread_mutex_lock(&jobs->lock);
    *jobs->last = job;
    jobs->last = &job->next;
    (void)pthread_cond_signal(&jobs->pushed);
    (void)pthread_mutex_unlock(&jobs->lock);
}

struct wh_kafka_job *
wh_kafka_jobs_take(struct wh_kafka_jobs *jobs)
{
    (void)pthread_mutex_lock(&jobs->lock);
    struct wh_kafka_job *job = jobs->first_done;
    if (job != NULL) {
        jobs->first_done = job->next;
        jobs->last_done = jobs->first_done == NULL ? &jobs->first_done : jobs->last_done;
    }
    (void)pthread_mutex_unlock(&jobs->lock);
    return job;
}
