/* Journal records as protobuf (journal.proto). */
#ifndef WH_PROTO_JOURNAL_RECORD_H
#define WH_PROTO_JOURNAL_RECORD_H

#include "engine/base/buf.h"
#include "engine/base/err.h"
#include "engine/model/journal.h"

/* Scratch memory comes from the arena of buf. */
void wh_journal_record_encode(struct wh_buf *buf, const struct wh_journal *journal);
/* Everything decoded lives in the arena. WH_ERR_INPUT: not such a record, or of a newer format. */
WH_MUST_CHECK enum wh_err wh_journal_record_decode(struct wh_str bytes, struct wh_arena *arena,
                                                   struct wh_journal *ret_journal,
                                                   struct wh_error *error);

#endif
