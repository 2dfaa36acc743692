/* A bundle: parcels on their way from one entity to another, all of one trail (model/parcel.h).
 * It explains itself: columns, types, qualifications and triggers go by name, so that it may be
 * read under another model than the one it was packed with. Plain data; everything lives in the
 * arena of whoever packed or decoded it. Strings are numbers into its own table. */
#ifndef WH_MODEL_BUNDLE_H
#define WH_MODEL_BUNDLE_H

#include "engine/model/decision.h"
#include "engine/model/key.h"
#include "engine/model/strings.h"

struct wh_bundle_row {
    int64_t at, received; /* µs */
    uint32_t id;          /* string */
    uint64_t digest;
    uint32_t type; /* string; the touch's type, also one that no rule names */
    uint8_t flags; /* enum wh_row_flag */
    uint32_t keys; /* string: the set of identifiers (model/key_set.h) */
};

/* Cells of one column, in the order of the rows; text is a string of the bundle. */
struct wh_bundle_column {
    uint8_t kind;       /* enum wh_column_kind of rules/ruleset.h */
    struct wh_str name; /* as the ruleset names it */
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

struct wh_bundle {
    struct wh_strings strings;
    struct wh_bundle_row *rows; /* in timeline order */
    uint32_t row_count;
    struct wh_bundle_column *columns;
    uint32_t column_count;
    struct wh_bundle_decision *decisions;
    uint32_t decision_count;
    struct wh_bundle_firing *firings;
    uint32_t firing_count;
    struct wh_bundle_fold *folds; /* model/bundle_fold.h */
    uint32_t fold_count;
};

#endif
