/* The domain port on libpsl's built-in public suffix list, with a list of mailbox providers. */
#ifndef WH_CONNECTORS_PSL_H
#define WH_CONNECTORS_PSL_H

#include "engine/port/domain.h"

/* Nothing to free: libpsl's built-in list lives as long as the process. */
struct wh_domain wh_psl_domain(void);

#endif
