/* The one file of an embedded engine: log and store on one connection.
 *
 * One writer, WAL, synchronous=FULL: what is acknowledged survives the process and the machine. A
 * full disk is not a failure of the file: the statement is rolled back and may be tried again. */
#ifndef WH_CONNECTORS_SQLITE_DATABASE_H
#define WH_CONNECTORS_SQLITE_DATABASE_H

#include <sqlite3.h>

#include "engine/base/arena.h"
#include "engine/base/err.h"
#include "engine/port/log.h"

/* Completions under way, of the log and of the store each. */
#define WH_SQLITE_PENDING_MAX 1024

struct wh_sqlite {
    sqlite3 *connection;
    uint32_t partitions;
    int64_t size_max; /* bytes of the file; 0: no limit but the disk's */
};

/* Opens or makes the file. WH_ERR_INPUT: it was made with another number of partitions or by a
 * newer program. WH_ERR_OUTSIDE: it cannot be opened, or another process has it. */
WH_MUST_CHECK enum wh_err wh_sqlite_open(const char *path, uint32_t partitions, int64_t size_max,
                                         struct wh_sqlite *ret_database, struct wh_error *error);
void wh_sqlite_close(struct wh_sqlite *database);

/* A statement of the text; NULL when it cannot be made. The caller finalizes it. */
sqlite3_stmt *wh_sqlite_prepare(const struct wh_sqlite *database, const char *text);
/* Without results. False: it failed and changed nothing. */
bool wh_sqlite_run(const struct wh_sqlite *database, const char *text);

/* Whether the last failure was for want of room. */
bool wh_sqlite_is_full(const struct wh_sqlite *database);

void wh_sqlite_bind_str(sqlite3_stmt *statement, int index, struct wh_str text);
/* Borrowed until the next step. */
struct wh_str wh_sqlite_str(sqlite3_stmt *statement, int column);

#endif
