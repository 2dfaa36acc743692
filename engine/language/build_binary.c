/* Operators between two values. */
#include "engine/language/builder.h"
#include "engine/language/print.h"

struct pair {
    struct wh_operand left, right;
};

static bool
pair_is_ok(const struct pair *pair)
{
    return wh_operand_is_ok(pair->left) && wh_operand_is_ok(pair->right);
}

static struct wh_operand
add_binary(struct wh_builder *builder, enum wh_op op, const struct pair *pair,
           struct wh_static type, struct wh_span span)
{
    return wh_builder_add(
        builder,
        (struct wh_node){.op = (uint8_t)op, .first = pair->left.node, .second = pair->right.node},
        type, span);
}

static struct wh_operand
build_logic(struct wh_builder *builder, struct wh_expr *expr, enum wh_op op)
{
    struct pair pair;
    pair.left = wh_builder_bool(builder, expr->left);
    pair.right = wh_builder_bool(builder, expr->right);
    if (!pair_is_ok(&pair)) {
        return wh_operand_failed;
    }
    return add_binary(builder, op, &pair, wh_static_of(WH_TYPE_BOOL), expr->span);
}

/* A literal takes its meaning from the other side, whichever side it stands on. */
static struct pair
build_pair(struct wh_builder *builder, struct wh_expr *expr)
{
    struct pair pair;
    struct wh_value value;
    if (wh_builder_literal(builder, expr->left, &value)) {
        pair.right = wh_builder_expr(builder, expr->right);
        pair.left = wh_operand_is_ok(pair.right)
                        ? wh_builder_beside(builder, expr->left, &pair.right.type)
                        : wh_operand_failed;
        return pair;
    }
    pair.left = wh_builder_expr(builder, expr->left);
    pair.right = wh_operand_is_ok(pair.left)
                     ? wh_builder_beside(builder, expr->right, &pair.left.type)
                     : wh_builder_expr(builder, expr->right);
    return pair;
}

static bool
is_comparable(const struct wh_static *a, const struct wh_static *b)
{
    if (a->type == WH_TYPE_LIST || b->type == WH_TYPE_LIST) {
        return false;
    }
    if (a->type == WH_TYPE_LABEL || b->type == WH_TYPE_LABEL) {
        return a->type == b->type && a->set == b->set && a->label == b->label;
    }
    return a->type == b->type || a->type == WH_TYPE_UNKNOWN || b->type == WH_TYPE_UNKNOWN;
}

static bool
is_order(enum wh_op op)
{
    return op == WH_OP_LT || op == WH_OP_LE || op == WH_OP_GT || op == WH_OP_GE;
}

/* Bools and labels of cases are equal or not, but none is before the other. */
static bool
has_order(struct wh_builder *builder, const struct wh_static *type,
          const struct wh_location *location)
{
    struct wh_problems *problems = builder->compiler->problems;
    if (type->type == WH_TYPE_BOOL) {
        wh_problem_error(problems, location, "a bool has no order: only == and != are possible");
        return false;
    }
    if (type->set != WH_SET_LABEL && type->set != WH_SET_PERSON_LABEL) {
        return true;
    }
    const struct wh_label *label = wh_builder_label(builder->compiler, type);
    if (label->is_cases) {
        wh_problem_error(problems, location,
                         "the label \"%.*s\" has cases and so no order: only ==, != and in "
                         "are possible",
                         WH_STR_ARG(label->id));
    }
    return !label->is_cases;
}

static struct wh_operand
build_relation(struct wh_builder *builder, struct wh_expr *expr, enum wh_op op)
{
    struct pair pair = build_pair(builder, expr);
    if (!pair_is_ok(&pair)) {
        return wh_operand_failed;
    }
    struct wh_location location = wh_builder_place(builder, expr->span);
    const struct wh_static *left = &pair.left.type;
    const struct wh_static *right = &pair.right.type;
    if (!is_comparable(left, right)) {
        wh_problem_error(builder->compiler->problems, &location, "cannot compare %s with %s",
                         wh_static_str(left), wh_static_str(right));
        return wh_operand_failed;
    }
    if (is_order(op) &&
        (!has_order(builder, left, &location) || !has_order(builder, right, &location))) {
        return wh_operand_failed;
    }
    return add_binary(builder, op, &pair, wh_static_of(WH_TYPE_BOOL), expr->span);
}

static bool
fits(enum wh_type a, enum wh_type b, enum wh_type want_a, enum wh_type want_b)
{
    return (a == want_a || a == WH_TYPE_UNKNOWN) && (b == want_b || b == WH_TYPE_UNKNOWN);
}

/* What an operator makes of which types. */
struct rule {
    enum wh_op op;
    enum wh_type left, right, result;
};

static const struct rule rules[] = {
    {WH_OP_ADD, WH_TYPE_NUMBER, WH_TYPE_NUMBER, WH_TYPE_NUMBER},
    {WH_OP_ADD, WH_TYPE_STRING, WH_TYPE_STRING, WH_TYPE_STRING},
    {WH_OP_ADD, WH_TYPE_TIME, WH_TYPE_DURATION, WH_TYPE_TIME},
    {WH_OP_ADD, WH_TYPE_DURATION, WH_TYPE_TIME, WH_TYPE_TIME},
    {WH_OP_ADD, WH_TYPE_DURATION, WH_TYPE_DURATION, WH_TYPE_DURATION},
    {WH_OP_SUB, WH_TYPE_NUMBER, WH_TYPE_NUMBER, WH_TYPE_NUMBER},
    {WH_OP_SUB, WH_TYPE_TIME, WH_TYPE_TIME, WH_TYPE_DURATION},
    {WH_OP_SUB, WH_TYPE_TIME, WH_TYPE_DURATION, WH_TYPE_TIME},
    {WH_OP_SUB, WH_TYPE_DURATION, WH_TYPE_DURATION, WH_TYPE_DURATION},
    {WH_OP_MUL, WH_TYPE_NUMBER, WH_TYPE_NUMBER, WH_TYPE_NUMBER},
    {WH_OP_MUL, WH_TYPE_DURATION, WH_TYPE_NUMBER, WH_TYPE_DURATION},
    {WH_OP_MUL, WH_TYPE_NUMBER, WH_TYPE_DURATION, WH_TYPE_DURATION},
    {WH_OP_DIV, WH_TYPE_NUMBER, WH_TYPE_NUMBER, WH_TYPE_NUMBER},
    {WH_OP_DIV, WH_TYPE_DURATION, WH_TYPE_DURATION, WH_TYPE_NUMBER},
    {WH_OP_DIV, WH_TYPE_DURATION, WH_TYPE_NUMBER, WH_TYPE_DURATION},
};

/* True when some rule fits; the result is UNKNOWN when several fit with different results. */
static bool
find_result(enum wh_op op, enum wh_type left, enum wh_type right, enum wh_type *ret_result)
{
    bool is_found = false;
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        const struct rule *rule = &rules[i];
        if (rule->op != op || !fits(left, right, rule->left, rule->right)) {
            continue;
        }
        bool is_other = is_found && *ret_result != rule->result;
        *ret_result = is_other ? WH_TYPE_UNKNOWN : rule->result;
        is_found = true;
    }
    return is_found;
}

static void
report_operands(struct wh_builder *builder, const struct wh_location *location, enum wh_op op,
                const struct pair *pair)
{
    const char *left = wh_static_str(&pair->left.type);
    const char *right = wh_static_str(&pair->right.type);
    struct wh_problems *problems = builder->compiler->problems;
    if (op == WH_OP_ADD) {
        wh_problem_error(problems, location, "cannot add %s and %s", left, right);
    } else if (op == WH_OP_SUB) {
        wh_problem_error(problems, location, "cannot subtract %s from %s", right, left);
    } else if (op == WH_OP_MUL) {
        wh_problem_error(problems, location, "cannot multiply %s by %s", left, right);
    } else {
        wh_problem_error(problems, location, "cannot divide %s by %s", left, right);
    }
}

static struct wh_operand
build_arithmetic(struct wh_builder *builder, struct wh_expr *expr, enum wh_op op)
{
    struct pair pair;
    pair.left = wh_builder_expr(builder, expr->left);
    pair.right = wh_builder_expr(builder, expr->right);
    if (!pair_is_ok(&pair)) {
        return wh_operand_failed;
    }
    struct wh_location location = wh_builder_place(builder, expr->span);
    enum wh_type result = WH_TYPE_UNKNOWN;
    if (!find_result(op, pair.left.type.type, pair.right.type.type, &result)) {
        report_operands(builder, &location, op, &pair);
        return wh_operand_failed;
    }
    struct wh_static type = wh_static_of(result);
    type.clock = pair.left.type.clock != NULL ? pair.left.type.clock : pair.right.type.clock;
    if (op == WH_OP_MUL && pair.right.type.type == WH_TYPE_DURATION) {
        pair = (struct pair){pair.right, pair.left};
    }
    return add_binary(builder, op, &pair, type, expr->span);
}

struct wh_operand
wh_builder_binary(struct wh_builder *builder, struct wh_expr *expr)
{
    switch (expr->op) {
    case WH_EXPR_OP_OR:
        return build_logic(builder, expr, WH_OP_OR);
    case WH_EXPR_OP_AND:
        return build_logic(builder, expr, WH_OP_AND);
    case WH_EXPR_OP_EQ:
        return build_relation(builder, expr, WH_OP_EQ);
    case WH_EXPR_OP_NE:
        return build_relation(builder, expr, WH_OP_NE);
    case WH_EXPR_OP_LT:
        return build_relation(builder, expr, WH_OP_LT);
    case WH_EXPR_OP_LE:
        return build_relation(builder, expr, WH_OP_LE);
    case WH_EXPR_OP_GT:
        return build_relation(builder, expr, WH_OP_GT);
    case WH_EXPR_OP_GE:
        return build_relation(builder, expr, WH_OP_GE);
    case WH_EXPR_OP_IN:
        return wh_builder_in(builder, expr);
    case WH_EXPR_OP_ADD:
        return build_arithmetic(builder, expr, WH_OP_ADD);
    case WH_EXPR_OP_SUB:
        return build_arithmetic(builder, expr, WH_OP_SUB);
    case WH_EXPR_OP_MUL:
        return build_arithmetic(builder, expr, WH_OP_MUL);
    case WH_EXPR_OP_DIV:
        return build_arithmetic(builder, expr, WH_OP_DIV);
    }
    return wh_operand_failed;
}
