/* A shard whose loop sleeps: it comes back with an answer or at the moment that the shard names,
 * and at no other time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "connectors/memory/log_handle.h"
#include "connectors/memory/store.h"
#include "engine/base/time.h"
#include "engine/language/compile.h"
#include "engine/runtime/shard.h"
#include "proto/codec.h"

#define LEADS 20
#define MANY  1000000
/* 2026-01-01T00:00:00Z */
#define BEGIN INT64_C(1767225600000000)

static const uint8_t secret[WH_HASH_KEY_SIZE] = "sixteen bytes !";

static const char model_text[] = "waterhole: 1\nname: m\n"
                                 "segments: [ { id: quiet, when: silent(1h) } ]\n"
                                 "triggers: [ { id: called, on: call } ]\n";

struct world {
    struct wh_arena arena;
    struct wh_model *model;
    struct wh_memory_faults faults;
    struct wh_memory_log log;
    struct wh_memory_store store;
    struct wh_memory_log_handle log_handle;
    struct wh_memory_store_handle store_handle;
    struct wh_log log_port;
    struct wh_store store_port;
    struct wh_clock clock;
    struct wh_codec codec;
    struct wh_shard_env env;
    struct wh_shard shard;
    int64_t now;
};

static int64_t
now_of(void *self)
{
    struct world *world = self;
    return world->now;
}

static struct wh_hash_id
lineage_of(void *self)
{
    (void)self;
    return (struct wh_hash_id){{1, 2, 3}};
}

static void
compile(struct world *world)
{
    struct wh_problems problems;
    wh_problems_init(&problems, &world->arena);
    struct wh_source *source =
        wh_source_from_text(&world->arena, WH_STR("m.yaml"), wh_str_of(model_text), 0);
    struct wh_source_list list = {&source, 1};
    struct wh_compile_options options = {.sources = &list};
    assert_int_equal(wh_compile(source->name, &options, &problems, &world->model), WH_OK);
}

static int
set_up(void **state)
{
    static struct world world;
    world = (struct world){.now = BEGIN, .faults = {.random = 7, .delay_max = 30}};
    wh_arena_init(&world.arena, 0);
    compile(&world);
    wh_memory_log_init(&world.log, 1, &world.faults);
    wh_memory_store_init(&world.store, 1, &world.faults);
    wh_memory_store_handle_init(&world.store_handle, &world.store);
    wh_memory_log_handle_init(&world.log_handle, &world.log, WH_STR("engine"));
    world.log_port = wh_memory_log_port(&world.log_handle);
    world.store_port = wh_memory_store_port(&world.store_handle);
    world.clock = (struct wh_clock){&world, now_of, lineage_of};
    world.codec = wh_proto_codec();
    world.env = (struct wh_shard_env){
        .log = &world.log_port,
        .store = &world.store_port,
        .clock = &world.clock,
        .codec = &world.codec,
        .ruleset = &world.model->ruleset,
        .model_hash = wh_str_of(world.model->ruleset.hash_hex),
        .secret = secret,
        .limits = {.records_max = 100,
                   .timers_max = 100,
                   .entities_max = 1000,
                   .write_max = 8,
                   .snapshots_max = 8,
                   .release_max = WH_US_PER_SECOND,
                   .sweep_max = 8,
                   .commit_interval = WH_US_PER_SECOND / 10,
                   .flush_interval = WH_US_PER_SECOND,
                   .snapshot_interval = 10 * WH_US_PER_SECOND},
    };
    wh_shard_init(&world.shard, &world.env);
    *state = &world;
    return 0;
}

static int
tear_down(void **state)
{
    struct world *world = *state;
    wh_memory_log_handle_fini(&world->log_handle);
    wh_memory_store_handle_fini(&world->store_handle);
    wh_shard_fini(&world->shard);
    wh_memory_log_fini(&world->log);
    wh_memory_store_fini(&world->store);
    wh_model_destroy(&world->model);
    wh_arena_fini(&world->arena);
    return 0;
}

static void
append_call(struct world *world, int number)
{
    char text[256];
    char key[32];
    char at[32];
    int64_t second = (world->now - BEGIN) / WH_US_PER_SECOND;
    (void)snprintf(at, sizeof(at), "2026-01-01T00:00:%02dZ", (int)second);
    (void)snprintf(key, sizeof(key), "user:p%d", number);
    (void)snprintf(text, sizeof(text),
                   "{\"id\":\"t%d\",\"type\":\"call\",\"occurred_at\":\"%s\","
                   "\"identifiers\":{\"user\":\"p%d\"}}",
                   number, at, number);
    struct wh_log_record record = {
        .topic = WH_TOPIC_TOUCHPOINTS, .key = wh_str_of(key), .value = wh_str_of(text)};
    world->log.now = world->now;
    (void)wh_memory_log_append(&world->log, &record, SIZE_MAX);
}

/* Answers come after so many polls, so a turn that waits for one stands for them. */
static bool
is_waited_for(const struct world *world)
{
    for (size_t i = 0; i < world->log_handle.pending_count; i++) {
        if (world->log_handle.pending[i].event.kind != WH_LOG_EVENT_READ) {
            return true;
        }
    }
    return world->store.pending_count > 0;
}

/* Until nothing is to come before `end`. */
static void
run_until(struct world *world, int64_t end)
{
    for (int i = 0; i < MANY; i++) {
        if (wh_shard_turn(&world->shard) || is_waited_for(world)) {
            continue;
        }
        int64_t at = wh_shard_wake_at(&world->shard);
        assert_true(at > world->shard.turned_at);
        if (at >= end) {
            world->now = end;
            return;
        }
        world->now = at > world->now ? at : world->now;
    }
    fail_msg("it never rests");
}

static size_t
count_of(struct world *world, enum wh_topic topic, const char *part)
{
    const struct wh_memory_queue *queue = wh_memory_log_queue(&world->log, topic, 0);
    size_t count = 0;
    for (size_t i = 0; i < queue->count; i++) {
        struct wh_str value = queue->records[i].record.value;
        count += wh_memory_log_counts(&world->log, &queue->records[i]) &&
                 wh_str_contains(value, wh_str_of(part));
    }
    return count;
}

static void
a_sleeping_loop_misses_nothing(void **state)
{
    struct world *world = *state;
    for (int i = 0; i < LEADS; i++) {
        append_call(world, i);
        run_until(world, world->now + WH_US_PER_SECOND);
    }
    run_until(world, BEGIN + WH_US_PER_HOUR + 10 * WH_US_PER_SECOND);
    assert_int_equal(count_of(world, WH_TOPIC_LEADS, "lead.called"), LEADS);
    assert_int_equal(count_of(world, WH_TOPIC_LEADS, "lead.segment_entered"), 10);
    run_until(world, BEGIN + 2 * WH_US_PER_HOUR);
    assert_int_equal(count_of(world, WH_TOPIC_LEADS, "lead.segment_entered"), LEADS);
    assert_true(wh_shard_is_stored(&world->shard));
}

/* What is due, to be flushed or to be committed does not act while a commit is under way; to come
 * back at once for it would take the processor from whoever is to answer. */
static void
it_does_not_spin_while_it_waits(void **state)
{
    struct world *world = *state;
    for (int i = 0; i < LEADS; i++) {
        append_call(world, i);
        run_until(world, world->now + WH_US_PER_SECOND);
    }
    size_t waits = 0;
    world->now = BEGIN + WH_US_PER_HOUR + 10 * WH_US_PER_SECOND;
    for (int i = 0; i < 1000; i++) {
        world->now += WH_US_PER_SECOND / 10;
        (void)wh_shard_turn(&world->shard);
        waits += world->shard.is_committing;
        assert_true(!world->shard.is_committing || wh_shard_wake_at(&world->shard) > world->now);
    }
    assert_true(waits > 10);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_sleeping_loop_misses_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(it_does_not_spin_while_it_waits, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
