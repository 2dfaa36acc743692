/* The inside of the compiler: what its parts share while a model is read. Private to compile.c and
 * the files it drives (scope, intern, reader_*, build_*, order, lint_*). */
#ifndef WH_LANGUAGE_COMPILER_H
#define WH_LANGUAGE_COMPILER_H

#include "engine/language/compile.h"
#include "engine/language/formula.h"
#include "engine/language/scalars.h"

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
    bool is_other; /* of the other side: of a company for leads, and the other way round */
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
    bool is_told;  /* of a company: a selector names it */
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
    int64_t need;              /* µs of history, as shown */

    /* A model is compiled twice: the parts of leads, and those with `entity: company`. */
    bool is_company;
    struct wh_compiler *other;
    int32_t person_column, place_column, verdict_column; /* of a company's history */
    bool hears_acts;         /* of a company: some part looks at every act */
    bool counts_people;      /* … and some at people, of whom it reads: */
    struct wh_told *reports; /* column not set */
    size_t report_count;
};

/* An array that grows by one: the same memory, or twice as much with what was there. */
void *wh_compiler_room(struct wh_compiler *compiler, void *items, size_t count, size_t size);

/* What the other side has read of what belongs to neither: constants, tables, lists, schedules,
 * places, and the names that a company knows of its people. */
void wh_compiler_share(struct wh_compiler *company, const struct wh_compiler *leads);

/* What one side has read is of use on the other, too. */
void wh_compiler_note_reads(struct wh_compiler *company);

#endif
