/* Who may do what: contract.md 4. */
#ifndef WH_CONNECTORS_WEB_GUARD_H
#define WH_CONNECTORS_WEB_GUARD_H

#include "connectors/web/state.h"

/* A key to write or to administer; or none is asked. */
bool wh_web_guard_may_write(const struct wh_web_request *request);

/* May send touches that say who is who, or what became of a lead. */
bool wh_web_guard_is_admin(const struct wh_web_request *request);

enum wh_web_access { WH_WEB_ACCESS_GRANTED, WH_WEB_ACCESS_NO_KEY, WH_WEB_ACCESS_FROM_HERE_ONLY };
enum wh_web_access wh_web_guard_may_read(const struct wh_web_request *request);

#endif
