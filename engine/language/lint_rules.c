/* Rules that do not do what they seem to. */
#include "engine/language/build.h"
#include "engine/language/lint.h"
#include "engine/language/print.h"

static const char *
per_text(const struct wh_cap *cap, struct wh_buf *buf)
{
    switch (cap->kind) {
    case WH_CAP_NONE:
        return "";
    case WH_CAP_SESSION:
        return "a session";
    case WH_CAP_PERIOD:
        wh_buf_printf(buf, "a %s", wh_period_str(cap->period));
        return wh_buf_text(buf);
    case WH_CAP_ROLLING:
        wh_buf_push_text(buf, "in ");
        wh_duration_format(buf, cap->rolling);
        return wh_buf_text(buf);
    }
    return "";
}

static bool
is_over(int64_t cap, int64_t points)
{
    return cap >= 0 ? points > cap : points < cap;
}

static void
check_cap(struct wh_compiler *compiler, const struct wh_cap *cap, const struct wh_tree *tree,
          const struct wh_bounds *points)
{
    bool is_known = points->has_min && points->has_max && points->min == points->max;
    if (cap->kind == WH_CAP_NONE || tree == NULL || !is_known ||
        !is_over(cap->points, points->min)) {
        return;
    }
    struct wh_buf buf;
    wh_buf_init(&buf, compiler->problems->arena);
    const char *per = per_text(cap, &buf);
    wh_problem_warning(compiler->problems, &wh_tree_find(tree, "points")->location,
                       "the cap of %.*s %s is %s one award of %.*s",
                       WH_STR_ARG(wh_lint_number(compiler, cap->points)), per,
                       cap->points >= 0 ? "below" : "above",
                       WH_STR_ARG(wh_lint_number(compiler, points->min)));
}

static void
check_caps(struct wh_compiler *compiler, const struct wh_bounds_table *table, int32_t index)
{
    const struct wh_ruleset *ruleset = compiler->ruleset;
    const struct wh_rule *rule = &ruleset->rules[index];
    const struct wh_score *score = &ruleset->scores[rule->score];
    const struct wh_tree *tree = wh_lint_rule_tree(compiler, index);
    struct wh_bounds points = wh_bounds_points(table, rule);
    if (rule->is_state || rule->is_set) {
        return;
    }
    check_cap(compiler, &rule->cap, wh_tree_find(tree, "cap"), &points);
    const struct wh_tree *score_tree = wh_lint_item(compiler, "scores", rule->score);
    if (rule->group >= 0) {
        const struct wh_tree *groups = wh_tree_find(score_tree, "groups");
        check_cap(compiler, &score->groups[rule->group].cap,
                  wh_tree_find(groups->entries[rule->group].value, "cap"), &points);
    }
    check_cap(compiler, &score->cap, wh_tree_find(score_tree, "cap"), &points);
}

/* A rule that only takes, in a group that cannot go below what it starts at. */
static void
check_floor(struct wh_compiler *compiler, const struct wh_bounds_table *table, int32_t index)
{
    const struct wh_rule *rule = &compiler->ruleset->rules[index];
    struct wh_bounds points = wh_bounds_points(table, rule);
    if (rule->group < 0 || rule->is_set || !points.has_max || points.max > 0 ||
        (points.has_min && points.min >= 0)) {
        return;
    }
    const struct wh_limit *limit =
        &compiler->ruleset->scores[rule->score].groups[rule->group].limit;
    if (!limit->has_min || limit->min < 0) {
        return;
    }
    const struct wh_tree *tree = wh_tree_find(wh_lint_rule_tree(compiler, index), "points");
    wh_problem_warning(compiler->problems, &tree->location,
                       "%.*s takes points but the limit of its group starts at %.*s: at most "
                       "what the group has is taken",
                       WH_STR_ARG(rule->id), WH_STR_ARG(wh_lint_number(compiler, limit->min)));
}

/* Values that never end: fields and ids of touches. */
static bool
is_endless(const struct wh_program *program)
{
    if (program->count == 0) {
        return false;
    }
    const struct wh_node *root = &program->nodes[program->root];
    return (root->op == WH_OP_TOUCH_FIELD && root->type != WH_TYPE_BOOL) ||
           (root->op == WH_OP_TOUCH_META && root->arg == WH_META_ID);
}

static void
warn_endless(struct wh_compiler *compiler, const struct wh_program *program, const char *key)
{
    const struct wh_formula *formula = wh_build_formula(compiler, program);
    if (formula == NULL || !is_endless(program) || formula->type.declared != NULL) {
        return;
    }
    struct wh_location location = wh_lint_place(formula, program->root);
    wh_problem_warning(compiler->problems, &location,
                       "%s: %.*s keeps %d values; older ones pay again", key,
                       WH_STR_ARG(program->source), WH_ONCE_VALUES_MAX);
}

static void
check_values(struct wh_compiler *compiler, const struct wh_once *once, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (once[i].kind == WH_ONCE_VALUE) {
            warn_endless(compiler, &once[i].value, "once_per");
        }
    }
}

static bool
same_selector(const struct wh_selector *a, const struct wh_selector *b)
{
    return a->any == b->any && a->session == b->session && a->type_count == b->type_count &&
           a->signal_count == b->signal_count &&
           memcmp(a->types, b->types, a->type_count * sizeof(a->types[0])) == 0 &&
           memcmp(a->signals, b->signals, a->signal_count * sizeof(a->signals[0])) == 0;
}

static bool
same_once(const struct wh_rule *a, const struct wh_rule *b)
{
    if (a->once_count != b->once_count) {
        return false;
    }
    for (size_t i = 0; i < a->once_count; i++) {
        if (a->once[i].kind != b->once[i].kind || a->once[i].period != b->once[i].period ||
            a->once[i].rolling != b->once[i].rolling ||
            !wh_str_equal(a->once[i].value.source, b->once[i].value.source)) {
            return false;
        }
    }
    return true;
}

/* One part of the points for a day and one for ever is a way to write two lives. */
static bool
same_decay(const struct wh_decay *a, const struct wh_decay *b)
{
    return a->kind == b->kind && a->duration == b->duration && a->share == b->share &&
           a->only_after == b->only_after;
}

static bool
same_touches(const struct wh_rule *a, const struct wh_rule *b)
{
    return !a->is_state && !b->is_state && !a->is_set && !b->is_set && a->verdict == b->verdict &&
           same_selector(&a->on, &b->on) && wh_str_equal(a->when.source, b->when.source) &&
           same_once(a, b) && wh_str_equal(a->progressive.source, b->progressive.source) &&
           a->progressive_lead == b->progressive_lead && same_decay(&a->decay, &b->decay);
}

static void
check_twins(struct wh_compiler *compiler, int32_t index)
{
    const struct wh_ruleset *ruleset = compiler->ruleset;
    const struct wh_rule *rule = &ruleset->rules[index];
    for (int32_t i = ruleset->scores[rule->score].first_rule; i < index; i++) {
        if (!same_touches(&ruleset->rules[i], rule)) {
            continue;
        }
        const struct wh_tree *tree = wh_tree_find(wh_lint_rule_tree(compiler, index), "id");
        const struct wh_tree *other = wh_tree_find(wh_lint_rule_tree(compiler, i), "id");
        struct wh_problem *problem =
            wh_problem_warning(compiler->problems, &tree->location,
                               "rule \"%.*s\" and rule \"%.*s\" match the same touches",
                               WH_STR_ARG(ruleset->rules[i].id), WH_STR_ARG(rule->id));
        wh_problem_note(compiler->problems, problem, &other->location, "the other is here");
        return;
    }
}

static bool
takes_type(const struct wh_score *score, const struct wh_selector *on)
{
    for (size_t i = 0; i < on->type_count; i++) {
        if (*score->rules_by_type[on->types[i] + 1] >= 0) {
            return true;
        }
    }
    return false;
}

/* Whether some touch of `on` brings points to a score that `arm` reads. */
static bool
shares_touch(const struct wh_compiler *compiler, const struct wh_selector *on,
             const struct wh_program *arm)
{
    for (int i = 0; i < arm->count; i++) {
        if (arm->nodes[i].op == WH_OP_SCORE &&
            takes_type(&compiler->ruleset->scores[arm->nodes[i].arg], on)) {
            return true;
        }
    }
    return false;
}

/* The one-day cool-down that nobody wrote, beside another that the same touch can ripen. */
static void
check_cool_down(struct wh_compiler *compiler, size_t index)
{
    const struct wh_ruleset *ruleset = compiler->ruleset;
    const struct wh_qualification *fast = &ruleset->qualifications[index];
    const struct wh_tree *tree = wh_lint_item(compiler, "qualification", (int32_t)index);
    if (!fast->has_on || wh_tree_find(tree, "cool_down") != NULL) {
        return;
    }
    for (size_t i = 0; i < ruleset->qualification_count; i++) {
        const struct wh_qualification *other = &ruleset->qualifications[i];
        if (i == index || other->has_on || !shares_touch(compiler, &fast->on, &other->arm)) {
            continue;
        }
        wh_problem_warning(compiler->problems, &wh_tree_find(tree, "id")->location,
                           "%.*s has no cool-down below 1d of its own and fires with %.*s at "
                           "the same touch",
                           WH_STR_ARG(fast->id), WH_STR_ARG(other->id));
        return;
    }
}

void
wh_lint_rules(struct wh_compiler *compiler, const struct wh_bounds_table *bounds)
{
    const struct wh_ruleset *ruleset = compiler->ruleset;
    for (int32_t i = 0; i < (int32_t)ruleset->rule_count; i++) {
        const struct wh_rule *rule = &ruleset->rules[i];
        check_caps(compiler, bounds, i);
        check_floor(compiler, bounds, i);
        check_values(compiler, rule->once, rule->once_count);
        warn_endless(compiler, &rule->progressive, "progressive");
        check_twins(compiler, i);
    }
    for (size_t i = 0; i < ruleset->trigger_count; i++) {
        check_values(compiler, ruleset->triggers[i].once, ruleset->triggers[i].once_count);
    }
    for (size_t i = 0; i < ruleset->qualification_count; i++) {
        check_cool_down(compiler, i);
    }
}
