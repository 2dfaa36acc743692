#include "engine/rules/read.h"

#include <assert.h>

#include "engine/base/utf8.h"
#include "engine/rules/curve.h"
#include "engine/rules/decay.h"

static int64_t
within(int64_t value, int64_t bound)
{
    if (value > bound) {
        return bound;
    }
    return value < -bound ? -bound : value;
}

static int64_t
state_points(struct wh_view *view, const struct wh_rule *rule)
{
    if (!wh_eval_holds(view, &rule->when)) {
        return 0;
    }
    struct wh_value points = wh_eval(view, &rule->points);
    return points.type == WH_TYPE_NUMBER ? within(points.number, WH_SCORE_MAX) : 0;
}

int64_t
wh_read_rule(struct wh_view *view, int32_t index)
{
    const struct wh_rule *rule = &view->ruleset->rules[index];
    if (rule->is_state) {
        return state_points(view, rule);
    }
    if (wh_decay_is_blank(view->fold, rule)) {
        return 0;
    }
    int64_t value = wh_decay_value(view->ruleset, view->fold, rule, view->now, &view->memo->begin);
    return within(value, WH_SCORE_MAX);
}

int64_t
wh_limit_apply(const struct wh_limit *limit, int64_t value)
{
    int64_t clamped = value;
    if (limit->has_max && clamped > limit->max) {
        clamped = limit->max;
    }
    if (limit->has_min && clamped < limit->min) {
        clamped = limit->min;
    }
    return clamped - value;
}

static int64_t
limited(const struct wh_limit *limit, int64_t value)
{
    return value + wh_limit_apply(limit, value);
}

int64_t
wh_read_rule_limited(struct wh_view *view, int32_t rule)
{
    return limited(&view->ruleset->rules[rule].limit, wh_read_rule(view, rule));
}

/* Those that halve together. */
static void
add_parts(struct wh_view *view, const struct wh_curve *curve, size_t total_count, int64_t *totals)
{
    struct wh_curve_place places[WH_CURVE_TOTALS_MAX];
    for (size_t g = 0; g < total_count; g++) {
        places[g] = wh_curve_place_of(view, curve, g, view->now, &view->memo->begin);
    }
    for (size_t i = 0; i < curve->part_count; i++) {
        const struct wh_curve_part *part = &curve->parts[i];
        int64_t worth = wh_curve_worth(part, &places[part->total]);
        totals[part->total] += part->is_negative ? -worth : worth;
    }
}

static int64_t
sum_of_rules(struct wh_view *view, int32_t index)
{
    const struct wh_score *score = &view->ruleset->scores[index];
    const struct wh_curve *curve = wh_curve_of(view, index);
    int64_t totals[WH_CURVE_TOTALS_MAX] = {0};
    if (curve->is_usable) {
        add_parts(view, curve, score->group_count + 1, totals);
    }
    size_t count = curve->is_usable ? curve->rest_count : score->rule_count;
    for (size_t i = 0; i < count; i++) {
        int32_t rule = curve->is_usable ? curve->rest[i] : score->first_rule + (int32_t)i;
        totals[wh_curve_total(&view->ruleset->rules[rule])] += wh_read_rule_limited(view, rule);
    }
    int64_t sum = totals[0];
    for (size_t g = 0; g < score->group_count; g++) {
        sum += limited(&score->groups[g].limit, totals[g + 1]);
    }
    return sum;
}

static bool
work_out(struct wh_view *view, int32_t index, int64_t *ret_value)
{
    const struct wh_score *score = &view->ruleset->scores[index];
    bool is_known = true;
    int64_t value = 0;
    if (score->is_value) {
        struct wh_value result = wh_eval(view, &score->value);
        is_known = result.type == WH_TYPE_NUMBER;
        value = is_known ? result.number : 0;
    } else {
        value = sum_of_rules(view, index);
    }
    *ret_value = within(limited(&score->limit, value), WH_SCORE_MAX);
    return is_known;
}

bool
wh_read_score(struct wh_view *view, int32_t score, int64_t *ret_value)
{
    struct wh_memo *memo = view->memo;
    if (memo->score_stamp[score] != memo->stamp) {
        int64_t value = 0;
        memo->score_known[score] = work_out(view, score, &value);
        memo->score_value[score] = value;
        memo->score_stamp[score] = memo->stamp;
    }
    *ret_value = memo->score_value[score];
    return memo->score_known[score];
}

const char *
wh_grade_str(int32_t ordinal)
{
    static const char *const letters[WH_GRADES_COUNT] = {"F",  "D-", "D",  "D+", "C-", "C", "C+",
                                                         "B-", "B",  "B+", "A-", "A",  "A+"};
    assert(ordinal >= 0 && ordinal < WH_GRADES_COUNT);
    return letters[ordinal];
}

static int32_t
thirds_of(struct wh_view *view, const struct wh_criterion *criterion)
{
    struct wh_value match = wh_eval(view, &criterion->when);
    if (wh_value_is_true(match)) {
        return criterion->thirds;
    }
    return criterion->subtract && match.type == WH_TYPE_BOOL ? -criterion->thirds : 0;
}

int32_t
wh_read_grade(struct wh_view *view)
{
    const struct wh_fit *fit = &view->ruleset->fit;
    if (view->memo->grade_stamp == view->memo->stamp) {
        return view->memo->grade;
    }
    int32_t thirds = fit->start;
    for (size_t i = 0; i < fit->count; i++) {
        thirds += thirds_of(view, &fit->criteria[i]);
    }
    int32_t grade = (int32_t)within(thirds, WH_GRADES_COUNT - 1);
    view->memo->grade = grade < 0 ? 0 : grade;
    view->memo->grade_stamp = view->memo->stamp;
    return view->memo->grade;
}

static int32_t
label_of_bands(struct wh_view *view, const struct wh_label *label)
{
    struct wh_value value = wh_eval(view, &label->of);
    int32_t ordinal = -1;
    bool has_size = value.type == WH_TYPE_NUMBER || value.type == WH_TYPE_DURATION;
    for (size_t i = 0; has_size && i < label->name_count; i++) {
        ordinal = value.number >= label->from[i] ? (int32_t)i : ordinal;
    }
    return ordinal;
}

static int32_t
label_of_cases(struct wh_view *view, const struct wh_label *label)
{
    for (size_t i = 0; i < label->case_count; i++) {
        if (wh_eval_holds(view, &label->cases[i])) {
            return label->case_names[i];
        }
    }
    return -1;
}

int32_t
wh_read_label(struct wh_view *view, int32_t index)
{
    const struct wh_label *label = &view->ruleset->labels[index];
    struct wh_memo *memo = view->memo;
    if (memo->label_stamp[index] != memo->stamp) {
        memo->label_value[index] =
            label->is_cases ? label_of_cases(view, label) : label_of_bands(view, label);
        memo->label_stamp[index] = memo->stamp;
    }
    return memo->label_value[index];
}

bool
wh_read_segment(struct wh_view *view, int32_t index)
{
    struct wh_memo *memo = view->memo;
    if (memo->segment_stamp[index] != memo->stamp) {
        memo->segment_value[index] = wh_eval_holds(view, &view->ruleset->segments[index].when);
        memo->segment_stamp[index] = memo->stamp;
    }
    return memo->segment_value[index];
}

bool
wh_read_ripe(struct wh_view *view, int32_t qualification)
{
    return view->fold->cells[view->ruleset->qualifications[qualification].cell + 2] != 0;
}

int32_t
wh_read_stage(struct wh_view *view, int64_t *ret_since)
{
    *ret_since = WH_TIME_MIN;
    if (!view->ruleset->stages.present) {
        return -1;
    }
    const int64_t *cells = &view->fold->cells[view->ruleset->stages.cell];
    *ret_since =
        cells[1] == WH_TIME_MIN ? view->fold->cells[view->ruleset->layout.first_touch] : cells[1];
    return (int32_t)cells[0];
}

bool
wh_read_stale(struct wh_view *view)
{
    int64_t since = WH_TIME_MIN;
    int32_t stage = wh_read_stage(view, &since);
    if (since == WH_TIME_MIN || view->ruleset->stages.stale == NULL) {
        return false;
    }
    int64_t limit = view->ruleset->stages.stale[stage];
    return limit > 0 && view->now - since >= limit;
}

static wh_cell_t
attribute_cell(const struct wh_view *view, int32_t attribute)
{
    return view->fold->cells[view->ruleset->attributes[attribute].cell];
}

struct wh_value
wh_read_attribute(struct wh_view *view, int32_t attribute)
{
    return wh_strings_of_cell(&view->state->strings, attribute_cell(view, attribute));
}

static bool
is_known_lead(const struct wh_view *view)
{
    return view->fold->cells[view->ruleset->layout.known] != 0;
}

/* A company is its own. */
static struct wh_value
own_domain(const struct wh_view *view)
{
    struct wh_key key;
    return wh_key_parse(view->state->key, &key) ? wh_value_string(key.value) : WH_UNKNOWN;
}

/* Who says where he works; else the address; else, of a stranger, the network. */
static struct wh_value
company_of(struct wh_view *view)
{
    const struct wh_ruleset *ruleset = view->ruleset;
    if (ruleset->hearing != NULL) {
        return own_domain(view);
    }
    if (attribute_cell(view, ruleset->company_domain) != WH_CELL_ABSENT) {
        return wh_read_attribute(view, ruleset->company_domain);
    }
    struct wh_value employer = wh_read_attribute(view, ruleset->employer);
    if (wh_value_is_known(employer) || is_known_lead(view)) {
        return employer;
    }
    struct wh_value network = wh_read_attribute(view, ruleset->network_organisation);
    return network.type == WH_TYPE_STRING
               ? wh_value_string(wh_utf8_lower(view->scratch, network.text))
               : WH_UNKNOWN;
}

static struct wh_value
country_of(struct wh_view *view)
{
    const struct wh_ruleset *ruleset = view->ruleset;
    bool is_stated = attribute_cell(view, ruleset->country) != WH_CELL_ABSENT;
    return wh_read_attribute(view, is_stated ? ruleset->country : ruleset->network_country);
}

static struct wh_value
public_id(struct wh_view *view)
{
    size_t len = (size_t)2 * WH_HASH_ID_SIZE;
    char *hex = wh_arena_alloc(view->scratch, len + 1);
    wh_hash_hex(view->state->id.bytes, WH_HASH_ID_SIZE, hex);
    return wh_value_string((struct wh_str){hex, len});
}

static struct wh_value
time_of_cell(const struct wh_view *view, int32_t cell)
{
    int64_t at = view->fold->cells[cell];
    return at == WH_TIME_MIN ? WH_UNKNOWN : wh_value_of(WH_TYPE_TIME, at);
}

struct wh_value
wh_read_lead(struct wh_view *view, enum wh_lead_fact fact)
{
    switch (fact) {
    case WH_LEAD_ID:
        return public_id(view);
    case WH_LEAD_EMAIL:
        return wh_read_attribute(view, view->ruleset->email);
    case WH_LEAD_PHONE:
        return wh_read_attribute(view, view->ruleset->phone);
    case WH_LEAD_COUNTRY:
        return country_of(view);
    case WH_LEAD_COMPANY:
        return company_of(view);
    case WH_LEAD_KNOWN:
        return wh_value_bool(is_known_lead(view));
    case WH_LEAD_SHARED:
        return wh_value_bool(view->state->shared);
    case WH_LEAD_FIRST_AT:
        return time_of_cell(view, view->ruleset->layout.first_act);
    case WH_LEAD_LAST_AT:
        return time_of_cell(view, view->ruleset->layout.last_act);
    }
    return WH_UNKNOWN;
}
