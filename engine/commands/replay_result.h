/* What a replay found out, put together from its heaps: in order of key, whatever ran when. */
#ifndef WH_COMMANDS_REPLAY_RESULT_H
#define WH_COMMANDS_REPLAY_RESULT_H

#include "engine/lab/replay.h"

/* Leads by their highest score, in equal parts, the highest first. */
#define WH_REPLAY_BANDS 5

enum wh_change {
    WH_CHANGE_SAME,
    WH_CHANGE_GAINED,  /* ripens only under the second model */
    WH_CHANGE_LOST,    /* only under the first */
    WH_CHANGE_EARLIER, /* under the second */
    WH_CHANGE_LATER,
    WH_CHANGE_COUNT
};
const char *wh_change_str(enum wh_change change);

struct wh_replay_band {
    int64_t from; /* thousandths: the lowest score in it */
    uint64_t leads, won;
};

struct wh_replay_measure {
    uint64_t leads, ripe, episodes, withdrawn;
    uint64_t accepted, repeats, rejected;
    uint64_t won;      /* leads with an outcome_won */
    uint64_t ripe_won; /* of them, ripe before it */
    int64_t lead_time; /* µs: median from ripening to outcome_won of those; -1: there are none */
    struct wh_replay_band bands[WH_REPLAY_BANDS];
    uint64_t events[WH_EVENT_KIND_COUNT];
};

struct wh_replay_result {
    struct wh_arena *arena; /* borrowed */
    uint32_t side_count;
    struct wh_ripening *ripenings; /* by key, then qualification */
    size_t ripening_count;
    struct wh_replay_lead *leads; /* by key */
    size_t lead_count;
    struct wh_replay_measure measures[WH_REPLAY_SIDES_MAX];
    uint64_t changes[WH_CHANGE_COUNT];
    /* µs: median of how much earlier (positive) the second model is where both ripen, over those
     * that are not the same; 0: there are none. */
    int64_t shift;
};

/* A heap that has been played through; copies nothing, so the heap's arena must stay. */
struct wh_replay_part {
    const struct wh_ripening *ripenings;
    size_t ripening_count;
    const struct wh_replay_lead *leads;
    size_t lead_count;
    struct wh_play_counts counts[WH_REPLAY_SIDES_MAX];
    uint64_t events[WH_REPLAY_SIDES_MAX][WH_EVENT_KIND_COUNT];
};

void wh_replay_gather(struct wh_replay_result *result, struct wh_arena *arena, uint32_t side_count,
                      const struct wh_replay_part *parts, size_t part_count);

/* µs: median of how much earlier `other` ripens than `own` where both do and differ; 0: nowhere. */
int64_t wh_replay_shift(const struct wh_replay_result *own, const struct wh_replay_result *other);

enum wh_change wh_ripening_change(const struct wh_ripening *ripening);

#endif
