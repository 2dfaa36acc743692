#include "engine/language/lint.h"

void
wh_lint(struct wh_compiler *compiler)
{
    (void)compiler;
}
