#include "engine/base/time.h"
#include "engine/base/utf8.h"
#include "engine/model/bundle.h"
#include "engine/model/history.h"
#include "proto/parcel_record.h"
#include "proto/protobuf_arena.h"
#include "proto/telling_record.h"

static bool
read_arrive(struct wh_part_reader *reader, const Waterhole__Arrive *from,
            struct wh_arrival *arrival)
{
    struct wh_key *keys = NULL;
    struct wh_bundle *rows = WH_ARENA_NEW(reader->arena, struct wh_bundle);
    struct wh_cargo *cargo = WH_ARENA_NEW(reader->arena, struct wh_cargo);
    if (from->n_keys == 0 || from->n_keys > WH_TOUCH_KEYS_MAX || from->skipped >= from->n_keys ||
        !wh_part_is_minute(from->minute)) {
        return wh_part_fault(reader, "an arrival that there is not");
    }
    if (!wh_part_read_keys(reader, from->keys, from->n_keys, &keys) ||
        !wh_parcel_read_bundle(reader, from->touch, rows)) {
        return false;
    }
    if (rows->row_count != 1) {
        return wh_part_fault(reader, "an arrival of more or less than one touch");
    }
    cargo->rows = rows;
    *arrival = (struct wh_arrival){
        .keys = keys,
        .key_count = (uint32_t)from->n_keys,
        .skipped = from->skipped,
        .minute = from->minute,
        .automatic = from->automatic,
        .touch = cargo,
    };
    return true;
}

static bool
read_link(struct wh_part_reader *reader, const Waterhole__Link *from, struct wh_identity_link *link)
{
    struct wh_minutes minutes = {.count = 0};
    if (!wh_part_read_minutes(reader, from->minutes, from->n_minutes, &minutes)) {
        return false;
    }
    *link = (struct wh_identity_link){
        .minutes = minutes.items,
        .count = minutes.count,
        .is_void = from->is_void,
        .fresh = from->fresh,
    };
    return true;
}

static bool
read_lease(struct wh_part_reader *reader, const Waterhole__Lease *from,
           struct wh_identity_lease *lease)
{
    *lease = (struct wh_identity_lease){
        .status = (enum wh_lease_status)from->status,
        .answer = (enum wh_lease_answer)from->answer,
        .floor = from->has_floor ? from->floor : WH_MINUTE_FIRST,
    };
    if (from->status > WH_LEASE_SHARED || from->answer > WH_ANSWER_GONE ||
        !wh_part_is_minute(from->floor)) {
        return wh_part_fault(reader, "a lease in a state that there is not");
    }
    return wh_part_read_stretches(reader, from->held, from->n_held, &lease->held) &&
           wh_part_read_names(reader, from->names, &lease->names);
}

static bool
read_load(struct wh_part_reader *reader, const Waterhole__Load *from, struct wh_load *load)
{
    struct wh_key *hops = NULL;
    struct wh_bundle *content = WH_ARENA_NEW(reader->arena, struct wh_bundle);
    if (!wh_part_read_keys(reader, from->hops, from->n_hops, &hops) ||
        !wh_parcel_read_bundle(reader, from->content, content)) {
        return false;
    }
    *load = (struct wh_load){
        .trail = {hops, (uint32_t)from->n_hops, from->sealed},
        .content = content,
    };
    return true;
}

static bool
read_transfer(struct wh_part_reader *reader, const Waterhole__Transfer *from,
              struct wh_identity_transfer *transfer)
{
    transfer->loads = WH_ARENA_ARRAY(reader->arena, struct wh_load, from->n_loads);
    transfer->count = (uint32_t)from->n_loads;
    for (size_t i = 0; i < from->n_loads; i++) {
        if (!read_load(reader, from->loads[i], &transfer->loads[i])) {
            return false;
        }
    }
    return true;
}

static bool
read_recall(struct wh_part_reader *reader, const Waterhole__Recall *from,
            struct wh_identity_recall *recall)
{
    struct wh_key *via = NULL;
    *recall = (struct wh_identity_recall){
        .via_count = (uint32_t)from->n_via,
        .whole = from->whole,
        .drop = from->drop,
    };
    if (from->n_via == 0) {
        return wh_part_fault(reader, "a recall by nobody");
    }
    bool is_good = wh_part_read_keys(reader, from->via, from->n_via, &via) &&
                   wh_part_read_stretches(reader, from->minutes, from->n_minutes, &recall->minutes);
    recall->via = via;
    return is_good;
}

static bool
read_dissolve(struct wh_part_reader *reader, const Waterhole__Dissolve *from,
              struct wh_identity_dissolve *dissolve)
{
    dissolve->alone = !from->has_into;
    return wh_part_read_stamp(reader, from->stamp, &dissolve->stamp) &&
           (dissolve->alone || wh_part_read_key(reader, from->into, &dissolve->into));
}

static bool
read_pair(struct wh_part_reader *reader, const Waterhole__Pair *from, struct wh_identity_pair *pair)
{
    pair->split = from->split;
    return wh_part_read_key(reader, from->strong, &pair->strong) &&
           wh_part_read_stamp(reader, from->stamp, &pair->stamp);
}

static bool
read_join(struct wh_part_reader *reader, const Waterhole__Join *from, struct wh_identity_join *join)
{
    return wh_part_read_key(reader, from->lead, &join->lead) &&
           wh_part_read_stamp(reader, from->stamp, &join->stamp);
}

static bool
read_answer(struct wh_part_reader *reader, const Waterhole__Answer *from,
            struct wh_identity_members *answer)
{
    struct wh_identity_member *items = NULL;
    if (!wh_part_read_members(reader, from->members, from->n_members, &items)) {
        return false;
    }
    *answer = (struct wh_identity_members){items, (uint32_t)from->n_members};
    return true;
}

/* What commands from outside do, and how it goes on. */
static bool
read_word(struct wh_part_reader *reader, const Waterhole__Telling *from,
          struct wh_identity_message *message)
{
    if (from->dissolve != NULL && message->kind == WH_IDENTITY_DISSOLVE) {
        return read_dissolve(reader, from->dissolve, &message->as.dissolve);
    }
    if (from->pair != NULL && message->kind == WH_IDENTITY_PAIR) {
        return read_pair(reader, from->pair, &message->as.pair);
    }
    if (from->join != NULL && message->kind == WH_IDENTITY_JOIN) {
        return read_join(reader, from->join, &message->as.join);
    }
    if (from->erase != NULL && message->kind == WH_IDENTITY_ERASE) {
        message->as.erase.lead = from->erase->lead;
        return wh_part_read_stretches(reader, from->erase->minutes, from->erase->n_minutes,
                                      &message->as.erase.minutes);
    }
    if (from->ask != NULL && message->kind == WH_IDENTITY_ASK) {
        return wh_part_read_stretches(reader, from->ask->minutes, from->ask->n_minutes,
                                      &message->as.ask.minutes);
    }
    if (from->answer != NULL && message->kind == WH_IDENTITY_ANSWER) {
        return read_answer(reader, from->answer, &message->as.answer);
    }
    return wh_part_fault(reader, "a message without what it says, or of another kind");
}

/* Touches and reports are told apart by their place as well. */
static bool
are_reports(const struct wh_bundle *bundle, bool expected)
{
    for (uint32_t i = 0; i < bundle->row_count; i++) {
        if (((bundle->rows[i].flags & WH_ROW_REPORT) != 0) != expected) {
            return false;
        }
    }
    return true;
}

static bool
read_rows(struct wh_part_reader *reader, const Waterhole__Bundle *from, bool is_report,
          void **ret_rows)
{
    struct wh_bundle *rows = WH_ARENA_NEW(reader->arena, struct wh_bundle);
    if (from == NULL) {
        return true;
    }
    if (!wh_parcel_read_bundle(reader, from, rows)) {
        return false;
    }
    if (!are_reports(rows, is_report) || (is_report && rows->row_count != 1)) {
        return wh_part_fault(reader, "a report among touches, or a touch as a report");
    }
    *ret_rows = rows;
    return true;
}

static bool
read_tell(struct wh_part_reader *reader, const Waterhole__Tell *from, struct wh_identity_tell *tell)
{
    struct wh_str person = wh_protobuf_str(from->person);
    struct wh_str *struck = WH_ARENA_ARRAY(reader->arena, struct wh_str, from->n_struck);
    if (person.len != (size_t)2 * WH_HASH_ID_SIZE || !wh_utf8_is_valid(person)) {
        return wh_part_fault(reader, "a telling of nobody");
    }
    for (size_t i = 0; i < from->n_struck; i++) {
        struck[i] = wh_arena_str(reader->arena, wh_protobuf_str(from->struck[i]));
    }
    *tell = (struct wh_identity_tell){
        .person = wh_arena_str(reader->arena, person),
        .gone = from->gone,
        .whole = from->whole,
        .silent = from->silent,
        .struck = struck,
        .struck_count = (uint32_t)from->n_struck,
    };
    return read_rows(reader, from->touches, false, &tell->touches) &&
           read_rows(reader, from->report, true, &tell->report);
}

static bool
read_content(struct wh_part_reader *reader, const Waterhole__Telling *from,
             struct wh_identity_message *message)
{
    bool is_transfer = message->kind == WH_IDENTITY_UP || message->kind == WH_IDENTITY_HOME;
    if (message->kind == WH_IDENTITY_REFUSE) {
        return true;
    }
    if (from->arrive != NULL && message->kind == WH_IDENTITY_ARRIVE) {
        return read_arrive(reader, from->arrive, &message->as.arrive);
    }
    if (from->link != NULL && message->kind == WH_IDENTITY_LINK) {
        return read_link(reader, from->link, &message->as.link);
    }
    if (from->lease != NULL && message->kind == WH_IDENTITY_LEASE) {
        return read_lease(reader, from->lease, &message->as.lease);
    }
    if (from->transfer != NULL && is_transfer) {
        return read_transfer(reader, from->transfer, &message->as.transfer);
    }
    if (from->recall != NULL && message->kind == WH_IDENTITY_RECALL) {
        return read_recall(reader, from->recall, &message->as.recall);
    }
    if (from->unlink != NULL && message->kind == WH_IDENTITY_UNLINK) {
        message->as.unlink.rest = from->unlink->rest;
        return wh_part_read_stretches(reader, from->unlink->minutes, from->unlink->n_minutes,
                                      &message->as.unlink.minutes);
    }
    if (from->tell != NULL && message->kind == WH_IDENTITY_TELL) {
        return read_tell(reader, from->tell, &message->as.tell);
    }
    return read_word(reader, from, message);
}

bool
wh_telling_read(struct wh_part_reader *reader, const Waterhole__Telling *message,
                struct wh_identity_message *ret_message)
{
    *ret_message =
        (struct wh_identity_message){.kind = (enum wh_identity_message_kind)message->kind};
    if (message->kind >= WH_IDENTITY_MESSAGE_KIND_COUNT) {
        return wh_part_fault(reader, "a message of a kind that this program does not know");
    }
    return wh_part_read_table(reader, message->keys, message->n_keys) &&
           (!message->has_from || wh_part_read_key(reader, message->from, &ret_message->from)) &&
           read_content(reader, message, ret_message);
}
