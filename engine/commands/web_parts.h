/* What every web server of ours needs, whichever command it belongs to. */
#ifndef WH_COMMANDS_WEB_PARTS_H
#define WH_COMMANDS_WEB_PARTS_H

#include "connectors/web/web.h"
#include "engine/host/config.h"
#include "engine/port/domain.h"
#include "engine/port/metrics.h"
#include "engine/rules/ruleset.h"

/* As the configuration says, on the address of `listen`. Texts live as long as the arena. */
struct wh_web_options wh_web_options_of(const struct wh_config *config, struct wh_arena *arena,
                                        enum wh_option listen);

/* How a touch is judged at the door: as the engine will find it. */
struct wh_web_judge {
    const struct wh_codec *codec;
    const struct wh_domain *domain;
    const struct wh_ruleset *ruleset;
    bool knows_lateness; /* the ruleset is that of the engine: too_late can be told here */
    int64_t now, machine;
};

bool wh_web_judge(const struct wh_web_judge *judge, struct wh_arena *arena,
                  const struct wh_web_record *record, struct wh_touch *ret_touch,
                  struct wh_rejection *ret_rejection);

/* A request was answered: counted. */
void wh_web_count(struct wh_metrics *metrics, const char *path, unsigned status);

/* For struct wh_web_env: the machine's clock and randomness. */
int64_t wh_web_now(void *self);
struct wh_hash_id wh_web_random_id(void *self);

#endif
