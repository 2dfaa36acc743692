/* Finds what a model test names in the compiled model. Private to the files test_* of lab. */
#ifndef WH_LAB_TEST_NAMES_H
#define WH_LAB_TEST_NAMES_H

#include "engine/language/problem.h"
#include "engine/rules/ruleset.h"

enum wh_test_name_kind {
    WH_TEST_NAME_SCORE,
    WH_TEST_NAME_RULE, /* also SCORE.RULE, where several scores have a rule of that name */
    WH_TEST_NAME_LABEL,
    WH_TEST_NAME_SEGMENT,
    WH_TEST_NAME_QUALIFICATION,
    WH_TEST_NAME_TRIGGER,
    WH_TEST_NAME_STAGE,
    WH_TEST_NAME_ROUTE,
    WH_TEST_NAME_TRACK,
};

size_t wh_test_names_count(const struct wh_ruleset *ruleset, enum wh_test_name_kind kind);
struct wh_str wh_test_names_get(const struct wh_ruleset *ruleset, enum wh_test_name_kind kind,
                                size_t index);

/* False: a problem was added at the location; it tells the nearest name. */
bool wh_test_names_find(const struct wh_ruleset *ruleset, struct wh_problems *problems,
                        enum wh_test_name_kind kind, struct wh_str name,
                        const struct wh_location *location, int32_t *ret_index);

#endif
