#include "engine/language/lint.h"

#include "engine/base/decimal.h"
#include "engine/language/keys.h"

void
wh_lint(struct wh_compiler *compiler)
{
    size_t errors = compiler->problems->error_count;
    struct wh_bounds_table bounds;
    wh_lint_disarm(compiler);
    if (compiler->problems->error_count > errors) {
        return;
    }
    wh_bounds_init(&bounds, compiler);
    wh_lint_compare(compiler, &bounds);
    wh_lint_text(compiler);
    wh_lint_rules(compiler, &bounds);
    wh_lint_cost(compiler);
    /* Told once, of what both sides have in common. */
    if (!compiler->is_company) {
        wh_lint_places(compiler);
        wh_lint_reads(compiler);
    }
}

const struct wh_tree *
wh_lint_item(const struct wh_compiler *compiler, const char *section, int32_t index)
{
    const struct wh_tree *list = wh_tree_find(compiler->root, section);
    for (size_t i = 0; i < list->count; i++) {
        bool is_mine = wh_keys_is_company(list->items[i]) == compiler->is_company;
        if (is_mine && index-- == 0) {
            return list->items[i];
        }
    }
    return NULL;
}

const struct wh_tree *
wh_lint_rule_tree(const struct wh_compiler *compiler, int32_t rule)
{
    const struct wh_ruleset *ruleset = compiler->ruleset;
    int32_t score = ruleset->rules[rule].score;
    const struct wh_tree *rules = wh_tree_find(wh_lint_item(compiler, "scores", score), "rules");
    return rules->items[rule - ruleset->scores[score].first_rule];
}

struct wh_location
wh_lint_place(const struct wh_formula *formula, int node)
{
    const struct wh_span *span = &formula->spans[node];
    return wh_tree_locate(formula->tree, span->from, span->to);
}

struct wh_str
wh_lint_text_of(const struct wh_formula *formula, int node)
{
    const struct wh_span *span = &formula->spans[node];
    return wh_str_slice(formula->tree->text, span->from, span->to);
}

struct wh_str
wh_lint_number(const struct wh_compiler *compiler, int64_t thousandths)
{
    struct wh_buf text;
    wh_buf_init(&text, compiler->problems->arena);
    wh_decimal_format(&text, thousandths);
    return wh_buf_str(&text);
}
