/* Leads that engines keep: states in Redis, models and records in Kafka. */
#include "engine/commands/console.h"
#include "engine/commands/kafka.h"
#include "engine/commands/kept.h"
#include "engine/commands/machine.h"
#include "engine/commands/shadow.h"
#include "engine/commands/store.h"

/* States mean something under the very model that made them only. */
static enum wh_exit
check_model(const struct wh_kept *kept)
{
    const struct wh_args *args = kept->call->args;
    struct wh_problems problems;
    struct wh_model *model = NULL;
    if (!wh_args_has(args, "--model")) {
        return WH_EXIT_DONE;
    }
    wh_problems_init(&problems, kept->call->arena);
    enum wh_err err = wh_compile(wh_args_text(args, "--model"), NULL, &problems, &model);
    if (err != WH_OK) {
        wh_console_problems(&problems);
        return wh_console_exit(err);
    }
    bool is_same = wh_str_is(wh_str_of(kept->ruleset->hash_hex), model->ruleset.hash_hex);
    wh_model_destroy(&model);
    return is_same ? WH_EXIT_DONE
                   : wh_console_fail(WH_EXIT_USAGE,
                                     "the engines use another version of \"%.*s\": leave --model "
                                     "away",
                                     WH_STR_ARG(wh_args_text(args, "--model")));
}

static enum wh_exit
open_models(struct wh_kept *kept)
{
    kept->engine_models = WH_ARENA_NEW(kept->call->arena, struct wh_engine_models);
    enum wh_exit code = wh_engine_models_open(kept->engine_models, &kept->kafka, &kept->say);
    if (code != WH_EXIT_DONE) {
        return code;
    }
    kept->ruleset = wh_engine_models_current(kept->engine_models);
    if (kept->ruleset == NULL) {
        return wh_console_fail(WH_EXIT_USAGE,
                               "the topic of models names none that can be used here: no engine "
                               "has run yet, or only those of another version");
    }
    return check_model(kept);
}

static enum wh_exit
open_stream(struct wh_kept *kept)
{
    struct wh_error error;
    bool is_live = false;
    enum wh_err err =
        wh_stream_open(&kept->stream, &kept->kafka, &kept->redis, kept->engine_models, &error);
    err = err == WH_OK ? wh_stream_clock(&kept->stream, &kept->now, &is_live, &error) : err;
    if (err != WH_OK) {
        return wh_console_fail(wh_console_exit(err), "%s", error.message);
    }
    int64_t machine = wh_machine_now();
    kept->now = is_live && machine > kept->now ? machine : kept->now;
    return WH_EXIT_DONE;
}

enum wh_exit
wh_kept_open_stream(struct wh_kept *kept)
{
    kept->is_stream = true;
    kept->clock = wh_machine_clock();
    wh_say_init(&kept->say, &kept->config, &kept->clock);
    (void)wh_shadow_name_configured(kept->call, &kept->config);
    enum wh_exit code = wh_kafka_of_config(&kept->config, &kept->kafka);
    wh_say_for_kafka(&kept->say, &kept->kafka);
    code = code == WH_EXIT_DONE ? wh_store_of_config(&kept->config, &kept->redis) : code;
    code = code == WH_EXIT_DONE ? open_models(kept) : code;
    return code == WH_EXIT_DONE ? open_stream(kept) : code;
}

void
wh_kept_close_stream(struct wh_kept *kept)
{
    if (!kept->is_stream) {
        return;
    }
    wh_stream_close(&kept->stream);
    if (kept->engine_models != NULL) {
        wh_engine_models_close(kept->engine_models);
    }
    wh_say_fini(&kept->say);
}
