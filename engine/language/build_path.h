/* Names with dots, shared by build_field.c and build_touch.c. */
#ifndef WH_LANGUAGE_BUILD_PATH_H
#define WH_LANGUAGE_BUILD_PATH_H

#include "engine/language/builder.h"

#define WH_PATH_PARTS_MAX 4

/* touch.page.path: root touch, rest "page.path". */
struct wh_path {
    struct wh_str root;
    struct wh_str parts[WH_PATH_PARTS_MAX];
    size_t count;
    struct wh_str rest; /* parts joined by dots */
};

/* What is always there, without being listed under data. */
struct wh_path_fact {
    const char *name;
    int fact;
    enum wh_type type;
    const char *clock;
};
/* A fact of the lead; NULL: an attribute. */
const struct wh_path_fact *wh_path_lead_fact(struct wh_str name);

/* The name as it is listed under data; NULL when it is not. */
const struct wh_declared *wh_path_declared(const struct wh_declared_list *list, struct wh_str name);
/* Of what is listed; of what is not, what comes. */
struct wh_static wh_path_type(const struct wh_declared *declared);
/* Message 21. */
void wh_path_report_unlisted(struct wh_builder *builder, const struct wh_expr *expr,
                             const char *prefix, const struct wh_declared_list *list,
                             struct wh_str name);
/* It reads something beside `it` and constants. */
void wh_path_note_other(struct wh_builder *builder, struct wh_span span);

/* build_touch.c: touch.NAME, and it.NAME inside an aggregate. */
struct wh_operand wh_path_judged(struct wh_builder *builder, const struct wh_path *path,
                                 const struct wh_expr *expr);
struct wh_operand wh_path_counted(struct wh_builder *builder, const struct wh_path *path,
                                  const struct wh_expr *expr);
/* … NAME.FIELD of an earlier step. */
struct wh_operand wh_path_step(struct wh_builder *builder, const struct wh_path *path,
                               const struct wh_expr *expr, int32_t step);

#endif
