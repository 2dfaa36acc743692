/* Topics of their own for each test at a real broker, and handles on them. */
#ifndef WH_TESTS_KAFKA_BENCH_H
#define WH_TESTS_KAFKA_BENCH_H

#include "connectors/kafka/admin.h"
#include "connectors/kafka/log.h"

#define BENCH_PARTITIONS 3

struct bench {
    struct wh_arena arena;
    struct wh_kafka_settings settings;
    struct wh_str properties[8];
};

/* One handle, and the newest view that it told. */
struct handle {
    struct wh_kafka_log *log;
    struct wh_log port;
    uint64_t view;
    unsigned ours; /* partitions, as bits */
};

/* Topics under a prefix that nobody had; `property` is NAME=TEXT or NULL. */
void bench_init(struct bench *bench, const char *bootstrap, const char *property);
void bench_make_topics(struct bench *bench);
void bench_fini(struct bench *bench);

/* The id gets the bench's prefix. */
void handle_open(struct handle *handle, struct bench *bench, const char *id);
void handle_close(struct handle *handle);
/* Sleeps on the descriptor for a moment. */
void handle_pause(const struct handle *handle);
/* One event, if there is one; views and partitions are noted. A partition that is wanted back is
 * let go at once unless `keeps`. */
bool handle_poll(struct handle *handle, bool keeps, struct wh_log_event *ret_event);
/* The event of that kind and ticket. */
struct wh_log_event handle_wait(struct handle *handle, enum wh_log_event_kind kind,
                                uint64_t ticket);
/* Until it has so many partitions; `other` (may be NULL) is polled, too. */
void handle_wait_for(struct handle *handle, struct handle *other, int count);
int handle_count(const struct handle *handle);

/* A journal record in the partition, under the view. */
enum wh_log_outcome handle_commit(struct handle *handle, uint32_t partition, uint64_t view,
                                  const char *value);
struct wh_log_look handle_look(struct handle *handle, uint32_t partition);
/* Committed journal records of the partition, from the beginning to the stable end, as their values
 * separated by spaces. Lives as long as the bench. */
const char *handle_journal(struct handle *handle, struct bench *bench, uint32_t partition);

#endif
