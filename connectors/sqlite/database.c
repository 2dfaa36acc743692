#include "connectors/sqlite/database.h"

/* Raised when the tables change in a way that this program must not overlook. */
#define SCHEMA_VERSION 1

static const char schema[] =
    "CREATE TABLE IF NOT EXISTS log (topic INTEGER, partition INTEGER, position INTEGER,"
    " at INTEGER, key BLOB, value BLOB, reason BLOB, PRIMARY KEY (topic, partition, position))"
    " WITHOUT ROWID;"
    /* Where a topic ends is kept by itself: retention may remove all of its records. */
    "CREATE TABLE IF NOT EXISTS ends (topic INTEGER, partition INTEGER, start INTEGER,"
    " next INTEGER, PRIMARY KEY (topic, partition)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS meta (partition INTEGER PRIMARY KEY, lineage BLOB, epoch INTEGER,"
    " version INTEGER, watermark INTEGER, position INTEGER) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS entries (partition INTEGER, key BLOB, seq INTEGER, due INTEGER,"
    " bytes BLOB, deleted INTEGER, PRIMARY KEY (partition, key)) WITHOUT ROWID;"
    "CREATE INDEX IF NOT EXISTS dues ON entries (partition, due, key)"
    " WHERE due < 9223372036854775807;"
    "CREATE INDEX IF NOT EXISTS snapshots ON log (partition, key) WHERE topic = 5;"
    "CREATE TABLE IF NOT EXISTS head (name TEXT PRIMARY KEY, value INTEGER) WITHOUT ROWID;";

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

static enum wh_err
check_head(const struct wh_sqlite *database, const char *path, struct wh_error *error)
{
    int64_t version = read_number(database, "SELECT value FROM head WHERE name = 'schema'");
    int64_t partitions = read_number(database, "SELECT value FROM head WHERE name = 'partitions'");
    if (version != SCHEMA_VERSION) {
        return wh_error_set(error, WH_ERR_INPUT, "\"%s\" is of form %d, this program has %d", path,
                            (int)version, SCHEMA_VERSION);
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

enum wh_err
wh_sqlite_open(const char *path, uint32_t partitions, int64_t size_max,
               struct wh_sqlite *ret_database, struct wh_error *error)
{
    struct wh_sqlite database = {.partitions = partitions, .size_max = size_max};
    enum wh_err err = WH_OK;
    if (sqlite3_open_v2(path, &database.connection, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
                        NULL) != SQLITE_OK ||
        !wh_sqlite_run(&database, "PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL;"
                                  "PRAGMA synchronous=FULL") ||
        !wh_sqlite_run(&database, schema) || !write_head(&database)) {
        err = outside(&database, path, error);
    } else {
        err = check_head(&database, path, error);
    }
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
}
