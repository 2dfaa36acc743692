/* The file that `up --data DIR` leaves, as bytes (store_file.proto says how they look). Records
 * (states, then events) go in and come out one by one, as the codec made them; reading and writing
 * the disk is for connectors/file. */
#ifndef WH_PROTO_STORE_FILE_H
#define WH_PROTO_STORE_FILE_H

#include <stdint.h>

#include "engine/base/buf.h"
#include "engine/base/err.h"

/* A file of the model, whole. */
struct wh_store_source {
    struct wh_str name; /* as it is named in messages */
    struct wh_str kind; /* what it is for; the caller's words */
    struct wh_str bytes;
};

struct wh_store_version {
    struct wh_str name;
    struct wh_str version;
};

struct wh_store_head {
    struct wh_str model_hash; /* hex */
    const struct wh_store_source *sources;
    size_t source_count;
    const struct wh_store_version *versions;
    size_t version_count;
    int64_t written_at; /* µs */
};

/* Writing: begin, a push for each record, end. */
struct wh_store_writer {
    struct wh_buf *buf; /* borrowed */
    uint64_t record_count;
};

void wh_store_begin(struct wh_store_writer *writer, struct wh_buf *buf,
                    const struct wh_store_head *head);
void wh_store_push(struct wh_store_writer *writer, struct wh_str record);
void wh_store_end(struct wh_store_writer *writer);

/* Reading: open, then next until it says WH_ERR_NOT_FOUND. */
struct wh_store_reader {
    struct wh_str bytes; /* of the whole file, borrowed */
    size_t at;           /* where the next frame begins */
    uint64_t record_count;
};

/* The head lives in the arena. WH_ERR_INPUT when bytes are no such file. */
WH_MUST_CHECK enum wh_err wh_store_open(struct wh_store_reader *ret_reader, struct wh_str bytes,
                                        struct wh_arena *arena, struct wh_store_head *ret_head,
                                        struct wh_error *error);

/* The next record, borrowed from the file's bytes. WH_ERR_NOT_FOUND after the last one,
 * WH_ERR_INPUT when the file is damaged or breaks off. The arena is for scratch. */
WH_MUST_CHECK enum wh_err wh_store_next(struct wh_store_reader *reader, struct wh_arena *arena,
                                        struct wh_str *ret_record, struct wh_error *error);

#endif
