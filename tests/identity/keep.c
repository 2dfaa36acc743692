/* Messages outlive the state that they borrow from: as written to a log and read again. */
#include "tests/identity/net.h"

static struct wh_key
kept(struct net *net, struct wh_key key)
{
    int number = world_find(net->world, key);
    return number == NOBODY ? (struct wh_key){0} : net->world->keys[number];
}

static struct wh_key *
kept_keys(struct net *net, const struct wh_key *keys, uint32_t count)
{
    struct wh_key *copy = WH_ARENA_ARRAY(net->arena, struct wh_key, count);
    for (uint32_t i = 0; i < count; i++) {
        copy[i] = kept(net, keys[i]);
    }
    return copy;
}

static void
keep_lease(struct net *net, struct wh_identity_lease *lease)
{
    lease->held = wh_stretches_copy(net->arena, lease->held);
    struct wh_identity_name *names =
        WH_ARENA_ARRAY(net->arena, struct wh_identity_name, lease->names.count);
    for (uint32_t i = 0; i < lease->names.count; i++) {
        names[i].key = kept(net, lease->names.items[i].key);
        names[i].since = lease->names.items[i].since;
    }
    lease->names.items = names;
}

static void
keep_members(struct net *net, struct wh_identity_members *members)
{
    struct wh_identity_member *items =
        WH_ARENA_ARRAY(net->arena, struct wh_identity_member, members->count);
    for (uint32_t i = 0; i < members->count; i++) {
        items[i].key = kept(net, members->items[i].key);
        items[i].minutes = wh_stretches_copy(net->arena, members->items[i].minutes);
    }
    members->items = items;
}

void
net_keep_message(struct net *net, struct wh_identity_message *message)
{
    message->from = kept(net, message->from);
    switch (message->kind) {
    case WH_IDENTITY_LEASE:
        keep_lease(net, &message->as.lease);
        break;
    case WH_IDENTITY_UP:
    case WH_IDENTITY_HOME:
        for (uint32_t i = 0; i < message->as.transfer.count; i++) {
            struct wh_trail *trail = &message->as.transfer.loads[i].trail;
            trail->hops = kept_keys(net, trail->hops, trail->count);
        }
        break;
    case WH_IDENTITY_RECALL:
        message->as.recall.via =
            kept_keys(net, message->as.recall.via, message->as.recall.via_count);
        message->as.recall.minutes = wh_stretches_copy(net->arena, message->as.recall.minutes);
        break;
    case WH_IDENTITY_UNLINK:
        message->as.unlink.minutes = wh_stretches_copy(net->arena, message->as.unlink.minutes);
        break;
    case WH_IDENTITY_ERASE:
        message->as.erase.minutes = wh_stretches_copy(net->arena, message->as.erase.minutes);
        break;
    case WH_IDENTITY_ASK:
        message->as.ask.minutes = wh_stretches_copy(net->arena, message->as.ask.minutes);
        break;
    case WH_IDENTITY_ANSWER:
        keep_members(net, &message->as.answer);
        break;
    case WH_IDENTITY_DISSOLVE:
        message->as.dissolve.into = kept(net, message->as.dissolve.into);
        break;
    case WH_IDENTITY_ARRIVE:
        message->as.arrive.keys =
            kept_keys(net, message->as.arrive.keys, message->as.arrive.key_count);
        break;
    case WH_IDENTITY_LINK:
        message->as.link.minutes =
            wh_arena_grow(net->arena, message->as.link.minutes, message->as.link.count,
                          message->as.link.count, sizeof(*message->as.link.minutes));
        break;
    case WH_IDENTITY_REFUSE:
    case WH_IDENTITY_TELL: /* no world here has companies */
    case WH_IDENTITY_PAIR:
    case WH_IDENTITY_JOIN:
    case WH_IDENTITY_MESSAGE_KIND_COUNT:
        break;
    }
}
