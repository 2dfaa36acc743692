/* The group: which handle has which partition. It wants partitions back, gives them to others, and
 * throws out who is silent for too long, who hears of it late: until then such a member believes
 * that it owns what others own already. */
#ifndef WH_CONNECTORS_MEMORY_GROUP_H
#define WH_CONNECTORS_MEMORY_GROUP_H

#include "connectors/memory/log_handle.h"

/* Becomes a member; partitions move to it. */
void wh_memory_group_join(struct wh_memory_log_handle *handle);
/* Is gone: its partitions go to the others. */
void wh_memory_group_leave(struct wh_memory_log_handle *handle);
/* Its partitions go to the others at once; it hears of it later, and then joins anew. */
void wh_memory_group_throw_out(struct wh_memory_log_handle *handle);
/* Divides the partitions anew, turned by `turn`: some are wanted back. */
void wh_memory_group_divide(struct wh_memory_log *log, uint32_t turn);
/* The owner has let the partition go. */
void wh_memory_group_let_go(struct wh_memory_log_handle *handle, uint32_t partition);

bool wh_memory_group_accepts(const struct wh_memory_log_handle *handle, uint64_t view);

#endif
