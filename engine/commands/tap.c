/* `waterhole tap`: touches and decisions as they pass, until Ctrl-C. */
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "engine/base/time.h"
#include "engine/commands/console.h"
#include "engine/commands/door.h"
#include "engine/commands/key_text.h"
#include "engine/commands/settings.h"
#include "engine/commands/shadow.h"
#include "engine/commands/stream_write.h"
#include "engine/commands/tap_stream.h"
#include "engine/commands/tap_text.h"

/* The wait before the next try: it doubles up to the second. */
#define PATIENCE_MIN_MS 250
#define PATIENCE_MAX_MS 8000

struct tap {
    const struct wh_call *call;
    struct wh_door door;
    struct wh_tap_filter filter;
    struct wh_tap_style style;
    struct wh_arena scratch;  /* of one connection */
    struct wh_arena line;     /* of one printed line */
    struct wh_buf name, data; /* of the message that is being read */
    int stop;                 /* can be read after SIGINT or SIGTERM */
    int patience;             /* ms */
    bool was_connected;
};

/* A wh_tap_take_fn. */
static void
print(void *self, struct wh_str name, struct wh_str json)
{
    struct tap *tap = self;
    struct wh_buf buf;
    wh_buf_init(&buf, &tap->line);
    wh_tap_text_line(&buf, &tap->style, &tap->filter, name, json);
    wh_console_result(wh_buf_str(&buf));
    (void)fflush(stdout); /* read while it passes; a failure is told at the end */
    wh_arena_reset(&tap->line);
}

static void
print_message(struct tap *tap)
{
    print(tap, wh_buf_str(&tap->name), wh_buf_str(&tap->data));
    tap->name.len = 0;
    tap->data.len = 0;
}

static bool
take_field(struct wh_str line, const char *field, struct wh_str *ret_value)
{
    size_t len = strlen(field);
    if (!wh_str_starts_with(line, wh_str_of(field))) {
        return false;
    }
    *ret_value = wh_str_slice(line, len, line.len);
    if (ret_value->len > 0 && ret_value->ptr[0] == ' ') {
        *ret_value = wh_str_slice(*ret_value, 1, ret_value->len);
    }
    return true;
}

/* A wh_http_line_fn: a message ends with an empty line; a comment keeps the connection awake. */
static void
on_line(void *self, struct wh_str line)
{
    struct tap *tap = self;
    struct wh_str value;
    tap->was_connected = true;
    tap->patience = PATIENCE_MIN_MS;
    if (line.len == 0) {
        print_message(tap);
    } else if (take_field(line, "event:", &value)) {
        tap->name.len = 0;
        wh_buf_push(&tap->name, value);
    } else if (take_field(line, "data:", &value) && tap->data.len + value.len <= WH_HTTP_LINE_MAX) {
        wh_buf_push(&tap->data, value);
    }
}

static bool
is_stopped(const struct tap *tap, int wait_ms)
{
    struct pollfd stop = {.fd = tap->stop, .events = POLLIN};
    return poll(&stop, 1, wait_ms) > 0;
}

/* False: there is no use in trying again, and it has been told why. */
static bool
may_try_again(const struct tap *tap, const struct wh_http_answer *answer,
              const struct wh_error *error, enum wh_exit *ret_code)
{
    const int ok = 200;
    const int unavailable = 503;
    bool is_gone = answer->status == 0;
    bool is_passing = is_gone || answer->status == ok || answer->status == unavailable;
    if (is_passing && tap->was_connected) {
        return true;
    }
    *ret_code = is_gone ? wh_console_fail(WH_EXIT_OUTSIDE, "%s; does `%s up` run there?",
                                          error->message, tap->call->program)
                        : wh_door_refused(&tap->door, answer);
    return false;
}

static void
wait_a_little(struct tap *tap, const char *why)
{
    struct wh_buf time;
    wh_arena_reset(&tap->line);
    wh_buf_init(&time, &tap->line);
    wh_duration_format(&time, tap->patience * WH_US_PER_MS);
    wh_console_message("%s; trying again in %s", why, wh_buf_text(&time));
    (void)is_stopped(tap, tap->patience);
    tap->patience = tap->patience < PATIENCE_MAX_MS / 2 ? 2 * tap->patience : PATIENCE_MAX_MS;
}

/* One connection, from its begin to its end. */
static enum wh_err
follow(struct tap *tap, struct wh_http_answer *ret_answer, struct wh_error *error)
{
    struct wh_http_request request =
        wh_door_request(&tap->door, WH_DOOR_EVENTS "?touches=1", (struct wh_str){NULL, 0});
    struct wh_http_lines lines = {.on_line = on_line, .self = tap, .stop = tap->stop};
    wh_arena_reset(&tap->scratch);
    wh_buf_init(&tap->name, &tap->scratch);
    wh_buf_init(&tap->data, &tap->scratch);
    return wh_http_follow(&tap->scratch, &request, &lines, ret_answer, error);
}

static enum wh_exit
run(struct tap *tap)
{
    enum wh_exit code = WH_EXIT_DONE;
    for (;;) {
        struct wh_http_answer answer = {0};
        struct wh_error error = {.message = "the connection ended"};
        enum wh_err err = follow(tap, &answer, &error);
        if (is_stopped(tap, 0)) {
            return WH_EXIT_DONE;
        }
        tap->was_connected = tap->was_connected || (err == WH_OK && answer.status == 200);
        if (!may_try_again(tap, &answer, &error, &code)) {
            return code;
        }
        wait_a_little(tap, error.message);
    }
}

static void
read_filter(struct tap *tap, const struct wh_config *config)
{
    struct wh_arena *arena = tap->call->arena;
    struct wh_tap_filter *filter = &tap->filter;
    uint8_t secret[WH_HASH_KEY_SIZE];
    char hex[2 * WH_HASH_ID_SIZE + 1];
    filter->type = wh_args_text(tap->call->args, "--type");
    filter->only_rejected = wh_args_has(tap->call->args, "--rejected");
    filter->lead = wh_args_text(tap->call->args, "--lead");
    filter->has_key = filter->lead.len > 0 && wh_key_text_read(arena, filter->lead, &filter->key);
    if (filter->has_key) {
        wh_config_secret(config, secret);
        struct wh_hash_id id = wh_key_id(secret, arena, filter->key);
        wh_hash_hex(id.bytes, WH_HASH_ID_SIZE, hex);
        filter->id = wh_arena_str(arena, wh_str_of(hex));
    }
}

static void
print_heading(const struct tap *tap)
{
    struct wh_buf buf;
    wh_buf_init(&buf, tap->call->arena);
    if (!tap->style.is_json) {
        wh_tap_text_heading(&buf);
        wh_console_result(wh_buf_str(&buf));
        (void)fflush(stdout);
    }
}

/* A descriptor in the place of the two signals that end the program. */
static int
open_stop(void)
{
    sigset_t signals;
    (void)sigemptyset(&signals);
    (void)sigaddset(&signals, SIGINT);
    (void)sigaddset(&signals, SIGTERM);
    (void)pthread_sigmask(SIG_BLOCK, &signals, NULL);
    return signalfd(-1, &signals, SFD_CLOEXEC);
}

enum wh_exit
wh_command_tap(const struct wh_call *call)
{
    struct wh_config config;
    struct tap tap = {
        .call = call,
        .style = {wh_console_has_colour(stdout, call->environment),
                  wh_args_has(call->args, "--json")},
        .patience = PATIENCE_MIN_MS,
    };
    if (!wh_settings_load(call, &config)) {
        return WH_EXIT_USAGE;
    }
    tap.stop = open_stop();
    if (tap.stop < 0) {
        return wh_console_fail(WH_EXIT_OUTSIDE, "the system has no descriptor left");
    }
    wh_door_init(&tap.door, call, &config, WH_OPTION_COLLECT_READ_KEYS);
    read_filter(&tap, &config);
    wh_arena_init(&tap.scratch, 0);
    wh_arena_init(&tap.line, 0);
    print_heading(&tap);
    bool is_stream = wh_stream_is_meant(call, &config);
    if (is_stream) {
        (void)wh_shadow_name_configured(call, &config);
    }
    enum wh_exit code = is_stream ? wh_tap_stream(&config, tap.stop, print, &tap) : run(&tap);
    (void)close(tap.stop);
    wh_arena_fini(&tap.scratch);
    wh_arena_fini(&tap.line);
    return code;
}
