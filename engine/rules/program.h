/* One compiled expression: a small tree of typed nodes. The checker (engine/language) has made
 * sure that every node gets operands of the types it expects, so evaluation never fails; what is
 * not known is unknown. */
#ifndef WH_RULES_PROGRAM_H
#define WH_RULES_PROGRAM_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/str.h"
#include "engine/model/value.h"

enum wh_op {
#define OP(name, operands, what) WH_OP_##name,
#include "engine/rules/opcodes.def"
#undef OP
    WH_OP_COUNT
};

const char *wh_op_str(enum wh_op op);

/* arg of STEP_FIELD and STEP_META. */
#define WH_STEP_SHIFT 32
#define WH_STEP_WHAT  INT64_C(0xffffffff)

/* A node depends on time without a touch … */
enum wh_node_flag {
    WH_NODE_MOVING = 1, /* reads a half-life score: changes between whole seconds */
    WH_NODE_CLOCK = 2,  /* reads now, since() or session.length: changes every µs */
    WH_NODE_LEAF = 4,   /* discrete result of a moving or clock operand: a place where flips are
                           looked for (range.h) */
    WH_NODE_VARIES = 8, /* one of these is somewhere below, also behind names of the model */
};

struct wh_node {
    uint8_t op;    /* enum wh_op */
    uint8_t type;  /* enum wh_type of the result; UNKNOWN: only known at run time (props, lead) */
    uint8_t flags; /* enum wh_node_flag; 0 when made, wh_layout_assign works them out */
    int16_t first; /* operands: indices of nodes, always smaller than the node's own; -1: none */
    int16_t second;
    int64_t arg;        /* constant, or index: what, says opcodes.def */
    struct wh_str text; /* string constant; borrowed from the ruleset */
};

/* At most WH_PROGRAM_NODES_MAX nodes: 256 operations with their operands. */
#define WH_PROGRAM_NODES_MAX 1024

struct wh_program {
    struct wh_node *nodes; /* read-only once the layout is assigned */
    uint16_t count;
    uint16_t root;
    struct wh_str source; /* canonical text, for explanations */
};

/* A top-level operand of && : shown by itself when a story says what is missing. */
struct wh_program_part {
    uint16_t root;
    struct wh_str source;
};

/* A text with {EXPR} in it: literals and programs in turns. */
struct wh_template_piece {
    struct wh_str literal;            /* when program is NULL */
    const struct wh_program *program; /* else */
};

struct wh_template {
    const struct wh_template_piece *pieces;
    uint16_t count;
};

#endif
