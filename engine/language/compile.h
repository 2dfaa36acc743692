/* From the text of a model to a compiled ruleset. What is wrong is told by problems, several in
 * one run; a model with errors has no ruleset. */
#ifndef WH_LANGUAGE_COMPILE_H
#define WH_LANGUAGE_COMPILE_H

#include "engine/base/arena.h"
#include "engine/base/err.h"
#include "engine/language/problem.h"
#include "engine/language/source.h"
#include "engine/language/tree.h"
#include "engine/rules/ruleset.h"

struct wh_compiler;

/* A compiled model and everything it stands on: sources, trees, list files, regular expressions.
 * Read-only but for wh_compile_expression. */
struct wh_model {
    struct wh_arena arena; /* of all that follows */
    struct wh_source_list sources;
    struct wh_source_list data;   /* list and table files that were read, whole */
    struct wh_ruleset ruleset;    /* only when wh_compile returned WH_OK */
    struct wh_ruleset company;    /* of the parts with `entity: company`: ruleset.company */
    struct wh_str summary;        /* "12 rules, 4 windows, …" without the file's name */
    struct wh_compiler *compiler; /* private: names and types, for later expressions */
};

struct wh_compile_options {
    const struct wh_source_list *sources; /* NULL: read the path; else borrowed as long as the
                                             model lives */
    const struct wh_source_list *data;    /* list and table files by the name under which they would
                                          be opened, asked before the disk; may be NULL */
    const struct wh_tree *constants; /* NULL, or a mapping that replaces constants of the model */
};

/* Compiles the model at path, a file or a folder; options may be NULL.
 *
 * *ret_model is always set, on errors too, because the places in problems point into its sources:
 * print them first, then wh_model_destroy. WH_ERR_INPUT: problems has errors. A path that cannot
 * be read is a problem without a place and WH_ERR_NOT_FOUND, WH_ERR_OUTSIDE or WH_ERR_LIMIT.
 * Warnings are added only when there are no errors. */
WH_MUST_CHECK enum wh_err wh_compile(struct wh_str path, const struct wh_compile_options *options,
                                     struct wh_problems *problems, struct wh_model **ret_model);

/* NULL is fine; sets *model to NULL. */
void wh_model_destroy(struct wh_model **model);

/* One more expression "as of now" over everything the model knows, such as a `value` of a model
 * test. The ruleset gets what the expression reads (aggregates, attributes, columns) and is laid
 * out again: call this before the first fold of the ruleset is made. location is shown when the
 * text does not fit; the text is copied. WH_ERR_INPUT: a problem was added. *ret_program lives as
 * long as the model. */
WH_MUST_CHECK enum wh_err wh_compile_expression(struct wh_model *model,
                                                struct wh_problems *problems, struct wh_str text,
                                                const struct wh_location *location,
                                                struct wh_program *ret_program);

/* The same over what a company knows. */
WH_MUST_CHECK enum wh_err wh_compile_company_expression(struct wh_model *model,
                                                        struct wh_problems *problems,
                                                        struct wh_str text,
                                                        const struct wh_location *location,
                                                        struct wh_program *ret_program);

/* The name of a label value that the program computes (grade, stage, verdict, label of the model);
 * empty when the program computes no label or the ordinal is none of its set. */
struct wh_str wh_compile_label_name(const struct wh_model *model, const struct wh_program *program,
                                    int64_t ordinal);

#endif
