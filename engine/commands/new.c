/* `waterhole new DIR`: a starter model with its lists and its tests. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/commands/console.h"
#include "engine/commands/folder.h"
#include "engine/commands/starter.h"

struct starter {
    const struct wh_call *call;
    struct wh_str folder;
    struct wh_str like;
};

typedef enum wh_exit (*with_file_fn)(const struct starter *starter,
                                     const struct wh_starter_file *file, const char *path);

static struct wh_str
reason(struct wh_arena *arena)
{
    char text[128] = "it failed";
    (void)!strerror_r(errno, text, sizeof(text));
    return wh_arena_str(arena, wh_str_of(text));
}

static enum wh_exit
refuse_existing(const struct starter *starter, const struct wh_starter_file *file, const char *path)
{
    (void)file;
    if (access(path, F_OK) != 0) {
        return WH_EXIT_DONE;
    }
    return wh_console_fail(WH_EXIT_USAGE,
                           "\"%s\" is there already and nothing is overwritten: name a folder that "
                           "has no such file, such as %s new %.*s-next",
                           path, starter->call->program, WH_STR_ARG(starter->folder));
}

/* "x": who is quicker between the look and this keeps its file, too. */
static enum wh_exit
write_file(const struct starter *starter, const struct wh_starter_file *file, const char *path)
{
    FILE *stream = fopen(path, "wxb");
    if (stream == NULL) {
        return wh_console_fail(WH_EXIT_OUTSIDE, "cannot write \"%s\": %.*s", path,
                               WH_STR_ARG(reason(starter->call->arena)));
    }
    bool is_written = fwrite(file->bytes, 1, file->size, stream) == file->size;
    if (fclose(stream) != 0 || !is_written) {
        return wh_console_fail(WH_EXIT_OUTSIDE, "cannot write \"%s\": %.*s", path,
                               WH_STR_ARG(reason(starter->call->arena)));
    }
    return WH_EXIT_DONE;
}

static enum wh_exit
with_files(const struct starter *starter, with_file_fn with_file)
{
    enum wh_exit code = WH_EXIT_DONE;
    for (size_t i = 0; i < wh_starter_file_count && code == WH_EXIT_DONE; i++) {
        const struct wh_starter_file *file = &wh_starter_files[i];
        if (wh_str_is(starter->like, file->like)) {
            code = with_file(starter, file,
                             wh_folder_join(starter->call->arena, starter->folder, file->name));
        }
    }
    return code;
}

static enum wh_exit
make_folder(const struct starter *starter)
{
    const char *path = wh_arena_str(starter->call->arena, starter->folder).ptr;
    struct stat info;
    if (mkdir(path, 0777) == 0) {
        return WH_EXIT_DONE;
    }
    if (errno == EEXIST && stat(path, &info) == 0 && S_ISDIR(info.st_mode)) {
        return WH_EXIT_DONE;
    }
    return wh_console_fail(WH_EXIT_OUTSIDE, "cannot make the folder \"%s\": %.*s", path,
                           WH_STR_ARG(reason(starter->call->arena)));
}

static void
print(const struct starter *starter)
{
    struct wh_buf buf;
    struct wh_str folder = starter->folder;
    const char *program = starter->call->program;
    wh_buf_init(&buf, starter->call->arena);
    for (size_t i = 0; i < wh_starter_file_count; i++) {
        if (wh_str_is(starter->like, wh_starter_files[i].like)) {
            wh_buf_printf(&buf, "%.*s/%s\n", WH_STR_ARG(folder), wh_starter_files[i].name);
        }
    }
    wh_buf_printf(&buf,
                  "\nRead model.yaml from top to bottom, change a number, and then:\n"
                  "  %s check %.*s\n  %s test %.*s\n",
                  program, WH_STR_ARG(folder), program, WH_STR_ARG(folder));
    wh_console_result(wh_buf_str(&buf));
}

static enum wh_exit
refuse_unknown(const struct starter *starter)
{
    struct wh_buf buf;
    const char *last = "";
    wh_buf_init(&buf, starter->call->arena);
    for (size_t i = 0; i < wh_starter_file_count; i++) {
        const char *like = wh_starter_files[i].like;
        if (wh_str_is(starter->like, like)) {
            return WH_EXIT_DONE;
        }
        if (strcmp(last, like) != 0) {
            wh_buf_printf(&buf, "%s%s", i == 0 ? "" : ", ", like);
            last = like;
        }
    }
    return wh_console_fail(WH_EXIT_USAGE, "no starter \"%.*s\"; there are: %.*s",
                           WH_STR_ARG(starter->like), WH_STR_ARG(wh_buf_str(&buf)));
}

enum wh_exit
wh_command_new(const struct wh_call *call)
{
    struct starter starter = {
        .call = call,
        .folder = call->args->operands[0],
        .like = wh_args_text(call->args, "--like"),
    };
    enum wh_exit code = refuse_unknown(&starter);
    code = code == WH_EXIT_DONE ? with_files(&starter, refuse_existing) : code;
    code = code == WH_EXIT_DONE ? make_folder(&starter) : code;
    code = code == WH_EXIT_DONE ? with_files(&starter, write_file) : code;
    if (code == WH_EXIT_DONE) {
        print(&starter);
    }
    return code;
}
