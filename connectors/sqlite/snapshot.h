/* The headers of a snapshot, which stand where other records have their reason. */
#ifndef WH_CONNECTORS_SQLITE_SNAPSHOT_H
#define WH_CONNECTORS_SQLITE_SNAPSHOT_H

#include "engine/port/log.h"

#define WH_SQLITE_SNAPSHOT_SIZE (sizeof(uint64_t) + sizeof(int64_t) + WH_HASH_ID_SIZE)

/* `bytes` has room for WH_SQLITE_SNAPSHOT_SIZE; what is returned borrows it. */
struct wh_str wh_sqlite_snapshot_pack(const struct wh_log_record *record, char *bytes);

/* Bytes of another size say nothing. */
void wh_sqlite_snapshot_unpack(struct wh_str bytes, struct wh_log_record *record);

#endif
