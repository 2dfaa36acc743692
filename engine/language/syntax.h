/* Syntax trees of expressions and selectors: rules-reference.md 3.1. Plain structs in an arena,
 * with the place of everything inside the scalar that it was read from. Names are not resolved
 * and types are not known here. */
#ifndef WH_LANGUAGE_SYNTAX_H
#define WH_LANGUAGE_SYNTAX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/str.h"
#include "engine/base/zone.h"

/* Bytes [from, to) of the scalar's value; wh_tree_locate makes a place of it. */
struct wh_span {
    size_t from;
    size_t to;
};

enum wh_expr_kind {
    WH_EXPR_NUMBER,    /* number: thousandths, never negative (see WH_EXPR_NEGATE) */
    WH_EXPR_DURATION,  /* number: µs, never negative */
    WH_EXPR_STRING,    /* text */
    WH_EXPR_BOOL,      /* number: 0 or 1 */
    WH_EXPR_LIST,      /* args */
    WH_EXPR_NAME,      /* text: any word that may stand alone, such as touch, grade, hot */
    WH_EXPR_FIELD,     /* left "." text */
    WH_EXPR_METHOD,    /* left "." text "(" args ")" */
    WH_EXPR_CALL,      /* text "(" args ")": functions and tables */
    WH_EXPR_NOT,       /* left */
    WH_EXPR_NEGATE,    /* left */
    WH_EXPR_BINARY,    /* left op right */
    WH_EXPR_AGGREGATE, /* aggregate */
};

enum wh_expr_op {
    WH_EXPR_OP_OR,
    WH_EXPR_OP_AND,
    WH_EXPR_OP_EQ,
    WH_EXPR_OP_NE,
    WH_EXPR_OP_LT,
    WH_EXPR_OP_LE,
    WH_EXPR_OP_GT,
    WH_EXPR_OP_GE,
    WH_EXPR_OP_IN,
    WH_EXPR_OP_ADD,
    WH_EXPR_OP_SUB,
    WH_EXPR_OP_MUL,
    WH_EXPR_OP_DIV,
};

enum wh_expr_aggregate_kind {
    WH_EXPR_COUNT,
    WH_EXPR_SUM,
    WH_EXPR_MIN,
    WH_EXPR_MAX,
    WH_EXPR_AVG,
    WH_EXPR_DISTINCT,
    WH_EXPR_FIRST,
    WH_EXPR_LAST,
    WH_EXPR_TOP,
    WH_EXPR_LIST_OF, /* "list" */
    WH_EXPR_SILENT,
    WH_EXPR_SINCE,
};

enum wh_expr_pick_kind {
    WH_EXPR_PICK_TYPE,    /* text: a type's name, bare or in quotes */
    WH_EXPR_PICK_ANY,     /* any */
    WH_EXPR_PICK_SESSION, /* session */
    WH_EXPR_PICK_PEOPLE,  /* people; always alone */
    WH_EXPR_PICK_ENTERED, /* text: a segment */
    WH_EXPR_PICK_LEFT,    /* text: a segment */
    WH_EXPR_PICK_CHANGED, /* text: a label */
    WH_EXPR_PICK_FIRED,   /* text: a trigger */
};

/* One alternative of a selector. */
struct wh_expr_pick {
    enum wh_expr_pick_kind kind;
    bool is_quoted; /* a type in quotes need not be a known one */
    struct wh_str text;
    struct wh_span span;
    struct wh_span name_span; /* of text: inside entered( ) and its kin narrower than span */
};

struct wh_expr_selector {
    size_t count; /* at least 1 when there is one */
    struct wh_expr_pick *picks;
    struct wh_span span;
};

/* span of the grammar: a duration, or a constant that holds one. */
struct wh_expr_length {
    bool is_name;
    int64_t us;         /* is_name false */
    struct wh_str name; /* is_name true */
    struct wh_span span;
};

enum wh_expr_window_kind {
    WH_EXPR_WINDOW_NONE,     /* the whole life */
    WH_EXPR_WINDOW_WITHIN,   /* within a */
    WH_EXPR_WINDOW_BETWEEN,  /* between a and b */
    WH_EXPR_WINDOW_THIS,     /* this period */
    WH_EXPR_WINDOW_PREVIOUS, /* previous period */
    WH_EXPR_WINDOW_SESSION,  /* this session */
    WH_EXPR_WINDOW_SINCE,    /* since selector */
};

struct wh_expr_window {
    enum wh_expr_window_kind kind;
    struct wh_expr_length a;
    struct wh_expr_length b;
    enum wh_period period;
    struct wh_expr_selector since;
    struct wh_span span; /* from its first word */
};

struct wh_expr;

struct wh_expr_aggregate {
    enum wh_expr_aggregate_kind kind;
    struct wh_expr *value;            /* before "of"; NULL for count, silent, since */
    struct wh_expr_selector selector; /* count 0: silent(D) without one */
    struct wh_expr *where;            /* NULL: none */
    struct wh_expr_window window;
    struct wh_expr_length length; /* silent only */
};

struct wh_expr {
    enum wh_expr_kind kind;
    struct wh_span span; /* all of it; brackets around it are not part of it */
    int64_t number;
    struct wh_str text;
    struct wh_span name_span; /* FIELD, METHOD, CALL: of text; BINARY: of the operator */
    enum wh_expr_op op;
    struct wh_expr *left;
    struct wh_expr *right;
    size_t arg_count;
    struct wh_expr **args;
    struct wh_expr_aggregate *aggregate;
};

#endif
