#include "engine/score/identity_step.h"

#include "engine/base/time.h"

#define CAPACITY_MIN 8

/* More often within so many minutes is contested (identity.md 9). */
#define CONTESTED_TURNS   4
#define CONTESTED_MINUTES (INT64_C(30) * 1440)

void
wh_identity_effects_init(struct wh_identity_effects *effects, struct wh_arena *arena)
{
    *effects = (struct wh_identity_effects){.arena = arena};
}

static void *
pushed(struct wh_arena *arena, void **items, uint32_t *count, uint32_t *capacity, size_t size)
{
    if (*count == *capacity) {
        uint32_t larger = *capacity == 0 ? CAPACITY_MIN : *capacity * 2;
        *items = wh_arena_grow(arena, *items, *count, larger, size);
        *capacity = larger;
    }
    return (char *)*items + (size_t)(*count)++ * size;
}

static void
count_sent(struct wh_identity_step *step, enum wh_identity_message_kind kind)
{
    if (kind == WH_IDENTITY_LINK) {
        wh_identity_count(step, WH_COUNT_LINKS);
    } else if (kind == WH_IDENTITY_LEASE) {
        wh_identity_count(step, WH_COUNT_LEASES);
    } else if (kind == WH_IDENTITY_RECALL) {
        wh_identity_count(step, WH_COUNT_RECALLS);
    } else if (kind == WH_IDENTITY_HOME) {
        wh_identity_count(step, WH_COUNT_HOMES);
    }
}

struct wh_identity_message *
wh_identity_effects_send(struct wh_identity_effects *effects, struct wh_key to, struct wh_key from,
                         enum wh_identity_message_kind kind)
{
    void *items = effects->sent;
    struct wh_identity_sent *sent = pushed(effects->arena, &items, &effects->sent_count,
                                           &effects->sent_capacity, sizeof(*sent));
    effects->sent = items;
    sent->to = to;
    sent->message.kind = kind;
    sent->message.from = from;
    return &sent->message;
}

struct wh_identity_message *
wh_identity_send(struct wh_identity_step *step, struct wh_key to,
                 enum wh_identity_message_kind kind)
{
    count_sent(step, kind);
    return wh_identity_effects_send(step->effects, to, step->identity->key, kind);
}

struct wh_fact *
wh_identity_find_out(struct wh_identity_step *step, enum wh_fact_kind kind)
{
    struct wh_identity_effects *effects = step->effects;
    void *items = effects->facts;
    struct wh_fact *fact = pushed(effects->arena, &items, &effects->fact_count,
                                  &effects->fact_capacity, sizeof(*fact));
    effects->facts = items;
    fact->kind = kind;
    fact->life = step->identity->life;
    fact->turn = step->identity->turn;
    return fact;
}

static void
handle(struct wh_identity_step *step)
{
    switch (step->message->kind) {
    case WH_IDENTITY_ARRIVE:
        wh_identity_on_arrive(step);
        break;
    case WH_IDENTITY_LINK:
        wh_identity_on_link(step);
        break;
    case WH_IDENTITY_LEASE:
        wh_identity_on_lease(step);
        break;
    case WH_IDENTITY_UP:
        wh_identity_on_up(step);
        break;
    case WH_IDENTITY_RECALL:
        wh_identity_on_recall(step);
        break;
    case WH_IDENTITY_HOME:
        wh_identity_on_home(step);
        break;
    case WH_IDENTITY_REFUSE:
        wh_identity_on_refuse(step);
        break;
    case WH_IDENTITY_UNLINK:
        wh_identity_on_unlink(step);
        break;
    case WH_IDENTITY_DISSOLVE:
        wh_identity_on_dissolve(step);
        break;
    case WH_IDENTITY_PAIR:
        wh_identity_on_pair(step);
        break;
    case WH_IDENTITY_JOIN:
        wh_identity_on_join(step);
        break;
    case WH_IDENTITY_ERASE:
        wh_identity_on_erase(step);
        break;
    case WH_IDENTITY_ASK:
        wh_identity_on_ask(step);
        break;
    case WH_IDENTITY_ANSWER:
        wh_identity_on_answer(step);
        break;
    case WH_IDENTITY_TELL: /* a company's affair: entity.c */
    case WH_IDENTITY_MESSAGE_KIND_COUNT:
        break;
    }
}

void
wh_identity_step(const struct wh_identity_env *env, struct wh_identity *identity,
                 const struct wh_identity_message *message, const struct wh_parcels *parcels,
                 struct wh_identity_effects *effects)
{
    struct wh_identity_step step = {
        .env = env,
        .identity = identity,
        .message = message,
        .parcels = parcels,
        .effects = effects,
    };
    handle(&step);
    wh_identity_settle(&step);
    if (step.hands) {
        identity->hands_changed_at = env->now;
    }
}

bool
wh_identity_is_lead(const struct wh_identity *identity)
{
    return identity->bound_count == 0;
}

const struct wh_key *
wh_identity_target_at(const struct wh_identity *identity, int64_t minute)
{
    const struct wh_key *target = NULL;
    for (uint32_t i = 0; i < identity->bound_count && identity->bounds[i].from <= minute; i++) {
        target = &identity->targets[identity->bounds[i].target].key;
    }
    return target;
}

bool
wh_identity_is_contested(const struct wh_identity *identity)
{
    /* The first bound is no change of hands. */
    for (uint32_t i = CONTESTED_TURNS + 1; i < identity->bound_count; i++) {
        int64_t first = identity->bounds[i - CONTESTED_TURNS].from;
        if (identity->bounds[i].from - first <= CONTESTED_MINUTES) {
            return true;
        }
    }
    return false;
}

bool
wh_identity_is_kid_contested(const struct wh_identity_kid *kid)
{
    int64_t latest[CONTESTED_TURNS + 1] = {0};
    uint32_t turns = 0;
    for (uint32_t i = 0; i < 2 * kid->lease.count; i++) {
        const struct wh_stretch *stretch = &kid->lease.items[i / 2];
        int64_t minute = i % 2 == 0 ? stretch->from : stretch->to;
        if (minute == WH_MINUTE_FIRST || minute == WH_MINUTE_END) {
            continue;
        }
        /* The one before so many turns is the next to be overwritten. */
        uint32_t place = turns++ % (CONTESTED_TURNS + 1);
        latest[place] = minute;
        if (turns > CONTESTED_TURNS &&
            minute - latest[(place + 1) % (CONTESTED_TURNS + 1)] <= CONTESTED_MINUTES) {
            return true;
        }
    }
    return false;
}

int64_t
wh_identity_settled_at(const struct wh_identity *identity)
{
    return identity->hands_changed_at == WH_TIME_MIN
               ? WH_TIME_MIN
               : identity->hands_changed_at + WH_IDENTITY_SETTLE;
}

const char *
wh_identity_reason_str(enum wh_identity_reason reason)
{
    switch (reason) {
    case WH_REASON_IDENTIFIED:
        return "identified";
    case WH_REASON_JOIN:
        return "join";
    case WH_REASON_ALONE:
        return "alone";
    case WH_REASON_SPLIT:
        return "split";
    case WH_REASON_ALLOW:
        return "allow";
    case WH_REASON_SHARED:
        return "shared";
    case WH_REASON_CROWD:
        return "crowd";
    case WH_REASON_ERASED:
        return "erased";
    }
    return "?";
}

const char *
wh_fact_kind_str(enum wh_fact_kind kind)
{
    switch (kind) {
    case WH_FACT_POINTER:
        return "pointer";
    case WH_FACT_LEAD:
        return "lead";
    case WH_FACT_MERGED:
        return "merged";
    case WH_FACT_REVIVED:
        return "revived";
    case WH_FACT_SHARED:
        return "shared";
    case WH_FACT_CROWD:
        return "crowd";
    case WH_FACT_ERASED:
        return "erased";
    case WH_FACT_RECEIPT:
        return "receipt";
    case WH_FACT_KEPT:
        return "kept";
    }
    return "?";
}

const char *
wh_identity_counter_str(enum wh_identity_counter counter)
{
    static const char *const names[WH_IDENTITY_COUNTER_COUNT] = {
        [WH_COUNT_SEALED] = "identity_sealed",
        [WH_COUNT_KEPT_DROPPED] = "identity_kept_dropped",
        [WH_COUNT_DAYS_DROPPED] = "identity_days_dropped",
        [WH_COUNT_LINKS_DROPPED] = "identity_links_dropped",
        [WH_COUNT_PAIRS_DROPPED] = "identity_pairs_dropped",
        [WH_COUNT_ERASE_LARGE] = "identity_erase_large",
        [WH_COUNT_ERASED_JOINED] = "identity_erased_joined",
        [WH_COUNT_NAMES_DROPPED] = "identity_names_dropped",
        [WH_COUNT_TRAIL_LONG] = "identity_trail_long",
        [WH_COUNT_SHARED] = "identity_shared",
        [WH_COUNT_CROWD] = "identity_crowd",
        [WH_COUNT_STRAY] = "identity_stray",
        [WH_COUNT_FOLDED] = "identity_folded",
        [WH_COUNT_FOLD_CUT] = "identity_fold_cut",
        [WH_COUNT_NAMES_UNKNOWN] = "identity_names_unknown",
        [WH_COUNT_TWO_OF_A_KIND] = "identity_two_of_a_kind",
        [WH_COUNT_LINKS] = "identity_links",
        [WH_COUNT_LEASES] = "identity_leases",
        [WH_COUNT_RECALLS] = "identity_recalls",
        [WH_COUNT_HOMES] = "identity_homes",
        [WH_COUNT_HANDS_CHANGED] = "identity_hands_changed",
    };
    return counter < WH_IDENTITY_COUNTER_COUNT ? names[counter] : "?";
}
