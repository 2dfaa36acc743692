/* Sequences that the lead is in the middle of. What time makes of them stands among what comes. */
#include "engine/rules/cells.h"
#include "engine/score/story_parts.h"

/* Steps that take something. */
static uint32_t
count_steps(const struct wh_sequence *sequence)
{
    uint32_t count = 0;
    for (size_t i = 0; i < sequence->step_count; i++) {
        count += sequence->steps[i].is_not ? 0 : 1;
    }
    return count;
}

/* Those that have taken something: optional ones may have been left out. */
static uint32_t
count_taking(const int64_t *run)
{
    uint32_t count = 0;
    for (int32_t i = 0; i <= run[WH_RUN_ITEM_STEP]; i++) {
        count += wh_run_last_of(run, i) > 0 ? 1 : 0;
    }
    return count;
}

/* The touches of a run that are known by an id, each once. */
static void
tell_touches(struct wh_teller *teller, const int64_t *run, struct wh_story_sequence *told)
{
    size_t most = (size_t)run[WH_RUN_ITEM_SIZE] / WH_TAKEN_ITEMS;
    struct wh_str *touches = WH_ARENA_ARRAY(teller->arena, struct wh_str, most);
    int64_t former = WH_CAUSE_DUE;
    for (uint32_t i = WH_RUN_HEAD_ITEMS; i < run[WH_RUN_ITEM_SIZE]; i += WH_TAKEN_ITEMS) {
        int64_t cause = run[i + WH_TAKEN_ITEM_CAUSE];
        if (cause != WH_CAUSE_DUE && cause != former) {
            touches[told->touch_count++] =
                wh_strings_get(&teller->state->strings, (uint32_t)(cause - 1));
        }
        former = cause;
    }
    told->touches = touches;
}

static void
tell(struct wh_teller *teller, const struct wh_trigger *trigger, const int64_t *run,
     struct wh_story_sequence *told)
{
    const struct wh_sequence *sequence = trigger->sequence;
    const struct wh_step *step = &sequence->steps[run[WH_RUN_ITEM_STEP]];
    *told = (struct wh_story_sequence){
        .trigger = trigger->id,
        .taken = count_taking(run),
        .steps = count_steps(sequence),
        .times = step->max == 1 ? 0 : (uint32_t)run[WH_RUN_ITEM_COUNT],
        .times_min = step->min,
        .since = wh_run_began(run),
        .latest = wh_run_latest(run),
        .missed = sequence->missed,
    };
    told->until = wh_run_ends(sequence, run, &told->matches);
    if (wh_run_is_whole(sequence, run) && wh_sequence_absence(sequence) == NULL) {
        told->missed = WH_STR(""); /* It has matched, and may match again. */
    }
    tell_touches(teller, run, told);
}

static const struct wh_fold_list *
runs_of(const struct wh_fold *fold, const struct wh_trigger *trigger)
{
    static const struct wh_fold_list none;
    return trigger->sequence == NULL ? &none : &fold->lists[trigger->sequence->runs_list];
}

static size_t
count_runs(const struct wh_ruleset *ruleset, const struct wh_fold *fold)
{
    size_t count = 0;
    for (size_t i = 0; i < ruleset->trigger_count; i++) {
        const struct wh_fold_list *runs = runs_of(fold, &ruleset->triggers[i]);
        for (uint32_t place = 0; place < runs->count;
             place += (uint32_t)runs->items[place + WH_RUN_ITEM_SIZE]) {
            count++;
        }
    }
    return count;
}

void
wh_story_tell_sequences(struct wh_teller *teller)
{
    const struct wh_ruleset *ruleset = teller->ruleset;
    const struct wh_fold *fold = &teller->state->live;
    struct wh_story_sequence *told =
        WH_ARENA_ARRAY(teller->arena, struct wh_story_sequence, count_runs(ruleset, fold));
    size_t count = 0;
    for (size_t i = 0; i < ruleset->trigger_count; i++) {
        const struct wh_trigger *trigger = &ruleset->triggers[i];
        const struct wh_fold_list *runs = runs_of(fold, trigger);
        for (uint32_t place = 0; place < runs->count;
             place += (uint32_t)runs->items[place + WH_RUN_ITEM_SIZE]) {
            tell(teller, trigger, runs->items + place, &told[count++]);
        }
    }
    teller->story->sequences = told;
    teller->story->sequence_count = count;
}
