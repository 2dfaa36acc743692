/* Headers: rejected records say why and where they came from, snapshots of which record they are,
 * lead events what CloudEvents wants to know (contract.md 3 and 5, protocol.md 11). */
#include "connectors/kafka/record.h"

#include "connectors/kafka/cloud_event.h"
#include "engine/base/buf.h"

#define NUMBER_MAX 24
#define PARTS_MAX  8
/* Headers of one record. */
#define HEADERS_MAX 8
/* Of a traceparent of version 00, and of any that is passed on. */
#define TRACE_LEN     55
#define TRACE_LEN_MAX 256

static void
add(rd_kafka_headers_t *headers, const char *name, struct wh_str text)
{
    if (text.len > 0) {
        (void)rd_kafka_header_add(headers, name, -1, text.ptr, (ssize_t)text.len);
    }
}

static void
add_number(rd_kafka_headers_t *headers, const char *name, int64_t number)
{
    char text[NUMBER_MAX];
    (void)snprintf(text, sizeof(text), "%lld", (long long)number);
    add(headers, name, wh_str_of(text));
}

static void
add_origin(rd_kafka_headers_t *headers, const struct wh_kafka_settings *settings,
           const struct wh_log_record *record)
{
    struct wh_arena arena;
    struct wh_buf at;
    wh_arena_init(&arena, 0);
    wh_buf_init(&at, &arena);
    wh_time_format(&at, record->origin.at);
    struct wh_str topic = settings->topics[record->origin.topic];
    add(headers, "wh-topic", wh_str_of(wh_kafka_name(settings, &arena, topic)));
    add_number(headers, "wh-partition", record->origin.partition);
    add_number(headers, "wh-offset", record->origin.offset);
    add(headers, "wh-time", wh_buf_str(&at));
    wh_arena_fini(&arena);
}

static rd_kafka_headers_t *
headers_of(const struct wh_kafka_settings *settings, const struct wh_log_record *record)
{
    char lineage[2 * WH_HASH_ID_SIZE + 1];
    bool has_any = record->topic == WH_TOPIC_STATES || record->topic == WH_TOPIC_REJECTED ||
                   record->topic == WH_TOPIC_LEADS;
    rd_kafka_headers_t *headers = has_any ? rd_kafka_headers_new(HEADERS_MAX) : NULL;
    if (record->topic == WH_TOPIC_STATES) {
        wh_hash_hex(record->snapshot.lineage.bytes, WH_HASH_ID_SIZE, lineage);
        add_number(headers, "wh-seq", (int64_t)record->snapshot.seq);
        add_number(headers, "wh-due", record->snapshot.due);
        add(headers, "wh-lineage", wh_str_of(lineage));
    } else if (record->topic == WH_TOPIC_REJECTED) {
        add(headers, "wh-reason", record->reason);
        add(headers, "wh-field", record->field);
        add(headers, "wh-detail", record->detail);
        if (record->origin.is_known) {
            add_origin(headers, settings, record);
        }
    } else if (record->topic == WH_TOPIC_LEADS) {
        wh_kafka_cloud_event_add(headers, settings, record);
    }
    return headers;
}

rd_kafka_resp_err_t
wh_kafka_record_produce(rd_kafka_t *client, const struct wh_kafka_topics *topics,
                        const struct wh_kafka_settings *settings,
                        const struct wh_log_record *record, void *opaque)
{
    rd_kafka_vu_t parts[PARTS_MAX] = {0};
    size_t count = 0;
    /* The value of a deleted entity is none at all, so that compaction removes it. */
    bool is_deleted = record->topic == WH_TOPIC_STATES && record->value.len == 0;
    const char *value = record->value.len == 0 ? "" : record->value.ptr;
    parts[count].vtype = RD_KAFKA_VTYPE_RKT;
    parts[count++].u.rkt = topics->of[record->topic];
    parts[count].vtype = RD_KAFKA_VTYPE_PARTITION;
    parts[count++].u.i32 =
        record->partition == WH_LOG_BY_KEY ? RD_KAFKA_PARTITION_UA : (int32_t)record->partition;
    parts[count].vtype = RD_KAFKA_VTYPE_KEY;
    parts[count].u.mem.ptr = record->key.len == 0 ? NULL : (void *)record->key.ptr;
    parts[count++].u.mem.size = record->key.len;
    parts[count].vtype = RD_KAFKA_VTYPE_VALUE;
    parts[count].u.mem.ptr = is_deleted ? NULL : (void *)value;
    parts[count++].u.mem.size = record->value.len;
    parts[count].vtype = RD_KAFKA_VTYPE_OPAQUE;
    parts[count++].u.ptr = opaque;
    rd_kafka_headers_t *headers = headers_of(settings, record);
    if (headers != NULL) {
        parts[count].vtype = RD_KAFKA_VTYPE_HEADERS;
        parts[count++].u.headers = headers;
    }
    rd_kafka_error_t *error = rd_kafka_produceva(client, parts, count);
    rd_kafka_resp_err_t code =
        error == NULL ? RD_KAFKA_RESP_ERR_NO_ERROR : rd_kafka_error_code(error);
    if (error != NULL) {
        rd_kafka_error_destroy(error);
        if (headers != NULL) {
            rd_kafka_headers_destroy(headers);
        }
    }
    return code;
}

static struct wh_str
header(const rd_kafka_headers_t *headers, const char *name)
{
    const void *bytes = NULL;
    size_t size = 0;
    bool is_there = rd_kafka_header_get_last(headers, name, &bytes, &size) == 0 && bytes != NULL;
    return (struct wh_str){is_there ? bytes : NULL, is_there ? size : 0};
}

/* Decimal; what is none counts as zero. */
static int64_t
number_of(struct wh_str text)
{
    int64_t number = 0;
    bool is_negative = text.len > 0 && text.ptr[0] == '-';
    for (size_t i = is_negative ? 1 : 0; i < text.len; i++) {
        int digit = text.ptr[i] - '0';
        if (digit < 0 || digit > 9 || __builtin_mul_overflow(number, 10, &number) ||
            __builtin_sub_overflow(number, digit, &number)) {
            return 0;
        }
    }
    return is_negative || number == INT64_MIN ? number : -number;
}

static int
nibble(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : 0;
}

static struct wh_hash_id
id_of(struct wh_str hex)
{
    struct wh_hash_id id = {{0}};
    for (size_t i = 0; i < WH_HASH_ID_SIZE && hex.len == 2 * sizeof(id.bytes); i++) {
        id.bytes[i] = (uint8_t)(nibble(hex.ptr[2 * i]) * 16 + nibble(hex.ptr[2 * i + 1]));
    }
    return id;
}

/* Without its parameters, such as a charset. What is neither is left to the first byte. */
static enum wh_record_form
form_of(struct wh_str type)
{
    const char *semicolon = type.len == 0 ? NULL : memchr(type.ptr, ';', type.len);
    size_t len = semicolon == NULL ? type.len : (size_t)(semicolon - type.ptr);
    struct wh_str name = wh_str_trim(wh_str_slice(type, 0, len));
    if (wh_str_is(name, "application/json")) {
        return WH_FORM_JSON;
    }
    return wh_str_is(name, "application/x-protobuf") ? WH_FORM_PROTOBUF : WH_FORM_UNSTATED;
}

/* As W3C writes it: version 00 has a fixed length, later ones go on behind a dash. What is none is
 * not passed on. */
static struct wh_str
trace_of(struct wh_str text)
{
    bool is_good = text.len >= TRACE_LEN && text.len <= TRACE_LEN_MAX &&
                   (text.len == TRACE_LEN || text.ptr[TRACE_LEN] == '-');
    for (size_t i = 0; i < TRACE_LEN && is_good; i++) {
        bool is_dash = i == 2 || i == 35 || i == 52;
        char c = text.ptr[i];
        is_good = is_dash ? c == '-' : (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    }
    return is_good ? text : (struct wh_str){NULL, 0};
}

struct wh_log_record
wh_kafka_record_of(const rd_kafka_message_t *message, enum wh_topic topic)
{
    rd_kafka_headers_t *headers = NULL;
    rd_kafka_timestamp_type_t type;
    int64_t at_ms = rd_kafka_message_timestamp(message, &type);
    struct wh_log_record record = {
        .topic = topic,
        .partition = (uint32_t)message->partition,
        .offset = message->offset,
        .at = type == RD_KAFKA_TIMESTAMP_NOT_AVAILABLE ? 0 : at_ms * 1000,
        .key = {message->key, message->key_len},
        .value = {message->payload, message->len},
    };
    bool has_headers = topic == WH_TOPIC_STATES || topic == WH_TOPIC_REJECTED ||
                       topic == WH_TOPIC_TOUCHPOINTS || topic == WH_TOPIC_LEADS;
    if (!has_headers || rd_kafka_message_headers(message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return record;
    }
    if (topic == WH_TOPIC_TOUCHPOINTS || topic == WH_TOPIC_LEADS) {
        record.form = form_of(header(headers, "content-type"));
        record.trace = trace_of(header(headers, "traceparent"));
        return record;
    }
    record.reason = header(headers, "wh-reason");
    record.field = header(headers, "wh-field");
    record.detail = header(headers, "wh-detail");
    record.snapshot.seq = (uint64_t)number_of(header(headers, "wh-seq"));
    record.snapshot.due = number_of(header(headers, "wh-due"));
    record.snapshot.lineage = id_of(header(headers, "wh-lineage"));
    return record;
}

struct wh_log_record
wh_kafka_record_copy(const rd_kafka_message_t *message, enum wh_topic topic, struct wh_arena *arena)
{
    struct wh_log_record record = wh_kafka_record_of(message, topic);
    struct wh_str *const texts[] = {&record.key,   &record.value,  &record.reason,
                                    &record.field, &record.detail, &record.trace};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        *texts[i] = wh_arena_str(arena, *texts[i]);
    }
    return record;
}
