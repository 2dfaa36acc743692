/* What reads what: cycles, the order of evaluation, and scores that never stand still. */
#ifndef WH_LANGUAGE_ORDER_H
#define WH_LANGUAGE_ORDER_H

#include "engine/language/compiler.h"

/* Adds message 38 for each cycle; else fills the ruleset's order. */
void wh_order_assign(struct wh_compiler *compiler);

/* The name of what an owner stands for: its id, "stage", "grade", … */
struct wh_str wh_order_name(const struct wh_compiler *compiler, struct wh_owner owner);

/* Marks scores that read a half-life, themselves or through others. */
void wh_order_mark_moving(struct wh_compiler *compiler);

#endif
