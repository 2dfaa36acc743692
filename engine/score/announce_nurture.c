/* Where a lead is on its nurture tracks (rules.md 26). A position is an announcement, not a value:
 * what a step has done stays done, whatever is learned later.
 *
 *     enter becomes true ──┐                      ┌── exit was true since it began, or `stop`
 *     `start` of a firing ─┴─> on its way, at a ──┼── end, or behind the last step
 *                              step, due then     └── another began earlier (a merge)
 *
 * A lead is on a track once at a time. What would begin it again meanwhile is spent. What began a
 * way leaves a mark that goes where the touches go, so nothing begins a second one. Outside the
 * audience a lead stands still; what is due acts when it comes in. */
#include "engine/base/hash.h"
#include "engine/rules/cells.h"
#include "engine/rules/schedule.h"
#include "engine/score/announce_family.h"

/* Waits that are over already in one look, for a lead that comes late: after so many the next one
 * counts from the look. */
#define CATCH_UP_MAX 64

struct way {
    const struct wh_look *look;
    const struct wh_track *track;
    int32_t index;
    struct wh_bringer bringer; /* of the step at hand */
};

/* Of what began it: the touch, or the due moment. */
static uint64_t
fingerprint_of(const struct wh_look *look, const struct wh_bringer *bringer)
{
    struct wh_buf buf;
    wh_buf_init(&buf, look->effects->arena);
    if (bringer->touch.len > 0) {
        return wh_hash_fingerprint(bringer->touch);
    }
    wh_buf_push_text(&buf, "due-");
    wh_buf_push_int(&buf, bringer->at);
    return wh_hash_fingerprint(wh_buf_str(&buf));
}

static bool
was_seen(const struct way *way, uint64_t fingerprint)
{
    const struct wh_announced *announced = way->look->announced;
    for (uint32_t i = announced->nurture_count; i > 0; i--) {
        const struct wh_nurture *nurture = &announced->nurtures[i - 1];
        if (nurture->track == way->index && nurture->fingerprint == fingerprint) {
            return true;
        }
    }
    return false;
}

static void
finish(struct wh_nurture *nurture)
{
    nurture->over = true;
    nurture->step = 0;
    nurture->due = WH_TIME_NEVER;
}

/* Whether `exit` was true at any moment since then, by what is known now. */
static bool
has_left(const struct way *way, int64_t began)
{
    if (way->track->exit_cell < 0) {
        return false;
    }
    const int64_t *stretch = way->look->view->fold->cells + way->track->exit_cell;
    return stretch[WH_STRETCH_VALUE] != 0 ||
           (stretch[WH_STRETCH_SINCE] != WH_TIME_MIN && stretch[WH_STRETCH_SINCE] > began);
}

/* Of several after a merge the one that began first goes on. */
static void
keep_first(const struct way *way)
{
    const struct wh_announced *announced = way->look->announced;
    const struct wh_nurture *first = wh_announced_going(announced, way->index);
    for (uint32_t i = 0; first != NULL && i < announced->nurture_count; i++) {
        struct wh_nurture *nurture = &announced->nurtures[i];
        if (nurture->track == way->index && !nurture->over &&
            (nurture != first || has_left(way, nurture->began))) {
            finish(nurture);
        }
    }
}

/* A lead that is on its way already, or has left before it began, is not sent again; nor is one
 * sent that only another model would send, and silently. */
static bool
is_spent(const struct way *way)
{
    return wh_look_is_silent(way->look) ||
           wh_announced_going(way->look->announced, way->index) != NULL ||
           has_left(way, wh_bringer_begin(way->look, &way->bringer));
}

static void
begin(const struct way *way)
{
    const struct wh_look *look = way->look;
    const struct wh_bringer *bringer = &way->bringer;
    bool spent = is_spent(way);
    wh_announce_decided(look, bringer->at);
    struct wh_nurture *nurture = wh_announced_add_nurture(look->announced);
    nurture->track = way->index;
    nurture->fingerprint = fingerprint_of(look, bringer);
    nurture->began = wh_bringer_begin(look, bringer);
    nurture->due = nurture->began;
    nurture->minute = wh_bringer_minute(look, bringer);
    if (spent) {
        finish(nurture);
    }
}

/* A flag that moves only at looks, as that of a trigger with `when`. */
static bool
enters(struct way *way)
{
    struct wh_track_record *record = &way->look->announced->tracks[way->index];
    bool holds = way->look->view->fold->cells[way->track->enter_cell + WH_STRETCH_VALUE] != 0;
    bool is_edge = holds && !record->standing;
    record->standing = holds;
    if (!is_edge) {
        return false;
    }
    way->bringer = wh_bringer_of_value(way->look, way->track->enter_cell);
    return !was_seen(way, fingerprint_of(way->look, &way->bringer));
}

/* What actions of this look have asked for: a `stop` comes before the `start` behind it. */
static void
obey(struct way *way)
{
    const struct wh_asked *asked = &way->look->asked[way->index];
    struct wh_nurture *nurture = wh_announced_going(way->look->announced, way->index);
    struct way wish = *way;
    if (asked->stop && nurture != NULL) {
        finish(nurture);
    }
    wish.bringer = asked->bringer;
    if (asked->start && !is_spent(&wish)) {
        begin(&wish);
        *way = wish;
    }
}

static bool
is_known(const struct way *way, const struct wh_track_step *step)
{
    return step->known.count > 0 && wh_value_is_known(wh_eval(way->look->view, &step->known));
}

static void
act(const struct way *way, const struct wh_track_step *step)
{
    const struct wh_look *look = way->look;
    struct wh_event *event =
        wh_announce_event(look, WH_EVENT_NURTURE, way->track->id, &way->bringer);
    struct wh_action *action = WH_ARENA_NEW(look->effects->arena, struct wh_action);
    bool known = true;
    look->view->touch = way->bringer.row;
    action->kind = step->action;
    action->what.value = wh_value_string(wh_eval_template(look->view, &step->text, &known));
    look->view->touch = -1;
    event->step = step->name;
    event->actions = action;
    event->action_count = 1;
    event->number = ++look->announced->tracks[way->index].acted;
}

/* False: the schedule is closed, and it waits until it opens. */
static bool
is_open(const struct way *way, const struct wh_track_step *step, struct wh_nurture *nurture)
{
    if (step->schedule < 0) {
        return true;
    }
    const struct wh_schedule *schedule = &way->look->view->ruleset->schedules[step->schedule];
    if (wh_schedule_holds(schedule, nurture->due)) {
        return true;
    }
    nurture->due = wh_schedule_next(schedule, nurture->due, WH_TIME_NEVER);
    return false;
}

static void
do_step(struct way *way, struct wh_nurture *nurture)
{
    const struct wh_track_step *step = &way->track->steps[nurture->step];
    switch (step->kind) {
    case WH_TRACK_STEP_WAIT:
        nurture->due += step->wait;
        nurture->step++;
        break;
    case WH_TRACK_STEP_GO:
        nurture->step = wh_eval_holds(way->look->view, &step->when) ? step->go : nurture->step + 1;
        break;
    case WH_TRACK_STEP_ACT:
        if (is_known(way, step)) {
            nurture->step++;
        } else if (is_open(way, step, nurture)) {
            act(way, step);
            nurture->step++;
        }
        break;
    case WH_TRACK_STEP_END:
        finish(nurture);
        break;
    }
}

/* What is due when the lead comes in again was brought by that. */
static void
catch_up(struct way *way, struct wh_nurture *nurture)
{
    int32_t audience = way->look->view->ruleset->layout.audience;
    way->bringer = (struct wh_bringer){.at = nurture->due, .row = -1};
    if (way->look->view->fold->cells[audience + WH_STRETCH_SINCE] != WH_TIME_MIN) {
        way->bringer = wh_bringer_later(way->bringer, wh_bringer_of_stretch(way->look, audience));
    }
    nurture->due = way->bringer.at > nurture->due ? way->bringer.at : nurture->due;
}

/* All steps up to now; whoever has just begun is at the first one, by what began it. */
static void
go_on(struct way *way, struct wh_nurture *nurture, bool is_new)
{
    int64_t now = way->look->moment->now;
    uint32_t waits = 0;
    if (!is_new && nurture->due <= now) {
        catch_up(way, nurture);
    }
    while (!nurture->over && nurture->due <= now) {
        int64_t due = nurture->due;
        if ((size_t)nurture->step == way->track->step_count) {
            finish(nurture);
            return;
        }
        do_step(way, nurture);
        if (!nurture->over && nurture->due > due) {
            way->bringer = (struct wh_bringer){.at = nurture->due, .row = -1};
            waits++;
        }
        if (waits == CATCH_UP_MAX) {
            nurture->due = nurture->due > now ? nurture->due : now + (nurture->due - due);
        }
    }
}

static void
look_at(const struct wh_look *look, int32_t index)
{
    struct way way = {.look = look, .track = &look->view->ruleset->tracks[index], .index = index};
    keep_first(&way);
    bool was_going = wh_announced_going(look->announced, index) != NULL;
    if (enters(&way)) {
        begin(&way);
    }
    /* Steps that are due act with the next look, and nobody asked for anything. */
    if (wh_look_is_silent(look)) {
        return;
    }
    bool is_stopped = look->asked[index].stop;
    obey(&way);
    struct wh_nurture *nurture = wh_announced_going(look->announced, index);
    if (nurture != NULL) {
        go_on(&way, nurture, !was_going || is_stopped);
    }
}

void
wh_announce_nurture(const struct wh_look *look)
{
    for (size_t i = 0; i < look->view->ruleset->track_count; i++) {
        look_at(look, (int32_t)i);
    }
}

int64_t
wh_announce_nurture_due(const struct wh_announced *announced, int64_t now)
{
    int64_t next = WH_TIME_NEVER;
    for (uint32_t i = 0; i < announced->nurture_count; i++) {
        int64_t due = announced->nurtures[i].due;
        next = due > now && due < next ? due : next;
    }
    return next;
}
