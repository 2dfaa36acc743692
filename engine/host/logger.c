#include "engine/host/logger.h"

#include <stdarg.h>
#include <unistd.h>

const char *
wh_log_level_str(enum wh_log_level level)
{
    switch (level) {
    case WH_LOG_ERROR:
        return "error";
    case WH_LOG_WARNING:
        return "warning";
    case WH_LOG_INFO:
        return "info";
    case WH_LOG_DEBUG:
        return "debug";
    }
    return "";
}

void
wh_logger_init(struct wh_logger *logger, FILE *stream, const struct wh_clock *clock,
               struct wh_str level, struct wh_str format)
{
    *logger = (struct wh_logger){.stream = stream, .clock = clock, .level = WH_LOG_INFO};
    for (int i = WH_LOG_ERROR; i <= WH_LOG_DEBUG; i++) {
        if (wh_str_is(level, wh_log_level_str((enum wh_log_level)i))) {
            logger->level = (enum wh_log_level)i;
        }
    }
    bool is_terminal = isatty(fileno(stream)) == 1;
    logger->is_json = wh_str_is(format, "json") || (!wh_str_is(format, "text") && !is_terminal);
}

/* Whether it is time to write it; *ret_count says how often it was said since it was last. */
static bool
is_news(struct wh_logger *logger, struct wh_str text, int64_t now, uint64_t *ret_count)
{
    uint64_t fingerprint = wh_hash_fingerprint(text);
    *ret_count = 1;
    for (size_t i = 0; i < WH_LOGGER_SEEN_MAX; i++) {
        struct wh_logger_seen *seen = &logger->seen[i];
        if (seen->count == 0 || seen->fingerprint != fingerprint) {
            continue;
        }
        if (now >= seen->at && now - seen->at < WH_LOGGER_QUIET) {
            seen->count++;
            return false;
        }
        *ret_count = seen->count;
        seen->at = now;
        seen->count = 1;
        return true;
    }
    logger->seen[logger->next] = (struct wh_logger_seen){fingerprint, now, 1};
    logger->next = (logger->next + 1) % WH_LOGGER_SEEN_MAX;
    return true;
}

static void
write_json_text(FILE *stream, struct wh_str text)
{
    (void)fputc('"', stream);
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (c == '"' || c == '\\') {
            (void)fprintf(stream, "\\%c", c);
        } else if (c < 0x20) {
            (void)fprintf(stream, "\\u%04x", c);
        } else {
            (void)fputc(c, stream);
        }
    }
    (void)fputc('"', stream);
}

static void
write_line(struct wh_logger *logger, enum wh_log_level level, struct wh_str text, int64_t now,
           uint64_t count)
{
    struct wh_arena arena;
    struct wh_buf time;
    wh_arena_init(&arena, 0);
    wh_buf_init(&time, &arena);
    wh_time_format(&time, now);
    if (logger->is_json) {
        (void)fprintf(logger->stream,
                      "{\"time\":\"%s\",\"level\":\"%s\",\"message\":", wh_buf_text(&time),
                      wh_log_level_str(level));
        write_json_text(logger->stream, text);
        if (count > 1) {
            (void)fprintf(logger->stream, ",\"times\":%llu", (unsigned long long)count);
        }
        (void)fputs("}\n", logger->stream);
    } else {
        (void)fprintf(logger->stream, "%s %s: %.*s", wh_buf_text(&time), wh_log_level_str(level),
                      WH_STR_ARG(text));
        if (count > 1) {
            (void)fprintf(logger->stream, " (said %llu times)", (unsigned long long)count);
        }
        (void)fputc('\n', logger->stream);
    }
    (void)fflush(logger->stream);
    wh_arena_fini(&arena);
}

void
wh_logger_say(struct wh_logger *logger, enum wh_log_level level, const char *format, ...)
{
    char line[WH_LOGGER_LINE_MAX];
    uint64_t count = 0;
    va_list args;
    if (level > logger->level) {
        return;
    }
    va_start(args, format);
    int len = vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    size_t used = len < 0 ? 0 : (size_t)len < sizeof(line) ? (size_t)len : sizeof(line) - 1;
    struct wh_str text = {line, used};
    int64_t now = logger->clock->now(logger->clock->self);
    if (is_news(logger, text, now, &count)) {
        write_line(logger, level, text, now, count);
    }
}
