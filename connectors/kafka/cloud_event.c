#include "connectors/kafka/cloud_event.h"

#include <yyjson.h>

static void
add(rd_kafka_headers_t *headers, const char *name, const char *text, size_t len)
{
    if (text != NULL && len > 0) {
        (void)rd_kafka_header_add(headers, name, -1, text, (ssize_t)len);
    }
}

static void
add_member(rd_kafka_headers_t *headers, const char *name, yyjson_val *event, const char *member)
{
    yyjson_val *value = yyjson_obj_get(event, member);
    add(headers, name, yyjson_get_str(value), yyjson_get_len(value));
}

void
wh_kafka_cloud_event_add(rd_kafka_headers_t *headers, const struct wh_kafka_settings *settings,
                         const struct wh_log_record *record)
{
    struct wh_arena arena;
    wh_arena_init(&arena, 0);
    yyjson_doc *doc = yyjson_read(record->value.ptr, record->value.len, 0);
    yyjson_val *event = yyjson_doc_get_root(doc);
    const char *source = wh_kafka_name(settings, &arena, settings->group);
    add(headers, "ce_specversion", "1.0", 3);
    add_member(headers, "ce_id", event, "id");
    add_member(headers, "ce_type", event, "type");
    add(headers, "ce_source", source, strlen(source));
    add(headers, "ce_subject", record->key.ptr, record->key.len);
    add_member(headers, "ce_time", event, "decided_at");
    add(headers, "content-type", "application/json", sizeof("application/json") - 1);
    yyjson_doc_free(doc);
    wh_arena_fini(&arena);
}
