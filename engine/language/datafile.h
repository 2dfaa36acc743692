/* List and table files beside the model. */
#ifndef WH_LANGUAGE_DATAFILE_H
#define WH_LANGUAGE_DATAFILE_H

#include "engine/language/compiler.h"
#include "engine/language/csv.h"

/* Opens the file that a scalar names, stands behind its header line, and finds a column by
 * another scalar. False after message 16. */
bool wh_datafile_open(struct wh_compiler *compiler, const struct wh_tree *file,
                      struct wh_csv *ret_csv);
bool wh_datafile_column(struct wh_compiler *compiler, const struct wh_tree *file,
                        const struct wh_tree *column, const struct wh_csv *csv, size_t *ret_column);

#endif
