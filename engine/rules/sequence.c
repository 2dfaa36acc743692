#include "engine/rules/sequence.h"

#include "engine/base/time.h"

/* Bits of what was taken: step, occasion, signal + 1, from, to. */
#define STEP_BITS   8
#define WIDE_BITS   16
#define LABEL_BITS  8
#define PACKED_BITS (STEP_BITS + 2 * WIDE_BITS + 2 * LABEL_BITS)

static int64_t
push_bits(int64_t packed, int64_t value, int bits)
{
    return packed << bits | (value & ((INT64_C(1) << bits) - 1));
}

static int32_t
pop_bits(int64_t *packed, int bits)
{
    int32_t value = (int32_t)(*packed & ((INT64_C(1) << bits) - 1));
    *packed >>= bits;
    return value;
}

int64_t
wh_taken_pack(const struct wh_taken *taken)
{
    int64_t packed = push_bits(0, taken->to, LABEL_BITS);
    packed = push_bits(packed, taken->from, LABEL_BITS);
    packed = push_bits(packed, taken->signal + 1, WIDE_BITS);
    packed = push_bits(packed, taken->occasion, WIDE_BITS);
    return push_bits(packed, taken->step, STEP_BITS);
}

struct wh_taken
wh_taken_unpack(int64_t what)
{
    struct wh_taken taken = {0};
    taken.step = pop_bits(&what, STEP_BITS);
    taken.occasion = pop_bits(&what, WIDE_BITS);
    taken.signal = pop_bits(&what, WIDE_BITS) - 1;
    taken.from = pop_bits(&what, LABEL_BITS);
    taken.to = pop_bits(&what, LABEL_BITS);
    return taken;
}

bool
wh_taken_is_valid(int64_t what, size_t step_count, size_t signal_count)
{
    if (what < 0 || what >> PACKED_BITS != 0) {
        return false;
    }
    struct wh_taken taken = wh_taken_unpack(what);
    return (size_t)taken.step < step_count && taken.signal < (int64_t)signal_count &&
           (taken.signal < 0) == (taken.occasion == 0);
}

static int32_t
step_of(const int64_t *run, uint32_t place)
{
    return wh_taken_unpack(run[place + WH_TAKEN_ITEM_WHAT]).step;
}

uint32_t
wh_run_first_of(const int64_t *run, int32_t step)
{
    for (uint32_t i = WH_RUN_HEAD_ITEMS; i < run[WH_RUN_ITEM_SIZE]; i += WH_TAKEN_ITEMS) {
        if (step_of(run, i) == step) {
            return i;
        }
    }
    return 0;
}

uint32_t
wh_run_last_of(const int64_t *run, int32_t step)
{
    uint32_t last = 0;
    for (uint32_t i = WH_RUN_HEAD_ITEMS; i < run[WH_RUN_ITEM_SIZE]; i += WH_TAKEN_ITEMS) {
        last = step_of(run, i) == step ? i : last;
    }
    return last;
}

int64_t
wh_run_began(const int64_t *run)
{
    return run[WH_RUN_HEAD_ITEMS + WH_TAKEN_ITEM_AT];
}

int64_t
wh_run_latest(const int64_t *run)
{
    return run[run[WH_RUN_ITEM_SIZE] - WH_TAKEN_ITEMS + WH_TAKEN_ITEM_AT];
}

int32_t
wh_sequence_candidate(const struct wh_sequence *sequence, int32_t step, int32_t from)
{
    if (from > step && !sequence->steps[from].is_optional) {
        return -1;
    }
    for (size_t i = (size_t)from + 1; i < sequence->step_count; i++) {
        if (!sequence->steps[i].is_not) {
            return (int32_t)i;
        }
    }
    return -1;
}

bool
wh_sequence_is_through(const struct wh_sequence *sequence, int32_t step)
{
    for (size_t i = (size_t)step + 1; i < sequence->step_count; i++) {
        if (!sequence->steps[i].is_not && !sequence->steps[i].is_optional) {
            return false;
        }
    }
    return true;
}

const struct wh_step *
wh_sequence_absence(const struct wh_sequence *sequence)
{
    const struct wh_step *last = &sequence->steps[sequence->step_count - 1];
    return last->is_not ? last : NULL;
}

static const struct wh_step *
present_step(const struct wh_sequence *sequence, const int64_t *run)
{
    return &sequence->steps[run[WH_RUN_ITEM_STEP]];
}

static bool
has_minimum(const struct wh_sequence *sequence, const int64_t *run)
{
    return run[WH_RUN_ITEM_COUNT] >= (int64_t)present_step(sequence, run)->min;
}

static bool
has_passed(const int64_t *run)
{
    return (run[WH_RUN_ITEM_FLAGS] & WH_RUN_PASSED) != 0;
}

bool
wh_run_is_whole(const struct wh_sequence *sequence, const int64_t *run)
{
    return has_minimum(sequence, run) &&
           wh_sequence_is_through(sequence, (int32_t)run[WH_RUN_ITEM_STEP]);
}

bool
wh_run_may_enter(const struct wh_sequence *sequence, const int64_t *run, int32_t step)
{
    return has_minimum(sequence, run) &&
           !(sequence->steps[step].link == WH_LINK_NEXT && has_passed(run));
}

bool
wh_run_may_repeat(const struct wh_sequence *sequence, const int64_t *run)
{
    const struct wh_step *step = present_step(sequence, run);
    bool has_room = step->max == 0 || run[WH_RUN_ITEM_COUNT] < (int64_t)step->max;
    bool is_closed = (run[WH_RUN_ITEM_FLAGS] & WH_RUN_CLOSED) != 0;
    return has_room && !is_closed && !(step->each_next && has_passed(run));
}

static int64_t
plus(int64_t at, int64_t duration)
{
    return duration == WH_TIME_NEVER ? WH_TIME_NEVER : at + duration;
}

/* Until when a step could take something; WH_TIME_MIN: nothing can. */
static int64_t
lasts(const struct wh_sequence *sequence, const int64_t *run)
{
    int64_t latest = wh_run_latest(run);
    int32_t present = (int32_t)run[WH_RUN_ITEM_STEP];
    int64_t end = WH_TIME_MIN;
    if (wh_run_may_repeat(sequence, run)) {
        end = plus(latest, sequence->steps[present].within);
    }
    for (int32_t i = wh_sequence_candidate(sequence, present, present); i >= 0;
         i = wh_sequence_candidate(sequence, present, i)) {
        int64_t until = plus(latest, sequence->steps[i].within);
        end = wh_run_may_enter(sequence, run, i) && until > end ? until : end;
    }
    return end;
}

static bool
waits_for_absence(const struct wh_sequence *sequence, const int64_t *run)
{
    return wh_sequence_absence(sequence) != NULL && wh_run_is_whole(sequence, run);
}

bool
wh_run_is_alive(const struct wh_sequence *sequence, const int64_t *run, int64_t now)
{
    return waits_for_absence(sequence, run) || lasts(sequence, run) > now;
}

int64_t
wh_run_ends(const struct wh_sequence *sequence, const int64_t *run, bool *ret_matches)
{
    int64_t limit = plus(wh_run_began(run), sequence->within);
    bool waits = waits_for_absence(sequence, run);
    int64_t end = waits ? plus(wh_run_latest(run), wh_sequence_absence(sequence)->within)
                        : lasts(sequence, run);
    /* At exactly its limit the run is over: nothing matches there any more. */
    *ret_matches = waits && end < limit;
    return end < limit ? end : limit;
}

int64_t
wh_sequence_next_end(const struct wh_sequence *sequence, const struct wh_fold *fold)
{
    const struct wh_fold_list *runs = &fold->lists[sequence->runs_list];
    int64_t next = WH_TIME_NEVER;
    for (uint32_t i = 0; i < runs->count; i += (uint32_t)runs->items[i + WH_RUN_ITEM_SIZE]) {
        bool matches = false;
        int64_t end = wh_run_ends(sequence, &runs->items[i], &matches);
        next = end < next ? end : next;
    }
    return next;
}
