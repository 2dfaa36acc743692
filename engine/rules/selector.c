/* What a selector takes, and which touches begin a session. */
#include "engine/rules/eval.h"

static bool
contains(const int32_t *rising, size_t count, int32_t wanted)
{
    size_t low = 0;
    size_t high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (rising[middle] < wanted) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < count && rising[low] == wanted;
}

bool
wh_selector_takes_row(const struct wh_selector *selector, const struct wh_history *history,
                      uint32_t row, bool begins_session)
{
    bool is_act = (history->flags[row] & WH_ROW_ACT) != 0;
    return (selector->any && is_act) || (selector->session && begins_session) ||
           contains(selector->types, selector->type_count, history->type[row]);
}

bool
wh_selector_takes_signal(const struct wh_selector *selector, int32_t signal)
{
    return contains(selector->signals, selector->signal_count, signal);
}

static bool
is_session_touch(const struct wh_ruleset *ruleset, const struct wh_history *history, uint32_t row)
{
    return (history->flags[row] & WH_ROW_SITE) != 0 &&
           history->verdict[row] >= (uint8_t)ruleset->minimum;
}

bool
wh_session_begins_at(const struct wh_ruleset *ruleset, const struct wh_history *history,
                     uint32_t row)
{
    if (!is_session_touch(ruleset, history, row)) {
        return false;
    }
    for (uint32_t i = row; i > 0; i--) {
        if (history->at[row] - history->at[i - 1] >= ruleset->session_gap) {
            return true;
        }
        if (is_session_touch(ruleset, history, i - 1)) {
            return false;
        }
    }
    return true;
}
