/* Tokens, bounds and the one problem of a parser. */
#include "engine/language/parser_state.h"

#include <stdarg.h>

#include "engine/base/format.h"
#include "engine/base/utf8.h"
#include "engine/language/tree_trouble.h"

#define MESSAGE_MAX         512
#define FOUND_SHOWN_LEN_MAX 80

void
wh_parser_advance(struct wh_parser *parser)
{
    parser->end = parser->token.span.to;
    parser->token = wh_token_next(parser->arena, parser->text, parser->end);
}

bool
wh_parser_is_sign(const struct wh_parser *parser, const char *sign)
{
    return parser->token.kind == WH_TOKEN_SIGN && wh_str_is(parser->token.text, sign);
}

bool
wh_parser_is_word(const struct wh_parser *parser, const char *word)
{
    return parser->token.kind == WH_TOKEN_NAME && wh_str_is(parser->token.text, word);
}

bool
wh_parser_accept_sign(struct wh_parser *parser, const char *sign)
{
    if (!wh_parser_is_sign(parser, sign)) {
        return false;
    }
    wh_parser_advance(parser);
    return true;
}

bool
wh_parser_accept_word(struct wh_parser *parser, const char *word)
{
    if (!wh_parser_is_word(parser, word)) {
        return false;
    }
    wh_parser_advance(parser);
    return true;
}

static struct wh_location
locate(const struct wh_parser *parser, struct wh_span span)
{
    return parser->tree == NULL ? parser->location
                                : wh_tree_locate(parser->tree, span.from, span.to);
}

bool
wh_parser_fail(struct wh_parser *parser, struct wh_span span, const char *format, ...)
{
    char message[MESSAGE_MAX];
    va_list args;
    va_start(args, format);
    (void)wh_format(message, sizeof(message), format, args);
    va_end(args);
    struct wh_location location = locate(parser, span);
    (void)wh_problem_error(parser->problems, &location, "%s", message);
    return false;
}

static bool
is_plain_tree(const struct wh_parser *parser)
{
    return parser->tree != NULL && parser->tree->style == WH_TREE_PLAIN;
}

/* The text ended too early: YAML may have cut it off. True when that was told. */
static bool
fail_cut_off(struct wh_parser *parser)
{
    if (!is_plain_tree(parser) || !parser->tree->is_in_flow ||
        wh_tree_trouble_follower(parser->tree) != ',') {
        return false;
    }
    wh_tree_trouble_tell_break(parser->tree, "comma", parser->problems);
    return true;
}

static bool
fail_not_closed(struct wh_parser *parser)
{
    bool is_comment = is_plain_tree(parser) && wh_tree_trouble_follower(parser->tree) == '#';
    if (!is_comment && fail_cut_off(parser)) {
        return false;
    }
    return wh_parser_fail(parser, parser->token.span, "%s%s", WH_TOKEN_NOT_CLOSED,
                          is_comment ? "; \" #\" begins a YAML comment, put the expression into "
                                       "single quotes"
                                     : "");
}

/* Words of other languages where ours has signs; NULL for others. */
static const char *
advice(const struct wh_parser *parser)
{
    static const struct {
        const char *word;
        const char *advice;
    } advices[] = {
        {"and", "write && instead of \"and\""},
        {"or", "write || instead of \"or\""},
        {"not", "write ! instead of \"not\""},
        {"null", "there is no null; write has(…) to ask whether something is known"},
        {"if", "no \"if\" here; use a table or a label with cases"},
    };
    if (wh_parser_is_sign(parser, "?")) {
        return "no \"? :\" here; use a table or a label with cases";
    }
    for (size_t i = 0; i < sizeof(advices) / sizeof(advices[0]); i++) {
        if (wh_parser_is_word(parser, advices[i].word)) {
            return advices[i].advice;
        }
    }
    return NULL;
}

bool
wh_parser_fail_expected(struct wh_parser *parser, const char *expected)
{
    struct wh_token *token = &parser->token;
    if (token->kind == WH_TOKEN_BAD) {
        return wh_str_is(token->text, WH_TOKEN_NOT_CLOSED)
                   ? fail_not_closed(parser)
                   : wh_parser_fail(parser, token->span, "%.*s", WH_STR_ARG(token->text));
    }
    if (advice(parser) != NULL) {
        return wh_parser_fail(parser, token->span, "%s", advice(parser));
    }
    if (token->kind == WH_TOKEN_END) {
        return fail_cut_off(parser)
                   ? false
                   : wh_parser_fail(parser, token->span, "expected %s, found the end", expected);
    }
    struct wh_str found = wh_utf8_cut(wh_str_slice(parser->text, token->span.from, token->span.to),
                                      FOUND_SHOWN_LEN_MAX);
    if (token->kind == WH_TOKEN_STRING) {
        return wh_parser_fail(parser, token->span, "expected %s, found the string %.*s", expected,
                              WH_STR_ARG(found));
    }
    return wh_parser_fail(parser, token->span, "expected %s, found \"%.*s\"", expected,
                          WH_STR_ARG(found));
}

bool
wh_parser_enter(struct wh_parser *parser, struct wh_span span)
{
    if (parser->depth == WH_EXPR_DEPTH_MAX) {
        return wh_parser_fail(parser, span, "nested deeper than %d", WH_EXPR_DEPTH_MAX);
    }
    parser->depth++;
    return true;
}

void
wh_parser_leave(struct wh_parser *parser)
{
    parser->depth--;
}

bool
wh_parser_count_operation(struct wh_parser *parser, struct wh_span span)
{
    if (parser->operations == WH_EXPR_OPERATIONS_MAX) {
        return wh_parser_fail(parser, span, "more than %d operations in one expression",
                              WH_EXPR_OPERATIONS_MAX);
    }
    parser->operations++;
    return true;
}

struct wh_expr *
wh_parser_node(struct wh_parser *parser, enum wh_expr_kind kind, size_t from)
{
    struct wh_expr *expr = WH_ARENA_NEW(parser->arena, struct wh_expr);
    expr->kind = kind;
    expr->span = (struct wh_span){from, parser->end};
    return expr;
}
