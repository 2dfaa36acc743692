#include "engine/model/effect.h"

#define CAPACITY_MIN 8

const char *
wh_event_kind_str(enum wh_event_kind kind)
{
    static const char *const names[WH_EVENT_KIND_COUNT] = {
        [WH_EVENT_QUALIFIED] = "qualified",
        [WH_EVENT_WITHERED] = "withered",
        [WH_EVENT_WITHDRAWN] = "withdrawn",
        [WH_EVENT_STAGE_CHANGED] = "stage_changed",
        [WH_EVENT_SEGMENT_ENTERED] = "segment_entered",
        [WH_EVENT_SEGMENT_LEFT] = "segment_left",
        [WH_EVENT_LABEL_CHANGED] = "label_changed",
        [WH_EVENT_FIRED] = "fired",
        [WH_EVENT_UPDATED] = "updated",
        [WH_EVENT_NURTURE] = "nurture",
        [WH_EVENT_MERGED] = "merged",
        [WH_EVENT_REVIVED] = "revived",
        [WH_EVENT_ERASED] = "erased",
    };
    return kind < WH_EVENT_KIND_COUNT ? names[kind] : "?";
}

const char *
wh_action_kind_str(enum wh_action_kind kind)
{
    switch (kind) {
    case WH_ACTION_SET:
        return "set";
    case WH_ACTION_ADD_TO:
        return "add_to";
    case WH_ACTION_REMOVE_FROM:
        return "remove_from";
    case WH_ACTION_NOTIFY:
        return "notify";
    case WH_ACTION_NOTE:
        return "note";
    case WH_ACTION_TASK:
        return "task";
    case WH_ACTION_START:
        return "start";
    case WH_ACTION_STOP:
        return "stop";
    case WH_ACTION_SEND:
        return "send";
    case WH_ACTION_ASK:
        return "ask";
    }
    return "?";
}

void
wh_effects_init(struct wh_effects *effects, struct wh_arena *arena)
{
    *effects = (struct wh_effects){.arena = arena};
}

struct wh_event *
wh_effects_push(struct wh_effects *effects)
{
    if (effects->count >= WH_EFFECTS_MAX) {
        effects->refused++;
        return NULL;
    }
    if (effects->count == effects->capacity) {
        size_t capacity = effects->capacity == 0 ? CAPACITY_MIN : effects->capacity * 2;
        effects->events = wh_arena_grow(effects->arena, effects->events, effects->count, capacity,
                                        sizeof(*effects->events));
        effects->capacity = capacity;
    }
    struct wh_event *event = &effects->events[effects->count++];
    *event = (struct wh_event){0};
    return event;
}

struct wh_route_sent *
wh_effects_send(struct wh_effects *effects)
{
    if (effects->sent_count == effects->sent_capacity) {
        size_t capacity = effects->sent_capacity == 0 ? CAPACITY_MIN : effects->sent_capacity * 2;
        effects->sent = wh_arena_grow(effects->arena, effects->sent, effects->sent_count, capacity,
                                      sizeof(*effects->sent));
        effects->sent_capacity = capacity;
    }
    struct wh_route_sent *sent = &effects->sent[effects->sent_count++];
    *sent = (struct wh_route_sent){0};
    return sent;
}
