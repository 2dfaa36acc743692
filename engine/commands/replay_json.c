/* Results of a replay as JSON lines. */
#include <string.h>

#include "engine/base/decimal.h"
#include "engine/base/time.h"
#include "engine/commands/json.h"
#include "engine/commands/replay_print.h"

static void
push_name(struct wh_buf *buf, const char *name)
{
    wh_buf_printf(buf, ",\"%s\":", name);
}

static void
push_text(struct wh_buf *buf, const char *name, struct wh_str text)
{
    push_name(buf, name);
    if (text.len == 0) {
        wh_buf_push_text(buf, "null");
    } else {
        wh_json_push_string(buf, text);
    }
}

static void
push_time(struct wh_buf *buf, const char *name, int64_t at)
{
    push_name(buf, name);
    if (at == WH_TIME_NEVER) {
        wh_buf_push_text(buf, "null");
        return;
    }
    wh_buf_push_char(buf, '"');
    wh_time_format(buf, at);
    wh_buf_push_char(buf, '"');
}

static void
push_points(struct wh_buf *buf, const char *name, int64_t points)
{
    push_name(buf, name);
    wh_decimal_format_fixed(buf, points);
}

static void
push_number(struct wh_buf *buf, const char *name, uint64_t value)
{
    push_name(buf, name);
    wh_buf_push_int(buf, (int64_t)value);
}

static void
push_bands(struct wh_buf *buf, const struct wh_replay_measure *measure)
{
    push_name(buf, "bands");
    for (size_t i = 0; i < WH_REPLAY_BANDS; i++) {
        const struct wh_replay_band *band = &measure->bands[i];
        wh_buf_push_text(buf, i == 0 ? "[{\"from\":" : ",{\"from\":");
        wh_decimal_format_fixed(buf, band->from);
        push_number(buf, "leads", band->leads);
        push_number(buf, "won", band->won);
        wh_buf_push_char(buf, '}');
    }
    wh_buf_push_char(buf, ']');
}

static void
push_outcomes(struct wh_buf *buf, const struct wh_replay_measure *measure)
{
    push_number(buf, "won", measure->won);
    push_number(buf, "ripe_won", measure->ripe_won);
    push_name(buf, "lead_time_seconds");
    if (measure->lead_time < 0) {
        wh_buf_push_text(buf, "null");
    } else {
        wh_buf_push_int(buf, measure->lead_time / WH_US_PER_SECOND);
    }
    push_bands(buf, measure);
}

static void
push_companies(struct wh_buf *buf, const struct wh_replay_measure *measure)
{
    wh_buf_printf(buf, ",\"companies\":{\"known\":%llu", (unsigned long long)measure->companies);
    push_number(buf, "ripe", measure->ripe_companies);
    push_number(buf, "episodes", measure->company_episodes);
    push_number(buf, "withdrawn", measure->company_withdrawn);
    wh_buf_push_char(buf, '}');
}

static void
push_measure(struct wh_buf *buf, const struct wh_replay_measure *measure,
             const struct wh_replay_style *style)
{
    wh_buf_printf(buf, "{\"leads\":%llu", (unsigned long long)measure->leads);
    push_number(buf, "ripe", measure->ripe);
    push_number(buf, "episodes", measure->episodes);
    push_number(buf, "withdrawn", measure->withdrawn);
    push_number(buf, "touches", measure->accepted);
    push_number(buf, "repeats", measure->repeats);
    push_number(buf, "rejected", measure->rejected);
    if (style->has_companies) {
        push_companies(buf, measure);
    }
    if (style->has_outcomes) {
        push_outcomes(buf, measure);
    }
    wh_buf_push_char(buf, '}');
}

/* "lead": its key; of a company "company": its domain. */
static void
push_whose(struct wh_buf *buf, struct wh_str key)
{
    size_t prefix = strlen("company:");
    bool is_company = wh_replay_is_company(key);
    wh_buf_push_text(buf, is_company ? "{\"company\":" : "{\"lead\":");
    wh_json_push_string(buf,
                        is_company ? (struct wh_str){key.ptr + prefix, key.len - prefix} : key);
}

static void
push_ripening(struct wh_buf *buf, const struct wh_ripening *ripening, uint32_t side_count)
{
    static const struct {
        const char *at, *score, *points;
    } names[WH_REPLAY_SIDES_MAX] = {{"first_at", "first_score", "first_points"},
                                    {"second_at", "second_score", "second_points"}};
    push_whose(buf, ripening->key);
    push_text(buf, "qualification", ripening->qualification);
    if (side_count > 1) {
        push_text(buf, "change", wh_str_of(wh_change_str(wh_ripening_change(ripening))));
    }
    for (uint32_t i = 0; side_count > 1 && i < WH_REPLAY_SIDES_MAX; i++) {
        push_time(buf, names[i].at, ripening->at[i]);
        push_points(buf, names[i].score, ripening->score[i]);
        push_points(buf, names[i].points, ripening->rule_points[i]);
    }
    if (side_count > 1) {
        push_text(buf, "rule", ripening->rule);
    } else {
        push_time(buf, "at", ripening->at[0]);
        push_points(buf, "score", ripening->score[0]);
        push_number(buf, "episodes", ripening->episodes[0]);
        push_number(buf, "withdrawn", ripening->withdrawn[0]);
    }
    wh_buf_push_char(buf, '}');
}

static void
push_lead(struct wh_buf *buf, const struct wh_ruleset *ruleset, const struct wh_replay_row *row)
{
    const struct wh_replay_lead *lead = &row->lead;
    push_whose(buf, lead->key);
    wh_buf_push_text(buf, ",\"scores\":{");
    for (size_t i = 0; i < ruleset->score_count; i++) {
        wh_buf_push_text(buf, i == 0 ? "" : ",");
        wh_json_push_string(buf, ruleset->scores[i].id);
        wh_buf_push_char(buf, ':');
        wh_decimal_format_fixed(buf, lead->end[0].scores[i]);
    }
    wh_buf_push_char(buf, '}');
    push_text(buf, "grade", lead->end[0].grade);
    push_text(buf, "stage", lead->end[0].stage);
    push_name(buf, "ripenings");
    wh_buf_push_char(buf, '[');
    for (size_t i = 0; i < row->ripening_count; i++) {
        wh_buf_push_text(buf, i == 0 ? "" : ",");
        push_ripening(buf, &row->ripenings[i], 1);
    }
    wh_buf_push_text(buf, "]}\n");
}

void
wh_replay_json_row(struct wh_buf *buf, const struct wh_replay_style *style, uint32_t side_count,
                   const struct wh_replay_row *row)
{
    if (side_count == 1 && row->lead.is_known[0]) {
        push_lead(buf, wh_replay_ruleset_of(style->rulesets[0], row->lead.key), row);
    }
    for (size_t i = 0; side_count > 1 && i < row->ripening_count; i++) {
        if (wh_ripening_change(&row->ripenings[i]) != WH_CHANGE_SAME) {
            push_ripening(buf, &row->ripenings[i], side_count);
            wh_buf_push_char(buf, '\n');
        }
    }
}

void
wh_replay_json_summary(struct wh_buf *buf, const struct wh_replay_style *style,
                       const struct wh_replay_result *result)
{
    wh_buf_printf(buf, "{\"records\":%llu", (unsigned long long)style->records);
    for (uint32_t i = 0; i < result->side_count; i++) {
        push_name(buf, i == 0 ? "first" : "second");
        push_measure(buf, &result->measures[i], style);
    }
    if (result->side_count > 1) {
        for (int i = 0; i < WH_CHANGE_COUNT; i++) {
            push_number(buf, wh_change_str((enum wh_change)i), result->changes[i]);
        }
        push_name(buf, "earlier_by_seconds");
        wh_buf_push_int(buf, result->shift / WH_US_PER_SECOND);
    }
    wh_buf_push_text(buf, "}\n");
}

void
wh_sweep_json(struct wh_buf *buf, struct wh_str constant, const struct wh_sweep_row *row,
              const struct wh_replay_style *style)
{
    wh_buf_push_text(buf, "{\"constant\":");
    wh_json_push_string(buf, constant);
    push_text(buf, "value", row->value);
    wh_buf_push_text(buf, row->is_own ? ",\"own\":true" : ",\"own\":false");
    push_name(buf, "earlier_by_seconds");
    wh_buf_push_int(buf, row->shift / WH_US_PER_SECOND);
    push_name(buf, "measure");
    push_measure(buf, &row->measure, style);
    wh_buf_push_text(buf, "}\n");
}
