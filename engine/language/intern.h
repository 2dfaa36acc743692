/* Things of a ruleset that expressions bring about: types, columns, attributes, signals, lists of
 * literals, regular expressions. Each is there once and named by its index. */
#ifndef WH_LANGUAGE_INTERN_H
#define WH_LANGUAGE_INTERN_H

#include "engine/language/compiler.h"

/* Sets up the standard types and columns. Call once, before anything is read. */
void wh_intern_init(struct wh_compiler *compiler);

/* The type with that name; a new one is an act of the web that is not known. */
int32_t wh_intern_type(struct wh_compiler *compiler, struct wh_str name);
/* -1 when it has no index. */
int32_t wh_intern_find_type(const struct wh_compiler *compiler, struct wh_str name);

/* The column of a name; a new one is kept. type: as declared, UNKNOWN: what comes. */
int32_t wh_intern_column(struct wh_compiler *compiler, enum wh_column_kind kind, struct wh_str name,
                         enum wh_type type);
/* Marks a standard field as read. */
void wh_intern_field(struct wh_compiler *compiler, enum wh_field field);

/* The attribute that a column feeds. */
int32_t wh_intern_attribute(struct wh_compiler *compiler, int32_t column);

/* keep: µs that an aggregate looks back, 0: only the moment itself. */
int32_t wh_intern_signal(struct wh_compiler *compiler, enum wh_signal_kind kind, int32_t of,
                         int64_t keep);

/* A list of literals, all of one type. */
int32_t wh_intern_list(struct wh_compiler *compiler, enum wh_type type,
                       const struct wh_value *values, size_t count);

/* The compiled expression, or -1 after adding a problem at the location. */
int32_t wh_intern_regex(struct wh_compiler *compiler, struct wh_str pattern, bool ignores_case,
                        const struct wh_location *location);

/* Points the ruleset at the arrays, which may have moved. */
void wh_intern_publish(struct wh_compiler *compiler);

/* Frees what is not in the arena. */
void wh_intern_fini(struct wh_compiler *compiler);

#endif
