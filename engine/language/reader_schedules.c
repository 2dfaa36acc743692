/* Schedules: from and until, days of the week, hours of the day, in a zone. */
#include "engine/language/keys.h"
#include "engine/language/reader.h"
#include "engine/language/scope.h"
#include "engine/language/zoneinfo.h"

static const struct wh_section_key schedule_keys[] = {{"from", WH_GIVEN_OR_NOT},
                                                      {"until", WH_GIVEN_OR_NOT},
                                                      {"days", WH_GIVEN_OR_NOT},
                                                      {"hours", WH_GIVEN_OR_NOT},
                                                      {"zone", WH_GIVEN_OR_NOT}};
static const struct wh_section schedule_section = WH_SECTION("a schedule", schedule_keys);

static int
day_of(struct wh_str text)
{
    static const char *const days[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    for (int i = 0; i < 7; i++) {
        if (wh_str_is(text, days[i])) {
            return i;
        }
    }
    return -1;
}

/* mon or mon-fri; fri-mon goes over the end of the week. False when it is neither. */
static bool
add_days(struct wh_str part, uint8_t *days)
{
    const char *dash = part.len > 0 ? memchr(part.ptr, '-', part.len) : NULL;
    size_t at = dash == NULL ? part.len : (size_t)(dash - part.ptr);
    int first = day_of(wh_str_trim(wh_str_slice(part, 0, at)));
    int last = dash == NULL ? first : day_of(wh_str_trim(wh_str_slice(part, at + 1, part.len)));
    if (first < 0 || last < 0) {
        return false;
    }
    for (int day = first;; day = (day + 1) % 7) {
        *days = (uint8_t)(*days | (1U << day));
        if (day == last) {
            return true;
        }
    }
}

static bool
parse_days(struct wh_str text, uint8_t *ret_days)
{
    size_t from = 0;
    for (size_t i = 0; i <= text.len; i++) {
        if (i < text.len && text.ptr[i] != ',') {
            continue;
        }
        if (!add_days(wh_str_trim(wh_str_slice(text, from, i)), ret_days)) {
            return false;
        }
        from = i + 1;
    }
    return true;
}

static void
read_days(struct wh_compiler *compiler, const struct wh_tree *tree, struct wh_schedule *schedule)
{
    struct wh_str text;
    uint8_t days = 0;
    if (!wh_scalar_text(compiler->problems, tree, &text)) {
        return;
    }
    if (!parse_days(text, &days)) {
        wh_problem_error(compiler->problems, &tree->location,
                         "expected days such as mon-fri,sun, found \"%.*s\"", WH_STR_ARG(text));
        return;
    }
    schedule->days = days;
}

/* 08:00, up to 24:00; -1 when it is none. */
static int64_t
clock_of(struct wh_str text)
{
    if (text.len != 5 || text.ptr[2] != ':') {
        return -1;
    }
    int64_t digits[4];
    static const size_t places[] = {0, 1, 3, 4};
    for (int i = 0; i < 4; i++) {
        char c = text.ptr[places[i]];
        if (c < '0' || c > '9') {
            return -1;
        }
        digits[i] = c - '0';
    }
    int64_t hours = digits[0] * 10 + digits[1];
    int64_t minutes = digits[2] * 10 + digits[3];
    int64_t us = hours * WH_US_PER_HOUR + minutes * WH_US_PER_MINUTE;
    return minutes > 59 || us > WH_US_PER_DAY ? -1 : us;
}

static void
read_hours(struct wh_compiler *compiler, const struct wh_tree *tree, struct wh_schedule *schedule)
{
    struct wh_str text;
    if (!wh_scalar_text(compiler->problems, tree, &text)) {
        return;
    }
    int64_t from = -1;
    int64_t until = -1;
    if (text.len == 11 && text.ptr[5] == '-') {
        from = clock_of(wh_str_slice(text, 0, 5));
        until = clock_of(wh_str_slice(text, 6, 11));
    }
    if (from < 0 || until < 0) {
        wh_problem_error(compiler->problems, &tree->location,
                         "expected hours such as \"09:00-17:30\", found \"%.*s\"",
                         WH_STR_ARG(text));
        return;
    }
    if (until <= from) {
        wh_problem_error(compiler->problems, &tree->location,
                         "hours end after they begin, found \"%.*s\"", WH_STR_ARG(text));
        return;
    }
    schedule->hours_from = from;
    schedule->hours_until = until;
}

static void
read_schedule(struct wh_compiler *compiler, const struct wh_tree *tree,
              struct wh_schedule *schedule)
{
    schedule->zone = *compiler->ruleset->zone;
    schedule->from = WH_TIME_MIN;
    schedule->until = WH_TIME_NEVER;
    schedule->days = 0x7F;
    schedule->hours_until = WH_US_PER_DAY;
    if (!wh_keys_check(compiler, tree, &schedule_section)) {
        return;
    }
    const struct wh_tree *zone = wh_tree_find(tree, "zone");
    const struct wh_tree *from = wh_tree_find(tree, "from");
    const struct wh_tree *until = wh_tree_find(tree, "until");
    if (zone != NULL) {
        (void)wh_zoneinfo_read(compiler, zone, &schedule->zone);
    }
    if (from != NULL) {
        (void)wh_scalar_time(compiler->problems, from, &schedule->zone, &schedule->from);
    }
    if (until != NULL) {
        (void)wh_scalar_time(compiler->problems, until, &schedule->zone, &schedule->until);
    }
    if (wh_tree_find(tree, "days") != NULL) {
        read_days(compiler, wh_tree_find(tree, "days"), schedule);
    }
    if (wh_tree_find(tree, "hours") != NULL) {
        read_hours(compiler, wh_tree_find(tree, "hours"), schedule);
    }
}

void
wh_reader_schedules(struct wh_compiler *compiler)
{
    const struct wh_tree_entry *entries;
    size_t count = wh_keys_entries(compiler, wh_tree_find(compiler->root, "schedules"), &entries);
    compiler->schedules = WH_ARENA_ARRAY(compiler->arena, struct wh_schedule, count);
    for (size_t i = 0; i < count; i++) {
        struct wh_schedule *schedule = &compiler->schedules[i];
        if (wh_scalar_key_name(compiler->problems, &entries[i], &schedule->id)) {
            wh_scope_define(compiler, WH_NAME_SCHEDULE, (int32_t)i, schedule->id,
                            &entries[i].key_location);
        }
        read_schedule(compiler, entries[i].value, schedule);
    }
    compiler->ruleset->schedules = compiler->schedules;
    compiler->ruleset->schedule_count = count;
}
