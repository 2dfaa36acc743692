/* Decides what leaves: compares values as of the view's moment with what was announced
 * (rules.md 3.7), changes the memory of announcements, appends events. */
#ifndef WH_SCORE_ANNOUNCE_H
#define WH_SCORE_ANNOUNCE_H

#include "engine/model/effect.h"
#include "engine/model/message.h"
#include "engine/rules/eval.h"

/* Whose announcements they are. */
struct wh_publisher {
    struct wh_key key;         /* borrowed: of the entity */
    const uint8_t *secret;     /* of public names; NULL: nobody reads those of others */
    const struct wh_str *also; /* public ids published earlier that now live here */
    size_t also_count;
    int64_t settled_at; /* before it nothing is withdrawn: hands have just changed */
    bool is_crowd;      /* publishes nothing, and withdraws what stands */
    bool asks;          /* counters of routes are asked; else nobody is there to answer */
};

/* One that was never anything but itself; borrows the state's key. */
struct wh_publisher wh_publisher_of(const struct wh_state *state);

/* What the actions of a look want of a nurture track; the last `start` stands behind any `stop`
 * before it, a `stop` behind it takes it back. */
struct wh_asked;

/* The model is another one since the look before: what differs now differs because of that. */
struct wh_adoption {
    enum wh_adopt mode;
    struct wh_str former; /* hash (hex) of the model before; the own: it changed elsewhere */
};

struct wh_look {
    const struct wh_publisher *self;
    struct wh_view *view;           /* at `now`; its fold is state->live */
    struct wh_announced *announced; /* of the same state */
    const struct wh_moment *moment; /* now of this look, announce_from */
    int64_t processed; /* latest moment of this lead processed before this came to light */
    int32_t row;       /* row of the touch that brought this look; -1: a due moment */
    bool whole;        /* more than that row is new, anywhere */
    const struct wh_adoption *adoption; /* NULL: a touch, a message or time brought this look */
    struct wh_effects *effects;
    struct wh_asked *asked; /* by track, zeroed */
};

/* What labels and edges start from: the values of a lead without touches at the time of its first
 * one. Once, when the first touch stands in the history, and under another model for what that has
 * and the one before had not; also outside the audience. */
void wh_announce_start(struct wh_announced *announced, const struct wh_ruleset *ruleset,
                       const struct wh_state *state, struct wh_arena *scratch);

/* One look at everything. Outside the audience nothing happens; a crowd withdraws there, too. */
void wh_announce(const struct wh_look *look);

/* The earliest later moment at which an announcement may become due without any value changing
 * (a cool-down that is over, an update that may leave, hands that have come to rest, a step of a
 * track): WH_TIME_NEVER when there is none. */
int64_t wh_announce_next_due(const struct wh_ruleset *ruleset, const struct wh_announced *announced,
                             const struct wh_publisher *self, int64_t now);

/* Nothing is waited for any more: the entity points to somebody. */
void wh_announce_rest(struct wh_announced *announced);

void wh_announced_init(struct wh_announced *announced, struct wh_arena *arena,
                       const struct wh_ruleset *ruleset);

#endif
