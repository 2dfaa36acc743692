/* A shadow (rules.md 27): a model that decides beside the live one and takes the same touches, with
 * everything else of its own. The one place that says which names that makes. */
#ifndef WH_COMMANDS_SHADOW_H
#define WH_COMMANDS_SHADOW_H

#include "engine/commands/command.h"
#include "engine/host/config.h"
#include "engine/rules/ruleset.h"

/* Behind the name of the group, of each topic but that of the touches, and of the store's keys. */
#define WH_SHADOW_SUFFIX ".shadow"

/* Makes the configuration that of the model's kind: of a shadow the names get the suffix, else
 * nothing changes. Not twice. */
void wh_shadow_name(struct wh_config *config, const struct wh_ruleset *ruleset);

/* The same by the model of the configuration, for who only looks: without one, or where it cannot
 * be used, which is told, the names stay those of the live model. Whether it is a shadow. */
bool wh_shadow_name_configured(const struct wh_call *call, struct wh_config *config);

/* Why the model cannot come after the one before: one of them is a shadow, the other is not. NULL:
 * it can. */
const char *wh_shadow_clash(const struct wh_ruleset *ruleset, const struct wh_ruleset *before);

#endif
