/* A key as people type it. */
#ifndef WH_COMMANDS_KEY_TEXT_H
#define WH_COMMANDS_KEY_TEXT_H

#include "engine/commands/command.h"
#include "engine/model/key.h"

/* kind:value, or an e-mail address alone, in its normal form (memory from the arena). False when it
 * is neither, or nobody's. */
bool wh_key_text_read(struct wh_arena *arena, struct wh_str text, struct wh_key *ret_key);

/* The same for an operand that must be one; else a message has been printed. */
WH_MUST_CHECK enum wh_exit wh_key_text_need(const struct wh_call *call, struct wh_str text,
                                            struct wh_key *ret_key);

#endif
