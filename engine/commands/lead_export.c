#include "engine/commands/lead_export.h"

#include <yyjson.h>

#include "engine/base/table.h"
#include "engine/model/field.h"
#include "engine/score/entity.h"
#include "proto/json_write.h"
#include "proto/story_json.h"

/* A column as it is named in a touchpoint: contract.md 3. */
static void
write_name(struct wh_json *json, const struct wh_ruleset *ruleset, uint32_t column)
{
    static const char *const before[] = {
        [WH_COLUMN_FIELD] = "",
        [WH_COLUMN_PROP] = "properties.",
        [WH_COLUMN_LEAD] = "lead.",
        [WH_COLUMN_COMPANY] = "company.",
        [WH_COLUMN_CONSENT] = "consent.",
        [WH_COLUMN_EMAIL] = "identifiers.email",
        [WH_COLUMN_PHONE] = "identifiers.phone",
        [WH_COLUMN_CRM] = "identifiers.crm",
        [WH_COLUMN_EMPLOYER] = "employer",
    };
    const struct wh_column *info = &ruleset->columns[column];
    struct wh_buf name;
    if (column < WH_FIELD_COUNT) {
        wh_json_name(json, wh_field_infos[column].json);
        return;
    }
    wh_buf_init(&name, json->buf->arena);
    wh_buf_push_text(&name, before[info->kind]);
    if (info->kind <= WH_COLUMN_CONSENT) {
        wh_buf_push(&name, info->name);
    }
    wh_json_name_str(json, wh_buf_str(&name));
}

static void
write_row(struct wh_json *json, const struct wh_ruleset *ruleset, const struct wh_state *state,
          uint32_t row)
{
    const struct wh_history *history = &state->history;
    wh_json_open_object(json);
    wh_json_name(json, "id");
    wh_json_str(json, wh_strings_get(&state->strings, history->id[row]));
    wh_json_name(json, "occurred_at");
    wh_json_time(json, history->at[row]);
    wh_json_name(json, "received_at");
    wh_json_time(json, history->received[row]);
    wh_json_name(json, "verdict");
    wh_json_str(json, wh_str_of(wh_verdict_str((enum wh_verdict)history->verdict[row])));
    for (uint32_t column = 0; column < history->column_count; column++) {
        wh_cell_t cell = wh_history_cell(history, column, row);
        if (cell != WH_CELL_ABSENT) {
            write_name(json, ruleset, column);
            wh_json_value(json, wh_strings_of_cell(&state->strings, cell));
        }
    }
    wh_json_close_object(json);
}

static void
write_history(struct wh_json *json, const struct wh_ruleset *ruleset, const struct wh_state *state)
{
    wh_json_name(json, "history");
    wh_json_open_list(json);
    for (uint32_t row = 0; row < state->history.count; row++) {
        write_row(json, ruleset, state, row);
    }
    wh_json_close_list(json);
}

/* Records of the log that are the lead's, as they came. */
struct records {
    struct wh_json *json;
    struct wh_table ids; /* of its touches */
    struct wh_str lead_id;
};

static bool
is_str(yyjson_val *value, struct wh_str text)
{
    return yyjson_equals_strn(value, text.ptr, text.len);
}

/* A wh_kept_record_fn: touches by their ids; what is no JSON is passed over. */
static bool
take_touch(void *self, const struct wh_log_record *record)
{
    struct records *records = self;
    yyjson_doc *doc = yyjson_read(record->value.ptr, record->value.len, 0);
    yyjson_val *id = yyjson_obj_get(yyjson_doc_get_root(doc), "id");
    struct wh_str text = {yyjson_get_str(id), yyjson_get_len(id)};
    int64_t found = 0;
    if (text.len > 0 && wh_table_find(&records->ids, text, &found)) {
        wh_json_raw(records->json, record->value);
    }
    yyjson_doc_free(doc);
    return true;
}

/* The same for events, which name the lead. */
static bool
take_event(void *self, const struct wh_log_record *record)
{
    struct records *records = self;
    if (!wh_str_contains(record->value, records->lead_id)) {
        return true;
    }
    yyjson_doc *doc = yyjson_read(record->value.ptr, record->value.len, 0);
    yyjson_val *root = yyjson_doc_get_root(doc);
    yyjson_val *also = yyjson_obj_get(root, "also");
    bool is_its = is_str(yyjson_obj_get(root, "lead_id"), records->lead_id);
    for (size_t i = 0; i < yyjson_arr_size(also); i++) {
        is_its = is_its || is_str(yyjson_arr_get(also, i), records->lead_id);
    }
    if (is_its) {
        wh_json_raw(records->json, record->value);
    }
    yyjson_doc_free(doc);
    return true;
}

static enum wh_exit
write_records(struct wh_json *json, struct wh_kept *kept, const char *name, enum wh_topic topic,
              wh_kept_record_fn take, struct records *records)
{
    wh_json_name(json, name);
    wh_json_open_list(json);
    enum wh_exit code = wh_kept_records(kept, topic, take, records);
    wh_json_close_list(json);
    return code;
}

static void
list_ids(struct records *records, struct wh_arena *arena, const struct wh_state *state)
{
    wh_table_init(&records->ids, arena);
    for (uint32_t row = 0; row < state->history.count; row++) {
        wh_table_put(&records->ids,
                     wh_touch_id(wh_strings_get(&state->strings, state->history.id[row])), 0);
    }
}

enum wh_exit
wh_lead_export(struct wh_buf *buf, struct wh_kept *kept, const struct wh_entity *entity,
               const struct wh_story *story)
{
    const struct wh_state *state = &entity->state;
    struct wh_json json;
    struct records records = {.json = &json, .lead_id = story->snapshot->lead_id};
    wh_json_init(&json, buf);
    list_ids(&records, buf->arena, state);
    wh_json_open_object(&json);
    wh_json_name(&json, "lead");
    wh_story_json_encode(buf, story);
    json.is_after_name = false;
    json.needs_comma = true;
    write_history(&json, wh_entity_ruleset(kept->ruleset, entity), state);
    enum wh_exit code =
        write_records(&json, kept, "records", WH_TOPIC_TOUCHPOINTS, take_touch, &records);
    if (code == WH_EXIT_DONE) {
        code = write_records(&json, kept, "events", WH_TOPIC_LEADS, take_event, &records);
    }
    wh_json_close_object(&json);
    wh_buf_push_char(buf, '\n');
    return code;
}
