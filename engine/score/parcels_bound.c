/* All parcels of an entity fit in one transfer: what does not is folded, oldest first. */
#include "engine/model/parcel.h"
#include "engine/score/horizon.h"
#include "engine/score/parcels.h"
#include "engine/score/replay.h"

/* So much of the rows goes at once, because live has to run again afterwards. */
#define SHARE 8

/* As model/bundle.c counts them; a record with names and key. */
#define SIZE_OF_ROW    64
#define SIZE_OF_CELL   10
#define SIZE_OF_STRING 6
#define SIZE_OF_RECORD 400

static size_t
size_of_records(const struct wh_state *state)
{
    size_t size =
        ((size_t)state->announced.decision_count + state->announced.firing_count) * SIZE_OF_RECORD;
    for (uint32_t i = 0; i < state->fold_count; i++) {
        size += wh_bundle_fold_size(&state->folds[i]);
    }
    return size;
}

/* From above, without looking at any row. */
static size_t
rough_size(const struct wh_state *state)
{
    const struct wh_history *history = &state->history;
    size_t columns = 0;
    size_t size = size_of_records(state);
    for (uint32_t i = 0; i < history->column_count; i++) {
        columns += history->columns[i] != NULL;
    }
    for (uint32_t i = 0; i < state->strings.count; i++) {
        size += state->strings.items[i].len + SIZE_OF_STRING;
    }
    return size + history->count * (SIZE_OF_ROW + SIZE_OF_CELL * columns);
}

static size_t
size_of_string(const struct wh_state *state, bool *seen, uint32_t number)
{
    size_t size = seen[number] ? 0 : state->strings.items[number].len + SIZE_OF_STRING;
    seen[number] = true;
    return size;
}

static size_t
size_of_row(const struct wh_state *state, bool *seen, uint32_t row)
{
    const struct wh_history *history = &state->history;
    size_t size = SIZE_OF_ROW + size_of_string(state, seen, history->id[row]) +
                  size_of_string(state, seen, history->keys[row]);
    for (uint32_t i = 0; i < history->column_count; i++) {
        wh_cell_t cell = wh_history_cell(history, i, row);
        size += cell == WH_CELL_ABSENT ? 1 : SIZE_OF_CELL;
        if (wh_cell_type(cell) == WH_TYPE_STRING) {
            size += size_of_string(state, seen, (uint32_t)wh_cell_payload(cell));
        }
    }
    return size;
}

static bool
is_too_large(const struct wh_state *state, struct wh_arena *scratch)
{
    if (rough_size(state) <= WH_TRANSFER_MAX) {
        return false;
    }
    bool *seen = WH_ARENA_ARRAY(scratch, bool, state->strings.count);
    size_t size = size_of_records(state);
    for (uint32_t row = state->history.base; row < state->history.count; row++) {
        size += size_of_row(state, seen, row);
    }
    return size > WH_TRANSFER_MAX;
}

/* How many of the oldest rows have to go now. */
static uint32_t
rows_over(const struct wh_parcel_store *store)
{
    const struct wh_history *history = &store->state->history;
    uint32_t most = store->ruleset->history_touches;
    if (history->count > most) {
        return history->count - most + most / SHARE;
    }
    bool is_over = history->base < history->count && is_too_large(store->state, store->scratch);
    return is_over ? history->base + (history->count - history->base) / SHARE + 1 : 0;
}

void
wh_parcel_store_bound(struct wh_parcel_store *store, int64_t now)
{
    struct wh_state *state = store->state;
    for (uint32_t n = rows_over(store); n > 0; n = rows_over(store)) {
        uint32_t base = state->history.base;
        uint32_t gone = wh_horizon_fold_early(store->ruleset, state, n, store->scratch);
        store->folded += gone > base ? gone - base : 0;
        (void)wh_replay_run(store->ruleset, state, now, store->scratch);
        if (gone == 0) {
            break;
        }
    }
}
