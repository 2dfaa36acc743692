#include "connectors/kafka/producer.h"

#include "connectors/kafka/delivery.h"
#include "connectors/kafka/record.h"

static bool
is_fenced(rd_kafka_resp_err_t code)
{
    return code == RD_KAFKA_RESP_ERR__FENCED || code == RD_KAFKA_RESP_ERR_PRODUCER_FENCED ||
           code == RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH;
}

/* The group has moved on since the view was made. */
static bool
is_refused(rd_kafka_resp_err_t code)
{
    return code == RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION ||
           code == RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID ||
           code == RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS ||
           code == RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID;
}

/* One call in slices, as long as it may be made again. */
struct attempt {
    const atomic_bool *is_stopping;
    int64_t until;
    rd_kafka_resp_err_t code;
};

static struct attempt
attempt(rd_kafka_t *client, const atomic_bool *is_stopping)
{
    return (struct attempt){.is_stopping = is_stopping,
                            .until = wh_kafka_steady() + wh_kafka_client_step(client)};
}

/* Whether to call again; notes the code, which is 0 after success. Takes the error. */
static bool
is_again(struct attempt *attempt, rd_kafka_error_t *error)
{
    attempt->code = RD_KAFKA_RESP_ERR_NO_ERROR;
    if (error == NULL) {
        return false;
    }
    attempt->code = rd_kafka_error_code(error);
    bool is_again = rd_kafka_error_is_retriable(error) != 0 && !atomic_load(attempt->is_stopping) &&
                    wh_kafka_steady() < attempt->until;
    rd_kafka_error_destroy(error);
    return is_again;
}

static bool
init(const struct wh_kafka_settings *settings, rd_kafka_t *client, const atomic_bool *is_stopping)
{
    struct attempt init = attempt(client, is_stopping);
    while (is_again(&init, rd_kafka_init_transactions(client, WH_KAFKA_SLICE_MS))) {
    }
    if (init.code != RD_KAFKA_RESP_ERR_NO_ERROR) {
        wh_kafka_say(settings, WH_KAFKA_WARNING, "Kafka: a transactional id cannot be opened: %s",
                     rd_kafka_err2str(init.code));
    }
    return init.code == RD_KAFKA_RESP_ERR_NO_ERROR;
}

bool
wh_kafka_producer_open(struct wh_kafka_producer *producer, const atomic_bool *is_stopping)
{
    struct wh_error error;
    struct wh_kafka_client_want want = {
        .role = WH_KAFKA_PRODUCER, .id = producer->id, .on_delivery = wh_kafka_on_delivery};
    wh_kafka_producer_close(producer);
    if (wh_kafka_client_open(producer->settings, &want, &producer->client, &error) != WH_OK) {
        wh_kafka_say(producer->settings, WH_KAFKA_ERROR, "%s", error.message);
        return false;
    }
    wh_kafka_topics_open(&producer->topics, producer->client, producer->settings);
    if (!init(producer->settings, producer->client, is_stopping)) {
        wh_kafka_producer_close(producer);
        return false;
    }
    return true;
}

void
wh_kafka_producer_close(struct wh_kafka_producer *producer)
{
    wh_kafka_topics_close(&producer->topics);
    wh_kafka_client_close(&producer->client);
}

static rd_kafka_resp_err_t
produce_all(struct wh_kafka_producer *producer, const struct wh_log_transaction *transaction,
            struct wh_kafka_delivery *delivery, const struct attempt *bound)
{
    rd_kafka_resp_err_t code = RD_KAFKA_RESP_ERR_NO_ERROR;
    for (size_t i = 0; i < transaction->record_count && code == RD_KAFKA_RESP_ERR_NO_ERROR;) {
        code = wh_kafka_record_produce(producer->client, &producer->topics, producer->settings,
                                       &transaction->records[i], &delivery->items[i]);
        if (code == RD_KAFKA_RESP_ERR_NO_ERROR) {
            delivery->waiting++;
            i++;
        } else if (code == RD_KAFKA_RESP_ERR__QUEUE_FULL && wh_kafka_steady() < bound->until) {
            (void)rd_kafka_poll(producer->client, WH_KAFKA_SLICE_MS / 10);
            code = RD_KAFKA_RESP_ERR_NO_ERROR;
        }
    }
    return code;
}

/* Every record is there before the offsets are sent: an accepted offset means that the next owner
 * sees the record. */
static rd_kafka_resp_err_t
deliver(struct wh_kafka_producer *producer, const struct wh_log_transaction *transaction,
        struct wh_kafka_delivery *delivery, const atomic_bool *is_stopping)
{
    struct attempt bound = attempt(producer->client, is_stopping);
    rd_kafka_resp_err_t code = produce_all(producer, transaction, delivery, &bound);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return code;
    }
    while (delivery->waiting > 0 && wh_kafka_steady() < bound.until && !atomic_load(is_stopping)) {
        (void)rd_kafka_poll(producer->client, WH_KAFKA_SLICE_MS);
    }
    return delivery->waiting > 0 ? RD_KAFKA_RESP_ERR__TIMED_OUT : delivery->code;
}

static rd_kafka_resp_err_t
send_offsets(struct wh_kafka_producer *producer, const struct wh_log_transaction *transaction,
             const rd_kafka_consumer_group_metadata_t *metadata, const atomic_bool *is_stopping)
{
    struct attempt sending = attempt(producer->client, is_stopping);
    rd_kafka_topic_partition_list_t *offsets =
        rd_kafka_topic_partition_list_new((int)transaction->position_count);
    for (size_t i = 0; i < transaction->position_count; i++) {
        const struct wh_journal_position *position = &transaction->positions[i];
        rd_kafka_topic_partition_list_add(offsets,
                                          rd_kafka_topic_name(producer->topics.of[position->topic]),
                                          (int32_t)position->partition)
            ->offset = position->next;
    }
    while (is_again(&sending, rd_kafka_send_offsets_to_transaction(producer->client, offsets,
                                                                   metadata, WH_KAFKA_SLICE_MS))) {
    }
    rd_kafka_topic_partition_list_destroy(offsets);
    return sending.code;
}

/* Nothing of it counts, for no commit was asked for. UNKNOWN: that could not be settled, which a
 * new producer does. */
static enum wh_log_outcome
abort_it(struct wh_kafka_producer *producer, rd_kafka_resp_err_t code,
         const atomic_bool *is_stopping)
{
    struct attempt aborting = attempt(producer->client, is_stopping);
    wh_kafka_say(producer->settings, is_refused(code) ? WH_KAFKA_DEBUG : WH_KAFKA_WARNING,
                 "Kafka: a transaction is given up: %s", rd_kafka_err2str(code));
    if (is_fenced(code)) {
        return WH_LOG_FENCED;
    }
    while (is_again(&aborting, rd_kafka_abort_transaction(producer->client, WH_KAFKA_SLICE_MS))) {
    }
    if (is_fenced(aborting.code)) {
        return WH_LOG_FENCED;
    }
    if (aborting.code != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return WH_LOG_UNKNOWN;
    }
    return is_refused(code) ? WH_LOG_REFUSED : WH_LOG_ABORTED;
}

/* Once it was asked for, only success is certain. */
static enum wh_log_outcome
finish(struct wh_kafka_producer *producer, const atomic_bool *is_stopping)
{
    struct attempt ending = attempt(producer->client, is_stopping);
    while (is_again(&ending, rd_kafka_commit_transaction(producer->client, WH_KAFKA_SLICE_MS))) {
    }
    if (ending.code == RD_KAFKA_RESP_ERR_NO_ERROR) {
        return WH_LOG_COMMITTED;
    }
    wh_kafka_say(producer->settings, WH_KAFKA_WARNING,
                 "Kafka: whether a transaction counts is not known: %s",
                 rd_kafka_err2str(ending.code));
    return is_fenced(ending.code) ? WH_LOG_FENCED : WH_LOG_UNKNOWN;
}

static enum wh_log_outcome
carry_out(struct wh_kafka_producer *producer, const struct wh_log_transaction *transaction,
          const rd_kafka_consumer_group_metadata_t *metadata, struct wh_kafka_delivery *delivery,
          const atomic_bool *is_stopping)
{
    struct attempt beginning = attempt(producer->client, is_stopping);
    if (is_again(&beginning, rd_kafka_begin_transaction(producer->client)) ||
        beginning.code != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return is_fenced(beginning.code) ? WH_LOG_FENCED : WH_LOG_UNKNOWN;
    }
    rd_kafka_resp_err_t code = deliver(producer, transaction, delivery, is_stopping);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) {
        code = send_offsets(producer, transaction, metadata, is_stopping);
    }
    return code == RD_KAFKA_RESP_ERR_NO_ERROR ? finish(producer, is_stopping)
                                              : abort_it(producer, code, is_stopping);
}

enum wh_log_outcome
wh_kafka_producer_commit(struct wh_kafka_producer *producer,
                         const struct wh_log_transaction *transaction,
                         const rd_kafka_consumer_group_metadata_t *metadata, int64_t *offsets,
                         const atomic_bool *is_stopping)
{
    struct wh_kafka_delivery delivery;
    if (producer->client == NULL) {
        return WH_LOG_UNKNOWN;
    }
    wh_kafka_delivery_init(&delivery, transaction->record_count, offsets);
    enum wh_log_outcome outcome =
        carry_out(producer, transaction, metadata, &delivery, is_stopping);
    /* Nothing may be borrowed when this returns; and after these there is a new client anyway. */
    if (outcome == WH_LOG_UNKNOWN || outcome == WH_LOG_FENCED || delivery.waiting > 0) {
        wh_kafka_producer_close(producer);
    }
    wh_kafka_delivery_fini(&delivery);
    return outcome;
}

bool
wh_kafka_producer_fence(const struct wh_kafka_settings *settings, const char *id,
                        const atomic_bool *is_stopping)
{
    struct wh_error error;
    rd_kafka_t *client = NULL;
    struct wh_kafka_client_want want = {.role = WH_KAFKA_PRODUCER, .id = id};
    if (wh_kafka_client_open(settings, &want, &client, &error) != WH_OK) {
        return false;
    }
    bool is_done = init(settings, client, is_stopping);
    wh_kafka_client_close(&client);
    return is_done;
}
