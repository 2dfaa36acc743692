/* Each qualification: what it needs, what there is, what holds it back, what was announced. */
#include "engine/rules/cells.h"
#include "engine/score/story_parts.h"

static const char *
relation_text(enum wh_op op)
{
    static const struct {
        enum wh_op op;
        const char *text;
    } relations[] = {
        {WH_OP_EQ, "=="}, {WH_OP_NE, "!="}, {WH_OP_LT, "<"},
        {WH_OP_LE, "<="}, {WH_OP_GT, ">"},  {WH_OP_GE, ">="},
    };
    for (size_t i = 0; i < sizeof(relations) / sizeof(relations[0]); i++) {
        if (relations[i].op == op) {
            return relations[i].text;
        }
    }
    return NULL;
}

/* A node's value as text. Labels are named by the part of the program that makes them, literals
 * among them by what they are compared with. */
static struct wh_str
node_text(struct wh_teller *teller, const struct wh_program *program, int16_t node, int16_t beside)
{
    struct wh_program part = *program;
    struct wh_value value = wh_eval_node(teller->view, program, (uint16_t)node);
    bool is_literal = program->nodes[node].op == WH_OP_CONST;
    part.root = (uint16_t)(is_literal && value.type == WH_TYPE_LABEL ? beside : node);
    return wh_value_is_known(value) ? wh_eval_text(teller->view, &part, value) : WH_STR("unknown");
}

static enum wh_match
match_of(struct wh_value value)
{
    if (!wh_value_is_known(value)) {
        return WH_MATCH_UNKNOWN;
    }
    return wh_value_is_true(value) ? WH_MATCH : WH_MISMATCH;
}

struct wh_story_condition
wh_story_condition_of(struct wh_teller *teller, const struct wh_program *program, uint16_t root,
                      struct wh_str text)
{
    struct wh_story_condition condition = {.text = text};
    const struct wh_node *node = &program->nodes[root];
    const char *relation = relation_text((enum wh_op)node->op);
    condition.state = match_of(wh_eval_node(teller->view, program, root));
    if (relation != NULL) {
        struct wh_buf buf;
        wh_buf_init(&buf, teller->arena);
        wh_buf_printf(&buf, "%s ", relation);
        wh_buf_push(&buf, node_text(teller, program, node->second, node->first));
        condition.now = node_text(teller, program, node->first, node->second);
        condition.needs = wh_buf_str(&buf);
    }
    return condition;
}

static struct wh_story_condition
whole(struct wh_teller *teller, const struct wh_program *program)
{
    return wh_story_condition_of(teller, program, program->root, program->source);
}

static void
tell_parts(struct wh_teller *teller, const struct wh_qualification *qualification,
           struct wh_story_qualification *told)
{
    /* Without parts of its own the condition is its one part. */
    struct wh_program_part one = {qualification->arm.root, qualification->arm.source};
    const struct wh_program_part *parts = qualification->arm_parts;
    size_t count = qualification->arm_part_count;
    if (count == 0) {
        parts = &one;
        count = 1;
    }
    struct wh_story_condition *conditions =
        WH_ARENA_ARRAY(teller->arena, struct wh_story_condition, count);
    for (size_t i = 0; i < count; i++) {
        conditions[i] =
            wh_story_condition_of(teller, &qualification->arm, parts[i].root, parts[i].source);
        wh_story_add_ways(teller, &qualification->arm, parts[i].root, &conditions[i]);
    }
    told->parts = conditions;
    told->part_count = count;
}

/* A signal in the words of the model: entered(comparing). */
static struct wh_str
signal_text(struct wh_teller *teller, const struct wh_signal *signal)
{
    const struct wh_ruleset *ruleset = teller->ruleset;
    struct wh_buf buf;
    wh_buf_init(&buf, teller->arena);
    switch (signal->kind) {
    case WH_SIGNAL_ENTERED:
        wh_buf_printf(&buf, "entered(%.*s)", WH_STR_ARG(ruleset->segments[signal->of].id));
        break;
    case WH_SIGNAL_LEFT:
        wh_buf_printf(&buf, "left(%.*s)", WH_STR_ARG(ruleset->segments[signal->of].id));
        break;
    case WH_SIGNAL_CHANGED:
        wh_buf_printf(&buf, "changed(%.*s)", WH_STR_ARG(ruleset->labels[signal->of].id));
        break;
    case WH_SIGNAL_FIRED:
        wh_buf_printf(&buf, "fired(%.*s)", WH_STR_ARG(ruleset->triggers[signal->of].id));
        break;
    }
    return wh_buf_str(&buf);
}

const struct wh_str *
wh_story_selector_words(struct wh_teller *teller, const struct wh_selector *selector,
                        size_t *ret_count)
{
    const struct wh_ruleset *ruleset = teller->ruleset;
    size_t room = selector->type_count + selector->signal_count + 2;
    struct wh_str *words = WH_ARENA_ARRAY(teller->arena, struct wh_str, room);
    size_t count = 0;
    if (selector->any) {
        words[count++] = WH_STR("any");
    }
    if (selector->session) {
        words[count++] = WH_STR("session");
    }
    for (size_t i = 0; i < selector->type_count; i++) {
        words[count++] = ruleset->types[selector->types[i]].name;
    }
    for (size_t i = 0; i < selector->signal_count; i++) {
        words[count++] = signal_text(teller, &ruleset->signals[selector->signals[i]]);
    }
    *ret_count = count;
    return words;
}

static void
tell_conditions(struct wh_teller *teller, const struct wh_qualification *qualification,
                struct wh_story_qualification *told)
{
    told->has_on = qualification->has_on;
    if (qualification->has_on) {
        told->on = wh_story_selector_words(teller, &qualification->on, &told->on_count);
        told->when = qualification->when.source;
    } else {
        tell_parts(teller, qualification, told);
    }
    told->has_gate = qualification->gate.count > 0;
    told->has_except = qualification->except.count > 0;
    told->has_disarm = qualification->disarm.count > 0;
    if (told->has_gate) {
        told->gate = whole(teller, &qualification->gate);
        wh_story_add_ways(teller, &qualification->gate, qualification->gate.root, &told->gate);
    }
    if (told->has_except) {
        told->except = whole(teller, &qualification->except);
    }
    if (told->has_disarm) {
        told->disarm = whole(teller, &qualification->disarm);
    }
}

static uint32_t
count_withdrawn(const struct wh_announced *announced, int32_t index)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < announced->decision_count; i++) {
        const struct wh_decision *decision = &announced->decisions[i];
        count += decision->qualification == index && decision->state == WH_DECISION_WITHDRAWN;
    }
    return count;
}

static void
tell_decisions(struct wh_teller *teller, int32_t index, struct wh_story_qualification *told)
{
    const struct wh_announced *announced = &teller->state->announced;
    const struct wh_decision *last = wh_announced_latest(announced, index);
    int64_t cool_from = wh_announced_cool_from(announced, index);
    int64_t cool_down = teller->ruleset->qualifications[index].cool_down;
    told->episodes = announced->qualifications[index].episode;
    told->withdrawn = count_withdrawn(announced, index);
    told->began = last != NULL ? last->began : WH_TIME_MIN;
    told->closed = last != NULL ? last->closed : WH_TIME_NEVER;
    /* A withdrawn episode stands no more, and was closed by no end of its own. */
    told->began_by = last != NULL ? last->began_by : told->began_by;
    told->ended_by = last != NULL ? last->ended_by : told->ended_by;
    told->is_silent = last != NULL && last->silent;
    told->last_withdrawn = last != NULL && last->state == WH_DECISION_WITHDRAWN;
    told->cool_until = WH_TIME_MIN;
    if (cool_from != WH_TIME_MIN && cool_from + cool_down > teller->state->now) {
        told->cool_until = cool_from + cool_down;
    }
}

static bool
is_spent(struct wh_teller *teller, int32_t index)
{
    const struct wh_qualification *qualification = &teller->ruleset->qualifications[index];
    uint64_t held = wh_announced_count(&teller->state->announced, index);
    return qualification->max >= 0 && held >= (uint64_t)qualification->max;
}

static enum wh_story_standing
standing_of(struct wh_teller *teller, int32_t index, const struct wh_story_qualification *told)
{
    if (wh_announced_standing(&teller->state->announced, index) != NULL) {
        return told->is_silent && told->began_by.len > 0 ? WH_STORY_RECORDED : WH_STORY_ANNOUNCED;
    }
    if (!told->ripe) {
        return told->armed && told->has_except && told->except.state == WH_MATCH ? WH_STORY_EXCLUDED
                                                                                 : WH_STORY_GREEN;
    }
    if (!teller->story->in_audience) {
        return WH_STORY_SILENT;
    }
    if (is_spent(teller, index)) {
        return WH_STORY_SPENT;
    }
    if (told->cool_until != WH_TIME_MIN) {
        return WH_STORY_COOL_DOWN;
    }
    if (told->has_gate && told->gate.state != WH_MATCH) {
        return WH_STORY_GATE;
    }
    return WH_STORY_WAITING;
}

static struct wh_story_qualification
tell_one(struct wh_teller *teller, int32_t index)
{
    const struct wh_qualification *qualification = &teller->ruleset->qualifications[index];
    const int64_t *cells = teller->state->live.cells + qualification->cell;
    const int64_t *ripe = cells + WH_QUALIFICATION_CELL_RIPE;
    struct wh_story_qualification told = {
        .name = qualification->id,
        .armed = cells[WH_QUALIFICATION_CELL_ARMED] != 0,
        .ripe = ripe[WH_STRETCH_VALUE] != 0,
        .ripe_since = ripe[WH_STRETCH_SINCE],
        .armed_until = WH_TIME_NEVER,
    };
    bool runs_out =
        qualification->has_on && qualification->disarm.count == 0 && !qualification->disarm_never;
    if (told.armed && runs_out) {
        told.armed_until = cells[WH_QUALIFICATION_CELL_UNTIL];
    }
    tell_conditions(teller, qualification, &told);
    tell_decisions(teller, index, &told);
    told.standing = standing_of(teller, index, &told);
    return told;
}

void
wh_story_tell_qualifications(struct wh_teller *teller)
{
    size_t count = teller->ruleset->qualification_count;
    struct wh_story_qualification *told =
        WH_ARENA_ARRAY(teller->arena, struct wh_story_qualification, count);
    for (size_t i = 0; i < count; i++) {
        told[i] = tell_one(teller, (int32_t)i);
    }
    teller->story->qualifications = told;
    teller->story->qualification_count = count;
}
