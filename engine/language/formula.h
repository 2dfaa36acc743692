/* What the compiler knows of an expression beside its program: whose it is, what may stand there,
 * what it reads, which type comes out. */
#ifndef WH_LANGUAGE_FORMULA_H
#define WH_LANGUAGE_FORMULA_H

#include "engine/language/parser.h"
#include "engine/language/source.h"
#include "engine/language/syntax.h"
#include "engine/language/tree.h"
#include "engine/rules/ruleset.h"

/* Whose value an expression belongs to, and whose it reads. */
enum wh_owner_kind {
    WH_OWNER_NONE,
    WH_OWNER_SCORE,
    WH_OWNER_LABEL,
    WH_OWNER_SEGMENT,
    WH_OWNER_TRIGGER,
    WH_OWNER_STAGE,
    WH_OWNER_QUALIFICATION,
    WH_OWNER_GRADE,
    WH_OWNER_SUSPEND, /* the top-level one, which all scores read */
};

struct wh_owner {
    enum wh_owner_kind kind;
    int32_t index;
};

/* "from reads to", and where it says so. */
struct wh_edge {
    struct wh_owner from, to;
    struct wh_location location;
};

/* What the checker knows of a value before it runs. */
enum wh_label_set {
    WH_SET_NONE,
    WH_SET_GRADE,
    WH_SET_STAGE,
    WH_SET_VERDICT,
    WH_SET_LABEL,
    WH_SET_PERSON_LABEL, /* in a company part: a label of its people */
};

struct wh_declared {
    struct wh_str name;
    struct wh_str path; /* lead.NAME, for messages */
    enum wh_type type;
    const struct wh_str *values; /* [values] of data; count 0: any */
    size_t value_count;
};

struct wh_static {
    enum wh_type type;    /* UNKNOWN: only known at run time */
    enum wh_type element; /* LIST: of its items */
    enum wh_label_set set;
    int32_t label;                      /* WH_SET_LABEL, WH_SET_PERSON_LABEL */
    const struct wh_declared *declared; /* STRING with listed values, else NULL */
    bool is_touch_type;                 /* STRING that is the type of a touch */
    const char *clock;                  /* "now", "since()", …: changes at every instant */
};

/* A step of a sequence as expressions may name it. */
struct wh_step_name {
    struct wh_str name;    /* empty: none */
    int32_t changed_label; /* of NAME.from: as in wh_where */
};

/* The steps of one sequence, whose touches stand behind their names. */
struct wh_step_names {
    const struct wh_step_name *items; /* by step */
    size_t count;
    size_t known;    /* steps before it are known at this place; later ones are told so */
    int32_t trigger; /* whose sequence it is */
};

/* What may be named where: rules-reference.md 3.5. */
struct wh_where {
    const char *name;             /* of the place, for messages: "a place" */
    bool has_touch;               /* `touch` stands for the touch being judged, or the cause */
    bool has_model;               /* attributes, sessions and everything that the model names */
    bool has_aggregates;          /* count() and its kin */
    bool sees_all;                /* aggregates count invisible touches too */
    bool is_watched;              /* may act at a due time */
    bool makes_points;            /* a clock cannot be the result */
    int32_t changed_label;        /* of touch.from: -1 none, WH_CHANGED_SEVERAL */
    const struct wh_selector *on; /* the touches there are; NULL: any */
    const struct wh_step_names *steps; /* of a sequence; NULL: none */
    struct wh_owner owner;
};
#define WH_CHANGED_SEVERAL (-2)

/* One compiled expression, kept for what is looked at afterwards. */
struct wh_formula {
    const struct wh_tree *tree; /* the scalar; NULL: of wh_compile_expression */
    struct wh_expr *expr;
    struct wh_program program;
    const struct wh_span *spans; /* by node, in the scalar's text */
    struct wh_where where;
    struct wh_static type;
    bool is_inner; /* `where` or value of an aggregate */
};

#endif
