#include "connectors/memory/store.h"

#include <assert.h>
#include <stdlib.h>

#include "engine/base/time.h"

#define FIRST_CAPACITY 16
/* Going back forgets at most so many changes, unless it forgets all. */
#define GO_BACK_MAX 6
/* An answer that is under way for long takes so many times as long more. */
#define SLOW_TIMES 5

void
wh_memory_store_init(struct wh_memory_store *store, uint32_t partitions,
                     struct wh_memory_faults *faults)
{
    *store = (struct wh_memory_store){.partitions = partitions, .faults = faults};
    wh_arena_init(&store->arena, 0);
    wh_arena_init(&store->answer, 0);
    store->shelves = WH_ARENA_ARRAY(&store->arena, struct wh_memory_shelf, partitions);
}

void
wh_memory_store_fini(struct wh_memory_store *store)
{
    wh_arena_fini(&store->answer);
    wh_arena_fini(&store->arena);
}

static struct wh_store_entry *
find_entry(const struct wh_memory_shelf *shelf, const struct wh_hash_id *key)
{
    for (size_t i = 0; i < shelf->count; i++) {
        if (memcmp(shelf->entries[i].key.bytes, key->bytes, WH_HASH_ID_SIZE) == 0) {
            return &shelf->entries[i];
        }
    }
    return NULL;
}

static int
compare_entries(const void *a, const void *b)
{
    const struct wh_store_entry *left = a;
    const struct wh_store_entry *right = b;
    return memcmp(left->key.bytes, right->key.bytes, WH_HASH_ID_SIZE);
}

static void
put_entry(struct wh_memory_store *store, struct wh_memory_shelf *shelf,
          const struct wh_store_entry *entry)
{
    struct wh_store_entry *found = find_entry(shelf, &entry->key);
    if (found != NULL) {
        *found = *entry;
        return;
    }
    if (shelf->count == shelf->capacity) {
        size_t capacity = shelf->capacity == 0 ? FIRST_CAPACITY : 2 * shelf->capacity;
        shelf->entries = wh_arena_grow(&store->arena, shelf->entries, shelf->count, capacity,
                                       sizeof(*shelf->entries));
        shelf->capacity = capacity;
    }
    shelf->entries[shelf->count++] = *entry;
    qsort(shelf->entries, shelf->count, sizeof(*entry), compare_entries);
}

static void
drop_tombstones(const struct wh_memory_store *store, struct wh_memory_shelf *shelf)
{
    bool is_early = store->faults->bug == WH_BUG_TOMBSTONES_EARLY;
    size_t kept = 0;
    for (size_t i = 0; i < shelf->count; i++) {
        bool is_over = shelf->entries[i].is_deleted &&
                       (shelf->entries[i].seq <= shelf->meta.watermark || is_early);
        if (!is_over) {
            shelf->entries[kept++] = shelf->entries[i];
        }
    }
    shelf->count = kept;
}

static bool
apply_claim(struct wh_memory_store *store, struct wh_memory_shelf *shelf,
            const struct wh_store_request *request)
{
    struct wh_store_meta *meta = &shelf->meta;
    bool is_known = meta->exists;
    bool is_again = is_known && meta->epoch == request->epoch && meta->version == 0;
    bool is_base =
        is_known ? meta->epoch == request->base_epoch && meta->version == request->base_version
                 : request->base_epoch == -1 && request->base_version == 0;
    bool is_same_life =
        !is_known || memcmp(meta->lineage.bytes, request->lineage.bytes, WH_HASH_ID_SIZE) == 0;
    bool is_replaced = !is_same_life && request->replaces;
    if (store->faults->bug == WH_BUG_CLAIM_WITHOUT_BASE) {
        is_base = true;
    }
    is_again = is_again && is_same_life;
    bool is_late = is_known && is_same_life && meta->epoch >= request->epoch;
    if (is_again || !is_base || is_late || (!is_same_life && !is_replaced)) {
        return is_again;
    }
    if (!is_known || is_replaced) {
        *meta = (struct wh_store_meta){.exists = true, .offset = -1};
    }
    meta->lineage = request->lineage;
    meta->epoch = request->epoch;
    meta->version = 0;
    return true;
}

static bool
is_next(const struct wh_memory_store *store, const struct wh_memory_shelf *shelf,
        const struct wh_store_request *request)
{
    bool is_owner = shelf->meta.exists && shelf->meta.epoch == request->epoch;
    bool is_load = request->entry_count > 0 && request->watermark == 0;
    if (store->faults->bug == WH_BUG_LOAD_WITHOUT_VERSION && is_load && shelf->meta.exists) {
        return true;
    }
    return is_owner && (shelf->meta.version == request->from ||
                        store->faults->bug == WH_BUG_WRITE_WITHOUT_VERSION);
}

static bool
apply_write(struct wh_memory_store *store, struct wh_memory_shelf *shelf,
            const struct wh_store_request *request)
{
    if (!is_next(store, shelf, request)) {
        return false;
    }
    bool is_partial = store->faults->bug == WH_BUG_WRITE_IN_PART && request->entry_count > 1;
    for (size_t i = 0; i < request->entry_count - (is_partial ? 1 : 0); i++) {
        put_entry(store, shelf, &request->entries[i]);
    }
    shelf->meta.version = request->from + 1;
    shelf->meta.watermark = request->watermark;
    shelf->meta.offset = request->offset;
    if (store->faults->bug == WH_BUG_WATERMARK_EARLY && request->watermark > 0) {
        shelf->meta.watermark++;
    }
    drop_tombstones(store, shelf);
    return true;
}

static bool
apply_clear(const struct wh_memory_store *store, struct wh_memory_shelf *shelf,
            const struct wh_store_request *request)
{
    if (!is_next(store, shelf, request)) {
        return false;
    }
    size_t most = store->faults->bug == WH_BUG_CLEAR_IN_PART && shelf->count > 0 ? shelf->count - 1
                                                                                 : shelf->count;
    shelf->count -= most < request->limit ? most : request->limit;
    shelf->meta.watermark = 0;
    shelf->meta.offset = -1;
    shelf->meta.version = request->from + 1;
    return true;
}

static bool
apply(struct wh_memory_store *store, const struct wh_store_request *request)
{
    struct wh_memory_shelf *shelf = &store->shelves[request->partition];
    switch (request->call) {
    case WH_STORE_CLAIM:
        return apply_claim(store, shelf, request);
    case WH_STORE_WRITE:
        return apply_write(store, shelf, request);
    case WH_STORE_CLEAR:
        return apply_clear(store, shelf, request);
    case WH_STORE_META:
    case WH_STORE_READ:
    case WH_STORE_DUES:
    case WH_STORE_SCAN:
        break;
    }
    return true;
}

static bool
is_change(enum wh_store_call call)
{
    return call == WH_STORE_CLAIM || call == WH_STORE_WRITE || call == WH_STORE_CLEAR;
}

static bool
change(struct wh_memory_store *store, const struct wh_store_request *request)
{
    if (!apply(store, request)) {
        return false;
    }
    if (store->change_count == store->change_capacity) {
        size_t capacity = store->change_capacity == 0 ? FIRST_CAPACITY : 2 * store->change_capacity;
        store->changes = wh_arena_grow(&store->arena, store->changes, store->change_count, capacity,
                                       sizeof(*store->changes));
        store->change_capacity = capacity;
    }
    store->changes[store->change_count++] = *request;
    return true;
}

void
wh_memory_store_go_back(struct wh_memory_store *store, size_t count)
{
    store->change_count -= count < store->change_count ? count : store->change_count;
    store->went_back++;
    for (uint32_t p = 0; p < store->partitions; p++) {
        store->shelves[p].meta = (struct wh_store_meta){0};
        store->shelves[p].count = 0;
    }
    for (size_t i = 0; i < store->change_count; i++) {
        (void)apply(store, &store->changes[i]);
    }
}

/* Copies what the caller may free while the network still has it. */
static struct wh_store_request
keep_request(struct wh_memory_store *store, const struct wh_store_request *request)
{
    struct wh_store_request kept = *request;
    struct wh_store_entry *entries =
        WH_ARENA_ARRAY(&store->arena, struct wh_store_entry, request->entry_count);
    for (size_t i = 0; i < request->entry_count; i++) {
        entries[i] = request->entries[i];
        entries[i].bytes = wh_arena_str(&store->arena, request->entries[i].bytes);
    }
    kept.entries = entries;
    return kept;
}

static void
add_pending(const struct wh_memory_store_handle *handle, const struct wh_store_request *request,
            bool is_echo)
{
    struct wh_memory_store *store = handle->store;
    assert(store->pending_count < WH_MEMORY_STORE_PENDING_MAX);
    size_t delay = wh_memory_random(store->faults, store->faults->delay_max + 1);
    size_t i = store->pending_count++;
    store->pending[i].request = *request;
    store->pending[i].ready_at = store->tick + 1 + delay * (is_echo ? 8 : 1);
    store->pending[i].generation = handle->generation;
    store->pending[i].is_echo = is_echo;
    store->pending[i].is_answered = false;
}

static void
start(void *self, const struct wh_store_request *request)
{
    const struct wh_memory_store_handle *handle = self;
    struct wh_memory_store *store = handle->store;
    struct wh_store_request kept =
        is_change(request->call) ? keep_request(store, request) : *request;
    add_pending(handle, &kept, false);
    if (is_change(request->call) && wh_memory_chance(store->faults, store->faults->repeat)) {
        add_pending(handle, &kept, true);
    }
}

static void
answer_read(struct wh_memory_store *store, const struct wh_store_request *request,
            struct wh_store_answer *answer)
{
    const struct wh_memory_shelf *shelf = &store->shelves[request->partition];
    struct wh_store_entry *entries =
        WH_ARENA_ARRAY(&store->answer, struct wh_store_entry, request->key_count);
    for (size_t i = 0; i < request->key_count; i++) {
        const struct wh_store_entry *found = find_entry(shelf, &request->keys[i]);
        entries[i] = found != NULL
                         ? *found
                         : (struct wh_store_entry){.key = request->keys[i], .due = WH_TIME_NEVER};
    }
    answer->entries = entries;
    answer->entry_count = request->key_count;
    if (store->faults->bug == WH_BUG_READ_WITHOUT_VERSION) {
        answer->meta.epoch = request->epoch;
        answer->meta.version = request->from;
    }
}

static int
compare_dues(const void *a, const void *b)
{
    const struct wh_due *left = a;
    const struct wh_due *right = b;
    return wh_due_compare(*left, *right);
}

static void
answer_dues(struct wh_memory_store *store, const struct wh_store_request *request,
            struct wh_store_answer *answer)
{
    const struct wh_memory_shelf *shelf = &store->shelves[request->partition];
    struct wh_due *dues = WH_ARENA_ARRAY(&store->answer, struct wh_due, shelf->count);
    size_t count = 0;
    for (size_t i = 0; i < shelf->count && store->faults->bug != WH_BUG_DUES_LOST; i++) {
        struct wh_due due = {shelf->entries[i].due, shelf->entries[i].key};
        if (wh_due_compare(due, request->after) > 0 && wh_due_compare(due, request->until) <= 0) {
            dues[count++] = due;
        }
    }
    qsort(dues, count, sizeof(*dues), compare_dues);
    answer->dues = dues;
    answer->has_more = count > request->limit;
    answer->due_count = answer->has_more ? request->limit : count;
}

static void
answer_scan(struct wh_memory_store *store, const struct wh_store_request *request,
            struct wh_store_answer *answer)
{
    const struct wh_memory_shelf *shelf = &store->shelves[request->partition];
    struct wh_store_entry *entries =
        WH_ARENA_ARRAY(&store->answer, struct wh_store_entry, request->limit);
    for (size_t i = 0; i < shelf->count; i++) {
        const uint8_t *key = shelf->entries[i].key.bytes;
        if (memcmp(key, request->after.key.bytes, WH_HASH_ID_SIZE) <= 0) {
            continue;
        }
        if (answer->entry_count == request->limit) {
            answer->has_more = true;
            break;
        }
        entries[answer->entry_count] = shelf->entries[i];
        entries[answer->entry_count++].bytes = (struct wh_str){NULL, 0};
    }
    answer->entries = entries;
}

static void
answer_request(struct wh_memory_store *store, const struct wh_store_request *request,
               struct wh_store_answer *answer)
{
    bool is_done = is_change(request->call) ? change(store, request) : true;
    *answer = (struct wh_store_answer){
        .call = request->call,
        .ticket = request->ticket,
        .from = request->from,
        .partition = request->partition,
        .result = is_done ? WH_STORE_OK : WH_STORE_REFUSED,
        .meta = store->shelves[request->partition].meta,
    };
    if (request->call == WH_STORE_READ) {
        answer_read(store, request, answer);
    } else if (request->call == WH_STORE_DUES) {
        answer_dues(store, request, answer);
    } else if (request->call == WH_STORE_SCAN) {
        answer_scan(store, request, answer);
    } else if (request->call == WH_STORE_CLEAR) {
        answer->has_more = store->shelves[request->partition].count > 0 &&
                           store->faults->bug != WH_BUG_CLEAR_IN_PART;
    }
}

static void
maybe_go_back(struct wh_memory_store *store)
{
    struct wh_memory_faults *faults = store->faults;
    if (!wh_memory_chance(faults, faults->go_back)) {
        return;
    }
    bool is_emptied = wh_memory_chance(faults, 100);
    wh_memory_store_go_back(store,
                            is_emptied ? SIZE_MAX : 1 + wh_memory_random(faults, GO_BACK_MAX));
}

/* Whoever asked gave up waiting. */
static struct wh_store_answer
unanswered(const struct wh_store_request *request)
{
    return (struct wh_store_answer){
        .call = request->call,
        .ticket = request->ticket,
        .from = request->from,
        .partition = request->partition,
        .result = WH_STORE_FAILED,
    };
}

static bool
is_alive(const struct wh_memory_store *store, uint64_t generation)
{
    for (size_t i = 0; i < WH_MEMORY_STORE_HANDLES_MAX; i++) {
        if (store->alive[i] == generation) {
            return true;
        }
    }
    return false;
}

/* What became of a request that somebody waits for. False: he hears of it later. */
static bool
carry_out(const struct wh_memory_store_handle *handle, const struct wh_store_request *request,
          struct wh_store_answer *ret_answer)
{
    struct wh_memory_store *store = handle->store;
    const struct wh_memory_faults *faults = store->faults;
    if (is_change(request->call) && wh_memory_chance(store->faults, faults->late)) {
        add_pending(handle, request, true);
        *ret_answer = unanswered(request);
        return true;
    }
    answer_request(store, request, ret_answer);
    if (wh_memory_chance(store->faults, faults->lose_answer)) {
        ret_answer->result = WH_STORE_FAILED;
    }
    bool is_applied = is_change(request->call) && ret_answer->result == WH_STORE_OK;
    if (is_applied && wh_memory_chance(store->faults, faults->slow)) {
        add_pending(handle, request, false);
        struct wh_memory_store_pending *slow = &store->pending[store->pending_count - 1];
        slow->ready_at += SLOW_TIMES * (slow->ready_at - store->tick);
        slow->is_answered = true;
        slow->answer = *ret_answer;
        return false;
    }
    return true;
}

static struct wh_memory_store_pending
take_pending(struct wh_memory_store *store, size_t i)
{
    struct wh_memory_store_pending taken = store->pending[i];
    store->pending_count--;
    memmove(&store->pending[i], &store->pending[i + 1],
            (store->pending_count - i) * sizeof(store->pending[0]));
    return taken;
}

static bool
poll_answer(void *self, struct wh_store_answer *ret_answer)
{
    const struct wh_memory_store_handle *handle = self;
    struct wh_memory_store *store = handle->store;
    store->tick++;
    wh_arena_reset(&store->answer);
    for (size_t i = 0; i < store->pending_count;) {
        bool has_asker =
            !store->pending[i].is_echo && is_alive(store, store->pending[i].generation);
        bool is_mine = !has_asker || store->pending[i].generation == handle->generation;
        if (store->pending[i].ready_at > store->tick || !is_mine) {
            i++;
            continue;
        }
        struct wh_memory_store_pending taken = take_pending(store, i);
        if (taken.is_answered && has_asker) {
            *ret_answer = taken.answer;
            return true;
        }
        if (taken.is_answered) {
            continue;
        }
        maybe_go_back(store);
        if (!has_asker) {
            (void)(is_change(taken.request.call) && change(store, &taken.request));
        } else if (carry_out(handle, &taken.request, ret_answer)) {
            return true;
        }
    }
    return false;
}

void
wh_memory_store_handle_init(struct wh_memory_store_handle *handle, struct wh_memory_store *store)
{
    *handle = (struct wh_memory_store_handle){store, ++store->generation};
    for (size_t i = 0; i < WH_MEMORY_STORE_HANDLES_MAX; i++) {
        if (store->alive[i] == 0) {
            store->alive[i] = handle->generation;
            return;
        }
    }
    assert(false && "too many handles");
}

void
wh_memory_store_handle_fini(struct wh_memory_store_handle *handle)
{
    for (size_t i = 0; i < WH_MEMORY_STORE_HANDLES_MAX; i++) {
        if (handle->store->alive[i] == handle->generation) {
            handle->store->alive[i] = 0;
        }
    }
}

struct wh_store
wh_memory_store_port(struct wh_memory_store_handle *handle)
{
    return (struct wh_store){.self = handle, .start = start, .poll = poll_answer};
}
