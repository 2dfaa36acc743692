/* Which parts of models the tests have brought to do something: a rule has paid, a criterion has
 * matched, a segment, a trigger, a qualification or a route has been announced or chosen. */
#ifndef WH_LAB_TEST_COVERAGE_H
#define WH_LAB_TEST_COVERAGE_H

#include "engine/base/buf.h"
#include "engine/base/table.h"
#include "engine/model/effect.h"
#include "engine/rules/ruleset.h"

struct wh_covered_part {
    struct wh_str model; /* path */
    const char *kind;    /* "rule", "criterion", … */
    struct wh_str name;  /* of a rule SCORE.RULE */
    bool is_covered;
};

struct wh_test_coverage {
    struct wh_arena *arena;        /* borrowed; names are copied into it */
    struct wh_str model;           /* that is being tested */
    struct wh_table models;        /* path → number */
    struct wh_table index;         /* model, kind and name → part */
    struct wh_covered_part *parts; /* model by model, in the order of the file */
    size_t count, capacity;
};

void wh_test_coverage_init(struct wh_test_coverage *coverage, struct wh_arena *arena);

/* A test of that model begins. */
void wh_test_coverage_begin(struct wh_test_coverage *coverage, struct wh_str path,
                            const struct wh_ruleset *ruleset);

void wh_test_coverage_event(struct wh_test_coverage *coverage, const struct wh_event *event);
void wh_test_coverage_look(struct wh_test_coverage *coverage, const struct wh_snapshot *snapshot);

/* A line for each model, then its parts that no test has brought to do anything. */
void wh_test_coverage_print(const struct wh_test_coverage *coverage, struct wh_buf *buf);
/* The number of such parts. */
size_t wh_test_coverage_missed(const struct wh_test_coverage *coverage);

#endif
