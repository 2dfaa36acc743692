#include "engine/model/history.h"

#include <assert.h>
#include <string.h>

#include "engine/base/time.h"

#define CAPACITY_MIN 8

const char *
wh_verdict_str(enum wh_verdict verdict)
{
    switch (verdict) {
    case WH_VERDICT_BOT:
        return "bot";
    case WH_VERDICT_SUSPECT:
        return "suspect";
    case WH_VERDICT_UNCONFIRMED:
        return "unconfirmed";
    case WH_VERDICT_HUMAN:
        return "human";
    }
    return "?";
}

void
wh_history_init(struct wh_history *history, struct wh_arena *arena, uint32_t column_count)
{
    *history = (struct wh_history){
        .arena = arena,
        .column_count = column_count,
        .columns = WH_ARENA_ARRAY(arena, wh_cell_t *, column_count),
        .folded_at = WH_TIME_MIN,
    };
}

struct wh_str
wh_touch_id(struct wh_str row_id)
{
    const char *end = row_id.len == 0 ? NULL : memchr(row_id.ptr, WH_TOUCH_PERSON, row_id.len);
    return end == NULL ? row_id : (struct wh_str){row_id.ptr, (size_t)(end - row_id.ptr)};
}

uint32_t
wh_history_place_of(const struct wh_history *history, const struct wh_strings *strings, int64_t at,
                    struct wh_str id)
{
    uint32_t low = wh_history_before(history, at);
    uint32_t high = wh_history_until(history, at);
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (wh_str_compare(wh_strings_get(strings, history->id[middle]), id) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

#define GROW(column) \
    ((column) =      \
         wh_arena_grow(history->arena, (column), history->count, capacity, sizeof(*(column))))

static void
reserve(struct wh_history *history, uint32_t rows)
{
    if (rows <= history->capacity) {
        return;
    }
    uint32_t capacity = history->capacity == 0 ? CAPACITY_MIN : history->capacity * 2;
    capacity = capacity < rows ? rows : capacity;
    GROW(history->at);
    GROW(history->received);
    GROW(history->id);
    GROW(history->digest);
    GROW(history->type);
    GROW(history->flags);
    GROW(history->verdict);
    GROW(history->place);
    GROW(history->trail);
    GROW(history->keys);
    GROW(history->told);
    for (uint32_t i = 0; i < history->column_count; i++) {
        if (history->columns[i] != NULL) {
            GROW(history->columns[i]);
        }
    }
    history->capacity = capacity;
}

/* Moves the rows [from, end) of every column to `to`. */
#define MOVE(column) memmove((column) + to, (column) + from, (end - from) * sizeof(*(column)))

static void
move_rows(struct wh_history *history, uint32_t to, uint32_t from, uint32_t end)
{
    if (from == end || from == to) {
        return;
    }
    MOVE(history->at);
    MOVE(history->received);
    MOVE(history->id);
    MOVE(history->digest);
    MOVE(history->type);
    MOVE(history->flags);
    MOVE(history->verdict);
    MOVE(history->place);
    MOVE(history->trail);
    MOVE(history->keys);
    MOVE(history->told);
    for (uint32_t i = 0; i < history->column_count; i++) {
        if (history->columns[i] != NULL) {
            MOVE(history->columns[i]);
        }
    }
}

static void
clear_row(struct wh_history *history, uint32_t row)
{
    history->at[row] = 0;
    history->received[row] = 0;
    history->id[row] = 0;
    history->digest[row] = 0;
    history->type[row] = 0;
    history->flags[row] = 0;
    history->verdict[row] = 0;
    history->place[row] = 0;
    history->trail[row] = 0;
    history->keys[row] = 0;
    history->told[row] = 0;
    for (uint32_t i = 0; i < history->column_count; i++) {
        if (history->columns[i] != NULL) {
            history->columns[i][row] = WH_CELL_ABSENT;
        }
    }
}

void
wh_history_open(struct wh_history *history, uint32_t row)
{
    wh_history_open_all(history, &row, 1);
}

void
wh_history_open_all(struct wh_history *history, const uint32_t *places, uint32_t count)
{
    uint32_t end = history->count;
    reserve(history, end + count);
    for (uint32_t k = count; k-- > 0;) {
        assert(places[k] <= end);
        move_rows(history, places[k] + k + 1, places[k], end);
        clear_row(history, places[k] + k);
        end = places[k];
    }
    history->count += count;
}

void
wh_history_close(struct wh_history *history, uint32_t row)
{
    assert(row < history->count);
    move_rows(history, row, row + 1, history->count);
    history->count--;
    if (row < history->base) {
        history->base--;
    }
}

void
wh_history_close_all(struct wh_history *history, const bool *marked)
{
    uint32_t kept = 0;
    uint32_t base = history->base;
    for (uint32_t row = 0; row < history->count;) {
        uint32_t end = row;
        while (end < history->count && marked[end] == marked[row]) {
            end++;
        }
        if (marked[row]) {
            uint32_t last = end < base ? end : base;
            history->base -= row < base ? last - row : 0;
        } else {
            move_rows(history, kept, row, end);
            kept += end - row;
        }
        row = end;
    }
    history->count = kept;
}

void
wh_history_drop(struct wh_history *history, uint32_t n)
{
    assert(n <= history->base && history->base <= history->count);
    if (n == 0) {
        return;
    }
    move_rows(history, 0, n, history->count);
    history->count -= n;
    history->base -= n;
}

uint32_t
wh_history_find(const struct wh_history *history, const struct wh_strings *strings,
                struct wh_str id)
{
    uint32_t number;
    if (!wh_strings_find(strings, id, &number)) {
        return UINT32_MAX;
    }
    for (uint32_t row = history->count; row-- > 0;) {
        if (history->id[row] == number) {
            return row;
        }
    }
    return UINT32_MAX;
}

uint32_t
wh_history_before(const struct wh_history *history, int64_t t)
{
    uint32_t low = 0;
    uint32_t high = history->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (history->at[middle] < t) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

uint32_t
wh_history_until(const struct wh_history *history, int64_t t)
{
    return t == WH_TIME_NEVER ? history->count : wh_history_before(history, t + 1);
}

void
wh_history_set_cell(struct wh_history *history, uint32_t column, uint32_t row, wh_cell_t cell)
{
    assert(column < history->column_count && row < history->count);
    if (history->columns[column] == NULL) {
        if (cell == WH_CELL_ABSENT) {
            return;
        }
        history->columns[column] = WH_ARENA_ARRAY(history->arena, wh_cell_t, history->capacity);
    }
    history->columns[column][row] = cell;
}
