/* What is odd about a model that compiles: warnings, and the errors that need the whole of it. */
#ifndef WH_LANGUAGE_LINT_H
#define WH_LANGUAGE_LINT_H

#include "engine/language/bounds.h"
#include "engine/language/compiler.h"

void wh_lint(struct wh_compiler *compiler);

/* One look at the model each. */
void wh_lint_disarm(struct wh_compiler *compiler); /* 42, errors */
void wh_lint_compare(struct wh_compiler *compiler,
                     const struct wh_bounds_table *bounds); /* 48 … 51, 55 */
void wh_lint_text(struct wh_compiler *compiler);            /* 61, 62 */
void wh_lint_rules(struct wh_compiler *compiler, const struct wh_bounds_table *bounds);
void wh_lint_places(struct wh_compiler *compiler); /* 53 */
void wh_lint_reads(struct wh_compiler *compiler);  /* 56 */
void wh_lint_cost(struct wh_compiler *compiler);   /* 59, 60 */

/* Where a rule stands in the file. */
/* The item of a section by its number on the compiler's side. */
const struct wh_tree *wh_lint_item(const struct wh_compiler *compiler, const char *section,
                                   int32_t index);
const struct wh_tree *wh_lint_rule_tree(const struct wh_compiler *compiler, int32_t rule);

/* The place of a node, and its text as written. */
struct wh_location wh_lint_place(const struct wh_formula *formula, int node);
struct wh_str wh_lint_text_of(const struct wh_formula *formula, int node);

/* A number as text: 23.184. */
struct wh_str wh_lint_number(const struct wh_compiler *compiler, int64_t thousandths);

/* True when whatever fulfils b fulfils a too; false when that is not certain. */
bool wh_lint_implies(const struct wh_expr *b, const struct wh_expr *a);

#endif
