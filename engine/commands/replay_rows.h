/* What a replay found out about each lead and company, put aside while heaps are played on several
 * threads, and read again in order of key: the same order, whatever ran when. What is large lies on
 * the disk; memory is that of one row for each heap. */
#ifndef WH_COMMANDS_REPLAY_ROWS_H
#define WH_COMMANDS_REPLAY_ROWS_H

#include "connectors/file/spill.h"
#include "engine/lab/replay.h"

/* A lead or company with its ripenings, by qualification. One that neither model knows at the end,
 * because it was erased, has ripenings alone. */
struct wh_replay_row {
    struct wh_replay_lead lead;
    const struct wh_ripening *ripenings;
    size_t ripening_count;
};

struct wh_replay_rows;

struct wh_replay_rows *wh_replay_rows_open(size_t heap_count);
/* Accepts NULL. */
void wh_replay_rows_close(struct wh_replay_rows **rows);

/* Everything that a heap brought, once it is finished. For several threads at once, each heap
 * once. WH_ERR_OUTSIDE: the disk did not take it. */
WH_MUST_CHECK enum wh_err wh_replay_rows_add(struct wh_replay_rows *rows, size_t heap,
                                             const struct wh_replay *played,
                                             const struct wh_replay_env *env,
                                             struct wh_error *error);

/* Reads all of them; nothing is added any more. */
struct wh_replay_rows_reader;
struct wh_replay_rows_reader *wh_replay_rows_read(const struct wh_replay_rows *rows);

/* *ret_row is valid until the next call. WH_ERR_NOT_FOUND at the end, WH_ERR_OUTSIDE. */
WH_MUST_CHECK enum wh_err wh_replay_rows_next(struct wh_replay_rows_reader *reader,
                                              struct wh_replay_row *ret_row,
                                              struct wh_error *error);
/* Accepts NULL. */
void wh_replay_rows_end(struct wh_replay_rows_reader **reader);

#endif
