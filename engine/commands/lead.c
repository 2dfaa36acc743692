/* `waterhole lead KEY`: one lead's story from what `up --data` left. */
#include "engine/commands/columns.h"
#include "engine/commands/console.h"
#include "engine/commands/kept.h"
#include "engine/commands/lead_erase.h"
#include "engine/commands/lead_export.h"
#include "engine/commands/lead_find.h"
#include "engine/commands/lead_text.h"
#include "engine/score/entity.h"
#include "engine/score/story.h"
#include "proto/story_json.h"

struct lead {
    const struct wh_call *call;
    struct wh_kept kept;
    struct wh_kept_lead found;
    const struct wh_story_announcement *announcements;
    size_t announcement_count;
    int64_t at;
    bool is_past;
    uint8_t secret[WH_HASH_KEY_SIZE]; /* of public names */
};

static enum wh_exit
read_time(struct lead *lead)
{
    struct wh_str text = wh_args_text(lead->call->args, "--at");
    const struct wh_zone *zone = lead->kept.model->ruleset.zone;
    bool has_zone = false;
    lead->at = lead->kept.now;
    lead->is_past = wh_args_has(lead->call->args, "--at");
    if (!lead->is_past) {
        return WH_EXIT_DONE;
    }
    if (wh_time_parse(text, &lead->at, &has_zone) != WH_OK) {
        return wh_console_fail(WH_EXIT_USAGE,
                               "\"--at\" is a time such as 2026-11-03 or 2026-11-03T14:00, found "
                               "\"%.*s\"",
                               WH_STR_ARG(text));
    }
    lead->at = has_zone ? lead->at : wh_zone_to_utc(zone, lead->at);
    if (lead->at > lead->kept.now) {
        struct wh_str end = wh_columns_time(lead->call->arena, zone, lead->kept.now);
        return wh_console_fail(WH_EXIT_USAGE,
                               "\"--at\" lies after the last moment that was played, %.*s",
                               WH_STR_ARG(end));
    }
    return WH_EXIT_DONE;
}

static enum wh_exit
find(struct lead *lead)
{
    struct wh_arena *arena = lead->call->arena;
    char hex[2 * WH_HASH_ID_SIZE + 1];
    enum wh_exit code =
        wh_lead_find(arena, &lead->kept, lead->call->args->operands[0], &lead->found);
    if (code != WH_EXIT_DONE) {
        return code;
    }
    wh_hash_hex(lead->found.entity.state.id.bytes, WH_HASH_ID_SIZE, hex);
    code = wh_kept_announcements(&lead->kept, arena, wh_str_of(hex), &lead->announcements,
                                 &lead->announcement_count);
    if (code != WH_EXIT_DONE) {
        return code;
    }
    if (!lead->is_past) {
        wh_kept_go_on(&lead->kept, &lead->found, arena);
        return WH_EXIT_DONE;
    }
    const struct wh_ruleset *ruleset =
        wh_entity_ruleset(&lead->kept.model->ruleset, &lead->found.entity);
    wh_story_go_back(ruleset, &lead->found.entity.state, lead->at, lead->announcements,
                     lead->announcement_count, arena);
    if (lead->found.entity.state.history.count == 0) {
        struct wh_str at = wh_columns_time(arena, ruleset->zone, lead->at);
        return wh_console_fail(WH_EXIT_PROBLEMS, "nothing was known of \"%.*s\" at %.*s",
                               WH_STR_ARG(lead->found.entity.state.key), WH_STR_ARG(at));
    }
    return WH_EXIT_DONE;
}

/* Of the past, what had left by then. */
static size_t
announced_until(const struct lead *lead)
{
    size_t count = 0;
    while (count < lead->announcement_count &&
           (!lead->is_past || lead->announcements[count].decided <= lead->at)) {
        count++;
    }
    return count;
}

static enum wh_exit
print(struct lead *lead)
{
    struct wh_arena *arena = lead->call->arena;
    const struct wh_ruleset *ruleset =
        wh_entity_ruleset(&lead->kept.model->ruleset, &lead->found.entity);
    struct wh_story *story = wh_story_tell(ruleset, &lead->found.entity.state, arena);
    struct wh_lead_style style = {ruleset, wh_console_has_colour(stdout, lead->call->environment)};
    enum wh_exit code = WH_EXIT_DONE;
    struct wh_buf buf;
    wh_buf_init(&buf, arena);
    wh_story_tell_identity(ruleset, &lead->found.entity, lead->kept.secret, arena, story);
    story->announcements = lead->announcements;
    story->announcement_count = announced_until(lead);
    story->is_past = lead->is_past;
    if (wh_args_has(lead->call->args, "--export")) {
        code = wh_lead_export(&buf, &lead->kept, &lead->found.entity, story);
    } else if (wh_args_has(lead->call->args, "--json")) {
        wh_story_json_encode(&buf, story);
        wh_buf_push_char(&buf, '\n');
    } else {
        wh_lead_text(&buf, &style, story);
    }
    wh_console_result(code == WH_EXIT_DONE ? wh_buf_str(&buf) : (struct wh_str){NULL, 0});
    return code;
}

static enum wh_exit
tell(const struct wh_call *call)
{
    struct lead lead = {.call = call};
    enum wh_exit code = wh_kept_open(call, &lead.kept);
    code = code == WH_EXIT_DONE ? read_time(&lead) : code;
    code = code == WH_EXIT_DONE ? find(&lead) : code;
    code = code == WH_EXIT_DONE ? print(&lead) : code;
    wh_kept_close(&lead.kept);
    return code;
}

enum wh_exit
wh_command_lead(const struct wh_call *call)
{
    if (wh_args_has(call->args, "--erase")) {
        return wh_lead_erase(call);
    }
    if (wh_args_has(call->args, "--export") && wh_args_has(call->args, "--at")) {
        return wh_console_fail(WH_EXIT_USAGE,
                               "\"--export\" does not go with \"--at\": it is everything");
    }
    return tell(call);
}
