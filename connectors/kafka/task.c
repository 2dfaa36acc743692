#include "connectors/kafka/task.h"

#include <stdlib.h>

static void
commit(struct wh_kafka_task *task)
{
    task->event.outcome = WH_LOG_REFUSED;
    if (task->metadata != NULL) {
        task->event.outcome =
            wh_kafka_producer_commit(task->producer, task->transaction, task->metadata,
                                     task->offsets, task->job.is_stopping);
    }
    task->event.offsets = task->offsets;
}

static void
work(struct wh_kafka_job *job)
{
    struct wh_kafka_task *task = (struct wh_kafka_task *)job;
    switch (task->kind) {
    case WH_KAFKA_TASK_OPEN:
    case WH_KAFKA_TASK_RENEW:
        task->event.has_failed = !wh_kafka_producer_open(task->producer, job->is_stopping);
        break;
    case WH_KAFKA_TASK_COMMIT:
        commit(task);
        break;
    case WH_KAFKA_TASK_LOOK:
        task->event.has_failed = !wh_kafka_look(task->eyes, task->event.partition, job->is_stopping,
                                                &task->arena, &task->event.look);
        break;
    case WH_KAFKA_TASK_FENCE:
        task->event.has_failed =
            !wh_kafka_producer_fence(task->settings, task->owner, job->is_stopping);
        break;
    case WH_KAFKA_TASK_SETTLE:
        task->start = wh_kafka_look_start(task->eyes, task->read.topic, task->read.partition);
        break;
    }
}

struct wh_kafka_task *
wh_kafka_task_create(enum wh_kafka_task_kind kind, enum wh_log_event_kind event, uint64_t ticket)
{
    struct wh_kafka_task *task = calloc(1, sizeof(*task));
    if (task == NULL) {
        abort();
    }
    task->kind = kind;
    task->event = (struct wh_log_event){.kind = event, .ticket = ticket};
    task->job.work = work;
    wh_arena_init(&task->arena, 0);
    return task;
}

void
wh_kafka_task_destroy(struct wh_kafka_task *task)
{
    if (task == NULL) {
        return;
    }
    if (task->metadata != NULL) {
        rd_kafka_consumer_group_metadata_destroy(task->metadata);
    }
    if (task->fence != NULL && --task->fence->waiting == 0) {
        free(task->fence);
    }
    wh_arena_fini(&task->arena);
    free(task);
}
