/* The one place that writes log lines: text on a terminal, JSON lines elsewhere (contract.md 2,
 * log.level and log.format). What is said again and again is written once and counted. */
#ifndef WH_HOST_LOGGER_H
#define WH_HOST_LOGGER_H

#include <stdio.h>

#include "engine/base/buf.h"
#include "engine/base/time.h"
#include "engine/port/clock.h"

enum wh_log_level { WH_LOG_ERROR, WH_LOG_WARNING, WH_LOG_INFO, WH_LOG_DEBUG };
const char *wh_log_level_str(enum wh_log_level level);

/* Messages remembered, to notice that one is said again. */
#define WH_LOGGER_SEEN_MAX 16
/* A message is written again after this time, with how often it was said in between. */
#define WH_LOGGER_QUIET    (60 * WH_US_PER_SECOND)
#define WH_LOGGER_LINE_MAX 2048

struct wh_logger_seen {
    uint64_t fingerprint;
    int64_t at; /* µs: written */
    uint64_t count;
};

struct wh_logger {
    FILE *stream; /* borrowed */
    const struct wh_clock *clock;
    enum wh_log_level level; /* what is less urgent is left away */
    bool is_json;
    struct wh_logger_seen seen[WH_LOGGER_SEEN_MAX];
    size_t next; /* place in seen that is taken next */
};

/* Words of the options log.level and log.format. */
void wh_logger_init(struct wh_logger *logger, FILE *stream, const struct wh_clock *clock,
                    struct wh_str level, struct wh_str format);

/* Cut at WH_LOGGER_LINE_MAX. Names no person: keys are for hashes (design.md 3). */
void wh_logger_say(struct wh_logger *logger, enum wh_log_level level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
