#include <stdio.h>
#include <string.h>
#include <uv.h>

#include "connectors/redis/state.h"
#include "engine/base/buf.h"

struct check {
    struct wh_redis *redis;
    bool is_answered;
    char why[2 * WH_REDIS_REASON_MAX];
};

static void
on_answer(void *self)
{
    struct check *check = self;
    check->is_answered = true;
}

static void
on_news(void *self, enum wh_redis_news news, const char *text)
{
    struct check *check = self;
    if (news == WH_REDIS_AWAY) {
        (void)snprintf(check->why, sizeof(check->why), "%s", text);
    }
}

/* What waiting does not mend. */
static bool
is_for_ever(const char *why)
{
    static const char *const signs[] = {
        "maxmemory-policy", "it is a replica",   "WRONGPASS",          "NOAUTH",
        "NOPERM",           "ERR AUTH",          "ERR invalid DB",     "ERR DB index",
        "certificate",      "hostname mismatch", "IP address mismatch"};
    for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
        if (strstr(why, signs[i]) != NULL) {
            return true;
        }
    }
    return false;
}

static enum wh_err
ask(struct check *check, uv_loop_t *loop, struct wh_redis_health *ret_health,
    struct wh_error *error)
{
    const struct wh_store_request meta = {.call = WH_STORE_META};
    struct wh_store store = wh_redis_port(check->redis);
    struct wh_store_answer answer;
    store.start(store.self, &meta);
    while (!check->is_answered) {
        (void)uv_run(loop, UV_RUN_ONCE);
    }
    (void)store.poll(store.self, &answer);
    if (answer.result == WH_STORE_OK) {
        *ret_health = check->redis->nodes.health;
        return WH_OK;
    }
    return wh_error_set(error, is_for_ever(check->why) ? WH_ERR_USAGE : WH_ERR_OUTSIDE,
                        "the store cannot be used: %s", check->why);
}

enum wh_err
wh_redis_check(const struct wh_redis_options *options, struct wh_redis_health *ret_health,
               struct wh_error *error)
{
    uv_loop_t loop;
    struct check check = {.is_answered = false};
    if (uv_loop_init(&loop) != 0) {
        return wh_error_set(error, WH_ERR_OUTSIDE, "the event loop cannot be made");
    }
    const struct wh_redis_env env = {&loop, &check, on_answer, on_news};
    enum wh_err err = wh_redis_open(options, &env, &check.redis, error);
    err = err == WH_OK ? ask(&check, &loop, ret_health, error) : err;
    wh_redis_close(&check.redis);
    (void)uv_run(&loop, UV_RUN_DEFAULT);
    (void)uv_loop_close(&loop);
    return err;
}

struct wh_str
wh_libraries_hiredis(struct wh_arena *arena)
{
    struct wh_buf buf;
    wh_buf_init(&buf, arena);
    wh_buf_printf(&buf, "%d.%d.%d", HIREDIS_MAJOR, HIREDIS_MINOR, HIREDIS_PATCH);
    return wh_buf_str(&buf);
}
