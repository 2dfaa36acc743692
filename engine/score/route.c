#include "engine/score/route.h"

void
wh_route_choose(struct wh_view *view, struct wh_route_choice *ret_choice)
{
    const struct wh_ruleset *ruleset = view->ruleset;
    *ret_choice = (struct wh_route_choice){.chosen = false};
    for (size_t i = 0; i < ruleset->route_count; i++) {
        const struct wh_route *route = &ruleset->routes[i];
        bool known = true;
        if (!wh_eval_holds(view, &route->when)) {
            continue;
        }
        struct wh_str to = wh_eval_template(view, &route->to, &known);
        if (known && to.len > 0) {
            *ret_choice = (struct wh_route_choice){.chosen = true, .rule = route->id, .to = to};
            return;
        }
    }
}
