/* The identifiers of a touch as one string, so that a history keeps the set of each row as a
 * number: for each a letter of its kind, its length in bytes, a colon, its value ("e5:a@b.c"). */
#ifndef WH_MODEL_KEY_SET_H
#define WH_MODEL_KEY_SET_H

#include "engine/model/key.h"

/* Keys of companies and routes take no part in identity and are left out. */
struct wh_str wh_key_set_text(struct wh_arena *arena, const struct wh_key *keys, size_t count);

/* Back, in the same order; the values are borrowed from the text. At most `capacity` (larger sets
 * are none); returns how many there are, 0 when the text is no set. */
size_t wh_key_set_parse(struct wh_str text, struct wh_key *ret_keys, size_t capacity);

#endif
