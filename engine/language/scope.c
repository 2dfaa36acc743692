#include "engine/language/scope.h"

void *
wh_compiler_room(struct wh_compiler *compiler, void *items, size_t count, size_t size)
{
    /* Capacities are powers of two, so a count that is one means a full array. */
    if (count == 0) {
        return wh_arena_array(compiler->arena, 1, size);
    }
    if ((count & (count - 1)) != 0) {
        return items;
    }
    return wh_arena_grow(compiler->arena, items, count, 2 * count, size);
}

const char *
wh_scope_kind_str(enum wh_name_kind kind)
{
    switch (kind) {
    case WH_NAME_CONSTANT:
        return "constant";
    case WH_NAME_TABLE:
        return "table";
    case WH_NAME_LIST:
        return "list";
    case WH_NAME_SCHEDULE:
        return "schedule";
    case WH_NAME_SCORE:
        return "score";
    case WH_NAME_LABEL:
        return "label";
    case WH_NAME_SEGMENT:
        return "segment";
    case WH_NAME_TRIGGER:
        return "trigger";
    case WH_NAME_QUALIFICATION:
        return "qualification";
    }
    return "";
}

struct wh_definition *
wh_scope_define(struct wh_compiler *compiler, enum wh_name_kind kind, int32_t index,
                struct wh_str name, const struct wh_location *location)
{
    struct wh_scope *scope = &compiler->scope;
    const struct wh_definition *former = wh_scope_find(compiler, name);
    if (former != NULL) {
        struct wh_problem *problem =
            wh_problem_error(compiler->problems, location, "name \"%.*s\" is already a %s",
                             WH_STR_ARG(name), wh_scope_kind_str(former->kind));
        wh_problem_note(compiler->problems, problem, &former->location, "defined here");
        return NULL;
    }
    scope->items =
        wh_compiler_room(compiler, scope->items, scope->count, sizeof(struct wh_definition));
    struct wh_definition *definition = &scope->items[scope->count];
    *definition =
        (struct wh_definition){.kind = kind, .index = index, .name = name, .location = *location};
    wh_table_put(&scope->index, name, (int64_t)scope->count);
    scope->count++;
    return definition;
}

struct wh_definition *
wh_scope_find(struct wh_compiler *compiler, struct wh_str name)
{
    int64_t found = 0;
    return wh_table_find(&compiler->scope.index, name, &found) ? &compiler->scope.items[found]
                                                               : NULL;
}

struct wh_definition *
wh_scope_find_kind(struct wh_compiler *compiler, enum wh_name_kind kind, struct wh_str name)
{
    struct wh_definition *definition = wh_scope_find(compiler, name);
    return definition != NULL && definition->kind == kind ? definition : NULL;
}

void
wh_scope_offer(const struct wh_compiler *compiler, struct wh_nearest *nearest)
{
    for (size_t i = 0; i < compiler->scope.count; i++) {
        const struct wh_definition *definition = &compiler->scope.items[i];
        wh_nearest_offer(nearest, definition->name, (int)definition->kind);
    }
}

void
wh_scope_unknown(struct wh_compiler *compiler, const struct wh_location *location, const char *noun,
                 const struct wh_nearest *nearest)
{
    if (!wh_nearest_found(nearest)) {
        wh_problem_error(compiler->problems, location, "unknown %s \"%.*s\"", noun,
                         WH_STR_ARG(nearest->word));
    } else if (nearest->tag >= 0 &&
               strcmp(noun, wh_scope_kind_str((enum wh_name_kind)nearest->tag)) != 0) {
        wh_problem_error(
            compiler->problems, location, "unknown %s \"%.*s\"; did you mean the %s \"%.*s\"?",
            noun, WH_STR_ARG(nearest->word), wh_scope_kind_str((enum wh_name_kind)nearest->tag),
            WH_STR_ARG(nearest->best));
    } else {
        wh_problem_error(compiler->problems, location,
                         "unknown %s \"%.*s\"; did you mean \"%.*s\"?", noun,
                         WH_STR_ARG(nearest->word), WH_STR_ARG(nearest->best));
    }
}

void
wh_local_init(struct wh_local *local, struct wh_compiler *compiler, const char *noun)
{
    *local = (struct wh_local){.compiler = compiler, .noun = noun};
}

static const struct wh_definition *
find_local(const struct wh_local *local, struct wh_str name)
{
    for (size_t i = 0; i < local->count; i++) {
        if (name.len > 0 && wh_str_equal(local->items[i].name, name)) {
            return &local->items[i];
        }
    }
    return NULL;
}

void
wh_local_define(struct wh_local *local, struct wh_str name, const struct wh_location *location)
{
    const struct wh_definition *former = find_local(local, name);
    if (former != NULL) {
        struct wh_problem *problem =
            wh_problem_error(local->compiler->problems, location, "name \"%.*s\" is already a %s",
                             WH_STR_ARG(name), local->noun);
        wh_problem_note(local->compiler->problems, problem, &former->location, "defined here");
    }
    local->items =
        wh_compiler_room(local->compiler, local->items, local->count, sizeof(struct wh_definition));
    local->items[local->count] =
        (struct wh_definition){.index = (int32_t)local->count, .name = name, .location = *location};
    local->count++;
}

int32_t
wh_local_find(struct wh_local *local, struct wh_str name, const struct wh_location *location)
{
    const struct wh_definition *found = find_local(local, name);
    if (found != NULL) {
        return found->index;
    }
    struct wh_nearest nearest = wh_nearest_to(name);
    for (size_t i = 0; i < local->count; i++) {
        wh_nearest_offer(&nearest, local->items[i].name, -1);
    }
    wh_scope_unknown(local->compiler, location, local->noun, &nearest);
    return -1;
}
