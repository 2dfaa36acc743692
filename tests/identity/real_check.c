/* A quiet world of real entities: each lead is what a lead would be that never was anything else
 * and saw the owner's touches in order (rules.md 24, law 5). */
#include "engine/base/time.h"
#include "engine/rules/read.h"
#include "engine/score/recompute.h"
#include "engine/score/step.h"
#include "tests/identity/check.h"
#include "tests/identity/real.h"

#include <string.h>

/* Behind those that happened before it. */
static void
insert_touch(const struct world *world, int touch, int *order, int count)
{
    int place = count;
    while (place > 0 && world->touches[order[place - 1]].at > world->touches[touch].at) {
        order[place] = order[place - 1];
        place--;
    }
    order[place] = touch;
}

static int
order_touches(const struct world *world, const struct oracle *oracle, int lead, int *order)
{
    int count = 0;
    for (int t = 0; t < world->touch_count; t++) {
        if (oracle_owner(oracle, t) == lead) {
            insert_touch(world, t, order, count++);
        }
    }
    return count;
}

static void
make_fresh(struct net *net, const struct oracle *oracle, int lead, struct wh_arena *arena,
           struct wh_state *ret_state)
{
    struct real *real = net->real;
    int *order = WH_ARENA_ARRAY(arena, int, (size_t)net->world->touch_count);
    int count = order_touches(net->world, oracle, lead, order);
    wh_state_begin(ret_state, arena, &real->ruleset, wh_key_text(arena, net->world->keys[lead]),
                   real_id(net, arena, lead), 0);
    ret_state->shared = oracle_is_shared(oracle, lead);
    for (int i = 0; i < count; i++) {
        struct wh_touch *touch = real_touch(net, arena, &net->world->touches[order[i]]);
        struct wh_message message = {.kind = WH_MESSAGE_TOUCH, .touch = touch};
        struct wh_moment moment = {touch->occurred, WH_TIME_MIN, NULL};
        struct wh_effects effects;
        wh_effects_init(&effects, arena);
        (void)wh_step(&real->ruleset, ret_state, &message, &moment, &effects);
    }
    struct wh_message time = {.kind = WH_MESSAGE_TIME};
    struct wh_moment moment = {net->now, WH_TIME_MIN, NULL};
    struct wh_effects effects;
    wh_effects_init(&effects, arena);
    (void)wh_step(&real->ruleset, ret_state, &time, &moment, &effects);
}

static struct wh_view
view_of(const struct real *real, const struct wh_state *state, struct wh_arena *arena)
{
    struct wh_view view;
    wh_view_init(&view, &real->ruleset, state, &state->live, arena);
    view.now = state->now;
    view.rows = state->live.rows;
    return view;
}

static void
check_values(struct net *net, int lead, const struct wh_state *fresh, struct wh_arena *arena)
{
    const struct real *real = net->real;
    const struct wh_entity *own = net->entities[lead].real;
    struct wh_view a = view_of(real, &own->state, arena);
    struct wh_view b = view_of(real, fresh, arena);
    int64_t points_a = 0;
    int64_t points_b = 0;
    (void)wh_read_score(&a, 0, &points_a);
    (void)wh_read_score(&b, 0, &points_b);
    if (points_a != points_b) {
        net_problem(net, "%s has %lld thousandths of points, should have %lld",
                    world_name(net->world, lead), (long long)points_a, (long long)points_b);
    }
    for (size_t i = 0; i < real->ruleset.segment_count; i++) {
        bool inside = wh_read_segment(&b, (int32_t)i);
        if (wh_read_segment(&a, (int32_t)i) != inside) {
            net_problem(net, "%s is in another segment", world_name(net->world, lead));
        }
        if ((own->state.announced.segments[i].value != 0) != inside &&
            !net->entities[lead].identity.crowd) {
            net_problem(net, "%s announced another segment", world_name(net->world, lead));
        }
    }
    if (wh_read_ripe(&a, 0) != wh_read_ripe(&b, 0)) {
        net_problem(net, "%s is ripe otherwise", world_name(net->world, lead));
    }
}

static bool
is_said(struct wh_value value, const struct statement *said)
{
    if (said == NULL) {
        return value.type == WH_TYPE_UNKNOWN;
    }
    if (said->value != NULL) {
        return value.type == WH_TYPE_STRING && wh_str_is(value.text, said->value);
    }
    return value.type == WH_TYPE_BOOL && wh_value_is_true(value) == said->yes;
}

static void
check_statements(struct net *net, const struct oracle *oracle, int lead, struct wh_arena *arena)
{
    const struct real *real = net->real;
    const struct wh_entity *own = net->entities[lead].real;
    struct wh_view view = view_of(real, &own->state, arena);
    static const char *const names[REAL_VALUE_COUNT] = {"a", "b", "p", "q"};
    for (int i = 0; i < REAL_VALUE_COUNT; i++) {
        struct wh_value value = wh_eval(&view, &real->model->values[i]);
        const struct statement *said = i < REAL_P ? oracle_attribute(oracle, lead, names[i])
                                                  : oracle_consent(oracle, lead, names[i]);
        if (!is_said(value, said)) {
            net_problem(net, "%s knows something else of %s", world_name(net->world, lead),
                        names[i]);
        }
    }
}

/* Law 4. */
static void
check_recomputed(struct net *net, int lead, struct wh_arena *arena)
{
    const struct real *real = net->real;
    const struct wh_entity *own = net->entities[lead].real;
    struct wh_state copy;
    wh_state_copy(&copy, arena, &own->state);
    wh_recompute(&real->ruleset, &copy, own->state.now, arena);
    if (!wh_fold_equal(&copy.live, &own->state.live)) {
        net_problem(net, "%s keeps other values than those worked out again",
                    world_name(net->world, lead));
    }
}

/* No match that one part has looked at fires again in the union. */
static void
check_firings(struct net *net)
{
    const struct real *real = net->real;
    for (int t = 0; t < net->world->touch_count; t++) {
        if (net->features[FEATURE_MERGES_ONLY] && real->fired[t] > 1) {
            net_problem(net, "%s fired %d times", net->world->touches[t].id, real->fired[t]);
        }
    }
}

void
real_check(struct net *net, const struct oracle *oracle)
{
    uint64_t told[2] = {0, 0};
    struct real *real = net->real;
    for (int i = 0; i < net->told_count; i++) {
        told[net->told[i].into == NOBODY]++;
    }
    if (told[0] != real->merged || told[1] != real->revived) {
        net_problem(net, "an event of a merge or a revival is missing");
    }
    check_firings(net);
    for (int key = 0; key < net->world->key_count; key++) {
        const struct entity *entity = &net->entities[key];
        if (!entity->exists || !wh_identity_is_lead(&entity->identity)) {
            continue;
        }
        struct wh_arena arena;
        struct wh_state fresh;
        wh_arena_init(&arena, 0);
        make_fresh(net, oracle, key, &arena, &fresh);
        check_values(net, key, &fresh, &arena);
        check_statements(net, oracle, key, &arena);
        check_recomputed(net, key, &arena);
        wh_arena_fini(&arena);
    }
}
