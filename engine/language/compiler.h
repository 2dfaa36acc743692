/* The inside of the compiler: what its parts share while a model is read. Private to compile.c and
 * the files it drives (scope, intern, reader_*, build_*, order, lint_*). */
#ifndef WH_LANGUAGE_COMPILER_H
#define WH_LANGUAGE_COMPILER_H

/* A text with {EXPR} is parsed into one struct and compiled into another of the same name. */
#define wh_template      wh_parsed_template
#define wh_template_part wh_parsed_template_part
#include "engine/language/parser.h"
#include "engine/language/syntax.h"
#undef wh_template
#undef wh_template_part

#include "engine/language/compile.h"
#include "engine/language/scalars.h"

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
enum wh_label_set { WH_SET_NONE, WH_SET_GRADE, WH_SET_STAGE, WH_SET_VERDICT, WH_SET_LABEL };

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
    int32_t label;                      /* WH_SET_LABEL */
    const struct wh_declared *declared; /* STRING with listed values, else NULL */
    bool is_touch_type;                 /* STRING that is the type of a touch */
    const char *clock;                  /* "now", "since()", …: changes at every instant */
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

enum wh_name_kind {
    WH_NAME_CONSTANT,
    WH_NAME_TABLE,
    WH_NAME_LIST,
    WH_NAME_SCHEDULE,
    WH_NAME_SCORE,
    WH_NAME_LABEL,
    WH_NAME_SEGMENT,
    WH_NAME_TRIGGER,
    WH_NAME_QUALIFICATION,
};

struct wh_definition {
    enum wh_name_kind kind;
    int32_t index;
    struct wh_str name;
    struct wh_location location;
    bool is_read;
};

struct wh_scope {
    struct wh_definition *items;
    size_t count;
    struct wh_table index;
};

struct wh_declared_list {
    bool is_present;
    struct wh_declared *items;
    size_t count;
};

/* Beside ruleset->types. */
struct wh_type_note {
    bool is_known; /* of the reference or listed in data.touches */
};

/* A start level of the verdict, by type. */
struct wh_start {
    int32_t type;
    enum wh_verdict level;
};

struct wh_compiler {
    struct wh_arena *arena; /* the model's */
    struct wh_problems *problems;
    struct wh_model *model;
    struct wh_ruleset *ruleset;
    const struct wh_tree *root;
    const struct wh_tree *overrides;    /* of constants; may be NULL */
    const struct wh_source_list *given; /* list and table files in memory; may be NULL */

    struct wh_scope scope;
    struct wh_value *constants;
    struct wh_lookup *tables;
    struct wh_text_list *lists; /* named ones first, then those of literals */
    size_t named_list_count;
    struct wh_schedule *schedules;
    bool has_touch_types; /* data.touches is there */
    struct wh_declared_list lead, company, props;
    struct wh_touch_type *types;
    struct wh_type_note *type_notes;
    struct wh_column *columns;
    struct wh_regex *regexes;
    struct wh_table aggregate_index; /* canonical text to index */
    struct wh_table list_index, regex_index;
    struct wh_start *starts;
    size_t start_count;

    struct wh_formula *formulas;
    size_t formula_count;
    struct wh_edge *edges;
    size_t edge_count;
    struct wh_buf fingerprint; /* everything that the hash covers beside the sources */
    int64_t deepest;           /* µs: longest window */
    int64_t verdict_deepest;   /* the same of the verdict */
};

/* An array that grows by one: the same memory, or twice as much with what was there. */
void *wh_compiler_room(struct wh_compiler *compiler, void *items, size_t count, size_t size);

#endif
