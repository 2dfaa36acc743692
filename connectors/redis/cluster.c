#include "connectors/redis/cluster.h"

#include "connectors/redis/number.h"

#define POLYNOMIAL 0x1021

uint16_t
wh_redis_slot(struct wh_str tag)
{
    unsigned crc = 0;
    for (size_t i = 0; i < tag.len; i++) {
        crc ^= (unsigned)(uint8_t)tag.ptr[i] << 8;
        for (int bit = 0; bit < 8; bit++) {
            crc = (crc & 0x8000) != 0 ? (crc << 1) ^ POLYNOMIAL : crc << 1;
        }
        crc &= 0xffff;
    }
    return (uint16_t)(crc % WH_REDIS_SLOTS);
}

static bool
set_place(struct wh_redis_place *place, struct wh_str name, int64_t port)
{
    bool is_good = name.len < sizeof(place->name) && port > 0 && port <= UINT16_MAX &&
                   (name.len == 0 || memchr(name.ptr, '\0', name.len) == NULL);
    if (!is_good) {
        return false;
    }
    memset(place, 0, sizeof(*place));
    if (name.len > 0) {
        memcpy(place->name, name.ptr, name.len);
    }
    place->port = (uint16_t)port;
    return true;
}

bool
wh_redis_parse_redirection(struct wh_str text, uint16_t *ret_slot, struct wh_redis_place *ret_place)
{
    size_t begin = wh_str_starts_with(text, WH_STR("MOVED ")) ? 6
                   : wh_str_starts_with(text, WH_STR("ASK ")) ? 4
                                                              : 0;
    size_t space = begin;
    size_t colon = text.len;
    uint32_t slot;
    uint32_t port;
    while (space < text.len && text.ptr[space] != ' ') {
        space++;
    }
    /* The last colon: an address of IPv6 has some, too. */
    while (colon > space && text.ptr[colon - 1] != ':') {
        colon--;
    }
    if (begin == 0 || colon <= space + 1 ||
        !wh_redis_number(wh_str_slice(text, begin, space), WH_REDIS_SLOTS - 1, &slot) ||
        !wh_redis_number(wh_str_slice(text, colon, text.len), UINT16_MAX, &port) ||
        !set_place(ret_place, wh_str_slice(text, space + 1, colon - 1), port)) {
        return false;
    }
    *ret_slot = (uint16_t)slot;
    return true;
}

static struct wh_str
text_of(const redisReply *reply)
{
    bool is_text = reply->type == REDIS_REPLY_STRING || reply->type == REDIS_REPLY_STATUS;
    return is_text ? (struct wh_str){reply->str, reply->len} : (struct wh_str){NULL, 0};
}

/* "?" is what a node says that does not know its own name. */
static bool
parse_node(const redisReply *node, struct wh_redis_place *ret_place)
{
    if (node->type != REDIS_REPLY_ARRAY || node->elements < 2 ||
        node->element[1]->type != REDIS_REPLY_INTEGER) {
        return false;
    }
    struct wh_str name = text_of(node->element[0]);
    name.len = wh_str_is(name, "?") ? 0 : name.len;
    return set_place(ret_place, name, node->element[1]->integer);
}

static bool
parse_range(const redisReply *item, struct wh_redis_range *ret_range)
{
    if (item->type != REDIS_REPLY_ARRAY || item->elements < 3 ||
        item->element[0]->type != REDIS_REPLY_INTEGER ||
        item->element[1]->type != REDIS_REPLY_INTEGER) {
        return false;
    }
    long long first = item->element[0]->integer;
    long long last = item->element[1]->integer;
    if (first < 0 || last < first || last >= WH_REDIS_SLOTS ||
        !parse_node(item->element[2], &ret_range->place)) {
        return false;
    }
    ret_range->first = (uint16_t)first;
    ret_range->last = (uint16_t)last;
    return true;
}

bool
wh_redis_next_range(const redisReply *reply, size_t *at, struct wh_redis_range *ret_range)
{
    if (reply->type != REDIS_REPLY_ARRAY) {
        return false;
    }
    while (*at < reply->elements) {
        const redisReply *item = reply->element[(*at)++];
        if (parse_range(item, ret_range)) {
            return true;
        }
    }
    return false;
}

bool
wh_redis_parse_primary(const redisReply *reply, struct wh_redis_place *ret_place)
{
    uint32_t port;
    if (reply->type != REDIS_REPLY_ARRAY || reply->elements != 2 ||
        !wh_redis_number(text_of(reply->element[1]), UINT16_MAX, &port)) {
        return false;
    }
    struct wh_str name = text_of(reply->element[0]);
    return name.len > 0 && set_place(ret_place, name, port);
}
