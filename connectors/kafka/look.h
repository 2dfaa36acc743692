/* What a takeover wants to know of a partition (protocol.md 6.2), asked on a thread of its own. */
#ifndef WH_CONNECTORS_KAFKA_LOOK_H
#define WH_CONNECTORS_KAFKA_LOOK_H

#include "connectors/kafka/jobs.h"
#include "connectors/kafka/topics.h"

/* Journal records that are open at once: each engine that ever wrote has one at most. */
#define WH_KAFKA_OPEN_MAX 1024

/* Clients that only look: one sees what is committed, one whatever is there. */
struct wh_kafka_eyes {
    const struct wh_kafka_settings *settings; /* borrowed */
    rd_kafka_t *committed, *open;
    const struct wh_kafka_topics *committed_topics;
    struct wh_kafka_topics open_topics;
};

/* Committed records are seen by a client that somebody else has. */
WH_MUST_CHECK enum wh_err wh_kafka_eyes_open(struct wh_kafka_eyes *eyes,
                                             const struct wh_kafka_settings *settings,
                                             rd_kafka_t *committed,
                                             const struct wh_kafka_topics *committed_topics,
                                             struct wh_error *error);
void wh_kafka_eyes_close(struct wh_kafka_eyes *eyes);

/* Nobody else may read the partition's journal by the same client meanwhile. False: nothing is
 * known. Memory from the arena. */
WH_MUST_CHECK bool wh_kafka_look(const struct wh_kafka_eyes *eyes, uint32_t partition,
                                 const atomic_bool *is_stopping, struct wh_arena *arena,
                                 struct wh_log_look *ret_look);

/* Only the newest committed journal record; NULL: there is none. As above, but nothing that is open
 * is looked at. */
WH_MUST_CHECK bool wh_kafka_look_last(const struct wh_kafka_eyes *eyes, uint32_t partition,
                                      const atomic_bool *is_stopping, struct wh_arena *arena,
                                      const struct wh_log_record **ret_last);

/* The first offset that may still be there; negative: it is not known. */
int64_t wh_kafka_look_start(const struct wh_kafka_eyes *eyes, enum wh_topic topic,
                            uint32_t partition);

#endif
