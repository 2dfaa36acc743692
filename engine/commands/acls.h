/* What each command must be allowed to do at the broker. */
#ifndef WH_COMMANDS_ACLS_H
#define WH_COMMANDS_ACLS_H

#include "connectors/kafka/plan.h"
#include "engine/base/buf.h"

/* A line for each resource: command, kind, name, operations. A shadow has no front door. */
void wh_acls_push(struct wh_buf *buf, const struct wh_kafka_settings *settings,
                  const struct wh_kafka_plan *plan, bool is_shadow);

#endif
