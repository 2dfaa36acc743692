#include "engine/rules/eval.h"

#include "engine/rules/operators.h"
#include "engine/rules/read.h"
#include "engine/rules/sight.h"

void
wh_view_init(struct wh_view *view, const struct wh_ruleset *ruleset, const struct wh_state *state,
             const struct wh_fold *fold, struct wh_arena *scratch)
{
    struct wh_memo *memo = WH_ARENA_NEW(scratch, struct wh_memo);
    memo->stamp = memo->fold_stamp = 1;
    memo->score_stamp = WH_ARENA_ARRAY(scratch, uint32_t, ruleset->score_count);
    memo->score_value = WH_ARENA_ARRAY(scratch, int64_t, ruleset->score_count);
    memo->score_known = WH_ARENA_ARRAY(scratch, bool, ruleset->score_count);
    memo->label_stamp = WH_ARENA_ARRAY(scratch, uint32_t, ruleset->label_count);
    memo->label_value = WH_ARENA_ARRAY(scratch, int32_t, ruleset->label_count);
    memo->segment_stamp = WH_ARENA_ARRAY(scratch, uint32_t, ruleset->segment_count);
    memo->segment_value = WH_ARENA_ARRAY(scratch, bool, ruleset->segment_count);
    *view = (struct wh_view){
        .ruleset = ruleset,
        .state = state,
        .fold = fold,
        .scratch = scratch,
        .memo = memo,
        .now = fold == NULL ? WH_TIME_MIN : fold->at,
        .rows = fold == NULL ? 0 : fold->rows,
        .touch = -1,
        .it = -1,
    };
}

static struct wh_value
constant(const struct wh_node *node)
{
    return (struct wh_value){
        .type = (enum wh_type)node->type, .number = node->arg, .text = node->text};
}

static struct wh_value
any_ripe(struct wh_view *view)
{
    for (size_t i = 0; i < view->ruleset->qualification_count; i++) {
        if (wh_read_ripe(view, (int32_t)i)) {
            return wh_value_bool(true);
        }
    }
    return wh_value_bool(false);
}

static struct wh_value
ordinal_or_unknown(int32_t ordinal)
{
    return ordinal < 0 ? WH_UNKNOWN : wh_value_of(WH_TYPE_LABEL, ordinal);
}

static struct wh_value
stage(struct wh_view *view, enum wh_op op)
{
    int64_t since = WH_TIME_MIN;
    int32_t ordinal = wh_read_stage(view, &since);
    if (op == WH_OP_STAGE) {
        return ordinal_or_unknown(ordinal);
    }
    return since == WH_TIME_MIN ? WH_UNKNOWN : wh_value_of(WH_TYPE_TIME, since);
}

static struct wh_value
score(struct wh_view *view, int32_t index)
{
    int64_t value = 0;
    (void)wh_read_score(view, index, &value); /* An unknown score counts as nothing. */
    return wh_value_of(WH_TYPE_NUMBER, value);
}

/* Values of the model: names without a dot. */
static struct wh_value
model_name(struct wh_view *view, const struct wh_node *node)
{
    int32_t arg = (int32_t)node->arg;
    enum wh_op op = (enum wh_op)node->op;
    if (op == WH_OP_SCORE) {
        return score(view, arg);
    }
    if (op == WH_OP_LABEL) {
        return ordinal_or_unknown(wh_read_label(view, arg));
    }
    if (op == WH_OP_SEGMENT) {
        return wh_value_bool(wh_read_segment(view, arg));
    }
    if (op == WH_OP_QUALIFICATION) {
        return wh_value_bool(wh_read_ripe(view, arg));
    }
    if (op == WH_OP_RIPE) {
        return any_ripe(view);
    }
    if (op == WH_OP_GRADE) {
        return wh_value_of(WH_TYPE_LABEL, wh_read_grade(view));
    }
    if (op == WH_OP_STALE) {
        return wh_value_bool(wh_read_stale(view));
    }
    if (op == WH_OP_SCHEDULE) {
        return wh_value_bool(wh_schedule_holds(&view->ruleset->schedules[arg], view->now));
    }
    return op == WH_OP_AGGREGATE ? wh_aggregate_value(view, arg) : stage(view, op);
}

/* arg: the step above, what of its touch below (opcodes.def). */
static struct wh_value
step_name(struct wh_view *view, enum wh_op op, int64_t arg)
{
    struct wh_sight sight = wh_sight_of_step(view, (int32_t)(arg >> WH_STEP_SHIFT));
    int64_t what = arg & WH_STEP_WHAT;
    return op == WH_OP_STEP_FIELD ? wh_sight_field(view, sight, what)
                                  : wh_sight_meta(view, sight, (enum wh_meta)what);
}

/* Names with a dot, constants, now. */
static struct wh_value
data_name(struct wh_view *view, const struct wh_node *node)
{
    enum wh_op op = (enum wh_op)node->op;
    struct wh_sight touch = {view->touch, view->signal};
    struct wh_sight it = {view->it, view->it_signal};
    if (op == WH_OP_CONST) {
        return constant(node);
    }
    if (op == WH_OP_TOUCH_FIELD || op == WH_OP_IT_FIELD) {
        return wh_sight_field(view, op == WH_OP_IT_FIELD ? it : touch, node->arg);
    }
    if (op == WH_OP_TOUCH_META || op == WH_OP_IT_META) {
        return wh_sight_meta(view, op == WH_OP_IT_META ? it : touch, (enum wh_meta)node->arg);
    }
    if (op == WH_OP_STEP_FIELD || op == WH_OP_STEP_META) {
        return step_name(view, op, node->arg);
    }
    if (op == WH_OP_ATTRIBUTE) {
        return wh_read_attribute(view, (int32_t)node->arg);
    }
    if (op == WH_OP_LEAD) {
        return wh_read_lead(view, (enum wh_lead_fact)node->arg);
    }
    if (op == WH_OP_SESSION) {
        return wh_sight_session(view, (enum wh_session_fact)node->arg);
    }
    if (op == WH_OP_PERSON) {
        return wh_sight_person(view, node->arg);
    }
    return wh_value_of(WH_TYPE_TIME, view->now);
}

/* The second operand is not looked at when the first one decides. */
static bool
is_settled(enum wh_op op, struct wh_value a)
{
    if (op == WH_OP_AND || op == WH_OP_OR) {
        return a.type == WH_TYPE_BOOL && (a.number != 0) == (op == WH_OP_OR);
    }
    return op == WH_OP_DEFAULT && wh_value_is_known(a);
}

struct wh_value
wh_eval_node(struct wh_view *view, const struct wh_program *program, uint16_t index)
{
    const struct wh_node *node = &program->nodes[index];
    enum wh_op op = (enum wh_op)node->op;
    int operands = wh_operators_count(op);
    if (operands == 0) {
        return op >= WH_OP_SCORE ? model_name(view, node) : data_name(view, node);
    }
    struct wh_value a = wh_eval_node(view, program, (uint16_t)node->first);
    if (operands == 1 || is_settled(op, a)) {
        return operands == 1 ? wh_operators_apply(view, program, index, a, WH_UNKNOWN) : a;
    }
    struct wh_value b = wh_eval_node(view, program, (uint16_t)node->second);
    return wh_operators_apply(view, program, index, a, b);
}

struct wh_value
wh_eval(struct wh_view *view, const struct wh_program *program)
{
    return program->count == 0 ? WH_UNKNOWN : wh_eval_node(view, program, program->root);
}

bool
wh_eval_holds(struct wh_view *view, const struct wh_program *program)
{
    return program->count == 0 || wh_value_is_true(wh_eval(view, program));
}
