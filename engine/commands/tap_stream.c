#include "engine/commands/tap_stream.h"

#include <poll.h>

#include "connectors/kafka/follow.h"
#include "connectors/web/glimpse.h"
#include "engine/commands/console.h"
#include "engine/commands/kafka.h"
#include "engine/commands/machine.h"
#include "engine/commands/say.h"
#include "engine/runtime/intake.h"
#include "proto/codec.h"

struct tapping {
    struct wh_codec codec;
    struct wh_arena arena; /* of one record */
    wh_tap_take_fn take;
    void *self;
};

/* As the engine will read it; what it cannot use comes again as a rejected record. */
static void
tell_touch(struct tapping *tapping, const struct wh_log_record *record)
{
    struct wh_touch touch;
    struct wh_decode_counts counts = {0};
    struct wh_rejection why;
    struct wh_buf buf;
    struct wh_json json;
    const struct wh_decode_context context = {.default_id =
                                                  wh_intake_default_id(&tapping->arena, record)};
    if (!tapping->codec.decode_touch(tapping->codec.self, &tapping->arena, record->value, &context,
                                     &touch, &counts, &why)) {
        return;
    }
    wh_buf_init(&buf, &tapping->arena);
    wh_json_init(&json, &buf);
    wh_json_open_object(&json);
    wh_web_glimpse_touch(&json, &touch, WH_STR(""));
    wh_json_name(&json, "received_at");
    wh_json_time(&json, touch.received);
    wh_json_name(&json, "became");
    wh_json_str(&json, WH_STR("accepted"));
    wh_json_close_object(&json);
    tapping->take(tapping->self, WH_STR("touch"), wh_buf_str(&buf));
}

static void
tell_rejected(struct tapping *tapping, const struct wh_log_record *record)
{
    struct wh_buf buf;
    struct wh_json json;
    wh_buf_init(&buf, &tapping->arena);
    wh_json_init(&json, &buf);
    wh_json_open_object(&json);
    wh_json_name(&json, "reason");
    wh_json_str(&json, record->reason);
    wh_json_name(&json, "field");
    wh_json_str(&json, record->field);
    wh_json_name(&json, "detail");
    wh_json_str(&json, record->detail);
    wh_json_name(&json, "received_at");
    wh_json_time(&json, record->at);
    wh_json_name(&json, "became");
    wh_json_str(&json, WH_STR("rejected"));
    wh_json_close_object(&json);
    tapping->take(tapping->self, WH_STR("rejected"), wh_buf_str(&buf));
}

static void
tell(struct tapping *tapping, const struct wh_log_record *record)
{
    wh_arena_reset(&tapping->arena);
    if (record->topic == WH_TOPIC_TOUCHPOINTS) {
        tell_touch(tapping, record);
    } else if (record->topic == WH_TOPIC_REJECTED) {
        tell_rejected(tapping, record);
    } else {
        tapping->take(tapping->self, WH_STR("lead"), record->value);
    }
}

static enum wh_exit
follow(struct tapping *tapping, struct wh_kafka_follow *following, int stop)
{
    struct pollfd news[] = {{.fd = stop, .events = POLLIN},
                            {.fd = wh_kafka_follow_descriptor(following), .events = POLLIN}};
    for (;;) {
        struct wh_log_record record;
        struct wh_error error;
        enum wh_err err = wh_kafka_follow_next(following, &record, &error);
        if (err == WH_OK) {
            tell(tapping, &record);
        } else if (err != WH_ERR_NOT_FOUND) {
            return wh_console_fail(WH_EXIT_OUTSIDE, "%s", error.message);
        }
        if (poll(news, 2, err == WH_OK ? 0 : -1) > 0 && news[0].revents != 0) {
            return WH_EXIT_DONE;
        }
    }
}

static enum wh_exit
open_and_follow(const struct wh_kafka_settings *settings, int stop, wh_tap_take_fn take, void *self)
{
    static const enum wh_topic topics[] = {WH_TOPIC_TOUCHPOINTS, WH_TOPIC_LEADS, WH_TOPIC_REJECTED};
    struct tapping tapping = {.codec = wh_proto_codec(), .take = take, .self = self};
    struct wh_kafka_follow *following = NULL;
    struct wh_error error;
    enum wh_err err = wh_kafka_follow_open(settings, topics, sizeof(topics) / sizeof(topics[0]),
                                           &following, &error);
    if (err != WH_OK) {
        return wh_console_fail(wh_console_exit(err), "%s", error.message);
    }
    wh_arena_init(&tapping.arena, 0);
    enum wh_exit code = follow(&tapping, following, stop);
    wh_arena_fini(&tapping.arena);
    wh_kafka_follow_close(&following);
    return code;
}

enum wh_exit
wh_tap_stream(const struct wh_config *config, int stop, wh_tap_take_fn take, void *self)
{
    struct wh_kafka_settings settings;
    struct wh_clock clock = wh_machine_clock();
    struct wh_say say;
    enum wh_exit code = wh_kafka_of_config(config, &settings);
    if (code != WH_EXIT_DONE) {
        return code;
    }
    wh_say_init(&say, config, &clock);
    wh_say_for_kafka(&say, &settings);
    code = open_and_follow(&settings, stop, take, self);
    wh_say_fini(&say);
    return code;
}
