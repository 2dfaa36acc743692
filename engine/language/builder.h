/* The inside of the checker, shared by the build_*.c files: one builder makes one program. */
#ifndef WH_LANGUAGE_BUILDER_H
#define WH_LANGUAGE_BUILDER_H

#include "engine/language/compiler.h"

/* What an expression compiled to; node -1 after a problem was added. */
struct wh_operand {
    int16_t node;
    struct wh_static type;
};

struct wh_builder {
    struct wh_compiler *compiler;
    const struct wh_where *where;
    const struct wh_tree *tree; /* the scalar; NULL: fallback is shown */
    const struct wh_location *fallback;
    struct wh_node *nodes;
    struct wh_span *spans;
    size_t count;

    bool is_inner;      /* inside an aggregate: `it` is known */
    bool is_people;     /* … of people: `it` is not, but what they report */
    int32_t it_changed; /* as where->changed_label, of `it` */
    bool uses_touch;    /* reads `touch` */
    bool uses_step;     /* reads a step of the sequence */
    bool uses_other;    /* reads anything beside it and constants, first at … */
    struct wh_span other;
};

extern const struct wh_operand wh_operand_failed;

struct wh_location wh_builder_place(const struct wh_builder *builder, struct wh_span span);

/* Adds a node; operands are -1 where there are none. */
struct wh_operand wh_builder_add(struct wh_builder *builder, struct wh_node node,
                                 struct wh_static type, struct wh_span span);
struct wh_operand wh_builder_constant(struct wh_builder *builder, struct wh_value value,
                                      struct wh_static type, struct wh_span span);
/* A node that reads arg and has no operands. */
struct wh_operand wh_builder_read(struct wh_builder *builder, enum wh_op op, int64_t arg,
                                  struct wh_static type, struct wh_span span);

static inline bool
wh_operand_is_ok(struct wh_operand operand)
{
    return operand.node >= 0;
}

static inline struct wh_static
wh_static_of(enum wh_type type)
{
    return (struct wh_static){.type = type, .label = -1};
}

struct wh_operand wh_builder_expr(struct wh_builder *builder, struct wh_expr *expr);
/* The same where a bool is needed (message 26). */
struct wh_operand wh_builder_bool(struct wh_builder *builder, struct wh_expr *expr);
/* An expression next to one whose type is known: a string literal becomes a label there, and is
 * looked for in the values that the other side can have. */
struct wh_operand wh_builder_beside(struct wh_builder *builder, struct wh_expr *expr,
                                    const struct wh_static *beside);

/* build_binary.c */
struct wh_operand wh_builder_binary(struct wh_builder *builder, struct wh_expr *expr);
/* build_name.c */
struct wh_operand wh_builder_name(struct wh_builder *builder, struct wh_expr *expr);
struct wh_operand wh_builder_field(struct wh_builder *builder, struct wh_expr *expr);
/* build_step.c. The step of that name; -1: there is none. */
int32_t wh_builder_find_step(const struct wh_builder *builder, struct wh_str name);
/* Whether it is known here; else message 37. */
bool wh_builder_knows_step(struct wh_builder *builder, int32_t step, struct wh_span span);
void wh_builder_offer_steps(const struct wh_builder *builder, struct wh_nearest *nearest);
/* build_call.c */
struct wh_operand wh_builder_call(struct wh_builder *builder, struct wh_expr *expr);
struct wh_operand wh_builder_method(struct wh_builder *builder, struct wh_expr *expr);
/* build_aggregate.c */
struct wh_operand wh_builder_aggregate(struct wh_builder *builder, struct wh_expr *expr);
/* At most so many µs in a calendar period. */
int64_t wh_builder_period_max(enum wh_period period);

/* Whether touches are kept for so long; adds message 39 when not. */
bool wh_builder_check_reach(struct wh_compiler *compiler, const struct wh_location *location,
                            int64_t us);
/* The program of a builder whose root is known; kept as the compiler's last formula. */
struct wh_program wh_builder_finish(struct wh_builder *builder, struct wh_expr *expr,
                                    struct wh_operand root);
/* build_person.c: a bare name, and a value that has been found, inside "people". */
struct wh_operand wh_builder_person_name(struct wh_builder *builder, const struct wh_expr *expr,
                                         struct wh_definition *definition);
struct wh_operand wh_builder_person_value(struct wh_builder *builder, const struct wh_told *value,
                                          struct wh_static type, struct wh_span span);
/* build_name.c: the name is of the other side; tells so. */
struct wh_operand wh_builder_refuse_other(struct wh_builder *builder, struct wh_span span,
                                          struct wh_str name);
/* build_field.c: the fact of a lead that is called so (enum wh_lead_fact). */
bool wh_builder_find_fact(struct wh_str name, int32_t *ret_fact);
/* build_list.c */
struct wh_operand wh_builder_in(struct wh_builder *builder, struct wh_expr *expr);

/* build_literal.c: a literal, or the name of a constant: then *ret_value is set. */
bool wh_builder_literal(struct wh_builder *builder, const struct wh_expr *expr,
                        struct wh_value *ret_value);
/* The ordinal of a literal in a set; false after adding a problem at the span. */
bool wh_builder_ordinal(struct wh_builder *builder, const struct wh_static *set, struct wh_str text,
                        struct wh_span span, int64_t *ret_ordinal);
/* The label that a type of WH_SET_LABEL or WH_SET_PERSON_LABEL is about. */
const struct wh_label *wh_builder_label(const struct wh_compiler *compiler,
                                        const struct wh_static *set);
/* Tells a literal that a value with these types cannot have: messages 22, 23. */
void wh_builder_check_literal(struct wh_builder *builder, const struct wh_static *beside,
                              struct wh_str text, struct wh_span span);

/* build_select.c. keep: µs that an aggregate looks back; 0: a selector of `on`. */
bool wh_builder_select(struct wh_builder *builder, const struct wh_expr_selector *selector,
                       int64_t keep, struct wh_selector *ret_selector);
/* The label whose changes a selector takes: -1 none, WH_CHANGED_SEVERAL. */
int32_t wh_builder_changed(const struct wh_builder *builder, const struct wh_selector *selector);
/* Tells a type that is not known: message 22. */
void wh_builder_check_type(struct wh_builder *builder, struct wh_span span, struct wh_str name);

/* "owner reads what", for the order and cycles. */
void wh_builder_edge(struct wh_builder *builder, enum wh_owner_kind kind, int32_t index,
                     struct wh_span span);

/* "a number", "a label", … */
const char *wh_static_str(const struct wh_static *type);

#endif
