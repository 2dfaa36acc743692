#include "connectors/web/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>

static const uint8_t v4_prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

static bool
is_v4(const struct wh_web_ip *ip)
{
    return memcmp(ip->bytes, v4_prefix, sizeof(v4_prefix)) == 0;
}

bool
wh_web_ip_parse(struct wh_str text, struct wh_web_ip *ret_ip)
{
    char copy[WH_WEB_IP_TEXT_MAX];
    if (text.len == 0 || text.len >= sizeof(copy) || memchr(text.ptr, '\0', text.len) != NULL) {
        return false;
    }
    memcpy(copy, text.ptr, text.len);
    copy[text.len] = '\0';
    struct wh_web_ip ip;
    memcpy(ip.bytes, v4_prefix, sizeof(v4_prefix));
    if (inet_pton(AF_INET, copy, ip.bytes + sizeof(v4_prefix)) != 1 &&
        inet_pton(AF_INET6, copy, ip.bytes) != 1) {
        return false;
    }
    *ret_ip = ip;
    return true;
}

bool
wh_web_ip_of(const struct sockaddr *address, struct wh_web_ip *ret_ip)
{
    if (address->sa_family == AF_INET) {
        struct sockaddr_in in;
        memcpy(&in, address, sizeof(in));
        memcpy(ret_ip->bytes, v4_prefix, sizeof(v4_prefix));
        memcpy(ret_ip->bytes + sizeof(v4_prefix), &in.sin_addr, 4);
        return true;
    }
    if (address->sa_family == AF_INET6) {
        struct sockaddr_in6 in6;
        memcpy(&in6, address, sizeof(in6));
        memcpy(ret_ip->bytes, &in6.sin6_addr, WH_WEB_IP_SIZE);
        return true;
    }
    return false;
}

bool
wh_web_ip_is_loopback(const struct wh_web_ip *ip)
{
    static const uint8_t loopback[WH_WEB_IP_SIZE] = {[WH_WEB_IP_SIZE - 1] = 1};
    return is_v4(ip) ? ip->bytes[sizeof(v4_prefix)] == 127
                     : memcmp(ip->bytes, loopback, sizeof(loopback)) == 0;
}

struct wh_web_ip_text
wh_web_ip_format(const struct wh_web_ip *ip)
{
    struct wh_web_ip_text result = {""};
    const char *text = is_v4(ip) ? inet_ntop(AF_INET, ip->bytes + sizeof(v4_prefix), result.text,
                                             sizeof(result.text))
                                 : inet_ntop(AF_INET6, ip->bytes, result.text, sizeof(result.text));
    return text == NULL ? (struct wh_web_ip_text){""} : result;
}

/* At most three digits; false for anything else. */
static bool
parse_bits(struct wh_str text, uint32_t *ret_bits)
{
    uint32_t bits = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9' || i == 3) {
            return false;
        }
        bits = bits * 10 + (uint32_t)(text.ptr[i] - '0');
    }
    *ret_bits = bits;
    return text.len > 0;
}

bool
wh_web_network_parse(struct wh_str text, struct wh_web_network *ret_network)
{
    const char *slash = text.len == 0 ? NULL : memchr(text.ptr, '/', text.len);
    size_t len = slash == NULL ? text.len : (size_t)(slash - text.ptr);
    struct wh_web_network network;
    if (!wh_web_ip_parse(wh_str_slice(text, 0, len), &network.ip)) {
        return false;
    }
    uint32_t size = is_v4(&network.ip) ? 32 : 128;
    uint32_t bits = size;
    if (slash != NULL &&
        (!parse_bits(wh_str_slice(text, len + 1, text.len), &bits) || bits > size)) {
        return false;
    }
    network.bits = bits + (128 - size);
    *ret_network = network;
    return true;
}

bool
wh_web_network_has(const struct wh_web_network *network, const struct wh_web_ip *ip)
{
    uint32_t whole = network->bits / 8;
    uint32_t rest = network->bits % 8;
    if (memcmp(network->ip.bytes, ip->bytes, whole) != 0) {
        return false;
    }
    return rest == 0 || (network->ip.bytes[whole] ^ ip->bytes[whole]) >> (8 - rest) == 0;
}

bool
wh_web_host_split(struct wh_str text, struct wh_str *ret_host, struct wh_str *ret_port)
{
    bool has_brackets = text.len > 0 && text.ptr[0] == '[';
    const char *end = text.len == 0 ? NULL : memchr(text.ptr, has_brackets ? ']' : ':', text.len);
    if (has_brackets && end == NULL) {
        return false;
    }
    size_t host_end = end == NULL ? text.len : (size_t)(end - text.ptr);
    size_t at = host_end + (has_brackets ? 1 : 0);
    *ret_host = wh_str_slice(text, has_brackets ? 1 : 0, host_end);
    *ret_port = WH_STR("");
    if (at < text.len) {
        *ret_port = wh_str_slice(text, at + 1, text.len);
        return text.ptr[at] == ':';
    }
    return true;
}

bool
wh_web_host_is_loopback(struct wh_str header)
{
    struct wh_str host;
    struct wh_str port;
    struct wh_web_ip ip;
    if (!wh_web_host_split(header, &host, &port)) {
        return false;
    }
    return wh_str_equal_nocase(host, WH_STR("localhost")) ||
           (wh_web_ip_parse(host, &ip) && wh_web_ip_is_loopback(&ip));
}
