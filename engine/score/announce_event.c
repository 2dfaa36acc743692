/* Makes the events of a look. */
#include "engine/rules/cells.h"
#include "engine/score/announce_family.h"
#include "engine/score/explain.h"

struct wh_bringer
wh_bringer_of_look(const struct wh_look *look)
{
    const struct wh_state *state = look->view->state;
    struct wh_bringer bringer = {.at = look->moment->now, .row = look->row};
    if (look->row >= 0) {
        bringer.at = state->history.at[look->row];
        bringer.touch = wh_strings_get(&state->strings, state->history.id[look->row]);
    }
    return bringer;
}

struct wh_str
wh_look_model(const struct wh_look *look)
{
    return look->adoption == NULL ? (struct wh_str){NULL, 0}
                                  : wh_str_of(look->view->ruleset->hash_hex);
}

struct wh_bringer
wh_bringer_of_fold(const struct wh_look *look, int64_t at, int64_t cause)
{
    const struct wh_state *state = look->view->state;
    struct wh_bringer bringer = {.at = at, .row = -1};
    if (cause == WH_CAUSE_DUE) {
        return bringer;
    }
    uint32_t id = (uint32_t)(cause - 1);
    bringer.touch = wh_strings_get(&state->strings, id);
    uint32_t row = wh_history_place_of(&state->history, &state->strings, at, bringer.touch);
    bool is_here =
        row < state->history.count && state->history.at[row] == at && state->history.id[row] == id;
    bringer.row = is_here ? (int32_t)row : -1;
    return bringer;
}

struct wh_bringer
wh_bringer_of_stretch(const struct wh_look *look, int32_t cell)
{
    const int64_t *stretch = look->view->fold->cells + cell;
    return stretch[WH_STRETCH_SINCE] == WH_TIME_MIN
               ? wh_bringer_of_look(look)
               : wh_bringer_of_fold(look, stretch[WH_STRETCH_SINCE], stretch[WH_STRETCH_CAUSE]);
}

struct wh_bringer
wh_bringer_later(struct wh_bringer a, struct wh_bringer b)
{
    if (a.at != b.at) {
        return a.at > b.at ? a : b;
    }
    if ((a.touch.len == 0) != (b.touch.len == 0)) {
        return a.touch.len == 0 ? b : a;
    }
    return wh_str_compare(a.touch, b.touch) >= 0 ? a : b;
}

struct wh_bringer
wh_bringer_of_value(const struct wh_look *look, int32_t cell)
{
    int32_t audience = look->view->ruleset->layout.audience;
    if (look->adoption != NULL) {
        return wh_bringer_of_look(look);
    }
    struct wh_bringer bringer = wh_bringer_of_stretch(look, cell);
    if (look->view->fold->cells[audience + WH_STRETCH_SINCE] == WH_TIME_MIN) {
        return bringer;
    }
    return wh_bringer_later(bringer, wh_bringer_of_stretch(look, audience));
}

void
wh_announce_decided(const struct wh_look *look, int64_t at)
{
    int64_t moment = look->row < 0 && look->moment->now > at ? look->moment->now : at;
    if (moment > look->announced->processed) {
        look->announced->processed = moment;
    }
}

static const struct wh_snapshot *
snapshot_of(const struct wh_look *look)
{
    struct wh_snapshot *snapshot = WH_ARENA_NEW(look->effects->arena, struct wh_snapshot);
    *snapshot = *wh_explain_snapshot(look->view, look->effects->arena);
    snapshot->also = look->self->also;
    snapshot->also_count = look->self->also_count;
    return snapshot;
}

static struct wh_str
touch_type(const struct wh_state *state, int32_t row)
{
    if (row < 0) {
        return (struct wh_str){NULL, 0};
    }
    wh_cell_t cell = wh_history_cell(&state->history, WH_FIELD_TYPE, (uint32_t)row);
    return wh_strings_of_cell(&state->strings, cell).text;
}

void
wh_announce_fill(const struct wh_look *look, enum wh_event_kind kind, struct wh_str name,
                 const struct wh_bringer *bringer, struct wh_event *event)
{
    const struct wh_state *state = look->view->state;
    int64_t begin = wh_bringer_begin(look, bringer);
    wh_announce_decided(look, bringer->at);
    event->kind = kind;
    event->name = name;
    event->occurred = bringer->at;
    event->received = bringer->row >= 0 ? state->history.received[bringer->row] : bringer->at;
    event->decided = look->moment->now;
    event->late = begin > bringer->at;
    event->silent = begin < look->moment->announce_from || wh_look_is_silent(look);
    event->cause.touch = wh_touch_id(bringer->touch);
    event->cause.is_due = event->cause.touch.len == 0;
    event->cause.type = touch_type(state, bringer->row);
    event->cause.at = bringer->at;
    if (look->adoption != NULL) {
        event->cause.model = look->adoption->former;
    }
    event->snapshot = snapshot_of(look);
}

struct wh_event *
wh_announce_event(const struct wh_look *look, enum wh_event_kind kind, struct wh_str name,
                  const struct wh_bringer *bringer)
{
    struct wh_event *event = wh_effects_push(look->effects);
    if (event == NULL) {
        event = WH_ARENA_NEW(look->effects->arena, struct wh_event);
    }
    wh_announce_fill(look, kind, name, bringer, event);
    return event;
}

void
wh_announce_as(const struct wh_look *look, struct wh_key published, int64_t life,
               struct wh_event *event)
{
    struct wh_arena *arena = look->effects->arena;
    struct wh_snapshot *snapshot = WH_ARENA_NEW(arena, struct wh_snapshot);
    *snapshot = *event->snapshot;
    snapshot->life = life;
    if (look->self->secret != NULL && wh_key_compare(published, look->self->key) != 0) {
        struct wh_hash_id id = wh_key_id(look->self->secret, arena, published);
        snapshot->key = wh_key_text(arena, published);
        snapshot->lead_id = wh_explain_id(&id, arena);
    }
    event->snapshot = snapshot;
}

/* Done here as well, at the end of the look. */
static void
ask_track(const struct wh_look *look, const struct wh_action_rule *rule,
          const struct wh_bringer *bringer)
{
    if (rule->track < 0) {
        return;
    }
    struct wh_asked *asked = &look->asked[rule->track];
    asked->start = rule->kind == WH_ACTION_START;
    asked->stop = asked->stop || rule->kind == WH_ACTION_STOP;
    asked->bringer = *bringer;
}

static const struct wh_action *
evaluate_actions(const struct wh_look *look, const struct wh_announcement *say,
                 const struct wh_bringer *bringer)
{
    struct wh_view *view = look->view;
    struct wh_action *actions =
        WH_ARENA_ARRAY(look->effects->arena, struct wh_action, say->action_count);
    for (size_t i = 0; i < say->action_count; i++) {
        const struct wh_action_rule *rule = &say->actions[i];
        actions[i].kind = rule->kind;
        actions[i].what.name = rule->name;
        if (rule->kind == WH_ACTION_SET) {
            actions[i].what.value = wh_eval(view, &rule->value);
        } else {
            bool known = true;
            actions[i].what.value = wh_value_string(wh_eval_template(view, &rule->text, &known));
        }
        ask_track(look, rule, bringer);
    }
    return actions;
}

/* Labels leave by name: the program knows which label its ordinal belongs to. */
static struct wh_value
plain_value(struct wh_view *view, const struct wh_program *program)
{
    struct wh_value value = wh_eval(view, program);
    return value.type == WH_TYPE_LABEL ? wh_value_string(wh_eval_text(view, program, value))
                                       : value;
}

void
wh_announce_say(const struct wh_look *look, const struct wh_announcement *say,
                const struct wh_bringer *bringer, struct wh_event *event)
{
    struct wh_arena *arena = look->effects->arena;
    struct wh_view *view = look->view;
    bool known = true;
    view->touch = bringer->row;
    event->note = wh_eval_template(view, &say->note, &known);
    struct wh_named *with = WH_ARENA_ARRAY(arena, struct wh_named, say->with_count);
    for (size_t i = 0; i < say->with_count; i++) {
        with[i] = (struct wh_named){say->with[i].name, plain_value(view, &say->with[i].value)};
    }
    event->with = (struct wh_named_list){with, say->with_count};
    event->actions = evaluate_actions(look, say, bringer);
    event->action_count = say->action_count;
    view->touch = -1;
}
