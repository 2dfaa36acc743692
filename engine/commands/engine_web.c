/* The HTTP address of an engine: health, metrics and leads. */
#include "engine/commands/console.h"
#include "engine/commands/engine.h"
#include "engine/commands/web_parts.h"

struct states {
    uint32_t assigned, ready, stopped;
    bool has_joined; /* every shard has heard of the group */
};

static struct states
count_states(struct wh_engine *engine)
{
    struct states states = {.has_joined = true};
    for (uint32_t i = 0; i < engine->shard_count; i++) {
        struct wh_engine_shard *shard = &engine->shards[i];
        wh_turn_lock_take(&shard->lock);
        states.assigned +=
            shard->shard.partition_count - wh_shard_count(&shard->shard, WH_PARTITION_AWAY);
        states.ready += wh_shard_count(&shard->shard, WH_PARTITION_READY);
        states.stopped += wh_shard_count(&shard->shard, WH_PARTITION_STOPPED);
        states.has_joined = states.has_joined && shard->shard.view > 0;
        wh_turn_lock_give(&shard->lock);
    }
    return states;
}

static bool
is_ready(const struct wh_engine *engine, const struct states *states, struct wh_buf *reason)
{
    if (engine->is_ending) {
        wh_buf_push_text(reason, "this process is ending");
        return false;
    }
    if (!states->has_joined) {
        wh_buf_push_text(reason, "the consumer group has not been joined yet");
        return false;
    }
    if (states->ready < states->assigned) {
        wh_buf_printf(reason, "%u of %u partitions are taken over", states->ready,
                      states->assigned);
        return false;
    }
    return true;
}

static bool
check(void *self, enum wh_web_check check, struct wh_buf *reason)
{
    struct wh_engine *engine = self;
    struct states states = count_states(engine);
    if (states.stopped > 0) {
        wh_buf_printf(reason, "%u partitions stopped: the log says why", states.stopped);
        return false;
    }
    return check == WH_WEB_HEALTHY || is_ready(engine, &states, reason);
}

/* Under the shard's lock; its handle is there as long as its thread has not ended. */
static int64_t
end_of(void *self, enum wh_topic topic, uint32_t partition)
{
    const struct wh_engine_shard *shard = self;
    return wh_kafka_log_end(shard->kafka, topic, partition);
}

static void
add_shard(struct wh_engine_shard *shard, struct wh_metrics *total)
{
    const struct wh_clock *clock = &shard->engine->clock;
    wh_turn_lock_take(&shard->lock);
    if (!shard->is_ending) {
        wh_shard_gauges(&shard->metrics, &shard->shard, clock->now(clock->self), end_of, shard);
    }
    wh_metrics_merge(total, &shard->metrics);
    wh_turn_lock_give(&shard->lock);
}

/* A partition that no shard of ours has is away once, not once for each. */
static void
mend_away(const struct wh_engine *engine, struct wh_metrics *total)
{
    int64_t here = 0;
    for (uint32_t i = 1; i < 4; i++) {
        here += wh_metrics_value(total, WH_METRIC_PARTITIONS, i, 0);
    }
    wh_metrics_set(total, WH_METRIC_PARTITIONS, 0, 0,
                   here < engine->partitions ? engine->partitions - here : 0);
}

static void
write_metrics(void *self, struct wh_buf *text)
{
    struct wh_engine *engine = self;
    struct wh_metrics total;
    wh_metrics_init(&total, text->arena, engine->partitions);
    wh_metrics_merge(&total, &engine->metrics);
    for (uint32_t i = 0; i < engine->shard_count; i++) {
        add_shard(&engine->shards[i], &total);
    }
    mend_away(engine, &total);
    total.model_name = engine->metrics.model_name;
    total.model_hash = engine->metrics.model_hash;
    wh_metrics_print(&total, text);
}

static void
answered(void *self, const char *path, unsigned status)
{
    struct wh_engine *engine = self;
    wh_web_count(&engine->metrics, path, status);
}

static void
ask_story(void *self, uint64_t ticket, struct wh_str key, struct wh_str at)
{
    struct wh_engine *engine = self;
    wh_engine_stories_ask(engine->stories, ticket, key, at);
}

static enum wh_err
start_stories(struct wh_engine *engine, struct wh_error *error)
{
    const struct wh_engine_story_options options = {
        .kafka = &engine->kafka,
        .redis = &engine->redis,
        .models = &engine->models,
        .secret = engine->secret,
        .say = &engine->say,
        .is_log_clock = wh_str_is(wh_config_text(&engine->config, WH_OPTION_ENGINE_CLOCK), "log"),
    };
    return wh_engine_stories_start(&options, &engine->stories, error);
}

enum wh_exit
wh_engine_start_web(struct wh_engine *engine)
{
    struct wh_error error;
    struct wh_web_options options =
        wh_web_options_of(&engine->config, engine->call->arena, WH_OPTION_ENGINE_LISTEN);
    struct wh_web_env env = {
        .self = engine,
        .now = wh_web_now,
        .random_id = wh_web_random_id,
        .story = ask_story,
        .check = check,
        .write_metrics = write_metrics,
        .answered = answered,
    };
    enum wh_err err = start_stories(engine, &error);
    err = err == WH_OK ? wh_web_start(&options, &env, &engine->web, &error) : err;
    return err == WH_OK ? WH_EXIT_DONE : wh_console_fail(wh_console_exit(err), "%s", error.message);
}
