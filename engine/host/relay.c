#include "engine/host/relay.h"

#include <assert.h>

void
wh_relay_init(struct wh_relay *relay, struct wh_arena *arena, const struct wh_log *log,
              const struct wh_store *store, const struct wh_clock *clock,
              struct wh_metrics *metrics)
{
    *relay = (struct wh_relay){
        .inner_log = *log,
        .inner_store = *store,
        .clock = clock,
        .metrics = metrics,
        .touches = WH_ARENA_ARRAY(arena, struct wh_relay_touches, log->partitions),
    };
    wh_arena_init(&relay->arena, 0);
}

void
wh_relay_fini(struct wh_relay *relay)
{
    wh_arena_fini(&relay->arena);
}

static int64_t
now(const struct wh_relay *relay)
{
    return relay->clock->now(relay->clock->self);
}

void
wh_relay_append(struct wh_relay *relay, const struct wh_relay_append *append)
{
    assert(relay->count < WH_RELAY_APPENDS_MAX);
    relay->appends[(relay->first + relay->count++) % WH_RELAY_APPENDS_MAX] = *append;
}

bool
wh_relay_is_waiting(const struct wh_relay *relay)
{
    return relay->count > 0;
}

/* All that waits goes together: one commit for all. */
static void
start_append(struct wh_relay *relay)
{
    size_t count = 0;
    if (relay->under_way > 0 || relay->count == 0) {
        return;
    }
    while (relay->under_way < relay->count) {
        size_t at = (relay->first + relay->under_way) % WH_RELAY_APPENDS_MAX;
        if (count > 0 && count + relay->appends[at].count > WH_RELAY_RECORDS_MAX) {
            break;
        }
        count += relay->appends[at].count;
        relay->under_way++;
    }
    wh_arena_reset(&relay->arena);
    struct wh_log_record *records = WH_ARENA_ARRAY(&relay->arena, struct wh_log_record, count);
    count = 0;
    for (size_t i = 0; i < relay->under_way; i++) {
        const struct wh_relay_append *append =
            &relay->appends[(relay->first + i) % WH_RELAY_APPENDS_MAX];
        for (size_t k = 0; k < append->count; k++) {
            records[count++] = append->records[k];
        }
    }
    relay->inner_log.append(relay->inner_log.self, 0, records, count);
}

static void
note_touch(struct wh_relay *relay, const struct wh_log_record *record, int64_t offset, int64_t at)
{
    uint32_t partition = record->partition == WH_LOG_BY_KEY
                             ? wh_hash_murmur2_partition(record->key, relay->inner_log.partitions)
                             : record->partition;
    struct wh_relay_touches *touches = &relay->touches[partition];
    if (record->topic != WH_TOPIC_TOUCHPOINTS || touches->count == WH_RELAY_TOUCHES_MAX) {
        return;
    }
    size_t place = (touches->first + touches->count++) % WH_RELAY_TOUCHES_MAX;
    touches->items[place].offset = offset;
    touches->items[place].at = at;
}

/* An outsider may append again from inside of its function. */
static void
finish_append(struct wh_relay *relay, const struct wh_log_event *event)
{
    int64_t at = now(relay);
    size_t offset = 0;
    size_t count = relay->under_way;
    relay->under_way = 0;
    for (size_t i = 0; i < count; i++) {
        struct wh_relay_append append = relay->appends[relay->first];
        relay->first = (relay->first + 1) % WH_RELAY_APPENDS_MAX;
        relay->count--;
        for (size_t k = 0; k < append.count && event->outcome == WH_LOG_COMMITTED; k++) {
            note_touch(relay, &append.records[k], event->offsets[offset++], at);
        }
        append.on_appended(append.self, append.ticket, event->outcome);
    }
    relay->has_news = true;
    relay->is_short = relay->is_short || event->outcome != WH_LOG_COMMITTED;
}

static void
observe_touches(struct wh_relay *relay, const struct wh_journal_position *position, int64_t at)
{
    struct wh_relay_touches *touches = &relay->touches[position->partition];
    while (position->topic == WH_TOPIC_TOUCHPOINTS && touches->count > 0 &&
           touches->items[touches->first].offset < position->next) {
        int64_t began = touches->items[touches->first].at;
        wh_metrics_observe(relay->metrics, WH_METRIC_TOUCH_TO_DECISION,
                           relay->commit_began - began);
        wh_metrics_observe(relay->metrics, WH_METRIC_TOUCH_TO_COMMITTED, at - began);
        touches->first = (touches->first + 1) % WH_RELAY_TOUCHES_MAX;
        touches->count--;
    }
}

static void
finish_commit(struct wh_relay *relay, const struct wh_log_event *event)
{
    const struct wh_log_transaction *transaction = relay->committing;
    int64_t at = now(relay);
    relay->committing = NULL;
    wh_metrics_add(relay->metrics, WH_METRIC_TRANSACTIONS, event->outcome, 0, 1);
    wh_metrics_observe(relay->metrics, WH_METRIC_COMMIT, at - relay->commit_began);
    if (event->outcome != WH_LOG_COMMITTED) {
        /* Who is refused or fenced has a pause of its own: the group's next event, or a rest. */
        relay->is_short = relay->is_short ||
                          (event->outcome != WH_LOG_REFUSED && event->outcome != WH_LOG_FENCED);
        return;
    }
    for (size_t i = 0; i < transaction->position_count; i++) {
        observe_touches(relay, &transaction->positions[i], at);
    }
    if (relay->on_committed != NULL) {
        relay->on_committed(relay->self, transaction);
    }
}

static bool
poll_log(void *self, struct wh_log_event *ret_event)
{
    struct wh_relay *relay = self;
    start_append(relay);
    while (relay->inner_log.poll(relay->inner_log.self, ret_event)) {
        if (ret_event->kind == WH_LOG_EVENT_APPENDED) {
            finish_append(relay, ret_event);
            continue;
        }
        if (ret_event->kind == WH_LOG_EVENT_COMMIT) {
            finish_commit(relay, ret_event);
        }
        if (ret_event->has_failed) {
            relay->is_short = relay->has_failed = true;
        }
        return true;
    }
    return false;
}

static void
commit(void *self, uint64_t ticket, const struct wh_log_transaction *transaction)
{
    struct wh_relay *relay = self;
    relay->committing = transaction;
    relay->commit_began = now(relay);
    relay->inner_log.commit(relay->inner_log.self, ticket, transaction);
}

static void
look(void *self, uint64_t ticket, uint32_t partition)
{
    const struct wh_relay *relay = self;
    relay->inner_log.look(relay->inner_log.self, ticket, partition);
}

static void
fence(void *self, uint64_t ticket, const struct wh_str *owners, size_t owner_count)
{
    const struct wh_relay *relay = self;
    relay->inner_log.fence(relay->inner_log.self, ticket, owners, owner_count);
}

static void
read_log(void *self, const struct wh_log_read *read)
{
    const struct wh_relay *relay = self;
    relay->inner_log.read(relay->inner_log.self, read);
}

static void
renew(void *self, uint64_t ticket)
{
    const struct wh_relay *relay = self;
    relay->inner_log.renew(relay->inner_log.self, ticket);
}

static void
let_go(void *self, uint32_t partition)
{
    const struct wh_relay *relay = self;
    relay->inner_log.let_go(relay->inner_log.self, partition);
}

struct wh_log
wh_relay_log(struct wh_relay *relay)
{
    struct wh_log log = relay->inner_log;
    log.self = relay;
    log.look = look;
    log.fence = fence;
    log.read = read_log;
    log.commit = commit;
    log.renew = renew;
    log.let_go = let_go;
    log.append = NULL; /* nobody appends for a shard */
    log.poll = poll_log;
    return log;
}

static void
start_store(void *self, const struct wh_store_request *request)
{
    const struct wh_relay *relay = self;
    relay->inner_store.start(relay->inner_store.self, request);
}

static bool
poll_store(void *self, struct wh_store_answer *ret_answer)
{
    struct wh_relay *relay = self;
    if (!relay->inner_store.poll(relay->inner_store.self, ret_answer)) {
        return false;
    }
    wh_metrics_add(relay->metrics, WH_METRIC_STORE_REQUESTS, ret_answer->call, ret_answer->result,
                   1);
    if (ret_answer->result == WH_STORE_FAILED) {
        relay->is_short = relay->has_failed = true;
    }
    return true;
}

struct wh_store
wh_relay_store(struct wh_relay *relay)
{
    return (struct wh_store){.self = relay, .start = start_store, .poll = poll_store};
}
