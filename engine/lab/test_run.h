/* Plays one model test in a world of its own and judges what came of it. Private to the files
 * test_* of lab. */
#ifndef WH_LAB_TEST_RUN_H
#define WH_LAB_TEST_RUN_H

#include "engine/lab/test_case.h"
#include "engine/lab/test_coverage.h"
#include "engine/lab/world.h"
#include "engine/language/problem.h"
#include "engine/rules/eval.h"

/* An event as it left, kept beyond the step that made it. */
struct wh_test_event {
    struct wh_str key; /* that it was published as */
    enum wh_event_kind kind;
    struct wh_str name, from, to, reason, note;
    uint32_t number;
    int64_t decided;
    bool late;
    struct wh_route_choice route;
    struct wh_named_list with;
    struct wh_test_event *next;
};

struct wh_test_run {
    const struct wh_test_case *test;
    const struct wh_ruleset *ruleset; /* of the present */
    size_t change_next, message_next; /* of the test */
    struct wh_arena *arena;           /* of the run: events, looks */
    struct wh_world world;
    struct wh_str *homes; /* by person: of its latest touch that arrived; empty: none */
    struct wh_test_coverage *coverage; /* NULL: nobody asks */
    struct wh_test_event *first_event, *last_event;
    struct wh_problems problems; /* what the present expectation did not find */
};

/* The lead of an expectation at its moment. */
struct wh_test_look {
    struct wh_test_run *run;
    const struct wh_test_expectation *expectation;
    const struct wh_ruleset *ruleset; /* of leads, or of companies */
    struct wh_str key;
    struct wh_state empty; /* of a lead that has no touch yet */
    struct wh_view view;
};

/* Plays the whole test and writes what failed, with its story, behind *report: nothing when all
 * came as expected. Memory from the arena. */
void wh_test_run_case(struct wh_arena *arena, const struct wh_ruleset *ruleset,
                      const struct wh_test_case *test, struct wh_test_coverage *coverage,
                      struct wh_buf *report);

/* Whether it was published as what is this lead now. */
bool wh_test_is_of(const struct wh_test_look *look, const struct wh_test_event *event);

/* Adds a problem for what is not as expected. */
void wh_test_judge(struct wh_test_look *look, const struct wh_test_check *check);
void wh_test_judge_events(struct wh_test_look *look, const struct wh_test_check *check);

/* What happened to the lead so far, and its scores at the moment. */
void wh_test_story(struct wh_test_look *look, struct wh_buf *buf);

/* "at 2d1h" as an offset from the start. */
void wh_test_story_offset(const struct wh_test_case *test, int64_t at, struct wh_buf *buf);

#endif
