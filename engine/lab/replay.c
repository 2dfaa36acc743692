#include "engine/lab/replay.h"

#include "engine/lab/replay_parts.h"
#include "engine/score/entity.h"

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

struct wh_replay_lead *
wh_replay_lead_of(struct wh_replay *replay, struct wh_str key)
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
    (void)lead;
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
    struct wh_replay_lead *lead = wh_replay_lead_of(replay, key);
    bool won = type.type == WH_TYPE_STRING && wh_str_is(type.text, "outcome_won");
    bool lost = type.type == WH_TYPE_STRING && wh_str_is(type.text, "outcome_lost");
    if (won || lost) {
        note_outcome(lead, touch->occurred, won);
    }
    if (touch->occurred < lead->won_at && touch->occurred < lead->lost_at) {
        int64_t score = wh_replay_first_score(wh_replay_look(side, key));
        int64_t *highest = &lead->highest[side->number];
        *highest = score > *highest ? score : *highest;
    }
}

/* Where what a side sends now stands among everything that it sends: records of one moment in their
 * order, behind what time alone brings then. */
static struct wh_replay_letter
letter_of(const struct wh_replay_side *side)
{
    const struct wh_world *world = &side->play.world;
    return (struct wh_replay_letter){
        .now = world->now,
        .number = world->now == side->record_now ? side->record_number + 1 : 0,
        .group = world->group,
        .side = side->number,
    };
}

static void
on_tell(void *self, const struct wh_identity_sent *sent)
{
    struct wh_replay_side *side = self;
    struct wh_replay_letter letter = letter_of(side);
    letter.sent = sent;
    side->replay->on_letter(side->replay->self, &letter);
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
        .heard_now = WH_TIME_MIN,
    };
    wh_arena_init(&replay->scratch, 0);
    wh_table_init(&replay->ripening_index, arena);
    wh_table_init(&replay->lead_index, arena);
    for (uint32_t i = 0; i < env->side_count; i++) {
        struct wh_replay_side *side = &replay->sides[i];
        side->replay = replay;
        side->number = i;
        side->record_now = WH_TIME_MIN;
        wh_play_init(&side->play, env->rulesets[i], env->secret, env->codec, env->domain);
        side->play.machine_now = env->machine_now;
        side->play.on_touch = on_touch;
        side->play.self = side;
        side->play.world.on_event = on_event;
        side->play.world.self = side;
    }
}

void
wh_replay_send(struct wh_replay *replay, wh_on_letter_fn on_letter, void *self)
{
    replay->on_letter = on_letter;
    replay->self = self;
    for (uint32_t i = 0; i < replay->side_count; i++) {
        replay->sides[i].play.world.on_tell = on_tell;
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

void
wh_replay_compare_fresh(struct wh_replay *replay)
{
    for (size_t i = 0; i < replay->fresh_count; i++) {
        wh_replay_compare(replay, &replay->ripenings[replay->fresh[i]]);
    }
    replay->fresh_count = 0;
    wh_arena_reset(&replay->scratch);
}

/* When something may be due on some side up to its clock; WH_TIME_NEVER: nothing is. */
static int64_t
next_due(const struct wh_replay *replay, const int64_t *clocks)
{
    int64_t next = WH_TIME_NEVER;
    for (uint32_t i = 0; i < replay->side_count; i++) {
        int64_t due = wh_world_next_due(&replay->sides[i].play.world);
        next = due <= clocks[i] && due < next ? due : next;
    }
    return next;
}

static void
go(struct wh_replay *replay, const int64_t *clocks, int64_t limit)
{
    for (uint32_t i = 0; i < replay->side_count; i++) {
        wh_world_advance(&replay->sides[i].play.world, clocks[i] < limit ? clocks[i] : limit);
    }
}

/* Moment by moment, so that who ripens by time is looked at as of then, whatever comes next. */
void
wh_replay_pass_time(struct wh_replay *replay, const int64_t *clocks)
{
    for (int64_t due = next_due(replay, clocks); due != WH_TIME_NEVER;
         due = next_due(replay, clocks)) {
        go(replay, clocks, due);
        wh_replay_compare_fresh(replay);
    }
    go(replay, clocks, WH_TIME_NEVER);
}

static void
bring(struct wh_replay_side *side, const struct wh_replay_record *record)
{
    struct wh_play *play = &side->play;
    side->record_now = play->world.now;
    side->record_number = record->number;
    play->world.group = record->group;
    play->counts.records = record->number;
    wh_play_record(play, record->bytes, record->bytes.len > side->replay->record_max);
}

void
wh_replay_record(struct wh_replay *replay, const struct wh_replay_record *record)
{
    wh_replay_pass_time(replay, record->clocks);
    for (uint32_t i = 0; i < replay->side_count; i++) {
        bring(&replay->sides[i], record);
    }
    wh_replay_compare_fresh(replay);
}

void
wh_replay_hear(struct wh_replay *replay, const struct wh_replay_letter *letter,
               const int64_t *clocks)
{
    struct wh_replay_side *side = &replay->sides[letter->side];
    if (letter->now != replay->heard_now || letter->number != replay->heard_number) {
        wh_replay_compare_fresh(replay);
    }
    if (letter->now != replay->heard_now) {
        int64_t until[WH_REPLAY_SIDES_MAX] = {0};
        for (uint32_t i = 0; i < replay->side_count; i++) {
            until[i] = clocks[i] < letter->now ? clocks[i] : letter->now;
        }
        wh_replay_pass_time(replay, until);
    }
    replay->heard_now = letter->now;
    replay->heard_number = letter->number;
    wh_world_command(&side->play.world, letter->sent->to, &letter->sent->message, letter->now);
}

void
wh_replay_outcome(struct wh_replay *replay, const struct wh_outcome_record *outcome)
{
    note_outcome(wh_replay_lead_of(replay, outcome->key), outcome->at, outcome->won);
}
