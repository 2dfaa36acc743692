/* Between one shard and its ports. Outsiders append to the same log: what they bring while another
 * append is under way goes as one, so that many share the price of one commit. And it sees what
 * passes: commits for those who wait for lead events, outcomes for the metrics and for pacing. */
#ifndef WH_HOST_RELAY_H
#define WH_HOST_RELAY_H

#include "engine/base/arena.h"
#include "engine/port/clock.h"
#include "engine/port/log.h"
#include "engine/port/metrics.h"
#include "engine/port/store.h"

/* Appends of outsiders that are not answered yet; each of them has a smaller bound of its own. */
#define WH_RELAY_APPENDS_MAX 8192
/* Records that one append takes at most, unless one request alone has more. */
#define WH_RELAY_RECORDS_MAX 4096
/* Touches of a partition on their way to a decision, of which the time is measured. */
#define WH_RELAY_TOUCHES_MAX 256

typedef void (*wh_appended_fn)(void *self, uint64_t ticket, enum wh_log_outcome outcome);

struct wh_relay_append {
    wh_appended_fn on_appended;
    void *self;
    uint64_t ticket;
    const struct wh_log_record *records;
    size_t count;
};

struct wh_relay_touches {
    struct {
        int64_t offset, at; /* µs, machine's clock: acknowledged */
    } items[WH_RELAY_TOUCHES_MAX];
    size_t first, count; /* a ring */
};

struct wh_relay {
    struct wh_log inner_log; /* what it stands before */
    struct wh_store inner_store;
    const struct wh_clock *clock;
    struct wh_metrics *metrics;
    /* A transaction counts: its records are readable until the function returns. */
    void (*on_committed)(void *self, const struct wh_log_transaction *transaction);
    void *self;
    bool has_news;   /* an outsider's records came in: the shard has something to read */
    bool is_short;   /* the disk refused something: wait before the next try */
    bool has_failed; /* a read failed: the file may be damaged */
    struct wh_relay_append appends[WH_RELAY_APPENDS_MAX];
    size_t first, count;   /* a ring … */
    size_t under_way;      /* … of which the first so many are being appended */
    struct wh_arena arena; /* of the records being appended */
    const struct wh_log_transaction *committing;
    int64_t commit_began;
    struct wh_relay_touches *touches; /* of each partition */
};

/* Borrows everything; memory from the arena lives as long as the relay. */
void wh_relay_init(struct wh_relay *relay, struct wh_arena *arena, const struct wh_log *log,
                   const struct wh_store *store, const struct wh_clock *clock,
                   struct wh_metrics *metrics);
void wh_relay_fini(struct wh_relay *relay);

/* What the shard gets instead of the ports themselves. */
struct wh_log wh_relay_log(struct wh_relay *relay);
struct wh_store wh_relay_store(struct wh_relay *relay);

/* As `append` of the log; the answer comes with one of the shard's next turns. */
void wh_relay_append(struct wh_relay *relay, const struct wh_relay_append *append);
/* Whether appends wait for a turn of the shard. */
bool wh_relay_is_waiting(const struct wh_relay *relay);

#endif
