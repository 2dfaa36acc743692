#include "engine/commands/kept.h"

#include "engine/commands/announcements.h"
#include "engine/commands/console.h"
#include "engine/commands/machine.h"
#include "engine/commands/settings.h"
#include "engine/score/entity.h"
#include "proto/codec.h"

static enum wh_exit
read_folder(struct wh_kept *kept)
{
    const struct wh_call *call = kept->call;
    struct wh_config config;
    struct wh_error error;
    if (!wh_settings_load(call, &config)) {
        return WH_EXIT_USAGE;
    }
    wh_config_secret(&config, kept->secret);
    struct wh_str data = wh_config_text(&config, WH_OPTION_DATA);
    if (data.len == 0) {
        return wh_console_fail(WH_EXIT_USAGE,
                               "no data folder: name the one that `%s up --play FILE --data DIR` "
                               "left with --data DIR, or \"data\" in the configuration",
                               call->program);
    }
    enum wh_err err = wh_folder_open(call->arena, data, &kept->folder, &kept->reader, &error);
    if (err == WH_ERR_NOT_FOUND) {
        return wh_console_fail(WH_EXIT_USAGE,
                               "no leads in \"%.*s\": `%s up --play FILE --data %.*s …` leaves "
                               "them there",
                               WH_STR_ARG(data), call->program, WH_STR_ARG(data));
    }
    if (err != WH_OK) {
        return wh_console_fail(WH_EXIT_OUTSIDE, "\"%.*s/%s\": %s", WH_STR_ARG(data), WH_FOLDER_FILE,
                               error.message);
    }
    kept->is_open = true;
    int64_t machine = wh_machine_now();
    bool is_later = kept->folder.is_live && machine > kept->folder.now;
    kept->now = is_later ? machine : kept->folder.now;
    return WH_EXIT_DONE;
}

/* States mean something under the very model that made them only. */
static enum wh_exit
compile(struct wh_kept *kept)
{
    const struct wh_args *args = kept->call->args;
    struct wh_problems problems;
    struct wh_compile_options options = {.sources = &kept->folder.sources,
                                         .data = &kept->folder.data};
    bool is_given = wh_args_has(args, "--model");
    struct wh_str path = is_given ? wh_args_text(args, "--model") : kept->folder.model_path;
    wh_problems_init(&problems, kept->call->arena);
    enum wh_err err = wh_compile(path, is_given ? NULL : &options, &problems, &kept->model);
    if (err != WH_OK) {
        wh_console_problems(&problems);
        return wh_console_exit(err);
    }
    if (!wh_str_is(kept->folder.model_hash, kept->model->ruleset.hash_hex)) {
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

enum wh_exit
wh_kept_open(const struct wh_call *call, struct wh_kept *ret_kept)
{
    *ret_kept = (struct wh_kept){.call = call};
    enum wh_exit code = read_folder(ret_kept);
    return code == WH_EXIT_DONE ? compile(ret_kept) : code;
}

void
wh_kept_close(struct wh_kept *kept)
{
    wh_models_fini(&kept->models);
    wh_model_destroy(&kept->model);
    if (kept->is_open) {
        wh_sqlite_reader_close(&kept->reader);
        kept->is_open = false;
    }
}

enum wh_exit
wh_kept_decode(struct wh_kept *kept, struct wh_str bytes, struct wh_arena *arena,
               struct wh_kept_lead *ret_lead)
{
    struct wh_codec codec = wh_proto_codec();
    struct wh_error error;
    struct wh_str hash;
    enum wh_err err =
        codec.decode_entity(codec.self, bytes, arena, &hash, &ret_lead->entity, &error);
    if (err != WH_OK) {
        return wh_console_fail(WH_EXIT_OUTSIDE, "%s", error.message);
    }
    if (!wh_models_adopt(&kept->models, &kept->reader.database, &kept->model->ruleset, hash,
                         &ret_lead->entity, arena)) {
        return wh_console_fail(WH_EXIT_OUTSIDE,
                               "a lead in the folder was kept under a model that is not there any "
                               "more; play again");
    }
    ret_lead->bytes = bytes;
    return WH_EXIT_DONE;
}

struct each {
    struct wh_kept *kept;
    struct wh_arena scratch;
    wh_kept_lead_fn take;
    void *self;
    enum wh_exit code;
};

static bool
take_state(void *self, uint32_t partition, const struct wh_store_entry *entry)
{
    struct each *each = self;
    struct wh_kept_lead lead;
    (void)partition;
    wh_arena_reset(&each->scratch);
    each->code = wh_kept_decode(each->kept, entry->bytes, &each->scratch, &lead);
    return each->code == WH_EXIT_DONE && each->take(each->self, &lead);
}

static enum wh_exit
failed(const struct wh_error *error)
{
    return wh_console_fail(WH_EXIT_OUTSIDE, "the folder cannot be read: %s", error->message);
}

enum wh_exit
wh_kept_each(struct wh_kept *kept, const struct wh_hash_id *first, const struct wh_hash_id *last,
             wh_kept_lead_fn take, void *self)
{
    struct each each = {.kept = kept, .take = take, .self = self, .code = WH_EXIT_DONE};
    struct wh_error error;
    wh_arena_init(&each.scratch, 0);
    enum wh_err err =
        wh_sqlite_reader_states(&kept->reader, first, last, take_state, &each, &error);
    wh_arena_fini(&each.scratch);
    return err == WH_OK ? each.code : failed(&error);
}

void
wh_kept_go_on(struct wh_kept *kept, struct wh_kept_lead *lead, struct wh_arena *scratch)
{
    struct wh_message time = {.kind = WH_MESSAGE_TIME};
    struct wh_moment moment = {
        .now = kept->now, .announce_from = WH_TIME_MIN, .secret = kept->secret};
    struct wh_entity_effects effects;
    wh_entity_effects_init(&effects, scratch);
    (void)wh_entity_step(&kept->model->ruleset, &lead->entity, &time, &moment, &effects);
}

enum wh_exit
wh_kept_records(struct wh_kept *kept, enum wh_topic topic, wh_kept_record_fn take, void *self)
{
    struct wh_sqlite_reader_query query = {.topic = topic, .since = WH_TIME_MIN};
    struct wh_error error;
    enum wh_err err = wh_sqlite_reader_records(&kept->reader, &query, take, self, &error);
    return err == WH_OK ? WH_EXIT_DONE : failed(&error);
}

struct left {
    struct wh_arena *arena;
    struct wh_folder_list events;
    struct wh_str lead_id;
};

static bool
take_event(void *self, const struct wh_log_record *record)
{
    struct left *left = self;
    if (wh_str_contains(record->value, left->lead_id)) {
        wh_folder_push(left->arena, &left->events, wh_arena_str(left->arena, record->value));
    }
    return true;
}

enum wh_exit
wh_kept_announcements(struct wh_kept *kept, struct wh_arena *arena, struct wh_str lead_id,
                      const struct wh_story_announcement **ret_items, size_t *ret_count)
{
    struct left left = {.arena = arena, .lead_id = lead_id};
    enum wh_exit code = wh_kept_records(kept, WH_TOPIC_LEADS, take_event, &left);
    if (code != WH_EXIT_DONE) {
        return code;
    }
    *ret_items = wh_announcements_of(arena, &left.events, lead_id, ret_count);
    return WH_EXIT_DONE;
}
