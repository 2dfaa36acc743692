#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/language/pattern.h"

struct pattern_case {
    const char *pattern;
    const char *message; /* NULL: it is fine */
};

static void
check(const struct pattern_case *item)
{
    struct wh_arena arena;
    struct wh_problems problems;
    static const struct wh_location nowhere = {0};
    wh_arena_init(&arena, 0);
    wh_problems_init(&problems, &arena);
    void *code = wh_pattern_compile(&problems, wh_str_of(item->pattern), true, &nowhere);
    assert_int_equal(code == NULL, item->message != NULL);
    assert_int_equal(problems.count, item->message == NULL ? 0 : 1);
    if (item->message != NULL && !wh_str_is(problems.first->message, item->message)) {
        fail_msg("%s: %.*s", item->pattern, WH_STR_ARG(problems.first->message));
    }
    wh_pattern_free(code);
    wh_arena_fini(&arena);
}

static void
ordinary_patterns_are_fine(void **state)
{
    (void)state;
    static const struct pattern_case cases[] = {
        {"head|director|manager", NULL},
        {"^(de|at|ch)$", NULL},
        {"", NULL},
        {"a{2,4}[^]x]+?", NULL},
        {"(?:ab)+(?i)c", NULL},
        {"(?<year>\\d+)", NULL},
        {"(?>a+)b", NULL},
        {"\\\\1", NULL},
        {"[\\1(?=]", NULL},
        {"\\Q(?=\\1\\E", NULL},
        {"[[:alpha:]](x)", NULL},
        {"\\p{L}+\\bgrün", NULL},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        check(&cases[i]);
    }
}

static void
what_can_run_away_is_refused(void **state)
{
    (void)state;
    static const struct pattern_case cases[] = {
        {"a(?=b)", "look-around is not supported"},
        {"a(?!b)", "look-around is not supported"},
        {"(?<=a)b", "look-around is not supported"},
        {"(?<!a)b", "look-around is not supported"},
        {"(a)\\1", "a back-reference is not supported"},
        {"(?<x>a)\\k<x>", "a back-reference is not supported"},
        {"(a)\\g{1}", "a back-reference is not supported"},
        {"(?P<x>a)(?P=x)", "a back-reference is not supported"},
        {"(a(?1)?b)", "recursion is not supported"},
        {"a(?R)?b", "recursion is not supported"},
        {"(?<x>a(?&x)?)", "recursion is not supported"},
        {"(?<x>a(?P>x)?)", "recursion is not supported"},
        {"(a)(?-1)", "recursion is not supported"},
        {"(*LIMIT_MATCH=9)a", "(*VERB) is not supported"},
        {"(a)?(?(1)b|c)", "a condition or call-out is not supported"},
        {"a(?C1)b", "a condition or call-out is not supported"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        check(&cases[i]);
    }
}

static void
mistakes_are_told_with_their_place(void **state)
{
    (void)state;
    static const struct pattern_case cases[] = {
        {"(energy", "bad regular expression at character 7: missing )"},
        {"(grün", "bad regular expression at character 5: missing )"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        check(&cases[i]);
    }
}

static void
length_is_bounded(void **state)
{
    (void)state;
    char pattern[WH_PATTERN_BYTES_MAX + 2];
    memset(pattern, 'a', sizeof(pattern) - 1);
    pattern[sizeof(pattern) - 1] = '\0';
    check(&(struct pattern_case){pattern,
                                 "a regular expression of 513 bytes; at most 512 are possible"});
    pattern[WH_PATTERN_BYTES_MAX] = '\0';
    check(&(struct pattern_case){pattern, NULL});
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ordinary_patterns_are_fine),
        cmocka_unit_test(what_can_run_away_is_refused),
        cmocka_unit_test(mistakes_are_told_with_their_place),
        cmocka_unit_test(length_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
