/* Triggers. One with `on` announces each match once for ever: what has been looked at leaves a mark
 * (model/decision.h) that goes where the touches go, also when a cool-down or the maximum held it
 * back. One with `when` alone announces once for each interval in which its condition holds. */
#include "engine/base/hash.h"
#include "engine/rules/cells.h"
#include "engine/score/announce_family.h"

/* Counts all that the lead holds, whoever announced it. */
static bool
may_fire(const struct wh_look *look, int32_t index, int64_t begin)
{
    const struct wh_trigger *trigger = &look->view->ruleset->triggers[index];
    const struct wh_announced *announced = look->announced;
    int64_t last = WH_TIME_MIN;
    uint64_t fired = 0;
    for (uint32_t i = 0; i < announced->firing_count; i++) {
        const struct wh_firing *firing = &announced->firings[i];
        if (firing->trigger == index && firing->announced) {
            last = firing->at > last ? firing->at : last;
            fired++;
        }
    }
    bool cool = last == WH_TIME_MIN || begin >= last + trigger->cool_down;
    return cool && (trigger->max < 0 || fired < (uint64_t)trigger->max);
}

static void
announce(const struct wh_look *look, int32_t index, const struct wh_bringer *bringer,
         struct wh_str key)
{
    const struct wh_trigger *trigger = &look->view->ruleset->triggers[index];
    struct wh_event *event = wh_announce_event(look, WH_EVENT_FIRED, trigger->id, bringer);
    struct wh_str *touches = WH_ARENA_ARRAY(look->effects->arena, struct wh_str, 1);
    touches[0] = wh_touch_id(bringer->touch);
    event->touches = touches;
    event->touch_count = bringer->touch.len > 0 ? 1 : 0;
    event->key = key;
    wh_announce_say(look, &trigger->say, bringer, event);
    event->number = ++look->announced->triggers[index].fired;
}

/* touch id, or due-µs; from the second match of one moment on .n follows. */
static struct wh_str
firing_key(const struct wh_look *look, const struct wh_bringer *bringer, uint32_t match)
{
    struct wh_buf buf;
    wh_buf_init(&buf, look->effects->arena);
    if (bringer->touch.len > 0) {
        wh_buf_push(&buf, wh_touch_id(bringer->touch));
    } else {
        wh_buf_push_text(&buf, "due-");
        wh_buf_push_int(&buf, bringer->at);
    }
    if (match > 1) {
        wh_buf_push_char(&buf, '.');
        wh_buf_push_int(&buf, match);
    }
    return wh_buf_str(&buf);
}

static bool
was_seen(const struct wh_announced *announced, int32_t index, uint64_t fingerprint)
{
    for (uint32_t i = announced->firing_count; i > 0; i--) {
        const struct wh_firing *firing = &announced->firings[i - 1];
        if (firing->trigger == index && firing->fingerprint == fingerprint) {
            return true;
        }
    }
    return false;
}

/* A match that is new is announced, unless cool-down or maximum hold it back, and marked as seen
 * either way. */
static void
see(const struct wh_look *look, int32_t index, const struct wh_bringer *bringer, struct wh_str key)
{
    uint64_t fingerprint = wh_hash_fingerprint(key);
    if (was_seen(look->announced, index, fingerprint)) {
        return;
    }
    int64_t begin = wh_bringer_begin(look, bringer);
    bool announced = may_fire(look, index, begin);
    wh_announce_decided(look, bringer->at);
    if (announced) {
        announce(look, index, bringer, key);
    }
    *wh_announced_add_firing(look->announced) = (struct wh_firing){
        .trigger = index,
        .fingerprint = fingerprint,
        .at = begin,
        .announced = announced,
        .minute = wh_bringer_minute(look, bringer),
    };
}

/* Where to begin in a list of matches: a look in order finds new ones only at its own moment,
 * unless the lead has just come into the audience, outside of which nobody looked. */
static uint32_t
first_unseen(const struct wh_look *look, const struct wh_fold_list *list)
{
    int64_t from = wh_bringer_of_look(look).at;
    int32_t audience = look->view->ruleset->layout.audience;
    uint32_t first = list->count;
    if (look->whole || from < look->processed ||
        look->view->fold->cells[audience + WH_STRETCH_SINCE] >= from) {
        return 0;
    }
    while (first > 0 && list->items[first - WH_FIRING_ITEMS + WH_FIRING_ITEM_AT] >= from) {
        first -= WH_FIRING_ITEMS;
    }
    return first;
}

static void
look_at_matches(const struct wh_look *look, int32_t index)
{
    const struct wh_trigger *trigger = &look->view->ruleset->triggers[index];
    const struct wh_fold_list *list = &look->view->fold->lists[trigger->firings_list];
    int64_t before_at = WH_TIME_MIN;
    int64_t before_cause = WH_CAUSE_DUE;
    uint32_t match = 0;
    for (uint32_t i = first_unseen(look, list); i < list->count; i += WH_FIRING_ITEMS) {
        int64_t at = list->items[i + WH_FIRING_ITEM_AT];
        int64_t cause = list->items[i + WH_FIRING_ITEM_CAUSE];
        match = at == before_at && cause == before_cause ? match + 1 : 1;
        before_at = at;
        before_cause = cause;
        struct wh_bringer bringer = wh_bringer_of_fold(look, at, cause);
        struct wh_str key = firing_key(look, &bringer, match);
        see(look, index, &bringer, key);
    }
}

/* A flag that moves only at looks. It starts as the condition of a lead without touches
 * (wh_announce_start). A key that was seen never fires again. */
static void
look_at_condition(const struct wh_look *look, int32_t index)
{
    const struct wh_trigger *trigger = &look->view->ruleset->triggers[index];
    struct wh_trigger_record *record = &look->announced->triggers[index];
    bool holds = look->view->fold->cells[trigger->cell + WH_STRETCH_VALUE] != 0;
    if (holds && !record->standing) {
        struct wh_bringer bringer = wh_bringer_of_value(look, trigger->cell);
        struct wh_str key = firing_key(look, &bringer, 1);
        see(look, index, &bringer, key);
    }
    record->standing = holds;
}

void
wh_announce_triggers(const struct wh_look *look)
{
    const struct wh_ruleset *ruleset = look->view->ruleset;
    for (size_t i = 0; i < ruleset->trigger_count; i++) {
        if (ruleset->triggers[i].has_on) {
            look_at_matches(look, (int32_t)i);
        } else {
            look_at_condition(look, (int32_t)i);
        }
    }
}
