/* From the bytes of a touchpoint to what step takes: decoded, its times judged, enriched. */
#ifndef WH_RUNTIME_INTAKE_H
#define WH_RUNTIME_INTAKE_H

#include "engine/port/codec.h"
#include "engine/port/domain.h"
#include "engine/port/log.h"
#include "engine/rules/ruleset.h"
#include "engine/score/identity_command.h"

/* A touch may lie this far in the future of the machine's clock (commands/contract.md 6). */
#define WH_INTAKE_TOLERANCE (10 * WH_US_PER_MINUTE)

struct wh_intake {
    const struct wh_codec *codec;
    const struct wh_domain *domain; /* NULL: no company is known by an address */
    const struct wh_ruleset *ruleset;
    struct wh_decode_counts mended;
};

/* The id of a touch that has none: where its record stands in the log. Memory from the arena. */
struct wh_str wh_intake_default_id(struct wh_arena *arena, const struct wh_log_record *record);

/* False: *ret_why. Everything borrows from bytes and the arena. */
bool wh_intake_decode(struct wh_intake *intake, struct wh_arena *arena, struct wh_str bytes,
                      struct wh_str default_id, struct wh_touch *ret_touch,
                      struct wh_rejection *ret_why);

/* Whether the touch may be used at `now`, with the machine's clock as given: judged once, where the
 * record is read. False: *ret_why. */
bool wh_intake_is_in_time(const struct wh_intake *intake, const struct wh_touch *touch, int64_t now,
                          int64_t machine, struct wh_rejection *ret_why);

/* A touch that is a command about who is who: whom it is for, and what it tells; memory from the
 * arena. False: *ret_why. */
bool wh_intake_command(const struct wh_touch *touch, struct wh_arena *arena, struct wh_key *ret_to,
                       struct wh_identity_message *ret_message, struct wh_rejection *ret_why);

/* The same for who only wants to know: a touch that is no command is fine. */
bool wh_intake_can_be_followed(const struct wh_touch *touch, struct wh_arena *arena,
                               struct wh_rejection *ret_why);

#endif
