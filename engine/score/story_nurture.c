/* Where the lead is on its nurture tracks. What its steps will do stands among what comes. */
#include "engine/score/story_parts.h"

static const char *
does(const struct wh_track_step *step)
{
    switch (step->kind) {
    case WH_TRACK_STEP_WAIT:
        return "wait";
    case WH_TRACK_STEP_GO:
        return "go";
    case WH_TRACK_STEP_ACT:
        return wh_action_kind_str(step->action);
    case WH_TRACK_STEP_END:
        return "end";
    }
    return "?";
}

static void
tell(struct wh_teller *teller, const struct wh_nurture *nurture, struct wh_story_nurture *told)
{
    const struct wh_track *track = &teller->ruleset->tracks[nurture->track];
    bool is_behind = (size_t)nurture->step >= track->step_count;
    *told = (struct wh_story_nurture){
        .track = track->id,
        .since = nurture->began,
        .step = is_behind ? WH_STR("") : track->steps[nurture->step].name,
        .does = wh_str_of(is_behind ? "end" : does(&track->steps[nurture->step])),
        .at = nurture->due,
    };
}

void
wh_story_tell_nurture(struct wh_teller *teller)
{
    const struct wh_ruleset *ruleset = teller->ruleset;
    struct wh_story_nurture *told =
        WH_ARENA_ARRAY(teller->arena, struct wh_story_nurture, ruleset->track_count);
    size_t count = 0;
    for (size_t i = 0; i < ruleset->track_count; i++) {
        const struct wh_nurture *nurture =
            wh_announced_going(&teller->state->announced, (int32_t)i);
        if (nurture != NULL) {
            tell(teller, nurture, &told[count++]);
        }
    }
    teller->story->nurture = told;
    teller->story->nurture_count = count;
}
