/* The address of the store, and what Redis, one of its sentinels or of its nodes answers. */
#include <hiredis/hiredis.h>

#include "connectors/redis/cluster.h"
#include "connectors/redis/health.h"
#include "connectors/redis/reply.h"
#include "tests/fuzz/fuzz.h"

static void
read_text(struct wh_arena *arena, struct wh_str text)
{
    struct wh_redis_address address;
    struct wh_redis_place place;
    struct wh_redis_health health = {.is_replica = false};
    uint16_t slot;
    for (int is_cluster = 0; is_cluster < 2; is_cluster++) {
        if (wh_redis_address_parse(arena, text, is_cluster == 1, &address, NULL) == WH_OK) {
            wh_fuzz_expect(wh_redis_address_name(arena, &address)[0] != '\0');
        }
    }
    wh_fuzz_expect(!wh_redis_parse_redirection(text, &slot, &place) || slot < WH_REDIS_SLOTS);
    wh_redis_read_info(text, &health);
    wh_redis_read_save(text, &health);
}

static void
read_reply(struct wh_arena *arena, const redisReply *reply)
{
    static const struct wh_hash_id keys[] = {{{1}}, {{2}}};
    struct wh_redis_range range;
    struct wh_redis_place place;
    size_t at = 0;
    while (wh_redis_next_range(reply, &at, &range)) {
        wh_fuzz_expect(range.first <= range.last && range.last < WH_REDIS_SLOTS);
    }
    (void)wh_redis_parse_primary(reply, &place);
    (void)wh_redis_judge(reply);
    for (int call = WH_STORE_META; call <= WH_STORE_CLEAR; call++) {
        struct wh_store_answer answer;
        const struct wh_store_request request = {.call = (enum wh_store_call)call,
                                                 .keys = keys,
                                                 .key_count = 2,
                                                 .until = wh_due_after_all(100),
                                                 .limit = 2};
        bool is_good = wh_redis_decode(reply, &request, arena, &answer);
        wh_fuzz_expect(is_good == (answer.result != WH_STORE_FAILED));
        wh_fuzz_expect(answer.due_count <= 2 && answer.entry_count <= 2);
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct wh_arena arena;
    redisReader *reader = redisReaderCreate();
    void *reply = NULL;
    wh_fuzz_expect(reader != NULL);
    wh_arena_init(&arena, 0);
    read_text(&arena, wh_fuzz_input(data, size));
    (void)redisReaderFeed(reader, (const char *)data, size);
    while (redisReaderGetReply(reader, &reply) == REDIS_OK && reply != NULL) {
        read_reply(&arena, reply);
        freeReplyObject(reply);
    }
    redisReaderFree(reader);
    wh_arena_fini(&arena);
    return 0;
}
