/* What is odd about a model that compiles: warnings, and the errors that need the whole of it. */
#ifndef WH_LANGUAGE_LINT_H
#define WH_LANGUAGE_LINT_H

#include "engine/language/compiler.h"

void wh_lint(struct wh_compiler *compiler);

#endif
