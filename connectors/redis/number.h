/* Ports, slots and databases, as servers and addresses write them. */
#ifndef WH_CONNECTORS_REDIS_NUMBER_H
#define WH_CONNECTORS_REDIS_NUMBER_H

#include <stdint.h>

#include "engine/base/str.h"

/* Decimal digits only, at least one; nothing above max, which leaves room for a digit more. */
bool wh_redis_number(struct wh_str text, uint32_t max, uint32_t *ret_number);

#endif
