/* The one file of an embedded engine: log and store on one connection.
 *
 * One writing process (others may read, connectors/sqlite/reader.h), WAL, synchronous=FULL: what is
 * acknowledged survives the process and the machine. A full disk is not a failure of the file: the
 * statement is rolled back and may be tried again. */
#ifndef WH_CONNECTORS_SQLITE_DATABASE_H
#define WH_CONNECTORS_SQLITE_DATABASE_H

#include <sqlite3.h>

#include "engine/base/arena.h"
#include "engine/base/err.h"
#include "engine/port/log.h"

/* Completions under way, of the log and of the store each. */
#define WH_SQLITE_PENDING_MAX 1024

/* Instead of a path: nothing is kept. */
#define WH_SQLITE_IN_MEMORY ":memory:"

/* Models that the file remembers; older ones go. */
#define WH_SQLITE_MODELS_MAX 64

struct wh_sqlite {
    sqlite3 *connection;
    int lock; /* descriptor of PATH.lock, held as long as the file is open; -1: in memory */
    uint32_t partitions;
    int64_t size_max; /* bytes of the file; 0: no limit but the disk's */
    bool is_grouped;
    bool is_lost; /* a group is gone that was believed in */
};

/* Opens or makes the file, for its owner only. WH_ERR_INPUT: it is none of ours, was made with
 * another number of partitions or by a newer program. WH_ERR_OUTSIDE: it cannot be opened, or
 * another process has it: the message names the process. */
WH_MUST_CHECK enum wh_err wh_sqlite_open(const char *path, uint32_t partitions, int64_t size_max,
                                         struct wh_sqlite *ret_database, struct wh_error *error);
void wh_sqlite_close(struct wh_sqlite *database);

/* Whether the file is of this program's form, with the expected number of partitions; 0 takes the
 * file's own. */
WH_MUST_CHECK enum wh_err wh_sqlite_check_head(struct wh_sqlite *database, const char *path,
                                               struct wh_error *error);

/* From `group` to `ungroup` what log and store commit lives and dies together: much faster, for
 * what can be played again. Nothing of it may be acknowledged before. False: nothing of the group
 * was kept; is_lost is set, and whoever believes in it must end. */
WH_MUST_CHECK bool wh_sqlite_group(struct wh_sqlite *database);
WH_MUST_CHECK bool wh_sqlite_ungroup(struct wh_sqlite *database);

/* One step, alone or inside of a group. */
bool wh_sqlite_begin(const struct wh_sqlite *database, bool writes);
bool wh_sqlite_commit(const struct wh_sqlite *database);
/* Also after SQLite did it already. False: it is not certain that nothing was kept. */
bool wh_sqlite_rollback(struct wh_sqlite *database);

/* The model that is used from `since` (µs) on, as bytes of the caller's making. It is the latest
 * even when the clock was set back. */
WH_MUST_CHECK enum wh_err wh_sqlite_keep_model(const struct wh_sqlite *database,
                                               struct wh_str hash_hex, int64_t since,
                                               struct wh_str bytes, struct wh_error *error);

/* Share of the size limit that is in use, in percent; 0 without a limit. */
int wh_sqlite_percent_used(const struct wh_sqlite *database);

/* Whether the last failure says that the file itself is damaged. */
bool wh_sqlite_is_damaged(const struct wh_sqlite *database);
/* WH_ERR_INPUT with a message that says so. */
enum wh_err wh_sqlite_damaged(const struct wh_sqlite *database, const char *path,
                              struct wh_error *error);

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
