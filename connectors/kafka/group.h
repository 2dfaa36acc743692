/* Membership of the group that divides the journal: which partitions are ours, under which views
 * (protocol.md 4). It reads nothing. */
#ifndef WH_CONNECTORS_KAFKA_GROUP_H
#define WH_CONNECTORS_KAFKA_GROUP_H

#include "connectors/kafka/client.h"
#include "connectors/kafka/wake.h"

/* Views that a transaction may still name; with an older one it is refused without asking. */
#define WH_KAFKA_VIEWS_MAX 8

enum wh_kafka_holding {
    WH_KAFKA_NOT_OURS,
    WH_KAFKA_OURS,
    WH_KAFKA_WANTED, /* the group wants it back and waits until it is let go */
};

struct wh_kafka_group {
    const struct wh_kafka_settings *settings; /* borrowed */
    uint32_t partitions;
    rd_kafka_t *client;
    rd_kafka_queue_t *queue;
    enum wh_kafka_holding *holdings; /* of each partition */
    rd_kafka_event_t *revoking;      /* until all that it names is let go */
    uint64_t view;                   /* newest; 0: none yet */
    rd_kafka_consumer_group_metadata_t *views[WH_KAFKA_VIEWS_MAX];
    char *member;              /* under which id they were made */
    struct wh_log_event *news; /* a ring: what happened and was not told yet */
    size_t news_first, news_count, news_max;
    struct wh_arena keep;
};

/* Joins in the background. */
WH_MUST_CHECK enum wh_err wh_kafka_group_open(struct wh_kafka_group *group,
                                              const struct wh_kafka_settings *settings,
                                              uint32_t partitions, const struct wh_kafka_wake *wake,
                                              struct wh_error *error);
/* Leaves, which takes a round trip; without a broker some seconds. Accepts zeros. */
void wh_kafka_group_close(struct wh_kafka_group *group);

/* Takes what the group says. At least every WH_KAFKA_POLL_INTERVAL_MS, or it throws this member
 * out. */
void wh_kafka_group_serve(struct wh_kafka_group *group);
/* What it said, in order: ASSIGNED, VIEW, REVOKED, LOST. */
bool wh_kafka_group_next(struct wh_kafka_group *group, struct wh_log_event *ret_event);

void wh_kafka_group_let_go(struct wh_kafka_group *group, uint32_t partition);

/* A copy of the view's metadata, for another thread; NULL: it is too old. */
rd_kafka_consumer_group_metadata_t *wh_kafka_group_metadata(const struct wh_kafka_group *group,
                                                            uint64_t view);

#endif
