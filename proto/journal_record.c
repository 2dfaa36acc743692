#include "proto/journal_record.h"

#include "engine/base/time.h"
#include "proto/journal.pb-c.h"
#include "proto/protobuf_arena.h"

static ProtobufCBinaryData
id_bytes(const struct wh_hash_id *id)
{
    return wh_protobuf_bytes((struct wh_str){(const char *)id->bytes, sizeof(id->bytes)});
}

static void
encode_slices(struct wh_arena *arena, const struct wh_journal *journal, Waterhole__Journal *message)
{
    message->n_slices = journal->slice_count;
    message->slices = WH_ARENA_ARRAY(arena, Waterhole__Slice *, journal->slice_count);
    for (uint32_t i = 0; i < journal->slice_count; i++) {
        const struct wh_journal_slice *slice = &journal->slices[i];
        Waterhole__Slice *to = WH_ARENA_NEW(arena, Waterhole__Slice);
        waterhole__slice__init(to);
        to->has_topic = to->has_first = to->has_end = to->has_count = true;
        to->topic = slice->topic;
        to->first = slice->first;
        to->end = slice->end;
        to->count = slice->count;
        message->slices[i] = to;
    }
}

static void
encode_times(const struct wh_journal *journal, Waterhole__Journal *message)
{
    message->has_now = journal->now != WH_TIME_MIN;
    message->now = journal->now;
    message->has_begin = journal->begin != WH_TIME_MIN;
    message->begin = journal->begin;
    message->has_model_at = journal->model_at != WH_TIME_MIN;
    message->model_at = journal->model_at;
    message->has_machine = true;
    message->machine = journal->machine;
    message->has_announce_from = journal->announce_from != WH_TIME_MIN;
    message->announce_from = journal->announce_from;
    message->has_frontier_due = journal->frontier.due != WH_TIME_MIN;
    message->frontier_due = journal->frontier.due;
    message->has_frontier_key = true;
    message->frontier_key = id_bytes(&journal->frontier.key);
}

static void
encode_swept(struct wh_arena *arena, const struct wh_journal *journal, Waterhole__Journal *message)
{
    message->n_swept = journal->swept_count;
    message->swept = WH_ARENA_ARRAY(arena, ProtobufCBinaryData, journal->swept_count);
    for (size_t i = 0; i < journal->swept_count; i++) {
        message->swept[i] = id_bytes(&journal->swept[i]);
    }
}

void
wh_journal_record_encode(struct wh_buf *buf, const struct wh_journal *journal)
{
    int64_t positions[WH_INPUT_COUNT];
    Waterhole__Journal message = WATERHOLE__JOURNAL__INIT;
    message.has_format = message.has_semantics = message.has_kind = message.has_clock = true;
    message.has_seq = message.has_mark = message.has_partition = true;
    message.format = journal->format;
    message.semantics = journal->semantics;
    message.kind = journal->kind;
    message.clock = journal->clock;
    message.seq = journal->seq;
    message.has_model_since = true;
    message.model_since = journal->model_since;
    message.mark = journal->mark;
    message.partition = journal->positions[0].partition;
    message.has_lineage = true;
    message.lineage = id_bytes(&journal->lineage);
    message.has_owner = message.has_model_hash = message.has_data_versions = true;
    message.owner = wh_protobuf_bytes(journal->owner);
    message.model_hash = wh_protobuf_bytes(journal->model_hash);
    message.data_versions = wh_protobuf_bytes(journal->data_versions);
    encode_times(journal, &message);
    for (size_t i = 0; i < WH_INPUT_COUNT; i++) {
        positions[i] = journal->positions[i].next;
    }
    message.n_positions = WH_INPUT_COUNT;
    message.positions = positions;
    message.has_has_timers = journal->has_timers;
    message.has_timers = journal->has_timers;
    message.has_digest = journal->kind == WH_JOURNAL_BATCH;
    message.digest = journal->digest;
    encode_slices(buf->arena, journal, &message);
    encode_swept(buf->arena, journal, &message);
    wh_protobuf_pack(buf, &message.base);
}

static bool
decode_id(ProtobufCBinaryData bytes, struct wh_hash_id *ret_id)
{
    if (bytes.len != sizeof(ret_id->bytes)) {
        return false;
    }
    memcpy(ret_id->bytes, bytes.data, sizeof(ret_id->bytes));
    return true;
}

static bool
decode_slices(const Waterhole__Journal *message, struct wh_journal *journal)
{
    if (message->n_slices > WH_JOURNAL_SLICES_MAX) {
        return false;
    }
    for (size_t i = 0; i < message->n_slices; i++) {
        const Waterhole__Slice *from = message->slices[i];
        if (from->topic >= WH_INPUT_COUNT || from->first > from->end) {
            return false;
        }
        journal->slices[i] = (struct wh_journal_slice){
            (enum wh_topic)from->topic, message->partition, from->first, from->end, from->count,
        };
    }
    journal->slice_count = (uint32_t)message->n_slices;
    return true;
}

static bool
decode_swept(struct wh_arena *arena, const Waterhole__Journal *message, struct wh_journal *journal)
{
    struct wh_hash_id *swept = WH_ARENA_ARRAY(arena, struct wh_hash_id, message->n_swept);
    for (size_t i = 0; i < message->n_swept; i++) {
        if (!decode_id(message->swept[i], &swept[i])) {
            return false;
        }
    }
    journal->swept = swept;
    journal->swept_count = message->n_swept;
    return true;
}

static bool
decode_parts(struct wh_arena *arena, const Waterhole__Journal *message, struct wh_journal *journal)
{
    if (message->kind > WH_JOURNAL_RELEASE || message->clock > WH_CLOCK_LOG ||
        message->n_positions != WH_INPUT_COUNT || !decode_id(message->lineage, &journal->lineage) ||
        !decode_id(message->frontier_key, &journal->frontier.key) ||
        !decode_slices(message, journal) || !decode_swept(arena, message, journal)) {
        return false;
    }
    journal->format = message->format;
    journal->semantics = message->semantics;
    journal->kind = (enum wh_journal_kind)message->kind;
    journal->clock = (enum wh_clock_kind)message->clock;
    journal->owner = wh_arena_str(arena, wh_protobuf_str(message->owner));
    journal->seq = message->seq;
    journal->model_since = message->model_since;
    journal->now = message->has_now ? message->now : WH_TIME_MIN;
    journal->begin = message->has_begin ? message->begin : WH_TIME_MIN;
    journal->model_at = message->has_model_at ? message->model_at : WH_TIME_MIN;
    journal->machine = message->machine;
    journal->announce_from = message->has_announce_from ? message->announce_from : WH_TIME_MIN;
    journal->mark = message->mark;
    journal->model_hash = wh_arena_str(arena, wh_protobuf_str(message->model_hash));
    journal->data_versions = wh_arena_str(arena, wh_protobuf_str(message->data_versions));
    journal->frontier.due = message->has_frontier_due ? message->frontier_due : WH_TIME_MIN;
    journal->has_timers = message->has_timers;
    journal->digest = message->digest;
    for (size_t i = 0; i < WH_INPUT_COUNT; i++) {
        journal->positions[i] = (struct wh_journal_position){(enum wh_topic)i, message->partition,
                                                             message->positions[i]};
    }
    return true;
}

enum wh_err
wh_journal_record_decode(struct wh_str bytes, struct wh_arena *arena,
                         struct wh_journal *ret_journal, struct wh_error *error)
{
    struct wh_arena scratch;
    struct wh_journal journal = {0};
    wh_arena_init(&scratch, 0);
    const Waterhole__Journal *message = (const Waterhole__Journal *)wh_protobuf_unpack(
        &scratch, &waterhole__journal__descriptor, bytes);
    enum wh_err err = WH_OK;
    if (message == NULL) {
        err = wh_error_set(error, WH_ERR_INPUT, "not a record as in journal.proto");
    } else if (message->format != WH_JOURNAL_FORMAT) {
        err = wh_error_set(error, WH_ERR_INPUT, "a journal record of format %u, expected %d",
                           message->format, WH_JOURNAL_FORMAT);
    } else if (!decode_parts(arena, message, &journal)) {
        err = wh_error_set(error, WH_ERR_INPUT, "a journal record whose parts do not fit together");
    }
    wh_arena_fini(&scratch);
    if (err == WH_OK) {
        *ret_journal = journal;
    }
    return err;
}
