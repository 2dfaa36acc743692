#include "connectors/kafka/look.h"

#include "connectors/kafka/record.h"

/* Records behind the last stable offset are looked for in steps that grow, since markers and what
 * was aborted lie between. */
#define WINDOW_FIRST  16
#define WINDOW_GROWTH 16
#define QUERY_MS      5000
#define POLL_MS       100

enum wh_err
wh_kafka_eyes_open(struct wh_kafka_eyes *eyes, const struct wh_kafka_settings *settings,
                   rd_kafka_t *committed, const struct wh_kafka_topics *committed_topics,
                   struct wh_error *error)
{
    struct wh_kafka_client_want want = {.role = WH_KAFKA_OPEN_READER};
    *eyes = (struct wh_kafka_eyes){
        .settings = settings, .committed = committed, .committed_topics = committed_topics};
    enum wh_err err = wh_kafka_client_open(settings, &want, &eyes->open, error);
    if (err == WH_OK) {
        wh_kafka_topics_open(&eyes->open_topics, eyes->open, settings);
    }
    return err;
}

void
wh_kafka_eyes_close(struct wh_kafka_eyes *eyes)
{
    wh_kafka_topics_close(&eyes->open_topics);
    wh_kafka_client_close(&eyes->open);
}

struct range {
    int64_t start, end;
};

static bool
find_range(const struct wh_kafka_eyes *eyes, bool is_open, enum wh_topic topic, uint32_t partition,
           struct range *ret_range)
{
    rd_kafka_t *client = is_open ? eyes->open : eyes->committed;
    const struct wh_kafka_topics *topics = is_open ? &eyes->open_topics : eyes->committed_topics;
    const char *name = rd_kafka_topic_name(topics->of[topic]);
    rd_kafka_resp_err_t code = rd_kafka_query_watermark_offsets(
        client, name, (int32_t)partition, &ret_range->start, &ret_range->end, QUERY_MS);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
        wh_kafka_say(eyes->settings, WH_KAFKA_WARNING, "Kafka: the end of %s [%u] is not known: %s",
                     name, partition, rd_kafka_err2str(code));
    }
    return code == RD_KAFKA_RESP_ERR_NO_ERROR;
}

/* Reads [from, until) of the journal and keeps the last `max` of them. */
struct scan {
    rd_kafka_topic_t *topic;
    uint32_t partition;
    int64_t from, until;
    struct wh_log_record *records;
    size_t max, count;
    struct wh_arena *arena;
};

/* Whether the scan has seen all. */
static bool
see(struct scan *scan, const rd_kafka_message_t *message, bool *ret_has_failed)
{
    if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
        return message->offset >= scan->until;
    }
    if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
        *ret_has_failed = true;
        return true;
    }
    if (message->offset < scan->until) {
        size_t at = scan->count < scan->max ? scan->count++ : scan->max - 1;
        scan->records[at] = wh_kafka_record_copy(message, WH_TOPIC_JOURNAL, scan->arena);
    }
    return message->offset + 1 >= scan->until;
}

static bool
run(struct scan *scan, rd_kafka_t *client, const atomic_bool *is_stopping)
{
    rd_kafka_queue_t *queue = rd_kafka_queue_new(client);
    int32_t partition = (int32_t)scan->partition;
    bool has_failed = rd_kafka_consume_start_queue(scan->topic, partition, scan->from, queue) != 0;
    bool is_started = !has_failed;
    bool is_over = has_failed;
    int64_t give_up = wh_kafka_steady() + QUERY_MS * INT64_C(1000);
    while (!is_over) {
        rd_kafka_message_t *message = rd_kafka_consume_queue(queue, POLL_MS);
        if (message != NULL) {
            is_over = see(scan, message, &has_failed);
            rd_kafka_message_destroy(message);
        } else if (wh_kafka_steady() > give_up || atomic_load(is_stopping)) {
            is_over = has_failed = true;
        }
    }
    if (is_started) {
        (void)rd_kafka_consume_stop(scan->topic, partition);
    }
    rd_kafka_queue_destroy(queue);
    return !has_failed;
}

static bool
find_open(const struct wh_kafka_eyes *eyes, uint32_t partition, const atomic_bool *is_stopping,
          struct wh_arena *arena, struct wh_log_look *look)
{
    struct scan scan = {
        .topic = eyes->open_topics.of[WH_TOPIC_JOURNAL],
        .partition = partition,
        .from = look->stable,
        .until = look->high,
        .max = WH_KAFKA_OPEN_MAX,
        .arena = arena,
    };
    if (look->stable >= look->high) {
        return true;
    }
    scan.records = WH_ARENA_ARRAY(arena, struct wh_log_record, WH_KAFKA_OPEN_MAX);
    bool is_done = run(&scan, eyes->open, is_stopping);
    look->open = scan.records;
    look->open_count = scan.count;
    return is_done && scan.count < WH_KAFKA_OPEN_MAX;
}

static bool
find_last(const struct wh_kafka_eyes *eyes, uint32_t partition, const atomic_bool *is_stopping,
          struct wh_arena *arena, struct wh_log_look *look)
{
    struct wh_log_record *record = WH_ARENA_NEW(arena, struct wh_log_record);
    struct scan scan = {
        .topic = eyes->committed_topics->of[WH_TOPIC_JOURNAL],
        .partition = partition,
        .from = look->stable,
        .until = look->stable,
        .records = record,
        .max = 1,
        .arena = arena,
    };
    for (int64_t window = WINDOW_FIRST; scan.count == 0 && scan.from > look->journal_start;
         window *= WINDOW_GROWTH) {
        scan.until = scan.from;
        scan.from =
            scan.until - look->journal_start > window ? scan.until - window : look->journal_start;
        if (!run(&scan, eyes->committed, is_stopping)) {
            return false;
        }
    }
    look->last = scan.count > 0 ? record : NULL;
    return true;
}

/* The first record that came at the moment or later; the end when there is none. */
static bool
find_moment(const struct wh_kafka_eyes *eyes, enum wh_topic topic, uint32_t partition,
            int64_t *ret_offset)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
    const char *name = rd_kafka_topic_name(eyes->committed_topics->of[topic]);
    rd_kafka_topic_partition_t *asked =
        rd_kafka_topic_partition_list_add(list, name, (int32_t)partition);
    asked->offset = eyes->settings->start_at / 1000;
    bool is_done =
        rd_kafka_offsets_for_times(eyes->committed, list, QUERY_MS) == RD_KAFKA_RESP_ERR_NO_ERROR &&
        asked->err == RD_KAFKA_RESP_ERR_NO_ERROR;
    if (is_done && asked->offset >= 0) {
        *ret_offset = asked->offset;
    }
    rd_kafka_topic_partition_list_destroy(list);
    return is_done;
}

static bool
find_inputs(const struct wh_kafka_eyes *eyes, uint32_t partition, struct wh_log_look *look)
{
    int64_t start_at = eyes->settings->start_at;
    bool is_done = true;
    for (int topic = 0; topic < WH_INPUT_COUNT && is_done; topic++) {
        struct range range = {0, 0};
        is_done = find_range(eyes, false, (enum wh_topic)topic, partition, &range);
        look->input_starts[topic] = start_at == WH_TIME_MIN ? range.start : range.end;
        if (is_done && start_at != WH_TIME_MIN && start_at != WH_TIME_NEVER) {
            is_done =
                find_moment(eyes, (enum wh_topic)topic, partition, &look->input_starts[topic]);
        }
    }
    return is_done;
}

bool
wh_kafka_look(const struct wh_kafka_eyes *eyes, uint32_t partition, const atomic_bool *is_stopping,
              struct wh_arena *arena, struct wh_log_look *ret_look)
{
    struct range committed = {0, 0};
    struct range open = {0, 0};
    struct range states = {0, 0};
    /* The stable end first: so it never lies behind the other. */
    bool is_done = find_range(eyes, false, WH_TOPIC_JOURNAL, partition, &committed) &&
                   find_range(eyes, true, WH_TOPIC_JOURNAL, partition, &open) &&
                   find_range(eyes, true, WH_TOPIC_STATES, partition, &states);
    *ret_look = (struct wh_log_look){
        .high = open.end,
        .stable = committed.end,
        .journal_start = committed.start,
        .states_start = states.start,
        .states_high = states.end,
    };
    return is_done && find_inputs(eyes, partition, ret_look) &&
           find_open(eyes, partition, is_stopping, arena, ret_look) &&
           find_last(eyes, partition, is_stopping, arena, ret_look);
}

bool
wh_kafka_look_last(const struct wh_kafka_eyes *eyes, uint32_t partition,
                   const atomic_bool *is_stopping, struct wh_arena *arena,
                   const struct wh_log_record **ret_last)
{
    struct range committed = {0, 0};
    struct wh_log_look look = {0};
    bool is_done = find_range(eyes, false, WH_TOPIC_JOURNAL, partition, &committed);
    look.stable = committed.end;
    look.journal_start = committed.start;
    is_done = is_done && find_last(eyes, partition, is_stopping, arena, &look);
    *ret_last = look.last;
    return is_done;
}

int64_t
wh_kafka_look_start(const struct wh_kafka_eyes *eyes, enum wh_topic topic, uint32_t partition)
{
    struct range range = {-1, -1};
    return find_range(eyes, false, topic, partition, &range) ? range.start : -1;
}
