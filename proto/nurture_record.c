/* Ways along nurture tracks, as columns. */
#include "engine/base/time.h"
#include "proto/parcel_record.h"
#include "proto/protobuf_arena.h"
#include "proto/state_parts.h"

enum { OVER = 1, NEVER = 2 };

struct columns {
    int64_t *began, *minute;
    uint8_t *flags;
};

static void
write_one(const struct wh_nurture *nurture, uint32_t i, const struct columns *columns,
          Waterhole__Nurtures *message)
{
    bool is_never = nurture->due == WH_TIME_NEVER;
    message->track[i] = (uint32_t)nurture->track;
    message->step[i] = (uint32_t)nurture->step;
    message->fingerprint[i] = nurture->fingerprint;
    message->lasts[i] = is_never ? 0 : (int64_t)((uint64_t)nurture->due - (uint64_t)nurture->began);
    message->trail[i] = nurture->trail;
    columns->began[i] = nurture->began;
    columns->minute[i] = nurture->minute;
    columns->flags[i] = (uint8_t)((nurture->over ? OVER : 0) | (is_never ? NEVER : 0));
}

Waterhole__Nurtures *
wh_parcel_write_nurtures(struct wh_arena *arena, const struct wh_nurture *nurtures, uint32_t count,
                         bool has_trails)
{
    if (count == 0) {
        return NULL;
    }
    struct columns columns = {
        .began = WH_ARENA_ARRAY(arena, int64_t, count),
        .minute = WH_ARENA_ARRAY(arena, int64_t, count),
        .flags = WH_ARENA_ARRAY(arena, uint8_t, count),
    };
    Waterhole__Nurtures *message = WH_ARENA_NEW(arena, Waterhole__Nurtures);
    waterhole__nurtures__init(message);
    message->n_track = message->n_step = message->n_fingerprint = message->n_began =
        message->n_lasts = message->n_minute = count;
    message->n_trail = has_trails ? count : 0;
    message->track = WH_ARENA_ARRAY(arena, uint32_t, count);
    message->step = WH_ARENA_ARRAY(arena, uint32_t, count);
    message->fingerprint = WH_ARENA_ARRAY(arena, uint64_t, count);
    message->lasts = WH_ARENA_ARRAY(arena, int64_t, count);
    message->trail = WH_ARENA_ARRAY(arena, uint32_t, count);
    for (uint32_t i = 0; i < count; i++) {
        write_one(&nurtures[i], i, &columns, message);
    }
    message->began = wh_part_write_rising(arena, columns.began, count);
    message->minute = wh_part_write_rising(arena, columns.minute, count);
    message->has_flags = true;
    message->flags = wh_protobuf_bytes((struct wh_str){(const char *)columns.flags, count});
    return message;
}

static bool
read_one(struct wh_part_reader *reader, const Waterhole__Nurtures *message, uint32_t i,
         struct wh_nurture *nurture)
{
    unsigned flags = message->flags.data[i];
    nurture->track = (int32_t)message->track[i];
    nurture->step = (int32_t)message->step[i];
    nurture->fingerprint = message->fingerprint[i];
    nurture->over = (flags & OVER) != 0;
    nurture->due = (int64_t)((uint64_t)nurture->began + (uint64_t)message->lasts[i]);
    nurture->due = (flags & NEVER) != 0 ? WH_TIME_NEVER : nurture->due;
    nurture->trail = message->n_trail == 0 ? 0 : message->trail[i];
    bool is_good = message->track[i] <= INT32_MAX && message->step[i] <= INT32_MAX &&
                   flags < 2 * NEVER && ((flags & OVER) == 0 || (flags & NEVER) != 0) &&
                   wh_part_is_time(nurture->began) &&
                   (nurture->due == WH_TIME_NEVER || wh_part_is_time(nurture->due)) &&
                   wh_part_is_minute(nurture->minute) && nurture->trail < reader->trail_count;
    return is_good || wh_part_fault(reader, "a way along a track that there is not");
}

static bool
has_equal_columns(const Waterhole__Nurtures *message)
{
    size_t count = message->n_track;
    return message->n_step == count && message->n_fingerprint == count &&
           message->n_began == count && message->n_lasts == count && message->flags.len == count &&
           message->n_minute == count && (message->n_trail == 0 || message->n_trail == count);
}

bool
wh_parcel_read_nurtures(struct wh_part_reader *reader, const Waterhole__Nurtures *message,
                        struct wh_nurture **ret_nurtures, uint32_t *ret_count)
{
    *ret_nurtures = NULL;
    *ret_count = 0;
    if (message == NULL) {
        return true;
    }
    size_t count = message->n_track;
    if (count > WH_NURTURES_MAX || !has_equal_columns(message)) {
        return wh_part_fault(reader, "more ways along tracks than there can be, or parts of them");
    }
    int64_t *began = WH_ARENA_ARRAY(reader->arena, int64_t, count);
    int64_t *minute = WH_ARENA_ARRAY(reader->arena, int64_t, count);
    struct wh_nurture *nurtures = WH_ARENA_ARRAY(reader->arena, struct wh_nurture, count);
    wh_state_sums(message->began, count, began);
    wh_state_sums(message->minute, count, minute);
    for (uint32_t i = 0; i < count; i++) {
        nurtures[i] = (struct wh_nurture){.began = began[i], .minute = minute[i]};
        if (!read_one(reader, message, i, &nurtures[i])) {
            return false;
        }
    }
    *ret_nurtures = nurtures;
    *ret_count = (uint32_t)count;
    return true;
}
