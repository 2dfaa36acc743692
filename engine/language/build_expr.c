/* The core of the checker: nodes, literals, and what a place expects. */
#include "engine/language/build.h"
#include "engine/language/builder.h"
#include "engine/language/intern.h"
#include "engine/language/print.h"
#include "engine/language/scope.h"

const struct wh_operand wh_operand_failed = {.node = -1, .type = {.label = -1}};

const char *
wh_static_str(const struct wh_static *type)
{
    switch (type->type) {
    case WH_TYPE_UNKNOWN:
        return "a value only known at run time";
    case WH_TYPE_BOOL:
        return "a bool";
    case WH_TYPE_NUMBER:
        return "a number";
    case WH_TYPE_STRING:
        return "a string";
    case WH_TYPE_TIME:
        return "a time";
    case WH_TYPE_DURATION:
        return "a duration";
    case WH_TYPE_LABEL:
        return type->set == WH_SET_GRADE ? "a grade" : "a label";
    case WH_TYPE_LIST:
        return "a list";
    }
    return "";
}

struct wh_location
wh_builder_place(const struct wh_builder *builder, struct wh_span span)
{
    return builder->tree != NULL ? wh_tree_locate(builder->tree, span.from, span.to)
                                 : *builder->fallback;
}

struct wh_operand
wh_builder_add(struct wh_builder *builder, struct wh_node node, struct wh_static type,
               struct wh_span span)
{
    if (builder->count == WH_PROGRAM_NODES_MAX) {
        struct wh_location location = wh_builder_place(builder, span);
        wh_problem_error(builder->compiler->problems, &location,
                         "the expression has more than %d parts", WH_PROGRAM_NODES_MAX);
        return wh_operand_failed;
    }
    struct wh_compiler *compiler = builder->compiler;
    builder->nodes = wh_compiler_room(compiler, builder->nodes, builder->count, sizeof(node));
    builder->spans = wh_compiler_room(compiler, builder->spans, builder->count, sizeof(span));
    node.type = (uint8_t)type.type;
    builder->nodes[builder->count] = node;
    builder->spans[builder->count] = span;
    return (struct wh_operand){(int16_t)builder->count++, type};
}

struct wh_operand
wh_builder_constant(struct wh_builder *builder, struct wh_value value, struct wh_static type,
                    struct wh_span span)
{
    struct wh_node node = {
        .op = WH_OP_CONST, .first = -1, .second = -1, .arg = value.number, .text = value.text};
    return wh_builder_add(builder, node, type, span);
}

struct wh_operand
wh_builder_read(struct wh_builder *builder, enum wh_op op, int64_t arg, struct wh_static type,
                struct wh_span span)
{
    struct wh_node node = {.op = (uint8_t)op, .first = -1, .second = -1, .arg = arg};
    return wh_builder_add(builder, node, type, span);
}

void
wh_builder_edge(struct wh_builder *builder, enum wh_owner_kind kind, int32_t index,
                struct wh_span span)
{
    struct wh_compiler *compiler = builder->compiler;
    if (builder->where->owner.kind == WH_OWNER_NONE) {
        return;
    }
    compiler->edges =
        wh_compiler_room(compiler, compiler->edges, compiler->edge_count, sizeof(struct wh_edge));
    compiler->edges[compiler->edge_count++] =
        (struct wh_edge){builder->where->owner, {kind, index}, wh_builder_place(builder, span)};
}

static struct wh_operand
build_negate(struct wh_builder *builder, struct wh_expr *expr)
{
    struct wh_value value;
    if (expr->left->kind != WH_EXPR_NAME && wh_builder_literal(builder, expr, &value)) {
        return wh_builder_constant(builder, value, wh_static_of(value.type), expr->span);
    }
    struct wh_operand operand = wh_builder_expr(builder, expr->left);
    if (!wh_operand_is_ok(operand)) {
        return operand;
    }
    enum wh_type type = operand.type.type;
    if (type != WH_TYPE_NUMBER && type != WH_TYPE_DURATION && type != WH_TYPE_UNKNOWN) {
        struct wh_location location = wh_builder_place(builder, expr->span);
        wh_problem_error(builder->compiler->problems, &location, "cannot negate %s",
                         wh_static_str(&operand.type));
        return wh_operand_failed;
    }
    struct wh_static result = wh_static_of(type);
    result.clock = operand.type.clock;
    return wh_builder_add(builder,
                          (struct wh_node){.op = WH_OP_NEG, .first = operand.node, .second = -1},
                          result, expr->span);
}

static struct wh_operand
build_not(struct wh_builder *builder, struct wh_expr *expr)
{
    struct wh_operand operand = wh_builder_bool(builder, expr->left);
    if (!wh_operand_is_ok(operand)) {
        return operand;
    }
    return wh_builder_add(builder,
                          (struct wh_node){.op = WH_OP_NOT, .first = operand.node, .second = -1},
                          wh_static_of(WH_TYPE_BOOL), expr->span);
}

static struct wh_operand
build_stray_list(struct wh_builder *builder, const struct wh_expr *expr)
{
    struct wh_location location = wh_builder_place(builder, expr->span);
    wh_problem_error(builder->compiler->problems, &location,
                     "a list in brackets stands to the right of \"in\" only");
    return wh_operand_failed;
}

struct wh_operand
wh_builder_expr(struct wh_builder *builder, struct wh_expr *expr)
{
    struct wh_value value;
    switch (expr->kind) {
    case WH_EXPR_NUMBER:
    case WH_EXPR_DURATION:
    case WH_EXPR_STRING:
    case WH_EXPR_BOOL:
        (void)wh_builder_literal(builder, expr, &value);
        return wh_builder_constant(builder, value, wh_static_of(value.type), expr->span);
    case WH_EXPR_LIST:
        return build_stray_list(builder, expr);
    case WH_EXPR_NAME:
        return wh_builder_name(builder, expr);
    case WH_EXPR_FIELD:
        return wh_builder_field(builder, expr);
    case WH_EXPR_METHOD:
        return wh_builder_method(builder, expr);
    case WH_EXPR_CALL:
        return wh_builder_call(builder, expr);
    case WH_EXPR_NOT:
        return build_not(builder, expr);
    case WH_EXPR_NEGATE:
        return build_negate(builder, expr);
    case WH_EXPR_BINARY:
        return wh_builder_binary(builder, expr);
    case WH_EXPR_AGGREGATE:
        return wh_builder_aggregate(builder, expr);
    }
    return wh_operand_failed;
}

/* "; did you mean interest > 0?" where that is what was forgotten. */
static void
report_not_bool(struct wh_builder *builder, const struct wh_expr *expr,
                const struct wh_static *type)
{
    struct wh_location location = wh_builder_place(builder, expr->span);
    struct wh_problems *problems = builder->compiler->problems;
    if (type->type != WH_TYPE_NUMBER) {
        wh_problem_error(problems, &location, "expected a bool here, found %s",
                         wh_static_str(type));
        return;
    }
    struct wh_buf text;
    wh_buf_init(&text, problems->arena);
    wh_print_expr(&text, expr);
    wh_problem_error(problems, &location,
                     "expected a bool here, found a number; did you mean %.*s > 0?",
                     WH_STR_ARG(wh_buf_str(&text)));
}

struct wh_operand
wh_builder_bool(struct wh_builder *builder, struct wh_expr *expr)
{
    struct wh_operand operand = wh_builder_expr(builder, expr);
    if (!wh_operand_is_ok(operand) || operand.type.type == WH_TYPE_BOOL ||
        operand.type.type == WH_TYPE_UNKNOWN) {
        return operand;
    }
    report_not_bool(builder, expr, &operand.type);
    return wh_operand_failed;
}

static struct wh_operand
build_number(struct wh_builder *builder, struct wh_expr *expr)
{
    struct wh_operand operand = wh_builder_expr(builder, expr);
    if (!wh_operand_is_ok(operand) || operand.type.type == WH_TYPE_NUMBER ||
        operand.type.type == WH_TYPE_UNKNOWN) {
        return operand;
    }
    struct wh_location location = wh_builder_place(builder, expr->span);
    if (operand.type.clock != NULL && builder->where->makes_points) {
        return operand; /* told by check_clock */
    }
    wh_problem_error(builder->compiler->problems, &location, "expected a number here, found %s",
                     wh_static_str(&operand.type));
    return wh_operand_failed;
}

static struct wh_operand
check_clock(struct wh_builder *builder, const struct wh_expr *expr, struct wh_operand operand)
{
    if (!wh_operand_is_ok(operand) || !builder->where->makes_points || operand.type.clock == NULL) {
        return operand;
    }
    struct wh_location location = wh_builder_place(builder, expr->span);
    wh_problem_error(builder->compiler->problems, &location,
                     "\"%s\" is a clock and cannot become points; compare it with a duration",
                     operand.type.clock);
    return wh_operand_failed;
}

static struct wh_operand
build_expected(struct wh_builder *builder, struct wh_expr *expr, enum wh_expect expect)
{
    switch (expect) {
    case WH_EXPECT_ANY:
        return wh_builder_expr(builder, expr);
    case WH_EXPECT_BOOL:
        return wh_builder_bool(builder, expr);
    case WH_EXPECT_NUMBER:
        return check_clock(builder, expr, build_number(builder, expr));
    }
    return wh_operand_failed;
}

struct wh_program
wh_builder_finish(struct wh_builder *builder, struct wh_expr *expr, struct wh_operand root)
{
    struct wh_compiler *compiler = builder->compiler;
    struct wh_buf source;
    wh_buf_init(&source, compiler->arena);
    wh_print_expr(&source, expr);
    struct wh_program program = {.nodes = builder->nodes,
                                 .count = (uint16_t)builder->count,
                                 .root = (uint16_t)root.node,
                                 .source = wh_buf_str(&source)};
    compiler->formulas = wh_compiler_room(compiler, compiler->formulas, compiler->formula_count,
                                          sizeof(struct wh_formula));
    compiler->formulas[compiler->formula_count++] =
        (struct wh_formula){.tree = builder->tree,
                            .expr = expr,
                            .program = program,
                            .spans = builder->spans,
                            .where = *builder->where,
                            .type = root.type,
                            .is_inner = builder->is_inner};
    return program;
}

static struct wh_program
run(struct wh_builder *builder, struct wh_expr *expr, enum wh_expect expect)
{
    struct wh_operand root = build_expected(builder, expr, expect);
    return wh_operand_is_ok(root) ? wh_builder_finish(builder, expr, root) : (struct wh_program){0};
}

struct wh_program
wh_build_expr(struct wh_compiler *compiler, const struct wh_where *where,
              const struct wh_tree *tree, struct wh_expr *expr, enum wh_expect expect)
{
    struct wh_builder builder = {
        .compiler = compiler, .where = where, .tree = tree, .it_changed = -1};
    return run(&builder, expr, expect);
}

struct wh_program
wh_build(struct wh_compiler *compiler, const struct wh_where *where, const struct wh_tree *tree,
         enum wh_expect expect)
{
    if (tree == NULL) {
        return (struct wh_program){0};
    }
    struct wh_expr *expr = wh_parse_expr(compiler->arena, compiler->problems, tree);
    if (expr == NULL) {
        return (struct wh_program){0};
    }
    return wh_build_expr(compiler, where, tree, expr, expect);
}

enum wh_err
wh_build_text(struct wh_compiler *compiler, struct wh_str text, const struct wh_location *location,
              struct wh_program *ret_program)
{
    static const struct wh_where where = {
        .name = "a test", .has_model = true, .has_aggregates = true, .changed_label = -1};
    struct wh_str copy = wh_arena_str(compiler->arena, text);
    struct wh_expr *expr = wh_parse_expr_text(compiler->arena, compiler->problems, copy, location);
    if (expr == NULL) {
        return WH_ERR_INPUT;
    }
    struct wh_builder builder = {
        .compiler = compiler, .where = &where, .fallback = location, .it_changed = -1};
    size_t errors = compiler->problems->error_count;
    struct wh_program program = run(&builder, expr, WH_EXPECT_ANY);
    if (program.count == 0 || compiler->problems->error_count > errors) {
        return WH_ERR_INPUT;
    }
    *ret_program = program;
    return WH_OK;
}

const struct wh_formula *
wh_build_formula(const struct wh_compiler *compiler, const struct wh_program *program)
{
    for (size_t i = 0; program->count > 0 && i < compiler->formula_count; i++) {
        if (compiler->formulas[i].program.nodes == program->nodes) {
            return &compiler->formulas[i];
        }
    }
    return NULL;
}
