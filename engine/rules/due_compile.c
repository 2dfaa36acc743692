/* Walks all that is watched, and all that this reads, once; works out the flags of nodes on the
 * way and notes what time alone can change. */
#include "engine/rules/due.h"
#include "engine/rules/operators.h"
#include "engine/rules/ticks.h"

/* What a value does between two breakpoints. */
#define CONTINUOUS (WH_NODE_MOVING | WH_NODE_CLOCK)

/* What is known of one score, label, segment or aggregate. */
struct fact {
    bool is_done;
    uint8_t flags; /* CONTINUOUS and WH_NODE_VARIES */
};

struct walk {
    struct wh_arena *arena;
    struct wh_ruleset *ruleset;
    struct wh_tick *ticks;
    size_t tick_count, tick_capacity;
    struct wh_leaf *leaves;
    size_t leaf_count, leaf_capacity;
    struct fact *scores, *labels, *segments, *aggregates, *schedules;
    struct fact grade, session, stale;
};

static uint8_t watch(struct walk *walk, const struct wh_program *program);

static void
push_tick(struct walk *walk, struct wh_tick tick)
{
    if (walk->tick_count == walk->tick_capacity) {
        walk->tick_capacity = 2 * walk->tick_capacity + 16;
        walk->ticks = wh_arena_grow(walk->arena, walk->ticks, walk->tick_count, walk->tick_capacity,
                                    sizeof(*walk->ticks));
    }
    walk->ticks[walk->tick_count++] = tick;
}

static void
push_leaf(struct walk *walk, struct wh_leaf leaf)
{
    if (walk->leaf_count == walk->leaf_capacity) {
        walk->leaf_capacity = 2 * walk->leaf_capacity + 16;
        walk->leaves = wh_arena_grow(walk->arena, walk->leaves, walk->leaf_count,
                                     walk->leaf_capacity, sizeof(*walk->leaves));
    }
    walk->leaves[walk->leaf_count++] = leaf;
}

/* True the first time. */
static bool
enter(struct fact *fact)
{
    bool is_new = !fact->is_done;
    fact->is_done = true;
    return is_new;
}

static uint8_t
watch_rule(struct walk *walk, int32_t index)
{
    const struct wh_rule *rule = &walk->ruleset->rules[index];
    if (rule->is_state) {
        uint8_t condition = watch(walk, &rule->when);
        return (uint8_t)(watch(walk, &rule->points) | (condition & WH_NODE_VARIES));
    }
    switch (rule->decay.kind) {
    case WH_DECAY_NONE:
        break;
    case WH_DECAY_HALF_LIFE:
        return WH_NODE_MOVING | WH_NODE_VARIES;
    case WH_DECAY_STEP_LINEAR:
    case WH_DECAY_STEP_GEOMETRIC:
    case WH_DECAY_CLIFF:
        push_tick(walk, (struct wh_tick){.kind = WH_TICK_STEPS, .index = index});
        break;
    }
    return 0;
}

static uint8_t
watch_score(struct walk *walk, int64_t index)
{
    struct wh_score *score = &walk->ruleset->scores[index];
    struct fact *fact = &walk->scores[index];
    if (!enter(fact)) {
        return fact->flags;
    }
    if (score->is_value) {
        fact->flags = watch(walk, &score->value);
    }
    for (size_t i = 0; !score->is_value && i < score->rule_count; i++) {
        fact->flags |= watch_rule(walk, score->first_rule + (int32_t)i);
    }
    score->moving = (fact->flags & WH_NODE_MOVING) != 0;
    return fact->flags;
}

static uint8_t
watch_bands(struct walk *walk, int64_t index)
{
    uint8_t flags = watch(walk, &walk->ruleset->labels[index].of);
    if ((flags & CONTINUOUS) != 0) {
        push_leaf(walk, (struct wh_leaf){.label = (int32_t)index,
                                         .is_moving = (flags & WH_NODE_MOVING) != 0});
    }
    return flags;
}

static uint8_t
watch_label(struct walk *walk, int64_t index)
{
    const struct wh_label *label = &walk->ruleset->labels[index];
    struct fact *fact = &walk->labels[index];
    if (!enter(fact)) {
        return fact->flags;
    }
    uint8_t flags = label->is_cases ? 0 : watch_bands(walk, index);
    for (size_t i = 0; label->is_cases && i < label->case_count; i++) {
        flags |= watch(walk, &label->cases[i]);
    }
    fact->flags = flags & WH_NODE_VARIES;
    return fact->flags;
}

static uint8_t
watch_segment(struct walk *walk, int64_t index)
{
    struct fact *fact = &walk->segments[index];
    if (enter(fact)) {
        fact->flags = watch(walk, &walk->ruleset->segments[index].when) & WH_NODE_VARIES;
    }
    return fact->flags;
}

static uint8_t
watch_grade(struct walk *walk)
{
    const struct wh_fit *fit = &walk->ruleset->fit;
    bool is_new = enter(&walk->grade);
    for (size_t i = 0; is_new && i < fit->count; i++) {
        walk->grade.flags |= watch(walk, &fit->criteria[i].when) & WH_NODE_VARIES;
    }
    return walk->grade.flags;
}

static uint8_t
watch_session(struct walk *walk, enum wh_session_fact fact)
{
    if (enter(&walk->session)) {
        push_tick(walk, (struct wh_tick){.kind = WH_TICK_SESSION});
    }
    return fact == WH_SESSION_LENGTH ? WH_NODE_CLOCK | WH_NODE_VARIES : 0;
}

static bool
is_settled(const struct wh_program *program)
{
    bool settled = true;
    for (uint16_t i = 0; i < program->count; i++) {
        enum wh_op op = (enum wh_op)program->nodes[i].op;
        settled = settled && (wh_operators_count(op) > 0 || op == WH_OP_CONST ||
                              op == WH_OP_IT_FIELD || op == WH_OP_IT_META);
    }
    return settled;
}

static uint8_t
watch_aggregate(struct walk *walk, int64_t index)
{
    const struct wh_aggregate *aggregate = &walk->ruleset->aggregates[index];
    struct fact *fact = &walk->aggregates[index];
    if (!enter(fact)) {
        return fact->flags;
    }
    uint8_t condition = watch(walk, &aggregate->where);
    uint8_t value = watch(walk, &aggregate->value);
    if (aggregate->kind == WH_AGGREGATE_SINCE) {
        fact->flags = WH_NODE_CLOCK | WH_NODE_VARIES;
        return fact->flags;
    }
    if (aggregate->window == WH_WINDOW_THIS_SESSION) {
        (void)watch_session(walk, WH_SESSION_NUMBER);
    } else if (aggregate->kind == WH_AGGREGATE_SILENT || aggregate->window != WH_WINDOW_LIFE) {
        push_tick(walk, (struct wh_tick){.kind = WH_TICK_WINDOW,
                                         .index = (int32_t)index,
                                         .is_settled = is_settled(&aggregate->where)});
    }
    bool varies = ((condition | value) & WH_NODE_VARIES) != 0;
    fact->flags = (uint8_t)((value & CONTINUOUS) | (varies ? WH_NODE_VARIES : 0));
    return fact->flags;
}

static uint8_t
watch_schedule(struct walk *walk, int64_t index)
{
    if (enter(&walk->schedules[index])) {
        push_tick(walk, (struct wh_tick){.kind = WH_TICK_SCHEDULE, .index = (int32_t)index});
    }
    return 0;
}

static uint8_t
watch_stale(struct walk *walk)
{
    if (enter(&walk->stale)) {
        push_tick(walk, (struct wh_tick){.kind = WH_TICK_STALE});
    }
    return 0;
}

/* A node without operands. */
static uint8_t
watch_name(struct walk *walk, const struct wh_node *node)
{
    enum wh_op op = (enum wh_op)node->op;
    if (op == WH_OP_SCORE) {
        return watch_score(walk, node->arg);
    }
    if (op == WH_OP_LABEL) {
        return watch_label(walk, node->arg);
    }
    if (op == WH_OP_SEGMENT) {
        return watch_segment(walk, node->arg);
    }
    if (op == WH_OP_GRADE) {
        return watch_grade(walk);
    }
    if (op == WH_OP_AGGREGATE) {
        return watch_aggregate(walk, node->arg);
    }
    if (op == WH_OP_SESSION) {
        return watch_session(walk, (enum wh_session_fact)node->arg);
    }
    if (op == WH_OP_SCHEDULE) {
        return watch_schedule(walk, node->arg);
    }
    if (op == WH_OP_STALE) {
        return watch_stale(walk);
    }
    return op == WH_OP_NOW ? WH_NODE_CLOCK | WH_NODE_VARIES : 0;
}

static bool
is_continuous(enum wh_op op)
{
    return (op >= WH_OP_NEG && op <= WH_OP_DIV) || (op >= WH_OP_LEAST && op <= WH_OP_ABS) ||
           op == WH_OP_DEFAULT;
}

static uint8_t
upward(const struct wh_program *program, int16_t operand)
{
    uint8_t flags = program->nodes[operand].flags;
    return (flags & WH_NODE_LEAF) != 0 ? flags & WH_NODE_VARIES : flags;
}

static uint8_t
flags_of(struct walk *walk, const struct wh_program *program, const struct wh_node *node)
{
    enum wh_op op = (enum wh_op)node->op;
    int operands = wh_operators_count(op);
    if (operands == 0) {
        uint8_t flags = watch_name(walk, node);
        /* An aggregate over conditions that move is one place where flips are looked for. */
        bool is_leaf = op == WH_OP_AGGREGATE && flags == WH_NODE_VARIES;
        return is_leaf ? WH_NODE_LEAF | WH_NODE_MOVING | WH_NODE_VARIES : flags;
    }
    uint8_t flags = upward(program, node->first);
    if (operands == 2) {
        flags |= upward(program, node->second);
    }
    if (is_continuous(op) || (flags & CONTINUOUS) == 0) {
        return flags;
    }
    return flags | WH_NODE_LEAF;
}

/* Flags of all nodes; what the root does between two breakpoints. */
static uint8_t
watch(struct walk *walk, const struct wh_program *program)
{
    for (uint16_t i = 0; i < program->count; i++) {
        struct wh_node *node = &program->nodes[i];
        node->flags = flags_of(walk, program, node);
        if ((node->flags & WH_NODE_LEAF) != 0) {
            push_leaf(walk, (struct wh_leaf){.program = program,
                                             .node = i,
                                             .label = -1,
                                             .is_moving = (node->flags & WH_NODE_MOVING) != 0});
        }
    }
    return program->count == 0 ? 0 : upward(program, (int16_t)program->root);
}

/* What people report changes with time, too, and their company is to know. */
static void
watch_reports(struct walk *walk)
{
    const struct wh_telling *telling = walk->ruleset->telling;
    for (size_t i = 0; telling != NULL && telling->reports && i < telling->report_count; i++) {
        const struct wh_told *told = &telling->report[i];
        if (told->kind == WH_TOLD_LABEL) {
            (void)watch_label(walk, told->index);
        } else if (told->kind == WH_TOLD_GRADE) {
            (void)watch_grade(walk);
        }
    }
}

static void
watch_decisions(struct walk *walk)
{
    const struct wh_ruleset *ruleset = walk->ruleset;
    for (size_t i = 0; i < ruleset->segment_count; i++) {
        (void)watch_segment(walk, (int64_t)i);
    }
    for (size_t i = 0; i < ruleset->label_count; i++) {
        if (ruleset->labels[i].announce || ruleset->labels[i].changed_signal >= 0) {
            (void)watch_label(walk, (int64_t)i);
        }
    }
    for (size_t i = 0; i < ruleset->trigger_count; i++) {
        if (!ruleset->triggers[i].has_on) {
            (void)watch(walk, &ruleset->triggers[i].when);
        }
    }
    for (size_t i = 0; i < ruleset->stages.move_count; i++) {
        if (!ruleset->stages.moves[i].has_on) {
            (void)watch(walk, &ruleset->stages.moves[i].when);
        }
    }
    for (size_t i = 0; i < ruleset->qualification_count; i++) {
        const struct wh_qualification *qualification = &ruleset->qualifications[i];
        (void)watch(walk, &qualification->arm);
        (void)watch(walk, &qualification->disarm);
        (void)watch(walk, &qualification->gate);
        (void)watch(walk, &qualification->except);
    }
    for (size_t i = 0; i < ruleset->track_count; i++) {
        (void)watch(walk, &ruleset->tracks[i].enter);
        (void)watch(walk, &ruleset->tracks[i].exit);
    }
    (void)watch(walk, &ruleset->audience);
}

void
wh_due_compile(struct wh_arena *arena, struct wh_ruleset *ruleset)
{
    struct walk walk = {
        .arena = arena,
        .ruleset = ruleset,
        .scores = WH_ARENA_ARRAY(arena, struct fact, ruleset->score_count),
        .labels = WH_ARENA_ARRAY(arena, struct fact, ruleset->label_count),
        .segments = WH_ARENA_ARRAY(arena, struct fact, ruleset->segment_count),
        .aggregates = WH_ARENA_ARRAY(arena, struct fact, ruleset->aggregate_count),
        .schedules = WH_ARENA_ARRAY(arena, struct fact, ruleset->schedule_count),
    };
    watch_decisions(&walk);
    watch_reports(&walk);
    struct wh_ticks *ticks = WH_ARENA_NEW(arena, struct wh_ticks);
    *ticks = (struct wh_ticks){walk.ticks, walk.tick_count, walk.leaves, walk.leaf_count};
    /* Nothing acts on the other scores, but whether they move is told of them too. */
    for (size_t i = 0; i < ruleset->score_count; i++) {
        (void)watch_score(&walk, (int64_t)i);
    }
    ruleset->ticks = ticks;
}
