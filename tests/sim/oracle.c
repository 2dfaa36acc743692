/* What must have come out, worked out the slow way: the committed journal says which records were
 * processed at which moment; a world in memory (lab/world) gets just those. */
#include "engine/base/time.h"
#include "engine/lab/world.h"
#include "tests/sim/sim.h"

struct oracle {
    struct wh_sim *sim;
    struct wh_arena arena;
    struct wh_world world;    /* of the partition being played */
    struct wh_table expected; /* lead key → index into texts */
    struct wh_table published;
    struct wh_buf *expected_texts, *published_texts;
    size_t capacity;
    struct wh_table applied; /* where a touch stood first → times that it reached its home */
    struct wh_journal last;
};

#define KEYS_MAX 64

static struct wh_buf *
text_of(struct oracle *oracle, struct wh_table *table, struct wh_buf *texts, struct wh_str key)
{
    int64_t index = 0;
    if (!wh_table_find(table, key, &index)) {
        index = (int64_t)table->count;
        wh_table_put(table, wh_arena_str(&oracle->arena, key), index);
        wh_buf_init(&texts[index], &oracle->arena);
    }
    return &texts[index];
}

static void
on_event(void *self, const struct wh_lead *lead, const struct wh_event *event)
{
    struct oracle *oracle = self;
    const struct wh_codec *codec = &oracle->sim->model->codec;
    struct wh_buf *text =
        text_of(oracle, &oracle->expected, oracle->expected_texts, lead->entity.state.key);
    struct wh_buf line;
    wh_buf_init(&line, &oracle->arena);
    codec->encode_event(codec->self, &line, event);
    wh_buf_push(text, wh_buf_str(&line));
    wh_buf_push_char(text, '\n');
}

static void
count_applied(struct oracle *oracle, struct wh_str id)
{
    int64_t times = 0;
    (void)wh_table_find(&oracle->applied, id, &times);
    wh_table_put(&oracle->applied, wh_arena_str(&oracle->arena, id), times + 1);
}

static struct wh_str
place_of(struct oracle *oracle, const struct wh_log_record *record)
{
    struct wh_buf buf;
    wh_buf_init(&buf, &oracle->arena);
    wh_buf_printf(&buf, "touchpoints-%u-%d", record->partition, (int)record->offset);
    return wh_buf_str(&buf);
}

/* One touch at a moment, if this partition is its home. */
static void
play_touch(struct oracle *oracle, uint32_t partition, struct wh_str bytes, struct wh_str place,
           int64_t now, bool moves_clock)
{
    struct wh_touch touch;
    struct wh_rejection why;
    struct wh_decode_counts counts = {0};
    struct wh_decode_context context = {.default_id = place};
    const struct wh_codec *codec = &oracle->sim->model->codec;
    if (!codec->decode_touch(codec->self, &oracle->arena, bytes, &context, &touch, &counts, &why)) {
        return;
    }
    struct wh_str key = wh_key_text(&oracle->arena, touch.keys[0]);
    bool begins_clock =
        oracle->world.now == WH_TIME_MIN && oracle->sim->env.clock_kind == WH_CLOCK_LOG;
    if ((moves_clock || begins_clock) && touch.received > oracle->world.now) {
        now = touch.received;
        wh_world_advance(&oracle->world, now);
    }
    if (wh_hash_murmur2_partition(key, oracle->sim->log.partitions) != partition) {
        return;
    }
    count_applied(oracle, place);
    (void)wh_world_touch(&oracle->world, key, &touch, now);
}

static void
play_handoff(struct oracle *oracle, uint32_t partition, struct wh_str bytes, int64_t now)
{
    struct wh_handoff handoff;
    const struct wh_codec *codec = &oracle->sim->model->codec;
    if (codec->decode_handoff(codec->self, bytes, &oracle->arena, &handoff, NULL) != WH_OK) {
        wh_sim_fail(oracle->sim, "a handoff record cannot be read");
        return;
    }
    for (size_t i = 0; i < handoff.message_count; i++) {
        play_touch(oracle, partition, handoff.messages[i].bytes, handoff.messages[i].default_id,
                   now, false);
    }
}

static void
play_slice(struct oracle *oracle, const struct wh_journal *journal,
           const struct wh_journal_slice *slice)
{
    struct wh_sim *sim = oracle->sim;
    struct wh_memory_queue *queue = wh_memory_log_queue(&sim->log, slice->topic, slice->partition);
    bool is_log_clock = journal->clock == WH_CLOCK_LOG;
    uint32_t count = 0;
    for (size_t i = 0; i < queue->count; i++) {
        const struct wh_log_record *record = &queue->records[i].record;
        if (record->offset < slice->first || record->offset >= slice->end ||
            !wh_memory_log_counts(&sim->log, &queue->records[i])) {
            continue;
        }
        int64_t now = is_log_clock ? oracle->world.now : journal->now;
        count++;
        if (slice->topic == WH_TOPIC_HANDOFF) {
            play_handoff(oracle, slice->partition, record->value, now);
        } else {
            play_touch(oracle, slice->partition, record->value, place_of(oracle, record), now,
                       is_log_clock);
        }
    }
    if (count != slice->count) {
        wh_sim_fail(sim, "partition %u, record %u: a slice says %u records, the log has %u",
                    slice->partition, (unsigned)journal->seq, slice->count, count);
    }
}

static void
check_order(struct oracle *oracle, uint32_t partition, const struct wh_journal *journal)
{
    struct wh_sim *sim = oracle->sim;
    if (journal->seq != oracle->last.seq + 1) {
        wh_sim_fail(sim, "partition %u: record %u of the journal follows %u", partition,
                    (unsigned)journal->seq, (unsigned)oracle->last.seq);
    }
    for (uint32_t i = 0; i < journal->slice_count; i++) {
        const struct wh_journal_slice *slice = &journal->slices[i];
        if (slice->first != oracle->last.positions[slice->topic].next) {
            wh_sim_fail(sim, "partition %u, record %u: %s begins at %d, the one before ended at %d",
                        partition, (unsigned)journal->seq, wh_topic_str(slice->topic),
                        (int)slice->first, (int)oracle->last.positions[slice->topic].next);
        }
    }
}

static void
play_record(struct oracle *oracle, uint32_t partition, const struct wh_log_record *record)
{
    struct wh_journal journal;
    const struct wh_codec *codec = &oracle->sim->model->codec;
    if (codec->decode_journal(codec->self, record->value, &oracle->arena, &journal, NULL) !=
        WH_OK) {
        wh_sim_fail(oracle->sim, "a journal record cannot be read");
        return;
    }
    check_order(oracle, partition, &journal);
    if (journal.kind == WH_JOURNAL_BATCH) {
        if (journal.clock == WH_CLOCK_WALL) {
            wh_world_advance(&oracle->world, journal.now);
        }
        for (uint32_t i = 0; i < journal.slice_count; i++) {
            play_slice(oracle, &journal, &journal.slices[i]);
        }
    }
    oracle->last = journal;
}

static const struct wh_store_entry *
find_entry(const struct wh_memory_shelf *shelf, const struct wh_hash_id *id)
{
    for (size_t i = 0; i < shelf->count; i++) {
        if (memcmp(shelf->entries[i].key.bytes, id->bytes, WH_HASH_ID_SIZE) == 0) {
            return &shelf->entries[i];
        }
    }
    return NULL;
}

static void
compare_states(struct oracle *oracle, uint32_t partition)
{
    struct wh_sim *sim = oracle->sim;
    const struct wh_memory_shelf *shelf = &sim->store.shelves[partition];
    const struct wh_codec *codec = &sim->model->codec;
    if (shelf->count != oracle->world.lead_count) {
        wh_sim_fail(sim, "partition %u: the store has %zu leads, expected %zu", partition,
                    shelf->count, oracle->world.lead_count);
    }
    for (size_t i = 0; i < oracle->world.lead_count; i++) {
        const struct wh_entity *entity = &oracle->world.leads[i]->entity;
        const struct wh_state *state = &entity->state;
        struct wh_buf buf;
        wh_buf_init(&buf, &oracle->arena);
        codec->encode_entity(codec->self, &buf, sim->env.model_hash, entity);
        const struct wh_store_entry *found = find_entry(shelf, &state->id);
        if (found == NULL) {
            wh_sim_fail(sim, "%.*s is not in the store", WH_STR_ARG(state->key));
        } else if (!wh_str_equal(found->bytes, wh_buf_str(&buf))) {
            wh_sim_fail(sim, "%.*s, as of record %u, has another state than expected",
                        WH_STR_ARG(state->key), (unsigned)found->seq);
        }
    }
}

static void
play_partition(struct oracle *oracle, uint32_t partition)
{
    struct wh_sim *sim = oracle->sim;
    struct wh_memory_queue *queue = wh_memory_log_queue(&sim->log, WH_TOPIC_JOURNAL, partition);
    wh_world_init(&oracle->world, &sim->model->model->ruleset, WH_SIM_SECRET);
    oracle->world.on_event = on_event;
    oracle->world.self = oracle;
    oracle->last = (struct wh_journal){0};
    for (size_t i = 0; i < queue->count; i++) {
        if (wh_memory_log_counts(&sim->log, &queue->records[i])) {
            play_record(oracle, partition, &queue->records[i].record);
        }
    }
    int64_t end = sim->env.clock_kind == WH_CLOCK_WALL ? sim->now : oracle->last.now;
    if (end != WH_TIME_MIN) {
        wh_world_advance(&oracle->world, end);
    }
    compare_states(oracle, partition);
    wh_world_fini(&oracle->world);
}

static void
collect_record(struct oracle *oracle, const struct wh_memory_record *record)
{
    if (!wh_memory_log_counts(&oracle->sim->log, record)) {
        return;
    }
    struct wh_buf *text =
        text_of(oracle, &oracle->published, oracle->published_texts, record->record.key);
    wh_buf_push(text, record->record.value);
    wh_buf_push_char(text, '\n');
}

static void
collect_published(struct oracle *oracle)
{
    struct wh_sim *sim = oracle->sim;
    for (uint32_t p = 0; p < sim->log.partitions; p++) {
        struct wh_memory_queue *queue = wh_memory_log_queue(&sim->log, WH_TOPIC_LEADS, p);
        for (size_t i = 0; i < queue->count; i++) {
            collect_record(oracle, &queue->records[i]);
        }
    }
}

static void
compare_events(struct oracle *oracle)
{
    struct wh_sim *sim = oracle->sim;
    collect_published(oracle);
    for (size_t i = 0; i < oracle->published.count; i++) {
        struct wh_str key = oracle->published.entries[i].key;
        (void)text_of(oracle, &oracle->expected, oracle->expected_texts, key);
    }
    for (size_t i = 0; i < oracle->expected.count; i++) {
        struct wh_str key = oracle->expected.entries[i].key;
        struct wh_str expected = wh_buf_str(&oracle->expected_texts[i]);
        struct wh_str published =
            wh_buf_str(text_of(oracle, &oracle->published, oracle->published_texts, key));
        if (!wh_str_equal(expected, published)) {
            wh_sim_trace(sim, "expected:\n%.*s", WH_STR_ARG(expected));
            wh_sim_trace(sim, "published:\n%.*s", WH_STR_ARG(published));
            wh_sim_fail(sim, "%.*s: other events than expected", WH_STR_ARG(key));
        }
    }
}

static void
check_touch(struct oracle *oracle, const struct wh_log_record *record)
{
    struct wh_touch touch;
    struct wh_rejection why;
    struct wh_decode_counts counts = {0};
    struct wh_decode_context context = {.default_id = WH_STR("none")};
    const struct wh_codec *codec = &oracle->sim->model->codec;
    struct wh_str place = place_of(oracle, record);
    int64_t times = 0;
    bool is_touch = codec->decode_touch(codec->self, &oracle->arena, record->value, &context,
                                        &touch, &counts, &why);
    (void)wh_table_find(&oracle->applied, place, &times);
    if (times != (is_touch ? 1 : 0)) {
        wh_sim_fail(oracle->sim, "%.*s reached its home %d times", WH_STR_ARG(place), (int)times);
    }
}

/* Each touch that can be used reached its home once, whether by handoff or at once. */
static void
check_touches(struct oracle *oracle)
{
    struct wh_memory_log *log = &oracle->sim->log;
    for (uint32_t p = 0; p < log->partitions; p++) {
        struct wh_memory_queue *queue = wh_memory_log_queue(log, WH_TOPIC_TOUCHPOINTS, p);
        for (size_t i = 0; i < queue->count; i++) {
            check_touch(oracle, &queue->records[i].record);
        }
    }
}

void
wh_sim_check(struct wh_sim *sim)
{
    struct oracle oracle = {.sim = sim};
    wh_arena_init(&oracle.arena, 0);
    wh_table_init(&oracle.expected, &oracle.arena);
    wh_table_init(&oracle.published, &oracle.arena);
    wh_table_init(&oracle.applied, &oracle.arena);
    oracle.expected_texts = WH_ARENA_ARRAY(&oracle.arena, struct wh_buf, KEYS_MAX);
    oracle.published_texts = WH_ARENA_ARRAY(&oracle.arena, struct wh_buf, KEYS_MAX);
    for (uint32_t p = 0; p < sim->log.partitions; p++) {
        play_partition(&oracle, p);
    }
    compare_events(&oracle);
    check_touches(&oracle);
    wh_arena_fini(&oracle.arena);
}
