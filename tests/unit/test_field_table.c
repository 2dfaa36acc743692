/* The table of fields in proto/README.md is the one in engine/model/fields.def. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "engine/base/buf.h"
#include "engine/model/field.h"

#define README "proto/README.md"

/* Lines of the table begin with "| `" and hold the name in the language. */
static size_t
count_rows(const char *text)
{
    size_t count = 0;
    for (const char *at = strstr(text, "| `touch."); at != NULL; at = strstr(at + 1, "| `touch.")) {
        count++;
    }
    return count;
}

static const char *
read_readme(struct wh_arena *arena)
{
    FILE *file = fopen(README, "rb");
    assert_non_null(file);
    char chunk[4096];
    struct wh_buf buf;
    wh_buf_init(&buf, arena);
    for (size_t len = 1; len > 0;) {
        len = fread(chunk, 1, sizeof(chunk), file);
        wh_buf_push(&buf, (struct wh_str){chunk, len});
    }
    (void)fclose(file);
    return wh_buf_text(&buf);
}

static const char *
row_of(struct wh_arena *arena, const struct wh_field_info *info)
{
    struct wh_buf row;
    wh_buf_init(&row, arena);
    wh_buf_printf(&row, "\n| `%s` | `touch.%s` | %s | %d | ", info->json, info->language,
                  wh_type_str(info->type), info->tag);
    if (info->limit > 0) {
        wh_buf_printf(&row, "%zu | %s |\n", info->limit, info->what);
    } else {
        wh_buf_printf(&row, "– | %s |\n", info->what);
    }
    return wh_buf_text(&row);
}

static void
expect_row(const char *text, const char *row)
{
    if (strstr(text, row) == NULL) {
        fail_msg("%s should have this line:%s", README, row);
    }
}

static void
the_readme_lists_each_field_as_it_is(void **state)
{
    (void)state;
    struct wh_arena arena;
    wh_arena_init(&arena, 0);
    const char *text = read_readme(&arena);
    for (int i = 0; i < WH_FIELD_COUNT; i++) {
        expect_row(text, row_of(&arena, &wh_field_infos[i]));
    }
    assert_int_equal(count_rows(text), WH_FIELD_COUNT);
    wh_arena_fini(&arena);
}

static void
tags_and_names_are_given_once(void **state)
{
    (void)state;
    for (int i = 0; i < WH_FIELD_COUNT; i++) {
        for (int j = 0; j < i; j++) {
            assert_int_not_equal(wh_field_infos[i].tag, wh_field_infos[j].tag);
            assert_string_not_equal(wh_field_infos[i].json, wh_field_infos[j].json);
            assert_string_not_equal(wh_field_infos[i].language, wh_field_infos[j].language);
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_readme_lists_each_field_as_it_is),
        cmocka_unit_test(tags_and_names_are_given_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
