#include "connectors/kafka/cloud_event.h"

#include "proto/event_head.h"

#define JSON_TYPE     WH_STR("application/json")
#define PROTOBUF_TYPE WH_STR("application/x-protobuf")

static void
add(rd_kafka_headers_t *headers, const char *name, struct wh_str text)
{
    if (text.len > 0) {
        (void)rd_kafka_header_add(headers, name, -1, text.ptr, (ssize_t)text.len);
    }
}

void
wh_kafka_cloud_event_add(rd_kafka_headers_t *headers, const struct wh_kafka_settings *settings,
                         const struct wh_log_record *record)
{
    struct wh_arena arena;
    wh_arena_init(&arena, 0);
    struct wh_event_head head = wh_event_head_read(&arena, record->value, record->form);
    bool is_protobuf = record->form == WH_FORM_PROTOBUF;
    const char *source = wh_kafka_name(settings, &arena, settings->group);
    add(headers, "ce_specversion", WH_STR("1.0"));
    add(headers, "ce_id", head.id);
    add(headers, "ce_type", head.type);
    add(headers, "ce_source", wh_str_of(source));
    add(headers, "ce_subject", record->key);
    add(headers, "ce_time", head.decided);
    add(headers, "content-type", is_protobuf ? PROTOBUF_TYPE : JSON_TYPE);
    add(headers, "traceparent", record->trace);
    wh_arena_fini(&arena);
}
