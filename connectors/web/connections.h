/* Connections by what they wait for, so that none of them holds a place for ever. */
#ifndef WH_CONNECTORS_WEB_CONNECTIONS_H
#define WH_CONNECTORS_WEB_CONNECTIONS_H

#include "connectors/web/state.h"

/* µs of a clock that never jumps. */
int64_t wh_web_steady(void);

/* NULL when there is no memory. Makes room by cutting the one that has had no request for longest
 * when nearly all places are taken. */
struct wh_web_connection *wh_web_connections_add(struct wh_web *web, int fd);
void wh_web_connections_remove(struct wh_web_connection *connection);

/* Also begins the phase anew when it is the same. */
void wh_web_connections_set_phase(struct wh_web_connection *connection, enum wh_web_phase phase);

/* The client hears nothing more; the library notices and ends the connection. */
void wh_web_connections_cut(struct wh_web_connection *connection);

/* Those that have been in one phase for too long. */
void wh_web_connections_cut_overdue(struct wh_web *web);

/* Those without a request. */
void wh_web_connections_cut_idle(struct wh_web *web);
/* Those that have sent part of a request only; and, with `all`, those that take their answer. */
void wh_web_connections_cut_unfinished(struct wh_web *web, bool all);

#endif
