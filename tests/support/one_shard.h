/* A shard of one partition on the memory fakes, with a clock that stands until it is moved. */
#ifndef WH_TESTS_ONE_SHARD_H
#define WH_TESTS_ONE_SHARD_H

#include "connectors/memory/log_handle.h"
#include "connectors/memory/store.h"
#include "engine/language/compile.h"
#include "engine/runtime/shard.h"

/* 2026-01-01T00:00:00Z, where the clock begins. */
#define WH_ONE_SHARD_BEGIN INT64_C(1767225600000000)

struct wh_one_shard {
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

/* Answers take up to 30 polls. Stays where it is: the ports point into it. */
void wh_one_shard_open(struct wh_one_shard *one, const char *model,
                       const struct wh_shard_limits *limits);
void wh_one_shard_close(struct wh_one_shard *one);

/* A touch of type call by user:pN, as of now; `fields` is JSON that follows, with its comma. */
void wh_one_shard_call(struct wh_one_shard *one, int number, const char *fields);

/* Turns, and moves the clock to the moments that the shard names, until nothing is to come before
 * `end`; then it is `end`. */
void wh_one_shard_run(struct wh_one_shard *one, int64_t end);

/* Committed records of a topic that have the part in their value. */
size_t wh_one_shard_count(struct wh_one_shard *one, enum wh_topic topic, const char *part);

#endif
