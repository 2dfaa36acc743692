/* The server of connectors/web over a log in memory, for tests by clients that are not ours.
 *   web_probe [NAME=VALUE…]      options of struct wh_web_options; lists: the name several times
 * It prints its address, then obeys one command a line on standard input and answers each with one
 * line: what it was asked for, or ok.
 *   hold, release                from now on appends wait; all that wait are committed
 *   outcome COMMITTED|NO_ROOM|UNKNOWN     of the appends from now on
 *   records                      the log: a list of {topic, key, value (hex), reason}
 *   held                         how many appends wait
 *   publish ID TYPE JSON         a lead event
 *   seen TOUCH BECAME [NOTE]     for /v1/recent
 *   ready YES|NO                 what /readyz says
 *   stories ANSWER|NEVER         whether stories are told
 *   answered                     a list of {path, status}
 *   stop                         and end when all is answered
 * It ends with standard input, or when stopped. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "connectors/web/web.h"
#include "engine/base/time.h"
#include "proto/codec.h"
#include "proto/json_write.h"

#define RECORDS_MAX 65536
#define HELD_MAX    4096
#define LISTS_MAX   16
#define LINE_SIZE   65536

struct kept {
    enum wh_topic topic;
    struct wh_str key, value, reason;
};

struct held {
    uint64_t ticket;
    const struct wh_log_record *records;
    size_t count;
};

struct list {
    struct wh_str items[LISTS_MAX];
    size_t count;
};

struct answered {
    const char *path;
    unsigned status;
};

struct told {
    uint64_t ticket;
    struct wh_str key, at;
};

struct probe {
    struct wh_web *web;
    struct wh_codec codec;
    struct wh_arena arena; /* of the records */
    struct kept records[RECORDS_MAX];
    size_t record_count;
    struct held held[HELD_MAX]; /* also those that are answered in the next round */
    size_t held_count;
    struct told told[HELD_MAX];
    size_t told_count;
    struct answered answered[RECORDS_MAX];
    size_t answered_count;
    bool is_holding, is_unready, is_silent, is_stopping;
    enum wh_log_outcome outcome;
    uint64_t random;
    char line[LINE_SIZE];
    size_t line_len;
};

static int64_t
now(void *self)
{
    struct timespec time;
    (void)self;
    (void)clock_gettime(CLOCK_REALTIME, &time);
    return time.tv_sec * WH_US_PER_SECOND + time.tv_nsec / 1000;
}

static struct wh_hash_id
random_id(void *self)
{
    struct probe *probe = self;
    uint64_t number = ++probe->random;
    static const uint8_t key[WH_HASH_KEY_SIZE] = {7};
    return wh_hash_siphash(key, (struct wh_str){(const char *)&number, sizeof(number)});
}

static bool
judge(void *self, struct wh_arena *arena, const struct wh_web_record *record,
      struct wh_touch *ret_touch, struct wh_rejection *ret_rejection)
{
    static const struct wh_str own = {"house", 5};
    struct probe *probe = self;
    struct wh_decode_counts counts = {0};
    struct wh_decode_context context = {
        .form = record->form,
        .default_id = record->default_id,
        .placeholders = &own,
        .placeholder_count = 1,
    };
    if (!probe->codec.decode_touch(probe->codec.self, arena, record->bytes, &context, ret_touch,
                                   &counts, ret_rejection)) {
        return false;
    }
    if (wh_str_starts_with(ret_touch->fields[WH_FIELD_TYPE].text, WH_STR("outcome_"))) {
        ret_touch->fields[WH_FIELD_SOURCE] = wh_value_string(WH_STR("crm"));
    }
    if (ret_touch->occurred > now(self) + 10 * WH_US_PER_MINUTE) {
        *ret_rejection = (struct wh_rejection){WH_REJECT_FROM_FUTURE, WH_STR("occurred_at"),
                                               WH_STR("later than this clock")};
        return false;
    }
    return true;
}

static void
append(void *self, uint64_t ticket, const struct wh_log_record *records, size_t count)
{
    struct probe *probe = self;
    if (probe->held_count == HELD_MAX) {
        abort();
    }
    probe->held[probe->held_count++] = (struct held){ticket, records, count};
}

static void
story(void *self, uint64_t ticket, struct wh_str key, struct wh_str at)
{
    struct probe *probe = self;
    if (probe->told_count == HELD_MAX) {
        abort();
    }
    probe->told[probe->told_count++] =
        (struct told){ticket, wh_arena_str(&probe->arena, key), wh_arena_str(&probe->arena, at)};
}

static bool
check(void *self, enum wh_web_check check, struct wh_buf *reason)
{
    const struct probe *probe = self;
    if (check == WH_WEB_READY && probe->is_unready) {
        wh_buf_push_text(reason, "partition 3 is being taken over");
        return false;
    }
    return true;
}

static void
write_metrics(void *self, struct wh_buf *text)
{
    const struct probe *probe = self;
    wh_buf_printf(text, "waterhole_probe_records_total %zu\n", probe->record_count);
}

static void
answered(void *self, const char *path, unsigned status)
{
    struct probe *probe = self;
    if (probe->answered_count < RECORDS_MAX) {
        probe->answered[probe->answered_count++] = (struct answered){path, status};
    }
}

static void
keep(struct probe *probe, const struct wh_log_record *record)
{
    if (probe->record_count == RECORDS_MAX) {
        abort();
    }
    probe->records[probe->record_count++] = (struct kept){
        .topic = record->topic,
        .key = wh_arena_str(&probe->arena, record->key),
        .value = wh_arena_str(&probe->arena, record->value),
        .reason = wh_arena_str(&probe->arena, record->reason),
    };
}

static void
release(struct probe *probe)
{
    size_t count = probe->held_count;
    probe->held_count = 0;
    for (size_t i = 0; i < count; i++) {
        const struct held *held = &probe->held[i];
        for (size_t j = 0; j < held->count && probe->outcome == WH_LOG_COMMITTED; j++) {
            keep(probe, &held->records[j]);
        }
        wh_web_appended(probe->web, held->ticket, probe->outcome);
    }
}

static void
tell(struct probe *probe, const struct told *told)
{
    struct wh_buf buf;
    struct wh_json json;
    wh_buf_init(&buf, &probe->arena);
    wh_json_init(&json, &buf);
    wh_json_open_object(&json);
    wh_json_name(&json, "key");
    wh_json_str(&json, told->key);
    wh_json_name(&json, "at");
    wh_json_str_or_null(&json, told->at);
    wh_json_close_object(&json);
    bool is_key = memchr(told->key.ptr, ':', told->key.len) != NULL;
    enum wh_web_story_outcome outcome = wh_str_is(told->at, "noon") ? WH_WEB_STORY_BAD_TIME
                                        : !is_key                   ? WH_WEB_STORY_BAD_KEY
                                        : wh_str_starts_with(told->key, WH_STR("email:no"))
                                            ? WH_WEB_STORY_UNKNOWN
                                            : WH_WEB_STORY_FOUND;
    wh_web_told(probe->web, told->ticket, outcome, wh_buf_str(&buf));
}

static void
tell_all(struct probe *probe)
{
    size_t count = probe->told_count;
    probe->told_count = 0;
    for (size_t i = 0; i < count && !probe->is_silent; i++) {
        tell(probe, &probe->told[i]);
    }
}

static void
print_hex(struct wh_buf *buf, struct wh_str bytes)
{
    char *hex = wh_arena_alloc(buf->arena, 2 * bytes.len + 1);
    wh_hash_hex((const uint8_t *)bytes.ptr, bytes.len, hex);
    wh_buf_printf(buf, "\"%s\"", hex);
}

static void
print_records(const struct probe *probe, struct wh_buf *buf)
{
    wh_buf_push_char(buf, '[');
    for (size_t i = 0; i < probe->record_count; i++) {
        const struct kept *kept = &probe->records[i];
        wh_buf_printf(buf, "%s{\"topic\":\"%s\",\"reason\":\"%.*s\",\"key\":", i > 0 ? "," : "",
                      wh_topic_str(kept->topic), WH_STR_ARG(kept->reason));
        print_hex(buf, kept->key);
        wh_buf_push_text(buf, ",\"value\":");
        print_hex(buf, kept->value);
        wh_buf_push_char(buf, '}');
    }
    wh_buf_push_char(buf, ']');
}

static void
print_answered(const struct probe *probe, struct wh_buf *buf)
{
    wh_buf_push_char(buf, '[');
    for (size_t i = 0; i < probe->answered_count; i++) {
        wh_buf_printf(buf, "%s{\"path\":\"%s\",\"status\":%u}", i > 0 ? "," : "",
                      probe->answered[i].path, probe->answered[i].status);
    }
    wh_buf_push_char(buf, ']');
}

static struct wh_str
word(struct wh_str *rest)
{
    const char *end = rest->len == 0 ? NULL : memchr(rest->ptr, ' ', rest->len);
    size_t len = end == NULL ? rest->len : (size_t)(end - rest->ptr);
    struct wh_str found = wh_str_slice(*rest, 0, len);
    *rest = wh_str_slice(*rest, end == NULL ? len : len + 1, rest->len);
    return found;
}

static void
set_outcome(struct probe *probe, struct wh_str name)
{
    probe->outcome = wh_str_is(name, "NO_ROOM")   ? WH_LOG_NO_ROOM
                     : wh_str_is(name, "UNKNOWN") ? WH_LOG_UNKNOWN
                                                  : WH_LOG_COMMITTED;
}

static void
obey_switch(struct probe *probe, struct wh_str command, struct wh_str rest)
{
    if (wh_str_is(command, "hold")) {
        probe->is_holding = true;
    } else if (wh_str_is(command, "release")) {
        probe->is_holding = false;
        release(probe);
    } else if (wh_str_is(command, "outcome")) {
        set_outcome(probe, rest);
    } else if (wh_str_is(command, "ready")) {
        probe->is_unready = wh_str_is(rest, "NO");
    } else if (wh_str_is(command, "stories")) {
        probe->is_silent = wh_str_is(rest, "NEVER");
    } else if (wh_str_is(command, "stop")) {
        probe->is_stopping = true;
        wh_web_stop(probe->web);
    } else {
        abort();
    }
}

static void
obey(struct probe *probe, struct wh_str line, struct wh_buf *answer)
{
    struct wh_str rest = line;
    struct wh_str command = word(&rest);
    if (wh_str_is(command, "records")) {
        print_records(probe, answer);
    } else if (wh_str_is(command, "held")) {
        wh_buf_push_int(answer, (int64_t)probe->held_count);
    } else if (wh_str_is(command, "answered")) {
        print_answered(probe, answer);
    } else if (wh_str_is(command, "publish")) {
        struct wh_str id = word(&rest);
        struct wh_str type = word(&rest);
        wh_web_publish(probe->web, id, type, rest);
        wh_buf_push_text(answer, "ok");
    } else if (wh_str_is(command, "seen")) {
        struct wh_str touch = word(&rest);
        struct wh_str became = word(&rest);
        wh_web_seen(probe->web, touch, became, rest);
        wh_buf_push_text(answer, "ok");
    } else {
        obey_switch(probe, command, rest);
        wh_buf_push_text(answer, "ok");
    }
}

/* False at the end of standard input. */
static bool
read_commands(struct probe *probe)
{
    ssize_t count =
        read(STDIN_FILENO, probe->line + probe->line_len, sizeof(probe->line) - probe->line_len);
    if (count <= 0) {
        return count < 0 && errno == EINTR;
    }
    probe->line_len += (size_t)count;
    const char *end = NULL;
    while ((end = memchr(probe->line, '\n', probe->line_len)) != NULL) {
        size_t len = (size_t)(end - probe->line);
        struct wh_arena arena;
        struct wh_buf answer;
        wh_arena_init(&arena, 0);
        wh_buf_init(&answer, &arena);
        obey(probe, (struct wh_str){probe->line, len}, &answer);
        (void)printf("%.*s\n", WH_STR_ARG(wh_buf_str(&answer)));
        (void)fflush(stdout);
        wh_arena_fini(&arena);
        probe->line_len -= len + 1;
        memmove(probe->line, end + 1, probe->line_len);
    }
    return true;
}

static void
serve(struct probe *probe)
{
    struct pollfd files[2] = {{wh_web_descriptor(probe->web), POLLIN, 0},
                              {STDIN_FILENO, POLLIN, 0}};
    bool goes_on = true;
    while (goes_on && !(probe->is_stopping && wh_web_is_stopped(probe->web))) {
        bool has_work = (probe->held_count > 0 && !probe->is_holding) || probe->told_count > 0;
        if (poll(files, 2, has_work ? 0 : wh_web_timeout(probe->web)) < 0 && errno != EINTR) {
            abort();
        }
        if (files[1].revents != 0) {
            goes_on = read_commands(probe);
        }
        if (!probe->is_holding) {
            release(probe);
        }
        tell_all(probe);
        wh_web_run(probe->web);
    }
}

struct settings {
    struct wh_web_options options;
    struct list write_keys, read_keys, admin_keys, proxies, origins;
};

static struct list *
list_of(struct settings *settings, struct wh_str name)
{
    return wh_str_is(name, "write_key")   ? &settings->write_keys
           : wh_str_is(name, "read_key")  ? &settings->read_keys
           : wh_str_is(name, "admin_key") ? &settings->admin_keys
           : wh_str_is(name, "proxy")     ? &settings->proxies
           : wh_str_is(name, "origin")    ? &settings->origins
                                          : NULL;
}

static void
set_number(struct wh_web_options *options, struct wh_str name, long long value)
{
    if (wh_str_is(name, "body_max")) {
        options->body_max = (size_t)value;
    } else if (wh_str_is(name, "queue_max")) {
        options->queue_max = (size_t)value;
    } else if (wh_str_is(name, "patience_ms")) {
        options->patience = value * WH_US_PER_MS;
    } else if (wh_str_is(name, "idle_ms")) {
        options->idle = value * WH_US_PER_MS;
    } else if (wh_str_is(name, "request_ms")) {
        options->request = value * WH_US_PER_MS;
    } else if (wh_str_is(name, "grace_ms")) {
        options->grace = value * WH_US_PER_MS;
    } else if (wh_str_is(name, "connections_max")) {
        options->connections_max = (uint32_t)value;
    } else {
        (void)fprintf(stderr, "web_probe: unknown option %.*s\n", WH_STR_ARG(name));
        exit(2); /* NOLINT(concurrency-mt-unsafe): there is one thread */
    }
}

static void
set(struct settings *settings, const char *argument)
{
    const char *equals = strchr(argument, '=');
    const char *value = equals == NULL ? "" : equals + 1;
    struct wh_str name = {argument,
                          equals == NULL ? strlen(argument) : (size_t)(equals - argument)};
    struct list *list = list_of(settings, name);
    if (list != NULL && list->count < LISTS_MAX) {
        list->items[list->count++] = wh_str_of(value);
    } else if (wh_str_is(name, "listen")) {
        settings->options.listen = wh_str_of(value);
    } else if (wh_str_is(name, "certificate")) {
        settings->options.tls_certificate = value;
    } else if (wh_str_is(name, "key")) {
        settings->options.tls_key = value;
    } else {
        set_number(&settings->options, name, strtoll(value, NULL, 10));
    }
}

static struct wh_web_texts
texts_of(const struct list *list)
{
    return (struct wh_web_texts){list->items, list->count};
}

int
main(int argc, char **argv)
{
    struct settings settings = {.options = {.listen = WH_STR("127.0.0.1:0")}};
    for (int i = 1; i < argc; i++) {
        set(&settings, argv[i]);
    }
    settings.options.write_keys = texts_of(&settings.write_keys);
    settings.options.read_keys = texts_of(&settings.read_keys);
    settings.options.admin_keys = texts_of(&settings.admin_keys);
    settings.options.trusted_proxies = texts_of(&settings.proxies);
    settings.options.origins = texts_of(&settings.origins);
    struct probe *probe = calloc(1, sizeof(*probe));
    if (probe == NULL) {
        return 3;
    }
    probe->codec = wh_proto_codec();
    wh_arena_init(&probe->arena, 0);
    struct wh_web_env env = {probe, now,   random_id,     judge,   append,
                             story, check, write_metrics, answered};
    struct wh_error error;
    enum wh_err err = wh_web_start(&settings.options, &env, &probe->web, &error);
    if (err == WH_OK) {
        (void)printf("%s\n", wh_web_url(probe->web));
        (void)fflush(stdout);
        serve(probe);
        wh_web_destroy(&probe->web);
    } else {
        (void)fprintf(stderr, "%s\n", error.message);
    }
    wh_arena_fini(&probe->arena);
    free(probe);
    return err == WH_OK ? 0 : err == WH_ERR_USAGE ? 2 : 3;
}
