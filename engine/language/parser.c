/* The ways into the parser. The grammar is in parser_expr.c and parser_aggregate.c. */
#include "engine/language/parser.h"

#include "engine/language/parser_state.h"

static struct wh_parser
begin(struct wh_arena *arena, struct wh_problems *problems, const struct wh_tree *tree,
      struct wh_str text)
{
    struct wh_parser parser = {
        .arena = arena,
        .problems = problems,
        .tree = tree,
        .text = text,
        .token = wh_token_next(arena, text, 0),
    };
    return parser;
}

static bool
is_at_end(struct wh_parser *parser, const char *expected)
{
    return parser->token.kind == WH_TOKEN_END || wh_parser_fail_expected(parser, expected);
}

/* False after telling that tree is nothing that can be parsed. */
static bool
is_readable(struct wh_problems *problems, const struct wh_tree *tree, const char *expected)
{
    if (tree->is_broken) {
        return false;
    }
    if (tree->kind != WH_TREE_SCALAR || wh_tree_is_empty(tree)) {
        (void)wh_problem_error(problems, &tree->location, "expected %s, found %s", expected,
                               wh_tree_kind_str(tree));
        return false;
    }
    if (tree->text.len > WH_EXPR_BYTES_MAX) {
        struct wh_location location = {tree->location.source, tree->location.offset, 0};
        struct wh_str size = wh_problem_count_text(problems->arena, (int64_t)tree->text.len);
        (void)wh_problem_error(problems, &location,
                               "an expression has at most 4,096 bytes, this one has %.*s",
                               WH_STR_ARG(size));
        return false;
    }
    return true;
}

static struct wh_expr *
parse_whole(struct wh_parser *parser)
{
    struct wh_expr *expr = wh_parser_expr(parser);
    return expr != NULL && is_at_end(parser, "an operator or the end") ? expr : NULL;
}

struct wh_expr *
wh_parse_expr(struct wh_arena *arena, struct wh_problems *problems, const struct wh_tree *tree)
{
    if (!is_readable(problems, tree, "an expression")) {
        return NULL;
    }
    struct wh_parser parser = begin(arena, problems, tree, tree->text);
    return parse_whole(&parser);
}

struct wh_expr *
wh_parse_expr_text(struct wh_arena *arena, struct wh_problems *problems, struct wh_str text,
                   const struct wh_location *location)
{
    if (text.len > WH_EXPR_BYTES_MAX) {
        (void)wh_problem_error(problems, location, "an expression has at most 4,096 bytes");
        return NULL;
    }
    struct wh_parser parser = begin(arena, problems, NULL, text);
    parser.location = *location;
    return parse_whole(&parser);
}

struct wh_expr_selector *
wh_parse_selector(struct wh_arena *arena, struct wh_problems *problems, const struct wh_tree *tree)
{
    if (!is_readable(problems, tree, "a selector such as page_view | download")) {
        return NULL;
    }
    struct wh_parser parser = begin(arena, problems, tree, tree->text);
    struct wh_expr_selector *selector = WH_ARENA_NEW(arena, struct wh_expr_selector);
    bool is_whole = wh_parser_selector(&parser, selector) && is_at_end(&parser, "\"|\" or the end");
    return is_whole ? selector : NULL;
}

static void
push_part(struct wh_arena *arena, struct wh_expr_template *template,
          struct wh_expr_template_part part)
{
    /* Powers of two are when the array is full. */
    if ((template->count & (template->count - 1)) == 0) {
        size_t capacity = template->count == 0 ? 1 : template->count * 2;
        template->parts = wh_arena_grow(arena, template->parts, template->count, capacity,
                                        sizeof(struct wh_expr_template_part));
    }
    template->parts[template->count++] = part;
}

/* The expression whose "{" is at offset; the offset behind its "}", 0 after a problem. */
static size_t
parse_hole(struct wh_parser *parser, size_t offset, struct wh_expr_template *template)
{
    parser->token = wh_token_next(parser->arena, parser->text, offset);
    wh_parser_advance(parser);
    struct wh_expr *expr = wh_parser_expr(parser);
    if (expr == NULL) {
        return 0;
    }
    if (!wh_parser_is_sign(parser, "}")) {
        (void)wh_parser_fail_expected(parser, "an operator or \"}\"");
        return 0;
    }
    push_part(parser->arena, template, (struct wh_expr_template_part){.expr = expr});
    return parser->token.span.to;
}

struct wh_expr_template *
wh_parse_template(struct wh_arena *arena, struct wh_problems *problems, const struct wh_tree *tree)
{
    struct wh_expr_template *template = WH_ARENA_NEW(arena, struct wh_expr_template);
    if (tree->kind == WH_TREE_SCALAR && tree->text.len == 0 && !tree->is_broken) {
        return template;
    }
    if (!is_readable(problems, tree, "text")) {
        return NULL;
    }
    struct wh_parser parser = {
        .arena = arena, .problems = problems, .tree = tree, .text = tree->text};
    size_t from = 0;
    while (from < tree->text.len) {
        size_t to = from;
        while (to < tree->text.len && tree->text.ptr[to] != '{') {
            to++;
        }
        if (to > from) {
            struct wh_str text = wh_str_slice(tree->text, from, to);
            push_part(arena, template, (struct wh_expr_template_part){.text = text});
        }
        from = to == tree->text.len ? to : parse_hole(&parser, to, template);
        if (from == 0) {
            return NULL;
        }
    }
    return template;
}
