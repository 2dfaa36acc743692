/* What the families of announcements share: making an event from a look. Private to the files
 * score/announce*.c. */
#ifndef WH_SCORE_ANNOUNCE_FAMILY_H
#define WH_SCORE_ANNOUNCE_FAMILY_H

#include "engine/model/stretch.h"
#include "engine/score/announce.h"

/* What brought a decision: a touch (a row of the history) or time by itself. */
struct wh_bringer {
    int64_t at;
    int32_t row;         /* -1: a due moment, or a touch that is folded */
    struct wh_str touch; /* its id; empty: a due moment */
};

struct wh_asked {
    bool stop, start;
    struct wh_bringer bringer; /* of start */
};

void wh_announce_values(const struct wh_look *look);
void wh_announce_triggers(const struct wh_look *look);
void wh_announce_qualifications(const struct wh_look *look);
void wh_announce_nurture(const struct wh_look *look);
/* The next moment after now at which a step is reached, WH_TIME_NEVER: none. */
int64_t wh_announce_nurture_due(const struct wh_announced *announced, int64_t now);

/* has_told: this look has decided something that carries the news. */
void wh_announce_update(const struct wh_look *look, bool has_told);

/* The moment of the look itself as a bringer. */
struct wh_bringer wh_bringer_of_look(const struct wh_look *look);

/* What the fold says: a time and a cause (rules/cells.h). */
struct wh_bringer wh_bringer_of_fold(const struct wh_look *look, int64_t at, int64_t cause);

/* What began a stretch of the fold; a value that a lead begins with was brought by the look. */
struct wh_bringer wh_bringer_of_stretch(const struct wh_look *look, int32_t cell);

/* The later of two on the timeline: at one time a due moment comes before the touches. */
struct wh_bringer wh_bringer_later(struct wh_bringer a, struct wh_bringer b);

/* What let a value be announced: its own beginning, or the lead's entering of the audience; the
 * coming of the model where the look is about that. */
struct wh_bringer wh_bringer_of_value(const struct wh_look *look, int32_t cell);

/* A decision was taken, whether or not anything leaves: later ones count from the moment that
 * brought it, and from the due time at which it was taken. */
void wh_announce_decided(const struct wh_look *look, int64_t at);

/* The look only records: the model is another one, and nobody is told. */
static inline bool
wh_look_is_silent(const struct wh_look *look)
{
    return look->adoption != NULL && look->adoption->mode == WH_ADOPT_SILENT;
}

/* Hash of the model whose coming brought the look, empty where something else did; borrowed. */
struct wh_str wh_look_model(const struct wh_look *look);

/* When the decision counts from: the bringer's time, but not before what was processed already. */
static inline int64_t
wh_bringer_begin(const struct wh_look *look, const struct wh_bringer *bringer)
{
    return bringer->at > look->processed ? bringer->at : look->processed;
}

/* The minute by which what it brought belongs to somebody. */
static inline int64_t
wh_bringer_minute(const struct wh_look *look, const struct wh_bringer *bringer)
{
    return wh_minute_of(bringer->touch.len > 0 ? bringer->at : wh_bringer_begin(look, bringer));
}

/* An event of that kind with name, cause, times, lateness and snapshot filled; never NULL: over
 * the bound it is a scratch event that goes nowhere and is counted. */
struct wh_event *wh_announce_event(const struct wh_look *look, enum wh_event_kind kind,
                                   struct wh_str name, const struct wh_bringer *bringer);

/* The same for one that is not among the effects, or not yet. */
void wh_announce_fill(const struct wh_look *look, enum wh_event_kind kind, struct wh_str name,
                      const struct wh_bringer *bringer, struct wh_event *event);

/* The event leaves under the id and the life that a decision was published as. */
void wh_announce_as(const struct wh_look *look, struct wh_key published, int64_t life,
                    struct wh_event *event);

/* Note, with and actions as they are at the look, `touch` being the one that caused it. */
void wh_announce_say(const struct wh_look *look, const struct wh_announcement *say,
                     const struct wh_bringer *bringer, struct wh_event *event);

#endif
