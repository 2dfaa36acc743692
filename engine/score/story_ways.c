/* What is missing, and what could bring it: how far a relation is from being true, which rules can
 * still bring points to a score that is too low, and what a segment hangs on. */
#include "engine/score/story_parts.h"

/* Segments that hang on segments are told down to here. */
#define DEPTH_MAX 4

static bool
is_reaching(enum wh_op op)
{
    return op == WH_OP_GE || op == WH_OP_GT;
}

/* How much more the left side needs, of numbers and durations. */
static void
add_missing(struct wh_teller *teller, const struct wh_program *program, const struct wh_node *node,
            struct wh_story_condition *condition)
{
    struct wh_value left = wh_eval_node(teller->view, program, (uint16_t)node->first);
    struct wh_value right = wh_eval_node(teller->view, program, (uint16_t)node->second);
    bool is_counted = left.type == WH_TYPE_NUMBER || left.type == WH_TYPE_DURATION;
    int64_t difference = 0;
    if (is_counted && left.type == right.type &&
        !__builtin_sub_overflow(right.number, left.number, &difference) && difference > 0) {
        condition->missing =
            wh_eval_text(teller->view, program, wh_value_of((enum wh_type)left.type, difference));
    }
}

/* A rule that pays once for each lead has nothing left when it has paid. */
static bool
is_spent(const struct wh_teller *teller, const struct wh_rule *rule)
{
    bool is_once = rule->once_count > 0;
    for (size_t i = 0; i < rule->once_count; i++) {
        is_once = is_once && rule->once[i].kind == WH_ONCE_LEAD;
    }
    return is_once && teller->state->live.cells[rule->paid_cell] > 0;
}

/* What the rule pays, when that does not depend on the touch; 0: it does, or pays nothing. */
static int64_t
points_of(const struct wh_rule *rule)
{
    const struct wh_node *node =
        rule->points.count > 0 ? &rule->points.nodes[rule->points.root] : NULL;
    bool is_plain = !rule->is_state && !rule->is_set && node != NULL && node->op == WH_OP_CONST &&
                    node->type == WH_TYPE_NUMBER;
    return is_plain ? node->arg : 0;
}

/* The largest first; of equal ones that which stands first in the model. */
static void
offer(struct wh_teller *teller, const struct wh_rule *rule, struct wh_story_way *ways,
      size_t *count)
{
    int64_t points = points_of(rule);
    size_t place = *count;
    while (place > 0 && ways[place - 1].points < points) {
        place--;
    }
    if (points <= 0 || is_spent(teller, rule) || place == WH_STORY_WAYS_MAX) {
        return;
    }
    *count += *count < WH_STORY_WAYS_MAX ? 1 : 0;
    for (size_t i = *count - 1; i > place; i--) {
        ways[i] = ways[i - 1];
    }
    ways[place] =
        (struct wh_story_way){.rule = rule->id, .points = points, .when = rule->when.source};
    ways[place].on = wh_story_selector_words(teller, &rule->on, &ways[place].on_count);
}

static void
add_rules(struct wh_teller *teller, int64_t index, struct wh_story_condition *condition)
{
    const struct wh_score *score = &teller->ruleset->scores[index];
    struct wh_story_way *ways =
        WH_ARENA_ARRAY(teller->arena, struct wh_story_way, WH_STORY_WAYS_MAX);
    for (size_t i = 0; i < score->rule_count; i++) {
        offer(teller, &teller->ruleset->rules[(size_t)score->first_rule + i], ways,
              &condition->way_count);
    }
    condition->ways = ways;
}

static void
add_inner(struct wh_teller *teller, int64_t index, struct wh_story_condition *condition)
{
    const struct wh_program *when = &teller->ruleset->segments[index].when;
    if (teller->depth < DEPTH_MAX && when->count > 0) {
        struct wh_story_condition *inner = WH_ARENA_NEW(teller->arena, struct wh_story_condition);
        teller->depth++;
        *inner = wh_story_condition_of(teller, when, when->root, when->source);
        wh_story_add_ways(teller, when, when->root, inner);
        teller->depth--;
        condition->inner = inner;
    }
}

void
wh_story_add_ways(struct wh_teller *teller, const struct wh_program *program, uint16_t root,
                  struct wh_story_condition *condition)
{
    const struct wh_node *node = &program->nodes[root];
    if (condition->state == WH_MATCH) {
        return;
    }
    if (node->op == WH_OP_SEGMENT) {
        add_inner(teller, node->arg, condition);
    }
    if (is_reaching((enum wh_op)node->op)) {
        add_missing(teller, program, node, condition);
    }
    if (is_reaching((enum wh_op)node->op) && program->nodes[node->first].op == WH_OP_SCORE) {
        add_rules(teller, program->nodes[node->first].arg, condition);
    }
}
