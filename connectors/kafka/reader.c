#include "connectors/kafka/reader.h"

#include <assert.h>
#include <stdatomic.h>

#include "connectors/kafka/record.h"

struct wh_kafka_stream {
    const struct wh_kafka_wake *wake; /* borrowed */
    enum wh_topic topic;
    uint32_t partition;
    int tense;
    bool is_open, is_wanted, is_left;
    bool is_at_end; /* the library said so, and nothing came since */
    bool is_missing, is_settling;
    struct wh_log_read read;
    int64_t next;            /* as it was told: the next read begins here, or the stream moves */
    int64_t reached;         /* nothing is left before here */
    rd_kafka_queue_t *queue; /* while open */
    atomic_bool has_news;    /* the queue may not be empty: it is looked at only then */
    rd_kafka_message_t **messages;
    size_t first, count; /* of the messages taken */
    size_t told_count;   /* of these, in the last event */
};

static enum wh_err
open_client(struct wh_kafka_reader *reader, int tense, enum wh_kafka_role role,
            struct wh_error *error)
{
    struct wh_kafka_client_want want = {.role = role};
    enum wh_err err = wh_kafka_client_open(reader->settings, &want, &reader->clients[tense], error);
    if (err == WH_OK) {
        wh_kafka_topics_open(&reader->topics[tense], reader->clients[tense], reader->settings);
    }
    return err;
}

enum wh_err
wh_kafka_reader_open(struct wh_kafka_reader *reader, const struct wh_kafka_settings *settings,
                     uint32_t partitions, const struct wh_kafka_wake *wake, struct wh_error *error)
{
    *reader =
        (struct wh_kafka_reader){.settings = settings, .wake = wake, .partitions = partitions};
    size_t count = (size_t)WH_TOPIC_COUNT * partitions;
    wh_arena_init(&reader->keep, 0);
    reader->streams = WH_ARENA_ARRAY(&reader->keep, struct wh_kafka_stream, count);
    reader->told_records = WH_ARENA_ARRAY(&reader->keep, struct wh_log_record, WH_KAFKA_TAKEN_MAX);
    for (size_t i = 0; i < count; i++) {
        reader->streams[i].topic = (enum wh_topic)(i / partitions);
        reader->streams[i].partition = (uint32_t)(i % partitions);
        reader->streams[i].wake = wake;
    }
    enum wh_err err = open_client(reader, WH_KAFKA_LIVE, WH_KAFKA_LIVE_READER, error);
    err = err == WH_OK ? open_client(reader, WH_KAFKA_PAST, WH_KAFKA_PAST_READER, error) : err;
    if (err != WH_OK) {
        wh_kafka_reader_close(reader);
    }
    return err;
}

static struct wh_kafka_stream *
stream_of(const struct wh_kafka_reader *reader, enum wh_topic topic, uint32_t partition)
{
    return &reader->streams[(size_t)topic * reader->partitions + partition];
}

static void
drop(struct wh_kafka_stream *stream, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        rd_kafka_message_destroy(stream->messages[stream->first + i]);
    }
    stream->first += count;
    stream->count -= count;
}

static void
give_back(struct wh_kafka_reader *reader)
{
    if (reader->told != NULL) {
        drop(reader->told, reader->told->told_count);
        reader->told->told_count = 0;
        reader->told = NULL;
    }
}

/* On a thread of the library, when the queue is no longer empty. */
static void
on_news(rd_kafka_t *client, void *self)
{
    struct wh_kafka_stream *stream = self;
    (void)client;
    atomic_store(&stream->has_news, true);
    wh_kafka_wake_up(stream->wake);
}

static void
close_queue(struct wh_kafka_stream *stream)
{
    rd_kafka_queue_cb_event_enable(stream->queue, NULL, NULL);
    rd_kafka_queue_destroy(stream->queue);
}

static void
stop(struct wh_kafka_reader *reader, struct wh_kafka_stream *stream)
{
    if (reader->told == stream) {
        give_back(reader);
    }
    if (!stream->is_open) {
        return;
    }
    drop(stream, stream->count);
    (void)rd_kafka_consume_stop(reader->topics[stream->tense].of[stream->topic],
                                (int32_t)stream->partition);
    close_queue(stream);
    stream->is_open = false;
}

void
wh_kafka_reader_close(struct wh_kafka_reader *reader)
{
    if (reader->streams == NULL) {
        return;
    }
    for (size_t i = 0; i < (size_t)WH_TOPIC_COUNT * reader->partitions; i++) {
        stop(reader, &reader->streams[i]);
    }
    for (int tense = 0; tense < WH_KAFKA_TENSES; tense++) {
        wh_kafka_topics_close(&reader->topics[tense]);
        wh_kafka_client_close(&reader->clients[tense]);
    }
    wh_arena_fini(&reader->keep);
    reader->streams = NULL;
}

static void
start(struct wh_kafka_reader *reader, struct wh_kafka_stream *stream, int tense)
{
    stop(reader, stream);
    stream->tense = tense;
    stream->next = stream->reached = stream->read.from;
    stream->is_at_end = stream->is_missing = false;
    stream->first = stream->count = 0;
    if (stream->messages == NULL) {
        stream->messages = WH_ARENA_ARRAY(&reader->keep, rd_kafka_message_t *, WH_KAFKA_TAKEN_MAX);
    }
    stream->queue = rd_kafka_queue_new(reader->clients[tense]);
    atomic_store(&stream->has_news, true);
    rd_kafka_queue_cb_event_enable(stream->queue, on_news, stream);
    stream->is_open = rd_kafka_consume_start_queue(reader->topics[tense].of[stream->topic],
                                                   (int32_t)stream->partition, stream->read.from,
                                                   stream->queue) == 0;
    if (!stream->is_open) {
        close_queue(stream);
    }
}

void
wh_kafka_reader_start(struct wh_kafka_reader *reader, const struct wh_log_read *read)
{
    struct wh_kafka_stream *stream = stream_of(reader, read->topic, read->partition);
    int tense = read->until == INT64_MAX ? WH_KAFKA_LIVE : WH_KAFKA_PAST;
    assert(!stream->is_wanted);
    stream->is_wanted = true;
    stream->is_left = false;
    stream->read = *read;
    reader->wanted_count++;
    if (!stream->is_open || stream->tense != tense || stream->next != read->from) {
        start(reader, stream, tense);
    }
}

/* What the library says between the messages. */
static void
on_notice(struct wh_kafka_reader *reader, struct wh_kafka_stream *stream,
          const rd_kafka_message_t *notice)
{
    if (notice->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
        stream->is_at_end = true;
        stream->reached = notice->offset > stream->reached ? notice->offset : stream->reached;
        return;
    }
    if (notice->err != RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET &&
        notice->err != RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE) {
        wh_kafka_say(reader->settings, WH_KAFKA_WARNING, "Kafka: %s [%u] cannot be read: %s",
                     rd_kafka_topic_name(notice->rkt), stream->partition,
                     rd_kafka_message_errstr(notice));
    }
    stream->is_missing = true;
}

/* Until the queue is empty: it calls again only when something comes after that. */
static void
fill(struct wh_kafka_stream *stream)
{
    if (stream->count > 0 || !atomic_exchange(&stream->has_news, false)) {
        return;
    }
    ssize_t taken =
        rd_kafka_consume_batch_queue(stream->queue, 0, stream->messages, WH_KAFKA_TAKEN_MAX);
    stream->first = 0;
    stream->count = taken > 0 ? (size_t)taken : 0;
    if (stream->count == WH_KAFKA_TAKEN_MAX) {
        atomic_store(&stream->has_news, true);
    }
}

/* Brings records to the front, if there are any. */
static void
take(struct wh_kafka_reader *reader, struct wh_kafka_stream *stream)
{
    for (;;) {
        fill(stream);
        if (stream->count == 0 ||
            stream->messages[stream->first]->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
            return;
        }
        on_notice(reader, stream, stream->messages[stream->first]);
        drop(stream, 1);
    }
}

static size_t
count_records(const struct wh_kafka_stream *stream)
{
    size_t count = 0;
    while (count < stream->count && count < stream->read.max) {
        const rd_kafka_message_t *message = stream->messages[stream->first + count];
        if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR || message->offset >= stream->read.until) {
            break;
        }
        count++;
    }
    return count;
}

static struct wh_log_event
answer(struct wh_kafka_reader *reader, struct wh_kafka_stream *stream)
{
    const struct wh_log_read *read = &stream->read;
    stream->is_wanted = false;
    reader->wanted_count--;
    return (struct wh_log_event){
        .kind = WH_LOG_EVENT_READ,
        .ticket = read->ticket,
        .partition = read->partition,
        .topic = read->topic,
        .next = read->from,
    };
}

static void
tell(struct wh_kafka_reader *reader, struct wh_kafka_stream *stream, size_t count,
     struct wh_log_event *ret_event)
{
    *ret_event = answer(reader, stream);
    for (size_t i = 0; i < count; i++) {
        reader->told_records[i] =
            wh_kafka_record_of(stream->messages[stream->first + i], stream->topic);
    }
    if (count > 0) {
        stream->reached = reader->told_records[count - 1].offset + 1;
        stream->is_at_end = false;
    }
    stream->told_count = count;
    reader->told = stream;
    stream->next = stream->reached < stream->read.until ? stream->reached : stream->read.until;
    ret_event->next = stream->next;
    ret_event->records = reader->told_records;
    ret_event->record_count = count;
}

/* Whether there is an answer. */
static bool
serve(struct wh_kafka_reader *reader, struct wh_kafka_stream *stream,
      struct wh_log_event *ret_event)
{
    if (stream->is_open) {
        take(reader, stream);
    }
    size_t count = stream->is_open ? count_records(stream) : 0;
    bool is_past_until = stream->count > 0 && count == 0;
    if (is_past_until) {
        stream->reached = stream->read.until;
    }
    if (count > 0 || is_past_until || stream->is_at_end || stream->reached >= stream->read.until) {
        tell(reader, stream, count, ret_event);
        return true;
    }
    if (stream->is_left) {
        *ret_event = answer(reader, stream);
        stop(reader, stream);
        return true;
    }
    if (!stream->is_open) {
        *ret_event = answer(reader, stream);
        ret_event->has_failed = true;
        return true;
    }
    return false;
}

enum wh_kafka_read_step
wh_kafka_reader_next(struct wh_kafka_reader *reader, struct wh_log_event *ret_event,
                     struct wh_log_read *ret_read)
{
    size_t count = (size_t)WH_TOPIC_COUNT * reader->partitions;
    give_back(reader);
    while (reader->wanted_count > 0 && reader->cursor < count) {
        struct wh_kafka_stream *stream = &reader->streams[reader->cursor++];
        if (!stream->is_wanted || stream->is_settling) {
            continue;
        }
        if (serve(reader, stream, ret_event)) {
            return WH_KAFKA_READ_TOLD;
        }
        if (stream->is_missing) {
            stream->is_settling = true;
            *ret_read = stream->read;
            return WH_KAFKA_READ_MISSING;
        }
    }
    reader->cursor = 0;
    return WH_KAFKA_READ_ROUND;
}

void
wh_kafka_reader_settle(struct wh_kafka_reader *reader, const struct wh_log_read *read,
                       int64_t start, struct wh_log_event *ret_event)
{
    struct wh_kafka_stream *stream = stream_of(reader, read->topic, read->partition);
    stop(reader, stream);
    stream->is_missing = stream->is_settling = false;
    *ret_event = answer(reader, stream);
    ret_event->is_trimmed = start >= 0 && read->from < start;
    ret_event->has_failed = !ret_event->is_trimmed;
}

void
wh_kafka_reader_leave(struct wh_kafka_reader *reader, uint32_t partition)
{
    for (int topic = 0; topic < WH_TOPIC_COUNT; topic++) {
        struct wh_kafka_stream *stream = stream_of(reader, (enum wh_topic)topic, partition);
        stream->is_left = true;
        if (!stream->is_wanted) {
            stop(reader, stream);
        }
    }
}

void
wh_kafka_reader_stop(struct wh_kafka_reader *reader, enum wh_topic topic, uint32_t partition)
{
    struct wh_kafka_stream *stream = stream_of(reader, topic, partition);
    if (!stream->is_wanted) {
        stop(reader, stream);
    }
}
