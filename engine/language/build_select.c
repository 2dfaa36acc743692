/* Selectors: which touches and signals. */
#include "engine/language/build.h"
#include "engine/language/builder.h"
#include "engine/language/intern.h"
#include "engine/language/scope.h"

void
wh_builder_check_type(struct wh_builder *builder, struct wh_span span, struct wh_str name)
{
    struct wh_compiler *compiler = builder->compiler;
    int32_t index = wh_intern_find_type(compiler, name);
    if (index >= 0 && compiler->type_notes[index].is_known) {
        return;
    }
    struct wh_nearest nearest = wh_nearest_to(name);
    for (size_t i = 0; i < compiler->ruleset->type_count; i++) {
        if (compiler->type_notes[i].is_known) {
            wh_nearest_offer(&nearest, compiler->types[i].name, -1);
        }
    }
    struct wh_location location = wh_builder_place(builder, span);
    bool is_near = wh_nearest_found(&nearest);
    if (compiler->has_touch_types && is_near) {
        wh_problem_error(compiler->problems, &location,
                         "unknown touch type \"%.*s\"; did you mean \"%.*s\"?", WH_STR_ARG(name),
                         WH_STR_ARG(nearest.best));
    } else if (compiler->has_touch_types) {
        wh_problem_error(compiler->problems, &location, "unknown touch type \"%.*s\"",
                         WH_STR_ARG(name));
    } else if (is_near) {
        wh_problem_warning(compiler->problems, &location,
                           "unknown touch type \"%.*s\"; did you mean \"%.*s\"?", WH_STR_ARG(name),
                           WH_STR_ARG(nearest.best));
    }
}

/* What a pick of a signal names. */
struct signal_pick {
    enum wh_signal_kind signal;
    enum wh_name_kind name;
    enum wh_owner_kind owner;
};

static struct signal_pick
signal_of(enum wh_expr_pick_kind kind)
{
    static const struct signal_pick entered = {WH_SIGNAL_ENTERED, WH_NAME_SEGMENT,
                                               WH_OWNER_SEGMENT};
    static const struct signal_pick left = {WH_SIGNAL_LEFT, WH_NAME_SEGMENT, WH_OWNER_SEGMENT};
    static const struct signal_pick changed = {WH_SIGNAL_CHANGED, WH_NAME_LABEL, WH_OWNER_LABEL};
    static const struct signal_pick fired = {WH_SIGNAL_FIRED, WH_NAME_TRIGGER, WH_OWNER_TRIGGER};
    if (kind == WH_EXPR_PICK_ENTERED) {
        return entered;
    }
    if (kind == WH_EXPR_PICK_LEFT) {
        return left;
    }
    return kind == WH_EXPR_PICK_CHANGED ? changed : fired;
}

static void
report_unknown(struct wh_builder *builder, const struct wh_expr_pick *pick, enum wh_name_kind kind)
{
    struct wh_compiler *compiler = builder->compiler;
    struct wh_nearest nearest = wh_nearest_to(pick->text);
    for (size_t i = 0; i < compiler->scope.count; i++) {
        if (compiler->scope.items[i].kind == kind) {
            wh_nearest_offer(&nearest, compiler->scope.items[i].name, -1);
        }
    }
    struct wh_location location = wh_builder_place(builder, pick->name_span);
    wh_scope_unknown(compiler, &location, wh_scope_kind_str(kind), &nearest);
}

/* -1 after adding a problem. */
static int32_t
pick_signal(struct wh_builder *builder, const struct wh_expr_pick *pick, int64_t keep)
{
    struct signal_pick what = signal_of(pick->kind);
    struct wh_definition *definition = wh_scope_find_kind(builder->compiler, what.name, pick->text);
    if (definition == NULL) {
        report_unknown(builder, pick, what.name);
        return -1;
    }
    if (!builder->where->has_model) {
        struct wh_location location = wh_builder_place(builder, pick->span);
        wh_problem_error(builder->compiler->problems, &location, "\"%.*s\" is not known in %s",
                         WH_STR_ARG(pick->text), builder->where->name);
        return -1;
    }
    definition->is_read = true;
    if (definition->is_other) {
        (void)wh_builder_refuse_other(builder, pick->name_span, pick->text);
        return -1;
    }
    wh_builder_edge(builder, what.owner, definition->index, pick->span);
    return wh_intern_signal(builder->compiler, what.signal, definition->index, keep);
}

/* Rising and each once. */
static void
insert(int32_t *items, size_t *count, int32_t item)
{
    size_t i = *count;
    for (size_t j = 0; j < *count; j++) {
        if (items[j] == item) {
            return;
        }
    }
    for (; i > 0 && items[i - 1] > item; i--) {
        items[i] = items[i - 1];
    }
    items[i] = item;
    (*count)++;
}

static int32_t
pick_type(struct wh_builder *builder, const struct wh_expr_pick *pick)
{
    if (!pick->is_quoted) {
        wh_builder_check_type(builder, pick->span, pick->text);
    }
    int32_t type = wh_intern_type(builder->compiler, pick->text);
    builder->compiler->type_notes[type].is_told = true;
    return type;
}

static void
refuse_people(struct wh_builder *builder, const struct wh_expr_pick *pick)
{
    struct wh_location location = wh_builder_place(builder, pick->span);
    wh_problem_error(builder->compiler->problems, &location,
                     builder->compiler->is_company
                         ? "\"people\" stands alone, in aggregates without a window"
                         : "\"people\" is only known in company parts");
}

struct picked {
    struct wh_selector made;
    int32_t *types;
    int32_t *signals;
    int64_t keep;
};

/* False after adding a problem. */
static bool
add_pick(struct wh_builder *builder, const struct wh_expr_pick *pick, struct picked *picked)
{
    int32_t signal = -1;
    switch (pick->kind) {
    case WH_EXPR_PICK_TYPE:
        insert(picked->types, &picked->made.type_count, pick_type(builder, pick));
        return true;
    case WH_EXPR_PICK_ANY:
        picked->made.any = true;
        builder->compiler->hears_acts = true;
        return true;
    case WH_EXPR_PICK_SESSION:
        picked->made.session = true;
        builder->compiler->hears_acts = true;
        return true;
    case WH_EXPR_PICK_PEOPLE:
        refuse_people(builder, pick);
        return false;
    case WH_EXPR_PICK_ENTERED:
    case WH_EXPR_PICK_LEFT:
    case WH_EXPR_PICK_CHANGED:
    case WH_EXPR_PICK_FIRED:
        signal = pick_signal(builder, pick, picked->keep);
        if (signal >= 0) {
            insert(picked->signals, &picked->made.signal_count, signal);
        }
        return signal >= 0;
    }
    return false;
}

bool
wh_builder_select(struct wh_builder *builder, const struct wh_expr_selector *selector, int64_t keep,
                  struct wh_selector *ret_selector)
{
    struct wh_arena *arena = builder->compiler->arena;
    struct picked picked = {.types = WH_ARENA_ARRAY(arena, int32_t, selector->count),
                            .signals = WH_ARENA_ARRAY(arena, int32_t, selector->count),
                            .keep = keep};
    picked.made.types = picked.types;
    picked.made.signals = picked.signals;
    bool is_good = true;
    for (size_t i = 0; i < selector->count; i++) {
        is_good = add_pick(builder, &selector->picks[i], &picked) && is_good;
    }
    *ret_selector = picked.made;
    return is_good;
}

int32_t
wh_builder_changed(const struct wh_builder *builder, const struct wh_selector *selector)
{
    int32_t changed = -1;
    for (size_t i = 0; i < selector->signal_count; i++) {
        const struct wh_signal *signal = &builder->compiler->ruleset->signals[selector->signals[i]];
        if (signal->kind == WH_SIGNAL_CHANGED) {
            changed = changed == -1 ? signal->of : WH_CHANGED_SEVERAL;
        }
    }
    return changed;
}

bool
wh_build_on(struct wh_compiler *compiler, const struct wh_where *where, const struct wh_tree *tree,
            struct wh_selector *ret_selector, int32_t *ret_changed)
{
    const struct wh_expr_selector *parsed =
        wh_parse_selector(compiler->arena, compiler->problems, tree);
    if (parsed == NULL) {
        return false;
    }
    struct wh_builder builder = {.compiler = compiler, .where = where, .tree = tree};
    if (!wh_builder_select(&builder, parsed, 0, ret_selector)) {
        return false;
    }
    *ret_changed = wh_builder_changed(&builder, ret_selector);
    return true;
}
