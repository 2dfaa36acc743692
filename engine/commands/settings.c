#include "engine/commands/settings.h"

#include "engine/commands/console.h"

bool
wh_settings_load(const struct wh_call *call, struct wh_config *ret_config)
{
    const struct wh_command *command = call->args->command;
    struct wh_config_flag flags[WH_FLAGS_MAX];
    struct wh_config_request request = {.environment = call->environment, .flags = flags};
    struct wh_problems problems;
    for (size_t i = 0; i < command->flag_count; i++) {
        if (call->args->given[i] && command->flags[i].option != WH_OPTION_COUNT) {
            flags[request.flag_count++] = (struct wh_config_flag){
                command->flags[i].option, call->args->values[i], wh_str_of(command->flags[i].name)};
        }
    }
    if (wh_args_has(call->args, "--config")) {
        request.file = wh_args_text(call->args, "--config");
    }
    wh_problems_init(&problems, call->arena);
    enum wh_err err = wh_config_load(call->arena, &request, &problems, ret_config);
    wh_console_problems(&problems);
    return err == WH_OK;
}
