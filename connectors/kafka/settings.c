#include "connectors/kafka/settings.h"

#include <stdarg.h>
#include <stdio.h>

#include "connectors/kafka/client.h"

#define SAY_MAX 512

const char *
wh_kafka_name(const struct wh_kafka_settings *settings, struct wh_arena *arena, struct wh_str name)
{
    char *text = wh_arena_alloc(arena, settings->prefix.len + name.len + 1);
    if (settings->prefix.len > 0) {
        memcpy(text, settings->prefix.ptr, settings->prefix.len);
    }
    if (name.len > 0) {
        memcpy(text + settings->prefix.len, name.ptr, name.len);
    }
    return text;
}

void
wh_kafka_say(const struct wh_kafka_settings *settings, enum wh_kafka_level level,
             const char *format, ...)
{
    char text[SAY_MAX];
    va_list arguments;
    if (settings->say == NULL) {
        return;
    }
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    settings->say(settings->self, level, text);
}

static const char *
why_refused(struct wh_str name)
{
    static const struct {
        const char *name, *why;
    } refused[] = {
#define REFUSED(name, why) {name, why},
#include "connectors/kafka/refused.def"
#undef REFUSED
    };
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        if (wh_str_is(name, refused[i].name)) {
            return refused[i].why;
        }
    }
    return NULL;
}

static enum wh_err
check_refused(const struct wh_kafka_settings *settings, struct wh_error *error)
{
    for (size_t i = 0; i < settings->property_count; i++) {
        struct wh_str text = settings->properties[i];
        const char *equals = memchr(text.ptr, '=', text.len);
        struct wh_str name = {text.ptr, equals == NULL ? text.len : (size_t)(equals - text.ptr)};
        const char *why = why_refused(name);
        if (why != NULL) {
            return wh_error_set(error, WH_ERR_USAGE, "kafka.properties: \"%.*s\" cannot be set: %s",
                                WH_STR_ARG(name), why);
        }
    }
    return WH_OK;
}

enum wh_err
wh_kafka_check(const struct wh_kafka_settings *settings, struct wh_error *error)
{
    rd_kafka_t *client = NULL;
    enum wh_err err = check_refused(settings, error);
    if (err != WH_OK) {
        return err;
    }
    struct wh_kafka_client_want want = {.role = WH_KAFKA_LIVE_READER};
    err = wh_kafka_client_open(settings, &want, &client, error);
    wh_kafka_client_close(&client);
    want.role = WH_KAFKA_APPENDER;
    err = err == WH_OK ? wh_kafka_client_open(settings, &want, &client, error) : err;
    wh_kafka_client_close(&client);
    return err;
}
