/* The one who sends: address, browser, and the cookie with an anon identifier.
 *
 * The cookie names a browser, never a person. Scripts cannot read it (HttpOnly): nothing on the
 * page needs it, because the server adds it to the touches, and what scripts cannot read, injected
 * ones cannot carry away. It goes with requests of the same site only (SameSite=Lax), with TLS only
 * where it was set over TLS (Secure), and lives 400 days, the most that browsers allow, from the
 * last touch. Who asks not to be tracked (DNT, Sec-GPC, or a touch whose consent says tracking:
 * false) gets none, and one that is there is taken away. */
#ifndef WH_CONNECTORS_WEB_VISITOR_H
#define WH_CONNECTORS_WEB_VISITOR_H

#include "connectors/web/state.h"

void wh_web_visitor_read(struct wh_web_request *request);

/* The anon identifier for a touch that has none, made now if need be; empty when it must not get
 * one. A touch that has other identifiers gets a new one only when the browser will keep it. */
struct wh_str wh_web_visitor_anon(struct wh_web_request *request, bool has_others);

/* Set-Cookie, where the answer has to say something about it. */
void wh_web_visitor_add_cookie(const struct wh_web_request *request, struct MHD_Response *response);

#endif
