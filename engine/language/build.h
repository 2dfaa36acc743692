/* Checks a syntax tree and compiles it into a program. Entry points for readers. */
#ifndef WH_LANGUAGE_BUILD_H
#define WH_LANGUAGE_BUILD_H

#include "engine/language/compiler.h"

enum wh_expect { WH_EXPECT_ANY, WH_EXPECT_BOOL, WH_EXPECT_NUMBER };

/* The expression of a scalar as a program; of count 0 after adding problems, and when tree is NULL
 * (the key was not given). What was compiled is kept as the compiler's last formula. */
struct wh_program wh_build(struct wh_compiler *compiler, const struct wh_where *where,
                           const struct wh_tree *tree, enum wh_expect expect);

/* The same for a syntax tree that is there already; ret_type may be NULL. */
struct wh_program wh_build_expr(struct wh_compiler *compiler, const struct wh_where *where,
                                const struct wh_tree *tree, struct wh_expr *expr,
                                enum wh_expect expect);

/* The formula that a program was compiled from; NULL for none. */
const struct wh_formula *wh_build_formula(const struct wh_compiler *compiler,
                                          const struct wh_program *program);

/* Operands of the top-level && of an expression. */
const struct wh_program_part *wh_build_parts(struct wh_compiler *compiler,
                                             const struct wh_program *program, size_t *ret_count);

/* Operands of the top-level + and - of an expression, with their signs. */
const struct wh_program_part *wh_build_terms(struct wh_compiler *compiler,
                                             const struct wh_program *program,
                                             const int8_t **ret_signs, size_t *ret_count);

/* A text with {EXPR} in it; empty when tree is NULL or has problems. */
void wh_build_template(struct wh_compiler *compiler, const struct wh_where *where,
                       const struct wh_tree *tree, struct wh_template *ret_template);

/* A selector of `on`. False after adding problems. ret_changed: the label whose changes it takes,
 * -1 none, WH_CHANGED_SEVERAL. */
bool wh_build_on(struct wh_compiler *compiler, const struct wh_where *where,
                 const struct wh_tree *tree, struct wh_selector *ret_selector,
                 int32_t *ret_changed);

/* An expression without a scalar of its own (model tests). */
enum wh_err wh_build_text(struct wh_compiler *compiler, struct wh_str text,
                          const struct wh_location *location, struct wh_program *ret_program);

#endif
