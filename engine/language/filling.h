/* A text with {EXPR} in it, parsed: rules-reference.md 1. Arena memory, like all syntax. */
#ifndef WH_LANGUAGE_FILLING_H
#define WH_LANGUAGE_FILLING_H

#include "engine/language/syntax.h"

struct wh_expr_template_part {
    struct wh_str text;   /* expr NULL */
    struct wh_expr *expr; /* or this */
};

/* The parts in order. */
struct wh_expr_template {
    size_t count;
    struct wh_expr_template_part *parts;
};

#endif
