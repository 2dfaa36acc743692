#include "engine/score/company.h"

#include "engine/base/time.h"
#include "engine/score/family.h"
#include "engine/score/identity.h"
#include "engine/score/parcels_parts.h"

/* What a telling does to the rows that are there. */
struct hearing {
    struct wh_walk *walk;
    const struct wh_identity_tell *tell;
    uint32_t person; /* string number */
    bool *gone;      /* [history.count]: rows that go */
    bool *stays;     /* … and those that are told again as they are */
    bool any_gone;
};

/* A touch is known by its id and whose it is; a report by the person and its time. */
static struct wh_str
row_id(struct wh_arena *arena, struct wh_str id, struct wh_str person, int64_t reported)
{
    struct wh_buf buf;
    wh_buf_init(&buf, arena);
    wh_buf_push(&buf, id);
    wh_buf_push_char(&buf, WH_TOUCH_PERSON);
    wh_buf_push(&buf, person);
    if (reported != WH_TIME_MIN) {
        wh_buf_push_char(&buf, WH_TOUCH_PERSON);
        wh_buf_push_int(&buf, reported);
    }
    return wh_buf_str(&buf);
}

/* The bundle as the company keeps it: ids of its own, whose each row is. Strings are shared. */
static struct wh_bundle *
own_bundle(const struct hearing *hearing, const struct wh_bundle *given)
{
    struct wh_arena *scratch = hearing->walk->scratch;
    struct wh_bundle *own = WH_ARENA_NEW(scratch, struct wh_bundle);
    wh_bundle_copy(own, scratch, given);
    struct wh_str person = hearing->tell->person;
    uint32_t column = wh_bundle_column(own, WH_COLUMN_PERSON, WH_STR(""));
    wh_cell_t cell = wh_cell_make(WH_TYPE_STRING, wh_strings_intern_whole(&own->strings, person));
    for (uint32_t i = 0; i < own->row_count; i++) {
        struct wh_bundle_row *row = &own->rows[i];
        bool is_report = (row->flags & WH_ROW_REPORT) != 0;
        struct wh_str id = is_report ? WH_STR("") : wh_strings_get(&own->strings, row->id);
        id = row_id(scratch, id, person, is_report ? row->at : WH_TIME_MIN);
        row->id = wh_strings_intern_whole(&own->strings, id);
        row->flags |= is_report ? 0 : WH_ROW_FRESH;
        own->columns[column].cells[i] = cell;
    }
    return own;
}

static void
let_go(struct hearing *hearing, uint32_t row)
{
    /* What is folded stays: it can be told from nothing any more. */
    if (row >= hearing->walk->state->history.base) {
        hearing->gone[row] = true;
        hearing->any_gone = true;
    }
}

/* Marks the rows of the bundle that are to be put in: those that are there as they are told again
 * are not, those that are there otherwise are replaced. */
static void
compare(struct hearing *hearing, const struct wh_bundle *bundle, bool *marked)
{
    const struct wh_state *state = hearing->walk->state;
    for (uint32_t i = 0; i < bundle->row_count; i++) {
        struct wh_str id = wh_strings_get(&bundle->strings, bundle->rows[i].id);
        uint32_t same = wh_history_find(&state->history, &state->strings, id);
        marked[i] = true;
        if (same == UINT32_MAX) {
            continue;
        }
        hearing->stays[same] = state->history.digest[same] == bundle->rows[i].digest &&
                               (bundle->rows[i].flags & WH_ROW_REPORT) == 0;
        marked[i] = !hearing->stays[same] && same >= state->history.base;
        if (marked[i]) {
            let_go(hearing, same);
        }
    }
}

static void
strike(struct hearing *hearing)
{
    const struct wh_identity_tell *tell = hearing->tell;
    const struct wh_state *state = hearing->walk->state;
    for (uint32_t i = 0; i < tell->struck_count; i++) {
        struct wh_str id =
            row_id(hearing->walk->scratch, tell->struck[i], tell->person, WH_TIME_MIN);
        uint32_t row = wh_history_find(&state->history, &state->strings, id);
        if (row != UINT32_MAX) {
            let_go(hearing, row);
        }
    }
}

/* All that was told of a person, or all of his touches that are not told again. */
static void
sweep(struct hearing *hearing)
{
    const struct wh_state *state = hearing->walk->state;
    const struct wh_history *history = &state->history;
    uint32_t column = (uint32_t)hearing->walk->ruleset->hearing->person;
    wh_cell_t person = wh_cell_make(WH_TYPE_STRING, hearing->person);
    for (uint32_t row = history->base; row < history->count; row++) {
        bool is_report = (history->flags[row] & WH_ROW_REPORT) != 0;
        bool is_his = wh_history_cell(history, column, row) == person;
        if (is_his && !hearing->stays[row] && (hearing->tell->gone || !is_report)) {
            let_go(hearing, row);
        }
    }
}

/* He is none of its people any more, also where his report is folded. */
static void
forget_person(struct hearing *hearing)
{
    struct wh_walk *walk = hearing->walk;
    struct wh_state *state = walk->state;
    if (wh_people_remove(walk->ruleset, &state->base, hearing->person)) {
        wh_walk_note_all(walk);
        walk->store.base = true;
        hearing->any_gone = true;
    }
}

static void
take_rows(struct hearing *hearing)
{
    const struct wh_identity_tell *tell = hearing->tell;
    struct wh_walk *walk = hearing->walk;
    struct wh_bundle *touches = NULL;
    bool *marked = NULL;
    if (tell->touches != NULL) {
        touches = own_bundle(hearing, tell->touches);
        marked = WH_ARENA_ARRAY(walk->scratch, bool, touches->row_count);
        compare(hearing, touches, marked);
    }
    strike(hearing);
    if (tell->gone || tell->whole) {
        sweep(hearing);
    }
    if (hearing->any_gone) {
        wh_parcels_remove_rows(&walk->store, hearing->gone);
    }
    if (tell->gone) {
        forget_person(hearing);
    }
    if (touches != NULL) {
        wh_parcels_put_rows(&walk->store, 0, touches, marked);
    }
}

static void
take_report(struct hearing *hearing)
{
    const struct wh_identity_tell *tell = hearing->tell;
    struct wh_walk *walk = hearing->walk;
    if (tell->report == NULL) {
        return;
    }
    struct wh_bundle *report = own_bundle(hearing, tell->report);
    const struct wh_state *state = walk->state;
    uint32_t count = state->history.count;
    struct wh_str id = wh_strings_get(&report->strings, report->rows[0].id);
    uint32_t same = wh_history_find(&state->history, &state->strings, id);
    if (same != UINT32_MAX && same >= state->history.base) {
        bool *gone = WH_ARENA_ARRAY(walk->scratch, bool, count);
        gone[same] = true;
        wh_parcels_remove_rows(&walk->store, gone);
    }
    bool marked = true;
    wh_parcels_put_rows(&walk->store, 0, report, &marked);
    /* It is no touch that a decision could name. */
    walk->store.fresh = false;
}

/* Only goes: who comes instead has not told yet. */
static bool
has_to_rest(const struct wh_walk *walk, const struct wh_identity_tell *tell)
{
    return tell->gone && walk->store.came == 0;
}

enum wh_outcome
wh_company_take(struct wh_walk *walk, struct wh_entity *entity, const struct wh_identity_tell *tell)
{
    struct wh_state *state = walk->state;
    uint32_t count = state->history.count;
    struct hearing hearing = {
        .walk = walk,
        .tell = tell,
        .person = wh_strings_intern_whole(&state->strings, tell->person),
        .gone = WH_ARENA_ARRAY(walk->scratch, bool, count),
        .stays = WH_ARENA_ARRAY(walk->scratch, bool, count),
    };
    take_rows(&hearing);
    take_report(&hearing);
    if (hearing.any_gone && (tell->gone || tell->whole)) {
        entity->identity.hands_changed_at = walk->moment.now;
        walk->self.settled_at = wh_identity_settled_at(&entity->identity);
    }
    if (walk->store.came == 0 && walk->store.left == 0 && !walk->store.base) {
        return WH_OUTCOME_DUPLICATE;
    }
    const struct wh_adoption by_model = {WH_ADOPT_SILENT, wh_str_of(walk->ruleset->hash_hex)};
    wh_walk_settle(walk);
    walk->adoption = tell->silent ? &by_model : NULL;
    if (!has_to_rest(walk, tell)) {
        wh_walk_decide(walk);
    }
    walk->adoption = NULL;
    wh_walk_end(walk);
    return WH_OUTCOME_ACCEPTED;
}
