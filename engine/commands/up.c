/* `waterhole up`: everything in one process on one data folder. */
#include "engine/commands/up.h"

#include <signal.h>

#include "connectors/psl/psl.h"
#include "engine/base/time.h"
#include "engine/commands/console.h"
#include "engine/commands/machine.h"
#include "engine/commands/model_file.h"
#include "engine/commands/settings.h"
#include "proto/codec.h"

static enum wh_exit
check_use(struct wh_up *up)
{
    if (up->is_once && up->file.len == 0) {
        return wh_console_fail(WH_EXIT_USAGE,
                               "\"--once\" ends when everything has been played: add --play FILE");
    }
    if (up->model_path.len == 0) {
        return wh_console_fail(WH_EXIT_USAGE,
                               "no model: name its file or folder with --model PATH, or \"model\" "
                               "in the configuration");
    }
    return WH_EXIT_DONE;
}

static enum wh_exit
compile(struct wh_up *up)
{
    struct wh_model *model = NULL;
    enum wh_exit code = wh_model_file_compile(up->call, up->model_path, &model);
    if (code == WH_EXIT_DONE && !wh_models_add(&up->models, model)) {
        wh_model_destroy(&model); /* there is room for the first */
    }
    up->model = model;
    return code;
}

/* From here on time is the machine's, and people may see what leaves at once. */
static void
go_live(struct wh_up *up)
{
    up->is_live = true;
    if (up->file.len > 0) {
        up->shard.env.clock_kind = WH_CLOCK_WALL;
        up->shard.env.not_older_than =
            wh_config_number(&up->config, WH_OPTION_ENGINE_NOT_OLDER_THAN);
    }
    wh_up_print_address(up);
}

static void
set_code(struct wh_up *up, enum wh_exit code)
{
    up->code = code > up->code ? code : up->code;
}

static void
begin_end(struct wh_up *up)
{
    up->is_ending = true;
    (void)wh_feed_commit(up); /* if not, the next turn says so */
    up->end_by = up->clock.now(up->clock.self) + WH_UP_END_US;
    up->feed.has_ended = true;
    if (up->web != NULL) {
        wh_web_stop(up->web);
    }
}

static void
end_play(struct wh_up *up)
{
    const struct wh_feed *feed = &up->feed;
    up->shard.env.limits.flush_interval = wh_config_number(&up->config, WH_OPTION_ENGINE_FLUSH);
    wh_up_print_summary(up);
    if (feed->err != WH_ERR_NOT_FOUND && feed->err != WH_OK) {
        set_code(up, wh_console_fail(feed->err == WH_ERR_INPUT ? WH_EXIT_PROBLEMS : WH_EXIT_OUTSIDE,
                                     "%s", feed->error.message));
    }
    if (up->is_once) {
        begin_end(up);
    } else {
        go_live(up);
    }
}

/* Returns whether another turn is wanted at once. */
static bool
go_on_playing(struct wh_up *up, bool is_quiet)
{
    if (!is_quiet) {
        return true;
    }
    wh_up_print_held(up);
    wh_feed_go_on(up);
    if (!up->feed.has_ended) {
        return true;
    }
    /* The summary counts the leads in the file. */
    if (!wh_shard_is_stored(&up->shard)) {
        up->shard.env.limits.flush_interval = 0;
        return true;
    }
    if (wh_feed_commit(up)) {
        end_play(up);
    }
    return true;
}

static bool
go_on_ending(struct wh_up *up, bool is_quiet)
{
    bool is_late = up->clock.now(up->clock.self) >= up->end_by;
    bool is_web_over = up->web == NULL || wh_web_is_stopped(up->web);
    bool may_leave = up->shard.is_leaving || (is_quiet && is_web_over);
    if (up->web != NULL) {
        wh_web_run(up->web);
    }
    up->shard.env.limits.flush_interval = 0;
    /* With release records the next start has nobody to shut out and nothing to replay. */
    if (is_late || (may_leave && wh_shard_leave(&up->shard))) {
        wh_loop_end(up->loop);
        return false;
    }
    return true;
}

static bool
has_trouble(struct wh_up *up)
{
    if (up->database.is_lost) {
        wh_say(&up->say, WH_LOG_ERROR,
               "the data folder has no room: what was played last is not kept; make room "
               "and play again");
        set_code(up, WH_EXIT_OUTSIDE);
        wh_loop_end(up->loop);
        return true;
    }
    if (up->relay.has_failed && wh_sqlite_is_damaged(&up->database)) {
        struct wh_error error;
        (void)wh_sqlite_damaged(&up->database, WH_FOLDER_FILE, &error);
        wh_say(&up->say, WH_LOG_ERROR, "%s", error.message);
        set_code(up, WH_EXIT_OUTSIDE);
        wh_loop_end(up->loop);
        return true;
    }
    if (up->relay.is_short) {
        wh_say(&up->say, WH_LOG_WARNING,
               "the data folder cannot be written at present (is the disk or data.size "
               "full?): touches are answered with 503 until it can");
        up->keep.next_at = WH_TIME_MIN;
    }
    return false;
}

static bool
after_turn(void *self, bool is_quiet)
{
    struct wh_up *up = self;
    bool wants_more = false;
    if (has_trouble(up)) {
        return false;
    }
    wh_up_tell_stories(up);
    if (up->web_has_news) {
        up->web_has_news = false;
        wh_web_run(up->web);
    }
    if (up->clock.now(up->clock.self) >= up->keep.next_at) {
        wants_more = wh_up_keep_short(up);
    }
    if (up->is_ending) {
        return go_on_ending(up, is_quiet);
    }
    if (!up->is_live) {
        return go_on_playing(up, is_quiet);
    }
    return wants_more;
}

static int64_t
wake_at(void *self)
{
    const struct wh_up *up = self;
    return up->keep.next_at;
}

static void
on_descriptor(void *self)
{
    struct wh_up *up = self;
    wh_web_run(up->web);
}

static int
timeout(void *self)
{
    struct wh_up *up = self;
    return wh_web_timeout(up->web);
}

static void
reload(struct wh_up *up)
{
    struct wh_model *model = wh_model_file_again(up->model_path, &up->say);
    bool is_new =
        model != NULL && strcmp(model->ruleset.hash_hex, up->model->ruleset.hash_hex) != 0;
    if (model != NULL && !is_new) {
        wh_say(&up->say, WH_LOG_INFO, "the model is the same as before");
        wh_model_destroy(&model);
    } else if (is_new && wh_up_use_model(up, model)) {
        wh_say(&up->say, WH_LOG_INFO, "the new model is in use: %s", up->model->ruleset.hash_hex);
        wh_loop_wake(up->loop);
    } else {
        wh_say(&up->say, WH_LOG_ERROR, "the new model is refused, the old one stays");
    }
}

static void
on_signal(void *self, int signal)
{
    struct wh_up *up = self;
    if (signal == SIGHUP) {
        reload(up);
    } else if (up->is_ending) {
        wh_loop_end(up->loop); /* what is committed stays; the rest is done at the next start */
    } else {
        wh_say(&up->say, WH_LOG_DEBUG, "ends in order");
        begin_end(up);
    }
}

static enum wh_exit
run(struct wh_up *up)
{
    struct wh_error error;
    struct wh_loop_env env = {
        .shard = &up->shard,
        .relay = &up->relay,
        .clock = &up->clock,
        .has_signals = true,
        .descriptor = up->web == NULL ? -1 : wh_web_descriptor(up->web),
        .self = up,
        .on_descriptor = on_descriptor,
        .timeout = timeout,
        .after_turn = after_turn,
        .wake_at = wake_at,
        .on_signal = on_signal,
    };
    if (wh_loop_open(&env, &up->loop, &error) != WH_OK) {
        return wh_console_fail(WH_EXIT_OUTSIDE, "%s", error.message);
    }
    wh_up_print_heading(up);
    if (up->file.len == 0) {
        go_live(up);
    }
    wh_loop_run(up->loop);
    if (up->is_live) {
        wh_up_print_end(up);
    }
    return up->code;
}

static enum wh_exit
prepare(struct wh_up *up)
{
    enum wh_exit code = check_use(up);
    code = code == WH_EXIT_DONE ? compile(up) : code;
    code = code == WH_EXIT_DONE ? wh_feed_open(up) : code;
    code = code == WH_EXIT_DONE ? wh_up_open_folder(up) : code;
    if (code == WH_EXIT_DONE) {
        wh_up_start_engine(up);
        code = wh_up_start_web(up);
    }
    return code;
}

static void
init(struct wh_up *up, const struct wh_call *call)
{
    up->call = call;
    up->is_json = wh_args_has(call->args, "--json");
    up->is_once = wh_args_has(call->args, "--once");
    up->file = wh_args_text(call->args, "--play");
    up->model_path = wh_config_text(&up->config, WH_OPTION_MODEL);
    up->data = wh_config_text(&up->config, WH_OPTION_DATA);
    up->codec = wh_proto_codec();
    up->domain = wh_psl_domain();
    up->clock = wh_machine_clock();
    wh_arena_init(&up->arena, 0);
    wh_arena_init(&up->line, 0);
    wh_arena_init(&up->held_arena, 0);
    wh_config_secret(&up->config, up->secret);
    wh_summary_init(&up->summary, &up->arena);
    wh_say_init(&up->say, &up->config, &up->clock);
}

static void
fini(struct wh_up *up)
{
    wh_loop_close(&up->loop);
    wh_web_destroy(&up->web);
    wh_up_stop_engine(up);
    wh_feed_close(up);
    wh_models_fini(&up->models);
    wh_say_fini(&up->say);
    if (up->stories != NULL) {
        wh_arena_fini(&up->stories->arena);
    }
    wh_arena_fini(&up->held_arena);
    wh_arena_fini(&up->line);
    wh_arena_fini(&up->arena);
}

enum wh_exit
wh_command_up(const struct wh_call *call)
{
    /* Large: the tables of the ports are in it. */
    struct wh_up *up = WH_ARENA_NEW(call->arena, struct wh_up);
    if (!wh_settings_load(call, &up->config)) {
        return WH_EXIT_USAGE;
    }
    init(up, call);
    enum wh_exit code = prepare(up);
    code = code == WH_EXIT_DONE ? run(up) : code;
    fini(up);
    return code;
}
