#include "engine/commands/model_file.h"

#include <assert.h>

#include "engine/commands/console.h"

enum wh_exit
wh_model_file_compile(const struct wh_call *call, struct wh_str path, struct wh_model **ret_model)
{
    struct wh_problems problems;
    struct wh_model *model = NULL;
    if (path.len == 0) {
        return wh_console_fail(WH_EXIT_USAGE,
                               "no model: name its file or folder as \"model\" in the "
                               "configuration");
    }
    wh_problems_init(&problems, call->arena);
    enum wh_err err = wh_compile(path, NULL, &problems, &model);
    if (err != WH_OK) {
        wh_console_problems(&problems);
        wh_model_destroy(&model);
        return wh_console_exit(err);
    }
    if (problems.warning_count > 0) {
        wh_console_message("the model has %zu warning%s: %s check %.*s", problems.warning_count,
                           problems.warning_count == 1 ? "" : "s", call->program, WH_STR_ARG(path));
    }
    *ret_model = model;
    return WH_EXIT_DONE;
}

static void
say_problem(struct wh_say *say, struct wh_str path, const struct wh_problem *problem)
{
    const struct wh_location *location = &problem->location;
    struct wh_str name = location->source == NULL ? path : location->source->name;
    size_t line = location->source == NULL ? 0 : wh_location_line(location);
    wh_say(say, WH_LOG_ERROR, "%.*s:%zu: %.*s", WH_STR_ARG(name), line,
           WH_STR_ARG(problem->message));
}

struct wh_model *
wh_model_file_again(struct wh_str path, struct wh_say *say)
{
    struct wh_arena arena;
    struct wh_problems problems;
    struct wh_model *model = NULL;
    wh_arena_init(&arena, 0);
    wh_problems_init(&problems, &arena);
    if (wh_compile(path, NULL, &problems, &model) != WH_OK) {
        for (const struct wh_problem *problem = problems.first; problem != NULL;
             problem = problem->next) {
            say_problem(say, path, problem);
        }
        wh_model_destroy(&model);
        model = NULL;
    }
    wh_arena_fini(&arena);
    return model;
}

struct wh_model *
wh_model_file_none(struct wh_arena *arena)
{
    struct wh_problems problems;
    struct wh_model *model = NULL;
    struct wh_source_list sources = {.sources = WH_ARENA_ARRAY(arena, struct wh_source *, 1),
                                     .count = 1};
    struct wh_compile_options options = {.sources = &sources};
    sources.sources[0] = wh_source_from_text(arena, WH_STR("none"),
                                             WH_STR("waterhole: 1\nname: none\nzone: UTC\n"), 0);
    wh_problems_init(&problems, arena);
    enum wh_err err = wh_compile(WH_STR("none"), &options, &problems, &model);
    assert(err == WH_OK);
    return model;
}
