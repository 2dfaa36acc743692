/* Committed records of partitions, assigned by hand: a stream for each topic and partition that is
 * being read, at the place where the last reading ended (protocol.md 2). */
#ifndef WH_CONNECTORS_KAFKA_READER_H
#define WH_CONNECTORS_KAFKA_READER_H

#include "connectors/kafka/topics.h"
#include "connectors/kafka/wake.h"

/* Messages of one stream that are taken from the library at once. */
#define WH_KAFKA_TAKEN_MAX 512

struct wh_kafka_stream;

/* Two clients: what comes waits long at the broker, what is read again may not. */
enum { WH_KAFKA_LIVE, WH_KAFKA_PAST, WH_KAFKA_TENSES };

struct wh_kafka_reader {
    const struct wh_kafka_settings *settings; /* borrowed */
    const struct wh_kafka_wake *wake;         /* borrowed */
    uint32_t partitions;
    rd_kafka_t *clients[WH_KAFKA_TENSES];
    struct wh_kafka_topics topics[WH_KAFKA_TENSES];
    struct wh_kafka_stream *streams; /* by topic and partition */
    size_t wanted_count;
    size_t cursor;                      /* of the present round */
    struct wh_kafka_stream *told;       /* of the last event … */
    struct wh_log_record *told_records; /* … which has room for WH_KAFKA_TAKEN_MAX */
    struct wh_arena keep;
};

WH_MUST_CHECK enum wh_err
wh_kafka_reader_open(struct wh_kafka_reader *reader, const struct wh_kafka_settings *settings,
                     uint32_t partitions, const struct wh_kafka_wake *wake, struct wh_error *error);
/* Accepts zeros. */
void wh_kafka_reader_close(struct wh_kafka_reader *reader);

/* As `read` of port/log; one at a time of each topic and partition. */
void wh_kafka_reader_start(struct wh_kafka_reader *reader, const struct wh_log_read *read);

enum wh_kafka_read_step {
    WH_KAFKA_READ_TOLD,    /* *ret_event is the answer to a read */
    WH_KAFKA_READ_MISSING, /* nothing is at *ret_read's `from`: trimmed? Say it to `settle` */
    WH_KAFKA_READ_ROUND,   /* every read was looked at once; the next call begins a new round */
};

/* The next answer of this round. What the event before pointed to is given back. A read at the end
 * of what there was is answered empty in the first round that finds nothing. */
enum wh_kafka_read_step wh_kafka_reader_next(struct wh_kafka_reader *reader,
                                             struct wh_log_event *ret_event,
                                             struct wh_log_read *ret_read);
/* After MISSING: `start` is the first offset that may be there; negative: it is not known. */
void wh_kafka_reader_settle(struct wh_kafka_reader *reader, const struct wh_log_read *read,
                            int64_t start, struct wh_log_event *ret_event);

/* Nobody reads the partition any more; what was asked of it is answered by the next rounds. */
void wh_kafka_reader_leave(struct wh_kafka_reader *reader, uint32_t partition);
/* The same for one topic; nothing may be asked of it. */
void wh_kafka_reader_stop(struct wh_kafka_reader *reader, enum wh_topic topic, uint32_t partition);

#endif
