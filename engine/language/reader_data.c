/* The data section: what comes in beyond the standard fields. */
#include "engine/language/intern.h"
#include "engine/language/keys.h"
#include "engine/language/reader.h"

static const struct wh_section_key data_keys[] = {{"touches", WH_GIVEN_OR_NOT},
                                                  {"lead", WH_GIVEN_OR_NOT},
                                                  {"company", WH_GIVEN_OR_NOT},
                                                  {"props", WH_GIVEN_OR_NOT}};
static const struct wh_section data_section = WH_SECTION("a data section", data_keys);

static void
read_touches(struct wh_compiler *compiler, const struct wh_tree *tree)
{
    static const char *const words[] = {"act", "no_act"};
    const struct wh_tree_entry *entries;
    size_t count = wh_keys_entries(compiler, tree, &entries);
    compiler->has_touch_types = tree != NULL;
    for (size_t i = 0; i < count; i++) {
        struct wh_str name;
        size_t choice = 0;
        if (!wh_scalar_key_word(compiler->problems, &entries[i], &name) ||
            !wh_scalar_choice(compiler->problems, entries[i].value, words, 2, &choice)) {
            continue;
        }
        int32_t type = wh_intern_type(compiler, name);
        compiler->type_notes[type].is_known = true;
        compiler->types[type].act = choice == 0;
    }
}

static void
read_values(struct wh_compiler *compiler, const struct wh_tree *tree, struct wh_declared *declared)
{
    struct wh_str *values = WH_ARENA_ARRAY(compiler->arena, struct wh_str, tree->count);
    for (size_t i = 0; i < tree->count; i++) {
        (void)wh_scalar_text(compiler->problems, tree->items[i], &values[i]);
    }
    declared->type = WH_TYPE_STRING;
    declared->values = values;
    declared->value_count = tree->count;
}

static void
read_type(struct wh_compiler *compiler, const struct wh_tree *tree, struct wh_declared *declared)
{
    static const char *const words[] = {"bool", "number", "string", "time"};
    static const enum wh_type types[] = {WH_TYPE_BOOL, WH_TYPE_NUMBER, WH_TYPE_STRING,
                                         WH_TYPE_TIME};
    if (tree->kind == WH_TREE_SEQUENCE) {
        read_values(compiler, tree, declared);
        return;
    }
    size_t choice = 0;
    if (wh_scalar_choice(compiler->problems, tree, words, 4, &choice)) {
        declared->type = types[choice];
    }
}

static void
read_names(struct wh_compiler *compiler, const struct wh_tree *tree, const char *prefix,
           struct wh_declared_list *ret_list)
{
    const struct wh_tree_entry *entries;
    size_t count = wh_keys_entries(compiler, tree, &entries);
    ret_list->is_present = tree != NULL;
    ret_list->items = WH_ARENA_ARRAY(compiler->arena, struct wh_declared, count);
    for (size_t i = 0; i < count; i++) {
        struct wh_declared *declared = &ret_list->items[ret_list->count];
        if (!wh_scalar_key_word(compiler->problems, &entries[i], &declared->name)) {
            continue;
        }
        struct wh_buf path;
        wh_buf_init(&path, compiler->arena);
        wh_buf_printf(&path, "%s.%.*s", prefix, WH_STR_ARG(declared->name));
        declared->path = wh_buf_str(&path);
        read_type(compiler, entries[i].value, declared);
        ret_list->count++;
    }
}

static void
type_column(struct wh_column *column, const struct wh_declared_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        if (wh_str_equal(list->items[i].name, column->name)) {
            column->type = list->items[i].type;
        }
    }
}

/* Columns that are always there learn their type here. */
static void
type_columns(struct wh_compiler *compiler)
{
    for (size_t i = 0; i < compiler->ruleset->column_count; i++) {
        struct wh_column *column = &compiler->columns[i];
        if (column->kind == WH_COLUMN_LEAD) {
            type_column(column, &compiler->lead);
        } else if (column->kind == WH_COLUMN_COMPANY) {
            type_column(column, &compiler->company);
        } else if (column->kind == WH_COLUMN_CONSENT) {
            column->type = WH_TYPE_BOOL;
        }
    }
}

void
wh_reader_data(struct wh_compiler *compiler)
{
    const struct wh_tree *tree = wh_tree_find(compiler->root, "data");
    if (tree != NULL && wh_keys_check(compiler, tree, &data_section)) {
        read_touches(compiler, wh_tree_find(tree, "touches"));
        read_names(compiler, wh_tree_find(tree, "lead"), "lead", &compiler->lead);
        read_names(compiler, wh_tree_find(tree, "company"), "company", &compiler->company);
        read_names(compiler, wh_tree_find(tree, "props"), "props", &compiler->props);
    }
    type_columns(compiler);
}
