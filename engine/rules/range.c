/* The search for the first flip: an interval in which nothing can flip is done, a single moment is
 * looked at, everything else is halved, the earlier half first. */
#include "engine/rules/range.h"

#include "engine/rules/range_value.h"
#include "engine/rules/read.h"

struct hunt {
    struct wh_view *view;
    const struct wh_leaf *leaf;
    struct wh_value value; /* before the flip */
    int steps_left;
};

/* The fold stays as it is meanwhile, so what was worked out for the same moment still holds. */
static void
stand_at(struct wh_view *view, int64_t t)
{
    if (view->now != t) {
        wh_view_move(view, t);
    }
}

static struct wh_value
leaf_value(struct wh_view *view, const struct wh_leaf *leaf)
{
    if (leaf->label < 0) {
        return wh_eval_node(view, leaf->program, leaf->node);
    }
    int32_t ordinal = wh_read_label(view, leaf->label);
    return ordinal < 0 ? WH_UNKNOWN : wh_value_of(WH_TYPE_LABEL, ordinal);
}

bool
wh_range_is_constant(struct wh_view *view, const struct wh_leaf *leaf, struct wh_value value,
                     int64_t from, int64_t to)
{
    int64_t now = view->now;
    uint64_t faults = view->faults;
    struct wh_interval interval = {from, to};
    stand_at(view, from);
    struct wh_extent extent = leaf->label < 0
                                  ? wh_range_node(view, leaf->program, leaf->node, interval)
                                  : wh_range_label(view, leaf->label, interval);
    stand_at(view, now);
    view->faults = faults;
    return extent.is_exact && wh_value_same(extent.value, value);
}

static int64_t
whole_second(int64_t t)
{
    int64_t rest = t % WH_US_PER_SECOND;
    return t - rest - (rest < 0 ? WH_US_PER_SECOND : 0);
}

/* The first moment after t that counts, and the last one up to t. */
static int64_t
moment_after(const struct wh_leaf *leaf, int64_t t)
{
    return leaf->is_moving ? whole_second(t) + WH_US_PER_SECOND : t + 1;
}

static int64_t
moment_until(const struct wh_leaf *leaf, int64_t t)
{
    return leaf->is_moving ? whole_second(t) : t;
}

static bool
flips_at(const struct hunt *hunt, int64_t t)
{
    stand_at(hunt->view, t);
    return !wh_value_same(leaf_value(hunt->view, hunt->leaf), hunt->value);
}

/* The first flip in (low, high]; up to low nothing flips. Each level halves the interval, so it
 * is never deeper than the 63 bits of a time. has_flipped: at high, so it need not be asked
 * whether it can. */
static int64_t
hunt_in(struct hunt *hunt, int64_t low, int64_t high, bool has_flipped)
{
    int64_t first = moment_after(hunt->leaf, low);
    if (first > high) {
        return WH_TIME_NEVER;
    }
    if (hunt->steps_left == 0) {
        return first;
    }
    hunt->steps_left--;
    if (moment_after(hunt->leaf, first) > high) {
        return flips_at(hunt, first) ? first : WH_TIME_NEVER;
    }
    if (!has_flipped && wh_range_is_constant(hunt->view, hunt->leaf, hunt->value, first, high)) {
        return WH_TIME_NEVER;
    }
    int64_t middle = moment_until(hunt->leaf, low + (high - low) / 2);
    middle = middle < first ? first : middle;
    int64_t flip = hunt_in(hunt, low, middle, false);
    if (flip != WH_TIME_NEVER) {
        return flip;
    }
    return hunt_in(hunt, middle, high, has_flipped || flips_at(hunt, high));
}

int64_t
wh_range_first_flip(struct wh_view *view, const struct wh_leaf *leaf, int64_t from, int64_t to)
{
    int64_t now = view->now;
    uint64_t faults = view->faults;
    stand_at(view, from);
    struct hunt hunt = {view, leaf, leaf_value(view, leaf), WH_RANGE_STEPS_MAX};
    int64_t flip = hunt_in(&hunt, from, to, false);
    stand_at(view, now);
    view->faults = faults;
    return flip;
}
