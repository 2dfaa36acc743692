/* Recursive descent, one level of precedence below the other. Depth is bounded by
 * WH_EXPR_DEPTH_MAX before the stack can be. */
#include "engine/language/parser_state.h"
#include "engine/language/print.h"
#include "engine/language/scalars.h"

#define CHAIN_SHOWN_LEN_MAX 60

/* Values up to the closing sign, which is taken. */
static bool
parse_args(struct wh_parser *parser, const char *closing, struct wh_expr *expr)
{
    size_t capacity = 0;
    while (!wh_parser_is_sign(parser, closing)) {
        if (expr->arg_count > 0 && !wh_parser_accept_sign(parser, ",")) {
            return wh_parser_fail_expected(parser,
                                           *closing == ')' ? "\",\" or \")\"" : "\",\" or \"]\"");
        }
        if (expr->arg_count == WH_EXPR_LIST_MAX) {
            return wh_parser_fail(parser, parser->token.span, "more than %d values",
                                  WH_EXPR_LIST_MAX);
        }
        struct wh_expr *arg = wh_parser_expr(parser);
        if (arg == NULL) {
            return false;
        }
        if (expr->arg_count == capacity) {
            capacity = capacity == 0 ? 4 : capacity * 2;
            expr->args = (struct wh_expr **)wh_arena_grow(parser->arena, (const void *)expr->args,
                                                          expr->arg_count, capacity,
                                                          sizeof(struct wh_expr *));
        }
        expr->args[expr->arg_count++] = arg;
    }
    wh_parser_advance(parser);
    expr->span.to = parser->end;
    return true;
}

/* The opening bracket is the token. */
static bool
parse_brackets(struct wh_parser *parser, const char *closing, struct wh_expr *expr)
{
    if (!wh_parser_enter(parser, parser->token.span)) {
        return false;
    }
    wh_parser_advance(parser);
    bool is_done = parse_args(parser, closing, expr);
    wh_parser_leave(parser);
    return is_done;
}

static struct wh_expr *
parse_list(struct wh_parser *parser)
{
    struct wh_expr *expr = wh_parser_node(parser, WH_EXPR_LIST, parser->token.span.from);
    return parse_brackets(parser, "]", expr) ? expr : NULL;
}

static struct wh_expr *
parse_group(struct wh_parser *parser)
{
    if (!wh_parser_enter(parser, parser->token.span)) {
        return NULL;
    }
    wh_parser_advance(parser);
    struct wh_expr *expr = wh_parser_expr(parser);
    wh_parser_leave(parser);
    if (expr != NULL && !wh_parser_accept_sign(parser, ")")) {
        (void)wh_parser_fail_expected(parser, "\")\"");
        return NULL;
    }
    return expr;
}

static bool
is_among(struct wh_str text, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (wh_str_is(text, words[i])) {
            return true;
        }
    }
    return false;
}

/* Reserved words that may begin a value; the others only stand where the grammar names them. */
static bool
may_be_value(struct wh_str word)
{
    static const char *const words[] = {
        "touch", "it",    "lead",  "company",     "consent", "session",
        "now",   "grade", "stage", "stage_since", "stale",   "ripe",
    };
    return !wh_name_is_reserved(word) || is_among(word, words, sizeof(words) / sizeof(words[0]));
}

static bool
is_function(struct wh_str word)
{
    static const char *const words[] = {"has", "default", "least", "greatest", "abs", "time"};
    return is_among(word, words, sizeof(words) / sizeof(words[0]));
}

static struct wh_expr *
parse_call(struct wh_parser *parser, struct wh_token name)
{
    struct wh_expr *expr = wh_parser_node(parser, WH_EXPR_CALL, name.span.from);
    expr->text = name.text;
    expr->name_span = name.span;
    if (!wh_parser_count_operation(parser, name.span) || !parse_brackets(parser, ")", expr)) {
        return NULL;
    }
    return expr;
}

static struct wh_expr *
parse_name(struct wh_parser *parser)
{
    struct wh_token name = parser->token;
    if (wh_parser_is_word(parser, "true") || wh_parser_is_word(parser, "false")) {
        wh_parser_advance(parser);
        struct wh_expr *expr = wh_parser_node(parser, WH_EXPR_BOOL, name.span.from);
        expr->number = wh_str_is(name.text, "true") ? 1 : 0;
        return expr;
    }
    bool is_call_only = is_function(name.text);
    if (!is_call_only && !may_be_value(name.text)) {
        (void)wh_parser_fail_expected(parser, "a value");
        return NULL;
    }
    wh_parser_advance(parser);
    if (wh_parser_is_sign(parser, "(")) {
        return parse_call(parser, name);
    }
    if (is_call_only) {
        (void)wh_parser_fail_expected(parser, "\"(\" after a function");
        return NULL;
    }
    struct wh_expr *expr = wh_parser_node(parser, WH_EXPR_NAME, name.span.from);
    expr->text = name.text;
    expr->name_span = name.span;
    return expr;
}

static struct wh_expr *
parse_literal(struct wh_parser *parser, enum wh_expr_kind kind)
{
    struct wh_token token = parser->token;
    wh_parser_advance(parser);
    struct wh_expr *expr = wh_parser_node(parser, kind, token.span.from);
    expr->number = token.value;
    expr->text = token.text;
    return expr;
}

static struct wh_expr *
parse_primary(struct wh_parser *parser)
{
    switch (parser->token.kind) {
    case WH_TOKEN_NUMBER:
        return parse_literal(parser, WH_EXPR_NUMBER);
    case WH_TOKEN_DURATION:
        return parse_literal(parser, WH_EXPR_DURATION);
    case WH_TOKEN_STRING:
        return parse_literal(parser, WH_EXPR_STRING);
    case WH_TOKEN_NAME:
        return wh_parser_is_aggregate(parser) ? wh_parser_aggregate(parser) : parse_name(parser);
    case WH_TOKEN_SIGN:
    case WH_TOKEN_END:
    case WH_TOKEN_BAD:
        break;
    }
    if (wh_parser_is_sign(parser, "(")) {
        return parse_group(parser);
    }
    if (wh_parser_is_sign(parser, "[")) {
        return parse_list(parser);
    }
    (void)wh_parser_fail_expected(parser, "a value");
    return NULL;
}

/* The name behind a "." and, when there is one, its bracket. */
static struct wh_expr *
parse_link(struct wh_parser *parser, struct wh_expr *left, size_t from)
{
    if (parser->token.kind != WH_TOKEN_NAME) {
        (void)wh_parser_fail_expected(parser, "a name after \".\"");
        return NULL;
    }
    struct wh_token name = parser->token;
    wh_parser_advance(parser);
    struct wh_expr *expr = wh_parser_node(parser, WH_EXPR_FIELD, from);
    expr->left = left;
    expr->text = name.text;
    expr->name_span = name.span;
    if (!wh_parser_is_sign(parser, "(")) {
        return expr;
    }
    expr->kind = WH_EXPR_METHOD;
    if (!wh_parser_count_operation(parser, name.span) || !parse_brackets(parser, ")", expr)) {
        return NULL;
    }
    return expr;
}

static struct wh_expr *
parse_member(struct wh_parser *parser)
{
    size_t from = parser->token.span.from;
    struct wh_expr *expr = parse_primary(parser);
    for (int links = 0; expr != NULL && wh_parser_is_sign(parser, "."); links++) {
        if (links == WH_EXPR_DEPTH_MAX) {
            (void)wh_parser_fail(parser, parser->token.span, "nested deeper than %d",
                                 WH_EXPR_DEPTH_MAX);
            return NULL;
        }
        wh_parser_advance(parser);
        expr = parse_link(parser, expr, from);
    }
    return expr;
}

static struct wh_expr *
parse_unary(struct wh_parser *parser)
{
    bool is_not = wh_parser_is_sign(parser, "!");
    if (!is_not && !wh_parser_is_sign(parser, "-")) {
        return parse_member(parser);
    }
    struct wh_span sign = parser->token.span;
    if (!wh_parser_enter(parser, sign) || !wh_parser_count_operation(parser, sign)) {
        return NULL;
    }
    wh_parser_advance(parser);
    struct wh_expr *operand = parse_unary(parser);
    wh_parser_leave(parser);
    if (operand == NULL) {
        return NULL;
    }
    struct wh_expr *expr = wh_parser_node(parser, is_not ? WH_EXPR_NOT : WH_EXPR_NEGATE, sign.from);
    expr->name_span = sign;
    expr->left = operand;
    return expr;
}

enum level { LEVEL_OR, LEVEL_AND, LEVEL_RELATION, LEVEL_SUM, LEVEL_PRODUCT, LEVEL_UNARY };

static enum level
level_of(enum wh_expr_op op)
{
    switch (op) {
    case WH_EXPR_OP_OR:
        return LEVEL_OR;
    case WH_EXPR_OP_AND:
        return LEVEL_AND;
    case WH_EXPR_OP_EQ:
    case WH_EXPR_OP_NE:
    case WH_EXPR_OP_LT:
    case WH_EXPR_OP_LE:
    case WH_EXPR_OP_GT:
    case WH_EXPR_OP_GE:
    case WH_EXPR_OP_IN:
        return LEVEL_RELATION;
    case WH_EXPR_OP_ADD:
    case WH_EXPR_OP_SUB:
        return LEVEL_SUM;
    case WH_EXPR_OP_MUL:
    case WH_EXPR_OP_DIV:
        return LEVEL_PRODUCT;
    }
    return LEVEL_UNARY;
}

/* Whether the token is an operator of this level. */
static bool
is_op(const struct wh_parser *parser, enum level level, enum wh_expr_op *ret_op)
{
    for (int i = WH_EXPR_OP_OR; i <= WH_EXPR_OP_DIV; i++) {
        enum wh_expr_op op = (enum wh_expr_op)i;
        const char *sign = wh_expr_op_str(op);
        if (level_of(op) == level &&
            (wh_parser_is_sign(parser, sign) || wh_parser_is_word(parser, sign))) {
            *ret_op = op;
            return true;
        }
    }
    return false;
}

static struct wh_expr *parse_level(struct wh_parser *parser, enum level level);

/* "0 < x < 5": first holds the first relation, middle its right side as written. */
static void
fail_chain(struct wh_parser *parser, struct wh_span first, struct wh_span middle)
{
    struct wh_span op = parser->token.span;
    wh_parser_advance(parser);
    struct wh_span last = {parser->token.span.from, 0};
    if (parse_level(parser, LEVEL_SUM) == NULL) {
        return;
    }
    last.to = parser->end;
    struct wh_str text = parser->text;
    if (last.to - first.from > CHAIN_SHOWN_LEN_MAX) {
        (void)wh_parser_fail(parser, op, "relations do not chain: join two with &&");
        return;
    }
    (void)wh_parser_fail(parser, op, "relations do not chain: write %.*s && %.*s %.*s %.*s",
                         WH_STR_ARG(wh_str_slice(text, first.from, first.to)),
                         WH_STR_ARG(wh_str_slice(text, middle.from, middle.to)),
                         WH_STR_ARG(wh_str_slice(text, op.from, op.to)),
                         WH_STR_ARG(wh_str_slice(text, last.from, last.to)));
}

static struct wh_expr *
parse_level(struct wh_parser *parser, enum level level)
{
    if (level == LEVEL_UNARY) {
        return parse_unary(parser);
    }
    size_t from = parser->token.span.from;
    struct wh_expr *left = parse_level(parser, level + 1);
    enum wh_expr_op op;
    while (left != NULL && is_op(parser, level, &op)) {
        struct wh_span sign = parser->token.span;
        if (!wh_parser_count_operation(parser, sign)) {
            return NULL;
        }
        wh_parser_advance(parser);
        struct wh_span middle = {parser->token.span.from, 0};
        struct wh_expr *right = parse_level(parser, level + 1);
        if (right == NULL) {
            return NULL;
        }
        struct wh_expr *expr = wh_parser_node(parser, WH_EXPR_BINARY, from);
        expr->op = op;
        expr->name_span = sign;
        expr->left = left;
        expr->right = right;
        left = expr;
        middle.to = parser->end;
        if (level == LEVEL_RELATION && is_op(parser, level, &op)) {
            fail_chain(parser, expr->span, middle);
            return NULL;
        }
    }
    return left;
}

struct wh_expr *
wh_parser_expr(struct wh_parser *parser)
{
    return parse_level(parser, LEVEL_OR);
}
