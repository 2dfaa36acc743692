#include "engine/score/sequence.h"

#include <string.h>

#include "engine/base/time.h"
#include "engine/rules/cells.h"
#include "engine/score/sequence_turn.h"

/* One occasion, or the passing of time, and the runs of one trigger. */
struct offer {
    struct wh_position *position;
    const struct wh_trigger *trigger;
    const struct wh_sequence *sequence;
    struct wh_fold_list *runs;
    uint32_t list;    /* number of the runs */
    int32_t occasion; /* while time passes meaningless */
    int64_t at;       /* of what matches, µs */
    int64_t cause;
    bool has_matches;
};

static struct offer
offer_of(struct wh_position *position, const struct wh_trigger *trigger, int32_t occasion)
{
    const struct wh_sequence *sequence = trigger->sequence;
    uint32_t list = (uint32_t)sequence->runs_list;
    return (struct offer){
        .position = position,
        .trigger = trigger,
        .sequence = sequence,
        .runs = &position->fold->lists[list],
        .list = list,
        .occasion = occasion,
        .at = position->at,
        .cause = position->cause,
    };
}

static uint32_t
size_at(const struct wh_fold_list *list, uint32_t place)
{
    return (uint32_t)list->items[place + WH_RUN_ITEM_SIZE];
}

static void
erase(const struct offer *offer, uint32_t place)
{
    wh_fold_splice(offer->position->fold, offer->list, place, size_at(offer->runs, place), 0);
}

static void
write_taken(const struct offer *offer, int32_t step, int64_t *touch)
{
    const struct wh_position *position = offer->position;
    struct wh_taken taken = {.step = step, .signal = -1};
    if (offer->occasion != WH_OCCASION_TOUCH) {
        const struct wh_signal_moment *moment = &position->raised[offer->occasion];
        taken.occasion = offer->occasion + 1;
        taken.signal = moment->signal;
        taken.from = moment->from;
        taken.to = moment->to;
    }
    touch[WH_TAKEN_ITEM_AT] = position->at;
    touch[WH_TAKEN_ITEM_CAUSE] = position->cause;
    touch[WH_TAKEN_ITEM_WHAT] = wh_taken_pack(&taken);
}

/* The run has taken something: is that all? */
static void
judge(struct offer *offer, int64_t *run)
{
    if (!wh_run_is_whole(offer->sequence, run) || wh_sequence_absence(offer->sequence) != NULL) {
        return;
    }
    bool goes_on = wh_run_is_alive(offer->sequence, run, offer->at);
    run[WH_RUN_ITEM_FLAGS] |= WH_RUN_MATCHES | (goes_on ? 0 : WH_RUN_OVER);
    offer->has_matches = true;
}

static void
take(struct offer *offer, uint32_t place, int32_t step)
{
    int64_t *run = offer->runs->items + place;
    uint32_t size = size_at(offer->runs, place);
    int64_t count = run[WH_RUN_ITEM_STEP] == step ? run[WH_RUN_ITEM_COUNT] : 0;
    if (count < WH_STEP_TOUCHES_MAX) {
        wh_fold_splice(offer->position->fold, offer->list, place + size, 0, WH_TAKEN_ITEMS);
        run = offer->runs->items + place;
        size += WH_TAKEN_ITEMS;
    }
    run[WH_RUN_ITEM_SIZE] = size;
    run[WH_RUN_ITEM_STEP] = step;
    run[WH_RUN_ITEM_COUNT] = count + 1;
    run[WH_RUN_ITEM_FLAGS] = 0;
    write_taken(offer, step, run + size - WH_TAKEN_ITEMS);
    judge(offer, run);
}

static void
begin(struct offer *offer)
{
    uint32_t place = offer->runs->count;
    if (!wh_turn_begins(offer->position, offer->sequence, offer->occasion)) {
        return;
    }
    wh_fold_splice(offer->position->fold, offer->list, place, 0, WH_RUN_HEAD_ITEMS);
    offer->runs->items[place + WH_RUN_ITEM_SIZE] = WH_RUN_HEAD_ITEMS;
    take(offer, place, 0);
}

/* Whoever stays has seen the touch pass; nothing may be left that it could wait for. Returns the
 * place behind it. */
static uint32_t
stay(const struct offer *offer, uint32_t place, int64_t flags)
{
    int64_t *run = offer->runs->items + place;
    run[WH_RUN_ITEM_FLAGS] |= flags;
    if (!wh_run_is_alive(offer->sequence, run, offer->at)) {
        erase(offer, place);
        return place;
    }
    return place + size_at(offer->runs, place);
}

static uint32_t
fork_run(struct offer *offer, uint32_t place, const struct wh_turn *turn)
{
    uint32_t size = size_at(offer->runs, place);
    wh_fold_splice(offer->position->fold, offer->list, place, 0, size);
    int64_t *items = offer->runs->items + place;
    memcpy(items, items + size, size * sizeof(*items));
    take(offer, place, turn->step);
    return stay(offer, place + size_at(offer->runs, place), turn->flags);
}

/* Returns the place of the next run. */
static uint32_t
turn_run(struct offer *offer, uint32_t place)
{
    struct wh_turn turn =
        wh_turn_of(offer->position, offer->sequence, offer->runs->items + place, offer->occasion);
    switch (turn.kind) {
    case WH_TURN_STAYS:
        return stay(offer, place, turn.flags);
    case WH_TURN_TAKES:
        take(offer, place, turn.step);
        return place + size_at(offer->runs, place);
    case WH_TURN_FORKS:
        return fork_run(offer, place, &turn);
    case WH_TURN_ENDS:
        break;
    }
    erase(offer, place);
    return place;
}

/* Order of two taken touches on the timeline: due moments first, then by id, then signals. */
static int
compare_taken(const struct wh_strings *strings, const int64_t *a, const int64_t *b)
{
    int64_t cause_a = a[WH_TAKEN_ITEM_CAUSE];
    int64_t cause_b = b[WH_TAKEN_ITEM_CAUSE];
    if (a[WH_TAKEN_ITEM_AT] != b[WH_TAKEN_ITEM_AT]) {
        return a[WH_TAKEN_ITEM_AT] < b[WH_TAKEN_ITEM_AT] ? -1 : 1;
    }
    if (cause_a != cause_b) {
        if (cause_a == WH_CAUSE_DUE || cause_b == WH_CAUSE_DUE) {
            return cause_a == WH_CAUSE_DUE ? -1 : 1;
        }
        return wh_str_compare(wh_strings_get(strings, (uint32_t)(cause_a - 1)),
                              wh_strings_get(strings, (uint32_t)(cause_b - 1)));
    }
    return wh_taken_unpack(a[WH_TAKEN_ITEM_WHAT]).occasion -
           wh_taken_unpack(b[WH_TAKEN_ITEM_WHAT]).occasion;
}

/* Whether a match of `matched` drops the run. */
static bool
drops(const struct offer *offer, const int64_t *matched, const int64_t *run)
{
    const struct wh_sequence *sequence = offer->sequence;
    const struct wh_strings *strings = &offer->position->timeline->state->strings;
    const int64_t *begin = run + WH_RUN_HEAD_ITEMS;
    const int64_t *latest = matched + matched[WH_RUN_ITEM_SIZE] - WH_TAKEN_ITEMS;
    uint32_t place = 0;
    switch (sequence->after) {
    case WH_AFTER_SKIP_PAST:
        return compare_taken(strings, begin, latest) <= 0;
    case WH_AFTER_SKIP_TO_NEXT:
        return compare_taken(strings, begin, matched + WH_RUN_HEAD_ITEMS) == 0;
    case WH_AFTER_SKIP_TO_FIRST:
        place = wh_run_first_of(matched, sequence->after_step);
        return place > 0 && compare_taken(strings, begin, matched + place) < 0;
    case WH_AFTER_SKIP_TO_LAST:
        place = wh_run_last_of(matched, sequence->after_step);
        return place > 0 && compare_taken(strings, begin, matched + place) < 0;
    case WH_AFTER_NO_SKIP:
        break;
    }
    return false;
}

static void
push_match(const struct offer *offer, const int64_t *run, enum wh_match_kind kind)
{
    struct wh_position *position = offer->position;
    uint32_t list = (uint32_t)offer->sequence->matches_list;
    const struct wh_fold_list *matches = &position->fold->lists[list];
    uint32_t place = matches->count;
    uint32_t size = (uint32_t)run[WH_RUN_ITEM_SIZE];
    wh_fold_splice(position->fold, list, place, 0, size);
    int64_t *match = matches->items + place;
    memcpy(match, run, size * sizeof(*match));
    match[WH_MATCH_ITEM_AT] = offer->at;
    match[WH_MATCH_ITEM_CAUSE] = offer->cause;
    match[WH_MATCH_ITEM_KIND] = kind;
    while (matches->count > WH_MATCH_ITEMS_MAX) {
        wh_fold_shift(position->fold, list, size_at(matches, 0));
    }
}

/* In the order of their beginning; one that another has dropped does not match. */
static void
match_all(const struct offer *offer)
{
    const struct wh_fold_list *runs = offer->runs;
    for (uint32_t i = 0; i < runs->count; i += size_at(runs, i)) {
        int64_t *matched = runs->items + i;
        if ((matched[WH_RUN_ITEM_FLAGS] & (WH_RUN_MATCHES | WH_RUN_DROPPED)) != WH_RUN_MATCHES) {
            continue;
        }
        push_match(offer, matched, WH_MATCH_WHOLE);
        wh_position_raise(offer->position, offer->trigger->fired_signal, 0, 0);
        for (uint32_t k = 0; k < runs->count; k += size_at(runs, k)) {
            int64_t *run = runs->items + k;
            run[WH_RUN_ITEM_FLAGS] |= drops(offer, matched, run) ? WH_RUN_DROPPED : 0;
        }
    }
    for (uint32_t i = 0; i < runs->count;) {
        int64_t *flags = &runs->items[i + WH_RUN_ITEM_FLAGS];
        if ((*flags & (WH_RUN_OVER | WH_RUN_DROPPED)) != 0) {
            erase(offer, i);
            continue;
        }
        *flags &= ~(int64_t)WH_RUN_MATCHES;
        i += size_at(runs, i);
    }
}

/* Past the bound the runs that began first end. */
static void
bound(const struct offer *offer)
{
    const struct wh_fold_list *runs = offer->runs;
    uint32_t count = 0;
    for (uint32_t i = 0; i < runs->count; i += size_at(runs, i)) {
        count++;
    }
    for (; count > WH_RUNS_MAX; count--) {
        erase(offer, 0);
        offer->position->fold->cells[offer->sequence->crowded_cell]++;
    }
}

static void
take_occasion(struct wh_position *position, const struct wh_trigger *trigger, int32_t occasion)
{
    struct offer offer = offer_of(position, trigger, occasion);
    uint32_t place = 0;
    while (place < offer.runs->count) {
        place = turn_run(&offer, place);
    }
    begin(&offer);
    if (offer.has_matches) {
        match_all(&offer);
    }
    bound(&offer);
}

static bool
has_ended(const struct offer *offer, uint32_t place, bool *ret_matches, int64_t *ret_end)
{
    *ret_end = wh_run_ends(offer->sequence, offer->runs->items + place, ret_matches);
    return *ret_end <= offer->position->at;
}

/* The earliest end that has come; WH_TIME_NEVER: none has. */
static int64_t
next_end(const struct offer *offer)
{
    int64_t end = wh_sequence_next_end(offer->sequence, offer->position->fold);
    return end <= offer->position->at ? end : WH_TIME_NEVER;
}

/* At one time: first those whose absence has lasted match, then those that are left are over. One
 * that has matched before misses nothing. */
static void
end_at(struct offer *offer, int64_t at)
{
    bool matches = false;
    int64_t end = 0;
    offer->at = at;
    offer->cause = WH_CAUSE_DUE;
    for (uint32_t i = 0; i < offer->runs->count; i += size_at(offer->runs, i)) {
        if (has_ended(offer, i, &matches, &end) && end == at && matches) {
            offer->runs->items[i + WH_RUN_ITEM_FLAGS] |= WH_RUN_MATCHES | WH_RUN_OVER;
        }
    }
    match_all(offer);
    for (uint32_t i = 0; i < offer->runs->count;) {
        int64_t *run = offer->runs->items + i;
        if (!has_ended(offer, i, &matches, &end) || end != at) {
            i += size_at(offer->runs, i);
            continue;
        }
        bool has_matched =
            wh_run_is_whole(offer->sequence, run) && wh_sequence_absence(offer->sequence) == NULL;
        if (offer->sequence->missed.len > 0 && !has_matched) {
            push_match(offer, run, WH_MATCH_MISSED);
        }
        erase(offer, i);
    }
}

void
wh_sequence_move(struct wh_position *position, const struct wh_trigger *trigger)
{
    /* Its own signals are not among its occasions: nothing fires itself. */
    int32_t occasions = position->raised_count;
    struct offer offer = offer_of(position, trigger, WH_OCCASION_TOUCH);
    for (int64_t at = next_end(&offer); at != WH_TIME_NEVER; at = next_end(&offer)) {
        end_at(&offer, at);
    }
    for (int32_t i = position->row >= 0 ? WH_OCCASION_TOUCH : 0; i < occasions; i++) {
        take_occasion(position, trigger, i);
    }
    wh_position_stand(position);
}

int64_t
wh_sequence_next_due(const struct wh_ruleset *ruleset, const struct wh_fold *fold)
{
    int64_t next = WH_TIME_NEVER;
    for (size_t i = 0; i < ruleset->trigger_count; i++) {
        const struct wh_sequence *sequence = ruleset->triggers[i].sequence;
        int64_t end = sequence == NULL ? WH_TIME_NEVER : wh_sequence_next_end(sequence, fold);
        next = end < next ? end : next;
    }
    return next;
}

void
wh_sequence_forget_matches(struct wh_fold *fold, const struct wh_sequence *sequence,
                           const struct wh_fold_list *decided)
{
    uint32_t list = (uint32_t)sequence->matches_list;
    const struct wh_fold_list *matches = &fold->lists[list];
    for (uint32_t i = 0; i < decided->count && matches->count > 0; i += size_at(decided, i)) {
        uint32_t size = size_at(decided, i);
        if (size == size_at(matches, 0) &&
            memcmp(matches->items, decided->items + i, size * sizeof(*matches->items)) == 0) {
            wh_fold_shift(fold, list, size);
        }
    }
}

/* Whether what was taken may be a touch of that trail: one that is not kept singly may be. */
static bool
is_of_trail(const struct wh_history *history, const int64_t *touch, uint32_t trail)
{
    int64_t at = touch[WH_TAKEN_ITEM_AT];
    int64_t id = touch[WH_TAKEN_ITEM_CAUSE] - 1;
    uint32_t row = wh_history_before(history, at);
    while (row < history->count && history->at[row] == at && (int64_t)history->id[row] != id) {
        row++;
    }
    bool is_here = row < history->count && history->at[row] == at;
    return touch[WH_TAKEN_ITEM_CAUSE] != WH_CAUSE_DUE && (!is_here || history->trail[row] == trail);
}

static bool
has_touch_of(const struct wh_history *history, const int64_t *run, uint32_t trail)
{
    bool found = false;
    for (uint32_t i = WH_RUN_HEAD_ITEMS; i < run[WH_RUN_ITEM_SIZE]; i += WH_TAKEN_ITEMS) {
        found = found || is_of_trail(history, run + i, trail);
    }
    return found;
}

void
wh_sequence_leave(const struct wh_ruleset *ruleset, struct wh_state *state, uint32_t trail)
{
    for (size_t i = 0; i < ruleset->trigger_count; i++) {
        const struct wh_sequence *sequence = ruleset->triggers[i].sequence;
        if (sequence == NULL) {
            continue;
        }
        uint32_t list = (uint32_t)sequence->runs_list;
        const struct wh_fold_list *runs = &state->base.lists[list];
        for (uint32_t place = 0; place < runs->count;) {
            uint32_t size = size_at(runs, place);
            bool leaves = has_touch_of(&state->history, runs->items + place, trail);
            wh_fold_splice(&state->base, list, place, leaves ? size : 0, 0);
            place += leaves ? 0 : size;
        }
    }
}
