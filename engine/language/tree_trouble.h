/* What went wrong with YAML, in words of whoever wrote an expression into it. Part of tree.c. */
#ifndef WH_LANGUAGE_TREE_TROUBLE_H
#define WH_LANGUAGE_TREE_TROUBLE_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/language/problem.h"
#include "engine/language/source.h"
#include "engine/language/tree.h"

/* What is known where reading stopped. */
struct wh_tree_trouble {
    const struct wh_source *source;
    struct wh_tree *last; /* the last scalar that was read; NULL: none */
    bool is_in_flow;
    bool has_pieces; /* since the outermost { } or [ ] began, a value was found to be broken off */
};

/* Adds the problem for an error of libyaml at a byte offset; context is where the thing began that
 * it could not finish. */
void wh_tree_trouble_tell(const struct wh_tree_trouble *trouble, const char *words, size_t offset,
                          size_t context, struct wh_problems *problems);

/* A value with a tag: location is the tag and what follows. */
void wh_tree_trouble_tell_tag(const struct wh_location *location, struct wh_problems *problems);

void wh_tree_trouble_tell_encoding(const struct wh_source *source, struct wh_problems *problems);

void wh_tree_trouble_tell_duplicate(struct wh_problems *problems, struct wh_str key,
                                    const struct wh_location *second,
                                    const struct wh_location *first);

/* True when key, in { }, has no colon: then it is the rest of the previous value, which broke off
 * at a comma, or a key without a value. The problem is added, previous is marked as broken. */
bool wh_tree_trouble_is_piece(struct wh_tree *previous, const struct wh_tree *key,
                              const struct wh_tree *value, struct wh_problems *problems);

/* "this value breaks off at the comma; …" */
void wh_tree_trouble_tell_break(const struct wh_tree *scalar, const char *sign,
                                struct wh_problems *problems);

/* The first byte behind a scalar that is no blank; 0 at the end of the line. */
char wh_tree_trouble_follower(const struct wh_tree *scalar);

/* Appends to a mapping. */
void wh_tree_push_entry(struct wh_arena *arena, struct wh_tree *tree, struct wh_tree_entry entry);

#endif
