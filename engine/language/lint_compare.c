/* Comparisons that can never, or must always, be true; thresholds that one rule alone reaches. */
#include "engine/language/build.h"
#include "engine/language/lint.h"

#define PATHS_RULES_MAX 512 /* leaving out each of more rules would take long */

/* value op number, with the value on the left. */
struct threshold {
    const struct wh_formula *formula;
    int node;  /* of the comparison */
    int value; /* node that is compared */
    enum wh_op op;
    int64_t number;
};

static bool
is_constant(const struct wh_node *node)
{
    return node->op == WH_OP_CONST && (node->type == WH_TYPE_NUMBER || node->type == WH_TYPE_LABEL);
}

static enum wh_op
turned(enum wh_op op)
{
    static const enum wh_op pairs[][2] = {
        {WH_OP_LT, WH_OP_GT}, {WH_OP_LE, WH_OP_GE}, {WH_OP_GT, WH_OP_LT}, {WH_OP_GE, WH_OP_LE}};
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        if (pairs[i][0] == op) {
            return pairs[i][1];
        }
    }
    return op;
}

static bool
read_threshold(const struct wh_formula *formula, int index, struct threshold *ret_threshold)
{
    const struct wh_node *node = &formula->program.nodes[index];
    if (node->op != WH_OP_LT && node->op != WH_OP_LE && node->op != WH_OP_GT &&
        node->op != WH_OP_GE) {
        return false;
    }
    const struct wh_node *first = &formula->program.nodes[node->first];
    const struct wh_node *second = &formula->program.nodes[node->second];
    *ret_threshold = (struct threshold){.formula = formula, .node = index};
    if (is_constant(second)) {
        ret_threshold->value = node->first;
        ret_threshold->op = (enum wh_op)node->op;
        ret_threshold->number = second->arg;
        return true;
    }
    ret_threshold->value = node->second;
    ret_threshold->op = turned((enum wh_op)node->op);
    ret_threshold->number = first->arg;
    return is_constant(first);
}

/* -1 never, 1 always, 0 either. */
static int
truth(const struct threshold *threshold, const struct wh_bounds *bounds)
{
    int64_t n = threshold->number;
    bool is_strict = threshold->op == WH_OP_LT || threshold->op == WH_OP_GT;
    bool is_upper = threshold->op == WH_OP_LT || threshold->op == WH_OP_LE;
    /* An upper threshold is kept by the largest value, and broken by the smallest. */
    int64_t keeps = is_upper ? bounds->max : -bounds->min;
    int64_t breaks = is_upper ? bounds->min : -bounds->max;
    bool has_keeps = is_upper ? bounds->has_max : bounds->has_min;
    bool has_breaks = is_upper ? bounds->has_min : bounds->has_max;
    int64_t limit = is_upper ? n : -n;
    if (has_keeps && (keeps < limit || (!is_strict && keeps == limit))) {
        return 1;
    }
    return has_breaks && (breaks > limit || (is_strict && breaks == limit)) ? -1 : 0;
}

static bool
asks_for_more(const struct threshold *threshold)
{
    return threshold->op == WH_OP_GT || threshold->op == WH_OP_GE;
}

static void
push_share(struct wh_buf *text, const struct wh_compiler *compiler, struct wh_str name,
           int64_t share)
{
    if (share == 0) {
        return;
    }
    wh_buf_printf(text, "%s%.*s %.*s", text->len == 0 ? "" : " + ", WH_STR_ARG(name),
                  WH_STR_ARG(wh_lint_number(compiler, share)));
}

/* "web 60 + mail 30": what makes up the highest or lowest value. */
static struct wh_str
shares(const struct wh_bounds_table *table, const struct wh_score *score, bool is_max)
{
    const struct wh_compiler *compiler = table->compiler;
    struct wh_buf text;
    wh_buf_init(&text, compiler->problems->arena);
    for (size_t i = 0; i < score->group_count; i++) {
        struct wh_bounds bounds = wh_bounds_group(table, score, (int32_t)i, -1);
        push_share(&text, compiler, score->groups[i].id, is_max ? bounds.max : bounds.min);
    }
    for (size_t i = 0; i < score->rule_count; i++) {
        const struct wh_rule *rule = &compiler->ruleset->rules[score->first_rule + (int32_t)i];
        struct wh_bounds bounds = wh_bounds_rule(table, rule);
        if (rule->group < 0) {
            push_share(&text, compiler, rule->id, is_max ? bounds.max : bounds.min);
        }
    }
    return wh_buf_str(&text);
}

/* Whether the score's own limit decides, rather than what its rules can bring. */
static bool
limit_decides(const struct wh_bounds_table *table, const struct wh_score *score, bool is_max)
{
    struct wh_bounds sum = wh_bounds_sum(table, score, -1);
    if (is_max) {
        return score->limit.has_max && (!sum.has_max || sum.max >= score->limit.max);
    }
    return score->limit.has_min && (!sum.has_min || sum.min <= score->limit.min);
}

static void
push_reason(struct wh_buf *text, const struct wh_bounds_table *table, const struct wh_score *score,
            bool is_max)
{
    if (limit_decides(table, score, is_max)) {
        wh_buf_push_text(text, " (its limit)");
        return;
    }
    struct wh_str parts = score->is_value ? WH_STR("") : shares(table, score, is_max);
    if (parts.len > 0) {
        wh_buf_printf(text, " (%.*s)", WH_STR_ARG(parts));
    }
}

static void
warn_never(const struct wh_bounds_table *table, const struct threshold *threshold,
           const struct wh_score *score, int32_t index)
{
    struct wh_problems *problems = table->compiler->problems;
    const struct wh_bounds *bounds = &table->scores[index];
    bool is_max = asks_for_more(threshold);
    struct wh_str end = wh_lint_number(table->compiler, is_max ? bounds->max : bounds->min);
    struct wh_str text = wh_lint_text_of(threshold->formula, threshold->node);
    struct wh_location location = wh_lint_place(threshold->formula, threshold->node);
    struct wh_buf reason;
    wh_buf_init(&reason, problems->arena);
    push_reason(&reason, table, score, is_max);
    wh_problem_warning(problems, &location, "%.*s %s %.*s%.*s, so %.*s is never true",
                       WH_STR_ARG(score->id), is_max ? "can reach at most" : "cannot fall below",
                       WH_STR_ARG(end), WH_STR_ARG(wh_buf_str(&reason)), WH_STR_ARG(text));
}

static void
warn_always(const struct wh_bounds_table *table, const struct threshold *threshold,
            const struct wh_score *score, int32_t index)
{
    const struct wh_bounds *bounds = &table->scores[index];
    bool is_max = !asks_for_more(threshold);
    struct wh_str end = wh_lint_number(table->compiler, is_max ? bounds->max : bounds->min);
    struct wh_location location = wh_lint_place(threshold->formula, threshold->node);
    const char *side = is_max ? "at or below" : "at or above";
    if (limit_decides(table, score, is_max)) {
        wh_problem_warning(table->compiler->problems, &location,
                           "always true: the limit keeps %.*s %s %.*s", WH_STR_ARG(score->id), side,
                           WH_STR_ARG(end));
    } else {
        wh_problem_warning(table->compiler->problems, &location, "always true: %.*s stays %s %.*s",
                           WH_STR_ARG(score->id), side, WH_STR_ARG(end));
    }
}

static void
check_score(const struct wh_bounds_table *table, const struct threshold *threshold, int32_t index)
{
    const struct wh_score *score = &table->compiler->ruleset->scores[index];
    int answer = truth(threshold, &table->scores[index]);
    if (answer < 0) {
        warn_never(table, threshold, score, index);
    } else if (answer > 0) {
        warn_always(table, threshold, score, index);
    }
}

/* "grade can reach at most B- (D and 5/3), so grade >= "B" is never true" */
static void
check_grade(const struct wh_bounds_table *table, const struct threshold *threshold)
{
    const struct wh_fit *fit = &table->compiler->ruleset->fit;
    int32_t ends[2];
    int32_t thirds[2];
    wh_bounds_grade(fit, &ends[0], &ends[1]);
    wh_bounds_thirds(fit, &thirds[0], &thirds[1]);
    struct wh_bounds bounds = {true, true, ends[0], ends[1]};
    struct wh_location location = wh_lint_place(threshold->formula, threshold->node);
    struct wh_problems *problems = table->compiler->problems;
    int answer = truth(threshold, &bounds);
    bool is_max = (answer < 0) == asks_for_more(threshold);
    const char *letter = wh_grade_letters[ends[is_max ? 1 : 0]];
    if (answer < 0) {
        struct wh_str text = wh_lint_text_of(threshold->formula, threshold->node);
        wh_problem_warning(problems, &location, "grade %s %s (%s and %d/3), so %.*s is never true",
                           is_max ? "can reach at most" : "cannot fall below", letter,
                           wh_grade_letters[fit->start], (int)thirds[is_max ? 1 : 0],
                           WH_STR_ARG(text));
    } else if (answer > 0) {
        wh_problem_warning(problems, &location, "always true: grade stays at or %s %s",
                           is_max ? "below" : "above", letter);
    }
}

/* touch.type compared with a type that the rule does not take. */
static void
check_type(const struct wh_compiler *compiler, const struct wh_formula *formula, int index)
{
    const struct wh_node *node = &formula->program.nodes[index];
    const struct wh_selector *on = formula->where.on;
    if (node->op != WH_OP_EQ || on == NULL || on->any || on->session || on->signal_count > 0) {
        return;
    }
    const struct wh_node *first = &formula->program.nodes[node->first];
    const struct wh_node *second = &formula->program.nodes[node->second];
    if (first->op == WH_OP_CONST) {
        const struct wh_node *swap = first;
        first = second;
        second = swap;
    }
    if (first->op != WH_OP_TOUCH_META || first->arg != WH_META_TYPE || second->op != WH_OP_CONST) {
        return;
    }
    struct wh_buf types;
    wh_buf_init(&types, compiler->problems->arena);
    for (size_t i = 0; i < on->type_count; i++) {
        struct wh_str name = compiler->types[on->types[i]].name;
        if (wh_str_equal(name, second->text)) {
            return;
        }
        wh_buf_push_text(&types, i == 0 ? "" : " | ");
        wh_buf_push(&types, name);
    }
    struct wh_location location = wh_lint_place(formula, index);
    struct wh_str text = wh_lint_text_of(formula, index);
    wh_problem_warning(compiler->problems, &location, "never true: %.*s in %s on %.*s",
                       WH_STR_ARG(text), formula->where.name, WH_STR_ARG(wh_buf_str(&types)));
}

static void
check_node(const struct wh_bounds_table *table, const struct wh_formula *formula, int index)
{
    struct threshold threshold;
    check_type(table->compiler, formula, index);
    if (!read_threshold(formula, index, &threshold)) {
        return;
    }
    const struct wh_node *value = &formula->program.nodes[threshold.value];
    if (value->op == WH_OP_SCORE) {
        check_score(table, &threshold, (int32_t)value->arg);
    } else if (value->op == WH_OP_GRADE) {
        check_grade(table, &threshold);
    }
}

static size_t
count_paths(const struct wh_bounds_table *table, const struct wh_score *score)
{
    size_t count = 0;
    for (size_t i = 0; i < score->rule_count; i++) {
        struct wh_bounds bounds =
            wh_bounds_rule(table, &table->compiler->ruleset->rules[score->first_rule + (int32_t)i]);
        count += !bounds.has_max || bounds.max > 0 ? 1 : 0;
    }
    return count;
}

/* "only guide can bring interest to 90: no other path exists" */
static void
check_paths(const struct wh_bounds_table *table, const struct threshold *threshold,
            const struct wh_score *score)
{
    if (score->is_value || score->rule_count > PATHS_RULES_MAX || !asks_for_more(threshold) ||
        count_paths(table, score) < 2 ||
        truth(threshold, &table->scores[score - table->compiler->ruleset->scores]) < 0) {
        return;
    }
    for (size_t i = 0; i < score->rule_count; i++) {
        int32_t index = score->first_rule + (int32_t)i;
        struct wh_bounds without =
            wh_bounds_limit(wh_bounds_sum(table, score, index), &score->limit);
        if (truth(threshold, &without) >= 0) {
            continue;
        }
        struct wh_str rule = table->compiler->ruleset->rules[index].id;
        struct wh_str number = wh_lint_number(table->compiler, threshold->number);
        struct wh_location location = wh_lint_place(threshold->formula, threshold->node);
        wh_problem_warning(table->compiler->problems, &location,
                           "only %.*s can bring %.*s to %.*s: no other path exists",
                           WH_STR_ARG(rule), WH_STR_ARG(score->id), WH_STR_ARG(number));
    }
}

static void
check_arm(const struct wh_bounds_table *table, const struct wh_program *arm)
{
    const struct wh_formula *formula = wh_build_formula(table->compiler, arm);
    for (int i = 0; formula != NULL && i < formula->program.count; i++) {
        struct threshold threshold;
        if (read_threshold(formula, i, &threshold) &&
            formula->program.nodes[threshold.value].op == WH_OP_SCORE) {
            int64_t score = formula->program.nodes[threshold.value].arg;
            check_paths(table, &threshold, &table->compiler->ruleset->scores[score]);
        }
    }
}

void
wh_lint_compare(struct wh_compiler *compiler, const struct wh_bounds_table *bounds)
{
    for (size_t i = 0; i < compiler->formula_count; i++) {
        const struct wh_formula *formula = &compiler->formulas[i];
        for (int node = 0; node < formula->program.count; node++) {
            check_node(bounds, formula, node);
        }
    }
    for (size_t i = 0; i < compiler->ruleset->qualification_count; i++) {
        check_arm(bounds, &compiler->ruleset->qualifications[i].arm);
    }
}
