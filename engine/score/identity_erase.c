/* Erasure: what has its home here and these minutes goes, wherever it is, and never comes back.
 *
 * A lead is more than what has its home there: kids, theirs, and so on, each for the minutes that
 * lead here. Who they are is asked first, and only when all have answered are links taken away,
 * because others could no longer be found without them. */
#include "engine/score/identity_step.h"

/* The gap behind that stretch; inner ends are minutes of commands, so it is far from overflow. */
static int64_t
gap_behind(struct wh_stretches set, uint32_t index)
{
    return set.items[index + 1].from - set.items[index].to;
}

static uint32_t
smallest_gap(struct wh_stretches set)
{
    uint32_t best = 0;
    for (uint32_t i = 1; i + 1 < set.count; i++) {
        best = gap_behind(set, i) < gap_behind(set, best) ? i : best;
    }
    return best;
}

/* Past the bound the two neighbours with the smallest gap become one. */
static struct wh_stretches
bounded(struct wh_identity_step *step, struct wh_stretches set)
{
    struct wh_arena *arena = step->effects->arena;
    while (set.count > step->env->limits->erased && set.count > 1) {
        uint32_t index = smallest_gap(set);
        struct wh_stretches gap =
            wh_stretches_of(arena, set.items[index].to, set.items[index + 1].from);
        set = wh_stretches_unite(arena, set, gap);
        wh_identity_count(step, WH_COUNT_ERASED_JOINED);
    }
    return set;
}

static void
remember(struct wh_identity_step *step, struct wh_stretches minutes)
{
    struct wh_identity *identity = step->identity;
    struct wh_stretches all = wh_stretches_unite(step->effects->arena, identity->erased, minutes);
    identity->erased = wh_stretches_copy(identity->arena, bounded(step, all));
}

/* A kid that was only known from what is erased must go, too, once the last answer is here
 * (identity_lease.c): until then something that was said of it may still be on its way. */
static void
unlink_kids(struct wh_identity_step *step, struct wh_stretches minutes)
{
    struct wh_identity *identity = step->identity;
    for (uint32_t i = 0; i < identity->kid_count; i++) {
        struct wh_identity_kid *kid = &identity->kids[i];
        if (wh_key_is_weaker(kid->key, identity->key)) {
            wh_minutes_remove(&kid->kept, minutes);
            kid->forgotten = kid->kept.count == 0;
            kid->unlinks++;
            wh_identity_send(step, kid->key, WH_IDENTITY_UNLINK)->as.unlink =
                (struct wh_identity_unlink){.minutes = minutes, .rest = kid->kept.count > 0};
        }
    }
}

/* What has its home here and these minutes, wherever it is, and what is still to come. */
static void
drop_own(struct wh_identity_step *step, struct wh_stretches minutes)
{
    remember(step, minutes);
    wh_identity_take_out(
        step, &(struct wh_identity_recall){.minutes = minutes, .whole = true, .drop = true});
}

static void
erase_own(struct wh_identity_step *step, struct wh_stretches minutes)
{
    struct wh_identity *identity = step->identity;
    drop_own(step, minutes);
    unlink_kids(step, minutes);
    struct wh_fact *fact = wh_identity_find_out(step, WH_FACT_ERASED);
    fact->reason = WH_REASON_ERASED;
    fact->minutes = minutes;
    identity->life = step->env->now > identity->life ? step->env->now : identity->life + 1;
}

static struct wh_identity_member *
get_member(struct wh_identity_step *step, struct wh_key key)
{
    struct wh_identity *identity = step->identity;
    for (uint32_t i = 0; i < identity->erasing_count; i++) {
        if (wh_key_is_same(identity->erasing[i].key, key)) {
            return &identity->erasing[i];
        }
    }
    if (identity->erasing_count == WH_ERASE_MEMBERS_MAX) {
        wh_identity_count(step, WH_COUNT_ERASE_LARGE);
        return NULL;
    }
    if (identity->erasing_count == identity->erasing_capacity) {
        uint32_t capacity = identity->erasing_capacity == 0 ? 4 : identity->erasing_capacity * 2;
        identity->erasing =
            wh_arena_grow(identity->arena, identity->erasing, identity->erasing_count, capacity,
                          sizeof(*identity->erasing));
        identity->erasing_capacity = capacity;
    }
    struct wh_identity_member *member = &identity->erasing[identity->erasing_count++];
    member->key.kind = key.kind;
    member->key.value = wh_arena_str(identity->arena, key.value);
    member->minutes = (struct wh_stretches){NULL, 0};
    return member;
}

/* These minutes of `key` belong to the lead: so do those of its kids, whom it is asked for. */
static void
ask(struct wh_identity_step *step, struct wh_key key, struct wh_stretches minutes)
{
    struct wh_arena *arena = step->effects->arena;
    struct wh_identity_member *member = get_member(step, key);
    if (member == NULL) {
        return;
    }
    struct wh_stretches news = wh_stretches_without(arena, minutes, member->minutes);
    if (news.count == 0) {
        return;
    }
    member->minutes =
        wh_stretches_copy(step->identity->arena, wh_stretches_unite(arena, member->minutes, news));
    wh_identity_send(step, member->key, WH_IDENTITY_ASK)->as.ask.minutes = news;
    step->identity->asked++;
}

static struct wh_identity_members
kids_with(struct wh_identity_step *step, struct wh_stretches minutes)
{
    const struct wh_identity *identity = step->identity;
    struct wh_identity_member *items =
        WH_ARENA_ARRAY(step->effects->arena, struct wh_identity_member, identity->kid_count);
    uint32_t count = 0;
    for (uint32_t i = 0; !identity->crowd && i < identity->kid_count; i++) {
        struct wh_stretches part =
            wh_stretches_both(step->effects->arena, identity->kids[i].lease, minutes);
        if (part.count > 0) {
            items[count++] = (struct wh_identity_member){identity->kids[i].key, part};
        }
    }
    return (struct wh_identity_members){items, count};
}

/* All that belongs to the lead is known: each erases its own. */
static void
erase_members(struct wh_identity_step *step)
{
    struct wh_identity *identity = step->identity;
    struct wh_fact *receipt = wh_identity_find_out(step, WH_FACT_RECEIPT);
    receipt->reason = WH_REASON_ERASED;
    receipt->members = (struct wh_identity_members){identity->erasing, identity->erasing_count};
    for (uint32_t i = 0; i < identity->erasing_count; i++) {
        const struct wh_identity_member *member = &identity->erasing[i];
        if (!wh_key_is_same(member->key, identity->key)) {
            wh_identity_send(step, member->key, WH_IDENTITY_ERASE)->as.erase.minutes =
                member->minutes;
        }
    }
    erase_own(step, get_member(step, identity->key)->minutes);
    identity->erasing = NULL;
    identity->erasing_count = 0;
    identity->erasing_capacity = 0;
}

static void
ask_for_all(struct wh_identity_step *step, struct wh_identity_members members)
{
    for (uint32_t i = 0; i < members.count; i++) {
        ask(step, members.items[i].key, members.items[i].minutes);
    }
    if (step->identity->asked == 0) {
        erase_members(step);
    }
}

static void
erase_lead(struct wh_identity_step *step, struct wh_stretches minutes)
{
    struct wh_identity *identity = step->identity;
    drop_own(step, minutes);
    struct wh_identity_member *own = get_member(step, identity->key);
    if (own == NULL) {
        return;
    }
    own->minutes = wh_stretches_copy(
        identity->arena, wh_stretches_unite(step->effects->arena, own->minutes, minutes));
    ask_for_all(step, kids_with(step, minutes));
}

void
wh_identity_on_erase(struct wh_identity_step *step)
{
    const struct wh_identity_erase *erase = &step->message->as.erase;
    if (step->identity->crowd) {
        wh_identity_find_out(step, WH_FACT_KEPT)->reason = WH_REASON_CROWD;
    } else if (erase->lead) {
        erase_lead(step, erase->minutes);
    } else {
        erase_own(step, erase->minutes);
    }
}

void
wh_identity_on_ask(struct wh_identity_step *step)
{
    wh_identity_send(step, step->message->from, WH_IDENTITY_ANSWER)->as.answer =
        kids_with(step, step->message->as.ask.minutes);
}

/* Answers to what nobody asks any more come where a loss was accepted and with it the question. */
void
wh_identity_on_answer(struct wh_identity_step *step)
{
    if (step->identity->asked == 0) {
        return;
    }
    step->identity->asked--;
    ask_for_all(step, step->message->as.answer);
}
