#include "engine/commands/replay_print.h"

#include <string.h>

#include "engine/base/decimal.h"
#include "engine/base/time.h"
#include "engine/commands/columns.h"

#define NAME_WIDTH     30
#define VALUE_WIDTH    22
#define LEAD_WIDTH_MAX 60
#define TIME_WIDTH     18

/* ---- shares ---- */

/* Tenths of a percent; -1 of nothing. */
static int64_t
share(uint64_t part, uint64_t whole)
{
    return whole == 0 ? -1 : (int64_t)((part * 1000 + whole / 2) / whole);
}

struct wh_str
wh_replay_percent(struct wh_arena *arena, uint64_t part, uint64_t whole)
{
    struct wh_buf buf;
    int64_t tenths = share(part, whole);
    wh_buf_init(&buf, arena);
    if (tenths < 0) {
        wh_buf_push_char(&buf, '-');
    } else {
        wh_buf_printf(&buf, "%lld.%lld %%", (long long)(tenths / 10), (long long)(tenths % 10));
    }
    return wh_buf_str(&buf);
}

static struct wh_str
number(struct wh_arena *arena, uint64_t value)
{
    struct wh_buf buf;
    wh_buf_init(&buf, arena);
    wh_buf_push_int(&buf, (int64_t)value);
    return wh_buf_str(&buf);
}

struct wh_str
wh_replay_lead_time(struct wh_arena *arena, int64_t us)
{
    return us < 0 ? WH_STR("-") : wh_columns_duration(arena, us);
}

struct wh_str
wh_replay_shift_text(struct wh_arena *arena, int64_t us)
{
    struct wh_buf buf;
    if (us == 0) {
        return WH_STR("-");
    }
    wh_buf_init(&buf, arena);
    wh_buf_push(&buf, wh_columns_duration(arena, us < 0 ? -us : us));
    wh_buf_push_text(&buf, us < 0 ? " later" : " earlier");
    return wh_buf_str(&buf);
}

/* ---- for people ---- */

static void
push_line(struct wh_buf *buf, const char *name, const struct wh_str *values, uint32_t count)
{
    wh_columns_push_left(buf, wh_str_of(name), NAME_WIDTH);
    for (uint32_t i = 0; i < count; i++) {
        wh_columns_push_right(buf, values[i], VALUE_WIDTH);
    }
    wh_columns_end_line(buf);
}

static void
push_numbers(struct wh_buf *buf, const char *name, const struct wh_replay_result *result,
             size_t offset)
{
    struct wh_str values[WH_REPLAY_SIDES_MAX];
    for (uint32_t i = 0; i < result->side_count; i++) {
        const char *measure = (const char *)&result->measures[i];
        values[i] = number(result->arena, *(const uint64_t *)(const void *)(measure + offset));
    }
    push_line(buf, name, values, result->side_count);
}

#define PUSH_NUMBERS(buf, name, result, member) \
    push_numbers((buf), (name), (result), offsetof(struct wh_replay_measure, member))

static void
push_outcomes(struct wh_buf *buf, const struct wh_replay_result *result)
{
    struct wh_str precision[WH_REPLAY_SIDES_MAX];
    struct wh_str recall[WH_REPLAY_SIDES_MAX];
    struct wh_str before[WH_REPLAY_SIDES_MAX];
    for (uint32_t i = 0; i < result->side_count; i++) {
        const struct wh_replay_measure *measure = &result->measures[i];
        precision[i] = wh_replay_percent(result->arena, measure->ripe_won, measure->ripe);
        recall[i] = wh_replay_percent(result->arena, measure->ripe_won, measure->won);
        before[i] = wh_replay_lead_time(result->arena, measure->lead_time);
    }
    PUSH_NUMBERS(buf, "won", result, won);
    PUSH_NUMBERS(buf, "ripe before they were won", result, ripe_won);
    push_line(buf, "precision (won of the ripe)", precision, result->side_count);
    push_line(buf, "recall (ripe of the won)", recall, result->side_count);
    push_line(buf, "ripe before, median", before, result->side_count);
}

static void
push_bands(struct wh_buf *buf, const struct wh_replay_result *result, uint32_t side)
{
    const struct wh_replay_measure *measure = &result->measures[side];
    wh_buf_push_text(buf, "  score from     leads       won     share      lift\n");
    for (size_t i = 0; i < WH_REPLAY_BANDS; i++) {
        const struct wh_replay_band *band = &measure->bands[i];
        if (band->leads == 0) {
            continue;
        }
        /* Lift: the band's share of won ones against that of all, in hundredths. */
        uint64_t lift = measure->won == 0
                            ? 0
                            : (band->won * measure->leads * 100 + band->leads * measure->won / 2) /
                                  (band->leads * measure->won);
        wh_columns_push_right(buf, wh_columns_points(result->arena, band->from), 12);
        wh_columns_push_right(buf, number(result->arena, band->leads), 10);
        wh_columns_push_right(buf, number(result->arena, band->won), 10);
        wh_columns_push_right(buf, wh_replay_percent(result->arena, band->won, band->leads), 10);
        wh_buf_printf(buf, "%7llu.%02llu\n", (unsigned long long)(lift / 100),
                      (unsigned long long)(lift % 100));
    }
}

static struct wh_str
moment(const struct wh_replay_style *style, struct wh_arena *arena, int64_t at)
{
    return at == WH_TIME_NEVER ? WH_STR("-") : wh_columns_time(arena, style->rulesets[0]->zone, at);
}

static enum wh_colour
colour_of(enum wh_change change)
{
    switch (change) {
    case WH_CHANGE_GAINED:
    case WH_CHANGE_EARLIER:
        return WH_COLOUR_GOOD;
    case WH_CHANGE_LOST:
    case WH_CHANGE_LATER:
        return WH_COLOUR_BAD;
    case WH_CHANGE_SAME:
    case WH_CHANGE_COUNT:
        break;
    }
    return WH_COLOUR_PLAIN;
}

/* As wide as the longest key that is shown, and one. */
static size_t
lead_width(const struct wh_replay_result *result)
{
    size_t width = strlen("lead");
    for (size_t i = 0; i < result->shown_count; i++) {
        size_t len = result->shown[i].key.len;
        width = len > width ? len : width;
    }
    return (width > LEAD_WIDTH_MAX ? LEAD_WIDTH_MAX : width) + 2;
}

static void
push_change(struct wh_buf *buf, const struct wh_replay_style *style,
            const struct wh_replay_result *result, const struct wh_ripening *ripening)
{
    struct wh_arena *arena = result->arena;
    enum wh_change change = wh_ripening_change(ripening);
    wh_buf_push_text(buf, wh_columns_colour(style->has_colour, colour_of(change)));
    wh_columns_push_left(buf, wh_str_of(wh_change_str(change)), 9);
    wh_buf_push_text(buf, wh_columns_colour(style->has_colour, WH_COLOUR_PLAIN));
    wh_columns_push_left(buf, ripening->key, lead_width(result));
    wh_columns_push_left(buf, ripening->qualification, 16);
    wh_columns_push_left(buf, moment(style, arena, ripening->at[0]), TIME_WIDTH);
    wh_columns_push_left(buf, moment(style, arena, ripening->at[1]), TIME_WIDTH);
    wh_columns_push_right(buf, wh_columns_points(arena, ripening->score[0]), 8);
    wh_columns_push_right(buf, wh_columns_points(arena, ripening->score[1]), 9);
    if (ripening->rule.len > 0) {
        wh_buf_push_text(buf, "  ");
        wh_columns_push_clean(buf, ripening->rule);
        wh_buf_printf(buf, " %.*s → %.*s",
                      WH_STR_ARG(wh_columns_points(arena, ripening->rule_points[0])),
                      WH_STR_ARG(wh_columns_points(arena, ripening->rule_points[1])));
    }
    wh_columns_end_line(buf);
}

static void
push_changes_heading(struct wh_buf *buf, const struct wh_replay_result *result)
{
    wh_buf_push_char(buf, '\n');
    wh_columns_push_left(buf, WH_STR("change"), 9);
    wh_columns_push_left(buf, WH_STR("lead"), lead_width(result));
    wh_columns_push_left(buf, WH_STR("qualification"), 16);
    wh_columns_push_left(buf, WH_STR("first model"), TIME_WIDTH);
    wh_columns_push_left(buf, WH_STR("second model"), TIME_WIDTH);
    wh_buf_push_text(buf, "   score, of each  rule that differs most\n");
}

static void
push_changes(struct wh_buf *buf, const struct wh_replay_style *style,
             const struct wh_replay_result *result)
{
    uint64_t count = 0;
    for (int i = 0; i < WH_CHANGE_COUNT; i++) {
        count += i == WH_CHANGE_SAME ? 0 : result->changes[i];
        wh_buf_printf(buf, "%s%llu %s", i == 0 ? "\n" : ", ",
                      (unsigned long long)result->changes[i], wh_change_str((enum wh_change)i));
    }
    if (result->shift != 0) {
        wh_buf_printf(buf, "; of the earlier and later ones half are at least %.*s",
                      WH_STR_ARG(wh_replay_shift_text(result->arena, result->shift)));
    }
    wh_buf_push_text(buf, ".\n");
    if (result->shown_count > 0) {
        push_changes_heading(buf, result);
    }
    for (size_t i = 0; i < result->shown_count; i++) {
        push_change(buf, style, result, &result->shown[i]);
    }
    if (count > result->shown_count) {
        wh_buf_printf(buf, "… and %llu more: --csv prints all of them.\n",
                      (unsigned long long)(count - result->shown_count));
    }
}

void
wh_replay_text(struct wh_buf *buf, const struct wh_replay_style *style,
               const struct wh_replay_result *result)
{
    struct wh_arena *arena = result->arena;
    wh_buf_printf(buf, "%llu records", (unsigned long long)style->records);
    if (style->first <= style->last) {
        wh_buf_printf(buf, ", %.*s to %.*s", WH_STR_ARG(moment(style, arena, style->first)),
                      WH_STR_ARG(moment(style, arena, style->last)));
    }
    wh_buf_push_text(buf, ".\n\n");
    if (result->side_count > 1) {
        push_line(buf, "", style->names, result->side_count);
    }
    PUSH_NUMBERS(buf, "touches", result, accepted);
    PUSH_NUMBERS(buf, "sent again or too old", result, repeats);
    PUSH_NUMBERS(buf, "not usable", result, rejected);
    PUSH_NUMBERS(buf, "leads", result, leads);
    PUSH_NUMBERS(buf, "ripe leads", result, ripe);
    PUSH_NUMBERS(buf, "qualified (episodes)", result, episodes);
    PUSH_NUMBERS(buf, "withdrawn again", result, withdrawn);
    if (style->has_companies) {
        PUSH_NUMBERS(buf, "companies", result, companies);
        PUSH_NUMBERS(buf, "ripe companies", result, ripe_companies);
        PUSH_NUMBERS(buf, "qualified (episodes)", result, company_episodes);
        PUSH_NUMBERS(buf, "withdrawn again", result, company_withdrawn);
    }
    if (style->has_outcomes) {
        push_outcomes(buf, result);
    }
    for (uint32_t i = 0; style->has_outcomes && i < result->side_count; i++) {
        wh_buf_printf(buf, "\n%.*s: leads by their highest score before the outcome\n",
                      WH_STR_ARG(style->names[i]));
        push_bands(buf, result, i);
    }
    if (result->side_count > 1) {
        push_changes(buf, style, result);
    }
}

/* ---- CSV ---- */

static void
push_field(struct wh_buf *buf, struct wh_str text, char end)
{
    bool quoted = false;
    for (size_t i = 0; i < text.len; i++) {
        quoted = quoted || text.ptr[i] == ',' || text.ptr[i] == '"' || text.ptr[i] == '\n' ||
                 text.ptr[i] == '\r';
    }
    if (quoted) {
        wh_buf_push_char(buf, '"');
    }
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '"') {
            wh_buf_push_char(buf, '"');
        }
        wh_buf_push_char(buf, text.ptr[i]);
    }
    if (quoted) {
        wh_buf_push_char(buf, '"');
    }
    wh_buf_push_char(buf, end);
}

static void
push_time_field(struct wh_buf *buf, int64_t at)
{
    if (at != WH_TIME_NEVER) {
        wh_time_format(buf, at);
    }
    wh_buf_push_char(buf, ',');
}

static void
push_points_field(struct wh_buf *buf, int64_t points, char end)
{
    wh_decimal_format(buf, points);
    wh_buf_push_char(buf, end);
}

/* Columns of the scores of leads or of companies: one of the others has none of them. */
static void
push_scores(struct wh_buf *buf, const struct wh_ruleset *ruleset, const int64_t *scores)
{
    for (size_t i = 0; i < ruleset->score_count; i++) {
        if (scores == NULL) {
            wh_buf_push_char(buf, ',');
        } else {
            push_points_field(buf, scores[i], ',');
        }
    }
}

static void
push_lead_row(struct wh_buf *buf, const struct wh_ruleset *ruleset, const struct wh_replay_row *row)
{
    const struct wh_replay_lead *lead = &row->lead;
    int64_t ripe = WH_TIME_NEVER;
    uint32_t episodes = 0;
    uint32_t withdrawn = 0;
    for (size_t i = 0; i < row->ripening_count; i++) {
        const struct wh_ripening *ripening = &row->ripenings[i];
        ripe = ripening->at[0] < ripe ? ripening->at[0] : ripe;
        episodes += ripening->episodes[0];
        withdrawn += ripening->withdrawn[0];
    }
    push_field(buf, lead->key, ',');
    bool is_company = wh_replay_is_company(lead->key);
    push_scores(buf, ruleset, is_company ? NULL : lead->end[0].scores);
    if (ruleset->company != NULL) {
        push_scores(buf, ruleset->company, is_company ? lead->end[0].scores : NULL);
    }
    push_field(buf, lead->end[0].grade, ',');
    push_field(buf, lead->end[0].stage, ',');
    push_time_field(buf, ripe);
    wh_buf_printf(buf, "%u,%u\r\n", episodes, withdrawn);
}

static void
push_ripening_row(struct wh_buf *buf, const struct wh_ripening *ripening)
{
    push_field(buf, wh_str_of(wh_change_str(wh_ripening_change(ripening))), ',');
    push_field(buf, ripening->key, ',');
    push_field(buf, ripening->qualification, ',');
    push_time_field(buf, ripening->at[0]);
    push_time_field(buf, ripening->at[1]);
    push_points_field(buf, ripening->score[0], ',');
    push_points_field(buf, ripening->score[1], ',');
    push_field(buf, ripening->rule, ',');
    push_points_field(buf, ripening->rule_points[0], ',');
    push_points_field(buf, ripening->rule_points[1], '\r');
    wh_buf_push_char(buf, '\n');
}

static void
push_score_names(struct wh_buf *buf, const struct wh_ruleset *ruleset)
{
    for (size_t i = 0; i < ruleset->score_count; i++) {
        push_field(buf, ruleset->scores[i].id, ',');
    }
}

void
wh_replay_csv_heading(struct wh_buf *buf, const struct wh_replay_style *style, uint32_t side_count)
{
    const struct wh_ruleset *ruleset = style->rulesets[0];
    if (side_count > 1) {
        wh_buf_push_text(buf, "change,lead,qualification,first_at,second_at,first_score,"
                              "second_score,rule,first_points,second_points\r\n");
        return;
    }
    wh_buf_push_text(buf, "lead,");
    push_score_names(buf, ruleset);
    if (ruleset->company != NULL) {
        push_score_names(buf, ruleset->company);
    }
    wh_buf_push_text(buf, "grade,stage,ripe_since,episodes,withdrawn\r\n");
}

void
wh_replay_csv_row(struct wh_buf *buf, const struct wh_replay_style *style, uint32_t side_count,
                  const struct wh_replay_row *row)
{
    if (side_count == 1 && row->lead.is_known[0]) {
        push_lead_row(buf, style->rulesets[0], row);
    }
    for (size_t i = 0; side_count > 1 && i < row->ripening_count; i++) {
        if (wh_ripening_change(&row->ripenings[i]) != WH_CHANGE_SAME) {
            push_ripening_row(buf, &row->ripenings[i]);
        }
    }
}
