#include "connectors/web/connections.h"

#include <stdlib.h>
#include <time.h>

#include <sys/socket.h>

#include "engine/base/time.h"

/* Places that are kept free for those who come: the idle ones above this share are cut. */
#define SHARE_USED(max) ((max) - (max) / 8)
/* How far an idle one is looked for when places are scarce. */
#define LOOK_MAX 64

int64_t
wh_web_steady(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * WH_US_PER_SECOND + now.tv_nsec / 1000;
}

static void
take_out(struct wh_web_connection *connection)
{
    struct wh_web_connections *list = &connection->web->connections;
    if (connection->phase == WH_WEB_PHASE_PARKED) {
        return;
    }
    if (connection->prev != NULL) {
        connection->prev->next = connection->next;
    } else {
        list->first = connection->next;
    }
    if (connection->next != NULL) {
        connection->next->prev = connection->prev;
    } else {
        list->last = connection->prev;
    }
    connection->prev = NULL;
    connection->next = NULL;
}

static void
put_last(struct wh_web_connection *connection)
{
    struct wh_web_connections *list = &connection->web->connections;
    connection->since = wh_web_steady();
    if (connection->phase == WH_WEB_PHASE_PARKED) {
        return;
    }
    connection->prev = list->last;
    if (list->last != NULL) {
        list->last->next = connection;
    } else {
        list->first = connection;
    }
    list->last = connection;
}

void
wh_web_connections_set_phase(struct wh_web_connection *connection, enum wh_web_phase phase)
{
    take_out(connection);
    connection->phase = phase;
    put_last(connection);
}

void
wh_web_connections_cut(struct wh_web_connection *connection)
{
    connection->is_cut = true;
    (void)shutdown(connection->fd, SHUT_RDWR);
}

static bool
is_idle(const struct wh_web_connection *connection)
{
    return connection->phase == WH_WEB_PHASE_ARRIVING && connection->request == NULL &&
           !connection->is_cut;
}

static void
make_room(struct wh_web *web)
{
    struct wh_web_connection *connection = web->connections.first;
    for (int i = 0; i < LOOK_MAX && connection != NULL; i++, connection = connection->next) {
        if (is_idle(connection)) {
            wh_web_connections_cut(connection);
            return;
        }
    }
}

struct wh_web_connection *
wh_web_connections_add(struct wh_web *web, int fd)
{
    struct wh_web_connection *connection = calloc(1, sizeof(*connection));
    if (connection == NULL) {
        return NULL;
    }
    if (web->connections.count >= SHARE_USED(web->connections.max)) {
        make_room(web);
    }
    connection->web = web;
    connection->fd = fd;
    put_last(connection);
    web->connections.count++;
    return connection;
}

void
wh_web_connections_remove(struct wh_web_connection *connection)
{
    take_out(connection);
    connection->web->connections.count--;
    connection->web->connections.has_fewer = true;
    free(connection);
}

void
wh_web_connections_cut_overdue(struct wh_web *web)
{
    int64_t limit = wh_web_steady() - web->request_time;
    struct wh_web_connection *connection = web->connections.first;
    while (connection != NULL && connection->since <= limit) {
        struct wh_web_connection *next = connection->next;
        if (!connection->is_cut) {
            wh_web_connections_cut(connection);
        }
        connection = next;
    }
}

void
wh_web_connections_cut_idle(struct wh_web *web)
{
    struct wh_web_connection *connection = web->connections.first;
    for (; connection != NULL; connection = connection->next) {
        if (is_idle(connection)) {
            wh_web_connections_cut(connection);
        }
    }
}

void
wh_web_connections_cut_unfinished(struct wh_web *web, bool all)
{
    struct wh_web_connection *connection = web->connections.first;
    for (; connection != NULL; connection = connection->next) {
        if (!connection->is_cut && (all || connection->phase == WH_WEB_PHASE_ARRIVING)) {
            wh_web_connections_cut(connection);
        }
    }
}
