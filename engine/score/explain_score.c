/* Each score as a sum of entries: what each rule brings after decay, and what each limit takes
 * or gives. The same order as reading a score: rule, group, score. */
#include "engine/score/explain_score.h"

#include "engine/rules/cells.h"
#include "engine/rules/read.h"

struct entries {
    struct wh_entry *items; /* room for every rule and limit of the score */
    size_t count;
};

static void
push_entry(struct entries *entries, struct wh_entry entry)
{
    if (entry.points != 0 || entry.touches > 0) {
        entries->items[entries->count++] = entry;
    }
}

static void
push_limit(struct entries *entries, enum wh_entry_kind kind, struct wh_str name, int64_t taken)
{
    struct wh_entry entry = {.kind = kind, .name = name, .points = taken, .last_at = WH_TIME_MIN};
    push_entry(entries, entry);
}

/* What the rule adds to its group or score. */
static int64_t
explain_rule(struct wh_view *view, int32_t index, struct entries *entries)
{
    const struct wh_rule *rule = &view->ruleset->rules[index];
    struct wh_entry entry = {
        .kind = WH_ENTRY_RULE,
        .name = rule->id,
        .note = rule->note,
        .points = wh_read_rule(view, index),
        .last_at = WH_TIME_MIN,
    };
    if (!rule->is_state) {
        const int64_t *paid = view->fold->cells + rule->paid_cell;
        entry.touches = (uint32_t)paid[WH_PAID_CELL_COUNT];
        entry.last_at = entry.touches > 0 ? paid[WH_PAID_CELL_LAST] : WH_TIME_MIN;
    }
    push_entry(entries, entry);
    int64_t taken = wh_limit_apply(&rule->limit, entry.points);
    push_limit(entries, WH_ENTRY_RULE_LIMIT, rule->id, taken);
    return entry.points + taken;
}

static int64_t
explain_rules_of_group(struct wh_view *view, const struct wh_score *score, int32_t group,
                       struct entries *entries)
{
    int64_t sum = 0;
    for (size_t i = 0; i < score->rule_count; i++) {
        int32_t index = score->first_rule + (int32_t)i;
        if (view->ruleset->rules[index].group == group) {
            sum += explain_rule(view, index, entries);
        }
    }
    return sum;
}

static int64_t
explain_groups(struct wh_view *view, const struct wh_score *score, struct entries *entries)
{
    int64_t sum = explain_rules_of_group(view, score, -1, entries);
    for (size_t g = 0; g < score->group_count; g++) {
        int64_t of_group = explain_rules_of_group(view, score, (int32_t)g, entries);
        int64_t taken = wh_limit_apply(&score->groups[g].limit, of_group);
        push_limit(entries, WH_ENTRY_GROUP_LIMIT, score->groups[g].id, taken);
        sum += of_group + taken;
    }
    return sum;
}

/* A score with `value`: its top-level terms. */
static int64_t
explain_terms(struct wh_view *view, const struct wh_score *score, struct entries *entries)
{
    int64_t sum = 0;
    for (size_t i = 0; i < score->term_count; i++) {
        struct wh_value term = wh_eval_node(view, &score->value, score->terms[i].root);
        int64_t points = term.type == WH_TYPE_NUMBER ? term.number * score->term_signs[i] : 0;
        struct wh_entry entry = {.kind = WH_ENTRY_TERM,
                                 .name = score->terms[i].source,
                                 .points = points,
                                 .last_at = WH_TIME_MIN};
        push_entry(entries, entry);
        sum += points;
    }
    return sum;
}

/* False when the value is unknown. */
static bool
explain_score(struct wh_view *view, int32_t index, struct wh_arena *arena,
              struct wh_score_story *story)
{
    const struct wh_score *score = &view->ruleset->scores[index];
    struct entries entries = {.count = 0};
    int64_t value = 0;
    if (!wh_read_score(view, index, &value)) {
        return false;
    }
    entries.items = WH_ARENA_ARRAY(
        arena, struct wh_entry, 2 * score->rule_count + score->group_count + score->term_count + 1);
    int64_t sum = score->is_value ? explain_terms(view, score, &entries)
                                  : explain_groups(view, score, &entries);
    push_limit(&entries, WH_ENTRY_SCORE_LIMIT, score->id, value - sum);
    *story = (struct wh_score_story){score->id, value, entries.items, entries.count};
    return true;
}

void
wh_explain_scores(struct wh_view *view, struct wh_arena *arena, struct wh_snapshot *snapshot)
{
    const struct wh_ruleset *ruleset = view->ruleset;
    struct wh_score_story *stories =
        WH_ARENA_ARRAY(arena, struct wh_score_story, ruleset->score_count);
    for (size_t i = 0; i < ruleset->score_count; i++) {
        if (explain_score(view, (int32_t)i, arena, &stories[snapshot->score_count])) {
            snapshot->score_count++;
        }
    }
    snapshot->scores = stories;
}

static enum wh_match
match_of(struct wh_value value)
{
    if (!wh_value_is_known(value)) {
        return WH_MATCH_UNKNOWN;
    }
    return wh_value_is_true(value) ? WH_MATCH : WH_MISMATCH;
}

void
wh_explain_fit(struct wh_view *view, struct wh_arena *arena, struct wh_snapshot *snapshot)
{
    const struct wh_fit *fit = &view->ruleset->fit;
    struct wh_criterion_story *criteria =
        WH_ARENA_ARRAY(arena, struct wh_criterion_story, fit->count);
    for (size_t i = 0; i < fit->count; i++) {
        criteria[i].name = fit->criteria[i].id;
        criteria[i].match = match_of(wh_eval(view, &fit->criteria[i].when));
        criteria[i].thirds = fit->criteria[i].thirds;
    }
    snapshot->criteria = criteria;
    snapshot->criterion_count = fit->count;
    snapshot->has_grade = fit->present;
    if (fit->present) {
        snapshot->grade = wh_str_of(wh_grade_str(wh_read_grade(view)));
    }
}
