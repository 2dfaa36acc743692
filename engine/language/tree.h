/* YAML as a tree in which everything knows its place. Models, model tests and configuration are
 * read from it. Anchors, aliases, tags, several documents and duplicate keys are problems.
 *
 * Scalars stay text: what they mean is up to the key (scalars.h, parser.h). */
#ifndef WH_LANGUAGE_TREE_H
#define WH_LANGUAGE_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/base/arena.h"
#include "engine/base/str.h"
#include "engine/language/problem.h"
#include "engine/language/source.h"

#define WH_TREE_DEPTH_MAX 24       /* a model needs 8; model tests nest props a little deeper */
#define WH_TREE_NODES_MAX 1000000U /* 4 MiB of "- a" lines */

enum wh_tree_kind { WH_TREE_SCALAR, WH_TREE_MAPPING, WH_TREE_SEQUENCE };

enum wh_tree_style {
    WH_TREE_PLAIN,
    WH_TREE_SINGLE_QUOTED,
    WH_TREE_DOUBLE_QUOTED,
    WH_TREE_BLOCK, /* | or > */
};

struct wh_tree;

struct wh_tree_entry {
    struct wh_str key;
    struct wh_location key_location;
    struct wh_tree *value; /* never NULL: a missing one is an empty plain scalar */
};

struct wh_tree {
    enum wh_tree_kind kind;
    enum wh_tree_style style;    /* scalars */
    bool is_in_flow;             /* inside { } or [ ] */
    bool is_broken;              /* a problem was told already: readers stay silent */
    struct wh_location location; /* from its first to its last byte, quotes included */
    struct wh_str text;          /* scalars: the value */
    size_t count;                /* entries or items */
    struct wh_tree_entry *entries;
    struct wh_tree **items;
};

/* "a mapping", "a list", "nothing" (an empty plain scalar) or "text". */
const char *wh_tree_kind_str(const struct wh_tree *tree);

/* NULL when the text is not YAML (a problem was added). Other problems (tags, duplicate keys) are
 * added and a tree comes back all the same, so that one run finds more. An empty text is an empty
 * plain scalar. The tree lives in the arena. */
struct wh_tree *wh_tree_parse(struct wh_arena *arena, const struct wh_source *source,
                              struct wh_problems *problems);

/* Several files read as one: mappings are joined key by key, lists are appended, a single value in
 * two files is a duplicate key. count >= 1; the given trees are not changed. */
struct wh_tree *wh_tree_join(struct wh_arena *arena, struct wh_tree *const *trees, size_t count,
                             struct wh_problems *problems);

/* The entry of a mapping; NULL when it has none, or when tree is NULL or no mapping. */
const struct wh_tree_entry *wh_tree_find_entry(const struct wh_tree *tree, const char *key);
const struct wh_tree *wh_tree_find(const struct wh_tree *tree, const char *key);

/* An empty plain scalar: "key:" with nothing behind it. */
bool wh_tree_is_empty(const struct wh_tree *tree);

bool wh_tree_is_text(const struct wh_tree *tree, const char *text);

/* The place of bytes [from, to) of a scalar's value: exact in plain and single-quoted scalars on
 * one line, else that of the scalar. */
struct wh_location wh_tree_locate(const struct wh_tree *scalar, size_t from, size_t to);

#endif
