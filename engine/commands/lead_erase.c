#include "engine/commands/lead_erase.h"

#include <yyjson.h>

#include "engine/commands/columns.h"
#include "engine/commands/console.h"
#include "engine/commands/identity.h"
#include "engine/commands/key_text.h"
#include "engine/commands/lead_find.h"
#include "engine/commands/settings.h"
#include "engine/commands/stream_write.h"

static bool
read_answer(struct wh_arena *arena, struct wh_str body, struct wh_key *ret_key)
{
    yyjson_doc *doc = yyjson_read(body.ptr, body.len, 0);
    yyjson_val *value = yyjson_obj_get(yyjson_doc_get_root(doc), "key");
    struct wh_str text =
        wh_arena_str(arena, (struct wh_str){yyjson_get_str(value), yyjson_get_len(value)});
    yyjson_doc_free(doc);
    return wh_key_text_read(arena, text, ret_key);
}

/* The key of the lead that has what was typed: a device's is the one of whoever it belongs to. */
static enum wh_exit
find_in_stream(const struct wh_call *call, struct wh_key *ret_key)
{
    struct wh_kept kept;
    struct wh_kept_lead lead;
    enum wh_exit code = wh_kept_open(call, &kept);
    if (code == WH_EXIT_DONE) {
        code = wh_lead_find(call->arena, &kept, call->args->operands[0], &lead);
    }
    if (code == WH_EXIT_DONE &&
        !wh_key_text_read(call->arena, wh_arena_str(call->arena, lead.entity.state.key), ret_key)) {
        code = wh_console_fail(WH_EXIT_PROBLEMS, "\"%.*s\" cannot be erased",
                               WH_STR_ARG(lead.entity.state.key));
    }
    wh_kept_close(&kept);
    return code;
}

static enum wh_exit
find_at_door(const struct wh_call *call, const struct wh_config *config, struct wh_key *ret_key)
{
    struct wh_str typed = call->args->operands[0];
    struct wh_http_answer answer;
    struct wh_door door;
    struct wh_buf path;
    wh_door_init(&door, call, config, WH_OPTION_COLLECT_READ_KEYS);
    wh_buf_init(&path, call->arena);
    wh_buf_push_text(&path, WH_DOOR_LEADS);
    wh_door_push_escaped(&path, typed);
    enum wh_exit code = wh_door_ask(&door, wh_buf_text(&path), (struct wh_str){NULL, 0}, &answer);
    if (code == WH_EXIT_PROBLEMS) {
        return wh_console_fail(code, "%.*s knows no lead \"%.*s\": nothing was written",
                               WH_STR_ARG(door.base), WH_STR_ARG(typed));
    }
    if (code == WH_EXIT_DONE && !read_answer(call->arena, answer.body, ret_key)) {
        return wh_console_fail(WH_EXIT_OUTSIDE, "%.*s does not answer as `waterhole up` does",
                               WH_STR_ARG(door.base));
    }
    return code;
}

static void
print(const struct wh_call *call, const struct wh_identity_command *command)
{
    struct wh_buf buf;
    wh_buf_init(&buf, call->arena);
    wh_buf_printf(&buf, "Written: identity.erase, id %.*s.\nEverything known of ",
                  WH_STR_ARG(command->stamp.id));
    wh_columns_push_clean(&buf, wh_key_text(call->arena, command->subject));
    wh_buf_push_text(
        &buf, " up to now is forgotten: its touches, what was decided about it, and the same of "
              "each device and address while it belonged to this lead. What comes later begins a "
              "new life.\nThis cannot be taken back.\n");
    wh_console_result(wh_buf_str(&buf));
}

enum wh_exit
wh_lead_erase(const struct wh_call *call)
{
    struct wh_identity_command command = {
        .word = WH_WORD_ERASE_LEAD, .from = WH_MINUTE_FIRST, .until = WH_MINUTE_END};
    struct wh_config config;
    if (wh_args_has(call->args, "--at") || wh_args_has(call->args, "--export")) {
        return wh_console_fail(WH_EXIT_USAGE,
                               "\"--erase\" goes with neither \"--at\" nor \"--export\"");
    }
    if (!wh_settings_load(call, &config)) {
        return WH_EXIT_USAGE;
    }
    enum wh_exit code = wh_stream_is_meant(call, &config)
                            ? find_in_stream(call, &command.subject)
                            : find_at_door(call, &config, &command.subject);
    if (code != WH_EXIT_DONE) {
        return code;
    }
    code = wh_identity_write_touch(call, &config, &command);
    if (code == WH_EXIT_DONE && !wh_args_has(call->args, "--json")) {
        print(call, &command);
    }
    return code;
}
