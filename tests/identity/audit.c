/* The invariants of identity.md 6, after each step. */
#include "tests/identity/net.h"

#include <string.h>

/* I6: every link minute is either told, or kept within the lease. */
static void
audit_kept(struct net *net, int key)
{
    const struct wh_identity *identity = &net->entities[key].identity;
    for (uint32_t i = 0; i < identity->kid_count; i++) {
        const struct wh_identity_kid *kid = &identity->kids[i];
        struct wh_minutes kept = wh_minutes_copy(net->arena, &kid->kept);
        wh_minutes_remove(&kept, kid->lease);
        if (!identity->crowd && kid->status == WH_LEASE_OPEN && kept.count > 0) {
            net_problem(net, "I6: %s keeps minute %lld outside of its lease",
                        world_name(net->world, key), (long long)kept.items[0]);
        }
    }
}

void
audit_entity(struct net *net, int key)
{
    const struct entity *entity = &net->entities[key];
    const struct store *store = &entity->store;
    for (int i = 0; i < store->count; i++) {
        /* I2 and I4 are one, because the first bound of a pointer begins before all minutes. */
        if (wh_identity_target_at(&entity->identity, store->items[i].minute) != NULL) {
            net_problem(net, "I2: %s holds a parcel that is not its own",
                        world_name(net->world, key));
        }
        if (store->items[i].trail >= entity->identity.trail_count ||
            !entity->identity.trails[store->items[i].trail].used) {
            net_problem(net, "%s holds a parcel under no trail", world_name(net->world, key));
        }
    }
    if (net->exact && net->counters[WH_COUNT_STRAY] > 0) {
        net_problem(net, "I3: %s got a parcel outside of its lease", world_name(net->world, key));
    }
    if (net->exact) {
        audit_kept(net, key);
    }
}

/* I5: times strictly increase along a chain of joins, so there is no circle. */
void
audit_joins(struct net *net)
{
    for (int key = 0; key < net->world->key_count; key++) {
        const struct entity *entity = &net->entities[key];
        if (!entity->exists || !entity->identity.joined) {
            continue;
        }
        const struct entity *into = &net->entities[world_find(net->world, entity->identity.into)];
        if (!into->exists ||
            (into->identity.joined &&
             wh_stamp_compare(entity->identity.join_stamp, into->identity.join_stamp) >= 0)) {
            net_problem(net, "I5: %s was joined after what it was joined into",
                        world_name(net->world, key));
        }
    }
}

static void
count_parcel(struct net *net, const struct parcel *parcel)
{
    const struct fold *fold = parcel->fold;
    if (parcel->kind == PARCEL_TOUCH) {
        net->places[parcel->touch->number]++;
    } else if (parcel->kind == PARCEL_DECISION) {
        net->places[net->world->touch_count + parcel->decision->number]++;
    }
    for (int i = 0; parcel->kind == PARCEL_FOLD && i < fold->count; i++) {
        net->places[fold->touches[i]]++;
    }
}

static void
count_parcels(struct net *net, const struct parcel *parcels, int count)
{
    for (int i = 0; i < count; i++) {
        count_parcel(net, &parcels[i]);
    }
}

static void
count_flight(struct net *net, const struct flight *flight)
{
    const struct wh_identity_message *message = &flight->message;
    if (message->kind == WH_IDENTITY_ARRIVE) {
        const struct touch *touch = message->as.arrive.touch;
        net->places[touch->number]++;
    }
    if (message->kind != WH_IDENTITY_UP && message->kind != WH_IDENTITY_HOME) {
        return;
    }
    for (uint32_t i = 0; i < message->as.transfer.count; i++) {
        const struct content *content = message->as.transfer.loads[i].content;
        count_parcels(net, content->items, content->count);
    }
}

/* I1: a parcel is in exactly one place, a store or one message. */
void
audit_conservation(struct net *net)
{
    int total = net->world->touch_count + net->decision_count;
    net->places = WH_ARENA_ARRAY(net->arena, int, (size_t)total);
    for (int key = 0; key < net->world->key_count; key++) {
        const struct store *store = &net->entities[key].store;
        count_parcels(net, store->items, net->entities[key].exists ? store->count : 0);
    }
    for (int i = 0; i < net->live_count; i++) {
        const struct channel *channel = &net->channels[net->live[i]];
        for (int k = 0; k < channel->count; k++) {
            count_flight(net, &channel->items[channel->first + k]);
        }
    }
    for (int i = 0; i < net->input_count; i++) {
        count_flight(net, &net->inputs[i]);
    }
    for (int i = 0; i < total; i++) {
        bool rejected = i < net->world->touch_count && net->world->touches[i].key_count == 0;
        if (!rejected && net->places[i] != 1) {
            net_problem(net, "I1: %s %d is in %d places",
                        i < net->world->touch_count ? "touch" : "decision",
                        i < net->world->touch_count ? i : i - net->world->touch_count,
                        net->places[i]);
        }
    }
}
