/* The text of a model: either it compiles, or at least one problem says why, and every problem can
 * be shown. */
#include "engine/language/compile.h"
#include "tests/fuzz/fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct wh_arena arena;
    struct wh_problems problems;
    struct wh_model *model = NULL;
    struct wh_buf buf;
    wh_arena_init(&arena, 0);
    wh_problems_init(&problems, &arena);
    struct wh_source *source =
        wh_source_from_text(&arena, WH_STR("fuzz.yaml"), wh_fuzz_input(data, size), 0);
    const struct wh_source_list sources = {&source, 1};
    const struct wh_compile_options options = {.sources = &sources};
    enum wh_err err = wh_compile(WH_STR("fuzz.yaml"), &options, &problems, &model);
    wh_fuzz_expect((err == WH_OK) == (problems.error_count == 0));
    wh_problems_sort(&problems);
    wh_buf_init(&buf, &arena);
    wh_problems_print(&problems, WH_PROBLEM_FORMAT_TEXT, &buf);
    wh_problems_print(&problems, WH_PROBLEM_FORMAT_JSON, &buf);
    wh_fuzz_expect(err == WH_OK || buf.len > 0);
    wh_model_destroy(&model);
    wh_arena_fini(&arena);
    return 0;
}
