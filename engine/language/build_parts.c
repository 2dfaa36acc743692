/* Expressions taken apart for explanations, and texts with expressions in them. */
#include "engine/language/build.h"
#include "engine/language/print.h"

#define PARTS_MAX 256 /* operations of an expression */

struct parts {
    struct wh_compiler *compiler;
    const struct wh_program *program;
    struct wh_program_part *items;
    int8_t *signs;
    size_t count;
};

static void
add_part(struct parts *parts, const struct wh_expr *expr, uint16_t node, int8_t sign)
{
    struct wh_buf source;
    wh_buf_init(&source, parts->compiler->arena);
    wh_print_expr(&source, expr);
    parts->items[parts->count] = (struct wh_program_part){node, wh_buf_str(&source)};
    parts->signs[parts->count] = sign;
    parts->count++;
}

/* Follows tree and nodes side by side; both have the same shape down to what is collected. */
static void
collect_and(struct parts *parts, const struct wh_expr *expr, uint16_t node)
{
    const struct wh_node *at = &parts->program->nodes[node];
    bool is_and = expr->kind == WH_EXPR_BINARY && expr->op == WH_EXPR_OP_AND;
    if (!is_and || at->op != WH_OP_AND || parts->count + 2 > PARTS_MAX) {
        add_part(parts, expr, node, 1);
        return;
    }
    collect_and(parts, expr->left, (uint16_t)at->first);
    collect_and(parts, expr->right, (uint16_t)at->second);
}

static void
collect_sum(struct parts *parts, const struct wh_expr *expr, uint16_t node, int8_t sign)
{
    const struct wh_node *at = &parts->program->nodes[node];
    bool is_add = expr->kind == WH_EXPR_BINARY && expr->op == WH_EXPR_OP_ADD;
    bool is_sub = expr->kind == WH_EXPR_BINARY && expr->op == WH_EXPR_OP_SUB;
    if ((!is_add && !is_sub) || (at->op != WH_OP_ADD && at->op != WH_OP_SUB) ||
        parts->count + 2 > PARTS_MAX) {
        add_part(parts, expr, node, sign);
        return;
    }
    collect_sum(parts, expr->left, (uint16_t)at->first, sign);
    collect_sum(parts, expr->right, (uint16_t)at->second, is_sub ? (int8_t)-sign : sign);
}

static const struct wh_formula *
begin(struct parts *parts, struct wh_compiler *compiler, const struct wh_program *program)
{
    const struct wh_formula *formula = wh_build_formula(compiler, program);
    if (formula != NULL) {
        *parts = (struct parts){
            .compiler = compiler,
            .program = program,
            .items = WH_ARENA_ARRAY(compiler->arena, struct wh_program_part, PARTS_MAX),
            .signs = WH_ARENA_ARRAY(compiler->arena, int8_t, PARTS_MAX),
        };
    }
    return formula;
}

const struct wh_program_part *
wh_build_parts(struct wh_compiler *compiler, const struct wh_program *program, size_t *ret_count)
{
    struct parts parts;
    const struct wh_formula *formula = begin(&parts, compiler, program);
    *ret_count = 0;
    if (formula == NULL) {
        return NULL;
    }
    collect_and(&parts, formula->expr, program->root);
    *ret_count = parts.count;
    return parts.items;
}

const struct wh_program_part *
wh_build_terms(struct wh_compiler *compiler, const struct wh_program *program,
               const int8_t **ret_signs, size_t *ret_count)
{
    struct parts parts;
    const struct wh_formula *formula = begin(&parts, compiler, program);
    *ret_count = 0;
    *ret_signs = NULL;
    if (formula == NULL) {
        return NULL;
    }
    collect_sum(&parts, formula->expr, program->root, 1);
    *ret_count = parts.count;
    *ret_signs = parts.signs;
    return parts.items;
}

void
wh_build_template(struct wh_compiler *compiler, const struct wh_where *where,
                  const struct wh_tree *tree, struct wh_template *ret_template)
{
    *ret_template = (struct wh_template){0};
    if (tree == NULL) {
        return;
    }
    const struct wh_expr_template *parsed =
        wh_parse_template(compiler->arena, compiler->problems, tree);
    if (parsed == NULL || parsed->count == 0) {
        return;
    }
    struct wh_template_piece *pieces =
        WH_ARENA_ARRAY(compiler->arena, struct wh_template_piece, parsed->count);
    for (size_t i = 0; i < parsed->count; i++) {
        pieces[i].literal = parsed->parts[i].text;
        if (parsed->parts[i].expr == NULL) {
            continue;
        }
        struct wh_program *program = WH_ARENA_NEW(compiler->arena, struct wh_program);
        *program = wh_build_expr(compiler, where, tree, parsed->parts[i].expr, WH_EXPECT_ANY);
        pieces[i].program = program;
    }
    ret_template->pieces = pieces;
    ret_template->count = (uint16_t)parsed->count;
}
