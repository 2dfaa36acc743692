#include "connectors/redis/health.h"

static bool
take_line(struct wh_str *text, struct wh_str *ret_name, struct wh_str *ret_value)
{
    if (text->len == 0) {
        return false;
    }
    const char *end = memchr(text->ptr, '\n', text->len);
    size_t len = end == NULL ? text->len : (size_t)(end - text->ptr);
    struct wh_str line = wh_str_trim(wh_str_slice(*text, 0, len));
    *text = wh_str_slice(*text, end == NULL ? len : len + 1, text->len);
    const char *colon = line.len == 0 ? NULL : memchr(line.ptr, ':', line.len);
    size_t name_len = colon == NULL ? line.len : (size_t)(colon - line.ptr);
    *ret_name = wh_str_slice(line, 0, name_len);
    *ret_value = wh_str_slice(line, colon == NULL ? line.len : name_len + 1, line.len);
    return true;
}

static void
copy_word(char *word, struct wh_str value)
{
    size_t len = value.len < WH_REDIS_WORD_MAX ? value.len : WH_REDIS_WORD_MAX - 1;
    memset(word, 0, WH_REDIS_WORD_MAX);
    memcpy(word, value.ptr, len);
}

/* Our keys have no time to live, so what evicts only keys that have one spares them. */
static bool
may_evict(struct wh_str policy)
{
    return !wh_str_is(policy, "noeviction") && !wh_str_starts_with(policy, WH_STR("volatile-"));
}

void
wh_redis_read_info(struct wh_str info, struct wh_redis_health *health)
{
    struct wh_str name;
    struct wh_str value;
    while (take_line(&info, &name, &value)) {
        if (value.len == 0) {
            continue;
        }
        if (wh_str_is(name, "role")) {
            health->is_replica = !wh_str_is(value, "master");
        } else if (wh_str_is(name, "maxmemory_policy")) {
            health->may_evict = may_evict(value);
            copy_word(health->policy, value);
        } else if (wh_str_is(name, "redis_version")) {
            copy_word(health->version, value);
        } else if (wh_str_is(name, "aof_enabled") && wh_str_is(value, "1")) {
            health->kept = WH_REDIS_KEPT_LOG;
        }
    }
}

void
wh_redis_read_save(struct wh_str save, struct wh_redis_health *health)
{
    if (health->kept == WH_REDIS_KEPT_UNKNOWN) {
        health->kept = save.len == 0 ? WH_REDIS_KEPT_NOWHERE : WH_REDIS_KEPT_DUMPS;
    }
}

const char *
wh_redis_note(enum wh_redis_kept kept)
{
    switch (kept) {
    case WH_REDIS_KEPT_NOWHERE:
        return "Redis keeps nothing on a disk: after a restart of it every partition is rebuilt "
               "from its snapshots (topic states) and replayed from there, which takes minutes for "
               "millions of leads; \"appendonly yes\" makes that seconds";
    case WH_REDIS_KEPT_DUMPS:
        return "Redis keeps dumps only: a restart of it goes back to the last one, and what came "
               "since is replayed from Kafka; \"appendonly yes\" makes that seconds";
    case WH_REDIS_KEPT_UNKNOWN:
    case WH_REDIS_KEPT_LOG:
        break;
    }
    return NULL;
}
