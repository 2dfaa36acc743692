/* The frames of the store file hold states first, then events: a state never begins with a brace,
 * an event always does. */
#include "engine/commands/folder.h"

#include "connectors/file/file.h"
#include "proto/codec.h"
#include "proto/store_file.h"

#define KIND_MODEL "model"
#define KIND_DATA  "data"
#define KIND_PATH  "path" /* no file: how the model was named */

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

static size_t
put_sources(struct wh_store_source *items, size_t count, const struct wh_source_list *list,
            struct wh_str kind)
{
    for (size_t i = 0; i < list->count; i++) {
        items[count++] =
            (struct wh_store_source){list->sources[i]->name, kind, list->sources[i]->text};
    }
    return count;
}

static void
write_states(struct wh_store_writer *writer, const struct wh_world *world)
{
    struct wh_codec codec = wh_proto_codec();
    struct wh_arena scratch;
    wh_arena_init(&scratch, 0);
    for (size_t i = 0; i < world->lead_count; i++) {
        struct wh_buf bytes;
        wh_buf_init(&bytes, &scratch);
        codec.encode_entity(codec.self, &bytes, wh_str_of(world->ruleset->hash_hex),
                            &world->leads[i]->entity);
        wh_store_push(writer, wh_buf_str(&bytes));
        wh_arena_reset(&scratch);
    }
    wh_arena_fini(&scratch);
}

static struct wh_store_head
make_head(struct wh_arena *arena, const struct wh_world *world, const struct wh_model *model,
          struct wh_str model_path)
{
    size_t room = model->sources.count + model->data.count + 1;
    struct wh_store_source *sources = WH_ARENA_ARRAY(arena, struct wh_store_source, room);
    size_t count = put_sources(sources, 0, &model->sources, WH_STR(KIND_MODEL));
    count = put_sources(sources, count, &model->data, WH_STR(KIND_DATA));
    sources[count++] = (struct wh_store_source){model_path, WH_STR(KIND_PATH), {NULL, 0}};
    return (struct wh_store_head){
        .model_hash = wh_str_of(model->ruleset.hash_hex),
        .sources = sources,
        .source_count = count,
        .written_at = world->now,
    };
}

enum wh_err
wh_folder_write(struct wh_str path, const struct wh_world *world, const struct wh_model *model,
                struct wh_str model_path, const struct wh_folder_list *events,
                struct wh_error *error)
{
    struct wh_arena arena;
    struct wh_buf buf;
    struct wh_store_writer writer;
    wh_arena_init(&arena, 0);
    wh_buf_init(&buf, &arena);
    struct wh_store_head head = make_head(&arena, world, model, model_path);
    wh_store_begin(&writer, &buf, &head);
    write_states(&writer, world);
    for (size_t i = 0; i < events->count; i++) {
        wh_store_push(&writer, events->items[i]);
    }
    wh_store_end(&writer);
    enum wh_err err =
        wh_file_write(wh_folder_join(&arena, path, WH_FOLDER_FILE), wh_buf_str(&buf), error);
    wh_arena_fini(&arena);
    return err;
}

static struct wh_source_list
sources_of(struct wh_arena *arena, const struct wh_store_head *head, const char *kind)
{
    struct wh_source_list list = {
        .sources = WH_ARENA_ARRAY(arena, struct wh_source *, head->source_count)};
    for (size_t i = 0; i < head->source_count; i++) {
        const struct wh_store_source *source = &head->sources[i];
        if (wh_str_is(source->kind, kind)) {
            list.sources[list.count] =
                wh_source_from_text(arena, source->name, source->bytes, list.count);
            list.sources[list.count]->text = source->bytes;
            list.count++;
        }
    }
    return list;
}

static enum wh_err
read_frames(struct wh_arena *arena, struct wh_store_reader *reader, struct wh_folder *folder,
            struct wh_error *error)
{
    struct wh_str frame;
    enum wh_err err = wh_store_next(reader, arena, &frame, error);
    while (err == WH_OK) {
        bool is_event = frame.len > 0 && frame.ptr[0] == '{';
        wh_folder_push(arena, is_event ? &folder->events : &folder->states, frame);
        err = wh_store_next(reader, arena, &frame, error);
    }
    return err == WH_ERR_NOT_FOUND ? WH_OK : err;
}

enum wh_err
wh_folder_read(struct wh_arena *arena, struct wh_str path, struct wh_folder *ret_folder,
               struct wh_error *error)
{
    struct wh_folder folder = {.now = 0};
    struct wh_store_reader reader;
    struct wh_store_head head;
    struct wh_str bytes;
    const char *file = wh_folder_join(arena, path, WH_FOLDER_FILE);
    enum wh_err err = wh_file_read(arena, file, WH_FOLDER_BYTES_MAX, &bytes, error);
    if (err == WH_OK) {
        err = wh_store_open(&reader, bytes, arena, &head, error);
    }
    if (err == WH_OK) {
        err = read_frames(arena, &reader, &folder, error);
    }
    if (err != WH_OK) {
        return err;
    }
    struct wh_source_list named = sources_of(arena, &head, KIND_PATH);
    folder.model_path = named.count > 0 ? named.sources[0]->name : WH_STR("model");
    folder.model_hash = head.model_hash;
    folder.sources = sources_of(arena, &head, KIND_MODEL);
    folder.data = sources_of(arena, &head, KIND_DATA);
    folder.now = head.written_at;
    *ret_folder = folder;
    return WH_OK;
}
