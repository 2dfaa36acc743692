#include "engine/model/fold.h"

#include <assert.h>
#include <string.h>

#include "engine/base/time.h"

#define LIST_CAPACITY_MIN 8

void
wh_fold_init(struct wh_fold *fold, struct wh_arena *arena, uint32_t cells, uint32_t lists)
{
    *fold = (struct wh_fold){
        .arena = arena,
        .at = WH_TIME_MIN,
        .cell_count = cells,
        .list_count = lists,
        .cells = WH_ARENA_ARRAY(arena, int64_t, cells),
        .lists = WH_ARENA_ARRAY(arena, struct wh_fold_list, lists),
    };
}

/* Room for `count` items; what the list held may be lost. */
static void
list_reserve(struct wh_fold *fold, struct wh_fold_list *list, uint32_t count)
{
    if (count <= list->capacity) {
        return;
    }
    uint32_t capacity = list->capacity == 0 ? LIST_CAPACITY_MIN : list->capacity;
    while (capacity < count) {
        capacity *= 2;
    }
    list->items = WH_ARENA_ARRAY(fold->arena, int64_t, capacity);
    list->capacity = capacity;
}

void
wh_fold_copy(struct wh_fold *to, const struct wh_fold *from)
{
    assert(to->cell_count == from->cell_count && to->list_count == from->list_count);
    wh_fold_touch(to);
    to->at = from->at;
    to->rows = from->rows;
    if (from->cell_count > 0) {
        memcpy(to->cells, from->cells, from->cell_count * sizeof(*to->cells));
    }
    for (uint32_t i = 0; i < from->list_count; i++) {
        const struct wh_fold_list *source = &from->lists[i];
        struct wh_fold_list *target = &to->lists[i];
        list_reserve(to, target, source->count);
        if (source->count > 0) {
            memcpy(target->items, source->items, source->count * sizeof(*target->items));
        }
        target->count = source->count;
    }
}

static bool
lists_equal(const struct wh_fold_list *a, const struct wh_fold_list *b)
{
    return a->count == b->count &&
           (a->count == 0 || memcmp(a->items, b->items, a->count * sizeof(*a->items)) == 0);
}

bool
wh_fold_equal(const struct wh_fold *a, const struct wh_fold *b)
{
    if (a->at != b->at || a->rows != b->rows || a->cell_count != b->cell_count ||
        a->list_count != b->list_count) {
        return false;
    }
    if (a->cell_count > 0 && memcmp(a->cells, b->cells, a->cell_count * sizeof(*a->cells)) != 0) {
        return false;
    }
    for (uint32_t i = 0; i < a->list_count; i++) {
        if (!lists_equal(&a->lists[i], &b->lists[i])) {
            return false;
        }
    }
    return true;
}

void
wh_fold_push(struct wh_fold *fold, uint32_t list, int64_t item)
{
    assert(list < fold->list_count);
    struct wh_fold_list *to = &fold->lists[list];
    wh_fold_touch(fold);
    if (to->count == to->capacity) {
        struct wh_fold_list old = *to;
        list_reserve(fold, to, to->count + 1);
        if (old.count > 0) {
            memcpy(to->items, old.items, old.count * sizeof(*to->items));
        }
    }
    to->items[to->count++] = item;
}

void
wh_fold_shift(struct wh_fold *fold, uint32_t list, uint32_t n)
{
    assert(list < fold->list_count);
    struct wh_fold_list *of = &fold->lists[list];
    assert(n <= of->count);
    wh_fold_touch(fold);
    of->count -= n;
    if (n > 0 && of->count > 0) {
        memmove(of->items, of->items + n, of->count * sizeof(*of->items));
    }
}

void
wh_fold_splice(struct wh_fold *fold, uint32_t list, uint32_t place, uint32_t n, uint32_t room)
{
    assert(list < fold->list_count);
    struct wh_fold_list *of = &fold->lists[list];
    assert(place <= of->count && n <= of->count - place);
    wh_fold_touch(fold);
    for (uint32_t i = n; i < room; i++) {
        wh_fold_push(fold, list, 0); /* Only for the room. */
    }
    uint32_t behind = of->count - (room > n ? room - n : 0) - place - n;
    if (behind > 0) {
        memmove(of->items + place + room, of->items + place + n, behind * sizeof(*of->items));
    }
    for (uint32_t i = 0; i < room; i++) {
        of->items[place + i] = 0;
    }
    of->count = place + room + behind;
}

void
wh_fold_clear(struct wh_fold *fold, uint32_t list)
{
    assert(list < fold->list_count);
    wh_fold_touch(fold);
    fold->lists[list].count = 0;
}
