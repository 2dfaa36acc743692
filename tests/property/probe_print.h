/* What the probe prints: one JSON line for each event and each look (README.md). */
#ifndef WH_TESTS_PROPERTY_PROBE_PRINT_H
#define WH_TESTS_PROPERTY_PROBE_PRINT_H

#include <yyjson.h>

#include "engine/lab/world.h"
#include "engine/language/compile.h"
#include "engine/rules/eval.h"

#define PROBE_VALUES_MAX 256

/* Compiled expressions by their text. */
struct probe_values {
    struct wh_arena *arena;
    struct wh_str names[PROBE_VALUES_MAX];
    struct wh_program programs[PROBE_VALUES_MAX];
    size_t count;
};

const struct wh_program *probe_values_find(const struct probe_values *values, struct wh_str name);
struct wh_program *probe_values_add(struct probe_values *values, struct wh_str name);

void probe_print_event(struct wh_arena *scratch, const struct wh_lead *lead,
                       const struct wh_event *event);

/* "name":{…} of the lead that the view looks at; asked: the expressions of this look, or NULL. */
void probe_print_lead(const struct wh_model *model, struct wh_view *view,
                      const struct probe_values *values, yyjson_val *asked);

#endif
