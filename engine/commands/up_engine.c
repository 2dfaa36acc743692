/* The engine of `up`: log and store in one file, a relay before them, one shard. */
#include <string.h>

#include "connectors/file/file.h"
#include "connectors/psl/psl.h"
#include "engine/commands/console.h"
#include "engine/commands/folder.h"
#include "engine/commands/up.h"

/* Records of one input in a batch; what a batch holds in memory stays small. */
#define RECORDS_MAX 512
#define TIMERS_MAX  1024
#define WRITE_MAX   512
/* Within the time for an end in order. */
#define RELEASE_MAX (WH_UP_END_US - WH_US_PER_SECOND)
/* After a change of the model touches still find their turn. */
#define SWEEP_MAX 256
/* What an entity takes in memory, as a rule, with its state of some tens of touches. */
#define ENTITY_BYTES 8192

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
    if (err == WH_OK) {
        err = wh_folder_keep_model(&up->database, up->model, up->model_path,
                                   up->clock.now(up->clock.self), &error);
    }
    err = err == WH_OK
              ? wh_sqlite_log_init(&up->log, &up->database, &up->clock, WH_STR("up"), &error)
              : err;
    err = err == WH_OK ? wh_sqlite_store_init(&up->store, &up->database, &error) : err;
    return err == WH_OK ? WH_EXIT_DONE : wh_console_fail(WH_EXIT_OUTSIDE, "%s", error.message);
}

static void
on_state(void *self, const struct wh_partition *partition, enum wh_partition_state from,
         const char *why)
{
    struct wh_up *up = self;
    if (partition->state == WH_PARTITION_STOPPED) {
        wh_say(&up->say, WH_LOG_ERROR, "partition %u stopped: %s", partition->number, why);
        return;
    }
    wh_say(&up->say, WH_LOG_DEBUG, "partition %u: %s, was %s: %s", partition->number,
           wh_partition_state_str(partition->state), wh_partition_state_str(from), why);
}

static uint32_t
entities_max(const struct wh_up *up)
{
    int64_t bytes = wh_config_number(&up->config, WH_OPTION_ENGINE_CACHE);
    int64_t count = bytes / ENTITY_BYTES / WH_FOLDER_PARTITIONS;
    return count < 16 ? 16 : count > INT32_MAX ? INT32_MAX : (uint32_t)count;
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
                .records_max = RECORDS_MAX,
                .timers_max = TIMERS_MAX,
                .entities_max = entities_max(up),
                .write_max = WRITE_MAX,
                .flush_interval = wh_config_number(&up->config, WH_OPTION_ENGINE_FLUSH),
                .commit_interval = 0, /* all partitions join within a turn: none waits for others */
                .release_max = RELEASE_MAX,
                .snapshot_interval = 0, /* log and store are one file: neither goes back alone */
                .snapshots_max = 0,
                .sweep_max = SWEEP_MAX,
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
lag_of(struct wh_up *up, uint32_t partition, enum wh_topic topic)
{
    const struct wh_partition *at = &up->shard.partitions[partition];
    int64_t end = wh_sqlite_log_end(&up->log, topic, partition);
    return at->state == WH_PARTITION_READY ? end - at->last.positions[topic].next : 0;
}

static void
count_states(struct wh_up *up)
{
    uint32_t ready = wh_shard_count(&up->shard, WH_PARTITION_READY);
    uint32_t stopped = wh_shard_count(&up->shard, WH_PARTITION_STOPPED);
    uint32_t away = wh_shard_count(&up->shard, WH_PARTITION_AWAY);
    const uint32_t counts[] = {away, WH_FOLDER_PARTITIONS - away - ready - stopped, ready, stopped};
    for (uint32_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
        wh_metrics_set(&up->metrics, WH_METRIC_PARTITIONS, i, 0, counts[i]);
    }
}

void
wh_up_count(struct wh_up *up)
{
    int64_t dirty = 0;
    int64_t timers = 0;
    int64_t age = 0;
    int64_t now = up->clock.now(up->clock.self);
    for (uint32_t p = 0; p < WH_FOLDER_PARTITIONS; p++) {
        const struct wh_partition *partition = &up->shard.partitions[p];
        for (uint32_t topic = 0; topic < WH_INPUT_COUNT; topic++) {
            wh_metrics_set(&up->metrics, WH_METRIC_LAG, topic, p,
                           lag_of(up, p, (enum wh_topic)topic));
        }
        if (partition->state != WH_PARTITION_READY) {
            continue;
        }
        dirty += (int64_t)(partition->cache.dirty_count + partition->cache.sent_count);
        timers += (int64_t)partition->timers.count;
        bool is_behind = partition->flush.watermark < partition->reached;
        int64_t behind = now - partition->flush.last_at;
        age = is_behind && behind > age ? behind : age;
    }
    wh_metrics_set(&up->metrics, WH_METRIC_STORE_DIRTY, 0, 0, dirty);
    wh_metrics_set(&up->metrics, WH_METRIC_TIMERS, 0, 0, timers);
    wh_metrics_set(&up->metrics, WH_METRIC_STORE_AGE, 0, 0, age);
    count_states(up);
}
