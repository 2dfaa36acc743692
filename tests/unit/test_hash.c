#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/base/hash.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define DATA_MAX     1000

/* The bytes 0, 1, 2 … 255, 0 … */
static struct wh_str
counting_bytes(char *memory, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        memory[i] = (char)(unsigned char)i;
    }
    return (struct wh_str){memory, size};
}

static void
siphash_gives_the_vectors_of_its_authors(void **state)
{
    (void)state;
    static const struct {
        size_t size;
        const char *hex;
    } cases[] = {
        {0, "a3817f04ba25a8e66df67214c7550293"}, {1, "da87c1d86b99af44347659119b22fc45"},
        {2, "8177228da4a45dc7fca38bdef60affe4"}, {3, "9c70b60c5267a94e5f33b6b02985ed51"},
        {4, "f88164c12d9c8faf7d0f6e7c7bcd5579"}, {5, "1368875980776f8854527a07690e9627"},
        {6, "14eeca338b208613485ea0308fd7a15e"}, {7, "a1f1ebbed8dbc153c0b84aa61ff08239"},
        {8, "3b62a9ba6258f5610f83e264f31497b4"}, {15, "5493e99933b0a8117e08ec0f97cfc3d9"},
    };
    uint8_t key[WH_HASH_KEY_SIZE];
    for (size_t i = 0; i < sizeof(key); i++) {
        key[i] = (uint8_t)i;
    }
    for (size_t i = 0; i < COUNT(cases); i++) {
        char data[16];
        char hex[2 * WH_HASH_ID_SIZE + 1];
        struct wh_hash_id id = wh_hash_siphash(key, counting_bytes(data, cases[i].size));
        wh_hash_hex(id.bytes, sizeof(id.bytes), hex);
        assert_string_equal(hex, cases[i].hex);
    }
}

static void
a_fingerprint_is_the_start_of_an_unkeyed_siphash(void **state)
{
    (void)state;
    static const uint8_t zero_key[WH_HASH_KEY_SIZE] = {0};
    struct wh_hash_id id = wh_hash_siphash(zero_key, WH_STR("pumps"));
    uint64_t fingerprint = 0;
    for (size_t i = 0; i < 8; i++) {
        fingerprint |= (uint64_t)id.bytes[i] << (8 * i);
    }
    assert_int_equal(wh_hash_fingerprint(WH_STR("pumps")), fingerprint);
    assert_int_not_equal(wh_hash_fingerprint(WH_STR("pump")), fingerprint);
}

static void
sha256_gives_what_other_implementations_give(void **state)
{
    (void)state;
    static const struct {
        size_t size;
        const char *hex;
    } cases[] = {
        {0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {55, "463eb28e72f82e0a96c0a4cc53690c571281131f672aa229e0d45ae59b598b59"},
        {56, "da2ae4d6b36748f2a318f23e7ab1dfdf45acdc9d049bd80e59de82a60895f562"},
        {63, "29af2686fd53374a36b0846694cc342177e428d1647515f078784d69cdb9e488"},
        {64, "fdeab9acf3710362bd2658cdc9a29e8f9c757fcf9811603a8c447cd1d9151108"},
        {65, "4bfd2c8b6f1eec7a2afeb48b934ee4b2694182027e6d0fc075074f2fabb31781"},
        {119, "da18797ed7c3a777f0847f429724a2d8cd5138e6ed2895c3fa1a6d39d18f7ec6"},
        {120, "f52b23db1fbb6ded89ef42a23ce0c8922c45f25c50b568a93bf1c075420bbb7c"},
        {1000, "a8af099bf2e878609558dbf69d8f88f4a31040a8cf84b549a0cfa912f12ffc3f"},
    };
    uint8_t digest[WH_HASH_SHA256_SIZE];
    char hex[2 * WH_HASH_SHA256_SIZE + 1];
    for (size_t i = 0; i < COUNT(cases); i++) {
        char data[DATA_MAX];
        wh_hash_sha256(counting_bytes(data, cases[i].size), digest);
        wh_hash_hex(digest, sizeof(digest), hex);
        assert_string_equal(hex, cases[i].hex);
    }
    wh_hash_sha256(WH_STR("abc"), digest);
    wh_hash_hex(digest, sizeof(digest), hex);
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void
keys_go_to_the_partition_that_kafka_clients_choose(void **state)
{
    (void)state;
    /* The hashes that Kafka's own tests expect. */
    static const struct {
        const char *key;
        int32_t hash;
    } cases[] = {
        {"", 275646681},
        {"21", -973932308},
        {"abc", 479470107},
        {"foobar", -790332482},
        {"a-little-bit-long-string", -985981536},
        {"a-little-bit-longer-string", -1486304829},
        {"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        uint32_t positive = (uint32_t)cases[i].hash & 0x7FFFFFFF;
        struct wh_str key = wh_str_of(cases[i].key);
        assert_int_equal(wh_hash_murmur2_partition(key, UINT32_MAX), positive);
        assert_int_equal(wh_hash_murmur2_partition(key, 12), positive % 12);
        assert_int_equal(wh_hash_murmur2_partition(key, 1), 0);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(siphash_gives_the_vectors_of_its_authors),
        cmocka_unit_test(a_fingerprint_is_the_start_of_an_unkeyed_siphash),
        cmocka_unit_test(sha256_gives_what_other_implementations_give),
        cmocka_unit_test(keys_go_to_the_partition_that_kafka_clients_choose),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
