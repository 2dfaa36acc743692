#include "tests/support/ruleset_fixture.h"

#include <assert.h>

#include "engine/rules/decay.h"
#include "engine/rules/layout.h"

/* Trees of tests are small. */
#define NODES_MAX 64

static const struct wh_touch_type fixture_types[WH_FIXTURE_TYPES] = {
    [WH_FIXTURE_PAGE_VIEW] = {{"page_view", 9}, true, {"web", 3}},
    [WH_FIXTURE_DOWNLOAD] = {{"download", 8}, true, {"web", 3}},
    [WH_FIXTURE_CLICK] = {{"email_click", 11}, true, {"email", 5}},
    [WH_FIXTURE_SENT] = {{"email_sent", 10}, false, {"email", 5}},
};

static const uint8_t fixture_flags[WH_FIXTURE_TYPES] = {
    [WH_FIXTURE_PAGE_VIEW] = WH_ROW_ACT | WH_ROW_SITE | WH_ROW_PAGE,
    [WH_FIXTURE_DOWNLOAD] = WH_ROW_ACT | WH_ROW_SITE,
    [WH_FIXTURE_CLICK] = WH_ROW_ACT,
    [WH_FIXTURE_SENT] = 0,
};

void
wh_fixture_init(struct wh_fixture *fixture)
{
    *fixture = (struct wh_fixture){.ruleset = {.zone = &wh_zone_utc,
                                               .session_gap = 30 * WH_US_PER_MINUTE,
                                               .history_keep = 400 * WH_US_PER_DAY,
                                               .minimum = WH_VERDICT_UNCONFIRMED,
                                               .types = fixture_types,
                                               .type_count = WH_FIXTURE_TYPES,
                                               .column_count = WH_FIXTURE_COLUMNS}};
    wh_arena_init(&fixture->arena, 0);
    fixture->ruleset.aggregates = fixture->aggregates;
    fixture->ruleset.signals = fixture->signals;
    fixture->ruleset.scores = fixture->scores;
    fixture->ruleset.rules = fixture->rules;
    fixture->ruleset.segments = fixture->segments;
    fixture->ruleset.labels = fixture->labels;
}

void
wh_fixture_fini(struct wh_fixture *fixture)
{
    wh_arena_fini(&fixture->arena);
}

static const struct wh_tree *
tree_of(struct wh_fixture *fixture, struct wh_tree tree)
{
    struct wh_tree *copy = WH_ARENA_NEW(&fixture->arena, struct wh_tree);
    *copy = tree;
    return copy;
}

const struct wh_tree *
wh_tree_const(struct wh_fixture *fixture, struct wh_value value)
{
    return tree_of(fixture, (struct wh_tree){.op = WH_OP_CONST, .value = value});
}

const struct wh_tree *
wh_tree_number(struct wh_fixture *fixture, int64_t thousandths)
{
    return wh_tree_const(fixture, wh_value_of(WH_TYPE_NUMBER, thousandths));
}

const struct wh_tree *
wh_tree_text(struct wh_fixture *fixture, const char *text)
{
    return wh_tree_const(fixture, wh_value_string(wh_str_of(text)));
}

const struct wh_tree *
wh_tree_name(struct wh_fixture *fixture, enum wh_op op, int64_t arg)
{
    return tree_of(fixture, (struct wh_tree){.op = op, .arg = arg});
}

const struct wh_tree *
wh_tree_op(struct wh_fixture *fixture, enum wh_op op, const struct wh_tree *first,
           const struct wh_tree *second)
{
    return tree_of(fixture, (struct wh_tree){.op = op, .first = first, .second = second});
}

static int16_t
put(struct wh_program *program, const struct wh_tree *tree)
{
    if (tree == NULL) {
        return -1;
    }
    int16_t first = put(program, tree->first);
    int16_t second = put(program, tree->second);
    assert(program->count < NODES_MAX);
    bool is_const = tree->op == WH_OP_CONST;
    program->nodes[program->count] = (struct wh_node){
        .op = (uint8_t)tree->op,
        .type = (uint8_t)tree->value.type,
        .first = first,
        .second = second,
        .arg = is_const ? tree->value.number : tree->arg,
        .text = tree->value.text,
    };
    return (int16_t)program->count++;
}

struct wh_program
wh_tree_program(struct wh_fixture *fixture, const struct wh_tree *tree)
{
    struct wh_program program = {.nodes =
                                     WH_ARENA_ARRAY(&fixture->arena, struct wh_node, NODES_MAX)};
    program.root = (uint16_t)put(&program, tree);
    return program;
}

int32_t
wh_fixture_aggregate(struct wh_fixture *fixture, struct wh_aggregate aggregate)
{
    size_t index = fixture->ruleset.aggregate_count++;
    assert(index < WH_FIXTURE_ROOM);
    fixture->aggregates[index] = aggregate;
    return (int32_t)index;
}

int32_t
wh_fixture_score(struct wh_fixture *fixture)
{
    size_t index = fixture->ruleset.score_count++;
    assert(index < WH_FIXTURE_ROOM);
    fixture->scores[index].first_rule = (int32_t)fixture->ruleset.rule_count;
    return (int32_t)index;
}

int32_t
wh_fixture_rule(struct wh_fixture *fixture, struct wh_decay decay)
{
    size_t index = fixture->ruleset.rule_count++;
    size_t score = fixture->ruleset.score_count - 1;
    assert(index < WH_FIXTURE_ROOM);
    fixture->rules[index] = (struct wh_rule){.score = (int32_t)score, .group = -1, .decay = decay};
    fixture->scores[score].rule_count++;
    return (int32_t)index;
}

int32_t
wh_fixture_segment(struct wh_fixture *fixture, const struct wh_tree *when)
{
    size_t index = fixture->ruleset.segment_count++;
    assert(index < WH_FIXTURE_ROOM);
    fixture->segments[index] = (struct wh_segment){
        .when = wh_tree_program(fixture, when), .entered_signal = -1, .left_signal = -1};
    return (int32_t)index;
}

struct wh_selector
wh_fixture_takes(struct wh_fixture *fixture, enum wh_fixture_type type)
{
    int32_t *types = WH_ARENA_NEW(&fixture->arena, int32_t);
    *types = (int32_t)type;
    return (struct wh_selector){.types = types, .type_count = 1};
}

struct wh_selector
wh_fixture_takes_any(void)
{
    return (struct wh_selector){.any = true};
}

void
wh_fixture_ready(struct wh_fixture *fixture)
{
    struct wh_state *state = &fixture->state;
    wh_layout_assign(&fixture->arena, &fixture->ruleset);
    state->arena = &fixture->arena;
    wh_strings_init(&state->strings, &fixture->arena);
    wh_history_init(&state->history, &fixture->arena, WH_FIXTURE_COLUMNS);
    wh_layout_init_fold(&fixture->ruleset, &state->live, &fixture->arena);
    wh_view_init(&fixture->view, &fixture->ruleset, state, &state->live, &fixture->arena);
}

static bool
note_session(struct wh_fixture *fixture, uint32_t row)
{
    const struct wh_history *history = &fixture->state.history;
    int64_t *session = &fixture->state.live.cells[fixture->ruleset.layout.session];
    bool begins = wh_session_begins_at(&fixture->ruleset, history, row);
    if (begins) {
        session[WH_SESSION_CELL_GAP] = session[WH_SESSION_CELL_BEGUN] == 0
                                           ? -1
                                           : history->at[row] - session[WH_SESSION_CELL_LAST];
        session[WH_SESSION_CELL_BEGUN] = 1;
        session[WH_SESSION_CELL_NUMBER]++;
        session[WH_SESSION_CELL_START] = history->at[row];
        session[WH_SESSION_CELL_PAGES] = session[WH_SESSION_CELL_TOUCHES] = 0;
    }
    if ((history->flags[row] & WH_ROW_SITE) != 0) {
        session[WH_SESSION_CELL_LAST] = history->at[row];
        session[WH_SESSION_CELL_TOUCHES]++;
        session[WH_SESSION_CELL_PAGES] += (history->flags[row] & WH_ROW_PAGE) != 0;
    }
    return begins;
}

static void
note_act(struct wh_fixture *fixture, int64_t at)
{
    const struct wh_layout *layout = &fixture->ruleset.layout;
    int64_t *cells = fixture->state.live.cells;
    wh_decay_on_act(&fixture->ruleset, &fixture->state.live, at);
    cells[layout->first_act] =
        cells[layout->first_act] == WH_TIME_MIN ? at : cells[layout->first_act];
    cells[layout->last_act] = at;
}

uint32_t
wh_fixture_touch_with(struct wh_fixture *fixture, enum wh_fixture_type type, int64_t at,
                      uint32_t column, struct wh_value value)
{
    struct wh_state *state = &fixture->state;
    uint32_t row = state->history.count;
    struct wh_buf id;
    assert(row == 0 || state->history.at[row - 1] <= at);
    wh_history_open(&state->history, row);
    wh_buf_init(&id, &fixture->arena);
    wh_buf_printf(&id, "t%u", row);
    state->history.id[row] = wh_strings_intern(&state->strings, wh_buf_str(&id));
    state->history.at[row] = at;
    state->history.received[row] = at;
    state->history.type[row] = (int32_t)type;
    state->history.flags[row] = fixture_flags[type];
    state->history.verdict[row] = WH_VERDICT_HUMAN;
    state->history.place[row] = -1;
    if (wh_value_is_known(value)) {
        wh_history_set_cell(&state->history, column, row,
                            wh_strings_to_cell(&state->strings, value));
    }
    state->live.at = at;
    state->live.rows = row + 1;
    int64_t *first = &state->live.cells[fixture->ruleset.layout.first_touch];
    *first = *first == WH_TIME_MIN ? at : *first;
    (void)wh_fixture_at(fixture, at);
    if ((fixture_flags[type] & WH_ROW_ACT) != 0) {
        note_act(fixture, at);
    }
    bool begins = note_session(fixture, row);
    wh_aggregate_add_row(&fixture->view, &state->strings, &state->live, row, begins);
    return row;
}

uint32_t
wh_fixture_touch(struct wh_fixture *fixture, enum wh_fixture_type type, int64_t at)
{
    return wh_fixture_touch_with(fixture, type, at, 0, WH_UNKNOWN);
}

struct wh_view *
wh_fixture_at(struct wh_fixture *fixture, int64_t t)
{
    struct wh_view *view = &fixture->view;
    view->now = t;
    view->rows = wh_history_until(&fixture->state.history, t);
    view->touch = -1;
    view->signal = NULL;
    wh_view_touch(view);
    return view;
}

struct wh_value
wh_fixture_value(struct wh_fixture *fixture, const struct wh_tree *tree, int64_t t)
{
    struct wh_program program = wh_tree_program(fixture, tree);
    return wh_eval(wh_fixture_at(fixture, t), &program);
}
