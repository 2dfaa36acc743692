/* What had to hold for an event. */
#include "engine/score/story_parts.h"

/* Conditions found so far; there is room for as many as there may be. */
struct found {
    struct wh_teller *teller;
    struct wh_story_condition *conditions;
    size_t count;
};

static void
add(struct found *found, const struct wh_program *program)
{
    if (program->count > 0) {
        found->conditions[found->count++] =
            wh_story_condition_of(found->teller, program, program->root, program->source);
    }
}

/* What is judged at a touch cannot be judged without it; that it left says what it was. */
static void
add_as_of_touch(struct found *found, const struct wh_program *program)
{
    if (program->count > 0) {
        found->conditions[found->count++] =
            (struct wh_story_condition){.text = program->source, .state = WH_MATCH};
    }
}

static void
find_segment(struct found *found, struct wh_str name)
{
    const struct wh_ruleset *ruleset = found->teller->ruleset;
    for (size_t i = 0; i < ruleset->segment_count; i++) {
        if (wh_str_equal(ruleset->segments[i].id, name)) {
            add(found, &ruleset->segments[i].when);
        }
    }
}

static void
find_trigger(struct found *found, struct wh_str name)
{
    const struct wh_ruleset *ruleset = found->teller->ruleset;
    for (size_t i = 0; i < ruleset->trigger_count; i++) {
        const struct wh_trigger *trigger = &ruleset->triggers[i];
        if (!wh_str_equal(trigger->id, name)) {
            continue;
        }
        if (trigger->has_on) {
            add_as_of_touch(found, &trigger->when);
        } else {
            add(found, &trigger->when);
        }
    }
}

static struct wh_str
number_text(struct wh_teller *teller, const struct wh_program *program, int64_t number)
{
    struct wh_value value = wh_value_of((enum wh_type)program->nodes[program->root].type, number);
    return wh_eval_text(teller->view, program, value);
}

/* The band that the value lies in: what it is, and from where to where. */
static void
add_band(struct found *found, const struct wh_label *label)
{
    struct wh_teller *teller = found->teller;
    struct wh_value value = wh_eval(teller->view, &label->of);
    struct wh_story_condition *condition = &found->conditions[found->count++];
    size_t band = label->name_count;
    struct wh_buf buf;
    *condition = (struct wh_story_condition){.text = label->of.source, .state = WH_MATCH_UNKNOWN};
    while (wh_value_is_known(value) && band > 0 && value.number < label->from[band - 1]) {
        band--;
    }
    if (!wh_value_is_known(value) || band == 0) {
        return; /* below the first one: unknown */
    }
    wh_buf_init(&buf, teller->arena);
    wh_buf_push_text(&buf, ">= ");
    wh_buf_push(&buf, number_text(teller, &label->of, label->from[band - 1]));
    if (band < label->name_count) {
        wh_buf_push_text(&buf, " and < ");
        wh_buf_push(&buf, number_text(teller, &label->of, label->from[band]));
    }
    condition->state = WH_MATCH;
    condition->now = wh_eval_text(teller->view, &label->of, value);
    condition->needs = wh_buf_str(&buf);
}

/* All up to the one that is true: that is what made those before it count. */
static void
add_cases(struct found *found, const struct wh_label *label)
{
    for (size_t i = 0; i < label->case_count; i++) {
        add(found, &label->cases[i]);
        if (wh_eval_holds(found->teller->view, &label->cases[i])) {
            return;
        }
    }
}

static void
find_label(struct found *found, struct wh_str name)
{
    const struct wh_ruleset *ruleset = found->teller->ruleset;
    for (size_t i = 0; i < ruleset->label_count; i++) {
        const struct wh_label *label = &ruleset->labels[i];
        if (wh_str_equal(label->id, name) && label->is_cases) {
            add_cases(found, label);
        } else if (wh_str_equal(label->id, name)) {
            add_band(found, label);
        }
    }
}

static void
find_stage(struct found *found, struct wh_str name)
{
    const struct wh_stages *stages = &found->teller->ruleset->stages;
    for (size_t i = 0; i < stages->move_count; i++) {
        const struct wh_move *move = &stages->moves[i];
        if (!move->has_on && wh_str_equal(stages->names[move->to], name)) {
            add(found, &move->when);
        }
    }
}

static size_t
room_for(const struct wh_ruleset *ruleset)
{
    size_t room = ruleset->stages.move_count + 1;
    for (size_t i = 0; i < ruleset->label_count; i++) {
        room += ruleset->labels[i].case_count;
    }
    return room;
}

void
wh_story_tell_conditions(const struct wh_ruleset *ruleset, struct wh_state *state,
                         enum wh_event_kind kind, struct wh_str name, struct wh_arena *arena,
                         struct wh_story_because *ret_because)
{
    struct wh_view view;
    struct wh_teller teller = {.ruleset = ruleset, .state = state, .view = &view, .arena = arena};
    struct found found = {.teller = &teller};
    wh_view_init(&view, ruleset, state, &state->live, arena);
    view.now = state->now;
    view.rows = state->live.rows;
    found.conditions = WH_ARENA_ARRAY(arena, struct wh_story_condition, room_for(ruleset));
    if (kind == WH_EVENT_SEGMENT_ENTERED || kind == WH_EVENT_SEGMENT_LEFT) {
        find_segment(&found, name);
    } else if (kind == WH_EVENT_FIRED) {
        find_trigger(&found, name);
    } else if (kind == WH_EVENT_LABEL_CHANGED) {
        find_label(&found, name);
    } else if (kind == WH_EVENT_STAGE_CHANGED) {
        find_stage(&found, name);
    }
    *ret_because = (struct wh_story_because){found.conditions, found.count};
}
