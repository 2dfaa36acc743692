#include "connectors/redis/redis.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <uv.h>

#include "connectors/redis/nodes.h"
#include "connectors/redis/queue.h"
#include "connectors/redis/reply.h"
#include "connectors/redis/state.h"
#include "connectors/redis/tls.h"

/* While something is under way, how often moments are looked at. */
#define TICK_MS 25

/* A loop that was busy for so long has not read yet what came meanwhile: nobody is late. */
#define BUSY_MS 500

/* Redirections and lost scripts in a row, for one request, before it waits a moment. */
#define TURNS_MAX 5

static void pump(struct wh_redis *redis);

static bool
is_change(enum wh_store_call call)
{
    return call == WH_STORE_CLAIM || call == WH_STORE_WRITE || call == WH_STORE_CLEAR;
}

static void
tell(struct wh_redis *redis, enum wh_redis_news news, const char *text)
{
    redis->env.on_news(redis->env.self, news, text);
}

static void
fail(struct wh_redis *redis, struct wh_redis_slot *slot)
{
    wh_redis_queue_move(&redis->queue, slot, WH_REDIS_DONE);
    redis->counts.failed++;
    if (!redis->is_away) {
        char text[2 * WH_REDIS_REASON_MAX];
        const char *why = redis->nodes.why;
        redis->is_away = true;
        (void)snprintf(text, sizeof(text), "%s: %s", redis->name,
                       why[0] == '\0' ? "it does not answer" : why);
        tell(redis, WH_REDIS_AWAY, text);
    }
    redis->env.on_answer(redis->env.self);
}

static void
wait_again(struct wh_redis *redis, struct wh_redis_slot *slot, uint64_t pause_ms)
{
    slot->not_before = uv_now(redis->env.loop) + pause_ms;
    slot->turns = pause_ms > 0 ? 0 : slot->turns + 1;
    wh_redis_queue_move(&redis->queue, slot, WH_REDIS_WAITING);
}

/* At once, unless it has been sent in circles. */
static void
turn(struct wh_redis *redis, struct wh_redis_slot *slot)
{
    wait_again(redis, slot, slot->turns < TURNS_MAX ? 0 : WH_REDIS_LATER_MS);
}

/* Whether the answer can be understood; if not, asking again may help, but not at once. */
static bool
is_clear(struct wh_redis *redis, const struct wh_redis_slot *slot, const redisReply *reply)
{
    struct wh_store_answer answer;
    wh_arena_reset(&redis->scratch);
    return wh_redis_decode(reply, &slot->request, &redis->scratch, &answer);
}

static void
defer(struct wh_redis *redis, struct wh_redis_slot *slot, const char *why)
{
    redis->counts.deferred++;
    slot->node = -1;
    (void)snprintf(redis->nodes.why, sizeof(redis->nodes.why), "%s", why);
    wait_again(redis, slot, WH_REDIS_LATER_MS);
}

static void
take_reply(struct wh_redis *redis, struct wh_redis_slot *slot, redisReply *reply)
{
    if (!is_clear(redis, slot, reply)) {
        defer(redis, slot, "what is kept there is none of ours, or was changed by hand");
        freeReplyObject(reply);
        return;
    }
    slot->reply = reply;
    wh_redis_queue_move(&redis->queue, slot, WH_REDIS_DONE);
    if (redis->is_away) {
        redis->is_away = false;
        tell(redis, WH_REDIS_BACK, redis->name);
    }
    redis->nodes.why[0] = '\0';
    redis->env.on_answer(redis->env.self);
}

static void
take_error(struct wh_redis *redis, struct wh_redis_slot *slot, enum wh_redis_verdict verdict,
           const redisReply *reply)
{
    int node = slot->node;
    slot->node = -1;
    switch (verdict) {
    case WH_REDIS_NO_SCRIPT:
        redis->counts.scripts++;
        slot->wants_text = true;
        turn(redis, slot);
        return;
    case WH_REDIS_MOVED:
    case WH_REDIS_ASKED:
        redis->counts.moved++;
        int other =
            wh_redis_nodes_redirect(&redis->nodes, node, (struct wh_str){reply->str, reply->len});
        slot->node = verdict == WH_REDIS_ASKED ? other : -1;
        turn(redis, slot);
        return;
    case WH_REDIS_IS_REPLICA:
        wait_again(redis, slot, WH_REDIS_LATER_MS);
        wh_redis_nodes_drop(&redis->nodes, node, "it has become a replica");
        return;
    case WH_REDIS_ANSWERED:
    case WH_REDIS_LATER:
        break;
    }
    defer(redis, slot, reply->str);
}

static void
on_reply(redisAsyncContext *context, void *reply, void *self)
{
    struct wh_redis_slot *slot = self;
    if (context->data == NULL || reply == NULL) { /* on_lost says it, for all of them */
        freeReplyObject(reply);
        return;
    }
    struct wh_redis *redis = slot->owner;
    enum wh_redis_verdict verdict = wh_redis_judge(reply);
    if (verdict == WH_REDIS_ANSWERED) {
        take_reply(redis, slot, reply);
        return;
    }
    take_error(redis, slot, verdict, reply);
    freeReplyObject(reply);
    pump(redis);
}

static void
ignore_reply(redisAsyncContext *context, void *reply, void *self)
{
    (void)context;
    (void)self;
    freeReplyObject(reply);
}

static bool
send_asking(struct wh_redis_link *link)
{
    const char *argv[] = {"ASKING"};
    size_t lens[] = {6};
    const struct wh_redis_command asking = {1, argv, lens};
    return wh_redis_link_send(link, &asking, ignore_reply, NULL);
}

static void
send_to(struct wh_redis *redis, struct wh_redis_slot *slot, int node)
{
    struct wh_redis_link *link = redis->nodes.items[node].link;
    bool is_asked = slot->node >= 0;
    wh_arena_reset(&redis->scratch);
    struct wh_redis_command command =
        wh_redis_encode(&redis->scratch, &redis->script, redis->options.prefix, &slot->request,
                        redis->options.address.kind == WH_REDIS_CLUSTER, !slot->wants_text);
    slot->node = node;
    bool is_sent =
        (!is_asked || send_asking(link)) && wh_redis_link_send(link, &command, on_reply, slot);
    if (is_sent) {
        /* Who waited long for a connection has still to be given time for the answer. */
        uint64_t least = uv_now(redis->env.loop) + redis->options.patience_ms / 2;
        slot->answer_by = slot->deadline > least ? slot->deadline : least;
        slot->wants_text = false;
        wh_redis_queue_move(&redis->queue, slot, WH_REDIS_SENT);
    } else {
        slot->node = -1;
        slot->not_before = uv_now(redis->env.loop) + WH_REDIS_LATER_MS;
    }
}

/* Where a waiting request can be sent now; -1: nowhere. */
static int
destination(struct wh_redis *redis, const struct wh_redis_slot *slot)
{
    if (slot->not_before > uv_now(redis->env.loop)) {
        return -1;
    }
    if (slot->node >= 0) {
        return wh_redis_nodes_reach(&redis->nodes, slot->node) ? slot->node : -1;
    }
    return wh_redis_nodes_find(&redis->nodes, slot->request.partition);
}

static void on_tick(uv_timer_t *timer);

/* In order, until something that is called here wants it to begin again. */
static void
send_waiting(struct wh_redis *redis)
{
    struct wh_redis_slot *slot = wh_redis_queue_first(&redis->queue, WH_REDIS_WAITING);
    while (slot != NULL && !redis->wants_pump) {
        struct wh_redis_slot *next = slot->next;
        int node = destination(redis, slot);
        if (node >= 0 && !redis->wants_pump) {
            send_to(redis, slot, node);
        }
        slot = next;
    }
}

static void
set_timer(struct wh_redis *redis)
{
    bool is_busy = wh_redis_queue_first(&redis->queue, WH_REDIS_WAITING) != NULL ||
                   wh_redis_queue_first(&redis->queue, WH_REDIS_SENT) != NULL;
    if (is_busy && uv_is_active((uv_handle_t *)&redis->timer) == 0) {
        redis->ticked = uv_now(redis->env.loop);
        (void)uv_timer_start(&redis->timer, on_tick, TICK_MS, TICK_MS);
    } else if (!is_busy) {
        (void)uv_timer_stop(&redis->timer);
    }
}

/* Everything that can be sent. What is called here may call back and want the same: then it goes
 * round once more. */
static void
pump(struct wh_redis *redis)
{
    redis->wants_pump = true;
    if (redis->is_pumping) {
        return;
    }
    redis->is_pumping = true;
    while (redis->wants_pump) {
        redis->wants_pump = false;
        send_waiting(redis);
    }
    redis->is_pumping = false;
    set_timer(redis);
}

static void
on_change(void *self)
{
    struct wh_redis *redis = self;
    const char *note = wh_redis_note(redis->nodes.health.kept);
    if (redis->nodes.is_ready && !redis->has_noted && note != NULL) {
        redis->has_noted = true;
        tell(redis, WH_REDIS_NOTE, note);
    }
    pump(redis);
}

/* Whether a change was applied is not known; what only reads may be asked again. */
static void
on_lost(void *self, int node, const char *why)
{
    struct wh_redis *redis = self;
    struct wh_redis_slot *slot = wh_redis_queue_first(&redis->queue, WH_REDIS_SENT);
    (void)why;
    redis->counts.lost++;
    while (slot != NULL) {
        struct wh_redis_slot *next = slot->next;
        if (slot->node == node && is_change(slot->request.call)) {
            fail(redis, slot);
        } else if (slot->node == node) {
            slot->node = -1;
            wait_again(redis, slot, 0);
        }
        slot = next;
    }
    pump(redis);
}

/* A request of a server that is silent means that the connection is of no use for the others. */
static void
drop_silent(struct wh_redis *redis, uint64_t now)
{
    struct wh_redis_slot *slot = wh_redis_queue_first(&redis->queue, WH_REDIS_SENT);
    while (slot != NULL && slot->answer_by > now) {
        slot = slot->next;
    }
    if (slot != NULL) {
        wh_redis_nodes_drop(&redis->nodes, slot->node, "it does not answer");
    }
}

static void
fail_late(struct wh_redis *redis, uint64_t now)
{
    struct wh_redis_slot *slot = wh_redis_queue_first(&redis->queue, WH_REDIS_WAITING);
    while (slot != NULL) {
        struct wh_redis_slot *next = slot->next;
        if (slot->deadline <= now) {
            fail(redis, slot);
        }
        slot = next;
    }
}

static void
on_tick(uv_timer_t *timer)
{
    struct wh_redis *redis = timer->data;
    uint64_t now = uv_now(redis->env.loop);
    bool was_busy = now - redis->ticked > BUSY_MS;
    redis->ticked = now;
    if (!was_busy) {
        drop_silent(redis, now);
        wh_redis_nodes_tick(&redis->nodes);
        fail_late(redis, now);
    }
    pump(redis);
}

static void
start(void *self, const struct wh_store_request *request)
{
    struct wh_redis *redis = self;
    struct wh_redis_slot *slot = wh_redis_queue_add(&redis->queue, request);
    assert(slot != NULL);            /* the caller's bounds are far below */
    uv_update_time(redis->env.loop); /* whoever asks may have computed for long */
    slot->deadline = uv_now(redis->env.loop) + redis->options.patience_ms;
    pump(redis);
}

static bool
poll_answer(void *self, struct wh_store_answer *ret_answer)
{
    struct wh_redis *redis = self;
    struct wh_redis_slot *slot = wh_redis_queue_first(&redis->queue, WH_REDIS_DONE);
    if (slot == NULL) {
        return false;
    }
    freeReplyObject(redis->polled);
    redis->polled = slot->reply;
    slot->reply = NULL;
    wh_redis_queue_move(&redis->queue, slot, WH_REDIS_FREE);
    wh_arena_reset(&redis->answer);
    static const redisReply nothing = {.type = REDIS_REPLY_NIL};
    const redisReply *reply = redis->polled == NULL ? &nothing : redis->polled;
    bool is_good = wh_redis_decode(reply, &slot->request, &redis->answer, ret_answer);
    assert(is_good == (redis->polled != NULL));
    return true;
}

static enum wh_err
open_nodes(struct wh_redis *redis, struct wh_error *error)
{
    const struct wh_redis_tls_files files = {redis->options.authorities, redis->options.certificate,
                                             redis->options.key};
    enum wh_err err =
        redis->options.address.is_tls ? wh_redis_tls_open(&files, &redis->tls, error) : WH_OK;
    if (err != WH_OK) {
        return err;
    }
    const struct wh_redis_nodes_env env = {
        .link = {.loop = redis->env.loop,
                 .address = &redis->options.address,
                 .script = &redis->script,
                 .tls = redis->tls},
        .self = redis,
        .on_change = on_change,
        .on_lost = on_lost,
    };
    wh_redis_nodes_init(&redis->nodes, &env);
    return WH_OK;
}

enum wh_err
wh_redis_open(const struct wh_redis_options *options, const struct wh_redis_env *env,
              struct wh_redis **ret_redis, struct wh_error *error)
{
    struct wh_redis *redis = calloc(1, sizeof(*redis));
    if (redis == NULL) {
        return wh_error_set(error, WH_ERR_OUTSIDE, "no memory for the store");
    }
    redis->options = *options;
    redis->env = *env;
    wh_redis_script_init(&redis->script);
    enum wh_err err = open_nodes(redis, error);
    if (err != WH_OK) {
        free(redis);
        return err;
    }
    (void)uv_timer_init(env->loop, &redis->timer);
    redis->timer.data = redis;
    wh_arena_init(&redis->kept, 0);
    wh_arena_init(&redis->scratch, 0);
    wh_arena_init(&redis->answer, 0);
    wh_redis_queue_init(&redis->queue, redis);
    redis->name = wh_redis_address_name(&redis->kept, &options->address);
    *ret_redis = redis;
    return WH_OK;
}

static void
on_closed(uv_handle_t *timer)
{
    struct wh_redis *redis = timer->data;
    wh_redis_queue_fini(&redis->queue);
    freeReplyObject(redis->polled);
    wh_arena_fini(&redis->kept);
    wh_arena_fini(&redis->scratch);
    wh_arena_fini(&redis->answer);
    SSL_CTX_free(redis->tls);
    free(redis);
}

void
wh_redis_close(struct wh_redis **redis)
{
    if (*redis != NULL) {
        wh_redis_nodes_fini(&(*redis)->nodes);
        uv_close((uv_handle_t *)&(*redis)->timer, on_closed);
        *redis = NULL;
    }
}

struct wh_store
wh_redis_port(struct wh_redis *redis)
{
    return (struct wh_store){.self = redis, .start = start, .poll = poll_answer};
}

const struct wh_redis_counts *
wh_redis_counts(const struct wh_redis *redis)
{
    return &redis->counts;
}
