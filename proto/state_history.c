/* The touches of a lead: columns of rows in timeline order. */
#include "engine/base/time.h"
#include "engine/base/utf8.h"
#include "proto/limits.h"
#include "proto/protobuf_arena.h"
#include "proto/state_parts.h"
#include "proto/state_record.h"

#define ROW_FLAGS                                                                               \
    (WH_ROW_ACT | WH_ROW_SITE | WH_ROW_PAGE | WH_ROW_NAMED | WH_ROW_AUTOMATIC | WH_ROW_REPORT | \
     WH_ROW_UNTOLD | WH_ROW_DECIDED)

static void
encode_rows(struct wh_arena *arena, const struct wh_history *history, Waterhole__History *message)
{
    uint32_t count = history->count;
    message->n_at = message->n_waited = message->n_id = message->n_digest = message->n_type =
        message->n_place = count;
    message->at = WH_ARENA_ARRAY(arena, int64_t, count);
    message->waited = WH_ARENA_ARRAY(arena, int64_t, count);
    message->place = WH_ARENA_ARRAY(arena, int32_t, count);
    wh_state_differences(history->at, count, message->at);
    for (uint32_t i = 0; i < count; i++) {
        message->waited[i] = (int64_t)((uint64_t)history->received[i] - (uint64_t)history->at[i]);
        message->place[i] = history->place[i];
    }
    /* protobuf-c only reads what it packs, and has no const to say so. */
    message->id = history->id;
    message->digest = history->digest;
    message->type = history->type;
    message->n_keys = count;
    message->keys = history->keys;
    struct wh_str flags = {(const char *)history->flags, count};
    struct wh_str verdict = {(const char *)history->verdict, count};
    message->has_flags = message->has_verdict = count > 0;
    message->flags = wh_protobuf_bytes(flags);
    message->verdict = wh_protobuf_bytes(verdict);
}

/* Most entities have nothing but their own touches, and many no company. */
static void
encode_trails(struct wh_arena *arena, const struct wh_history *history, Waterhole__History *message)
{
    message->told = history->told;
    for (uint32_t i = 0; i < history->count; i++) {
        message->n_told = history->told[i] != 0 ? history->count : message->n_told;
    }
    message->trail = WH_ARENA_ARRAY(arena, uint32_t, history->count);
    for (uint32_t i = 0; i < history->count; i++) {
        message->trail[i] = history->trail[i];
        message->n_trail = history->trail[i] != 0 ? history->count : message->n_trail;
    }
}

static Waterhole__Column *
encode_column(struct wh_arena *arena, const struct wh_history *history, uint32_t number)
{
    Waterhole__Column *message = WH_ARENA_NEW(arena, Waterhole__Column);
    waterhole__column__init(message);
    message->has_number = true;
    message->number = number;
    message->cells = wh_state_encode_cells(arena, history->columns[number], history->count);
    return message;
}

static bool
is_empty(const struct wh_history *history, uint32_t column)
{
    for (uint32_t row = 0; row < history->count; row++) {
        if (wh_history_cell(history, column, row) != WH_CELL_ABSENT) {
            return false;
        }
    }
    return true;
}

Waterhole__History *
wh_state_encode_history(struct wh_arena *arena, const struct wh_history *history)
{
    Waterhole__History *message = WH_ARENA_NEW(arena, Waterhole__History);
    waterhole__history__init(message);
    message->has_base_rows = history->base != 0;
    message->base_rows = history->base;
    encode_rows(arena, history, message);
    encode_trails(arena, history, message);
    message->has_column_count = true;
    message->column_count = history->column_count;
    message->columns = WH_ARENA_ARRAY(arena, Waterhole__Column *, history->column_count);
    for (uint32_t i = 0; i < history->column_count; i++) {
        if (!is_empty(history, i)) {
            message->columns[message->n_columns++] = encode_column(arena, history, i);
        }
    }
    message->has_folded_at = message->has_folded_id = history->folded_at != WH_TIME_MIN;
    message->folded_at = history->folded_at;
    message->folded_id = wh_protobuf_bytes(history->folded_id);
    message->has_dropped = history->dropped != 0;
    message->dropped = history->dropped;
    return message;
}

static enum wh_err
check_counts(const Waterhole__History *message, struct wh_error *error)
{
    size_t count = message->n_at;
    if (count > WH_STATE_ROWS_MAX || message->column_count > WH_STATE_COLUMNS_MAX ||
        count * message->column_count > (size_t)WH_STATE_CELLS_MAX * 16) {
        return wh_state_damaged(error, "more touches than there can be");
    }
    if (message->n_waited != count || message->n_id != count || message->n_digest != count ||
        message->n_type != count || message->n_place != count || message->flags.len != count ||
        message->verdict.len != count || message->base_rows > count || message->n_keys != count ||
        (message->n_trail != 0 && message->n_trail != count) ||
        (message->n_told != 0 && message->n_told != count)) {
        return wh_state_damaged(error, "columns of different lengths");
    }
    return WH_OK;
}

static void
allocate_rows(struct wh_history *history)
{
    struct wh_arena *arena = history->arena;
    history->at = WH_ARENA_ARRAY(arena, int64_t, history->capacity);
    history->received = WH_ARENA_ARRAY(arena, int64_t, history->capacity);
    history->id = WH_ARENA_ARRAY(arena, uint32_t, history->capacity);
    history->digest = WH_ARENA_ARRAY(arena, uint64_t, history->capacity);
    history->type = WH_ARENA_ARRAY(arena, int32_t, history->capacity);
    history->flags = WH_ARENA_ARRAY(arena, uint8_t, history->capacity);
    history->verdict = WH_ARENA_ARRAY(arena, uint8_t, history->capacity);
    history->place = WH_ARENA_ARRAY(arena, int16_t, history->capacity);
    history->trail = WH_ARENA_ARRAY(arena, uint16_t, history->capacity);
    history->keys = WH_ARENA_ARRAY(arena, uint32_t, history->capacity);
    history->told = WH_ARENA_ARRAY(arena, uint64_t, history->capacity);
}

/* False when the row holds what no touch has. */
static bool
take_row(const Waterhole__History *message, uint32_t row, struct wh_history *history)
{
    history->received[row] = (int64_t)((uint64_t)history->at[row] + (uint64_t)message->waited[row]);
    history->id[row] = message->id[row];
    history->digest[row] = message->digest[row];
    history->type[row] = message->type[row];
    history->flags[row] = message->flags.data[row];
    history->verdict[row] = message->verdict.data[row];
    history->place[row] = (int16_t)message->place[row];
    history->keys[row] = message->keys[row];
    history->told[row] = message->n_told == 0 ? 0 : message->told[row];
    history->trail[row] = message->n_trail == 0 ? 0 : (uint16_t)message->trail[row];
    return history->at[row] <= WH_RECORD_TIME_MAX && history->at[row] >= -WH_RECORD_TIME_MAX &&
           history->received[row] <= WH_RECORD_TIME_MAX &&
           history->received[row] >= -WH_RECORD_TIME_MAX && history->type[row] >= -1 &&
           history->place[row] == message->place[row] && history->place[row] >= -1 &&
           (history->flags[row] & ~ROW_FLAGS) == 0 && history->verdict[row] <= WH_VERDICT_HUMAN &&
           (message->n_trail == 0 || message->trail[row] <= UINT16_MAX);
}

static bool
is_in_order(const struct wh_history *history, const struct wh_strings *strings, uint32_t row)
{
    if (row == 0 || history->at[row - 1] != history->at[row]) {
        return row == 0 || history->at[row - 1] < history->at[row];
    }
    return wh_str_compare(wh_strings_get(strings, history->id[row - 1]),
                          wh_strings_get(strings, history->id[row])) < 0;
}

static enum wh_err
take_rows(const Waterhole__History *message, const struct wh_strings *strings,
          struct wh_history *history, struct wh_error *error)
{
    bool *is_used = WH_ARENA_ARRAY(history->arena, bool, strings->count);
    wh_state_sums(message->at, message->n_at, history->at);
    for (uint32_t row = 0; row < history->count; row++) {
        if (!take_row(message, row, history)) {
            return wh_state_damaged(error, "a touch holds what no touch has");
        }
        if (history->id[row] >= strings->count || is_used[history->id[row]]) {
            return wh_state_damaged(error, "ids of touches are missing or double");
        }
        is_used[history->id[row]] = true;
        if (history->keys[row] >= strings->count) {
            return wh_state_damaged(error, "the identifiers of a touch are missing");
        }
        if (!is_in_order(history, strings, row)) {
            return wh_state_damaged(error, "touches are not in timeline order");
        }
    }
    return WH_OK;
}

static enum wh_err
take_column(const Waterhole__Column *column, const struct wh_strings *strings,
            struct wh_history *history, struct wh_error *error)
{
    /* Looked at before it is decoded, which sets memory aside for as many. */
    if (column->cells == NULL || column->cells->count != history->count) {
        return wh_state_damaged(error, "a column has more or fewer cells than rows");
    }
    int64_t *cells = NULL;
    uint32_t count = 0;
    enum wh_err err = wh_state_decode_cells(history->arena, column->cells, history->capacity,
                                            &cells, &count, error);
    if (err != WH_OK) {
        return err;
    }
    for (uint32_t row = 0; row < count; row++) {
        if (!wh_part_is_cell(strings, cells[row])) {
            return wh_state_damaged(error, "a cell names a string that is not there");
        }
    }
    history->columns[column->number] = cells;
    return WH_OK;
}

static enum wh_err
take_columns(const Waterhole__History *message, const struct wh_strings *strings,
             struct wh_history *history, struct wh_error *error)
{
    uint32_t next = 0;
    for (size_t i = 0; i < message->n_columns; i++) {
        const Waterhole__Column *column = message->columns[i];
        if (column->number < next || column->number >= history->column_count) {
            return wh_state_damaged(error, "columns are not in order");
        }
        next = column->number + 1;
        enum wh_err err = take_column(column, strings, history, error);
        if (err != WH_OK) {
            return err;
        }
    }
    return WH_OK;
}

/* The first capacity of model/history.c is as much. */
#define HEADROOM 8

enum wh_err
wh_state_decode_history(struct wh_arena *arena, const Waterhole__History *message,
                        const struct wh_strings *strings, struct wh_history *ret_history,
                        struct wh_error *error)
{
    if (message == NULL) {
        return wh_state_damaged(error, "the history is missing");
    }
    enum wh_err err = check_counts(message, error);
    if (err != WH_OK) {
        return err;
    }
    struct wh_history history;
    wh_history_init(&history, arena, message->column_count);
    history.count = (uint32_t)message->n_at;
    history.capacity = history.count == 0 ? 0 : history.count + HEADROOM;
    history.base = message->base_rows;
    history.dropped = message->dropped;
    if (message->has_folded_at) {
        history.folded_at = message->folded_at;
        history.folded_id = wh_arena_str(arena, wh_protobuf_str(message->folded_id));
    }
    allocate_rows(&history);
    err = take_rows(message, strings, &history, error);
    if (err == WH_OK) {
        err = take_columns(message, strings, &history, error);
    }
    if (err == WH_OK) {
        *ret_history = history;
    }
    return err;
}
