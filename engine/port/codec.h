/* Records and their bytes. proto/ implements it; nobody else sees JSON or generated types. */
#ifndef WH_PORT_CODEC_H
#define WH_PORT_CODEC_H

#include "engine/base/buf.h"
#include "engine/base/err.h"
#include "engine/model/effect.h"
#include "engine/model/entity.h"
#include "engine/model/handoff.h"
#include "engine/model/journal.h"
#include "engine/model/touch.h"

/* Why a record cannot be used: contract.md 3. The word is the reason as it leaves. */
enum wh_reject {
    WH_REJECT_NOT_JSON,
    WH_REJECT_NOT_UTF8,
    WH_REJECT_TOO_LARGE,
    WH_REJECT_TOO_DEEP,
    WH_REJECT_TOO_MANY,
    WH_REJECT_BAD_TYPE,
    WH_REJECT_MISSING,
    WH_REJECT_BAD_TIME,
    WH_REJECT_FROM_FUTURE,
    WH_REJECT_TOO_LATE,
    WH_REJECT_NO_IDENTIFIER,
    WH_REJECT_DUPLICATE_KEY,
    WH_REJECT_BAD_NUMBER,
    WH_REJECT_NOT_PROTOBUF,
    WH_REJECT_BAD_COMMAND,
    WH_REJECT_NOT_ALLOWED,
    WH_REJECT_COUNT
};
const char *wh_reject_str(enum wh_reject reject);

struct wh_rejection {
    enum wh_reject reason;
    struct wh_str field;  /* path in the record, may be empty */
    struct wh_str detail; /* what was expected and found; memory from the arena of the call */
};

/* What decoding needs beside the bytes. */
struct wh_decode_context {
    enum wh_record_form form;          /* by header; unstated: by the first byte */
    struct wh_str default_id;          /* for a record without id */
    const struct wh_str *placeholders; /* the model's own, beside the built-in ones */
    size_t placeholder_count;
};

/* Things that were mended and counted instead of rejected. */
struct wh_decode_counts {
    uint32_t cut;           /* page URL, referrer, user agent cut to their limit */
    uint32_t unknown_names; /* top-level names kept as properties */
    uint32_t ids_dropped;   /* identifiers over WH_TOUCH_KEYS_MAX */
    uint32_t placeholders;  /* identifiers that are nobody */
};

struct wh_codec {
    void *self;
    /* False: *ret_rejection says why, the bytes stay the caller's. True: *ret_touch, borrowing from
     * the arena and from bytes. What was mended is added to *counts. Times are checked for form
     * only; too_late and from_future are judged by who knows the clock. */
    bool (*decode_touch)(void *self, struct wh_arena *arena, struct wh_str bytes,
                         const struct wh_decode_context *context, struct wh_touch *ret_touch,
                         struct wh_decode_counts *counts, struct wh_rejection *ret_rejection);
    /* One lead event as JSON on one line, without line break (contract.md 5). */
    void (*encode_event)(void *self, struct wh_buf *buf, const struct wh_event *event);
    /* The same as it is published, where that is not the JSON: protobuf. NULL: it is. */
    void (*encode_published)(void *self, struct wh_buf *buf, const struct wh_event *event);
    /* A whole entity with the hash (hex) of the model under which it was made, and back. What its
     * columns, cells and lists mean is the model's business: the caller compares the hash with its
     * ruleset's and asks score/fits.h before the first step. Everything decoded lives in the
     * arena. */
    void (*encode_entity)(void *self, struct wh_buf *buf, struct wh_str model_hash,
                          const struct wh_entity *entity);
    enum wh_err (*decode_entity)(void *self, struct wh_str bytes, struct wh_arena *arena,
                                 struct wh_str *ret_model_hash, struct wh_entity *ret_entity,
                                 struct wh_error *error);
    /* What the engine writes for itself. Decoded parts live in the arena. */
    void (*encode_journal)(void *self, struct wh_buf *buf, const struct wh_journal *journal);
    enum wh_err (*decode_journal)(void *self, struct wh_str bytes, struct wh_arena *arena,
                                  struct wh_journal *ret_journal, struct wh_error *error);
    /* Appends: what several calls for one key append is one record with all the messages. */
    void (*encode_handoff)(void *self, struct wh_buf *buf, const struct wh_handoff *handoff);
    enum wh_err (*decode_handoff)(void *self, struct wh_str bytes, struct wh_arena *arena,
                                  struct wh_handoff *ret_handoff, struct wh_error *error);
};

#endif
