/* One model test as it was read: what arrives, and what is expected. Private to the files test_*
 * of lab. Everything borrows from the test file's arena and from the compiled model. */
#ifndef WH_LAB_TEST_CASE_H
#define WH_LAB_TEST_CASE_H

#include "engine/language/tree.h"
#include "engine/model/effect.h"
#include "engine/model/touch.h"
#include "engine/rules/program.h"

/* A touch on its way: repeated ones are messages of their own. */
struct wh_test_message {
    int64_t arrives; /* µs; equal ones come in file order */
    size_t order;
    size_t person; /* index into the case's people */
    struct wh_touch touch;
};

/* One key of an expectation, or one name below it. */
enum wh_test_check_kind {
    WH_TEST_SCORE,
    WH_TEST_LEDGER,
    WH_TEST_GRADE,
    WH_TEST_STAGE,
    WH_TEST_LABEL,
    WH_TEST_SEGMENT,
    WH_TEST_RIPE,     /* of one qualification */
    WH_TEST_RIPE_ANY, /* of any */
    WH_TEST_VERDICT,  /* of the touch with that id */
    WH_TEST_VALUE,    /* of an expression */
    WH_TEST_EVENT,    /* announced `count` times in [from, at] */
    WH_TEST_NO_EVENT,
};

/* Which events are meant, and what they must say; a NULL was not given. */
struct wh_test_pattern {
    enum wh_event_kind kind;
    struct wh_str name; /* empty: any */
    int64_t from;       /* µs */
    int64_t count;
    const struct wh_tree *with; /* NULL: not given */
    const struct wh_tree *route, *owner, *note, *episode, *late;
    int64_t episode_number;
    bool is_late;
};

struct wh_test_check {
    enum wh_test_check_kind kind;
    struct wh_str name;             /* as written: score, rule, touch id, expression, event */
    const struct wh_tree *expected; /* where a failure points */
    int32_t index;                  /* into that part of the ruleset */
    int64_t number;                 /* thousandths, an ordinal (-1: none), 0 or 1 */
    int64_t slack;                  /* thousandths: n ± m */
    struct wh_program program;      /* VALUE */
    const struct wh_test_pattern *pattern; /* events */
};

struct wh_test_expectation {
    int64_t at; /* µs */
    size_t order;
    size_t person;
    struct wh_str company; /* its domain, when a company is meant; else empty */
    const struct wh_tree *tree;
    const struct wh_test_check *checks;
    size_t check_count;
};

/* The model changes behind everything that happens at `at`; what is expected there sees it. */
struct wh_test_change {
    int64_t at; /* µs */
    const struct wh_ruleset *ruleset;
    struct wh_str path; /* of the model */
};

struct wh_test_case {
    int64_t start; /* µs: 0d */
    const struct wh_zone *zone;
    struct wh_str *people; /* the first one is meant where no `who` stands */
    size_t person_count;
    struct wh_test_message *messages; /* in order of arrival, once read */
    size_t message_count;
    struct wh_test_change *changes; /* in order of `at` */
    size_t change_count;
    struct wh_test_expectation *expectations; /* in order of `at`, once read */
    size_t expectation_count;
};

#endif
