/* Topics at the broker: which are there, and making those that are not. Every call blocks. */
#ifndef WH_CONNECTORS_KAFKA_ADMIN_H
#define WH_CONNECTORS_KAFKA_ADMIN_H

#include "connectors/kafka/plan.h"

/* What the broker says of a topic of the plan. */
struct wh_kafka_topic_found {
    int64_t retention;      /* µs; INT64_MAX: for ever */
    int64_t compaction_lag; /* µs: min.compaction.lag.ms */
    uint32_t partitions;
    bool exists, is_compacted;
};

struct wh_kafka_admin;

WH_MUST_CHECK enum wh_err wh_kafka_admin_open(const struct wh_kafka_settings *settings,
                                              struct wh_kafka_admin **ret_admin,
                                              struct wh_error *error);
/* Accepts NULL. */
void wh_kafka_admin_close(struct wh_kafka_admin **admin);

/* One for each topic of the plan. WH_ERR_OUTSIDE: no broker answers, or it says no. */
WH_MUST_CHECK enum wh_err wh_kafka_admin_find(struct wh_kafka_admin *admin,
                                              const struct wh_kafka_plan *plan,
                                              struct wh_kafka_topic_found *ret_found,
                                              struct wh_error *error);

/* The same, but topics that are not there are asked for again for up to WH_KAFKA_NEWS_MS: one
 * broker has heard of a new topic, and the next one not yet. */
#define WH_KAFKA_NEWS_MS 5000
WH_MUST_CHECK enum wh_err wh_kafka_admin_find_all(struct wh_kafka_admin *admin,
                                                  const struct wh_kafka_plan *plan,
                                                  struct wh_kafka_topic_found *ret_found,
                                                  struct wh_error *error);

/* Makes the topics that were not found. */
WH_MUST_CHECK enum wh_err wh_kafka_admin_create(struct wh_kafka_admin *admin,
                                                const struct wh_kafka_plan *plan,
                                                const struct wh_kafka_topic_found *found,
                                                struct wh_error *error);

/* Whether the topics can be worked with: all are there, the inputs, journal and snapshots have the
 * same number of partitions (*ret_partitions), the journal and the snapshots are compacted and
 * nothing else is. WH_ERR_USAGE: the message says what to do. Topics that are not there are passed
 * over with `may_be_missing`. */
WH_MUST_CHECK enum wh_err wh_kafka_admin_judge(const struct wh_kafka_plan *plan,
                                               const struct wh_kafka_topic_found *found,
                                               bool may_be_missing, uint32_t *ret_partitions,
                                               struct wh_error *error);

/* µs that the log surely keeps what is not in the store: journal and inputs. */
int64_t wh_kafka_admin_kept(const struct wh_kafka_topic_found *found);

#endif
