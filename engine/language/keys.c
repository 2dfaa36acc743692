#include "engine/language/keys.h"

static const struct wh_section_key *
find_key(const struct wh_section *section, struct wh_str name)
{
    for (size_t i = 0; i < section->count; i++) {
        if (wh_str_is(name, section->keys[i].name)) {
            return &section->keys[i];
        }
    }
    return NULL;
}

static void
report_unknown(struct wh_compiler *compiler, const struct wh_tree_entry *entry,
               const struct wh_section *section)
{
    struct wh_nearest nearest = wh_nearest_to(entry->key);
    for (size_t i = 0; i < section->count; i++) {
        wh_nearest_offer(&nearest, wh_str_of(section->keys[i].name), -1);
    }
    if (wh_nearest_found(&nearest)) {
        wh_problem_error(compiler->problems, &entry->key_location,
                         "unknown key \"%.*s\" in %s; did you mean \"%.*s\"?",
                         WH_STR_ARG(entry->key), section->what, WH_STR_ARG(nearest.best));
        return;
    }
    wh_problem_error(compiler->problems, &entry->key_location, "unknown key \"%.*s\" in %s",
                     WH_STR_ARG(entry->key), section->what);
}

bool
wh_keys_check(struct wh_compiler *compiler, const struct wh_tree *tree,
              const struct wh_section *section)
{
    if (tree->kind != WH_TREE_MAPPING) {
        wh_problem_error(compiler->problems, &tree->location, "expected %s with its keys, found %s",
                         section->what, wh_tree_kind_str(tree));
        return false;
    }
    for (size_t i = 0; i < tree->count; i++) {
        const struct wh_tree_entry *entry = &tree->entries[i];
        const struct wh_section_key *key = find_key(section, entry->key);
        if (key == NULL) {
            report_unknown(compiler, entry, section);
        }
    }
    for (size_t i = 0; i < section->count; i++) {
        const struct wh_section_key *key = &section->keys[i];
        if (key->flag == WH_GIVEN_ALWAYS && wh_tree_find(tree, key->name) == NULL) {
            char quoted[64] = "\"";
            (void)strncat(quoted, key->name, sizeof(quoted) - 3);
            (void)strncat(quoted, "\"", sizeof(quoted) - strlen(quoted) - 1);
            wh_keys_missing(compiler, tree, section, quoted);
        }
    }
    return true;
}

void
wh_keys_missing(struct wh_compiler *compiler, const struct wh_tree *tree,
                const struct wh_section *section, const char *keys)
{
    const struct wh_tree *id = wh_tree_find(tree, "id");
    if (id == NULL || id->kind != WH_TREE_SCALAR) {
        wh_problem_error(compiler->problems, &tree->location, "%s is missing in %s", keys,
                         section->what);
        return;
    }
    const char *noun = strchr(section->what, ' ') + 1;
    wh_problem_error(compiler->problems, &id->location, "%s is missing in %s \"%.*s\"", keys, noun,
                     WH_STR_ARG(id->text));
}

bool
wh_keys_exclude(struct wh_compiler *compiler, const struct wh_tree *tree, const char *first,
                const char *second, const char *reason)
{
    const struct wh_tree_entry *a = wh_tree_find_entry(tree, first);
    const struct wh_tree_entry *b = wh_tree_find_entry(tree, second);
    if (a == NULL || b == NULL) {
        return false;
    }
    const struct wh_location *place = wh_location_compare(&a->key_location, &b->key_location) < 0
                                          ? &b->key_location
                                          : &a->key_location;
    wh_problem_error(compiler->problems, place, "\"%s\" and \"%s\" exclude each other: %s", first,
                     second, reason);
    return true;
}

void
wh_keys_need(struct wh_compiler *compiler, const struct wh_tree *tree, const char *first,
             const char *second)
{
    const struct wh_tree_entry *a = wh_tree_find_entry(tree, first);
    if (a != NULL && wh_tree_find(tree, second) == NULL) {
        wh_problem_error(compiler->problems, &a->key_location, "\"%s\" needs \"%s\"", first,
                         second);
    }
}

bool
wh_keys_is_company(const struct wh_tree *tree)
{
    const struct wh_tree *entity = wh_tree_find(tree, "entity");
    return entity != NULL && wh_tree_is_text(entity, "company");
}

void
wh_keys_entity(struct wh_compiler *compiler, const struct wh_tree *tree)
{
    static const char *const words[] = {"lead", "company"};
    const struct wh_tree *entity = wh_tree_find(tree, "entity");
    size_t choice = 0;
    if (entity != NULL) {
        (void)wh_scalar_choice(compiler->problems, entity, words, 2, &choice);
    }
}

size_t
wh_keys_items(struct wh_compiler *compiler, const struct wh_tree *tree,
              struct wh_tree *const **ret_items)
{
    *ret_items = NULL;
    if (tree == NULL) {
        return 0;
    }
    if (tree->kind != WH_TREE_SEQUENCE) {
        wh_problem_error(compiler->problems, &tree->location, "expected a list, found %s",
                         wh_tree_kind_str(tree));
        return 0;
    }
    *ret_items = tree->items;
    return tree->count;
}

size_t
wh_keys_entries(struct wh_compiler *compiler, const struct wh_tree *tree,
                const struct wh_tree_entry **ret_entries)
{
    *ret_entries = NULL;
    if (tree == NULL) {
        return 0;
    }
    if (tree->kind != WH_TREE_MAPPING) {
        wh_problem_error(compiler->problems, &tree->location, "expected a mapping, found %s",
                         wh_tree_kind_str(tree));
        return 0;
    }
    *ret_entries = tree->entries;
    return tree->count;
}

void
wh_keys_bound(struct wh_compiler *compiler, const struct wh_location *location, size_t count,
              size_t max, const char *noun, const char *holder)
{
    if (count <= max) {
        return;
    }
    struct wh_arena *arena = compiler->problems->arena;
    struct wh_str have = wh_problem_count_text(arena, (int64_t)count);
    struct wh_str most = wh_problem_count_text(arena, (int64_t)max);
    wh_problem_error(compiler->problems, location, "%.*s %s; %s has at most %.*s", WH_STR_ARG(have),
                     noun, holder, WH_STR_ARG(most));
}

void
wh_keys_bound_at(struct wh_compiler *compiler, const struct wh_tree *tree, const char *key,
                 size_t count, size_t max, const char *holder)
{
    const struct wh_tree_entry *entry = wh_tree_find_entry(tree, key);
    if (entry != NULL) {
        wh_keys_bound(compiler, &entry->key_location, count, max, key, holder);
    }
}
