/* The models of one test file. A model that several tests share is compiled once, with the
 * expressions of all their `value` keys; one with other `constants` is compiled for its test.
 * Private to the files test_* of lab. */
#ifndef WH_LAB_TEST_MODEL_H
#define WH_LAB_TEST_MODEL_H

#include "engine/lab/test_reader.h"
#include "engine/language/compile.h"

struct wh_test_model {
    struct wh_str path;
    bool is_shared; /* lives as long as the file is worked on */
    bool is_told;   /* its problems stand in an earlier report */
    enum wh_err err;
    struct wh_problems problems;
    struct wh_model *model;
    struct wh_test_formulas formulas, company_formulas;
    struct wh_test_model *next;
};

struct wh_test_models {
    struct wh_arena *arena;
    const struct wh_source *source; /* the test file */
    const struct wh_tree *root;
    struct wh_test_model *first;
};

void wh_test_models_init(struct wh_test_models *models, struct wh_arena *arena,
                         const struct wh_source *source, const struct wh_tree *root);
void wh_test_models_fini(struct wh_test_models *models);

/* The model of a test, compiled; NULL: none is named (a problem was added). model->err says whether
 * it can be used. */
struct wh_test_model *wh_test_models_find(struct wh_test_models *models, const struct wh_tree *test,
                                          struct wh_problems *problems);
/* The same of one of its `changes`, whose model is that of its file, whatever `constants` says. */
struct wh_test_model *wh_test_models_find_changed(struct wh_test_models *models,
                                                  const struct wh_tree *change,
                                                  struct wh_problems *problems);
/* How tests see it. */
struct wh_test_sight wh_test_model_sight(const struct wh_test_model *model);
/* The test is over; NULL is fine. */
void wh_test_models_release(struct wh_test_model *model);

/* Why the model cannot be used: all its problems for the first test that asks, then one line. */
struct wh_str wh_test_models_trouble(struct wh_test_models *models, struct wh_test_model *model);

#endif
