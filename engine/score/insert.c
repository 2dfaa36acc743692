#include "engine/score/insert.h"

#include "engine/base/time.h"
#include "engine/model/key_set.h"

struct row {
    const struct wh_ruleset *ruleset;
    struct wh_state *state;
    uint32_t number;
};

static void
set(const struct row *row, int32_t column, struct wh_value value)
{
    wh_history_set_cell(&row->state->history, (uint32_t)column, row->number,
                        wh_strings_to_cell(&row->state->strings, value));
}

/* A value as its declared type: times come as text; of another type it is the statement unknown,
 * as a wrong type at run time is (rules.md 13). */
static struct wh_value
declared(const struct row *row, const struct wh_column *column, struct wh_value value)
{
    if (column->type == WH_TYPE_UNKNOWN || value.type == column->type ||
        value.type == WH_TYPE_UNKNOWN) {
        return value;
    }
    int64_t us = 0;
    bool has_zone = false;
    if (column->type == WH_TYPE_TIME && value.type == WH_TYPE_STRING &&
        wh_time_parse(value.text, &us, &has_zone) == WH_OK) {
        us = has_zone ? us : wh_zone_to_utc(row->ruleset->zone, us);
        return wh_value_of(WH_TYPE_TIME, us);
    }
    row->state->unknowns++;
    return WH_UNKNOWN;
}

static void
set_named(const struct row *row, enum wh_column_kind kind, const struct wh_named_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        int64_t column = -1;
        if (!wh_table_find(&row->ruleset->column_index[kind], list->items[i].name, &column) ||
            !row->ruleset->columns[column].kept) {
            continue;
        }
        set(row, (int32_t)column,
            declared(row, &row->ruleset->columns[column], list->items[i].value));
    }
}

static void
set_fields(const struct row *row, const struct wh_touch *touch)
{
    for (int32_t field = 0; field < WH_FIELD_COUNT; field++) {
        /* Events name the type of the touch that caused them. */
        bool kept = row->ruleset->columns[field].kept || field == WH_FIELD_TYPE;
        if (kept && wh_value_is_known(touch->fields[field])) {
            set(row, field, touch->fields[field]);
        }
    }
}

/* Keys are sorted, so the first of a kind is the first by bytes. */
static const struct wh_key *
first_key(const struct wh_touch *touch, enum wh_key_kind kind)
{
    for (size_t i = 0; i < touch->key_count; i++) {
        if (touch->keys[i].kind == kind) {
            return &touch->keys[i];
        }
    }
    return NULL;
}

static void
set_key(const struct row *row, int32_t column, const struct wh_key *key)
{
    if (column >= 0 && key != NULL) {
        set(row, column, wh_value_string(key->value));
    }
}

static void
set_keys(const struct row *row, const struct wh_touch *touch)
{
    const struct wh_ruleset *ruleset = row->ruleset;
    const struct wh_key *email = first_key(touch, WH_KEY_EMAIL);
    set_key(row, ruleset->email_column, email);
    set_key(row, ruleset->phone_column, first_key(touch, WH_KEY_PHONE));
    set_key(row, ruleset->crm_column, first_key(touch, WH_KEY_CRM));
    /* An address at a mail provider says that the employer is unknown, so an older address at a
     * company no longer tells. */
    if (email != NULL && ruleset->employer_column >= 0) {
        set(row, ruleset->employer_column,
            touch->email_company.len > 0 ? wh_value_string(touch->email_company) : WH_UNKNOWN);
    }
}

static bool
is_text(struct wh_value value, const char *text)
{
    return value.type == WH_TYPE_STRING && wh_str_is(value.text, text);
}

/* A type that the model does not name is the lead's own doing, on the web unless it says other. */
static uint8_t
flags_of(const struct wh_ruleset *ruleset, const struct wh_touch *touch, int32_t type)
{
    uint8_t flags = 0;
    struct wh_value source = touch->fields[WH_FIELD_SOURCE];
    if (source.type != WH_TYPE_STRING) {
        source = wh_value_string(type < 0 ? WH_STR("web") : ruleset->types[type].source);
    }
    if (type < 0 || ruleset->types[type].act) {
        flags |= WH_ROW_ACT;
        if (is_text(source, "web") || is_text(source, "product")) {
            flags |= WH_ROW_SITE;
        }
    }
    if (is_text(touch->fields[WH_FIELD_TYPE], "page_view")) {
        flags |= WH_ROW_PAGE;
    }
    /* Keys are sorted, strongest first. */
    if (touch->key_count > 0 && touch->keys[0].kind < WH_KEY_ANON) {
        flags |= WH_ROW_NAMED;
    }
    return flags;
}

static int32_t
type_of(const struct wh_ruleset *ruleset, struct wh_value type)
{
    int64_t index = -1;
    if (type.type != WH_TYPE_STRING || !wh_table_find(&ruleset->type_index, type.text, &index)) {
        return -1;
    }
    return (int32_t)index;
}

void
wh_insert_row(const struct wh_ruleset *ruleset, struct wh_state *state, uint32_t number,
              const struct wh_touch *touch)
{
    struct wh_history *history = &state->history;
    struct row row = {.ruleset = ruleset, .state = state, .number = number};
    int32_t type = type_of(ruleset, touch->fields[WH_FIELD_TYPE]);
    wh_history_open(history, number);
    history->at[number] = touch->occurred;
    history->received[number] = touch->received;
    history->id[number] = wh_strings_intern(&state->strings, touch->id);
    history->digest[number] = touch->digest;
    history->type[number] = type;
    history->flags[number] = flags_of(ruleset, touch, type);
    history->place[number] = -1;
    history->keys[number] = wh_strings_intern_whole(
        &state->strings, wh_key_set_text(state->arena, touch->keys, touch->key_count));
    set_fields(&row, touch);
    set_named(&row, WH_COLUMN_PROP, &touch->props);
    set_named(&row, WH_COLUMN_LEAD, &touch->lead);
    set_named(&row, WH_COLUMN_COMPANY, &touch->company);
    set_named(&row, WH_COLUMN_CONSENT, &touch->consent);
    set_keys(&row, touch);
}
