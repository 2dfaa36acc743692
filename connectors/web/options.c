#include "connectors/web/options.h"

#include <sys/resource.h>

#include "engine/base/time.h"

#define BODY_MAX        ((size_t)1 << 20)
#define QUEUE_MAX       ((size_t)64 << 20)
#define PATIENCE        (10 * WH_US_PER_SECOND)
#define REQUEST_TIME    (60 * WH_US_PER_SECOND)
#define GRACE           (3 * WH_US_PER_SECOND)
#define CONNECTIONS_MAX 4096
/* Descriptors that the rest of the program needs. */
#define FILES_KEPT 128

static struct wh_web_keys
copy_keys(struct wh_web *web, struct wh_web_texts texts)
{
    struct wh_str *items = WH_ARENA_ARRAY(&web->arena, struct wh_str, texts.count);
    for (size_t i = 0; i < texts.count; i++) {
        items[i] = wh_arena_str(&web->arena, texts.items[i]);
    }
    return (struct wh_web_keys){items, texts.count};
}

static enum wh_err
take_proxies(struct wh_web *web, struct wh_web_texts texts, struct wh_error *error)
{
    struct wh_web_network *items = WH_ARENA_ARRAY(&web->arena, struct wh_web_network, texts.count);
    for (size_t i = 0; i < texts.count; i++) {
        if (!wh_web_network_parse(texts.items[i], &items[i])) {
            return wh_error_set(error, WH_ERR_USAGE,
                                "collect.trusted_proxies: expected an address or a network such as "
                                "10.0.0.0/8, found %.*s",
                                WH_STR_ARG(texts.items[i]));
        }
    }
    web->trusted = (struct wh_web_networks){items, texts.count};
    return WH_OK;
}

static enum wh_err
take_origins(struct wh_web *web, struct wh_web_texts texts, struct wh_error *error)
{
    web->origins = copy_keys(web, texts);
    for (size_t i = 0; i < texts.count; i++) {
        struct wh_str origin = texts.items[i];
        bool is_any = wh_str_is(origin, "*");
        web->has_any_origin |= is_any;
        if (!is_any && !wh_str_starts_with(origin, WH_STR("https://")) &&
            !wh_str_starts_with(origin, WH_STR("http://"))) {
            return wh_error_set(error, WH_ERR_USAGE,
                                "collect.origins: expected \"*\" or an origin such as "
                                "https://pumps.example, found %.*s",
                                WH_STR_ARG(origin));
        }
    }
    return WH_OK;
}

/* An empty key would let in whoever brings none. */
static enum wh_err
check_keys(const char *name, const struct wh_web_keys *keys, struct wh_error *error)
{
    for (size_t i = 0; i < keys->count; i++) {
        if (keys->items[i].len == 0) {
            return wh_error_set(error, WH_ERR_USAGE,
                                "collect.%s: expected a key, found an empty one", name);
        }
    }
    return WH_OK;
}

static enum wh_err
take_keys(struct wh_web *web, const struct wh_web_options *options, struct wh_error *error)
{
    web->write_keys = copy_keys(web, options->write_keys);
    web->read_keys = copy_keys(web, options->read_keys);
    web->admin_keys = copy_keys(web, options->admin_keys);
    enum wh_err err = check_keys("write_keys", &web->write_keys, error);
    if (err == WH_OK) {
        err = check_keys("read_keys", &web->read_keys, error);
    }
    return err == WH_OK ? check_keys("admin_keys", &web->admin_keys, error) : err;
}

static uint32_t
fit_to_files(uint32_t wanted)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) {
        return wanted;
    }
    rlim_t room =
        limit.rlim_cur > 2 * (rlim_t)FILES_KEPT ? limit.rlim_cur - FILES_KEPT : limit.rlim_cur / 2;
    return room < wanted ? (uint32_t)room : wanted;
}

enum wh_err
wh_web_options_take(struct wh_web *web, const struct wh_web_options *options,
                    struct wh_error *error)
{
    web->body_max = options->body_max > 0 ? options->body_max : BODY_MAX;
    web->queue_max = options->queue_max > 0 ? options->queue_max : QUEUE_MAX;
    web->patience = options->patience > 0 ? options->patience : PATIENCE;
    web->request_time = options->request > 0 ? options->request : REQUEST_TIME;
    web->grace = options->grace > 0 ? options->grace : GRACE;
    web->connections.max =
        fit_to_files(options->connections_max > 0 ? options->connections_max : CONNECTIONS_MAX);
    enum wh_err err = take_keys(web, options, error);
    if (err == WH_OK) {
        err = take_proxies(web, options->trusted_proxies, error);
    }
    return err == WH_OK ? take_origins(web, options->origins, error) : err;
}
