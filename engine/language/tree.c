/* What is asked of a tree, and several trees read as one. tree_parse.c makes them. */
#include "engine/language/tree.h"

#include <assert.h>

#include "engine/base/table.h"
#include "engine/language/tree_trouble.h"

const char *
wh_tree_kind_str(const struct wh_tree *tree)
{
    switch (tree->kind) {
    case WH_TREE_SCALAR:
        return wh_tree_is_empty(tree) ? "nothing" : "text";
    case WH_TREE_MAPPING:
        return "a mapping";
    case WH_TREE_SEQUENCE:
        return "a list";
    }
    return "";
}

void
wh_tree_push_entry(struct wh_arena *arena, struct wh_tree *tree, struct wh_tree_entry entry)
{
    if ((tree->count & (tree->count - 1)) == 0) {
        size_t capacity = tree->count == 0 ? 1 : tree->count * 2;
        tree->entries = wh_arena_grow(arena, tree->entries, tree->count, capacity,
                                      sizeof(struct wh_tree_entry));
    }
    tree->entries[tree->count++] = entry;
}

static void join_into(struct wh_arena *arena, struct wh_tree *into, const struct wh_tree *from,
                      struct wh_problems *problems);

static void
join_value(struct wh_arena *arena, struct wh_tree_entry *into, const struct wh_tree_entry *from,
           struct wh_problems *problems)
{
    assert(into != NULL);
    bool is_scalar = into->value->kind == WH_TREE_SCALAR;
    if (is_scalar || into->value->kind != from->value->kind) {
        wh_tree_trouble_tell_duplicate(problems, from->key, &from->key_location,
                                       &into->key_location);
        return;
    }
    struct wh_tree *joined = WH_ARENA_NEW(arena, struct wh_tree);
    *joined = *into->value;
    if (joined->kind == WH_TREE_MAPPING) {
        joined->entries = NULL;
        joined->count = 0;
        join_into(arena, joined, into->value, problems);
        join_into(arena, joined, from->value, problems);
    } else {
        size_t count = into->value->count + from->value->count;
        joined->items = (struct wh_tree **)wh_arena_grow(
            arena, (const void *)joined->items, joined->count, count + 1, sizeof(struct wh_tree *));
        for (size_t i = 0; i < from->value->count; i++) {
            joined->items[joined->count++] = from->value->items[i];
        }
    }
    into->value = joined;
}

static void
join_into(struct wh_arena *arena, struct wh_tree *into, const struct wh_tree *from,
          struct wh_problems *problems)
{
    struct wh_table index;
    wh_table_init(&index, arena);
    for (size_t i = 0; i < into->count; i++) {
        wh_table_put(&index, into->entries[i].key, (int64_t)i);
    }
    for (size_t i = 0; i < from->count; i++) {
        int64_t found;
        if (wh_table_find(&index, from->entries[i].key, &found)) {
            join_value(arena, &into->entries[found], &from->entries[i], problems);
        } else {
            wh_tree_push_entry(arena, into, from->entries[i]);
        }
    }
}

struct wh_tree *
wh_tree_join(struct wh_arena *arena, struct wh_tree *const *trees, size_t count,
             struct wh_problems *problems)
{
    assert(count > 0);
    if (count == 1) {
        return trees[0];
    }
    struct wh_tree *joined = WH_ARENA_NEW(arena, struct wh_tree);
    joined->kind = WH_TREE_MAPPING;
    joined->location = trees[0]->location;
    for (size_t i = 0; i < count; i++) {
        if (trees[i]->kind == WH_TREE_MAPPING) {
            join_into(arena, joined, trees[i], problems);
        } else if (!wh_tree_is_empty(trees[i])) {
            (void)wh_problem_error(problems, &trees[i]->location, "expected a mapping, found %s",
                                   wh_tree_kind_str(trees[i]));
        }
    }
    return joined;
}

const struct wh_tree_entry *
wh_tree_find_entry(const struct wh_tree *tree, const char *key)
{
    if (tree == NULL || tree->kind != WH_TREE_MAPPING) {
        return NULL;
    }
    for (size_t i = 0; i < tree->count; i++) {
        if (wh_str_is(tree->entries[i].key, key)) {
            return &tree->entries[i];
        }
    }
    return NULL;
}

const struct wh_tree *
wh_tree_find(const struct wh_tree *tree, const char *key)
{
    const struct wh_tree_entry *entry = wh_tree_find_entry(tree, key);
    return entry == NULL ? NULL : entry->value;
}

bool
wh_tree_is_empty(const struct wh_tree *tree)
{
    return tree->kind == WH_TREE_SCALAR && tree->style == WH_TREE_PLAIN && tree->text.len == 0;
}

bool
wh_tree_is_text(const struct wh_tree *tree, const char *text)
{
    return tree != NULL && tree->kind == WH_TREE_SCALAR && wh_str_is(tree->text, text);
}

/* Bytes of the file that the first count bytes of a single-quoted value take. */
static size_t
quoted_len(struct wh_str value, size_t count)
{
    size_t len = count;
    for (size_t i = 0; i < count; i++) {
        len += value.ptr[i] == '\'' ? 1 : 0;
    }
    return len;
}

struct wh_location
wh_tree_locate(const struct wh_tree *scalar, size_t from, size_t to)
{
    struct wh_location location = scalar->location;
    struct wh_str text = scalar->text;
    assert(scalar->kind == WH_TREE_SCALAR && from <= to && to <= text.len);
    struct wh_str written = wh_location_text(&location);
    if (scalar->style == WH_TREE_PLAIN && wh_str_equal(written, text)) {
        location.offset += from;
        location.len = to - from;
    } else if (scalar->style == WH_TREE_SINGLE_QUOTED &&
               written.len == quoted_len(text, text.len) + 2 &&
               !wh_str_contains(written, WH_STR("\n"))) {
        size_t start = 1 + quoted_len(text, from);
        location.offset += start;
        location.len = 1 + quoted_len(text, to) - start;
    }
    return location;
}
