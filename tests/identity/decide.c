/* What stands for a model: ripe with so many touches, folded past so many. */
#include "tests/identity/net.h"

void
decide_fold(struct net *net, int key)
{
    struct store *store = &net->entities[key].store;
    while ((net->history > 0 && store_touches(store) > net->history) ||
           (net->transfer > 0 && size_of(store->items, store->count) > net->transfer)) {
        if (!store_fold(store) && !store_merge_folds(store)) {
            int size = size_of(store->items, store->count);
            net->irreducible = size > net->irreducible ? size : net->irreducible;
            return;
        }
        net->folded++;
    }
}

static bool
is_subset(const int *a, int a_count, const struct store *b)
{
    for (int i = 0; i < a_count; i++) {
        bool found = false;
        for (int k = 0; k < b->count && !found; k++) {
            found = b->items[k].kind == PARCEL_TOUCH && b->items[k].touch->number == a[i];
        }
        if (!found) {
            return false;
        }
    }
    return true;
}

static bool
holds(const struct store *store, const struct decision *decision)
{
    for (int i = 0; i < store->count; i++) {
        if (store->items[i].decision == decision) {
            return true;
        }
    }
    return false;
}

/* Whether the decision rests with a lead that is ripe without us. */
static bool
is_borne(const struct net *net, const struct decision *decision)
{
    for (int key = 0; key < net->world->key_count; key++) {
        if (net->entities[key].exists && holds(&net->entities[key].store, decision)) {
            return store_touches(&net->entities[key].store) >= net->quorum;
        }
    }
    return false;
}

struct decision *
decide_record(struct net *net, int key, int64_t *ret_minute)
{
    const struct store *store = &net->entities[key].store;
    struct decision *decision = WH_ARENA_NEW(net->arena, struct decision);
    *decision =
        (struct decision){.number = net->decision_count, .published_as = key, .standing = true};
    decision->because = WH_ARENA_ARRAY(net->arena, int, (size_t)store->count);
    int64_t minute = WH_MINUTE_FIRST;
    for (int i = 0; i < store->count; i++) {
        if (store->items[i].kind == PARCEL_TOUCH) {
            decision->because[decision->because_count++] = store->items[i].touch->number;
            minute = store->items[i].minute > minute ? store->items[i].minute : minute;
        }
    }
    for (int i = 0; i < net->decision_count; i++) {
        const struct decision *other = net->decisions[i];
        net->doubles += other->standing && is_subset(other->because, other->because_count, store) &&
                        !is_borne(net, other);
    }
    if (net->decision_count == net->decision_capacity) {
        int capacity = net->decision_capacity == 0 ? 8 : net->decision_capacity * 2;
        net->decisions = wh_arena_grow(net->arena, net->decisions, (size_t)net->decision_count,
                                       (size_t)capacity, sizeof(struct decision *));
        net->decision_capacity = capacity;
    }
    net->decisions[net->decision_count++] = decision;
    *ret_minute = minute;
    return decision;
}

static void
publish(struct net *net, int key)
{
    struct entity *entity = &net->entities[key];
    int64_t minute = 0;
    struct decision *decision = decide_record(net, key, &minute);
    store_add(&entity->store,
              (struct parcel){.kind = PARCEL_DECISION, .minute = minute, .decision = decision});
    wh_identity_publish(&entity->identity, net->now);
    entity->published = true;
}

static void
withdraw(struct net *net, struct store *store)
{
    for (int i = 0; i < store->count; i++) {
        struct decision *decision = store->items[i].decision;
        if (store->items[i].kind == PARCEL_DECISION && decision->standing) {
            decision->standing = false;
            decision->withdrawn++;
            net->withdrawn++;
        }
    }
}

/* A stand-in for a model: ripe with so many touches; published once, withdrawn once. */
void
decide_publish(struct net *net, int key)
{
    struct entity *entity = &net->entities[key];
    bool is_ripe = store_touches(&entity->store) >= net->quorum && !entity->identity.crowd;
    bool stands = store_standing(&entity->store) != NULL;
    if (net->mistake == MISTAKE_DECISIONS_STAY && !wh_identity_is_lead(&entity->identity)) {
        return;
    }
    if (is_ripe && !stands) {
        publish(net, key);
    } else if (!is_ripe && stands && net->now >= wh_identity_settled_at(&entity->identity)) {
        withdraw(net, &entity->store);
    }
}
