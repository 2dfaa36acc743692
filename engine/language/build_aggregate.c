/* count() and its kin: what is counted, over which window, and what for. */
#include "engine/language/builder.h"
#include "engine/language/intern.h"
#include "engine/language/print.h"
#include "engine/language/scope.h"

#define AGGREGATES_MAX 1024 /* rules-reference.md 6 */

static enum wh_aggregate_kind
kind_of(enum wh_expr_aggregate_kind kind)
{
    static const enum wh_aggregate_kind kinds[] = {
        [WH_EXPR_COUNT] = WH_AGGREGATE_COUNT,   [WH_EXPR_SUM] = WH_AGGREGATE_SUM,
        [WH_EXPR_MIN] = WH_AGGREGATE_MIN,       [WH_EXPR_MAX] = WH_AGGREGATE_MAX,
        [WH_EXPR_AVG] = WH_AGGREGATE_AVG,       [WH_EXPR_DISTINCT] = WH_AGGREGATE_DISTINCT,
        [WH_EXPR_FIRST] = WH_AGGREGATE_FIRST,   [WH_EXPR_LAST] = WH_AGGREGATE_LAST,
        [WH_EXPR_TOP] = WH_AGGREGATE_TOP,       [WH_EXPR_LIST_OF] = WH_AGGREGATE_LIST,
        [WH_EXPR_SILENT] = WH_AGGREGATE_SILENT, [WH_EXPR_SINCE] = WH_AGGREGATE_SINCE,
    };
    return kinds[kind];
}

/* What is being built, with its places. */
struct draft {
    const struct wh_expr *expr;
    struct wh_expr_aggregate *source;
    struct wh_aggregate made;
    struct wh_static value; /* of V */
    bool is_good;
    bool uses_step;
};

static void
fail(struct wh_builder *builder, struct draft *draft, struct wh_span span, const char *message)
{
    struct wh_location location = wh_builder_place(builder, span);
    wh_problem_error(builder->compiler->problems, &location, "%s", message);
    draft->is_good = false;
}

/* A duration, or the constant that holds one. */
static int64_t
read_length(struct wh_builder *builder, struct draft *draft, const struct wh_expr_length *length)
{
    if (!length->is_name) {
        return length->us;
    }
    struct wh_definition *constant =
        wh_scope_find_kind(builder->compiler, WH_NAME_CONSTANT, length->name);
    if (constant == NULL) {
        struct wh_nearest nearest = wh_nearest_to(length->name);
        wh_scope_offer(builder->compiler, &nearest);
        struct wh_location location = wh_builder_place(builder, length->span);
        wh_scope_unknown(builder->compiler, &location, "name", &nearest);
        draft->is_good = false;
        return 0;
    }
    constant->is_read = true;
    const struct wh_value *value = &builder->compiler->constants[constant->index];
    if (value->type != WH_TYPE_DURATION) {
        fail(builder, draft, length->span, "the length of a window must be a duration");
        return 0;
    }
    return value->number;
}

bool
wh_builder_check_reach(struct wh_compiler *compiler, const struct wh_location *location, int64_t us)
{
    struct wh_buf have;
    struct wh_buf most;
    if (us <= compiler->ruleset->history_keep) {
        return true;
    }
    wh_buf_init(&have, compiler->problems->arena);
    wh_buf_init(&most, compiler->problems->arena);
    wh_duration_format(&have, us);
    wh_duration_format(&most, compiler->ruleset->history_keep);
    wh_problem_error(compiler->problems, location,
                     "window of %.*s is longer than history.keep of %.*s",
                     WH_STR_ARG(wh_buf_str(&have)), WH_STR_ARG(wh_buf_str(&most)));
    return false;
}

static void
check_window(struct wh_builder *builder, struct draft *draft, int64_t us, struct wh_span span)
{
    struct wh_compiler *compiler = builder->compiler;
    int64_t *deepest = builder->where->sees_all ? &compiler->verdict_deepest : &compiler->deepest;
    struct wh_location location = wh_builder_place(builder, span);
    if (!wh_builder_check_reach(compiler, &location, us)) {
        draft->is_good = false;
    } else if (us > *deepest) {
        *deepest = us;
    }
}

int64_t
wh_builder_period_max(enum wh_period period)
{
    switch (period) {
    case WH_PERIOD_DAY:
        return WH_US_PER_DAY;
    case WH_PERIOD_WEEK:
        return WH_US_PER_WEEK;
    case WH_PERIOD_MONTH:
        return 31 * WH_US_PER_DAY;
    case WH_PERIOD_QUARTER:
        return 92 * WH_US_PER_DAY;
    case WH_PERIOD_YEAR:
        return 366 * WH_US_PER_DAY;
    }
    return 0;
}

static void
read_window(struct wh_builder *builder, struct draft *draft)
{
    const struct wh_expr_window *window = &draft->source->window;
    struct wh_aggregate *made = &draft->made;
    int64_t keep = builder->compiler->ruleset->history_keep;
    switch (window->kind) {
    case WH_EXPR_WINDOW_NONE:
        made->window = WH_WINDOW_LIFE;
        break;
    case WH_EXPR_WINDOW_WITHIN:
        made->window = WH_WINDOW_WITHIN;
        made->a = read_length(builder, draft, &window->a);
        check_window(builder, draft, made->a, window->a.span);
        break;
    case WH_EXPR_WINDOW_BETWEEN:
        made->window = WH_WINDOW_BETWEEN;
        made->a = read_length(builder, draft, &window->a);
        made->b = read_length(builder, draft, &window->b);
        check_window(builder, draft, made->a, window->a.span);
        if (draft->is_good && made->a <= made->b) {
            fail(builder, draft, window->span,
                 "the window is empty: the longer span comes first, between 60d and 20d");
        }
        break;
    case WH_EXPR_WINDOW_THIS:
        made->window = WH_WINDOW_THIS;
        made->period = window->period;
        check_window(builder, draft, wh_builder_period_max(window->period), window->span);
        break;
    case WH_EXPR_WINDOW_PREVIOUS:
        made->window = WH_WINDOW_PREVIOUS;
        made->period = window->period;
        check_window(builder, draft, 2 * wh_builder_period_max(window->period), window->span);
        break;
    case WH_EXPR_WINDOW_SESSION:
        made->window = WH_WINDOW_THIS_SESSION;
        check_window(builder, draft, WH_US_PER_DAY < keep ? WH_US_PER_DAY : keep, window->span);
        break;
    case WH_EXPR_WINDOW_SINCE:
        made->window = WH_WINDOW_SINCE;
        check_window(builder, draft, keep, window->span);
        draft->is_good =
            wh_builder_select(builder, &window->since, keep, &made->since) && draft->is_good;
        break;
    }
}

/* How far back the moments of a signal are needed. */
static int64_t
signal_keep(const struct wh_builder *builder, const struct wh_aggregate *made)
{
    switch (made->window) {
    case WH_WINDOW_LIFE:
        return 0;
    case WH_WINDOW_WITHIN:
    case WH_WINDOW_BETWEEN:
        return made->a;
    case WH_WINDOW_THIS:
        return wh_builder_period_max(made->period) + WH_US_PER_DAY;
    case WH_WINDOW_PREVIOUS:
        return 2 * wh_builder_period_max(made->period) + WH_US_PER_DAY;
    case WH_WINDOW_THIS_SESSION:
    case WH_WINDOW_SINCE:
        return builder->compiler->ruleset->history_keep;
    }
    return 0;
}

static bool
is_life(const struct wh_aggregate *made)
{
    return made->window == WH_WINDOW_LIFE && !made->sees_all && !made->people;
}

/* `where` or value: a program of its own in which `it` is known. */
static struct wh_program
build_inner(struct wh_builder *outer, struct draft *draft, struct wh_expr *expr, bool is_where)
{
    struct wh_builder builder = {.compiler = outer->compiler,
                                 .where = outer->where,
                                 .tree = outer->tree,
                                 .fallback = outer->fallback,
                                 .is_inner = true,
                                 .is_people = draft->made.people,
                                 .it_changed = wh_builder_changed(outer, &draft->made.of)};
    struct wh_operand root =
        is_where ? wh_builder_bool(&builder, expr) : wh_builder_expr(&builder, expr);
    if (!wh_operand_is_ok(root)) {
        draft->is_good = false;
        return (struct wh_program){0};
    }
    draft->made.uses_touch = draft->made.uses_touch || builder.uses_touch;
    draft->uses_step = draft->uses_step || builder.uses_step;
    if (!is_where) {
        draft->value = root.type;
    }
    if (builder.uses_other && is_life(&draft->made)) {
        fail(outer, draft, builder.other,
             is_where ? "over the whole life, where can only use it and constants"
                      : "over the whole life, the value can only use it and constants");
    }
    return wh_builder_finish(&builder, expr, root);
}

static bool
needs_window(enum wh_aggregate_kind kind)
{
    return kind == WH_AGGREGATE_DISTINCT || kind == WH_AGGREGATE_TOP || kind == WH_AGGREGATE_LIST;
}

static void
check_life(struct wh_builder *builder, struct draft *draft)
{
    if (draft->made.window != WH_WINDOW_LIFE || draft->made.people ||
        !needs_window(draft->made.kind)) {
        return;
    }
    struct wh_location location = wh_builder_place(builder, draft->expr->span);
    wh_problem_error(builder->compiler->problems, &location,
                     "%s() over the whole life needs a window",
                     wh_expr_aggregate_str(draft->source->kind));
    draft->is_good = false;
}

/* False when a value of that type cannot be added up, compared, … */
static bool
fits(enum wh_aggregate_kind kind, const struct wh_static *value)
{
    bool is_quantity = value->type == WH_TYPE_NUMBER || value->type == WH_TYPE_TIME ||
                       value->type == WH_TYPE_DURATION || value->type == WH_TYPE_UNKNOWN;
    switch (kind) {
    case WH_AGGREGATE_SUM:
        return value->type == WH_TYPE_NUMBER || value->type == WH_TYPE_UNKNOWN;
    case WH_AGGREGATE_MIN:
    case WH_AGGREGATE_MAX:
    case WH_AGGREGATE_AVG:
        return is_quantity;
    case WH_AGGREGATE_COUNT:
    case WH_AGGREGATE_DISTINCT:
    case WH_AGGREGATE_FIRST:
    case WH_AGGREGATE_LAST:
    case WH_AGGREGATE_TOP:
    case WH_AGGREGATE_LIST:
    case WH_AGGREGATE_SILENT:
    case WH_AGGREGATE_SINCE:
        return value->type != WH_TYPE_LIST;
    }
    return false;
}

static void
check_value(struct wh_builder *builder, struct draft *draft)
{
    if (!draft->is_good || draft->source->value == NULL || fits(draft->made.kind, &draft->value)) {
        return;
    }
    bool is_sum = draft->made.kind == WH_AGGREGATE_SUM;
    struct wh_location location = wh_builder_place(builder, draft->source->value->span);
    wh_problem_error(builder->compiler->problems, &location, "%s() needs %s, found %s",
                     wh_expr_aggregate_str(draft->source->kind),
                     is_sum ? "numbers" : "numbers, times or durations",
                     wh_static_str(&draft->value));
    draft->is_good = false;
}

static struct wh_static
result_type(const struct draft *draft)
{
    struct wh_static type = wh_static_of(WH_TYPE_NUMBER);
    switch (draft->made.kind) {
    case WH_AGGREGATE_COUNT:
    case WH_AGGREGATE_SUM:
    case WH_AGGREGATE_DISTINCT:
        return type;
    case WH_AGGREGATE_MIN:
    case WH_AGGREGATE_MAX:
    case WH_AGGREGATE_AVG:
    case WH_AGGREGATE_FIRST:
    case WH_AGGREGATE_LAST:
    case WH_AGGREGATE_TOP:
        return draft->value;
    case WH_AGGREGATE_LIST:
        type = wh_static_of(WH_TYPE_LIST);
        type.element = draft->value.type;
        return type;
    case WH_AGGREGATE_SILENT:
        return wh_static_of(WH_TYPE_BOOL);
    case WH_AGGREGATE_SINCE:
        type = wh_static_of(WH_TYPE_DURATION);
        type.clock = "since()";
        return type;
    }
    return type;
}

static struct wh_str
draft_key(struct wh_builder *builder, const struct draft *draft)
{
    struct wh_buf key;
    wh_buf_init(&key, builder->compiler->arena);
    struct wh_expr expr = *draft->expr;
    wh_print_expr(&key, &expr);
    wh_buf_push_char(&key, draft->made.sees_all ? '!' : '.');
    if (draft->made.uses_touch) {
        wh_buf_push_int(&key, builder->where->changed_label);
    }
    if (draft->uses_step) {
        /* Each sequence has steps of its own. */
        wh_buf_push_char(&key, '@');
        wh_buf_push_int(&key, builder->where->steps->trigger);
    }
    return wh_buf_str(&key);
}

static int32_t
intern(struct wh_builder *builder, const struct draft *draft)
{
    struct wh_compiler *compiler = builder->compiler;
    struct wh_ruleset *ruleset = compiler->ruleset;
    struct wh_str key = draft_key(builder, draft);
    int64_t found = -1;
    if (wh_table_find(&compiler->aggregate_index, key, &found)) {
        struct wh_aggregate *former = &ruleset->aggregates[found];
        former->watched = former->watched || draft->made.watched;
        return (int32_t)found;
    }
    size_t at = ruleset->aggregate_count;
    ruleset->aggregates =
        wh_compiler_room(compiler, ruleset->aggregates, at, sizeof(struct wh_aggregate));
    ruleset->aggregates[at] = draft->made;
    wh_table_put(&compiler->aggregate_index, key, (int64_t)at);
    ruleset->aggregate_count++;
    if (ruleset->aggregate_count == AGGREGATES_MAX + 1) {
        struct wh_location location = wh_builder_place(builder, draft->expr->span);
        wh_problem_error(compiler->problems, &location,
                         "1,025 different aggregates; a model has at most 1,024");
    }
    return (int32_t)at;
}

static bool
is_of_people(const struct wh_builder *builder, const struct wh_expr_aggregate *source)
{
    return builder->compiler->is_company && source->selector.count == 1 &&
           source->selector.picks[0].kind == WH_EXPR_PICK_PEOPLE;
}

/* They are as they last reported: there is no window and nothing that goes by. */
static void
read_people(struct wh_builder *builder, struct draft *draft)
{
    const struct wh_expr_aggregate *source = draft->source;
    builder->compiler->counts_people = true;
    if (source->window.kind != WH_EXPR_WINDOW_NONE) {
        fail(builder, draft, source->window.span, "people have no window: they are as reported");
    } else if (draft->made.kind == WH_AGGREGATE_SILENT || draft->made.kind == WH_AGGREGATE_SINCE) {
        fail(builder, draft, draft->expr->span,
             "people do not act: silent() and since() are of "
             "touches");
    }
}

static void
fill(struct wh_builder *builder, struct draft *draft)
{
    struct wh_expr_aggregate *source = draft->source;
    struct wh_aggregate *made = &draft->made;
    read_window(builder, draft);
    if (made->kind == WH_AGGREGATE_SILENT) {
        made->a = read_length(builder, draft, &source->length);
    }
    made->of.any = source->selector.count == 0;
    made->people = is_of_people(builder, source);
    /* Without such a touch the first act counts (silent), and windows of sessions need all. */
    builder->compiler->hears_acts = builder->compiler->hears_acts || made->of.any ||
                                    made->kind == WH_AGGREGATE_SILENT ||
                                    made->window == WH_WINDOW_THIS_SESSION;
    if (made->people) {
        read_people(builder, draft);
    } else if (source->selector.count > 0 &&
               !wh_builder_select(builder, &source->selector, signal_keep(builder, made),
                                  &made->of)) {
        draft->is_good = false;
        return;
    }
    if (source->where != NULL) {
        made->where = build_inner(builder, draft, source->where, true);
    }
    if (source->value != NULL) {
        made->value = build_inner(builder, draft, source->value, false);
    }
    check_life(builder, draft);
    check_value(builder, draft);
}

static bool
may_stand(struct wh_builder *builder, const struct wh_expr *expr)
{
    const char *message = NULL;
    if (!builder->where->has_aggregates) {
        message = "aggregates are not possible";
    } else if (builder->is_inner) {
        message = "an aggregate cannot stand inside another";
    }
    if (message == NULL) {
        return true;
    }
    struct wh_location location = wh_builder_place(builder, expr->span);
    if (builder->is_inner) {
        wh_problem_error(builder->compiler->problems, &location, "%s", message);
    } else {
        wh_problem_error(builder->compiler->problems, &location, "%s in %s", message,
                         builder->where->name);
    }
    return false;
}

struct wh_operand
wh_builder_aggregate(struct wh_builder *builder, struct wh_expr *expr)
{
    if (!may_stand(builder, expr)) {
        return wh_operand_failed;
    }
    struct draft draft = {.expr = expr, .source = expr->aggregate, .is_good = true};
    draft.made.kind = kind_of(expr->aggregate->kind);
    draft.made.sees_all = builder->where->sees_all;
    draft.made.watched = builder->where->is_watched;
    draft.made.cell = -1;
    fill(builder, &draft);
    if (!draft.is_good) {
        return wh_operand_failed;
    }
    struct wh_static type = result_type(&draft);
    draft.made.type = type.type;
    return wh_builder_read(builder, WH_OP_AGGREGATE, intern(builder, &draft), type, expr->span);
}
