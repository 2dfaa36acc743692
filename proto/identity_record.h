/* What an entity knows of who is who, as a part of its state (identity.proto). */
#ifndef WH_PROTO_IDENTITY_RECORD_H
#define WH_PROTO_IDENTITY_RECORD_H

#include "proto/record_parts.h"

Waterhole__Identity *wh_identity_record_write(struct wh_part_writer *writer,
                                              const struct wh_identity *identity);

/* Keeps the promises of model/identity.h, so that no step on it fails: identifiers there, of one
 * kind of list each one once, minutes in order, bounds that name targets. Not checked is what a
 * bound of identity.md 9 limits: more than that is cut by the next step. */
bool wh_identity_record_read(struct wh_part_reader *reader, const Waterhole__Identity *message,
                             struct wh_key key, struct wh_identity *ret_identity);

#endif
