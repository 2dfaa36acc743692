#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "connectors/redis/address.h"

static struct wh_redis_address
parsed(struct wh_arena *arena, const char *text, bool is_cluster)
{
    struct wh_redis_address address;
    struct wh_error error = {.code = WH_OK};
    enum wh_err err = wh_redis_address_parse(arena, wh_str_of(text), is_cluster, &address, &error);
    if (err != WH_OK) {
        fail_msg("%s: %s", text, error.message);
    }
    return address;
}

static void
one_server(void **state)
{
    struct wh_arena arena;
    (void)state;
    wh_arena_init(&arena, 0);
    struct wh_redis_address address = parsed(&arena, "redis://store", false);
    assert_int_equal(address.kind, WH_REDIS_ONE);
    assert_false(address.is_tls);
    assert_int_equal(address.host_count, 1);
    assert_string_equal(address.hosts[0].name, "store");
    assert_int_equal(address.hosts[0].port, 6379);
    assert_int_equal(address.password.len, 0);
    address = parsed(&arena, "rediss://ann:p%40ss%3a%00@[fd00::7]:7000/12", false);
    assert_true(address.is_tls);
    assert_string_equal(address.hosts[0].name, "fd00::7");
    assert_int_equal(address.hosts[0].port, 7000);
    assert_int_equal(address.database, 12);
    assert_true(wh_str_is(address.user, "ann"));
    assert_int_equal(address.password.len, 6);
    assert_memory_equal(address.password.ptr, "p@ss:\0", 6);
    address = parsed(&arena, "redis://:only:@10.0.0.1/", false);
    assert_int_equal(address.user.len, 0);
    assert_true(wh_str_is(address.password, "only:"));
    assert_string_equal(wh_redis_address_name(&arena, &address), "10.0.0.1:6379");
    wh_arena_fini(&arena);
}

static void
a_socket_of_this_machine(void **state)
{
    struct wh_arena arena;
    (void)state;
    wh_arena_init(&arena, 0);
    struct wh_redis_address address = parsed(&arena, "unix:///run/redis.sock", false);
    assert_int_equal(address.kind, WH_REDIS_UNIX);
    assert_string_equal(address.path, "/run/redis.sock");
    address = parsed(&arena, "unix://u:p@/run/a,b.sock?db=3", false);
    assert_string_equal(address.path, "/run/a,b.sock");
    assert_int_equal(address.database, 3);
    assert_true(wh_str_is(address.user, "u"));
    assert_string_equal(wh_redis_address_name(&arena, &address), "/run/a,b.sock");
    wh_arena_fini(&arena);
}

static void
several_hosts(void **state)
{
    struct wh_arena arena;
    (void)state;
    wh_arena_init(&arena, 0);
    struct wh_redis_address address =
        parsed(&arena, "sentinel://:pw@a,b:26380,[::1]/leads/2", false);
    assert_int_equal(address.kind, WH_REDIS_SENTINEL);
    assert_int_equal(address.host_count, 3);
    assert_int_equal(address.hosts[0].port, 26379);
    assert_int_equal(address.hosts[1].port, 26380);
    assert_string_equal(address.hosts[2].name, "::1");
    assert_string_equal(address.primary, "leads");
    assert_int_equal(address.database, 2);
    assert_true(parsed(&arena, "sentinels://a/leads", false).is_tls);
    address = parsed(&arena, "rediss://a:1,b:2", true);
    assert_int_equal(address.kind, WH_REDIS_CLUSTER);
    assert_int_equal(address.host_count, 2);
    assert_int_equal(parsed(&arena, "redis://a", true).kind, WH_REDIS_CLUSTER);
    wh_arena_fini(&arena);
}

static const struct refused {
    const char *text, *expected;
    bool is_cluster;
} cases[] = {
    {"", "expected redis://", false},
    {"http://store", "expected redis://", false},
    {"redis://", "expected host or host:port, found \"\"", false},
    {"redis://store:", "found \"store:\"", false},
    {"redis://store:0", "found \"store:0\"", false},
    {"redis://store:65536", "found \"store:65536\"", false},
    {"redis://store:7x", "found \"store:7x\"", false},
    {"redis://[::1", "found \"[::1\"", false},
    {"redis://st ore", "found \"st ore\"", false},
    {"redis://a,b", "store.cluster: true", false},
    {"redis://store/leads", "number of a database, found \"leads\"", false},
    {"redis://store/65536", "number of a database", false},
    {"redis://store/1", "database 0 only", true},
    {"redis://secret@store", "expected user:password@", false},
    {"redis://u:secret%4@store", "two hex digits", false},
    {"redis://u:secret%zz@store", "two hex digits", false},
    {"unix://run/redis.sock", "expected unix:///path", false},
    {"unix:///run/redis.sock?database=1", "expected ?db=N", false},
    {"unix:///run/redis.sock", "redis:// and rediss:// only", true},
    {"sentinel://a,b", "expected sentinel://host,host/primary", false},
    {"sentinel://a,,b/leads", "found \"\"", false},
    {"sentinel://1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17/x", "at most 16 hosts", false},
};

static void
assert_refused(struct wh_arena *arena, const struct refused *refused)
{
    struct wh_redis_address address;
    struct wh_error error;
    assert_int_equal(wh_redis_address_parse(arena, wh_str_of(refused->text), refused->is_cluster,
                                            &address, &error),
                     WH_ERR_USAGE);
    if (strstr(error.message, refused->expected) == NULL) {
        fail_msg("%s: %s", refused->text, error.message);
    }
    assert_null(strstr(error.message, "secret"));
}

static void
what_is_wrong_is_told_without_the_password(void **state)
{
    struct wh_arena arena;
    (void)state;
    wh_arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_refused(&arena, &cases[i]);
    }
    wh_arena_fini(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_server),
        cmocka_unit_test(a_socket_of_this_machine),
        cmocka_unit_test(several_hosts),
        cmocka_unit_test(what_is_wrong_is_told_without_the_password),
    };
    return cmocka_run_group_tests_name("redis_address", tests, NULL, NULL);
}
