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
    struct wh_error error;
    struct wh_str data = wh_config_text(&kept->config, WH_OPTION_DATA);
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

static enum wh_exit
open_folder(struct wh_kept *kept)
{
    enum wh_exit code = read_folder(kept);
    code = code == WH_EXIT_DONE ? compile(kept) : code;
    if (code == WH_EXIT_DONE) {
        kept->ruleset = &kept->model->ruleset;
    }
    return code;
}

enum wh_exit
wh_kept_open(const struct wh_call *call, struct wh_kept *ret_kept)
{
    *ret_kept = (struct wh_kept){.call = call};
    if (!wh_settings_load(call, &ret_kept->config)) {
        return WH_EXIT_USAGE;
    }
    const struct wh_config *config = &ret_kept->config;
    wh_config_secret(config, ret_kept->secret);
    if (wh_config_text(config, WH_OPTION_DATA).len > 0) {
        return open_folder(ret_kept);
    }
    if (wh_config_text(config, WH_OPTION_KAFKA_BOOTSTRAP).len > 0 ||
        wh_config_text(config, WH_OPTION_STORE).len > 0) {
        return wh_kept_open_stream(ret_kept);
    }
    return wh_console_fail(WH_EXIT_USAGE,
                           "no leads: name the folder that `%s up --data DIR` left with --data "
                           "DIR, or \"data\" in the configuration, or \"kafka.bootstrap\" and "
                           "\"store\" of the engines there",
                           call->program);
}

void
wh_kept_close(struct wh_kept *kept)
{
    wh_kept_close_stream(kept);
    wh_models_fini(&kept->models);
    wh_model_destroy(&kept->model);
    if (kept->is_open) {
        wh_sqlite_reader_close(&kept->reader);
        kept->is_open = false;
    }
}

static enum wh_exit
adopt(struct wh_kept *kept, struct wh_str hash, struct wh_entity *entity, struct wh_arena *arena)
{
    struct wh_error error = {.message = "a lead in the folder was kept under a model that is not "
                                        "there any more; play again"};
    bool is_done = kept->is_stream ? wh_stream_adopt(&kept->stream, kept->ruleset, hash, entity,
                                                     arena, &error) == WH_OK
                                   : wh_models_adopt(&kept->models, &kept->reader.database,
                                                     kept->ruleset, hash, entity, arena);
    return is_done ? WH_EXIT_DONE : wh_console_fail(WH_EXIT_OUTSIDE, "%s", error.message);
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
    ret_lead->bytes = bytes;
    return adopt(kept, hash, &ret_lead->entity, arena);
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
failed(const struct wh_kept *kept, const struct wh_error *error)
{
    return wh_console_fail(WH_EXIT_OUTSIDE, "%s%s",
                           kept->is_stream ? "" : "the folder cannot be read: ", error->message);
}

static enum wh_err
read_states(struct wh_kept *kept, const struct wh_hash_id *first, const struct wh_hash_id *last,
            struct each *each, struct wh_error *error)
{
    if (!kept->is_stream) {
        return wh_sqlite_reader_states(&kept->reader, first, last, take_state, each, error);
    }
    bool is_one = memcmp(first, last, sizeof(*first)) == 0;
    return is_one ? wh_redis_reader_find(kept->stream.states, first, take_state, each, error)
                  : wh_redis_reader_each(kept->stream.states, take_state, each, error);
}

enum wh_exit
wh_kept_each(struct wh_kept *kept, const struct wh_hash_id *first, const struct wh_hash_id *last,
             wh_kept_lead_fn take, void *self)
{
    struct each each = {.kept = kept, .take = take, .self = self, .code = WH_EXIT_DONE};
    struct wh_error error;
    wh_arena_init(&each.scratch, 0);
    enum wh_err err = read_states(kept, first, last, &each, &error);
    wh_arena_fini(&each.scratch);
    return err == WH_OK ? each.code : failed(kept, &error);
}

void
wh_kept_go_on(struct wh_kept *kept, struct wh_kept_lead *lead, struct wh_arena *scratch)
{
    struct wh_message time = {.kind = WH_MESSAGE_TIME};
    struct wh_moment moment = {
        .now = kept->now, .announce_from = WH_TIME_MIN, .secret = kept->secret};
    struct wh_entity_effects effects;
    wh_entity_effects_init(&effects, scratch);
    (void)wh_entity_step(kept->ruleset, &lead->entity, &time, &moment, &effects);
}

enum wh_exit
wh_kept_records(struct wh_kept *kept, enum wh_topic topic, wh_kept_record_fn take, void *self)
{
    struct wh_sqlite_reader_query query = {.topic = topic, .since = WH_TIME_MIN};
    struct wh_error error;
    enum wh_err err = kept->is_stream
                          ? wh_stream_records(&kept->stream, topic, take, self, &error)
                          : wh_sqlite_reader_records(&kept->reader, &query, take, self, &error);
    return err == WH_OK ? WH_EXIT_DONE : failed(kept, &error);
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

static enum wh_exit
read_left(struct wh_kept *kept, struct left *left)
{
    struct wh_error error;
    if (!kept->is_stream) {
        return wh_kept_records(kept, WH_TOPIC_LEADS, take_event, left);
    }
    enum wh_err err =
        wh_stream_events(&kept->stream, left->lead_id, left->arena, &left->events, &error);
    return err == WH_OK ? WH_EXIT_DONE : failed(kept, &error);
}

enum wh_exit
wh_kept_announcements(struct wh_kept *kept, struct wh_arena *arena, struct wh_str lead_id,
                      const struct wh_story_announcement **ret_items, size_t *ret_count)
{
    struct left left = {.arena = arena, .lead_id = lead_id};
    enum wh_exit code = read_left(kept, &left);
    if (code == WH_EXIT_DONE) {
        *ret_items = wh_announcements_of(arena, &left.events, lead_id, ret_count);
    }
    return code;
}
