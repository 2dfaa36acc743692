/* Ripe or green: the table of rules.md 23.
 *
 *              ripe, nothing in the way                 no longer ripe
 *     green ───────────────────────────> announced ─────────────────────> green
 *       │ ripe, something in the way        ^        withered (was ripe since it began)
 *       v                                   │        withdrawn (in hindsight never was)
 *      held ────────────────────────────────┘        or silence (an `on` ran out)
 *         what was missing has come
 *
 * Ripeness is a value: intervals that the fold knows as of now. What was announced is memory: the
 * decisions that the lead holds, its own and those that came to it with a merge. It is `announced`
 * while one of them stands; each ends by itself, under its own key, and not before its announcement
 * has left: that may wait for the counter of a route. A look that another model has brought and of
 * which nobody is told changes the same memory, without an event. */
#include "engine/rules/cells.h"
#include "engine/score/announce_family.h"
#include "engine/score/ask.h"
#include "engine/score/route.h"

struct episode {
    const struct wh_look *look;
    const struct wh_qualification *qualification;
    int32_t index; /* of the qualification */
    struct wh_qualification_record *record;
    const struct wh_fold_list *ended; /* ripe intervals that are over */
    bool ripe;
};

static int32_t
ripe_cell(const struct episode *episode)
{
    return episode->qualification->cell + WH_QUALIFICATION_CELL_RIPE;
}

/* The newest ended interval of ripeness that reaches beyond a moment, or NULL. */
static const int64_t *
last_ended_after(const struct episode *episode, int64_t moment)
{
    uint32_t count = episode->ended->count;
    const int64_t *last = count > 0 ? episode->ended->items + count - WH_INTERVAL_ITEMS : NULL;
    return last != NULL && last[WH_INTERVAL_ITEM_TO] > moment ? last : NULL;
}

/* Whether the lead was ripe at any moment of [from, to) by what is known now. */
static bool
was_ripe_between(const struct episode *episode, int64_t from, int64_t to)
{
    const int64_t *stretch = episode->look->view->fold->cells + ripe_cell(episode);
    if (episode->ripe && stretch[WH_STRETCH_SINCE] < to) {
        return true;
    }
    for (uint32_t i = 0; i < episode->ended->count; i += WH_INTERVAL_ITEMS) {
        const int64_t *interval = episode->ended->items + i;
        if (interval[WH_INTERVAL_ITEM_FROM] < to && interval[WH_INTERVAL_ITEM_TO] > from) {
            return true;
        }
    }
    return false;
}

static struct wh_event *
ending_event(const struct episode *episode, enum wh_event_kind kind,
             const struct wh_decision *decision, const struct wh_bringer *bringer)
{
    struct wh_event *event =
        wh_announce_event(episode->look, kind, episode->qualification->id, bringer);
    wh_announce_as(episode->look, decision->published, decision->life, event);
    event->number = decision->episode;
    event->silent = decision->silent;
    return event;
}

/* Hands have just changed, and may change back. */
static bool
has_to_wait(const struct episode *episode)
{
    return episode->look->self->settled_at > episode->look->moment->now;
}

/* By whom it is ended, if not by touches and time. */
static void
note_ended(const struct episode *episode, struct wh_decision *decision)
{
    struct wh_arena *arena = episode->look->view->state->arena;
    decision->ended_by = wh_arena_str(arena, wh_look_model(episode->look));
}

/* Only because the model is another one, of which nobody is told: it was announced and counts, and
 * nothing is said of it any more. */
static void
drop(const struct episode *episode, struct wh_decision *decision)
{
    if (decision->state == WH_DECISION_STANDING) {
        decision->state = WH_DECISION_OVER;
        decision->closed = episode->look->moment->now;
        note_ended(episode, decision);
    }
    decision->settled = true;
}

static void
withdraw(const struct episode *episode, struct wh_decision *decision)
{
    const struct wh_look *look = episode->look;
    if (wh_look_is_silent(look)) {
        drop(episode, decision);
        return;
    }
    if (has_to_wait(episode)) {
        return;
    }
    struct wh_bringer bringer = wh_bringer_of_look(look);
    struct wh_event *event = ending_event(episode, WH_EVENT_WITHDRAWN, decision, &bringer);
    event->reason = look->adoption != NULL ? WH_STR("model") : WH_STR("hindsight");
    note_ended(episode, decision);
    decision->state = WH_DECISION_WITHDRAWN;
    decision->settled = true;
}

static struct wh_str
reason_of(const struct episode *episode, const int64_t *interval)
{
    if (episode->look->adoption != NULL) {
        return WH_STR("model");
    }
    return interval[WH_INTERVAL_ITEM_REASON] == WH_INTERVAL_EXCEPT ? WH_STR("except")
                                                                   : WH_STR("disarm");
}

static void
wither(const struct episode *episode, struct wh_decision *decision, const int64_t *interval)
{
    decision->closed = interval[WH_INTERVAL_ITEM_TO];
    wh_announce_decided(episode->look, decision->closed);
    if (interval[WH_INTERVAL_ITEM_REASON] == WH_INTERVAL_RAN_OUT) {
        decision->state = WH_DECISION_OVER;
        return;
    }
    decision->state = WH_DECISION_WITHERED;
    struct wh_bringer bringer =
        episode->look->adoption != NULL
            ? wh_bringer_of_look(episode->look)
            : wh_bringer_of_fold(episode->look, decision->closed, interval[WH_INTERVAL_ITEM_CAUSE]);
    struct wh_event *event = ending_event(episode, WH_EVENT_WITHERED, decision, &bringer);
    event->reason = reason_of(episode, interval);
    note_ended(episode, decision);
}

/* What stands is ripe no longer. */
static void
end(const struct episode *episode, struct wh_decision *decision)
{
    const int64_t *interval = last_ended_after(episode, decision->began);
    if (interval != NULL && !wh_look_is_silent(episode->look)) {
        wither(episode, decision, interval);
    } else {
        withdraw(episode, decision);
    }
}

/* The last one that is over: was it ever? */
static void
look_at_last(const struct episode *episode)
{
    struct wh_announced *announced = episode->look->announced;
    const struct wh_decision *last = wh_announced_latest(announced, episode->index);
    if (last == NULL || last->settled || last->state == WH_DECISION_STANDING) {
        return;
    }
    struct wh_decision *decision = &announced->decisions[last - announced->decisions];
    int64_t keep = episode->look->view->ruleset->history_keep;
    if (decision->closed < episode->look->moment->now - keep) {
        decision->settled = true;
    } else if (!was_ripe_between(episode, decision->began, decision->closed)) {
        withdraw(episode, decision);
    }
}

static void
look_back(const struct episode *episode)
{
    struct wh_announced *announced = episode->look->announced;
    bool stood = wh_announced_standing(announced, episode->index) != NULL;
    for (uint32_t i = 0; stood && !episode->ripe && i < announced->decision_count; i++) {
        struct wh_decision *decision = &announced->decisions[i];
        if (decision->qualification == episode->index && decision->state == WH_DECISION_STANDING &&
            !decision->asked) {
            end(episode, decision);
        }
    }
    if (!stood) {
        look_at_last(episode);
    }
}

/* When the cool-down of the last episode is over; WH_TIME_MIN when there is none to wait for. */
static int64_t
cool_again(const struct episode *episode)
{
    int64_t from = wh_announced_cool_from(episode->look->announced, episode->index);
    return from == WH_TIME_MIN ? WH_TIME_MIN : from + episode->qualification->cool_down;
}

static bool
is_held_back(const struct episode *episode)
{
    const struct wh_qualification *qualification = episode->qualification;
    uint64_t held = wh_announced_count(episode->look->announced, episode->index);
    bool spent = qualification->max >= 0 && held >= (uint64_t)qualification->max;
    return spent || cool_again(episode) > episode->look->moment->now ||
           !wh_eval_holds(episode->look->view, &qualification->gate);
}

/* What brought the announcement: the latest of all that it needed. */
static struct wh_bringer
bringer_of_episode(const struct episode *episode)
{
    const struct wh_look *look = episode->look;
    int32_t gate = episode->qualification->cell + WH_QUALIFICATION_CELL_GATE;
    struct wh_bringer bringer = wh_bringer_of_value(look, ripe_cell(episode));
    if (look->adoption != NULL) {
        return bringer;
    }
    if (look->view->fold->cells[gate + WH_STRETCH_SINCE] != WH_TIME_MIN) {
        bringer = wh_bringer_later(bringer, wh_bringer_of_stretch(look, gate));
    }
    /* A cool-down of nothing has no end that could bring anything. */
    if (episode->qualification->cool_down == 0) {
        return bringer;
    }
    struct wh_bringer cool = {.at = cool_again(episode), .row = -1};
    return wh_bringer_later(bringer, cool);
}

static void
leave_now(const struct wh_look *look, const struct wh_event *event)
{
    struct wh_event *pushed = wh_effects_push(look->effects);
    if (pushed != NULL) {
        *pushed = *event;
    }
}

/* True: it leaves when a counter has answered. What nobody hears of takes no turn away. */
static bool
send_on(const struct wh_look *look, struct wh_event *event, const struct wh_bringer *bringer)
{
    struct wh_candidate *candidates = NULL;
    size_t count = wh_route_candidates(look->view, bringer->row, &candidates);
    bool asks = look->self->asks && !event->silent && count > 0 && candidates[0].counts;
    if (asks && look->announced->pending_count == WH_PENDING_MAX) {
        look->effects->unasked++;
        asks = false;
    }
    if (asks) {
        wh_ask_begin(look, event, wh_bringer_minute(look, bringer), candidates, count);
        return true;
    }
    if (count > 0) {
        event->route = wh_route_choice_of(&candidates[0], (struct wh_str){NULL, 0});
    }
    leave_now(look, event);
    return false;
}

static void
qualify(const struct episode *episode)
{
    const struct wh_look *look = episode->look;
    struct wh_bringer bringer = bringer_of_episode(episode);
    struct wh_event event = {.number = ++episode->record->episode};
    wh_announce_fill(look, WH_EVENT_QUALIFIED, episode->qualification->id, &bringer, &event);
    wh_announce_say(look, &episode->qualification->say, &bringer, &event);
    bool asked = send_on(look, &event, &bringer);
    struct wh_decision *decision = wh_announced_add_decision(look->announced);
    decision->qualification = episode->index;
    decision->published = look->self->key;
    decision->life = look->view->state->life;
    decision->episode = event.number;
    decision->silent = event.silent;
    decision->began = wh_bringer_begin(look, &bringer);
    decision->minute = wh_bringer_minute(look, &bringer);
    decision->asked = asked;
    decision->began_by = wh_arena_str(look->view->state->arena, wh_look_model(look));
}

static void
look_at(const struct wh_look *look, int32_t index)
{
    static const struct wh_fold_list none = {0};
    const struct wh_qualification *qualification = &look->view->ruleset->qualifications[index];
    const int64_t *cells = look->view->fold->cells + qualification->cell;
    int32_t ripe = WH_QUALIFICATION_CELL_RIPE + WH_STRETCH_VALUE;
    bool nobody = look->self->is_crowd;
    struct episode episode = {
        .look = look,
        .qualification = qualification,
        .index = index,
        .record = &look->announced->qualifications[index],
        .ended = nobody ? &none : &look->view->fold->lists[qualification->intervals_list],
        .ripe = cells[ripe] != 0 && !nobody,
    };
    look_back(&episode);
    bool stands = wh_announced_standing(look->announced, index) != NULL;
    episode.record->held = episode.ripe && !stands && is_held_back(&episode);
    if (episode.ripe && !stands && !episode.record->held) {
        qualify(&episode);
    }
}

void
wh_announce_qualifications(const struct wh_look *look)
{
    for (size_t i = 0; i < look->view->ruleset->qualification_count; i++) {
        look_at(look, (int32_t)i);
    }
}
