/* Names of a sequence's steps in expressions. */
#include "engine/language/builder.h"

int32_t
wh_builder_find_step(const struct wh_builder *builder, struct wh_str name)
{
    const struct wh_step_names *steps = builder->where->steps;
    for (size_t i = 0; steps != NULL && i < steps->count; i++) {
        if (steps->items[i].name.len > 0 && wh_str_equal(steps->items[i].name, name)) {
            return (int32_t)i;
        }
    }
    return -1;
}

bool
wh_builder_knows_step(struct wh_builder *builder, int32_t step, struct wh_span span)
{
    const struct wh_step_names *steps = builder->where->steps;
    if ((size_t)step < steps->known) {
        return true;
    }
    struct wh_location location = wh_builder_place(builder, span);
    wh_problem_error(builder->compiler->problems, &location,
                     (size_t)step == steps->known
                         ? "step \"%.*s\" is this step itself; only earlier ones are known"
                         : "step \"%.*s\" comes later in the sequence",
                     WH_STR_ARG(steps->items[step].name));
    return false;
}

void
wh_builder_offer_steps(const struct wh_builder *builder, struct wh_nearest *nearest)
{
    const struct wh_step_names *steps = builder->where->steps;
    for (size_t i = 0; steps != NULL && i < steps->count; i++) {
        if (steps->items[i].name.len > 0) {
            wh_nearest_offer(nearest, steps->items[i].name, -1);
        }
    }
}
