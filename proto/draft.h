/* A touch while it is read. JSON and protobuf hand in what they find, in any order; the rules of
 * contract.md 3 that do not depend on the form are applied here, once for both. */
#ifndef WH_PROTO_DRAFT_H
#define WH_PROTO_DRAFT_H

#include "engine/base/arena.h"
#include "engine/port/codec.h"
#include "proto/reject.h"

enum wh_draft_list {
    WH_DRAFT_PROPERTIES,
    WH_DRAFT_LEAD,
    WH_DRAFT_COMPANY,
    WH_DRAFT_CONSENT,
    WH_DRAFT_LIST_COUNT
};

/* The member of the record that the list is: "properties", "lead", … */
const char *wh_draft_list_str(enum wh_draft_list list);

struct wh_draft {
    struct wh_arena *arena;                  /* borrowed, like all that follows */
    const struct wh_decode_context *context; /* may be NULL */
    struct wh_touch *touch;
    struct wh_decode_counts *counts;
    struct wh_rejection *rejection;
    struct wh_named *named[WH_DRAFT_LIST_COUNT]; /* WH_TOUCH_NAMED_MAX each, or NULL */
    size_t named_count[WH_DRAFT_LIST_COUNT];
    bool has_occurred;
    bool has_received;
    bool has_identifiers; /* the member was there, whatever was in it */
};

/* *touch and *rejection become zero; *counts is added to. */
void wh_draft_init(struct wh_draft *draft, struct wh_arena *arena,
                   const struct wh_decode_context *context, struct wh_touch *touch,
                   struct wh_decode_counts *counts, struct wh_rejection *rejection);

/* Each returns false when the record is rejected; *rejection then says why. Texts are valid UTF-8
 * and live as long as the touch. An empty text says nothing, except in a named value. */
bool wh_draft_set_id(struct wh_draft *draft, struct wh_str id);
bool wh_draft_set_field(struct wh_draft *draft, enum wh_field field, struct wh_value value);
bool wh_draft_add_key(struct wh_draft *draft, enum wh_key_kind kind, struct wh_str raw);
bool wh_draft_add_named(struct wh_draft *draft, enum wh_draft_list list, struct wh_named named);

/* What the whole record must have, what follows from what it has, and the digest. */
bool wh_draft_finish(struct wh_draft *draft);

#endif
