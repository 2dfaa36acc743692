/* A request of the store as a command for Redis: EVALSHA, or EVAL with the text, of the script in
 * store.lua. */
#ifndef WH_CONNECTORS_REDIS_COMMAND_H
#define WH_CONNECTORS_REDIS_COMMAND_H

#include "engine/base/arena.h"
#include "engine/port/store.h"

struct wh_redis_command {
    int argc;
    const char **argv;
    size_t *argv_lens;
};

struct wh_redis_script {
    struct wh_str text;
    char name[41]; /* SHA-1 in hex */
};

/* The script of this program. */
void wh_redis_script_init(struct wh_redis_script *script);

/* `prefix` stands before each key. is_strict: the server is a node of a cluster; has_script: it is
 * believed to have the script. Lives in the arena; borrows the request's bytes. */
struct wh_redis_command wh_redis_encode(struct wh_arena *arena,
                                        const struct wh_redis_script *script, struct wh_str prefix,
                                        const struct wh_store_request *request, bool is_strict,
                                        bool has_script);

/* The number of a partition, as it stands between the braces. */
struct wh_str wh_redis_tag(struct wh_arena *arena, uint32_t partition);

#endif
