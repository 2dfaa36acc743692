#include "connectors/kafka/log.h"

#include <assert.h>
#include <stdlib.h>

#include "connectors/kafka/appender.h"
#include "connectors/kafka/group.h"
#include "connectors/kafka/reader.h"
#include "connectors/kafka/task.h"

/* Takeovers of several partitions look and fence side by side. */
#define SIDE_THREADS WH_KAFKA_THREADS_MAX

enum step { STEP_BEGIN, STEP_GROUP, STEP_TASKS, STEP_APPENDS, STEP_READS, STEP_END };

struct wh_kafka_log {
    const struct wh_kafka_settings *settings;
    uint32_t partitions;
    struct wh_kafka_wake wake;
    struct wh_kafka_group group;
    struct wh_kafka_reader reader;
    struct wh_kafka_eyes eyes;
    struct wh_kafka_producer producer;
    struct wh_kafka_appender *appender; /* NULL: nobody appended yet */
    struct wh_kafka_jobs transacting;   /* one thread: the producer's */
    struct wh_kafka_jobs aside;         /* looks and fences */
    enum step step;                     /* of the present round of `poll` */
    struct wh_kafka_task *told;         /* of the last event */
    struct wh_arena keep;
    struct wh_str id;
};

static void
look(void *self, uint64_t ticket, uint32_t partition)
{
    struct wh_kafka_log *log = self;
    struct wh_kafka_task *task =
        wh_kafka_task_create(WH_KAFKA_TASK_LOOK, WH_LOG_EVENT_LOOKED, ticket);
    task->event.partition = partition;
    task->eyes = &log->eyes;
    wh_kafka_reader_stop(&log->reader, WH_TOPIC_JOURNAL, partition);
    wh_kafka_jobs_push(&log->aside, &task->job);
}

static void
fence(void *self, uint64_t ticket, const struct wh_str *owners, size_t owner_count)
{
    struct wh_kafka_log *log = self;
    struct wh_kafka_fence *fence = calloc(1, sizeof(*fence));
    assert(fence != NULL && owner_count > 0);
    fence->waiting = owner_count;
    for (size_t i = 0; i < owner_count; i++) {
        struct wh_kafka_task *task =
            wh_kafka_task_create(WH_KAFKA_TASK_FENCE, WH_LOG_EVENT_FENCED, ticket);
        task->settings = log->settings;
        task->fence = fence;
        task->owner = wh_arena_str(&task->arena, owners[i]).ptr;
        wh_kafka_jobs_push(&log->aside, &task->job);
    }
}

static void
start_read(void *self, const struct wh_log_read *read)
{
    struct wh_kafka_log *log = self;
    wh_kafka_reader_start(&log->reader, read);
}

static void
commit(void *self, uint64_t ticket, const struct wh_log_transaction *transaction)
{
    struct wh_kafka_log *log = self;
    struct wh_kafka_task *task =
        wh_kafka_task_create(WH_KAFKA_TASK_COMMIT, WH_LOG_EVENT_COMMIT, ticket);
    assert(transaction->position_count > 0);
    task->producer = &log->producer;
    task->transaction = transaction;
    task->metadata = wh_kafka_group_metadata(&log->group, transaction->view);
    task->offsets = WH_ARENA_ARRAY(&task->arena, int64_t, transaction->record_count);
    wh_kafka_jobs_push(&log->transacting, &task->job);
}

static void
renew(void *self, uint64_t ticket)
{
    struct wh_kafka_log *log = self;
    struct wh_kafka_task *task =
        wh_kafka_task_create(WH_KAFKA_TASK_RENEW, WH_LOG_EVENT_RENEWED, ticket);
    task->producer = &log->producer;
    wh_kafka_jobs_push(&log->transacting, &task->job);
}

static void
let_go(void *self, uint32_t partition)
{
    struct wh_kafka_log *log = self;
    wh_kafka_reader_leave(&log->reader, partition);
    wh_kafka_group_let_go(&log->group, partition);
}

static void
append(void *self, uint64_t ticket, const struct wh_log_record *records, size_t count)
{
    struct wh_kafka_log *log = self;
    struct wh_error error;
    if (log->appender == NULL &&
        wh_kafka_appender_open(log->settings, &log->wake, &log->appender, &error) != WH_OK) {
        wh_kafka_say(log->settings, WH_KAFKA_ERROR, "%s", error.message);
        abort(); /* the same settings opened the other clients */
    }
    wh_kafka_appender_start(log->appender, ticket, records, count);
}

/* False: nobody waits for it, or not yet. */
static bool
take_task(struct wh_kafka_log *log, struct wh_kafka_task *task, struct wh_log_event *ret_event)
{
    log->told = task;
    *ret_event = task->event;
    switch (task->kind) {
    case WH_KAFKA_TASK_OPEN:
        return false; /* the first commit finds out */
    case WH_KAFKA_TASK_FENCE:
        task->fence->has_failed = task->fence->has_failed || task->event.has_failed;
        ret_event->has_failed = task->fence->has_failed;
        return task->fence->waiting == 1;
    case WH_KAFKA_TASK_SETTLE:
        wh_kafka_reader_settle(&log->reader, &task->read, task->start, ret_event);
        return true;
    case WH_KAFKA_TASK_COMMIT:
    case WH_KAFKA_TASK_RENEW:
    case WH_KAFKA_TASK_LOOK:
        return true;
    }
    return false;
}

static bool
next_task(struct wh_kafka_log *log, struct wh_log_event *ret_event)
{
    for (;;) {
        struct wh_kafka_job *job = wh_kafka_jobs_take(&log->transacting);
        job = job != NULL ? job : wh_kafka_jobs_take(&log->aside);
        if (job == NULL) {
            return false;
        }
        wh_kafka_task_destroy(log->told);
        log->told = NULL;
        if (take_task(log, (struct wh_kafka_task *)job, ret_event)) {
            return true;
        }
    }
}

static bool
next_group(struct wh_kafka_log *log, struct wh_log_event *ret_event)
{
    if (!wh_kafka_group_next(&log->group, ret_event)) {
        wh_kafka_group_serve(&log->group);
        if (!wh_kafka_group_next(&log->group, ret_event)) {
            return false;
        }
    }
    if (ret_event->kind == WH_LOG_EVENT_LOST) {
        wh_kafka_reader_leave(&log->reader, ret_event->partition);
    }
    return true;
}

static void
settle(struct wh_kafka_log *log, const struct wh_log_read *missing)
{
    struct wh_kafka_task *task =
        wh_kafka_task_create(WH_KAFKA_TASK_SETTLE, WH_LOG_EVENT_READ, missing->ticket);
    task->eyes = &log->eyes;
    task->read = *missing;
    wh_kafka_jobs_push(&log->aside, &task->job);
}

static bool
next_read(struct wh_kafka_log *log, struct wh_log_event *ret_event)
{
    struct wh_log_read missing;
    enum wh_kafka_read_step step = wh_kafka_reader_next(&log->reader, ret_event, &missing);
    while (step == WH_KAFKA_READ_MISSING) {
        settle(log, &missing);
        step = wh_kafka_reader_next(&log->reader, ret_event, &missing);
    }
    return step == WH_KAFKA_READ_TOLD;
}

static bool
next_of(struct wh_kafka_log *log, struct wh_log_event *ret_event)
{
    switch (log->step) {
    case STEP_BEGIN:
        wh_kafka_wake_drain(&log->wake);
        return false;
    case STEP_GROUP:
        return next_group(log, ret_event);
    case STEP_TASKS:
        return next_task(log, ret_event);
    case STEP_APPENDS:
        return log->appender != NULL && wh_kafka_appender_poll(log->appender, ret_event);
    case STEP_READS:
        return next_read(log, ret_event);
    case STEP_END:
        break;
    }
    return false;
}

/* Each source until it has nothing more, then the next; false ends the round. */
static bool
poll_event(void *self, struct wh_log_event *ret_event)
{
    struct wh_kafka_log *log = self;
    for (; log->step != STEP_END; log->step++) {
        if (next_of(log, ret_event)) {
            return true;
        }
    }
    log->step = STEP_BEGIN;
    return false;
}

static enum wh_err
open_parts(struct wh_kafka_log *log, struct wh_error *error)
{
    enum wh_err err =
        wh_kafka_reader_open(&log->reader, log->settings, log->partitions, &log->wake, error);
    err = err == WH_OK
              ? wh_kafka_eyes_open(&log->eyes, log->settings, log->reader.clients[WH_KAFKA_PAST],
                                   &log->reader.topics[WH_KAFKA_PAST], error)
              : err;
    err = err == WH_OK ? wh_kafka_jobs_start(&log->transacting, 1, &log->wake, error) : err;
    err = err == WH_OK ? wh_kafka_jobs_start(&log->aside, SIDE_THREADS, &log->wake, error) : err;
    return err == WH_OK
               ? wh_kafka_group_open(&log->group, log->settings, log->partitions, &log->wake, error)
               : err;
}

enum wh_err
wh_kafka_log_open(const struct wh_kafka_settings *settings, struct wh_str id, uint32_t partitions,
                  struct wh_kafka_log **ret_log, struct wh_error *error)
{
    struct wh_kafka_log *log = calloc(1, sizeof(*log));
    if (log == NULL) {
        return wh_error_set(error, WH_ERR_OUTSIDE, "no memory for Kafka");
    }
    log->settings = settings;
    log->partitions = partitions;
    log->wake.descriptor = -1;
    wh_arena_init(&log->keep, 0);
    log->id = wh_arena_str(&log->keep, id);
    log->producer = (struct wh_kafka_producer){.settings = settings, .id = log->id.ptr};
    enum wh_err err = wh_kafka_wake_open(&log->wake, error);
    err = err == WH_OK ? open_parts(log, error) : err;
    if (err != WH_OK) {
        wh_kafka_log_close(&log);
        return err;
    }
    struct wh_kafka_task *task = wh_kafka_task_create(WH_KAFKA_TASK_OPEN, WH_LOG_EVENT_RENEWED, 0);
    task->producer = &log->producer;
    wh_kafka_jobs_push(&log->transacting, &task->job);
    *ret_log = log;
    return WH_OK;
}

/* What was done or never begun. */
static void
end_jobs(struct wh_kafka_jobs *jobs)
{
    if (jobs->wake == NULL) {
        return; /* it was not started */
    }
    wh_kafka_jobs_stop(jobs);
    for (struct wh_kafka_job *job = wh_kafka_jobs_take(jobs); job != NULL;
         job = wh_kafka_jobs_take(jobs)) {
        wh_kafka_task_destroy((struct wh_kafka_task *)job);
    }
    wh_kafka_jobs_fini(jobs);
}

void
wh_kafka_log_close(struct wh_kafka_log **ret_log)
{
    struct wh_kafka_log *log = *ret_log;
    if (log == NULL) {
        return;
    }
    end_jobs(&log->transacting);
    end_jobs(&log->aside);
    wh_kafka_task_destroy(log->told);
    wh_kafka_group_close(&log->group);
    wh_kafka_appender_close(&log->appender);
    wh_kafka_eyes_close(&log->eyes);
    wh_kafka_reader_close(&log->reader);
    wh_kafka_producer_close(&log->producer);
    wh_kafka_wake_close(&log->wake);
    wh_arena_fini(&log->keep);
    free(log);
    *ret_log = NULL;
}

struct wh_log
wh_kafka_log_port(struct wh_kafka_log *log)
{
    return (struct wh_log){
        .self = log,
        .partitions = log->partitions,
        .id = log->id,
        .look = look,
        .fence = fence,
        .read = start_read,
        .commit = commit,
        .renew = renew,
        .let_go = let_go,
        .append = append,
        .poll = poll_event,
    };
}

int
wh_kafka_log_descriptor(const struct wh_kafka_log *log)
{
    return log->wake.descriptor;
}

int64_t
wh_kafka_log_end(const struct wh_kafka_log *log, enum wh_topic topic, uint32_t partition)
{
    int64_t start = -1;
    int64_t end = -1;
    const char *name = rd_kafka_topic_name(log->reader.topics[WH_KAFKA_LIVE].of[topic]);
    rd_kafka_resp_err_t code = rd_kafka_get_watermark_offsets(
        log->reader.clients[WH_KAFKA_LIVE], name, (int32_t)partition, &start, &end);
    return code == RD_KAFKA_RESP_ERR_NO_ERROR ? end : -1;
}
