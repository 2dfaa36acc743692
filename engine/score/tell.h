/* What a lead tells its company (rules.md 21). While a moment is processed, what its touch was to
 * the lead is written beside it (family.h: wh_told_move), and the row is marked; at the end of a
 * step what differs from what the company was told goes out. Nothing flows back. */
#ifndef WH_SCORE_TELL_H
#define WH_SCORE_TELL_H

#include "engine/score/identity.h"
#include "engine/score/walk.h"

/* Bytes of touches in one message, more or less: a whole history is told in several. */
#define WH_TELL_SIZE ((size_t)128 * 1024)

/* Last in a step of a lead: sends to the company as of now, and to the one before. nobody: the
 * entity points to somebody, is a crowd or empty, so it belongs to no company. */
void wh_tell(struct wh_walk *walk, struct wh_key self, bool nobody,
             struct wh_identity_effects *effects);

#endif
