/* From text to syntax trees. One problem for each scalar at most: the first thing that does not
 * fit, at its exact place (wh_tree_locate). */
#ifndef WH_LANGUAGE_PARSER_H
#define WH_LANGUAGE_PARSER_H

#include "engine/base/arena.h"
#include "engine/language/filling.h"
#include "engine/language/problem.h"
#include "engine/language/syntax.h"
#include "engine/language/tree.h"

/* rules-reference.md 6 */
#define WH_EXPR_BYTES_MAX      4096
#define WH_EXPR_DEPTH_MAX      32  /* brackets, arguments and signs inside each other */
#define WH_EXPR_OPERATIONS_MAX 256 /* operators, calls and aggregates */
#define WH_EXPR_LIST_MAX       64  /* values of a list literal */

/* NULL after adding one problem; also when tree is no scalar. The result lives in the arena and
 * borrows from the tree's text. */
struct wh_expr *wh_parse_expr(struct wh_arena *arena, struct wh_problems *problems,
                              const struct wh_tree *tree);

struct wh_expr_selector *wh_parse_selector(struct wh_arena *arena, struct wh_problems *problems,
                                           const struct wh_tree *tree);

/* Text with {EXPR} in it. A text without braces has one part; an empty one none. */
struct wh_expr_template *wh_parse_template(struct wh_arena *arena, struct wh_problems *problems,
                                           const struct wh_tree *tree);

/* An expression that stands in a place of its own, such as a key of a model test: text is what to
 * read, location is what is shown when it does not fit. */
struct wh_expr *wh_parse_expr_text(struct wh_arena *arena, struct wh_problems *problems,
                                   struct wh_str text, const struct wh_location *location);

#endif
