#include "engine/score/ask.h"

#include "engine/score/route.h"

/* Who had the person by this route, less than `sticky` before; of several the last one. */
static struct wh_str
owner_before(const struct wh_announced *announced, const struct wh_candidate *candidate, int64_t at)
{
    const struct wh_decision *last = NULL;
    /* Without it nobody sticks, also where a decision of a faster clock began after this moment. */
    uint32_t count = candidate->sticky > 0 ? announced->decision_count : 0;
    for (uint32_t i = 0; i < count; i++) {
        const struct wh_decision *decision = &announced->decisions[i];
        bool counts = decision->owner.len > 0 && wh_str_equal(decision->route, candidate->rule) &&
                      decision->began > at - candidate->sticky;
        bool is_later =
            last == NULL || decision->began > last->began ||
            (decision->began == last->began && wh_str_compare(decision->owner, last->owner) > 0);
        last = counts && is_later ? decision : last;
    }
    return last == NULL ? (struct wh_str){NULL, 0} : last->owner;
}

static void
ask(struct wh_announced *announced, struct wh_key self, struct wh_effects *effects)
{
    const struct wh_pending *first = &announced->pending[0];
    const struct wh_candidate *candidate = &first->candidates[first->asked];
    struct wh_route_sent *sent = wh_effects_send(effects);
    sent->to = (struct wh_key){WH_KEY_ROUTE, candidate->rule};
    sent->message = (struct wh_route_message){
        .kind = WH_ROUTE_ASK,
        .from = self,
        .ticket = {first->event.name, first->event.snapshot->life, first->event.number,
                   first->asked},
        .at = first->event.decided,
        .owner = owner_before(announced, candidate, first->event.decided),
    };
}

void
wh_ask_begin(const struct wh_look *look, const struct wh_event *event, int64_t minute,
             struct wh_candidate *candidates, size_t count)
{
    struct wh_pending pending = {
        .event = *event,
        .minute = minute,
        .candidates = candidates,
        .candidate_count = (uint32_t)count,
    };
    wh_announced_add_pending(look->announced, &pending);
    if (look->announced->pending_count == 1) {
        ask(look->announced, look->self->key, look->effects);
    }
}

static bool
is_about(const struct wh_pending *pending, const struct wh_route_ticket *ticket)
{
    return pending->asked == ticket->asked && pending->event.number == ticket->episode &&
           pending->event.snapshot->life == ticket->life &&
           wh_str_equal(pending->event.name, ticket->qualification);
}

bool
wh_ask_answered(struct wh_walk *walk, const struct wh_route_message *answer,
                struct wh_pending *ret_leaves)
{
    struct wh_announced *announced = &walk->state->announced;
    struct wh_pending *first = announced->pending_count > 0 ? &announced->pending[0] : NULL;
    if (first == NULL || !is_about(first, &answer->ticket)) {
        return false;
    }
    const struct wh_candidate *candidate = &first->candidates[first->asked];
    struct wh_str owner = answer->owner;
    if (!answer->given) {
        bool is_last = ++first->asked == first->candidate_count;
        candidate = is_last ? NULL : &first->candidates[first->asked];
        owner = (struct wh_str){NULL, 0};
        if (candidate != NULL && candidate->counts) {
            ask(announced, walk->self.key, walk->effects);
            return false;
        }
    }
    *ret_leaves = *first;
    if (candidate != NULL) {
        ret_leaves->event.route = wh_route_choice_of(candidate, owner);
    }
    return true;
}

void
wh_ask_end(struct wh_walk *walk, uint32_t index)
{
    struct wh_announced *announced = &walk->state->announced;
    wh_announced_remove_pending(announced, index);
    if (index == 0 && announced->pending_count > 0) {
        ask(announced, walk->self.key, walk->effects);
    }
}
