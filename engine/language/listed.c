#include "engine/language/listed.h"

#include "engine/language/compiler.h"

static bool
has_type(const struct wh_compiler *compiler, struct wh_str name, struct wh_nearest *nearest)
{
    const struct wh_ruleset *ruleset = &compiler->model->ruleset;
    for (size_t i = 0; i < ruleset->type_count && compiler->has_touch_types; i++) {
        if (!compiler->type_notes[i].is_known) {
            continue;
        }
        if (wh_str_equal(ruleset->types[i].name, name)) {
            return true;
        }
        wh_nearest_offer(nearest, ruleset->types[i].name, 0);
    }
    return !compiler->has_touch_types;
}

static bool
has_name(const struct wh_declared_list *list, const char *const *always, struct wh_str name,
         struct wh_nearest *nearest)
{
    for (size_t i = 0; i < list->count; i++) {
        if (wh_str_equal(list->items[i].name, name)) {
            return true;
        }
        wh_nearest_offer(nearest, list->items[i].name, 0);
    }
    for (size_t i = 0; always[i] != NULL; i++) {
        if (wh_str_is(name, always[i])) {
            return true;
        }
        wh_nearest_offer(nearest, wh_str_of(always[i]), 0);
    }
    return !list->is_present;
}

bool
wh_listed_has(const struct wh_model *model, enum wh_listed_part part, struct wh_str name,
              struct wh_nearest *nearest)
{
    static const char *const of_lead[] = {"name", "role", "country", NULL};
    static const char *const of_company[] = {"domain", "name", NULL};
    static const char *const of_props[] = {NULL};
    const struct wh_compiler *compiler = model->compiler;
    switch (part) {
    case WH_LISTED_TOUCHES:
        return has_type(compiler, name, nearest);
    case WH_LISTED_LEAD:
        return has_name(&compiler->lead, of_lead, name, nearest);
    case WH_LISTED_COMPANY:
        return has_name(&compiler->company, of_company, name, nearest);
    case WH_LISTED_PROPS:
        return has_name(&compiler->props, of_props, name, nearest);
    }
    return true;
}
