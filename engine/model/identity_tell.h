/* What a lead says to its company (rules.md 21). It goes the way of what entities tell each other
 * about who is who, because it has to keep the order of that. */
#ifndef WH_MODEL_IDENTITY_TELL_H
#define WH_MODEL_IDENTITY_TELL_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/str.h"

/* Differences to what it told before; touches and report are struct wh_bundle (model/bundle.h). */
struct wh_identity_tell {
    struct wh_str person; /* public id (hex) of the lead */
    bool gone;            /* he belongs there no longer: all that was told of him goes */
    bool silent;          /* only because the model is another one: it is recorded, not announced */
    bool whole;           /* touches of his that are not in it go, but for those that are folded */
    const struct wh_str *struck; /* ids of touches that count no more */
    uint32_t struck_count;
    void *touches; /* new ones and those that changed, with what they were to him; NULL: none */
    void *report;  /* one row: what he is now, to be counted among the people; NULL: as before */
};

#endif
