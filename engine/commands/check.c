/* `waterhole check`: what is wrong with models; of a good one a line that sums it up. */
#include "engine/commands/console.h"
#include "engine/language/compile.h"

static enum wh_problem_format
format_of(const struct wh_args *args)
{
    struct wh_str format = wh_args_text(args, "--format");
    if (wh_str_is(format, "json") || wh_args_has(args, "--json")) {
        return WH_PROBLEM_FORMAT_JSON;
    }
    return wh_str_is(format, "github") ? WH_PROBLEM_FORMAT_GITHUB : WH_PROBLEM_FORMAT_TEXT;
}

/* A path that cannot be read is worse than a model that is wrong. */
static enum wh_exit
check(const struct wh_call *call, struct wh_str path, enum wh_problem_format format)
{
    struct wh_problems problems;
    struct wh_model *model = NULL;
    struct wh_buf buf;
    wh_problems_init(&problems, call->arena);
    wh_buf_init(&buf, call->arena);
    enum wh_err err = wh_compile(path, NULL, &problems, &model);
    wh_problems_sort(&problems);
    wh_problems_print(&problems, format, &buf);
    if (err == WH_OK && format == WH_PROBLEM_FORMAT_TEXT) {
        wh_buf_printf(&buf, "%.*s: %.*s\n", WH_STR_ARG(path), WH_STR_ARG(model->summary));
    }
    wh_console_result(wh_buf_str(&buf));
    wh_model_destroy(&model);
    return wh_console_exit(err);
}

enum wh_exit
wh_command_check(const struct wh_call *call)
{
    enum wh_problem_format format = format_of(call->args);
    enum wh_exit worst = WH_EXIT_DONE;
    for (size_t i = 0; i < call->args->operand_count; i++) {
        enum wh_exit code = check(call, call->args->operands[i], format);
        worst = code > worst ? code : worst;
    }
    return worst;
}
