#include "tests/support/compiled.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct wh_source *
source_of(struct wh_compiled *compiled, const char *name, const char *head, const char *text)
{
    struct wh_buf buf;
    wh_buf_init(&buf, &compiled->arena);
    wh_buf_push_text(&buf, head);
    wh_buf_push_text(&buf, text);
    return wh_source_from_text(&compiled->arena, wh_str_of(name), wh_buf_str(&buf), 0);
}

void
wh_compiled_open(struct wh_compiled *compiled, const char *text, const char *constants)
{
    struct wh_compile_options options = {.sources = &compiled->sources};
    wh_arena_init(&compiled->arena, 0);
    wh_problems_init(&compiled->problems, &compiled->arena);
    compiled->sources.sources = WH_ARENA_NEW(&compiled->arena, struct wh_source *);
    compiled->sources.sources[0] =
        source_of(compiled, "model.yaml", "waterhole: 1\nname: compiled\n", text);
    compiled->sources.count = 1;
    if (constants != NULL) {
        const struct wh_source *source = source_of(compiled, "test.yaml", "", constants);
        options.constants = wh_tree_parse(&compiled->arena, source, &compiled->problems);
    }
    compiled->err =
        wh_compile(WH_STR("model.yaml"), &options, &compiled->problems, &compiled->model);
}

void
wh_compiled_close(struct wh_compiled *compiled)
{
    wh_model_destroy(&compiled->model);
    wh_arena_fini(&compiled->arena);
}

const char *
wh_compiled_said(struct wh_compiled *compiled)
{
    struct wh_buf buf;
    wh_buf_init(&buf, &compiled->arena);
    wh_problems_sort(&compiled->problems);
    for (const struct wh_problem *problem = compiled->problems.first; problem != NULL;
         problem = problem->next) {
        wh_buf_push(&buf, problem->message);
        wh_buf_push_char(&buf, '\n');
    }
    return wh_buf_text(&buf);
}

const struct wh_ruleset *
wh_compiled_ruleset(struct wh_compiled *compiled)
{
    if (compiled->err != WH_OK) {
        fail_msg("%s", wh_compiled_said(compiled));
    }
    return &compiled->model->ruleset;
}
