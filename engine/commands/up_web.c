/* What the web server of `up` needs of the engine. */
#include <yyjson.h>

#include "engine/commands/console.h"
#include "engine/commands/up.h"
#include "engine/commands/web_parts.h"

static bool
judge(void *self, struct wh_arena *arena, const struct wh_web_record *record,
      struct wh_touch *ret_touch, struct wh_rejection *ret_rejection)
{
    struct wh_up *up = self;
    int64_t machine = up->clock.now(up->clock.self);
    bool is_log = up->shard.env.clock_kind == WH_CLOCK_LOG;
    struct wh_web_judge judge = {
        .codec = &up->codec,
        .domain = &up->domain,
        .ruleset = &up->model->ruleset,
        .knows_lateness = true,
        .now = is_log ? up->feed.now : machine,
        .machine = machine,
    };
    return wh_web_judge(&judge, arena, record, ret_touch, ret_rejection);
}

static void
on_appended(void *self, uint64_t ticket, enum wh_log_outcome outcome)
{
    struct wh_up *up = self;
    if (outcome == WH_LOG_COMMITTED && !wh_feed_commit(up)) {
        outcome = WH_LOG_UNKNOWN;
    }
    if (up->web != NULL) {
        wh_web_appended(up->web, ticket, outcome);
        up->web_has_news = true;
    }
}

static void
append(void *self, uint64_t ticket, const struct wh_log_record *records, size_t count)
{
    struct wh_up *up = self;
    for (size_t i = 0; i < count; i++) {
        up->live_touches += records[i].topic == WH_TOPIC_TOUCHPOINTS ? 1 : 0;
    }
    wh_relay_append(&up->relay, &(struct wh_relay_append){on_appended, up, ticket, records, count});
}

static void
ask_story(void *self, uint64_t ticket, struct wh_str key, struct wh_str at)
{
    wh_up_ask_story(self, ticket, key, at);
}

static bool
is_ready(struct wh_up *up, struct wh_buf *reason)
{
    uint32_t ready = wh_shard_count(&up->shard, WH_PARTITION_READY);
    if (ready < up->shard.partition_count) {
        wh_buf_printf(reason, "%u of %u partitions are taken over", ready,
                      up->shard.partition_count);
        return false;
    }
    if (up->is_ending) {
        wh_buf_push_text(reason, "this process is ending");
        return false;
    }
    return true;
}

static bool
check(void *self, enum wh_web_check check, struct wh_buf *reason)
{
    struct wh_up *up = self;
    uint32_t stopped = wh_shard_count(&up->shard, WH_PARTITION_STOPPED);
    if (stopped > 0) {
        wh_buf_printf(reason, "%u partitions stopped: the log says why", stopped);
        return false;
    }
    return check == WH_WEB_HEALTHY || is_ready(up, reason);
}

static void
write_metrics(void *self, struct wh_buf *text)
{
    struct wh_up *up = self;
    wh_up_count(up);
    wh_metrics_print(&up->metrics, text);
}

static void
answered(void *self, const char *path, unsigned status)
{
    struct wh_up *up = self;
    wh_web_count(&up->metrics, path, status);
}

enum wh_exit
wh_up_start_web(struct wh_up *up)
{
    struct wh_error error;
    struct wh_web_options options = wh_web_options_of(&up->config, &up->arena, WH_OPTION_LISTEN);
    struct wh_web_env env = {
        .self = up,
        .now = wh_web_now,
        .random_id = wh_web_random_id,
        .judge = judge,
        .append = append,
        .story = ask_story,
        .check = check,
        .write_metrics = write_metrics,
        .answered = answered,
    };
    if (up->is_once) {
        return WH_EXIT_DONE; /* it ends before anybody could ask */
    }
    enum wh_err err = wh_web_start(&options, &env, &up->web, &error);
    return err == WH_OK ? WH_EXIT_DONE : wh_console_fail(wh_console_exit(err), "%s", error.message);
}

static struct wh_str
text_of(yyjson_val *object, const char *name)
{
    yyjson_val *value = yyjson_obj_get(object, name);
    return (struct wh_str){yyjson_get_str(value), yyjson_get_len(value)};
}

/* To the listeners, and to the touch that caused it. */
void
wh_up_publish(struct wh_up *up, struct wh_str json)
{
    if (up->web == NULL || !up->is_live) {
        return;
    }
    yyjson_doc *doc = yyjson_read(json.ptr, json.len, 0);
    yyjson_val *root = yyjson_doc_get_root(doc);
    struct wh_str type = text_of(root, "type");
    wh_web_publish(up->web, text_of(root, "id"), type, json);
    up->web_has_news = true;
    struct wh_str touch = text_of(yyjson_obj_get(yyjson_obj_get(root, "why"), "because"), "touch");
    if (touch.len > 0) {
        struct wh_buf note;
        struct wh_arena arena;
        wh_arena_init(&arena, 0);
        wh_buf_init(&note, &arena);
        wh_buf_printf(&note, "{\"event\":\"%.*s\"}", WH_STR_ARG(type));
        wh_web_seen(up->web, touch, (struct wh_str){NULL, 0}, wh_buf_str(&note));
        wh_arena_fini(&arena);
    }
    yyjson_doc_free(doc);
}
