/* Names that stand for others: the same under the same key, so that what belonged together still
 * does, and nothing that leads back without the key. What stays as it is, and why, is in
 * record_mask.h. */
#ifndef WH_COMMANDS_PSEUDONYM_H
#define WH_COMMANDS_PSEUDONYM_H

#include "engine/model/key.h"
#include "engine/port/domain.h"

struct wh_pseudonyms {
    uint8_t key[WH_HASH_KEY_SIZE];
    struct wh_domain domain;
    const struct wh_str *placeholders; /* borrowed: the model's own, beside the built-in ones */
    size_t placeholder_count;
};

/* All memory is from the arena. */

/* Of an identifier, normalised first. An e-mail is an address again, at the domain's pseudonym or
 * at the mailbox provider that it was; a phone is digits; the rest is hex. A placeholder stays,
 * what is no identifier becomes empty. */
struct wh_str wh_pseudonym_of_key(const struct wh_pseudonyms *names, struct wh_arena *arena,
                                  enum wh_key_kind kind, struct wh_str raw);

/* Of a host: a registrable domain for each registrable domain, without what stood before it.
 * Mailbox providers stay. */
struct wh_str wh_pseudonym_of_domain(const struct wh_pseudonyms *names, struct wh_arena *arena,
                                     struct wh_str host);

/* Of any text, 16 hex digits; of an e-mail address what it is as an identifier; of nothing,
 * nothing. */
struct wh_str wh_pseudonym_of_text(const struct wh_pseudonyms *names, struct wh_arena *arena,
                                   struct wh_str text);

/* The text with the pseudonym of each e-mail address that stands in it. */
struct wh_str wh_pseudonym_scrub(const struct wh_pseudonyms *names, struct wh_arena *arena,
                                 struct wh_str text);

#endif
