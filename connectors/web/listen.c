#include "connectors/web/listen.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <unistd.h>

/* Connections that wait to be accepted; the system cuts it to its own limit. */
#define BACKLOG      1024
#define NAME_MAX_LEN 256

static enum wh_err
look_up(struct wh_str address, struct addrinfo **ret_found, struct wh_error *error)
{
    struct wh_str host;
    struct wh_str port;
    char host_text[NAME_MAX_LEN];
    char port_text[8];
    if (!wh_web_host_split(address, &host, &port) || port.len == 0 ||
        port.len >= sizeof(port_text) || host.len >= sizeof(host_text)) {
        return wh_error_set(error, WH_ERR_USAGE,
                            "listen: expected ADDRESS:PORT such as 127.0.0.1:8440, found %.*s",
                            WH_STR_ARG(address));
    }
    (void)snprintf(host_text, sizeof(host_text), "%.*s", WH_STR_ARG(host));
    (void)snprintf(port_text, sizeof(port_text), "%.*s", WH_STR_ARG(port));
    struct addrinfo hints = {
        .ai_family = AF_UNSPEC,
        .ai_socktype = SOCK_STREAM,
        .ai_flags = AI_PASSIVE | AI_NUMERICSERV,
    };
    int result = getaddrinfo(host.len == 0 ? NULL : host_text, port_text, &hints, ret_found);
    if (result != 0) {
        return wh_error_set(error, WH_ERR_USAGE, "listen: %.*s: %s", WH_STR_ARG(address),
                            gai_strerror(result));
    }
    return WH_OK;
}

static enum wh_err
fail(struct wh_str address, int fd, struct wh_error *error)
{
    const char *why = errno == EADDRINUSE ? "another program listens there" : "not to be had";
    int code = errno;
    if (fd >= 0) {
        (void)close(fd);
    }
    return wh_error_set(error, WH_ERR_OUTSIDE, "listen: %.*s: %s (error %d)", WH_STR_ARG(address),
                        why, code);
}

static enum wh_err
open_socket(struct wh_str address, const struct addrinfo *found, int *ret_fd,
            struct wh_error *error)
{
    assert(found != NULL);
    int fd = socket(found->ai_family, SOCK_STREAM, 0);
    int on = 1;
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0 ||
        fcntl(fd, F_SETFD, FD_CLOEXEC) != 0 || fcntl(fd, F_SETFL, O_NONBLOCK) != 0 ||
        bind(fd, found->ai_addr, found->ai_addrlen) != 0 || listen(fd, BACKLOG) != 0) {
        return fail(address, fd, error);
    }
    *ret_fd = fd;
    return WH_OK;
}

static enum wh_err
name_it(struct wh_str address, struct wh_web_listener *listener, struct wh_error *error)
{
    union {
        struct sockaddr any;
        struct sockaddr_in in;
        struct sockaddr_in6 in6;
    } bound;
    socklen_t size = sizeof(bound);
    struct wh_web_ip ip;
    if (getsockname(listener->fd, &bound.any, &size) != 0 || !wh_web_ip_of(&bound.any, &ip)) {
        return fail(address, listener->fd, error);
    }
    bool is_v6 = bound.any.sa_family == AF_INET6;
    listener->is_loopback = wh_web_ip_is_loopback(&ip);
    (void)snprintf(listener->authority, sizeof(listener->authority), is_v6 ? "[%s]:%u" : "%s:%u",
                   wh_web_ip_format(&ip).text,
                   (unsigned)ntohs(is_v6 ? bound.in6.sin6_port : bound.in.sin_port));
    return WH_OK;
}

enum wh_err
wh_web_listen(struct wh_str address, struct wh_web_listener *ret_listener, struct wh_error *error)
{
    struct addrinfo *found = NULL;
    enum wh_err err = look_up(address, &found, error);
    if (err != WH_OK) {
        return err;
    }
    struct wh_web_listener listener = {.fd = -1};
    err = open_socket(address, found, &listener.fd, error);
    freeaddrinfo(found);
    if (err == WH_OK) {
        err = name_it(address, &listener, error);
    }
    if (err == WH_OK) {
        *ret_listener = listener;
    }
    return err;
}
