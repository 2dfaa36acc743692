/* All parcels of an entity fit in one transfer: what does not is folded, oldest first. */
#include "engine/model/parcel.h"
#include "engine/score/horizon.h"
#include "engine/score/parcels.h"
#include "engine/score/replay.h"

/* So much of the rows goes at once, because live has to run again afterwards. */
#define SHARE 8

/* The size is looked at when so many touches have come one by one, or one of them is larger than
 * its part of what is kept free for them. */
#define EACH      16
#define KEPT_FREE (WH_TRANSFER_MAX / 4)
#define LARGE_ROW (KEPT_FREE / EACH)

/* As model/bundle.c counts them; a record with names and key. */
#define SIZE_OF_ROW    64
#define SIZE_OF_CELL   10
#define SIZE_OF_STRING 6
#define SIZE_OF_RECORD 400

static size_t
size_of_records(const struct wh_state *state)
{
    size_t size = ((size_t)state->announced.decision_count + state->announced.firing_count +
                   state->announced.nurture_count) *
                  SIZE_OF_RECORD;
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

/* Each string once; with seen NULL each time. */
static size_t
size_of_string(const struct wh_state *state, bool *seen, uint32_t number)
{
    if (seen != NULL && seen[number]) {
        return 0;
    }
    if (seen != NULL) {
        seen[number] = true;
    }
    return state->strings.items[number].len + SIZE_OF_STRING;
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
    if (rough_size(state) <= WH_TRANSFER_MAX - KEPT_FREE) {
        return false;
    }
    bool *seen = WH_ARENA_ARRAY(scratch, bool, state->strings.count);
    size_t size = size_of_records(state);
    for (uint32_t row = state->history.base; row < state->history.count; row++) {
        size += size_of_row(state, seen, row);
    }
    return size > WH_TRANSFER_MAX - KEPT_FREE;
}

/* Touches that come one by one would be looked at too often: it takes time in a long history. */
static bool
is_worth_a_look(const struct wh_parcel_store *store)
{
    const struct wh_history *history = &store->state->history;
    bool is_one = store->came == 1 && store->left == 0 && !store->base && !store->hands;
    return !is_one || history->count % EACH == 0 || store->row >= history->count ||
           size_of_row(store->state, NULL, store->row) > LARGE_ROW;
}

/* How many of the oldest rows have to go now. */
static uint32_t
rows_over(const struct wh_parcel_store *store, bool look)
{
    const struct wh_history *history = &store->state->history;
    uint32_t most = store->ruleset->history_touches;
    if (history->count > most) {
        return history->count - most + most / SHARE;
    }
    bool is_over =
        look && history->base < history->count && is_too_large(store->state, store->scratch);
    return is_over ? history->base + (history->count - history->base) / SHARE + 1 : 0;
}

void
wh_parcel_store_bound(struct wh_parcel_store *store, int64_t now)
{
    struct wh_state *state = store->state;
    bool look = is_worth_a_look(store);
    for (uint32_t n = rows_over(store, look); n > 0; n = rows_over(store, look)) {
        uint32_t base = state->history.base;
        uint32_t gone = wh_horizon_fold_early(store->ruleset, state, n, store->scratch);
        store->folded += gone > base ? gone - base : 0;
        (void)wh_replay_run(store->ruleset, state, now, store->scratch);
        if (gone == 0) {
            break;
        }
    }
}
