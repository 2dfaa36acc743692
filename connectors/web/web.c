#include "connectors/web/web.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "connectors/web/answer.h"
#include "connectors/web/append.h"
#include "connectors/web/connections.h"
#include "connectors/web/options.h"
#include "connectors/web/park.h"
#include "connectors/web/request.h"
#include "connectors/web/tls.h"
#include "connectors/web/views.h"
#include "engine/base/time.h"

/* Of request line and headers, and of what the library keeps of a connection besides. */
#define CONNECTION_MEMORY ((size_t)32768)
#define IDLE              (30 * WH_US_PER_SECOND)
/* Who is overdue is looked for that often: it need not be exact. */
#define ROUND_TIME WH_US_PER_SECOND
#define HEARTBEAT  (15 * WH_US_PER_SECOND)
/* The library is called again while it says that it has more to do; the owner has other work. */
#define RUNS_MAX    8
#define OPTIONS_MAX 16

static struct MHD_OptionItem
option(enum MHD_OPTION name, intptr_t value, void *pointer)
{
    return (struct MHD_OptionItem){name, value, pointer};
}

static enum wh_err
start_daemon(struct wh_web *web, const struct wh_web_options *options, struct wh_error *error)
{
    unsigned flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME;
    int64_t idle = options->idle > 0 ? options->idle : IDLE;
    intptr_t idle_seconds = (intptr_t)((idle + WH_US_PER_SECOND - 1) / WH_US_PER_SECOND);
    struct MHD_OptionItem items[OPTIONS_MAX] = {
        option(MHD_OPTION_CONNECTION_MEMORY_LIMIT, (intptr_t)CONNECTION_MEMORY, NULL),
        option(MHD_OPTION_CONNECTION_LIMIT, (intptr_t)web->connections.max, NULL),
        option(MHD_OPTION_CONNECTION_TIMEOUT, idle_seconds, NULL),
        option(MHD_OPTION_LISTEN_SOCKET, web->listener.fd, NULL),
        option(MHD_OPTION_STRICT_FOR_CLIENT, 1, NULL),
    };
    size_t count = 5;
    if (options->tls_certificate != NULL) {
        char *certificate = NULL;
        char *key = NULL;
        enum wh_err err =
            wh_web_tls_read(&web->arena, options->tls_certificate, &certificate, error);
        if (err == WH_OK) {
            err = wh_web_tls_read(&web->arena, options->tls_key, &key, error);
        }
        if (err != WH_OK) {
            return err;
        }
        flags |= MHD_USE_TLS;
        items[count++] = option(MHD_OPTION_HTTPS_MEM_CERT, 0, certificate);
        items[count++] = option(MHD_OPTION_HTTPS_MEM_KEY, 0, key);
    }
    items[count] = option(MHD_OPTION_END, 0, NULL);
    web->daemon = MHD_start_daemon(flags, 0, NULL, NULL, wh_web_request_on_access, web,
                                   MHD_OPTION_ARRAY, items, MHD_OPTION_NOTIFY_COMPLETED,
                                   wh_web_request_on_completed, web, MHD_OPTION_NOTIFY_CONNECTION,
                                   wh_web_request_on_connection, web, MHD_OPTION_END);
    if (web->daemon == NULL) {
        return wh_error_set(error, web->has_tls ? WH_ERR_USAGE : WH_ERR_OUTSIDE,
                            "listen: the server does not start%s",
                            web->has_tls ? ": tls.certificate and tls.key are no pair" : "");
    }
    return WH_OK;
}

static void
make_url(struct wh_web *web)
{
    struct wh_buf buf;
    wh_buf_init(&buf, &web->arena);
    wh_buf_printf(&buf, "%s://%s", web->has_tls ? "https" : "http", web->listener.authority);
    web->url = wh_buf_text(&buf);
}

static enum wh_err
start(struct wh_web *web, const struct wh_web_options *options, struct wh_error *error)
{
    web->has_tls = options->tls_certificate != NULL;
    if (web->has_tls != (options->tls_key != NULL)) {
        return wh_error_set(error, WH_ERR_USAGE, "tls.certificate and tls.key: expected both");
    }
    enum wh_err err = wh_web_options_take(web, options, error);
    if (err == WH_OK) {
        err = wh_web_listen(options->listen, &web->listener, error);
    }
    if (err == WH_OK) {
        err = start_daemon(web, options, error);
    }
    if (err == WH_OK) {
        make_url(web);
    }
    return err;
}

enum wh_err
wh_web_start(const struct wh_web_options *options, const struct wh_web_env *env,
             struct wh_web **ret_web, struct wh_error *error)
{
    struct wh_web *web = calloc(1, sizeof(*web));
    if (web == NULL) {
        return wh_error_set(error, WH_ERR_OUTSIDE, "listen: out of memory");
    }
    web->env = *env;
    web->listener.fd = -1;
    wh_arena_init(&web->arena, 0);
    wh_arena_init(&web->scratch, 0);
    enum wh_err err = start(web, options, error);
    if (err != WH_OK) {
        wh_web_destroy(&web);
        return err;
    }
    *ret_web = web;
    return WH_OK;
}

const char *
wh_web_url(const struct wh_web *web)
{
    return web->url;
}

int
wh_web_descriptor(const struct wh_web *web)
{
    return MHD_get_daemon_info(web->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
}

static void
tell_impatient(struct wh_web *web)
{
    int64_t limit = wh_web_steady() - web->patience;
    struct wh_web_request *request = web->asking;
    while (request != NULL) {
        struct wh_web_request *next = request->next;
        uint64_t ticket = request->story_ticket;
        if (web->is_stopping || request->connection->since <= limit) {
            wh_web_told(web, ticket, WH_WEB_STORY_UNAVAILABLE, WH_STR(""));
        }
        request = next;
    }
}

static void
do_round(struct wh_web *web, int64_t now)
{
    web->next_round = now + ROUND_TIME;
    wh_web_connections_cut_overdue(web);
    tell_impatient(web);
    if (web->is_stopping) {
        wh_web_connections_cut_idle(web);
    }
    if (now >= web->feed.next_heartbeat) {
        web->feed.next_heartbeat = now + HEARTBEAT;
        wh_web_feed_beat(&web->feed);
    }
}

/* Who waits is told to come again, and has as long once more to hear it. */
static void
end_grace(struct wh_web *web, int64_t now)
{
    wh_web_append_lose_patience(web, true);
    wh_web_connections_cut_unfinished(web, now >= web->stop_at + web->grace);
}

/* When all places are taken, the library listens no more; that there is a place again it finds at
 * its next run only. */
static bool
wants_run(struct wh_web *web)
{
    MHD_UNSIGNED_LONG_LONG wait = 0;
    return web->connections.has_fewer ||
           (MHD_get_timeout(web->daemon, &wait) == MHD_YES && wait == 0);
}

void
wh_web_run(struct wh_web *web)
{
    int64_t now = wh_web_steady();
    wh_web_append_lose_patience(web, false);
    if (now >= web->next_round) {
        do_round(web, now);
    }
    if (web->is_stopping && now >= web->stop_at) {
        end_grace(web, now);
    }
    int runs = 0;
    do {
        web->connections.has_fewer = false;
        (void)MHD_run(web->daemon);
        runs++;
    } while (runs < RUNS_MAX && wants_run(web));
}

int
wh_web_timeout(struct wh_web *web)
{
    if (wants_run(web)) {
        return 0;
    }
    if (web->connections.count == 0) {
        return -1;
    }
    int64_t now = wh_web_steady();
    int64_t due = wh_web_append_due(web);
    due = web->next_round < due ? web->next_round : due;
    int64_t stop = now < web->stop_at ? web->stop_at : web->stop_at + web->grace;
    if (web->is_stopping && stop < due) {
        due = stop;
    }
    return due <= now ? 0 : (int)((due - now + WH_US_PER_MS - 1) / WH_US_PER_MS);
}

void
wh_web_publish(struct wh_web *web, struct wh_str id, struct wh_str type, struct wh_str json)
{
    wh_web_feed_push(&web->feed, WH_WEB_TOPIC_LEADS, id, type, json);
}

void
wh_web_seen(struct wh_web *web, struct wh_str touch_id, struct wh_str became, struct wh_str note)
{
    wh_web_recent_note(&web->recent, touch_id, became, note);
}

void
wh_web_stop(struct wh_web *web)
{
    if (web->is_stopping) {
        return;
    }
    web->is_stopping = true;
    web->stop_at = wh_web_steady() + web->grace;
    web->next_round = 0;
    MHD_socket fd = MHD_quiesce_daemon(web->daemon);
    if (fd != MHD_INVALID_SOCKET) {
        (void)close(fd);
    }
    web->listener.fd = -1;
    wh_web_feed_end(&web->feed);
    wh_web_connections_cut_idle(web);
}

bool
wh_web_is_stopped(const struct wh_web *web)
{
    return web->is_stopping && web->connections.count == 0;
}

void
wh_web_destroy(struct wh_web **web)
{
    struct wh_web *ending = *web;
    if (ending == NULL) {
        return;
    }
    if (ending->daemon != NULL) {
        wh_web_stop(ending);
        /* The library wants nothing to be suspended when it ends. */
        tell_impatient(ending);
        end_grace(ending, INT64_MAX);
        (void)MHD_run(ending->daemon);
        MHD_stop_daemon(ending->daemon);
    } else if (ending->listener.fd >= 0) {
        (void)close(ending->listener.fd);
    }
    wh_web_append_fini(ending);
    wh_web_feed_fini(&ending->feed);
    wh_web_recent_fini(&ending->recent);
    wh_arena_fini(&ending->scratch);
    wh_arena_fini(&ending->arena);
    free(ending);
    *web = NULL;
}
