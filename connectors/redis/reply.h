/* What Redis answered, read as an answer of the store. Pure: bytes that nobody expected are
 * refused, whatever they are. */
#ifndef WH_CONNECTORS_REDIS_REPLY_H
#define WH_CONNECTORS_REDIS_REPLY_H

#include <hiredis/hiredis.h>

#include "engine/base/arena.h"
#include "engine/port/store.h"

/* Before the bytes of an entry, little endian: form 1 byte (1; 17: a tombstone), sequence 8,
 * next due moment 8. */
#define WH_REDIS_HEAD_SIZE 17

void wh_redis_encode_head(const struct wh_store_entry *entry, uint8_t ret_head[WH_REDIS_HEAD_SIZE]);
/* False: the bytes are none of ours. The bytes behind the head stay where they are. */
bool wh_redis_decode_entry(struct wh_str value, struct wh_store_entry *entry);

/* 16 bytes from 32 lower-case hex digits. */
bool wh_redis_decode_id(struct wh_str hex, struct wh_hash_id *ret_id);

enum wh_redis_verdict {
    WH_REDIS_ANSWERED,   /* no error: it can be decoded */
    WH_REDIS_NO_SCRIPT,  /* the server has lost it: send the text */
    WH_REDIS_MOVED,      /* another node has the slot */
    WH_REDIS_ASKED,      /* this once another node has it */
    WH_REDIS_IS_REPLICA, /* nothing can be written there */
    WH_REDIS_LATER,      /* it could not be done now, and was not done */
};

enum wh_redis_verdict wh_redis_judge(const redisReply *reply);

/* The answer to a request. Its bytes lie in the reply, its arrays in the arena. False: nothing that
 * the script answers; *ret_answer is FAILED then. */
bool wh_redis_decode(const redisReply *reply, const struct wh_store_request *request,
                     struct wh_arena *arena, struct wh_store_answer *ret_answer);

#endif
