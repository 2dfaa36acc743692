#include "engine/score/route.h"

static struct wh_str
receiver_of(struct wh_view *view, const struct wh_route *route, int32_t touch)
{
    bool known = true;
    view->touch = touch;
    struct wh_str to = wh_eval_template(view, &route->to, &known);
    view->touch = -1;
    return known ? to : (struct wh_str){NULL, 0};
}

size_t
wh_route_candidates(struct wh_view *view, int32_t touch, struct wh_candidate **ret_candidates)
{
    const struct wh_ruleset *ruleset = view->ruleset;
    struct wh_candidate *candidates =
        WH_ARENA_ARRAY(view->scratch, struct wh_candidate, ruleset->route_count);
    size_t count = 0;
    for (size_t i = 0; i < ruleset->route_count; i++) {
        const struct wh_route *route = &ruleset->routes[i];
        if (!wh_eval_holds(view, &route->when)) {
            continue;
        }
        struct wh_str to = receiver_of(view, route, touch);
        if (to.len == 0) {
            continue;
        }
        bool counts = wh_route_has_counter(route);
        candidates[count++] = (struct wh_candidate){route->id, to, counts, route->sticky};
        if (!counts) {
            break;
        }
    }
    *ret_candidates = candidates;
    return count;
}

struct wh_route_choice
wh_route_choice_of(const struct wh_candidate *candidate, struct wh_str owner)
{
    return (struct wh_route_choice){
        .chosen = true,
        .rule = candidate->rule,
        .to = candidate->to,
        .owner = owner,
    };
}
