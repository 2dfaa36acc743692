#include "engine/score/counter.h"

static const struct wh_route *
find_route(const struct wh_ruleset *ruleset, struct wh_str id)
{
    for (size_t i = 0; i < ruleset->route_count; i++) {
        if (wh_str_equal(ruleset->routes[i].id, id)) {
            return &ruleset->routes[i];
        }
    }
    return NULL;
}

static struct wh_counter_turn *
find_turn(const struct wh_counter *counter, struct wh_str owner)
{
    for (uint32_t i = 0; i < counter->turn_count; i++) {
        if (wh_str_equal(counter->turns[i].owner, owner)) {
            return &counter->turns[i];
        }
    }
    return NULL;
}

static bool
is_as_in_model(const struct wh_counter *counter, const struct wh_route *route)
{
    bool is_same = counter->turn_count == route->owner_count;
    for (uint32_t i = 0; is_same && i < counter->turn_count; i++) {
        is_same = counter->turns[i].weight == route->owners[i].weight &&
                  wh_str_equal(counter->turns[i].owner, route->owners[i].name);
    }
    return is_same;
}

static int64_t
clamped(int64_t credit, int64_t sum)
{
    if (credit > sum) {
        return sum;
    }
    return credit < -sum ? -sum : credit;
}

/* The list has changed with the model: who stays keeps his place, who comes begins at none. */
static void
adopt_list(struct wh_counter *counter, struct wh_arena *arena, const struct wh_route *route)
{
    struct wh_counter_turn *turns =
        WH_ARENA_ARRAY(arena, struct wh_counter_turn, route->owner_count);
    for (size_t i = 0; i < route->owner_count; i++) {
        const struct wh_counter_turn *former = find_turn(counter, route->owners[i].name);
        turns[i].owner = wh_arena_str(arena, route->owners[i].name);
        turns[i].weight = route->owners[i].weight;
        turns[i].credit = former == NULL ? 0 : clamped(former->credit, route->weights);
        turns[i].given = former == NULL ? 0 : former->given;
    }
    counter->turns = turns;
    counter->turn_count = (uint32_t)route->owner_count;
}

/* Moments come from many partitions; the counter's own never falls. */
static bool
has_room(const struct wh_ruleset *ruleset, struct wh_counter *counter, const struct wh_route *route,
         int64_t at)
{
    counter->at = at > counter->at ? at : counter->at;
    if (route->capacity < 0) {
        return true;
    }
    int64_t period = wh_zone_period_start(ruleset->zone, route->capacity_per, counter->at);
    if (period != counter->period) {
        counter->period = period;
        counter->taken = 0;
    }
    return counter->taken < (uint64_t)route->capacity;
}

static struct wh_counter_turn *
pick(struct wh_counter *counter, const struct wh_route *route)
{
    struct wh_counter_turn *best = NULL;
    for (uint32_t i = 0; i < counter->turn_count; i++) {
        struct wh_counter_turn *turn = &counter->turns[i];
        turn->credit += turn->weight;
        if (best == NULL || turn->credit > best->credit) {
            best = turn;
        }
    }
    if (best != NULL) {
        best->credit -= route->weights;
    }
    return best;
}

/* Who had the person before gets him again, without taking a turn away from anybody. */
static struct wh_counter_turn *
take_turn(struct wh_counter *counter, const struct wh_route *route, struct wh_str before)
{
    struct wh_counter_turn *again = before.len > 0 ? find_turn(counter, before) : NULL;
    return again != NULL ? again : pick(counter, route);
}

void
wh_counter_answer(const struct wh_ruleset *ruleset, struct wh_counter *counter,
                  struct wh_arena *arena, struct wh_key self, const struct wh_route_message *ask,
                  struct wh_route_message *ret_answer)
{
    const struct wh_route *route = find_route(ruleset, self.value);
    *ret_answer = (struct wh_route_message){
        .kind = WH_ROUTE_ANSWER,
        .from = self,
        .ticket = ask->ticket,
    };
    if (route == NULL || !has_room(ruleset, counter, route, ask->at)) {
        counter->full++;
        return;
    }
    if (!is_as_in_model(counter, route)) {
        adopt_list(counter, arena, route);
    }
    counter->taken++;
    counter->given++;
    ret_answer->given = true;
    struct wh_counter_turn *turn = take_turn(counter, route, ask->owner);
    if (turn != NULL) {
        turn->given++;
        ret_answer->owner = turn->owner;
    }
}
