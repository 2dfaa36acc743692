/* Regular expressions of models: PCRE2 without look-around, back-references and recursion, so that
 * the match limit is the only thing that can make one slow. */
#ifndef WH_LANGUAGE_PATTERN_H
#define WH_LANGUAGE_PATTERN_H

#include "engine/language/problem.h"

#define WH_PATTERN_BYTES_MAX 512 /* rules-reference.md 6 */

/* A pcre2_code, owned by the caller, or NULL after adding a problem at the location. */
void *wh_pattern_compile(struct wh_problems *problems, struct wh_str pattern, bool ignores_case,
                         const struct wh_location *location);
void wh_pattern_free(const void *code);

#endif
