#include "tests/identity/store.h"

#include <assert.h>
#include <string.h>

int64_t
points_of(const struct touch *touch)
{
    return 1 + (int64_t)touch->number * 7 % 31;
}

int
size_of(const struct parcel *parcels, int count)
{
    static const int sizes[] = {SIZE_OF_TOUCH, SIZE_OF_DECISION, SIZE_OF_FOLD};
    int size = 0;
    for (int i = 0; i < count; i++) {
        size += sizes[parcels[i].kind];
    }
    return size;
}

void
store_init(struct store *store, struct wh_arena *arena, const struct world *world)
{
    *store = (struct store){.arena = arena, .world = world};
}

void
store_add(struct store *store, struct parcel parcel)
{
    if (store->count == store->capacity) {
        int capacity = store->capacity == 0 ? 4 : store->capacity * 2;
        store->items = wh_arena_grow(store->arena, store->items, (size_t)store->count,
                                     (size_t)capacity, sizeof(*store->items));
        store->capacity = capacity;
    }
    store->items[store->count++] = parcel;
}

static void
remove_at(struct store *store, int index)
{
    store->count--;
    memmove(store->items + index, store->items + index + 1,
            (size_t)(store->count - index) * sizeof(*store->items));
}

static bool
has_touch(const struct store *store, const struct touch *touch)
{
    for (int i = 0; i < store->count; i++) {
        if (store->items[i].kind == PARCEL_TOUCH && store->items[i].touch == touch) {
            return true;
        }
    }
    return false;
}

/* As setdefault: of two touches with one id the first counts. */
static void
add_once(struct store *store, struct parcel parcel)
{
    if (parcel.kind != PARCEL_TOUCH || !has_touch(store, parcel.touch)) {
        store_add(store, parcel);
    }
}

static void
on_accept(void *self, const struct wh_arrival *arrival)
{
    add_once(self, (struct parcel){
                       .kind = PARCEL_TOUCH, .minute = arrival->minute, .touch = arrival->touch});
}

static void *
on_take(void *self, struct wh_arena *arena, uint32_t trail, struct wh_stretches minutes)
{
    struct store *store = self;
    struct content *content = NULL;
    int kept = 0;
    for (int i = 0; i < store->count; i++) {
        struct parcel parcel = store->items[i];
        if (parcel.trail != trail || !wh_stretches_cover(minutes, parcel.minute) ||
            (store->decisions_stay && parcel.kind == PARCEL_DECISION)) {
            store->items[kept++] = parcel;
            continue;
        }
        if (content == NULL) {
            content = WH_ARENA_NEW(arena, struct content);
            content->items = WH_ARENA_ARRAY(arena, struct parcel, (size_t)(store->count - i));
        }
        content->items[content->count++] = parcel;
    }
    store->count = kept;
    return content;
}

static void *
on_put(void *self, struct wh_arena *arena, uint32_t trail, void *content,
       struct wh_stretches minutes)
{
    const struct content *given = content;
    struct content *rest = WH_ARENA_NEW(arena, struct content);
    rest->items = WH_ARENA_ARRAY(arena, struct parcel, (size_t)given->count);
    for (int i = 0; i < given->count; i++) {
        struct parcel parcel = given->items[i];
        if (wh_stretches_cover(minutes, parcel.minute)) {
            parcel.trail = trail;
            add_once(self, parcel);
        } else {
            rest->items[rest->count++] = parcel;
        }
    }
    return rest->count > 0 ? rest : NULL;
}

static void
on_discard(void *self, void *content)
{
    (void)self;
    const struct content *given = content;
    for (int i = 0; i < given->count; i++) {
        if (given->items[i].kind == PARCEL_DECISION) {
            given->items[i].decision->standing = false;
        }
    }
}

static void
on_rename(void *self, uint32_t from, uint32_t to)
{
    struct store *store = self;
    for (int i = 0; i < store->count; i++) {
        if (store->items[i].trail == from) {
            store->items[i].trail = to;
        }
    }
}

/* Only touches with something behind the crowd. */
static bool
goes_on(const struct parcel *parcel, int crowd)
{
    return parcel->kind == PARCEL_TOUCH && parcel->trail == 0 &&
           parcel->touch->keys[parcel->touch->key_count - 1] != crowd;
}

static void
fill_arrival(const struct store *store, const struct touch *touch, struct wh_arena *arena,
             struct wh_arrival *arrival)
{
    struct wh_key *keys = WH_ARENA_ARRAY(arena, struct wh_key, (size_t)touch->key_count);
    for (int i = 0; i < touch->key_count; i++) {
        keys[i] = store->world->keys[touch->keys[i]];
    }
    *arrival = (struct wh_arrival){
        .keys = keys,
        .key_count = (uint32_t)touch->key_count,
        .minute = minute_of(touch->at),
        .automatic = touch->automatic,
        .touch = &store->world->touches[touch->number],
    };
}

static struct wh_arrivals
on_release(void *self, struct wh_arena *arena, struct wh_key key)
{
    struct store *store = self;
    struct wh_arrivals out = {
        .items = WH_ARENA_ARRAY(arena, struct wh_arrival, (size_t)store->count),
    };
    int crowd = world_find(store->world, key);
    int kept = 0;
    for (int i = 0; i < store->count; i++) {
        if (goes_on(&store->items[i], crowd)) {
            fill_arrival(store, store->items[i].touch, arena, &out.items[out.count++]);
        } else {
            store->items[kept++] = store->items[i];
        }
    }
    store->count = kept;
    return out;
}

static void
on_list_trails(void *self, bool *in_use)
{
    const struct store *store = self;
    for (int i = 0; i < store->count; i++) {
        in_use[store->items[i].trail] = true;
    }
}

struct wh_parcels
store_parcels(struct store *store)
{
    return (struct wh_parcels){
        .self = store,
        .accept = on_accept,
        .take = on_take,
        .put = on_put,
        .discard = on_discard,
        .rename = on_rename,
        .release = on_release,
        .list_trails = on_list_trails,
    };
}

int
store_touches(const struct store *store)
{
    int count = 0;
    for (int i = 0; i < store->count; i++) {
        count += store->items[i].kind == PARCEL_TOUCH;
    }
    return count;
}

struct decision *
store_standing(const struct store *store)
{
    for (int i = 0; i < store->count; i++) {
        if (store->items[i].kind == PARCEL_DECISION && store->items[i].decision->standing) {
            return store->items[i].decision;
        }
    }
    return NULL;
}

static bool
is_older(const struct parcel *a, const struct parcel *b)
{
    return a->minute != b->minute ? a->minute < b->minute : strcmp(a->touch->id, b->touch->id) < 0;
}

static int
oldest_touch(const struct store *store)
{
    int oldest = -1;
    for (int i = 0; i < store->count; i++) {
        if (store->items[i].kind == PARCEL_TOUCH &&
            (oldest < 0 || is_older(&store->items[i], &store->items[oldest]))) {
            oldest = i;
        }
    }
    return oldest;
}

static int
find_fold(const struct store *store, uint32_t trail, int from)
{
    for (int i = from; i < store->count; i++) {
        if (store->items[i].kind == PARCEL_FOLD && store->items[i].trail == trail) {
            return i;
        }
    }
    return -1;
}

static int
winner_index(const struct fold *fold, enum what what, const char *name)
{
    int index = 0;
    while (index < fold->winner_count &&
           (fold->winners[index].what != what || strcmp(fold->winners[index].name, name) != 0)) {
        index++;
    }
    return index;
}

const struct touch *
fold_winner(const struct fold *fold, enum what what, const char *name)
{
    int index = winner_index(fold, what, name);
    return index < fold->winner_count ? fold->winners[index].touch : NULL;
}

static void
say(struct fold *fold, const struct winner *word)
{
    int index = winner_index(fold, word->what, word->name);
    if (index == fold->winner_count) {
        assert(index < WINNERS_MAX);
        fold->winners[fold->winner_count++] = *word;
    } else if (touch_outdoes(word->touch, fold->winners[index].touch, word->what, word->name)) {
        fold->winners[index] = *word;
    }
}

/* A fold of one touch. */
static struct fold
fold_of(struct wh_arena *arena, const struct touch *touch)
{
    int64_t minute = minute_of(touch->at);
    struct fold fold = {.from = minute, .to = minute, .points = points_of(touch), .count = 1};
    fold.touches = WH_ARENA_NEW(arena, int);
    fold.touches[0] = touch->number;
    for (int i = 0; i < touch->set_count; i++) {
        say(&fold, &(struct winner){WHAT_ATTRIBUTE, touch->set[i].name, touch});
    }
    for (int i = 0; i < touch->consent_count; i++) {
        say(&fold, &(struct winner){WHAT_CONSENT, touch->consent[i].name, touch});
    }
    return fold;
}

static void
add_fold(struct store *store, struct parcel *parcel, const struct fold *other)
{
    struct fold *fold = parcel->fold;
    fold->touches =
        wh_arena_grow(store->arena, fold->touches, (size_t)fold->count,
                      (size_t)fold->count + (size_t)other->count, sizeof(*fold->touches));
    memcpy(fold->touches + fold->count, other->touches,
           (size_t)other->count * sizeof(*fold->touches));
    fold->count += other->count;
    fold->points += other->points;
    fold->from = other->from < fold->from ? other->from : fold->from;
    fold->to = other->to > fold->to ? other->to : fold->to;
    for (int i = 0; i < other->winner_count; i++) {
        say(fold, &other->winners[i]);
    }
    parcel->minute = fold->to;
}

bool
store_fold(struct store *store)
{
    int oldest = oldest_touch(store);
    if (oldest < 0) {
        return false;
    }
    struct parcel parcel = store->items[oldest];
    struct fold single = fold_of(store->arena, parcel.touch);
    remove_at(store, oldest);
    int index = find_fold(store, parcel.trail, 0);
    if (index >= 0) {
        add_fold(store, &store->items[index], &single);
        return true;
    }
    struct fold *fold = WH_ARENA_NEW(store->arena, struct fold);
    *fold = single;
    store_add(store, (struct parcel){.kind = PARCEL_FOLD,
                                     .minute = parcel.minute,
                                     .trail = parcel.trail,
                                     .fold = fold});
    return true;
}

bool
store_merge_folds(struct store *store)
{
    for (int i = 0; i < store->count; i++) {
        int other = store->items[i].kind == PARCEL_FOLD
                        ? find_fold(store, store->items[i].trail, i + 1)
                        : -1;
        if (other >= 0) {
            add_fold(store, &store->items[i], store->items[other].fold);
            remove_at(store, other);
            return true;
        }
    }
    return false;
}
