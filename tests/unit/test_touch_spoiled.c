/* Whatever the bytes are, a record is a touch that keeps its promises, or it is rejected with a
 * reason. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/base/utf8.h"
#include "proto/limits.h"
#include "proto/touch_protobuf.h"
#include "tests/support/any_state.h"
#include "tests/support/touch_records.h"

#define SPOILINGS 10000

static const char *const records[] = {
    "{\"id\":\"7f3c\",\"type\":\"page_view\",\"source\":\"web\",\"occurred_at\":1795510800.5,"
    "\"identifiers\":{\"anon\":[\"c-81\",\"c-80\"],\"email\":\"ann@stadtwerke.example\"},"
    "\"page\":{\"url\":\"https://ann:x@pumps.example:80/pr\\u00e4zise?a=1#b\"},\"more\":null,"
    "\"amount\":\"129.90\",\"seconds\":1.5e1,\"lead\":{\"name\":\"Ann \\\"A.\\\" \xc3\xbc\"},"
    "\"network\":{\"asn\":64500},\"consent\":{\"marketing\":true},\"properties\":{\"a\":-0.5}}",
    "{\"type\":\"call\",\"occurred_at\":\"2026-11-24T10:00:00+01:00\",\"identifiers\":{\"crm\":"
    "\"0035\",\"phone\":\"+49 (69) 12\"},\"company\":{\"employees\":200},\"received_at\":"
    "\"2026-11-24T09:00:00.000001Z\"}",
};

static struct wh_str
spoil(struct wh_random *random, struct wh_arena *arena, struct wh_str good)
{
    char *bytes = wh_arena_alloc(arena, good.len);
    memcpy(bytes, good.ptr, good.len);
    /* Other bytes of the record are more interesting than any bytes. */
    for (uint32_t changes = 1 + wh_random_below(random, 3); changes > 0; changes--) {
        uint32_t at = wh_random_below(random, (uint32_t)good.len);
        uint32_t from = wh_random_below(random, (uint32_t)good.len);
        bytes[at] = wh_random_below(random, 2) == 0 ? good.ptr[from] : (char)wh_random_next(random);
    }
    bool is_cut = wh_random_below(random, 8) == 0;
    return (struct wh_str){bytes, is_cut ? wh_random_below(random, (uint32_t)good.len) : good.len};
}

static void
expect_promises(const struct wh_touch *touch)
{
    assert_true(touch->id.len > 0 && touch->id.len <= WH_RECORD_ID_MAX);
    assert_true(touch->key_count > 0 && touch->key_count <= WH_TOUCH_KEYS_MAX);
    assert_true(touch->occurred <= WH_RECORD_TIME_MAX && touch->occurred >= -WH_RECORD_TIME_MAX);
    for (size_t i = 1; i < touch->key_count; i++) {
        assert_true(wh_key_compare(touch->keys[i - 1], touch->keys[i]) < 0);
    }
    for (size_t i = 1; i < touch->props.count; i++) {
        assert_true(wh_str_compare(touch->props.items[i - 1].name, touch->props.items[i].name) < 0);
    }
    for (int i = 0; i < WH_FIELD_COUNT; i++) {
        struct wh_value value = touch->fields[i];
        if (wh_value_is_known(value)) {
            assert_int_equal(value.type, wh_field_infos[i].type);
            assert_true(value.text.len <= wh_field_infos[i].limit && wh_utf8_is_valid(value.text));
        }
    }
}

/* Decodes it in an arena of its own; an accepted touch is the same again from its encoding. */
static bool
check(struct wh_record_fixture *f, struct wh_str bytes)
{
    if (!wh_record_decode(f, bytes)) {
        assert_true(f->rejection.detail.len > 0);
        assert_true(f->rejection.reason < WH_REJECT_COUNT);
        return false;
    }
    expect_promises(&f->touch);
    struct wh_buf buf;
    wh_buf_init(&buf, &f->arena);
    wh_touch_protobuf_encode(&buf, &f->touch);
    uint64_t digest = f->touch.digest;
    /* Times before 1973 would be read as another unit. */
    bool is_early = f->touch.occurred < INT64_C(100000000000000) ||
                    f->touch.received < INT64_C(100000000000000);
    f->context.form = WH_FORM_PROTOBUF;
    assert_true(is_early || (wh_record_decode(f, wh_buf_str(&buf)) && f->touch.digest == digest));
    return true;
}

static void
spoil_many(struct wh_record_fixture *f, struct wh_str good, enum wh_record_form form)
{
    struct wh_random random = {good.len};
    int accepted = 0;
    for (int i = 0; i < SPOILINGS; i++) {
        struct wh_arena arena;
        wh_arena_init(&arena, 0);
        struct wh_str spoiled = spoil(&random, &arena, good);
        f->context.form = form;
        accepted += check(f, spoiled) ? 1 : 0;
        wh_arena_reset(&f->arena);
        wh_arena_fini(&arena);
    }
    assert_true(accepted > 0 && accepted < SPOILINGS);
}

static void
spoiled_json_is_a_touch_or_rejected(void **state)
{
    struct wh_record_fixture *f = *state;
    for (size_t i = 0; i < sizeof(records) / sizeof(records[0]); i++) {
        wh_record_accept(f, records[i]);
        spoil_many(f, wh_str_of(records[i]), WH_FORM_JSON);
    }
}

static void
spoiled_protobuf_is_a_touch_or_rejected(void **state)
{
    struct wh_record_fixture *f = *state;
    for (size_t i = 0; i < sizeof(records) / sizeof(records[0]); i++) {
        struct wh_arena arena;
        struct wh_buf good;
        f->context.form = WH_FORM_JSON;
        wh_record_accept(f, records[i]);
        wh_arena_init(&arena, 0);
        wh_buf_init(&good, &arena);
        wh_touch_protobuf_encode(&good, &f->touch);
        spoil_many(f, wh_buf_str(&good), WH_FORM_PROTOBUF);
        wh_arena_fini(&arena);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, wh_record_set_up, wh_record_tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(spoiled_json_is_a_touch_or_rejected),
        TEST(spoiled_protobuf_is_a_touch_or_rejected),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
