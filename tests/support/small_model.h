/* A small model with a story of one lead in a folder of its own, and model tests against it. */
#ifndef WH_TESTS_SMALL_MODEL_H
#define WH_TESTS_SMALL_MODEL_H

#include "engine/lab/test_file.h"

struct wh_small {
    struct wh_arena arena;
    char folder[64];
    struct wh_test_file file; /* what the last run gave */
};

/* For cmocka: *state is a struct wh_small. */
int wh_small_set_up(void **state);
int wh_small_tear_down(void **state);

struct wh_str wh_small_path_in(struct wh_small *small, const char *name);
void wh_small_write_file(struct wh_small *small, const char *name, struct wh_str text);

/* Runs the text as a test file beside the model, small.yaml. */
void wh_small_run_text(struct wh_small *small, struct wh_str text);

/* One test with the story's touches and this expectation, which stands in line 12 from column 9. */
const struct wh_test_result *wh_small_run_expectation(struct wh_small *small,
                                                      const char *expectation);

void wh_small_assert_holds(struct wh_small *small, const char *expectation);
void wh_small_assert_fails(struct wh_small *small, const char *expectation, const char *message);

/* The test failed and its report has the message. */
void wh_small_assert_report(struct wh_small *small, const struct wh_test_result *result,
                            const char *message);

#endif
