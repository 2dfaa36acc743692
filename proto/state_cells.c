/* Integers by place, dense or sparse, whichever is shorter. */
#include "proto/state_parts.h"
#include "proto/state_record.h"

enum wh_err
wh_state_damaged(struct wh_error *error, const char *what)
{
    return wh_error_set(error, WH_ERR_INPUT, "the state is damaged: %s", what);
}

/* Unsigned, because the difference of two integers may need one bit more; it wraps round, and
 * adding it up again wraps back. */
void
wh_state_differences(const int64_t *items, size_t count, int64_t *ret_differences)
{
    uint64_t before = 0;
    for (size_t i = 0; i < count; i++) {
        ret_differences[i] = (int64_t)((uint64_t)items[i] - before);
        before = (uint64_t)items[i];
    }
}

void
wh_state_sums(const int64_t *differences, size_t count, int64_t *ret_items)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        sum += (uint64_t)differences[i];
        ret_items[i] = (int64_t)sum;
    }
}

static uint32_t
count_nonzero(const int64_t *items, uint32_t count)
{
    uint32_t nonzero = 0;
    for (uint32_t i = 0; i < count; i++) {
        nonzero += items[i] != 0 ? 1 : 0;
    }
    return nonzero;
}

static void
fill_sparse(const int64_t *items, uint32_t count, Waterhole__Cells *message)
{
    uint32_t gap = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (items[i] == 0) {
            gap++;
            continue;
        }
        message->gaps[message->n_gaps++] = gap;
        message->values[message->n_values++] = items[i];
        gap = 0;
    }
}

Waterhole__Cells *
wh_state_encode_cells(struct wh_arena *arena, const int64_t *items, uint32_t count)
{
    if (count == 0) {
        return NULL;
    }
    Waterhole__Cells *message = WH_ARENA_NEW(arena, Waterhole__Cells);
    waterhole__cells__init(message);
    message->has_count = true;
    message->count = count;
    uint32_t nonzero = count_nonzero(items, count);
    message->values = WH_ARENA_ARRAY(arena, int64_t, count);
    /* A zero takes one byte, a gap one or two. */
    if (nonzero > count / 2) {
        message->n_values = count;
        memcpy(message->values, items, count * sizeof(*items));
    } else {
        message->gaps = WH_ARENA_ARRAY(arena, uint32_t, nonzero);
        fill_sparse(items, count, message);
    }
    return message;
}

static enum wh_err
take_sparse(const Waterhole__Cells *message, int64_t *ret_items, struct wh_error *error)
{
    uint32_t free_places = message->count;
    if (message->n_gaps != message->n_values) {
        return wh_state_damaged(error, "cells and gaps differ in number");
    }
    for (size_t i = 0; i < message->n_gaps; i++) {
        if (message->gaps[i] >= free_places) {
            return wh_state_damaged(error, "a cell lies behind the last place");
        }
        free_places -= message->gaps[i] + 1;
        ret_items[message->count - free_places - 1] = message->values[i];
    }
    return WH_OK;
}

enum wh_err
wh_state_decode_cells(struct wh_arena *arena, const Waterhole__Cells *message, uint32_t capacity,
                      int64_t **ret_items, uint32_t *ret_count, struct wh_error *error)
{
    uint32_t count = message == NULL ? 0 : message->count;
    if (count > WH_STATE_CELLS_MAX) {
        return wh_state_damaged(error, "more cells than there can be");
    }
    bool is_dense = count > 0 && message->n_gaps == 0 && message->n_values > 0;
    if (is_dense && message->n_values != count) {
        return wh_state_damaged(error, "cells and places differ in number");
    }
    int64_t *items = WH_ARENA_ARRAY(arena, int64_t, count > capacity ? count : capacity);
    if (is_dense) {
        memcpy(items, message->values, count * sizeof(*items));
    } else if (message != NULL) {
        enum wh_err err = take_sparse(message, items, error);
        if (err != WH_OK) {
            return err;
        }
    }
    *ret_items = items;
    *ret_count = count;
    return WH_OK;
}
