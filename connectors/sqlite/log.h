/* The log in a SQLite file. One SQLite transaction is the commit, so nothing is ever open or
 * undecided; the group has one member, which has every partition. */
#ifndef WH_CONNECTORS_SQLITE_LOG_H
#define WH_CONNECTORS_SQLITE_LOG_H

#include "connectors/sqlite/database.h"
#include "engine/port/clock.h"

struct wh_sqlite_pending {
    struct wh_log_event event; /* what is known from the start */
    struct wh_log_read read;
    const struct wh_log_record *records; /* to write */
    size_t record_count;
};

struct wh_sqlite_ends {
    bool is_known;
    int64_t start, next;
};

struct wh_sqlite_log {
    struct wh_sqlite *database;   /* borrowed, shared with the store */
    const struct wh_clock *clock; /* borrowed: the time that records get */
    struct wh_str id;
    /* Where a first start begins: WH_TIME_MIN the earliest record, WH_TIME_NEVER behind the latest.
     * Set by the owner before the first look. */
    int64_t start_at;
    int64_t last_at; /* µs; of the record that was written last */
    sqlite3_stmt *insert, *select, *find_end, *set_end, *find_last, *find_since, *supersede;
    struct wh_sqlite_pending pending[WH_SQLITE_PENDING_MAX];
    size_t pending_first, pending_count; /* a ring */
    struct wh_arena keep;                /* as long as the log */
    /* By topic and partition: nobody else writes them. */
    struct wh_sqlite_ends *ends;
    struct wh_arena event; /* what the last event points to */
};

WH_MUST_CHECK enum wh_err wh_sqlite_log_init(struct wh_sqlite_log *log, struct wh_sqlite *database,
                                             const struct wh_clock *clock, struct wh_str id,
                                             struct wh_error *error);
void wh_sqlite_log_fini(struct wh_sqlite_log *log);

struct wh_log wh_sqlite_log_port(struct wh_sqlite_log *log);

/* The first offset that may still be there. */
int64_t wh_sqlite_log_start(struct wh_sqlite_log *log, enum wh_topic topic, uint32_t partition);

/* Where the next record of the topic and partition will stand. */
int64_t wh_sqlite_log_end(struct wh_sqlite_log *log, enum wh_topic topic, uint32_t partition);

/* Removes what nobody needs: records of the topic and partition below both the offset and the
 * moment. False: nothing was removed, the disk refused. */
bool wh_sqlite_log_trim(struct wh_sqlite_log *log, enum wh_topic topic, uint32_t partition,
                        int64_t below, int64_t before);

/* Snapshots that say that an entity is deleted go when they are older than `before`: two intervals
 * of snapshots, so that whoever rebuilds from the topic has seen them. */
bool wh_sqlite_log_forget_deleted(struct wh_sqlite_log *log, uint32_t partition, int64_t before);

#endif
