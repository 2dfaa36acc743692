#include "engine/score/entity_event.h"

#include "engine/base/time.h"
#include "engine/model/stretch.h"
#include "engine/score/explain.h"

static struct wh_str
public_id(const struct wh_walk *walk, struct wh_key key)
{
    if (walk->self.secret == NULL) {
        return (struct wh_str){NULL, 0};
    }
    struct wh_hash_id id = wh_key_id(walk->self.secret, walk->scratch, key);
    return wh_explain_id(&id, walk->scratch);
}

static const struct wh_snapshot *
snapshot_of(const struct wh_walk *walk, int64_t life)
{
    struct wh_view view;
    struct wh_snapshot *snapshot = WH_ARENA_NEW(walk->scratch, struct wh_snapshot);
    wh_view_init(&view, walk->ruleset, walk->state, &walk->state->live, walk->scratch);
    view.now = walk->moment.now;
    view.rows = walk->state->live.rows;
    *snapshot = *wh_explain_snapshot(&view, walk->scratch);
    snapshot->life = life;
    snapshot->also = walk->self.also;
    snapshot->also_count = walk->self.also_count;
    return snapshot;
}

static struct wh_event *
tell(const struct wh_walk *walk, const struct wh_fact *fact, enum wh_event_kind kind)
{
    struct wh_event *event = wh_effects_push(walk->effects);
    if (event == NULL) {
        event = WH_ARENA_NEW(walk->scratch, struct wh_event);
    }
    int64_t now = walk->moment.now;
    event->kind = kind;
    event->reason = wh_str_of(wh_identity_reason_str(fact->reason));
    event->number = fact->turn;
    event->occurred = now;
    event->received = now;
    event->decided = now;
    event->silent = now < walk->moment.announce_from;
    event->cause = (struct wh_cause){.is_due = true, .at = now};
    event->snapshot = snapshot_of(walk, fact->life);
    return event;
}

static void
tell_merged(const struct wh_walk *walk, const struct wh_fact *fact)
{
    struct wh_event *event = tell(walk, fact, WH_EVENT_MERGED);
    event->into = public_id(walk, fact->into);
    event->since = fact->since == WH_MINUTE_FIRST ? WH_TIME_MIN : fact->since * WH_US_PER_MINUTE;
    event->shared = fact->shared;
}

/* Nobody outside knows an id under which nothing was ever published; who asked for the erasure gets
 * the receipt all the same. */
static void
tell_erased(const struct wh_walk *walk, const struct wh_entity *entity, const struct wh_fact *fact,
            const struct wh_identity_members *members)
{
    if (members == NULL && !entity->identity.published) {
        return;
    }
    struct wh_event *event = tell(walk, fact, WH_EVENT_ERASED);
    if (members == NULL) {
        return;
    }
    struct wh_str *ids = WH_ARENA_ARRAY(walk->scratch, struct wh_str, members->count);
    for (uint32_t i = 0; i < members->count; i++) {
        ids[i] = public_id(walk, members->items[i].key);
    }
    event->members = ids;
    event->member_count = members->count;
}

void
wh_entity_tell(const struct wh_walk *walk, const struct wh_entity *entity,
               const struct wh_identity_effects *facts, uint32_t first)
{
    const struct wh_identity_members *members = NULL;
    for (uint32_t i = first; i < facts->fact_count; i++) {
        const struct wh_fact *fact = &facts->facts[i];
        switch (fact->kind) {
        case WH_FACT_MERGED:
            tell_merged(walk, fact);
            break;
        case WH_FACT_REVIVED:
            (void)tell(walk, fact, WH_EVENT_REVIVED);
            break;
        case WH_FACT_RECEIPT: /* stands before what the lead itself erases */
            members = &fact->members;
            break;
        case WH_FACT_ERASED:
            tell_erased(walk, entity, fact, members);
            break;
        case WH_FACT_POINTER:
        case WH_FACT_LEAD:
        case WH_FACT_SHARED:
        case WH_FACT_CROWD:
        case WH_FACT_KEPT:
            break;
        }
    }
}
