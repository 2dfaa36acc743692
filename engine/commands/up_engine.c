/* The engine of `up`: log and store in one file, a relay before them, one shard. */
#include <string.h>

#include "connectors/file/file.h"
#include "connectors/psl/psl.h"
#include "engine/commands/console.h"
#include "engine/commands/folder.h"
#include "engine/commands/model_kept.h"
#include "engine/commands/shadow.h"
#include "engine/commands/shard_parts.h"
#include "engine/commands/up.h"

/* Within the time for an end in order. */
#define RELEASE_MAX (WH_UP_END_US - WH_US_PER_SECOND)

/* By the model that the folder has had: a shadow's never sees a live one, nor the reverse. */
static enum wh_err
check_kind(struct wh_up *up, struct wh_error *error)
{
    struct wh_arena arena;
    struct wh_str hash;
    struct wh_str bytes;
    struct wh_model *before = NULL;
    struct wh_sqlite_reader reader = wh_sqlite_reader_of(&up->database);
    const char *clash = NULL;
    wh_arena_init(&arena, 0);
    enum wh_err err = wh_sqlite_reader_model(&reader, &arena, &hash, &bytes, error);
    if (err == WH_OK && wh_model_kept_compile(&arena, bytes, hash, &before) == WH_OK) {
        clash = wh_shadow_clash(&up->model->ruleset, &before->ruleset);
    }
    wh_model_destroy(&before);
    wh_arena_fini(&arena);
    err = err == WH_ERR_NOT_FOUND ? WH_OK : err;
    return clash == NULL
               ? err
               : wh_error_set(error, WH_ERR_USAGE, "\"%.*s\": %s", WH_STR_ARG(up->data), clash);
}

enum wh_exit
wh_up_open_folder(struct wh_up *up)
{
    struct wh_error error;
    const char *path = WH_SQLITE_IN_MEMORY;
    if (up->data.len > 0) {
        const char *folder = wh_arena_str(&up->arena, up->data).ptr;
        if (wh_file_make_folder(folder, &error) != WH_OK) {
            return wh_console_fail(WH_EXIT_OUTSIDE, "%s", error.message);
        }
        path = wh_folder_join(&up->arena, up->data, WH_FOLDER_FILE);
    }
    enum wh_err err =
        wh_sqlite_open(path, WH_FOLDER_PARTITIONS,
                       wh_config_number(&up->config, WH_OPTION_DATA_SIZE), &up->database, &error);
    up->has_database = err == WH_OK;
    err = err == WH_OK ? check_kind(up, &error) : err;
    if (err == WH_OK) {
        err = wh_folder_keep_model(&up->database, up->model, up->model_path,
                                   up->clock.now(up->clock.self), &error);
    }
    err = err == WH_OK
              ? wh_sqlite_log_init(&up->log, &up->database, &up->clock, WH_STR("up"), &error)
              : err;
    err = err == WH_OK ? wh_sqlite_store_init(&up->store, &up->database, &error) : err;
    enum wh_exit code = err == WH_ERR_USAGE ? WH_EXIT_USAGE : WH_EXIT_OUTSIDE;
    return err == WH_OK ? WH_EXIT_DONE : wh_console_fail(code, "%s", error.message);
}

static void
on_state(void *self, const struct wh_partition *partition, enum wh_partition_state from,
         const char *why)
{
    struct wh_up *up = self;
    wh_shard_say_state(&up->say, partition, from, why);
}

/* contract.md 6: playing turns it off unless it is given. */
static int64_t
not_older_than(const struct wh_up *up)
{
    const struct wh_setting *bound = &up->config.settings[WH_OPTION_ENGINE_NOT_OLDER_THAN];
    bool is_given = !wh_str_is(bound->origin, "default");
    return up->file.len > 0 && !is_given
               ? 0
               : wh_config_number(&up->config, WH_OPTION_ENGINE_NOT_OLDER_THAN);
}

static const struct wh_ruleset *
find_ruleset(void *self, struct wh_str hash)
{
    struct wh_up *up = self;
    const struct wh_model *model = wh_models_find(&up->models, &up->database, hash);
    return model == NULL ? NULL : &model->ruleset;
}

static void
take_model(struct wh_up *up, const struct wh_model *model)
{
    up->model = model;
    up->style.ruleset = &model->ruleset;
    up->metrics.model_name = model->ruleset.name;
    up->metrics.model_hash = wh_str_of(model->ruleset.hash_hex);
    wh_shard_set_ruleset(&up->shard, &model->ruleset, up->metrics.model_hash);
}

bool
wh_up_use_model(struct wh_up *up, struct wh_model *model)
{
    struct wh_error error;
    const char *clash = wh_shadow_clash(&model->ruleset, &up->model->ruleset);
    if (clash != NULL) {
        wh_say(&up->say, WH_LOG_ERROR, "%s", clash);
        wh_model_destroy(&model);
        return false;
    }
    struct wh_str hash = wh_str_of(model->ruleset.hash_hex);
    const struct wh_model *known = wh_models_find(&up->models, &up->database, hash);
    if (known == NULL && !wh_models_add(&up->models, model)) {
        wh_say(&up->say, WH_LOG_ERROR,
               "this process has had %d new models, as many as it can hold: start it again",
               WH_MODELS_NEW_MAX);
        wh_model_destroy(&model);
        return false;
    }
    if (known != NULL) {
        wh_model_destroy(&model);
        model = NULL;
    }
    known = known != NULL ? known : model;
    if (wh_folder_keep_model(&up->database, known, up->model_path, up->clock.now(up->clock.self),
                             &error) != WH_OK) {
        wh_say(&up->say, WH_LOG_ERROR, "%s", error.message);
        return false;
    }
    take_model(up, known);
    return true;
}

void
wh_up_start_engine(struct wh_up *up)
{
    up->inner_log = wh_sqlite_log_port(&up->log);
    up->inner_store = wh_sqlite_store_port(&up->store);
    wh_metrics_init(&up->metrics, &up->arena, WH_FOLDER_PARTITIONS);
    up->metrics.model_name = up->model->ruleset.name;
    up->metrics.model_hash = wh_str_of(up->model->ruleset.hash_hex);
    wh_relay_init(&up->relay, &up->arena, &up->inner_log, &up->inner_store, &up->clock,
                  &up->metrics);
    up->relay.on_committed = wh_up_take_committed;
    up->relay.self = up;
    up->log_port = wh_relay_log(&up->relay);
    up->store_port = wh_relay_store(&up->relay);
    bool is_log_clock = wh_str_is(wh_config_text(&up->config, WH_OPTION_ENGINE_CLOCK), "log");
    struct wh_shard_env env = {
        .log = &up->log_port,
        .store = &up->store_port,
        .clock = &up->clock,
        .codec = &up->codec,
        .domain = &up->domain,
        .ruleset = &up->model->ruleset,
        .model_hash = wh_str_of(up->model->ruleset.hash_hex),
        .secret = up->secret,
        .clock_kind = is_log_clock ? WH_CLOCK_LOG : WH_CLOCK_WALL,
        .shares_now = true,
        .not_older_than = not_older_than(up),
        .find_ruleset = find_ruleset,
        .limits =
            {
                .records_max = WH_SHARD_RECORDS_MAX,
                .timers_max = WH_SHARD_TIMERS_MAX,
                .entities_max = wh_shard_entities_max(&up->config, WH_FOLDER_PARTITIONS),
                .bytes_max = wh_shard_bytes_max(&up->config, WH_FOLDER_PARTITIONS),
                .write_max = WH_SHARD_WRITE_MAX,
                .flush_interval = wh_config_number(&up->config, WH_OPTION_ENGINE_FLUSH),
                .commit_interval = 0, /* all partitions join within a turn: none waits for others */
                .release_max = RELEASE_MAX,
                .snapshot_interval = 0, /* log and store are one file: neither goes back alone */
                .snapshots_max = 0,
                .sweep_max = WH_SHARD_SWEEP_MAX,
                .lag_max = 0, /* retention asks first what is needed */
            },
        .metrics = &up->metrics,
        .on_state = on_state,
        .self = up,
    };
    wh_shard_init(&up->shard, &env);
    up->has_engine = true;
}

/* The ports first: nothing borrowed from the shard is looked at any more. */
void
wh_up_stop_engine(struct wh_up *up)
{
    if (up->has_database) {
        (void)wh_feed_commit(up);
        wh_sqlite_log_fini(&up->log);
        wh_sqlite_store_fini(&up->store);
        wh_sqlite_close(&up->database);
    }
    if (up->has_engine) {
        wh_shard_fini(&up->shard);
        wh_relay_fini(&up->relay);
    }
}

static int64_t
end_of(void *self, enum wh_topic topic, uint32_t partition)
{
    struct wh_up *up = self;
    return wh_sqlite_log_end(&up->log, topic, partition);
}

void
wh_up_count(struct wh_up *up)
{
    wh_shard_gauges(&up->metrics, &up->shard, up->clock.now(up->clock.self), end_of, up);
}
