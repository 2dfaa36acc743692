/* What a replay found out, measured while its rows pass by (replay_rows.h). */
#ifndef WH_COMMANDS_REPLAY_RESULT_H
#define WH_COMMANDS_REPLAY_RESULT_H

#include "engine/commands/replay_rows.h"

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
    uint64_t companies, ripe_companies, company_episodes, company_withdrawn;
    uint64_t accepted, repeats, rejected;
    uint64_t won;      /* leads with an outcome_won */
    uint64_t ripe_won; /* of them, ripe before it */
    int64_t lead_time; /* µs: median from ripening to outcome_won of those; -1: there are none */
    struct wh_replay_band bands[WH_REPLAY_BANDS];
    uint64_t events[WH_EVENT_KIND_COUNT];
};

/* Rows that people are shown; the others are in --csv. */
#define WH_REPLAY_ROWS_SHOWN 40

/* Numbers in the order in which they came; private to replay_result.c. */
struct wh_replay_numbers {
    int64_t *items;
    size_t count, capacity;
};

/* A lead's highest score, and whether it won. */
struct wh_replay_rank {
    int64_t score;
    bool won;
};

/* Grows row by row; of a row a few numbers stay. */
struct wh_replay_result {
    struct wh_arena *arena; /* borrowed */
    uint32_t side_count;
    struct wh_replay_measure measures[WH_REPLAY_SIDES_MAX];
    uint64_t changes[WH_CHANGE_COUNT];
    /* µs: median of how much earlier (positive) the second model is where both ripen, over those
     * that are not the same; of one model how much earlier it is than the one that it was compared
     * with. 0: there are none. */
    int64_t shift;
    struct wh_ripening shown[WH_REPLAY_ROWS_SHOWN]; /* the first that are not the same */
    size_t shown_count;
    struct wh_replay_numbers lead_times[WH_REPLAY_SIDES_MAX]; /* µs */
    struct wh_replay_numbers shifts;                          /* µs */
    struct wh_replay_rank *ranks[WH_REPLAY_SIDES_MAX];
    size_t rank_counts[WH_REPLAY_SIDES_MAX], rank_capacities[WH_REPLAY_SIDES_MAX];
};

void wh_replay_result_begin(struct wh_replay_result *result, struct wh_arena *arena,
                            uint32_t side_count);
/* What a side counted in a heap. */
void wh_replay_result_count(struct wh_replay_result *result, uint32_t side,
                            const struct wh_play_counts *counts, const uint64_t *events);
/* A lead, whose bands are wanted when outcomes are, or a company. In order of key. */
void wh_replay_result_add(struct wh_replay_result *result, const struct wh_replay_row *row,
                          bool has_outcomes);
/* The same one under another model, which the result's one is compared with. */
void wh_replay_result_compare(struct wh_replay_result *result, const struct wh_replay_row *row,
                              const struct wh_replay_row *other);
/* Everything was added. */
void wh_replay_result_finish(struct wh_replay_result *result);

enum wh_change wh_ripening_change(const struct wh_ripening *ripening);

#endif
