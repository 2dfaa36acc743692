/* What was announced: the memory of decisions. */
#include "engine/base/time.h"
#include "proto/parcel_record.h"
#include "proto/routing_record.h"
#include "proto/state_parts.h"
#include "proto/state_record.h"

static Waterhole__Qualification *
encode_qualification(struct wh_arena *arena, const struct wh_qualification_record *record)
{
    Waterhole__Qualification *message = WH_ARENA_NEW(arena, Waterhole__Qualification);
    waterhole__qualification__init(message);
    message->has_episode = record->episode != 0;
    message->episode = record->episode;
    message->has_held = message->held = record->held;
    return message;
}

static void
encode_qualifications(struct wh_arena *arena, const struct wh_announced *announced,
                      Waterhole__Announced *message)
{
    message->n_qualifications = announced->qualification_count;
    message->qualifications =
        WH_ARENA_ARRAY(arena, Waterhole__Qualification *, announced->qualification_count);
    for (uint32_t i = 0; i < announced->qualification_count; i++) {
        message->qualifications[i] = encode_qualification(arena, &announced->qualifications[i]);
    }
}

static enum wh_err
decode_qualifications(const Waterhole__Announced *message, struct wh_announced *announced,
                      struct wh_error *error)
{
    if (message->n_qualifications > WH_STATE_CELLS_MAX) {
        return wh_state_damaged(error, "more qualifications than there can be");
    }
    announced->qualification_count = (uint32_t)message->n_qualifications;
    announced->qualifications = WH_ARENA_ARRAY(announced->arena, struct wh_qualification_record,
                                               announced->qualification_count);
    for (uint32_t i = 0; i < announced->qualification_count; i++) {
        announced->qualifications[i] = (struct wh_qualification_record){
            .held = message->qualifications[i]->held,
            .episode = message->qualifications[i]->episode,
        };
    }
    return WH_OK;
}

/* Triggers and tracks: a flag and a number, most of them nothing. */
static Waterhole__Trigger *
encode_trigger(struct wh_arena *arena, uint32_t number, bool standing, uint32_t fired)
{
    Waterhole__Trigger *message = WH_ARENA_NEW(arena, Waterhole__Trigger);
    waterhole__trigger__init(message);
    message->has_number = true;
    message->number = number;
    message->has_standing = message->standing = standing;
    message->has_fired = fired != 0;
    message->fired = fired;
    return message;
}

static void
encode_triggers(struct wh_arena *arena, const struct wh_announced *announced,
                Waterhole__Announced *message)
{
    message->has_trigger_count = announced->trigger_count != 0;
    message->trigger_count = announced->trigger_count;
    message->triggers = WH_ARENA_ARRAY(arena, Waterhole__Trigger *, announced->trigger_count);
    for (uint32_t i = 0; i < announced->trigger_count; i++) {
        const struct wh_trigger_record *record = &announced->triggers[i];
        if (record->standing || record->fired != 0) {
            message->triggers[message->n_triggers++] =
                encode_trigger(arena, i, record->standing, record->fired);
        }
    }
}

static void
encode_tracks(struct wh_arena *arena, const struct wh_announced *announced,
              Waterhole__Announced *message)
{
    message->has_track_count = announced->track_count != 0;
    message->track_count = announced->track_count;
    message->tracks = WH_ARENA_ARRAY(arena, Waterhole__Trigger *, announced->track_count);
    for (uint32_t i = 0; i < announced->track_count; i++) {
        const struct wh_track_record *record = &announced->tracks[i];
        if (record->standing || record->acted != 0) {
            message->tracks[message->n_tracks++] =
                encode_trigger(arena, i, record->standing, record->acted);
        }
    }
}

/* What is kept of some of `count`, rising by number. */
static enum wh_err
check_numbers(Waterhole__Trigger *const *messages, size_t n, uint32_t count, struct wh_error *error)
{
    uint32_t next = 0;
    if (count > WH_STATE_CELLS_MAX) {
        return wh_state_damaged(error, "more triggers or tracks than there can be");
    }
    for (size_t i = 0; i < n; i++) {
        if (messages[i]->number < next || messages[i]->number >= count) {
            return wh_state_damaged(error, "triggers or tracks are not in order");
        }
        next = messages[i]->number + 1;
    }
    return WH_OK;
}

static enum wh_err
decode_triggers(const Waterhole__Announced *message, struct wh_announced *announced,
                struct wh_error *error)
{
    uint32_t count = message->trigger_count;
    enum wh_err err = check_numbers(message->triggers, message->n_triggers, count, error);
    if (err != WH_OK) {
        return err;
    }
    announced->trigger_count = count;
    announced->triggers = WH_ARENA_ARRAY(announced->arena, struct wh_trigger_record, count);
    for (size_t i = 0; i < message->n_triggers; i++) {
        const Waterhole__Trigger *trigger = message->triggers[i];
        announced->triggers[trigger->number] =
            (struct wh_trigger_record){trigger->standing, trigger->fired};
    }
    return WH_OK;
}

static enum wh_err
decode_tracks(const Waterhole__Announced *message, struct wh_announced *announced,
              struct wh_error *error)
{
    uint32_t count = message->track_count;
    enum wh_err err = check_numbers(message->tracks, message->n_tracks, count, error);
    if (err != WH_OK) {
        return err;
    }
    announced->track_count = count;
    announced->tracks = WH_ARENA_ARRAY(announced->arena, struct wh_track_record, count);
    for (size_t i = 0; i < message->n_tracks; i++) {
        const Waterhole__Trigger *track = message->tracks[i];
        announced->tracks[track->number] = (struct wh_track_record){track->standing, track->fired};
    }
    return WH_OK;
}

static void
encode_values(struct wh_arena *arena, const struct wh_value_record *records, uint32_t count,
              Waterhole__Cells **ret_values, Waterhole__Cells **ret_numbers)
{
    int64_t *values = WH_ARENA_ARRAY(arena, int64_t, count);
    int64_t *numbers = WH_ARENA_ARRAY(arena, int64_t, count);
    for (uint32_t i = 0; i < count; i++) {
        values[i] = records[i].value;
        numbers[i] = records[i].number;
    }
    *ret_values = wh_state_encode_cells(arena, values, count);
    *ret_numbers = wh_state_encode_cells(arena, numbers, count);
}

/* Two cells as a record; false when they are out of its range. */
static bool
make_value(int64_t value, int64_t number, struct wh_value_record *ret_record)
{
    *ret_record = (struct wh_value_record){(int32_t)value, (uint32_t)number};
    return ret_record->value == value && ret_record->number == number;
}

/* What segments and labels have in common. */
struct value_records {
    struct wh_value_record *records;
    uint32_t count;
};

static enum wh_err
decode_values(struct wh_arena *arena, const Waterhole__Cells *value_cells,
              const Waterhole__Cells *number_cells, struct value_records *ret_records,
              struct wh_error *error)
{
    int64_t *values = NULL;
    int64_t *numbers = NULL;
    uint32_t value_count = 0;
    uint32_t number_count = 0;
    enum wh_err err = wh_state_decode_cells(arena, value_cells, 0, &values, &value_count, error);
    if (err == WH_OK) {
        err = wh_state_decode_cells(arena, number_cells, 0, &numbers, &number_count, error);
    }
    if (err != WH_OK) {
        return err;
    }
    if (value_count != number_count) {
        return wh_state_damaged(error, "announced values and their numbers differ in count");
    }
    struct wh_value_record *records = WH_ARENA_ARRAY(arena, struct wh_value_record, value_count);
    for (uint32_t i = 0; i < value_count; i++) {
        if (!make_value(values[i], numbers[i], &records[i])) {
            return wh_state_damaged(error, "an announced value that there is not");
        }
    }
    *ret_records = (struct value_records){records, value_count};
    return WH_OK;
}

Waterhole__Announced *
wh_state_encode_announced(struct wh_part_writer *writer, const struct wh_announced *announced)
{
    struct wh_arena *arena = writer->arena;
    Waterhole__Announced *message = WH_ARENA_NEW(arena, Waterhole__Announced);
    waterhole__announced__init(message);
    encode_qualifications(arena, announced, message);
    encode_triggers(arena, announced, message);
    encode_tracks(arena, announced, message);
    encode_values(arena, announced->segments, announced->segment_count, &message->segment_values,
                  &message->segment_numbers);
    encode_values(arena, announced->labels, announced->label_count, &message->label_values,
                  &message->label_numbers);
    message->has_stage_value = announced->stage.value != 0;
    message->stage_value = announced->stage.value;
    message->has_stage_number = announced->stage.number != 0;
    message->stage_number = announced->stage.number;
    message->has_processed = announced->processed != WH_TIME_MIN;
    message->processed = announced->processed;
    message->has_updated_at = announced->updated_at != WH_TIME_MIN;
    message->updated_at = announced->updated_at;
    message->has_updated_due = announced->updated_due != WH_TIME_NEVER;
    message->updated_due = announced->updated_due;
    message->has_updated_number = announced->updated_number != 0;
    message->updated_number = announced->updated_number;
    message->has_updated_digest = announced->updated_digest != 0;
    message->updated_digest = announced->updated_digest;
    message->updated_scores =
        wh_state_encode_cells(arena, announced->updated_scores, announced->score_count);
    message->decisions =
        wh_parcel_write_decisions(writer, announced->decisions, announced->decision_count, true);
    message->firings =
        wh_parcel_write_firings(arena, announced->firings, announced->firing_count, true);
    message->nurtures =
        wh_parcel_write_nurtures(arena, announced->nurtures, announced->nurture_count, true);
    wh_pending_write(arena, announced, message);
    return message;
}

static void
take_singles(const Waterhole__Announced *message, struct wh_announced *announced)
{
    announced->stage = (struct wh_value_record){message->stage_value, message->stage_number};
    announced->processed = message->has_processed ? message->processed : WH_TIME_MIN;
    announced->updated_at = message->has_updated_at ? message->updated_at : WH_TIME_MIN;
    announced->updated_due = message->has_updated_due ? message->updated_due : WH_TIME_NEVER;
    announced->updated_number = message->updated_number;
    announced->updated_digest = message->updated_digest;
}

enum wh_err
wh_state_decode_announced(struct wh_arena *arena, const Waterhole__Announced *message,
                          struct wh_announced *ret_announced, struct wh_error *error)
{
    if (message == NULL) {
        return wh_state_damaged(error, "what was announced is missing");
    }
    struct wh_announced announced = {.arena = arena};
    struct value_records segments = {0};
    struct value_records labels = {0};
    take_singles(message, &announced);
    enum wh_err err = decode_qualifications(message, &announced, error);
    if (err == WH_OK) {
        err = decode_triggers(message, &announced, error);
    }
    if (err == WH_OK) {
        err = decode_tracks(message, &announced, error);
    }
    if (err == WH_OK) {
        err = decode_values(arena, message->segment_values, message->segment_numbers, &segments,
                            error);
    }
    if (err == WH_OK) {
        err = decode_values(arena, message->label_values, message->label_numbers, &labels, error);
    }
    if (err == WH_OK) {
        err = wh_state_decode_cells(arena, message->updated_scores, 0, &announced.updated_scores,
                                    &announced.score_count, error);
    }
    if (err != WH_OK) {
        return err;
    }
    announced.segments = segments.records;
    announced.segment_count = segments.count;
    announced.labels = labels.records;
    announced.label_count = labels.count;
    *ret_announced = announced;
    return WH_OK;
}
