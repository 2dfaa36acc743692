#include "connectors/sqlite/database.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

/* Raised when the tables change in a way that this program must not overlook. */
#define SCHEMA_VERSION 1

static const char schema[] =
    "CREATE TABLE IF NOT EXISTS log (topic INTEGER, partition INTEGER, position INTEGER,"
    " at INTEGER, key BLOB, value BLOB, reason TEXT, field TEXT, detail TEXT,"
    " PRIMARY KEY (topic, partition, position)) WITHOUT ROWID;"
    /* Where a topic ends is kept by itself: retention may remove all of its records. */
    "CREATE TABLE IF NOT EXISTS ends (topic INTEGER, partition INTEGER, start INTEGER,"
    " next INTEGER, PRIMARY KEY (topic, partition)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS meta (partition INTEGER PRIMARY KEY, lineage BLOB, epoch INTEGER,"
    " version INTEGER, watermark INTEGER, position INTEGER) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS entries (partition INTEGER, key BLOB, seq INTEGER, due INTEGER,"
    " bytes BLOB, deleted INTEGER, PRIMARY KEY (partition, key)) WITHOUT ROWID;"
    "CREATE INDEX IF NOT EXISTS dues ON entries (partition, due, key)"
    " WHERE due < 9223372036854775807;"
    "CREATE TABLE IF NOT EXISTS models (hash TEXT PRIMARY KEY, since INTEGER, bytes BLOB)"
    " WITHOUT ROWID;"
    "CREATE INDEX IF NOT EXISTS snapshots ON log (partition, key) WHERE topic = 5;"
    "CREATE TABLE IF NOT EXISTS head (name TEXT PRIMARY KEY, value INTEGER) WITHOUT ROWID;";

/* Pages in memory: at most 32 MiB, so that a group of steps, and what is read over and over, need
 * not go to the disk and back. */
static const char settings[] =
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-32768";

/* What a step inside of a group would take back stays in memory up to here, not in a file for
 * temporary things, which would be a second write of each page. */
#define TAKE_BACK_BYTES (8 * 1024 * 1024)

sqlite3_stmt *
wh_sqlite_prepare(const struct wh_sqlite *database, const char *text)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(database->connection, text, -1, &statement, NULL);
    return code == SQLITE_OK ? statement : NULL;
}

bool
wh_sqlite_run(const struct wh_sqlite *database, const char *text)
{
    return sqlite3_exec(database->connection, text, NULL, NULL, NULL) == SQLITE_OK;
}

bool
wh_sqlite_is_full(const struct wh_sqlite *database)
{
    int code = sqlite3_extended_errcode(database->connection);
    return (code & 0xff) == SQLITE_FULL || code == SQLITE_IOERR_WRITE;
}

void
wh_sqlite_bind_str(sqlite3_stmt *statement, int index, struct wh_str text)
{
    const char *bytes = text.len == 0 ? "" : text.ptr;
    (void)sqlite3_bind_blob64(statement, index, bytes, text.len, SQLITE_STATIC);
}

struct wh_str
wh_sqlite_str(sqlite3_stmt *statement, int column)
{
    const char *bytes = sqlite3_column_blob(statement, column);
    return (struct wh_str){bytes, (size_t)sqlite3_column_bytes(statement, column)};
}

bool
wh_sqlite_is_damaged(const struct wh_sqlite *database)
{
    int code = sqlite3_errcode(database->connection);
    return code == SQLITE_CORRUPT || code == SQLITE_NOTADB;
}

enum wh_err
wh_sqlite_damaged(const struct wh_sqlite *database, const char *path, struct wh_error *error)
{
    return wh_error_set(error, WH_ERR_INPUT,
                        "\"%s\" is damaged or no file of this program (%s): put a copy back, or "
                        "name another folder",
                        path, sqlite3_errmsg(database->connection));
}

static enum wh_err
outside(const struct wh_sqlite *database, const char *path, struct wh_error *error)
{
    return wh_error_set(error, WH_ERR_OUTSIDE, "\"%s\": %s", path,
                        sqlite3_errmsg(database->connection));
}

static int64_t
read_number(const struct wh_sqlite *database, const char *text)
{
    sqlite3_stmt *statement = wh_sqlite_prepare(database, text);
    int64_t number = -1;
    if (statement != NULL && sqlite3_step(statement) == SQLITE_ROW) {
        number = sqlite3_column_int64(statement, 0);
    }
    (void)sqlite3_finalize(statement);
    return number;
}

static bool
write_head(const struct wh_sqlite *database)
{
    sqlite3_stmt *statement = wh_sqlite_prepare(
        database, "INSERT OR IGNORE INTO head VALUES ('schema', ?1), ('partitions', ?2)");
    if (statement == NULL) {
        return false;
    }
    (void)sqlite3_bind_int64(statement, 1, SCHEMA_VERSION);
    (void)sqlite3_bind_int64(statement, 2, database->partitions);
    bool is_done = sqlite3_step(statement) == SQLITE_DONE;
    (void)sqlite3_finalize(statement);
    return is_done;
}

enum wh_err
wh_sqlite_check_head(struct wh_sqlite *database, const char *path, struct wh_error *error)
{
    int64_t version = read_number(database, "SELECT value FROM head WHERE name = 'schema'");
    int64_t partitions = read_number(database, "SELECT value FROM head WHERE name = 'partitions'");
    if (wh_sqlite_is_damaged(database)) {
        return wh_sqlite_damaged(database, path, error);
    }
    if (version != SCHEMA_VERSION) {
        return wh_error_set(error, WH_ERR_INPUT, "\"%s\" is of form %d, this program has %d", path,
                            (int)version, SCHEMA_VERSION);
    }
    if (database->partitions == 0 && partitions > 0) {
        database->partitions = (uint32_t)partitions;
    }
    if (partitions != database->partitions) {
        return wh_error_set(error, WH_ERR_INPUT,
                            "\"%s\" has %d partitions, expected %u: their number never changes",
                            path, (int)partitions, database->partitions);
    }
    return WH_OK;
}

static void
limit_size(const struct wh_sqlite *database)
{
    int64_t page = read_number(database, "PRAGMA page_size");
    char text[64];
    if (database->size_max > 0 && page > 0) {
        (void)sqlite3_snprintf(sizeof(text), text, "PRAGMA max_page_count=%lld",
                               (long long)(database->size_max / page));
        (void)wh_sqlite_run(database, text);
    }
}

struct reason {
    char text[128];
};

static struct reason
system_reason(int code)
{
    struct reason reason;
    if (strerror_r(code, reason.text, sizeof(reason.text)) != 0) {
        /* The longest number fits. */
        (void)snprintf(reason.text, sizeof(reason.text), "error %d", code);
    }
    return reason;
}

/* The process whose id the lock file holds; it may have ended meanwhile. */
static enum wh_err
in_use(int lock, const char *path, struct wh_error *error)
{
    char text[32] = "";
    ssize_t len = pread(lock, text, sizeof(text) - 1, 0);
    text[len > 0 ? len : 0] = '\0';
    text[strcspn(text, "\n")] = '\0';
    return wh_error_set(error, WH_ERR_OUTSIDE,
                        "\"%s\" is in use by process %s: only one may write it; end that one "
                        "first, or name another folder",
                        path, text[0] == '\0' ? "?" : text);
}

/* The lock goes with the process, whatever ends it; the file with its id stays. */
static enum wh_err
take_lock(struct wh_sqlite *database, const char *path, struct wh_error *error)
{
    char name[4096];
    int len = snprintf(name, sizeof(name), "%s.lock", path);
    if (len < 0 || (size_t)len >= sizeof(name)) {
        return wh_error_set(error, WH_ERR_OUTSIDE, "\"%s\": the path is too long", path);
    }
    database->lock = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (database->lock < 0) {
        return wh_error_set(error, WH_ERR_OUTSIDE, "cannot write \"%s\": %s", name,
                            system_reason(errno).text);
    }
    if (flock(database->lock, LOCK_EX | LOCK_NB) != 0) {
        return errno == EWOULDBLOCK ? in_use(database->lock, path, error)
                                    : wh_error_set(error, WH_ERR_OUTSIDE, "\"%s\": %s", name,
                                                   system_reason(errno).text);
    }
    len = snprintf(name, sizeof(name), "%ld\n", (long)getpid());
    /* Only the message above would be poorer without it. */
    (void)!ftruncate(database->lock, 0);
    (void)!pwrite(database->lock, name, (size_t)len, 0);
    return WH_OK;
}

/* SQLite gives its other files the permissions of this one: it holds addresses of people. */
static enum wh_err
make_file(struct wh_sqlite *database, const char *path, struct wh_error *error)
{
    database->lock = -1;
    if (strcmp(path, WH_SQLITE_IN_MEMORY) == 0) {
        return WH_OK;
    }
    enum wh_err err = take_lock(database, path, error);
    if (err != WH_OK) {
        return err;
    }
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) {
        return wh_error_set(error, WH_ERR_OUTSIDE, "cannot write \"%s\": %s", path,
                            system_reason(errno).text);
    }
    (void)close(file);
    return WH_OK;
}

static enum wh_err
open_database(struct wh_sqlite *database, const char *path, struct wh_error *error)
{
    /* Of the whole process, so only its first file can say it; the others then find it said. */
    (void)sqlite3_config(SQLITE_CONFIG_STMTJRNL_SPILL, TAKE_BACK_BYTES);
    bool is_open = sqlite3_open_v2(path, &database->connection,
                                   SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) == SQLITE_OK;
    (void)sqlite3_extended_result_codes(database->connection, 1);
    if (is_open && wh_sqlite_run(database, settings) && wh_sqlite_run(database, schema) &&
        write_head(database)) {
        return wh_sqlite_check_head(database, path, error);
    }
    if (wh_sqlite_is_damaged(database)) {
        return wh_sqlite_damaged(database, path, error);
    }
    return outside(database, path, error);
}

enum wh_err
wh_sqlite_open(const char *path, uint32_t partitions, int64_t size_max,
               struct wh_sqlite *ret_database, struct wh_error *error)
{
    struct wh_sqlite database = {.partitions = partitions, .size_max = size_max};
    enum wh_err err = make_file(&database, path, error);
    err = err == WH_OK ? open_database(&database, path, error) : err;
    if (err != WH_OK) {
        wh_sqlite_close(&database);
        return err;
    }
    limit_size(&database);
    *ret_database = database;
    return WH_OK;
}

void
wh_sqlite_close(struct wh_sqlite *database)
{
    (void)sqlite3_close(database->connection);
    database->connection = NULL;
    if (database->lock >= 0) {
        (void)close(database->lock);
        database->lock = -1;
    }
}

bool
wh_sqlite_group(struct wh_sqlite *database)
{
    database->is_grouped = wh_sqlite_run(database, "BEGIN IMMEDIATE");
    return database->is_grouped;
}

bool
wh_sqlite_ungroup(struct wh_sqlite *database)
{
    bool is_kept = !database->is_lost && wh_sqlite_run(database, "COMMIT");
    if (!is_kept) {
        database->is_lost = true;
        (void)wh_sqlite_run(database, "ROLLBACK");
    }
    database->is_grouped = false;
    return is_kept;
}

bool
wh_sqlite_begin(const struct wh_sqlite *database, bool writes)
{
    if (database->is_grouped) {
        return !database->is_lost && wh_sqlite_run(database, "SAVEPOINT step");
    }
    return wh_sqlite_run(database, writes ? "BEGIN IMMEDIATE" : "BEGIN");
}

bool
wh_sqlite_commit(const struct wh_sqlite *database)
{
    return wh_sqlite_run(database, database->is_grouped ? "RELEASE step" : "COMMIT");
}

bool
wh_sqlite_rollback(struct wh_sqlite *database)
{
    if (database->is_grouped) {
        (void)wh_sqlite_run(database, "ROLLBACK TO step; RELEASE step");
        /* For want of room SQLite may take back everything. */
        database->is_lost = sqlite3_get_autocommit(database->connection) != 0;
        return !database->is_lost;
    }
    (void)wh_sqlite_run(database, "ROLLBACK");
    return sqlite3_get_autocommit(database->connection) != 0;
}

enum wh_err
wh_sqlite_keep_model(const struct wh_sqlite *database, struct wh_str hash_hex, int64_t since,
                     struct wh_str bytes, struct wh_error *error)
{
    sqlite3_stmt *put =
        wh_sqlite_prepare(database, "INSERT OR REPLACE INTO models VALUES (?1, max(?2, (SELECT "
                                    "coalesce(max(since) + 1, ?2) FROM models)), ?3)");
    sqlite3_stmt *remove = wh_sqlite_prepare(
        database, "DELETE FROM models WHERE hash NOT IN (SELECT hash FROM models ORDER BY since "
                  "DESC LIMIT ?1)");
    bool is_done = put != NULL && remove != NULL;
    if (is_done) {
        (void)sqlite3_bind_text(put, 1, hash_hex.ptr, (int)hash_hex.len, SQLITE_STATIC);
        (void)sqlite3_bind_int64(put, 2, since);
        wh_sqlite_bind_str(put, 3, bytes);
        (void)sqlite3_bind_int(remove, 1, WH_SQLITE_MODELS_MAX);
        is_done = sqlite3_step(put) == SQLITE_DONE && sqlite3_step(remove) == SQLITE_DONE;
    }
    enum wh_err err = is_done ? WH_OK
                              : wh_error_set(error, WH_ERR_OUTSIDE, "the model cannot be kept: %s",
                                             sqlite3_errmsg(database->connection));
    (void)sqlite3_finalize(put);
    (void)sqlite3_finalize(remove);
    return err;
}

int
wh_sqlite_percent_used(const struct wh_sqlite *database)
{
    if (database->size_max == 0) {
        return 0;
    }
    int64_t all = read_number(database, "PRAGMA max_page_count");
    int64_t used = read_number(database, "PRAGMA page_count");
    int64_t free_again = read_number(database, "PRAGMA freelist_count");
    return all <= 0 ? 0 : (int)((used - free_again) * 100 / all);
}
