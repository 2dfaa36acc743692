#include "engine/commands/folder.h"

#include "engine/base/time.h"
#include "engine/commands/clock_look.h"
#include "engine/commands/model_kept.h"

const char *
wh_folder_join(struct wh_arena *arena, struct wh_str path, const char *name)
{
    struct wh_buf buf;
    wh_buf_init(&buf, arena);
    wh_buf_push(&buf, path);
    wh_buf_push_char(&buf, '/');
    wh_buf_push_text(&buf, name);
    return wh_buf_text(&buf);
}

void
wh_folder_push(struct wh_arena *arena, struct wh_folder_list *list, struct wh_str record)
{
    if (list->count == list->capacity) {
        size_t capacity = list->capacity == 0 ? 64 : 2 * list->capacity;
        list->items =
            wh_arena_grow(arena, list->items, list->count, capacity, sizeof(*list->items));
        list->capacity = capacity;
    }
    list->items[list->count++] = record;
}

enum wh_err
wh_folder_keep_model(const struct wh_sqlite *database, const struct wh_model *model,
                     struct wh_str model_path, int64_t since, struct wh_error *error)
{
    struct wh_arena arena;
    struct wh_buf bytes;
    wh_arena_init(&arena, 0);
    wh_buf_init(&bytes, &arena);
    wh_model_kept_encode(&bytes, model, model_path);
    enum wh_err err = wh_sqlite_keep_model(database, wh_str_of(model->ruleset.hash_hex), since,
                                           wh_buf_str(&bytes), error);
    wh_arena_fini(&arena);
    return err;
}

static enum wh_err
read_clock(struct wh_sqlite_reader *reader, struct wh_folder *folder, struct wh_error *error)
{
    struct wh_clock_look look;
    wh_clock_look_init(&look);
    enum wh_err err = wh_sqlite_reader_journals(reader, wh_clock_look_take, &look, error);
    folder->now = look.now;
    folder->is_live = look.is_live;
    wh_clock_look_fini(&look);
    return err;
}

static enum wh_err
read_model(struct wh_arena *arena, struct wh_sqlite_reader *reader, struct wh_folder *folder,
           struct wh_error *error)
{
    struct wh_str hash;
    struct wh_str bytes;
    struct wh_model_bundle bundle;
    enum wh_err err = wh_sqlite_reader_model(reader, arena, &hash, &bytes, error);
    err = err == WH_OK ? wh_model_bundle_decode(bytes, arena, &bundle, error) : err;
    if (err != WH_OK) {
        return err;
    }
    folder->model_path = bundle.path;
    folder->model_hash = hash;
    folder->sources = wh_model_kept_sources(arena, bundle.sources, bundle.source_count);
    folder->data = wh_model_kept_sources(arena, bundle.data, bundle.data_count);
    return WH_OK;
}

enum wh_err
wh_folder_compile_kept(struct wh_arena *arena, struct wh_sqlite_reader *reader, struct wh_str hash,
                       struct wh_model **ret_model)
{
    struct wh_str bytes;
    enum wh_err err = wh_sqlite_reader_model_of(reader, arena, hash, &bytes, NULL);
    return err == WH_OK ? wh_model_kept_compile(arena, bytes, hash, ret_model) : err;
}

enum wh_err
wh_folder_open(struct wh_arena *arena, struct wh_str path, struct wh_folder *ret_folder,
               struct wh_sqlite_reader *ret_reader, struct wh_error *error)
{
    *ret_folder = (struct wh_folder){.now = WH_TIME_MIN};
    enum wh_err err =
        wh_sqlite_reader_open(wh_folder_join(arena, path, WH_FOLDER_FILE), ret_reader, error);
    if (err != WH_OK) {
        return err;
    }
    err = read_model(arena, ret_reader, ret_folder, error);
    err = err == WH_OK ? read_clock(ret_reader, ret_folder, error) : err;
    if (err != WH_OK) {
        wh_sqlite_reader_close(ret_reader);
    }
    return err;
}
