/* Strings that can hardly be what was meant. */
#include "engine/language/lint.h"

static bool
is_lower(struct wh_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] >= 'A' && text.ptr[i] <= 'Z') {
            return false;
        }
    }
    return true;
}

static bool
has_upper(const struct wh_text_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        if (!is_lower(list->values[i].text)) {
            return true;
        }
    }
    return false;
}

/* uppers: whether a named list has upper-case entries. */
static void
check_case(const struct wh_compiler *compiler, const bool *uppers, const struct wh_formula *formula,
           int index)
{
    const struct wh_node *node = &formula->program.nodes[index];
    if (node->op != WH_OP_IN_LIST || (size_t)node->arg >= compiler->named_list_count) {
        return;
    }
    const struct wh_node *subject = &formula->program.nodes[node->first];
    bool is_lowered = subject->op == WH_OP_LEAD &&
                      (subject->arg == WH_LEAD_COMPANY || subject->arg == WH_LEAD_EMAIL);
    const struct wh_text_list *list = &compiler->lists[node->arg];
    if (!is_lowered || !uppers[node->arg]) {
        return;
    }
    struct wh_location location = wh_lint_place(formula, index);
    struct wh_str text = wh_lint_text_of(formula, node->first);
    wh_problem_warning(compiler->problems, &location,
                       "\"%.*s\" has upper-case entries, but %.*s is always lower case",
                       WH_STR_ARG(list->id), WH_STR_ARG(text));
}

/* What stands behind the last dot. */
static struct wh_str
last_word(struct wh_str text)
{
    size_t from = text.len;
    while (from > 0 && text.ptr[from - 1] != '.') {
        from--;
    }
    return wh_str_slice(text, from, text.len);
}

static bool
is_data(const struct wh_node *node)
{
    return node->op == WH_OP_ATTRIBUTE || node->op == WH_OP_LEAD || node->op == WH_OP_TOUCH_FIELD ||
           node->op == WH_OP_IT_FIELD;
}

static bool
is_empty(const struct wh_node *node)
{
    return node->op == WH_OP_CONST && node->type == WH_TYPE_STRING && node->text.len == 0;
}

static void
check_empty(const struct wh_compiler *compiler, const struct wh_formula *formula, int index)
{
    const struct wh_node *node = &formula->program.nodes[index];
    if (node->op != WH_OP_NE || !is_empty(&formula->program.nodes[node->second]) ||
        !is_data(&formula->program.nodes[node->first])) {
        return;
    }
    struct wh_location location = wh_lint_place(formula, index);
    struct wh_str whole = wh_lint_text_of(formula, index);
    struct wh_str name = wh_lint_text_of(formula, node->first);
    struct wh_str word = last_word(name);
    bool is_vowel = word.len > 0 && strchr("aeiou", word.ptr[0]) != NULL;
    wh_problem_warning(compiler->problems, &location,
                       "%.*s is unknown, not false, without %s %.*s; has(%.*s) may be meant",
                       WH_STR_ARG(whole), is_vowel ? "an" : "a", WH_STR_ARG(word),
                       WH_STR_ARG(name));
}

void
wh_lint_text(struct wh_compiler *compiler)
{
    bool *uppers = WH_ARENA_ARRAY(compiler->arena, bool, compiler->named_list_count);
    for (size_t i = 0; i < compiler->named_list_count; i++) {
        uppers[i] = has_upper(&compiler->lists[i]);
    }
    for (size_t i = 0; i < compiler->formula_count; i++) {
        const struct wh_formula *formula = &compiler->formulas[i];
        for (int node = 0; node < formula->program.count; node++) {
            check_case(compiler, uppers, formula, node);
            check_empty(compiler, formula, node);
        }
    }
}
