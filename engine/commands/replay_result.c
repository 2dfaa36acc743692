#include "engine/commands/replay_result.h"

#include <stdlib.h>
#include <string.h>

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
median(int64_t *items, size_t count, int64_t otherwise)
{
    if (count == 0) {
        return otherwise;
    }
    qsort(items, count, sizeof(*items), compare_times);
    return items[(count - 1) / 2];
}

static void
join(struct wh_replay_result *result, const struct wh_replay_part *parts, size_t part_count)
{
    size_t ripenings = 0;
    size_t leads = 0;
    for (size_t i = 0; i < part_count; i++) {
        ripenings += parts[i].ripening_count;
        leads += parts[i].lead_count;
    }
    result->ripenings = WH_ARENA_ARRAY(result->arena, struct wh_ripening, ripenings);
    result->leads = WH_ARENA_ARRAY(result->arena, struct wh_replay_lead, leads);
    for (size_t i = 0; i < part_count; i++) {
        if (parts[i].ripening_count > 0) {
            memcpy(result->ripenings + result->ripening_count, parts[i].ripenings,
                   parts[i].ripening_count * sizeof(*result->ripenings));
        }
        if (parts[i].lead_count > 0) {
            memcpy(result->leads + result->lead_count, parts[i].leads,
                   parts[i].lead_count * sizeof(*result->leads));
        }
        result->ripening_count += parts[i].ripening_count;
        result->lead_count += parts[i].lead_count;
    }
    qsort(result->ripenings, result->ripening_count, sizeof(*result->ripenings),
          wh_ripening_compare);
    qsort(result->leads, result->lead_count, sizeof(*result->leads), wh_replay_lead_compare);
}

static void
add_counts(struct wh_replay_measure *measure, const struct wh_play_counts *counts)
{
    measure->accepted += counts->outcomes[WH_OUTCOME_ACCEPTED];
    measure->repeats +=
        counts->outcomes[WH_OUTCOME_DUPLICATE] + counts->outcomes[WH_OUTCOME_HISTORY_LATE];
    for (int i = 0; i < WH_REJECT_COUNT; i++) {
        measure->rejected += counts->rejected[i];
    }
}

static void
add_events(struct wh_replay_measure *measure, const uint64_t *events)
{
    for (int kind = 0; kind < WH_EVENT_KIND_COUNT; kind++) {
        measure->events[kind] += events[kind];
    }
}

/* When the lead first ripened, by whatever qualification; its ripenings stand together. */
static int64_t
first_ripe(const struct wh_replay_result *result, size_t *at, struct wh_str key, uint32_t side)
{
    int64_t first = WH_TIME_NEVER;
    while (*at < result->ripening_count && wh_str_compare(result->ripenings[*at].key, key) < 0) {
        (*at)++;
    }
    for (size_t i = *at; i < result->ripening_count && wh_str_equal(result->ripenings[i].key, key);
         i++) {
        int64_t moment = result->ripenings[i].at[side];
        first = moment < first ? moment : first;
    }
    return first;
}

static void
measure_leads(struct wh_replay_result *result, uint32_t side)
{
    struct wh_replay_measure *measure = &result->measures[side];
    int64_t *times = WH_ARENA_ARRAY(result->arena, int64_t, result->lead_count);
    size_t time_count = 0;
    size_t at = 0;
    for (size_t i = 0; i < result->lead_count; i++) {
        const struct wh_replay_lead *lead = &result->leads[i];
        int64_t ripe = first_ripe(result, &at, lead->key, side);
        bool won = lead->won_at != WH_TIME_NEVER;
        measure->leads += lead->is_known[side] ? 1 : 0;
        measure->ripe += ripe != WH_TIME_NEVER ? 1 : 0;
        measure->won += won ? 1 : 0;
        if (won && ripe != WH_TIME_NEVER && ripe <= lead->won_at) {
            times[time_count++] = lead->won_at - ripe;
        }
    }
    measure->ripe_won = time_count;
    measure->lead_time = median(times, time_count, -1);
}

/* A lead's score and whether it won, as one number to sort by: higher scores first. */
struct ranked {
    int64_t score;
    uint64_t won;
};

static int
compare_ranked(const void *a, const void *b)
{
    const struct ranked *first = a;
    const struct ranked *second = b;
    if (first->score != second->score) {
        return first->score > second->score ? -1 : 1;
    }
    return (first->won > second->won) - (first->won < second->won);
}

static void
measure_bands(struct wh_replay_result *result, uint32_t side)
{
    struct ranked *ranked = WH_ARENA_ARRAY(result->arena, struct ranked, result->lead_count);
    size_t count = 0;
    for (size_t i = 0; i < result->lead_count; i++) {
        const struct wh_replay_lead *lead = &result->leads[i];
        if (lead->is_known[side]) {
            ranked[count++] =
                (struct ranked){lead->highest[side], lead->won_at != WH_TIME_NEVER ? 1 : 0};
        }
    }
    qsort(ranked, count, sizeof(*ranked), compare_ranked);
    for (size_t i = 0; i < count; i++) {
        struct wh_replay_band *band = &result->measures[side].bands[i * WH_REPLAY_BANDS / count];
        band->from = ranked[i].score;
        band->leads++;
        band->won += ranked[i].won;
    }
}

static void
measure_changes(struct wh_replay_result *result)
{
    int64_t *shifts = WH_ARENA_ARRAY(result->arena, int64_t, result->ripening_count);
    size_t count = 0;
    for (size_t i = 0; i < result->ripening_count; i++) {
        const struct wh_ripening *ripening = &result->ripenings[i];
        enum wh_change change = wh_ripening_change(ripening);
        if (ripening->at[0] == WH_TIME_NEVER && ripening->at[1] == WH_TIME_NEVER) {
            continue; /* withdrawn under both */
        }
        result->changes[change]++;
        if (change == WH_CHANGE_EARLIER || change == WH_CHANGE_LATER) {
            shifts[count++] = ripening->at[0] - ripening->at[1];
        }
    }
    result->shift = median(shifts, count, 0);
}

int64_t
wh_replay_shift(const struct wh_replay_result *own, const struct wh_replay_result *other)
{
    int64_t *shifts = WH_ARENA_ARRAY(other->arena, int64_t, other->ripening_count);
    size_t count = 0;
    size_t at = 0;
    for (size_t i = 0; i < other->ripening_count; i++) {
        const struct wh_ripening *ripening = &other->ripenings[i];
        while (at < own->ripening_count && wh_ripening_compare(&own->ripenings[at], ripening) < 0) {
            at++;
        }
        if (at == own->ripening_count || wh_ripening_compare(&own->ripenings[at], ripening) != 0) {
            continue;
        }
        int64_t before = own->ripenings[at].at[0];
        if (before != WH_TIME_NEVER && ripening->at[0] != WH_TIME_NEVER &&
            before != ripening->at[0]) {
            shifts[count++] = before - ripening->at[0];
        }
    }
    return median(shifts, count, 0);
}

void
wh_replay_gather(struct wh_replay_result *result, struct wh_arena *arena, uint32_t side_count,
                 const struct wh_replay_part *parts, size_t part_count)
{
    *result = (struct wh_replay_result){.arena = arena, .side_count = side_count};
    join(result, parts, part_count);
    for (uint32_t side = 0; side < side_count; side++) {
        struct wh_replay_measure *measure = &result->measures[side];
        for (size_t i = 0; i < part_count; i++) {
            add_counts(measure, &parts[i].counts[side]);
            add_events(measure, parts[i].events[side]);
        }
        for (size_t i = 0; i < result->ripening_count; i++) {
            measure->episodes += result->ripenings[i].episodes[side];
            measure->withdrawn += result->ripenings[i].withdrawn[side];
        }
        measure_leads(result, side);
        measure_bands(result, side);
    }
    if (side_count > 1) {
        measure_changes(result);
    }
}
