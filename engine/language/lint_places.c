/* Places that another one above them leaves nothing for. */
#include "engine/language/build.h"
#include "engine/language/lint.h"
#include "engine/language/print.h"

/* How many places above one are looked at: all of most models, and no long wait for the others. */
#define PLACES_ABOVE_MAX 256

static bool
is_op(const struct wh_expr *expr, enum wh_expr_op op)
{
    return expr->kind == WH_EXPR_BINARY && expr->op == op;
}

/* subject == "text", or subject.method("text"). */
struct atom {
    const struct wh_expr *subject;
    const char *what; /* "==", "glob", "startsWith" */
    struct wh_str text;
};

static bool
read_atom(const struct wh_expr *expr, struct atom *ret_atom)
{
    static const char *const methods[] = {"glob", "startsWith"};
    if (is_op(expr, WH_EXPR_OP_EQ) && expr->right->kind == WH_EXPR_STRING) {
        *ret_atom = (struct atom){expr->left, "==", expr->right->text};
        return true;
    }
    if (expr->kind != WH_EXPR_METHOD || expr->arg_count != 1 ||
        expr->args[0]->kind != WH_EXPR_STRING) {
        return false;
    }
    for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
        if (wh_str_is(expr->text, methods[i])) {
            *ret_atom = (struct atom){expr->left, methods[i], expr->args[0]->text};
            return true;
        }
    }
    return false;
}

/* What a pattern begins with, whatever its stars stand for. */
static struct wh_str
fixed_prefix(struct wh_str pattern)
{
    size_t i = 0;
    while (i < pattern.len && pattern.ptr[i] != '*' && pattern.ptr[i] != '?') {
        i++;
    }
    return wh_str_slice(pattern, 0, i);
}

/* A star may stand for anything, another star included; a question mark may not. */
static bool
glob_covers(struct wh_str wide, const struct atom *narrow)
{
    if (strcmp(narrow->what, "==") == 0) {
        return wh_str_glob(narrow->text, wide);
    }
    if (memchr(wide.ptr, '?', wide.len) != NULL) {
        return false;
    }
    if (strcmp(narrow->what, "glob") == 0) {
        return wh_str_glob(narrow->text, wide);
    }
    bool is_open = wide.len > 0 && wide.ptr[wide.len - 1] == '*';
    return is_open && wh_str_glob(narrow->text, wide);
}

static bool
atom_implies(const struct wh_expr *b, const struct wh_expr *a)
{
    struct atom wide;
    struct atom narrow;
    if (!read_atom(a, &wide) || !read_atom(b, &narrow) ||
        !wh_expr_equal(wide.subject, narrow.subject)) {
        return false;
    }
    if (strcmp(wide.what, "glob") == 0) {
        return glob_covers(wide.text, &narrow);
    }
    if (strcmp(wide.what, "startsWith") == 0) {
        return wh_str_starts_with(
            strcmp(narrow.what, "glob") == 0 ? fixed_prefix(narrow.text) : narrow.text, wide.text);
    }
    return false;
}

bool
wh_lint_implies(const struct wh_expr *b, const struct wh_expr *a)
{
    if (wh_expr_equal(a, b)) {
        return true;
    }
    if (is_op(a, WH_EXPR_OP_AND)) {
        return wh_lint_implies(b, a->left) && wh_lint_implies(b, a->right);
    }
    if (is_op(b, WH_EXPR_OP_OR)) {
        return wh_lint_implies(b->left, a) && wh_lint_implies(b->right, a);
    }
    if (is_op(b, WH_EXPR_OP_AND) && (wh_lint_implies(b->left, a) || wh_lint_implies(b->right, a))) {
        return true;
    }
    if (is_op(a, WH_EXPR_OP_OR)) {
        return wh_lint_implies(b, a->left) || wh_lint_implies(b, a->right);
    }
    return atom_implies(b, a);
}

static const struct wh_tree *
id_of(const struct wh_compiler *compiler, size_t place)
{
    return wh_tree_find(wh_tree_find(compiler->root, "places")->items[place], "id");
}

static void
check_place(struct wh_compiler *compiler, const struct wh_formula *const *formulas, size_t index)
{
    const struct wh_place *places = compiler->ruleset->places;
    size_t first = index > PLACES_ABOVE_MAX ? index - PLACES_ABOVE_MAX : 0;
    for (size_t i = first; i < index; i++) {
        if (!wh_lint_implies(formulas[index]->expr, formulas[i]->expr)) {
            continue;
        }
        struct wh_problem *problem = wh_problem_warning(
            compiler->problems, &id_of(compiler, index)->location,
            "place \"%.*s\" is never reached: \"%.*s\" above matches all that it matches",
            WH_STR_ARG(places[index].id), WH_STR_ARG(places[i].id));
        wh_problem_note(compiler->problems, problem, &id_of(compiler, i)->location,
                        "the other is here");
        return;
    }
}

void
wh_lint_places(struct wh_compiler *compiler)
{
    const struct wh_ruleset *ruleset = compiler->ruleset;
    const struct wh_formula **formulas =
        WH_ARENA_ARRAY(compiler->arena, const struct wh_formula *, ruleset->place_count);
    for (size_t i = 0; i < ruleset->place_count; i++) {
        formulas[i] = wh_build_formula(compiler, &ruleset->places[i].match);
        check_place(compiler, formulas, i);
    }
}
