#include "engine/commands/replay_merge.h"

#include <stdlib.h>

/* Where reading of a part stands: its next record. */
struct head {
    struct wh_spill_reader reader;
    struct wh_str bytes;
};

struct wh_replay_merge {
    wh_merge_order_fn order;
    struct wh_arena arena; /* of heads and their buffers */
    struct head *heads;    /* of parts that have a record; a binary heap */
    size_t count;
    bool is_begun; /* the record of the first one was given and has to go */
};

struct wh_replay_merge *
wh_replay_merge_open(const struct wh_spill *spill, const struct wh_spill_part *parts,
                     size_t part_count, wh_merge_order_fn order)
{
    struct wh_replay_merge *merge = calloc(1, sizeof(*merge));
    if (merge == NULL) {
        abort();
    }
    merge->order = order;
    wh_arena_init(&merge->arena, 0);
    merge->heads = WH_ARENA_ARRAY(&merge->arena, struct head, part_count);
    for (size_t i = 0; i < part_count; i++) {
        if (parts[i].until > parts[i].from) {
            struct head *head = &merge->heads[merge->count++];
            wh_spill_read_part(spill, parts[i].from, parts[i].until, &merge->arena, &head->reader);
        }
    }
    return merge;
}

void
wh_replay_merge_close(struct wh_replay_merge **merge)
{
    if (*merge != NULL) {
        wh_arena_fini(&(*merge)->arena);
        free(*merge);
        *merge = NULL;
    }
}

static enum wh_err
step(struct head *head, struct wh_error *error)
{
    return wh_spill_next(&head->reader, &head->bytes, error);
}

/* Lets the head at a place of the binary heap sink to where it belongs. */
static void
sink(struct wh_replay_merge *merge, size_t place)
{
    struct head *heads = merge->heads;
    for (size_t child = 2 * place + 1; child < merge->count; child = 2 * place + 1) {
        bool is_second = child + 1 < merge->count &&
                         merge->order(heads[child + 1].bytes, heads[child].bytes) < 0;
        child += is_second ? 1 : 0;
        if (merge->order(heads[place].bytes, heads[child].bytes) <= 0) {
            return;
        }
        struct head moved = heads[place];
        heads[place] = heads[child];
        heads[child] = moved;
        place = child;
    }
}

/* Each head gets its first record; then they are a heap. */
static enum wh_err
begin(struct wh_replay_merge *merge, struct wh_error *error)
{
    for (size_t i = 0; i < merge->count; i++) {
        enum wh_err err = step(&merge->heads[i], error);
        if (err != WH_OK) {
            return err; /* no part is empty: the disk has failed */
        }
    }
    for (size_t i = merge->count / 2; i > 0; i--) {
        sink(merge, i - 1);
    }
    return WH_OK;
}

/* The record that was given goes; the next of its part takes its place. */
static enum wh_err
let_go(struct wh_replay_merge *merge, struct wh_error *error)
{
    enum wh_err err = step(&merge->heads[0], error);
    if (err == WH_ERR_NOT_FOUND) {
        merge->heads[0] = merge->heads[--merge->count];
        err = WH_OK;
    }
    sink(merge, 0);
    return err;
}

enum wh_err
wh_replay_merge_next(struct wh_replay_merge *merge, struct wh_str *ret_bytes,
                     struct wh_error *error)
{
    enum wh_err err = WH_OK;
    if (merge->count > 0) {
        err = merge->is_begun ? let_go(merge, error) : begin(merge, error);
    }
    if (err != WH_OK || merge->count == 0) {
        return err != WH_OK ? err : WH_ERR_NOT_FOUND;
    }
    merge->is_begun = true;
    *ret_bytes = merge->heads[0].bytes;
    return WH_OK;
}
