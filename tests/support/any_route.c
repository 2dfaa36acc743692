#include "engine/base/buf.h"
#include "tests/support/any_parts.h"
#include "tests/support/lead_events.h"

static struct wh_str
any_name(struct wh_random *random, struct wh_arena *arena)
{
    struct wh_buf text;
    wh_buf_init(&text, arena);
    wh_buf_printf(&text, "n%u", wh_random_below(random, 20));
    return wh_buf_str(&text);
}

void
wh_any_pending(struct wh_random *random, struct wh_state *state)
{
    struct wh_arena *arena = state->arena;
    struct wh_announced *announced = &state->announced;
    for (uint32_t i = wh_random_below(random, 3); i > 0; i--) {
        struct wh_snapshot lead = wh_any_bool(random) ? wh_known_lead() : wh_unknown_lead();
        struct wh_pending pending = {
            .event = wh_qualified_event(&lead),
            .minute = wh_any_minute(random),
            .candidate_count = 1 + wh_random_below(random, 3),
        };
        lead.key = state->key;
        lead.life = wh_any_time(random);
        pending.event.number = 1 + wh_random_below(random, 9);
        pending.candidates = WH_ARENA_ARRAY(arena, struct wh_candidate, pending.candidate_count);
        pending.asked = wh_random_below(random, pending.candidate_count);
        for (uint32_t k = 0; k < pending.candidate_count; k++) {
            bool counts = k + 1 < pending.candidate_count || k == pending.asked;
            pending.candidates[k] = (struct wh_candidate){
                .rule = any_name(random, arena),
                .to = any_name(random, arena),
                .counts = counts || wh_any_bool(random),
                .sticky = wh_random_below(random, 3),
            };
        }
        wh_announced_add_pending(announced, &pending);
    }
}

void
wh_any_counter(struct wh_random *random, struct wh_arena *arena, struct wh_entity *ret_entity)
{
    struct wh_counter *counter = &ret_entity->counter;
    struct wh_key key = {WH_KEY_ROUTE, WH_STR("team")};
    wh_any_state(random, arena, &ret_entity->state);
    ret_entity->state.key = WH_STR("route:team");
    wh_identity_begin(&ret_entity->identity, arena, key, wh_any_time(random));
    *counter = (struct wh_counter){
        .turn_count = wh_random_below(random, 5),
        .at = wh_any_time(random),
        .period = wh_any_time(random),
        .taken = wh_random_below(random, 9),
        .given = wh_random_next(random),
        .full = wh_random_below(random, 9),
    };
    counter->turns = WH_ARENA_ARRAY(arena, struct wh_counter_turn, counter->turn_count);
    for (uint32_t i = 0; i < counter->turn_count; i++) {
        counter->turns[i] = (struct wh_counter_turn){
            .owner = any_name(random, arena),
            .weight = 1 + wh_random_below(random, 1000),
            .credit = (int64_t)wh_random_below(random, 2000) - 1000,
            .given = wh_random_below(random, 100),
        };
    }
}

void
wh_any_route_message(struct wh_random *random, struct wh_arena *arena,
                     enum wh_route_message_kind kind, struct wh_route_message *ret_message)
{
    bool is_answer = kind == WH_ROUTE_ANSWER;
    struct wh_key route = {WH_KEY_ROUTE, any_name(random, arena)};
    *ret_message = (struct wh_route_message){
        .kind = kind,
        .from = is_answer ? route : wh_any_key(random, arena),
        .ticket = {any_name(random, arena), wh_any_time(random), wh_random_below(random, 9),
                   wh_random_below(random, 3)},
        .at = kind == WH_ROUTE_ASK ? wh_any_time(random) : 0,
        .given = is_answer && wh_any_bool(random),
        .rule = kind == WH_ROUTE_LEFT ? any_name(random, arena) : (struct wh_str){NULL, 0},
        .owner = wh_any_bool(random) ? any_name(random, arena) : (struct wh_str){NULL, 0},
        .minute = kind == WH_ROUTE_LEFT ? wh_any_minute(random) : 0,
    };
}
