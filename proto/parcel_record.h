/* Parcels as parts of states and of handoff records (parcel.proto). Both forms of them: with
 * numbers of a model and of trails in a state, with names in a bundle. */
#ifndef WH_PROTO_PARCEL_RECORD_H
#define WH_PROTO_PARCEL_RECORD_H

#include "engine/model/announced.h"
#include "proto/record_parts.h"

/* Rows times columns of a bundle: far above what fits in a transfer, as most cells are absent. */
#define WH_BUNDLE_CELLS_MAX (UINT32_C(1) << 20)

/* NULL for none. In a state (has_trails), numbers are those of model and entity. Decoding checks
 * the trails against the reader's count; what a qualification, trigger or track is only the model
 * knows. */
Waterhole__Decisions *wh_parcel_write_decisions(struct wh_part_writer *writer,
                                                const struct wh_decision *decisions, uint32_t count,
                                                bool has_trails);
bool wh_parcel_read_decisions(struct wh_part_reader *reader, const Waterhole__Decisions *message,
                              struct wh_decision **ret_decisions, uint32_t *ret_count);

Waterhole__Firings *wh_parcel_write_firings(struct wh_arena *arena, const struct wh_firing *firings,
                                            uint32_t count, bool has_trails);
bool wh_parcel_read_firings(struct wh_part_reader *reader, const Waterhole__Firings *message,
                            struct wh_firing **ret_firings, uint32_t *ret_count);

Waterhole__Nurtures *wh_parcel_write_nurtures(struct wh_arena *arena,
                                              const struct wh_nurture *nurtures, uint32_t count,
                                              bool has_trails);
bool wh_parcel_read_nurtures(struct wh_part_reader *reader, const Waterhole__Nurtures *message,
                             struct wh_nurture **ret_nurtures, uint32_t *ret_count);

/* What a decay or the index of a rule means knows only the model. */
Waterhole__FoldShare **wh_parcel_write_folds(struct wh_arena *arena,
                                             const struct wh_bundle_fold *folds, uint32_t count);
bool wh_parcel_read_folds(struct wh_part_reader *reader, Waterhole__FoldShare *const *messages,
                          size_t count, struct wh_bundle_fold **ret_folds);

Waterhole__Bundle *wh_parcel_write_bundle(struct wh_part_writer *writer,
                                          const struct wh_bundle *bundle);
/* The bundle has strings of its own, whatever the reader's are. */
bool wh_parcel_read_bundle(struct wh_part_reader *reader, const Waterhole__Bundle *message,
                           struct wh_bundle *ret_bundle);

#endif
