/* The parts of the store of parcels. Private to score/. */
#ifndef WH_SCORE_PARCELS_PARTS_H
#define WH_SCORE_PARCELS_PARTS_H

#include "engine/model/stretch.h"
#include "engine/score/parcels.h"

/* Values have to be worked out again from that row and time on. */
void wh_parcels_note(struct wh_parcel_store *store, uint32_t row, int64_t at);

/* The column of that kind and name, -1 where the ruleset has or keeps none. */
int32_t wh_parcels_column(const struct wh_ruleset *ruleset, uint8_t kind, struct wh_str name);

/* The qualification of that id, -1 where the ruleset has none. */
int32_t wh_parcels_qualification(const struct wh_ruleset *ruleset, struct wh_str id);

/* A cell of one table of strings as one of another; a value of another type than the column's is
 * the statement unknown. */
wh_cell_t wh_parcels_move_cell(struct wh_strings *to, const struct wh_strings *from,
                               wh_cell_t cell);

/* Copies the marked rows, [history.count], to the bundle; they stay where they are. */
void wh_parcels_pack_rows(const struct wh_parcel_store *store, const bool *marked,
                          struct wh_bundle *bundle);

/* Takes the marked rows, [history.count], out of the history. */
void wh_parcels_remove_rows(struct wh_parcel_store *store, const bool *marked);

/* A touch at home. */
enum wh_outcome wh_parcels_put_touch(struct wh_parcel_store *store, const struct wh_touch *touch,
                                     bool automatic);

/* Puts in the rows of the bundle that are marked, [row_count], each as a touch of its own: a
 * repeat is dropped (the earlier of two counts), one that is older than what is folded joins the
 * fold of its trail. */
void wh_parcels_put_rows(struct wh_parcel_store *store, uint32_t trail,
                         const struct wh_bundle *bundle, const bool *marked);

/* The rows that are marked, [row_count], become part of the trail's fold and of base. */
void wh_parcels_fold_stale(struct wh_parcel_store *store, uint32_t trail,
                           const struct wh_bundle *bundle, const bool *marked);

/* Moves the fold of that trail out of base into the bundle when its last minute is in the set. */
void wh_parcels_take_folds(struct wh_parcel_store *store, uint32_t trail,
                           struct wh_stretches minutes, struct wh_bundle *bundle);

/* Adds it to base and to the fold of that trail. */
void wh_parcels_put_fold(struct wh_parcel_store *store, uint32_t trail,
                         const struct wh_bundle *bundle, const struct wh_bundle_fold *fold);

/* A share as a fold of a bundle, and back; the state's strings grow. */
void wh_parcels_pack_fold(const struct wh_parcel_store *store, const struct wh_bundle_fold *share,
                          struct wh_bundle *bundle);
void wh_parcels_unpack_fold(const struct wh_parcel_store *store, const struct wh_bundle *bundle,
                            const struct wh_bundle_fold *fold, struct wh_bundle_fold *ret_share);

/* Ways along tracks under that trail whose minute is in the set, out and in; the rest of what came
 * stays in *rest. */
void wh_parcels_take_nurtures(struct wh_parcel_store *store, uint32_t trail,
                              struct wh_stretches minutes, struct wh_bundle *bundle);
void wh_parcels_put_nurtures(struct wh_parcel_store *store, uint32_t trail,
                             struct wh_stretches minutes, const struct wh_bundle *given,
                             struct wh_bundle *rest);

void wh_parcels_rename_folds(struct wh_parcel_store *store, uint32_t from, uint32_t to);

#endif
