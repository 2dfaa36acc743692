#include "engine/score/story.h"

#include "engine/model/stretch.h"
#include "engine/rules/cells.h"
#include "engine/score/announce.h"
#include "engine/score/explain.h"
#include "engine/score/recompute.h"
#include "engine/score/replay.h"
#include "engine/score/step.h"
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
repeat_label(const struct wh_ruleset *ruleset, const struct wh_story_announcement *event,
             struct wh_announced *announced)
{
    for (size_t i = 0; i < ruleset->label_count; i++) {
        const struct wh_label *label = &ruleset->labels[i];
        if (!wh_str_equal(label->id, event->name)) {
            continue;
        }
        announced->labels[i] = (struct wh_value_record){0, event->number};
        for (size_t k = 0; k < label->name_count; k++) {
            bool is_it = wh_str_equal(label->names[k], event->to);
            announced->labels[i].value = is_it ? (int32_t)k + 1 : announced->labels[i].value;
        }
    }
}

static void
repeat_firing(const struct wh_ruleset *ruleset, const struct wh_story_announcement *event,
              struct wh_announced *announced)
{
    for (size_t i = 0; i < ruleset->trigger_count; i++) {
        const struct wh_trigger *trigger = &ruleset->triggers[i];
        bool is_missed =
            trigger->sequence != NULL && wh_str_equal(trigger->sequence->missed, event->name);
        if (is_missed || wh_str_equal(trigger->id, event->name)) {
            announced->triggers[i].fired = event->number;
        }
    }
}

static void
repeat_step(const struct wh_ruleset *ruleset, const struct wh_story_announcement *event,
            struct wh_announced *announced)
{
    for (size_t i = 0; i < ruleset->track_count; i++) {
        if (wh_str_equal(ruleset->tracks[i].id, event->name)) {
            announced->tracks[i].acted = event->number;
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
        repeat_label(ruleset, event, announced);
        break;
    case WH_EVENT_FIRED:
        repeat_firing(ruleset, event, announced);
        break;
    case WH_EVENT_NURTURE:
        repeat_step(ruleset, event, announced);
        break;
    case WH_EVENT_UPDATED:
    case WH_EVENT_MERGED:
    case WH_EVENT_REVIVED:
    case WH_EVENT_ERASED:
    case WH_EVENT_KIND_COUNT:
        break;
    }
}

/* A lead of whom nothing was announced yet. */
static void
forget_announcements(const struct wh_ruleset *ruleset, struct wh_state *state,
                     struct wh_arena *scratch)
{
    struct wh_arena *arena = state->announced.arena;
    wh_announced_init(&state->announced, arena, ruleset);
    wh_announce_start(&state->announced, ruleset, state, scratch);
}

/* Matches looked at by then, and edges seen by then: they do not fire again. */
static void
keep_firings(const struct wh_ruleset *ruleset, struct wh_state *state,
             const struct wh_announced *present, int64_t known)
{
    for (uint32_t i = 0; i < present->firing_count; i++) {
        if (present->firings[i].at <= known) {
            *wh_announced_add_firing(&state->announced) = present->firings[i];
        }
    }
    for (size_t i = 0; i < ruleset->trigger_count; i++) {
        const struct wh_trigger *trigger = &ruleset->triggers[i];
        if (!trigger->has_on && trigger->sequence == NULL) {
            state->announced.triggers[i].standing =
                state->live.cells[trigger->cell + WH_STRETCH_VALUE] != 0;
        }
    }
}

/* Where it was on its tracks: no event says that, so its life is gone through once more. What came
 * late is taken as if it had come in time; of what is folded nothing is known: it is on none. */
static void
go_along(const struct wh_ruleset *ruleset, struct wh_state *state, int64_t known,
         struct wh_arena *scratch)
{
    struct wh_state then;
    struct wh_effects effects;
    struct wh_message time = {.kind = WH_MESSAGE_TIME};
    struct wh_moment moment = {.now = known, .announce_from = WH_TIME_MIN};
    if (ruleset->track_count == 0 || state->history.folded_at != WH_TIME_MIN) {
        return;
    }
    wh_state_copy(&then, scratch, state);
    wh_replay_forget(&then);
    wh_fold_copy(&then.live, &then.base);
    then.now = WH_TIME_MIN;
    wh_effects_init(&effects, scratch);
    (void)wh_step(ruleset, &then, &time, &moment, &effects);
    for (uint32_t i = 0; i < then.announced.nurture_count; i++) {
        *wh_announced_add_nurture(&state->announced) = then.announced.nurtures[i];
    }
}

/* It has not just entered. */
static void
stand_on_tracks(const struct wh_ruleset *ruleset, struct wh_state *state)
{
    for (size_t i = 0; i < ruleset->track_count; i++) {
        int64_t enters = state->live.cells[ruleset->tracks[i].enter_cell + WH_STRETCH_VALUE];
        state->announced.tracks[i].standing = enters != 0;
    }
}

void
wh_story_go_back(const struct wh_ruleset *ruleset, struct wh_state *state, int64_t known,
                 const struct wh_story_announcement *announcements, size_t count,
                 struct wh_arena *scratch)
{
    struct wh_announced present = state->announced;
    wh_recompute_as_known(ruleset, state, known, scratch);
    state->now = known;
    forget_announcements(ruleset, state, scratch);
    go_along(ruleset, state, known, scratch);
    stand_on_tracks(ruleset, state);
    keep_firings(ruleset, state, &present, known);
    for (size_t i = 0; i < count && announcements[i].decided <= known; i++) {
        repeat(ruleset, &announcements[i], state);
    }
    state->announced.updated_due = WH_TIME_NEVER;
    state->announced.processed = present.processed < known ? present.processed : known;
}
