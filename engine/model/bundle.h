/* A bundle: parcels on their way from one entity to another, all of one trail (model/parcel.h).
 * It explains itself: columns, types, qualifications, triggers and tracks go by name, so that it
 * may be read under another model than the one it was packed with. Plain data; everything lives in
 * the arena of whoever packed or decoded it. Strings are numbers into its own table. */
#ifndef WH_MODEL_BUNDLE_H
#define WH_MODEL_BUNDLE_H

#include "engine/model/bundle_fold.h"
#include "engine/model/decision.h"
#include "engine/model/key.h"
#include "engine/model/strings.h"
#include "engine/model/touch.h"

/* Of a row on its way only, in its flags: it came from outside in this very step, so it may be a
 * repeat; one that was stored before is in no fold. */
#define WH_ROW_FRESH 128

struct wh_bundle_row {
    int64_t at, received; /* µs */
    uint32_t id;          /* string */
    uint64_t digest;
    uint32_t type; /* string; the touch's type, also one that no rule names; empty: none */
    uint8_t flags; /* enum wh_row_flag, WH_ROW_FRESH */
    uint32_t keys; /* string: the set of identifiers (model/key_set.h), interned whole */
};

/* Cells of one column, in the order of the rows; text is a string of the bundle. */
struct wh_bundle_column {
    uint8_t kind;       /* enum wh_column_kind of rules/ruleset.h; the type is no column */
    struct wh_str name; /* as the ruleset names it; empty for kinds of which there is one */
    wh_cell_t *cells;
};

struct wh_bundle_decision {
    struct wh_str qualification; /* id */
    struct wh_decision decision; /* its number of the qualification and of the trail say nothing */
};

struct wh_bundle_firing {
    struct wh_str trigger; /* id */
    struct wh_firing firing;
};

struct wh_bundle_nurture {
    struct wh_str track, step; /* id; of the step that comes next: its id or number */
    struct wh_nurture nurture;
};

/* Capacities are for who fills it; a decoder may leave them 0. */
struct wh_bundle {
    struct wh_strings strings;
    struct wh_bundle_row *rows; /* in timeline order: time, then id */
    uint32_t row_count, row_capacity;
    struct wh_bundle_column *columns; /* cells: as many as rows, so one row more grows them all */
    uint32_t column_count, column_capacity;
    struct wh_bundle_decision *decisions;
    uint32_t decision_count, decision_capacity;
    struct wh_bundle_firing *firings;
    uint32_t firing_count, firing_capacity;
    struct wh_bundle_nurture *nurtures;
    uint32_t nurture_count, nurture_capacity;
    struct wh_bundle_fold *folds; /* model/bundle_fold.h */
    uint32_t fold_count, fold_capacity;
};

/* What wh_arrival.touch is: exactly one is set. */
struct wh_cargo {
    const struct wh_touch *touch; /* as decoded */
    const struct wh_bundle *rows; /* one row, which a crowd passed on */
};

void wh_bundle_begin(struct wh_bundle *bundle, struct wh_arena *arena);
bool wh_bundle_is_empty(const struct wh_bundle *bundle);

/* Appends; the row's strings are numbers of the bundle. Its cells are absent at first. */
uint32_t wh_bundle_add_row(struct wh_bundle *bundle, struct wh_bundle_row row);

/* The index of the column; added, with absent cells, when it is not there. The name is copied. */
uint32_t wh_bundle_column(struct wh_bundle *bundle, uint8_t kind, struct wh_str name);
/* NULL: not there. */
const struct wh_bundle_column *wh_bundle_find_column(const struct wh_bundle *bundle, uint8_t kind,
                                                     struct wh_str name);

/* Names and keys are copied. */
void wh_bundle_add_decision(struct wh_bundle *bundle, struct wh_str qualification,
                            const struct wh_decision *decision);
void wh_bundle_add_firing(struct wh_bundle *bundle, struct wh_str trigger,
                          const struct wh_firing *firing);
void wh_bundle_add_nurture(struct wh_bundle *bundle, const struct wh_bundle_nurture *nurture);
/* A new, empty one. */
struct wh_bundle_fold *wh_bundle_add_fold(struct wh_bundle *bundle);

/* Bytes that it takes on its way, estimated from above. */
size_t wh_bundle_size(const struct wh_bundle *bundle);

/* A deep copy. */
void wh_bundle_copy(struct wh_bundle *to, struct wh_arena *arena, const struct wh_bundle *from);

#endif
