/* Ripe or green: the table of rules.md 23.
 *
 *              ripe, nothing in the way                 no longer ripe
 *     GREEN ───────────────────────────> ANNOUNCED ─────────────────────> GREEN
 *       │ ripe, something in the way        ^        withered (was ripe since it began)
 *       v                                   │        withdrawn (in hindsight never was)
 *      HELD ────────────────────────────────┘        or silence (an `on` ran out)
 *         what was missing has come
 *
 * Ripeness is a value: intervals that the fold knows as of now. What was announced is memory. */
#include "engine/rules/cells.h"
#include "engine/score/announce_family.h"
#include "engine/score/route.h"

struct episode {
    const struct wh_look *look;
    const struct wh_qualification *qualification;
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
episode_event(const struct episode *episode, enum wh_event_kind kind,
              const struct wh_bringer *bringer)
{
    struct wh_event *event =
        wh_announce_event(episode->look, kind, episode->qualification->id, bringer);
    event->number = episode->record->episode;
    event->silent = kind == WH_EVENT_QUALIFIED ? event->silent : episode->record->silent;
    return event;
}

static void
withdraw(struct episode *episode)
{
    struct wh_bringer bringer = wh_bringer_of_look(episode->look);
    struct wh_event *event = episode_event(episode, WH_EVENT_WITHDRAWN, &bringer);
    event->reason = WH_STR("hindsight");
    episode->record->withdrawn++;
    episode->record->cool_from = episode->record->cool_before;
    episode->record->settled = true;
    episode->record->state = WH_EPISODE_GREEN;
}

static void
wither(struct episode *episode, const int64_t *interval)
{
    struct wh_qualification_record *record = episode->record;
    record->state = WH_EPISODE_GREEN;
    record->closed = interval[WH_INTERVAL_ITEM_TO];
    wh_announce_decided(episode->look, record->closed);
    if (interval[WH_INTERVAL_ITEM_REASON] == WH_INTERVAL_RAN_OUT) {
        return;
    }
    struct wh_bringer bringer = wh_bringer_of_fold(episode->look, interval[WH_INTERVAL_ITEM_TO],
                                                   interval[WH_INTERVAL_ITEM_CAUSE]);
    struct wh_event *event = episode_event(episode, WH_EVENT_WITHERED, &bringer);
    bool is_except = interval[WH_INTERVAL_ITEM_REASON] == WH_INTERVAL_EXCEPT;
    event->reason = is_except ? WH_STR("except") : WH_STR("disarm");
}

/* What was announced is ripe no longer. */
static void
end(struct episode *episode)
{
    const int64_t *interval = last_ended_after(episode, episode->record->began);
    if (interval != NULL) {
        wither(episode, interval);
    } else {
        withdraw(episode);
    }
}

static void
look_back(struct episode *episode)
{
    struct wh_qualification_record *record = episode->record;
    if (record->state == WH_EPISODE_ANNOUNCED) {
        if (!episode->ripe) {
            end(episode);
        }
        return;
    }
    if (record->episode == 0 || record->settled) {
        return;
    }
    if (record->closed < episode->look->moment->now - episode->look->view->ruleset->history_keep) {
        record->settled = true;
    } else if (!was_ripe_between(episode, record->began, record->closed)) {
        enum wh_episode_state state = record->state;
        withdraw(episode);
        record->state = state;
    }
}

/* When the cool-down of the last episode is over; WH_TIME_MIN when there is none to wait for. */
static int64_t
cool_again(const struct episode *episode)
{
    int64_t from = episode->record->cool_from;
    return from == WH_TIME_MIN ? WH_TIME_MIN : from + episode->qualification->cool_down;
}

static bool
is_held_back(const struct episode *episode)
{
    const struct wh_qualification *qualification = episode->qualification;
    bool spent =
        qualification->max >= 0 && episode->record->episode >= (uint64_t)qualification->max;
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
qualify(struct episode *episode)
{
    const struct wh_look *look = episode->look;
    struct wh_qualification_record *record = episode->record;
    struct wh_bringer bringer = bringer_of_episode(episode);
    record->episode++;
    struct wh_event *event = episode_event(episode, WH_EVENT_QUALIFIED, &bringer);
    wh_route_choose(look->view, &event->route);
    wh_announce_say(look, &episode->qualification->say, &bringer, event);
    record->state = WH_EPISODE_ANNOUNCED;
    record->settled = false;
    record->silent = event->silent;
    record->began = wh_bringer_begin(look, &bringer);
    record->closed = WH_TIME_NEVER;
    record->cool_before = record->cool_from;
    record->cool_from = record->began;
}

static void
look_at(const struct wh_look *look, int32_t index)
{
    const struct wh_qualification *qualification = &look->view->ruleset->qualifications[index];
    const int64_t *cells = look->view->fold->cells + qualification->cell;
    int32_t ripe = WH_QUALIFICATION_CELL_RIPE + WH_STRETCH_VALUE;
    struct episode episode = {
        .look = look,
        .qualification = qualification,
        .record = &look->announced->qualifications[index],
        .ended = &look->view->fold->lists[qualification->intervals_list],
        .ripe = cells[ripe] != 0,
    };
    look_back(&episode);
    if (episode.record->state == WH_EPISODE_ANNOUNCED) {
        return;
    }
    if (!episode.ripe) {
        episode.record->state = WH_EPISODE_GREEN;
    } else if (is_held_back(&episode)) {
        episode.record->state = WH_EPISODE_HELD;
    } else {
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
