/* Lines end with LF; a CR before it is not part of the line's text. Columns are counted only when a
 * problem is shown, so a location is no more than an offset until then. */
#include "engine/language/source.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static const size_t *
index_lines(struct wh_arena *arena, struct wh_str text, size_t *ret_count)
{
    size_t count = 1;
    for (size_t i = 0; i < text.len; i++) {
        count += text.ptr[i] == '\n' ? 1 : 0;
    }
    size_t *starts = WH_ARENA_ARRAY(arena, size_t, count);
    size_t line = 1;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '\n') {
            starts[line++] = i + 1;
        }
    }
    *ret_count = count;
    return starts;
}

struct wh_source *
wh_source_from_text(struct wh_arena *arena, struct wh_str name, struct wh_str text, size_t index)
{
    struct wh_source *source = WH_ARENA_NEW(arena, struct wh_source);
    struct wh_str mark = WH_STR("\xEF\xBB\xBF");
    source->name = name;
    source->text = wh_str_starts_with(text, mark) ? wh_str_slice(text, mark.len, text.len) : text;
    source->index = index;
    source->line_starts = index_lines(arena, source->text, &source->line_count);
    return source;
}

static enum wh_err
fail_to_read(struct wh_error *error, struct wh_str path, int code)
{
    if (code == ENOENT || code == ENOTDIR) {
        return wh_error_set(error, WH_ERR_NOT_FOUND, "cannot read \"%.*s\": no such file",
                            WH_STR_ARG(path));
    }
    char reason[128];
    if (strerror_r(code, reason, sizeof(reason)) != 0) {
        (void)snprintf(reason, sizeof(reason), "error %d", code);
    }
    return wh_error_set(error, WH_ERR_OUTSIDE, "cannot read \"%.*s\": %s", WH_STR_ARG(path),
                        reason);
}

static enum wh_err
read_stream(FILE *stream, struct wh_arena *arena, size_t size, struct wh_str *ret_text)
{
    char *bytes = wh_arena_alloc(arena, size + 1);
    size_t count = fread(bytes, 1, size, stream);
    if (ferror(stream) != 0) {
        return WH_ERR_OUTSIDE;
    }
    *ret_text = (struct wh_str){bytes, count};
    return WH_OK;
}

enum wh_err
wh_source_read_file(struct wh_arena *arena, struct wh_str path, size_t max_bytes,
                    struct wh_str *ret_text, struct wh_error *error)
{
    const char *name = wh_arena_str(arena, path).ptr;
    struct stat about;
    if (stat(name, &about) != 0) {
        return fail_to_read(error, path, errno);
    }
    if (!S_ISREG(about.st_mode)) {
        return fail_to_read(error, path, S_ISDIR(about.st_mode) ? EISDIR : EINVAL);
    }
    if (about.st_size < 0 || (size_t)about.st_size > max_bytes) {
        return wh_error_set(error, WH_ERR_LIMIT, "cannot read \"%.*s\": it is over %zu KiB",
                            WH_STR_ARG(path), max_bytes / 1024);
    }
    FILE *stream = fopen(name, "rb");
    if (stream == NULL) {
        return fail_to_read(error, path, errno);
    }
    enum wh_err err = read_stream(stream, arena, (size_t)about.st_size, ret_text);
    if (fclose(stream) != 0 || err != WH_OK) {
        return fail_to_read(error, path, EIO);
    }
    return WH_OK;
}

static int
is_model_file(const struct dirent *entry)
{
    struct wh_str name = wh_str_of(entry->d_name);
    return wh_str_ends_with(name, WH_STR(".yaml")) &&
           !wh_str_ends_with(name, WH_STR(".test.yaml")) && !wh_str_starts_with(name, WH_STR("."));
}

/* By bytes: alphasort would ask the locale. */
static int
compare_names(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static struct wh_str
join_path(struct wh_arena *arena, struct wh_str folder, struct wh_str name)
{
    size_t len = folder.len + 1 + name.len;
    char *bytes = wh_arena_alloc(arena, len + 1);
    if (folder.len > 0) {
        memcpy(bytes, folder.ptr, folder.len);
    }
    bytes[folder.len] = '/';
    memcpy(bytes + folder.len + 1, name.ptr, name.len);
    return (struct wh_str){bytes, len};
}

static enum wh_err
load_one(struct wh_arena *arena, struct wh_str path, size_t *budget, struct wh_source_list *list,
         struct wh_error *error)
{
    struct wh_str text = WH_STR("");
    enum wh_err err = wh_source_read_file(arena, path, *budget, &text, error);
    if (err == WH_ERR_LIMIT) {
        return wh_error_set(error, err, "cannot read \"%.*s\": a model has at most 4 MiB",
                            WH_STR_ARG(path));
    }
    if (err != WH_OK) {
        return err;
    }
    *budget -= text.len;
    list->sources[list->count] = wh_source_from_text(arena, path, text, list->count);
    list->count++;
    return WH_OK;
}

static enum wh_err
load_names(struct wh_arena *arena, struct wh_str folder, struct dirent **entries, size_t count,
           struct wh_source_list *list, struct wh_error *error)
{
    if (count == 0) {
        return wh_error_set(error, WH_ERR_NOT_FOUND, "no model in the folder \"%.*s\": no *.yaml",
                            WH_STR_ARG(folder));
    }
    if (count > WH_SOURCE_FILES_MAX) {
        return wh_error_set(error, WH_ERR_LIMIT, "%zu files in \"%.*s\"; a model has at most %d",
                            count, WH_STR_ARG(folder), WH_SOURCE_FILES_MAX);
    }
    list->sources = WH_ARENA_ARRAY(arena, struct wh_source *, count);
    size_t budget = WH_SOURCE_BYTES_MAX;
    for (size_t i = 0; i < count; i++) {
        struct wh_str path = join_path(arena, folder, wh_str_of(entries[i]->d_name));
        enum wh_err err = load_one(arena, path, &budget, list, error);
        if (err != WH_OK) {
            return err;
        }
    }
    return WH_OK;
}

static enum wh_err
load_folder(struct wh_arena *arena, struct wh_str folder, struct wh_source_list *list,
            struct wh_error *error)
{
    while (folder.len > 1 && folder.ptr[folder.len - 1] == '/') {
        folder.len--;
    }
    struct dirent **entries = NULL;
    int count = scandir(wh_arena_str(arena, folder).ptr, &entries, is_model_file, compare_names);
    if (count < 0) {
        return fail_to_read(error, folder, errno);
    }
    enum wh_err err = load_names(arena, folder, entries, (size_t)count, list, error);
    for (int i = 0; i < count; i++) {
        free(entries[i]);
    }
    free(entries);
    return err;
}

enum wh_err
wh_source_load(struct wh_arena *arena, struct wh_str path, struct wh_source_list *ret_list,
               struct wh_error *error)
{
    struct wh_source_list list = {0};
    struct stat about;
    if (stat(wh_arena_str(arena, path).ptr, &about) != 0) {
        return fail_to_read(error, path, errno);
    }
    enum wh_err err = WH_OK;
    if (S_ISDIR(about.st_mode)) {
        err = load_folder(arena, path, &list, error);
    } else {
        size_t budget = WH_SOURCE_BYTES_MAX;
        list.sources = WH_ARENA_ARRAY(arena, struct wh_source *, 1);
        err = load_one(arena, path, &budget, &list, error);
    }
    if (err == WH_OK) {
        *ret_list = list;
    }
    return err;
}

struct wh_str
wh_source_beside(struct wh_arena *arena, struct wh_str base, struct wh_str path)
{
    size_t folder_len = base.len;
    while (folder_len > 0 && base.ptr[folder_len - 1] != '/') {
        folder_len--;
    }
    if (folder_len == 0 || wh_str_starts_with(path, WH_STR("/"))) {
        return path;
    }
    return join_path(arena, wh_str_slice(base, 0, folder_len - 1), path);
}

/* Index of the line that holds offset. */
static size_t
find_line(const struct wh_source *source, size_t offset)
{
    size_t low = 0;
    size_t high = source->line_count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (source->line_starts[middle] <= offset) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

size_t
wh_location_line(const struct wh_location *location)
{
    return location->source == NULL ? 1 : find_line(location->source, location->offset) + 1;
}

size_t
wh_location_column(const struct wh_location *location)
{
    if (location->source == NULL) {
        return 1;
    }
    const struct wh_source *source = location->source;
    size_t start = source->line_starts[find_line(source, location->offset)];
    size_t column = 1;
    for (size_t i = start; i < location->offset && i < source->text.len; i++) {
        column += ((unsigned char)source->text.ptr[i] & 0xC0U) == 0x80U ? 0 : 1;
    }
    return column;
}

struct wh_str
wh_location_line_text(const struct wh_location *location)
{
    if (location->source == NULL) {
        return (struct wh_str){0};
    }
    const struct wh_source *source = location->source;
    size_t line = find_line(source, location->offset);
    size_t from = source->line_starts[line];
    size_t to =
        line + 1 < source->line_count ? source->line_starts[line + 1] - 1 : source->text.len;
    if (to > from && source->text.ptr[to - 1] == '\r') {
        to--;
    }
    return wh_str_slice(source->text, from, to);
}

struct wh_str
wh_location_text(const struct wh_location *location)
{
    if (location->source == NULL) {
        return (struct wh_str){0};
    }
    return wh_str_slice(location->source->text, location->offset, location->offset + location->len);
}

static int
compare_sizes(size_t a, size_t b)
{
    return a < b ? -1 : a > b ? 1 : 0;
}

int
wh_location_compare(const struct wh_location *a, const struct wh_location *b)
{
    size_t index_a = a->source == NULL ? 0 : a->source->index;
    size_t index_b = b->source == NULL ? 0 : b->source->index;
    int order = compare_sizes(index_a, index_b);
    if (order == 0) {
        order = compare_sizes(a->offset, b->offset);
    }
    return order != 0 ? order : compare_sizes(a->len, b->len);
}
