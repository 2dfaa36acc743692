#include "engine/language/bounds.h"

#include "engine/base/decimal.h"

static const struct wh_bounds unbounded = {false, false, 0, 0};

static struct wh_bounds
point(int64_t value)
{
    return (struct wh_bounds){true, true, value, value};
}

static struct wh_bounds
add(struct wh_bounds a, struct wh_bounds b)
{
    struct wh_bounds sum = {0};
    sum.has_min = a.has_min && b.has_min && wh_decimal_add(a.min, b.min, &sum.min);
    sum.has_max = a.has_max && b.has_max && wh_decimal_add(a.max, b.max, &sum.max);
    return sum;
}

static struct wh_bounds
negate(struct wh_bounds a)
{
    return (struct wh_bounds){a.has_max, a.has_min, -a.max, -a.min};
}

/* One factor has to be a constant: all that models multiply by. */
static struct wh_bounds
scale(struct wh_bounds a, int64_t factor)
{
    struct wh_bounds scaled = {0};
    struct wh_bounds turned = factor < 0 ? negate(a) : a;
    int64_t size = factor < 0 ? -factor : factor;
    if (factor == 0) {
        return point(0);
    }
    scaled.has_min = turned.has_min && wh_decimal_mul(turned.min, size, &scaled.min);
    scaled.has_max = turned.has_max && wh_decimal_mul(turned.max, size, &scaled.max);
    return scaled;
}

static bool
is_point(struct wh_bounds a)
{
    return a.has_min && a.has_max && a.min == a.max;
}

static struct wh_bounds
multiply(struct wh_bounds a, struct wh_bounds b)
{
    if (is_point(a)) {
        return scale(b, a.min);
    }
    return is_point(b) ? scale(a, b.min) : unbounded;
}

/* Everything that is in a or in b. */
static struct wh_bounds
join(struct wh_bounds a, struct wh_bounds b)
{
    return (struct wh_bounds){
        .has_min = a.has_min && b.has_min,
        .has_max = a.has_max && b.has_max,
        .min = a.min < b.min ? a.min : b.min,
        .max = a.max > b.max ? a.max : b.max,
    };
}

static struct wh_bounds
of_table(const struct wh_lookup *table)
{
    if (table->type != WH_TYPE_NUMBER || table->count == 0) {
        return unbounded;
    }
    struct wh_bounds bounds = point(table->values[0].number);
    for (size_t i = 1; i < table->count; i++) {
        bounds = join(bounds, point(table->values[i].number));
    }
    return table->fallback.type == WH_TYPE_NUMBER ? join(bounds, point(table->fallback.number))
                                                  : bounds;
}

static struct wh_bounds
of_aggregate(const struct wh_aggregate *aggregate)
{
    bool is_count =
        aggregate->kind == WH_AGGREGATE_COUNT || aggregate->kind == WH_AGGREGATE_DISTINCT;
    return (struct wh_bounds){.has_min = is_count};
}

struct wh_bounds
wh_bounds_node(const struct wh_bounds_table *table, const struct wh_program *program, int node)
{
    const struct wh_node *at = &program->nodes[node];
    const struct wh_ruleset *ruleset = table->compiler->ruleset;
    if (at->type != WH_TYPE_NUMBER) {
        return unbounded;
    }
    switch (at->op) {
    case WH_OP_CONST:
        return point(at->arg);
    case WH_OP_SCORE:
        return table->scores[at->arg];
    case WH_OP_NEG:
        return negate(wh_bounds_node(table, program, at->first));
    case WH_OP_ADD:
        return add(wh_bounds_node(table, program, at->first),
                   wh_bounds_node(table, program, at->second));
    case WH_OP_SUB:
        return add(wh_bounds_node(table, program, at->first),
                   negate(wh_bounds_node(table, program, at->second)));
    case WH_OP_MUL:
        return multiply(wh_bounds_node(table, program, at->first),
                        wh_bounds_node(table, program, at->second));
    case WH_OP_TABLE:
        return table->tables[at->arg];
    case WH_OP_AGGREGATE:
        return of_aggregate(&ruleset->aggregates[at->arg]);
    default:
        return unbounded; /* what touches bring has no bounds */
    }
}

struct wh_bounds
wh_bounds_limit(struct wh_bounds bounds, const struct wh_limit *limit)
{
    if (limit->has_min) {
        bounds.min = bounds.has_min && bounds.min > limit->min ? bounds.min : limit->min;
        bounds.has_min = true;
        bounds.max = bounds.has_max && bounds.max < limit->min ? limit->min : bounds.max;
    }
    if (limit->has_max) {
        bounds.max = bounds.has_max && bounds.max < limit->max ? bounds.max : limit->max;
        bounds.has_max = true;
        bounds.min = bounds.has_min && bounds.min > limit->max ? limit->max : bounds.min;
    }
    return bounds;
}

struct wh_bounds
wh_bounds_points(const struct wh_bounds_table *table, const struct wh_rule *rule)
{
    return rule->points.count == 0 ? unbounded
                                   : wh_bounds_node(table, &rule->points, rule->points.root);
}

static bool
pays_once(const struct wh_rule *rule)
{
    return rule->is_state || rule->is_set || rule->progressive_lead ||
           (rule->once_count == 1 && rule->once[0].kind == WH_ONCE_LEAD);
}

struct wh_bounds
wh_bounds_rule(const struct wh_bounds_table *table, const struct wh_rule *rule)
{
    struct wh_bounds bounds = join(wh_bounds_points(table, rule), point(0));
    if (!pays_once(rule)) {
        bounds.has_min = bounds.has_min && bounds.min >= 0;
        bounds.has_max = bounds.has_max && bounds.max <= 0;
    }
    bool is_progressive = rule->progressive.count > 0 || rule->progressive_lead;
    if (is_progressive) {
        bounds.has_min = true;
        bounds.min = 0;
    }
    return wh_bounds_limit(bounds, &rule->limit);
}

struct wh_bounds
wh_bounds_group(const struct wh_bounds_table *table, const struct wh_score *score, int32_t group,
                int32_t except)
{
    struct wh_bounds sum = point(0);
    for (size_t i = 0; i < score->rule_count; i++) {
        int32_t index = score->first_rule + (int32_t)i;
        const struct wh_rule *rule = &table->compiler->ruleset->rules[index];
        if (rule->group == group && index != except) {
            sum = add(sum, wh_bounds_rule(table, rule));
        }
    }
    return group < 0 ? sum : wh_bounds_limit(sum, &score->groups[group].limit);
}

struct wh_bounds
wh_bounds_sum(const struct wh_bounds_table *table, const struct wh_score *score, int32_t except)
{
    if (score->is_value) {
        return score->value.count == 0 ? unbounded
                                       : wh_bounds_node(table, &score->value, score->value.root);
    }
    struct wh_bounds sum = wh_bounds_group(table, score, -1, except);
    for (size_t i = 0; i < score->group_count; i++) {
        sum = add(sum, wh_bounds_group(table, score, (int32_t)i, except));
    }
    return sum;
}

static struct wh_bounds
of_score(const struct wh_bounds_table *table, const struct wh_score *score)
{
    struct wh_bounds sum = wh_bounds_sum(table, score, -1);
    if (score->is_value) {
        sum = join(sum, point(0)); /* 0 while it is unknown */
    }
    return wh_bounds_limit(sum, &score->limit);
}

void
wh_bounds_init(struct wh_bounds_table *table, const struct wh_compiler *compiler)
{
    const struct wh_ruleset *ruleset = compiler->ruleset;
    *table = (struct wh_bounds_table){
        .compiler = compiler,
        .scores = WH_ARENA_ARRAY(compiler->arena, struct wh_bounds, ruleset->score_count),
    };
    table->tables = WH_ARENA_ARRAY(compiler->arena, struct wh_bounds, ruleset->table_count);
    for (size_t i = 0; i < ruleset->table_count; i++) {
        table->tables[i] = of_table(&ruleset->tables[i]);
    }
    for (size_t i = 0; i < ruleset->order_count; i++) {
        int32_t index = ruleset->order[i].index;
        if (ruleset->order[i].kind == WH_ORDER_SCORE) {
            table->scores[index] = of_score(table, &ruleset->scores[index]);
        }
    }
}

void
wh_bounds_thirds(const struct wh_fit *fit, int32_t *ret_min, int32_t *ret_max)
{
    *ret_min = 0;
    *ret_max = 0;
    for (size_t i = 0; i < fit->count; i++) {
        int32_t match = fit->criteria[i].thirds;
        int32_t miss = fit->criteria[i].subtract ? -match : 0;
        int32_t high = match > miss ? match : miss;
        int32_t low = match < miss ? match : miss;
        *ret_max += high > 0 ? high : 0;
        *ret_min += low < 0 ? low : 0;
    }
}

void
wh_bounds_grade(const struct wh_fit *fit, int32_t *ret_min, int32_t *ret_max)
{
    int32_t low = 0;
    int32_t high = 0;
    wh_bounds_thirds(fit, &low, &high);
    low += fit->start;
    high += fit->start;
    *ret_min = low < 0 ? 0 : low;
    *ret_max = high >= WH_GRADE_COUNT ? WH_GRADE_COUNT - 1 : high;
}
