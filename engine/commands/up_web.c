/* What the web server of `up` needs of the engine. */
#include <yyjson.h>

#include "engine/base/time.h"
#include "engine/commands/console.h"
#include "engine/commands/machine.h"
#include "engine/commands/up.h"
#include "engine/runtime/intake.h"
#include "proto/limits.h"

static int64_t
now(void *self)
{
    (void)self;
    return wh_machine_now();
}

static struct wh_hash_id
random_id(void *self)
{
    (void)self;
    return wh_machine_random();
}

/* Touches that tell an outcome are the CRM's, also when they do not say so: who may send them is
 * decided by their source. */
static void
fill_source(const struct wh_ruleset *ruleset, struct wh_touch *touch)
{
    struct wh_value *source = &touch->fields[WH_FIELD_SOURCE];
    struct wh_str type = touch->fields[WH_FIELD_TYPE].text;
    for (size_t i = 0; i < ruleset->type_count && source->text.len == 0; i++) {
        if (wh_str_equal(ruleset->types[i].name, type)) {
            *source = wh_value_string(ruleset->types[i].source);
        }
    }
}

static bool
judge(void *self, struct wh_arena *arena, const struct wh_web_record *record,
      struct wh_touch *ret_touch, struct wh_rejection *ret_rejection)
{
    struct wh_up *up = self;
    const struct wh_ruleset *ruleset = &up->model->ruleset;
    struct wh_intake intake = {&up->codec, &up->domain, ruleset, {0}};
    struct wh_decode_context context = {
        .form = record->form,
        .default_id = record->default_id,
        .placeholders = ruleset->placeholders,
        .placeholder_count = ruleset->placeholder_count,
    };
    int64_t machine = up->clock.now(up->clock.self);
    bool is_log = up->shard.env.clock_kind == WH_CLOCK_LOG;
    if (record->bytes.len > WH_RECORD_SIZE_MAX) {
        *ret_rejection = (struct wh_rejection){.reason = WH_REJECT_TOO_LARGE,
                                               .detail = WH_STR("a record has at most 64 KiB")};
        return false;
    }
    if (!up->codec.decode_touch(up->codec.self, arena, record->bytes, &context, ret_touch,
                                &intake.mended, ret_rejection)) {
        return false;
    }
    fill_source(ruleset, ret_touch);
    return wh_intake_is_in_time(&intake, ret_touch, is_log ? up->feed.now : machine, machine,
                                ret_rejection) &&
           wh_intake_can_be_followed(ret_touch, arena, ret_rejection);
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
    char text[16];
    (void)snprintf(text, sizeof(text), "%u", status);
    wh_metrics_add(&up->metrics, WH_METRIC_HTTP, wh_metrics_label(WH_LABEL_PATH, wh_str_of(path)),
                   wh_metrics_label(WH_LABEL_STATUS, wh_str_of(text)), 1);
}

static struct wh_web_texts
texts(const struct wh_up *up, enum wh_option option)
{
    const struct wh_setting *setting = &up->config.settings[option];
    bool is_empty = setting->count == 1 && setting->values[0].len == 0;
    return (struct wh_web_texts){setting->values, is_empty ? 0 : setting->count};
}

static const char *
path(struct wh_up *up, enum wh_option option)
{
    struct wh_str text = wh_config_text(&up->config, option);
    return text.len == 0 ? NULL : wh_arena_str(&up->arena, text).ptr;
}

enum wh_exit
wh_up_start_web(struct wh_up *up)
{
    struct wh_error error;
    struct wh_web_options options = {
        .listen = wh_config_text(&up->config, WH_OPTION_LISTEN),
        .tls_certificate = path(up, WH_OPTION_TLS_CERTIFICATE),
        .tls_key = path(up, WH_OPTION_TLS_KEY),
        .body_max = (size_t)wh_config_number(&up->config, WH_OPTION_COLLECT_BODY),
        .queue_max = (size_t)wh_config_number(&up->config, WH_OPTION_COLLECT_QUEUE),
        .patience = wh_config_number(&up->config, WH_OPTION_COLLECT_PATIENCE),
        .write_keys = texts(up, WH_OPTION_COLLECT_WRITE_KEYS),
        .read_keys = texts(up, WH_OPTION_COLLECT_READ_KEYS),
        .admin_keys = texts(up, WH_OPTION_COLLECT_ADMIN_KEYS),
        .trusted_proxies = texts(up, WH_OPTION_COLLECT_PROXIES),
        .origins = texts(up, WH_OPTION_COLLECT_ORIGINS),
    };
    struct wh_web_env env = {
        .self = up,
        .now = now,
        .random_id = random_id,
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
