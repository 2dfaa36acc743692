/* Reads one test of a model test file: what the parts of the reading share. Private to the files
 * test_* of lab. */
#ifndef WH_LAB_TEST_READER_H
#define WH_LAB_TEST_READER_H

#include "engine/lab/test_case.h"
#include "engine/lab/test_keys.h"
#include "engine/language/compile.h"
#include "engine/port/domain.h"

/* As many touches as one test may have, repeated ones included: ten histories. */
#define WH_TEST_MESSAGES_MAX 100000
#define WH_TEST_PEOPLE_MAX   1000

/* Expressions of `value` that were compiled into the model, by their text. */
struct wh_test_formulas {
    struct wh_table index; /* text → place in programs and problems */
    struct wh_program *programs;
    struct wh_problems *problems; /* not empty: the text does not compile */
    size_t count;
    size_t capacity;
};

/* A model with the expressions that tests ask of it. */
struct wh_test_sight {
    struct wh_str path;
    const struct wh_model *model;
    const struct wh_test_formulas *formulas;
    const struct wh_test_formulas *company_formulas; /* of expectations of a company */
};

/* Changes of the model that one test may have. */
#define WH_TEST_CHANGES_MAX 100

struct wh_test_reader {
    struct wh_arena *arena;
    struct wh_problems *problems;
    const struct wh_test_sight *first;   /* the model with which the test begins */
    const struct wh_test_sight *changed; /* those of `changes`, in file order */
    /* What is read now is held against: */
    const struct wh_model *model;
    const struct wh_ruleset *ruleset; /* of the model */
    const struct wh_test_formulas *formulas;
    const struct wh_test_formulas *company_formulas;
    const struct wh_domain *domain; /* NULL: an address tells no company */
    struct wh_test_case *test;
    size_t message_capacity;
    size_t touch_count; /* of `touches`, repeated ones included: names those without an id */
    bool has_leads;     /* `leads` names all people */
};

/* *test is filled; with problems it must not be run. */
void wh_test_read_case(struct wh_test_reader *reader, const struct wh_tree *tree);

/* `changes`; the reader knows the models that they name. */
void wh_test_read_changes(struct wh_test_reader *reader, const struct wh_tree *changes);

/* What is read next is held against the model of that moment; sees_change: against the new one
 * where the model changes then. */
void wh_test_reader_use(struct wh_test_reader *reader, int64_t at, bool sees_change);

/* The person's index; made when new and `leads` is not there, else a problem. */
bool wh_test_read_person(struct wh_test_reader *reader, const struct wh_tree *who, bool may_add,
                         size_t *ret_person);

/* One item of `touches`. */
void wh_test_read_touch(struct wh_test_reader *reader, const struct wh_tree *tree);
/* A touch of type attributes at 0d, when there is something to bring. */
void wh_test_read_attributes(struct wh_test_reader *reader, size_t person,
                             const struct wh_tree *lead, const struct wh_tree *company);

/* One item of `expect`. All touches have been read. */
void wh_test_read_expectation(struct wh_test_reader *reader, const struct wh_tree *tree);

/* The part of an expectation that speaks of events; NULL when it has none. */
const struct wh_test_pattern *wh_test_read_pattern(struct wh_test_reader *reader,
                                                   const struct wh_tree *tree, const char *key,
                                                   int64_t at);

#endif
