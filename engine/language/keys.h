/* Mappings with known keys: unknown, missing, exclusive ones and those of later parts. */
#ifndef WH_LANGUAGE_KEYS_H
#define WH_LANGUAGE_KEYS_H

#include "engine/language/compiler.h"

enum wh_section_flag {
    WH_GIVEN_OR_NOT,
    WH_GIVEN_ALWAYS,
};

struct wh_section_key {
    const char *name;
    enum wh_section_flag flag;
};

struct wh_section {
    const char *what; /* with its article: "a qualification" */
    const struct wh_section_key *keys;
    size_t count;
};
#define WH_SECTION(what, keys)                           \
    {                                                    \
        (what), (keys), sizeof(keys) / sizeof((keys)[0]) \
    }

/* False when tree is no mapping (a problem was added). Otherwise all that is wrong with its keys
 * was told, and what is there may be read. */
bool wh_keys_check(struct wh_compiler *compiler, const struct wh_tree *tree,
                   const struct wh_section *section);

/* Adds `"arm" or "on" is missing in qualification "x"`; keys is the quoted part. */
void wh_keys_missing(struct wh_compiler *compiler, const struct wh_tree *tree,
                     const struct wh_section *section, const char *keys);

/* True when both keys are there: then the later one is a problem, with the reason behind it. */
bool wh_keys_exclude(struct wh_compiler *compiler, const struct wh_tree *tree, const char *first,
                     const char *second, const char *reason);

/* Adds `"first" needs "second"` at the first when only that is there. */
void wh_keys_need(struct wh_compiler *compiler, const struct wh_tree *tree, const char *first,
                  const char *second);

/* Whether the item is one of a company. */
bool wh_keys_is_company(const struct wh_tree *tree);

/* Tells an entity that is neither. */
void wh_keys_entity(struct wh_compiler *compiler, const struct wh_tree *tree);

/* The items of a list; of a missing one none. Adds a problem for what is no list. */
size_t wh_keys_items(struct wh_compiler *compiler, const struct wh_tree *tree,
                     struct wh_tree *const **ret_items);
/* The same for the entries of a mapping with names of the model's own. */
size_t wh_keys_entries(struct wh_compiler *compiler, const struct wh_tree *tree,
                       const struct wh_tree_entry **ret_entries);

/* Adds "5,120 rules; a model has at most 4,096" when count is over max. */
void wh_keys_bound(struct wh_compiler *compiler, const struct wh_location *location, size_t count,
                   size_t max, const char *noun, const char *holder);
/* The same at a key of tree; nothing when it is not there. */
void wh_keys_bound_at(struct wh_compiler *compiler, const struct wh_tree *tree, const char *key,
                      size_t count, size_t max, const char *holder);

#endif
