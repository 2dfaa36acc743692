/* Lead events back from protobuf: what a state keeps of one that waits for its route, and what was
 * published in that form. */
#include "engine/base/time.h"
#include "engine/base/utf8.h"
#include "proto/event_kind.h"
#include "proto/event_protobuf.h"
#include "proto/protobuf_arena.h"
#include "proto/record_parts.h"

/* Fills memory of the arena; the first thing that is damaged says so. */
struct reading {
    struct wh_arena *arena;
    bool is_bad;
};

static struct wh_str
take_text(struct reading *reading, const char *text)
{
    struct wh_str taken = wh_arena_str(reading->arena, wh_str_of(text));
    reading->is_bad = reading->is_bad || !wh_utf8_is_valid(taken);
    return taken;
}

static int64_t
take_time(struct reading *reading, int64_t us)
{
    reading->is_bad = reading->is_bad || !wh_part_is_time(us);
    return us;
}

static struct wh_str *
take_texts(struct reading *reading, char *const *from, size_t count)
{
    struct wh_str *texts = WH_ARENA_ARRAY(reading->arena, struct wh_str, count);
    for (size_t i = 0; i < count; i++) {
        texts[i] = take_text(reading, from[i]);
    }
    return texts;
}

static struct wh_value
take_scalar(struct reading *reading, const Waterhole__EventValue *message)
{
    if (message == NULL) {
        return WH_UNKNOWN;
    }
    switch (message->is_case) {
    case WATERHOLE__EVENT_VALUE__IS_TEXT:
        return wh_value_string(take_text(reading, message->text));
    case WATERHOLE__EVENT_VALUE__IS_THOUSANDTHS:
        return wh_value_of(WH_TYPE_NUMBER, message->thousandths);
    case WATERHOLE__EVENT_VALUE__IS_TRUTH:
        return wh_value_bool(message->truth);
    case WATERHOLE__EVENT_VALUE__IS_TIME:
        return wh_value_of(WH_TYPE_TIME, take_time(reading, message->time));
    case WATERHOLE__EVENT_VALUE__IS_DURATION:
        return wh_value_of(WH_TYPE_DURATION, message->duration);
    case WATERHOLE__EVENT_VALUE__IS_LIST:
    case WATERHOLE__EVENT_VALUE__IS__NOT_SET:
    case _WATERHOLE__EVENT_VALUE__IS__CASE_IS_INT_SIZE:
        break;
    }
    return WH_UNKNOWN;
}

static struct wh_value
take_value(struct reading *reading, const Waterhole__EventValue *message)
{
    if (message == NULL || message->is_case != WATERHOLE__EVENT_VALUE__IS_LIST) {
        return take_scalar(reading, message);
    }
    size_t count = message->list->n_items;
    struct wh_value *items = WH_ARENA_ARRAY(reading->arena, struct wh_value, count);
    struct wh_value_list *list = WH_ARENA_NEW(reading->arena, struct wh_value_list);
    for (size_t i = 0; i < count; i++) {
        items[i] = take_scalar(reading, message->list->items[i]);
    }
    *list = (struct wh_value_list){items, count};
    return (struct wh_value){.type = WH_TYPE_LIST, .list = list};
}

static void
take_contact(struct reading *reading, const Waterhole__Contact *message,
             struct wh_contact *ret_contact)
{
    if (message == NULL) {
        return;
    }
    struct wh_named *consent = WH_ARENA_ARRAY(reading->arena, struct wh_named, message->n_consent);
    for (size_t i = 0; i < message->n_consent; i++) {
        consent[i].name = take_text(reading, message->consent[i]->key);
        consent[i].value = take_scalar(reading, message->consent[i]->value);
    }
    *ret_contact = (struct wh_contact){
        .email = take_text(reading, message->email),
        .name = take_text(reading, message->name),
        .role = take_text(reading, message->role),
        .phone = take_text(reading, message->phone),
        .crm = take_text(reading, message->crm),
        .company = take_text(reading, message->company),
        .country = take_text(reading, message->country),
        .consent = {consent, message->n_consent},
    };
}

static struct wh_entry
take_entry(struct reading *reading, const Waterhole__Points *message)
{
    struct wh_entry entry = {
        .points = message->points,
        .touches = message->touches,
        .last_at = message->has_last_at ? take_time(reading, message->last_at) : WH_TIME_MIN,
    };
    const char *name = NULL;
    switch (message->of_case) {
    case WATERHOLE__POINTS__OF_RULE:
        entry.kind = WH_ENTRY_RULE;
        name = message->rule;
        break;
    case WATERHOLE__POINTS__OF_TERM:
        entry.kind = WH_ENTRY_TERM;
        name = message->term;
        break;
    case WATERHOLE__POINTS__OF_RULE_LIMIT:
        entry.kind = WH_ENTRY_RULE_LIMIT;
        name = message->rule_limit;
        break;
    case WATERHOLE__POINTS__OF_GROUP_LIMIT:
        entry.kind = WH_ENTRY_GROUP_LIMIT;
        name = message->group_limit;
        break;
    case WATERHOLE__POINTS__OF_SCORE_LIMIT:
        entry.kind = WH_ENTRY_SCORE_LIMIT;
        name = message->score_limit;
        break;
    case WATERHOLE__POINTS__OF__NOT_SET:
    case _WATERHOLE__POINTS__OF__CASE_IS_INT_SIZE:
        reading->is_bad = true;
        break;
    }
    entry.name = take_text(reading, name);
    return entry;
}

/* Entries stand score by score, in the order of the scores. */
static void
take_entries(struct reading *reading, const Waterhole__Why *why, struct wh_score_story *scores,
             size_t score_count)
{
    size_t next = 0;
    for (size_t i = 0; i < score_count; i++) {
        size_t first = next;
        while (next < why->n_points && why->points[next]->score != NULL &&
               wh_str_is(scores[i].name, why->points[next]->score)) {
            next++;
        }
        struct wh_entry *entries = WH_ARENA_ARRAY(reading->arena, struct wh_entry, next - first);
        for (size_t k = first; k < next; k++) {
            entries[k - first] = take_entry(reading, why->points[k]);
        }
        scores[i].entries = entries;
        scores[i].entry_count = next - first;
    }
    reading->is_bad = reading->is_bad || next != why->n_points;
}

static void
take_criteria(struct reading *reading, const Waterhole__Why *why, struct wh_snapshot *snapshot)
{
    struct wh_criterion_story *criteria =
        WH_ARENA_ARRAY(reading->arena, struct wh_criterion_story, why->n_fit);
    for (size_t i = 0; i < why->n_fit; i++) {
        struct wh_str state = take_text(reading, why->fit[i]->state);
        int match = WH_MATCH;
        while (match < WH_MATCH_UNKNOWN && !wh_str_is(state, wh_match_str((enum wh_match)match))) {
            match++;
        }
        criteria[i] = (struct wh_criterion_story){
            .name = take_text(reading, why->fit[i]->criterion),
            .match = (enum wh_match)match,
            .thirds = why->fit[i]->thirds,
        };
    }
    snapshot->criteria = criteria;
    snapshot->criterion_count = why->n_fit;
}

static void
take_standing(struct reading *reading, const Waterhole__LeadEvent *message,
              struct wh_snapshot *snapshot)
{
    struct wh_score_story *scores =
        WH_ARENA_ARRAY(reading->arena, struct wh_score_story, message->n_scores);
    struct wh_label_story *labels =
        WH_ARENA_ARRAY(reading->arena, struct wh_label_story, message->n_labels);
    for (size_t i = 0; i < message->n_scores; i++) {
        scores[i].name = take_text(reading, message->scores[i]->key);
        scores[i].value = message->scores[i]->value;
    }
    for (size_t i = 0; i < message->n_labels; i++) {
        labels[i].name = take_text(reading, message->labels[i]->key);
        labels[i].value = take_text(reading, message->labels[i]->value);
    }
    take_entries(reading, message->why, scores, message->n_scores);
    take_criteria(reading, message->why, snapshot);
    snapshot->scores = scores;
    snapshot->score_count = message->n_scores;
    snapshot->labels = labels;
    snapshot->label_count = message->n_labels;
    snapshot->has_grade = message->grade != NULL;
    snapshot->grade = take_text(reading, message->grade);
    snapshot->has_stage = message->stage != NULL;
    snapshot->stage = take_text(reading, message->stage);
    snapshot->segments = take_texts(reading, message->segments, message->n_segments);
    snapshot->segment_count = message->n_segments;
}

static struct wh_campaign_touch
take_campaign(struct reading *reading, const Waterhole__CampaignTouch *message)
{
    if (message == NULL) {
        return (struct wh_campaign_touch){.known = false};
    }
    return (struct wh_campaign_touch){
        .known = true,
        .campaign = take_text(reading, message->campaign),
        .channel = take_text(reading, message->channel),
        .at = take_time(reading, message->at),
    };
}

static const struct wh_snapshot *
take_snapshot(struct reading *reading, const Waterhole__LeadEvent *message)
{
    struct wh_snapshot *snapshot = WH_ARENA_NEW(reading->arena, struct wh_snapshot);
    bool is_company = message->company_id != NULL;
    *snapshot = (struct wh_snapshot){
        .at = take_time(reading, message->decided_at),
        .is_company = is_company,
        .lead_id = take_text(reading, is_company ? message->company_id : message->lead_id),
        .life = take_time(reading, message->life),
        .also = take_texts(reading, message->also, message->n_also),
        .also_count = message->n_also,
        .first = take_campaign(reading, message->first_touch),
        .last = take_campaign(reading, message->last_touch),
        .model_name = take_text(reading, message->model->name),
        .model_hash = take_text(reading, message->model->hash),
        .is_shadow = message->shadow,
    };
    take_contact(reading, message->contact, &snapshot->contact);
    if (is_company && message->company != NULL) {
        snapshot->contact.company = take_text(reading, message->company->domain);
        snapshot->contact.name = take_text(reading, message->company->name);
    }
    if (message->why != NULL) {
        take_standing(reading, message, snapshot);
    }
    return snapshot;
}

static void
take_actions(struct reading *reading, Waterhole__Action *const *from_actions, size_t count,
             struct wh_event *event)
{
    struct wh_action *actions = WH_ARENA_ARRAY(reading->arena, struct wh_action, count);
    for (size_t i = 0; i < count; i++) {
        const Waterhole__Action *from = from_actions[i];
        int kind = WH_ACTION_SET;
        while (kind < WH_ACTION_ASK &&
               strcmp(wh_action_kind_str((enum wh_action_kind)kind), from->action) != 0) {
            kind++;
        }
        actions[i].kind = (enum wh_action_kind)kind;
        actions[i].what.name = take_text(reading, from->name);
        actions[i].what.value = take_value(reading, from->value);
    }
    event->actions = actions;
    event->action_count = count;
}

static struct wh_named_list
take_with(struct reading *reading, const Waterhole__LeadEvent *message)
{
    struct wh_named *with = WH_ARENA_ARRAY(reading->arena, struct wh_named, message->n_with);
    for (size_t i = 0; i < message->n_with; i++) {
        with[i].name = take_text(reading, message->with[i]->key);
        with[i].value = take_value(reading, message->with[i]->value);
    }
    return (struct wh_named_list){with, message->n_with};
}

static bool
has_all_parts(const Waterhole__LeadEvent *message)
{
    bool has_names = message->qualification != NULL && message->lead_id != NULL &&
                     message->model != NULL && message->why != NULL &&
                     message->why->because != NULL;
    for (size_t i = 0; has_names && i < message->n_actions; i++) {
        has_names = message->actions[i]->action != NULL;
    }
    return has_names && message->type != NULL && strcmp(message->type, "lead.qualified") == 0;
}

bool
wh_event_protobuf_read(struct wh_arena *arena, const Waterhole__LeadEvent *message,
                       struct wh_event *ret_event)
{
    struct reading reading = {.arena = arena};
    if (!has_all_parts(message)) {
        return false;
    }
    const Waterhole__Cause *because = message->why->because;
    *ret_event = (struct wh_event){
        .kind = WH_EVENT_QUALIFIED,
        .name = take_text(&reading, message->qualification),
        .number = message->episode,
        .occurred = take_time(&reading, message->occurred_at),
        .received = take_time(&reading, message->received_at),
        .decided = take_time(&reading, message->decided_at),
        .late = message->late,
        .cause = {because->touch == NULL, take_text(&reading, because->touch),
                  take_text(&reading, because->type), take_time(&reading, because->at),
                  take_text(&reading, because->model)},
        .note = take_text(&reading, message->note),
        .with = take_with(&reading, message),
        .snapshot = take_snapshot(&reading, message),
    };
    if (message->route != NULL) {
        ret_event->route = (struct wh_route_choice){
            .chosen = true,
            .rule = take_text(&reading, message->route->rule),
            .to = take_text(&reading, message->route->to),
            .owner = take_text(&reading, message->route->owner),
        };
    }
    take_actions(&reading, message->actions, message->n_actions, ret_event);
    return !reading.is_bad;
}

/* The parts of an event's id behind the lead and its life: NAME/NUMBER/WORD, where the number may
 * be a key with slashes of its own. */
struct parts {
    struct wh_str name, number, word;
};

static bool
take_parts(struct wh_str id, struct parts *ret_parts)
{
    size_t slashes[3] = {0};
    size_t count = 0;
    size_t last = 0;
    for (size_t i = 0; i < id.len; i++) {
        if (id.ptr[i] == '/') {
            last = i;
            slashes[count < 3 ? count : 2] = count < 3 ? i : slashes[2];
            count++;
        }
    }
    if (count < 4) {
        return false;
    }
    *ret_parts = (struct parts){
        .name = wh_str_slice(id, slashes[1] + 1, slashes[2]),
        .number = wh_str_slice(id, slashes[2] + 1, last),
        .word = wh_str_slice(id, last + 1, id.len),
    };
    return true;
}

static uint32_t
number_of(struct wh_str text)
{
    uint32_t number = 0;
    for (size_t i = 0; i < text.len && text.ptr[i] >= '0' && text.ptr[i] <= '9'; i++) {
        number = 10 * number + (uint32_t)(text.ptr[i] - '0');
    }
    return number;
}

/* What the id says of it. */
static void
take_id(struct reading *reading, const Waterhole__LeadEvent *message, struct wh_event *event)
{
    struct parts parts;
    int kind = 0;
    if (!take_parts(take_text(reading, message->id), &parts)) {
        reading->is_bad = true;
        return;
    }
    while (kind < WH_EVENT_KIND_COUNT &&
           !wh_str_is(parts.word, wh_event_kind_str((enum wh_event_kind)kind))) {
        kind++;
    }
    reading->is_bad = reading->is_bad || kind == WH_EVENT_KIND_COUNT;
    event->kind = (enum wh_event_kind)(kind < WH_EVENT_KIND_COUNT ? kind : 0);
    bool is_nameless = wh_event_is_of_identity(event) || event->kind == WH_EVENT_UPDATED;
    event->name = is_nameless ? (struct wh_str){NULL, 0} : parts.name;
    event->key = event->kind == WH_EVENT_FIRED ? parts.number : (struct wh_str){NULL, 0};
    event->number = event->kind == WH_EVENT_FIRED ? 0 : number_of(parts.number);
}

static void
take_decision(struct reading *reading, const Waterhole__LeadEvent *message, struct wh_event *event)
{
    const Waterhole__Cause *because = message->why == NULL ? NULL : message->why->because;
    bool is_step = event->kind == WH_EVENT_NURTURE && message->action != NULL;
    if (because != NULL) {
        event->cause =
            (struct wh_cause){because->touch == NULL, take_text(reading, because->touch),
                              take_text(reading, because->type), take_time(reading, because->at),
                              take_text(reading, because->model)};
    }
    if (message->route != NULL) {
        event->route = (struct wh_route_choice){
            .chosen = true,
            .rule = take_text(reading, message->route->rule),
            .to = take_text(reading, message->route->to),
            .owner = take_text(reading, message->route->owner),
        };
    }
    take_actions(reading, is_step ? &message->action : message->actions,
                 is_step ? 1 : message->n_actions, event);
    reading->is_bad = reading->is_bad || (event->kind == WH_EVENT_NURTURE && !is_step);
    event->step = take_text(reading, message->step);
    event->note = take_text(reading, message->note);
    event->with = take_with(reading, message);
    event->from = take_text(reading, message->from);
    event->to = take_text(reading, message->to);
    event->touches = take_texts(reading, message->touches, message->n_touches);
    event->touch_count = message->n_touches;
}

static bool
has_parts_of_any(const Waterhole__LeadEvent *message)
{
    bool has_words = true;
    for (size_t i = 0; i < message->n_actions; i++) {
        has_words = has_words && message->actions[i]->action != NULL;
    }
    return has_words && (message->action == NULL || message->action->action != NULL) &&
           message->model != NULL && (message->lead_id != NULL || message->company_id != NULL);
}

bool
wh_event_protobuf_decode(struct wh_arena *arena, struct wh_str bytes, struct wh_event *ret_event)
{
    struct reading reading = {.arena = arena};
    const Waterhole__LeadEvent *message = (const Waterhole__LeadEvent *)wh_protobuf_unpack(
        arena, &waterhole__lead_event__descriptor, bytes);
    if (message == NULL || !has_parts_of_any(message)) {
        return false;
    }
    *ret_event = (struct wh_event){
        .reason = take_text(&reading, message->reason),
        .occurred = take_time(&reading, message->occurred_at),
        .received = take_time(&reading, message->received_at),
        .decided = take_time(&reading, message->decided_at),
        .late = message->late,
        .into = take_text(&reading, message->into),
        .since = message->has_since ? take_time(&reading, message->since) : WH_TIME_MIN,
        .shared = message->shared,
        .members = take_texts(&reading, message->erased, message->n_erased),
        .member_count = message->n_erased,
        .snapshot = take_snapshot(&reading, message),
    };
    take_id(&reading, message, ret_event);
    take_decision(&reading, message, ret_event);
    return !reading.is_bad;
}
