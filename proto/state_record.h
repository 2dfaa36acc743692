/* The state of one entity as bytes (state.proto), and back. */
#ifndef WH_PROTO_STATE_RECORD_H
#define WH_PROTO_STATE_RECORD_H

#include "engine/base/buf.h"
#include "engine/base/err.h"
#include "engine/model/entity.h"

/* More than any state of a model within the limits has; without bounds a few bytes could ask for
 * all the memory there is. */
#define WH_STATE_ROWS_MAX    (UINT32_C(1) << 17)
#define WH_STATE_COLUMNS_MAX (UINT32_C(1) << 12)
/* Of a fold; also its lists, and rows times columns of a history in units of 16. */
#define WH_STATE_CELLS_MAX (UINT32_C(1) << 18)
/* Of a string: a set of identifiers, each of the length that one can have in a record. */
#define WH_STATE_STRING_MAX ((size_t)1 << 15)

void wh_state_record_encode(struct wh_buf *buf, struct wh_str model_hash,
                            const struct wh_entity *entity);

/* WH_ERR_INPUT for bytes that no entity has: a string number without string, rows out of order,
 * two rows of one id, counts that do not fit, a trail that there is not, minutes out of order. What
 * only the model knows is for the caller to check before a step, with wh_entity_fits of
 * engine/score/fits.h: the counts of columns, qualifications, triggers and places, and the cells
 * and lists of the folds, which are integers here. Everything decoded lives in the arena. */
WH_MUST_CHECK enum wh_err wh_state_record_decode(struct wh_str bytes, struct wh_arena *arena,
                                                 struct wh_str *ret_model_hash,
                                                 struct wh_entity *ret_entity,
                                                 struct wh_error *error);

#endif
