/* The transactional producer of one shard, and what it does by blocking: on one thread, a job after
 * the other (protocol.md 5). */
#ifndef WH_CONNECTORS_KAFKA_PRODUCER_H
#define WH_CONNECTORS_KAFKA_PRODUCER_H

#include "connectors/kafka/jobs.h"
#include "connectors/kafka/topics.h"

struct wh_kafka_producer {
    const struct wh_kafka_settings *settings; /* borrowed */
    const char *id;                           /* borrowed */
    rd_kafka_t *client;                       /* NULL: a new one is needed */
    struct wh_kafka_topics topics;
};

/* Opens the id: what an earlier one left open is decided, who still uses it is shut out. Tries
 * until it is done; false: it cannot be done at present, or the process is stopping. */
WH_MUST_CHECK bool wh_kafka_producer_open(struct wh_kafka_producer *producer,
                                          const atomic_bool *is_stopping);
void wh_kafka_producer_close(struct wh_kafka_producer *producer);

/* The transaction in its order, under the view's metadata. Offsets of the records are written where
 * they are COMMITTED. */
enum wh_log_outcome wh_kafka_producer_commit(struct wh_kafka_producer *producer,
                                             const struct wh_log_transaction *transaction,
                                             const rd_kafka_consumer_group_metadata_t *metadata,
                                             int64_t *offsets, const atomic_bool *is_stopping);

/* init_transactions under an id with a client of its own, which is not kept: everything open of the
 * id is ended. */
WH_MUST_CHECK bool wh_kafka_producer_fence(const struct wh_kafka_settings *settings, const char *id,
                                           const atomic_bool *is_stopping);

#endif
