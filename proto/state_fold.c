/* A fold: cells and lists of integers. */
#include "engine/base/time.h"
#include "proto/state_parts.h"
#include "proto/state_record.h"

static Waterhole__List *
encode_list(struct wh_arena *arena, const struct wh_fold_list *list, uint32_t number)
{
    Waterhole__List *message = WH_ARENA_NEW(arena, Waterhole__List);
    waterhole__list__init(message);
    message->has_number = true;
    message->number = number;
    message->n_items = list->count;
    message->items = WH_ARENA_ARRAY(arena, int64_t, list->count);
    wh_state_differences(list->items, list->count, message->items);
    return message;
}

Waterhole__Fold *
wh_state_encode_fold(struct wh_arena *arena, const struct wh_fold *fold)
{
    Waterhole__Fold *message = WH_ARENA_NEW(arena, Waterhole__Fold);
    waterhole__fold__init(message);
    message->has_at = fold->at != WH_TIME_MIN;
    message->at = fold->at;
    message->has_rows = fold->rows != 0;
    message->rows = fold->rows;
    message->cells = wh_state_encode_cells(arena, fold->cells, fold->cell_count);
    message->has_list_count = fold->list_count != 0;
    message->list_count = fold->list_count;
    message->lists = WH_ARENA_ARRAY(arena, Waterhole__List *, fold->list_count);
    for (uint32_t i = 0; i < fold->list_count; i++) {
        if (fold->lists[i].count > 0) {
            message->lists[message->n_lists++] = encode_list(arena, &fold->lists[i], i);
        }
    }
    return message;
}

static enum wh_err
decode_lists(struct wh_arena *arena, const Waterhole__Fold *message, struct wh_fold *fold,
             struct wh_error *error)
{
    if (message->list_count > WH_STATE_CELLS_MAX) {
        return wh_state_damaged(error, "more lists than there can be");
    }
    fold->list_count = message->list_count;
    fold->lists = WH_ARENA_ARRAY(arena, struct wh_fold_list, fold->list_count);
    uint32_t next = 0;
    for (size_t i = 0; i < message->n_lists; i++) {
        const Waterhole__List *list = message->lists[i];
        if (list->number < next || list->number >= fold->list_count || list->n_items > UINT32_MAX) {
            return wh_state_damaged(error, "lists are not in order");
        }
        next = list->number + 1;
        int64_t *items = WH_ARENA_ARRAY(arena, int64_t, list->n_items);
        wh_state_sums(list->items, list->n_items, items);
        fold->lists[list->number] =
            (struct wh_fold_list){items, (uint32_t)list->n_items, (uint32_t)list->n_items};
    }
    return WH_OK;
}

enum wh_err
wh_state_decode_fold(struct wh_arena *arena, const Waterhole__Fold *message, uint32_t row_count,
                     struct wh_fold *ret_fold, struct wh_error *error)
{
    if (message == NULL) {
        return wh_state_damaged(error, "a fold is missing");
    }
    if (message->rows > row_count) {
        return wh_state_damaged(error, "a fold holds more rows than there are");
    }
    struct wh_fold fold = {
        .arena = arena,
        .at = message->has_at ? message->at : WH_TIME_MIN,
        .rows = message->rows,
    };
    enum wh_err err =
        wh_state_decode_cells(arena, message->cells, 0, &fold.cells, &fold.cell_count, error);
    if (err == WH_OK) {
        err = decode_lists(arena, message, &fold, error);
    }
    if (err == WH_OK) {
        *ret_fold = fold;
    }
    return err;
}
