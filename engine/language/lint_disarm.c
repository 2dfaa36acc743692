/* Hysteresis needs a gap: what disarms must not hold while what arms does. */
#include "engine/language/build.h"
#include "engine/language/lint.h"
#include "engine/language/print.h"

/* subject op number, with the subject on the left. */
struct comparison {
    const struct wh_expr *subject;
    enum wh_expr_op op;
    int64_t number;
    const struct wh_expr *whole;
};
#define COMPARISONS_MAX 64

struct comparisons {
    struct comparison items[COMPARISONS_MAX];
    size_t count;
};

static bool
read_number(const struct wh_compiler *compiler, const struct wh_expr *expr,
            const struct wh_expr *subject, struct comparison *ret_comparison)
{
    int64_t index = 0;
    int32_t grade = 0;
    if (expr->kind == WH_EXPR_NUMBER || expr->kind == WH_EXPR_DURATION) {
        ret_comparison->number = expr->number;
        return true;
    }
    bool is_grade = subject->kind == WH_EXPR_NAME && wh_str_is(subject->text, "grade");
    if (is_grade && expr->kind == WH_EXPR_STRING && wh_name_grade(expr->text, &grade)) {
        ret_comparison->number = grade;
        return true;
    }
    if (expr->kind == WH_EXPR_NAME && wh_table_find(&compiler->scope.index, expr->text, &index) &&
        compiler->scope.items[index].kind == WH_NAME_CONSTANT) {
        const struct wh_value *value = &compiler->constants[compiler->scope.items[index].index];
        ret_comparison->number = value->number;
        return value->type == WH_TYPE_NUMBER || value->type == WH_TYPE_DURATION;
    }
    return false;
}

static enum wh_expr_op
turned(enum wh_expr_op op)
{
    if (op == WH_EXPR_OP_LT) {
        return WH_EXPR_OP_GT;
    }
    if (op == WH_EXPR_OP_LE) {
        return WH_EXPR_OP_GE;
    }
    if (op == WH_EXPR_OP_GT) {
        return WH_EXPR_OP_LT;
    }
    return op == WH_EXPR_OP_GE ? WH_EXPR_OP_LE : op;
}

static bool
is_order(enum wh_expr_op op)
{
    return op == WH_EXPR_OP_LT || op == WH_EXPR_OP_LE || op == WH_EXPR_OP_GT || op == WH_EXPR_OP_GE;
}

static bool
read_comparison(const struct wh_compiler *compiler, const struct wh_expr *expr,
                struct comparison *ret_comparison)
{
    *ret_comparison = (struct comparison){.whole = expr};
    if (expr->kind != WH_EXPR_BINARY || !is_order(expr->op)) {
        return false;
    }
    ret_comparison->subject = expr->left;
    ret_comparison->op = expr->op;
    if (read_number(compiler, expr->right, expr->left, ret_comparison)) {
        return true;
    }
    ret_comparison->subject = expr->right;
    ret_comparison->op = turned(expr->op);
    return read_number(compiler, expr->left, expr->right, ret_comparison);
}

/* Comparisons joined by op (&& or ||); anything else between them is left out. */
static void
collect(const struct wh_compiler *compiler, const struct wh_expr *expr, enum wh_expr_op op,
        struct comparisons *all)
{
    if (expr->kind == WH_EXPR_BINARY && expr->op == op) {
        collect(compiler, expr->left, op, all);
        collect(compiler, expr->right, op, all);
    } else if (all->count < COMPARISONS_MAX &&
               read_comparison(compiler, expr, &all->items[all->count])) {
        all->count++;
    }
}

static bool
is_upper(enum wh_expr_op op)
{
    return op == WH_EXPR_OP_LT || op == WH_EXPR_OP_LE;
}

/* Whether some number fulfils both. */
static bool
overlap(const struct comparison *a, const struct comparison *b)
{
    if (is_upper(a->op) == is_upper(b->op)) {
        return true;
    }
    const struct comparison *upper = is_upper(a->op) ? a : b;
    const struct comparison *lower = is_upper(a->op) ? b : a;
    bool is_closed = upper->op == WH_EXPR_OP_LE && lower->op == WH_EXPR_OP_GE;
    return lower->number < upper->number || (is_closed && lower->number == upper->number);
}

static const struct comparison *
find_subject(const struct comparisons *all, const struct wh_expr *subject)
{
    for (size_t i = 0; i < all->count; i++) {
        if (wh_expr_equal(all->items[i].subject, subject)) {
            return &all->items[i];
        }
    }
    return NULL;
}

/* One alternative of disarm: a set of comparisons that hold together. */
static void
check_alternative(struct wh_compiler *compiler, const struct wh_formula *disarm,
                  const struct wh_expr *expr, const struct comparisons *arm)
{
    struct comparisons together = {.count = 0};
    const struct comparison *mine = NULL;
    const struct comparison *theirs = NULL;
    collect(compiler, expr, WH_EXPR_OP_AND, &together);
    for (size_t i = 0; i < together.count; i++) {
        const struct comparison *other = find_subject(arm, together.items[i].subject);
        if (other == NULL) {
            continue;
        }
        if (!overlap(&together.items[i], other)) {
            return;
        }
        mine = &together.items[i];
        theirs = other;
    }
    if (mine == NULL) {
        return;
    }
    struct wh_buf text;
    wh_buf_init(&text, compiler->problems->arena);
    wh_print_expr(&text, mine->whole);
    wh_buf_push_text(&text, " overlaps ");
    wh_print_expr(&text, theirs->whole);
    struct wh_location location =
        wh_tree_locate(disarm->tree, mine->whole->span.from, mine->whole->span.to);
    wh_problem_error(compiler->problems, &location, "disarm can be true while arm is: %.*s",
                     WH_STR_ARG(wh_buf_str(&text)));
}

static void
check_disarm(struct wh_compiler *compiler, const struct wh_formula *disarm,
             const struct wh_expr *expr, const struct comparisons *arm)
{
    if (expr->kind == WH_EXPR_BINARY && expr->op == WH_EXPR_OP_OR) {
        check_disarm(compiler, disarm, expr->left, arm);
        check_disarm(compiler, disarm, expr->right, arm);
        return;
    }
    check_alternative(compiler, disarm, expr, arm);
}

void
wh_lint_disarm(struct wh_compiler *compiler)
{
    const struct wh_ruleset *ruleset = compiler->ruleset;
    for (size_t i = 0; i < ruleset->qualification_count; i++) {
        const struct wh_qualification *qualification = &ruleset->qualifications[i];
        const struct wh_formula *arm = wh_build_formula(compiler, &qualification->arm);
        const struct wh_formula *disarm = wh_build_formula(compiler, &qualification->disarm);
        if (arm == NULL || disarm == NULL) {
            continue;
        }
        struct comparisons armed = {.count = 0};
        collect(compiler, arm->expr, WH_EXPR_OP_AND, &armed);
        check_disarm(compiler, disarm, disarm->expr, &armed);
    }
}
