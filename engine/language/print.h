/* Syntax trees back to text: the shortest brackets, one space around operators. What is printed
 * parses back to an equal tree. */
#ifndef WH_LANGUAGE_PRINT_H
#define WH_LANGUAGE_PRINT_H

#include <stdbool.h>

#include "engine/base/buf.h"
#include "engine/language/syntax.h"

void wh_print_expr(struct wh_buf *buf, const struct wh_expr *expr);
void wh_print_selector(struct wh_buf *buf, const struct wh_expr_selector *selector);
void wh_print_window(struct wh_buf *buf, const struct wh_expr_window *window);

/* In double quotes with the escapes of the grammar. */
void wh_print_string(struct wh_buf *buf, struct wh_str text);

/* "==", "&&", "in", … and "count", "list", … */
const char *wh_expr_op_str(enum wh_expr_op op);
const char *wh_expr_aggregate_str(enum wh_expr_aggregate_kind kind);

/* Equal but for places. */
bool wh_expr_equal(const struct wh_expr *a, const struct wh_expr *b);

/* Calls visit for expr and all below it, parents first; stops where visit returns false: then the
 * children of that node are left out. */
void wh_expr_walk(struct wh_expr *expr, bool (*visit)(struct wh_expr *expr, void *context),
                  void *context);

#endif
