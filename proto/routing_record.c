#include "proto/routing_record.h"

#include "proto/event_protobuf.h"
#include "proto/protobuf_arena.h"

/* Far above what the weights of all owners of a route come to. */
#define CREDIT_MAX (INT64_C(1) << 32)
#define OWNERS_MAX 4096
#define ROUTES_MAX 4096

Waterhole__Routing *
wh_routing_write(struct wh_arena *arena, const struct wh_route_message *message)
{
    Waterhole__Routing *to = WH_ARENA_NEW(arena, Waterhole__Routing);
    waterhole__routing__init(to);
    to->has_kind = to->has_from = to->has_qualification = to->has_life = to->has_episode = true;
    to->kind = (uint32_t)message->kind;
    to->from = wh_protobuf_bytes(wh_key_text(arena, message->from));
    to->qualification = wh_protobuf_bytes(message->ticket.qualification);
    to->life = message->ticket.life;
    to->episode = message->ticket.episode;
    to->has_asked = message->ticket.asked != 0;
    to->asked = message->ticket.asked;
    to->has_at = message->kind == WH_ROUTE_ASK;
    to->at = message->at;
    to->has_given = to->given = message->given;
    to->has_rule = message->rule.len > 0;
    to->rule = wh_protobuf_bytes(message->rule);
    to->has_owner = message->owner.len > 0;
    to->owner = wh_protobuf_bytes(message->owner);
    to->has_minute = message->kind == WH_ROUTE_LEFT;
    to->minute = message->minute;
    return to;
}

static bool
is_from_right_kind(const struct wh_route_message *message)
{
    return message->kind == WH_ROUTE_ANSWER ? message->from.kind == WH_KEY_ROUTE
                                            : message->from.kind <= WH_KEY_ANON;
}

bool
wh_routing_read(struct wh_part_reader *reader, const Waterhole__Routing *from,
                struct wh_route_message *ret_message)
{
    struct wh_route_message message = {
        .kind = (enum wh_route_message_kind)from->kind,
        .ticket = {.life = from->life, .episode = from->episode, .asked = from->asked},
        .at = from->at,
        .given = from->given,
        .minute = from->minute,
    };
    struct wh_str key;
    bool is_good = from->kind < WH_ROUTE_MESSAGE_KIND_COUNT &&
                   wh_part_read_text(reader, from->from, &key) &&
                   wh_part_read_text(reader, from->qualification, &message.ticket.qualification) &&
                   wh_part_read_text(reader, from->rule, &message.rule) &&
                   wh_part_read_text(reader, from->owner, &message.owner) &&
                   wh_part_is_time(message.ticket.life) && wh_part_is_time(message.at) &&
                   wh_part_is_minute(message.minute) && wh_key_parse(key, &message.from) &&
                   is_from_right_kind(&message);
    *ret_message = message;
    return is_good || wh_part_fault(reader, "a word about a route that there is not");
}

Waterhole__Counter *
wh_counter_write(struct wh_arena *arena, const struct wh_entity *entity)
{
    const struct wh_counter *counter = &entity->counter;
    if (entity->identity.key.kind != WH_KEY_ROUTE) {
        return NULL;
    }
    Waterhole__Counter *message = WH_ARENA_NEW(arena, Waterhole__Counter);
    waterhole__counter__init(message);
    message->n_turns = counter->turn_count;
    message->turns = WH_ARENA_ARRAY(arena, Waterhole__CounterTurn *, counter->turn_count);
    for (uint32_t i = 0; i < counter->turn_count; i++) {
        const struct wh_counter_turn *from = &counter->turns[i];
        Waterhole__CounterTurn *turn = WH_ARENA_NEW(arena, Waterhole__CounterTurn);
        waterhole__counter_turn__init(turn);
        turn->has_owner = turn->has_weight = turn->has_credit = turn->has_given = true;
        turn->owner = wh_protobuf_bytes(from->owner);
        turn->weight = (uint32_t)from->weight;
        turn->credit = from->credit;
        turn->given = from->given;
        message->turns[i] = turn;
    }
    message->has_at = message->has_period = message->has_taken = true;
    message->at = counter->at;
    message->period = counter->period;
    message->taken = counter->taken;
    message->has_given = message->has_full = true;
    message->given = counter->given;
    message->full = counter->full;
    return message;
}

static bool
read_turn(struct wh_part_reader *reader, const Waterhole__CounterTurn *message,
          struct wh_counter_turn *turn)
{
    *turn = (struct wh_counter_turn){
        .weight = message->weight,
        .credit = message->credit,
        .given = message->given,
    };
    return wh_part_read_text(reader, message->owner, &turn->owner) && turn->credit >= -CREDIT_MAX &&
           turn->credit <= CREDIT_MAX;
}

bool
wh_counter_read(struct wh_part_reader *reader, const Waterhole__Counter *message,
                struct wh_entity *entity)
{
    struct wh_counter *counter = &entity->counter;
    if (message == NULL) {
        return true;
    }
    bool is_good = entity->identity.key.kind == WH_KEY_ROUTE && message->n_turns <= OWNERS_MAX &&
                   wh_part_is_time(message->at) && wh_part_is_time(message->period);
    *counter = (struct wh_counter){
        .turns = WH_ARENA_ARRAY(reader->arena, struct wh_counter_turn, message->n_turns),
        .turn_count = (uint32_t)message->n_turns,
        .at = message->at,
        .period = message->period,
        .taken = message->taken,
        .given = message->given,
        .full = message->full,
    };
    for (uint32_t i = 0; is_good && i < counter->turn_count; i++) {
        is_good = read_turn(reader, message->turns[i], &counter->turns[i]);
    }
    return is_good || wh_part_fault(reader, "a counter that there is not");
}

static Waterhole__Candidate *
write_candidate(struct wh_arena *arena, const struct wh_candidate *candidate)
{
    Waterhole__Candidate *message = WH_ARENA_NEW(arena, Waterhole__Candidate);
    waterhole__candidate__init(message);
    message->has_rule = message->has_to = true;
    message->rule = wh_protobuf_bytes(candidate->rule);
    message->to = wh_protobuf_bytes(candidate->to);
    message->has_counts = message->counts = candidate->counts;
    message->has_sticky = candidate->sticky != 0;
    message->sticky = candidate->sticky;
    return message;
}

static Waterhole__Pending *
write_pending(struct wh_arena *arena, const struct wh_pending *pending)
{
    Waterhole__Pending *message = WH_ARENA_NEW(arena, Waterhole__Pending);
    waterhole__pending__init(message);
    message->event = wh_event_protobuf_write(arena, &pending->event);
    message->has_minute = true;
    message->minute = pending->minute;
    message->n_candidates = pending->candidate_count;
    message->candidates = WH_ARENA_ARRAY(arena, Waterhole__Candidate *, pending->candidate_count);
    for (uint32_t i = 0; i < pending->candidate_count; i++) {
        message->candidates[i] = write_candidate(arena, &pending->candidates[i]);
    }
    message->has_asked = pending->asked != 0;
    message->asked = pending->asked;
    return message;
}

void
wh_pending_write(struct wh_arena *arena, const struct wh_announced *announced,
                 Waterhole__Announced *message)
{
    message->n_pending = announced->pending_count;
    message->pending = WH_ARENA_ARRAY(arena, Waterhole__Pending *, announced->pending_count);
    for (uint32_t i = 0; i < announced->pending_count; i++) {
        message->pending[i] = write_pending(arena, &announced->pending[i]);
    }
}

static bool
read_candidate(struct wh_part_reader *reader, const Waterhole__Candidate *message,
               struct wh_candidate *candidate)
{
    candidate->counts = message->counts;
    candidate->sticky = message->sticky;
    return wh_part_read_text(reader, message->rule, &candidate->rule) &&
           wh_part_read_text(reader, message->to, &candidate->to) &&
           wh_part_is_time(candidate->sticky) && candidate->sticky >= 0;
}

static bool
read_pending(struct wh_part_reader *reader, const Waterhole__Pending *message, struct wh_str key,
             struct wh_pending *pending)
{
    size_t count = message->n_candidates;
    if (message->event == NULL || count > ROUTES_MAX || message->asked >= count ||
        !wh_part_is_minute(message->minute) ||
        !wh_event_protobuf_read(reader->arena, message->event, &pending->event)) {
        return false;
    }
    struct wh_snapshot *snapshot = WH_ARENA_NEW(reader->arena, struct wh_snapshot);
    *snapshot = *pending->event.snapshot;
    snapshot->key = key;
    pending->event.snapshot = snapshot;
    pending->minute = message->minute;
    pending->candidates = WH_ARENA_ARRAY(reader->arena, struct wh_candidate, count);
    pending->candidate_count = (uint32_t)count;
    pending->asked = message->asked;
    bool is_good = true;
    for (size_t i = 0; is_good && i < count; i++) {
        is_good = read_candidate(reader, message->candidates[i], &pending->candidates[i]);
    }
    return is_good && pending->candidates[pending->asked].counts;
}

bool
wh_pending_read(struct wh_part_reader *reader, const Waterhole__Announced *message,
                struct wh_str key, struct wh_announced *announced)
{
    size_t count = message->n_pending;
    bool is_good = count <= WH_PENDING_MAX;
    announced->pending = WH_ARENA_ARRAY(reader->arena, struct wh_pending, is_good ? count : 0);
    for (size_t i = 0; is_good && i < count; i++) {
        is_good = read_pending(reader, message->pending[i], key, &announced->pending[i]);
    }
    announced->pending_count = announced->pending_capacity = is_good ? (uint32_t)count : 0;
    return is_good || wh_part_fault(reader, "an announcement that waits for nothing");
}
