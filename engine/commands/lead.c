/* `waterhole lead KEY`: one lead's story from what `up --data` left. */
#include "engine/commands/announcements.h"
#include "engine/commands/columns.h"
#include "engine/commands/console.h"
#include "engine/commands/lead_find.h"
#include "engine/commands/lead_text.h"
#include "engine/commands/settings.h"
#include "engine/score/entity.h"
#include "engine/score/story.h"
#include "proto/story_json.h"

struct lead {
    const struct wh_call *call;
    struct wh_folder folder;
    struct wh_model *model;
    struct wh_entity entity;
    const struct wh_story_announcement *announcements;
    size_t announcement_count;
    int64_t at;
    bool is_past;
    uint8_t secret[WH_HASH_KEY_SIZE]; /* of public names */
};

static enum wh_exit
read_folder(struct lead *lead)
{
    struct wh_config config;
    struct wh_error error;
    if (!wh_settings_load(lead->call, &config)) {
        return WH_EXIT_USAGE;
    }
    wh_config_secret(&config, lead->secret);
    struct wh_str data = wh_config_text(&config, WH_OPTION_DATA);
    if (data.len == 0) {
        return wh_console_fail(WH_EXIT_USAGE,
                               "no data folder: name the one that `%s up --play FILE --data DIR` "
                               "left with --data DIR, or \"data\" in the configuration",
                               lead->call->program);
    }
    enum wh_err err = wh_folder_read(lead->call->arena, data, &lead->folder, &error);
    if (err == WH_ERR_NOT_FOUND) {
        return wh_console_fail(WH_EXIT_USAGE,
                               "no leads in \"%.*s\": `%s up --play FILE --data %.*s …` leaves "
                               "them there",
                               WH_STR_ARG(data), lead->call->program, WH_STR_ARG(data));
    }
    if (err != WH_OK) {
        return wh_console_fail(WH_EXIT_OUTSIDE, "\"%.*s/%s\": %s", WH_STR_ARG(data), WH_FOLDER_FILE,
                               error.message);
    }
    return WH_EXIT_DONE;
}

/* States mean something under the very model that made them only. */
static enum wh_exit
compile(struct lead *lead)
{
    struct wh_problems problems;
    struct wh_compile_options kept = {.sources = &lead->folder.sources, .data = &lead->folder.data};
    bool is_given = wh_args_has(lead->call->args, "--model");
    struct wh_str path =
        is_given ? wh_args_text(lead->call->args, "--model") : lead->folder.model_path;
    wh_problems_init(&problems, lead->call->arena);
    enum wh_err err = wh_compile(path, is_given ? NULL : &kept, &problems, &lead->model);
    if (err != WH_OK) {
        wh_console_problems(&problems);
        return wh_console_exit(err);
    }
    if (!wh_str_is(lead->folder.model_hash, lead->model->ruleset.hash_hex)) {
        return wh_console_fail(WH_EXIT_USAGE,
                               is_given
                                   ? "the leads were kept under another version of \"%.*s\": play "
                                     "again with this one, or leave --model away"
                                   : "this program reads the kept model \"%.*s\" differently than "
                                     "the one that kept it: play again",
                               WH_STR_ARG(path));
    }
    return WH_EXIT_DONE;
}

static enum wh_exit
read_time(struct lead *lead)
{
    struct wh_str text = wh_args_text(lead->call->args, "--at");
    const struct wh_zone *zone = lead->model->ruleset.zone;
    bool has_zone = false;
    lead->at = lead->folder.now;
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
    if (lead->at > lead->folder.now) {
        struct wh_str end = wh_columns_time(lead->call->arena, zone, lead->folder.now);
        return wh_console_fail(WH_EXIT_USAGE,
                               "\"--at\" lies after the last moment that was played, %.*s",
                               WH_STR_ARG(end));
    }
    return WH_EXIT_DONE;
}

/* Values stand at the last moment of this lead; time alone has gone on to the end of the play. */
static void
go_on(struct lead *lead)
{
    struct wh_message time = {.kind = WH_MESSAGE_TIME};
    struct wh_moment moment = {
        .now = lead->folder.now, .announce_from = WH_TIME_MIN, .secret = lead->secret};
    struct wh_entity_effects effects;
    wh_entity_effects_init(&effects, lead->call->arena);
    (void)wh_entity_step(&lead->model->ruleset, &lead->entity, &time, &moment, &effects);
}

static enum wh_exit
find(struct lead *lead)
{
    struct wh_arena *arena = lead->call->arena;
    const struct wh_ruleset *ruleset = &lead->model->ruleset;
    char hex[2 * WH_HASH_ID_SIZE + 1];
    enum wh_exit code =
        wh_lead_find(arena, &lead->folder, ruleset, lead->call->args->operands[0], &lead->entity);
    if (code != WH_EXIT_DONE) {
        return code;
    }
    wh_hash_hex(lead->entity.state.id.bytes, WH_HASH_ID_SIZE, hex);
    lead->announcements =
        wh_announcements_of(arena, &lead->folder.events, wh_str_of(hex), &lead->announcement_count);
    if (!lead->is_past) {
        go_on(lead);
        return WH_EXIT_DONE;
    }
    wh_story_go_back(ruleset, &lead->entity.state, lead->at, lead->announcements,
                     lead->announcement_count, arena);
    if (lead->entity.state.history.count == 0) {
        struct wh_str at = wh_columns_time(arena, ruleset->zone, lead->at);
        return wh_console_fail(WH_EXIT_PROBLEMS, "nothing was known of \"%.*s\" at %.*s",
                               WH_STR_ARG(lead->entity.state.key), WH_STR_ARG(at));
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
print(struct lead *lead)
{
    struct wh_arena *arena = lead->call->arena;
    struct wh_story *story = wh_story_tell(&lead->model->ruleset, &lead->entity.state, arena);
    struct wh_lead_style style = {&lead->model->ruleset,
                                  wh_console_has_colour(stdout, lead->call->environment)};
    struct wh_buf buf;
    wh_buf_init(&buf, arena);
    wh_story_tell_identity(&lead->model->ruleset, &lead->entity, lead->secret, arena, story);
    story->announcements = lead->announcements;
    story->announcement_count = announced_until(lead);
    story->is_past = lead->is_past;
    if (wh_args_has(lead->call->args, "--json")) {
        wh_story_json_encode(&buf, story);
        wh_buf_push_char(&buf, '\n');
    } else {
        wh_lead_text(&buf, &style, story);
    }
    wh_console_result(wh_buf_str(&buf));
}

enum wh_exit
wh_command_lead(const struct wh_call *call)
{
    struct lead lead = {.call = call};
    enum wh_exit code = read_folder(&lead);
    code = code == WH_EXIT_DONE ? compile(&lead) : code;
    code = code == WH_EXIT_DONE ? read_time(&lead) : code;
    code = code == WH_EXIT_DONE ? find(&lead) : code;
    if (code == WH_EXIT_DONE) {
        print(&lead);
    }
    wh_model_destroy(&lead.model);
    return code;
}
