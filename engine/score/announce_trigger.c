/* Triggers. One with `on` or a sequence announces each match once for ever: what has been looked at
 * leaves a mark (model/decision.h) that goes where the touches go, also when a cool-down or the
 * maximum held it back. One with `when` alone announces once for each interval in which its
 * condition holds. */
#include "engine/base/hash.h"
#include "engine/base/time.h"
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

/* One match of a trigger that is looked at. */
struct firing {
    int32_t trigger;
    struct wh_bringer bringer;
    struct wh_str key;
    const int64_t *match; /* of a sequence (rules/sequence.h), else NULL */
};

static bool
is_missed(const struct firing *firing)
{
    return firing->match != NULL && firing->match[WH_MATCH_ITEM_KIND] == WH_MATCH_MISSED;
}

/* The touches of a match in their order, each once: signals stand for the touch of their moment. */
static void
list_touches(const struct wh_look *look, const int64_t *match, struct wh_event *event)
{
    size_t most = (size_t)match[WH_MATCH_ITEM_SIZE] / WH_TAKEN_ITEMS;
    struct wh_str *touches = WH_ARENA_ARRAY(look->effects->arena, struct wh_str, most);
    int64_t former = WH_CAUSE_DUE;
    for (uint32_t i = WH_RUN_HEAD_ITEMS; i < match[WH_MATCH_ITEM_SIZE]; i += WH_TAKEN_ITEMS) {
        int64_t cause = match[i + WH_TAKEN_ITEM_CAUSE];
        if (cause != WH_CAUSE_DUE && cause != former) {
            touches[event->touch_count++] =
                wh_touch_id(wh_strings_get(&look->view->state->strings, (uint32_t)(cause - 1)));
        }
        former = cause;
    }
    event->touches = touches;
}

static void
announce(const struct wh_look *look, const struct firing *firing)
{
    const struct wh_trigger *trigger = &look->view->ruleset->triggers[firing->trigger];
    bool is_miss = trigger->sequence != NULL && is_missed(firing);
    struct wh_str name = is_miss ? trigger->sequence->missed : trigger->id;
    struct wh_event *event = wh_announce_event(look, WH_EVENT_FIRED, name, &firing->bringer);
    if (firing->match != NULL) {
        list_touches(look, firing->match, event);
    } else {
        struct wh_str *touches = WH_ARENA_ARRAY(look->effects->arena, struct wh_str, 1);
        touches[0] = wh_touch_id(firing->bringer.touch);
        event->touches = touches;
        event->touch_count = firing->bringer.touch.len > 0 ? 1 : 0;
    }
    event->key = firing->key;
    look->view->run = firing->match;
    wh_announce_say(look, &trigger->say, &firing->bringer, event);
    look->view->run = NULL;
    event->number = ++look->announced->triggers[firing->trigger].fired;
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

/* Of what was seen. A match and a miss of one moment are two. */
static uint64_t
fingerprint_of(const struct wh_look *look, const struct firing *firing)
{
    if (!is_missed(firing)) {
        return wh_hash_fingerprint(firing->key);
    }
    struct wh_buf buf;
    wh_buf_init(&buf, look->effects->arena);
    wh_buf_push_text(&buf, "missed-");
    wh_buf_push(&buf, firing->key);
    return wh_hash_fingerprint(wh_buf_str(&buf));
}

/* A match that is new is announced, unless cool-down or maximum hold it back, and marked as seen
 * either way. */
static void
see(const struct wh_look *look, const struct firing *firing)
{
    uint64_t fingerprint = fingerprint_of(look, firing);
    if (was_seen(look->announced, firing->trigger, fingerprint)) {
        return;
    }
    int64_t begin = wh_bringer_begin(look, &firing->bringer);
    bool announced = may_fire(look, firing->trigger, begin);
    wh_announce_decided(look, firing->bringer.at);
    if (announced) {
        announce(look, firing);
    }
    *wh_announced_add_firing(look->announced) = (struct wh_firing){
        .trigger = firing->trigger,
        .fingerprint = fingerprint,
        .at = begin,
        .announced = announced,
        .minute = wh_bringer_minute(look, &firing->bringer),
    };
}

/* From which moment on there may be something new: a look in order finds it only at its own, unless
 * the lead has just come into the audience, outside of which nobody looked. What is older than the
 * history kept is told to nobody: it may be folded, and when that is done depends on who looked. */
static int64_t
unseen_from(const struct wh_look *look)
{
    int64_t from = wh_bringer_of_look(look).at;
    int64_t kept = look->moment->now - look->view->ruleset->history_keep;
    int32_t audience = look->view->ruleset->layout.audience;
    bool is_any = look->whole || from < look->processed ||
                  look->view->fold->cells[audience + WH_STRETCH_SINCE] >= from;
    return is_any || from < kept ? kept : from;
}

static uint32_t
first_unseen(const struct wh_look *look, const struct wh_fold_list *list)
{
    int64_t from = unseen_from(look);
    uint32_t first = list->count;
    while (first > 0 && list->items[first - WH_FIRING_ITEMS + WH_FIRING_ITEM_AT] >= from) {
        first -= WH_FIRING_ITEMS;
    }
    return first;
}

/* Numbers the matches of one moment. */
struct numbering {
    int64_t at, cause, kind;
    uint32_t match;
};

static uint32_t
number_match(struct numbering *numbering, int64_t at, int64_t cause, int64_t kind)
{
    bool is_same = at == numbering->at && cause == numbering->cause && kind == numbering->kind;
    *numbering = (struct numbering){at, cause, kind,
                                    numbering->match > 0 && is_same ? numbering->match + 1 : 1};
    return numbering->match;
}

static void
look_at_firing(const struct wh_look *look, struct firing *firing, struct numbering *numbering,
               int64_t at, int64_t cause)
{
    int64_t kind = is_missed(firing) ? WH_MATCH_MISSED : WH_MATCH_WHOLE;
    uint32_t match = number_match(numbering, at, cause, kind);
    firing->bringer = wh_bringer_of_fold(look, at, cause);
    firing->key = firing_key(look, &firing->bringer, match);
    see(look, firing);
}

static void
look_at_matches(const struct wh_look *look, int32_t index)
{
    const struct wh_trigger *trigger = &look->view->ruleset->triggers[index];
    const struct wh_fold_list *list = &look->view->fold->lists[trigger->firings_list];
    struct numbering numbering = {0};
    for (uint32_t i = first_unseen(look, list); i < list->count; i += WH_FIRING_ITEMS) {
        struct firing firing = {.trigger = index};
        look_at_firing(look, &firing, &numbering, list->items[i + WH_FIRING_ITEM_AT],
                       list->items[i + WH_FIRING_ITEM_CAUSE]);
    }
}

static void
look_at_sequence(const struct wh_look *look, int32_t index)
{
    const struct wh_sequence *sequence = look->view->ruleset->triggers[index].sequence;
    const struct wh_fold_list *list = &look->view->fold->lists[sequence->matches_list];
    int64_t from = unseen_from(look);
    struct numbering numbering = {0};
    for (uint32_t i = 0; i < list->count; i += (uint32_t)list->items[i + WH_MATCH_ITEM_SIZE]) {
        const int64_t *match = list->items + i;
        if (match[WH_MATCH_ITEM_AT] >= from) {
            struct firing firing = {.trigger = index, .match = match};
            look_at_firing(look, &firing, &numbering, match[WH_MATCH_ITEM_AT],
                           match[WH_MATCH_ITEM_CAUSE]);
        }
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
        struct firing firing = {.trigger = index};
        firing.bringer = wh_bringer_of_value(look, trigger->cell);
        firing.key = firing_key(look, &firing.bringer, 1);
        see(look, &firing);
    }
    record->standing = holds;
}

void
wh_announce_triggers(const struct wh_look *look)
{
    const struct wh_ruleset *ruleset = look->view->ruleset;
    for (size_t i = 0; i < ruleset->trigger_count; i++) {
        if (ruleset->triggers[i].sequence != NULL) {
            look_at_sequence(look, (int32_t)i);
        } else if (ruleset->triggers[i].has_on) {
            look_at_matches(look, (int32_t)i);
        } else {
            look_at_condition(look, (int32_t)i);
        }
    }
}
