#include "proto/story_json.h"

#include "engine/base/time.h"
#include "proto/snapshot_json.h"

static void
member_bool(struct wh_json *json, const char *name, bool truth)
{
    wh_json_name(json, name);
    wh_json_bool(json, truth);
}

static void
member_int(struct wh_json *json, const char *name, int64_t number)
{
    wh_json_name(json, name);
    wh_json_int(json, number);
}

/* A time that is not known, or not yet, is null. */
static void
member_time_or_null(struct wh_json *json, const char *name, int64_t us)
{
    if (us == WH_TIME_MIN || us == WH_TIME_NEVER) {
        wh_json_name(json, name);
        wh_json_null(json);
    } else {
        wh_snapshot_json_time(json, name, us);
    }
}

static void
write_who(struct wh_json *json, const struct wh_story *story)
{
    const struct wh_snapshot *snapshot = story->snapshot;
    if (snapshot->is_company) {
        wh_snapshot_json_who(json, snapshot);
        wh_snapshot_json_str(json, "key", snapshot->key);
    } else {
        wh_snapshot_json_str(json, "lead_id", snapshot->lead_id);
        wh_snapshot_json_str(json, "key", snapshot->key);
        wh_snapshot_json_texts(json, "also", snapshot->also, snapshot->also_count);
    }
    wh_snapshot_json_time(json, "life", snapshot->life);
    wh_snapshot_json_time(json, "at", snapshot->at);
    member_bool(json, "as_known_then", story->is_past);
    wh_snapshot_json_contact(json, snapshot);
}

static void
write_standing(struct wh_json *json, const struct wh_snapshot *snapshot)
{
    wh_snapshot_json_standing(json, snapshot);
    if (snapshot->has_stage) {
        member_time_or_null(json, "stage_since", snapshot->stage_since);
        member_bool(json, "stale", snapshot->stale);
    }
    wh_json_name(json, "why");
    wh_json_open_object(json);
    wh_snapshot_json_points(json, snapshot);
    wh_snapshot_json_fit(json, snapshot);
    wh_json_close_object(json);
}

static void
write_ways(struct wh_json *json, const struct wh_story_condition *condition)
{
    wh_json_name(json, "ways");
    wh_json_open_list(json);
    for (size_t i = 0; i < condition->way_count; i++) {
        const struct wh_story_way *way = &condition->ways[i];
        wh_json_open_object(json);
        wh_snapshot_json_str(json, "rule", way->rule);
        wh_json_name(json, "points");
        wh_json_decimal(json, way->points);
        wh_snapshot_json_texts(json, "on", way->on, way->on_count);
        if (way->when.len > 0) {
            wh_snapshot_json_str(json, "when", way->when);
        }
        wh_json_close_object(json);
    }
    wh_json_close_list(json);
}

/* What a segment hangs on stands inside of it, one level after the other. */
void
wh_story_json_condition(struct wh_json *json, const struct wh_story_condition *condition)
{
    static const char *const states[] = {
        [WH_MATCH] = "true", [WH_MISMATCH] = "false", [WH_MATCH_UNKNOWN] = "unknown"};
    int open = 0;
    for (const struct wh_story_condition *one = condition; one != NULL; one = one->inner) {
        if (open++ > 0) {
            wh_json_name(json, "because");
        }
        wh_json_open_object(json);
        wh_snapshot_json_str(json, "condition", one->text);
        wh_snapshot_json_str(json, "state", wh_str_of(states[one->state]));
        if (one->now.len > 0) {
            wh_snapshot_json_str(json, "now", one->now);
            wh_snapshot_json_str(json, "needs", one->needs);
        }
        if (one->missing.len > 0) {
            wh_snapshot_json_str(json, "missing", one->missing);
        }
        if (one->way_count > 0) {
            write_ways(json, one);
        }
    }
    while (open-- > 0) {
        wh_json_close_object(json);
    }
}

static void
write_needs(struct wh_json *json, const struct wh_story_qualification *told)
{
    if (told->has_on) {
        wh_snapshot_json_texts(json, "on", told->on, told->on_count);
        if (told->when.len > 0) {
            wh_snapshot_json_str(json, "when", told->when);
        }
    } else {
        wh_json_name(json, "arm");
        wh_json_open_list(json);
        for (size_t i = 0; i < told->part_count; i++) {
            wh_story_json_condition(json, &told->parts[i]);
        }
        wh_json_close_list(json);
    }
    if (told->has_disarm) {
        wh_json_name(json, "disarm");
        wh_story_json_condition(json, &told->disarm);
    }
    if (told->has_except) {
        wh_json_name(json, "except");
        wh_story_json_condition(json, &told->except);
    }
    if (told->has_gate) {
        wh_json_name(json, "gate");
        wh_story_json_condition(json, &told->gate);
    }
}

static void
write_qualification(struct wh_json *json, const struct wh_story_qualification *told)
{
    wh_json_open_object(json);
    wh_snapshot_json_str(json, "qualification", told->name);
    wh_snapshot_json_str(json, "state", wh_str_of(wh_story_standing_str(told->standing)));
    member_bool(json, "ripe", told->ripe);
    member_time_or_null(json, "ripe_since", told->ripe ? told->ripe_since : WH_TIME_MIN);
    member_bool(json, "armed", told->armed);
    write_needs(json, told);
    member_time_or_null(json, "cool_down_until", told->cool_until);
    member_int(json, "episodes", told->episodes);
    member_int(json, "withdrawn", told->withdrawn);
    member_time_or_null(json, "began", told->began);
    member_time_or_null(json, "closed", told->closed);
    if (told->began_by.len > 0) {
        wh_snapshot_json_str(json, "began_by", told->began_by);
    }
    if (told->ended_by.len > 0) {
        wh_snapshot_json_str(json, "ended_by", told->ended_by);
    }
    wh_json_close_object(json);
}

static void
write_qualifications(struct wh_json *json, const struct wh_story *story)
{
    member_bool(json, "in_audience", story->in_audience);
    wh_json_name(json, "qualifications");
    wh_json_open_list(json);
    for (size_t i = 0; i < story->qualification_count; i++) {
        write_qualification(json, &story->qualifications[i]);
    }
    wh_json_close_list(json);
}

static const char *
prefix_of(const struct wh_story *story)
{
    return story->snapshot->is_company ? "company." : "lead.";
}

static void
write_nurture(struct wh_json *json, const struct wh_story *story)
{
    wh_json_name(json, "nurture");
    wh_json_open_list(json);
    for (size_t i = 0; i < story->nurture_count; i++) {
        const struct wh_story_nurture *nurture = &story->nurture[i];
        wh_json_open_object(json);
        wh_snapshot_json_str(json, "track", nurture->track);
        wh_snapshot_json_time(json, "since", nurture->since);
        wh_snapshot_json_str_or_null(json, "step", nurture->step);
        wh_snapshot_json_str(json, "does", nurture->does);
        member_time_or_null(json, "at", nurture->at);
        wh_json_close_object(json);
    }
    wh_json_close_list(json);
}

static void
write_type(struct wh_json *json, const char *whose, enum wh_event_kind kind, struct wh_str name)
{
    struct wh_buf type;
    wh_buf_init(&type, json->buf->arena);
    wh_buf_push_text(&type, whose);
    wh_buf_push(&type, kind == WH_EVENT_FIRED ? name : wh_str_of(wh_event_kind_str(kind)));
    wh_snapshot_json_str(json, "type", wh_buf_str(&type));
    wh_snapshot_json_str(json, "name", name);
}

static void
write_announced(struct wh_json *json, const struct wh_story *story)
{
    wh_json_name(json, "announced");
    wh_json_open_list(json);
    for (size_t i = 0; i < story->announcement_count; i++) {
        const struct wh_story_announcement *event = &story->announcements[i];
        wh_json_open_object(json);
        wh_snapshot_json_str(json, "id", event->id);
        write_type(json, prefix_of(story), event->kind, event->name);
        wh_snapshot_json_str_or_null(json, "to", event->to);
        wh_snapshot_json_time(json, "occurred_at", event->occurred);
        wh_snapshot_json_time(json, "decided_at", event->decided);
        member_bool(json, "late", event->late);
        wh_json_close_object(json);
    }
    wh_json_close_list(json);
}

static void
write_awards(struct wh_json *json, const char *name, const struct wh_story_award *awards,
             size_t count)
{
    wh_json_name(json, name);
    wh_json_open_list(json);
    for (size_t i = 0; i < count; i++) {
        const struct wh_story_award *award = &awards[i];
        wh_json_open_object(json);
        wh_snapshot_json_str(json, "score", award->score);
        wh_snapshot_json_str(json, "rule", award->rule);
        wh_json_name(json, "points");
        wh_json_decimal(json, award->points);
        if (award->is_set) {
            member_bool(json, "set", true);
        }
        if (award->is_canceled) {
            member_bool(json, "canceled", true);
        }
        wh_json_close_object(json);
    }
    wh_json_close_list(json);
}

/* Why its verdict is what it is. */
static void
write_reasons(struct wh_json *json, const struct wh_story_touch *touch)
{
    if (touch->confirmed.len > 0) {
        wh_snapshot_json_str(json, "confirmed", touch->confirmed);
    }
    if (touch->evidence_count == 0) {
        return;
    }
    wh_json_name(json, "evidence");
    wh_json_open_list(json);
    for (size_t i = 0; i < touch->evidence_count; i++) {
        wh_json_str(json, touch->evidence[i]);
    }
    wh_json_close_list(json);
    write_awards(json, "struck", touch->struck, touch->struck_count);
}

/* Points that time brought stand without id and type. */
void
wh_story_json_touch(struct wh_json *json, const struct wh_story_touch *touch)
{
    wh_json_open_object(json);
    wh_snapshot_json_str_or_null(json, "id", touch->id);
    if (touch->person.len > 0) {
        wh_snapshot_json_str(json, "person", touch->person);
    }
    wh_snapshot_json_str_or_null(json, "type", touch->type);
    wh_snapshot_json_time(json, "occurred_at", touch->at);
    wh_snapshot_json_time(json, "received_at", touch->received);
    wh_snapshot_json_str_or_null(json, "what", touch->what);
    wh_snapshot_json_str_or_null(json, "place", touch->place);
    wh_snapshot_json_str(json, "verdict", wh_str_of(wh_verdict_str(touch->verdict)));
    member_bool(json, "counts", touch->counts);
    write_awards(json, "points", touch->awards, touch->award_count);
    write_reasons(json, touch);
    wh_json_close_object(json);
}

static void
write_touches(struct wh_json *json, const struct wh_story *story)
{
    wh_json_name(json, "touches");
    wh_json_open_list(json);
    for (size_t i = 0; i < story->touch_count; i++) {
        wh_story_json_touch(json, &story->touches[i]);
    }
    wh_json_close_list(json);
    member_int(json, "folded", (int64_t)story->folded);
}

static void
write_coming_one(struct wh_json *json, const struct wh_story *story,
                 const struct wh_story_coming *coming)
{
    wh_json_open_object(json);
    wh_snapshot_json_time(json, "at", coming->at);
    wh_snapshot_json_str(json, "kind", wh_str_of(wh_story_coming_str(coming->kind)));
    if (coming->kind == WH_STORY_EVENT) {
        write_type(json, prefix_of(story), coming->event, coming->name);
    } else {
        wh_snapshot_json_str(json, "name", coming->name);
    }
    if (coming->kind == WH_STORY_POINTS) {
        wh_snapshot_json_str(json, "score", coming->to);
        wh_json_name(json, "points");
        wh_json_decimal(json, coming->points);
    } else {
        wh_snapshot_json_str_or_null(json, "from", coming->from);
        wh_snapshot_json_str_or_null(json, "to", coming->to);
    }
    wh_json_close_object(json);
}

static void
write_coming(struct wh_json *json, const struct wh_story *story)
{
    wh_json_name(json, "coming");
    wh_json_open_list(json);
    for (size_t i = 0; i < story->coming_count; i++) {
        write_coming_one(json, story, &story->coming[i]);
    }
    wh_json_close_list(json);
    member_bool(json, "coming_is_all", story->coming_ends);
}

static void
write_proof(struct wh_json *json, const char *name, const struct wh_story_proof *proof)
{
    wh_json_name(json, name);
    if (proof->id.len == 0) {
        wh_json_null(json);
        return;
    }
    wh_json_open_object(json);
    wh_snapshot_json_str(json, "id", proof->id);
    wh_snapshot_json_time(json, "at", proof->at);
    wh_json_close_object(json);
}

static void
write_link(struct wh_json *json, const struct wh_story_link *link)
{
    wh_json_open_object(json);
    wh_snapshot_json_str(json, "to", link->to);
    member_bool(json, "known", link->known);
    member_time_or_null(json, "since", link->from);
    member_time_or_null(json, "until", link->until);
    write_proof(json, "first_touch", &link->first);
    write_proof(json, "last_touch", &link->last);
    wh_json_close_object(json);
}

static void
write_device(struct wh_json *json, const struct wh_story_device *device)
{
    wh_json_open_object(json);
    wh_snapshot_json_str(json, "key", device->key);
    wh_snapshot_json_str(json, "status", wh_str_of(wh_lease_status_str(device->status)));
    member_bool(json, "holds", device->holds);
    if (device->holds) {
        member_time_or_null(json, "since", device->from);
        member_time_or_null(json, "until", device->until);
    }
    wh_json_close_object(json);
}

static void
write_identifier(struct wh_json *json, const struct wh_story_identifier *identifier)
{
    wh_json_open_object(json);
    wh_snapshot_json_str(json, "key", identifier->key);
    wh_json_name(json, "links");
    wh_json_open_list(json);
    for (size_t i = 0; i < identifier->link_count; i++) {
        write_link(json, &identifier->links[i]);
    }
    wh_json_close_list(json);
    wh_json_name(json, "devices");
    wh_json_open_list(json);
    for (size_t i = 0; i < identifier->device_count; i++) {
        write_device(json, &identifier->devices[i]);
    }
    wh_json_close_list(json);
    member_bool(json, "contested", identifier->contested);
    wh_json_close_object(json);
}

static void
write_identifiers(struct wh_json *json, const struct wh_story *story)
{
    wh_json_name(json, "identifiers");
    wh_json_open_list(json);
    for (size_t i = 0; i < story->identifier_count; i++) {
        write_identifier(json, &story->identifiers[i]);
    }
    wh_json_close_list(json);
}

static void
write_sequence(struct wh_json *json, const struct wh_story_sequence *told)
{
    wh_json_open_object(json);
    wh_snapshot_json_str(json, "trigger", told->trigger);
    member_int(json, "taken", told->taken);
    member_int(json, "steps", told->steps);
    if (told->times > 0) {
        member_int(json, "times", told->times);
    }
    wh_snapshot_json_time(json, "since", told->since);
    wh_snapshot_json_time(json, "last_at", told->latest);
    wh_snapshot_json_time(json, "until", told->until);
    member_bool(json, "matches", told->matches);
    wh_snapshot_json_str_or_null(json, "missed", told->missed);
    wh_snapshot_json_texts(json, "touches", told->touches, told->touch_count);
    wh_json_close_object(json);
}

static void
write_sequences(struct wh_json *json, const struct wh_story *story)
{
    wh_json_name(json, "sequences");
    wh_json_open_list(json);
    for (size_t i = 0; i < story->sequence_count; i++) {
        write_sequence(json, &story->sequences[i]);
    }
    wh_json_close_list(json);
}

void
wh_story_json_encode(struct wh_buf *buf, const struct wh_story *story)
{
    struct wh_json json;
    wh_json_init(&json, buf);
    wh_json_open_object(&json);
    write_who(&json, story);
    write_identifiers(&json, story);
    write_standing(&json, story->snapshot);
    write_qualifications(&json, story);
    write_nurture(&json, story);
    write_sequences(&json, story);
    write_announced(&json, story);
    write_touches(&json, story);
    write_coming(&json, story);
    wh_snapshot_json_origin(&json, story->snapshot);
    wh_json_close_object(&json);
}
