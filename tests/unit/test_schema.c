/* The schemas name what is read and what leaves, and nothing is forgotten in them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>
#include <yyjson.h>

#include "engine/model/field.h"
#include "proto/limits.h"
#include "proto/schema.h"

/* To be freed by yyjson_doc_free. */
static yyjson_doc *
schema_of(enum wh_schema schema)
{
    struct wh_arena arena;
    struct wh_buf buf;
    wh_arena_init(&arena, 0);
    wh_buf_init(&buf, &arena);
    wh_schema_json(&buf, schema);
    yyjson_doc *document = yyjson_read(buf.ptr, buf.len, YYJSON_READ_NOFLAG);
    assert_non_null(document);
    wh_arena_fini(&arena);
    return document;
}

static void
each_field_of_the_table_is_in_the_schema(void **state)
{
    (void)state;
    yyjson_doc *document = schema_of(WH_SCHEMA_TOUCHPOINT);
    for (int i = 0; i < WH_FIELD_COUNT; i++) {
        char group[64];
        (void)snprintf(group, sizeof(group), "%s", wh_field_infos[i].json);
        char *name = strchr(group, '.');
        yyjson_val *properties = yyjson_obj_get(yyjson_doc_get_root(document), "properties");
        if (name != NULL) {
            *name++ = '\0';
            properties = yyjson_obj_get(yyjson_obj_get(properties, group), "properties");
        }
        yyjson_val *field = yyjson_obj_get(properties, name == NULL ? group : name);
        assert_string_equal(yyjson_get_str(yyjson_obj_get(field, "description")),
                            wh_field_infos[i].what);
        yyjson_val *bound = yyjson_obj_get(field, "maxLength");
        if (bound != NULL) {
            assert_int_equal(yyjson_get_uint(bound), wh_field_infos[i].limit);
        }
        bool has_bound = wh_field_infos[i].type == WH_TYPE_STRING &&
                         !wh_limit_is_cut((enum wh_field)i) && i != WH_FIELD_SOURCE;
        assert_true((bound != NULL) == has_bound);
    }
    yyjson_doc_free(document);
}

static void expect_described(yyjson_val *value, yyjson_val *schema, const char *path);

/* Each member of an object is in its schema. */
static void
expect_members_described(yyjson_val *object, yyjson_val *schema, const char *path)
{
    yyjson_val *properties = yyjson_obj_get(schema, "properties");
    size_t index = 0;
    size_t max = 0;
    yyjson_val *name = NULL;
    yyjson_val *value = NULL;
    /* An object whose names come from the model says nothing about them. */
    if (properties == NULL) {
        return;
    }
    yyjson_obj_foreach(object, index, max, name, value)
    {
        const char *text = yyjson_get_str(name);
        char inner[256];
        assert_non_null(text);
        (void)snprintf(inner, sizeof(inner), "%s.%s", path, text == NULL ? "" : text);
        expect_described(value, yyjson_obj_get(properties, text), inner);
    }
}

static void
expect_required(yyjson_val *object, yyjson_val *schema)
{
    yyjson_val *required = yyjson_obj_get(schema, "required");
    for (size_t i = 0; i < yyjson_arr_size(required); i++) {
        assert_non_null(yyjson_obj_get(object, yyjson_get_str(yyjson_arr_get(required, i))));
    }
}

static const char *
type_of(yyjson_val *value)
{
    if (yyjson_is_int(value)) {
        return "integer";
    }
    if (yyjson_is_num(value)) {
        return "number";
    }
    if (yyjson_is_arr(value)) {
        return "array";
    }
    if (yyjson_is_bool(value)) {
        return "boolean";
    }
    return yyjson_get_type_desc(value);
}

static bool
allows(yyjson_val *types, const char *type)
{
    size_t index = 0;
    size_t max = 0;
    yyjson_val *item = NULL;
    if (yyjson_is_str(types)) {
        return strcmp(yyjson_get_str(types), type) == 0;
    }
    yyjson_arr_foreach(types, index, max, item)
    {
        if (strcmp(yyjson_get_str(item), type) == 0) {
            return true;
        }
    }
    return false;
}

static void
expect_described(yyjson_val *value, yyjson_val *schema, const char *path)
{
    if (schema == NULL) {
        fail_msg("%s is not in the schema", path);
    }
    if (!allows(yyjson_obj_get(schema, "type"), type_of(value))) {
        fail_msg("%s: the schema does not know it as %s", path, type_of(value));
    }
    if (yyjson_is_obj(value)) {
        expect_members_described(value, schema, path);
        expect_required(value, schema);
    }
    yyjson_val *items = yyjson_obj_get(schema, "items");
    size_t index = 0;
    size_t max = 0;
    yyjson_val *item = NULL;
    yyjson_arr_foreach(value, index, max, item)
    {
        if (items != NULL) {
            expect_described(item, items, path);
        }
    }
}

static void
each_event_is_as_the_schema_says(void **state)
{
    (void)state;
    static const char *const names[] = {
        "event-qualified",     "event-withered",        "event-stage-changed",
        "event-label-changed", "event-segment-entered", "event-fired",
        "event-updated",       "event-merged",          "event-merged-whole",
        "event-revived",       "event-erased",          "event-withdrawn-elsewhere",
    };
    yyjson_doc *schema = schema_of(WH_SCHEMA_LEAD_EVENT);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char path[128];
        (void)snprintf(path, sizeof(path), "tests/golden/records/%s.json", names[i]);
        yyjson_doc *event = yyjson_read_file(path, YYJSON_READ_NOFLAG, NULL, NULL);
        assert_non_null(event);
        expect_described(yyjson_doc_get_root(event), yyjson_doc_get_root(schema), names[i]);
        yyjson_doc_free(event);
    }
    yyjson_doc_free(schema);
}

/* The text in the program is the file, to the last byte. */
static void
expect_file(struct wh_str text, const char *path)
{
    static char bytes[65536];
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t size = fread(bytes, 1, sizeof(bytes), file);
    (void)fclose(file);
    assert_true(wh_str_equal(text, (struct wh_str){bytes, size}));
}

static void
the_program_carries_the_proto_files(void **state)
{
    (void)state;
    expect_file(wh_schema_proto(WH_SCHEMA_TOUCHPOINT), "proto/touchpoint.proto");
    expect_file(wh_schema_proto(WH_SCHEMA_LEAD_EVENT), "proto/lead_event.proto");
}

static void
schemas_are_found_by_name(void **state)
{
    (void)state;
    enum wh_schema schema = WH_SCHEMA_COUNT;
    assert_true(wh_schema_find(WH_STR("lead-event"), &schema));
    assert_int_equal(schema, WH_SCHEMA_LEAD_EVENT);
    assert_false(wh_schema_find(WH_STR("lead_event"), &schema));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_field_of_the_table_is_in_the_schema),
        cmocka_unit_test(each_event_is_as_the_schema_says),
        cmocka_unit_test(the_program_carries_the_proto_files),
        cmocka_unit_test(schemas_are_found_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
