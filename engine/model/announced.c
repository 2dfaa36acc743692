#include "engine/model/announced.h"

#include <string.h>

#include "engine/base/time.h"

#define CAPACITY_MIN 4

static void *
room(struct wh_arena *arena, void *items, uint32_t count, uint32_t *capacity, size_t size)
{
    if (count < *capacity) {
        return items;
    }
    uint32_t larger = *capacity == 0 ? CAPACITY_MIN : 2 * *capacity;
    *capacity = larger;
    return wh_arena_grow(arena, items, count, larger, size);
}

static uint32_t
oldest_ended(const struct wh_announced *announced)
{
    for (uint32_t i = 0; i < announced->decision_count; i++) {
        if (announced->decisions[i].state != WH_DECISION_STANDING) {
            return i;
        }
    }
    return 0;
}

static uint32_t
oldest_quiet(const struct wh_announced *announced)
{
    for (uint32_t i = 0; i < announced->firing_count; i++) {
        if (!announced->firings[i].announced) {
            return i;
        }
    }
    return 0;
}

struct wh_decision *
wh_announced_add_decision(struct wh_announced *announced)
{
    if (announced->decision_count == WH_DECISIONS_MAX) {
        announced->dropped++;
        uint32_t i = oldest_ended(announced);
        announced->decision_count--;
        memmove(announced->decisions + i, announced->decisions + i + 1,
                (announced->decision_count - i) * sizeof(*announced->decisions));
    }
    announced->decisions = room(announced->arena, announced->decisions, announced->decision_count,
                                &announced->decision_capacity, sizeof(*announced->decisions));
    struct wh_decision *decision = &announced->decisions[announced->decision_count++];
    *decision = (struct wh_decision){.closed = WH_TIME_NEVER};
    return decision;
}

struct wh_firing *
wh_announced_add_firing(struct wh_announced *announced)
{
    if (announced->firing_count == WH_FIRINGS_SEEN_MAX) {
        announced->dropped++;
        uint32_t i = oldest_quiet(announced);
        announced->firing_count--;
        memmove(announced->firings + i, announced->firings + i + 1,
                (announced->firing_count - i) * sizeof(*announced->firings));
    }
    announced->firings = room(announced->arena, announced->firings, announced->firing_count,
                              &announced->firing_capacity, sizeof(*announced->firings));
    struct wh_firing *firing = &announced->firings[announced->firing_count++];
    *firing = (struct wh_firing){0};
    return firing;
}

void
wh_announced_add_pending(struct wh_announced *announced, const struct wh_pending *pending)
{
    announced->pending = room(announced->arena, announced->pending, announced->pending_count,
                              &announced->pending_capacity, sizeof(*announced->pending));
    wh_pending_copy(&announced->pending[announced->pending_count++], announced->arena, pending);
}

void
wh_announced_remove_pending(struct wh_announced *announced, uint32_t index)
{
    announced->pending_count--;
    memmove(announced->pending + index, announced->pending + index + 1,
            (announced->pending_count - index) * sizeof(*announced->pending));
}

struct wh_decision *
wh_announced_find(struct wh_announced *announced, int32_t qualification, struct wh_key published,
                  int64_t life, uint32_t episode)
{
    for (uint32_t i = 0; i < announced->decision_count; i++) {
        struct wh_decision *decision = &announced->decisions[i];
        if (decision->qualification == qualification && decision->life == life &&
            decision->episode == episode && wh_key_compare(decision->published, published) == 0) {
            return decision;
        }
    }
    return NULL;
}

static uint32_t
oldest_over(const struct wh_announced *announced)
{
    for (uint32_t i = 0; i < announced->nurture_count; i++) {
        if (announced->nurtures[i].over) {
            return i;
        }
    }
    return 0;
}

struct wh_nurture *
wh_announced_add_nurture(struct wh_announced *announced)
{
    if (announced->nurture_count == WH_NURTURES_MAX) {
        announced->dropped++;
        uint32_t i = oldest_over(announced);
        announced->nurture_count--;
        memmove(announced->nurtures + i, announced->nurtures + i + 1,
                (announced->nurture_count - i) * sizeof(*announced->nurtures));
    }
    announced->nurtures = room(announced->arena, announced->nurtures, announced->nurture_count,
                               &announced->nurture_capacity, sizeof(*announced->nurtures));
    struct wh_nurture *nurture = &announced->nurtures[announced->nurture_count++];
    *nurture = (struct wh_nurture){.due = WH_TIME_NEVER};
    return nurture;
}

struct wh_nurture *
wh_announced_going(const struct wh_announced *announced, int32_t track)
{
    struct wh_nurture *first = NULL;
    for (uint32_t i = 0; i < announced->nurture_count; i++) {
        struct wh_nurture *nurture = &announced->nurtures[i];
        if (nurture->track != track || nurture->over) {
            continue;
        }
        bool is_earlier =
            first == NULL || nurture->began < first->began ||
            (nurture->began == first->began && nurture->fingerprint < first->fingerprint);
        first = is_earlier ? nurture : first;
    }
    return first;
}

/* Of several that began at one time the one that comes last by its key. */
static bool
is_later(const struct wh_decision *a, const struct wh_decision *b)
{
    if (a->began != b->began) {
        return a->began > b->began;
    }
    int order = wh_key_compare(a->published, b->published);
    if (order != 0) {
        return order > 0;
    }
    return a->life != b->life ? a->life > b->life : a->episode > b->episode;
}

const struct wh_decision *
wh_announced_latest(const struct wh_announced *announced, int32_t qualification)
{
    const struct wh_decision *latest = NULL;
    for (uint32_t i = 0; i < announced->decision_count; i++) {
        const struct wh_decision *decision = &announced->decisions[i];
        if (decision->qualification == qualification &&
            (latest == NULL || is_later(decision, latest))) {
            latest = decision;
        }
    }
    return latest;
}

const struct wh_decision *
wh_announced_standing(const struct wh_announced *announced, int32_t qualification)
{
    for (uint32_t i = 0; i < announced->decision_count; i++) {
        const struct wh_decision *decision = &announced->decisions[i];
        if (decision->qualification == qualification && decision->state == WH_DECISION_STANDING) {
            return decision;
        }
    }
    return NULL;
}

int64_t
wh_announced_cool_from(const struct wh_announced *announced, int32_t qualification)
{
    int64_t from = WH_TIME_MIN;
    for (uint32_t i = 0; i < announced->decision_count; i++) {
        const struct wh_decision *decision = &announced->decisions[i];
        if (decision->qualification == qualification && decision->state != WH_DECISION_WITHDRAWN &&
            decision->began > from) {
            from = decision->began;
        }
    }
    return from;
}

uint64_t
wh_announced_count(const struct wh_announced *announced, int32_t qualification)
{
    uint64_t count = 0;
    for (uint32_t i = 0; i < announced->decision_count; i++) {
        count += announced->decisions[i].qualification == qualification ? 1 : 0;
    }
    return count;
}
