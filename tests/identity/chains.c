/* Worlds made by hand: chains of joins that are longer than any trail, and what the common flows of
 * identity.md 10 cost. */
#include <inttypes.h>
#include <string.h>

#include "engine/base/buf.h"
#include "tests/identity/run.h"

#define CHAIN 20

static struct wh_str
numbered(struct wh_arena *arena, const char *text, int number)
{
    struct wh_buf buf;
    wh_buf_init(&buf, arena);
    wh_buf_push_text(&buf, text);
    wh_buf_push_char(&buf, (char)('0' + number / 100 % 10));
    wh_buf_push_char(&buf, (char)('0' + number / 10 % 10));
    wh_buf_push_char(&buf, (char)('0' + number % 10));
    return wh_str_of(wh_buf_text(&buf));
}

static void
init_world(struct world *world, struct wh_arena *arena, int keys, int touches, int commands)
{
    *world = (struct world){.arena = arena, .limits = wh_identity_limits_default};
    world->keys = WH_ARENA_ARRAY(arena, struct wh_key, (size_t)keys);
    world->touches = WH_ARENA_ARRAY(arena, struct touch, (size_t)touches);
    world->commands = WH_ARENA_ARRAY(arena, struct command, (size_t)commands);
}

static int
add_key(struct world *world, enum wh_key_kind kind, int number)
{
    world->keys[world->key_count] =
        (struct wh_key){.kind = kind, .value = numbered(world->arena, "k", number)};
    return world->key_count++;
}

/* Identifiers in order; NOBODY: no second one. */
static void
add_touch(struct world *world, int64_t at, int strong, int weak)
{
    struct touch *touch = &world->touches[world->touch_count];
    *touch = (struct touch){
        .id = numbered(world->arena, "t", world->touch_count).ptr,
        .number = world->touch_count,
        .at = at,
        .keys = {strong, weak},
        .key_count = weak == NOBODY ? 1 : 2,
        .copies = 1,
    };
    world->touch_count++;
}

/* crm 0 into 1 into 2 … and a device of the first; with `alone`, the first is taken out again. */
static void
make_chain(struct world *world, struct wh_arena *arena, bool alone)
{
    init_world(world, arena, CHAIN + 1, 3, CHAIN);
    for (int i = 0; i < CHAIN; i++) {
        add_key(world, WH_KEY_CRM, i);
    }
    int device = add_key(world, WH_KEY_ANON, 0);
    add_touch(world, 60, device, NOBODY);
    add_touch(world, 120, 0, device);
    add_touch(world, 180, 0, NOBODY);
    for (int i = 0; i + 1 < CHAIN; i++) {
        world->commands[world->command_count++] = (struct command){
            .id = "join", .at = 1000 + i, .word = WORD_JOIN, .subject = i, .object = i + 1};
    }
    if (alone) {
        world->commands[world->command_count++] = (struct command){
            .id = "alone", .at = 2000, .word = WORD_ALONE, .subject = 0, .object = NOBODY};
    }
}

int
run_chains(uint64_t first, int count)
{
    int problems = 0;
    int sealed = 0;
    for (int i = 0; i < count && problems == 0; i++) {
        struct run run;
        uint64_t seed = first + (uint64_t)i;
        wh_arena_init(&run.arena, 0);
        make_chain(&run.world, &run.arena, i % 2 == 1);
        net_init(&run.net, &run.world, seed, NULL);
        run.net.repeats = false;
        run.net.exact = false;
        run.net.audit = true;
        net_feed(&run.net, 0, 0);
        net_run(&run.net);
        check_conserved(&run.net);
        if (i % 2 == 0 && !check_owners_equal(&run.net)) {
            net_problem(&run.net, "the end of the chain does not have all");
        }
        sealed += run.net.counters[WH_COUNT_TRAIL_LONG] > 0;
        if (run.net.problem[0] != '\0') {
            (void)printf("chains: world %" PRIu64 ": %s\n", seed, run.net.problem);
            problems++;
        }
        run_end(&run);
    }
    (void)printf("chains: %d of %d joins each, none lost; sealed on the way in %d\n", count,
                 CHAIN - 1, sealed);
    return problems;
}

#define FLOW 1000

enum flow { FLOW_ANONYMOUS, FLOW_SIGNED_IN, FLOW_KNOWN_LATE, FLOW_COOKIE, FLOW_TURNS, FLOW_KIOSK };

static void
add_flow_touch(struct world *world, enum flow flow, int n)
{
    int device = world->key_count - 1;
    int64_t at = (int64_t)n * 600;
    switch (flow) {
    case FLOW_ANONYMOUS:
        add_touch(world, at, device, NOBODY);
        break;
    case FLOW_SIGNED_IN:
        add_touch(world, at, 0, device);
        break;
    case FLOW_KNOWN_LATE:
        add_touch(world, at, n > 9 ? 0 : device, n > 9 ? device : NOBODY);
        break;
    case FLOW_COOKIE:
        add_touch(world, at, n == 10 ? 0 : device, n == 10 ? device : NOBODY);
        break;
    case FLOW_TURNS:
        add_touch(world, (int64_t)n * 86400 / 20, n / 20 % 2, device);
        break;
    case FLOW_KIOSK:
        add_touch(world, at, n % 200, device);
        break;
    }
}

/* Messages beyond the touches, which come one after the other as in a live stream. */
static int
cost_of(enum flow flow)
{
    struct run run;
    wh_arena_init(&run.arena, 0);
    int users = flow == FLOW_KIOSK ? 200 : 2;
    init_world(&run.world, &run.arena, users + 1, FLOW, 1);
    for (int i = 0; i < users; i++) {
        add_key(&run.world, WH_KEY_USER, i);
    }
    add_key(&run.world, WH_KEY_ANON, 0);
    for (int n = 0; n < FLOW; n++) {
        add_flow_touch(&run.world, flow, n);
    }
    net_init(&run.net, &run.world, 1, NULL);
    run.net.repeats = false;
    run.net.quorum = FLOW + 1;
    int touches = run.world.touch_count;
    for (int n = 0; n < touches; n++) {
        run.world.touch_count = n + 1;
        net_feed(&run.net, n, 0);
        net_run(&run.net);
    }
    int cost = 0;
    for (int i = 0; i < WH_IDENTITY_MESSAGE_KIND_COUNT; i++) {
        cost += (int)run.net.sent[i];
    }
    run_end(&run);
    return cost;
}

int
run_cost(void)
{
    static const struct {
        const char *name;
        int most;
    } flows[] = {
        [FLOW_ANONYMOUS] = {"anonymous only", 0},
        [FLOW_SIGNED_IN] = {"signed in", 2},
        [FLOW_KNOWN_LATE] = {"10 anonymous, then identified", 3},
        [FLOW_COOKIE] = {"cookie only after one identification", 2 + FLOW - 10},
        [FLOW_TURNS] = {"two people in turns, 50 hand-overs", 3 * 50},
        [FLOW_KIOSK] = {"kiosk, 200 people", 2 * 200 + 40},
    };
    int problems = 0;
    (void)printf("cost:");
    for (size_t i = 0; i < sizeof(flows) / sizeof(flows[0]); i++) {
        int cost = cost_of((enum flow)i);
        (void)printf("%s %s %d messages", i == 0 ? "" : ",", flows[i].name, cost);
        if (cost > flows[i].most) {
            (void)printf(" (at most %d!)", flows[i].most);
            problems++;
        }
    }
    (void)printf(" for %d touches\n", FLOW);
    return problems;
}
