#include "engine/language/datafile.h"

#include "engine/base/hash.h"
#include "engine/base/utf8.h"

static void
push_fingerprint(struct wh_compiler *compiler, struct wh_str text)
{
    uint8_t digest[WH_HASH_SHA256_SIZE];
    char hex[2 * WH_HASH_SHA256_SIZE + 1];
    wh_hash_sha256(text, digest);
    wh_hash_hex(digest, sizeof(digest), hex);
    wh_buf_printf(&compiler->fingerprint, "file %s\n", hex);
}

static const struct wh_source *
find_source(const struct wh_source_list *list, struct wh_str name)
{
    for (size_t i = 0; list != NULL && i < list->count; i++) {
        if (wh_str_equal(list->sources[i]->name, name)) {
            return list->sources[i];
        }
    }
    return NULL;
}

/* What was read is kept with the model, so that it can be compiled again without the disk. */
static void
keep_source(struct wh_compiler *compiler, struct wh_str path, struct wh_str text)
{
    struct wh_source_list *data = &compiler->model->data;
    if (find_source(data, path) == NULL) {
        data->sources =
            wh_compiler_room(compiler, data->sources, data->count, sizeof(struct wh_source *));
        struct wh_source *source = WH_ARENA_NEW(compiler->arena, struct wh_source);
        /* Byte for byte, and without lines: no problem ever points into it. */
        *source = (struct wh_source){.name = path, .text = text, .index = data->count};
        data->sources[data->count] = source;
        data->count++;
    }
}

static enum wh_err
read_text(struct wh_compiler *compiler, struct wh_str path, struct wh_str *ret_text,
          struct wh_error *error)
{
    const struct wh_source *given = find_source(compiler->given, path);
    enum wh_err err = WH_OK;
    if (given != NULL) {
        *ret_text = given->text;
    } else {
        err = wh_source_read_file(compiler->arena, path, WH_SOURCE_DATA_BYTES_MAX, ret_text, error);
    }
    if (err == WH_OK) {
        keep_source(compiler, path, *ret_text);
    }
    return err;
}

bool
wh_datafile_open(struct wh_compiler *compiler, const struct wh_tree *file, struct wh_csv *ret_csv)
{
    struct wh_str name;
    struct wh_str text;
    struct wh_error error;
    if (!wh_scalar_text(compiler->problems, file, &name)) {
        return false;
    }
    const struct wh_source *source = file->location.source;
    struct wh_str path = wh_source_beside(compiler->arena, source->name, name);
    if (read_text(compiler, path, &text, &error) != WH_OK) {
        wh_problem_error(compiler->problems, &file->location, "%s", error.message);
        return false;
    }
    if (!wh_utf8_is_valid(text)) {
        wh_problem_error(compiler->problems, &file->location,
                         "cannot read \"%.*s\": it is not UTF-8", WH_STR_ARG(path));
        return false;
    }
    push_fingerprint(compiler, text);
    wh_csv_init(ret_csv, compiler->arena, text);
    if (!wh_csv_next(ret_csv)) {
        wh_problem_error(compiler->problems, &file->location, "\"%.*s\" is empty",
                         WH_STR_ARG(name));
        return false;
    }
    return true;
}

bool
wh_datafile_column(struct wh_compiler *compiler, const struct wh_tree *file,
                   const struct wh_tree *column, const struct wh_csv *csv, size_t *ret_column)
{
    struct wh_str name;
    if (!wh_scalar_text(compiler->problems, column, &name)) {
        return false;
    }
    *ret_column = wh_csv_find(csv, name);
    if (*ret_column < csv->count) {
        return true;
    }
    struct wh_buf all;
    wh_buf_init(&all, compiler->problems->arena);
    for (size_t i = 0; i < csv->count; i++) {
        wh_buf_push_text(&all, i == 0 ? "" : ", ");
        wh_buf_push(&all, csv->fields[i]);
    }
    wh_problem_error(compiler->problems, &column->location,
                     "\"%.*s\" has no column \"%.*s\"; it has: %.*s", WH_STR_ARG(file->text),
                     WH_STR_ARG(name), WH_STR_ARG(wh_buf_str(&all)));
    return false;
}
