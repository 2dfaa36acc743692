/* Who gets a ripe lead: the first route whose condition is true and whose receiver is known. */
#ifndef WH_SCORE_ROUTE_H
#define WH_SCORE_ROUTE_H

#include "engine/model/effect.h"
#include "engine/rules/eval.h"

void wh_route_choose(struct wh_view *view, struct wh_route_choice *ret_choice);

#endif
