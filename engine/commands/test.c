/* `waterhole test`: which files are run, and in which form the results leave. */
#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "connectors/psl/psl.h"
#include "engine/commands/command.h"
#include "engine/commands/console.h"
#include "engine/lab/test_print.h"

/* A folder with more test files than this is some other folder. */
#define FILES_MAX 10000

static const struct wh_str suffix = {".test.yaml", sizeof(".test.yaml") - 1};

struct files {
    struct wh_arena *arena;
    struct wh_str *paths;
    size_t count;
};

static bool
is_folder(struct wh_arena *arena, struct wh_str path)
{
    struct stat status;
    return stat(wh_arena_str(arena, path).ptr, &status) == 0 && S_ISDIR(status.st_mode);
}

static struct wh_str
join_path(struct wh_arena *arena, struct wh_str folder, const char *name)
{
    struct wh_buf buf;
    bool has_slash = wh_str_ends_with(folder, WH_STR("/"));
    wh_buf_init(&buf, arena);
    wh_buf_printf(&buf, "%.*s%s%s", WH_STR_ARG(folder), has_slash ? "" : "/", name);
    return wh_buf_str(&buf);
}

/* Over the bound they are counted, and then none is run. */
static void
add_file(struct files *files, struct wh_str path)
{
    if (files->count < FILES_MAX) {
        files->paths[files->count] = path;
    }
    files->count++;
}

static int
is_test_file(const struct dirent *entry)
{
    struct wh_str name = wh_str_of(entry->d_name);
    return wh_str_ends_with(name, suffix) && name.len > suffix.len;
}

/* Byte order: strcoll of alphasort would depend on the locale. */
static int
compare_names(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

/* The test files of a folder, in name order. */
static enum wh_exit
add_folder(struct files *files, struct wh_str folder)
{
    struct dirent **entries = NULL;
    int count =
        scandir(wh_arena_str(files->arena, folder).ptr, &entries, is_test_file, compare_names);
    if (count < 0) {
        return wh_console_fail(WH_EXIT_OUTSIDE, "cannot read the folder \"%.*s\"",
                               WH_STR_ARG(folder));
    }
    for (int i = 0; i < count; i++) {
        add_file(files, join_path(files->arena, folder, entries[i]->d_name));
        free(entries[i]);
    }
    free(entries);
    return count > 0 ? WH_EXIT_DONE
                     : wh_console_fail(WH_EXIT_USAGE, "no *.test.yaml in the folder \"%.*s\"",
                                       WH_STR_ARG(folder));
}

static enum wh_exit
add_operand(struct files *files, struct wh_str path)
{
    if (is_folder(files->arena, path)) {
        return add_folder(files, path);
    }
    add_file(files, path);
    return WH_EXIT_DONE;
}

static void
print(struct wh_arena *arena, struct wh_test_printer *printer, const struct wh_test_file *file)
{
    struct wh_buf buf;
    wh_buf_init(&buf, arena);
    wh_test_print_file(printer, file, &buf);
    wh_console_result(wh_buf_str(&buf));
}

static enum wh_exit
run_files(const struct files *files, struct wh_test_printer *printer,
          const struct wh_domain *domain)
{
    enum wh_exit outcome = WH_EXIT_DONE;
    for (size_t i = 0; i < files->count; i++) {
        struct wh_arena arena;
        struct wh_test_file file;
        struct wh_error error;
        wh_arena_init(&arena, 0);
        enum wh_err err = wh_test_file_run(&arena, files->paths[i], domain, &file, &error);
        if (err == WH_OK) {
            print(&arena, printer, &file);
        } else {
            outcome = wh_console_fail(wh_console_exit(err), "%s", error.message);
        }
        wh_arena_fini(&arena);
    }
    return outcome != WH_EXIT_DONE ? outcome
                                   : (printer->failed > 0 ? WH_EXIT_PROBLEMS : WH_EXIT_DONE);
}

enum wh_exit
wh_command_test(const struct wh_call *call)
{
    struct wh_test_printer printer = {.format = WH_TEST_FORMAT_TEXT};
    struct files files = {.arena = call->arena};
    struct wh_domain domain = wh_psl_domain();
    struct wh_buf buf;
    wh_buf_init(&buf, call->arena);
    (void)wh_test_format_find(wh_args_text(call->args, "--format"), &printer.format);
    files.paths = WH_ARENA_ARRAY(call->arena, struct wh_str, FILES_MAX);
    for (size_t i = 0; i < call->args->operand_count; i++) {
        enum wh_exit found = add_operand(&files, call->args->operands[i]);
        if (found != WH_EXIT_DONE) {
            return found;
        }
    }
    if (files.count > FILES_MAX) {
        return wh_console_fail(WH_EXIT_USAGE, "%zu test files; at most %d are run at once",
                               files.count, FILES_MAX);
    }
    wh_test_print_begin(&printer, &buf);
    wh_console_result(wh_buf_str(&buf));
    enum wh_exit outcome = run_files(&files, &printer, &domain);
    wh_buf_init(&buf, call->arena);
    wh_test_print_end(&printer, &buf);
    wh_console_result(wh_buf_str(&buf));
    return outcome;
}
