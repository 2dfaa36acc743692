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
#include "tests/support/one_shard.h"

#define TURNS_MAX 1000000

static const uint8_t secret[WH_HASH_KEY_SIZE] = "sixteen bytes !";

static int64_t
now_of(void *self)
{
    struct wh_one_shard *one = self;
    return one->now;
}

static struct wh_hash_id
lineage_of(void *self)
{
    (void)self;
    return (struct wh_hash_id){{1, 2, 3}};
}

static void
compile(struct wh_one_shard *one, const char *text)
{
    struct wh_problems problems;
    wh_problems_init(&problems, &one->arena);
    struct wh_source *source =
        wh_source_from_text(&one->arena, WH_STR("m.yaml"), wh_str_of(text), 0);
    struct wh_source_list list = {&source, 1};
    struct wh_compile_options options = {.sources = &list};
    assert_int_equal(wh_compile(source->name, &options, &problems, &one->model), WH_OK);
}

void
wh_one_shard_open(struct wh_one_shard *one, const char *model, const struct wh_shard_limits *limits)
{
    *one =
        (struct wh_one_shard){.now = WH_ONE_SHARD_BEGIN, .faults = {.random = 7, .delay_max = 30}};
    wh_arena_init(&one->arena, 0);
    compile(one, model);
    wh_memory_log_init(&one->log, 1, &one->faults);
    wh_memory_store_init(&one->store, 1, &one->faults);
    wh_memory_store_handle_init(&one->store_handle, &one->store);
    wh_memory_log_handle_init(&one->log_handle, &one->log, WH_STR("engine"));
    one->log_port = wh_memory_log_port(&one->log_handle);
    one->store_port = wh_memory_store_port(&one->store_handle);
    one->clock = (struct wh_clock){one, now_of, lineage_of};
    one->codec = wh_proto_codec();
    one->env = (struct wh_shard_env){
        .log = &one->log_port,
        .store = &one->store_port,
        .clock = &one->clock,
        .codec = &one->codec,
        .ruleset = &one->model->ruleset,
        .model_hash = wh_str_of(one->model->ruleset.hash_hex),
        .secret = secret,
        .limits = *limits,
    };
    wh_shard_init(&one->shard, &one->env);
}

void
wh_one_shard_close(struct wh_one_shard *one)
{
    wh_memory_log_handle_fini(&one->log_handle);
    wh_memory_store_handle_fini(&one->store_handle);
    wh_shard_fini(&one->shard);
    wh_memory_log_fini(&one->log);
    wh_memory_store_fini(&one->store);
    wh_model_destroy(&one->model);
    wh_arena_fini(&one->arena);
}

void
wh_one_shard_call(struct wh_one_shard *one, int number, const char *fields)
{
    struct wh_buf text;
    struct wh_buf key;
    wh_buf_init(&text, &one->arena);
    wh_buf_init(&key, &one->arena);
    wh_buf_printf(&key, "user:p%d", number);
    wh_buf_printf(&text, "{\"id\":\"t%d-%lld\",\"type\":\"call\",\"occurred_at\":\"", number,
                  (long long)one->now);
    wh_time_format(&text, one->now);
    wh_buf_printf(&text, "\",\"identifiers\":{\"user\":\"p%d\"}%s}", number, fields);
    struct wh_log_record record = {
        .topic = WH_TOPIC_TOUCHPOINTS, .key = wh_buf_str(&key), .value = wh_buf_str(&text)};
    one->log.now = one->now;
    (void)wh_memory_log_append(&one->log, &record, SIZE_MAX);
}

/* Answers come after so many polls, so a turn that waits for one stands for them. */
static bool
is_waited_for(const struct wh_one_shard *one)
{
    for (size_t i = 0; i < one->log_handle.pending_count; i++) {
        if (one->log_handle.pending[i].event.kind != WH_LOG_EVENT_READ) {
            return true;
        }
    }
    return one->store.pending_count > 0;
}

void
wh_one_shard_run(struct wh_one_shard *one, int64_t end)
{
    for (int i = 0; i < TURNS_MAX; i++) {
        if (wh_shard_turn(&one->shard) || is_waited_for(one)) {
            continue;
        }
        int64_t at = wh_shard_wake_at(&one->shard);
        assert_true(at > one->shard.turned_at);
        if (at >= end) {
            one->now = end;
            return;
        }
        one->now = at > one->now ? at : one->now;
    }
    fail_msg("it never rests");
}

size_t
wh_one_shard_count(struct wh_one_shard *one, enum wh_topic topic, const char *part)
{
    const struct wh_memory_queue *queue = wh_memory_log_queue(&one->log, topic, 0);
    size_t count = 0;
    for (size_t i = 0; i < queue->count; i++) {
        struct wh_str value = queue->records[i].record.value;
        count += wh_memory_log_counts(&one->log, &queue->records[i]) &&
                 wh_str_contains(value, wh_str_of(part));
    }
    return count;
}
