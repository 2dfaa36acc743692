#include "engine/score/cap.h"

/* A cap of 0 or more bounds what is given, one below bounds what is taken. */
static bool
bounds(const struct wh_cap *cap, int64_t award)
{
    return cap->points >= 0 ? award > 0 : award < 0;
}

static int64_t
pass(int64_t cap, int64_t used, int64_t award)
{
    int64_t room = cap - used;
    if (cap >= 0) {
        room = room > 0 ? room : 0;
        return award < room ? award : room;
    }
    room = room < 0 ? room : 0;
    return award > room ? award : room;
}

static int64_t
pass_window(struct wh_position *position, const struct wh_cap *cap, int64_t window, int64_t award)
{
    int64_t *cells = position->fold->cells + cap->cell;
    if (cells[WH_CAP_CELL_WINDOW] != window) {
        cells[WH_CAP_CELL_WINDOW] = window;
        cells[WH_CAP_CELL_SUM] = 0;
    }
    int64_t passed = pass(cap->points, cells[WH_CAP_CELL_SUM], award);
    cells[WH_CAP_CELL_SUM] += passed;
    return passed;
}

/* The window is (at - rolling, at]. */
static int64_t
pass_rolling(struct wh_position *position, const struct wh_cap *cap, int64_t award)
{
    uint32_t number = (uint32_t)cap->list;
    struct wh_fold_list *list = &position->fold->lists[number];
    uint32_t over = 0;
    while (over < list->count && list->items[over] <= position->at - cap->rolling) {
        over += WH_PASSED_ITEMS;
    }
    wh_fold_shift(position->fold, number, over);
    int64_t used = 0;
    for (uint32_t i = 0; i < list->count; i += WH_PASSED_ITEMS) {
        used += list->items[i + WH_PASSED_ITEM_POINTS];
    }
    int64_t passed = pass(cap->points, used, award);
    if (passed == 0) {
        return 0;
    }
    if (list->count >= WH_AWARDS_MAX * WH_PASSED_ITEMS) {
        wh_fold_shift(position->fold, number, WH_PASSED_ITEMS);
    }
    wh_fold_push(position->fold, number, position->at);
    wh_fold_push(position->fold, number, passed);
    return passed;
}

int64_t
wh_cap_pass(struct wh_position *position, const struct wh_cap *cap, int64_t award)
{
    if (cap->kind == WH_CAP_NONE || !bounds(cap, award)) {
        return award;
    }
    switch (cap->kind) {
    case WH_CAP_NONE:
        return award;
    case WH_CAP_PERIOD:
        return pass_window(position, cap,
                           wh_zone_period_start(position->ruleset->zone, cap->period, position->at),
                           award);
    case WH_CAP_SESSION:
        if (!wh_position_in_session(position)) {
            return award;
        }
        return pass_window(
            position, cap,
            position->fold->cells[position->ruleset->layout.session + WH_SESSION_CELL_NUMBER],
            award);
    case WH_CAP_ROLLING:
        return pass_rolling(position, cap, award);
    }
    return award;
}
