#include "tests/identity/check.h"

#include <string.h>

static const struct statement *
winner(const struct oracle *oracle, int lead, enum what what, const char *name)
{
    const struct touch *best = NULL;
    for (int t = 0; t < oracle->world->touch_count; t++) {
        const struct touch *touch = &oracle->world->touches[t];
        if (touch_says(touch, what, name) != NULL && oracle_owner(oracle, t) == lead &&
            (best == NULL || touch_outdoes(touch, best, what, name))) {
            best = touch;
        }
    }
    return best == NULL ? NULL : touch_says(best, what, name);
}

const struct statement *
oracle_attribute(const struct oracle *oracle, int lead, const char *name)
{
    return winner(oracle, lead, WHAT_ATTRIBUTE, name);
}

const struct statement *
oracle_consent(const struct oracle *oracle, int lead, const char *purpose)
{
    return winner(oracle, lead, WHAT_CONSENT, purpose);
}

static const struct touch *
said_by(const struct parcel *parcel, enum what what, const char *name)
{
    if (parcel->kind == PARCEL_TOUCH) {
        return touch_says(parcel->touch, what, name) != NULL ? parcel->touch : NULL;
    }
    return parcel->kind == PARCEL_FOLD ? fold_winner(parcel->fold, what, name) : NULL;
}

/* As a lead would keep it: one register for each name, its touches and sums in whatever order. */
static const struct statement *
held_statement(const struct net *net, int lead, enum what what, const char *name)
{
    const struct store *store = &net->entities[lead].store;
    const struct touch *best = NULL;
    for (int i = 0; net->entities[lead].exists && i < store->count; i++) {
        const struct touch *touch = said_by(&store->items[i], what, name);
        if (touch != NULL && (best == NULL || touch_outdoes(touch, best, what, name))) {
            best = touch;
        }
    }
    return best == NULL ? NULL : touch_says(best, what, name);
}

static bool
is_same_statement(const struct statement *a, const struct statement *b)
{
    if (a == NULL || b == NULL) {
        return a == b;
    }
    return a->yes == b->yes && (a->value == NULL || strcmp(a->value, b->value) == 0);
}

static void
check_said(struct net *net, const struct oracle *oracle, const struct touch *touch)
{
    int lead = oracle_owner(oracle, touch->number);
    for (int i = 0; lead != NOBODY && i < touch->set_count + touch->consent_count; i++) {
        enum what what = i < touch->set_count ? WHAT_ATTRIBUTE : WHAT_CONSENT;
        const char *name =
            i < touch->set_count ? touch->set[i].name : touch->consent[i - touch->set_count].name;
        if (!is_same_statement(held_statement(net, lead, what, name),
                               winner(oracle, lead, what, name))) {
            net_problem(net, "%s says something else of %s", world_name(net->world, lead), name);
        }
    }
}

static int
times_held(const struct store *store, int touch)
{
    int times = 0;
    for (int i = 0; i < store->count; i++) {
        times += store->items[i].kind == PARCEL_TOUCH && store->items[i].touch->number == touch;
    }
    return times;
}

static int
holders_of(const struct net *net, int touch, int *ret_last)
{
    int holders = 0;
    *ret_last = NOBODY;
    for (int key = 0; key < net->world->key_count; key++) {
        int times = net->entities[key].exists ? times_held(&net->entities[key].store, touch) : 0;
        holders += times;
        *ret_last = times > 0 ? key : *ret_last;
    }
    return holders;
}

static void
check_owners(struct net *net, const struct oracle *oracle)
{
    for (int t = 0; t < net->world->touch_count; t++) {
        int held = NOBODY;
        int holders = holders_of(net, t, &held);
        int owner = oracle_owner(oracle, t);
        if (held != owner || holders > 1) {
            net_problem(net, "%s is held by %s (%d holders), should be by %s",
                        net->world->touches[t].id, world_name(net->world, held), holders,
                        world_name(net->world, owner));
        }
        check_said(net, oracle, &net->world->touches[t]);
    }
}

static bool
has_erasures(const struct world *world)
{
    for (int i = 0; i < world->command_count; i++) {
        if (world->commands[i].word >= WORD_ERASE) {
            return true;
        }
    }
    return false;
}

static void
check_guards(struct net *net, const struct oracle *oracle)
{
    for (int key = 0; key < net->world->key_count; key++) {
        const struct entity *entity = &net->entities[key];
        if ((entity->exists && entity->identity.crowd) != oracle->crowd[key]) {
            net_problem(net, "%s is %sa crowd", world_name(net->world, key),
                        oracle->crowd[key] ? "not " : "");
        }
        bool shared = entity->exists && wh_identity_is_shared(&entity->identity, &net->limits);
        if (shared != oracle_is_shared(oracle, key) && !has_erasures(net->world)) {
            net_problem(net, "%s is %sshared", world_name(net->world, key), shared ? "" : "not ");
        }
    }
}

static void
check_pointer(struct net *net, const struct oracle *oracle, int key, int64_t minute)
{
    int found = net_resolve(net, key, minute);
    int wanted = oracle_resolve(oracle, key, minute);
    if (found != wanted) {
        net_problem(net, "%s at minute %lld is %s, should be %s", world_name(net->world, key),
                    (long long)minute, world_name(net->world, found),
                    world_name(net->world, wanted));
    }
}

static void
check_pointers(struct net *net, const struct oracle *oracle)
{
    static const int64_t minutes[] = {WH_MINUTE_FIRST, 0, 1, 2, 5, 50, 1000, WH_MINUTE_END};
    for (int key = 0; key < net->world->key_count; key++) {
        for (size_t i = 0; i < sizeof(minutes) / sizeof(minutes[0]); i++) {
            check_pointer(net, oracle, key, minutes[i]);
        }
    }
}

static bool
has_erased(const struct net *net)
{
    for (int key = 0; key < net->world->key_count; key++) {
        if (net->entities[key].exists && net->entities[key].identity.erased.count > 0) {
            return true;
        }
    }
    return false;
}

static void
check_decisions(struct net *net)
{
    bool merged_only = net->counters[WH_COUNT_HANDS_CHANGED] == 0 &&
                       net->counters[WH_COUNT_CROWD] == 0 && !has_erased(net);
    net->features[FEATURE_MERGES_ONLY] = merged_only;
    for (int key = 0; key < net->world->key_count; key++) {
        const struct entity *entity = &net->entities[key];
        if (!entity->exists) {
            continue;
        }
        bool ripe = store_touches(&entity->store) >= net->quorum && !entity->identity.crowd;
        if (ripe != (store_standing(&entity->store) != NULL)) {
            net_problem(net, "%s has %d touches of %d and %s standing decision",
                        world_name(net->world, key), store_touches(&entity->store), net->quorum,
                        ripe ? "no" : "a");
        }
    }
    for (int i = 0; i < net->decision_count; i++) {
        if (net->decisions[i]->withdrawn > 1) {
            net_problem(net, "decision %d was withdrawn twice", i);
        }
    }
    if (merged_only && net->doubles > 0 && !net->repeats) {
        net_problem(net, "published twice");
    }
    if (merged_only && net->withdrawn > 0) {
        net_problem(net, "a decision was withdrawn though links only ever merged");
    }
    if (net->frozen && net->doubles == 0 && net->withdrawn > net->decision_count) {
        net_problem(net, "more decisions were withdrawn than published");
    }
}

/* What a consumer knows: of each id the last turn that it was told, in whatever order. */
static const struct told *
last_told(const struct net *net, int lead)
{
    const struct told *last = NULL;
    for (int i = 0; i < net->told_count; i++) {
        if (net->told[i].lead == lead && (last == NULL || net->told[i].turn > last->turn)) {
            last = &net->told[i];
        }
    }
    return last;
}

static int
follow(const struct net *net, int lead)
{
    for (int hops = 0; hops <= net->world->key_count; hops++) {
        const struct told *last = last_told(net, lead);
        if (last == NULL || last->into == NOBODY) {
            return lead;
        }
        lead = last->into;
    }
    return NOBODY;
}

static bool
is_among(const struct net *net, struct wh_identity_names names, int key)
{
    for (uint32_t i = 0; i < names.count; i++) {
        if (world_find(net->world, names.items[i].key) == key) {
            return true;
        }
    }
    return false;
}

/* A lead names every id published earlier that is it now, and no other. */
static void
check_also(struct net *net, const struct oracle *oracle, int lead)
{
    struct wh_identity_names also =
        wh_identity_also(&net->entities[lead].identity, &net->limits, net->arena);
    for (int other = 0; other < net->world->key_count; other++) {
        bool lives_here = other != lead && net->entities[other].published &&
                          oracle_resolve(oracle, other, WH_MINUTE_END) == lead;
        if (lives_here != is_among(net, also, other) &&
            net->counters[WH_COUNT_NAMES_DROPPED] == 0) {
            net_problem(net, "%s is %snamed by %s", world_name(net->world, other),
                        lives_here ? "not " : "", world_name(net->world, lead));
        }
    }
}

static void
check_names(struct net *net, const struct oracle *oracle)
{
    for (int key = 0; key < net->world->key_count; key++) {
        const struct entity *entity = &net->entities[key];
        int lead = oracle_resolve(oracle, key, WH_MINUTE_END);
        if (entity->published && follow(net, key) != lead) {
            net_problem(net, "%s was published; its turns lead to %s, should lead to %s",
                        world_name(net->world, key), world_name(net->world, follow(net, key)),
                        world_name(net->world, lead));
        }
        if (entity->exists && wh_identity_is_lead(&entity->identity)) {
            check_also(net, oracle, key);
        }
    }
}

static void
note_features(struct net *net)
{
    net->features[FEATURE_CROWD] = net->counters[WH_COUNT_CROWD] > 0;
    net->features[FEATURE_REPEATS] = net->repeats;
    net->features[FEATURE_WITHDRAWN] = net->withdrawn > 0;
    net->features[FEATURE_RECALL] = net->sent[WH_IDENTITY_RECALL] > 0;
    net->features[FEATURE_HOME] = net->sent[WH_IDENTITY_HOME] > 0;
    net->features[FEATURE_UNLINK] = net->sent[WH_IDENTITY_UNLINK] > 0;
    net->features[FEATURE_JOIN] = net->sent[WH_IDENTITY_DISSOLVE] > 0;
    net->features[FEATURE_AUDITED] = net->audit;
    net->features[FEATURE_COPIED] = net->copies;
    for (int key = 0; key < net->world->key_count; key++) {
        net->features[FEATURE_HANDS] |=
            net->entities[key].exists && net->entities[key].identity.bound_count > 1;
    }
}

void
check_all(struct net *net)
{
    struct oracle oracle;
    oracle_make(&oracle, net->world, net->arena);
    check_owners(net, &oracle);
    check_guards(net, &oracle);
    check_pointers(net, &oracle);
    check_decisions(net);
    check_names(net, &oracle);
    note_features(net);
    if (net->engine != NULL) {
        net->engine->check(net, &oracle);
    }
}

static int64_t
count_fold(struct net *net, const struct fold *fold)
{
    for (int i = 0; i < fold->count; i++) {
        net->places[fold->touches[i]]++;
    }
    return fold->points;
}

/* The sum of its points. */
static int64_t
count_store(struct net *net, const struct store *store)
{
    int64_t points = 0;
    for (int i = 0; i < store->count; i++) {
        const struct parcel *parcel = &store->items[i];
        if (parcel->kind == PARCEL_TOUCH) {
            net->places[parcel->touch->number]++;
            points += points_of(parcel->touch);
        } else if (parcel->kind == PARCEL_FOLD) {
            points += count_fold(net, parcel->fold);
        }
    }
    return points;
}

void
check_conserved(struct net *net)
{
    int64_t points = 0;
    int64_t wanted = 0;
    net->places = WH_ARENA_ARRAY(net->arena, int, (size_t)net->world->touch_count);
    for (int key = 0; key < net->world->key_count; key++) {
        if (net->entities[key].exists) {
            points += count_store(net, &net->entities[key].store);
        }
    }
    for (int t = 0; t < net->world->touch_count; t++) {
        bool rejected = net->world->touches[t].key_count == 0;
        wanted += rejected ? 0 : points_of(&net->world->touches[t]);
        if (!rejected && net->places[t] != 1) {
            net_problem(net, "%s is in %d places", net->world->touches[t].id, net->places[t]);
        }
    }
    if (points != wanted) {
        net_problem(net, "sums are %lld instead of %lld", (long long)points, (long long)wanted);
    }
}

bool
check_owners_equal(struct net *net)
{
    struct oracle oracle;
    oracle_make(&oracle, net->world, net->arena);
    for (int t = 0; t < net->world->touch_count; t++) {
        int held = NOBODY;
        if (holders_of(net, t, &held) == 1 && held != oracle_owner(&oracle, t)) {
            return false;
        }
    }
    return true;
}

static int
latest_in(const struct net *net, const struct fold *fold)
{
    int latest = fold->touches[0];
    for (int i = 1; i < fold->count; i++) {
        if (net->world->touches[fold->touches[i]].at > net->world->touches[latest].at) {
            latest = fold->touches[i];
        }
    }
    return latest;
}

static bool
is_cut(const struct oracle *oracle, const struct fold *fold, int holder)
{
    for (int i = 0; i < fold->count; i++) {
        if (oracle_owner(oracle, fold->touches[i]) != holder) {
            return true;
        }
    }
    return false;
}

static int
check_folds_of(struct net *net, const struct oracle *oracle, int key)
{
    const struct store *store = &net->entities[key].store;
    int cut = 0;
    for (int i = 0; i < store->count; i++) {
        const struct fold *fold = store->items[i].fold;
        if (store->items[i].kind != PARCEL_FOLD) {
            continue;
        }
        cut += is_cut(oracle, fold, key);
        if (oracle_owner(oracle, latest_in(net, fold)) != key) {
            net_problem(net, "%s holds a fold that is not its own", world_name(net->world, key));
        }
    }
    return cut;
}

int
check_folds(struct net *net)
{
    struct oracle oracle;
    oracle_make(&oracle, net->world, net->arena);
    int cut = 0;
    for (int key = 0; key < net->world->key_count; key++) {
        cut += net->entities[key].exists ? check_folds_of(net, &oracle, key) : 0;
    }
    for (int t = 0; cut == 0 && t < net->world->touch_count; t++) {
        check_said(net, &oracle, &net->world->touches[t]);
    }
    return cut;
}
