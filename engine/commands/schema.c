/* `waterhole schema NAME`: what records look like, for other people's programs. */
#include "proto/schema.h"
#include "engine/commands/console.h"

static enum wh_exit
tell_unknown(struct wh_str name)
{
    struct wh_nearest nearest = wh_nearest_to(name);
    if (wh_str_is(name, "model")) {
        return wh_console_fail(WH_EXIT_USAGE,
                               "\"schema model\" is specified but not supported yet");
    }
    for (int i = 0; i < WH_SCHEMA_COUNT; i++) {
        wh_nearest_offer(&nearest, wh_str_of(wh_schema_str((enum wh_schema)i)), 0);
    }
    if (wh_nearest_found(&nearest)) {
        return wh_console_fail(WH_EXIT_USAGE, "no schema \"%.*s\"; did you mean \"%.*s\"?",
                               WH_STR_ARG(name), WH_STR_ARG(nearest.best));
    }
    return wh_console_fail(WH_EXIT_USAGE, "no schema \"%.*s\"; there are touchpoint, lead-event",
                           WH_STR_ARG(name));
}

enum wh_exit
wh_command_schema(const struct wh_call *call)
{
    enum wh_schema schema;
    struct wh_buf buf;
    if (!wh_schema_find(call->args->operands[0], &schema)) {
        return tell_unknown(call->args->operands[0]);
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
