/* `waterhole lead KEY --export`: everything that is kept of a lead, as one JSON object. */
#ifndef WH_COMMANDS_LEAD_EXPORT_H
#define WH_COMMANDS_LEAD_EXPORT_H

#include "engine/base/buf.h"
#include "engine/commands/kept.h"

/* Its members: contract.md 1. With a line break; else a message has been printed. */
WH_MUST_CHECK enum wh_exit wh_lead_export(struct wh_buf *buf, struct wh_kept *kept,
                                          const struct wh_entity *entity,
                                          const struct wh_story *story);

#endif
