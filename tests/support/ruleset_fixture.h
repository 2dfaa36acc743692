/* A small ruleset made by hand and one lead under it: for tests of engine/rules, which know no
 * model language. Expressions are trees; the constructs (aggregates, scores …) are arrays with
 * room, counted as they are pushed. After ready() touches may be added. */
#ifndef WH_TESTS_RULESET_FIXTURE_H
#define WH_TESTS_RULESET_FIXTURE_H

#include "engine/rules/eval.h"

/* Types of touches that every fixture knows. */
enum wh_fixture_type {
    WH_FIXTURE_PAGE_VIEW, /* act, web */
    WH_FIXTURE_DOWNLOAD,  /* act, web */
    WH_FIXTURE_CLICK,     /* act, email: makes no session */
    WH_FIXTURE_SENT,      /* no act */
    WH_FIXTURE_TYPES
};

/* Columns beyond the standard fields. */
enum wh_fixture_column {
    WH_FIXTURE_PROP = WH_FIELD_COUNT, /* props.size */
    WH_FIXTURE_COLUMNS
};

#define WH_FIXTURE_ROOM 16

struct wh_fixture {
    struct wh_arena arena;
    struct wh_ruleset ruleset;
    struct wh_state state;
    struct wh_view view; /* at the latest moment that was asked for */
    struct wh_aggregate aggregates[WH_FIXTURE_ROOM];
    struct wh_signal signals[WH_FIXTURE_ROOM];
    struct wh_score scores[WH_FIXTURE_ROOM];
    struct wh_rule rules[WH_FIXTURE_ROOM];
    struct wh_segment segments[WH_FIXTURE_ROOM];
    struct wh_label labels[WH_FIXTURE_ROOM];
};

void wh_fixture_init(struct wh_fixture *fixture);
void wh_fixture_fini(struct wh_fixture *fixture);

/* A tree of an expression: an operator with operands (NULL: none), or a leaf with arg. */
struct wh_tree {
    enum wh_op op;
    struct wh_value value; /* CONST */
    int64_t arg;
    const struct wh_tree *first, *second;
};

const struct wh_tree *wh_tree_const(struct wh_fixture *fixture, struct wh_value value);
const struct wh_tree *wh_tree_number(struct wh_fixture *fixture, int64_t thousandths);
const struct wh_tree *wh_tree_text(struct wh_fixture *fixture, const char *text);
const struct wh_tree *wh_tree_name(struct wh_fixture *fixture, enum wh_op op, int64_t arg);
const struct wh_tree *wh_tree_op(struct wh_fixture *fixture, enum wh_op op,
                                 const struct wh_tree *first, const struct wh_tree *second);
struct wh_program wh_tree_program(struct wh_fixture *fixture, const struct wh_tree *tree);

/* Each returns the index of what it pushed. */
int32_t wh_fixture_aggregate(struct wh_fixture *fixture, struct wh_aggregate aggregate);
/* A rule with that decay in the latest score; a score without limits. */
int32_t wh_fixture_score(struct wh_fixture *fixture);
int32_t wh_fixture_rule(struct wh_fixture *fixture, struct wh_decay decay);
int32_t wh_fixture_segment(struct wh_fixture *fixture, const struct wh_tree *when);

/* A selector of one type, of all acts. */
struct wh_selector wh_fixture_takes(struct wh_fixture *fixture, enum wh_fixture_type type);
struct wh_selector wh_fixture_takes_any(void);

/* Assigns the layout; the lead begins. */
void wh_fixture_ready(struct wh_fixture *fixture);

/* A touch at the end of the history, human, nowhere; the view stands at it and the facts of the
 * lead (first touch, acts, session, kept aggregates) know it. Returns its row. */
uint32_t wh_fixture_touch(struct wh_fixture *fixture, enum wh_fixture_type type, int64_t at);
/* The same with a text in a column. */
uint32_t wh_fixture_touch_with(struct wh_fixture *fixture, enum wh_fixture_type type, int64_t at,
                               uint32_t column, struct wh_value value);

/* The view at t, seeing all touches up to and including t. */
struct wh_view *wh_fixture_at(struct wh_fixture *fixture, int64_t t);

/* What a tree says at t. */
struct wh_value wh_fixture_value(struct wh_fixture *fixture, const struct wh_tree *tree, int64_t t);

#endif
