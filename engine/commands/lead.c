/* `waterhole lead KEY`: one lead's story from what `up --data` left. */
#include "engine/commands/columns.h"
#include "engine/commands/console.h"
#include "engine/commands/kept.h"
#include "engine/commands/lead_erase.h"
#include "engine/commands/lead_export.h"
#include "engine/commands/lead_find.h"
#include "engine/commands/lead_text.h"
#include "engine/commands/lead_why.h"
#include "engine/score/entity.h"
#include "engine/score/explain.h"
#include "engine/score/identity.h"
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
    bool has_why;
    struct wh_lead_why why;           /* --why */
    uint8_t secret[WH_HASH_KEY_SIZE]; /* of public names */
};

static enum wh_exit
read_time(struct lead *lead)
{
    struct wh_str text = wh_args_text(lead->call->args, "--at");
    const struct wh_zone *zone = lead->kept.ruleset->zone;
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

/* Public ids (hex): the present one, and those published earlier that live in it now. */
static const struct wh_str *
ids_of(struct lead *lead, size_t *ret_count)
{
    struct wh_arena *arena = lead->call->arena;
    const struct wh_entity *entity = &lead->found.entity;
    const struct wh_ruleset *ruleset = lead->kept.ruleset;
    struct wh_identity_names names = wh_identity_also(&entity->identity, &ruleset->identity, arena);
    struct wh_str *ids = WH_ARENA_ARRAY(arena, struct wh_str, names.count + 1);
    ids[0] = wh_explain_id(&entity->state.id, arena);
    for (uint32_t i = 0; i < names.count; i++) {
        struct wh_hash_id id = wh_key_id(lead->kept.secret, arena, names.items[i].key);
        ids[i + 1] = wh_explain_id(&id, arena);
    }
    *ret_count = names.count + 1;
    return ids;
}

/* The event, which says what was known then. */
static enum wh_exit
find_event(struct lead *lead)
{
    size_t count = 0;
    const struct wh_str *ids = ids_of(lead, &count);
    lead->has_why = wh_args_has(lead->call->args, "--why");
    if (!lead->has_why) {
        return WH_EXIT_DONE;
    }
    enum wh_exit code =
        wh_lead_why_find(&lead->kept, lead->call->arena, wh_args_text(lead->call->args, "--why"),
                         ids, count, &lead->why);
    lead->at = code == WH_EXIT_DONE ? lead->why.event.decided : lead->at;
    lead->is_past = lead->is_past || lead->has_why;
    return code;
}

/* A company is one of the companies. */
static const struct wh_ruleset *
ruleset_of(const struct lead *lead)
{
    return wh_entity_ruleset(lead->kept.ruleset, &lead->found.entity);
}

static enum wh_exit
find(struct lead *lead)
{
    struct wh_arena *arena = lead->call->arena;
    enum wh_exit code =
        wh_lead_find(arena, &lead->kept, lead->call->args->operands[0], &lead->found);
    code = code == WH_EXIT_DONE ? find_event(lead) : code;
    if (code == WH_EXIT_DONE) {
        code = wh_kept_announcements(&lead->kept, arena,
                                     wh_explain_id(&lead->found.entity.state.id, arena),
                                     &lead->announcements, &lead->announcement_count);
    }
    if (code != WH_EXIT_DONE) {
        return code;
    }
    if (!lead->is_past) {
        wh_kept_go_on(&lead->kept, &lead->found, arena);
        return WH_EXIT_DONE;
    }
    const struct wh_ruleset *ruleset = ruleset_of(lead);
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

static void
print_why(struct lead *lead, struct wh_buf *buf, const struct wh_story *story)
{
    const struct wh_ruleset *ruleset = ruleset_of(lead);
    struct wh_lead_style style = {ruleset, wh_console_has_colour(stdout, lead->call->environment)};
    struct wh_story_because because;
    wh_story_tell_conditions(ruleset, &lead->found.entity.state, lead->why.event.kind,
                             lead->why.event.name, buf->arena, &because);
    if (wh_args_has(lead->call->args, "--json")) {
        wh_lead_why_json(buf, &lead->why, story, &because);
    } else {
        wh_lead_why_text(buf, &style, &lead->why, story, &because);
    }
}

static enum wh_exit
print(struct lead *lead)
{
    struct wh_arena *arena = lead->call->arena;
    const struct wh_ruleset *ruleset = ruleset_of(lead);
    struct wh_story *story = wh_story_tell(ruleset, &lead->found.entity.state, arena);
    struct wh_lead_style style = {ruleset, wh_console_has_colour(stdout, lead->call->environment)};
    enum wh_exit code = WH_EXIT_DONE;
    struct wh_buf buf;
    wh_buf_init(&buf, arena);
    wh_story_tell_identity(ruleset, &lead->found.entity, lead->kept.secret, arena, story);
    story->announcements = lead->announcements;
    story->announcement_count = announced_until(lead);
    story->is_past = lead->is_past;
    if (lead->has_why) {
        print_why(lead, &buf, story);
    } else if (wh_args_has(lead->call->args, "--export")) {
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
    if (wh_args_has(call->args, "--why") &&
        (wh_args_has(call->args, "--at") || wh_args_has(call->args, "--export"))) {
        return wh_console_fail(WH_EXIT_USAGE,
                               "\"--why\" goes with neither \"--at\" nor \"--export\": the event "
                               "says when");
    }
    return tell(call);
}
