/* Heaps of records, each under each model, on all cores: those of leads, then those of companies,
 * which hear what leads told them (lab/replay.h). */
#ifndef WH_COMMANDS_REPLAY_PLAY_H
#define WH_COMMANDS_REPLAY_PLAY_H

#include "engine/commands/replay_letters.h"
#include "engine/commands/replay_read.h"
#include "engine/commands/replay_rows.h"

/* What a side counted. */
struct wh_replay_tally {
    struct wh_play_counts counts;
    uint64_t events[WH_EVENT_KIND_COUNT];
};

/* A model, or two of them in step, over all records. */
struct wh_replay_variant {
    struct wh_replay_env env;
    struct wh_replay_rows *rows;       /* what was found out … */
    struct wh_replay_letters *letters; /* … and what companies were told; until they are played */
    struct wh_replay_tally tallies[WH_REPLAY_SIDES_MAX];
};

/* Plays all of it; the heaps of input are read no more. Shows how far it is when has_bar. */
WH_MUST_CHECK enum wh_exit wh_replay_play(struct wh_replay_input *input,
                                          struct wh_replay_variant *variants, size_t variant_count,
                                          bool has_bar);
/* Frees what playing made. */
void wh_replay_variant_fini(struct wh_replay_variant *variant);

#endif
