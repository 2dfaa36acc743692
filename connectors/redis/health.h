/* What a server says about itself, as far as it matters to whoever keeps leads in it. Pure. */
#ifndef WH_CONNECTORS_REDIS_HEALTH_H
#define WH_CONNECTORS_REDIS_HEALTH_H

#include <stdbool.h>

#include "engine/base/str.h"

#define WH_REDIS_WORD_MAX 32

enum wh_redis_kept {
    WH_REDIS_KEPT_UNKNOWN, /* the server does not say */
    WH_REDIS_KEPT_NOWHERE, /* a restart of the server empties the store */
    WH_REDIS_KEPT_DUMPS,   /* a restart goes back to the last dump */
    WH_REDIS_KEPT_LOG,     /* append-only file: a restart loses the last second at most */
};

struct wh_redis_health {
    bool is_replica;
    bool may_evict; /* it may remove leads when its memory is full */
    char version[WH_REDIS_WORD_MAX];
    char policy[WH_REDIS_WORD_MAX]; /* maxmemory-policy; empty: not told */
    enum wh_redis_kept kept;
};

/* From the text of INFO; what it lacks stays as it is. */
void wh_redis_read_info(struct wh_str info, struct wh_redis_health *health);
/* From the answer to CONFIG GET save: when dumps are made; empty: never. */
void wh_redis_read_save(struct wh_str save, struct wh_redis_health *health);

/* What a restart of such a server costs, for a note; NULL: nothing to say. */
const char *wh_redis_note(enum wh_redis_kept kept);

#endif
