#include "engine/language/order.h"

#include <stdlib.h>

/* Vertices: all owners one after the other, in the order that breaks ties. */
struct graph {
    struct wh_compiler *compiler;
    size_t first[WH_OWNER_SUSPEND + 2]; /* by owner kind */
    size_t count;
    uint8_t *state; /* 0 new, 1 on the path, 2 done */
    size_t *path;   /* edges that lead from one to the next */
    size_t depth;
    bool has_cycle;
};

static size_t
count_of(const struct wh_ruleset *ruleset, enum wh_owner_kind kind)
{
    switch (kind) {
    case WH_OWNER_NONE:
        return 0;
    case WH_OWNER_SCORE:
        return ruleset->score_count;
    case WH_OWNER_LABEL:
        return ruleset->label_count;
    case WH_OWNER_SEGMENT:
        return ruleset->segment_count;
    case WH_OWNER_TRIGGER:
        return ruleset->trigger_count;
    case WH_OWNER_STAGE:
        return ruleset->stages.present ? 1 : 0;
    case WH_OWNER_QUALIFICATION:
        return ruleset->qualification_count;
    case WH_OWNER_GRADE:
    case WH_OWNER_SUSPEND:
        return 1;
    }
    return 0;
}

static size_t
vertex_of(const struct graph *graph, struct wh_owner owner)
{
    return graph->first[owner.kind] + (size_t)owner.index;
}

static struct wh_owner
owner_of(const struct graph *graph, size_t vertex)
{
    enum wh_owner_kind kind = WH_OWNER_SCORE;
    while (vertex >= graph->first[kind + 1]) {
        kind++;
    }
    return (struct wh_owner){kind, (int32_t)(vertex - graph->first[kind])};
}

struct wh_str
wh_order_name(const struct wh_compiler *compiler, struct wh_owner owner)
{
    const struct wh_ruleset *ruleset = compiler->ruleset;
    switch (owner.kind) {
    case WH_OWNER_NONE:
        return WH_STR("");
    case WH_OWNER_SCORE:
        return ruleset->scores[owner.index].id;
    case WH_OWNER_LABEL:
        return ruleset->labels[owner.index].id;
    case WH_OWNER_SEGMENT:
        return ruleset->segments[owner.index].id;
    case WH_OWNER_TRIGGER:
        return ruleset->triggers[owner.index].id;
    case WH_OWNER_STAGE:
        return WH_STR("stage");
    case WH_OWNER_QUALIFICATION:
        return ruleset->qualifications[owner.index].id;
    case WH_OWNER_GRADE:
        return WH_STR("grade");
    case WH_OWNER_SUSPEND:
        return WH_STR("suspend");
    }
    return WH_STR("");
}

static void
graph_init(struct graph *graph, struct wh_compiler *compiler)
{
    *graph = (struct graph){.compiler = compiler};
    for (int kind = WH_OWNER_NONE; kind <= WH_OWNER_SUSPEND; kind++) {
        graph->first[kind] = graph->count;
        graph->count += count_of(compiler->ruleset, (enum wh_owner_kind)kind);
    }
    graph->first[WH_OWNER_SUSPEND + 1] = graph->count;
    graph->state = WH_ARENA_ARRAY(compiler->arena, uint8_t, graph->count);
    graph->path = WH_ARENA_ARRAY(compiler->arena, size_t, graph->count + 1);
}

/* The path from the first edge that begins at `to` is the cycle. */
static void
report_cycle(struct graph *graph, size_t to)
{
    struct wh_compiler *compiler = graph->compiler;
    size_t begin = graph->depth;
    while (begin > 0 && vertex_of(graph, compiler->edges[graph->path[begin - 1]].from) != to) {
        begin--;
    }
    begin = begin > 0 ? begin - 1 : 0;
    struct wh_buf text;
    wh_buf_init(&text, compiler->problems->arena);
    for (size_t i = begin; i < graph->depth; i++) {
        const struct wh_edge *edge = &compiler->edges[graph->path[i]];
        wh_buf_printf(&text, "%s%.*s reads %.*s", i == begin ? "" : ", ",
                      WH_STR_ARG(wh_order_name(compiler, edge->from)),
                      WH_STR_ARG(wh_order_name(compiler, edge->to)));
    }
    const struct wh_edge *first = &compiler->edges[graph->path[begin]];
    struct wh_problem *problem = wh_problem_error(compiler->problems, &first->location,
                                                  "cycle: %.*s", WH_STR_ARG(wh_buf_str(&text)));
    for (size_t i = begin + 1; i < graph->depth; i++) {
        const struct wh_edge *edge = &compiler->edges[graph->path[i]];
        wh_problem_note(compiler->problems, problem, &edge->location, "%.*s reads %.*s here",
                        WH_STR_ARG(wh_order_name(compiler, edge->from)),
                        WH_STR_ARG(wh_order_name(compiler, edge->to)));
    }
    graph->has_cycle = true;
}

/* Depth at most one for each vertex: a model has some 1,200 at most. */
static void
visit(struct graph *graph, size_t vertex)
{
    struct wh_compiler *compiler = graph->compiler;
    graph->state[vertex] = 1;
    for (size_t i = 0; i < compiler->edge_count; i++) {
        const struct wh_edge *edge = &compiler->edges[i];
        if (vertex_of(graph, edge->from) != vertex) {
            continue;
        }
        size_t to = vertex_of(graph, edge->to);
        graph->path[graph->depth++] = i;
        if (graph->state[to] == 1) {
            report_cycle(graph, to);
        } else if (graph->state[to] == 0) {
            visit(graph, to);
        }
        graph->depth--;
    }
    graph->state[vertex] = 2;
}

static void
add_edge(struct wh_compiler *compiler, struct wh_owner from, struct wh_owner to,
         const struct wh_location *location)
{
    compiler->edges =
        wh_compiler_room(compiler, compiler->edges, compiler->edge_count, sizeof(struct wh_edge));
    compiler->edges[compiler->edge_count++] = (struct wh_edge){from, to, *location};
}

/* Rules with `on` of all scores look at the top-level suspend. */
static void
add_suspend(struct wh_compiler *compiler)
{
    const struct wh_tree *tree = wh_tree_find(compiler->root, "suspend");
    for (size_t i = 0; tree != NULL && i < compiler->ruleset->score_count; i++) {
        add_edge(compiler, (struct wh_owner){WH_OWNER_SCORE, (int32_t)i},
                 (struct wh_owner){WH_OWNER_SUSPEND, 0}, &tree->location);
    }
}

static bool
is_read(const struct wh_compiler *compiler, struct wh_owner owner)
{
    for (size_t i = 0; i < compiler->edge_count; i++) {
        const struct wh_owner *to = &compiler->edges[i].to;
        if (to->kind == owner.kind && to->index == owner.index) {
            return true;
        }
    }
    return false;
}

/* Grades and suspend are worked out when they are read; qualifications come after all others
 * unless something reads them. */
static bool
is_ordered(const struct wh_compiler *compiler, struct wh_owner owner)
{
    return owner.kind <= WH_OWNER_STAGE ||
           (owner.kind == WH_OWNER_QUALIFICATION && is_read(compiler, owner));
}

static enum wh_order_kind
order_kind(enum wh_owner_kind kind)
{
    static const enum wh_order_kind kinds[] = {
        [WH_OWNER_SCORE] = WH_ORDER_SCORE,     [WH_OWNER_LABEL] = WH_ORDER_LABEL,
        [WH_OWNER_SEGMENT] = WH_ORDER_SEGMENT, [WH_OWNER_TRIGGER] = WH_ORDER_TRIGGER,
        [WH_OWNER_STAGE] = WH_ORDER_STAGE,     [WH_OWNER_QUALIFICATION] = WH_ORDER_QUALIFICATION,
    };
    return kinds[kind];
}

/* By who reads, then by what is read, each in the order of the vertices. */
static int
compare_edges(const void *a, const void *b)
{
    const struct wh_edge *first = a;
    const struct wh_edge *second = b;
    if (first->from.kind != second->from.kind) {
        return (int)first->from.kind - (int)second->from.kind;
    }
    if (first->from.index != second->from.index) {
        return first->from.index < second->from.index ? -1 : 1;
    }
    if (first->to.kind != second->to.kind) {
        return (int)first->to.kind - (int)second->to.kind;
    }
    return first->to.index == second->to.index ? 0 : first->to.index < second->to.index ? -1 : 1;
}

/* What a vertex reads comes before it; otherwise in the order of the vertices. */
static void
place(struct graph *graph, size_t vertex, struct wh_order *order, size_t *count)
{
    struct wh_compiler *compiler = graph->compiler;
    if (graph->state[vertex] != 0) {
        return;
    }
    graph->state[vertex] = 1;
    for (size_t i = 0; i < compiler->edge_count; i++) {
        if (vertex_of(graph, compiler->edges[i].from) == vertex) {
            place(graph, vertex_of(graph, compiler->edges[i].to), order, count);
        }
    }
    struct wh_owner owner = owner_of(graph, vertex);
    if (is_ordered(compiler, owner)) {
        order[(*count)++] = (struct wh_order){order_kind(owner.kind), owner.index};
    }
}

void
wh_order_assign(struct wh_compiler *compiler)
{
    struct graph graph;
    add_suspend(compiler);
    graph_init(&graph, compiler);
    for (size_t i = 0; i < graph.count; i++) {
        if (graph.state[i] == 0) {
            visit(&graph, i);
        }
    }
    if (graph.has_cycle) {
        return;
    }
    memset(graph.state, 0, graph.count);
    if (compiler->edge_count > 0) {
        qsort(compiler->edges, compiler->edge_count, sizeof(*compiler->edges), compare_edges);
    }
    struct wh_order *order = WH_ARENA_ARRAY(compiler->arena, struct wh_order, graph.count);
    size_t count = 0;
    for (size_t i = 0; i < graph.count; i++) {
        place(&graph, i, order, &count);
    }
    compiler->ruleset->order = order;
    compiler->ruleset->order_count = count;
}

static bool
has_half_life(const struct wh_ruleset *ruleset, const struct wh_score *score)
{
    for (size_t i = 0; i < score->rule_count; i++) {
        const struct wh_rule *rule = &ruleset->rules[score->first_rule + (int32_t)i];
        if (!rule->is_state && rule->decay.kind == WH_DECAY_HALF_LIFE) {
            return true;
        }
    }
    return false;
}

/* True when this made a score moving that was not. */
static bool
pass_on(struct wh_ruleset *ruleset, const struct wh_edge *edge)
{
    if (edge->from.kind != WH_OWNER_SCORE || edge->to.kind != WH_OWNER_SCORE ||
        !ruleset->scores[edge->to.index].moving || ruleset->scores[edge->from.index].moving) {
        return false;
    }
    ruleset->scores[edge->from.index].moving = true;
    return true;
}

void
wh_order_mark_moving(struct wh_compiler *compiler)
{
    struct wh_ruleset *ruleset = compiler->ruleset;
    for (size_t i = 0; i < ruleset->score_count; i++) {
        ruleset->scores[i].moving = has_half_life(ruleset, &ruleset->scores[i]);
    }
    bool is_changed = true;
    while (is_changed) {
        is_changed = false;
        for (size_t i = 0; i < compiler->edge_count; i++) {
            is_changed = pass_on(ruleset, &compiler->edges[i]) || is_changed;
        }
    }
}
