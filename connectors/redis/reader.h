/* The states of all partitions, for who only looks: every call blocks, on a loop of its own, and
 * changes nothing. Whoever owns a partition may write it meanwhile; each entry is as of one of its
 * writes. */
#ifndef WH_CONNECTORS_REDIS_READER_H
#define WH_CONNECTORS_REDIS_READER_H

#include "connectors/redis/redis.h"

struct wh_redis_reader;

/* The options are borrowed. Connects when it is first asked something. */
WH_MUST_CHECK enum wh_err wh_redis_reader_open(const struct wh_redis_options *options,
                                               uint32_t partitions,
                                               struct wh_redis_reader **ret_reader,
                                               struct wh_error *error);
/* Accepts NULL. */
void wh_redis_reader_close(struct wh_redis_reader **reader);

/* Valid until it returns. False ends the reading. */
typedef bool (*wh_redis_take_state_fn)(void *self, uint32_t partition,
                                       const struct wh_store_entry *entry);

/* The entity of that id, in whichever partition it is: all are asked at once. WH_ERR_OUTSIDE: the
 * message says where and why no answer came. */
WH_MUST_CHECK enum wh_err wh_redis_reader_find(struct wh_redis_reader *reader,
                                               const struct wh_hash_id *id,
                                               wh_redis_take_state_fn take, void *self,
                                               struct wh_error *error);

/* Every entity with its bytes, deleted ones left away: by partition, then by id. */
WH_MUST_CHECK enum wh_err wh_redis_reader_each(struct wh_redis_reader *reader,
                                               wh_redis_take_state_fn take, void *self,
                                               struct wh_error *error);

/* How many entities the store holds of a partition, deleted ones among them. */
WH_MUST_CHECK enum wh_err wh_redis_reader_count(struct wh_redis_reader *reader, uint32_t partition,
                                                uint64_t *ret_count, struct wh_error *error);

/* What the store says of a partition. */
WH_MUST_CHECK enum wh_err wh_redis_reader_meta(struct wh_redis_reader *reader, uint32_t partition,
                                               struct wh_store_meta *ret_meta,
                                               struct wh_error *error);

#endif
