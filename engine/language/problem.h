/* What is wrong with a model, a model test or a configuration: a list that grows while the text is
 * read and is printed once, sorted by place. Messages are sentences without a full stop. */
#ifndef WH_LANGUAGE_PROBLEM_H
#define WH_LANGUAGE_PROBLEM_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/base/arena.h"
#include "engine/base/buf.h"
#include "engine/base/str.h"
#include "engine/language/source.h"

/* More are counted but not kept: nobody reads the two hundredth error. */
#define WH_PROBLEM_MAX 200

enum wh_severity { WH_SEVERITY_ERROR, WH_SEVERITY_WARNING };

const char *wh_severity_str(enum wh_severity severity);

enum wh_problem_format {
    WH_PROBLEM_FORMAT_TEXT,   /* rules-reference.md 7 */
    WH_PROBLEM_FORMAT_JSON,   /* one object a line */
    WH_PROBLEM_FORMAT_GITHUB, /* workflow commands: annotations beside the changed lines */
};

/* A second place that the problem speaks of. */
struct wh_problem_note {
    struct wh_location location;
    struct wh_str message;
    struct wh_problem_note *next;
};

struct wh_problem {
    enum wh_severity severity;
    struct wh_location location;
    struct wh_str message;
    struct wh_problem_note *notes; /* in the order in which they were added */
    struct wh_problem *next;
};

struct wh_problems {
    struct wh_arena *arena; /* borrowed; all that is added lives there */
    struct wh_problem *first;
    struct wh_problem *last;
    size_t count;         /* kept */
    size_t error_count;   /* also those over WH_PROBLEM_MAX */
    size_t warning_count; /* same */
};

void wh_problems_init(struct wh_problems *problems, struct wh_arena *arena);

/* Add one problem. What is returned is valid for as long as the arena and is never NULL. */
struct wh_problem *wh_problem_error(struct wh_problems *problems,
                                    const struct wh_location *location, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
struct wh_problem *wh_problem_warning(struct wh_problems *problems,
                                      const struct wh_location *location, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void wh_problem_note(struct wh_problems *problems, struct wh_problem *problem,
                     const struct wh_location *location, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* By place; equal places stay in the order of adding, and a twin (same place and message) goes. */
void wh_problems_sort(struct wh_problems *problems);

/* As they stand in the list; sort first. */
void wh_problems_print(const struct wh_problems *problems, enum wh_problem_format format,
                       struct wh_buf *buf);

/* Finds the known word nearest to one that is not known, for "did you mean". Give it each
 * candidate; nothing is found when none is near enough (a third of the word's length, at least 1,
 * at most 3 edits). Of equally near ones the first given wins. */
struct wh_nearest {
    struct wh_str word;
    struct wh_str best; /* len 0: none */
    size_t distance;
    int tag; /* whatever the caller gave with best, such as its kind */
};

struct wh_nearest wh_nearest_to(struct wh_str word);
void wh_nearest_offer(struct wh_nearest *nearest, struct wh_str candidate, int tag);
bool wh_nearest_found(const struct wh_nearest *nearest);

/* A number with thousands separated: 98,112. For messages. */
struct wh_str wh_problem_count_text(struct wh_arena *arena, int64_t count);

#endif
