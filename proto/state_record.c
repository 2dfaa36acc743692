#include "proto/state_record.h"

#include "engine/base/utf8.h"
#include "proto/identity_record.h"
#include "proto/parcel_record.h"
#include "proto/protobuf_arena.h"
#include "proto/routing_record.h"
#include "proto/state_parts.h"

static void
encode_strings(struct wh_arena *arena, const struct wh_strings *strings, Waterhole__State *message)
{
    message->n_strings = strings->count;
    message->strings = WH_ARENA_ARRAY(arena, ProtobufCBinaryData, strings->count);
    for (uint32_t i = 0; i < strings->count; i++) {
        message->strings[i] = wh_protobuf_bytes(wh_strings_get(strings, i));
    }
}

static void
encode_counters(const struct wh_state *state, Waterhole__State *message)
{
    message->has_duplicates = state->duplicates != 0;
    message->duplicates = state->duplicates;
    message->has_late_refused = state->late_refused != 0;
    message->late_refused = state->late_refused;
    message->has_unknowns = state->unknowns != 0;
    message->unknowns = state->unknowns;
}

static void
encode_head(struct wh_str model_hash, const struct wh_state *state, Waterhole__State *message)
{
    struct wh_str id = {(const char *)state->id.bytes, sizeof(state->id.bytes)};
    message->has_semantics = true;
    message->semantics = WH_STATE_SEMANTICS;
    message->has_model_hash = true;
    message->model_hash = wh_protobuf_bytes(model_hash);
    message->has_key = true;
    message->key = wh_protobuf_bytes(state->key);
    message->has_id = true;
    message->id = wh_protobuf_bytes(id);
    message->has_life = true;
    message->life = state->life;
    message->has_now = true;
    message->now = state->now;
    message->has_shared = message->shared = state->shared;
    message->has_told_to = state->told_to.len > 0;
    message->told_to = wh_protobuf_bytes(state->told_to);
    message->has_told_report = state->told_report != 0;
    message->told_report = state->told_report;
}

void
wh_state_record_encode(struct wh_buf *buf, struct wh_str model_hash, const struct wh_entity *entity)
{
    struct wh_arena *arena = buf->arena;
    const struct wh_state *state = &entity->state;
    struct wh_part_writer writer;
    Waterhole__State message = WATERHOLE__STATE__INIT;
    wh_part_writer_init(&writer, arena);
    encode_head(model_hash, state, &message);
    encode_strings(arena, &state->strings, &message);
    message.history = wh_state_encode_history(arena, &state->history);
    message.base_fold = wh_state_encode_fold(arena, &state->base);
    message.live_fold = wh_state_encode_fold(arena, &state->live);
    message.announced = wh_state_encode_announced(&writer, &state->announced);
    message.n_folds = state->fold_count;
    message.folds = wh_parcel_write_folds(arena, state->folds, state->fold_count);
    message.identity = wh_identity_record_write(&writer, &entity->identity);
    message.counter = wh_counter_write(arena, entity);
    message.n_keys = writer.count;
    message.keys = writer.keys;
    encode_counters(state, &message);
    wh_protobuf_pack(buf, &message.base);
}

/* Each string once, in the order of its number; otherwise numbers would mean other strings. */
static enum wh_err
decode_strings(struct wh_arena *arena, const Waterhole__State *message,
               struct wh_strings *ret_strings, struct wh_error *error)
{
    struct wh_strings strings;
    wh_strings_init(&strings, arena);
    for (size_t i = 0; i < message->n_strings; i++) {
        struct wh_str text = wh_protobuf_str(message->strings[i]);
        if (text.len > WH_STATE_STRING_MAX || !wh_utf8_is_valid(text) ||
            wh_strings_intern_whole(&strings, text) != i) {
            return wh_state_damaged(error, "a string that stands twice, is too long or no UTF-8");
        }
    }
    *ret_strings = strings;
    return WH_OK;
}

static enum wh_err
decode_head(struct wh_arena *arena, const Waterhole__State *message, struct wh_state *state,
            struct wh_error *error)
{
    if (message->semantics != WH_STATE_SEMANTICS) {
        return wh_error_set(error, WH_ERR_INPUT,
                            "the state was computed by rules number %u, this program has number %d",
                            message->semantics, WH_STATE_SEMANTICS);
    }
    if (message->id.len != sizeof(state->id.bytes)) {
        return wh_state_damaged(error, "the id has another length");
    }
    if (!wh_utf8_is_valid(wh_protobuf_str(message->key)) ||
        !wh_utf8_is_valid(wh_protobuf_str(message->told_to)) ||
        !wh_utf8_is_valid(wh_protobuf_str(message->model_hash))) {
        return wh_state_damaged(error, "the key or the hash of the model is no UTF-8");
    }
    memcpy(state->id.bytes, message->id.data, sizeof(state->id.bytes));
    state->arena = arena;
    state->key = wh_arena_str(arena, wh_protobuf_str(message->key));
    state->life = message->life;
    state->now = message->now;
    state->shared = message->shared;
    state->told_to = wh_arena_str(arena, wh_protobuf_str(message->told_to));
    state->told_report = message->told_report;
    state->duplicates = message->duplicates;
    state->late_refused = message->late_refused;
    state->unknowns = message->unknowns;
    return WH_OK;
}

static enum wh_err
decode_values(struct wh_arena *arena, const Waterhole__State *message, struct wh_state *state,
              struct wh_error *error)
{
    enum wh_err err = decode_strings(arena, message, &state->strings, error);
    if (err == WH_OK) {
        err = wh_state_decode_history(arena, message->history, &state->strings, &state->history,
                                      error);
    }
    if (err == WH_OK) {
        err = wh_state_decode_fold(arena, message->base_fold, state->history.count, &state->base,
                                   error);
    }
    if (err == WH_OK) {
        err = wh_state_decode_fold(arena, message->live_fold, state->history.count, &state->live,
                                   error);
    }
    if (err == WH_OK) {
        err = wh_state_decode_announced(arena, message->announced, &state->announced, error);
    }
    return err;
}

/* The trails that rows lie under are those that the identity knows. */
static bool
has_trails(struct wh_part_reader *reader, const struct wh_history *history)
{
    for (uint32_t row = 0; row < history->count; row++) {
        if (history->trail[row] >= reader->trail_count) {
            return wh_part_fault(reader, "a touch came by a trail that there is not");
        }
    }
    return true;
}

static bool
read_belongings(struct wh_part_reader *reader, const Waterhole__State *message,
                struct wh_state *state)
{
    struct wh_announced *announced = &state->announced;
    reader->strings = &state->strings;
    reader->column_count = state->history.column_count;
    bool is_good = has_trails(reader, &state->history) &&
                   wh_parcel_read_decisions(reader, message->announced->decisions,
                                            &announced->decisions, &announced->decision_count) &&
                   wh_parcel_read_firings(reader, message->announced->firings, &announced->firings,
                                          &announced->firing_count) &&
                   wh_parcel_read_nurtures(reader, message->announced->nurtures,
                                           &announced->nurtures, &announced->nurture_count) &&
                   wh_parcel_read_folds(reader, message->folds, message->n_folds, &state->folds) &&
                   wh_pending_read(reader, message->announced, state->key, announced);
    announced->decision_capacity = announced->decision_count;
    announced->firing_capacity = announced->firing_count;
    announced->nurture_capacity = announced->nurture_count;
    state->fold_count = state->fold_capacity = (uint32_t)message->n_folds;
    return is_good;
}

/* Decisions about what the state has a record of. */
static bool
are_known(struct wh_part_reader *reader, const struct wh_announced *announced)
{
    for (uint32_t i = 0; i < announced->decision_count; i++) {
        if ((uint32_t)announced->decisions[i].qualification >= announced->qualification_count) {
            return wh_part_fault(reader, "a decision about what there is not");
        }
    }
    for (uint32_t i = 0; i < announced->firing_count; i++) {
        if ((uint32_t)announced->firings[i].trigger >= announced->trigger_count) {
            return wh_part_fault(reader, "a firing of what there is not");
        }
    }
    for (uint32_t i = 0; i < announced->nurture_count; i++) {
        if ((uint32_t)announced->nurtures[i].track >= announced->track_count) {
            return wh_part_fault(reader, "a way along a track that there is not");
        }
    }
    return true;
}

static enum wh_err
decode_identity(struct wh_arena *arena, const Waterhole__State *message, struct wh_entity *entity,
                struct wh_error *error)
{
    struct wh_part_reader reader = {.arena = arena};
    struct wh_key key;
    if (!wh_key_parse(entity->state.key, &key)) {
        return wh_state_damaged(error, "its key is none");
    }
    bool is_good = wh_part_read_table(&reader, message->keys, message->n_keys) &&
                   wh_identity_record_read(&reader, message->identity, key, &entity->identity) &&
                   read_belongings(&reader, message, &entity->state) &&
                   wh_counter_read(&reader, message->counter, entity) &&
                   are_known(&reader, &entity->state.announced);
    return is_good ? WH_OK : wh_state_damaged(error, reader.fault);
}

static enum wh_err
decode_message(struct wh_arena *arena, const Waterhole__State *message,
               struct wh_str *ret_model_hash, struct wh_entity *ret_entity, struct wh_error *error)
{
    *ret_entity = (struct wh_entity){.state = {.arena = arena}};
    enum wh_err err = decode_head(arena, message, &ret_entity->state, error);
    if (err == WH_OK) {
        err = decode_values(arena, message, &ret_entity->state, error);
    }
    if (err == WH_OK) {
        err = decode_identity(arena, message, ret_entity, error);
    }
    if (err == WH_OK) {
        *ret_model_hash = wh_arena_str(arena, wh_protobuf_str(message->model_hash));
    }
    return err;
}

enum wh_err
wh_state_record_decode(struct wh_str bytes, struct wh_arena *arena, struct wh_str *ret_model_hash,
                       struct wh_entity *ret_entity, struct wh_error *error)
{
    /* What is kept is copied out of the message; otherwise a kept state would be twice as big. */
    struct wh_arena scratch;
    wh_arena_init(&scratch, 0);
    ProtobufCMessage *message = wh_protobuf_unpack(&scratch, &waterhole__state__descriptor, bytes);
    enum wh_err err = WH_ERR_INPUT;
    if (message == NULL) {
        (void)wh_state_damaged(error, "not a message as in state.proto");
    } else {
        err = decode_message(arena, (const Waterhole__State *)message, ret_model_hash, ret_entity,
                             error);
    }
    wh_arena_fini(&scratch);
    return err;
}
