/* Named constants, and what a model test puts in their place. */
#include "engine/base/decimal.h"
#include "engine/language/keys.h"
#include "engine/language/reader.h"
#include "engine/language/scope.h"

/* Number, else duration, else text; what is in quotes is text. */
static bool
read_value(struct wh_compiler *compiler, const struct wh_tree *tree, struct wh_value *ret_value)
{
    int64_t number = 0;
    struct wh_str text;
    if (!wh_scalar_text(compiler->problems, tree, &text)) {
        return false;
    }
    *ret_value = wh_value_string(text);
    if (tree->style != WH_TREE_PLAIN) {
        return true;
    }
    enum wh_err err = wh_decimal_parse(text, &number);
    if (err == WH_ERR_LIMIT) {
        *ret_value = WH_UNKNOWN;
        return wh_scalar_number(compiler->problems, tree, &number);
    }
    if (err == WH_OK) {
        *ret_value = wh_value_of(WH_TYPE_NUMBER, number);
    } else if (wh_duration_parse(text, &number) == WH_OK) {
        *ret_value = wh_value_of(WH_TYPE_DURATION, number);
    }
    return true;
}

static void
push_fingerprint(struct wh_compiler *compiler, struct wh_str name, const struct wh_value *value)
{
    wh_buf_printf(&compiler->fingerprint, "constant %.*s %s %lld %zu ", WH_STR_ARG(name),
                  wh_type_str(value->type), (long long)value->number, value->text.len);
    wh_buf_push(&compiler->fingerprint, value->text);
    wh_buf_push_char(&compiler->fingerprint, '\n');
}

static void
override(struct wh_compiler *compiler, const struct wh_tree_entry *entry)
{
    struct wh_definition *definition = wh_scope_find_kind(compiler, WH_NAME_CONSTANT, entry->key);
    struct wh_value value;
    if (definition == NULL) {
        struct wh_nearest nearest = wh_nearest_to(entry->key);
        for (size_t i = 0; i < compiler->scope.count; i++) {
            wh_nearest_offer(&nearest, compiler->scope.items[i].name,
                             (int)compiler->scope.items[i].kind);
        }
        wh_scope_unknown(compiler, &entry->key_location, "constant", &nearest);
        return;
    }
    if (!read_value(compiler, entry->value, &value)) {
        return;
    }
    struct wh_value *constant = &compiler->constants[definition->index];
    if (value.type != constant->type) {
        wh_problem_error(compiler->problems, &entry->value->location,
                         "the constant \"%.*s\" of the model is a %s, this is a %s",
                         WH_STR_ARG(entry->key), wh_type_str(constant->type),
                         wh_type_str(value.type));
        return;
    }
    *constant = value;
    push_fingerprint(compiler, entry->key, &value);
}

void
wh_reader_constants(struct wh_compiler *compiler)
{
    const struct wh_tree_entry *entries;
    size_t count = wh_keys_entries(compiler, wh_tree_find(compiler->root, "constants"), &entries);
    compiler->constants = WH_ARENA_ARRAY(compiler->arena, struct wh_value, count);
    for (size_t i = 0; i < count; i++) {
        struct wh_str name;
        if (!wh_scalar_key_name(compiler->problems, &entries[i], &name)) {
            continue;
        }
        (void)read_value(compiler, entries[i].value, &compiler->constants[i]);
        wh_scope_define(compiler, WH_NAME_CONSTANT, (int32_t)i, name, &entries[i].key_location);
    }
    count = wh_keys_entries(compiler, compiler->overrides, &entries);
    for (size_t i = 0; i < count; i++) {
        override(compiler, &entries[i]);
    }
}
