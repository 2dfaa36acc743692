#include "engine/model/identity_message_copy.h"

#include "engine/model/bundle.h"

static struct wh_key
copy_key(struct wh_arena *arena, struct wh_key key)
{
    return (struct wh_key){key.kind, wh_arena_str(arena, key.value)};
}

static const struct wh_key *
copy_keys(struct wh_arena *arena, const struct wh_key *keys, uint32_t count)
{
    struct wh_key *copy = WH_ARENA_ARRAY(arena, struct wh_key, count);
    for (uint32_t i = 0; i < count; i++) {
        copy[i] = copy_key(arena, keys[i]);
    }
    return copy;
}

static struct wh_bundle *
copy_bundle(struct wh_arena *arena, const struct wh_bundle *bundle)
{
    struct wh_bundle *copy = WH_ARENA_NEW(arena, struct wh_bundle);
    wh_bundle_copy(copy, arena, bundle);
    return copy;
}

static void
copy_arrival(struct wh_arena *arena, struct wh_arrival *arrival)
{
    const struct wh_cargo *cargo = arrival->touch;
    arrival->keys = copy_keys(arena, arrival->keys, arrival->key_count);
    if (cargo == NULL || cargo->rows == NULL) {
        return;
    }
    struct wh_cargo *copy = WH_ARENA_NEW(arena, struct wh_cargo);
    copy->rows = copy_bundle(arena, cargo->rows);
    arrival->touch = copy;
}

static void
copy_names(struct wh_arena *arena, struct wh_identity_names *names)
{
    struct wh_identity_name *items = WH_ARENA_ARRAY(arena, struct wh_identity_name, names->count);
    for (uint32_t i = 0; i < names->count; i++) {
        items[i].key = copy_key(arena, names->items[i].key);
        items[i].since = names->items[i].since;
    }
    names->items = items;
}

static void
copy_transfer(struct wh_arena *arena, struct wh_identity_transfer *transfer)
{
    struct wh_load *loads = WH_ARENA_ARRAY(arena, struct wh_load, transfer->count);
    for (uint32_t i = 0; i < transfer->count; i++) {
        loads[i] = transfer->loads[i];
        loads[i].trail.hops = copy_keys(arena, loads[i].trail.hops, loads[i].trail.count);
        loads[i].content = copy_bundle(arena, transfer->loads[i].content);
    }
    transfer->loads = loads;
}

static void
copy_members(struct wh_arena *arena, struct wh_identity_members *members)
{
    struct wh_identity_member *items =
        WH_ARENA_ARRAY(arena, struct wh_identity_member, members->count);
    for (uint32_t i = 0; i < members->count; i++) {
        items[i].key = copy_key(arena, members->items[i].key);
        items[i].minutes = wh_stretches_copy(arena, members->items[i].minutes);
    }
    members->items = items;
}

static void
copy_stamp(struct wh_arena *arena, struct wh_stamp *stamp)
{
    stamp->id = wh_arena_str(arena, stamp->id);
}

static void
copy_link(struct wh_arena *arena, struct wh_identity_link *link)
{
    int64_t *minutes = WH_ARENA_ARRAY(arena, int64_t, link->count);
    for (uint32_t i = 0; i < link->count; i++) {
        minutes[i] = link->minutes[i];
    }
    link->minutes = minutes;
}

static void
copy_tell(struct wh_arena *arena, struct wh_identity_tell *tell)
{
    struct wh_str *struck = WH_ARENA_ARRAY(arena, struct wh_str, tell->struck_count);
    for (uint32_t i = 0; i < tell->struck_count; i++) {
        struck[i] = wh_arena_str(arena, tell->struck[i]);
    }
    tell->struck = struck;
    tell->person = wh_arena_str(arena, tell->person);
    tell->touches = tell->touches == NULL ? NULL : copy_bundle(arena, tell->touches);
    tell->report = tell->report == NULL ? NULL : copy_bundle(arena, tell->report);
}

void
wh_identity_message_copy(struct wh_identity_message *to, struct wh_arena *arena,
                         const struct wh_identity_message *from)
{
    *to = *from;
    to->from = copy_key(arena, from->from);
    switch (from->kind) {
    case WH_IDENTITY_ARRIVE:
        copy_arrival(arena, &to->as.arrive);
        break;
    case WH_IDENTITY_LINK:
        copy_link(arena, &to->as.link);
        break;
    case WH_IDENTITY_LEASE:
        to->as.lease.held = wh_stretches_copy(arena, from->as.lease.held);
        copy_names(arena, &to->as.lease.names);
        break;
    case WH_IDENTITY_UP:
    case WH_IDENTITY_HOME:
        copy_transfer(arena, &to->as.transfer);
        break;
    case WH_IDENTITY_RECALL:
        to->as.recall.via = copy_keys(arena, from->as.recall.via, from->as.recall.via_count);
        to->as.recall.minutes = wh_stretches_copy(arena, from->as.recall.minutes);
        break;
    case WH_IDENTITY_UNLINK:
        to->as.unlink.minutes = wh_stretches_copy(arena, from->as.unlink.minutes);
        break;
    case WH_IDENTITY_DISSOLVE:
        copy_stamp(arena, &to->as.dissolve.stamp);
        to->as.dissolve.into = copy_key(arena, from->as.dissolve.into);
        break;
    case WH_IDENTITY_PAIR:
        copy_stamp(arena, &to->as.pair.stamp);
        to->as.pair.strong = copy_key(arena, from->as.pair.strong);
        break;
    case WH_IDENTITY_JOIN:
        copy_stamp(arena, &to->as.join.stamp);
        to->as.join.lead = copy_key(arena, from->as.join.lead);
        break;
    case WH_IDENTITY_ERASE:
        to->as.erase.minutes = wh_stretches_copy(arena, from->as.erase.minutes);
        break;
    case WH_IDENTITY_ASK:
        to->as.ask.minutes = wh_stretches_copy(arena, from->as.ask.minutes);
        break;
    case WH_IDENTITY_ANSWER:
        copy_members(arena, &to->as.answer);
        break;
    case WH_IDENTITY_TELL:
        copy_tell(arena, &to->as.tell);
        break;
    case WH_IDENTITY_REFUSE:
    case WH_IDENTITY_MESSAGE_KIND_COUNT:
        break;
    }
}
