#include "engine/score/story.h"

#include "engine/model/stretch.h"
#include "engine/rules/cells.h"
#include "engine/score/announce.h"
#include "engine/score/explain.h"
#include "engine/score/recompute.h"
#include "engine/score/story_parts.h"

struct wh_story *
wh_story_tell(const struct wh_ruleset *ruleset, struct wh_state *state, struct wh_arena *arena)
{
    struct wh_story *story = WH_ARENA_NEW(arena, struct wh_story);
    struct wh_view view;
    wh_view_init(&view, ruleset, state, &state->live, arena);
    view.now = state->now;
    view.rows = state->live.rows;
    struct wh_teller teller = {
        .ruleset = ruleset, .state = state, .view = &view, .arena = arena, .story = story};
    story->snapshot = wh_explain_snapshot(&view, arena);
    story->in_audience = wh_eval_holds(&view, &ruleset->audience);
    story->audience = ruleset->audience.source;
    wh_story_tell_touches(&teller);
    wh_story_tell_qualifications(&teller);
    wh_story_tell_nurture(&teller);
    wh_story_tell_sequences(&teller);
    wh_story_tell_coming(&teller);
    return story;
}

static int32_t
find_qualification(const struct wh_ruleset *ruleset, struct wh_str id)
{
    int32_t index = 0;
    while ((size_t)index < ruleset->qualification_count &&
           !wh_str_equal(ruleset->qualifications[index].id, id)) {
        index++;
    }
    return (size_t)index < ruleset->qualification_count ? index : -1;
}

/* A decision that came from another entity has an episode of that one: it is not among them. */
static struct wh_decision *
find_decision(struct wh_announced *announced, int32_t qualification, uint32_t episode)
{
    for (uint32_t i = announced->decision_count; i > 0; i--) {
        struct wh_decision *decision = &announced->decisions[i - 1];
        if (decision->qualification == qualification && decision->episode == episode) {
            return decision;
        }
    }
    return NULL;
}

static void
repeat_qualified(const struct wh_story_announcement *event, int32_t qualification,
                 struct wh_state *state)
{
    struct wh_decision *decision = wh_announced_add_decision(&state->announced);
    decision->qualification = qualification;
    decision->published = wh_publisher_of(state).key;
    decision->life = state->life;
    decision->episode = event->number;
    decision->began = event->occurred;
    decision->minute = wh_minute_of(event->occurred);
    state->announced.qualifications[qualification].episode = event->number;
}

static void
repeat_qualification(const struct wh_story_announcement *event, int32_t qualification,
                     struct wh_state *state)
{
    struct wh_decision *decision = find_decision(&state->announced, qualification, event->number);
    if (event->kind == WH_EVENT_QUALIFIED) {
        repeat_qualified(event, qualification, state);
    } else if (decision == NULL) {
        return;
    } else if (event->kind == WH_EVENT_WITHERED) {
        decision->state = WH_DECISION_WITHERED;
        decision->closed = event->occurred;
    } else {
        decision->state = WH_DECISION_WITHDRAWN;
        decision->settled = true;
    }
}

static void
repeat_value(const struct wh_ruleset *ruleset, const struct wh_story_announcement *event,
             struct wh_announced *announced)
{
    for (size_t i = 0; i < ruleset->segment_count; i++) {
        if (wh_str_equal(ruleset->segments[i].id, event->name)) {
            announced->segments[i].value = event->kind == WH_EVENT_SEGMENT_ENTERED ? 1 : 0;
            announced->segments[i].number = event->number;
        }
    }
}

static void
repeat_stage(const struct wh_ruleset *ruleset, const struct wh_story_announcement *event,
             struct wh_announced *announced)
{
    for (size_t i = 0; i < ruleset->stages.count; i++) {
        if (wh_str_equal(ruleset->stages.names[i], event->name)) {
            announced->stage = (struct wh_value_record){(int32_t)i, event->number};
        }
    }
}

static void
repeat(const struct wh_ruleset *ruleset, const struct wh_story_announcement *event,
       struct wh_state *state)
{
    struct wh_announced *announced = &state->announced;
    int32_t index = find_qualification(ruleset, event->name);
    switch (event->kind) {
    case WH_EVENT_QUALIFIED:
    case WH_EVENT_WITHERED:
    case WH_EVENT_WITHDRAWN:
        if (index >= 0) {
            repeat_qualification(event, index, state);
        }
        break;
    case WH_EVENT_SEGMENT_ENTERED:
    case WH_EVENT_SEGMENT_LEFT:
        repeat_value(ruleset, event, announced);
        break;
    case WH_EVENT_STAGE_CHANGED:
        repeat_stage(ruleset, event, announced);
        break;
    case WH_EVENT_LABEL_CHANGED:
    case WH_EVENT_FIRED:
    case WH_EVENT_UPDATED:
    case WH_EVENT_NURTURE:
    case WH_EVENT_MERGED:
    case WH_EVENT_REVIVED:
    case WH_EVENT_ERASED:
    case WH_EVENT_KIND_COUNT:
        break;
    }
}

/* Where it was on its tracks then is not known; it has not just entered. */
static void
forget_nurture(const struct wh_ruleset *ruleset, struct wh_state *state)
{
    state->announced.nurture_count = 0;
    for (size_t i = 0; i < ruleset->track_count; i++) {
        int64_t enters = state->live.cells[ruleset->tracks[i].enter_cell + WH_STRETCH_VALUE];
        state->announced.tracks[i].standing = enters != 0;
    }
}

static void
forget_announcements(struct wh_announced *announced)
{
    for (uint32_t i = 0; i < announced->qualification_count; i++) {
        announced->qualifications[i] = (struct wh_qualification_record){0};
    }
    announced->decision_count = 0;
    for (uint32_t i = 0; i < announced->segment_count; i++) {
        announced->segments[i] = (struct wh_value_record){0};
    }
    announced->stage = (struct wh_value_record){0};
    announced->updated_due = WH_TIME_NEVER;
}

void
wh_story_go_back(const struct wh_ruleset *ruleset, struct wh_state *state, int64_t known,
                 const struct wh_story_announcement *announcements, size_t count,
                 struct wh_arena *scratch)
{
    wh_recompute_as_known(ruleset, state, known, scratch);
    state->now = known;
    forget_announcements(&state->announced);
    forget_nurture(ruleset, state);
    for (size_t i = 0; i < count && announcements[i].decided <= known; i++) {
        repeat(ruleset, &announcements[i], state);
    }
    if (state->announced.processed > known) {
        state->announced.processed = known;
    }
}
