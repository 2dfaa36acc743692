/* What could not be used: counted, with an example for each reason, and kept with its bytes. */
#ifndef WH_COMMANDS_REJECTS_H
#define WH_COMMANDS_REJECTS_H

#include <stdio.h>

#include "engine/lab/play.h"

#define WH_REJECTS_FILE "rejected.jsonl"

struct wh_reject_example {
    uint64_t line; /* of the file, from 1; 0: no such rejection */
    struct wh_str field, detail;
};

struct wh_rejects {
    struct wh_arena *arena; /* borrowed */
    uint64_t line;          /* of the record that is being played */
    FILE *file;             /* NULL: bytes are not kept */
    bool has_failed;        /* the file could not be written */
    struct wh_reject_example examples[WH_REJECT_COUNT];
};

/* A wh_on_rejection_fn; self is the rejects. */
void wh_rejects_take(void *self, const struct wh_play_rejection *rejection);

#endif
