#include "tests/support/touch_records.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "proto/codec.h"

int
wh_record_set_up(void **state)
{
    static struct wh_record_fixture fixture;
    fixture = (struct wh_record_fixture){
        .context = {.form = WH_FORM_JSON, .default_id = WH_STR("given")}};
    wh_arena_init(&fixture.arena, 0);
    *state = &fixture;
    return 0;
}

int
wh_record_tear_down(void **state)
{
    struct wh_record_fixture *f = *state;
    wh_arena_fini(&f->arena);
    return 0;
}

bool
wh_record_decode(struct wh_record_fixture *f, struct wh_str bytes)
{
    struct wh_codec codec = wh_proto_codec();
    f->counts = (struct wh_decode_counts){0};
    return codec.decode_touch(codec.self, &f->arena, bytes, &f->context, &f->touch, &f->counts,
                              &f->rejection);
}

void
wh_record_expect_text(struct wh_str found, const char *expected)
{
    if (!wh_str_is(found, expected)) {
        fail_msg("expected \"%s\", found \"%.*s\"", expected, WH_STR_ARG(found));
    }
}

void
wh_record_accept(struct wh_record_fixture *f, const char *json)
{
    if (!wh_record_decode(f, wh_str_of(json))) {
        fail_msg("rejected as %s at \"%.*s\": %.*s\n%s", wh_reject_str(f->rejection.reason),
                 WH_STR_ARG(f->rejection.field), WH_STR_ARG(f->rejection.detail), json);
    }
}

void
wh_record_reject_bytes(struct wh_record_fixture *f, struct wh_str bytes, enum wh_reject reason,
                       const char *field)
{
    if (wh_record_decode(f, bytes)) {
        fail_msg("accepted: %.*s", WH_STR_ARG(bytes));
    }
    assert_string_equal(wh_reject_str(f->rejection.reason), wh_reject_str(reason));
    wh_record_expect_text(f->rejection.field, field);
    assert_true(f->rejection.detail.len > 0);
}

void
wh_record_reject(struct wh_record_fixture *f, const char *json, enum wh_reject reason,
                 const char *field)
{
    wh_record_reject_bytes(f, wh_str_of(json), reason, field);
}

/* A good record with something more in it; the text lives in the arena. */
const char *
wh_record_with(struct wh_record_fixture *f, const char *more)
{
    struct wh_buf buf;
    wh_buf_init(&buf, &f->arena);
    wh_buf_printf(&buf,
                  "{\"type\":\"call\",\"occurred_at\":\"2026-11-24T09:00:00Z\","
                  "\"identifiers\":{\"anon\":\"c-81\"}%s%s}",
                  more[0] == '\0' ? "" : ",", more);
    return wh_buf_text(&buf);
}

/* The same with another value for one of the required members. */
const char *
wh_record_with_time(struct wh_record_fixture *f, const char *time)
{
    struct wh_buf buf;
    wh_buf_init(&buf, &f->arena);
    wh_buf_printf(&buf, "{\"type\":\"call\",\"identifiers\":{\"anon\":\"c\"},\"occurred_at\":%s}",
                  time);
    return wh_buf_text(&buf);
}

const char *
wh_record_with_identifiers(struct wh_record_fixture *f, const char *identifiers)
{
    struct wh_buf buf;
    wh_buf_init(&buf, &f->arena);
    wh_buf_printf(&buf,
                  "{\"type\":\"call\",\"occurred_at\":\"2026-11-24T09:00:00Z\","
                  "\"identifiers\":%s}",
                  identifiers);
    return wh_buf_text(&buf);
}

void
wh_record_expect_field(const struct wh_record_fixture *f, enum wh_field field, const char *expected)
{
    assert_int_equal(f->touch.fields[field].type, WH_TYPE_STRING);
    wh_record_expect_text(f->touch.fields[field].text, expected);
}

void
wh_record_expect_unknown(const struct wh_record_fixture *f, enum wh_field field)
{
    assert_int_equal(f->touch.fields[field].type, WH_TYPE_UNKNOWN);
}

void
wh_record_expect_number(const struct wh_record_fixture *f, enum wh_field field, int64_t thousandths)
{
    assert_int_equal(f->touch.fields[field].type, WH_TYPE_NUMBER);
    assert_int_equal(f->touch.fields[field].number, thousandths);
}

void
wh_record_expect_key(const struct wh_record_fixture *f, size_t index, enum wh_key_kind kind,
                     const char *value)
{
    assert_true(index < f->touch.key_count);
    assert_int_equal(f->touch.keys[index].kind, kind);
    wh_record_expect_text(f->touch.keys[index].value, value);
}

struct wh_value
wh_record_named(struct wh_named_list list, const char *name)
{
    for (size_t i = 0; i < list.count; i++) {
        if (wh_str_is(list.items[i].name, name)) {
            return list.items[i].value;
        }
    }
    fail_msg("\"%s\" is missing", name);
    return WH_UNKNOWN;
}
