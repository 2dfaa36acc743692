#include "connectors/redis/link.h"

#include <assert.h>
#include <hiredis/adapters/libuv.h>
#include <hiredis/hiredis_ssl.h>
#include <netdb.h>
#include <stdio.h>
#include <uv.h>

#include "connectors/redis/tls.h"

struct wh_redis_link {
    const struct wh_redis_link_env *env;
    enum wh_redis_link_state state;
    redisAsyncContext *context; /* from CONNECTING on */
    SSL *ssl;                   /* the context's */
    uv_getaddrinfo_t lookup;
    bool is_looking; /* the lookup has still to call back */
    bool is_dead;    /* destroyed: goes when the lookup has */
    struct wh_redis_health health;
    char name[NI_MAXHOST];
    uint16_t port;
    unsigned attempts; /* a name with several addresses: they take turns */
    uint64_t since;
};

enum greeting { GREETING_AUTH, GREETING_SELECT, GREETING_INFO, GREETING_SAVE, GREETING_SCRIPT };

/* What goes with a command to its reply: a place in here. */
static const enum greeting steps[] = {GREETING_AUTH, GREETING_SELECT, GREETING_INFO, GREETING_SAVE,
                                      GREETING_SCRIPT};

static void
set_state(struct wh_redis_link *link, enum wh_redis_link_state state)
{
    static const bool edges[5][5] = {
        [WH_REDIS_LINK_CLOSED] =
            {[WH_REDIS_LINK_RESOLVING] = true, [WH_REDIS_LINK_CONNECTING] = true},
        [WH_REDIS_LINK_RESOLVING] =
            {[WH_REDIS_LINK_CLOSED] = true, [WH_REDIS_LINK_CONNECTING] = true},
        [WH_REDIS_LINK_CONNECTING] =
            {[WH_REDIS_LINK_CLOSED] = true, [WH_REDIS_LINK_GREETING] = true},
        [WH_REDIS_LINK_GREETING] = {[WH_REDIS_LINK_CLOSED] = true, [WH_REDIS_LINK_READY] = true},
        [WH_REDIS_LINK_READY] = {[WH_REDIS_LINK_CLOSED] = true},
    };
    assert(edges[link->state][state]);
    link->state = state;
}

struct wh_redis_link *
wh_redis_link_create(const struct wh_redis_link_env *env)
{
    struct wh_redis_link *link = calloc(1, sizeof(*link));
    if (link != NULL) {
        link->env = env;
    }
    return link;
}

/* hiredis tells every command that waits, with a NULL reply; nobody listens to those. */
static void
drop(struct wh_redis_link *link)
{
    redisAsyncContext *context = link->context;
    link->context = NULL;
    link->ssl = NULL;
    if (context != NULL) {
        context->data = NULL;
        redisAsyncFree(context);
    }
    if (link->is_looking) {
        (void)uv_cancel((uv_req_t *)&link->lookup);
    }
}

void
wh_redis_link_destroy(struct wh_redis_link **link)
{
    struct wh_redis_link *old = *link;
    *link = NULL;
    if (old == NULL) {
        return;
    }
    drop(old);
    old->is_dead = true;
    if (!old->is_looking) {
        free(old);
    }
}

void
wh_redis_link_close(struct wh_redis_link *link, const char *why)
{
    if (link->state == WH_REDIS_LINK_CLOSED) {
        return;
    }
    char reason[WH_REDIS_REASON_MAX];
    (void)snprintf(reason, sizeof(reason), "%s", why); /* it may lie in what is freed here */
    drop(link);
    set_state(link, WH_REDIS_LINK_CLOSED);
    link->env->on_closed(link->env->self, link, reason);
}

static const char *
refusal(const struct wh_redis_link *link, char *reason, size_t size)
{
    const struct wh_redis_health *health = &link->health;
    if (health->is_replica) {
        return "it is a replica, which may be behind; expected the primary";
    }
    if (health->may_evict) {
        (void)snprintf(reason, size,
                       "maxmemory-policy is \"%s\", with which it may forget leads; expected "
                       "noeviction",
                       health->policy);
        return reason;
    }
    return NULL;
}

static void
end_greeting(struct wh_redis_link *link)
{
    char reason[WH_REDIS_REASON_MAX];
    const char *why = link->env->is_guide ? NULL : refusal(link, reason, sizeof(reason));
    if (why != NULL) {
        wh_redis_link_close(link, why);
        return;
    }
    set_state(link, WH_REDIS_LINK_READY);
    link->env->on_ready(link->env->self, link);
}

/* What a user may not ask stays unknown; who is not let in cannot go on. */
static void
take_greeting(struct wh_redis_link *link, enum greeting step, const redisReply *reply)
{
    bool is_error = reply->type == REDIS_REPLY_ERROR;
    switch (step) {
    case GREETING_AUTH:
    case GREETING_SELECT:
        if (is_error && !link->env->is_guide) {
            wh_redis_link_close(link, reply->str);
        }
        break;
    case GREETING_INFO:
        if (reply->type == REDIS_REPLY_STRING) {
            wh_redis_read_info((struct wh_str){reply->str, reply->len}, &link->health);
        } else if (is_error && strncmp(reply->str, "NOPERM", 6) != 0) {
            wh_redis_link_close(link, reply->str); /* it asks who we are, or is still loading */
        }
        break;
    case GREETING_SAVE:
        if (reply->type == REDIS_REPLY_ARRAY && reply->elements == 2 &&
            reply->element[1]->type == REDIS_REPLY_STRING) {
            const redisReply *save = reply->element[1];
            wh_redis_read_save((struct wh_str){save->str, save->len}, &link->health);
        }
        break;
    case GREETING_SCRIPT: /* where it failed, the text goes with the first request */
        end_greeting(link);
        break;
    }
}

static void
on_greeting(redisAsyncContext *context, void *reply, void *step)
{
    struct wh_redis_link *link = context->data;
    if (link != NULL && reply != NULL && link->state == WH_REDIS_LINK_GREETING) {
        take_greeting(link, *(const enum greeting *)step, reply);
    }
    freeReplyObject(reply);
}

static bool
say(struct wh_redis_link *link, enum greeting step, int argc, const char **argv,
    const size_t *argv_lens)
{
    return redisAsyncCommandArgv(link->context, on_greeting, (void *)&steps[step], argc, argv,
                                 argv_lens) == REDIS_OK;
}

static bool
say_who(struct wh_redis_link *link)
{
    const struct wh_redis_address *address = link->env->address;
    const char *argv[] = {"AUTH", address->password.ptr, NULL};
    size_t lens[] = {4, address->password.len, 0};
    if (address->user.len > 0) {
        argv[1] = address->user.ptr;
        lens[1] = address->user.len;
        argv[2] = address->password.ptr;
        lens[2] = address->password.len;
    }
    return address->password.len == 0 ||
           say(link, GREETING_AUTH, address->user.len > 0 ? 3 : 2, argv, lens);
}

static bool
say_database(struct wh_redis_link *link)
{
    char number[16];
    int len = snprintf(number, sizeof(number), "%u", (unsigned)link->env->address->database);
    const char *argv[] = {"SELECT", number};
    const size_t lens[] = {6, (size_t)len};
    return link->env->address->database == 0 || say(link, GREETING_SELECT, 2, argv, lens);
}

static bool
say_script(struct wh_redis_link *link)
{
    const struct wh_str text = link->env->script->text;
    const char *argv[] = {"SCRIPT", "LOAD", text.ptr};
    const size_t lens[] = {6, 4, text.len};
    return say(link, GREETING_SCRIPT, 3, argv, lens);
}

static bool
greet(struct wh_redis_link *link)
{
    static const char *info[] = {"INFO"};
    static const char *save[] = {"CONFIG", "GET", "save"};
    static const char *ping[] = {"PING"};
    static const size_t info_lens[] = {4};
    static const size_t save_lens[] = {6, 3, 4};
    if (link->env->is_guide) {
        return say_who(link) && say(link, GREETING_SCRIPT, 1, ping, info_lens);
    }
    return say_who(link) && say_database(link) && say(link, GREETING_INFO, 1, info, info_lens) &&
           say(link, GREETING_SAVE, 3, save, save_lens) && say_script(link);
}

static void
on_connect(redisAsyncContext *context, int status)
{
    struct wh_redis_link *link = context->data;
    if (link == NULL) {
        return;
    }
    if (status != REDIS_OK) {
        char reason[WH_REDIS_REASON_MAX];
        (void)snprintf(reason, sizeof(reason), "%s", context->errstr);
        link->context = NULL; /* hiredis frees it after this call */
        link->ssl = NULL;
        context->data = NULL;
        wh_redis_link_close(link, reason);
        return;
    }
    set_state(link, WH_REDIS_LINK_GREETING);
    if (link->env->address->kind != WH_REDIS_UNIX) {
        (void)redisEnableKeepAlive(&context->c);
    }
    if (!greet(link)) {
        wh_redis_link_close(link, "no memory to greet it");
    }
}

/* What hiredis says of a handshake that failed is "Success". */
static const char *
reason_of(const struct wh_redis_link *link, const redisAsyncContext *context)
{
    const char *why = link->ssl == NULL ? NULL : wh_redis_tls_reason(link->ssl);
    bool is_told = context->errstr != NULL && context->errstr[0] != '\0';
    return why != NULL ? why : is_told ? context->errstr : "the connection was closed";
}

static void
on_disconnect(const redisAsyncContext *context, int status)
{
    struct wh_redis_link *link = context->data;
    (void)status;
    if (link != NULL) {
        const char *why = reason_of(link, context);
        link->context = NULL; /* hiredis is freeing it */
        link->ssl = NULL;
        wh_redis_link_close(link, why);
    }
}

static bool
begin_tls(struct wh_redis_link *link, redisAsyncContext *context)
{
    if (link->env->tls == NULL) {
        return true;
    }
    SSL *ssl = wh_redis_tls_begin(link->env->tls, link->name);
    if (ssl == NULL || redisInitiateSSL(&context->c, ssl) != REDIS_OK) {
        SSL_free(ssl);
        return false;
    }
    link->ssl = ssl;
    return true;
}

static void
connect_to(struct wh_redis_link *link, redisOptions *options)
{
    options->options |= REDIS_OPT_NOAUTOFREEREPLIES;
    redisAsyncContext *context = redisAsyncConnectWithOptions(options);
    set_state(link, WH_REDIS_LINK_CONNECTING);
    bool is_good = context != NULL && context->err == 0 && begin_tls(link, context) &&
                   redisLibuvAttach(context, link->env->loop) == REDIS_OK;
    if (!is_good) {
        char reason[WH_REDIS_REASON_MAX];
        (void)snprintf(reason, sizeof(reason), "%s",
                       context == NULL || context->c.err == 0 ? "it cannot be connected to"
                                                              : context->c.errstr);
        if (context != NULL) {
            redisAsyncFree(context);
        }
        link->ssl = NULL;
        wh_redis_link_close(link, reason);
        return;
    }
    context->data = link;
    link->context = context;
    (void)redisAsyncSetDisconnectCallback(context, on_disconnect);
    (void)redisAsyncSetConnectCallbackNC(context, on_connect);
}

static const struct addrinfo *
choose(const struct addrinfo *all, unsigned attempt)
{
    unsigned count = 0;
    for (const struct addrinfo *one = all; one != NULL; one = one->ai_next) {
        count++;
    }
    for (unsigned i = attempt % count; i > 0; i--) {
        all = all->ai_next;
    }
    return all;
}

static void
on_resolved(uv_getaddrinfo_t *lookup, int status, struct addrinfo *all)
{
    struct wh_redis_link *link = lookup->data;
    char numeric[NI_MAXHOST];
    link->is_looking = false;
    if (link->is_dead) {
        free(link);
        uv_freeaddrinfo(all);
        return;
    }
    if (link->state != WH_REDIS_LINK_RESOLVING) { /* closed meanwhile */
        uv_freeaddrinfo(all);
        return;
    }
    const struct addrinfo *one = status == 0 && all != NULL ? choose(all, link->attempts++) : NULL;
    if (one == NULL || getnameinfo(one->ai_addr, one->ai_addrlen, numeric, sizeof(numeric), NULL, 0,
                                   NI_NUMERICHOST) != 0) {
        wh_redis_link_close(link, status == 0 ? "its name has no address" : uv_strerror(status));
    } else {
        redisOptions options = {0};
        REDIS_OPTIONS_SET_TCP(&options, numeric, link->port);
        connect_to(link, &options);
    }
    uv_freeaddrinfo(all);
}

void
wh_redis_link_open(struct wh_redis_link *link, const char *name, uint16_t port)
{
    static const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    link->health = (struct wh_redis_health){.is_replica = false};
    link->since = uv_now(link->env->loop);
    link->port = port;
    (void)snprintf(link->name, sizeof(link->name), "%s", name);
    if (link->env->address->kind == WH_REDIS_UNIX) {
        redisOptions options = {0};
        REDIS_OPTIONS_SET_UNIX(&options, link->env->address->path);
        connect_to(link, &options);
        return;
    }
    set_state(link, WH_REDIS_LINK_RESOLVING);
    if (link->is_looking) {
        wh_redis_link_close(link, "looking up its name has not ended yet");
        return;
    }
    link->lookup.data = link;
    int code = uv_getaddrinfo(link->env->loop, &link->lookup, on_resolved, name, NULL, &hints);
    link->is_looking = code == 0;
    if (code != 0) {
        wh_redis_link_close(link, uv_strerror(code));
    }
}

enum wh_redis_link_state
wh_redis_link_state(const struct wh_redis_link *link)
{
    return link->state;
}

const struct wh_redis_health *
wh_redis_link_health(const struct wh_redis_link *link)
{
    return &link->health;
}

uint64_t
wh_redis_link_since(const struct wh_redis_link *link)
{
    return link->since;
}

bool
wh_redis_link_send(struct wh_redis_link *link, const struct wh_redis_command *command,
                   redisCallbackFn *on_reply, void *context)
{
    assert(link->state == WH_REDIS_LINK_READY);
    return redisAsyncCommandArgv(link->context, on_reply, context, command->argc, command->argv,
                                 command->argv_lens) == REDIS_OK;
}
