#include "engine/score/entity_route.h"

#include "engine/score/ask.h"
#include "engine/score/counter.h"
#include "engine/score/identity.h"
#include "engine/score/parcels_parts.h"

void
wh_entity_count(const struct wh_ruleset *ruleset, struct wh_entity *entity,
                const struct wh_message *message, int64_t now, struct wh_effects *effects)
{
    struct wh_state *state = &entity->state;
    state->now = now > state->now ? now : state->now;
    if (message->kind != WH_MESSAGE_ROUTE || message->route->kind != WH_ROUTE_ASK) {
        return;
    }
    struct wh_route_sent *sent = wh_effects_send(effects);
    sent->to = message->route->from;
    wh_counter_answer(ruleset, &entity->counter, state->arena, entity->identity.key, message->route,
                      &sent->message);
}

static void
note_owner(const struct wh_walk *walk, struct wh_decision *decision, struct wh_str rule,
           struct wh_str owner)
{
    decision->asked = false;
    if (owner.len > 0) {
        decision->route = wh_arena_str(walk->state->arena, rule);
        decision->owner = wh_arena_str(walk->state->arena, owner);
    }
}

static struct wh_decision *
find_decision(const struct wh_walk *walk, struct wh_str qualification, struct wh_key published,
              int64_t life, uint32_t episode)
{
    int32_t index = wh_parcels_qualification(walk->ruleset, qualification);
    return index < 0 ? NULL
                     : wh_announced_find(&walk->state->announced, index, published, life, episode);
}

/* The decision is where its minute is; what follows it goes the same way and arrives behind it. */
static void
send_after(const struct wh_walk *walk, const struct wh_entity *entity,
           const struct wh_route_message *left)
{
    const struct wh_key *target = wh_identity_target_at(&entity->identity, left->minute);
    if (target != NULL) {
        struct wh_route_sent *sent = wh_effects_send(walk->effects);
        sent->to = *target;
        sent->message = *left;
    }
}

static void
hear_left(const struct wh_walk *walk, const struct wh_entity *entity,
          const struct wh_route_message *left)
{
    const struct wh_route_ticket *ticket = &left->ticket;
    struct wh_decision *decision =
        find_decision(walk, ticket->qualification, left->from, ticket->life, ticket->episode);
    if (decision != NULL) {
        note_owner(walk, decision, left->rule, left->owner);
    } else {
        send_after(walk, entity, left);
    }
}

static void
hear_answer(struct wh_walk *walk, const struct wh_entity *entity,
            const struct wh_route_message *answer)
{
    struct wh_pending pending;
    if (!wh_ask_answered(walk, answer, &pending)) {
        return;
    }
    struct wh_event *event = wh_effects_push(walk->effects);
    if (event != NULL) {
        *event = pending.event;
    }
    struct wh_route_message left = {
        .kind = WH_ROUTE_LEFT,
        .from = entity->identity.key,
        .ticket = answer->ticket,
        .rule = pending.event.route.rule,
        .owner = pending.event.route.owner,
        .minute = pending.minute,
    };
    hear_left(walk, entity, &left);
    wh_ask_end(walk, 0);
}

void
wh_entity_hear(struct wh_walk *walk, struct wh_entity *entity,
               const struct wh_route_message *message)
{
    switch (message->kind) {
    case WH_ROUTE_ANSWER:
        hear_answer(walk, entity, message);
        break;
    case WH_ROUTE_LEFT:
        hear_left(walk, entity, message);
        break;
    case WH_ROUTE_ASK: /* nobody asks a lead */
    case WH_ROUTE_MESSAGE_KIND_COUNT:
        break;
    }
}

static bool
still_waits(const struct wh_walk *walk, const struct wh_decision *decision)
{
    const struct wh_announced *announced = &walk->state->announced;
    struct wh_str id = walk->ruleset->qualifications[decision->qualification].id;
    for (uint32_t i = 0; i < announced->pending_count; i++) {
        const struct wh_event *event = &announced->pending[i].event;
        if (event->number == decision->episode && event->snapshot->life == decision->life &&
            wh_str_equal(event->name, id)) {
            return true;
        }
    }
    return false;
}

void
wh_entity_sort_pending(struct wh_walk *walk, struct wh_entity *entity)
{
    struct wh_announced *announced = &walk->state->announced;
    for (uint32_t i = announced->pending_count; i-- > 0;) {
        if (wh_stretches_cover(entity->identity.erased, announced->pending[i].minute)) {
            wh_ask_end(walk, i);
        }
    }
    for (uint32_t i = 0; i < announced->decision_count; i++) {
        struct wh_decision *decision = &announced->decisions[i];
        bool is_own = wh_key_compare(decision->published, entity->identity.key) == 0;
        decision->asked = decision->asked && (!is_own || still_waits(walk, decision));
    }
}
