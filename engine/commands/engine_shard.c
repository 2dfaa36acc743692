/* One shard of `engine`: a thread with its loop, its handle on Kafka, its connection to Redis. */
#include "engine/commands/console.h"
#include "engine/commands/engine.h"

#include "engine/base/time.h"

/* The others join a transaction at most so late: its price grows with the partitions in it. */
#define COMMIT_INTERVAL (100 * WH_US_PER_MS)
/* A partition that moves stands still for this long at most before it is given up without. */
#define RELEASE_MAX (2 * WH_US_PER_SECOND)
/* Snapshots in one transaction, so that an hour's worth does not come at once. */
#define SNAPSHOTS_MAX 128

static void
on_answer(void *self)
{
    struct wh_engine_shard *shard = self;
    wh_loop_wake(shard->loop);
}

static void
on_news(void *self, enum wh_redis_news news, const char *text)
{
    struct wh_engine_shard *shard = self;
    struct wh_say *say = &shard->engine->say;
    switch (news) {
    case WH_REDIS_AWAY:
        wh_say(say, WH_LOG_WARNING, "Redis at %s; touches wait until it answers", text);
        break;
    case WH_REDIS_BACK:
        wh_say(say, WH_LOG_INFO, "Redis at %s answers again", text);
        break;
    case WH_REDIS_NOTE:
        wh_say(say, WH_LOG_INFO, "%s", text);
        break;
    }
}

static void
on_state(void *self, const struct wh_partition *partition, enum wh_partition_state from,
         const char *why)
{
    struct wh_engine_shard *shard = self;
    wh_shard_say_state(&shard->engine->say, partition, from, why);
}

static const struct wh_ruleset *
find_ruleset(void *self, struct wh_str hash)
{
    struct wh_engine_shard *shard = self;
    return wh_engine_models_find(&shard->engine->models, hash);
}

static void
on_committed(void *self, const struct wh_log_transaction *transaction)
{
    struct wh_engine_shard *shard = self;
    for (size_t i = 0; i < transaction->record_count; i++) {
        if (transaction->records[i].topic == WH_TOPIC_LEADS) {
            wh_count_lead_event(&shard->metrics, transaction->records[i].value);
        }
    }
}

static bool
after_turn(void *self, bool is_quiet)
{
    struct wh_engine_shard *shard = self;
    const struct wh_clock *clock = &shard->engine->clock;
    (void)is_quiet;
    wh_shard_say_recovery(&shard->recovery, &shard->engine->say, &shard->shard,
                          clock->now(clock->self));
    if (!shard->is_ending) {
        return false;
    }
    shard->shard.env.limits.flush_interval = 0;
    /* With release records the next owner has nobody to shut out and nothing to replay. */
    if (wh_shard_leave(&shard->shard) || clock->now(clock->self) >= shard->end_by) {
        wh_loop_end(shard->loop);
    }
    return false;
}

static int64_t
wake_at(void *self)
{
    const struct wh_engine_shard *shard = self;
    const struct wh_clock *clock = &shard->engine->clock;
    int64_t poll = clock->now(clock->self) + WH_KAFKA_LOG_POLL_US;
    return shard->is_ending && shard->end_by < poll ? shard->end_by : poll;
}

static enum wh_err
open_loop(struct wh_engine_shard *shard, struct wh_error *error)
{
    struct wh_loop_env env = {
        .shard = &shard->shard,
        .relay = &shard->relay,
        .clock = &shard->engine->clock,
        .has_outside = true,
        .news_descriptor = wh_kafka_log_descriptor(shard->kafka),
        .lock = &shard->lock,
        .descriptor = -1,
        .self = shard,
        .after_turn = after_turn,
        .wake_at = wake_at,
    };
    return wh_loop_open(&env, &shard->loop, error);
}

static enum wh_err
open_ports(struct wh_engine_shard *shard, struct wh_error *error)
{
    struct wh_engine *engine = shard->engine;
    struct wh_buf id;
    struct wh_buf name;
    wh_buf_init(&name, &shard->arena);
    wh_buf_init(&id, &shard->arena);
    wh_buf_printf(&name, "%.*s-%.*s-%u", WH_STR_ARG(engine->kafka.group),
                  WH_STR_ARG(wh_config_text(&engine->config, WH_OPTION_INSTANCE)), shard->number);
    wh_buf_push_text(&id, wh_kafka_name(&engine->kafka, &shard->arena, wh_buf_str(&name)));
    enum wh_err err = wh_kafka_log_open(&engine->kafka, wh_buf_str(&id), engine->partitions,
                                        &shard->kafka, error);
    err = err == WH_OK ? open_loop(shard, error) : err;
    if (err != WH_OK) {
        return err;
    }
    struct wh_redis_env redis = {
        .loop = wh_loop_uv(shard->loop),
        .self = shard,
        .on_answer = on_answer,
        .on_news = on_news,
    };
    return wh_redis_open(&engine->redis, &redis, &shard->redis, error);
}

static struct wh_shard_limits
limits_of(const struct wh_engine *engine)
{
    return (struct wh_shard_limits){
        .records_max = WH_SHARD_RECORDS_MAX,
        .timers_max = WH_SHARD_TIMERS_MAX,
        .entities_max = wh_shard_entities_max(&engine->config, engine->partitions),
        .bytes_max = wh_shard_bytes_max(&engine->config, engine->partitions),
        .write_max = WH_SHARD_WRITE_MAX,
        .flush_interval = wh_config_number(&engine->config, WH_OPTION_ENGINE_FLUSH),
        .commit_interval = COMMIT_INTERVAL,
        .release_max = RELEASE_MAX,
        .snapshot_interval = wh_config_number(&engine->config, WH_OPTION_ENGINE_SNAPSHOT),
        .snapshots_max = SNAPSHOTS_MAX,
        .sweep_max = WH_SHARD_SWEEP_MAX,
        .lag_max = engine->kept,
    };
}

static void
init_shard(struct wh_engine_shard *shard, const struct wh_ruleset *ruleset)
{
    struct wh_engine *engine = shard->engine;
    bool is_log = wh_str_is(wh_config_text(&engine->config, WH_OPTION_ENGINE_CLOCK), "log");
    struct wh_shard_env env = {
        .log = &shard->log,
        .store = &shard->store,
        .clock = &engine->clock,
        .codec = &engine->codec,
        .domain = &engine->domain,
        .ruleset = ruleset,
        .model_hash = wh_str_of(ruleset->hash_hex),
        .find_ruleset = find_ruleset,
        .secret = engine->secret,
        .clock_kind = is_log ? WH_CLOCK_LOG : WH_CLOCK_WALL,
        .not_older_than = wh_config_number(&engine->config, WH_OPTION_ENGINE_NOT_OLDER_THAN),
        .limits = limits_of(engine),
        .metrics = &shard->metrics,
        .on_state = on_state,
        .self = shard,
    };
    wh_shard_init(&shard->shard, &env);
}

enum wh_exit
wh_engine_shard_open(struct wh_engine_shard *shard, struct wh_engine *engine, uint32_t number)
{
    struct wh_error error;
    const struct wh_ruleset *ruleset = wh_engine_models_current(&engine->models);
    if (ruleset == NULL) {
        return wh_console_fail(WH_EXIT_OUTSIDE, "the current model of the topic of models cannot "
                                                "be used by this version");
    }
    shard->engine = engine;
    shard->number = number;
    wh_turn_lock_init(&shard->lock);
    wh_arena_init(&shard->arena, 0);
    wh_metrics_init(&shard->metrics, &shard->arena, engine->partitions);
    enum wh_err err = open_ports(shard, &error);
    if (err != WH_OK) {
        return wh_console_fail(wh_console_exit(err), "%s", error.message);
    }
    shard->inner_log = wh_kafka_log_port(shard->kafka);
    shard->inner_store = wh_redis_port(shard->redis);
    wh_relay_init(&shard->relay, &shard->arena, &shard->inner_log, &shard->inner_store,
                  &engine->clock, &shard->metrics);
    shard->relay.on_committed = on_committed;
    shard->relay.self = shard;
    shard->log = wh_relay_log(&shard->relay);
    shard->store = wh_relay_store(&shard->relay);
    init_shard(shard, ruleset);
    return WH_EXIT_DONE;
}

/* The ports go on their own thread: leaving the group and closing connections takes a moment. */
static void *
serve(void *argument)
{
    struct wh_engine_shard *shard = argument;
    wh_loop_run(shard->loop);
    wh_redis_close(&shard->redis);
    wh_loop_close(&shard->loop);
    wh_kafka_log_close(&shard->kafka);
    atomic_store(&shard->is_over, true);
    return NULL;
}

enum wh_exit
wh_engine_shard_start(struct wh_engine_shard *shard)
{
    int code = pthread_create(&shard->thread, NULL, serve, shard);
    shard->is_started = code == 0;
    return code == 0 ? WH_EXIT_DONE
                     : wh_console_fail(WH_EXIT_OUTSIDE, "no thread for a shard: error %d", code);
}

void
wh_engine_shard_end(struct wh_engine_shard *shard)
{
    const struct wh_clock *clock = &shard->engine->clock;
    wh_turn_lock_take(&shard->lock);
    shard->is_ending = true;
    shard->end_by = clock->now(clock->self) + WH_ENGINE_END_US;
    wh_turn_lock_give(&shard->lock);
    wh_loop_wake_from_outside(shard->loop);
}

bool
wh_engine_shard_accept_loss(struct wh_engine_shard *shard, uint32_t partition)
{
    wh_turn_lock_take(&shard->lock);
    bool is_stopped = wh_shard_accept_loss(&shard->shard, partition);
    wh_turn_lock_give(&shard->lock);
    wh_loop_wake_from_outside(shard->loop);
    return is_stopped;
}

void
wh_engine_shard_use_model(struct wh_engine_shard *shard, const struct wh_ruleset *ruleset)
{
    wh_turn_lock_take(&shard->lock);
    wh_shard_set_ruleset(&shard->shard, ruleset, wh_str_of(ruleset->hash_hex));
    wh_turn_lock_give(&shard->lock);
    wh_loop_wake_from_outside(shard->loop);
}

void
wh_engine_shard_close(struct wh_engine_shard *shard)
{
    if (shard->engine == NULL) {
        return; /* it was not opened */
    }
    if (shard->is_started) {
        (void)pthread_join(shard->thread, NULL);
    }
    wh_redis_close(&shard->redis);
    wh_loop_close(&shard->loop);
    wh_kafka_log_close(&shard->kafka);
    if (shard->shard.partitions != NULL) {
        wh_shard_fini(&shard->shard);
        wh_relay_fini(&shard->relay);
    }
    wh_arena_fini(&shard->arena);
    wh_turn_lock_fini(&shard->lock);
}
