/* One touchpoint as decoded: what happened, to whom, when. Borrowed memory throughout; proto
 * fills it from JSON or protobuf, enrichment adds to it, step reads it and keeps nothing of it. */
#ifndef WH_MODEL_TOUCH_H
#define WH_MODEL_TOUCH_H

#include <stdint.h>

#include "engine/model/field.h"
#include "engine/model/key.h"
#include "engine/model/value.h"

/* Of more identifiers the strongest count (identity.md 9). */
#define WH_TOUCH_KEYS_MAX 8
/* Properties, attributes of lead and company, purposes of consent: each (contract.md 3). */
#define WH_TOUCH_NAMED_MAX 64

/* A name and what was said; value.type UNKNOWN is the statement "unknown" (JSON null). */
struct wh_named {
    struct wh_str name;
    struct wh_value value;
};

struct wh_named_list {
    const struct wh_named *items;
    size_t count; /* at most WH_TOUCH_NAMED_MAX */
};

/* A record's bytes, as its header says; unstated: by the first byte. */
enum wh_record_form { WH_FORM_UNSTATED, WH_FORM_JSON, WH_FORM_PROTOBUF };

struct wh_touch {
    struct wh_str id;                       /* at most 256 bytes, never empty */
    int64_t occurred;                       /* µs */
    int64_t received;                       /* µs; equals occurred when it was not given */
    struct wh_key keys[WH_TOUCH_KEYS_MAX];  /* in order: strongest first, then bytes */
    size_t key_count;                       /* at least 1 */
    struct wh_value fields[WH_FIELD_COUNT]; /* UNKNOWN where absent */
    struct wh_named_list props;
    struct wh_named_list lead;
    struct wh_named_list company;
    struct wh_named_list consent;
    /* Enriched before step: registrable domain of the touch's first e-mail identifier, empty for
     * mail providers or without e-mail. */
    struct wh_str email_company;
    uint64_t digest; /* of the canonical encoding: decides between two touches of one id and time */
};

#endif
