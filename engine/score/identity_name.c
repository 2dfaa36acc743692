/* A lead's id is its entity's key. When it stops being a lead, or is one again, the outside must be
 * able to follow: who publishes that, under which turn, and which earlier ids are a lead now. */
#include "engine/score/identity_step.h"

void
wh_identity_publish(struct wh_identity *identity, int64_t now)
{
    if (!identity->published) {
        identity->published = true;
        identity->published_at = now;
    }
}

/* Sorted by since, then key. */
static bool
is_before(const struct wh_identity_name *a, const struct wh_identity_name *b)
{
    return a->since != b->since ? a->since < b->since : wh_key_compare(a->key, b->key) < 0;
}

static void
insert(struct wh_identity_name *items, uint32_t *count, const struct wh_identity_name *name)
{
    uint32_t place = *count;
    for (uint32_t i = 0; i < *count; i++) {
        if (wh_key_is_same(items[i].key, name->key)) {
            return;
        }
    }
    while (place > 0 && is_before(name, &items[place - 1])) {
        items[place] = items[place - 1];
        place--;
    }
    items[place] = *name;
    (*count)++;
}

/* What was published under the kids whose newest minutes are ours, and with `self` under this one;
 * dropped: how many were too many, the oldest. */
static struct wh_identity_names
collect(const struct wh_identity *identity, bool self, uint32_t max, struct wh_arena *arena,
        uint32_t *ret_dropped)
{
    uint32_t room = 1;
    for (uint32_t i = 0; i < identity->kid_count; i++) {
        room += identity->kids[i].names.count;
    }
    struct wh_identity_name *items = WH_ARENA_ARRAY(arena, struct wh_identity_name, room);
    uint32_t count = 0;
    if (self && identity->published) {
        struct wh_identity_name own = {identity->key, identity->published_at};
        insert(items, &count, &own);
    }
    for (uint32_t i = 0; i < identity->kid_count; i++) {
        const struct wh_identity_kid *kid = &identity->kids[i];
        for (uint32_t k = 0; wh_stretches_is_open(kid->lease) && k < kid->names.count; k++) {
            insert(items, &count, &kid->names.items[k]);
        }
    }
    *ret_dropped = count > max ? count - max : 0;
    return (struct wh_identity_names){items + *ret_dropped, count - *ret_dropped};
}

struct wh_identity_names
wh_identity_names_of(struct wh_identity_step *step)
{
    uint32_t dropped = 0;
    struct wh_identity_names names =
        collect(step->identity, true, step->env->limits->names, step->effects->arena, &dropped);
    step->effects->counters[WH_COUNT_NAMES_DROPPED] += dropped;
    return names;
}

struct wh_identity_names
wh_identity_also(const struct wh_identity *identity, const struct wh_identity_limits *limits,
                 struct wh_arena *arena)
{
    uint32_t dropped = 0;
    return collect(identity, false, limits->names, arena, &dropped);
}

/* Why the newest minutes have another holder than before this step. */
static enum wh_identity_reason
reason_of(const struct wh_identity_step *step)
{
    const struct wh_identity *identity = step->identity;
    if (identity->crowd) {
        return WH_REASON_CROWD;
    }
    if (!identity->joined && wh_identity_is_shared(identity, step->env->limits)) {
        return WH_REASON_SHARED;
    }
    switch (step->message->kind) {
    case WH_IDENTITY_PAIR:
        return step->message->as.pair.split ? WH_REASON_SPLIT : WH_REASON_ALLOW;
    case WH_IDENTITY_UNLINK:
        return WH_REASON_ERASED;
    case WH_IDENTITY_REFUSE:
    case WH_IDENTITY_ARRIVE:
        return WH_REASON_CROWD;
    case WH_IDENTITY_JOIN:
    case WH_IDENTITY_DISSOLVE:
        return identity->joined ? WH_REASON_JOIN : WH_REASON_ALONE;
    case WH_IDENTITY_LINK:
        return step->message->as.link.is_void ? WH_REASON_CROWD : WH_REASON_IDENTIFIED;
    case WH_IDENTITY_LEASE: /* a kid's name came later than the pointing */
    case WH_IDENTITY_UP:
    case WH_IDENTITY_RECALL:
    case WH_IDENTITY_HOME:
    case WH_IDENTITY_ERASE:
    case WH_IDENTITY_ASK:
    case WH_IDENTITY_ANSWER:
    case WH_IDENTITY_TELL: /* a company's affair: entity.c */
    case WH_IDENTITY_MESSAGE_KIND_COUNT:
        return identity->joined ? WH_REASON_JOIN : WH_REASON_IDENTIFIED;
    }
    return WH_REASON_IDENTIFIED;
}

static void
tell_place(struct wh_identity_step *step, bool was_lead, const struct wh_key *newest)
{
    if (was_lead == (newest == NULL)) {
        return;
    }
    struct wh_fact *fact =
        wh_identity_find_out(step, newest != NULL ? WH_FACT_POINTER : WH_FACT_LEAD);
    fact->reason = reason_of(step);
    if (newest != NULL) {
        fact->into = *newest;
    }
}

static void
tell_merged(struct wh_identity_step *step, const struct wh_key *newest)
{
    struct wh_identity *identity = step->identity;
    identity->turn++;
    identity->told = newest != NULL;
    struct wh_fact *fact =
        wh_identity_find_out(step, newest != NULL ? WH_FACT_MERGED : WH_FACT_REVIVED);
    fact->reason = reason_of(step);
    if (newest == NULL) {
        return;
    }
    identity->told_into = *newest;
    fact->into = *newest;
    fact->since = identity->bounds[identity->bound_count - 1].from;
    fact->shared = identity->bound_count > 1;
}

/* Whether the outside has ever heard of this id, or of one that now lives here. */
static bool
has_names(const struct wh_identity *identity)
{
    bool has = identity->published;
    for (uint32_t i = 0; !has && i < identity->kid_count; i++) {
        has = identity->kids[i].names.count > 0 && wh_stretches_is_open(identity->kids[i].lease);
    }
    return has;
}

void
wh_identity_tell(struct wh_identity_step *step, bool was_lead)
{
    struct wh_identity *identity = step->identity;
    const struct wh_key *newest = wh_identity_target_at(identity, WH_MINUTE_END);
    tell_place(step, was_lead, newest);
    bool changed = newest == NULL
                       ? identity->told
                       : !identity->told || !wh_key_is_same(identity->told_into, *newest);
    if (changed && (identity->told || has_names(identity))) {
        tell_merged(step, newest);
    }
}
