/* `waterhole collect`: the HTTP front door. A touch is answered when the broker has it on all
 * copies; what does not fit into the queue is told to come again (contract.md 4). */
#include <signal.h>

#include "connectors/kafka/appender.h"
#include "connectors/psl/psl.h"
#include "engine/base/time.h"
#include "engine/commands/console.h"
#include "engine/commands/kafka.h"
#include "engine/commands/machine.h"
#include "engine/commands/model_file.h"
#include "engine/commands/say.h"
#include "engine/commands/settings.h"
#include "engine/commands/web_parts.h"
#include "engine/host/watch.h"
#include "proto/codec.h"

/* Touches that are here at the end have this long to get to the broker. */
#define END_US (4 * WH_US_PER_SECOND)

struct collecting {
    const struct wh_call *call;
    struct wh_config config;
    struct wh_kafka_settings kafka;
    struct wh_clock clock;
    struct wh_say say;
    struct wh_codec codec;
    struct wh_domain domain;
    struct wh_model *model;
    bool has_model; /* the configuration names one */
    struct wh_metrics metrics;
    struct wh_kafka_appender *appender;
    struct wh_web *web;
    struct wh_watch *watch;
    size_t out;      /* appends that are not answered */
    bool is_refused; /* the last answer said no */
    bool is_ending;
    int64_t end_by;
};

static bool
judge(void *self, struct wh_arena *arena, const struct wh_web_record *record,
      struct wh_touch *ret_touch, struct wh_rejection *ret_rejection)
{
    struct collecting *collecting = self;
    int64_t machine = collecting->clock.now(collecting->clock.self);
    struct wh_web_judge judge = {
        .codec = &collecting->codec,
        .domain = &collecting->domain,
        .ruleset = &collecting->model->ruleset,
        .knows_lateness = collecting->has_model,
        .now = machine,
        .machine = machine,
    };
    bool is_good = wh_web_judge(&judge, arena, record, ret_touch, ret_rejection);
    if (!is_good) {
        wh_metrics_add(&collecting->metrics, WH_METRIC_REJECTED, ret_rejection->reason, 0, 1);
    }
    return is_good;
}

static void
append(void *self, uint64_t ticket, const struct wh_log_record *records, size_t count)
{
    struct collecting *collecting = self;
    collecting->out++;
    wh_kafka_appender_start(collecting->appender, ticket, records, count);
}

static bool
check(void *self, enum wh_web_check check, struct wh_buf *reason)
{
    const struct collecting *collecting = self;
    if (check == WH_WEB_READY && collecting->is_ending) {
        wh_buf_push_text(reason, "this process is ending");
        return false;
    }
    if (collecting->is_refused) {
        wh_buf_push_text(reason, "the broker did not take the last records");
        return false;
    }
    return true;
}

static void
write_metrics(void *self, struct wh_buf *text)
{
    const struct collecting *collecting = self;
    wh_metrics_print(&collecting->metrics, text);
}

static void
answered(void *self, const char *path, unsigned status)
{
    struct collecting *collecting = self;
    wh_web_count(&collecting->metrics, path, status);
}

static void
take_answers(struct collecting *collecting)
{
    struct wh_log_event event;
    while (wh_kafka_appender_poll(collecting->appender, &event)) {
        collecting->out--;
        collecting->is_refused = event.outcome != WH_LOG_COMMITTED;
        wh_web_appended(collecting->web, event.ticket, event.outcome);
    }
}

static void
on_turn(void *self)
{
    struct collecting *collecting = self;
    take_answers(collecting);
    wh_web_run(collecting->web);
    bool is_late = collecting->is_ending &&
                   collecting->clock.now(collecting->clock.self) >= collecting->end_by;
    bool is_over =
        collecting->is_ending && wh_web_is_stopped(collecting->web) && collecting->out == 0;
    if (is_over || is_late) {
        wh_watch_end(collecting->watch);
    }
}

static int
timeout(void *self)
{
    const struct collecting *collecting = self;
    int wait = wh_web_timeout(collecting->web);
    int64_t left = collecting->end_by - collecting->clock.now(collecting->clock.self);
    if (!collecting->is_ending) {
        return wait;
    }
    int end = left <= 0 ? 0 : (int)(left / WH_US_PER_MS + 1);
    return wait < 0 || wait > end ? end : wait;
}

static struct wh_str
model_path(const struct collecting *collecting)
{
    return wh_config_text(&collecting->config, WH_OPTION_MODEL);
}

/* Nothing here outlives the touch that is judged, so the old model may go at once. */
static void
reload(struct collecting *collecting)
{
    struct wh_model *model = collecting->has_model
                                 ? wh_model_file_again(model_path(collecting), &collecting->say)
                                 : NULL;
    if (model != NULL) {
        wh_model_destroy(&collecting->model);
        collecting->model = model;
        wh_say(&collecting->say, WH_LOG_INFO, "the model is read again: %s",
               model->ruleset.hash_hex);
    } else if (collecting->has_model) {
        wh_say(&collecting->say, WH_LOG_ERROR, "the new model is refused, the old one stays");
    }
}

static void
on_signal(void *self, int signal)
{
    struct collecting *collecting = self;
    if (signal == SIGHUP) {
        reload(collecting);
    } else if (collecting->is_ending) {
        wh_watch_end(collecting->watch); /* what was acknowledged is there */
    } else {
        collecting->is_ending = true;
        collecting->end_by = collecting->clock.now(collecting->clock.self) + END_US;
        wh_web_stop(collecting->web);
    }
}

static enum wh_exit
open_parts(struct collecting *collecting, struct wh_error *error)
{
    struct wh_web_options options =
        wh_web_options_of(&collecting->config, collecting->call->arena, WH_OPTION_LISTEN);
    struct wh_web_env env = {
        .self = collecting,
        .now = wh_web_now,
        .random_id = wh_web_random_id,
        .judge = judge,
        .append = append,
        .check = check,
        .write_metrics = write_metrics,
        .answered = answered,
    };
    enum wh_err err =
        wh_kafka_appender_open(&collecting->kafka, NULL, &collecting->appender, error);
    err = err == WH_OK ? wh_web_start(&options, &env, &collecting->web, error) : err;
    if (err != WH_OK) {
        return wh_console_fail(wh_console_exit(err), "%s", error->message);
    }
    struct wh_watch_env watch = {
        .descriptors = {wh_web_descriptor(collecting->web),
                        wh_kafka_appender_descriptor(collecting->appender)},
        .descriptor_count = 2,
        .self = collecting,
        .on_turn = on_turn,
        .timeout = timeout,
        .on_signal = on_signal,
    };
    err = wh_watch_open(&watch, &collecting->watch, error);
    return err == WH_OK ? WH_EXIT_DONE : wh_console_fail(WH_EXIT_OUTSIDE, "%s", error->message);
}

static enum wh_exit
run(struct collecting *collecting)
{
    struct wh_error error;
    enum wh_exit code = open_parts(collecting, &error);
    if (code == WH_EXIT_DONE) {
        wh_say(&collecting->say, WH_LOG_INFO, "takes touches at %s, for Kafka at %.*s",
               wh_web_url(collecting->web), WH_STR_ARG(collecting->kafka.bootstrap));
        wh_watch_run(collecting->watch);
    }
    wh_watch_close(&collecting->watch);
    wh_web_destroy(&collecting->web);
    wh_kafka_appender_close(&collecting->appender);
    return code;
}

static enum wh_exit
prepare(struct collecting *collecting)
{
    enum wh_exit code = wh_kafka_of_config(&collecting->config, &collecting->kafka);
    wh_say_for_kafka(&collecting->say, &collecting->kafka);
    collecting->has_model = model_path(collecting).len > 0;
    if (code == WH_EXIT_DONE && collecting->has_model) {
        return wh_model_file_compile(collecting->call, model_path(collecting), &collecting->model);
    }
    collecting->model = wh_model_file_none(collecting->call->arena);
    return code;
}

enum wh_exit
wh_command_collect(const struct wh_call *call)
{
    struct collecting collecting = {
        .call = call,
        .codec = wh_proto_codec(),
        .domain = wh_psl_domain(),
        .clock = wh_machine_clock(),
    };
    if (!wh_settings_load(call, &collecting.config)) {
        return WH_EXIT_USAGE;
    }
    wh_say_init(&collecting.say, &collecting.config, &collecting.clock);
    wh_metrics_init(&collecting.metrics, call->arena, 1);
    enum wh_exit code = prepare(&collecting);
    code = code == WH_EXIT_DONE ? run(&collecting) : code;
    wh_model_destroy(&collecting.model);
    wh_say_fini(&collecting.say);
    return code;
}
