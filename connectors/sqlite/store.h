/* The store in a SQLite file, beside the log. It goes back only together with the log, when the
 * file is replaced by an older one; it keeps the contract all the same. */
#ifndef WH_CONNECTORS_SQLITE_STORE_H
#define WH_CONNECTORS_SQLITE_STORE_H

#include "connectors/sqlite/database.h"
#include "engine/port/store.h"

struct wh_sqlite_store {
    struct wh_sqlite *database; /* borrowed, shared with the log */
    sqlite3_stmt *find_meta, *set_meta, *find_entry, *set_entry, *drop_tombstones, *dues, *scan,
        *clear;
    struct wh_store_request pending[WH_SQLITE_PENDING_MAX];
    size_t pending_first, pending_count; /* a ring */
    struct wh_arena answer;              /* what the last answer points to */
};

WH_MUST_CHECK enum wh_err wh_sqlite_store_init(struct wh_sqlite_store *store,
                                               struct wh_sqlite *database, struct wh_error *error);
void wh_sqlite_store_fini(struct wh_sqlite_store *store);

struct wh_store wh_sqlite_store_port(struct wh_sqlite_store *store);

#endif
