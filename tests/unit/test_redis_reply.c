#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "connectors/redis/cluster.h"
#include "connectors/redis/health.h"
#include "connectors/redis/reply.h"
#include "engine/base/time.h"

/* A stamp of lineage 01…01, epoch 7, version 3, watermark 5, offset 40; behind "*7" and ":1". */
#define STAMP \
    "$32\r\n01010101010101010101010101010101\r\n$1\r\n7\r\n$1\r\n3\r\n$1\r\n5\r\n$2\r\n40\r\n"
#define ID_A "$32\r\n0a000000000000000000000000000000\r\n"
#define ID_B "$32\r\n0b000000000000000000000000000000\r\n"

/* A form, sequence 4, due 10, and for a state the byte "x". */
#define STATE     "$18\r\n\x01\x04\0\0\0\0\0\0\0\x0a\0\0\0\0\0\0\0x\r\n"
#define HEAD      "$17\r\n\x01\x04\0\0\0\0\0\0\0\x0a\0\0\0\0\0\0\0\r\n"
#define TOMBSTONE "$17\r\n\x11\x04\0\0\0\0\0\0\0\x0a\0\0\0\0\0\0\0\r\n"
#define NEWER     "$17\r\n\x11\x06\0\0\0\0\0\0\0\x0a\0\0\0\0\0\0\0\r\n"

struct bench {
    struct wh_arena arena;
    redisReader *reader;
    redisReply *reply;
};

static int
set_up(void **state)
{
    static struct bench bench;
    bench = (struct bench){.reader = redisReaderCreate()};
    wh_arena_init(&bench.arena, 0);
    *state = &bench;
    return 0;
}

static int
tear_down(void **state)
{
    struct bench *bench = *state;
    freeReplyObject(bench->reply);
    redisReaderFree(bench->reader);
    wh_arena_fini(&bench->arena);
    return 0;
}

static const redisReply *
reply_of(struct bench *bench, const char *bytes, size_t len)
{
    void *reply = NULL;
    freeReplyObject(bench->reply);
    bench->reply = NULL;
    assert_int_equal(redisReaderFeed(bench->reader, bytes, len), REDIS_OK);
    assert_int_equal(redisReaderGetReply(bench->reader, &reply), REDIS_OK);
    assert_non_null(reply);
    bench->reply = reply;
    return reply;
}

#define REPLY(bench, literal) reply_of((bench), literal, sizeof(literal) - 1)

static const struct wh_hash_id keys[] = {{{10}}, {{11}}, {{12}}, {{13}}};

static void
a_stamp_comes_with_everything(void **state)
{
    struct bench *bench = *state;
    struct wh_store_answer answer;
    struct wh_store_request request = {
        .call = WH_STORE_WRITE, .ticket = 9, .partition = 2, .from = 2};
    assert_true(
        wh_redis_decode(REPLY(bench, "*6\r\n:1\r\n" STAMP), &request, &bench->arena, &answer));
    assert_int_equal(answer.result, WH_STORE_OK);
    assert_int_equal(answer.ticket, 9);
    assert_int_equal(answer.partition, 2);
    assert_int_equal(answer.from, 2);
    assert_true(answer.meta.exists);
    assert_int_equal(answer.meta.lineage.bytes[15], 1);
    assert_int_equal(answer.meta.epoch, 7);
    assert_int_equal(answer.meta.version, 3);
    assert_int_equal(answer.meta.watermark, 5);
    assert_int_equal(answer.meta.offset, 40);
    assert_true(wh_redis_decode(REPLY(bench, "*6\r\n:0\r\n$-1\r\n$-1\r\n$-1\r\n$-1\r\n$-1\r\n"),
                                &request, &bench->arena, &answer));
    assert_int_equal(answer.result, WH_STORE_REFUSED);
    assert_false(answer.meta.exists);
}

static void
values_stand_in_the_order_of_the_keys(void **state)
{
    struct bench *bench = *state;
    struct wh_store_answer answer;
    struct wh_store_request request = {.call = WH_STORE_READ, .keys = keys, .key_count = 4};
    assert_true(
        wh_redis_decode(REPLY(bench, "*7\r\n:1\r\n" STAMP "*4\r\n" STATE "$-1\r\n" TOMBSTONE NEWER),
                        &request, &bench->arena, &answer));
    assert_int_equal(answer.entry_count, 4);
    assert_int_equal(answer.entries[0].key.bytes[0], 10);
    assert_int_equal(answer.entries[0].seq, 4);
    assert_int_equal(answer.entries[0].due, 10);
    assert_true(wh_str_is(answer.entries[0].bytes, "x"));
    assert_int_equal(answer.entries[1].seq, 0);
    assert_int_equal(answer.entries[1].due, WH_TIME_NEVER);
    assert_int_equal(answer.entries[1].key.bytes[0], 11);
    /* The watermark has reached the first of the tombstones. */
    assert_int_equal(answer.entries[2].seq, 0);
    assert_false(answer.entries[2].is_deleted);
    assert_int_equal(answer.entries[3].seq, 6);
    assert_true(answer.entries[3].is_deleted);
}

static void
dues_end_at_the_limit_or_at_the_moment(void **state)
{
    struct bench *bench = *state;
    struct wh_store_answer answer;
    struct wh_store_request request = {
        .call = WH_STORE_DUES, .until = wh_due_after_all(20), .limit = 1};
    const redisReply *reply =
        REPLY(bench, "*7\r\n:1\r\n" STAMP "*4\r\n" ID_A "$2\r\n10\r\n" ID_B "$2\r\n20\r\n");
    assert_true(wh_redis_decode(reply, &request, &bench->arena, &answer));
    assert_int_equal(answer.due_count, 1);
    assert_int_equal(answer.dues[0].due, 10);
    assert_true(answer.has_more);
    request.until = wh_due_after_all(19);
    assert_true(wh_redis_decode(reply, &request, &bench->arena, &answer));
    assert_false(answer.has_more);
    request.until = wh_due_after_all(WH_TIME_NEVER);
    request.limit = 2;
    assert_true(wh_redis_decode(
        REPLY(bench, "*7\r\n:1\r\n" STAMP "*4\r\n" ID_A "$2\r\n10\r\n" ID_B "$3\r\ninf\r\n"),
        &request, &bench->arena, &answer));
    assert_int_equal(answer.due_count, 1);
    assert_false(answer.has_more);
}

static void
a_page_of_heads(void **state)
{
    struct bench *bench = *state;
    struct wh_store_answer answer;
    struct wh_store_request request = {.call = WH_STORE_SCAN, .limit = 1};
    const redisReply *reply =
        REPLY(bench, "*7\r\n:1\r\n" STAMP "*4\r\n" ID_A HEAD ID_B "$0\r\n\r\n");
    assert_true(wh_redis_decode(reply, &request, &bench->arena, &answer));
    assert_int_equal(answer.entry_count, 1);
    assert_int_equal(answer.entries[0].seq, 4);
    assert_int_equal(answer.entries[0].bytes.len, 0);
    assert_true(answer.has_more);
    request.limit = 2;
    assert_true(wh_redis_decode(reply, &request, &bench->arena, &answer));
    assert_int_equal(answer.entry_count, 2);
    assert_int_equal(answer.entries[1].seq, 0);
    assert_false(answer.has_more);
}

#define CASE(call, key_count, literal)                \
    {                                                 \
        call, key_count, literal, sizeof(literal) - 1 \
    }

static void
what_nobody_expected_is_refused(void **state)
{
    static const struct {
        enum wh_store_call call;
        size_t key_count;
        const char *bytes;
        size_t len;
    } cases[] = {
        CASE(WH_STORE_META, 0, "+OK\r\n"),
        CASE(WH_STORE_META, 0, "*5\r\n:1\r\n$-1\r\n$-1\r\n$-1\r\n$-1\r\n"),
        CASE(WH_STORE_META, 0, "*6\r\n$1\r\n1\r\n$-1\r\n$-1\r\n$-1\r\n$-1\r\n$-1\r\n"),
        CASE(WH_STORE_META, 0,
             "*6\r\n:1\r\n$1\r\nx\r\n$1\r\n7\r\n$1\r\n3\r\n$1\r\n5\r\n$2\r\n40\r\n"),
        CASE(WH_STORE_META, 0,
             "*6\r\n:1\r\n$32\r\n01010101010101010101010101010101\r\n$1\r\n7\r\n$2\r\n-3\r\n"
             "$1\r\n5\r\n$2\r\n40\r\n"),
        CASE(WH_STORE_META, 0,
             "*6\r\n:1\r\n$32\r\n01010101010101010101010101010101\r\n$20\r\n"
             "99999999999999999999\r\n$1\r\n3\r\n$1\r\n5\r\n$2\r\n40\r\n"),
        CASE(WH_STORE_READ, 0, "*6\r\n:1\r\n" STAMP),
        CASE(WH_STORE_READ, 2, "*7\r\n:1\r\n" STAMP "*1\r\n" STATE),
        CASE(WH_STORE_READ, 1, "*7\r\n:1\r\n" STAMP "*1\r\n$3\r\nabc\r\n"),
        CASE(WH_STORE_DUES, 0, "*7\r\n:1\r\n" STAMP "*2\r\n" ID_A "$3\r\n1.5\r\n"),
        CASE(WH_STORE_SCAN, 0, "*7\r\n:1\r\n" STAMP "*2\r\n$1\r\nA\r\n" HEAD),
        CASE(WH_STORE_CLEAR, 0, "*7\r\n:1\r\n" STAMP "$1\r\n1\r\n"),
    };
    struct bench *bench = *state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct wh_store_answer answer;
        struct wh_store_request request = {
            .call = cases[i].call, .keys = keys, .key_count = cases[i].key_count, .limit = 9};
        const redisReply *reply = reply_of(bench, cases[i].bytes, cases[i].len);
        assert_false(wh_redis_decode(reply, &request, &bench->arena, &answer));
        assert_int_equal(answer.result, WH_STORE_FAILED);
    }
}

static void
errors_say_what_to_do(void **state)
{
    struct bench *bench = *state;
    assert_int_equal(wh_redis_judge(REPLY(bench, "-NOSCRIPT No matching script.\r\n")),
                     WH_REDIS_NO_SCRIPT);
    assert_int_equal(wh_redis_judge(REPLY(bench, "-MOVED 1 a:2\r\n")), WH_REDIS_MOVED);
    assert_int_equal(wh_redis_judge(REPLY(bench, "-ASK 1 a:2\r\n")), WH_REDIS_ASKED);
    assert_int_equal(wh_redis_judge(REPLY(bench, "-READONLY no\r\n")), WH_REDIS_IS_REPLICA);
    assert_int_equal(wh_redis_judge(REPLY(bench, "-TRYAGAIN no\r\n")), WH_REDIS_LATER);
    assert_int_equal(wh_redis_judge(REPLY(bench, "-ASKING\r\n")), WH_REDIS_LATER);
    assert_int_equal(wh_redis_judge(REPLY(bench, "*0\r\n")), WH_REDIS_ANSWERED);
}

static void
slots_are_those_of_the_specification(void **state)
{
    (void)state;
    /* CRC16 of "123456789" is 0x31c3 by the definition of XMODEM; "foo" is of Redis' own docs. */
    assert_int_equal(wh_redis_slot(WH_STR("123456789")), 0x31c3);
    assert_int_equal(wh_redis_slot(WH_STR("foo")), 12182);
    assert_int_equal(wh_redis_slot(WH_STR("")), 0);
}

static void
redirections(void **state)
{
    struct wh_redis_place place;
    uint16_t slot;
    (void)state;
    assert_true(wh_redis_parse_redirection(WH_STR("MOVED 3999 127.0.0.1:6381"), &slot, &place));
    assert_int_equal(slot, 3999);
    assert_string_equal(place.name, "127.0.0.1");
    assert_int_equal(place.port, 6381);
    assert_true(wh_redis_parse_redirection(WH_STR("ASK 0 fd00::1:6381"), &slot, &place));
    assert_string_equal(place.name, "fd00::1");
    assert_true(wh_redis_parse_redirection(WH_STR("MOVED 1 :7"), &slot, &place));
    assert_string_equal(place.name, "");
    static const char *const wrong[] = {
        "",           "MOVED",       "MOVED 1",         "MOVED 1 ",        "MOVED 1 a",
        "MOVED 1 a:", "MOVED a a:1", "MOVED 16384 a:1", "MOVED 1 a:70000", "TRYAGAIN 1 a:1"};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        assert_false(wh_redis_parse_redirection(wh_str_of(wrong[i]), &slot, &place));
    }
}

static void
the_map_of_a_cluster(void **state)
{
    struct bench *bench = *state;
    struct wh_redis_range range;
    size_t at = 0;
    const redisReply *reply =
        REPLY(bench, "*4\r\n"
                     "*3\r\n:0\r\n:99\r\n*3\r\n$9\r\n127.0.0.1\r\n:7000\r\n$1\r\nn\r\n"
                     "*2\r\n:100\r\n:199\r\n"
                     "*4\r\n:200\r\n:299\r\n*2\r\n$-1\r\n:7001\r\n*2\r\n$1\r\nb\r\n:7002\r\n"
                     "*3\r\n:300\r\n:16384\r\n*2\r\n$1\r\nc\r\n:7003\r\n");
    assert_true(wh_redis_next_range(reply, &at, &range));
    assert_int_equal(range.first, 0);
    assert_int_equal(range.last, 99);
    assert_string_equal(range.place.name, "127.0.0.1");
    assert_true(wh_redis_next_range(reply, &at, &range)); /* what cannot be read is passed over */
    assert_int_equal(range.first, 200);
    assert_string_equal(range.place.name, "");
    assert_int_equal(range.place.port, 7001);
    assert_false(wh_redis_next_range(reply, &at, &range));
    at = 0;
    assert_false(wh_redis_next_range(REPLY(bench, "+OK\r\n"), &at, &range));
}

static void
the_primary_of_the_sentinels(void **state)
{
    struct bench *bench = *state;
    struct wh_redis_place place;
    assert_true(wh_redis_parse_primary(REPLY(bench, "*2\r\n$1\r\nh\r\n$4\r\n6400\r\n"), &place));
    assert_string_equal(place.name, "h");
    assert_int_equal(place.port, 6400);
    assert_false(wh_redis_parse_primary(REPLY(bench, "*-1\r\n"), &place));
    assert_false(wh_redis_parse_primary(REPLY(bench, "*2\r\n$0\r\n\r\n$4\r\n6400\r\n"), &place));
    assert_false(wh_redis_parse_primary(REPLY(bench, "*2\r\n$1\r\nh\r\n$1\r\n0\r\n"), &place));
}

static void
what_a_server_says_of_itself(void **state)
{
    struct wh_redis_health health = {.is_replica = false};
    (void)state;
    wh_redis_read_info(WH_STR("# Server\r\nredis_version:7.0.15\r\nrole:slave\r\n"
                              "maxmemory_policy:allkeys-lru\r\naof_enabled:1\r\nrole"),
                       &health);
    assert_true(health.is_replica);
    assert_true(health.may_evict);
    assert_string_equal(health.version, "7.0.15");
    assert_string_equal(health.policy, "allkeys-lru");
    assert_int_equal(health.kept, WH_REDIS_KEPT_LOG);
    wh_redis_read_save(WH_STR(""), &health);
    assert_int_equal(health.kept, WH_REDIS_KEPT_LOG);
    health = (struct wh_redis_health){.is_replica = false};
    wh_redis_read_info(WH_STR("role:master\nmaxmemory_policy:volatile-ttl\naof_enabled:0"),
                       &health);
    assert_false(health.is_replica);
    assert_false(health.may_evict);
    assert_null(wh_redis_note(health.kept));
    wh_redis_read_save(WH_STR(""), &health);
    assert_int_equal(health.kept, WH_REDIS_KEPT_NOWHERE);
    assert_non_null(wh_redis_note(health.kept));
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_stamp_comes_with_everything),
        TEST(values_stand_in_the_order_of_the_keys),
        TEST(dues_end_at_the_limit_or_at_the_moment),
        TEST(a_page_of_heads),
        TEST(what_nobody_expected_is_refused),
        TEST(errors_say_what_to_do),
        TEST(slots_are_those_of_the_specification),
        TEST(redirections),
        TEST(the_map_of_a_cluster),
        TEST(the_primary_of_the_sentinels),
        TEST(what_a_server_says_of_itself),
    };
    return cmocka_run_group_tests_name("redis_reply", tests, NULL, NULL);
}
