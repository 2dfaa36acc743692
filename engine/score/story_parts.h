/* The chapters of a story. Private to the files score/story*.c. */
#ifndef WH_SCORE_STORY_PARTS_H
#define WH_SCORE_STORY_PARTS_H

#include "engine/rules/eval.h"
#include "engine/score/story.h"

struct wh_teller {
    const struct wh_ruleset *ruleset;
    struct wh_state *state;
    struct wh_view *view; /* at state->now, over state->live */
    struct wh_arena *arena;
    struct wh_story *story;
    int depth; /* conditions of segments inside of each other */
};

void wh_story_tell_touches(struct wh_teller *teller);
void wh_story_tell_qualifications(struct wh_teller *teller);
void wh_story_tell_nurture(struct wh_teller *teller);
void wh_story_tell_sequences(struct wh_teller *teller);
void wh_story_tell_coming(struct wh_teller *teller);

/* A condition as of the view's moment; root: that of the program, or of one part of it. */
struct wh_story_condition wh_story_condition_of(struct wh_teller *teller,
                                                const struct wh_program *program, uint16_t root,
                                                struct wh_str text);

/* What is missing, and what could bring it, unless the condition is true. */
void wh_story_add_ways(struct wh_teller *teller, const struct wh_program *program, uint16_t root,
                       struct wh_story_condition *condition);

/* The words of a selector, as in the model. */
const struct wh_str *wh_story_selector_words(struct wh_teller *teller,
                                             const struct wh_selector *selector, size_t *ret_count);

#endif
