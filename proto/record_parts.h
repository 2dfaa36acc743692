/* What the records of entities have in common between memory and message; used by the files that
 * encode states and handoff records only. Encoding borrows from what is encoded and takes memory
 * from the arena; decoding fills memory of the arena. */
#ifndef WH_PROTO_RECORD_PARTS_H
#define WH_PROTO_RECORD_PARTS_H

#include "engine/base/table.h"
#include "engine/model/bundle.h"
#include "engine/model/identity.h"
#include "proto/identity.pb-c.h"
#include "proto/parcel.pb-c.h"

/* Of one record, everything that has a count: more than any entity within its bounds has. */
#define WH_PART_ITEMS_MAX (UINT32_C(1) << 20)

/* The identifiers of a record, each written once. */
struct wh_part_writer {
    struct wh_arena *arena;
    struct wh_table numbers;
    ProtobufCBinaryData *keys;
    uint32_t count, capacity;
};

void wh_part_writer_init(struct wh_part_writer *writer, struct wh_arena *arena);
uint32_t wh_part_write_key(struct wh_part_writer *writer, struct wh_key key);
uint32_t *wh_part_write_keys(struct wh_part_writer *writer, const struct wh_key *keys,
                             uint32_t count);

/* What decoding needs: all functions below return false when bytes break a promise, and the first
 * one says which. */
struct wh_part_reader {
    struct wh_arena *arena;
    struct wh_key *keys;
    uint32_t key_count;
    const struct wh_strings *strings;   /* that cells and rows name */
    uint32_t trail_count, column_count; /* that parcels may name */
    const char *fault;
};

/* Sets the fault, if there is none yet, and returns false. */
bool wh_part_fault(struct wh_part_reader *reader, const char *what);

bool wh_part_read_table(struct wh_part_reader *reader, const ProtobufCBinaryData *keys,
                        size_t count);
/* Persons only: companies and routes take no part in identity. */
bool wh_part_read_key(struct wh_part_reader *reader, uint32_t number, struct wh_key *ret_key);
/* Under whose id something is published: a company, too. */
bool wh_part_read_publisher(struct wh_part_reader *reader, uint32_t number, struct wh_key *ret_key);
bool wh_part_read_keys(struct wh_part_reader *reader, const uint32_t *numbers, size_t count,
                       struct wh_key **ret_keys);

/* Differences from one to the next, in memory of the arena. */
int64_t *wh_part_write_rising(struct wh_arena *arena, const int64_t *items, size_t count);
int64_t *wh_part_write_stretches(struct wh_arena *arena, struct wh_stretches set,
                                 size_t *ret_count);
bool wh_part_read_stretches(struct wh_part_reader *reader, const int64_t *items, size_t count,
                            struct wh_stretches *ret_set);
bool wh_part_read_minutes(struct wh_part_reader *reader, const int64_t *items, size_t count,
                          struct wh_minutes *ret_minutes);

/* NULL for none. */
Waterhole__IdentityNames *wh_part_write_names(struct wh_part_writer *writer,
                                              struct wh_identity_names names);
bool wh_part_read_names(struct wh_part_reader *reader, const Waterhole__IdentityNames *message,
                        struct wh_identity_names *ret_names);

/* NULL for never. */
Waterhole__Stamp *wh_part_write_stamp(struct wh_arena *arena, struct wh_stamp stamp);
bool wh_part_read_stamp(struct wh_part_reader *reader, const Waterhole__Stamp *message,
                        struct wh_stamp *ret_stamp);

Waterhole__IdentityMember **wh_part_write_members(struct wh_part_writer *writer,
                                                  const struct wh_identity_member *members,
                                                  uint32_t count);
bool wh_part_read_members(struct wh_part_reader *reader, Waterhole__IdentityMember *const *messages,
                          size_t count, struct wh_identity_member **ret_members);

/* UTF-8 of at most WH_TRANSFER_MAX bytes, copied; may be empty. */
bool wh_part_read_text(struct wh_part_reader *reader, ProtobufCBinaryData bytes,
                       struct wh_str *ret_text);

/* A time or a minute that a touch or a clock can have. */
bool wh_part_is_time(int64_t us);
bool wh_part_is_minute(int64_t minute);
/* A cell whose text is a string that there is. */
bool wh_part_is_cell(const struct wh_strings *strings, wh_cell_t cell);

#endif
