/* The end of a replay: everybody as he is by then, and what was found out on the way under whoever
 * it belongs to by then. */
#include <stdlib.h>
#include <string.h>

#include "engine/lab/replay_parts.h"
#include "engine/score/entity.h"
#include "engine/score/explain.h"

static struct wh_replay_end
end_of(struct wh_arena *arena, const struct wh_snapshot *snapshot)
{
    int64_t *scores = WH_ARENA_ARRAY(arena, int64_t, snapshot->score_count);
    for (size_t i = 0; i < snapshot->score_count; i++) {
        scores[i] = snapshot->scores[i].value;
    }
    return (struct wh_replay_end){
        .scores = scores,
        .grade = wh_arena_str(arena, snapshot->grade),
        .stage = wh_arena_str(arena, snapshot->stage),
    };
}

bool
wh_replay_is_company(struct wh_str key)
{
    return wh_str_starts_with(key, WH_STR("company:"));
}

const struct wh_ruleset *
wh_replay_ruleset_of(const struct wh_ruleset *model, struct wh_str key)
{
    return wh_ruleset_for(model, wh_replay_is_company(key) ? WH_KEY_COMPANY : WH_KEY_ANON);
}

int
wh_ripening_compare(const void *a, const void *b)
{
    const struct wh_ripening *first = a;
    const struct wh_ripening *second = b;
    int order = wh_str_compare(first->key, second->key);
    return order != 0 ? order : wh_str_compare(first->qualification, second->qualification);
}

int
wh_replay_lead_compare(const void *a, const void *b)
{
    return wh_str_compare(((const struct wh_replay_lead *)a)->key,
                          ((const struct wh_replay_lead *)b)->key);
}

static void
finish_leads(struct wh_replay_side *side)
{
    const struct wh_world *world = &side->play.world;
    struct wh_replay *replay = side->replay;
    for (size_t i = 0; i < world->lead_count; i++) {
        struct wh_str key = world->leads[i]->entity.state.key;
        const struct wh_entity *entity = &world->leads[i]->entity;
        if (!wh_entity_is_somebody(entity)) {
            continue;
        }
        struct wh_replay_lead *lead = wh_replay_lead_of(replay, key);
        lead->is_known[side->number] = true;
        lead->end[side->number] = end_of(replay->arena, wh_replay_look(side, key));
        wh_arena_reset(&replay->scratch);
    }
}

/* Who holds the newest minutes of an identifier, by the first side that knows it. */
static struct wh_str
final_key(const struct wh_replay *replay, struct wh_str key)
{
    for (uint32_t i = 0; i < replay->side_count; i++) {
        const struct wh_lead *lead = wh_world_find_lead(&replay->sides[i].play.world, key);
        if (lead != NULL) {
            return wh_arena_str(replay->arena, lead->entity.state.key);
        }
    }
    return key;
}

static void
merge_ripening(struct wh_ripening *into, const struct wh_ripening *from)
{
    int64_t first = into->at[0] < into->at[1] ? into->at[0] : into->at[1];
    int64_t other = from->at[0] < from->at[1] ? from->at[0] : from->at[1];
    if (other < first) {
        into->rule = from->rule;
        memcpy(into->rule_points, from->rule_points, sizeof(into->rule_points));
        memcpy(into->score, from->score, sizeof(into->score));
    }
    for (uint32_t i = 0; i < WH_REPLAY_SIDES_MAX; i++) {
        into->episodes[i] += from->episodes[i];
        into->withdrawn[i] += from->withdrawn[i];
        into->at[i] = from->at[i] < into->at[i] ? from->at[i] : into->at[i];
    }
}

/* Under the leads as they are at the end: what ripened as a device or an address before it was
 * known whose it is belongs to that person. */
static void
merge_ripenings(struct wh_replay *replay)
{
    size_t kept = 0;
    for (size_t i = 0; i < replay->ripening_count; i++) {
        replay->ripenings[i].key = final_key(replay, replay->ripenings[i].key);
    }
    if (replay->ripening_count > 0) {
        qsort(replay->ripenings, replay->ripening_count, sizeof(*replay->ripenings),
              wh_ripening_compare);
    }
    for (size_t i = 0; i < replay->ripening_count; i++) {
        struct wh_ripening *ripening = &replay->ripenings[i];
        if (kept > 0 && wh_ripening_compare(&replay->ripenings[kept - 1], ripening) == 0) {
            merge_ripening(&replay->ripenings[kept - 1], ripening);
        } else {
            replay->ripenings[kept++] = *ripening;
        }
    }
    replay->ripening_count = kept;
}

static void
merge_lead(struct wh_replay_lead *into, const struct wh_replay_lead *from)
{
    into->won_at = from->won_at < into->won_at ? from->won_at : into->won_at;
    into->lost_at = from->lost_at < into->lost_at ? from->lost_at : into->lost_at;
    for (uint32_t i = 0; i < WH_REPLAY_SIDES_MAX; i++) {
        into->highest[i] =
            from->highest[i] > into->highest[i] ? from->highest[i] : into->highest[i];
        if (from->is_known[i]) {
            into->is_known[i] = true;
            into->end[i] = from->end[i];
        }
    }
}

static void
merge_leads(struct wh_replay *replay)
{
    size_t kept = 0;
    for (size_t i = 0; i < replay->lead_count; i++) {
        struct wh_replay_lead *lead = &replay->leads[i];
        /* Both models know the same leads but where their limits of identity differ. */
        bool is_known = lead->is_known[0] || lead->is_known[1];
        lead->key = is_known ? lead->key : final_key(replay, lead->key);
    }
    if (replay->lead_count > 0) {
        qsort(replay->leads, replay->lead_count, sizeof(*replay->leads), wh_replay_lead_compare);
    }
    for (size_t i = 0; i < replay->lead_count; i++) {
        if (kept > 0 && wh_replay_lead_compare(&replay->leads[kept - 1], &replay->leads[i]) == 0) {
            merge_lead(&replay->leads[kept - 1], &replay->leads[i]);
        } else {
            replay->leads[kept++] = replay->leads[i];
        }
    }
    replay->lead_count = kept;
}

void
wh_replay_finish(struct wh_replay *replay, const int64_t *clocks)
{
    wh_replay_compare_fresh(replay);
    wh_replay_pass_time(replay, clocks);
    for (uint32_t i = 0; i < replay->side_count; i++) {
        finish_leads(&replay->sides[i]);
    }
    merge_ripenings(replay);
    merge_leads(replay);
}
