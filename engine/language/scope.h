/* Names that the model defines: one space for constants, tables, lists, schedules, scores, labels,
 * segments, triggers and qualifications. */
#ifndef WH_LANGUAGE_SCOPE_H
#define WH_LANGUAGE_SCOPE_H

#include "engine/language/compiler.h"

/* "constant", "score", … */
const char *wh_scope_kind_str(enum wh_name_kind kind);

/* Adds a name, or the problem that it is taken; NULL then. */
struct wh_definition *wh_scope_define(struct wh_compiler *compiler, enum wh_name_kind kind,
                                      int32_t index, struct wh_str name,
                                      const struct wh_location *location);

/* NULL when it is not defined. */
struct wh_definition *wh_scope_find(struct wh_compiler *compiler, struct wh_str name);

/* The same for something of one kind only. */
struct wh_definition *wh_scope_find_kind(struct wh_compiler *compiler, enum wh_name_kind kind,
                                         struct wh_str name);

/* Offers all names, with their kind as tag. */
void wh_scope_offer(const struct wh_compiler *compiler, struct wh_nearest *nearest);

/* Adds `unknown NOUN "word"; did you mean …`. tag >= 0 of the nearest is a name kind. */
void wh_scope_unknown(struct wh_compiler *compiler, const struct wh_location *location,
                      const char *noun, const struct wh_nearest *nearest);

/* A space of its own, such as the rules of a score. Names are added as they come; a second one of
 * the same name is a problem. */
struct wh_local {
    struct wh_compiler *compiler;
    const char *noun; /* "rule" */
    struct wh_definition *items;
    size_t count;
};

void wh_local_init(struct wh_local *local, struct wh_compiler *compiler, const char *noun);
void wh_local_define(struct wh_local *local, struct wh_str name,
                     const struct wh_location *location);
/* Index in the order of defining, -1 after adding a problem: "unknown group …". */
int32_t wh_local_find(struct wh_local *local, struct wh_str name,
                      const struct wh_location *location);

#endif
