/* From a command about who is who to the touch that is sent. */
#include <time.h>
#include <unistd.h>

#include "engine/base/time.h"
#include "engine/commands/console.h"
#include "engine/commands/identity.h"
#include "engine/commands/json.h"
#include "engine/commands/stream_write.h"

/* The touch and its two properties, by word. */
static const struct {
    const char *type, *subject, *object;
} words[] = {
    [WH_WORD_SPLIT] = {"identity.split", "weak", "strong"},
    [WH_WORD_ALLOW] = {"identity.allow", "weak", "strong"},
    [WH_WORD_JOIN] = {"identity.join", "lead", "into"},
    [WH_WORD_ALONE] = {"identity.alone", "lead", NULL},
    [WH_WORD_ERASE] = {"identity.erase", "who", NULL},
    [WH_WORD_ERASE_LEAD] = {"identity.erase", "who", NULL},
};

static void
push_member(struct wh_buf *buf, const char *name, struct wh_str text)
{
    wh_buf_printf(buf, "\"%s\":", name);
    wh_json_push_string(buf, text);
}

static void
push_properties(struct wh_buf *buf, const struct wh_identity_command *command)
{
    wh_buf_push_text(buf, "\"properties\":{");
    push_member(buf, words[command->word].subject, wh_key_text(buf->arena, command->subject));
    if (words[command->word].object != NULL) {
        wh_buf_push_char(buf, ',');
        push_member(buf, words[command->word].object, wh_key_text(buf->arena, command->object));
    }
    wh_buf_push_char(buf, '}');
}

static struct wh_str
touch_of(struct wh_arena *arena, const struct wh_identity_command *command)
{
    struct wh_buf buf;
    struct wh_buf time;
    wh_buf_init(&buf, arena);
    wh_buf_init(&time, arena);
    wh_time_format(&time, command->stamp.at);
    wh_buf_push_char(&buf, '{');
    push_member(&buf, "id", command->stamp.id);
    wh_buf_push_char(&buf, ',');
    push_member(&buf, "type", wh_str_of(words[command->word].type));
    wh_buf_push_text(&buf, ",\"source\":\"crm\",");
    push_member(&buf, "occurred_at", wh_buf_str(&time));
    wh_buf_push_text(&buf, ",\"identifiers\":{");
    push_member(&buf, wh_key_kind_str(command->subject.kind), command->subject.value);
    wh_buf_push_text(&buf, "},");
    push_properties(&buf, command);
    wh_buf_push_char(&buf, '}');
    return wh_buf_str(&buf);
}

/* The clock of this machine, and an id that no second command has. */
static struct wh_stamp
stamp_now(struct wh_arena *arena)
{
    struct timespec now = {0};
    struct wh_buf id;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    int64_t at = (int64_t)now.tv_sec * WH_US_PER_SECOND + now.tv_nsec / 1000;
    wh_buf_init(&id, arena);
    wh_buf_printf(&id, "command-%lld-%ld", (long long)at, (long)getpid());
    return (struct wh_stamp){at, wh_buf_str(&id)};
}

static enum wh_exit
refuse(const struct wh_call *call, const struct wh_identity_command *command,
       enum wh_command_verdict verdict)
{
    struct wh_arena *arena = call->arena;
    struct wh_str subject = wh_key_text(arena, command->subject);
    struct wh_str object = wh_key_text(arena, command->object);
    if (verdict == WH_COMMAND_ORDER && command->subject.kind != command->object.kind) {
        return wh_console_fail(WH_EXIT_USAGE, "%s: write %.*s before %.*s",
                               wh_command_verdict_str(verdict), WH_STR_ARG(object),
                               WH_STR_ARG(subject));
    }
    if (verdict == WH_COMMAND_ORDER) {
        return wh_console_fail(
            WH_EXIT_USAGE,
            "\"%.*s\" and \"%.*s\" are never linked to each other, only to what they share: split "
            "that link. `%s lead %.*s` lists the links of a lead",
            WH_STR_ARG(subject), WH_STR_ARG(object), call->program, WH_STR_ARG(subject));
    }
    return wh_console_fail(WH_EXIT_USAGE, "\"%.*s\": %s", WH_STR_ARG(subject),
                           wh_command_verdict_str(verdict));
}

static enum wh_exit
send_to_door(const struct wh_call *call, const struct wh_config *config, struct wh_str touch)
{
    struct wh_http_answer answer;
    struct wh_door door;
    wh_door_init(&door, call, config, WH_OPTION_COLLECT_ADMIN_KEYS);
    enum wh_exit code = wh_door_ask(&door, WH_DOOR_TOUCHPOINTS, touch, &answer);
    return code == WH_EXIT_PROBLEMS ? wh_door_refused(&door, &answer) : code;
}

enum wh_exit
wh_identity_write_touch(const struct wh_call *call, const struct wh_config *config,
                        struct wh_identity_command *command)
{
    struct wh_identity_message message;
    struct wh_key to;
    command->stamp = stamp_now(call->arena);
    enum wh_command_verdict verdict = wh_identity_command(command, call->arena, &to, &message);
    if (verdict != WH_COMMAND_GOOD) {
        return refuse(call, command, verdict);
    }
    struct wh_str touch = touch_of(call->arena, command);
    enum wh_exit code =
        wh_stream_is_meant(call, config)
            ? wh_stream_write(config, wh_key_text(call->arena, command->subject), touch)
            : send_to_door(call, config, touch);
    if (code == WH_EXIT_DONE && wh_args_has(call->args, "--json")) {
        wh_console_result(touch);
        wh_console_result(WH_STR("\n"));
    }
    return code;
}
