/* What the operators of expressions make of the values of their operands. Apart from eval.h,
 * because intervals (range.h) ask the same operators about the ends of what is possible. */
#ifndef WH_RULES_OPERATORS_H
#define WH_RULES_OPERATORS_H

#include <assert.h>

#include "engine/rules/eval.h"

/* The value of a node that has operands, from their values; b is ignored by nodes with one. AND and
 * OR are Kleene's. Faults are counted in the view. */
struct wh_value wh_operators_apply(struct wh_view *view, const struct wh_program *program,
                                   uint16_t index, struct wh_value a, struct wh_value b);

/* Number of operands of a node. */
static inline int
wh_operators_count(enum wh_op op)
{
    static const uint8_t counts[WH_OP_COUNT] = {
#define OP(name, operands, what) [WH_OP_##name] = (operands),
#include "engine/rules/opcodes.def"
#undef OP
    };
    assert(op < WH_OP_COUNT);
    return counts[op];
}

/* ADD SUB MUL DIV NEG ABS LEAST GREATEST on known values. */
struct wh_value wh_number_apply(struct wh_view *view, enum wh_op op, struct wh_value a,
                                struct wh_value b);

/* EQ NE LT LE GT GE on known values. */
struct wh_value wh_compare_apply(struct wh_view *view, enum wh_op op, struct wh_value a,
                                 struct wh_value b);

/* STARTS_WITH ENDS_WITH CONTAINS GLOB MATCHES LOWER SIZE on known values. */
struct wh_value wh_text_apply(struct wh_view *view, const struct wh_node *node, struct wh_value a,
                              struct wh_value b);

/* The two strings joined, in scratch. */
struct wh_value wh_text_join(struct wh_view *view, struct wh_str a, struct wh_str b);

/* The row of a value, known or not; labels are looked up by the name they have as `key_text`. */
struct wh_value wh_lookup_row(struct wh_view *view, const struct wh_lookup *table,
                              struct wh_value key, struct wh_str key_text);

/* Index of the row with the largest numeric key <= x, -1: none. */
int64_t wh_lookup_index(const struct wh_lookup *table, int64_t x);

struct wh_value wh_lookup_in_list(struct wh_view *view, const struct wh_text_list *list,
                                  struct wh_value value);
struct wh_value wh_lookup_in(struct wh_view *view, struct wh_value value, struct wh_value list);

/* The name of a label that the node computed, empty when it has none. */
struct wh_str wh_template_label(struct wh_view *view, const struct wh_program *program,
                                uint16_t index, int64_t ordinal);

/* Counts what rules.md 13 says is unknown and counted. */
static inline struct wh_value
wh_operators_fault(struct wh_view *view)
{
    view->faults++;
    return WH_UNKNOWN;
}

#endif
