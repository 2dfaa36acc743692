/* Tables and lists, written in the model or read from files. */
#include <stdlib.h>

#include "engine/base/decimal.h"
#include "engine/language/datafile.h"
#include "engine/language/keys.h"
#include "engine/language/reader.h"
#include "engine/language/scope.h"

static const struct wh_section_key list_keys[] = {{"file", WH_GIVEN_ALWAYS},
                                                  {"column", WH_GIVEN_ALWAYS}};
static const struct wh_section list_section = WH_SECTION("a list", list_keys);
static const struct wh_section_key table_keys[] = {
    {"file", WH_GIVEN_ALWAYS}, {"key", WH_GIVEN_ALWAYS}, {"value", WH_GIVEN_ALWAYS}};
static const struct wh_section table_section = WH_SECTION("a table", table_keys);

/* Rows as they come, before it is known whether the keys are numbers. */
struct rows {
    struct wh_compiler *compiler;
    struct wh_str *keys;
    struct wh_value *values;
    size_t count;
};

static void
add_row(struct rows *rows, struct wh_str key, struct wh_value value)
{
    rows->keys = wh_compiler_room(rows->compiler, rows->keys, rows->count, sizeof(struct wh_str));
    rows->values =
        wh_compiler_room(rows->compiler, rows->values, rows->count, sizeof(struct wh_value));
    rows->keys[rows->count] = key;
    rows->values[rows->count] = value;
    rows->count++;
}

/* Number, else duration, else text. */
static struct wh_value
value_of(struct wh_str text, bool is_quoted)
{
    int64_t number = 0;
    if (!is_quoted && wh_decimal_parse(text, &number) == WH_OK) {
        return wh_value_of(WH_TYPE_NUMBER, number);
    }
    if (!is_quoted && wh_duration_parse(text, &number) == WH_OK) {
        return wh_value_of(WH_TYPE_DURATION, number);
    }
    return wh_value_string(text);
}

static bool
check_row_type(struct wh_compiler *compiler, struct wh_lookup *table, enum wh_type type,
               const struct wh_location *location)
{
    if (table->type == WH_TYPE_UNKNOWN) {
        table->type = type;
    }
    if (table->type == type) {
        return true;
    }
    wh_problem_error(compiler->problems, location,
                     "the rows of a table are of one type, found a %s after a %s",
                     wh_type_str(type), wh_type_str(table->type));
    return false;
}

static void
read_rows(struct wh_compiler *compiler, const struct wh_tree *tree, struct wh_lookup *table,
          struct rows *rows)
{
    for (size_t i = 0; i < tree->count; i++) {
        const struct wh_tree_entry *entry = &tree->entries[i];
        struct wh_str text;
        int64_t number = 0;
        if (!wh_scalar_text(compiler->problems, entry->value, &text)) {
            continue;
        }
        bool is_quoted = entry->value->style != WH_TREE_PLAIN;
        if (!is_quoted && wh_decimal_parse(text, &number) == WH_ERR_LIMIT) {
            (void)wh_scalar_number(compiler->problems, entry->value, &number);
            continue;
        }
        struct wh_value value = value_of(text, is_quoted);
        if (!check_row_type(compiler, table, value.type, &entry->value->location)) {
            continue;
        }
        if (wh_str_is(entry->key, "default")) {
            table->fallback = value;
        } else {
            add_row(rows, entry->key, value);
        }
    }
}

static void
read_table_file(struct wh_compiler *compiler, const struct wh_tree *tree, struct wh_lookup *table,
                struct rows *rows)
{
    const struct wh_tree *file = wh_tree_find(tree, "file");
    size_t key = 0;
    size_t value = 0;
    struct wh_csv *csv = WH_ARENA_NEW(compiler->arena, struct wh_csv);
    if (!wh_datafile_open(compiler, file, csv) ||
        !wh_datafile_column(compiler, file, wh_tree_find(tree, "key"), csv, &key) ||
        !wh_datafile_column(compiler, file, wh_tree_find(tree, "value"), csv, &value)) {
        return;
    }
    while (wh_csv_next(csv)) {
        if (key >= csv->count || value >= csv->count) {
            continue;
        }
        struct wh_value row = value_of(csv->fields[value], false);
        if (!check_row_type(compiler, table, row.type, &file->location)) {
            return;
        }
        if (wh_str_is(csv->fields[key], "default")) {
            table->fallback = row;
        } else {
            add_row(rows, csv->fields[key], row);
        }
        if (rows->count > WH_CSV_ROWS_MAX) {
            wh_keys_bound(compiler, &file->location, rows->count, WH_CSV_ROWS_MAX, "rows",
                          "a file");
            return;
        }
    }
}

static bool
parse_key(struct wh_str key, int64_t *ret_thousandths)
{
    return wh_decimal_parse(key, ret_thousandths) == WH_OK;
}

static bool
all_numeric(const struct rows *rows)
{
    int64_t number = 0;
    for (size_t i = 0; i < rows->count; i++) {
        if (!parse_key(rows->keys[i], &number)) {
            return false;
        }
    }
    return rows->count > 0;
}

/* A row with the place it had, so that of equal keys the later one comes later. */
struct row {
    int64_t key;
    size_t at;
};

static int
compare_rows(const void *a, const void *b)
{
    const struct row *left = a;
    const struct row *right = b;
    if (left->key != right->key) {
        return left->key < right->key ? -1 : 1;
    }
    return left->at < right->at ? -1 : 1;
}

/* Keys rise, so that a row is found by halving; of equal keys the last one counts. */
static void
make_numeric(struct wh_compiler *compiler, const struct rows *rows, struct wh_lookup *table)
{
    struct row *sorted = WH_ARENA_ARRAY(compiler->arena, struct row, rows->count);
    int64_t *keys = WH_ARENA_ARRAY(compiler->arena, int64_t, rows->count);
    struct wh_value *values = WH_ARENA_ARRAY(compiler->arena, struct wh_value, rows->count);
    for (size_t i = 0; i < rows->count; i++) {
        sorted[i].at = i;
        (void)parse_key(rows->keys[i], &sorted[i].key);
    }
    qsort(sorted, rows->count, sizeof(*sorted), compare_rows);
    for (size_t i = 0; i < rows->count; i++) {
        keys[i] = sorted[i].key;
        values[i] = rows->values[sorted[i].at];
    }
    table->numeric = true;
    table->count = rows->count;
    table->keys = keys;
    table->values = values;
}

static void
make_textual(const struct rows *rows, struct wh_lookup *table)
{
    for (size_t i = 0; i < rows->count; i++) {
        wh_table_put(&table->by_text, rows->keys[i], (int64_t)i);
    }
    table->count = rows->count;
    table->values = rows->values;
}

static void
read_table(struct wh_compiler *compiler, const struct wh_tree *tree, struct wh_lookup *table)
{
    struct rows rows = {.compiler = compiler};
    wh_table_init(&table->by_text, compiler->arena);
    if (tree->kind != WH_TREE_MAPPING) {
        wh_problem_error(compiler->problems, &tree->location,
                         "expected the rows of a table, found %s", wh_tree_kind_str(tree));
        return;
    }
    if (wh_tree_find(tree, "file") != NULL && wh_tree_find(tree, "key") != NULL) {
        if (wh_keys_check(compiler, tree, &table_section) && wh_tree_find(tree, "value") != NULL) {
            read_table_file(compiler, tree, table, &rows);
        }
    } else {
        read_rows(compiler, tree, table, &rows);
    }
    if (all_numeric(&rows)) {
        make_numeric(compiler, &rows, table);
    } else {
        make_textual(&rows, table);
    }
}

static void
read_tables(struct wh_compiler *compiler)
{
    const struct wh_tree_entry *entries;
    size_t count = wh_keys_entries(compiler, wh_tree_find(compiler->root, "tables"), &entries);
    compiler->tables = WH_ARENA_ARRAY(compiler->arena, struct wh_lookup, count);
    for (size_t i = 0; i < count; i++) {
        struct wh_lookup *table = &compiler->tables[i];
        if (wh_scalar_key_name(compiler->problems, &entries[i], &table->id)) {
            wh_scope_define(compiler, WH_NAME_TABLE, (int32_t)i, table->id,
                            &entries[i].key_location);
        }
        read_table(compiler, entries[i].value, table);
    }
    compiler->ruleset->tables = compiler->tables;
    compiler->ruleset->table_count = count;
}

static void
add_item(struct wh_compiler *compiler, struct wh_text_list *list, struct wh_value **values,
         struct wh_str text)
{
    int64_t former = 0;
    if (wh_table_find(&list->by_text, text, &former)) {
        return;
    }
    *values = wh_compiler_room(compiler, *values, list->count, sizeof(struct wh_value));
    (*values)[list->count] = wh_value_string(text);
    wh_table_put(&list->by_text, text, (int64_t)list->count);
    list->count++;
}

static void
read_list_file(struct wh_compiler *compiler, const struct wh_tree *tree, struct wh_text_list *list,
               struct wh_value **values)
{
    const struct wh_tree *file = wh_tree_find(tree, "file");
    const struct wh_tree *name = wh_tree_find(tree, "column");
    size_t column = 0;
    struct wh_csv *csv = WH_ARENA_NEW(compiler->arena, struct wh_csv);
    if (file == NULL || name == NULL || !wh_datafile_open(compiler, file, csv) ||
        !wh_datafile_column(compiler, file, name, csv, &column)) {
        return;
    }
    while (wh_csv_next(csv)) {
        if (column < csv->count && csv->fields[column].len > 0) {
            add_item(compiler, list, values, csv->fields[column]);
        }
        if (list->count > WH_CSV_ROWS_MAX) {
            wh_keys_bound(compiler, &file->location, list->count, WH_CSV_ROWS_MAX, "rows",
                          "a file");
            return;
        }
    }
}

static void
read_list(struct wh_compiler *compiler, const struct wh_tree *tree, struct wh_text_list *list)
{
    struct wh_value *values = NULL;
    list->type = WH_TYPE_STRING;
    wh_table_init(&list->by_text, compiler->arena);
    if (tree->kind == WH_TREE_MAPPING) {
        if (wh_keys_check(compiler, tree, &list_section)) {
            read_list_file(compiler, tree, list, &values);
        }
        list->values = values;
        return;
    }
    struct wh_tree *const *items;
    size_t count = wh_keys_items(compiler, tree, &items);
    for (size_t i = 0; i < count; i++) {
        struct wh_str text;
        if (wh_scalar_text(compiler->problems, items[i], &text)) {
            add_item(compiler, list, &values, text);
        }
    }
    list->values = values;
}

static void
read_lists(struct wh_compiler *compiler)
{
    const struct wh_tree_entry *entries;
    size_t count = wh_keys_entries(compiler, wh_tree_find(compiler->root, "lists"), &entries);
    for (size_t i = 0; i < count; i++) {
        compiler->lists =
            wh_compiler_room(compiler, compiler->lists, i, sizeof(struct wh_text_list));
        struct wh_text_list *list = &compiler->lists[i];
        if (wh_scalar_key_name(compiler->problems, &entries[i], &list->id)) {
            wh_scope_define(compiler, WH_NAME_LIST, (int32_t)i, list->id, &entries[i].key_location);
        }
        read_list(compiler, entries[i].value, list);
        compiler->ruleset->list_count++;
    }
    compiler->named_list_count = count;
}

void
wh_reader_lookups(struct wh_compiler *compiler)
{
    read_tables(compiler);
    read_lists(compiler);
}
