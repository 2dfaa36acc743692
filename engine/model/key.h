/* Identifiers and the keys of entities: kind:value (design.md 4). */
#ifndef WH_MODEL_KEY_H
#define WH_MODEL_KEY_H

#include <stdbool.h>

#include "engine/base/arena.h"
#include "engine/base/hash.h"
#include "engine/base/str.h"

/* Strongest first, so that a smaller number is stronger. */
enum wh_key_kind {
    WH_KEY_CRM,
    WH_KEY_USER,
    WH_KEY_EMAIL,
    WH_KEY_PHONE,
    WH_KEY_ANON,
    WH_KEY_COMPANY,
    WH_KEY_ROUTE,
    WH_KEY_KIND_COUNT
};

/* "crm", "user", …; and back (false when there is no such kind). */
const char *wh_key_kind_str(enum wh_key_kind kind);
bool wh_key_kind_find(struct wh_str text, enum wh_key_kind *ret_kind);

struct wh_key {
    enum wh_key_kind kind;
    struct wh_str value; /* normalised; borrowed */
};

/* The one tie-break used everywhere: strongest kind first, then bytes. */
int wh_key_compare(struct wh_key a, struct wh_key b);

/* Normal form of a value (identity.md 3, contract.md 3): trimmed; e-mail in lower case; phone a
 * leading + and digits. False if nothing is left or it is one of the built-in placeholders. */
bool wh_key_normalise(struct wh_arena *arena, enum wh_key_kind kind, struct wh_str raw,
                      struct wh_str *ret_value);

/* The built-in placeholders, compared without case. */
bool wh_key_is_placeholder(struct wh_str value);

/* "kind:value" in the arena, and back (WH_KEY_KIND_COUNT when it is not a key). */
struct wh_str wh_key_text(struct wh_arena *arena, struct wh_key key);
bool wh_key_parse(struct wh_str text, struct wh_key *ret_key);

/* The public name of the entity: keyed hash of kind:value. */
struct wh_hash_id wh_key_id(const uint8_t secret[WH_HASH_KEY_SIZE], struct wh_arena *scratch,
                            struct wh_key key);

#endif
