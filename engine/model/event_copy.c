/* A deep copy of an event with its snapshot: for one that leaves later than it was decided. */
#include "engine/model/effect.h"

static struct wh_value
copy_value(struct wh_arena *arena, struct wh_value value)
{
    value.text = wh_arena_str(arena, value.text);
    if (value.type != WH_TYPE_LIST) {
        return value;
    }
    struct wh_value *items = WH_ARENA_ARRAY(arena, struct wh_value, value.list->count);
    struct wh_value_list *list = WH_ARENA_NEW(arena, struct wh_value_list);
    for (size_t i = 0; i < value.list->count; i++) {
        items[i] = value.list->items[i]; /* lists hold no lists */
        items[i].text = wh_arena_str(arena, items[i].text);
    }
    *list = (struct wh_value_list){items, value.list->count};
    value.list = list;
    return value;
}

static struct wh_named_list
copy_named(struct wh_arena *arena, struct wh_named_list from)
{
    struct wh_named *items = WH_ARENA_ARRAY(arena, struct wh_named, from.count);
    for (size_t i = 0; i < from.count; i++) {
        items[i].name = wh_arena_str(arena, from.items[i].name);
        items[i].value = copy_value(arena, from.items[i].value);
    }
    return (struct wh_named_list){items, from.count};
}

static const struct wh_str *
copy_texts(struct wh_arena *arena, const struct wh_str *from, size_t count)
{
    struct wh_str *texts = WH_ARENA_ARRAY(arena, struct wh_str, count);
    for (size_t i = 0; i < count; i++) {
        texts[i] = wh_arena_str(arena, from[i]);
    }
    return texts;
}

static void
copy_contact(struct wh_contact *contact, struct wh_arena *arena)
{
    contact->email = wh_arena_str(arena, contact->email);
    contact->name = wh_arena_str(arena, contact->name);
    contact->role = wh_arena_str(arena, contact->role);
    contact->phone = wh_arena_str(arena, contact->phone);
    contact->crm = wh_arena_str(arena, contact->crm);
    contact->company = wh_arena_str(arena, contact->company);
    contact->country = wh_arena_str(arena, contact->country);
    contact->consent = copy_named(arena, contact->consent);
}

static const struct wh_score_story *
copy_scores(struct wh_arena *arena, const struct wh_score_story *from, size_t count)
{
    struct wh_score_story *scores = WH_ARENA_ARRAY(arena, struct wh_score_story, count);
    for (size_t i = 0; i < count; i++) {
        struct wh_entry *entries = WH_ARENA_ARRAY(arena, struct wh_entry, from[i].entry_count);
        for (size_t k = 0; k < from[i].entry_count; k++) {
            entries[k] = from[i].entries[k];
            entries[k].name = wh_arena_str(arena, entries[k].name);
            entries[k].note = wh_arena_str(arena, entries[k].note);
        }
        scores[i] = from[i];
        scores[i].name = wh_arena_str(arena, from[i].name);
        scores[i].entries = entries;
    }
    return scores;
}

static const struct wh_criterion_story *
copy_criteria(struct wh_arena *arena, const struct wh_criterion_story *from, size_t count)
{
    struct wh_criterion_story *criteria = WH_ARENA_ARRAY(arena, struct wh_criterion_story, count);
    for (size_t i = 0; i < count; i++) {
        criteria[i] = from[i];
        criteria[i].name = wh_arena_str(arena, from[i].name);
    }
    return criteria;
}

static const struct wh_label_story *
copy_labels(struct wh_arena *arena, const struct wh_label_story *from, size_t count)
{
    struct wh_label_story *labels = WH_ARENA_ARRAY(arena, struct wh_label_story, count);
    for (size_t i = 0; i < count; i++) {
        labels[i].name = wh_arena_str(arena, from[i].name);
        labels[i].value = wh_arena_str(arena, from[i].value);
    }
    return labels;
}

static void
copy_campaign(struct wh_campaign_touch *touch, struct wh_arena *arena)
{
    touch->campaign = wh_arena_str(arena, touch->campaign);
    touch->channel = wh_arena_str(arena, touch->channel);
}

static const struct wh_snapshot *
copy_snapshot(struct wh_arena *arena, const struct wh_snapshot *from)
{
    struct wh_snapshot *to = WH_ARENA_NEW(arena, struct wh_snapshot);
    *to = *from;
    to->lead_id = wh_arena_str(arena, from->lead_id);
    to->key = wh_arena_str(arena, from->key);
    to->also = copy_texts(arena, from->also, from->also_count);
    copy_contact(&to->contact, arena);
    to->scores = copy_scores(arena, from->scores, from->score_count);
    to->grade = wh_arena_str(arena, from->grade);
    to->criteria = copy_criteria(arena, from->criteria, from->criterion_count);
    to->labels = copy_labels(arena, from->labels, from->label_count);
    to->stage = wh_arena_str(arena, from->stage);
    to->segments = copy_texts(arena, from->segments, from->segment_count);
    copy_campaign(&to->first, arena);
    copy_campaign(&to->last, arena);
    to->model_name = wh_arena_str(arena, from->model_name);
    to->model_hash = wh_arena_str(arena, from->model_hash);
    return to;
}

static const struct wh_action *
copy_actions(struct wh_arena *arena, const struct wh_action *from, size_t count)
{
    struct wh_action *actions = WH_ARENA_ARRAY(arena, struct wh_action, count);
    for (size_t i = 0; i < count; i++) {
        actions[i].kind = from[i].kind;
        actions[i].what.name = wh_arena_str(arena, from[i].what.name);
        actions[i].what.value = copy_value(arena, from[i].what.value);
    }
    return actions;
}

void
wh_event_copy(struct wh_event *to, struct wh_arena *arena, const struct wh_event *from)
{
    *to = *from;
    to->name = wh_arena_str(arena, from->name);
    to->from = wh_arena_str(arena, from->from);
    to->to = wh_arena_str(arena, from->to);
    to->reason = wh_arena_str(arena, from->reason);
    to->key = wh_arena_str(arena, from->key);
    to->cause.touch = wh_arena_str(arena, from->cause.touch);
    to->cause.type = wh_arena_str(arena, from->cause.type);
    to->cause.model = wh_arena_str(arena, from->cause.model);
    to->route.rule = wh_arena_str(arena, from->route.rule);
    to->route.to = wh_arena_str(arena, from->route.to);
    to->route.owner = wh_arena_str(arena, from->route.owner);
    to->note = wh_arena_str(arena, from->note);
    to->with = copy_named(arena, from->with);
    to->actions = copy_actions(arena, from->actions, from->action_count);
    to->touches = copy_texts(arena, from->touches, from->touch_count);
    to->into = wh_arena_str(arena, from->into);
    to->members = copy_texts(arena, from->members, from->member_count);
    to->snapshot = copy_snapshot(arena, from->snapshot);
}
