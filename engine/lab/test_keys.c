#include "engine/lab/test_keys.h"

#include "engine/base/decimal.h"
#include "engine/language/scalars.h"
#include "engine/model/field.h"

static const struct wh_test_key *
find_key(const struct wh_test_section *section, struct wh_str name)
{
    for (size_t i = 0; i < section->count; i++) {
        if (wh_str_is(name, section->keys[i].name)) {
            return &section->keys[i];
        }
    }
    return NULL;
}

/* "page" of "page.url", "asset" of "asset". */
static struct wh_str
field_root(int field)
{
    struct wh_str name = wh_str_of(wh_field_infos[field].language);
    const char *point = memchr(name.ptr, '.', name.len);
    return point == NULL ? name : wh_str_slice(name, 0, (size_t)(point - name.ptr));
}

static bool
is_field_root(struct wh_str name)
{
    for (int field = 0; field < WH_FIELD_COUNT; field++) {
        if (wh_str_equal(field_root(field), name)) {
            return true;
        }
    }
    return false;
}

static void
tell_unknown_key(struct wh_problems *problems, const struct wh_tree_entry *entry,
                 const struct wh_test_section *section)
{
    struct wh_nearest nearest = wh_nearest_to(entry->key);
    for (size_t i = 0; i < section->count; i++) {
        wh_nearest_offer(&nearest, wh_str_of(section->keys[i].name), 0);
    }
    for (int field = 0; section->has_fields && field < WH_FIELD_COUNT; field++) {
        wh_nearest_offer(&nearest, field_root(field), 0);
    }
    if (wh_nearest_found(&nearest)) {
        (void)wh_problem_error(problems, &entry->key_location,
                               "unknown key \"%.*s\" in %s; did you mean \"%.*s\"?",
                               WH_STR_ARG(entry->key), section->what, WH_STR_ARG(nearest.best));
        return;
    }
    (void)wh_problem_error(problems, &entry->key_location, "unknown key \"%.*s\" in %s",
                           WH_STR_ARG(entry->key), section->what);
}

static void
check_key(struct wh_problems *problems, const struct wh_tree_entry *entry,
          const struct wh_test_section *section)
{
    const struct wh_test_key *key = find_key(section, entry->key);
    if (key == NULL && !(section->has_fields && is_field_root(entry->key))) {
        tell_unknown_key(problems, entry, section);
    }
}

bool
wh_test_keys_check(struct wh_problems *problems, const struct wh_tree *tree,
                   const struct wh_test_section *section)
{
    if (tree->kind != WH_TREE_MAPPING) {
        (void)wh_problem_error(problems, &tree->location, "expected %s with its keys, found %s",
                               section->what, wh_tree_kind_str(tree));
        return false;
    }
    for (size_t i = 0; i < tree->count; i++) {
        check_key(problems, &tree->entries[i], section);
    }
    for (size_t i = 0; i < section->count; i++) {
        const struct wh_test_key *key = &section->keys[i];
        if (key->flag == WH_TEST_KEY_REQUIRED && wh_tree_find(tree, key->name) == NULL) {
            (void)wh_problem_error(problems, &tree->location, "\"%s\" is missing in %s", key->name,
                                   section->what);
        }
    }
    return true;
}

void
wh_test_keys_unknown(struct wh_problems *problems, const struct wh_location *location,
                     const char *what, const struct wh_nearest *nearest)
{
    if (wh_nearest_found(nearest)) {
        (void)wh_problem_error(problems, location, "unknown %s \"%.*s\"; did you mean \"%.*s\"?",
                               what, WH_STR_ARG(nearest->word), WH_STR_ARG(nearest->best));
        return;
    }
    (void)wh_problem_error(problems, location, "unknown %s \"%.*s\"", what,
                           WH_STR_ARG(nearest->word));
}

size_t
wh_test_keys_entries(struct wh_problems *problems, const struct wh_tree *tree,
                     const struct wh_tree_entry **ret_entries)
{
    *ret_entries = NULL;
    if (tree == NULL) {
        return 0;
    }
    if (tree->kind != WH_TREE_MAPPING) {
        (void)wh_problem_error(problems, &tree->location, "expected a mapping, found %s",
                               wh_tree_kind_str(tree));
        return 0;
    }
    *ret_entries = tree->entries;
    return tree->count;
}

size_t
wh_test_keys_items(struct wh_problems *problems, const struct wh_tree *tree,
                   struct wh_tree *const **ret_items)
{
    *ret_items = NULL;
    if (tree == NULL) {
        return 0;
    }
    if (tree->kind != WH_TREE_SEQUENCE) {
        (void)wh_problem_error(problems, &tree->location, "expected a list, found %s",
                               wh_tree_kind_str(tree));
        return 0;
    }
    *ret_items = tree->items;
    return tree->count;
}

bool
wh_test_keys_moment(struct wh_problems *problems, const struct wh_tree *tree, int64_t start,
                    const struct wh_zone *zone, int64_t *ret_us)
{
    int64_t us = 0;
    if (wh_scalar_duration(NULL, tree, &us)) {
        *ret_us = start + us;
        return true;
    }
    if (wh_scalar_time(NULL, tree, zone, ret_us)) {
        return true;
    }
    if (tree->kind == WH_TREE_SCALAR && !wh_tree_is_empty(tree)) {
        (void)wh_problem_error(problems, &tree->location,
                               "expected an offset such as 1d12h or a time such as "
                               "2026-03-01T09:00, found \"%.*s\"",
                               WH_STR_ARG(tree->text));
    } else {
        (void)wh_problem_error(problems, &tree->location,
                               "expected an offset such as 1d12h or a time, found %s",
                               wh_tree_kind_str(tree));
    }
    return false;
}

bool
wh_test_keys_amount(struct wh_str text, int64_t *ret_number, int64_t *ret_slack)
{
    static const struct wh_str sign = {"±", sizeof("±") - 1};
    size_t at = 0;
    while (at < text.len && !wh_str_starts_with(wh_str_slice(text, at, text.len), sign)) {
        at++;
    }
    *ret_slack = 0;
    if (at == text.len) {
        return wh_decimal_parse(text, ret_number) == WH_OK;
    }
    struct wh_str number = wh_str_trim(wh_str_slice(text, 0, at));
    struct wh_str slack = wh_str_trim(wh_str_slice(text, at + sign.len, text.len));
    return wh_decimal_parse(number, ret_number) == WH_OK &&
           wh_decimal_parse(slack, ret_slack) == WH_OK && *ret_slack >= 0;
}

bool
wh_test_keys_value(struct wh_problems *problems, const struct wh_tree *tree, enum wh_type declared,
                   struct wh_value *ret_value)
{
    int64_t number = 0;
    if (tree->kind != WH_TREE_SCALAR) {
        (void)wh_problem_error(problems, &tree->location, "expected a value, found %s",
                               wh_tree_kind_str(tree));
        return false;
    }
    bool is_plain = tree->style == WH_TREE_PLAIN;
    if (is_plain &&
        (tree->text.len == 0 || wh_tree_is_text(tree, "null") || wh_tree_is_text(tree, "~"))) {
        *ret_value = WH_UNKNOWN;
        return true;
    }
    *ret_value = wh_value_string(tree->text);
    if (!is_plain || declared == WH_TYPE_STRING) {
        return true;
    }
    if (wh_tree_is_text(tree, "true") || wh_tree_is_text(tree, "false")) {
        *ret_value = wh_value_bool(wh_tree_is_text(tree, "true"));
        return true;
    }
    enum wh_err err = wh_decimal_parse(tree->text, &number);
    if (err == WH_ERR_LIMIT) {
        return wh_scalar_number(problems, tree, &number); /* tells why */
    }
    if (err == WH_OK) {
        *ret_value = wh_value_of(WH_TYPE_NUMBER, number);
    }
    return true;
}
