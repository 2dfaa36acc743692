#include "engine/commands/replay_outcomes.h"

#include "connectors/file/file.h"
#include "engine/base/time.h"
#include "engine/commands/console.h"
#include "engine/language/csv.h"

#define FILE_MAX_BYTES ((size_t)256 * 1024 * 1024)
/* Wrong lines that are told in one run. */
#define COMPLAINTS_MAX 20

struct reader {
    struct wh_replay_input *input;
    const struct wh_zone *zone;
    struct wh_str path;
    struct wh_csv csv;
    size_t lead, at, outcome; /* columns */
    uint64_t row;
    unsigned complaints;
};

static struct wh_str
field(const struct reader *reader, size_t column)
{
    return column < reader->csv.count ? reader->csv.fields[column] : (struct wh_str){NULL, 0};
}

static void
complain(struct reader *reader, const char *expected, struct wh_str found)
{
    if (reader->complaints++ < COMPLAINTS_MAX) {
        wh_console_message("%.*s, row %llu: expected %s, found \"%.*s\"", WH_STR_ARG(reader->path),
                           (unsigned long long)reader->row, expected, WH_STR_ARG(found));
    }
}

static bool
read_key(struct reader *reader, struct wh_str text, struct wh_str *ret_key)
{
    struct wh_key key;
    struct wh_arena *arena = reader->input->arena;
    if (!wh_key_parse(text, &key)) {
        key = (struct wh_key){WH_KEY_EMAIL, text};
        if (text.len == 0 || memchr(text.ptr, '@', text.len) == NULL) {
            return false;
        }
    }
    if (key.kind > WH_KEY_ANON || !wh_key_normalise(arena, key.kind, key.value, &key.value)) {
        return false;
    }
    *ret_key = wh_key_text(arena, key);
    return true;
}

static void
read_row(struct reader *reader)
{
    struct wh_outcome_record outcome = {.won = wh_str_is(field(reader, reader->outcome), "won")};
    struct wh_str at = field(reader, reader->at);
    bool has_zone = false;
    reader->row++;
    if (!read_key(reader, field(reader, reader->lead), &outcome.key)) {
        complain(reader, "a lead as kind:value", field(reader, reader->lead));
        return;
    }
    if (wh_time_parse(at, &outcome.at, &has_zone) != WH_OK) {
        complain(reader, "a time such as 2026-11-03T14:00Z", at);
        return;
    }
    if (!outcome.won && !wh_str_is(field(reader, reader->outcome), "lost")) {
        complain(reader, "won or lost", field(reader, reader->outcome));
        return;
    }
    outcome.at = has_zone ? outcome.at : wh_zone_to_utc(reader->zone, outcome.at);
    wh_replay_add_outcome(reader->input, outcome);
}

static bool
read_header(struct reader *reader)
{
    if (!wh_csv_next(&reader->csv)) {
        return false;
    }
    reader->lead = wh_csv_find(&reader->csv, WH_STR("lead"));
    reader->at = wh_csv_find(&reader->csv, WH_STR("at"));
    reader->outcome = wh_csv_find(&reader->csv, WH_STR("outcome"));
    return reader->lead < reader->csv.count && reader->at < reader->csv.count &&
           reader->outcome < reader->csv.count;
}

enum wh_exit
wh_replay_outcomes(struct wh_replay_input *input, struct wh_str path, const struct wh_zone *zone)
{
    struct reader reader = {.input = input, .zone = zone, .path = path};
    struct wh_str text;
    struct wh_error error;
    enum wh_err err = wh_file_read(input->arena, wh_arena_str(input->arena, path).ptr,
                                   FILE_MAX_BYTES, &text, &error);
    if (err != WH_OK) {
        return wh_console_fail(WH_EXIT_USAGE, "%s", error.message);
    }
    wh_csv_init(&reader.csv, input->arena, text);
    if (!read_header(&reader)) {
        return wh_console_fail(WH_EXIT_USAGE,
                               "%.*s: the first line must name the columns lead, at and outcome",
                               WH_STR_ARG(path));
    }
    while (wh_csv_next(&reader.csv)) {
        read_row(&reader);
    }
    if (reader.complaints > COMPLAINTS_MAX) {
        wh_console_message("… and %u more", reader.complaints - COMPLAINTS_MAX);
    }
    return reader.complaints == 0 ? WH_EXIT_DONE : WH_EXIT_USAGE;
}
