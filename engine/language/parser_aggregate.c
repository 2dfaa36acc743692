#include "engine/language/parser_state.h"
#include "engine/language/print.h"
#include "engine/language/scalars.h"

static bool
find_kind(struct wh_str word, enum wh_expr_aggregate_kind *ret_kind)
{
    for (int i = WH_EXPR_COUNT; i <= WH_EXPR_SINCE; i++) {
        if (wh_str_is(word, wh_expr_aggregate_str((enum wh_expr_aggregate_kind)i))) {
            *ret_kind = (enum wh_expr_aggregate_kind)i;
            return true;
        }
    }
    return false;
}

bool
wh_parser_is_aggregate(const struct wh_parser *parser)
{
    enum wh_expr_aggregate_kind kind;
    return parser->token.kind == WH_TOKEN_NAME && find_kind(parser->token.text, &kind);
}

/* entered(…) and its kin, by their first word. */
static bool
find_moment(struct wh_str word, enum wh_expr_pick_kind *ret_kind)
{
    static const struct {
        const char *word;
        enum wh_expr_pick_kind kind;
    } moments[] = {
        {"entered", WH_EXPR_PICK_ENTERED},
        {"left", WH_EXPR_PICK_LEFT},
        {"changed", WH_EXPR_PICK_CHANGED},
        {"fired", WH_EXPR_PICK_FIRED},
    };
    for (size_t i = 0; i < sizeof(moments) / sizeof(moments[0]); i++) {
        if (wh_str_is(word, moments[i].word)) {
            *ret_kind = moments[i].kind;
            return true;
        }
    }
    return false;
}

static enum wh_expr_pick_kind
kind_of_word(struct wh_str word)
{
    return wh_str_is(word, "any")       ? WH_EXPR_PICK_ANY
           : wh_str_is(word, "session") ? WH_EXPR_PICK_SESSION
           : wh_str_is(word, "people")  ? WH_EXPR_PICK_PEOPLE
                                        : WH_EXPR_PICK_TYPE;
}

/* "(" NAME ")" behind entered and its kin. */
static bool
parse_moment(struct wh_parser *parser, struct wh_expr_pick *pick)
{
    if (!wh_parser_accept_sign(parser, "(")) {
        return wh_parser_fail_expected(parser, "\"(\" and a name");
    }
    if (parser->token.kind != WH_TOKEN_NAME) {
        return wh_parser_fail_expected(parser, "a name");
    }
    pick->text = parser->token.text;
    pick->name_span = parser->token.span;
    wh_parser_advance(parser);
    return wh_parser_accept_sign(parser, ")") || wh_parser_fail_expected(parser, "\")\"");
}

static bool
parse_pick(struct wh_parser *parser, struct wh_expr_pick *pick)
{
    struct wh_token token = parser->token;
    bool is_moment = token.kind == WH_TOKEN_NAME && find_moment(token.text, &pick->kind);
    if (token.kind == WH_TOKEN_STRING) {
        pick->kind = WH_EXPR_PICK_TYPE;
        pick->is_quoted = true;
    } else if (token.kind == WH_TOKEN_NAME && !is_moment) {
        pick->kind = kind_of_word(token.text);
        if (pick->kind == WH_EXPR_PICK_TYPE && wh_name_is_reserved(token.text)) {
            return wh_parser_fail_expected(parser, "a type of touch");
        }
    } else if (!is_moment) {
        return wh_parser_fail_expected(parser, "a type of touch");
    }
    pick->text = token.text;
    pick->name_span = token.span;
    wh_parser_advance(parser);
    if (is_moment && !parse_moment(parser, pick)) {
        return false;
    }
    pick->span = (struct wh_span){token.span.from, parser->end};
    return true;
}

static void
push_pick(struct wh_arena *arena, struct wh_expr_selector *selector, struct wh_expr_pick pick)
{
    /* Powers of two are when the array is full. */
    if ((selector->count & (selector->count - 1)) == 0) {
        size_t capacity = selector->count == 0 ? 1 : selector->count * 2;
        selector->picks =
            wh_arena_grow(arena, selector->picks, selector->count, capacity, sizeof(pick));
    }
    selector->picks[selector->count++] = pick;
}

bool
wh_parser_selector(struct wh_parser *parser, struct wh_expr_selector *ret_selector)
{
    struct wh_expr_selector selector = {.span = {parser->token.span.from, 0}};
    bool has_people = false;
    do {
        struct wh_expr_pick pick = {0};
        if (!parse_pick(parser, &pick)) {
            return false;
        }
        has_people = has_people || pick.kind == WH_EXPR_PICK_PEOPLE;
        if (has_people && selector.count > 0) {
            return wh_parser_fail(parser, pick.span, "\"people\" stands alone");
        }
        push_pick(parser->arena, &selector, pick);
    } while (wh_parser_accept_sign(parser, "|"));
    selector.span.to = parser->end;
    *ret_selector = selector;
    return true;
}

/* "30" or "30 days": what a person may write for a duration. */
static bool
fail_length(struct wh_parser *parser)
{
    struct wh_token token = parser->token;
    if (token.kind != WH_TOKEN_NUMBER) {
        return wh_parser_fail_expected(parser, "a duration such as 30d or 1h30m");
    }
    struct wh_token next = wh_token_next(parser->arena, parser->text, token.span.to);
    if (next.kind == WH_TOKEN_NAME && next.text.ptr[next.text.len - 1] == 's') {
        token.span.to = next.span.to;
    }
    struct wh_str found = wh_str_slice(parser->text, token.span.from, token.span.to);
    return wh_parser_fail(parser, token.span,
                          "expected a duration such as 30d or 1h30m, found \"%.*s\"",
                          WH_STR_ARG(found));
}

static bool
parse_length(struct wh_parser *parser, struct wh_expr_length *ret_length)
{
    struct wh_token token = parser->token;
    bool is_name = token.kind == WH_TOKEN_NAME && !wh_name_is_reserved(token.text);
    if (token.kind != WH_TOKEN_DURATION && !is_name) {
        return fail_length(parser);
    }
    wh_parser_advance(parser);
    *ret_length = (struct wh_expr_length){is_name, token.value, token.text, token.span};
    return true;
}

static bool
parse_between(struct wh_parser *parser, struct wh_expr_window *window)
{
    if (!parse_length(parser, &window->a)) {
        return false;
    }
    if (!wh_parser_accept_word(parser, "and")) {
        return wh_parser_fail(parser, parser->token.span, "expected \"and\": between 50d and 10d");
    }
    return parse_length(parser, &window->b);
}

static bool
parse_period(struct wh_parser *parser, struct wh_expr_window *window)
{
    bool is_this = window->kind == WH_EXPR_WINDOW_THIS;
    if (is_this && wh_parser_accept_word(parser, "session")) {
        window->kind = WH_EXPR_WINDOW_SESSION;
        return true;
    }
    if (parser->token.kind != WH_TOKEN_NAME ||
        !wh_name_period(parser->token.text, &window->period)) {
        return wh_parser_fail_expected(
            parser, is_this ? "day, week, month, quarter, year or session after \"this\""
                            : "day, week, month, quarter or year after \"previous\"");
    }
    wh_parser_advance(parser);
    return true;
}

static bool
parse_window_rest(struct wh_parser *parser, struct wh_expr_window *window)
{
    switch (window->kind) {
    case WH_EXPR_WINDOW_WITHIN:
        return parse_length(parser, &window->a);
    case WH_EXPR_WINDOW_BETWEEN:
        return parse_between(parser, window);
    case WH_EXPR_WINDOW_THIS:
    case WH_EXPR_WINDOW_PREVIOUS:
        return parse_period(parser, window);
    case WH_EXPR_WINDOW_SINCE:
        return wh_parser_selector(parser, &window->since);
    case WH_EXPR_WINDOW_SESSION:
    case WH_EXPR_WINDOW_NONE:
        break;
    }
    return true;
}

/* Takes the word that a window begins with. */
static enum wh_expr_window_kind
accept_window_word(struct wh_parser *parser)
{
    static const struct {
        const char *word;
        enum wh_expr_window_kind kind;
    } words[] = {
        {"within", WH_EXPR_WINDOW_WITHIN}, {"between", WH_EXPR_WINDOW_BETWEEN},
        {"this", WH_EXPR_WINDOW_THIS},     {"previous", WH_EXPR_WINDOW_PREVIOUS},
        {"since", WH_EXPR_WINDOW_SINCE},
    };
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (wh_parser_accept_word(parser, words[i].word)) {
            return words[i].kind;
        }
    }
    return WH_EXPR_WINDOW_NONE;
}

/* No window is a window, too: the whole life. */
static bool
parse_window(struct wh_parser *parser, struct wh_expr_window *ret_window)
{
    size_t from = parser->token.span.from;
    struct wh_expr_window window = {.kind = accept_window_word(parser), .span = {from, from}};
    if (window.kind != WH_EXPR_WINDOW_NONE) {
        if (!parse_window_rest(parser, &window)) {
            return false;
        }
        window.span.to = parser->end;
    }
    *ret_window = window;
    return true;
}

/* [ "where" expr ] */
static bool
parse_where(struct wh_parser *parser, struct wh_expr_aggregate *aggregate)
{
    if (!wh_parser_accept_word(parser, "where")) {
        return true;
    }
    bool was_in_where = parser->is_in_where;
    parser->is_in_where = true;
    aggregate->where = wh_parser_expr(parser);
    parser->is_in_where = was_in_where;
    return aggregate->where != NULL;
}

/* "silent": a length alone, or what is silent and for how long. A name alone is a constant. */
static bool
parse_silent(struct wh_parser *parser, struct wh_expr_aggregate *aggregate)
{
    struct wh_token first = parser->token;
    if (first.kind == WH_TOKEN_DURATION || first.kind == WH_TOKEN_NUMBER) {
        return parse_length(parser, &aggregate->length);
    }
    if (!wh_parser_selector(parser, &aggregate->selector)) {
        return false;
    }
    bool is_one_name = aggregate->selector.count == 1 && first.kind == WH_TOKEN_NAME &&
                       aggregate->selector.picks[0].kind == WH_EXPR_PICK_TYPE;
    if (is_one_name && wh_parser_is_sign(parser, ")")) {
        aggregate->selector = (struct wh_expr_selector){0};
        aggregate->length = (struct wh_expr_length){true, 0, first.text, first.span};
        return true;
    }
    if (!parse_where(parser, aggregate)) {
        return false;
    }
    if (!wh_parser_accept_word(parser, "for")) {
        return wh_parser_fail_expected(parser, "\"for\" and a duration");
    }
    return parse_length(parser, &aggregate->length);
}

/* What stands before the selector in sum and its kin. */
static bool
parse_value(struct wh_parser *parser, struct wh_expr_aggregate *aggregate)
{
    if (aggregate->kind == WH_EXPR_COUNT || aggregate->kind == WH_EXPR_SINCE) {
        return true;
    }
    aggregate->value = wh_parser_expr(parser);
    if (aggregate->value == NULL) {
        return false;
    }
    return wh_parser_accept_word(parser, "of") ||
           wh_parser_fail_expected(parser, "\"of\" and a selector");
}

static bool
parse_inside(struct wh_parser *parser, struct wh_expr_aggregate *aggregate)
{
    if (aggregate->kind == WH_EXPR_SILENT) {
        return parse_silent(parser, aggregate);
    }
    if (!parse_value(parser, aggregate) || !wh_parser_selector(parser, &aggregate->selector) ||
        !parse_where(parser, aggregate)) {
        return false;
    }
    return aggregate->kind == WH_EXPR_SINCE || parse_window(parser, &aggregate->window);
}

static bool
fail_unclosed(struct wh_parser *parser, const struct wh_expr_aggregate *aggregate)
{
    bool is_known_trouble =
        parser->token.kind == WH_TOKEN_BAD || parser->token.kind == WH_TOKEN_END;
    bool has_window = aggregate->window.kind != WH_EXPR_WINDOW_NONE;
    if (has_window && !is_known_trouble) {
        return wh_parser_fail(parser, parser->token.span, "expected \")\" after the window");
    }
    if (aggregate->kind == WH_EXPR_SILENT || has_window) {
        return wh_parser_fail_expected(parser, has_window ? "\")\" after the window" : "\")\"");
    }
    return wh_parser_fail_expected(parser, aggregate->where != NULL ? "\")\" after the condition"
                                                                    : "\")\" after the selector");
}

struct wh_expr *
wh_parser_aggregate(struct wh_parser *parser)
{
    struct wh_token name = parser->token;
    struct wh_expr_aggregate *aggregate = WH_ARENA_NEW(parser->arena, struct wh_expr_aggregate);
    (void)find_kind(name.text, &aggregate->kind);
    if (parser->is_in_where) {
        (void)wh_parser_fail(parser, name.span, "aggregates do not stand inside a where");
        return NULL;
    }
    if (!wh_parser_count_operation(parser, name.span) || !wh_parser_enter(parser, name.span)) {
        return NULL;
    }
    wh_parser_advance(parser);
    if (!wh_parser_accept_sign(parser, "(")) {
        (void)wh_parser_fail_expected(parser, "\"(\" after an aggregate");
        return NULL;
    }
    if (!parse_inside(parser, aggregate)) {
        return NULL;
    }
    if (!wh_parser_accept_sign(parser, ")")) {
        (void)fail_unclosed(parser, aggregate);
        return NULL;
    }
    wh_parser_leave(parser);
    struct wh_expr *expr = wh_parser_node(parser, WH_EXPR_AGGREGATE, name.span.from);
    expr->name_span = name.span;
    expr->aggregate = aggregate;
    return expr;
}
