/* `waterhole up --play`: recorded touchpoints through a model, each lead event when it leaves. */
#include <fcntl.h>
#include <time.h>

#include "connectors/file/file.h"
#include "connectors/file/lines.h"
#include "connectors/psl/psl.h"
#include "engine/commands/console.h"
#include "engine/commands/event_text.h"
#include "engine/commands/folder.h"
#include "engine/commands/settings.h"
#include "engine/commands/summary.h"
#include "proto/codec.h"
#include "proto/limits.h"

/* Lines up to here reach rejected.jsonl whole; a record that may be used is much shorter. */
#define LINE_MAX_BYTES ((size_t)1024 * 1024)

struct up {
    const struct wh_call *call;
    struct wh_config config;
    struct wh_str model_path, file, data;
    bool is_json;
    struct wh_model *model;
    struct wh_lines *lines;
    struct wh_play play;
    struct wh_event_style style;
    struct wh_codec codec;
    struct wh_domain domain;
    struct wh_rejects rejects;
    struct wh_summary summary;
    struct wh_folder_list events; /* that left; kept only for the folder */
    struct wh_arena line;         /* of one printed line */
    uint8_t secret[WH_HASH_KEY_SIZE];
};

static void
on_event(void *self, const struct wh_lead *lead, const struct wh_event *event)
{
    struct up *up = self;
    struct wh_buf json;
    struct wh_buf text;
    (void)lead;
    wh_summary_add(&up->summary, event);
    if (event->silent) {
        return;
    }
    wh_buf_init(&json, &up->line);
    wh_buf_init(&text, &up->line);
    if (up->is_json || up->data.len > 0) {
        up->codec.encode_event(up->codec.self, &json, event);
    }
    if (up->data.len > 0) {
        wh_folder_push(up->call->arena, &up->events,
                       wh_arena_str(up->call->arena, wh_buf_str(&json)));
    }
    if (up->is_json) {
        wh_buf_push(&text, wh_buf_str(&json));
        wh_buf_push_char(&text, '\n');
    } else {
        wh_event_text_line(&text, &up->style, event);
    }
    wh_console_result(wh_buf_str(&text));
    (void)fflush(stdout); /* a line is read while it leaves; a failure is told at the end */
    wh_arena_reset(&up->line);
}

static enum wh_exit
check_use(struct up *up)
{
    const struct wh_args *args = up->call->args;
    if (!wh_args_has(args, "--play")) {
        return wh_console_fail(WH_EXIT_USAGE,
                               "\"up\" without \"--play FILE\" is specified but not supported yet");
    }
    if (!wh_str_is(wh_config_text(&up->config, WH_OPTION_ENGINE_CLOCK), "log")) {
        return wh_console_fail(WH_EXIT_USAGE,
                               "\"--play\" under the clock \"wall\" is specified but not supported "
                               "yet: add --clock log");
    }
    if (!wh_args_has(args, "--once")) {
        return wh_console_fail(WH_EXIT_USAGE,
                               "\"--play\" without \"--once\" is specified but not supported yet");
    }
    if (up->model_path.len == 0) {
        return wh_console_fail(WH_EXIT_USAGE,
                               "no model: name its file or folder with --model PATH, or \"model\" "
                               "in the configuration");
    }
    return WH_EXIT_DONE;
}

static enum wh_exit
compile(struct up *up)
{
    struct wh_problems problems;
    wh_problems_init(&problems, up->call->arena);
    enum wh_err err = wh_compile(up->model_path, NULL, &problems, &up->model);
    if (err != WH_OK) {
        wh_console_problems(&problems);
    } else if (problems.warning_count > 0) {
        wh_console_message("the model has %zu warning%s: %s check %.*s", problems.warning_count,
                           problems.warning_count == 1 ? "" : "s", up->call->program,
                           WH_STR_ARG(up->model_path));
    }
    return wh_console_exit(err);
}

static enum wh_exit
open_folder(struct up *up)
{
    struct wh_error error;
    if (up->data.len == 0) {
        return WH_EXIT_DONE;
    }
    const char *folder = wh_arena_str(up->call->arena, up->data).ptr;
    if (wh_file_make_folder(folder, &error) != WH_OK) {
        return wh_console_fail(WH_EXIT_OUTSIDE, "%s", error.message);
    }
    const char *path = wh_folder_join(up->call->arena, up->data, WH_REJECTS_FILE);
    /* For the owner only: it may hold addresses of people. */
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    up->rejects.file = fd < 0 ? NULL : fdopen(fd, "wb");
    if (up->rejects.file == NULL) {
        return wh_console_fail(WH_EXIT_OUTSIDE, "cannot write \"%s\"", path);
    }
    return WH_EXIT_DONE;
}

static enum wh_exit
open_input(struct up *up)
{
    struct wh_error error;
    const char *path = wh_arena_str(up->call->arena, up->file).ptr;
    enum wh_err err = wh_lines_open(path, LINE_MAX_BYTES, &up->lines, &error);
    return err == WH_OK ? WH_EXIT_DONE : wh_console_fail(wh_console_exit(err), "%s", error.message);
}

/* µs since 1970; the only place where playing looks at a clock. */
static int64_t
machine_now(void)
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * WH_US_PER_SECOND + now.tv_nsec / 1000;
}

static void
init_play(struct up *up)
{
    wh_config_secret(&up->config, up->secret);
    wh_play_init(&up->play, &up->model->ruleset, up->secret, &up->codec, &up->domain);
    up->play.machine_now = machine_now();
    up->play.on_rejection = wh_rejects_take;
    up->play.self = &up->rejects;
    up->play.world.on_event = on_event;
    up->play.world.self = up;
    /* contract.md 6: --play turns it off unless it is given. */
    const struct wh_setting *bound = &up->config.settings[WH_OPTION_ENGINE_NOT_OLDER_THAN];
    if (!wh_str_is(bound->origin, "default")) {
        up->play.world.announce_from =
            up->play.machine_now - wh_config_number(&up->config, WH_OPTION_ENGINE_NOT_OLDER_THAN);
    }
    up->style = (struct wh_event_style){&up->model->ruleset,
                                        wh_console_has_colour(stdout, up->call->environment)};
}

static enum wh_exit
play_all(struct up *up)
{
    struct wh_line line;
    struct wh_error error;
    enum wh_err err = wh_lines_next(up->lines, &line, &error);
    while (err == WH_OK) {
        up->rejects.line = line.number;
        wh_play_record(&up->play, line.bytes, line.bytes.len > WH_RECORD_SIZE_MAX);
        err = wh_lines_next(up->lines, &line, &error);
    }
    wh_play_end(&up->play);
    return err == WH_ERR_NOT_FOUND
               ? WH_EXIT_DONE
               : wh_console_fail(err == WH_ERR_INPUT ? WH_EXIT_PROBLEMS : WH_EXIT_OUTSIDE, "%s",
                                 error.message);
}

static enum wh_exit
leave_folder(struct up *up)
{
    struct wh_error error;
    if (up->data.len == 0) {
        return WH_EXIT_DONE;
    }
    bool is_closed = fclose(up->rejects.file) == 0;
    up->rejects.file = NULL;
    if (!is_closed || up->rejects.has_failed) {
        return wh_console_fail(WH_EXIT_OUTSIDE, "cannot write \"%.*s/%s\"", WH_STR_ARG(up->data),
                               WH_REJECTS_FILE);
    }
    if (wh_folder_write(up->data, &up->play.world, up->model, up->model_path, &up->events,
                        &error) != WH_OK) {
        return wh_console_fail(WH_EXIT_OUTSIDE, "%s", error.message);
    }
    return WH_EXIT_DONE;
}

static void
print_heading(struct up *up)
{
    struct wh_buf buf;
    const struct wh_ruleset *ruleset = &up->model->ruleset;
    wh_buf_init(&buf, up->call->arena);
    wh_buf_printf(&buf, "Model %.*s; times in %.*s.\n\n", WH_STR_ARG(ruleset->name),
                  WH_STR_ARG(ruleset->zone->name));
    wh_event_text_heading(&buf, &up->style);
    wh_console_result(wh_buf_str(&buf));
}

/* With --json events alone go to standard output. */
static void
print_summary(struct up *up)
{
    struct wh_buf buf;
    FILE *stream = up->is_json ? stderr : stdout;
    struct wh_summary_context context = {
        .play = &up->play,
        .rejects = &up->rejects,
        .model = up->model_path,
        .file = up->file,
        .data = up->data,
        .program = up->call->program,
        .has_colour = wh_console_has_colour(stream, up->call->environment),
    };
    wh_buf_init(&buf, up->call->arena);
    wh_summary_print(&buf, &up->summary, &context);
    struct wh_str text = wh_buf_str(&buf);
    (void)!fwrite(text.ptr, 1, text.len, stream);
}

static enum wh_exit
play(struct up *up)
{
    init_play(up);
    if (!up->is_json) {
        print_heading(up);
    }
    enum wh_exit code = play_all(up);
    enum wh_exit left = leave_folder(up);
    print_summary(up);
    wh_play_fini(&up->play);
    return left > code ? left : code;
}

static enum wh_exit
prepare(struct up *up)
{
    enum wh_exit code = check_use(up);
    code = code == WH_EXIT_DONE ? compile(up) : code;
    code = code == WH_EXIT_DONE ? open_input(up) : code;
    return code == WH_EXIT_DONE ? open_folder(up) : code;
}

enum wh_exit
wh_command_up(const struct wh_call *call)
{
    struct up up = {
        .call = call,
        .is_json = wh_args_has(call->args, "--json"),
        .file = wh_args_text(call->args, "--play"),
        .codec = wh_proto_codec(),
        .domain = wh_psl_domain(),
        .rejects = {.arena = call->arena},
    };
    if (!wh_settings_load(call, &up.config)) {
        return WH_EXIT_USAGE;
    }
    up.model_path = wh_config_text(&up.config, WH_OPTION_MODEL);
    up.data = wh_config_text(&up.config, WH_OPTION_DATA);
    wh_summary_init(&up.summary, call->arena);
    wh_arena_init(&up.line, 0);
    enum wh_exit code = prepare(&up);
    code = code == WH_EXIT_DONE ? play(&up) : code;
    wh_lines_close(&up.lines);
    wh_model_destroy(&up.model);
    wh_arena_fini(&up.line);
    return code;
}
