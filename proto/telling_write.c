#include <assert.h>

#include "engine/base/time.h"
#include "proto/parcel_record.h"
#include "proto/protobuf_arena.h"
#include "proto/telling_record.h"

static Waterhole__Arrive *
write_arrive(struct wh_part_writer *writer, const struct wh_arrival *arrival)
{
    const struct wh_cargo *cargo = arrival->touch;
    assert(cargo->rows != NULL && cargo->rows->row_count == 1);
    Waterhole__Arrive *to = WH_ARENA_NEW(writer->arena, Waterhole__Arrive);
    waterhole__arrive__init(to);
    to->n_keys = arrival->key_count;
    to->keys = wh_part_write_keys(writer, arrival->keys, arrival->key_count);
    to->has_skipped = arrival->skipped != 0;
    to->skipped = arrival->skipped;
    to->has_minute = true;
    to->minute = arrival->minute;
    to->has_automatic = to->automatic = arrival->automatic;
    to->touch = wh_parcel_write_bundle(writer, cargo->rows);
    return to;
}

static Waterhole__Link *
write_link(struct wh_part_writer *writer, const struct wh_identity_link *link)
{
    Waterhole__Link *to = WH_ARENA_NEW(writer->arena, Waterhole__Link);
    waterhole__link__init(to);
    to->n_minutes = link->count;
    to->minutes = wh_part_write_rising(writer->arena, link->minutes, link->count);
    to->has_is_void = to->is_void = link->is_void;
    to->has_fresh = to->fresh = link->fresh;
    return to;
}

static Waterhole__Lease *
write_lease(struct wh_part_writer *writer, const struct wh_identity_lease *lease)
{
    Waterhole__Lease *to = WH_ARENA_NEW(writer->arena, Waterhole__Lease);
    waterhole__lease__init(to);
    to->held = wh_part_write_stretches(writer->arena, lease->held, &to->n_held);
    to->has_status = lease->status != WH_LEASE_OPEN;
    to->status = lease->status;
    to->has_answer = lease->answer != WH_ANSWER_NONE;
    to->answer = lease->answer;
    to->has_floor = lease->floor != WH_MINUTE_FIRST;
    to->floor = lease->floor;
    to->names = wh_part_write_names(writer, lease->names);
    return to;
}

static Waterhole__Transfer *
write_transfer(struct wh_part_writer *writer, const struct wh_identity_transfer *transfer)
{
    Waterhole__Transfer *to = WH_ARENA_NEW(writer->arena, Waterhole__Transfer);
    waterhole__transfer__init(to);
    to->n_loads = transfer->count;
    to->loads = WH_ARENA_ARRAY(writer->arena, Waterhole__Load *, transfer->count);
    for (uint32_t i = 0; i < transfer->count; i++) {
        const struct wh_load *load = &transfer->loads[i];
        Waterhole__Load *item = WH_ARENA_NEW(writer->arena, Waterhole__Load);
        waterhole__load__init(item);
        item->n_hops = load->trail.count;
        item->hops = wh_part_write_keys(writer, load->trail.hops, load->trail.count);
        item->has_sealed = item->sealed = load->trail.sealed;
        item->content = wh_parcel_write_bundle(writer, load->content);
        to->loads[i] = item;
    }
    return to;
}

static Waterhole__Recall *
write_recall(struct wh_part_writer *writer, const struct wh_identity_recall *recall)
{
    Waterhole__Recall *to = WH_ARENA_NEW(writer->arena, Waterhole__Recall);
    waterhole__recall__init(to);
    to->n_via = recall->via_count;
    to->via = wh_part_write_keys(writer, recall->via, recall->via_count);
    to->minutes = wh_part_write_stretches(writer->arena, recall->minutes, &to->n_minutes);
    to->has_whole = to->whole = recall->whole;
    to->has_drop = to->drop = recall->drop;
    return to;
}

static Waterhole__Unlink *
write_unlink(struct wh_arena *arena, const struct wh_identity_unlink *unlink)
{
    Waterhole__Unlink *to = WH_ARENA_NEW(arena, Waterhole__Unlink);
    waterhole__unlink__init(to);
    to->minutes = wh_part_write_stretches(arena, unlink->minutes, &to->n_minutes);
    to->has_rest = to->rest = unlink->rest;
    return to;
}

static Waterhole__Dissolve *
write_dissolve(struct wh_part_writer *writer, const struct wh_identity_dissolve *dissolve)
{
    Waterhole__Dissolve *to = WH_ARENA_NEW(writer->arena, Waterhole__Dissolve);
    waterhole__dissolve__init(to);
    to->stamp = wh_part_write_stamp(writer->arena, dissolve->stamp);
    to->has_into = !dissolve->alone;
    to->into = dissolve->alone ? 0 : wh_part_write_key(writer, dissolve->into);
    return to;
}

static Waterhole__Pair *
write_pair(struct wh_part_writer *writer, const struct wh_identity_pair *pair)
{
    Waterhole__Pair *to = WH_ARENA_NEW(writer->arena, Waterhole__Pair);
    waterhole__pair__init(to);
    to->has_strong = true;
    to->strong = wh_part_write_key(writer, pair->strong);
    to->stamp = wh_part_write_stamp(writer->arena, pair->stamp);
    to->has_split = to->split = pair->split;
    return to;
}

static Waterhole__Join *
write_join(struct wh_part_writer *writer, const struct wh_identity_join *join)
{
    Waterhole__Join *to = WH_ARENA_NEW(writer->arena, Waterhole__Join);
    waterhole__join__init(to);
    to->stamp = wh_part_write_stamp(writer->arena, join->stamp);
    to->has_lead = true;
    to->lead = wh_part_write_key(writer, join->lead);
    return to;
}

static Waterhole__Erase *
write_erase(struct wh_arena *arena, const struct wh_identity_erase *erase)
{
    Waterhole__Erase *to = WH_ARENA_NEW(arena, Waterhole__Erase);
    waterhole__erase__init(to);
    to->minutes = wh_part_write_stretches(arena, erase->minutes, &to->n_minutes);
    to->has_lead = to->lead = erase->lead;
    return to;
}

static Waterhole__Ask *
write_ask(struct wh_arena *arena, const struct wh_identity_ask *ask)
{
    Waterhole__Ask *to = WH_ARENA_NEW(arena, Waterhole__Ask);
    waterhole__ask__init(to);
    to->minutes = wh_part_write_stretches(arena, ask->minutes, &to->n_minutes);
    return to;
}

static Waterhole__Answer *
write_answer(struct wh_part_writer *writer, const struct wh_identity_members *answer)
{
    Waterhole__Answer *to = WH_ARENA_NEW(writer->arena, Waterhole__Answer);
    waterhole__answer__init(to);
    to->n_members = answer->count;
    to->members = wh_part_write_members(writer, answer->items, answer->count);
    return to;
}

static Waterhole__Tell *
write_tell(struct wh_part_writer *writer, const struct wh_identity_tell *tell)
{
    struct wh_arena *arena = writer->arena;
    Waterhole__Tell *to = WH_ARENA_NEW(arena, Waterhole__Tell);
    waterhole__tell__init(to);
    to->has_person = true;
    to->person = wh_protobuf_bytes(tell->person);
    to->has_gone = to->gone = tell->gone;
    to->has_whole = to->whole = tell->whole;
    to->has_silent = to->silent = tell->silent;
    to->n_struck = tell->struck_count;
    to->struck = WH_ARENA_ARRAY(arena, ProtobufCBinaryData, tell->struck_count);
    for (uint32_t i = 0; i < tell->struck_count; i++) {
        to->struck[i] = wh_protobuf_bytes(tell->struck[i]);
    }
    to->touches = tell->touches == NULL ? NULL : wh_parcel_write_bundle(writer, tell->touches);
    to->report = tell->report == NULL ? NULL : wh_parcel_write_bundle(writer, tell->report);
    return to;
}

static void
write_content(struct wh_part_writer *writer, const struct wh_identity_message *message,
              Waterhole__Telling *to)
{
    switch (message->kind) {
    case WH_IDENTITY_ARRIVE:
        to->arrive = write_arrive(writer, &message->as.arrive);
        break;
    case WH_IDENTITY_LINK:
        to->link = write_link(writer, &message->as.link);
        break;
    case WH_IDENTITY_LEASE:
        to->lease = write_lease(writer, &message->as.lease);
        break;
    case WH_IDENTITY_UP:
    case WH_IDENTITY_HOME:
        to->transfer = write_transfer(writer, &message->as.transfer);
        break;
    case WH_IDENTITY_RECALL:
        to->recall = write_recall(writer, &message->as.recall);
        break;
    case WH_IDENTITY_UNLINK:
        to->unlink = write_unlink(writer->arena, &message->as.unlink);
        break;
    case WH_IDENTITY_DISSOLVE:
        to->dissolve = write_dissolve(writer, &message->as.dissolve);
        break;
    case WH_IDENTITY_PAIR:
        to->pair = write_pair(writer, &message->as.pair);
        break;
    case WH_IDENTITY_JOIN:
        to->join = write_join(writer, &message->as.join);
        break;
    case WH_IDENTITY_ERASE:
        to->erase = write_erase(writer->arena, &message->as.erase);
        break;
    case WH_IDENTITY_ASK:
        to->ask = write_ask(writer->arena, &message->as.ask);
        break;
    case WH_IDENTITY_ANSWER:
        to->answer = write_answer(writer, &message->as.answer);
        break;
    case WH_IDENTITY_TELL:
        to->tell = write_tell(writer, &message->as.tell);
        break;
    case WH_IDENTITY_REFUSE:
    case WH_IDENTITY_MESSAGE_KIND_COUNT:
        break;
    }
}

Waterhole__Telling *
wh_telling_write(struct wh_arena *arena, const struct wh_identity_message *message)
{
    struct wh_part_writer writer;
    wh_part_writer_init(&writer, arena);
    Waterhole__Telling *to = WH_ARENA_NEW(arena, Waterhole__Telling);
    waterhole__telling__init(to);
    to->has_kind = true;
    to->kind = message->kind;
    to->has_from = message->from.value.len > 0;
    to->from = to->has_from ? wh_part_write_key(&writer, message->from) : 0;
    write_content(&writer, message, to);
    to->n_keys = writer.count;
    to->keys = writer.keys;
    return to;
}
