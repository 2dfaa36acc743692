/* A model from a text in a test, and what the compiler said about it. */
#ifndef WH_SUPPORT_COMPILED_H
#define WH_SUPPORT_COMPILED_H

#include "engine/language/compile.h"

struct wh_compiled {
    struct wh_arena arena;
    struct wh_source_list sources;
    struct wh_problems problems;
    struct wh_model *model;
    enum wh_err err;
};

/* text stands below "waterhole: 1" and "name: compiled" in model.yaml; constants may be NULL, else
 * the text of a mapping. */
void wh_compiled_open(struct wh_compiled *compiled, const char *text, const char *constants);
void wh_compiled_close(struct wh_compiled *compiled);

/* The messages one after the other, sorted by place, with line breaks behind each. */
const char *wh_compiled_said(struct wh_compiled *compiled);

/* The ruleset; fails the test when the model does not compile. */
const struct wh_ruleset *wh_compiled_ruleset(struct wh_compiled *compiled);

#endif
