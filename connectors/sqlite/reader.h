/* Reads the file of an embedded engine while that one may be writing it: one moment of the file,
 * from open to close. Nothing is locked and nothing is changed. */
#ifndef WH_CONNECTORS_SQLITE_READER_H
#define WH_CONNECTORS_SQLITE_READER_H

#include "connectors/sqlite/database.h"
#include "engine/port/store.h"

struct wh_sqlite_reader {
    struct wh_sqlite database;
};

/* WH_ERR_NOT_FOUND: there is no such file; WH_ERR_INPUT: it is none of ours or damaged;
 * WH_ERR_OUTSIDE. */
WH_MUST_CHECK enum wh_err wh_sqlite_reader_open(const char *path,
                                                struct wh_sqlite_reader *ret_reader,
                                                struct wh_error *error);
void wh_sqlite_reader_close(struct wh_sqlite_reader *reader);

/* The writer's own look at its file, between two of its transactions; it is not closed. */
struct wh_sqlite_reader wh_sqlite_reader_of(const struct wh_sqlite *database);

/* The model used last, as it was kept; memory from the arena. WH_ERR_NOT_FOUND: none is kept. */
WH_MUST_CHECK enum wh_err wh_sqlite_reader_model(struct wh_sqlite_reader *reader,
                                                 struct wh_arena *arena, struct wh_str *ret_hash,
                                                 struct wh_str *ret_bytes, struct wh_error *error);

/* The model of that hash, as it was kept. WH_ERR_NOT_FOUND: it is not. */
WH_MUST_CHECK enum wh_err wh_sqlite_reader_model_of(struct wh_sqlite_reader *reader,
                                                    struct wh_arena *arena, struct wh_str hash,
                                                    struct wh_str *ret_bytes,
                                                    struct wh_error *error);

/* False ends the reading. What it is given is valid until it returns. */
typedef bool (*wh_sqlite_take_state_fn)(void *self, uint32_t partition,
                                        const struct wh_store_entry *entry);
typedef bool (*wh_sqlite_take_record_fn)(void *self, const struct wh_log_record *record);

/* Every entity with its bytes, deleted ones left away, whose id lies in [first, last] by bytes: the
 * same id twice finds one, zeros and ones find all. By partition, then id. */
WH_MUST_CHECK enum wh_err wh_sqlite_reader_states(struct wh_sqlite_reader *reader,
                                                  const struct wh_hash_id *first,
                                                  const struct wh_hash_id *last,
                                                  wh_sqlite_take_state_fn take, void *self,
                                                  struct wh_error *error);

struct wh_sqlite_reader_query {
    enum wh_topic topic;
    struct wh_str key; /* only records with this key; empty: all */
    int64_t since;     /* only records that the log took at or after this moment, µs */
};

/* By partition, then in the order of the log. */
WH_MUST_CHECK enum wh_err wh_sqlite_reader_records(struct wh_sqlite_reader *reader,
                                                   const struct wh_sqlite_reader_query *query,
                                                   wh_sqlite_take_record_fn take, void *self,
                                                   struct wh_error *error);

/* A range of a topic: of each partition the records [from, until) by offset. */
struct wh_sqlite_reader_range {
    enum wh_topic topic;
    int64_t from, until;
};

/* In the order in which the log took them, over all partitions: those of one always in that of
 * their offsets. Memory is that of one record for each partition. */
WH_MUST_CHECK enum wh_err wh_sqlite_reader_in_order(struct wh_sqlite_reader *reader,
                                                    const struct wh_sqlite_reader_range *range,
                                                    wh_sqlite_take_record_fn take, void *self,
                                                    struct wh_error *error);

/* How many records the log has had room for in the range, at most: those that retention removed
 * are not counted. */
WH_MUST_CHECK enum wh_err wh_sqlite_reader_count(struct wh_sqlite_reader *reader,
                                                 const struct wh_sqlite_reader_range *range,
                                                 uint64_t *ret_count, struct wh_error *error);

/* The newest journal record of each partition: it holds the partition's `now`. */
WH_MUST_CHECK enum wh_err wh_sqlite_reader_journals(struct wh_sqlite_reader *reader,
                                                    wh_sqlite_take_record_fn take, void *self,
                                                    struct wh_error *error);

#endif
