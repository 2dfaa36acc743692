/* Which names the `data` section of a model lists, for who brings data to it from elsewhere (model
 * tests): each part that is there is complete, so another name is a mistake. */
#ifndef WH_LANGUAGE_LISTED_H
#define WH_LANGUAGE_LISTED_H

#include "engine/language/compile.h"

enum wh_listed_part {
    WH_LISTED_TOUCHES, /* types; the known ones of the reference are always listed */
    WH_LISTED_LEAD,
    WH_LISTED_COMPANY,
    WH_LISTED_PROPS,
};

/* False when the part is there and does not list the name; then nearest was offered those that it
 * lists. Attributes that leads and companies have anyway are always listed. */
bool wh_listed_has(const struct wh_model *model, enum wh_listed_part part, struct wh_str name,
                   struct wh_nearest *nearest);

#endif
