/* Model tests: rules-reference.md 8. Reads NAME.test.yaml, compiles the models that it names,
 * plays each test in virtual time and judges what came. */
#ifndef WH_LAB_TEST_FILE_H
#define WH_LAB_TEST_FILE_H

#include "engine/base/arena.h"
#include "engine/base/err.h"
#include "engine/lab/test_coverage.h"
#include "engine/language/source.h"
#include "engine/port/domain.h"

#define WH_TEST_FILE_BYTES_MAX \
    WH_SOURCE_BYTES_MAX /* no model is larger, and tests are read whole */

struct wh_test_result {
    struct wh_str name; /* the sentence; the file's name when the file could not be read */
    size_t line;        /* 1-based: where the test stands */
    bool passed;
    struct wh_str report; /* lines, each with its line break: what was expected and found, or the
                             problems of test or model in the form of `check`; empty if passed */
};

struct wh_test_file {
    struct wh_str path;
    struct wh_test_result *results; /* in file order; at least one */
    size_t count;
    size_t failed;
};

/* Runs all tests of the file. domain (may be NULL) tells which company an address belongs to,
 * coverage (may be NULL) is told what came of it.
 * Only a file that cannot be read at all is an error (WH_ERR_NOT_FOUND, WH_ERR_OUTSIDE,
 * WH_ERR_LIMIT); what is wrong in it is a failed result. Memory from the arena. */
WH_MUST_CHECK enum wh_err wh_test_file_run(struct wh_arena *arena, struct wh_str path,
                                           const struct wh_domain *domain,
                                           struct wh_test_coverage *coverage,
                                           struct wh_test_file *ret_file, struct wh_error *error);

#endif
