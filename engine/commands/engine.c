/* `waterhole engine`: Kafka in, state in Redis, Kafka out. */
#include "engine/commands/engine.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "connectors/psl/psl.h"
#include "engine/base/time.h"
#include "engine/commands/console.h"
#include "engine/commands/kafka.h"
#include "engine/commands/machine.h"
#include "engine/commands/model_file.h"
#include "engine/commands/settings.h"
#include "engine/commands/shadow.h"
#include "engine/commands/store.h"
#include "engine/host/pool.h"
#include "proto/codec.h"

/* Whether something changed that nothing wakes for is looked at so often: the end of a thread. */
#define ENDING_MS 20
/* The host's name is the instance that nobody gave. */
#define HOST_MAX 256

static enum wh_exit
open_store(struct wh_engine *engine)
{
    struct wh_error error;
    struct wh_redis_health health;
    enum wh_exit code = wh_store_of_config(&engine->config, &engine->redis);
    if (code != WH_EXIT_DONE) {
        return code;
    }
    enum wh_err err = wh_redis_check(&engine->redis, &health, &error);
    if (err == WH_ERR_OUTSIDE) {
        wh_say(&engine->say, WH_LOG_WARNING, "%s; touches wait until it answers", error.message);
        return WH_EXIT_DONE;
    }
    if (err != WH_OK) {
        return wh_console_fail(wh_console_exit(err), "%s", error.message);
    }
    if (wh_redis_note(health.kept) != NULL) {
        wh_say(&engine->say, WH_LOG_INFO, "%s", wh_redis_note(health.kept));
    }
    return WH_EXIT_DONE;
}

static struct wh_str
model_path(const struct wh_engine *engine)
{
    return wh_config_text(&engine->config, WH_OPTION_MODEL);
}

/* First of all: whether it is a shadow says which names are meant. */
static enum wh_exit
compile(struct wh_engine *engine)
{
    enum wh_exit code =
        wh_model_file_compile(engine->call, model_path(engine), &engine->configured);
    if (code == WH_EXIT_DONE) {
        engine->is_shadow = engine->configured->ruleset.is_shadow;
        wh_shadow_name(&engine->config, &engine->configured->ruleset);
    }
    return code;
}

static void
name_model(struct wh_engine *engine, const struct wh_ruleset *ruleset)
{
    engine->metrics.model_name = ruleset->name;
    engine->metrics.model_hash = wh_str_of(ruleset->hash_hex);
}

/* A model that was current before does not become so again by a start: others may have moved on. */
static enum wh_exit
open_models(struct wh_engine *engine)
{
    struct wh_error error;
    enum wh_exit code = wh_engine_models_open(&engine->models, &engine->kafka, &engine->say);
    if (code != WH_EXIT_DONE) {
        return code;
    }
    struct wh_model *model = engine->configured;
    struct wh_str hash = wh_arena_str(engine->call->arena, wh_str_of(model->ruleset.hash_hex));
    engine->configured = NULL;
    enum wh_err err =
        wh_engine_models_offer(&engine->models, model, model_path(engine), false, &error);
    if (err != WH_OK) {
        return wh_console_fail(wh_console_exit(err), "%s", error.message);
    }
    if (!wh_str_equal(engine->models.current, hash)) {
        wh_say(&engine->say, WH_LOG_WARNING,
               "the model in use is %.*s; that of the configuration, %.*s, was in use before: send "
               "SIGHUP to go back to it",
               WH_STR_ARG(engine->models.current), WH_STR_ARG(hash));
    }
    return WH_EXIT_DONE;
}

static uint32_t
shard_count(const struct wh_engine *engine)
{
    struct wh_str text = wh_config_text(&engine->config, WH_OPTION_ENGINE_SHARDS);
    size_t count = text.len > 0 ? 0 : wh_pool_cores();
    for (size_t i = 0; i < text.len && count < WH_ENGINE_SHARDS_MAX; i++) {
        count = 10 * count + (size_t)(text.ptr[i] - '0'); /* checked when it was read */
    }
    return (uint32_t)(count > WH_ENGINE_SHARDS_MAX ? WH_ENGINE_SHARDS_MAX : count);
}

static enum wh_exit
open_shards(struct wh_engine *engine)
{
    enum wh_exit code = WH_EXIT_DONE;
    uint32_t count = shard_count(engine);
    engine->shards = WH_ARENA_ARRAY(engine->call->arena, struct wh_engine_shard, count);
    for (; engine->shard_count < count && code == WH_EXIT_DONE; engine->shard_count++) {
        code =
            wh_engine_shard_open(&engine->shards[engine->shard_count], engine, engine->shard_count);
    }
    if (code == WH_EXIT_DONE) {
        name_model(engine, engine->shards[0].shard.model.ruleset);
    }
    return code;
}

static bool
is_over(const struct wh_engine *engine)
{
    bool is_over = true;
    for (uint32_t i = 0; i < engine->shard_count; i++) {
        is_over = is_over && atomic_load(&engine->shards[i].is_over);
    }
    return is_over;
}

static void
use_newest(struct wh_engine *engine)
{
    const struct wh_ruleset *ruleset = wh_engine_models_follow(&engine->models);
    if (ruleset == NULL) {
        return;
    }
    for (uint32_t i = 0; i < engine->shard_count; i++) {
        wh_engine_shard_use_model(&engine->shards[i], ruleset);
    }
    name_model(engine, ruleset);
    wh_say(&engine->say, WH_LOG_INFO, "the new model is in use: %s", ruleset->hash_hex);
}

static void
accept_loss(struct wh_engine *engine, uint32_t partition)
{
    for (uint32_t i = 0; i < engine->shard_count && partition < engine->partitions; i++) {
        if (wh_engine_shard_accept_loss(&engine->shards[i], partition)) {
            wh_say(&engine->say, WH_LOG_WARNING,
                   "partition %u: what is missing is given up, as a person said", partition);
        }
    }
}

/* Of the partitions that a person named, those that stopped here. */
static void
accept_losses(struct wh_engine *engine)
{
    uint32_t partition = 0;
    while (wh_engine_models_next_accepted(&engine->models, &partition)) {
        accept_loss(engine, partition);
    }
}

static void
on_turn(void *self)
{
    struct wh_engine *engine = self;
    wh_engine_stories_tell(engine->stories, engine->web);
    wh_web_run(engine->web);
    bool is_quiet = engine->is_ending && wh_web_is_stopped(engine->web);
    if (is_quiet) {
        wh_engine_stories_end(engine->stories);
    }
    if (!engine->is_ending) {
        use_newest(engine);
        accept_losses(engine);
    } else if (is_quiet && is_over(engine) && wh_engine_stories_is_over(engine->stories)) {
        wh_watch_end(engine->watch);
    } else if (engine->clock.now(engine->clock.self) >= engine->end_by) {
        /* A broker that does not answer keeps threads waiting; nothing is lost. */
        _exit(WH_EXIT_DONE);
    }
}

static int
timeout(void *self)
{
    const struct wh_engine *engine = self;
    int wait = wh_web_timeout(engine->web);
    return engine->is_ending && (wait < 0 || wait > ENDING_MS) ? ENDING_MS : wait;
}

static void
reload(struct wh_engine *engine)
{
    struct wh_error error = {.message = ""};
    struct wh_model *model = wh_model_file_again(model_path(engine), &engine->say);
    bool is_same = model != NULL && wh_str_is(engine->metrics.model_hash, model->ruleset.hash_hex);
    if (is_same) {
        wh_say(&engine->say, WH_LOG_INFO, "the model is the same as before");
        wh_model_destroy(&model);
    } else if (model == NULL || wh_engine_models_offer(&engine->models, model, model_path(engine),
                                                       true, &error) != WH_OK) {
        wh_say(&engine->say, WH_LOG_ERROR, "the new model is refused, the old one stays%s%s",
               error.message[0] != '\0' ? ": " : "", error.message);
    }
}

static void
begin_end(struct wh_engine *engine)
{
    engine->is_ending = true;
    engine->end_by =
        engine->clock.now(engine->clock.self) + WH_ENGINE_END_US + WH_US_PER_SECOND / 2;
    for (uint32_t i = 0; i < engine->shard_count; i++) {
        wh_engine_shard_end(&engine->shards[i]);
    }
    wh_web_stop(engine->web);
}

static void
on_signal(void *self, int signal)
{
    struct wh_engine *engine = self;
    if (signal == SIGHUP) {
        reload(engine);
    } else if (engine->is_ending) {
        _exit(WH_EXIT_DONE); /* what is committed stays; the rest is done by the next owner */
    } else {
        begin_end(engine);
    }
}

static enum wh_exit
open_front(struct wh_engine *engine)
{
    struct wh_error error;
    enum wh_exit code = wh_engine_start_web(engine);
    if (code != WH_EXIT_DONE) {
        return code;
    }
    struct wh_watch_env env = {
        .descriptors = {wh_web_descriptor(engine->web),
                        wh_kafka_models_descriptor(engine->models.topic),
                        wh_engine_stories_descriptor(engine->stories)},
        .descriptor_count = 3,
        .self = engine,
        .on_turn = on_turn,
        .timeout = timeout,
        .on_signal = on_signal,
    };
    return wh_watch_open(&env, &engine->watch, &error) == WH_OK
               ? WH_EXIT_DONE
               : wh_console_fail(WH_EXIT_OUTSIDE, "%s", error.message);
}

static enum wh_exit
run(struct wh_engine *engine)
{
    enum wh_exit code = WH_EXIT_DONE;
    for (uint32_t i = 0; i < engine->shard_count && code == WH_EXIT_DONE; i++) {
        code = wh_engine_shard_start(&engine->shards[i]);
    }
    if (code != WH_EXIT_DONE) {
        _exit((int)code); /* threads of others run already */
    }
    wh_say(&engine->say, WH_LOG_INFO, "%u partitions of Kafka at %.*s on %u threads; health at %s",
           engine->partitions, WH_STR_ARG(engine->kafka.bootstrap), engine->shard_count,
           wh_web_url(engine->web));
    if (engine->is_shadow) {
        wh_say(&engine->say, WH_LOG_INFO, "the model is a shadow: its lead events go to %s",
               wh_kafka_name(&engine->kafka, engine->call->arena,
                             engine->kafka.topics[WH_TOPIC_LEADS]));
    }
    wh_watch_run(engine->watch);
    return code;
}

static enum wh_exit
prepare(struct wh_engine *engine)
{
    enum wh_exit code = compile(engine);
    code = code == WH_EXIT_DONE ? wh_kafka_of_config(&engine->config, &engine->kafka) : code;
    wh_say_for_kafka(&engine->say, &engine->kafka);
    if (wh_str_is(wh_config_text(&engine->config, WH_OPTION_ENGINE_OUTPUT), "protobuf")) {
        engine->codec = wh_proto_codec_protobuf();
    }
    code = code == WH_EXIT_DONE ? wh_kafka_look_at_topics(&engine->config, &engine->kafka,
                                                          &engine->partitions, &engine->kept)
                                : code;
    if (code == WH_EXIT_DONE) {
        wh_metrics_init(&engine->metrics, engine->call->arena, engine->partitions);
        code = open_store(engine);
    }
    code = code == WH_EXIT_DONE ? open_models(engine) : code;
    code = code == WH_EXIT_DONE ? open_shards(engine) : code;
    return code == WH_EXIT_DONE ? open_front(engine) : code;
}

/* The name of the host, where the configuration gives none. */
static void
set_instance(struct wh_engine *engine)
{
    struct wh_setting *instance = &engine->config.settings[WH_OPTION_INSTANCE];
    char host[HOST_MAX] = "";
    if (instance->is_set || gethostname(host, sizeof(host) - 1) != 0) {
        return;
    }
    struct wh_str *value = WH_ARENA_NEW(engine->call->arena, struct wh_str);
    *value = wh_arena_str(engine->call->arena, wh_str_of(host));
    instance->is_set = true;
    instance->values = value;
    instance->count = 1;
}

static void
fini(struct wh_engine *engine)
{
    for (uint32_t i = 0; i < engine->shard_count; i++) {
        wh_engine_shard_close(&engine->shards[i]);
    }
    wh_watch_close(&engine->watch);
    wh_engine_stories_stop(&engine->stories);
    wh_web_destroy(&engine->web);
    wh_engine_models_close(&engine->models);
    wh_model_destroy(&engine->configured);
    wh_say_fini(&engine->say);
}

enum wh_exit
wh_command_engine(const struct wh_call *call)
{
    struct wh_engine *engine = WH_ARENA_NEW(call->arena, struct wh_engine);
    *engine = (struct wh_engine){
        .call = call,
        .codec = wh_proto_codec(),
        .domain = wh_psl_domain(),
        .clock = wh_machine_clock(),
    };
    if (!wh_settings_load(call, &engine->config)) {
        return WH_EXIT_USAGE;
    }
    set_instance(engine);
    wh_config_secret(&engine->config, engine->secret);
    wh_say_init(&engine->say, &engine->config, &engine->clock);
    enum wh_exit code = prepare(engine);
    code = code == WH_EXIT_DONE ? run(engine) : code;
    fini(engine);
    return code;
}
