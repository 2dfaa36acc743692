#include "proto/snapshot_json.h"

#include "engine/base/time.h"

void
wh_snapshot_json_str(struct wh_json *json, const char *name, struct wh_str text)
{
    wh_json_name(json, name);
    wh_json_str(json, text);
}

void
wh_snapshot_json_str_or_null(struct wh_json *json, const char *name, struct wh_str text)
{
    wh_json_name(json, name);
    wh_json_str_or_null(json, text);
}

void
wh_snapshot_json_time(struct wh_json *json, const char *name, int64_t us)
{
    wh_json_name(json, name);
    wh_json_time(json, us);
}

void
wh_snapshot_json_named(struct wh_json *json, const char *name, const struct wh_named_list *list)
{
    wh_json_name(json, name);
    wh_json_open_object(json);
    for (size_t i = 0; i < list->count; i++) {
        wh_json_name_str(json, list->items[i].name);
        wh_json_value(json, list->items[i].value);
    }
    wh_json_close_object(json);
}

void
wh_snapshot_json_texts(struct wh_json *json, const char *name, const struct wh_str *texts,
                       size_t count)
{
    wh_json_name(json, name);
    wh_json_open_list(json);
    for (size_t i = 0; i < count; i++) {
        wh_json_str(json, texts[i]);
    }
    wh_json_close_list(json);
}

void
wh_snapshot_json_who(struct wh_json *json, const struct wh_snapshot *snapshot)
{
    if (snapshot->is_company) {
        wh_snapshot_json_str(json, "company_id", snapshot->lead_id);
        return;
    }
    wh_snapshot_json_str(json, "lead_id", snapshot->lead_id);
    wh_snapshot_json_texts(json, "also", snapshot->also, snapshot->also_count);
}

static void
write_company(struct wh_json *json, const struct wh_contact *contact)
{
    wh_json_name(json, "company");
    wh_json_open_object(json);
    wh_snapshot_json_str(json, "domain", contact->company);
    wh_snapshot_json_str_or_null(json, "name", contact->name);
    wh_json_close_object(json);
}

void
wh_snapshot_json_contact(struct wh_json *json, const struct wh_snapshot *snapshot)
{
    const struct wh_contact *contact = &snapshot->contact;
    if (snapshot->is_company) {
        write_company(json, contact);
        return;
    }
    wh_json_name(json, "contact");
    wh_json_open_object(json);
    wh_snapshot_json_str_or_null(json, "email", contact->email);
    wh_snapshot_json_str_or_null(json, "name", contact->name);
    wh_snapshot_json_str_or_null(json, "role", contact->role);
    wh_snapshot_json_str_or_null(json, "phone", contact->phone);
    wh_snapshot_json_str_or_null(json, "crm", contact->crm);
    wh_snapshot_json_str_or_null(json, "company", contact->company);
    wh_snapshot_json_str_or_null(json, "country", contact->country);
    wh_snapshot_json_named(json, "consent", &contact->consent);
    wh_json_close_object(json);
}

void
wh_snapshot_json_standing(struct wh_json *json, const struct wh_snapshot *snapshot)
{
    wh_json_name(json, "scores");
    wh_json_open_object(json);
    for (size_t i = 0; i < snapshot->score_count; i++) {
        wh_json_name_str(json, snapshot->scores[i].name);
        wh_json_decimal(json, snapshot->scores[i].value);
    }
    wh_json_close_object(json);
    if (snapshot->has_grade) {
        wh_snapshot_json_str_or_null(json, "grade", snapshot->grade);
    }
    wh_json_name(json, "labels");
    wh_json_open_object(json);
    for (size_t i = 0; i < snapshot->label_count; i++) {
        wh_json_name_str(json, snapshot->labels[i].name);
        wh_json_str_or_null(json, snapshot->labels[i].value);
    }
    wh_json_close_object(json);
    if (snapshot->has_stage) {
        wh_snapshot_json_str_or_null(json, "stage", snapshot->stage);
    }
    wh_snapshot_json_texts(json, "segments", snapshot->segments, snapshot->segment_count);
}

/* The member that holds an entry's name says what kind of entry it is. */
static const char *
entry_member(enum wh_entry_kind kind)
{
    switch (kind) {
    case WH_ENTRY_RULE:
        return "rule";
    case WH_ENTRY_TERM:
        return "term";
    case WH_ENTRY_RULE_LIMIT:
        return "rule_limit";
    case WH_ENTRY_GROUP_LIMIT:
        return "group_limit";
    case WH_ENTRY_SCORE_LIMIT:
        return "score_limit";
    }
    return "?";
}

static void
write_entry(struct wh_json *json, struct wh_str score, const struct wh_entry *entry)
{
    wh_json_open_object(json);
    wh_snapshot_json_str(json, "score", score);
    wh_snapshot_json_str(json, entry_member(entry->kind), entry->name);
    wh_json_name(json, "points");
    wh_json_decimal(json, entry->points);
    if (entry->touches > 0) {
        wh_json_name(json, "touches");
        wh_json_int(json, entry->touches);
    }
    if (entry->last_at != WH_TIME_MIN) {
        wh_snapshot_json_time(json, "last_at", entry->last_at);
    }
    wh_json_close_object(json);
}

void
wh_snapshot_json_points(struct wh_json *json, const struct wh_snapshot *snapshot)
{
    wh_json_name(json, "points");
    wh_json_open_list(json);
    for (size_t i = 0; i < snapshot->score_count; i++) {
        const struct wh_score_story *score = &snapshot->scores[i];
        for (size_t entry = 0; entry < score->entry_count; entry++) {
            write_entry(json, score->name, &score->entries[entry]);
        }
    }
    wh_json_close_list(json);
}

void
wh_snapshot_json_fit(struct wh_json *json, const struct wh_snapshot *snapshot)
{
    wh_json_name(json, "fit");
    wh_json_open_list(json);
    for (size_t i = 0; i < snapshot->criterion_count; i++) {
        const struct wh_criterion_story *criterion = &snapshot->criteria[i];
        wh_json_open_object(json);
        wh_snapshot_json_str(json, "criterion", criterion->name);
        wh_snapshot_json_str(json, "state", wh_str_of(wh_match_str(criterion->match)));
        wh_json_name(json, "thirds");
        wh_json_int(json, criterion->thirds);
        wh_json_close_object(json);
    }
    wh_json_close_list(json);
}

static void
write_campaign(struct wh_json *json, const char *name, const struct wh_campaign_touch *touch)
{
    wh_json_name(json, name);
    if (!touch->known) {
        wh_json_null(json);
        return;
    }
    wh_json_open_object(json);
    wh_snapshot_json_str_or_null(json, "campaign", touch->campaign);
    wh_snapshot_json_str_or_null(json, "channel", touch->channel);
    wh_snapshot_json_time(json, "at", touch->at);
    wh_json_close_object(json);
}

void
wh_snapshot_json_origin(struct wh_json *json, const struct wh_snapshot *snapshot)
{
    write_campaign(json, "first_touch", &snapshot->first);
    write_campaign(json, "last_touch", &snapshot->last);
    wh_snapshot_json_model(json, snapshot);
}

void
wh_snapshot_json_model(struct wh_json *json, const struct wh_snapshot *snapshot)
{
    wh_json_name(json, "model");
    wh_json_open_object(json);
    wh_snapshot_json_str(json, "name", snapshot->model_name);
    wh_snapshot_json_str(json, "hash", snapshot->model_hash);
    wh_json_close_object(json);
    if (snapshot->is_shadow) {
        wh_json_name(json, "shadow");
        wh_json_bool(json, true);
    }
}
