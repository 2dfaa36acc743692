#include "tests/support/any_parts.h"

#include "engine/base/buf.h"
#include "engine/base/time.h"
#include "engine/model/key_set.h"

#define NINE   WH_ANY_START
#define MINUTE (NINE / WH_US_PER_MINUTE)
#define TRAILS 6

bool
wh_any_bool(struct wh_random *random)
{
    return wh_random_below(random, 2) == 0;
}

int64_t
wh_any_time(struct wh_random *random)
{
    return NINE + (int64_t)wh_random_below(random, 100000) * WH_US_PER_SECOND;
}

int64_t
wh_any_minute(struct wh_random *random)
{
    return MINUTE + (int64_t)wh_random_below(random, 2000) - 1000;
}

static struct wh_str
any_text(struct wh_random *random, struct wh_arena *arena)
{
    struct wh_buf text;
    wh_buf_init(&text, arena);
    wh_buf_printf(&text, "x%u", wh_random_below(random, 50));
    return wh_buf_str(&text);
}

struct wh_stamp
wh_any_stamp(struct wh_random *random, struct wh_arena *arena)
{
    struct wh_stamp never = {.at = WH_TIME_MIN};
    return wh_any_bool(random) ? never
                               : (struct wh_stamp){wh_any_time(random), any_text(random, arena)};
}

struct wh_minutes
wh_any_minutes(struct wh_random *random, struct wh_arena *arena)
{
    struct wh_minutes minutes = {.count = 0};
    for (uint32_t i = wh_random_below(random, 5); i > 0; i--) {
        (void)wh_minutes_add(&minutes, arena, wh_any_minute(random));
    }
    return minutes;
}

struct wh_stretches
wh_any_stretches(struct wh_random *random, struct wh_arena *arena)
{
    struct wh_stretches set = {NULL, 0};
    for (uint32_t i = wh_random_below(random, 4); i > 0; i--) {
        int64_t from = wh_random_below(random, 8) == 0 ? WH_MINUTE_FIRST : wh_any_minute(random);
        int64_t to = wh_random_below(random, 8) == 0 ? WH_MINUTE_END : wh_any_minute(random);
        set = wh_stretches_unite(arena, set, wh_stretches_of(arena, from, to));
    }
    return set;
}

struct wh_identity_names
wh_any_names(struct wh_random *random, struct wh_arena *arena)
{
    uint32_t count = wh_random_below(random, 4);
    int64_t since = NINE;
    struct wh_identity_name *items = WH_ARENA_ARRAY(arena, struct wh_identity_name, count);
    for (uint32_t i = 0; i < count; i++) {
        since += wh_random_below(random, 3);
        items[i] = (struct wh_identity_name){wh_any_key(random, arena), since};
    }
    return (struct wh_identity_names){items, count};
}

struct wh_identity_member *
wh_any_members(struct wh_random *random, struct wh_arena *arena, uint32_t count)
{
    struct wh_identity_member *items = WH_ARENA_ARRAY(arena, struct wh_identity_member, count);
    for (uint32_t i = 0; i < count; i++) {
        items[i].key = wh_any_key(random, arena);
        items[i].minutes = wh_any_stretches(random, arena);
    }
    return items;
}

struct wh_key *
wh_any_keys(struct wh_random *random, struct wh_arena *arena, uint32_t count)
{
    struct wh_key *keys = WH_ARENA_ARRAY(arena, struct wh_key, count);
    for (uint32_t i = 0; i < count; i++) {
        keys[i] = wh_any_key(random, arena);
    }
    return keys;
}

static void
add_targets(struct wh_random *random, struct wh_identity *identity)
{
    struct wh_arena *arena = identity->arena;
    for (uint32_t i = wh_random_below(random, 5); i > 0; i--) {
        struct wh_identity_target *target =
            wh_identity_get_target(identity, wh_any_key(random, arena));
        target->seen = wh_any_bool(random);
        target->refused = wh_any_bool(random);
        target->word = (enum wh_pair_word)wh_random_below(random, 3);
        target->word_stamp = wh_any_stamp(random, arena);
        target->told = wh_any_minutes(random, arena);
        target->granted = wh_any_stretches(random, arena);
        target->granted_status = (enum wh_lease_status)wh_random_below(random, 3);
        target->granted_names = wh_any_names(random, arena);
        target->answer = (enum wh_lease_answer)wh_random_below(random, 3);
    }
}

static void
add_bounds(struct wh_random *random, struct wh_identity *identity)
{
    uint32_t count = identity->target_count == 0 ? 0 : wh_random_below(random, 4);
    int64_t from = MINUTE;
    identity->bounds = WH_ARENA_ARRAY(identity->arena, struct wh_identity_bound, count);
    identity->bound_count = identity->bound_capacity = count;
    for (uint32_t i = 0; i < count; i++) {
        identity->bounds[i].from = i == 0 ? WH_MINUTE_FIRST : from;
        identity->bounds[i].target = wh_random_below(random, identity->target_count);
        from += 1 + wh_random_below(random, 100);
    }
}

static void
add_kids(struct wh_random *random, struct wh_identity *identity)
{
    struct wh_arena *arena = identity->arena;
    for (uint32_t i = wh_random_below(random, 5); i > 0; i--) {
        struct wh_key key = wh_any_key(random, arena);
        if (wh_identity_find_kid(identity, key) != NULL) {
            continue;
        }
        struct wh_identity_kid *kid = wh_identity_add_kid(identity, key);
        kid->lease = wh_any_stretches(random, arena);
        kid->status = (enum wh_lease_status)wh_random_below(random, 3);
        kid->kept = wh_any_minutes(random, arena);
        kid->days = wh_any_minutes(random, arena);
        kid->last_seen = wh_any_bool(random) ? wh_any_minute(random) : WH_MINUTE_FIRST;
        kid->names = wh_any_names(random, arena);
        kid->unlinks = wh_random_below(random, 3);
        kid->forgotten = wh_any_bool(random);
    }
}

static void
add_trails(struct wh_random *random, struct wh_identity *identity)
{
    struct wh_arena *arena = identity->arena;
    identity->trails = wh_arena_grow(arena, identity->trails, 1, TRAILS, sizeof(*identity->trails));
    identity->trail_count = identity->trail_capacity = TRAILS;
    for (uint32_t i = 1; i < TRAILS; i++) {
        uint32_t count = wh_random_below(random, 4);
        identity->trails[i] = (struct wh_identity_trail){
            .hops = wh_any_keys(random, arena, count),
            .count = count,
            .sealed = wh_any_bool(random),
            .used = wh_any_bool(random),
        };
    }
}

static void
add_erasing(struct wh_random *random, struct wh_identity *identity)
{
    uint32_t count = wh_random_below(random, 4);
    identity->erased = wh_any_stretches(random, identity->arena);
    identity->erasing = wh_any_members(random, identity->arena, count);
    identity->erasing_count = identity->erasing_capacity = count;
    if (count > 0) {
        identity->erasing[0].key = identity->key;
        identity->asked = wh_random_below(random, 3);
    }
}

static void
fill_identity(struct wh_random *random, struct wh_identity *identity)
{
    struct wh_arena *arena = identity->arena;
    add_targets(random, identity);
    add_bounds(random, identity);
    add_kids(random, identity);
    add_trails(random, identity);
    add_erasing(random, identity);
    identity->join_stamp = wh_any_stamp(random, arena);
    identity->joined = wh_any_bool(random);
    identity->into = identity->joined ? wh_any_key(random, arena) : (struct wh_key){0};
    identity->floor = wh_any_bool(random) ? wh_any_minute(random) : WH_MINUTE_FIRST;
    identity->turn = wh_random_below(random, 4);
    identity->told = wh_any_bool(random);
    identity->told_into = identity->told ? wh_any_key(random, arena) : (struct wh_key){0};
    identity->published = wh_any_bool(random);
    identity->published_at = identity->published ? wh_any_time(random) : 0;
    identity->hands_changed_at = wh_any_bool(random) ? wh_any_time(random) : WH_TIME_MIN;
    identity->overflow = wh_any_bool(random);
    identity->crowd = wh_any_bool(random);
}

static struct wh_decision
any_decision(struct wh_random *random, struct wh_arena *arena)
{
    bool has_owner = wh_any_bool(random);
    struct wh_key published = wh_any_key(random, arena);
    int64_t life = wh_any_time(random);
    uint32_t episode = wh_random_below(random, 5);
    struct wh_str nobody = {NULL, 0};
    return (struct wh_decision){
        .published = published,
        .life = life,
        .episode = episode,
        .state = (enum wh_decision_state)wh_random_below(random, 4),
        .silent = wh_any_bool(random),
        .settled = wh_any_bool(random),
        .began = wh_any_time(random),
        .closed = wh_any_bool(random) ? wh_any_time(random) : WH_TIME_NEVER,
        .minute = wh_any_minute(random),
        .asked = wh_any_bool(random),
        .route = has_owner ? WH_STR("team") : (struct wh_str){NULL, 0},
        .owner = has_owner ? any_text(random, arena) : (struct wh_str){NULL, 0},
        .began_by = episode == 1 ? WH_STR("c0ffee") : nobody,
        .ended_by = episode == 2 ? WH_STR("decade") : nobody,
    };
}

static struct wh_firing
any_firing(struct wh_random *random)
{
    return (struct wh_firing){
        .fingerprint = wh_random_next(random),
        .at = wh_any_time(random),
        .announced = wh_any_bool(random),
        .minute = wh_any_minute(random),
    };
}

static struct wh_nurture
any_nurture(struct wh_random *random)
{
    struct wh_nurture nurture = {
        .fingerprint = wh_random_next(random),
        .over = wh_any_bool(random),
        .step = (int32_t)wh_random_below(random, 3),
        .began = wh_any_time(random),
        .minute = wh_any_minute(random),
    };
    nurture.due = nurture.over || wh_any_bool(random) ? WH_TIME_NEVER : wh_any_time(random);
    return nurture;
}

static struct wh_fold_pairs
any_pairs(struct wh_random *random, struct wh_arena *arena)
{
    struct wh_fold_pairs pairs = {.count = 0};
    for (uint32_t i = wh_random_below(random, 4); i > 0; i--) {
        wh_fold_pairs_push(&pairs, arena, (int64_t)wh_random_next(random),
                           (int64_t)wh_random_below(random, 1000) - 500);
    }
    return pairs;
}

static wh_cell_t
any_cell(struct wh_random *random, struct wh_strings *strings)
{
    if (wh_any_bool(random)) {
        return wh_cell_make(WH_TYPE_NUMBER, wh_random_below(random, 1000));
    }
    uint32_t number = wh_strings_intern(strings, any_text(random, strings->arena));
    return wh_cell_make(WH_TYPE_STRING, number);
}

static struct wh_fold_rule
any_rule(struct wh_random *random, struct wh_arena *arena, bool has_names)
{
    return (struct wh_fold_rule){
        .score = has_names ? WH_STR("interest") : (struct wh_str){NULL, 0},
        .rule = has_names ? any_text(random, arena) : (struct wh_str){NULL, 0},
        .index = has_names ? 0 : (int32_t)wh_random_below(random, 9),
        .decay = (uint8_t)wh_random_below(random, 4),
        .duration = wh_random_below(random, 2000),
        .sum = {(int64_t)wh_random_next(random), -5, wh_random_below(random, 9)},
        .awards = any_pairs(random, arena),
        .paid = wh_random_below(random, 20),
        .last = wh_any_bool(random) ? wh_any_time(random) : WH_TIME_MIN,
        .once = any_pairs(random, arena),
        .highest = any_pairs(random, arena),
    };
}

static void
fill_fold(struct wh_random *random, struct wh_strings *strings, bool has_names,
          struct wh_bundle_fold *fold)
{
    struct wh_arena *arena = strings->arena;
    wh_bundle_fold_begin(fold);
    fold->from = wh_any_time(random);
    fold->to = fold->from + (int64_t)wh_random_below(random, 100000);
    fold->count = 5 + wh_random_below(random, 5);
    fold->visible = wh_random_below(random, 5);
    fold->seen_from = fold->visible == 0 ? WH_TIME_NEVER : fold->from;
    fold->named = wh_any_bool(random);
    if (wh_any_bool(random)) {
        fold->first = (struct wh_fold_act){
            .at = wh_any_time(random),
            .campaign = any_cell(random, strings),
            .channel = any_cell(random, strings),
        };
    }
    fold->rule_count = fold->rule_capacity = wh_random_below(random, 3);
    fold->rules = WH_ARENA_ARRAY(arena, struct wh_fold_rule, fold->rule_count);
    for (uint32_t i = 0; i < fold->rule_count; i++) {
        fold->rules[i] = any_rule(random, arena, has_names);
    }
    fold->statement_count = fold->statement_capacity = wh_random_below(random, 3);
    fold->statements = WH_ARENA_ARRAY(arena, struct wh_fold_statement, fold->statement_count);
    for (uint32_t i = 0; i < fold->statement_count; i++) {
        fold->statements[i] = (struct wh_fold_statement){
            .kind = (uint8_t)wh_random_below(random, 20),
            .name = has_names ? any_text(random, arena) : (struct wh_str){NULL, 0},
            .column = has_names ? 0 : (int32_t)wh_random_below(random, WH_ANY_COLUMNS),
            .cell = any_cell(random, strings),
            .at = wh_any_time(random),
            .id = wh_strings_intern(strings, any_text(random, arena)),
        };
    }
    fold->model = wh_random_next(random);
    fold->totals = any_pairs(random, arena);
}

static void
add_folds(struct wh_random *random, struct wh_state *state)
{
    state->fold_count = state->fold_capacity = wh_random_below(random, 3);
    state->folds = WH_ARENA_ARRAY(state->arena, struct wh_bundle_fold, state->fold_count);
    for (uint32_t i = 0; i < state->fold_count; i++) {
        fill_fold(random, &state->strings, false, &state->folds[i]);
        state->folds[i].trail = wh_random_below(random, TRAILS);
    }
}

static void
add_decisions(struct wh_random *random, struct wh_state *state)
{
    struct wh_announced *announced = &state->announced;
    uint32_t decisions = announced->qualification_count == 0 ? 0 : wh_random_below(random, 5);
    uint32_t firings = announced->trigger_count == 0 ? 0 : wh_random_below(random, 5);
    announced->decisions = WH_ARENA_ARRAY(state->arena, struct wh_decision, decisions);
    announced->decision_count = announced->decision_capacity = decisions;
    for (uint32_t i = 0; i < decisions; i++) {
        announced->decisions[i] = any_decision(random, state->arena);
        announced->decisions[i].trail = wh_random_below(random, TRAILS);
        announced->decisions[i].qualification =
            (int32_t)wh_random_below(random, announced->qualification_count);
    }
    announced->firings = WH_ARENA_ARRAY(state->arena, struct wh_firing, firings);
    announced->firing_count = announced->firing_capacity = firings;
    for (uint32_t i = 0; i < firings; i++) {
        announced->firings[i] = any_firing(random);
        announced->firings[i].trail = wh_random_below(random, TRAILS);
        announced->firings[i].trigger = (int32_t)wh_random_below(random, announced->trigger_count);
    }
}

static void
add_nurtures(struct wh_random *random, struct wh_state *state)
{
    uint32_t tracks = state->announced.track_count;
    for (uint32_t i = tracks == 0 ? 0 : wh_random_below(random, 5); i > 0; i--) {
        struct wh_nurture *nurture = wh_announced_add_nurture(&state->announced);
        *nurture = any_nurture(random);
        nurture->trail = wh_random_below(random, TRAILS);
        nurture->track = (int32_t)wh_random_below(random, tracks);
    }
}

void
wh_any_entity(struct wh_random *random, struct wh_arena *arena, struct wh_entity *ret_entity)
{
    struct wh_key key = {.kind = WH_KEY_CRM};
    struct wh_state *state = &ret_entity->state;
    wh_any_state(random, arena, state);
    (void)wh_key_parse(state->key, &key);
    wh_identity_begin(&ret_entity->identity, arena, key, wh_any_time(random));
    fill_identity(random, &ret_entity->identity);
    for (uint32_t row = 0; wh_any_bool(random) && row < state->history.count; row++) {
        state->history.trail[row] = (uint16_t)wh_random_below(random, TRAILS);
    }
    state->shared = wh_any_bool(random);
    state->told_to = wh_any_bool(random) ? WH_STR("pumps.example") : WH_STR("");
    state->told_report = wh_random_below(random, 3);
    add_folds(random, state);
    add_decisions(random, state);
    wh_any_pending(random, state);
    ret_entity->counter = (struct wh_counter){0};
    add_nurtures(random, state);
}

static void
add_row(struct wh_random *random, struct wh_bundle *bundle, int64_t at, uint32_t number)
{
    struct wh_arena *arena = bundle->strings.arena;
    struct wh_key *keys = wh_any_keys(random, arena, 2);
    struct wh_buf id;
    wh_buf_init(&id, arena);
    wh_buf_printf(&id, "t%06u", number);
    uint32_t row = wh_bundle_add_row(
        bundle,
        (struct wh_bundle_row){
            .at = at,
            .received = at + (int64_t)wh_random_below(random, 1000) - 100,
            .id = wh_strings_intern(&bundle->strings, wh_buf_str(&id)),
            .digest = wh_random_next(random),
            .type = wh_strings_intern(&bundle->strings, any_text(random, arena)),
            .flags = (uint8_t)(wh_random_below(random, 32) | (wh_any_bool(random) ? 128 : 0)),
            .keys = wh_strings_intern_whole(&bundle->strings, wh_key_set_text(arena, keys, 2)),
        });
    for (uint32_t i = wh_random_below(random, 4); i > 0; i--) {
        uint32_t column =
            wh_bundle_column(bundle, (uint8_t)wh_random_below(random, 20), any_text(random, arena));
        bundle->columns[column].cells[row] = any_cell(random, &bundle->strings);
    }
}

void
wh_any_bundle(struct wh_random *random, struct wh_arena *arena, uint32_t rows,
              struct wh_bundle *ret_bundle)
{
    int64_t at = NINE;
    wh_bundle_begin(ret_bundle, arena);
    for (uint32_t i = 0; i < rows; i++) {
        at += wh_random_below(random, 3);
        add_row(random, ret_bundle, at, i);
    }
    for (uint32_t i = wh_random_below(random, 3); i > 0; i--) {
        struct wh_decision decision = any_decision(random, arena);
        wh_bundle_add_decision(ret_bundle, any_text(random, arena), &decision);
    }
    for (uint32_t i = wh_random_below(random, 3); i > 0; i--) {
        struct wh_firing firing = any_firing(random);
        wh_bundle_add_firing(ret_bundle, any_text(random, arena), &firing);
    }
    for (uint32_t i = wh_random_below(random, 3); i > 0; i--) {
        struct wh_str track = any_text(random, arena);
        struct wh_bundle_nurture nurture = {track, any_text(random, arena), any_nurture(random)};
        nurture.nurture.step = 0;
        wh_bundle_add_nurture(ret_bundle, &nurture);
    }
    for (uint32_t i = wh_random_below(random, 3); i > 0; i--) {
        fill_fold(random, &ret_bundle->strings, true, wh_bundle_add_fold(ret_bundle));
    }
}
