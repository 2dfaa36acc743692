/* What is added to a record on its way in: the record means the same and more, and its own bytes
 * are still there. The results are read by libraries, not by the code that wrote them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include <yyjson.h>

#include "proto/touch_splice.h"
#include "tests/support/any_state.h"
#include "tests/support/touch_records.h"

#define ROUNDS 20000

static const struct wh_touch_additions all = {
    .id = {"new-id", 6},
    .anon = {"new-anon", 8},
    .ip = {"203.0.113.7", 11},
    .user_agent = {"a \"b\" \\ \xc3\xbc", 10},
    .received = INT64_C(1795510800125000),
};

#define ADDED_ID       "\"id\":\"new-id\""
#define ADDED_RECEIVED "\"received_at\":\"2026-11-24T09:00:00.125Z\""
#define ADDED_ANON     "\"anon\":\"new-anon\""
#define ADDED_IP       "\"ip\":\"203.0.113.7\""
#define ADDED_AGENT    "\"user_agent\":\"a \\\"b\\\" \\\\ \xc3\xbc\""

static void
expect(const char *record, const char *expected)
{
    struct wh_arena arena;
    struct wh_buf buf;
    wh_arena_init(&arena, 0);
    wh_buf_init(&buf, &arena);
    assert_true(wh_touch_splice_json(&buf, wh_str_of(record), &all));
    assert_string_equal(wh_buf_text(&buf), expected);
    wh_arena_fini(&arena);
}

static void
test_members_are_put_in(void **state)
{
    (void)state;
    expect("{}", "{" ADDED_ID "," ADDED_RECEIVED ",\"identifiers\":{" ADDED_ANON
                 "},\"network\":{" ADDED_IP "},\"device\":{" ADDED_AGENT "}}");
    expect(" {\"a\" : 1.0e0 }\n",
           "{\"a\" : 1.0e0 ," ADDED_ID "," ADDED_RECEIVED ",\"identifiers\":{" ADDED_ANON
           "},\"network\":{" ADDED_IP "},\"device\":{" ADDED_AGENT "}}");
    expect("{\"device\":{\"class\":\"x\"},\"network\":{ },\"identifiers\":{\"email\":\"a\"}}",
           "{\"device\":{\"class\":\"x\"," ADDED_AGENT "},\"network\":{ " ADDED_IP
           "},\"identifiers\":{\"email\":\"a\"," ADDED_ANON "}," ADDED_ID "," ADDED_RECEIVED "}");
}

/* Text files of some programs begin with one; a record that is read with it is taken with it. */
static void
test_a_byte_order_mark_goes(void **state)
{
    (void)state;
    const char *full = "{\"id\":\"x\",\"received_at\":0,\"identifiers\":{\"anon\":[\"a\"]},"
                       "\"network\":{\"ip\":\"::1\"},\"device\":{\"user_agent\":\"y\"}}";
    char marked[256];
    assert_true(snprintf(marked, sizeof(marked), " \xef\xbb\xbf %s", full) > 0);
    expect(marked, full);
}

static void
test_what_is_there_stays(void **state)
{
    (void)state;
    const char *full = "{\"id\":\"x\",\"received_at\":0,\"identifiers\":{\"anon\":[\"a\"]},"
                       "\"network\":{\"ip\":\"::1\"},\"device\":{\"user_agent\":\"y\"}}";
    expect(full, full);
    const char *escaped = "{\"\\u0069d\":\"x\",\"received\\u005Fat\":0,"
                          "\"identifiers\":{\"\\u0061non\":\"a\"},\"network\":{\"\\u0069p\":\"z\"},"
                          "\"device\":{\"user_agent\":\"y\"}}";
    expect(escaped, escaped);
}

static void
test_what_says_nothing_gives_way(void **state)
{
    (void)state;
    expect("{\"id\":null,\"received_at\" : \"\",\"identifiers\":{\"anon\":[ ]},\"network\":null,"
           "\"device\":{\"user_agent\":\"\",\"x\":1}}",
           "{\"id\":\"new-id\",\"received_at\" : \"2026-11-24T09:00:00.125Z\",\"identifiers\":{"
           "\"anon\":\"new-anon\"},\"network\":{" ADDED_IP "},\"device\":{" ADDED_AGENT
           ",\"x\":1}}");
}

static void
test_names_that_only_look_like_ours(void **state)
{
    (void)state;
    expect("{\"properties\":{\"id\":\"x\",\"}\":\"network\"},\"ID\":2,\"id \":3}",
           "{\"properties\":{\"id\":\"x\",\"}\":\"network\"},\"ID\":2,\"id \":3," ADDED_ID
           "," ADDED_RECEIVED ",\"identifiers\":{" ADDED_ANON "},\"network\":{" ADDED_IP
           "},\"device\":{" ADDED_AGENT "}}");
}

static void
test_nothing_is_added_to_what_is_no_object(void **state)
{
    (void)state;
    static const char *const broken[] = {
        "",           "[]",     "{",          "{\"a\":1", "{\"a\"}",     "{\"a\":}",   "{} {}",
        "{\"a\":1}}", "\"{}\"", "{\"a\":\"}", "{a:1}",    "{\"a\":1,,}", "{\"a\\\":1}"};
    struct wh_arena arena;
    wh_arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
        struct wh_buf buf;
        wh_buf_init(&buf, &arena);
        assert_false(wh_touch_splice_json(&buf, wh_str_of(broken[i]), &all));
        assert_int_equal(buf.len, 0);
    }
    wh_arena_fini(&arena);
}

/* A random record, of members that matter and others, written with random blanks and escapes. */

static void
push_blanks(struct wh_random *random, struct wh_buf *buf)
{
    static const char blanks[] = " \t\r\n";
    for (uint32_t count = wh_random_below(random, 4); count > 2; count--) {
        wh_buf_push_char(buf, blanks[wh_random_below(random, 4)]);
    }
}

static void
push_text(struct wh_random *random, struct wh_buf *buf, const char *text)
{
    wh_buf_push_char(buf, '"');
    for (; *text != '\0'; text++) {
        if (wh_random_below(random, 12) == 0) {
            wh_buf_printf(buf, "\\u%04x", (unsigned)(unsigned char)*text);
        } else {
            wh_buf_push_char(buf, *text);
        }
    }
    static const char *const ends[] = {"\\\"", "\\\\", "}", "{", ",", "\xe2\x82\xac"};
    if (text[-1] == '~') {
        wh_buf_push_text(buf, ends[wh_random_below(random, 6)]);
    }
    wh_buf_push_char(buf, '"');
}

static void
push_value(struct wh_random *random, struct wh_buf *buf, int depth)
{
    static const char *const values[] = {"null", "\"\"", "0", "-1.50e1", "true", "[]", "{}"};
    switch (wh_random_below(random, depth > 0 ? 10 : 8)) {
    case 7:
        push_text(random, buf, "text~");
        return;
    case 8:
        wh_buf_push_char(buf, '[');
        push_value(random, buf, depth - 1);
        wh_buf_push_char(buf, ',');
        push_value(random, buf, depth - 1);
        wh_buf_push_char(buf, ']');
        return;
    case 9:
        wh_buf_push_text(buf, "{\"id\":");
        push_value(random, buf, depth - 1);
        wh_buf_push_char(buf, '}');
        return;
    default:
        wh_buf_push_text(buf, values[wh_random_below(random, 7)]);
        return;
    }
}

struct naming {
    const char *const *names;
    uint32_t count;
};

static void
push_object(struct wh_random *random, struct wh_buf *buf, struct naming naming, int depth)
{
    static const char *const inner[] = {"anon", "ip", "user_agent", "other"};
    uint32_t used = 0;
    bool is_first = true;
    wh_buf_push_char(buf, '{');
    push_blanks(random, buf);
    for (uint32_t i = wh_random_below(random, naming.count + 1); i > 0; i--) {
        uint32_t name = wh_random_below(random, naming.count);
        if ((used >> name & 1) != 0) {
            continue;
        }
        used |= UINT32_C(1) << name;
        wh_buf_push_text(buf, is_first ? "" : ",");
        is_first = false;
        push_blanks(random, buf);
        push_text(random, buf, naming.names[name]);
        push_blanks(random, buf);
        wh_buf_push_char(buf, ':');
        push_blanks(random, buf);
        if (depth > 0 && wh_random_below(random, 3) > 0) {
            push_object(random, buf, (struct naming){inner, 4}, depth - 1);
        } else {
            push_value(random, buf, 2);
        }
        push_blanks(random, buf);
    }
    wh_buf_push_char(buf, '}');
}

static bool
says_nothing(yyjson_val *value)
{
    return value == NULL || yyjson_is_null(value) || yyjson_equals_str(value, "") ||
           (yyjson_is_arr(value) && yyjson_arr_size(value) == 0);
}

/* The member as the additions want it, or as it was. */
static void
expect_added(yyjson_val *before, yyjson_val *after, const char *name, const char *added)
{
    yyjson_val *old = yyjson_obj_get(before, name);
    yyjson_val *new = yyjson_obj_get(after, name);
    if (says_nothing(old)) {
        assert_true(yyjson_equals_str(new, added));
    } else {
        assert_true(yyjson_equals(old, new));
    }
}

static void
expect_group(yyjson_val *before, yyjson_val *after, const char *group, const char *name,
             const char *added)
{
    yyjson_val *old = yyjson_obj_get(before, group);
    yyjson_val *new = yyjson_obj_get(after, group);
    if (says_nothing(old)) {
        assert_int_equal(yyjson_obj_size(new), 1);
        expect_added(NULL, new, name, added);
    } else if (!yyjson_is_obj(old)) {
        assert_true(yyjson_equals(old, new));
    } else {
        size_t count = yyjson_obj_size(old) + (yyjson_obj_get(old, name) == NULL ? 1 : 0);
        assert_int_equal(yyjson_obj_size(new), count);
        expect_added(old, new, name, added);
    }
}

/* Everything else is equal. */
static void
expect_others(yyjson_val *before, yyjson_val *after, const char *const *others, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        yyjson_val *old = yyjson_obj_get(before, others[i]);
        assert_true(old == NULL ? yyjson_obj_get(after, others[i]) == NULL
                                : yyjson_equals(old, yyjson_obj_get(after, others[i])));
    }
}

static void
test_random_records(void **state)
{
    (void)state;
    static const char *const names[] = {"id",     "received_at", "identifiers", "network",
                                        "device", "other",       "type~",       "x"};
    struct wh_random random = {20261124};
    size_t spliced = 0;
    for (int round = 0; round < ROUNDS; round++) {
        struct wh_arena arena;
        struct wh_buf record;
        struct wh_buf result;
        wh_arena_init(&arena, 0);
        wh_buf_init(&record, &arena);
        wh_buf_init(&result, &arena);
        push_object(&random, &record, (struct naming){names, 8}, 1);
        assert_true(wh_touch_splice_json(&result, wh_buf_str(&record), &all));
        yyjson_doc *before = yyjson_read(record.ptr, record.len, 0);
        yyjson_doc *after = yyjson_read(result.ptr, result.len, 0);
        assert_non_null(before);
        assert_non_null(after);
        yyjson_val *old = yyjson_doc_get_root(before);
        yyjson_val *new = yyjson_doc_get_root(after);
        expect_added(old, new, "id", "new-id");
        expect_added(old, new, "received_at", "2026-11-24T09:00:00.125Z");
        expect_group(old, new, "identifiers", "anon", "new-anon");
        expect_group(old, new, "network", "ip", "203.0.113.7");
        expect_group(old, new, "device", "user_agent", "a \"b\" \\ \xc3\xbc");
        expect_others(old, new, &names[5], 3);
        spliced += result.len > record.len ? 1 : 0;
        yyjson_doc_free(before);
        yyjson_doc_free(after);
        wh_arena_fini(&arena);
    }
    assert_true(spliced > ROUNDS / 2);
}

/* Whatever the bytes are, nothing beyond them is read and nothing is half done. */
static void
test_spoiled_records(void **state)
{
    (void)state;
    static const char good[] = "{\"id\":null,\"identifiers\":{\"anon\":\"\"},\"network\":{},"
                               "\"device\":{\"user_agent\":null},\"a\":[1,{\"\\u0069d\":\"}\"}]}";
    struct wh_random random = {7};
    for (int round = 0; round < ROUNDS; round++) {
        struct wh_arena arena;
        struct wh_buf buf;
        wh_arena_init(&arena, 0);
        wh_buf_init(&buf, &arena);
        uint32_t len = wh_random_below(&random, sizeof(good));
        char *bytes = test_malloc(len);
        memcpy(bytes, good, len);
        for (uint32_t i = wh_random_below(&random, 3); i > 0 && len > 0; i--) {
            bytes[wh_random_below(&random, len)] = good[wh_random_below(&random, sizeof(good) - 1)];
        }
        bool is_done = wh_touch_splice_json(&buf, (struct wh_str){bytes, len}, &all);
        assert_true(is_done ? buf.len >= len : buf.len == 0);
        test_free(bytes);
        wh_arena_fini(&arena);
    }
}

static void
test_protobuf(void **state)
{
    struct wh_record_fixture *f = *state;
    struct wh_buf buf;
    wh_buf_init(&buf, &f->arena);
    /* type page_view, occurred_at 1795510800, identifiers email. */
    static const char record[] = "\x12\x09page_view\x30\x90\xa4\x95\xd8\x06\x42\x0b\x1a\x09"
                                 "a@b.examp";
    struct wh_str bytes = {record, sizeof(record) - 1};
    wh_touch_splice_protobuf(&buf, bytes, &all);
    assert_true(wh_str_starts_with(wh_buf_str(&buf), bytes));
    f->context.form = WH_FORM_PROTOBUF;
    assert_true(wh_record_decode(f, wh_buf_str(&buf)));
    wh_record_expect_text(f->touch.id, "new-id");
    assert_int_equal(f->touch.received, all.received);
    assert_int_equal(f->touch.occurred, INT64_C(1795510800000000));
    assert_int_equal(f->touch.key_count, 2);
    wh_record_expect_key(f, 0, WH_KEY_EMAIL, "a@b.examp");
    wh_record_expect_key(f, 1, WH_KEY_ANON, "new-anon");
    wh_record_expect_field(f, WH_FIELD_NETWORK_IP, "203.0.113.7");
    wh_record_expect_field(f, WH_FIELD_DEVICE_AGENT, "a \"b\" \\ \xc3\xbc");
}

static void
test_protobuf_without_additions(void **state)
{
    struct wh_record_fixture *f = *state;
    struct wh_buf buf;
    wh_buf_init(&buf, &f->arena);
    struct wh_touch_additions none = {0};
    wh_touch_splice_protobuf(&buf, WH_STR("abc"), &none);
    assert_string_equal(wh_buf_text(&buf), "abc");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_members_are_put_in),
        cmocka_unit_test(test_what_is_there_stays),
        cmocka_unit_test(test_a_byte_order_mark_goes),
        cmocka_unit_test(test_what_says_nothing_gives_way),
        cmocka_unit_test(test_names_that_only_look_like_ours),
        cmocka_unit_test(test_nothing_is_added_to_what_is_no_object),
        cmocka_unit_test(test_random_records),
        cmocka_unit_test(test_spoiled_records),
        cmocka_unit_test_setup_teardown(test_protobuf, wh_record_set_up, wh_record_tear_down),
        cmocka_unit_test_setup_teardown(test_protobuf_without_additions, wh_record_set_up,
                                        wh_record_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
