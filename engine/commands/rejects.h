/* What could not be used: counted, with an example for each reason. */
#ifndef WH_COMMANDS_REJECTS_H
#define WH_COMMANDS_REJECTS_H

#include "engine/port/codec.h"

struct wh_reject_example {
    uint64_t line; /* of the file, from 1; 0: no such rejection */
    struct wh_str field, detail;
};

struct wh_rejects {
    uint64_t counts[WH_REJECT_COUNT];
    struct wh_reject_example examples[WH_REJECT_COUNT];
};

#endif
