/* The recorded touchpoints of a replay, read once and laid into heaps: leads that may have to do
 * with each other lie in one heap, in the order of the records, so that heaps can be played apart
 * and at once. What is large lies on the disk. */
#ifndef WH_COMMANDS_REPLAY_READ_H
#define WH_COMMANDS_REPLAY_READ_H

#include "connectors/file/spill.h"
#include "engine/commands/command.h"
#include "engine/lab/groups.h"
#include "engine/lab/replay.h"

#define WH_HEAPS_MAX 512
/* A heap is about this large, in bytes of records, unless a single group is larger. */
#define WH_HEAP_SIZE ((uint64_t)8 * 1024 * 1024)

/* Stands before each record of a heap; lab/replay.h says what it means. */
struct wh_heap_head {
    uint64_t number;
    int64_t clocks[WH_REPLAY_SIDES_MAX];
    uint32_t group;
};

struct wh_replay_input {
    struct wh_arena *arena; /* borrowed */
    const struct wh_replay_env *env;
    struct wh_groups groups;
    struct wh_spill *all; /* everything, until it is divided */
    struct wh_spill *heaps[WH_HEAPS_MAX];
    struct wh_outcome_record *outcomes; /* from outside */
    uint32_t *outcome_groups;           /* numbers of their identifiers … */
    size_t *outcome_heaps;              /* … and, once divided, where they lie */
    size_t outcome_count, outcome_capacity;
    size_t heap_count;
    bool has_outcomes; /* from outside or among the touches */
    uint64_t records;
    int64_t clocks[WH_REPLAY_SIDES_MAX]; /* after the last record */
    int64_t first, last;                 /* µs, of what could be decoded */
    uint64_t bytes;                      /* of records, unpacked */
};

/* Reads the files in order; "-" is standard input. Prints what goes wrong. */
WH_MUST_CHECK enum wh_exit wh_replay_read(struct wh_replay_input *input, const struct wh_str *paths,
                                          size_t path_count);
/* An outcome of a lead from outside; before divide. */
void wh_replay_add_outcome(struct wh_replay_input *input, struct wh_outcome_record outcome);
/* Lays everything into heaps for so many threads. */
WH_MUST_CHECK enum wh_exit wh_replay_divide(struct wh_replay_input *input, size_t threads);
/* Into how many heaps so many bytes go: at most WH_HEAPS_MAX. */
size_t wh_replay_heaps_for(uint64_t size, size_t threads);

void wh_replay_input_fini(struct wh_replay_input *input);

#endif
