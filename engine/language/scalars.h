/* Small values of YAML scalars. Each reader gives the value, or adds one problem and returns
 * false with *ret untouched; a NULL problems asks in silence. */
#ifndef WH_LANGUAGE_SCALARS_H
#define WH_LANGUAGE_SCALARS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/str.h"
#include "engine/base/zone.h"
#include "engine/language/problem.h"
#include "engine/language/tree.h"

#define WH_NAME_LEN_MAX 48

/* Letters of the grade from F (0) to A+ (12), as in rules.md 1. */
#define WH_GRADE_COUNT 13
extern const char *const wh_grade_letters[WH_GRADE_COUNT];

/* bot suspect unconfirmed human, 0 to 3. */
#define WH_VERDICT_COUNT 4
extern const char *const wh_verdict_levels[WH_VERDICT_COUNT];

bool wh_scalar_text(struct wh_problems *problems, const struct wh_tree *tree,
                    struct wh_str *ret_text);

/* true or false. */
bool wh_scalar_bool(struct wh_problems *problems, const struct wh_tree *tree, bool *ret_value);

/* Microseconds, 0 to 1,100d. */
bool wh_scalar_duration(struct wh_problems *problems, const struct wh_tree *tree, int64_t *ret_us);

/* Thousandths of 1: 20% is 200, 2.5% is 25. */
bool wh_scalar_percent(struct wh_problems *problems, const struct wh_tree *tree,
                       int64_t *ret_thousandths);

/* Thousandths. */
bool wh_scalar_number(struct wh_problems *problems, const struct wh_tree *tree,
                      int64_t *ret_thousandths);

/* A whole number within [min, max]. */
bool wh_scalar_count(struct wh_problems *problems, const struct wh_tree *tree, int64_t min,
                     int64_t max, int64_t *ret_count);

/* A name that is not reserved. */
bool wh_scalar_name(struct wh_problems *problems, const struct wh_tree *tree,
                    struct wh_str *ret_name);

/* A name that may be reserved: fields of lead, types of touches, stages, bands, themes. */
bool wh_scalar_word(struct wh_problems *problems, const struct wh_tree *tree,
                    struct wh_str *ret_name);

/* The same for a key of a mapping. */
bool wh_scalar_key_name(struct wh_problems *problems, const struct wh_tree_entry *entry,
                        struct wh_str *ret_name);
bool wh_scalar_key_word(struct wh_problems *problems, const struct wh_tree_entry *entry,
                        struct wh_str *ret_name);

/* A date, or date and time, in the zone unless it brings an offset. */
bool wh_scalar_time(struct wh_problems *problems, const struct wh_tree *tree,
                    const struct wh_zone *zone, int64_t *ret_us);

bool wh_scalar_period(struct wh_problems *problems, const struct wh_tree *tree,
                      enum wh_period *ret_period);

/* "-3/3" to "3/3", in thirds. */
bool wh_scalar_weight(struct wh_problems *problems, const struct wh_tree *tree,
                      int32_t *ret_thirds);

/* Index into wh_grade_letters. */
bool wh_scalar_grade(struct wh_problems *problems, const struct wh_tree *tree, int32_t *ret_index);

/* One of words; *ret_index is its index. "expected announce or silent, found …". */
bool wh_scalar_choice(struct wh_problems *problems, const struct wh_tree *tree,
                      const char *const *words, size_t count, size_t *ret_index);

/* [a-z][a-z0-9_]{0,47} */
bool wh_name_is_valid(struct wh_str text);
/* The words of rules-reference.md 9. */
bool wh_name_is_reserved(struct wh_str text);
/* Those that a trigger may not be called: events of the engine itself. */
bool wh_name_is_event(struct wh_str text);
bool wh_name_period(struct wh_str text, enum wh_period *ret_period);
bool wh_name_grade(struct wh_str text, int32_t *ret_index);
bool wh_name_verdict(struct wh_str text, int32_t *ret_level);

#endif
