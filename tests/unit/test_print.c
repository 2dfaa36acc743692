#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/base/time.h"
#include "engine/language/parser.h"
#include "engine/language/print.h"

struct fixture {
    struct wh_arena arena;
    struct wh_problems problems;
};

static int
set_up(void **state)
{
    static struct fixture fixture;
    wh_arena_init(&fixture.arena, 0);
    wh_problems_init(&fixture.problems, &fixture.arena);
    *state = &fixture;
    return 0;
}

static int
tear_down(void **state)
{
    struct fixture *fixture = *state;
    wh_arena_fini(&fixture->arena);
    return 0;
}

/* A scalar with this value, whatever YAML would say to it. */
static struct wh_tree *
scalar_of(struct fixture *fixture, const char *text)
{
    struct wh_source *source =
        wh_source_from_text(&fixture->arena, WH_STR("m.yaml"), wh_str_of(text), 0);
    wh_problems_init(&fixture->problems, &fixture->arena);
    struct wh_tree *tree = WH_ARENA_NEW(&fixture->arena, struct wh_tree);
    tree->text = source->text;
    tree->location = (struct wh_location){source, 0, source->text.len};
    return tree;
}

static struct wh_expr *
parse(struct fixture *fixture, const char *text)
{
    return wh_parse_expr(&fixture->arena, &fixture->problems, scalar_of(fixture, text));
}

/* Random trees, printed and read back. The seed is fixed, so that a failure comes again. */
struct random {
    struct wh_arena *arena;
    uint64_t bits;
};

static uint64_t
draw(struct random *random, uint64_t below)
{
    random->bits ^= random->bits << 13;
    random->bits ^= random->bits >> 7;
    random->bits ^= random->bits << 17;
    return random->bits % below;
}

static struct wh_str
draw_word(struct random *random)
{
    static const char *const words[] = {"hot", "a", "went_quiet", "x9", "lead_2", "orders"};
    return wh_str_of(words[draw(random, sizeof(words) / sizeof(words[0]))]);
}

static struct wh_str
draw_text(struct random *random)
{
    static const char *const texts[] = {
        "", "a b", "\"", "\\", "\n\t", "{x}", "\xC3\xBC\xE2\x82\xAC", "\x01\x7F", "' # : ,",
    };
    return wh_str_of(texts[draw(random, sizeof(texts) / sizeof(texts[0]))]);
}

static struct wh_expr_selector
draw_selector(struct random *random)
{
    struct wh_expr_selector selector = {.count = 1 + draw(random, 3)};
    selector.picks = WH_ARENA_ARRAY(random->arena, struct wh_expr_pick, selector.count);
    for (size_t i = 0; i < selector.count; i++) {
        struct wh_expr_pick *pick = &selector.picks[i];
        pick->kind = (enum wh_expr_pick_kind)draw(random, WH_EXPR_PICK_FIRED + 1);
        pick->kind = pick->kind == WH_EXPR_PICK_PEOPLE ? WH_EXPR_PICK_TYPE : pick->kind;
        pick->text = draw_word(random);
        if (pick->kind == WH_EXPR_PICK_ANY) {
            pick->text = WH_STR("any");
        } else if (pick->kind == WH_EXPR_PICK_SESSION) {
            pick->text = WH_STR("session");
        } else if (pick->kind == WH_EXPR_PICK_TYPE && draw(random, 2) == 0) {
            pick->is_quoted = true;
            pick->text = draw_text(random);
        }
    }
    return selector;
}

static struct wh_expr_length
draw_length(struct random *random)
{
    struct wh_expr_length length = {.is_name = draw(random, 3) == 0};
    if (length.is_name) {
        length.name = draw_word(random);
    } else {
        length.us = (int64_t)draw(random, WH_DURATION_MAX);
    }
    return length;
}

static struct wh_expr_window
draw_window(struct random *random)
{
    struct wh_expr_window window = {0};
    window.kind = (enum wh_expr_window_kind)draw(random, WH_EXPR_WINDOW_SINCE + 1);
    if (window.kind == WH_EXPR_WINDOW_WITHIN || window.kind == WH_EXPR_WINDOW_BETWEEN) {
        window.a = draw_length(random);
    }
    if (window.kind == WH_EXPR_WINDOW_BETWEEN) {
        window.b = draw_length(random);
    } else if (window.kind == WH_EXPR_WINDOW_THIS || window.kind == WH_EXPR_WINDOW_PREVIOUS) {
        window.period = (enum wh_period)draw(random, WH_PERIOD_YEAR + 1);
    } else if (window.kind == WH_EXPR_WINDOW_SINCE) {
        window.since = draw_selector(random);
    }
    return window;
}

static struct wh_expr *draw_expr(struct random *random, int depth, bool has_aggregates);

static struct wh_expr_aggregate *
draw_aggregate(struct random *random, int depth)
{
    struct wh_expr_aggregate *aggregate = WH_ARENA_NEW(random->arena, struct wh_expr_aggregate);
    aggregate->kind = (enum wh_expr_aggregate_kind)draw(random, WH_EXPR_SINCE + 1);
    bool is_silent = aggregate->kind == WH_EXPR_SILENT;
    if (is_silent) {
        aggregate->length = draw_length(random);
    }
    if (is_silent && draw(random, 2) == 0) {
        return aggregate;
    }
    aggregate->selector = draw_selector(random);
    if (aggregate->kind >= WH_EXPR_SUM && aggregate->kind <= WH_EXPR_LIST_OF) {
        aggregate->value = draw_expr(random, depth, true);
    }
    if (draw(random, 2) == 0) {
        aggregate->where = draw_expr(random, depth, false);
    }
    if (!is_silent && aggregate->kind != WH_EXPR_SINCE) {
        aggregate->window = draw_window(random);
    }
    return aggregate;
}

static void
draw_args(struct random *random, struct wh_expr *expr, int depth, bool has_aggregates)
{
    expr->arg_count = draw(random, 3);
    expr->args = (struct wh_expr **)wh_arena_array(random->arena, expr->arg_count + 1,
                                                   sizeof(struct wh_expr *));
    for (size_t i = 0; i < expr->arg_count; i++) {
        expr->args[i] = draw_expr(random, depth, has_aggregates);
    }
}

static void
fill_expr(struct random *random, struct wh_expr *expr, int depth, bool has_aggregates)
{
    switch (expr->kind) {
    case WH_EXPR_NUMBER:
        expr->number = (int64_t)draw(random, 100000);
        return;
    case WH_EXPR_DURATION:
        expr->number = (int64_t)draw(random, WH_DURATION_MAX);
        return;
    case WH_EXPR_STRING:
        expr->text = draw_text(random);
        return;
    case WH_EXPR_BOOL:
        expr->number = (int64_t)draw(random, 2);
        return;
    case WH_EXPR_NAME:
        expr->text = draw_word(random);
        return;
    case WH_EXPR_FIELD:
        expr->left = draw_expr(random, depth, has_aggregates);
        expr->text = draw_word(random);
        return;
    case WH_EXPR_METHOD:
        expr->left = draw_expr(random, depth, has_aggregates);
        expr->text = draw_word(random);
        draw_args(random, expr, depth, has_aggregates);
        return;
    case WH_EXPR_CALL:
        expr->text = draw_word(random);
        draw_args(random, expr, depth, has_aggregates);
        return;
    case WH_EXPR_LIST:
        draw_args(random, expr, depth, has_aggregates);
        return;
    case WH_EXPR_NOT:
    case WH_EXPR_NEGATE:
        expr->left = draw_expr(random, depth, has_aggregates);
        return;
    case WH_EXPR_BINARY:
        expr->op = (enum wh_expr_op)draw(random, WH_EXPR_OP_DIV + 1);
        expr->left = draw_expr(random, depth, has_aggregates);
        expr->right = draw_expr(random, depth, has_aggregates);
        return;
    case WH_EXPR_AGGREGATE:
        expr->aggregate = draw_aggregate(random, depth);
        return;
    }
}

static struct wh_expr *
draw_expr(struct random *random, int depth, bool has_aggregates)
{
    static const enum wh_expr_kind leaves[] = {WH_EXPR_NUMBER, WH_EXPR_DURATION, WH_EXPR_STRING,
                                               WH_EXPR_BOOL, WH_EXPR_NAME};
    struct wh_expr *expr = WH_ARENA_NEW(random->arena, struct wh_expr);
    expr->kind = depth == 0 ? leaves[draw(random, 5)]
                            : (enum wh_expr_kind)draw(random, WH_EXPR_AGGREGATE + 1);
    if (expr->kind == WH_EXPR_AGGREGATE && !has_aggregates) {
        expr->kind = WH_EXPR_BINARY;
    }
    fill_expr(random, expr, depth - 1, has_aggregates);
    return expr;
}

/* The length of the printed text. */
static size_t
check_round_trip(struct fixture *fixture, const struct wh_expr *expr)
{
    struct wh_buf buf;
    wh_buf_init(&buf, &fixture->arena);
    wh_print_expr(&buf, expr);
    const struct wh_expr *again = parse(fixture, wh_buf_text(&buf));
    if (again == NULL) {
        fail_msg("%s: %s", wh_buf_text(&buf), fixture->problems.first->message.ptr);
    }
    if (again != NULL && !wh_expr_equal(expr, again)) {
        fail_msg("not the same: %s", wh_buf_text(&buf));
    }
    return buf.len;
}

static void
what_is_printed_parses_back_to_the_same_tree(void **state)
{
    struct fixture *fixture = *state;
    struct random random = {&fixture->arena, UINT64_C(0x9E3779B97F4A7C15)};
    size_t longest = 0;
    for (int i = 0; i < 20000; i++) {
        wh_arena_reset(&fixture->arena);
        size_t len = check_round_trip(fixture, draw_expr(&random, 1 + i % 6, true));
        longest = len > longest ? len : longest;
    }
    /* The trees were not all tiny. */
    assert_true(longest > 300);
}

static void
no_beginning_of_a_text_disturbs_the_parser(void **state)
{
    struct fixture *fixture = *state;
    struct random random = {&fixture->arena, UINT64_C(88172645463325252)};
    static const char signs[] = "()[]{}|&=!<>.,+-*/\"\\ 0123456789dhaof?#:\xC3";
    for (int i = 0; i < 20000; i++) {
        wh_arena_reset(&fixture->arena);
        const struct wh_expr *expr = draw_expr(&random, 3, true);
        struct wh_buf buf;
        wh_buf_init(&buf, &fixture->arena);
        wh_print_expr(&buf, expr);
        buf.len = 1 + draw(&random, buf.len);
        size_t at = draw(&random, buf.len);
        buf.ptr[at] = signs[draw(&random, sizeof(signs) - 1)];
        struct wh_tree *tree = scalar_of(fixture, wh_buf_text(&buf));
        const struct wh_expr *parsed = wh_parse_expr(&fixture->arena, &fixture->problems, tree);
        /* Either a tree or one problem that lies inside the text. */
        assert_int_equal(fixture->problems.error_count, parsed == NULL ? 1 : 0);
        if (parsed == NULL) {
            struct wh_location location = fixture->problems.first->location;
            assert_true(location.offset + location.len <= tree->text.len);
        }
    }
}

static bool
count_names(struct wh_expr *expr, void *context)
{
    *(int *)context += expr->kind == WH_EXPR_NAME ? 1 : 0;
    return expr->kind != WH_EXPR_LIST;
}

static void
a_walk_reaches_everything_below(void **state)
{
    struct fixture *fixture = *state;
    int count = 0;
    wh_expr_walk(parse(fixture, "a + -f(b, c).g(d) + sum(e of x where h in [i]) "), count_names,
                 &count);
    assert_int_equal(count, 6);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_printed_parses_back_to_the_same_tree),
        TEST(no_beginning_of_a_text_disturbs_the_parser),
        TEST(a_walk_reaches_everything_below),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
