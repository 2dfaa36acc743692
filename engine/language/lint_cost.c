/* What a model costs: scans at each touch, and the size of a state. */
#include "engine/language/finish.h"
#include "engine/language/lint.h"

#define STATE_KIB_MAX         256 /* rules-reference.md 6 */
#define STATE_KIB_COMPANY_MAX 768
#define SHORT_WINDOW          WH_US_PER_DAY

/* it.x == touch.x, on whichever sides, among the operands of the top-level &&. */
static bool
has_lookup(const struct wh_program *where, int node)
{
    const struct wh_node *at = &where->nodes[node];
    if (at->op == WH_OP_AND) {
        return has_lookup(where, at->first) || has_lookup(where, at->second);
    }
    if (at->op != WH_OP_EQ) {
        return false;
    }
    const struct wh_node *a = &where->nodes[at->first];
    const struct wh_node *b = &where->nodes[at->second];
    bool is_straight = a->op == WH_OP_IT_FIELD && b->op == WH_OP_TOUCH_FIELD;
    bool is_turned = a->op == WH_OP_TOUCH_FIELD && b->op == WH_OP_IT_FIELD;
    bool is_meta = (a->op == WH_OP_IT_META && b->op == WH_OP_TOUCH_META) ||
                   (a->op == WH_OP_TOUCH_META && b->op == WH_OP_IT_META);
    return is_straight || is_turned || is_meta;
}

static bool
scans(const struct wh_aggregate *aggregate)
{
    bool is_short = aggregate->window == WH_WINDOW_THIS_SESSION ||
                    (aggregate->window == WH_WINDOW_WITHIN && aggregate->a <= SHORT_WINDOW);
    return aggregate->uses_touch && !is_short &&
           (aggregate->where.count == 0 || !has_lookup(&aggregate->where, aggregate->where.root));
}

static struct wh_str
touches_of(const struct wh_compiler *compiler, const struct wh_selector *on)
{
    if (on == NULL || on->any || on->session || on->type_count == 0) {
        return WH_STR("touch");
    }
    struct wh_buf text;
    wh_buf_init(&text, compiler->problems->arena);
    for (size_t i = 0; i < on->type_count; i++) {
        wh_buf_push_text(&text, i == 0 ? "" : " and ");
        wh_buf_push(&text, compiler->types[on->types[i]].name);
    }
    return wh_buf_str(&text);
}

static void
check_scans(const struct wh_compiler *compiler, const struct wh_formula *formula)
{
    for (int i = 0; i < formula->program.count; i++) {
        const struct wh_node *node = &formula->program.nodes[i];
        if (node->op != WH_OP_AGGREGATE || !scans(&compiler->ruleset->aggregates[node->arg])) {
            continue;
        }
        struct wh_location location = wh_lint_place(formula, i);
        struct wh_str most =
            wh_problem_count_text(compiler->problems->arena, compiler->ruleset->history_touches);
        wh_problem_warning(compiler->problems, &location,
                           "scans up to %.*s touches for each %.*s: add a comparison "
                           "it.x == touch.x or a shorter window",
                           WH_STR_ARG(most), WH_STR_ARG(touches_of(compiler, formula->where.on)));
    }
}

/* runs of "offer_unread" 61,440, … */
static void
push_runs(struct wh_buf *text, const struct wh_ruleset *ruleset)
{
    for (size_t i = 0; i < ruleset->trigger_count; i++) {
        const struct wh_trigger *trigger = &ruleset->triggers[i];
        if (trigger->sequence != NULL) {
            int64_t size = wh_finish_size_of_runs(trigger->sequence);
            wh_buf_printf(text, "runs of \"%.*s\" ", WH_STR_ARG(trigger->id));
            wh_buf_push(text, wh_problem_count_text(text->arena, size));
            wh_buf_push_text(text, ", ");
        }
    }
}

static void
check_size(struct wh_compiler *compiler)
{
    struct wh_size size = wh_finish_size(compiler);
    const struct wh_tree *name = wh_tree_find(compiler->root, "name");
    int64_t total = size.history + size.runs + size.values;
    int64_t most = compiler->is_company ? STATE_KIB_COMPANY_MAX : STATE_KIB_MAX;
    if (total <= most * 1024 || name == NULL || wh_finish_is_empty(compiler->ruleset)) {
        return;
    }
    struct wh_arena *arena = compiler->problems->arena;
    struct wh_buf runs;
    wh_buf_init(&runs, arena);
    push_runs(&runs, compiler->ruleset);
    wh_problem_warning(compiler->problems, &name->location,
                       "state of up to %.*s bytes a %s is over %lld KiB: %.*shistory %.*s, "
                       "everything else %.*s",
                       WH_STR_ARG(wh_problem_count_text(arena, total)),
                       compiler->is_company ? "company" : "lead", (long long)most,
                       WH_STR_ARG(wh_buf_str(&runs)),
                       WH_STR_ARG(wh_problem_count_text(arena, size.history)),
                       WH_STR_ARG(wh_problem_count_text(arena, size.values)));
}

void
wh_lint_cost(struct wh_compiler *compiler)
{
    for (size_t i = 0; i < compiler->formula_count; i++) {
        check_scans(compiler, &compiler->formulas[i]);
    }
    check_size(compiler);
}
