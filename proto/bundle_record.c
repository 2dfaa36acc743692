/* A bundle: rows as columns, as in a state, but with names for what a state has numbers for. */
#include "engine/base/utf8.h"
#include "engine/model/key_set.h"
#include "engine/model/touch.h"
#include "proto/parcel_record.h"
#include "proto/protobuf_arena.h"
#include "proto/state_parts.h"
#include "proto/state_record.h"

#define ROW_FLAGS                                                                               \
    (WH_ROW_ACT | WH_ROW_SITE | WH_ROW_PAGE | WH_ROW_NAMED | WH_ROW_AUTOMATIC | WH_ROW_REPORT | \
     WH_ROW_FRESH)

static ProtobufCBinaryData *
write_strings(struct wh_arena *arena, const struct wh_strings *strings)
{
    ProtobufCBinaryData *items = WH_ARENA_ARRAY(arena, ProtobufCBinaryData, strings->count);
    for (uint32_t i = 0; i < strings->count; i++) {
        items[i] = wh_protobuf_bytes(wh_strings_get(strings, i));
    }
    return items;
}

static void
write_rows(struct wh_arena *arena, const struct wh_bundle *bundle, Waterhole__Bundle *message)
{
    uint32_t count = bundle->row_count;
    int64_t *at = WH_ARENA_ARRAY(arena, int64_t, count);
    uint8_t *flags = WH_ARENA_ARRAY(arena, uint8_t, count);
    message->n_at = message->n_waited = message->n_id = message->n_digest = message->n_type =
        message->n_keys = count;
    message->waited = WH_ARENA_ARRAY(arena, int64_t, count);
    message->id = WH_ARENA_ARRAY(arena, uint32_t, count);
    message->digest = WH_ARENA_ARRAY(arena, uint64_t, count);
    message->type = WH_ARENA_ARRAY(arena, uint32_t, count);
    message->keys = WH_ARENA_ARRAY(arena, uint32_t, count);
    for (uint32_t i = 0; i < count; i++) {
        const struct wh_bundle_row *row = &bundle->rows[i];
        at[i] = row->at;
        message->waited[i] = (int64_t)((uint64_t)row->received - (uint64_t)row->at);
        message->id[i] = row->id;
        message->digest[i] = row->digest;
        message->type[i] = row->type;
        flags[i] = row->flags;
        message->keys[i] = row->keys;
    }
    message->at = wh_part_write_rising(arena, at, count);
    message->has_flags = count > 0;
    message->flags = wh_protobuf_bytes((struct wh_str){(const char *)flags, count});
}

static void
write_columns(struct wh_arena *arena, const struct wh_bundle *bundle, Waterhole__Bundle *message)
{
    message->n_columns = bundle->column_count;
    message->columns = WH_ARENA_ARRAY(arena, Waterhole__BundleColumn *, bundle->column_count);
    for (uint32_t i = 0; i < bundle->column_count; i++) {
        const struct wh_bundle_column *column = &bundle->columns[i];
        Waterhole__BundleColumn *to = WH_ARENA_NEW(arena, Waterhole__BundleColumn);
        waterhole__bundle_column__init(to);
        to->has_kind = true;
        to->kind = column->kind;
        to->has_name = column->name.len > 0;
        to->name = wh_protobuf_bytes(column->name);
        to->cells = wh_state_encode_cells(arena, column->cells, bundle->row_count);
        message->columns[i] = to;
    }
}

static void
write_decisions(struct wh_part_writer *writer, struct wh_strings *names,
                const struct wh_bundle *bundle, Waterhole__Bundle *message)
{
    struct wh_arena *arena = writer->arena;
    struct wh_decision *decisions =
        WH_ARENA_ARRAY(arena, struct wh_decision, bundle->decision_count);
    struct wh_firing *firings = WH_ARENA_ARRAY(arena, struct wh_firing, bundle->firing_count);
    for (uint32_t i = 0; i < bundle->decision_count; i++) {
        decisions[i] = bundle->decisions[i].decision;
        decisions[i].qualification =
            (int32_t)wh_strings_intern(names, bundle->decisions[i].qualification);
    }
    for (uint32_t i = 0; i < bundle->firing_count; i++) {
        firings[i] = bundle->firings[i].firing;
        firings[i].trigger = (int32_t)wh_strings_intern(names, bundle->firings[i].trigger);
    }
    message->decisions =
        wh_parcel_write_decisions(writer, decisions, bundle->decision_count, false);
    message->firings = wh_parcel_write_firings(arena, firings, bundle->firing_count, false);
}

static void
write_nurtures(struct wh_arena *arena, struct wh_strings *names, const struct wh_bundle *bundle,
               Waterhole__Bundle *message)
{
    uint32_t count = bundle->nurture_count;
    struct wh_nurture *nurtures = WH_ARENA_ARRAY(arena, struct wh_nurture, count);
    for (uint32_t i = 0; i < count; i++) {
        const struct wh_bundle_nurture *nurture = &bundle->nurtures[i];
        nurtures[i] = nurture->nurture;
        nurtures[i].track = (int32_t)wh_strings_intern(names, nurture->track);
        nurtures[i].step = (int32_t)wh_strings_intern(names, nurture->step);
    }
    message->nurtures = wh_parcel_write_nurtures(arena, nurtures, count, false);
}

Waterhole__Bundle *
wh_parcel_write_bundle(struct wh_part_writer *writer, const struct wh_bundle *bundle)
{
    struct wh_arena *arena = writer->arena;
    struct wh_strings names;
    Waterhole__Bundle *message = WH_ARENA_NEW(arena, Waterhole__Bundle);
    waterhole__bundle__init(message);
    message->n_strings = bundle->strings.count;
    message->strings = write_strings(arena, &bundle->strings);
    write_rows(arena, bundle, message);
    write_columns(arena, bundle, message);
    wh_strings_init(&names, arena);
    write_decisions(writer, &names, bundle, message);
    write_nurtures(arena, &names, bundle, message);
    message->n_names = names.count;
    message->names = write_strings(arena, &names);
    message->n_folds = bundle->fold_count;
    message->folds = wh_parcel_write_folds(arena, bundle->folds, bundle->fold_count);
    return message;
}

/* In the order of their numbers, each once; otherwise numbers would mean other strings. */
static bool
read_strings(struct wh_part_reader *reader, const ProtobufCBinaryData *items, size_t count,
             struct wh_strings *ret_strings)
{
    wh_strings_init(ret_strings, reader->arena);
    for (size_t i = 0; i < count; i++) {
        struct wh_str text = wh_protobuf_str(items[i]);
        if (text.len > WH_STATE_STRING_MAX || !wh_utf8_is_valid(text) ||
            wh_strings_intern_whole(ret_strings, text) != i) {
            return wh_part_fault(reader, "a string that stands twice, is too long or no UTF-8");
        }
    }
    return true;
}

static bool
is_after(const struct wh_strings *strings, const struct wh_bundle_row *before,
         const struct wh_bundle_row *row)
{
    return before->at != row->at ? before->at < row->at
                                 : wh_str_compare(wh_strings_get(strings, before->id),
                                                  wh_strings_get(strings, row->id)) < 0;
}

static bool
read_row(struct wh_part_reader *reader, const Waterhole__Bundle *message, uint32_t i,
         struct wh_bundle_row *row)
{
    *row = (struct wh_bundle_row){
        .at = row->at,
        .received = (int64_t)((uint64_t)row->at + (uint64_t)message->waited[i]),
        .id = message->id[i],
        .digest = message->digest[i],
        .type = message->type[i],
        .flags = message->flags.data[i],
        .keys = message->keys[i],
    };
    uint32_t count = reader->strings->count;
    if (!wh_part_is_time(row->at) || !wh_part_is_time(row->received) || row->id >= count ||
        row->type >= count || row->keys >= count || (row->flags & ~ROW_FLAGS) != 0) {
        return wh_part_fault(reader, "a touch holds what no touch has");
    }
    struct wh_key keys[WH_TOUCH_KEYS_MAX];
    struct wh_str text = wh_strings_get(reader->strings, row->keys);
    if (wh_key_set_parse(text, keys, WH_TOUCH_KEYS_MAX) == 0) {
        return wh_part_fault(reader, "a touch without identifiers");
    }
    return true;
}

static bool
read_rows(struct wh_part_reader *reader, const Waterhole__Bundle *message, struct wh_bundle *bundle)
{
    size_t count = message->n_at;
    if (count > WH_STATE_ROWS_MAX || message->n_waited != count || message->n_id != count ||
        message->n_digest != count || message->n_type != count || message->flags.len != count ||
        message->n_keys != count) {
        return wh_part_fault(reader, "columns of different lengths");
    }
    bool *is_used = WH_ARENA_ARRAY(reader->arena, bool, bundle->strings.count);
    int64_t *at = WH_ARENA_ARRAY(reader->arena, int64_t, count);
    wh_state_sums(message->at, count, at);
    bundle->rows = WH_ARENA_ARRAY(reader->arena, struct wh_bundle_row, count);
    bundle->row_count = (uint32_t)count;
    for (uint32_t i = 0; i < bundle->row_count; i++) {
        bundle->rows[i].at = at[i];
        if (!read_row(reader, message, i, &bundle->rows[i])) {
            return false;
        }
        if (is_used[bundle->rows[i].id] ||
            (i > 0 && !is_after(&bundle->strings, &bundle->rows[i - 1], &bundle->rows[i]))) {
            return wh_part_fault(reader, "touches are double or not in timeline order");
        }
        is_used[bundle->rows[i].id] = true;
    }
    return true;
}

static bool
read_column(struct wh_part_reader *reader, const Waterhole__BundleColumn *message,
            uint32_t row_count, struct wh_bundle_column *column)
{
    struct wh_str name = wh_protobuf_str(message->name);
    uint32_t count = 0;
    bool fits = message->cells == NULL ? row_count == 0 : message->cells->count == row_count;
    if (message->kind > UINT8_MAX || name.len > WH_STRINGS_LENGTH_MAX || !wh_utf8_is_valid(name) ||
        !fits ||
        wh_state_decode_cells(reader->arena, message->cells, row_count, &column->cells, &count,
                              NULL) != WH_OK) {
        return wh_part_fault(reader, "a column has more or fewer cells than rows");
    }
    column->kind = (uint8_t)message->kind;
    column->name = wh_arena_str(reader->arena, name);
    for (uint32_t i = 0; i < count; i++) {
        if (!wh_part_is_cell(reader->strings, column->cells[i])) {
            return wh_part_fault(reader, "a cell names a string that is not there");
        }
    }
    return true;
}

static bool
read_columns(struct wh_part_reader *reader, const Waterhole__Bundle *message,
             struct wh_bundle *bundle)
{
    size_t count = message->n_columns;
    if (count > WH_STATE_COLUMNS_MAX || count * bundle->row_count > WH_BUNDLE_CELLS_MAX) {
        return wh_part_fault(reader, "more columns than there can be");
    }
    bundle->columns = WH_ARENA_ARRAY(reader->arena, struct wh_bundle_column, count);
    bundle->column_count = (uint32_t)count;
    for (size_t i = 0; i < count; i++) {
        if (!read_column(reader, message->columns[i], bundle->row_count, &bundle->columns[i])) {
            return false;
        }
    }
    return true;
}

static bool
read_decisions(struct wh_part_reader *reader, const struct wh_strings *names,
               const Waterhole__Bundle *message, struct wh_bundle *bundle)
{
    struct wh_decision *decisions = NULL;
    if (!wh_parcel_read_decisions(reader, message->decisions, &decisions,
                                  &bundle->decision_count)) {
        return false;
    }
    bundle->decisions =
        WH_ARENA_ARRAY(reader->arena, struct wh_bundle_decision, bundle->decision_count);
    for (uint32_t i = 0; i < bundle->decision_count; i++) {
        uint32_t number = (uint32_t)decisions[i].qualification;
        if (number >= names->count) {
            return wh_part_fault(reader, "a decision about nothing that has a name");
        }
        bundle->decisions[i] =
            (struct wh_bundle_decision){wh_strings_get(names, number), decisions[i]};
        bundle->decisions[i].decision.qualification = 0;
    }
    return true;
}

static bool
read_nurtures(struct wh_part_reader *reader, const struct wh_strings *names,
              const Waterhole__Bundle *message, struct wh_bundle *bundle)
{
    struct wh_nurture *nurtures = NULL;
    if (!wh_parcel_read_nurtures(reader, message->nurtures, &nurtures, &bundle->nurture_count)) {
        return false;
    }
    bundle->nurtures =
        WH_ARENA_ARRAY(reader->arena, struct wh_bundle_nurture, bundle->nurture_count);
    for (uint32_t i = 0; i < bundle->nurture_count; i++) {
        uint32_t track = (uint32_t)nurtures[i].track;
        uint32_t step = (uint32_t)nurtures[i].step;
        if (track >= names->count || step >= names->count) {
            return wh_part_fault(reader, "a way along nothing that has a name");
        }
        bundle->nurtures[i] = (struct wh_bundle_nurture){wh_strings_get(names, track),
                                                         wh_strings_get(names, step), nurtures[i]};
        bundle->nurtures[i].nurture.track = 0;
        bundle->nurtures[i].nurture.step = 0;
    }
    return true;
}

static bool
read_firings(struct wh_part_reader *reader, const struct wh_strings *names,
             const Waterhole__Bundle *message, struct wh_bundle *bundle)
{
    struct wh_firing *firings = NULL;
    if (!wh_parcel_read_firings(reader, message->firings, &firings, &bundle->firing_count)) {
        return false;
    }
    bundle->firings = WH_ARENA_ARRAY(reader->arena, struct wh_bundle_firing, bundle->firing_count);
    for (uint32_t i = 0; i < bundle->firing_count; i++) {
        uint32_t number = (uint32_t)firings[i].trigger;
        if (number >= names->count) {
            return wh_part_fault(reader, "a firing of nothing that has a name");
        }
        bundle->firings[i] = (struct wh_bundle_firing){wh_strings_get(names, number), firings[i]};
        bundle->firings[i].firing.trigger = 0;
    }
    return true;
}

bool
wh_parcel_read_bundle(struct wh_part_reader *reader, const Waterhole__Bundle *message,
                      struct wh_bundle *ret_bundle)
{
    struct wh_strings names;
    if (message == NULL) {
        return wh_part_fault(reader, "parcels are missing");
    }
    *ret_bundle = (struct wh_bundle){.row_count = 0};
    reader->strings = &ret_bundle->strings;
    reader->trail_count = UINT16_MAX;
    reader->column_count = UINT32_MAX;
    ret_bundle->fold_count = (uint32_t)message->n_folds;
    return read_strings(reader, message->strings, message->n_strings, &ret_bundle->strings) &&
           read_strings(reader, message->names, message->n_names, &names) &&
           read_rows(reader, message, ret_bundle) && read_columns(reader, message, ret_bundle) &&
           read_decisions(reader, &names, message, ret_bundle) &&
           read_firings(reader, &names, message, ret_bundle) &&
           read_nurtures(reader, &names, message, ret_bundle) &&
           wh_parcel_read_folds(reader, message->folds, message->n_folds, &ret_bundle->folds);
}
