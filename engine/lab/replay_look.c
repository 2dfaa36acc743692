#include <stdlib.h>

#include "engine/lab/replay_parts.h"
#include "engine/rules/eval.h"
#include "engine/score/explain.h"

const struct wh_snapshot *
wh_replay_look(struct wh_replay_side *side, struct wh_str key)
{
    const struct wh_world *world = &side->play.world;
    const struct wh_lead *lead = wh_world_find_lead(world, key);
    struct wh_arena *scratch = &side->replay->scratch;
    struct wh_message time = {.kind = WH_MESSAGE_TIME};
    struct wh_moment moment = {
        .now = world->now, .announce_from = WH_TIME_MIN, .secret = world->secret};
    struct wh_entity copy;
    struct wh_entity_effects effects;
    struct wh_view view;
    if (lead == NULL) {
        return NULL;
    }
    wh_entity_copy(&copy, scratch, &lead->entity);
    wh_entity_effects_init(&effects, scratch);
    (void)wh_entity_step(world->ruleset, &copy, &time, &moment, &effects);
    wh_view_init(&view, wh_entity_ruleset(world->ruleset, &copy), &copy.state, &copy.state.live,
                 scratch);
    view.now = copy.state.now;
    return wh_explain_snapshot(&view, scratch);
}

int64_t
wh_replay_first_score(const struct wh_snapshot *snapshot)
{
    return snapshot == NULL || snapshot->score_count == 0 ? 0 : snapshot->scores[0].value;
}

static int64_t
points_in(const struct wh_score_story *story, struct wh_str rule)
{
    int64_t points = 0;
    for (size_t i = 0; i < story->entry_count; i++) {
        bool is_it = wh_str_equal(story->entries[i].name, rule);
        points += is_it ? story->entries[i].points : 0;
    }
    return points;
}

static int64_t
points_of(const struct wh_snapshot *snapshot, struct wh_str score, struct wh_str rule)
{
    int64_t points = 0;
    for (size_t i = 0; snapshot != NULL && i < snapshot->score_count; i++) {
        const struct wh_score_story *story = &snapshot->scores[i];
        points += wh_str_equal(story->name, score) ? points_in(story, rule) : 0;
    }
    return points;
}

/* Offers a rule as the one that made the difference; of equal ones the first in file order
 * stays. */
static void
offer_rule(struct wh_replay *replay, struct wh_ripening *ripening,
           const struct wh_snapshot *const *looks, struct wh_str score, struct wh_str rule)
{
    int64_t first = points_of(looks[0], score, rule);
    int64_t second = points_of(looks[1], score, rule);
    if (llabs(second - first) > llabs(ripening->rule_points[1] - ripening->rule_points[0])) {
        ripening->rule = wh_arena_str(replay->arena, rule);
        ripening->rule_points[0] = first;
        ripening->rule_points[1] = second;
    }
}

static void
offer_rules(struct wh_replay *replay, struct wh_ripening *ripening,
            const struct wh_snapshot *const *looks, const struct wh_snapshot *from)
{
    for (size_t i = 0; from != NULL && i < from->score_count; i++) {
        const struct wh_score_story *story = &from->scores[i];
        for (size_t k = 0; k < story->entry_count; k++) {
            offer_rule(replay, ripening, looks, story->name, story->entries[k].name);
        }
    }
}

void
wh_replay_compare(struct wh_replay *replay, struct wh_ripening *ripening)
{
    const struct wh_snapshot *looks[WH_REPLAY_SIDES_MAX] = {NULL};
    ripening->rule = (struct wh_str){NULL, 0};
    for (uint32_t i = 0; i < replay->side_count; i++) {
        looks[i] = wh_replay_look(&replay->sides[i], ripening->key);
        ripening->score[i] = wh_replay_first_score(looks[i]);
        ripening->rule_points[i] = 0;
    }
    if (replay->side_count > 1) {
        offer_rules(replay, ripening, looks, looks[0]);
        offer_rules(replay, ripening, looks, looks[1]);
    }
}
