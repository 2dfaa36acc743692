#include "tests/identity/net.h"

static const struct {
    const char *name;
    const char *story;
} mistakes[MISTAKE_COUNT] = {
    [MISTAKE_NONE] = {"none", "nothing is planted"},
    [MISTAKE_NO_FIFO] = {"no_fifo", "messages of one channel overtake each other"},
    [MISTAKE_STRAIGHT_OVER] = {"straight_over",
                               "a former owner hands over straight to the new one, no way home"},
    [MISTAKE_NO_RECALL] = {"no_recall", "a pointer does not ask back what it has passed on"},
    [MISTAKE_NO_RETELL] = {"no_retell", "a lead that loses a lease does not tell what it kept"},
    [MISTAKE_FIRST_ONLY] = {"first_only", "only the first identification of each pair is told"},
    [MISTAKE_TIE_BY_ARRIVAL] = {"tie_by_arrival",
                                "two identifications in one minute: the first to arrive wins"},
    [MISTAKE_JOIN_ONE_SIDED] = {"join_one_sided", "a join says nothing about the survivor"},
    [MISTAKE_LAST_COMMAND_WINS] = {"last_command_wins",
                                   "split and allow by arrival instead of their own time"},
    [MISTAKE_CROWD_IS_SILENT] = {"crowd_is_silent",
                                 "a crowd does not tell the others that it was seen"},
    [MISTAKE_KIOSK_KEEPS] = {"kiosk_keeps",
                             "a shared identifier only stops new links (not retroactive)"},
    [MISTAKE_ERASE_FORGETS] = {"erase_forgets",
                               "an erasure leaves nothing behind that meets late touches"},
    [MISTAKE_DECISIONS_STAY] = {"decisions_stay",
                                "published decisions do not travel with the touches"},
    [MISTAKE_DECISIONS_LATE] = {"decisions_late",
                                "published decisions travel in a message after the touches"},
};

const char *
mistake_str(enum mistake mistake)
{
    return mistakes[mistake].name;
}

const char *
mistake_story(enum mistake mistake)
{
    return mistakes[mistake].story;
}

/* Minutes that another target was told of before are taken out of the link. */
static void
drop_ties(struct net *net, struct flight *flight)
{
    const struct wh_identity *identity = &net->entities[flight->to].identity;
    struct wh_identity_link *link = &flight->message.as.link;
    int64_t *minutes = WH_ARENA_ARRAY(net->arena, int64_t, link->count);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < link->count; i++) {
        bool taken = false;
        for (uint32_t k = 0; k < identity->target_count; k++) {
            const struct wh_identity_target *target = &identity->targets[k];
            taken |= wh_minutes_have(&target->told, link->minutes[i]) &&
                     wh_key_compare(target->key, flight->message.from) != 0;
        }
        if (!taken) {
            minutes[kept++] = link->minutes[i];
        }
    }
    link->minutes = minutes;
    link->count = kept;
}

/* Answers instead of a weaker identifier that would become shared. */
static bool
keep_kiosk(struct net *net, const struct flight *flight)
{
    const struct wh_identity *identity = &net->entities[flight->to].identity;
    uint32_t seen = 0;
    for (uint32_t i = 0; i < identity->target_count; i++) {
        if (!identity->targets[i].seen ||
            identity->targets[i].key.kind != flight->message.from.kind) {
            continue;
        }
        if (wh_key_compare(identity->targets[i].key, flight->message.from) == 0) {
            return true;
        }
        seen++;
    }
    if (seen < net->limits.people) {
        return true;
    }
    struct flight answer = {.from = flight->to, .to = flight->from};
    answer.message.kind = WH_IDENTITY_LEASE;
    answer.message.from = net->world->keys[flight->to];
    answer.message.as.lease =
        (struct wh_identity_lease){.status = WH_LEASE_SHARED, .floor = WH_MINUTE_FIRST};
    net_send(net, answer.from, answer.to, &answer);
    return false;
}

static bool
join_one_side(struct net *net, const struct flight *flight)
{
    struct flight half = {.from = flight->to,
                          .to = world_find(net->world, flight->message.as.join.lead)};
    half.message.kind = WH_IDENTITY_DISSOLVE;
    half.message.from = net->world->keys[flight->to];
    half.message.as.dissolve = (struct wh_identity_dissolve){.stamp = flight->message.as.join.stamp,
                                                             .into = net->world->keys[flight->to]};
    net_send(net, half.from, half.to, &half);
    return false;
}

/* A lease that lets anything in, for one message. */
static void
open_door(struct net *net, const struct flight *flight, struct planted *planted)
{
    struct wh_identity *identity = &net->entities[flight->to].identity;
    struct wh_identity_kid *kid = wh_identity_find_kid(identity, flight->message.from);
    if (kid != NULL) {
        planted->lease_changed = true;
        planted->lease = kid->lease;
        kid->lease = wh_stretches_all();
    }
}

static void
forget_erasure(struct net *net, const struct flight *flight, struct planted *planted)
{
    struct wh_identity *identity = &net->entities[flight->to].identity;
    planted->erased_changed = true;
    planted->erased = identity->erased;
    identity->erased = (struct wh_stretches){NULL, 0};
}

static bool
before_link(struct net *net, struct flight *flight)
{
    if (net->mistake == MISTAKE_TIE_BY_ARRIVAL) {
        drop_ties(net, flight);
    }
    return net->mistake != MISTAKE_KIOSK_KEEPS || keep_kiosk(net, flight);
}

bool
mistake_before(struct net *net, struct flight *flight, struct planted *planted)
{
    enum wh_identity_message_kind kind = flight->message.kind;
    if (net->mistake == MISTAKE_NONE) {
        return true;
    }
    if (kind == WH_IDENTITY_LINK) {
        return before_link(net, flight);
    }
    if (kind == WH_IDENTITY_JOIN && net->mistake == MISTAKE_JOIN_ONE_SIDED) {
        return join_one_side(net, flight);
    }
    if (kind == WH_IDENTITY_PAIR && net->mistake == MISTAKE_LAST_COMMAND_WINS) {
        flight->message.as.pair.stamp.at = net->steps;
    }
    if (kind == WH_IDENTITY_UP && net->mistake == MISTAKE_STRAIGHT_OVER) {
        open_door(net, flight, planted);
    }
    if (kind == WH_IDENTITY_ARRIVE && net->mistake == MISTAKE_ERASE_FORGETS) {
        forget_erasure(net, flight, planted);
    }
    return true;
}

/* Who holds which minutes of an entity, as its next lease would tell everyone. */
static void
note_holders(struct net *net, int key, struct flight *flight)
{
    const struct wh_identity *identity = &net->entities[key].identity;
    struct holder *holders = WH_ARENA_ARRAY(net->arena, struct holder, identity->target_count);
    for (uint32_t i = 0; i < identity->target_count; i++) {
        holders[i].target = world_find(net->world, identity->targets[i].key);
        holders[i].minutes = wh_stretches_copy(net->arena, identity->targets[i].granted);
    }
    flight->holders = holders;
    flight->holder_count = (int)identity->target_count;
}

static int
holder_of(const struct flight *flight, int64_t minute)
{
    for (int i = 0; i < flight->holder_count; i++) {
        if (wh_stretches_cover(flight->holders[i].minutes, minute)) {
            return flight->holders[i].target;
        }
    }
    return NOBODY;
}

static void *
real_part(struct net *net, const struct content *whole, const struct content *part)
{
    return net->engine == NULL ? NULL : net->engine->part(net, whole, part);
}

/* Straight to the new holder, as if the pointer had sent it there. */
static void
hand_over(struct net *net, const struct flight *cause, int target, const struct content *whole,
          struct parcel parcel)
{
    const struct wh_identity_trail *came = &net->entities[cause->to].identity.trails[parcel.trail];
    struct wh_key pointer = cause->message.kind == WH_IDENTITY_RECALL
                                ? cause->message.as.recall.via[0]
                                : cause->message.from;
    struct flight flight = {.from = cause->to, .to = target};
    struct wh_load *load = WH_ARENA_NEW(net->arena, struct wh_load);
    struct content *content = WH_ARENA_NEW(net->arena, struct content);
    struct wh_key *hops = WH_ARENA_ARRAY(net->arena, struct wh_key, came->count);
    while (load->trail.count < came->count &&
           wh_key_compare(came->hops[load->trail.count], pointer) != 0) {
        hops[load->trail.count] = came->hops[load->trail.count];
        load->trail.count++;
    }
    content->items = WH_ARENA_NEW(net->arena, struct parcel);
    content->items[0] = parcel;
    content->count = 1;
    content->real = real_part(net, whole, content);
    load->trail.hops = hops;
    load->trail.sealed = came->sealed;
    load->content = content;
    flight.message.kind = WH_IDENTITY_UP;
    flight.message.from = pointer;
    flight.message.as.transfer = (struct wh_identity_transfer){.loads = load, .count = 1};
    net_keep_message(net, &flight.message);
    net_send(net, flight.from, flight.to, &flight);
}

static void
take_over(struct net *net, const struct flight *cause, struct content *content)
{
    const struct content whole = *content;
    int kept = 0;
    content->items = WH_ARENA_ARRAY(net->arena, struct parcel, (size_t)whole.count);
    for (int i = 0; i < whole.count; i++) {
        int target = holder_of(cause, whole.items[i].minute);
        if (target == NOBODY) {
            content->items[kept++] = whole.items[i];
        } else {
            hand_over(net, cause, target, &whole, whole.items[i]);
        }
    }
    content->count = kept;
    content->real = real_part(net, &whole, content);
}

void
mistake_after(struct net *net, const struct flight *flight, struct planted *planted,
              struct wh_identity_effects *effects)
{
    struct wh_identity *identity = &net->entities[flight->to].identity;
    if (planted->lease_changed) {
        wh_identity_find_kid(identity, flight->message.from)->lease = planted->lease;
    }
    if (planted->erased_changed) {
        identity->erased = planted->erased;
    }
    if (net->mistake != MISTAKE_STRAIGHT_OVER || flight->holders == NULL) {
        return;
    }
    for (uint32_t i = 0; i < effects->sent_count; i++) {
        const struct wh_identity_message *message = &effects->sent[i].message;
        for (uint32_t k = 0; message->kind == WH_IDENTITY_HOME && k < message->as.transfer.count;
             k++) {
            take_over(net, flight, message->as.transfer.loads[k].content);
        }
    }
}

static struct content *
part_of(struct net *net, const struct content *whole, bool decisions)
{
    struct content *part = WH_ARENA_NEW(net->arena, struct content);
    part->items = WH_ARENA_ARRAY(net->arena, struct parcel, (size_t)whole->count);
    for (int i = 0; i < whole->count; i++) {
        if ((whole->items[i].kind == PARCEL_DECISION) == decisions) {
            part->items[part->count++] = whole->items[i];
        }
    }
    part->real = real_part(net, whole, part);
    return part;
}

static void
send_part(struct net *net, int from, const struct wh_identity_sent *sent, bool decisions)
{
    struct flight flight = {
        .from = from, .to = world_find(net->world, sent->to), .message = sent->message};
    struct wh_identity_transfer *transfer = &flight.message.as.transfer;
    struct wh_load *loads = WH_ARENA_ARRAY(net->arena, struct wh_load, transfer->count);
    for (uint32_t i = 0; i < transfer->count; i++) {
        loads[i] = (struct wh_load){
            .trail = transfer->loads[i].trail,
            .content = part_of(net, transfer->loads[i].content, decisions),
        };
    }
    transfer->loads = loads;
    net_keep_message(net, &flight.message);
    net_send(net, flight.from, flight.to, &flight);
}

/* The touches first; the decisions in a message behind them. */
static bool
send_in_two(struct net *net, int from, const struct wh_identity_sent *sent)
{
    send_part(net, from, sent, false);
    send_part(net, from, sent, true);
    return false;
}

static bool
send_with_holders(struct net *net, const struct flight *cause, int from,
                  const struct wh_identity_sent *sent)
{
    struct flight flight = {
        .from = from, .to = world_find(net->world, sent->to), .message = sent->message};
    net_keep_message(net, &flight.message);
    if (sent->message.kind == WH_IDENTITY_LEASE) {
        note_holders(net, from, &flight);
    } else {
        flight.holders = cause->holders;
        flight.holder_count = cause->holder_count;
    }
    net_send(net, flight.from, flight.to, &flight);
    return false;
}

bool
mistake_send(struct net *net, const struct flight *cause, int from,
             const struct wh_identity_sent *sent)
{
    const struct wh_identity_message *message = &sent->message;
    bool is_link = message->kind == WH_IDENTITY_LINK && !message->as.link.is_void;
    bool is_void = message->kind == WH_IDENTITY_LINK && message->as.link.is_void;
    switch (net->mistake) {
    case MISTAKE_NO_RECALL:
        return message->kind != WH_IDENTITY_RECALL;
    case MISTAKE_NO_RETELL:
        return !is_link || cause->message.kind != WH_IDENTITY_LEASE;
    case MISTAKE_FIRST_ONLY:
        return !is_link || message->as.link.fresh || cause->message.kind != WH_IDENTITY_ARRIVE;
    case MISTAKE_CROWD_IS_SILENT:
        return !is_void;
    case MISTAKE_DECISIONS_LATE:
        return message->kind != WH_IDENTITY_UP || send_in_two(net, from, sent);
    case MISTAKE_STRAIGHT_OVER:
        return (message->kind != WH_IDENTITY_LEASE && message->kind != WH_IDENTITY_RECALL) ||
               send_with_holders(net, cause, from, sent);
    case MISTAKE_NONE:
    case MISTAKE_NO_FIFO:
    case MISTAKE_TIE_BY_ARRIVAL:
    case MISTAKE_JOIN_ONE_SIDED:
    case MISTAKE_LAST_COMMAND_WINS:
    case MISTAKE_KIOSK_KEEPS:
    case MISTAKE_ERASE_FORGETS:
    case MISTAKE_DECISIONS_STAY:
    case MISTAKE_COUNT:
        break;
    }
    return true;
}
