/* What plain worlds do not reach: bounds that bite, sums, erasures of whole leads. */
#include <inttypes.h>
#include <string.h>

#include "tests/identity/run.h"

static int
problem_of(const char *what, uint64_t seed, const struct net *net)
{
    if (net->problem[0] == '\0') {
        return 0;
    }
    (void)printf("%s: world %" PRIu64 ": %s\n", what, seed, net->problem);
    return 1;
}

static void
drop_erasures(struct world *world)
{
    int kept = 0;
    for (int i = 0; i < world->command_count; i++) {
        if (world->commands[i].word < WORD_ERASE) {
            world->commands[kept++] = world->commands[i];
        }
    }
    world->command_count = kept;
}

/* Copies of a touch that is folded by then are refused as too late by its owner: not simulated. */
static void
begin_bounded(struct run *run, uint64_t seed)
{
    run_begin(run, &(struct plan){.seed = seed});
    drop_erasures(&run->world);
    run->net.repeats = false;
    run->net.exact = false;
    run->net.audit = chance_is(&run->net.chance, 20);
}

static void
set_limits(struct run *run, const struct wh_identity_limits *limits)
{
    run->world.limits = *limits;
    run->net.limits = *limits;
}

static uint64_t
bitten(const struct net *net)
{
    return net->counters[WH_COUNT_SEALED] + net->counters[WH_COUNT_KEPT_DROPPED] +
           net->counters[WH_COUNT_DAYS_DROPPED] + net->counters[WH_COUNT_LINKS_DROPPED] +
           net->counters[WH_COUNT_TRAIL_LONG];
}

static void
make_tight(struct run *run)
{
    struct wh_identity_limits limits = run->world.limits;
    struct chance *chance = &run->net.chance;
    limits.kids = (uint32_t)CHANCE_OF(chance, 1, 2, 3, 99);
    limits.kept = (uint32_t)CHANCE_OF(chance, 1, 2, 99);
    limits.links = (uint32_t)CHANCE_OF(chance, 2, 4, 8, 99);
    limits.pairs = (uint32_t)CHANCE_OF(chance, 1, 16);
    limits.names = (uint32_t)CHANCE_OF(chance, 1, 16);
    limits.days = (uint32_t)CHANCE_OF(chance, 1, 32);
    limits.trail = (uint32_t)CHANCE_OF(chance, 1, 2, 12, 12);
    limits.trails = (uint32_t)CHANCE_OF(chance, 1, 2, 1024, 1024);
    set_limits(run, &limits);
    run->net.history = CHANCE_OF(chance, 1, 2, 4, 0);
    run->net.transfer = CHANCE_OF(chance, 12, 20, 0);
}

static void
check_transfer(struct net *net)
{
    int most = net->irreducible > net->transfer ? net->irreducible : net->transfer;
    if (net->transfer > 0 && net->largest > most) {
        net_problem(net, "a transfer of %d, at most %d", net->largest, most);
    }
}

int
run_tight(uint64_t first, int count)
{
    int problems = 0;
    int bit = 0;
    int equal = 0;
    for (int i = 0; i < count && problems == 0; i++) {
        struct run run;
        begin_bounded(&run, first + (uint64_t)i);
        make_tight(&run);
        net_feed(&run.net, 0, 0);
        net_run(&run.net);
        check_conserved(&run.net);
        check_transfer(&run.net);
        bool has_bitten = bitten(&run.net) > 0 || run.net.folded > 0;
        bool same = check_owners_equal(&run.net);
        if (!has_bitten && !same) {
            net_problem(&run.net, "differs, though no bound was met");
        }
        bit += has_bitten;
        equal += has_bitten && same;
        problems += problem_of("tight", first + (uint64_t)i, &run.net);
        run_end(&run);
    }
    (void)printf("tight: %d worlds, none lost, none doubled; a bound was met in %d, %d of them "
                 "still equal\n",
                 count, bit, equal);
    return problems;
}

/* Folding alone moves nothing: singles are where they belong, and each sum where its last touch
 * does. A crowd cannot take a sum apart, so worlds with crowds are not looked at. */
int
run_folds(uint64_t first, int count)
{
    int problems = 0;
    int folded = 0;
    int cut = 0;
    for (int i = 0; i < count && problems == 0; i++) {
        struct run run;
        begin_bounded(&run, first + (uint64_t)i);
        run.net.history = CHANCE_OF(&run.net.chance, 1, 2, 3, 5);
        net_feed(&run.net, 0, 0);
        net_run(&run.net);
        check_conserved(&run.net);
        bool no_crowd = run.net.counters[WH_COUNT_CROWD] == 0;
        cut += no_crowd && check_folds(&run.net) > 0;
        if (no_crowd && !check_owners_equal(&run.net)) {
            net_problem(&run.net, "a single touch is at the wrong lead");
        }
        folded += run.net.folded > 0;
        problems += problem_of("folds", first + (uint64_t)i, &run.net);
        run_end(&run);
    }
    (void)printf("folds: %d worlds, sums kept and where they belong; %d with folds, hands changed "
                 "within one in %d\n",
                 count, folded, cut);
    return problems;
}

/* Which commands are forgotten does not depend on the order in which they come. */
int
run_pairs(uint64_t first, int count)
{
    int problems = 0;
    int forgotten = 0;
    for (int i = 0; i < count && problems == 0; i++) {
        struct run run;
        run_begin(&run, &(struct plan){.seed = first + (uint64_t)i});
        drop_erasures(&run.world);
        struct wh_identity_limits limits = run.world.limits;
        limits.pairs = (uint32_t)CHANCE_OF(&run.net.chance, 1, 2, 3);
        set_limits(&run, &limits);
        world_add_commands(&run.world, &run.net.chance, 20, 3);
        net_feed(&run.net, 0, 0);
        net_run(&run.net);
        check_all(&run.net);
        forgotten += run.net.counters[WH_COUNT_PAIRS_DROPPED] > 0;
        problems += problem_of("pairs", first + (uint64_t)i, &run.net);
        run_end(&run);
    }
    (void)printf("pairs: %d worlds equal; %d in which commands were forgotten\n", count, forgotten);
    return problems;
}

static void
add_erasure(struct world *world, enum word word, int who, const struct wh_stretch *stretch)
{
    world->commands = wh_arena_grow(world->arena, world->commands, (size_t)world->command_count,
                                    (size_t)world->command_count + 1, sizeof(*world->commands));
    world->commands[world->command_count++] = (struct command){
        .id = "erasure",
        .word = word,
        .subject = who,
        .object = NOBODY,
        .from = stretch->from,
        .to = stretch->to,
    };
}

/* What belongs to the lead, minute by minute: between two minutes of touches nobody's hands change.
 * For the oracle only: it takes intervals, the entities find them by themselves. */
static void
expand_key(struct run *run, const struct oracle *oracle, const struct wh_minutes *cuts, int key)
{
    struct command whole = run->world.commands[run->erasure];
    for (uint32_t i = 0; i < cuts->count; i++) {
        int64_t end = i + 1 < cuts->count ? cuts->items[i + 1] : WH_MINUTE_END;
        struct wh_stretch part = {cuts->items[i], end < whole.to ? end : whole.to};
        if (part.from < part.to && oracle_resolve(oracle, key, part.from) == whole.subject) {
            add_erasure(&run->world, WORD_ERASE, key, &part);
        }
    }
}

static void
expand_erasure(struct run *run)
{
    struct world *world = &run->world;
    struct oracle oracle;
    oracle_make(&oracle, world, &run->arena);
    struct wh_minutes cuts = {0};
    for (int t = 0; t < world->touch_count; t++) {
        wh_minutes_add(&cuts, &run->arena, minute_of(world->touches[t].at));
    }
    wh_minutes_add(&cuts, &run->arena, WH_MINUTE_FIRST);
    for (int key = 0; key < world->key_count; key++) {
        expand_key(run, &oracle, &cuts, key);
    }
}

/* Of somebody who was erased up to this day no other identifier is remembered. */
static void
check_forgotten(struct net *net, int lead)
{
    const struct wh_identity *identity = &net->entities[lead].identity;
    for (uint32_t i = 0; i < identity->kid_count; i++) {
        if (identity->kids[i].key.kind > identity->key.kind) {
            net_problem(net, "%s is erased and still knows %s", world_name(net->world, lead),
                        world_name(net->world, world_find(net->world, identity->kids[i].key)));
        }
    }
}

static int
choose_lead(struct run *run)
{
    struct oracle oracle;
    oracle_make(&oracle, &run->world, &run->arena);
    int key = chance_below(&run->net.chance, run->world.key_count);
    return oracle_resolve(&oracle, key, WH_MINUTE_END);
}

/* A lead and the end of what is erased of it: WH_MINUTE_END in half of the worlds. */
static int64_t
order_erasure(struct run *run, int lead)
{
    struct net *net = &run->net;
    bool all = chance_is(&net->chance, 50);
    run->erasure = run->world.command_count;
    struct wh_stretch stretch = {WH_MINUTE_FIRST,
                                 all ? WH_MINUTE_END : chance_between(&net->chance, -1, 20)};
    add_erasure(&run->world, WORD_ERASE_LEAD, lead, &stretch);
    net_feed(net, run->world.touch_count, run->erasure);
    return stretch.to;
}

/* All is quiet, then a lead is erased, then late and new touches come. */
static void
erase_in_quiet(struct run *run)
{
    struct net *net = &run->net;
    net_feed(net, 0, 0);
    net_run(net);
    check_all(net);
    int lead = choose_lead(run);
    int64_t to = order_erasure(run, lead);
    net_run(net);
    expand_erasure(run);
    check_all(net);
    if (to == WH_MINUTE_END) {
        check_forgotten(net, lead);
    }
    int touches = run->world.touch_count;
    world_add_touches(&run->world, &net->chance, chance_between(&net->chance, 1, 8));
    net_feed(net, touches, run->world.command_count);
    net_run(net);
    check_all(net);
}

/* In the middle of everything: what is then found to belong to the lead depends on the order, but
 * exactly that is erased, and stays so. */
static void
erase_in_between(struct run *run)
{
    struct net *net = &run->net;
    for (int i = chance_between(&net->chance, 1, 3); i > 0; i--) {
        (void)order_erasure(run, choose_lead(run));
    }
    net_feed(net, 0, 0);
    net_run(net);
    for (int key = 0; key < run->world.key_count; key++) {
        const struct wh_stretches *erased = &net->entities[key].identity.erased;
        for (uint32_t i = 0; net->entities[key].exists && i < erased->count; i++) {
            add_erasure(&run->world, WORD_ERASE, key, &erased->items[i]);
        }
    }
    check_all(net);
}

int
run_erasures(uint64_t first, int count, const struct net_engine *engine)
{
    int problems = 0;
    uint64_t spread = 0;
    for (int i = 0; i < count && problems == 0; i++) {
        struct run run;
        run_begin(&run, &(struct plan){.seed = first + (uint64_t)i, .engine = engine});
        drop_erasures(&run.world);
        set_limits(&run, &wh_identity_limits_default);
        if ((first + (uint64_t)i) % 2 == 0) {
            erase_in_quiet(&run);
        } else {
            erase_in_between(&run);
        }
        spread += run.net.sent[WH_IDENTITY_ERASE];
        problems += problem_of("erasures", first + (uint64_t)i, &run.net);
        run_end(&run);
    }
    (void)printf("erasures: %d worlds equal, before, after, and after new touches; %" PRIu64
                 " identifiers erased because a lead was\n",
                 count, spread);
    return problems;
}

/* All happens within one moment: whatever changes hands, nothing is withdrawn before it is over. */
int
run_settle(uint64_t first, int count, const struct net_engine *engine)
{
    int problems = 0;
    int withdrawn = 0;
    for (int i = 0; i < count && problems == 0; i++) {
        struct run run;
        run_begin(&run, &(struct plan){.seed = first + (uint64_t)i, .engine = engine});
        drop_erasures(&run.world);
        run.net.frozen = true;
        net_feed(&run.net, 0, 0);
        net_run(&run.net);
        check_all(&run.net);
        if (run.net.withdrawn_early > 0) {
            net_problem(&run.net, "withdrawn while hands were changing");
        }
        withdrawn += run.net.withdrawn;
        problems += problem_of("settle", first + (uint64_t)i, &run.net);
        run_end(&run);
    }
    (void)printf("settle: %d worlds equal, nothing withdrawn on the way, %d decisions afterwards\n",
                 count, withdrawn);
    return problems;
}
