#include "connectors/redis/nodes.h"

#include <assert.h>
#include <stdio.h>
#include <uv.h>

static uint64_t
now_of(const struct wh_redis_nodes *nodes)
{
    return uv_now(nodes->env.link.loop);
}

static enum wh_redis_kind
kind_of(const struct wh_redis_nodes *nodes)
{
    return nodes->env.link.address->kind;
}

/* xorshift64: so that many engines do not come back in the same moment. */
static uint64_t
chance(struct wh_redis_nodes *nodes, uint64_t below)
{
    nodes->chance ^= nodes->chance << 13;
    nodes->chance ^= nodes->chance >> 7;
    nodes->chance ^= nodes->chance << 17;
    return nodes->chance % below;
}

static void
lengthen(struct wh_redis_nodes *nodes, struct wh_redis_pause *pause)
{
    uint64_t next = 2 * pause->last;
    next = next < WH_REDIS_PAUSE_MIN_MS ? WH_REDIS_PAUSE_MIN_MS : next;
    pause->last = next < WH_REDIS_PAUSE_MAX_MS ? next : WH_REDIS_PAUSE_MAX_MS;
    pause->until = now_of(nodes) + pause->last * 3 / 4 + chance(nodes, pause->last / 2);
}

static void
keep_reason(struct wh_redis_nodes *nodes, const char *name, uint16_t port, const char *why)
{
    if (port == 0) {
        (void)snprintf(nodes->why, sizeof(nodes->why), "%s", why);
    } else {
        (void)snprintf(nodes->why, sizeof(nodes->why), "%.128s:%u: %s", name, (unsigned)port, why);
    }
}

static int
find_link(const struct wh_redis_nodes *nodes, const struct wh_redis_link *link)
{
    for (int i = 0; i < nodes->count; i++) {
        if (nodes->items[i].link == link) {
            return i;
        }
    }
    return -1;
}

static void
on_ready(void *self, struct wh_redis_link *link)
{
    struct wh_redis_nodes *nodes = self;
    int node = find_link(nodes, link);
    assert(node >= 0);
    nodes->items[node].pause.last = 0;
    nodes->is_ready = true;
    nodes->health = *wh_redis_link_health(link);
    nodes->env.on_change(nodes->env.self);
}

/* Whoever led here may know by now that it is another one. */
static void
on_closed(void *self, struct wh_redis_link *link, const char *why)
{
    struct wh_redis_nodes *nodes = self;
    int node = find_link(nodes, link);
    assert(node >= 0);
    struct wh_redis_node *item = &nodes->items[node];
    bool is_led = kind_of(nodes) == WH_REDIS_CLUSTER || kind_of(nodes) == WH_REDIS_SENTINEL;
    nodes->is_known = nodes->is_known && !is_led;
    lengthen(nodes, &item->pause);
    keep_reason(nodes, item->place.name, item->place.port, why);
    nodes->env.on_lost(nodes->env.self, node, why);
}

/* Of those that have no slot any more, one without a connection; -1: none. */
static int
find_unused(const struct wh_redis_nodes *nodes)
{
    bool is_used[WH_REDIS_NODES_MAX] = {false};
    for (size_t slot = 0; slot < WH_REDIS_SLOTS; slot++) {
        if (nodes->owners[slot] >= 0) {
            is_used[nodes->owners[slot]] = true;
        }
    }
    for (int i = 0; i < nodes->count; i++) {
        const struct wh_redis_link *link = nodes->items[i].link;
        bool is_idle = link == NULL || wh_redis_link_state(link) == WH_REDIS_LINK_CLOSED;
        if (!is_used[i] && is_idle) {
            return i;
        }
    }
    return -1;
}

static int
add_node(struct wh_redis_nodes *nodes, const struct wh_redis_place *place)
{
    for (int i = 0; i < nodes->count; i++) {
        const struct wh_redis_place *known = &nodes->items[i].place;
        if (known->port == place->port && strcmp(known->name, place->name) == 0) {
            return i;
        }
    }
    int node = nodes->count < WH_REDIS_NODES_MAX ? nodes->count++ : find_unused(nodes);
    if (node >= 0) {
        nodes->items[node].place = *place;
        nodes->items[node].pause = (struct wh_redis_pause){0};
    }
    return node;
}

static void
set_place(struct wh_redis_place *place, const struct wh_redis_host *host)
{
    (void)snprintf(place->name, sizeof(place->name), "%s", host->name);
    place->port = host->port;
}

/* The sentinels' primary is always node 0, wherever it is. */
static bool
take_primary(struct wh_redis_nodes *nodes, const redisReply *reply)
{
    struct wh_redis_place place;
    if (!wh_redis_parse_primary(reply, &place)) {
        return false;
    }
    bool is_other = nodes->count == 0 || nodes->items[0].place.port != place.port ||
                    strcmp(nodes->items[0].place.name, place.name) != 0;
    nodes->count = 1;
    nodes->items[0].place = place;
    if (is_other) {
        nodes->items[0].pause = (struct wh_redis_pause){0};
    }
    return true;
}

static bool
take_map(struct wh_redis_nodes *nodes, const redisReply *reply)
{
    struct wh_redis_range range;
    size_t at = 0;
    bool has_any = false;
    while (wh_redis_next_range(reply, &at, &range)) {
        if (range.place.name[0] == '\0') {
            memcpy(range.place.name, nodes->guide_place.name, sizeof(range.place.name));
        }
        int node = add_node(nodes, &range.place);
        has_any = true;
        for (unsigned slot = range.first; slot <= range.last; slot++) {
            nodes->owners[slot] = (int16_t)node;
        }
    }
    return has_any;
}

static void
on_guided(redisAsyncContext *context, void *reply, void *self)
{
    struct wh_redis_nodes *nodes = self;
    if (context->data == NULL || reply == NULL) {
        freeReplyObject(reply);
        return;
    }
    const redisReply *answer = reply;
    nodes->is_known =
        kind_of(nodes) == WH_REDIS_CLUSTER ? take_map(nodes, answer) : take_primary(nodes, answer);
    wh_redis_link_close(nodes->guide, answer->type == REDIS_REPLY_ERROR ? answer->str
                                      : nodes->is_known                 ? "done"
                                                        : "it does not know where the leads are");
    freeReplyObject(reply);
    nodes->env.on_change(nodes->env.self);
}

static void
on_guide_ready(void *self, struct wh_redis_link *link)
{
    struct wh_redis_nodes *nodes = self;
    const char *primary = nodes->env.link.address->primary;
    const char *of_cluster[] = {"CLUSTER", "SLOTS"};
    const char *of_sentinel[] = {"SENTINEL", "GET-MASTER-ADDR-BY-NAME", primary};
    size_t cluster_lens[] = {7, 5};
    size_t sentinel_lens[] = {8, 23, primary == NULL ? 0 : strlen(primary)};
    struct wh_redis_command command = {2, of_cluster, cluster_lens};
    if (kind_of(nodes) == WH_REDIS_SENTINEL) {
        command = (struct wh_redis_command){3, of_sentinel, sentinel_lens};
    }
    if (!wh_redis_link_send(link, &command, on_guided, nodes)) {
        wh_redis_link_close(link, "no memory to ask it");
    }
}

static void
on_guide_closed(void *self, struct wh_redis_link *link, const char *why)
{
    struct wh_redis_nodes *nodes = self;
    (void)link;
    if (nodes->is_known) {
        nodes->guide_pause.last = 0;
        nodes->guide_turn--; /* who knew it is asked first the next time */
        return;
    }
    lengthen(nodes, &nodes->guide_pause);
    keep_reason(nodes, nodes->guide_place.name, nodes->guide_place.port, why);
}

/* Those of the address in turn, and in a cluster all that it ever named. */
static void
choose_guide(struct wh_redis_nodes *nodes)
{
    const struct wh_redis_address *address = nodes->env.link.address;
    size_t known = kind_of(nodes) == WH_REDIS_CLUSTER ? (size_t)nodes->count : 0;
    size_t turn = nodes->guide_turn++ % (address->host_count + known);
    if (turn < address->host_count) {
        set_place(&nodes->guide_place, &address->hosts[turn]);
    } else {
        nodes->guide_place = nodes->items[turn - address->host_count].place;
    }
}

static void
ask_guide(struct wh_redis_nodes *nodes)
{
    if (nodes->guide == NULL) {
        nodes->guide = wh_redis_link_create(&nodes->guide_env);
    }
    bool is_free = nodes->guide != NULL &&
                   wh_redis_link_state(nodes->guide) == WH_REDIS_LINK_CLOSED &&
                   now_of(nodes) >= nodes->guide_pause.until;
    if (is_free) {
        choose_guide(nodes);
        wh_redis_link_open(nodes->guide, nodes->guide_place.name, nodes->guide_place.port);
    }
}

void
wh_redis_nodes_init(struct wh_redis_nodes *nodes, const struct wh_redis_nodes_env *env)
{
    memset(nodes, 0, sizeof(*nodes));
    nodes->env = *env;
    nodes->env.link.self = nodes;
    nodes->env.link.on_ready = on_ready;
    nodes->env.link.on_closed = on_closed;
    nodes->guide_env = nodes->env.link;
    nodes->guide_env.is_guide = true;
    nodes->guide_env.on_ready = on_guide_ready;
    nodes->guide_env.on_closed = on_guide_closed;
    nodes->chance = uv_hrtime() | 1;
    memset(nodes->owners, 0xff, sizeof(nodes->owners));
    if (kind_of(nodes) == WH_REDIS_ONE) {
        set_place(&nodes->items[0].place, &env->link.address->hosts[0]);
    }
    nodes->is_known = kind_of(nodes) == WH_REDIS_ONE || kind_of(nodes) == WH_REDIS_UNIX;
    nodes->count = nodes->is_known ? 1 : 0;
}

void
wh_redis_nodes_fini(struct wh_redis_nodes *nodes)
{
    wh_redis_link_destroy(&nodes->guide);
    for (int i = 0; i < nodes->count; i++) {
        wh_redis_link_destroy(&nodes->items[i].link);
    }
}

bool
wh_redis_nodes_reach(struct wh_redis_nodes *nodes, int node)
{
    struct wh_redis_node *item = &nodes->items[node];
    if (item->link == NULL) {
        item->link = wh_redis_link_create(&nodes->env.link);
    }
    if (item->link == NULL) {
        return false;
    }
    if (wh_redis_link_state(item->link) == WH_REDIS_LINK_CLOSED &&
        now_of(nodes) >= item->pause.until) {
        wh_redis_link_open(item->link, item->place.name, item->place.port);
    }
    return wh_redis_link_state(item->link) == WH_REDIS_LINK_READY;
}

static int
owner_of(const struct wh_redis_nodes *nodes, uint32_t partition)
{
    char tag[16];
    int len = snprintf(tag, sizeof(tag), "%u", (unsigned)partition);
    return kind_of(nodes) == WH_REDIS_CLUSTER
               ? nodes->owners[wh_redis_slot((struct wh_str){tag, (size_t)len})]
               : 0;
}

int
wh_redis_nodes_find(struct wh_redis_nodes *nodes, uint32_t partition)
{
    bool is_cluster = kind_of(nodes) == WH_REDIS_CLUSTER;
    if (!nodes->is_known) {
        ask_guide(nodes);
    }
    /* Of a cluster whose other nodes went away the old map still holds. */
    if (!nodes->is_known && !is_cluster) {
        return -1;
    }
    int node = owner_of(nodes, partition);
    if (node < 0) {
        nodes->is_known = false;
        return -1;
    }
    return wh_redis_nodes_reach(nodes, node) ? node : -1;
}

int
wh_redis_nodes_redirect(struct wh_redis_nodes *nodes, int from, struct wh_str text)
{
    struct wh_redis_place place;
    uint16_t slot;
    if (!wh_redis_parse_redirection(text, &slot, &place)) {
        return -1;
    }
    if (place.name[0] == '\0') {
        memcpy(place.name, nodes->items[from].place.name, sizeof(place.name));
    }
    int node = add_node(nodes, &place);
    if (wh_str_starts_with(text, WH_STR("MOVED "))) {
        nodes->owners[slot] = (int16_t)node;
        nodes->is_known = false; /* others have moved with it */
    }
    return node;
}

void
wh_redis_nodes_drop(struct wh_redis_nodes *nodes, int node, const char *why)
{
    struct wh_redis_link *link = nodes->items[node].link;
    if (link != NULL) {
        wh_redis_link_close(link, why);
    }
}

static void
give_up(const struct wh_redis_nodes *nodes, struct wh_redis_link *link)
{
    bool is_under_way = link != NULL && wh_redis_link_state(link) != WH_REDIS_LINK_CLOSED &&
                        wh_redis_link_state(link) != WH_REDIS_LINK_READY;
    if (is_under_way && now_of(nodes) - wh_redis_link_since(link) > WH_REDIS_CONNECT_MS) {
        wh_redis_link_close(link, "it did not answer while the connection was made");
    }
}

void
wh_redis_nodes_tick(struct wh_redis_nodes *nodes)
{
    for (int i = 0; i < nodes->count; i++) {
        give_up(nodes, nodes->items[i].link);
    }
    /* A guide that is READY has been asked, and waits for the answer. */
    if (nodes->guide != NULL && wh_redis_link_state(nodes->guide) != WH_REDIS_LINK_CLOSED &&
        now_of(nodes) - wh_redis_link_since(nodes->guide) > WH_REDIS_CONNECT_MS) {
        wh_redis_link_close(nodes->guide, "it did not say where the leads are");
    }
}
