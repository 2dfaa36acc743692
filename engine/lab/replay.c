#include "engine/lab/replay.h"

#include <stdlib.h>
#include <string.h>

#include "engine/rules/eval.h"
#include "engine/score/entity.h"
#include "engine/score/explain.h"

/* ---- growing lists ---- */

static void *
grow(struct wh_arena *arena, void *items, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity) {
        return items;
    }
    *capacity = *capacity == 0 ? 16 : 2 * *capacity;
    return wh_arena_grow(arena, items, count, *capacity, size);
}

static struct wh_replay_lead *
lead_of(struct wh_replay *replay, struct wh_str key)
{
    int64_t index = 0;
    if (wh_table_find(&replay->lead_index, key, &index)) {
        return &replay->leads[index];
    }
    replay->leads = grow(replay->arena, replay->leads, replay->lead_count, &replay->lead_capacity,
                         sizeof(*replay->leads));
    struct wh_replay_lead *lead = &replay->leads[replay->lead_count];
    *lead = (struct wh_replay_lead){
        .key = wh_arena_str(replay->arena, key),
        .won_at = WH_TIME_NEVER,
        .lost_at = WH_TIME_NEVER,
    };
    wh_table_put(&replay->lead_index, lead->key, (int64_t)replay->lead_count++);
    return lead;
}

static size_t
ripening_of(struct wh_replay *replay, struct wh_str key, struct wh_str qualification)
{
    struct wh_buf buf;
    int64_t index = 0;
    wh_buf_init(&buf, &replay->scratch);
    wh_buf_push(&buf, key);
    wh_buf_push_char(&buf, '\n');
    wh_buf_push(&buf, qualification);
    if (wh_table_find(&replay->ripening_index, wh_buf_str(&buf), &index)) {
        return (size_t)index;
    }
    replay->ripenings = grow(replay->arena, replay->ripenings, replay->ripening_count,
                             &replay->ripening_capacity, sizeof(*replay->ripenings));
    struct wh_ripening *ripening = &replay->ripenings[replay->ripening_count];
    *ripening = (struct wh_ripening){
        .key = wh_arena_str(replay->arena, key),
        .qualification = wh_arena_str(replay->arena, qualification),
    };
    for (uint32_t i = 0; i < WH_REPLAY_SIDES_MAX; i++) {
        ripening->at[i] = WH_TIME_NEVER;
    }
    wh_table_put(&replay->ripening_index, wh_arena_str(replay->arena, wh_buf_str(&buf)),
                 (int64_t)replay->ripening_count);
    return replay->ripening_count++;
}

/* ---- looks at a lead ---- */

/* The lead as of now, NULL when that side does not know it; lives in scratch. */
static const struct wh_snapshot *
look(struct wh_replay_side *side, struct wh_str key)
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
    wh_view_init(&view, world->ruleset, &copy.state, &copy.state.live, scratch);
    return wh_explain_snapshot(&view, scratch);
}

static int64_t
first_score(const struct wh_snapshot *snapshot)
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

/* Both sides as they are when the first of them ripens. */
static void
compare(struct wh_replay *replay, struct wh_ripening *ripening)
{
    const struct wh_snapshot *looks[WH_REPLAY_SIDES_MAX] = {NULL};
    ripening->rule = (struct wh_str){NULL, 0};
    for (uint32_t i = 0; i < replay->side_count; i++) {
        looks[i] = look(&replay->sides[i], ripening->key);
        ripening->score[i] = first_score(looks[i]);
        ripening->rule_points[i] = 0;
    }
    if (replay->side_count > 1) {
        offer_rules(replay, ripening, looks, looks[0]);
        offer_rules(replay, ripening, looks, looks[1]);
    }
}

/* ---- what the sides tell ---- */

static bool
is_first_of_both(const struct wh_ripening *ripening, uint32_t side)
{
    return ripening->at[1 - side] == WH_TIME_NEVER;
}

static void
on_event(void *self, const struct wh_lead *lead, const struct wh_event *event)
{
    struct wh_replay_side *side = self;
    struct wh_replay *replay = side->replay;
    /* Leads that have nothing to do with each other are played apart, so no company is whole. */
    if (lead->entity.identity.key.kind == WH_KEY_COMPANY) {
        return;
    }
    replay->events[side->number][event->kind]++;
    if (event->kind != WH_EVENT_QUALIFIED && event->kind != WH_EVENT_WITHDRAWN) {
        return;
    }
    size_t index = ripening_of(replay, event->snapshot->key, event->name);
    struct wh_ripening *ripening = &replay->ripenings[index];
    if (event->kind == WH_EVENT_WITHDRAWN) {
        ripening->withdrawn[side->number]++;
        if (ripening->withdrawn[side->number] == ripening->episodes[side->number]) {
            ripening->at[side->number] = WH_TIME_NEVER;
        }
        return;
    }
    ripening->episodes[side->number]++;
    if (ripening->at[side->number] != WH_TIME_NEVER) {
        return;
    }
    ripening->at[side->number] = event->occurred;
    if (is_first_of_both(ripening, side->number)) {
        replay->fresh = grow(replay->arena, replay->fresh, replay->fresh_count,
                             &replay->fresh_capacity, sizeof(*replay->fresh));
        replay->fresh[replay->fresh_count++] = index;
    }
}

static void
note_outcome(struct wh_replay_lead *lead, int64_t at, bool won)
{
    int64_t *first = won ? &lead->won_at : &lead->lost_at;
    *first = at < *first ? at : *first;
}

static void
on_touch(void *self, const struct wh_touch *touch, enum wh_outcome outcome)
{
    struct wh_replay_side *side = self;
    struct wh_replay *replay = side->replay;
    struct wh_value type = touch->fields[WH_FIELD_TYPE];
    if (!replay->wants_outcomes || outcome != WH_OUTCOME_ACCEPTED) {
        return;
    }
    struct wh_str key = wh_key_text(&replay->scratch, wh_entity_home(touch));
    struct wh_replay_lead *lead = lead_of(replay, key);
    bool won = type.type == WH_TYPE_STRING && wh_str_is(type.text, "outcome_won");
    bool lost = type.type == WH_TYPE_STRING && wh_str_is(type.text, "outcome_lost");
    if (won || lost) {
        note_outcome(lead, touch->occurred, won);
    }
    if (touch->occurred < lead->won_at && touch->occurred < lead->lost_at) {
        int64_t score = first_score(look(side, key));
        int64_t *highest = &lead->highest[side->number];
        *highest = score > *highest ? score : *highest;
    }
}

/* ---- from outside ---- */

void
wh_replay_begin(struct wh_replay *replay, const struct wh_replay_env *env, struct wh_arena *arena)
{
    *replay = (struct wh_replay){
        .side_count = env->side_count,
        .wants_outcomes = env->wants_outcomes,
        .record_max = env->record_max,
        .arena = arena,
    };
    wh_arena_init(&replay->scratch, 0);
    wh_table_init(&replay->ripening_index, arena);
    wh_table_init(&replay->lead_index, arena);
    for (uint32_t i = 0; i < env->side_count; i++) {
        struct wh_replay_side *side = &replay->sides[i];
        side->replay = replay;
        side->number = i;
        wh_play_init(&side->play, env->rulesets[i], env->secret, env->codec, env->domain);
        side->play.machine_now = env->machine_now;
        side->play.on_touch = on_touch;
        side->play.self = side;
        side->play.world.on_event = on_event;
        side->play.world.self = side;
    }
}

void
wh_replay_end(struct wh_replay *replay)
{
    for (uint32_t i = 0; i < replay->side_count; i++) {
        wh_play_fini(&replay->sides[i].play);
    }
    wh_arena_fini(&replay->scratch);
}

/* After both sides have gone as far: whoever ripened first is compared with the other. */
static void
compare_fresh(struct wh_replay *replay)
{
    for (size_t i = 0; i < replay->fresh_count; i++) {
        compare(replay, &replay->ripenings[replay->fresh[i]]);
    }
    replay->fresh_count = 0;
    wh_arena_reset(&replay->scratch);
}

void
wh_replay_record(struct wh_replay *replay, struct wh_str bytes, uint64_t number,
                 const int64_t *clocks)
{
    for (uint32_t i = 0; i < replay->side_count; i++) {
        struct wh_play *play = &replay->sides[i].play;
        if (clocks[i] != WH_TIME_MIN) {
            wh_world_advance(&play->world, clocks[i]);
        }
        play->counts.records = number;
        wh_play_record(play, bytes, bytes.len > replay->record_max);
    }
    compare_fresh(replay);
}

void
wh_replay_outcome(struct wh_replay *replay, const struct wh_outcome_record *outcome)
{
    note_outcome(lead_of(replay, outcome->key), outcome->at, outcome->won);
}

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
        if (!wh_entity_is_somebody(entity) || entity->identity.key.kind == WH_KEY_COMPANY) {
            continue;
        }
        struct wh_replay_lead *lead = lead_of(replay, key);
        lead->is_known[side->number] = true;
        lead->end[side->number] = end_of(replay->arena, look(side, key));
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
    for (uint32_t i = 0; i < replay->side_count; i++) {
        if (clocks[i] != WH_TIME_MIN) {
            wh_world_advance(&replay->sides[i].play.world, clocks[i]);
        }
        finish_leads(&replay->sides[i]);
    }
    compare_fresh(replay);
    merge_ripenings(replay);
    merge_leads(replay);
}
