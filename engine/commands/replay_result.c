#include "engine/commands/replay_result.h"

#include <stdlib.h>

#include "engine/base/time.h"

const char *
wh_change_str(enum wh_change change)
{
    switch (change) {
    case WH_CHANGE_SAME:
        return "same";
    case WH_CHANGE_GAINED:
        return "gained";
    case WH_CHANGE_LOST:
        return "lost";
    case WH_CHANGE_EARLIER:
        return "earlier";
    case WH_CHANGE_LATER:
        return "later";
    case WH_CHANGE_COUNT:
        break;
    }
    return "";
}

enum wh_change
wh_ripening_change(const struct wh_ripening *ripening)
{
    if (ripening->at[0] == ripening->at[1]) {
        return WH_CHANGE_SAME;
    }
    if (ripening->at[0] == WH_TIME_NEVER) {
        return WH_CHANGE_GAINED;
    }
    if (ripening->at[1] == WH_TIME_NEVER) {
        return WH_CHANGE_LOST;
    }
    return ripening->at[1] < ripening->at[0] ? WH_CHANGE_EARLIER : WH_CHANGE_LATER;
}

static int
compare_times(const void *a, const void *b)
{
    int64_t first = *(const int64_t *)a;
    int64_t second = *(const int64_t *)b;
    return (first > second) - (first < second);
}

/* The lower of the two in the middle; `otherwise` of none. */
static int64_t
median(struct wh_replay_numbers *numbers, int64_t otherwise)
{
    if (numbers->count == 0) {
        return otherwise;
    }
    qsort(numbers->items, numbers->count, sizeof(*numbers->items), compare_times);
    return numbers->items[(numbers->count - 1) / 2];
}

/* Room for one more item. */
static void *
grow(struct wh_arena *arena, void *items, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity) {
        return items;
    }
    *capacity = *capacity == 0 ? 64 : 2 * *capacity;
    return wh_arena_grow(arena, items, count, *capacity, size);
}

static void
add_number(struct wh_replay_result *result, struct wh_replay_numbers *numbers, int64_t number)
{
    numbers->items = grow(result->arena, numbers->items, numbers->count, &numbers->capacity,
                          sizeof(*numbers->items));
    numbers->items[numbers->count++] = number;
}

void
wh_replay_result_begin(struct wh_replay_result *result, struct wh_arena *arena, uint32_t side_count)
{
    *result = (struct wh_replay_result){.arena = arena, .side_count = side_count};
}

void
wh_replay_result_count(struct wh_replay_result *result, uint32_t side,
                       const struct wh_play_counts *counts, const uint64_t *events)
{
    struct wh_replay_measure *measure = &result->measures[side];
    measure->accepted += counts->outcomes[WH_OUTCOME_ACCEPTED];
    measure->repeats +=
        counts->outcomes[WH_OUTCOME_DUPLICATE] + counts->outcomes[WH_OUTCOME_HISTORY_LATE];
    for (int i = 0; i < WH_REJECT_COUNT; i++) {
        measure->rejected += counts->rejected[i];
    }
    for (int kind = 0; kind < WH_EVENT_KIND_COUNT; kind++) {
        measure->events[kind] += events[kind];
    }
}

/* ---- rows ---- */

/* When it first ripened, by whatever qualification. */
static int64_t
first_ripe(const struct wh_replay_row *row, uint32_t side)
{
    int64_t first = WH_TIME_NEVER;
    for (size_t i = 0; i < row->ripening_count; i++) {
        int64_t moment = row->ripenings[i].at[side];
        first = moment < first ? moment : first;
    }
    return first;
}

static void
add_rank(struct wh_replay_result *result, uint32_t side, const struct wh_replay_lead *lead)
{
    size_t *count = &result->rank_counts[side];
    result->ranks[side] = grow(result->arena, result->ranks[side], *count,
                               &result->rank_capacities[side], sizeof(*result->ranks[side]));
    result->ranks[side][(*count)++] =
        (struct wh_replay_rank){lead->highest[side], lead->won_at != WH_TIME_NEVER};
}

static void
add_lead(struct wh_replay_result *result, uint32_t side, const struct wh_replay_row *row)
{
    struct wh_replay_measure *measure = &result->measures[side];
    int64_t ripe = first_ripe(row, side);
    bool is_somebody = row->lead.is_known[0] || row->lead.is_known[1] ||
                       row->lead.won_at != WH_TIME_NEVER || row->lead.lost_at != WH_TIME_NEVER;
    bool won = row->lead.won_at != WH_TIME_NEVER;
    measure->leads += row->lead.is_known[side] ? 1 : 0;
    measure->ripe += is_somebody && ripe != WH_TIME_NEVER ? 1 : 0;
    measure->won += won ? 1 : 0;
    if (won && ripe != WH_TIME_NEVER && ripe <= row->lead.won_at) {
        measure->ripe_won++;
        add_number(result, &result->lead_times[side], row->lead.won_at - ripe);
    }
    for (size_t i = 0; i < row->ripening_count; i++) {
        measure->episodes += row->ripenings[i].episodes[side];
        measure->withdrawn += row->ripenings[i].withdrawn[side];
    }
}

static void
add_company(struct wh_replay_measure *measure, uint32_t side, const struct wh_replay_row *row)
{
    measure->companies += row->lead.is_known[side] ? 1 : 0;
    measure->ripe_companies += first_ripe(row, side) != WH_TIME_NEVER ? 1 : 0;
    for (size_t i = 0; i < row->ripening_count; i++) {
        measure->company_episodes += row->ripenings[i].episodes[side];
        measure->company_withdrawn += row->ripenings[i].withdrawn[side];
    }
}

static void
show(struct wh_replay_result *result, const struct wh_ripening *ripening)
{
    struct wh_ripening *shown = &result->shown[result->shown_count++];
    *shown = *ripening;
    shown->key = wh_arena_str(result->arena, ripening->key);
    shown->qualification = wh_arena_str(result->arena, ripening->qualification);
    shown->rule = wh_arena_str(result->arena, ripening->rule);
}

static void
add_change(struct wh_replay_result *result, const struct wh_ripening *ripening)
{
    enum wh_change change = wh_ripening_change(ripening);
    if (ripening->at[0] == WH_TIME_NEVER && ripening->at[1] == WH_TIME_NEVER) {
        return; /* withdrawn under both */
    }
    result->changes[change]++;
    if (change == WH_CHANGE_EARLIER || change == WH_CHANGE_LATER) {
        add_number(result, &result->shifts, ripening->at[0] - ripening->at[1]);
    }
    if (change != WH_CHANGE_SAME && result->shown_count < WH_REPLAY_ROWS_SHOWN) {
        show(result, ripening);
    }
}

void
wh_replay_result_add(struct wh_replay_result *result, const struct wh_replay_row *row,
                     bool has_outcomes)
{
    bool is_company = wh_replay_is_company(row->lead.key);
    for (uint32_t side = 0; side < result->side_count; side++) {
        if (is_company) {
            add_company(&result->measures[side], side, row);
            continue;
        }
        add_lead(result, side, row);
        if (has_outcomes && row->lead.is_known[side]) {
            add_rank(result, side, &row->lead);
        }
    }
    for (size_t i = 0; i < row->ripening_count && result->side_count > 1; i++) {
        add_change(result, &row->ripenings[i]);
    }
}

void
wh_replay_result_compare(struct wh_replay_result *result, const struct wh_replay_row *row,
                         const struct wh_replay_row *other)
{
    size_t at = 0;
    for (size_t i = 0; i < row->ripening_count; i++) {
        const struct wh_ripening *ripening = &row->ripenings[i];
        while (at < other->ripening_count &&
               wh_ripening_compare(&other->ripenings[at], ripening) < 0) {
            at++;
        }
        if (at == other->ripening_count ||
            wh_ripening_compare(&other->ripenings[at], ripening) != 0) {
            continue;
        }
        int64_t before = other->ripenings[at].at[0];
        if (before != WH_TIME_NEVER && ripening->at[0] != WH_TIME_NEVER &&
            before != ripening->at[0]) {
            add_number(result, &result->shifts, before - ripening->at[0]);
        }
    }
}

/* ---- the end ---- */

/* Higher scores first. */
static int
compare_ranks(const void *a, const void *b)
{
    const struct wh_replay_rank *first = a;
    const struct wh_replay_rank *second = b;
    if (first->score != second->score) {
        return first->score > second->score ? -1 : 1;
    }
    return (first->won > second->won) - (first->won < second->won);
}

static void
measure_bands(struct wh_replay_result *result, uint32_t side)
{
    size_t count = result->rank_counts[side];
    struct wh_replay_rank *ranks = result->ranks[side];
    if (count > 0) {
        qsort(ranks, count, sizeof(*ranks), compare_ranks);
    }
    for (size_t i = 0; i < count; i++) {
        struct wh_replay_band *band = &result->measures[side].bands[i * WH_REPLAY_BANDS / count];
        band->from = ranks[i].score;
        band->leads++;
        band->won += ranks[i].won ? 1 : 0;
    }
}

void
wh_replay_result_finish(struct wh_replay_result *result)
{
    for (uint32_t side = 0; side < result->side_count; side++) {
        result->measures[side].lead_time = median(&result->lead_times[side], -1);
        measure_bands(result, side);
    }
    result->shift = median(&result->shifts, 0);
}
