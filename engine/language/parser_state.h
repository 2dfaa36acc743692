/* What the parts of the parser share: parser.c (expressions), parser_aggregate.c (aggregates,
 * selectors, windows). Not for others. */
#ifndef WH_LANGUAGE_PARSER_STATE_H
#define WH_LANGUAGE_PARSER_STATE_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/language/parser.h"
#include "engine/language/token.h"

/* Functions return NULL or false after the first problem was told; it is the only one. */
struct wh_parser {
    struct wh_arena *arena;
    struct wh_problems *problems;
    const struct wh_tree *tree; /* NULL: everything is at location */
    struct wh_location location;
    struct wh_str text;
    struct wh_token token; /* the one not yet taken */
    size_t end;            /* of the last one taken */
    size_t depth;
    size_t operations;
    bool is_in_where;
};

/* Takes the token and cuts the next one. */
void wh_parser_advance(struct wh_parser *parser);

bool wh_parser_is_sign(const struct wh_parser *parser, const char *sign);
bool wh_parser_is_word(const struct wh_parser *parser, const char *word);

/* Takes it if it is there. */
bool wh_parser_accept_sign(struct wh_parser *parser, const char *sign);
bool wh_parser_accept_word(struct wh_parser *parser, const char *word);

/* Tells a problem at a span. Always false, so that callers can return it. */
bool wh_parser_fail(struct wh_parser *parser, struct wh_span span, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* "expected EXPECTED, found …" at the token, or what is better known about it. Always false. */
bool wh_parser_fail_expected(struct wh_parser *parser, const char *expected);

/* Into brackets or one more operation; false when that is one too many. leave has no check. */
bool wh_parser_enter(struct wh_parser *parser, struct wh_span span);
void wh_parser_leave(struct wh_parser *parser);
bool wh_parser_count_operation(struct wh_parser *parser, struct wh_span span);

struct wh_expr *wh_parser_expr(struct wh_parser *parser);

/* A node that begins at from and ends with the last token taken. */
struct wh_expr *wh_parser_node(struct wh_parser *parser, enum wh_expr_kind kind, size_t from);

/* Whether the token is the name of an aggregate, and the aggregate whose name it is. */
bool wh_parser_is_aggregate(const struct wh_parser *parser);
struct wh_expr *wh_parser_aggregate(struct wh_parser *parser);

bool wh_parser_selector(struct wh_parser *parser, struct wh_expr_selector *ret_selector);

#endif
