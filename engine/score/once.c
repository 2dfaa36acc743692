#include "engine/score/once.h"

#include "engine/base/buf.h"
#include "engine/base/hash.h"
#include "engine/base/time.h"
#include "engine/rules/read.h"

uint64_t
wh_once_fingerprint(struct wh_position *position, struct wh_value value)
{
    struct wh_buf buf;
    wh_buf_init(&buf, position->view->scratch);
    wh_value_encode(&buf, value);
    return wh_hash_fingerprint(wh_buf_str(&buf));
}

/* What one part of once_per adds to the class; lead and durations tell nothing apart. */
static struct wh_value
part_value(struct wh_position *position, const struct wh_once *part)
{
    switch (part->kind) {
    case WH_ONCE_LEAD:
    case WH_ONCE_ROLLING:
        return WH_UNKNOWN;
    case WH_ONCE_COMPANY:
        return wh_read_lead(position->view, WH_LEAD_COMPANY);
    case WH_ONCE_SESSION:
        if (!wh_position_in_session(position)) {
            return WH_UNKNOWN;
        }
        return wh_value_of(
            WH_TYPE_NUMBER,
            position->fold->cells[position->ruleset->layout.session + WH_SESSION_CELL_NUMBER]);
    case WH_ONCE_PERIOD:
        return wh_value_of(WH_TYPE_TIME, wh_zone_period_start(position->ruleset->zone, part->period,
                                                              position->at));
    case WH_ONCE_VALUE:
        return wh_eval(position->view, &part->value);
    }
    return WH_UNKNOWN;
}

static uint64_t
class_of(struct wh_position *position, const struct wh_once_rule *once)
{
    struct wh_buf buf;
    wh_buf_init(&buf, position->view->scratch);
    for (size_t i = 0; i < once->part_count; i++) {
        wh_value_encode(&buf, part_value(position, &once->parts[i]));
    }
    return wh_hash_fingerprint(wh_buf_str(&buf));
}

/* µs; -1: no duration among the parts. */
static int64_t
rolling_of(const struct wh_once_rule *once)
{
    for (size_t i = 0; i < once->part_count; i++) {
        if (once->parts[i].kind == WH_ONCE_ROLLING) {
            return once->parts[i].rolling;
        }
    }
    return -1;
}

static bool
may_pay_again(int64_t last, int64_t rolling, int64_t at)
{
    return last == WH_TIME_MIN || (rolling >= 0 && last <= at - rolling);
}

uint32_t
wh_once_find(const struct wh_fold_list *list, uint64_t class)
{
    for (uint32_t i = list->count; i >= WH_CLASS_ITEMS; i -= WH_CLASS_ITEMS) {
        if (list->items[i - WH_CLASS_ITEMS] == (int64_t) class) {
            return i - WH_CLASS_ITEMS;
        }
    }
    return list->count;
}

void
wh_once_write(struct wh_fold *fold, int32_t number, uint64_t class, int64_t value)
{
    struct wh_fold_list *list = &fold->lists[number];
    uint32_t place = wh_once_find(list, class);
    if (place < list->count) {
        for (uint32_t i = place + WH_CLASS_ITEMS; i < list->count; i++) {
            list->items[i - WH_CLASS_ITEMS] = list->items[i];
        }
        list->count -= WH_CLASS_ITEMS;
    } else if (list->count >= WH_ONCE_VALUES_MAX * WH_CLASS_ITEMS) {
        wh_fold_shift(fold, (uint32_t)number, WH_CLASS_ITEMS);
    }
    wh_fold_push(fold, (uint32_t)number, (int64_t) class);
    wh_fold_push(fold, (uint32_t)number, value);
}

bool
wh_once_pays(struct wh_position *position, const struct wh_once_rule *once)
{
    if (once->part_count == 0) {
        return true;
    }
    int64_t rolling = rolling_of(once);
    if (once->cell >= 0) {
        int64_t *last = &position->fold->cells[once->cell];
        if (!may_pay_again(*last, rolling, position->at)) {
            return false;
        }
        *last = position->at;
        return true;
    }
    uint64_t class = class_of(position, once);
    const struct wh_fold_list *list = &position->fold->lists[once->list];
    uint32_t place = wh_once_find(list, class);
    int64_t last = place < list->count ? list->items[place + WH_CLASS_ITEM_VALUE] : WH_TIME_MIN;
    if (!may_pay_again(last, rolling, position->at)) {
        return false;
    }
    wh_once_write(position->fold, once->list, class, position->at);
    return true;
}
