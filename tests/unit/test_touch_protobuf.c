/* A touchpoint as protobuf: the same touch, limits and rejections as in JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "engine/base/buf.h"
#include "engine/model/field.h"
#include "engine/port/codec.h"
#include "proto/touch_json_write.h"
#include "proto/touch_protobuf.h"
#include "proto/touchpoint.pb-c.h"
#include "tests/support/touch_records.h"

static int
set_up(void **state)
{
    (void)wh_record_set_up(state);
    struct wh_record_fixture *f = *state;
    f->context.form = WH_FORM_UNSTATED;
    return 0;
}

static void
accept(struct wh_record_fixture *f, struct wh_str bytes)
{
    if (!wh_record_decode(f, bytes)) {
        fail_msg("rejected as %s at \"%.*s\": %.*s", wh_reject_str(f->rejection.reason),
                 WH_STR_ARG(f->rejection.field), WH_STR_ARG(f->rejection.detail));
    }
}

static int
digit(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = c == '\0' ? NULL : strchr(digits, c);
    return at == NULL ? -1 : (int)(at - digits);
}

/* Bytes written as hex; lines that begin with # say what comes next. */
static struct wh_str
read_hex(struct wh_arena *arena, const char *path)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    char line[1024];
    struct wh_buf buf;
    wh_buf_init(&buf, arena);
    while (fgets(line, sizeof(line), file) != NULL) {
        for (size_t i = 0; digit(line[i]) >= 0; i += 2) {
            assert_true(digit(line[i + 1]) >= 0);
            wh_buf_push_char(&buf, (char)(digit(line[i]) * 16 + digit(line[i + 1])));
        }
    }
    (void)fclose(file);
    return wh_buf_str(&buf);
}

static const char *const same_as_json =
    "{\"id\":\"7f3c\",\"type\":\"page_view\",\"source\":\"web\","
    "\"occurred_at\":\"2026-11-24T09:00:00.125Z\",\"received_at\":\"2026-11-24T09:00:00Z\","
    "\"identifiers\":{\"anon\":[\"c-81\",\"c-80\"],\"email\":\"Ann@Stadtwerke.example\","
    "\"crm\":\"0035\"},\"page\":{\"url\":\"https://pumps.example/pricing?a=1\"},"
    "\"seconds\":-1.5,\"amount\":\"129.90\",\"properties\":{\"seats\":12,\"plan\":\"pro\","
    "\"tier\":null,\"trial\":false},\"lead\":{\"name\":\"Ann\"},"
    "\"company\":{\"employees\":200},\"consent\":{\"marketing\":true}}";

static struct wh_str
encode(struct wh_record_fixture *f)
{
    struct wh_buf buf;
    wh_buf_init(&buf, &f->arena);
    wh_touch_protobuf_encode(&buf, &f->touch);
    return wh_buf_str(&buf);
}

static void
a_touch_from_json_has_the_bytes_of_the_file(void **state)
{
    struct wh_record_fixture *f = *state;
    struct wh_str golden = read_hex(&f->arena, "tests/golden/records/touchpoint.hex");
    accept(f, wh_str_of(same_as_json));
    struct wh_str bytes = encode(f);
    assert_int_equal(bytes.len, golden.len);
    assert_memory_equal(bytes.ptr, golden.ptr, golden.len);
}

static void
both_forms_are_the_same_touch(void **state)
{
    struct wh_record_fixture *f = *state;
    accept(f, wh_str_of(same_as_json));
    struct wh_touch json = f->touch;
    struct wh_str golden = read_hex(&f->arena, "tests/golden/records/touchpoint.hex");
    accept(f, golden);
    assert_true(f->touch.digest == json.digest);
    assert_true(wh_str_equal(encode(f), golden));
    assert_int_equal(f->touch.occurred, json.occurred);
    assert_int_equal(f->touch.key_count, 4);
    assert_int_equal(f->touch.props.count, 4);
    for (int i = 0; i < WH_FIELD_COUNT; i++) {
        assert_true(wh_value_same(f->touch.fields[i], json.fields[i]));
    }
}

/* JSON, protobuf, JSON again: nothing of the touch is lost, or another one. */
static void
a_touch_written_as_json_is_the_same_touch(void **state)
{
    static const char *const records[] = {
        NULL,
        "{\"type\":\"x\",\"occurred_at\":\"2026-11-24T09:00:00.000001Z\","
        "\"identifiers\":{\"anon\":\"\\u0001\\\"\\\\c\"}}",
        "{\"type\":\"x\",\"occurred_at\":1795510800,\"identifiers\":{\"user\":[\"b\",\"a\"]},"
        "\"device\":{\"class\":\"mobile\"},\"currency\":\"EUR\",\"page\":{\"path\":\"/a\"},"
        "\"network\":{\"asn\":\"7\"},\"links\":3,\"plan\":\"p\",\"properties\":{\"a.b\":0.001},"
        "\"consent\":{\"marketing\":false}}",
    };
    struct wh_record_fixture *f = *state;
    for (size_t i = 0; i < sizeof(records) / sizeof(records[0]); i++) {
        accept(f, wh_str_of(i == 0 ? same_as_json : records[i]));
        struct wh_str golden = encode(f);
        struct wh_buf buf;
        wh_buf_init(&buf, &f->arena);
        wh_touch_json_encode(&buf, &f->touch);
        assert_null(memchr(buf.ptr, '\n', buf.len));
        accept(f, wh_buf_str(&buf));
        assert_true(wh_str_equal(encode(f), golden));
    }
}

static bool
is_special(const ProtobufCFieldDescriptor *descriptor)
{
    static const char *const names[] = {"id",         "occurred_at", "received_at", "identifiers",
                                        "properties", "lead",        "company",     "consent"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(descriptor->name, names[i]) == 0) {
            return true;
        }
    }
    return false;
}

static void
the_proto_file_has_exactly_the_fields_of_the_table(void **state)
{
    (void)state;
    const ProtobufCMessageDescriptor *message = &waterhole__touchpoint__descriptor;
    unsigned found = 0;
    for (int i = 0; i < WH_FIELD_COUNT; i++) {
        const struct wh_field_info *info = &wh_field_infos[i];
        const ProtobufCFieldDescriptor *descriptor =
            protobuf_c_message_descriptor_get_field(message, (unsigned)info->tag);
        assert_non_null(descriptor);
        char name[64];
        (void)snprintf(name, sizeof(name), "%s", info->json);
        for (char *dot = strchr(name, '.'); dot != NULL; dot = strchr(name, '.')) {
            *dot = '_';
        }
        assert_string_equal(descriptor->name, name);
        assert_int_equal(descriptor->type, info->type == WH_TYPE_NUMBER ? PROTOBUF_C_TYPE_SINT64
                                                                        : PROTOBUF_C_TYPE_STRING);
        assert_int_equal(descriptor->label, PROTOBUF_C_LABEL_OPTIONAL);
        found++;
    }
    for (unsigned i = 0; i < message->n_fields; i++) {
        found += is_special(&message->fields[i]) ? 1 : 0;
    }
    assert_int_equal(found, message->n_fields);
}

/* Any field may come first, so none may begin as a JSON text does. */
static void
no_field_begins_like_json(void **state)
{
    (void)state;
    const ProtobufCMessageDescriptor *message = &waterhole__touchpoint__descriptor;
    for (unsigned i = 0; i < message->n_fields; i++) {
        bool is_number = message->fields[i].type == PROTOBUF_C_TYPE_INT64 ||
                         message->fields[i].type == PROTOBUF_C_TYPE_SINT64;
        unsigned first = (message->fields[i].id << 3 | (is_number ? 0U : 2U)) & 0x7f;
        first |= message->fields[i].id > 15 ? 0x80 : 0;
        assert_null(memchr("{[ \t\r\n", (int)first, 6));
    }
}

static void
a_later_field_is_passed_over_and_survives(void **state)
{
    struct wh_record_fixture *f = *state;
    struct wh_buf later;
    wh_buf_init(&later, &f->arena);
    wh_buf_push(&later, read_hex(&f->arena, "tests/golden/records/touchpoint.hex"));
    wh_buf_push_text(&later, "\xc2\x3e\x05later"); /* tag 1000, text */
    struct wh_str bytes = wh_buf_str(&later);
    accept(f, bytes);
    Waterhole__Touchpoint *message =
        waterhole__touchpoint__unpack(NULL, bytes.len, (const uint8_t *)bytes.ptr);
    assert_non_null(message);
    assert_int_equal(message->base.n_unknown_fields, 1);
    uint8_t *again = wh_arena_alloc(&f->arena, bytes.len);
    assert_int_equal(waterhole__touchpoint__get_packed_size(message), bytes.len);
    assert_int_equal(waterhole__touchpoint__pack(message, again), bytes.len);
    assert_memory_equal(again, bytes.ptr, bytes.len);
    waterhole__touchpoint__free_unpacked(message, NULL);
}

/* A good record of type call, to be spoiled before it is packed. */
struct record {
    Waterhole__Touchpoint message;
    Waterhole__Identifiers identifiers;
    char *anon;
};

static void
make_record(struct record *record)
{
    waterhole__touchpoint__init(&record->message);
    waterhole__identifiers__init(&record->identifiers);
    static char type[] = "call";
    static char anon[] = "c-81";
    record->anon = anon;
    record->identifiers.n_anon = 1;
    record->identifiers.anon = &record->anon;
    record->message.type = type;
    record->message.has_occurred_at = true;
    record->message.occurred_at = 1795510800;
    record->message.identifiers = &record->identifiers;
}

static struct wh_str
pack(struct wh_record_fixture *f, const struct record *record)
{
    size_t size = waterhole__touchpoint__get_packed_size(&record->message);
    uint8_t *bytes = wh_arena_alloc(&f->arena, size);
    assert_int_equal(waterhole__touchpoint__pack(&record->message, bytes), size);
    return (struct wh_str){(const char *)bytes, size};
}

static void
times_count_by_magnitude(void **state)
{
    struct wh_record_fixture *f = *state;
    static const int64_t times[] = {1795510800, 1795510800000, WH_RECORD_NINE};
    for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
        struct record record;
        make_record(&record);
        record.message.occurred_at = times[i];
        accept(f, pack(f, &record));
        assert_int_equal(f->touch.occurred, WH_RECORD_NINE);
        assert_int_equal(f->touch.received, WH_RECORD_NINE);
        assert_true(wh_str_is(f->touch.id, "given"));
    }
}

static void
what_is_missing_or_nobody_is_rejected(void **state)
{
    struct wh_record_fixture *f = *state;
    static char nobody[] = "undefined";
    struct record record;
    make_record(&record);
    record.message.type = NULL;
    wh_record_reject_bytes(f, pack(f, &record), WH_REJECT_MISSING, "type");
    make_record(&record);
    record.message.has_occurred_at = false;
    wh_record_reject_bytes(f, pack(f, &record), WH_REJECT_MISSING, "occurred_at");
    make_record(&record);
    record.message.identifiers = NULL;
    wh_record_reject_bytes(f, pack(f, &record), WH_REJECT_MISSING, "identifiers");
    make_record(&record);
    record.anon = nobody;
    wh_record_reject_bytes(f, pack(f, &record), WH_REJECT_NO_IDENTIFIER, "identifiers");
    assert_int_equal(f->counts.placeholders, 1);
}

static void
values_out_of_bounds_are_rejected(void **state)
{
    struct wh_record_fixture *f = *state;
    static char latin[] = "W\xe4rme";
    static char source[] = "wbe";
    struct record record;
    make_record(&record);
    record.message.occurred_at = INT64_MAX;
    wh_record_reject_bytes(f, pack(f, &record), WH_REJECT_BAD_TIME, "occurred_at");
    make_record(&record);
    record.message.has_amount = true;
    record.message.amount = INT64_MIN;
    wh_record_reject_bytes(f, pack(f, &record), WH_REJECT_BAD_NUMBER, "amount");
    make_record(&record);
    record.message.asset = latin;
    wh_record_reject_bytes(f, pack(f, &record), WH_REJECT_NOT_UTF8, "asset");
    make_record(&record);
    record.message.source = source;
    wh_record_reject_bytes(f, pack(f, &record), WH_REJECT_BAD_TYPE, "source");
    make_record(&record);
    char *long_text = wh_arena_alloc(&f->arena, 2050);
    memset(long_text, 'x', 2049);
    record.message.asset = long_text;
    wh_record_reject_bytes(f, pack(f, &record), WH_REJECT_TOO_LARGE, "asset");
    make_record(&record);
    record.message.page_url = long_text;
    accept(f, pack(f, &record));
    assert_int_equal(f->counts.cut, 1);
}

/* With the named entries as properties: a name, then the bytes of a Value. */
static struct wh_str
with_properties(struct wh_record_fixture *f, const char *const (*entries)[2], size_t count)
{
    struct record record;
    make_record(&record);
    struct wh_buf buf;
    wh_buf_init(&buf, &f->arena);
    wh_buf_push(&buf, pack(f, &record));
    for (size_t i = 0; i < count; i++) {
        size_t name_len = strlen(entries[i][0]);
        size_t value_len = strlen(entries[i][1]);
        wh_buf_push_char(&buf, 9 << 3 | 2);
        wh_buf_push_char(&buf, (char)(name_len + value_len + 4));
        wh_buf_push_char(&buf, 1 << 3 | 2);
        wh_buf_push_char(&buf, (char)name_len);
        wh_buf_push_text(&buf, entries[i][0]);
        wh_buf_push_char(&buf, 2 << 3 | 2);
        wh_buf_push_char(&buf, (char)value_len);
        wh_buf_push_text(&buf, entries[i][1]);
    }
    return wh_buf_str(&buf);
}

static void
properties_are_named_once_and_have_a_value(void **state)
{
    struct wh_record_fixture *f = *state;
    static const char *const twice[][2] = {{"a", "\x18\x01"}, {"b", "\x18\x01"}, {"a", "\x18\x01"}};
    static const char *const none[][2] = {{"a", ""}};
    accept(f, with_properties(f, twice, 2));
    assert_int_equal(f->touch.props.count, 2);
    wh_record_reject_bytes(f, with_properties(f, twice, 3), WH_REJECT_DUPLICATE_KEY,
                           "properties.a");
    wh_record_reject_bytes(f, with_properties(f, none, 1), WH_REJECT_BAD_TYPE, "properties.a");
    const char *full[65][2];
    char names[65][4];
    for (size_t i = 0; i < 65; i++) {
        (void)snprintf(names[i], sizeof(names[i]), "p%02u", (unsigned)i % 100);
        full[i][0] = names[i];
        full[i][1] = twice[0][1];
    }
    wh_record_reject_bytes(f, with_properties(f, (const char *const(*)[2])full, 65),
                           WH_REJECT_TOO_MANY, "properties");
}

static void
other_bytes_are_not_protobuf(void **state)
{
    struct wh_record_fixture *f = *state;
    f->context.form = WH_FORM_PROTOBUF;
    struct wh_str golden = read_hex(&f->arena, "tests/golden/records/touchpoint.hex");
    wh_record_reject_bytes(f, wh_str_slice(golden, 0, golden.len - 1), WH_REJECT_NOT_PROTOBUF, "");
    wh_record_reject_bytes(f, WH_STR("{\"type\":\"call\"}"), WH_REJECT_NOT_PROTOBUF, "");
    wh_record_reject_bytes(f, WH_STR(""), WH_REJECT_MISSING, "type");
    char *large = wh_arena_alloc(&f->arena, 65537);
    wh_record_reject_bytes(f, (struct wh_str){large, 65537}, WH_REJECT_TOO_LARGE, "");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, wh_record_tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_touch_from_json_has_the_bytes_of_the_file),
        TEST(both_forms_are_the_same_touch),
        TEST(a_touch_written_as_json_is_the_same_touch),
        TEST(the_proto_file_has_exactly_the_fields_of_the_table),
        TEST(no_field_begins_like_json),
        TEST(a_later_field_is_passed_over_and_survives),
        TEST(times_count_by_magnitude),
        TEST(what_is_missing_or_nobody_is_rejected),
        TEST(values_out_of_bounds_are_rejected),
        TEST(properties_are_named_once_and_have_a_value),
        TEST(other_bytes_are_not_protobuf),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
