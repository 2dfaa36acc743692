/* The strings of one lead, each kept once and named by a number from 0. Numbers are given in
 * order of first use, so they are a function of the sequence of messages (law 3). */
#ifndef WH_MODEL_STRINGS_H
#define WH_MODEL_STRINGS_H

#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/str.h"
#include "engine/model/value.h"

/* Longer strings are cut here, between code points (design.md 9). */
#define WH_STRINGS_LENGTH_MAX 256

struct wh_strings {
    struct wh_arena *arena; /* borrowed: that of the state */
    struct wh_str *items;
    uint32_t *hashes; /* of the items, so that neither growing nor a copy reads the texts again */
    uint32_t count;
    uint32_t capacity;
    uint32_t *slots; /* open addressing: number of the item + 1, 0: free */
    uint32_t slot_count;
};

void wh_strings_init(struct wh_strings *strings, struct wh_arena *arena);

/* The same strings under the same numbers, in another arena, with room for some more. */
void wh_strings_copy(struct wh_strings *to, struct wh_arena *arena, const struct wh_strings *from);

/* The number of the string, which is copied in when it is new. */
uint32_t wh_strings_intern(struct wh_strings *strings, struct wh_str text);

/* The same without the cut: for strings that were cut before (another table, a stored state), and
 * for sets of identifiers, which must stay whole. */
uint32_t wh_strings_intern_whole(struct wh_strings *strings, struct wh_str text);

/* The string with a number that intern returned; lives as long as the table. */
struct wh_str wh_strings_get(const struct wh_strings *strings, uint32_t number);

/* False if the string was never interned. */
bool wh_strings_find(const struct wh_strings *strings, struct wh_str text, uint32_t *ret_number);

/* A value as a cell (interning a string; a list or an out-of-range payload becomes the explicit
 * unknown), and back. ABSENT and the explicit unknown both read as unknown. */
wh_cell_t wh_strings_to_cell(struct wh_strings *strings, struct wh_value value);
struct wh_value wh_strings_of_cell(const struct wh_strings *strings, wh_cell_t cell);

#endif
