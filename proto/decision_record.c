/* Decisions and the marks of triggers, as columns. */
#include "engine/base/time.h"
#include "proto/parcel_record.h"
#include "proto/protobuf_arena.h"
#include "proto/state_parts.h"

enum { STATE = 3, SILENT = 4, SETTLED = 8, ASKED = 16, ANNOUNCED = 1 };

/* The bytes are only read. */
static ProtobufCBinaryData
flag_bytes(const uint8_t *flags, uint32_t count)
{
    return wh_protobuf_bytes((struct wh_str){(const char *)flags, count});
}

static uint8_t
flags_of(const struct wh_decision *decision)
{
    return (uint8_t)((unsigned)decision->state | (decision->silent ? SILENT : 0) |
                     (decision->settled ? SETTLED : 0) | (decision->asked ? ASKED : 0));
}

struct decision_columns {
    int64_t *life, *began, *minute;
    uint8_t *flags;
};

static void
write_decision(struct wh_part_writer *writer, const struct wh_decision *decision, uint32_t i,
               struct decision_columns *columns, Waterhole__Decisions *message)
{
    message->qualification[i] = (uint32_t)decision->qualification;
    message->published[i] = wh_part_write_key(writer, decision->published);
    message->episode[i] = decision->episode;
    message->trail[i] = decision->trail;
    message->lasted[i] = (int64_t)((uint64_t)decision->closed - (uint64_t)decision->began);
    columns->life[i] = decision->life;
    columns->began[i] = decision->began;
    columns->minute[i] = decision->minute;
    columns->flags[i] = flags_of(decision);
}

/* Nothing at all where nobody has an owner. */
static void
write_owners(struct wh_arena *arena, const struct wh_decision *decisions, uint32_t count,
             Waterhole__Decisions *message)
{
    bool any = false;
    for (uint32_t i = 0; i < count; i++) {
        any = any || decisions[i].owner.len > 0;
    }
    message->n_route = message->n_owner = any ? count : 0;
    message->route = WH_ARENA_ARRAY(arena, ProtobufCBinaryData, message->n_route);
    message->owner = WH_ARENA_ARRAY(arena, ProtobufCBinaryData, message->n_route);
    for (uint32_t i = 0; i < message->n_route; i++) {
        message->route[i] = wh_protobuf_bytes(decisions[i].route);
        message->owner[i] = wh_protobuf_bytes(decisions[i].owner);
    }
}

/* Nothing at all where no coming of a model has done anything. */
static void
write_models(struct wh_arena *arena, const struct wh_decision *decisions, uint32_t count,
             Waterhole__Decisions *message)
{
    bool any = false;
    for (uint32_t i = 0; i < count; i++) {
        any = any || decisions[i].began_by.len > 0 || decisions[i].ended_by.len > 0;
    }
    message->n_began_by = message->n_ended_by = any ? count : 0;
    message->began_by = WH_ARENA_ARRAY(arena, ProtobufCBinaryData, message->n_began_by);
    message->ended_by = WH_ARENA_ARRAY(arena, ProtobufCBinaryData, message->n_began_by);
    for (uint32_t i = 0; i < message->n_began_by; i++) {
        message->began_by[i] = wh_protobuf_bytes(decisions[i].began_by);
        message->ended_by[i] = wh_protobuf_bytes(decisions[i].ended_by);
    }
}

Waterhole__Decisions *
wh_parcel_write_decisions(struct wh_part_writer *writer, const struct wh_decision *decisions,
                          uint32_t count, bool has_trails)
{
    struct wh_arena *arena = writer->arena;
    if (count == 0) {
        return NULL;
    }
    struct decision_columns columns = {
        .life = WH_ARENA_ARRAY(arena, int64_t, count),
        .began = WH_ARENA_ARRAY(arena, int64_t, count),
        .minute = WH_ARENA_ARRAY(arena, int64_t, count),
        .flags = WH_ARENA_ARRAY(arena, uint8_t, count),
    };
    Waterhole__Decisions *message = WH_ARENA_NEW(arena, Waterhole__Decisions);
    waterhole__decisions__init(message);
    message->n_qualification = message->n_published = message->n_life = message->n_episode =
        message->n_began = message->n_lasted = message->n_minute = count;
    message->n_trail = has_trails ? count : 0;
    message->qualification = WH_ARENA_ARRAY(arena, uint32_t, count);
    message->published = WH_ARENA_ARRAY(arena, uint32_t, count);
    message->episode = WH_ARENA_ARRAY(arena, uint32_t, count);
    message->trail = WH_ARENA_ARRAY(arena, uint32_t, count);
    message->lasted = WH_ARENA_ARRAY(arena, int64_t, count);
    for (uint32_t i = 0; i < count; i++) {
        write_decision(writer, &decisions[i], i, &columns, message);
    }
    message->life = wh_part_write_rising(arena, columns.life, count);
    message->began = wh_part_write_rising(arena, columns.began, count);
    message->minute = wh_part_write_rising(arena, columns.minute, count);
    message->has_flags = true;
    message->flags = flag_bytes(columns.flags, count);
    write_owners(arena, decisions, count, message);
    write_models(arena, decisions, count, message);
    return message;
}

static bool
read_owner(struct wh_part_reader *reader, const Waterhole__Decisions *message, uint32_t i,
           struct wh_decision *decision)
{
    if (message->n_route == 0) {
        return true;
    }
    return wh_part_read_text(reader, message->route[i], &decision->route) &&
           wh_part_read_text(reader, message->owner[i], &decision->owner);
}

static bool
read_models(struct wh_part_reader *reader, const Waterhole__Decisions *message, uint32_t i,
            struct wh_decision *decision)
{
    if (message->n_began_by == 0) {
        return true;
    }
    return wh_part_read_text(reader, message->began_by[i], &decision->began_by) &&
           wh_part_read_text(reader, message->ended_by[i], &decision->ended_by);
}

static bool
read_decision(struct wh_part_reader *reader, const Waterhole__Decisions *message, uint32_t i,
              struct wh_decision *decision)
{
    unsigned flags = message->flags.data[i];
    uint32_t qualification = message->qualification[i];
    decision->qualification = (int32_t)qualification;
    decision->episode = message->episode[i];
    decision->state = (enum wh_decision_state)(flags & STATE);
    decision->silent = (flags & SILENT) != 0;
    decision->settled = (flags & SETTLED) != 0;
    decision->asked = (flags & ASKED) != 0;
    decision->closed = (int64_t)((uint64_t)decision->began + (uint64_t)message->lasted[i]);
    decision->trail = message->n_trail == 0 ? 0 : message->trail[i];
    bool is_good = qualification <= INT32_MAX && flags < 2 * ASKED &&
                   wh_part_is_time(decision->life) && wh_part_is_time(decision->began) &&
                   (decision->closed == WH_TIME_NEVER || wh_part_is_time(decision->closed)) &&
                   wh_part_is_minute(decision->minute) && decision->trail < reader->trail_count;
    if (!is_good) {
        return wh_part_fault(reader, "a decision that there is not");
    }
    return wh_part_read_publisher(reader, message->published[i], &decision->published) &&
           read_owner(reader, message, i, decision) && read_models(reader, message, i, decision);
}

static bool
has_equal_columns(const Waterhole__Decisions *message)
{
    size_t count = message->n_qualification;
    return message->n_published == count && message->n_life == count &&
           message->n_episode == count && message->flags.len == count &&
           message->n_began == count && message->n_lasted == count && message->n_minute == count &&
           (message->n_trail == 0 || message->n_trail == count) &&
           (message->n_route == 0 || message->n_route == count) &&
           message->n_owner == message->n_route &&
           (message->n_began_by == 0 || message->n_began_by == count) &&
           message->n_ended_by == message->n_began_by;
}

bool
wh_parcel_read_decisions(struct wh_part_reader *reader, const Waterhole__Decisions *message,
                         struct wh_decision **ret_decisions, uint32_t *ret_count)
{
    *ret_decisions = NULL;
    *ret_count = 0;
    if (message == NULL) {
        return true;
    }
    size_t count = message->n_qualification;
    if (count > WH_DECISIONS_MAX || !has_equal_columns(message)) {
        return wh_part_fault(reader, "more decisions than there can be, or parts of them");
    }
    int64_t *life = WH_ARENA_ARRAY(reader->arena, int64_t, count);
    int64_t *began = WH_ARENA_ARRAY(reader->arena, int64_t, count);
    int64_t *minute = WH_ARENA_ARRAY(reader->arena, int64_t, count);
    struct wh_decision *decisions = WH_ARENA_ARRAY(reader->arena, struct wh_decision, count);
    wh_state_sums(message->life, count, life);
    wh_state_sums(message->began, count, began);
    wh_state_sums(message->minute, count, minute);
    for (uint32_t i = 0; i < count; i++) {
        decisions[i] =
            (struct wh_decision){.life = life[i], .began = began[i], .minute = minute[i]};
        if (!read_decision(reader, message, i, &decisions[i])) {
            return false;
        }
    }
    *ret_decisions = decisions;
    *ret_count = (uint32_t)count;
    return true;
}

Waterhole__Firings *
wh_parcel_write_firings(struct wh_arena *arena, const struct wh_firing *firings, uint32_t count,
                        bool has_trails)
{
    if (count == 0) {
        return NULL;
    }
    int64_t *at = WH_ARENA_ARRAY(arena, int64_t, count);
    int64_t *minute = WH_ARENA_ARRAY(arena, int64_t, count);
    uint8_t *flags = WH_ARENA_ARRAY(arena, uint8_t, count);
    Waterhole__Firings *message = WH_ARENA_NEW(arena, Waterhole__Firings);
    waterhole__firings__init(message);
    message->n_trigger = message->n_fingerprint = message->n_at = message->n_minute = count;
    message->n_trail = has_trails ? count : 0;
    message->trigger = WH_ARENA_ARRAY(arena, uint32_t, count);
    message->fingerprint = WH_ARENA_ARRAY(arena, uint64_t, count);
    message->trail = WH_ARENA_ARRAY(arena, uint32_t, count);
    for (uint32_t i = 0; i < count; i++) {
        message->trigger[i] = (uint32_t)firings[i].trigger;
        message->fingerprint[i] = firings[i].fingerprint;
        message->trail[i] = firings[i].trail;
        at[i] = firings[i].at;
        minute[i] = firings[i].minute;
        flags[i] = firings[i].announced ? ANNOUNCED : 0;
    }
    message->at = wh_part_write_rising(arena, at, count);
    message->minute = wh_part_write_rising(arena, minute, count);
    message->has_flags = true;
    message->flags = flag_bytes(flags, count);
    return message;
}

static bool
read_firing(struct wh_part_reader *reader, const Waterhole__Firings *message, uint32_t i,
            struct wh_firing *firing)
{
    firing->trigger = (int32_t)message->trigger[i];
    firing->fingerprint = message->fingerprint[i];
    firing->announced = message->flags.data[i] == ANNOUNCED;
    firing->trail = message->n_trail == 0 ? 0 : message->trail[i];
    bool is_good = message->trigger[i] <= INT32_MAX && message->flags.data[i] <= ANNOUNCED &&
                   wh_part_is_time(firing->at) && wh_part_is_minute(firing->minute) &&
                   firing->trail < reader->trail_count;
    return is_good || wh_part_fault(reader, "a firing that there is not");
}

bool
wh_parcel_read_firings(struct wh_part_reader *reader, const Waterhole__Firings *message,
                       struct wh_firing **ret_firings, uint32_t *ret_count)
{
    *ret_firings = NULL;
    *ret_count = 0;
    if (message == NULL) {
        return true;
    }
    size_t count = message->n_trigger;
    if (count > WH_FIRINGS_SEEN_MAX || message->n_fingerprint != count || message->n_at != count ||
        message->flags.len != count || message->n_minute != count ||
        (message->n_trail != 0 && message->n_trail != count)) {
        return wh_part_fault(reader, "more firings than there can be, or parts of them");
    }
    int64_t *at = WH_ARENA_ARRAY(reader->arena, int64_t, count);
    int64_t *minute = WH_ARENA_ARRAY(reader->arena, int64_t, count);
    struct wh_firing *firings = WH_ARENA_ARRAY(reader->arena, struct wh_firing, count);
    wh_state_sums(message->at, count, at);
    wh_state_sums(message->minute, count, minute);
    for (uint32_t i = 0; i < count; i++) {
        firings[i] = (struct wh_firing){.at = at[i], .minute = minute[i]};
        if (!read_firing(reader, message, i, &firings[i])) {
            return false;
        }
    }
    *ret_firings = firings;
    *ret_count = (uint32_t)count;
    return true;
}
