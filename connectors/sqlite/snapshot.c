#include "connectors/sqlite/snapshot.h"

struct wh_str
wh_sqlite_snapshot_pack(const struct wh_log_record *record, char *bytes)
{
    size_t due_at = sizeof(record->snapshot.seq);
    size_t lineage_at = due_at + sizeof(record->snapshot.due);
    memcpy(bytes, &record->snapshot.seq, sizeof(record->snapshot.seq));
    memcpy(bytes + due_at, &record->snapshot.due, sizeof(record->snapshot.due));
    memcpy(bytes + lineage_at, record->snapshot.lineage.bytes, WH_HASH_ID_SIZE);
    return (struct wh_str){bytes, WH_SQLITE_SNAPSHOT_SIZE};
}

void
wh_sqlite_snapshot_unpack(struct wh_str bytes, struct wh_log_record *record)
{
    size_t due_at = sizeof(record->snapshot.seq);
    size_t lineage_at = due_at + sizeof(record->snapshot.due);
    if (bytes.len == WH_SQLITE_SNAPSHOT_SIZE) {
        memcpy(&record->snapshot.seq, bytes.ptr, sizeof(record->snapshot.seq));
        memcpy(&record->snapshot.due, bytes.ptr + due_at, sizeof(record->snapshot.due));
        memcpy(record->snapshot.lineage.bytes, bytes.ptr + lineage_at, WH_HASH_ID_SIZE);
    }
}
