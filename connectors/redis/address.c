#include "connectors/redis/address.h"

#include "connectors/redis/number.h"
#include "engine/base/buf.h"

/* Takes up to the separator off *text; without one, everything. Whether there was one. */
static bool
take_until(struct wh_str *text, char separator, struct wh_str *ret_head)
{
    const char *at = text->len == 0 ? NULL : memchr(text->ptr, separator, text->len);
    size_t len = at == NULL ? text->len : (size_t)(at - text->ptr);
    *ret_head = wh_str_slice(*text, 0, len);
    *text = wh_str_slice(*text, at == NULL ? len : len + 1, text->len);
    return at != NULL;
}

static int
hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    char lower = (char)(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

static bool
decode_percents(struct wh_arena *arena, struct wh_str text, struct wh_str *ret_text)
{
    struct wh_buf buf;
    wh_buf_init(&buf, arena);
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] != '%') {
            wh_buf_push_char(&buf, text.ptr[i]);
            continue;
        }
        int high = i + 2 < text.len ? hex_digit(text.ptr[i + 1]) : -1;
        int low = i + 2 < text.len ? hex_digit(text.ptr[i + 2]) : -1;
        if (high < 0 || low < 0) {
            return false;
        }
        wh_buf_push_char(&buf, (char)(16 * high + low));
        i += 2;
    }
    *ret_text = wh_arena_str(arena, wh_buf_str(&buf));
    return true;
}

/* What stands before the last @, if there is one. */
static enum wh_err
parse_user(struct wh_arena *arena, struct wh_str *text, struct wh_redis_address *address,
           struct wh_error *error)
{
    size_t end = text->len;
    while (end > 0 && text->ptr[end - 1] != '@') {
        end--;
    }
    if (end == 0) {
        return WH_OK;
    }
    struct wh_str both = wh_str_slice(*text, 0, end - 1);
    struct wh_str user;
    *text = wh_str_slice(*text, end, text->len);
    if (!take_until(&both, ':', &user)) {
        return wh_error_set(error, WH_ERR_USAGE,
                            "the address of the store: expected user:password@ or :password@");
    }
    if (!decode_percents(arena, user, &address->user) ||
        !decode_percents(arena, both, &address->password)) {
        return wh_error_set(error, WH_ERR_USAGE,
                            "the address of the store: expected two hex digits behind each %% of "
                            "user and password");
    }
    return WH_OK;
}

/* Takes the colon and the port; without a colon the port stays. */
static bool
parse_port(struct wh_str text, uint16_t *port)
{
    uint32_t number = *port;
    if (text.len > 0 && (text.ptr[0] != ':' ||
                         !wh_redis_number(wh_str_slice(text, 1, text.len), UINT16_MAX, &number))) {
        return false;
    }
    *port = (uint16_t)number;
    return number > 0;
}

static bool
is_host_name(struct wh_str name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        bool is_good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.' || c == '_' || c == ':' || c == '%';
        if (!is_good) {
            return false;
        }
    }
    return name.len > 0;
}

static bool
parse_host(struct wh_arena *arena, struct wh_str text, uint16_t port, struct wh_redis_host *host)
{
    struct wh_str name = text;
    struct wh_str rest = text;
    if (text.len > 0 && text.ptr[0] == '[') {
        rest = wh_str_slice(text, 1, text.len);
        if (!take_until(&rest, ']', &name)) {
            return false;
        }
    } else {
        (void)take_until(&rest, ':', &name);
        rest = wh_str_slice(text, name.len, text.len);
    }
    host->port = port;
    host->name = wh_arena_str(arena, name).ptr;
    return is_host_name(name) && parse_port(rest, &host->port);
}

static enum wh_err
parse_hosts(struct wh_arena *arena, struct wh_str text, uint16_t port,
            struct wh_redis_address *address, struct wh_error *error)
{
    bool has_more = true;
    while (has_more) {
        struct wh_str item;
        has_more = take_until(&text, ',', &item);
        if (address->host_count == WH_REDIS_HOSTS_MAX) {
            return wh_error_set(error, WH_ERR_USAGE, "the address of the store: at most %d hosts",
                                WH_REDIS_HOSTS_MAX);
        }
        struct wh_redis_host *host = &address->hosts[address->host_count++];
        if (!parse_host(arena, item, port, host)) {
            return wh_error_set(error, WH_ERR_USAGE,
                                "the address of the store: expected host or host:port, found "
                                "\"%.*s\"",
                                WH_STR_ARG(item));
        }
    }
    if (address->host_count > 1 && address->kind == WH_REDIS_ONE) {
        return wh_error_set(error, WH_ERR_USAGE,
                            "the address of the store names several hosts: that is for "
                            "store.cluster: true, or for sentinel://");
    }
    return WH_OK;
}

static enum wh_err
parse_database(struct wh_str text, struct wh_redis_address *address, struct wh_error *error)
{
    if (text.len > 0 && !wh_redis_number(text, WH_REDIS_DATABASE_MAX, &address->database)) {
        return wh_error_set(error, WH_ERR_USAGE,
                            "the address of the store: expected the number of a database, found "
                            "\"%.*s\"",
                            WH_STR_ARG(text));
    }
    if (address->kind == WH_REDIS_CLUSTER && address->database != 0) {
        return wh_error_set(error, WH_ERR_USAGE, "a cluster has the database 0 only");
    }
    return WH_OK;
}

static enum wh_err
parse_path(struct wh_arena *arena, struct wh_str text, struct wh_redis_address *address,
           struct wh_error *error)
{
    struct wh_str path;
    bool has_query = take_until(&text, '?', &path);
    if (path.len == 0 || path.ptr[0] != '/') {
        return wh_error_set(error, WH_ERR_USAGE,
                            "the address of the store: expected unix:///path, found the path "
                            "\"%.*s\"",
                            WH_STR_ARG(path));
    }
    if (has_query && !wh_str_starts_with(text, WH_STR("db="))) {
        return wh_error_set(error, WH_ERR_USAGE,
                            "the address of the store: expected ?db=N, found \"?%.*s\"",
                            WH_STR_ARG(text));
    }
    address->path = wh_arena_str(arena, path).ptr;
    return parse_database(has_query ? wh_str_slice(text, 3, text.len) : text, address, error);
}

static enum wh_err
parse_network(struct wh_arena *arena, struct wh_str text, struct wh_redis_address *address,
              struct wh_error *error)
{
    bool has_sentinels = address->kind == WH_REDIS_SENTINEL;
    struct wh_str hosts;
    struct wh_str primary = {NULL, 0};
    (void)take_until(&text, '/', &hosts);
    if (has_sentinels) {
        (void)take_until(&text, '/', &primary);
        address->primary = wh_arena_str(arena, primary).ptr;
    }
    if (has_sentinels && primary.len == 0) {
        return wh_error_set(error, WH_ERR_USAGE,
                            "the address of the store: expected sentinel://host,host/primary, "
                            "where the name of the primary is the sentinels' own");
    }
    enum wh_err err = parse_hosts(
        arena, hosts, has_sentinels ? WH_REDIS_SENTINEL_PORT : WH_REDIS_PORT, address, error);
    return err != WH_OK ? err : parse_database(text, address, error);
}

static const struct {
    struct wh_str text;
    enum wh_redis_kind kind;
    bool is_tls;
} schemes[] = {
    {{"redis://", 8}, WH_REDIS_ONE, false},
    {{"rediss://", 9}, WH_REDIS_ONE, true},
    {{"unix://", 7}, WH_REDIS_UNIX, false},
    {{"sentinel://", 11}, WH_REDIS_SENTINEL, false},
    {{"sentinels://", 12}, WH_REDIS_SENTINEL, true},
};

static bool
parse_scheme(struct wh_str *text, bool is_cluster, struct wh_redis_address *address)
{
    for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
        if (wh_str_starts_with(*text, schemes[i].text)) {
            *text = wh_str_slice(*text, schemes[i].text.len, text->len);
            bool is_node = is_cluster && schemes[i].kind == WH_REDIS_ONE;
            address->kind = is_node ? WH_REDIS_CLUSTER : schemes[i].kind;
            address->is_tls = schemes[i].is_tls;
            return true;
        }
    }
    return false;
}

enum wh_err
wh_redis_address_parse(struct wh_arena *arena, struct wh_str text, bool is_cluster,
                       struct wh_redis_address *ret_address, struct wh_error *error)
{
    struct wh_redis_address address = {.database = 0};
    if (!parse_scheme(&text, is_cluster, &address)) {
        return wh_error_set(error, WH_ERR_USAGE,
                            "the address of the store: expected redis://, rediss://, unix://, "
                            "sentinel:// or sentinels://");
    }
    if (is_cluster && address.kind != WH_REDIS_CLUSTER) {
        return wh_error_set(error, WH_ERR_USAGE,
                            "store.cluster: true goes with redis:// and rediss:// only");
    }
    if (text.len > 0 && memchr(text.ptr, '\0', text.len) != NULL) {
        return wh_error_set(error, WH_ERR_USAGE, "the address of the store has a zero byte");
    }
    enum wh_err err = parse_user(arena, &text, &address, error);
    if (err == WH_OK) {
        err = address.kind == WH_REDIS_UNIX ? parse_path(arena, text, &address, error)
                                            : parse_network(arena, text, &address, error);
    }
    if (err == WH_OK) {
        *ret_address = address;
    }
    return err;
}

const char *
wh_redis_address_name(struct wh_arena *arena, const struct wh_redis_address *address)
{
    struct wh_buf buf;
    wh_buf_init(&buf, arena);
    switch (address->kind) {
    case WH_REDIS_UNIX:
        wh_buf_push_text(&buf, address->path);
        break;
    case WH_REDIS_SENTINEL:
        wh_buf_printf(&buf, "primary \"%s\"", address->primary);
        break;
    case WH_REDIS_ONE:
        wh_buf_printf(&buf, "%s:%d", address->hosts[0].name, (int)address->hosts[0].port);
        break;
    case WH_REDIS_CLUSTER:
        wh_buf_printf(&buf, "cluster of %s:%d", address->hosts[0].name,
                      (int)address->hosts[0].port);
        break;
    }
    return wh_buf_text(&buf);
}
