#include "engine/commands/event_read.h"

#include <yyjson.h>

#include "engine/base/decimal.h"
#include "engine/base/time.h"
#include "engine/model/key.h"

struct reader {
    struct wh_arena *arena;
    yyjson_val *root;
};

static struct wh_str
text(struct reader *reader, yyjson_val *value)
{
    struct wh_str found = {yyjson_get_str(value), yyjson_get_len(value)};
    return found.ptr == NULL ? (struct wh_str){NULL, 0} : wh_arena_str(reader->arena, found);
}

static struct wh_str
member(struct reader *reader, yyjson_val *object, const char *name)
{
    return text(reader, yyjson_obj_get(object, name));
}

static int64_t
time_of(struct reader *reader, yyjson_val *object, const char *name)
{
    int64_t us = WH_TIME_MIN;
    bool has_zone = false;
    (void)!wh_time_parse(member(reader, object, name), &us, &has_zone); /* as we wrote it */
    return us;
}

/* Numbers are read as their digits: no decimal passes through floating point. */
static int64_t
decimal(yyjson_val *value)
{
    int64_t thousandths = 0;
    struct wh_str digits = {yyjson_get_raw(value), yyjson_get_len(value)};
    (void)!wh_decimal_parse(digits.ptr == NULL ? WH_STR("0") : digits, &thousandths);
    return thousandths;
}

static uint32_t
count_of(yyjson_val *object, const char *name)
{
    return (uint32_t)(decimal(yyjson_obj_get(object, name)) / WH_DECIMAL_ONE);
}

static struct wh_value
value_of(struct reader *reader, yyjson_val *value)
{
    if (yyjson_is_bool(value)) {
        return wh_value_bool(yyjson_get_bool(value));
    }
    if (yyjson_is_raw(value)) {
        return wh_value_of(WH_TYPE_NUMBER, decimal(value));
    }
    if (yyjson_is_str(value)) {
        return wh_value_string(text(reader, value));
    }
    if (!yyjson_is_arr(value)) {
        return WH_UNKNOWN;
    }
    size_t count = yyjson_arr_size(value);
    struct wh_value_list *list = WH_ARENA_NEW(reader->arena, struct wh_value_list);
    struct wh_value *items = WH_ARENA_ARRAY(reader->arena, struct wh_value, count);
    for (size_t i = 0; i < count; i++) {
        yyjson_val *item = yyjson_arr_get(value, i);
        items[i] = yyjson_is_arr(item) ? WH_UNKNOWN : value_of(reader, item); /* no lists in it */
    }
    *list = (struct wh_value_list){items, count};
    return (struct wh_value){.type = WH_TYPE_LIST, .list = list};
}

static struct wh_named_list
named_list(struct reader *reader, yyjson_val *object)
{
    size_t count = yyjson_obj_size(object);
    struct wh_named *items = WH_ARENA_ARRAY(reader->arena, struct wh_named, count);
    size_t i = 0;
    yyjson_obj_iter iter = yyjson_obj_iter_with(object);
    for (yyjson_val *key = yyjson_obj_iter_next(&iter); key != NULL;
         key = yyjson_obj_iter_next(&iter)) {
        items[i].name = text(reader, key);
        items[i++].value = value_of(reader, yyjson_obj_iter_get_val(key));
    }
    return (struct wh_named_list){items, count};
}

static void
read_contact(struct reader *reader, struct wh_contact *contact)
{
    yyjson_val *object = yyjson_obj_get(reader->root, "contact");
    contact->email = member(reader, object, "email");
    contact->name = member(reader, object, "name");
    contact->role = member(reader, object, "role");
    contact->phone = member(reader, object, "phone");
    contact->crm = member(reader, object, "crm");
    contact->company = member(reader, object, "company");
    contact->country = member(reader, object, "country");
    contact->consent = named_list(reader, yyjson_obj_get(object, "consent"));
}

static void
read_company(struct reader *reader, struct wh_snapshot *snapshot)
{
    yyjson_val *object = yyjson_obj_get(reader->root, "company");
    if (snapshot->is_company) {
        snapshot->contact.company = member(reader, object, "domain");
        snapshot->contact.name = member(reader, object, "name");
    }
}

/* The member that holds the name says what kind of entry it is. */
static struct wh_entry
entry_of(struct reader *reader, yyjson_val *item)
{
    static const struct {
        const char *member;
        enum wh_entry_kind kind;
    } kinds[] = {
        {"rule", WH_ENTRY_RULE},
        {"term", WH_ENTRY_TERM},
        {"rule_limit", WH_ENTRY_RULE_LIMIT},
        {"group_limit", WH_ENTRY_GROUP_LIMIT},
        {"score_limit", WH_ENTRY_SCORE_LIMIT},
    };
    struct wh_entry entry = {.kind = WH_ENTRY_SCORE_LIMIT};
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]) && entry.name.len == 0; i++) {
        entry.name = member(reader, item, kinds[i].member);
        entry.kind = kinds[i].kind;
    }
    entry.points = decimal(yyjson_obj_get(item, "points"));
    entry.touches = count_of(item, "touches");
    entry.last_at = time_of(reader, item, "last_at");
    return entry;
}

static void
read_entries(struct reader *reader, struct wh_score_story *score)
{
    yyjson_val *points = yyjson_obj_get(yyjson_obj_get(reader->root, "why"), "points");
    struct wh_entry *entries =
        WH_ARENA_ARRAY(reader->arena, struct wh_entry, yyjson_arr_size(points));
    yyjson_arr_iter iter = yyjson_arr_iter_with(points);
    for (yyjson_val *item = yyjson_arr_iter_next(&iter); item != NULL;
         item = yyjson_arr_iter_next(&iter)) {
        if (yyjson_equals_strn(yyjson_obj_get(item, "score"), score->name.ptr, score->name.len)) {
            entries[score->entry_count++] = entry_of(reader, item);
        }
    }
    score->entries = entries;
}

static void
read_scores(struct reader *reader, struct wh_snapshot *snapshot)
{
    yyjson_val *object = yyjson_obj_get(reader->root, "scores");
    struct wh_score_story *scores =
        WH_ARENA_ARRAY(reader->arena, struct wh_score_story, yyjson_obj_size(object));
    yyjson_obj_iter iter = yyjson_obj_iter_with(object);
    for (yyjson_val *key = yyjson_obj_iter_next(&iter); key != NULL;
         key = yyjson_obj_iter_next(&iter)) {
        struct wh_score_story *score = &scores[snapshot->score_count++];
        score->name = text(reader, key);
        score->value = decimal(yyjson_obj_iter_get_val(key));
        read_entries(reader, score);
    }
    snapshot->scores = scores;
}

static enum wh_match
match_of(struct wh_str text)
{
    enum wh_match match = WH_MATCH_UNKNOWN;
    match = wh_str_is(text, wh_match_str(WH_MATCH)) ? WH_MATCH : match;
    return wh_str_is(text, wh_match_str(WH_MISMATCH)) ? WH_MISMATCH : match;
}

static void
read_fit(struct reader *reader, struct wh_snapshot *snapshot)
{
    yyjson_val *fit = yyjson_obj_get(yyjson_obj_get(reader->root, "why"), "fit");
    struct wh_criterion_story *criteria =
        WH_ARENA_ARRAY(reader->arena, struct wh_criterion_story, yyjson_arr_size(fit));
    yyjson_arr_iter iter = yyjson_arr_iter_with(fit);
    for (yyjson_val *item = yyjson_arr_iter_next(&iter); item != NULL;
         item = yyjson_arr_iter_next(&iter)) {
        criteria[snapshot->criterion_count++] = (struct wh_criterion_story){
            .name = member(reader, item, "criterion"),
            .match = match_of(member(reader, item, "state")),
            .thirds = (int32_t)(decimal(yyjson_obj_get(item, "thirds")) / WH_DECIMAL_ONE),
        };
    }
    snapshot->criteria = criteria;
}

/* An event names its lead by the id alone; a person reads an identifier more easily. */
static struct wh_str
key_of(struct reader *reader, const struct wh_snapshot *snapshot)
{
    const struct wh_key keys[] = {{WH_KEY_CRM, snapshot->contact.crm},
                                  {WH_KEY_EMAIL, snapshot->contact.email},
                                  {WH_KEY_PHONE, snapshot->contact.phone}};
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        if (keys[i].value.len > 0) {
            return wh_key_text(reader->arena, keys[i]);
        }
    }
    struct wh_key company = {WH_KEY_COMPANY, snapshot->contact.company};
    return snapshot->is_company ? wh_key_text(reader->arena, company) : snapshot->lead_id;
}

static const struct wh_snapshot *
read_snapshot(struct reader *reader)
{
    struct wh_snapshot *snapshot = WH_ARENA_NEW(reader->arena, struct wh_snapshot);
    snapshot->lead_id = member(reader, reader->root, "lead_id");
    if (snapshot->lead_id.len == 0) {
        snapshot->is_company = true;
        snapshot->lead_id = member(reader, reader->root, "company_id");
    }
    snapshot->life = time_of(reader, reader->root, "life");
    snapshot->grade = member(reader, reader->root, "grade");
    snapshot->has_grade = snapshot->grade.len > 0;
    snapshot->stage = member(reader, reader->root, "stage");
    snapshot->has_stage = snapshot->stage.len > 0;
    snapshot->model_hash = member(reader, yyjson_obj_get(reader->root, "model"), "hash");
    snapshot->is_shadow = yyjson_get_bool(yyjson_obj_get(reader->root, "shadow"));
    read_contact(reader, &snapshot->contact);
    read_company(reader, snapshot);
    snapshot->key = key_of(reader, snapshot);
    read_scores(reader, snapshot);
    read_fit(reader, snapshot);
    return snapshot;
}

struct wh_str
wh_event_read_word(struct wh_str type)
{
    size_t dot = 0;
    while (dot < type.len && type.ptr[dot] != '.') {
        dot++;
    }
    return dot + 1 < type.len ? wh_str_slice(type, dot + 1, type.len) : type;
}

enum wh_event_kind
wh_event_read_kind(struct wh_str type)
{
    struct wh_str word = wh_event_read_word(type);
    for (int kind = 0; kind < WH_EVENT_KIND_COUNT; kind++) {
        if (kind != WH_EVENT_FIRED &&
            wh_str_is(word, wh_event_kind_str((enum wh_event_kind)kind))) {
            return (enum wh_event_kind)kind;
        }
    }
    return WH_EVENT_FIRED;
}

static struct wh_str
name_of(struct reader *reader, const struct wh_event *event, struct wh_str type)
{
    struct wh_str name = member(reader, reader->root, "qualification");
    if (event->kind == WH_EVENT_FIRED) {
        return wh_event_read_word(type);
    }
    if (event->kind == WH_EVENT_NURTURE) {
        return member(reader, reader->root, "track");
    }
    return name.len > 0 ? name : member(reader, reader->root, "name");
}

static void
read_because(struct reader *reader, struct wh_event *event)
{
    yyjson_val *why = yyjson_obj_get(reader->root, "why");
    yyjson_val *because = yyjson_obj_get(why, "because");
    event->cause.touch = member(reader, because, "touch");
    event->cause.type = member(reader, because, "type");
    event->cause.at = time_of(reader, because, "at");
    event->cause.model = member(reader, because, "model");
    event->cause.is_due = event->cause.touch.len == 0 && event->cause.type.len == 0;
}

static void
read_route(struct reader *reader, struct wh_event *event)
{
    yyjson_val *route = yyjson_obj_get(reader->root, "route");
    event->route = (struct wh_route_choice){
        .chosen = yyjson_is_obj(route),
        .rule = member(reader, route, "rule"),
        .to = member(reader, route, "to"),
        .owner = member(reader, route, "owner"),
    };
}

/* An action is an object of one member, named by its kind. */
static void
read_step(struct reader *reader, struct wh_event *event)
{
    struct wh_named_list named = named_list(reader, yyjson_obj_get(reader->root, "action"));
    struct wh_action *action = WH_ARENA_NEW(reader->arena, struct wh_action);
    event->step = member(reader, reader->root, "step");
    for (int kind = 0; named.count > 0 && kind <= WH_ACTION_ASK; kind++) {
        if (wh_str_is(named.items[0].name, wh_action_kind_str((enum wh_action_kind)kind))) {
            *action =
                (struct wh_action){(enum wh_action_kind)kind, {.value = named.items[0].value}};
            event->actions = action;
            event->action_count = 1;
        }
    }
}

static void
read_event(struct reader *reader, struct wh_event *event)
{
    struct wh_str type = member(reader, reader->root, "type");
    event->kind = wh_event_read_kind(type);
    event->name = name_of(reader, event, type);
    event->from = member(reader, reader->root, "from");
    event->to = member(reader, reader->root, "to");
    event->reason = member(reader, reader->root, "reason");
    event->note = member(reader, reader->root, "note");
    event->number = count_of(reader->root, "episode");
    event->occurred = time_of(reader, reader->root, "occurred_at");
    event->received = time_of(reader, reader->root, "received_at");
    event->decided = time_of(reader, reader->root, "decided_at");
    event->late = yyjson_get_bool(yyjson_obj_get(reader->root, "late"));
    event->with = named_list(reader, yyjson_obj_get(reader->root, "with"));
    if (event->kind == WH_EVENT_NURTURE) {
        read_step(reader, event);
    }
    read_because(reader, event);
    read_route(reader, event);
    event->snapshot = read_snapshot(reader);
}

bool
wh_event_read(struct wh_arena *arena, struct wh_str json, struct wh_event *ret_event)
{
    yyjson_doc *doc = yyjson_read(json.ptr, json.len, YYJSON_READ_NUMBER_AS_RAW);
    struct reader reader = {arena, yyjson_doc_get_root(doc)};
    bool is_event = yyjson_is_obj(reader.root);
    *ret_event = (struct wh_event){.kind = WH_EVENT_FIRED};
    if (is_event) {
        read_event(&reader, ret_event);
    }
    yyjson_doc_free(doc);
    return is_event;
}
