/* A configuration: either it is taken, or a problem says why. */
#include <unistd.h>

#include "engine/host/config.h"
#include "tests/fuzz/fuzz.h"

/* Configurations are read from files only: one without a name, behind its descriptor. */
static int
input_file(void)
{
    static int file = -1;
    if (file < 0) {
        char name[] = "/tmp/fuzz-config-XXXXXX";
        file = mkstemp(name);
        wh_fuzz_expect(file >= 0 && unlink(name) == 0);
    }
    return file;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char *const nothing[] = {NULL};
    struct wh_arena arena;
    struct wh_problems problems;
    struct wh_config config;
    struct wh_buf path;
    struct wh_buf shown;
    int file = input_file();
    wh_fuzz_expect(ftruncate(file, 0) == 0 && pwrite(file, data, size, 0) == (ssize_t)size);
    wh_arena_init(&arena, 0);
    wh_problems_init(&problems, &arena);
    wh_buf_init(&path, &arena);
    wh_buf_init(&shown, &arena);
    wh_buf_printf(&path, "/proc/self/fd/%d", file);
    const struct wh_config_request request = {.file = wh_buf_str(&path), .environment = nothing};
    enum wh_err err = wh_config_load(&arena, &request, &problems, &config);
    wh_fuzz_expect((err == WH_OK) == (problems.error_count == 0));
    wh_problems_sort(&problems);
    wh_problems_print(&problems, WH_PROBLEM_FORMAT_TEXT, &shown);
    wh_arena_fini(&arena);
    return 0;
}
