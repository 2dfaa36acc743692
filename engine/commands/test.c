/* `waterhole test`: which files are run, and in which form the results leave. */
#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "connectors/psl/psl.h"
#include "engine/commands/command.h"
#include "engine/commands/console.h"
#include "engine/commands/test_watch.h"
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
          struct wh_test_coverage *coverage)
{
    enum wh_exit outcome = WH_EXIT_DONE;
    struct wh_domain domain = wh_psl_domain();
    for (size_t i = 0; i < files->count; i++) {
        struct wh_arena arena;
        struct wh_test_file file;
        struct wh_error error;
        wh_arena_init(&arena, 0);
        enum wh_err err =
            wh_test_file_run(&arena, files->paths[i], &domain, coverage, &file, &error);
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

static enum wh_exit
find_files(const struct wh_call *call, struct wh_arena *arena, struct files *files)
{
    *files = (struct files){.arena = arena};
    files->paths = WH_ARENA_ARRAY(arena, struct wh_str, FILES_MAX);
    for (size_t i = 0; i < call->args->operand_count; i++) {
        enum wh_exit found = add_operand(files, call->args->operands[i]);
        if (found != WH_EXIT_DONE) {
            return found;
        }
    }
    if (files->count > FILES_MAX) {
        return wh_console_fail(WH_EXIT_USAGE, "%zu test files; at most %d are run at once",
                               files->count, FILES_MAX);
    }
    return WH_EXIT_DONE;
}

static enum wh_exit
run_all(const struct wh_call *call, const struct files *files, struct wh_test_coverage *coverage)
{
    struct wh_test_printer printer = {.format = WH_TEST_FORMAT_TEXT};
    struct wh_buf buf;
    wh_buf_init(&buf, files->arena);
    (void)wh_test_format_find(wh_args_text(call->args, "--format"), &printer.format);
    wh_test_print_begin(&printer, &buf);
    wh_console_result(wh_buf_str(&buf));
    enum wh_exit outcome = run_files(files, &printer, coverage);
    wh_buf_init(&buf, files->arena);
    wh_test_print_end(&printer, &buf);
    if (wh_args_has(call->args, "--coverage")) {
        wh_test_coverage_print(coverage, &buf);
    }
    wh_console_result(wh_buf_str(&buf));
    return outcome;
}

/* The folders of the test files and of the models that they name: until something changes, or not
 * at all when it has since the run began. */
static void
wait_for_change(const struct files *files, const struct wh_test_coverage *coverage, int64_t began)
{
    size_t count = files->count + coverage->models.count;
    struct wh_str *paths = WH_ARENA_ARRAY(files->arena, struct wh_str, count);
    for (size_t i = 0; i < count; i++) {
        paths[i] =
            i < files->count ? files->paths[i] : coverage->models.entries[i - files->count].key;
    }
    struct wh_test_watch_mark mark = wh_test_watch_mark(files->arena, paths, count);
    if (mark.newest > began) {
        return;
    }
    wh_console_message("watching %zu test file%s and their models; Ctrl-C ends", files->count,
                       files->count == 1 ? "" : "s");
    (void)fflush(stdout);
    wh_test_watch_wait(paths, count, mark.print);
}

/* One round; *ret_again: something has changed, and the next one may begin. */
static enum wh_exit
run_round(const struct wh_call *call, struct wh_arena *arena, bool *ret_again)
{
    struct wh_test_coverage coverage;
    struct files files;
    wh_test_coverage_init(&coverage, arena);
    *ret_again = false;
    int64_t began = wh_args_has(call->args, "--watch") ? wh_test_watch_begin() : 0;
    enum wh_exit outcome = find_files(call, arena, &files);
    if (outcome != WH_EXIT_DONE) {
        return outcome;
    }
    outcome = run_all(call, &files, &coverage);
    if (wh_args_has(call->args, "--watch")) {
        wait_for_change(&files, &coverage, began);
        *ret_again = true;
    }
    return outcome;
}

enum wh_exit
wh_command_test(const struct wh_call *call)
{
    enum wh_exit outcome = WH_EXIT_DONE;
    bool again = true;
    while (again) {
        struct wh_arena arena;
        wh_arena_init(&arena, 0);
        outcome = run_round(call, &arena, &again);
        wh_arena_fini(&arena);
    }
    return outcome;
}
