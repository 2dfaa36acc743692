#include "engine/model/stretch.h"

#include <string.h>

#define MINUTE_US INT64_C(60000000)

static const struct wh_stretch every_minute = {WH_MINUTE_FIRST, WH_MINUTE_END};

int64_t
wh_minute_of(int64_t at)
{
    return at / MINUTE_US - (at % MINUTE_US < 0 ? 1 : 0);
}

struct wh_stretches
wh_stretches_all(void)
{
    return (struct wh_stretches){&every_minute, 1};
}

struct wh_stretches
wh_stretches_of(struct wh_arena *arena, int64_t from, int64_t to)
{
    if (from >= to) {
        return (struct wh_stretches){NULL, 0};
    }
    struct wh_stretch *item = WH_ARENA_NEW(arena, struct wh_stretch);
    *item = (struct wh_stretch){from, to};
    return (struct wh_stretches){item, 1};
}

/* `to` END means without end, so that the last minute that a number can name is covered, too. */
static bool
holds(struct wh_stretch stretch, int64_t minute)
{
    return stretch.from <= minute && (minute < stretch.to || stretch.to == WH_MINUTE_END);
}

bool
wh_stretches_cover(struct wh_stretches set, int64_t minute)
{
    for (uint32_t i = 0; i < set.count; i++) {
        if (holds(set.items[i], minute)) {
            return true;
        }
    }
    return false;
}

bool
wh_stretches_equal(struct wh_stretches a, struct wh_stretches b)
{
    if (a.count != b.count) {
        return false;
    }
    for (uint32_t i = 0; i < a.count; i++) {
        if (a.items[i].from != b.items[i].from || a.items[i].to != b.items[i].to) {
            return false;
        }
    }
    return true;
}

bool
wh_stretches_is_open(struct wh_stretches set)
{
    return set.count > 0 && set.items[set.count - 1].to == WH_MINUTE_END;
}

static int64_t
earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t
later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

struct wh_stretches
wh_stretches_both(struct wh_arena *arena, struct wh_stretches a, struct wh_stretches b)
{
    struct wh_stretch *items = WH_ARENA_ARRAY(arena, struct wh_stretch, a.count + b.count);
    uint32_t count = 0;
    uint32_t i = 0;
    uint32_t j = 0;
    while (i < a.count && j < b.count) {
        int64_t from = later(a.items[i].from, b.items[j].from);
        int64_t to = earlier(a.items[i].to, b.items[j].to);
        if (from < to) {
            items[count++] = (struct wh_stretch){from, to};
        }
        if (a.items[i].to < b.items[j].to) {
            i++;
        } else {
            j++;
        }
    }
    return (struct wh_stretches){items, count};
}

static struct wh_stretches
complement(struct wh_arena *arena, struct wh_stretches set)
{
    struct wh_stretch *items = WH_ARENA_ARRAY(arena, struct wh_stretch, (size_t)set.count + 1);
    uint32_t count = 0;
    int64_t from = WH_MINUTE_FIRST;
    for (uint32_t i = 0; i < set.count; i++) {
        if (from < set.items[i].from) {
            items[count++] = (struct wh_stretch){from, set.items[i].from};
        }
        from = set.items[i].to;
    }
    if (from < WH_MINUTE_END) {
        items[count++] = (struct wh_stretch){from, WH_MINUTE_END};
    }
    return (struct wh_stretches){items, count};
}

struct wh_stretches
wh_stretches_without(struct wh_arena *arena, struct wh_stretches a, struct wh_stretches b)
{
    return wh_stretches_both(arena, a, complement(arena, b));
}

struct wh_stretches
wh_stretches_unite(struct wh_arena *arena, struct wh_stretches a, struct wh_stretches b)
{
    return complement(arena, wh_stretches_both(arena, complement(arena, a), complement(arena, b)));
}

struct wh_stretches
wh_stretches_copy(struct wh_arena *arena, struct wh_stretches set)
{
    if (set.count == 0) {
        return (struct wh_stretches){NULL, 0};
    }
    struct wh_stretch *items = WH_ARENA_ARRAY(arena, struct wh_stretch, set.count);
    memcpy(items, set.items, set.count * sizeof(*items));
    return (struct wh_stretches){items, set.count};
}
