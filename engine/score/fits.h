/* Whether an entity that was read from bytes is one that this model has made. The codec has checked
 * what it can without the model; this checks the rest, so that no step reads outside of anything:
 * counts, numbers of types, places and rules, strings that cells name, parts of list items. Amounts
 * and times in the folds are taken as they are. */
#ifndef WH_SCORE_FITS_H
#define WH_SCORE_FITS_H

#include <stdbool.h>

#include "engine/model/entity.h"
#include "engine/rules/ruleset.h"

/* False: damaged, or made under another model than its hash says. */
bool wh_entity_fits(const struct wh_ruleset *model, const struct wh_entity *entity);

/* A cell of the fold that counts or adds up, and may so be named by a share's totals. */
bool wh_fits_total(const struct wh_ruleset *ruleset, int64_t cell);

#endif
