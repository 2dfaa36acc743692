/* The runtime on a file, killed by SIGKILL again and again: nothing acknowledged is lost, and no
 * event leaves twice. Each touch fires one trigger, so there must be one event for each. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "connectors/sqlite/log.h"
#include "connectors/sqlite/store.h"
#include "engine/base/time.h"
#include "engine/language/compile.h"
#include "engine/runtime/shard.h"
#include "proto/codec.h"

#define PARTITIONS 2
#define KILLS      100
#define TOUCHES    600
/* 2026-01-01T00:00:00Z */
#define BEGIN INT64_C(1767225600000000)

static const uint8_t secret[WH_HASH_KEY_SIZE] = "sixteen bytes !";

static const char model_text[] = "waterhole: 1\nname: m\n"
                                 "segments: [ { id: quiet, when: silent(1h) } ]\n"
                                 "triggers: [ { id: called, on: call } ]\n";

struct engine {
    const char *path;
    struct wh_sqlite database;
    struct wh_sqlite_log log;
    struct wh_sqlite_store store;
    struct wh_log log_port;
    struct wh_store store_port;
    struct wh_clock clock;
    struct wh_codec codec;
    struct wh_shard_env env;
    struct wh_shard shard;
    int64_t now;
    int turns_left; /* until it is killed; -1: never */
};

static int64_t
now_of(void *self)
{
    struct engine *engine = self;
    return engine->now;
}

static struct wh_hash_id
lineage_of(void *self)
{
    struct engine *engine = self;
    return (struct wh_hash_id){{(uint8_t)engine->log.pending_count, 1, 2}};
}

static void
start(struct engine *engine, const struct wh_model *model)
{
    struct wh_error error;
    engine->clock = (struct wh_clock){engine, now_of, lineage_of};
    engine->codec = wh_proto_codec();
    assert_int_equal(wh_sqlite_open(engine->path, PARTITIONS, 0, &engine->database, &error), WH_OK);
    assert_int_equal(wh_sqlite_log_init(&engine->log, &engine->database, &engine->clock,
                                        WH_STR("shard"), &error),
                     WH_OK);
    assert_int_equal(wh_sqlite_store_init(&engine->store, &engine->database, &error), WH_OK);
    engine->log_port = wh_sqlite_log_port(&engine->log);
    engine->store_port = wh_sqlite_store_port(&engine->store);
    engine->env = (struct wh_shard_env){
        .log = &engine->log_port,
        .store = &engine->store_port,
        .clock = &engine->clock,
        .codec = &engine->codec,
        .ruleset = &model->ruleset,
        .model_hash = wh_str_of(model->ruleset.hash_hex),
        .secret = secret,
        .limits = {.records_max = 100, .timers_max = 100, .entities_max = 20, .write_max = 8},
    };
    wh_shard_init(&engine->shard, &engine->env);
}

static void
stop(struct engine *engine)
{
    wh_sqlite_log_fini(&engine->log);
    wh_sqlite_store_fini(&engine->store);
    wh_sqlite_close(&engine->database);
    wh_shard_fini(&engine->shard);
}

/* The clock moves with the touches that are there, so that every life sees the same time. */
static void
turn(struct engine *engine)
{
    if (engine->turns_left == 0) {
        (void)raise(SIGKILL);
    }
    engine->turns_left -= engine->turns_left > 0 ? 1 : 0;
    (void)wh_shard_turn(&engine->shard);
}

/* Polls the log outside of the shard for one answer: collectors and the shard share the handle, and
 * at this moment the shard waits for nothing. */
static bool
append_touch(struct engine *engine, int number)
{
    char text[256];
    char key[32];
    struct wh_buf at;
    struct wh_arena arena;
    struct wh_log_event event = {.kind = WH_LOG_EVENT_READ};
    wh_arena_init(&arena, 0);
    wh_buf_init(&at, &arena);
    wh_time_format(&at, engine->now);
    (void)snprintf(key, sizeof(key), "user:p%d", number % 37);
    (void)snprintf(text, sizeof(text),
                   "{\"id\":\"t%d\",\"type\":\"call\",\"occurred_at\":\"%s\","
                   "\"identifiers\":{\"user\":\"p%d\"}}",
                   number, wh_buf_text(&at), number % 37);
    struct wh_log_record record = {.topic = WH_TOPIC_TOUCHPOINTS,
                                   .partition = WH_LOG_BY_KEY,
                                   .key = wh_str_of(key),
                                   .value = wh_str_of(text)};
    if (number % 5 == 0) {
        record.partition = (uint32_t)number % PARTITIONS; /* perhaps the wrong one: handoff */
    }
    engine->log_port.append(engine->log_port.self, 1, &record, 1);
    while (event.kind != WH_LOG_EVENT_APPENDED &&
           engine->log_port.poll(engine->log_port.self, &event)) {
    }
    wh_arena_fini(&arena);
    return event.kind == WH_LOG_EVENT_APPENDED && event.outcome == WH_LOG_COMMITTED;
}

static int
count_of(struct engine *engine, const char *text)
{
    sqlite3_stmt *statement = wh_sqlite_prepare(&engine->database, text);
    assert_non_null(statement);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    int count = sqlite3_column_int(statement, 0);
    (void)sqlite3_finalize(statement);
    return count;
}

static const char touches_there[] = "SELECT count(*) FROM log WHERE topic = 0";

/* One life: touches go in while the shard works, until it is killed. Before anything is asked of
 * the log, the next touch is appended, so that its answer is the only one under way. */
static void
live(const char *path, const struct wh_model *model, int turns, int touches)
{
    struct engine engine = {.path = path, .turns_left = turns};
    start(&engine, model);
    int number = count_of(&engine, touches_there);
    engine.now = BEGIN + number * WH_US_PER_MINUTE;
    int end = number + touches < TOUCHES ? number + touches : TOUCHES;
    for (int i = number; i < end; i++) {
        engine.now += WH_US_PER_MINUTE;
        if (engine.log.pending_count == 0 || i == number) {
            (void)append_touch(&engine, i);
        }
        turn(&engine);
    }
    for (;;) {
        turn(&engine);
    }
}

static void
finish_work(struct engine *engine)
{
    for (int i = 0; i < 5000; i++) {
        turn(engine);
    }
}

static struct wh_model *
compile(struct wh_arena *arena)
{
    struct wh_problems problems;
    struct wh_model *model = NULL;
    wh_problems_init(&problems, arena);
    struct wh_source *source =
        wh_source_from_text(arena, WH_STR("m.yaml"), wh_str_of(model_text), 0);
    struct wh_source_list list = {&source, 1};
    struct wh_compile_options options = {.sources = &list};
    assert_int_equal(wh_compile(source->name, &options, &problems, &model), WH_OK);
    return model;
}

static void
every_touch_has_its_event_once_after_a_hundred_kills(void **state)
{
    struct wh_arena arena;
    wh_arena_init(&arena, 0);
    struct wh_model *model = compile(&arena);
    for (int kill = 0; kill < KILLS; kill++) {
        pid_t child = fork();
        int status = 0;
        if (child == 0) {
            live(*state, model, 1 + (kill * 7) % 41, 12);
        }
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    }
    struct engine engine = {.path = *state, .turns_left = -1, .now = BEGIN + WH_US_PER_DAY};
    start(&engine, model);
    finish_work(&engine);
    for (uint32_t p = 0; p < PARTITIONS; p++) {
        assert_string_equal(engine.shard.partitions[p].stop_reason, "");
        assert_int_equal(engine.shard.partitions[p].state, WH_PARTITION_READY);
    }
    int touches = count_of(&engine, touches_there);
    assert_true(touches > 100);
    assert_int_equal(count_of(&engine, "SELECT count(*) FROM log WHERE topic = 3 AND "
                                       "CAST(value AS TEXT) LIKE '%\"type\":\"lead.called\"%'"),
                     touches);
    assert_int_equal(count_of(&engine, "SELECT count(DISTINCT substr(CAST(value AS TEXT), 1, 120))"
                                       " FROM log WHERE topic = 3 AND CAST(value AS TEXT) LIKE "
                                       "'%\"type\":\"lead.called\"%'"),
                     touches);
    assert_true(count_of(&engine, "SELECT count(*) FROM log WHERE topic = 1") > 0);
    stop(&engine);
    wh_model_destroy(&model);
    wh_arena_fini(&arena);
}

int
main(void)
{
    char path[64]; /* of this process alone */
    (void)snprintf(path, sizeof(path), "/tmp/waterhole-runtime-killed-%d.db", (int)getpid());
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(every_touch_has_its_event_once_after_a_hundred_kills, path),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    (void)remove(path);
    return failed;
}
