#include "proto/event_protobuf.h"

#include "engine/base/time.h"
#include "proto/event_kind.h"
#include "proto/protobuf_arena.h"

/* What is not known is absent. */
static char *
text_or_nothing(struct wh_arena *arena, struct wh_str text)
{
    return text.len == 0 ? NULL : wh_protobuf_text(arena, text);
}

static Waterhole__EventValue *
encode_scalar(struct wh_arena *arena, struct wh_value value)
{
    Waterhole__EventValue *message = WH_ARENA_NEW(arena, Waterhole__EventValue);
    waterhole__event_value__init(message);
    switch (value.type) {
    case WH_TYPE_STRING:
        message->is_case = WATERHOLE__EVENT_VALUE__IS_TEXT;
        message->text = wh_protobuf_text(arena, value.text);
        break;
    case WH_TYPE_NUMBER:
        message->is_case = WATERHOLE__EVENT_VALUE__IS_THOUSANDTHS;
        message->thousandths = value.number;
        break;
    case WH_TYPE_BOOL:
        message->is_case = WATERHOLE__EVENT_VALUE__IS_TRUTH;
        message->truth = value.number != 0;
        break;
    case WH_TYPE_TIME:
        message->is_case = WATERHOLE__EVENT_VALUE__IS_TIME;
        message->time = value.number;
        break;
    case WH_TYPE_DURATION:
        message->is_case = WATERHOLE__EVENT_VALUE__IS_DURATION;
        message->duration = value.number;
        break;
    case WH_TYPE_LABEL: /* leaves by name */
    case WH_TYPE_LIST:
    case WH_TYPE_UNKNOWN:
        break;
    }
    return message;
}

static Waterhole__EventValue *
encode_value(struct wh_arena *arena, struct wh_value value)
{
    Waterhole__EventValue *message = encode_scalar(arena, value);
    if (value.type != WH_TYPE_LIST) {
        return message;
    }
    Waterhole__EventValues *list = WH_ARENA_NEW(arena, Waterhole__EventValues);
    waterhole__event_values__init(list);
    list->n_items = value.list->count;
    list->items = WH_ARENA_ARRAY(arena, Waterhole__EventValue *, value.list->count);
    for (size_t i = 0; i < value.list->count; i++) {
        list->items[i] = encode_scalar(arena, value.list->items[i]);
    }
    message->is_case = WATERHOLE__EVENT_VALUE__IS_LIST;
    message->list = list;
    return message;
}

static char **
encode_texts(struct wh_arena *arena, const struct wh_str *texts, size_t count)
{
    char **copies = WH_ARENA_ARRAY(arena, char *, count);
    for (size_t i = 0; i < count; i++) {
        copies[i] = wh_protobuf_text(arena, texts[i]);
    }
    return copies;
}

static Waterhole__Contact *
encode_contact(struct wh_arena *arena, const struct wh_contact *contact)
{
    Waterhole__Contact *message = WH_ARENA_NEW(arena, Waterhole__Contact);
    waterhole__contact__init(message);
    message->email = text_or_nothing(arena, contact->email);
    message->name = text_or_nothing(arena, contact->name);
    message->role = text_or_nothing(arena, contact->role);
    message->phone = text_or_nothing(arena, contact->phone);
    message->crm = text_or_nothing(arena, contact->crm);
    message->company = text_or_nothing(arena, contact->company);
    message->country = text_or_nothing(arena, contact->country);
    size_t count = contact->consent.count;
    message->n_consent = count;
    message->consent = WH_ARENA_ARRAY(arena, Waterhole__Contact__ConsentEntry *, count);
    for (size_t i = 0; i < count; i++) {
        Waterhole__Contact__ConsentEntry *entry =
            WH_ARENA_NEW(arena, Waterhole__Contact__ConsentEntry);
        waterhole__contact__consent_entry__init(entry);
        entry->key = wh_protobuf_text(arena, contact->consent.items[i].name);
        entry->value = encode_scalar(arena, contact->consent.items[i].value);
        message->consent[i] = entry;
    }
    return message;
}

static void
encode_scores(struct wh_arena *arena, const struct wh_snapshot *snapshot,
              Waterhole__LeadEvent *message)
{
    message->n_scores = snapshot->score_count;
    message->scores =
        WH_ARENA_ARRAY(arena, Waterhole__LeadEvent__ScoresEntry *, snapshot->score_count);
    for (size_t i = 0; i < snapshot->score_count; i++) {
        Waterhole__LeadEvent__ScoresEntry *entry =
            WH_ARENA_NEW(arena, Waterhole__LeadEvent__ScoresEntry);
        waterhole__lead_event__scores_entry__init(entry);
        entry->key = wh_protobuf_text(arena, snapshot->scores[i].name);
        entry->has_value = true;
        entry->value = snapshot->scores[i].value;
        message->scores[i] = entry;
    }
}

static void
encode_labels(struct wh_arena *arena, const struct wh_snapshot *snapshot,
              Waterhole__LeadEvent *message)
{
    message->n_labels = snapshot->label_count;
    message->labels =
        WH_ARENA_ARRAY(arena, Waterhole__LeadEvent__LabelsEntry *, snapshot->label_count);
    for (size_t i = 0; i < snapshot->label_count; i++) {
        Waterhole__LeadEvent__LabelsEntry *entry =
            WH_ARENA_NEW(arena, Waterhole__LeadEvent__LabelsEntry);
        waterhole__lead_event__labels_entry__init(entry);
        entry->key = wh_protobuf_text(arena, snapshot->labels[i].name);
        entry->value = wh_protobuf_text(arena, snapshot->labels[i].value);
        message->labels[i] = entry;
    }
}

static void
encode_standing(struct wh_arena *arena, const struct wh_snapshot *snapshot,
                Waterhole__LeadEvent *message)
{
    encode_scores(arena, snapshot, message);
    encode_labels(arena, snapshot, message);
    message->grade = snapshot->has_grade ? text_or_nothing(arena, snapshot->grade) : NULL;
    message->stage = snapshot->has_stage ? text_or_nothing(arena, snapshot->stage) : NULL;
    message->n_segments = snapshot->segment_count;
    message->segments = encode_texts(arena, snapshot->segments, snapshot->segment_count);
}

static void
set_entry_name(struct wh_arena *arena, const struct wh_entry *entry, Waterhole__Points *message)
{
    char *name = wh_protobuf_text(arena, entry->name);
    switch (entry->kind) {
    case WH_ENTRY_RULE:
        message->of_case = WATERHOLE__POINTS__OF_RULE;
        message->rule = name;
        break;
    case WH_ENTRY_TERM:
        message->of_case = WATERHOLE__POINTS__OF_TERM;
        message->term = name;
        break;
    case WH_ENTRY_RULE_LIMIT:
        message->of_case = WATERHOLE__POINTS__OF_RULE_LIMIT;
        message->rule_limit = name;
        break;
    case WH_ENTRY_GROUP_LIMIT:
        message->of_case = WATERHOLE__POINTS__OF_GROUP_LIMIT;
        message->group_limit = name;
        break;
    case WH_ENTRY_SCORE_LIMIT:
        message->of_case = WATERHOLE__POINTS__OF_SCORE_LIMIT;
        message->score_limit = name;
        break;
    }
}

static Waterhole__Points *
encode_entry(struct wh_arena *arena, struct wh_str score, const struct wh_entry *entry)
{
    Waterhole__Points *message = WH_ARENA_NEW(arena, Waterhole__Points);
    waterhole__points__init(message);
    message->score = wh_protobuf_text(arena, score);
    set_entry_name(arena, entry, message);
    message->has_points = true;
    message->points = entry->points;
    message->has_touches = entry->touches > 0;
    message->touches = entry->touches;
    message->has_last_at = entry->last_at != WH_TIME_MIN;
    message->last_at = entry->last_at;
    return message;
}

static void
encode_points(struct wh_arena *arena, const struct wh_snapshot *snapshot, Waterhole__Why *message)
{
    size_t count = 0;
    for (size_t i = 0; i < snapshot->score_count; i++) {
        count += snapshot->scores[i].entry_count;
    }
    message->points = WH_ARENA_ARRAY(arena, Waterhole__Points *, count);
    for (size_t i = 0; i < snapshot->score_count; i++) {
        const struct wh_score_story *score = &snapshot->scores[i];
        for (size_t entry = 0; entry < score->entry_count; entry++) {
            message->points[message->n_points++] =
                encode_entry(arena, score->name, &score->entries[entry]);
        }
    }
}

static Waterhole__Criterion *
encode_criterion(struct wh_arena *arena, const struct wh_criterion_story *criterion)
{
    Waterhole__Criterion *message = WH_ARENA_NEW(arena, Waterhole__Criterion);
    waterhole__criterion__init(message);
    message->criterion = wh_protobuf_text(arena, criterion->name);
    message->state = wh_protobuf_text(arena, wh_str_of(wh_match_str(criterion->match)));
    message->has_thirds = true;
    message->thirds = criterion->thirds;
    return message;
}

static Waterhole__Why *
encode_why(struct wh_arena *arena, const struct wh_event *event)
{
    const struct wh_snapshot *snapshot = event->snapshot;
    Waterhole__Why *message = WH_ARENA_NEW(arena, Waterhole__Why);
    waterhole__why__init(message);
    encode_points(arena, snapshot, message);
    message->n_fit = snapshot->criterion_count;
    message->fit = WH_ARENA_ARRAY(arena, Waterhole__Criterion *, snapshot->criterion_count);
    for (size_t i = 0; i < snapshot->criterion_count; i++) {
        message->fit[i] = encode_criterion(arena, &snapshot->criteria[i]);
    }
    message->because = WH_ARENA_NEW(arena, Waterhole__Cause);
    waterhole__cause__init(message->because);
    message->because->touch = text_or_nothing(arena, event->cause.touch);
    message->because->type = text_or_nothing(arena, event->cause.type);
    message->because->has_at = true;
    message->because->at = event->cause.at;
    message->because->model = text_or_nothing(arena, event->cause.model);
    return message;
}

static Waterhole__Route *
encode_route(struct wh_arena *arena, const struct wh_route_choice *route)
{
    if (!route->chosen) {
        return NULL;
    }
    Waterhole__Route *message = WH_ARENA_NEW(arena, Waterhole__Route);
    waterhole__route__init(message);
    message->rule = wh_protobuf_text(arena, route->rule);
    message->to = text_or_nothing(arena, route->to);
    message->owner = text_or_nothing(arena, route->owner);
    return message;
}

static Waterhole__CampaignTouch *
encode_campaign(struct wh_arena *arena, const struct wh_campaign_touch *touch)
{
    if (!touch->known) {
        return NULL;
    }
    Waterhole__CampaignTouch *message = WH_ARENA_NEW(arena, Waterhole__CampaignTouch);
    waterhole__campaign_touch__init(message);
    message->campaign = text_or_nothing(arena, touch->campaign);
    message->channel = text_or_nothing(arena, touch->channel);
    message->has_at = true;
    message->at = touch->at;
    return message;
}

static Waterhole__ModelName *
encode_model(struct wh_arena *arena, const struct wh_snapshot *snapshot)
{
    Waterhole__ModelName *message = WH_ARENA_NEW(arena, Waterhole__ModelName);
    waterhole__model_name__init(message);
    message->name = wh_protobuf_text(arena, snapshot->model_name);
    message->hash = wh_protobuf_text(arena, snapshot->model_hash);
    return message;
}

static void
encode_with(struct wh_arena *arena, const struct wh_named_list *with, Waterhole__LeadEvent *message)
{
    message->n_with = with->count;
    message->with = WH_ARENA_ARRAY(arena, Waterhole__LeadEvent__WithEntry *, with->count);
    for (size_t i = 0; i < with->count; i++) {
        Waterhole__LeadEvent__WithEntry *entry =
            WH_ARENA_NEW(arena, Waterhole__LeadEvent__WithEntry);
        waterhole__lead_event__with_entry__init(entry);
        entry->key = wh_protobuf_text(arena, with->items[i].name);
        entry->value = encode_value(arena, with->items[i].value);
        message->with[i] = entry;
    }
}

static Waterhole__Action *
encode_action(struct wh_arena *arena, const struct wh_action *action)
{
    Waterhole__Action *message = WH_ARENA_NEW(arena, Waterhole__Action);
    waterhole__action__init(message);
    message->action = wh_protobuf_text(arena, wh_str_of(wh_action_kind_str(action->kind)));
    message->name = text_or_nothing(arena, action->what.name);
    message->value = encode_value(arena, action->what.value);
    return message;
}

static void
encode_actions(struct wh_arena *arena, const struct wh_event *event, Waterhole__LeadEvent *message)
{
    if (event->kind == WH_EVENT_NURTURE) {
        message->track = wh_protobuf_text(arena, event->name);
        message->step = wh_protobuf_text(arena, event->step);
        message->action = encode_action(arena, event->actions);
        return;
    }
    message->n_actions = event->action_count;
    message->actions = WH_ARENA_ARRAY(arena, Waterhole__Action *, event->action_count);
    for (size_t i = 0; i < event->action_count; i++) {
        message->actions[i] = encode_action(arena, &event->actions[i]);
    }
}

static void
encode_sometimes(struct wh_arena *arena, const struct wh_event *event,
                 Waterhole__LeadEvent *message)
{
    message->reason = text_or_nothing(arena, event->reason);
    encode_with(arena, &event->with, message);
    encode_actions(arena, event, message);
    message->has_late = message->late = event->late;
    if (wh_event_has_name(event)) {
        message->name = text_or_nothing(arena, event->name);
        message->from = text_or_nothing(arena, event->from);
        message->to = text_or_nothing(arena, event->to);
    }
    message->n_touches = event->touch_count;
    message->touches = encode_texts(arena, event->touches, event->touch_count);
}

static void
encode_identity(struct wh_arena *arena, const struct wh_event *event, Waterhole__LeadEvent *message)
{
    struct wh_buf text;
    wh_buf_init(&text, arena);
    wh_event_id(&text, event);
    message->id = wh_protobuf_text(arena, wh_buf_str(&text));
    wh_buf_init(&text, arena);
    wh_event_type(&text, event);
    message->type = wh_protobuf_text(arena, wh_buf_str(&text));
    char *id = wh_protobuf_text(arena, event->snapshot->lead_id);
    message->lead_id = event->snapshot->is_company ? NULL : id;
    message->company_id = event->snapshot->is_company ? id : NULL;
    message->n_also = event->snapshot->also_count;
    message->also = encode_texts(arena, event->snapshot->also, event->snapshot->also_count);
    message->has_life = true;
    message->life = event->snapshot->life;
    if (wh_event_is_of_qualification(event)) {
        message->has_episode = true;
        message->episode = event->number;
        message->qualification = wh_protobuf_text(arena, event->name);
    }
}

static void
encode_hands(struct wh_arena *arena, const struct wh_event *event, Waterhole__LeadEvent *message)
{
    bool is_merged = event->kind == WH_EVENT_MERGED;
    message->reason = text_or_nothing(arena, event->reason);
    message->has_turn = event->kind != WH_EVENT_ERASED;
    message->turn = event->number;
    message->into = is_merged ? wh_protobuf_text(arena, event->into) : NULL;
    message->has_since = is_merged && event->since != WH_TIME_MIN;
    message->since = event->since;
    message->has_shared = is_merged;
    message->shared = event->shared;
    message->n_erased = event->member_count;
    message->erased = encode_texts(arena, event->members, event->member_count);
}

static Waterhole__Company *
encode_company(struct wh_arena *arena, const struct wh_contact *contact)
{
    Waterhole__Company *company = WH_ARENA_NEW(arena, Waterhole__Company);
    waterhole__company__init(company);
    company->domain = wh_protobuf_text(arena, contact->company);
    company->name = text_or_nothing(arena, contact->name);
    return company;
}

static void
encode_decision(struct wh_arena *arena, const struct wh_event *event, Waterhole__LeadEvent *message)
{
    const struct wh_snapshot *snapshot = event->snapshot;
    if (snapshot->is_company) {
        message->company = encode_company(arena, &snapshot->contact);
    } else {
        message->contact = encode_contact(arena, &snapshot->contact);
    }
    encode_standing(arena, snapshot, message);
    message->route = encode_route(arena, &event->route);
    message->note = text_or_nothing(arena, event->note);
    message->why = encode_why(arena, event);
    message->first_touch = encode_campaign(arena, &snapshot->first);
    message->last_touch = encode_campaign(arena, &snapshot->last);
    encode_sometimes(arena, event, message);
}

Waterhole__LeadEvent *
wh_event_protobuf_write(struct wh_arena *arena, const struct wh_event *event)
{
    Waterhole__LeadEvent *message = WH_ARENA_NEW(arena, Waterhole__LeadEvent);
    waterhole__lead_event__init(message);
    encode_identity(arena, event, message);
    if (wh_event_is_of_identity(event)) {
        encode_hands(arena, event, message);
    } else {
        encode_decision(arena, event, message);
    }
    message->model = encode_model(arena, event->snapshot);
    message->has_shadow = message->shadow = event->snapshot->is_shadow;
    message->has_occurred_at = message->has_received_at = message->has_decided_at = true;
    message->occurred_at = event->occurred;
    message->received_at = event->received;
    message->decided_at = event->decided;
    return message;
}

void
wh_event_protobuf_encode(struct wh_buf *buf, const struct wh_event *event)
{
    wh_protobuf_pack(buf, &wh_event_protobuf_write(buf->arena, event)->base);
}
