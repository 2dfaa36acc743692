#include "connectors/web/proxy.h"

bool
wh_web_networks_have(struct wh_web_networks networks, const struct wh_web_ip *ip)
{
    for (size_t i = 0; i < networks.count; i++) {
        if (wh_web_network_has(&networks.items[i], ip)) {
            return true;
        }
    }
    return false;
}

/* Takes the part behind the last separator away from *list. */
static struct wh_str
pop_last(struct wh_str *list, char separator)
{
    size_t at = list->len;
    while (at > 0 && list->ptr[at - 1] != separator) {
        at--;
    }
    struct wh_str last = wh_str_slice(*list, at, list->len);
    list->len = at > 0 ? at - 1 : 0;
    return wh_str_trim(last);
}

static struct wh_str
without_quotes(struct wh_str text)
{
    bool is_quoted = text.len >= 2 && text.ptr[0] == '"' && text.ptr[text.len - 1] == '"';
    return is_quoted ? wh_str_slice(text, 1, text.len - 1) : text;
}

/* The value of a parameter of one element of Forwarded; empty: none. */
static struct wh_str
find_parameter(struct wh_str element, struct wh_str name)
{
    while (element.len > 0) {
        struct wh_str pair = pop_last(&element, ';');
        const char *equals = pair.len == 0 ? NULL : memchr(pair.ptr, '=', pair.len);
        size_t len = equals == NULL ? pair.len : (size_t)(equals - pair.ptr);
        if (equals != NULL && wh_str_equal_nocase(wh_str_trim(wh_str_slice(pair, 0, len)), name)) {
            return without_quotes(wh_str_trim(wh_str_slice(pair, len + 1, pair.len)));
        }
    }
    return WH_STR("");
}

/* An address that may have a port; IPv6 in brackets then. */
static bool
parse_node(struct wh_str node, struct wh_web_ip *ret_ip)
{
    struct wh_str host;
    struct wh_str port;
    return wh_web_ip_parse(node, ret_ip) ||
           (wh_web_host_split(node, &host, &port) && wh_web_ip_parse(host, ret_ip));
}

bool
wh_web_proxy_client(struct wh_web_networks trusted, struct wh_str forwarded, struct wh_str listed,
                    struct wh_web_ip *ret_ip)
{
    bool is_forwarded = forwarded.len > 0;
    struct wh_str rest = is_forwarded ? forwarded : listed;
    while (rest.len > 0) {
        struct wh_str element = pop_last(&rest, ',');
        struct wh_str node = is_forwarded ? find_parameter(element, WH_STR("for")) : element;
        struct wh_web_ip ip;
        if (!parse_node(node, &ip)) {
            return false;
        }
        if (!wh_web_networks_have(trusted, &ip)) {
            *ret_ip = ip;
            return true;
        }
    }
    return false;
}

bool
wh_web_proxy_has_tls(struct wh_str forwarded, struct wh_str proto)
{
    struct wh_str said = forwarded.len > 0
                             ? find_parameter(pop_last(&forwarded, ','), WH_STR("proto"))
                             : pop_last(&proto, ',');
    return wh_str_equal_nocase(said, WH_STR("https"));
}
