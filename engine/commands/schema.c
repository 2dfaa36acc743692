/* `waterhole schema NAME`: what records look like, for other people's programs. */
#include "proto/schema.h"
#include "engine/commands/console.h"
#include "engine/commands/model_schema.h"

static enum wh_exit
tell_unknown(struct wh_str name)
{
    struct wh_nearest nearest = wh_nearest_to(name);
    wh_nearest_offer(&nearest, WH_STR("model"), 0);
    for (int i = 0; i < WH_SCHEMA_COUNT; i++) {
        wh_nearest_offer(&nearest, wh_str_of(wh_schema_str((enum wh_schema)i)), 0);
    }
    if (wh_nearest_found(&nearest)) {
        return wh_console_fail(WH_EXIT_USAGE, "no schema \"%.*s\"; did you mean \"%.*s\"?",
                               WH_STR_ARG(name), WH_STR_ARG(nearest.best));
    }
    return wh_console_fail(WH_EXIT_USAGE,
                           "no schema \"%.*s\"; there are touchpoint, lead-event and model",
                           WH_STR_ARG(name));
}

/* A model is YAML alone. */
static enum wh_exit
print_model(const struct wh_call *call)
{
    struct wh_buf buf;
    if (wh_args_has(call->args, "--proto")) {
        return wh_console_fail(WH_EXIT_USAGE, "a model is YAML and has no .proto");
    }
    wh_buf_init(&buf, call->arena);
    wh_model_schema(&buf);
    wh_console_result(wh_buf_str(&buf));
    return WH_EXIT_DONE;
}

enum wh_exit
wh_command_schema(const struct wh_call *call)
{
    enum wh_schema schema;
    struct wh_buf buf;
    struct wh_str name = call->args->operands[0];
    if (wh_str_is(name, "model")) {
        return print_model(call);
    }
    if (!wh_schema_find(name, &schema)) {
        return tell_unknown(name);
    }
    if (wh_args_has(call->args, "--proto")) {
        wh_console_result(wh_schema_proto(schema));
        return WH_EXIT_DONE;
    }
    wh_buf_init(&buf, call->arena);
    wh_schema_json(&buf, schema);
    wh_console_result(wh_buf_str(&buf));
    return WH_EXIT_DONE;
}
