/* Things that the model defines and nothing reads. */
#include "engine/language/lint.h"
#include "engine/language/scope.h"

/* Events leave for everything else whether it is read or not. */
static bool
is_of_use_unread(const struct wh_compiler *compiler, const struct wh_definition *definition)
{
    const struct wh_compiler *side = definition->is_other ? compiler->other : compiler;
    switch (definition->kind) {
    case WH_NAME_CONSTANT:
    case WH_NAME_TABLE:
    case WH_NAME_LIST:
    case WH_NAME_SCHEDULE:
    case WH_NAME_SCORE:
        return false;
    case WH_NAME_LABEL:
        return side->ruleset->labels[definition->index].announce;
    case WH_NAME_SEGMENT:
        return side->ruleset->segments[definition->index].announce;
    case WH_NAME_TRIGGER:
    case WH_NAME_QUALIFICATION:
        return true;
    }
    return true;
}

void
wh_lint_reads(struct wh_compiler *compiler)
{
    for (size_t i = 0; i < compiler->scope.count; i++) {
        const struct wh_definition *definition = &compiler->scope.items[i];
        if (!definition->is_read && !is_of_use_unread(compiler, definition)) {
            wh_problem_warning(compiler->problems, &definition->location,
                               "%s \"%.*s\" is not read by anything",
                               wh_scope_kind_str(definition->kind), WH_STR_ARG(definition->name));
        }
    }
}
