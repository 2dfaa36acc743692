/* The centre for an entity: (entity, message, moment, ruleset) -> (entity', effects). What step.h
 * is for the values of a lead, with identity around it:
 *
 *   1. advance: due moments up to `now` act in order;
 *   2. identity: the message (a touch at home is an ARRIVE) changes who owns what; parcels come and
 *      go in the columns of the state; what is for other entities is sent;
 *   3. values: what depends on rows that came or went is worked out again, from the earliest;
 *   4. decide, once, at `now`: a lead only. A crowd publishes nothing and withdraws what it had.
 *
 * Pure, as step.h. */
#ifndef WH_SCORE_ENTITY_H
#define WH_SCORE_ENTITY_H

#include "engine/model/effect.h"
#include "engine/model/entity.h"
#include "engine/model/message.h"
#include "engine/rules/ruleset.h"
#include "engine/score/identity.h"

/* What a step of an entity brings: events for the outside, messages for other entities, counts.
 * Everything lives in the arena or is borrowed from entity and ruleset until the next step. */
struct wh_entity_effects {
    struct wh_effects events;
    struct wh_identity_effects identity; /* `sent`: in order; contents are struct wh_bundle */
};
void wh_entity_effects_init(struct wh_entity_effects *effects, struct wh_arena *arena);

/* Of whom nothing is known. Key is copied, the arena kept; id is the public name. */
/* `model` is the ruleset of the leads here and below; a company is under ruleset->company. */
void wh_entity_begin(struct wh_entity *entity, struct wh_arena *arena,
                     const struct wh_ruleset *model, struct wh_key key, struct wh_hash_id id,
                     int64_t now);

enum wh_outcome wh_entity_step(const struct wh_ruleset *model, struct wh_entity *entity,
                               const struct wh_message *message, const struct wh_moment *moment,
                               struct wh_entity_effects *effects);

/* Behind wh_entity_adopt (score/adopt.h), and before the next step: one look, at moment->now, at
 * what differs only because the model is another one than that with the hash `former`. The model
 * says whether it is announced or only recorded, and its companies hear of it in the same way. */
void wh_entity_look_adopted(const struct wh_ruleset *model, struct wh_entity *entity,
                            struct wh_str former, const struct wh_moment *moment,
                            struct wh_entity_effects *effects);

/* As wh_next_due, and when a withdrawal waits for hands to rest, and when a thing is forgotten. */
int64_t wh_entity_next_due(const struct wh_ruleset *model, struct wh_entity *entity,
                           struct wh_arena *scratch);

/* Nothing is lost when it goes: a thing that nobody linked, under whose id nothing ever left, and
 * of which nothing is kept singly any more. Asked at its due moments only. */
bool wh_entity_is_forgettable(const struct wh_entity *entity);

/* Under which ruleset its state is kept: that of the leads, or of the companies. */
const struct wh_ruleset *wh_entity_ruleset(const struct wh_ruleset *model,
                                           const struct wh_entity *entity);

/* A deep copy into another arena, without the garbage of the old one. */
void wh_entity_copy(struct wh_entity *to, struct wh_arena *arena, const struct wh_entity *from);

/* A lead of which something is known: neither a pointer nor empty. */
bool wh_entity_is_somebody(const struct wh_entity *entity);

/* To whom a touch from outside goes first: its home as far as the outside can know it, its first
 * identifier in order. One that is a command goes to whom command_touch.h says, as a message. A
 * touch with nothing but a company is its own. */
struct wh_key wh_entity_home(const struct wh_touch *touch);

#endif
