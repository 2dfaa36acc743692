/* Rows of a history as rows of a bundle, and back. */
#include "engine/model/key_set.h"
#include "engine/rules/eval.h"
#include "engine/score/insert.h"
#include "engine/score/parcels_parts.h"
#include "engine/score/step.h"
#include "engine/score/verdict.h"

int32_t
wh_parcels_column(const struct wh_ruleset *ruleset, uint8_t kind, struct wh_str name)
{
    int64_t column = -1;
    switch ((enum wh_column_kind)kind) {
    case WH_COLUMN_EMAIL:
        return ruleset->email_column;
    case WH_COLUMN_PHONE:
        return ruleset->phone_column;
    case WH_COLUMN_CRM:
        return ruleset->crm_column;
    case WH_COLUMN_EMPLOYER:
        return ruleset->employer_column;
    case WH_COLUMN_FIELD:
    case WH_COLUMN_PROP:
    case WH_COLUMN_LEAD:
    case WH_COLUMN_COMPANY:
    case WH_COLUMN_CONSENT:
    case WH_COLUMN_PERSON_VALUE:
    case WH_COLUMN_EARNED:
    case WH_COLUMN_REPORT:
        if (!wh_table_find(&ruleset->column_index[kind], name, &column) ||
            !ruleset->columns[column].kept) {
            return -1;
        }
        return (int32_t)column;
    case WH_COLUMN_PERSON:
        return ruleset->hearing == NULL ? -1 : ruleset->hearing->person;
    case WH_COLUMN_PLACE:
        return ruleset->hearing == NULL ? -1 : ruleset->hearing->place;
    case WH_COLUMN_VERDICT:
        return ruleset->hearing == NULL ? -1 : ruleset->hearing->verdict;
    }
    return -1;
}

wh_cell_t
wh_parcels_move_cell(struct wh_strings *to, const struct wh_strings *from, wh_cell_t cell)
{
    if (wh_cell_type(cell) != WH_TYPE_STRING) {
        return cell;
    }
    struct wh_str text = wh_strings_get(from, (uint32_t)wh_cell_payload(cell));
    return wh_cell_make(WH_TYPE_STRING, wh_strings_intern_whole(to, text));
}

static uint32_t
move_string(struct wh_strings *to, const struct wh_strings *from, uint32_t number)
{
    return wh_strings_intern_whole(to, wh_strings_get(from, number));
}

static struct wh_str
type_of_row(const struct wh_state *state, uint32_t row)
{
    wh_cell_t cell = wh_history_cell(&state->history, WH_FIELD_TYPE, row);
    return wh_cell_type(cell) == WH_TYPE_STRING
               ? wh_strings_get(&state->strings, (uint32_t)wh_cell_payload(cell))
               : (struct wh_str){0};
}

static void
pack_row(const struct wh_parcel_store *store, uint32_t row, struct wh_bundle *bundle)
{
    const struct wh_history *history = &store->state->history;
    const struct wh_strings *strings = &store->state->strings;
    bool is_fresh = store->fresh && history->id[row] == store->arrived;
    struct wh_bundle_row packed = {
        .at = history->at[row],
        .received = history->received[row],
        .id = move_string(&bundle->strings, strings, history->id[row]),
        .digest = history->digest[row],
        .type = wh_strings_intern_whole(&bundle->strings, type_of_row(store->state, row)),
        /* Elsewhere it is told, and judged among others. */
        .flags = (uint8_t)((history->flags[row] & ~(WH_ROW_UNTOLD | WH_ROW_DECIDED)) |
                           (is_fresh ? WH_ROW_FRESH : 0)),
        .keys = move_string(&bundle->strings, strings, history->keys[row]),
    };
    (void)wh_bundle_add_row(bundle, packed);
}

static bool
says_something(const struct wh_history *history, uint32_t column, const bool *marked)
{
    for (uint32_t row = 0; row < history->count; row++) {
        if (marked[row] && wh_history_cell(history, column, row) != WH_CELL_ABSENT) {
            return true;
        }
    }
    return false;
}

/* A lead works it out where the touch is; a company was told it and has nothing else. */
static bool
is_derived(const struct wh_parcel_store *store, uint32_t number)
{
    return store->ruleset->hearing == NULL &&
           wh_column_is_derived(store->ruleset->columns[number].kind);
}

static void
pack_column(const struct wh_parcel_store *store, uint32_t number, const bool *marked,
            struct wh_bundle *bundle)
{
    const struct wh_state *state = store->state;
    const struct wh_column *column = &store->ruleset->columns[number];
    if (!says_something(&state->history, number, marked)) {
        return;
    }
    struct wh_str name = wh_column_is_named(column->kind) ? column->name : (struct wh_str){0};
    uint32_t place = wh_bundle_column(bundle, (uint8_t)column->kind, name);
    wh_cell_t *cells = bundle->columns[place].cells;
    for (uint32_t row = 0; row < state->history.count; row++) {
        if (marked[row]) {
            wh_cell_t cell = wh_history_cell(&state->history, number, row);
            *cells++ = wh_parcels_move_cell(&bundle->strings, &state->strings, cell);
        }
    }
}

void
wh_parcels_pack_rows(const struct wh_parcel_store *store, const bool *marked,
                     struct wh_bundle *bundle)
{
    const struct wh_history *history = &store->state->history;
    for (uint32_t row = 0; row < history->count; row++) {
        if (marked[row]) {
            pack_row(store, row, bundle);
        }
    }
    for (uint32_t i = 0; i < history->column_count; i++) {
        if (history->columns[i] != NULL && i != WH_FIELD_TYPE && !is_derived(store, i)) {
            pack_column(store, i, marked, bundle);
        }
    }
}

void
wh_parcels_remove_rows(struct wh_parcel_store *store, const bool *marked)
{
    struct wh_history *history = &store->state->history;
    for (uint32_t row = 0; row < history->count; row++) {
        if (marked[row]) {
            wh_parcels_note(store, row, history->at[row]);
            store->left++;
        }
    }
    wh_history_close_all(history, marked);
}

/* A touch that wants to become a row. */
struct candidate {
    int64_t at;
    struct wh_str id;
    uint64_t digest;
    bool fresh;
};

enum fate { FATE_NEW, FATE_DUPLICATE, FATE_LATE, FATE_STALE };

/* Of touches with one id the first by (occurred, encoded bytes) counts. */
static bool
comes_before(const struct candidate *candidate, const struct wh_history *history, uint32_t same)
{
    if (candidate->at != history->at[same]) {
        return candidate->at < history->at[same];
    }
    return candidate->digest < history->digest[same];
}

static bool
is_folded(const struct wh_history *history, const struct candidate *candidate)
{
    if (candidate->at != history->folded_at) {
        return candidate->at < history->folded_at;
    }
    return wh_str_compare(candidate->id, history->folded_id) <= 0;
}

/* *ret_same: the row of that id that it replaces; UINT32_MAX: none. Older than what is folded, a
 * touch from outside may be a repeat of what is in there; one that was stored before is not. */
static enum fate
judge_candidate(struct wh_state *state, const struct candidate *candidate, uint32_t *ret_same)
{
    const struct wh_history *history = &state->history;
    uint32_t same = wh_history_find(history, &state->strings, candidate->id);
    *ret_same = same;
    if (same != UINT32_MAX && (same < history->base || !comes_before(candidate, history, same))) {
        state->duplicates++;
        return FATE_DUPLICATE;
    }
    bool is_old = is_folded(history, candidate);
    if (is_old && candidate->fresh) {
        state->late_refused++;
        return FATE_LATE;
    }
    state->duplicates += same != UINT32_MAX;
    return is_old ? FATE_STALE : FATE_NEW;
}

enum wh_outcome
wh_parcels_put_touch(struct wh_parcel_store *store, const struct wh_touch *touch, bool automatic)
{
    struct wh_state *state = store->state;
    struct wh_history *history = &state->history;
    struct candidate candidate = {touch->occurred, touch->id, touch->digest, true};
    uint32_t same = UINT32_MAX;
    enum fate fate = judge_candidate(state, &candidate, &same);
    if (fate != FATE_NEW) {
        return fate == FATE_LATE ? WH_OUTCOME_HISTORY_LATE : WH_OUTCOME_DUPLICATE;
    }
    if (same != UINT32_MAX) {
        wh_parcels_note(store, same, history->at[same]);
        wh_history_close(history, same);
        store->left++;
    }
    uint32_t row = wh_history_place_of(history, &state->strings, touch->occurred, touch->id);
    wh_parcels_note(store, row, touch->occurred);
    wh_insert_row(store->ruleset, state, row, touch);
    history->flags[row] |= automatic ? WH_ROW_AUTOMATIC : 0;
    history->verdict[row] = WH_VERDICT_UNJUDGED;
    wh_verdict_place(store->ruleset, state, row, store->scratch);
    store->came++;
    store->fresh = true;
    store->arrived = history->id[row];
    return WH_OUTCOME_ACCEPTED;
}

/* What becomes of the rows of a bundle: the new ones, and those that join a fold. */
struct sorted {
    bool *gone; /* rows of the history that an earlier touch of the same id replaces */
    uint32_t gone_count;
    uint32_t *rows; /* of the bundle: the new ones, in order */
    uint32_t count;
    bool *stale; /* of the bundle: older than what is folded */
    uint32_t stale_count;
};

static void
sort_row(struct wh_parcel_store *store, const struct wh_bundle *bundle, uint32_t number,
         struct sorted *sorted)
{
    const struct wh_bundle_row *row = &bundle->rows[number];
    struct candidate candidate = {
        .at = row->at,
        .id = wh_strings_get(&bundle->strings, row->id),
        .digest = row->digest,
        .fresh = (row->flags & WH_ROW_FRESH) != 0,
    };
    uint32_t same = UINT32_MAX;
    enum fate fate = judge_candidate(store->state, &candidate, &same);
    if (fate == FATE_DUPLICATE || fate == FATE_LATE) {
        return;
    }
    if (same != UINT32_MAX) {
        sorted->gone_count += !sorted->gone[same];
        sorted->gone[same] = true;
    }
    if (fate == FATE_STALE) {
        sorted->stale[number] = true;
        sorted->stale_count++;
    } else {
        sorted->rows[sorted->count++] = number;
    }
}

static int32_t
type_index(const struct wh_ruleset *ruleset, struct wh_str type)
{
    int64_t index = -1;
    return wh_table_find(&ruleset->type_index, type, &index) ? (int32_t)index : -1;
}

static void
fill_row(struct wh_parcel_store *store, uint32_t row, uint32_t trail,
         const struct wh_bundle *bundle, const struct wh_bundle_row *from)
{
    struct wh_state *state = store->state;
    struct wh_history *history = &state->history;
    struct wh_str type = wh_strings_get(&bundle->strings, from->type);
    history->at[row] = from->at;
    history->received[row] = from->received;
    history->id[row] = move_string(&state->strings, &bundle->strings, from->id);
    history->digest[row] = from->digest;
    history->type[row] = type_index(store->ruleset, type);
    int foreign = WH_ROW_FRESH | (store->ruleset->hearing == NULL ? WH_ROW_REPORT : 0);
    history->flags[row] = (uint8_t)(from->flags & ~foreign);
    history->verdict[row] = WH_VERDICT_UNJUDGED;
    history->place[row] = -1;
    history->trail[row] = (uint16_t)trail;
    history->keys[row] = move_string(&state->strings, &bundle->strings, from->keys);
    if (type.len > 0) {
        wh_history_set_cell(history, WH_FIELD_TYPE, row,
                            wh_strings_to_cell(&state->strings, wh_value_string(type)));
    }
    if ((from->flags & WH_ROW_FRESH) != 0) {
        store->fresh = true;
        store->arrived = history->id[row];
    }
}

static void
fill_column(struct wh_parcel_store *store, const struct wh_bundle *bundle,
            const struct wh_bundle_column *column, const struct sorted *sorted,
            const uint32_t *places)
{
    struct wh_state *state = store->state;
    int32_t number = wh_parcels_column(store->ruleset, column->kind, column->name);
    if (number < 0) {
        return;
    }
    enum wh_type declared = store->ruleset->columns[number].type;
    for (uint32_t i = 0; i < sorted->count; i++) {
        wh_cell_t cell = column->cells[sorted->rows[i]];
        enum wh_type type = wh_cell_type(cell);
        if (type != WH_TYPE_UNKNOWN && declared != WH_TYPE_UNKNOWN && type != declared) {
            cell = WH_CELL_UNKNOWN;
        }
        cell = wh_parcels_move_cell(&state->strings, &bundle->strings, cell);
        wh_history_set_cell(&state->history, (uint32_t)number, places[i] + i, cell);
    }
}

/* Opens and fills the new rows: each at its own place. */
static void
insert_rows(struct wh_parcel_store *store, uint32_t trail, const struct wh_bundle *bundle,
            const struct sorted *sorted)
{
    struct wh_state *state = store->state;
    struct wh_history *history = &state->history;
    uint32_t *places = WH_ARENA_ARRAY(store->scratch, uint32_t, sorted->count);
    for (uint32_t i = 0; i < sorted->count; i++) {
        const struct wh_bundle_row *row = &bundle->rows[sorted->rows[i]];
        places[i] = wh_history_place_of(history, &state->strings, row->at,
                                        wh_strings_get(&bundle->strings, row->id));
        wh_parcels_note(store, places[i] + i, row->at);
    }
    wh_history_open_all(history, places, sorted->count);
    for (uint32_t i = 0; i < sorted->count; i++) {
        fill_row(store, places[i] + i, trail, bundle, &bundle->rows[sorted->rows[i]]);
    }
    for (uint32_t i = 0; i < bundle->column_count; i++) {
        fill_column(store, bundle, &bundle->columns[i], sorted, places);
    }
    for (uint32_t i = 0; i < sorted->count; i++) {
        wh_verdict_place(store->ruleset, state, places[i] + i, store->scratch);
    }
    store->came += sorted->count;
}

void
wh_parcels_put_rows(struct wh_parcel_store *store, uint32_t trail, const struct wh_bundle *bundle,
                    const bool *marked)
{
    struct sorted sorted = {
        .gone = WH_ARENA_ARRAY(store->scratch, bool, store->state->history.count),
        .rows = WH_ARENA_ARRAY(store->scratch, uint32_t, bundle->row_count),
        .stale = WH_ARENA_ARRAY(store->scratch, bool, bundle->row_count),
    };
    for (uint32_t i = 0; i < bundle->row_count; i++) {
        if (marked[i]) {
            sort_row(store, bundle, i, &sorted);
        }
    }
    if (sorted.gone_count > 0) {
        wh_parcels_remove_rows(store, sorted.gone);
    }
    if (sorted.count > 0) {
        insert_rows(store, trail, bundle, &sorted);
    }
    if (sorted.stale_count > 0) {
        wh_parcels_fold_stale(store, trail, bundle, sorted.stale);
    }
}

void
wh_parcels_pack_touch(const struct wh_ruleset *ruleset, const struct wh_touch *touch,
                      bool automatic, struct wh_arena *arena, struct wh_bundle *ret_bundle)
{
    struct wh_state state;
    struct wh_parcel_store store;
    bool marked = true;
    /* A lead of a moment: what a touch is as a row is known to insert alone. */
    wh_state_begin(&state, arena, ruleset, WH_STR(""), (struct wh_hash_id){{0}}, touch->received);
    wh_insert_row(ruleset, &state, 0, touch);
    state.history.flags[0] |= automatic ? WH_ROW_AUTOMATIC : 0;
    wh_parcel_store_init(&store, ruleset, &state, arena);
    store.fresh = true;
    store.arrived = state.history.id[0];
    wh_bundle_begin(ret_bundle, arena);
    wh_parcels_pack_rows(&store, &marked, ret_bundle);
}
