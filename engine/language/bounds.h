/* What numbers can come out of a model at all, whatever the touches: for warnings. */
#ifndef WH_LANGUAGE_BOUNDS_H
#define WH_LANGUAGE_BOUNDS_H

#include "engine/language/compiler.h"

struct wh_bounds {
    bool has_min, has_max; /* false: no end on that side */
    int64_t min, max;      /* thousandths */
};

/* Of all scores and tables of a model; made once. */
struct wh_bounds_table {
    const struct wh_compiler *compiler;
    struct wh_bounds *scores;
    struct wh_bounds *tables; /* of what a lookup gives */
};

void wh_bounds_init(struct wh_bounds_table *table, const struct wh_compiler *compiler);

/* Of a node that computes a number. */
struct wh_bounds wh_bounds_node(const struct wh_bounds_table *table,
                                const struct wh_program *program, int node);

/* Of one award of a rule with `on`, or of what a state adds. */
struct wh_bounds wh_bounds_points(const struct wh_bounds_table *table, const struct wh_rule *rule);

/* Of everything that a rule brings, after its limit. */
struct wh_bounds wh_bounds_rule(const struct wh_bounds_table *table, const struct wh_rule *rule);

/* Of a score's group, after its limit; group -1: the rules without one. except: a rule that is
 * left out, -1 none. */
struct wh_bounds wh_bounds_group(const struct wh_bounds_table *table, const struct wh_score *score,
                                 int32_t group, int32_t except);

/* Of a score, before or after its own limit. */
struct wh_bounds wh_bounds_sum(const struct wh_bounds_table *table, const struct wh_score *score,
                               int32_t except);
struct wh_bounds wh_bounds_limit(struct wh_bounds bounds, const struct wh_limit *limit);

/* Ordinals of the lowest and highest grade. */
void wh_bounds_grade(const struct wh_fit *fit, int32_t *ret_min, int32_t *ret_max);
/* Thirds that criteria can add and take at most. */
void wh_bounds_thirds(const struct wh_fit *fit, int32_t *ret_min, int32_t *ret_max);

#endif
