/* The parts of a state between memory and message; used by state_record.c only. Encoding borrows
 * from the state and takes memory from the arena; decoding fills memory of the arena. */
#ifndef WH_PROTO_STATE_PARTS_H
#define WH_PROTO_STATE_PARTS_H

#include "engine/base/arena.h"
#include "engine/base/err.h"
#include "engine/model/state.h"
#include "proto/record_parts.h"
#include "proto/state.pb-c.h"

/* Sets *error to "the state is damaged: " and what. */
enum wh_err wh_state_damaged(struct wh_error *error, const char *what);

/* As differences, and back; exact for all integers. */
void wh_state_differences(const int64_t *items, size_t count, int64_t *ret_differences);
void wh_state_sums(const int64_t *differences, size_t count, int64_t *ret_items);

/* NULL when all are zero and there is no place. */
Waterhole__Cells *wh_state_encode_cells(struct wh_arena *arena, const int64_t *items,
                                        uint32_t count);
/* *ret_items has at least `capacity` places (zero behind the count); message may be NULL. */
WH_MUST_CHECK enum wh_err wh_state_decode_cells(struct wh_arena *arena,
                                                const Waterhole__Cells *message, uint32_t capacity,
                                                int64_t **ret_items, uint32_t *ret_count,
                                                struct wh_error *error);

Waterhole__History *wh_state_encode_history(struct wh_arena *arena,
                                            const struct wh_history *history);
WH_MUST_CHECK enum wh_err wh_state_decode_history(struct wh_arena *arena,
                                                  const Waterhole__History *message,
                                                  const struct wh_strings *strings,
                                                  struct wh_history *ret_history,
                                                  struct wh_error *error);

Waterhole__Fold *wh_state_encode_fold(struct wh_arena *arena, const struct wh_fold *fold);
WH_MUST_CHECK enum wh_err wh_state_decode_fold(struct wh_arena *arena,
                                               const Waterhole__Fold *message, uint32_t row_count,
                                               struct wh_fold *ret_fold, struct wh_error *error);

/* Decisions and firings name trails and identifiers: they are decoded behind the identity. */
Waterhole__Announced *wh_state_encode_announced(struct wh_part_writer *writer,
                                                const struct wh_announced *announced);
WH_MUST_CHECK enum wh_err wh_state_decode_announced(struct wh_arena *arena,
                                                    const Waterhole__Announced *message,
                                                    struct wh_announced *ret_announced,
                                                    struct wh_error *error);

#endif
