/* What must have come out, worked out the slow way: the committed journal says which records were
 * processed at which moment; entities in memory get just those. */
#include <string.h>

#include "engine/base/time.h"
#include "engine/runtime/intake.h"
#include "engine/score/command_touch.h"
#include "tests/sim/counters.h"
#include "tests/sim/people.h"
#include "tests/sim/sim.h"

struct oracle {
    struct wh_sim *sim;
    struct wh_arena arena;
    struct wh_people people;  /* of the partition being played */
    struct wh_table expected; /* lead id → index into texts */
    struct wh_table published;
    struct wh_buf *expected_texts, *published_texts;
    size_t capacity;
    struct wh_table applied; /* where a touch stood first → times that it reached its home */
    struct wh_table sent;    /* target → sum of what was sent to it, less what arrived */
    struct wh_sim_counters counters;
    struct wh_journal last;
};

#define KEYS_MAX 256

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
add_event(struct oracle *oracle, const struct wh_event *event)
{
    const struct wh_codec *codec = &oracle->sim->model->codec;
    struct wh_buf *text =
        text_of(oracle, &oracle->expected, oracle->expected_texts, event->snapshot->lead_id);
    struct wh_buf line;
    wh_buf_init(&line, &oracle->arena);
    codec->encode_event(codec->self, &line, event);
    wh_buf_push(text, wh_buf_str(&line));
    wh_buf_push_char(text, '\n');
}

/* A sum that does not depend on the order. */
static void
add_sent(struct oracle *oracle, struct wh_str key, const struct wh_handoff_message *message,
         bool has_arrived)
{
    const struct wh_codec *codec = &oracle->sim->model->codec;
    struct wh_handoff handoff = {key, 0, message, 1};
    struct wh_buf buf;
    int64_t sum = 0;
    wh_buf_init(&buf, &oracle->arena);
    codec->encode_handoff(codec->self, &buf, &handoff);
    (void)wh_table_find(&oracle->sent, key, &sum);
    uint64_t hash = wh_hash_fingerprint(wh_buf_str(&buf)) >> 1;
    uint64_t next = has_arrived ? (uint64_t)sum - hash : (uint64_t)sum + hash;
    wh_table_put(&oracle->sent, wh_arena_str(&oracle->arena, key), (int64_t)next);
}

static void
on_effects(void *self, const struct wh_person *person, const struct wh_entity_effects *effects)
{
    struct oracle *oracle = self;
    (void)person;
    for (size_t i = 0; i < effects->events.count; i++) {
        if (!effects->events.events[i].silent) {
            add_event(oracle, &effects->events.events[i]);
        }
    }
    for (uint32_t i = 0; i < effects->identity.sent_count; i++) {
        const struct wh_identity_sent *sent = &effects->identity.sent[i];
        struct wh_handoff_message message = {.kind = WH_HANDOFF_IDENTITY,
                                             .identity = &sent->message};
        oracle->sim->sent++;
        add_sent(oracle, wh_key_text(&oracle->arena, sent->to), &message, false);
    }
    for (size_t i = 0; i < effects->events.sent_count; i++) {
        const struct wh_route_sent *sent = &effects->events.sent[i];
        struct wh_handoff_message message = {.kind = WH_HANDOFF_ROUTE, .route = &sent->message};
        oracle->sim->sent++;
        add_sent(oracle, wh_key_text(&oracle->arena, sent->to), &message, false);
        wh_sim_counters_note(&oracle->counters, sent);
    }
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

static bool
decode(struct oracle *oracle, struct wh_str bytes, struct wh_str place, struct wh_touch *touch)
{
    struct wh_rejection why;
    struct wh_decode_counts counts = {0};
    struct wh_decode_context context = {.default_id = place};
    const struct wh_codec *codec = &oracle->sim->model->codec;
    return codec->decode_touch(codec->self, &oracle->arena, bytes, &context, touch, &counts, &why);
}

/* One touch, if this partition is its home; else it goes there. */
static void
play_touch(struct oracle *oracle, uint32_t partition, struct wh_str bytes, struct wh_str place,
           bool by_handoff)
{
    bool moves_clock = !by_handoff && oracle->last.clock == WH_CLOCK_LOG;
    struct wh_touch touch;
    struct wh_rejection why;
    struct wh_identity_message told;
    if (!decode(oracle, bytes, place, &touch)) {
        return;
    }
    struct wh_message message = {.kind = WH_MESSAGE_TOUCH, .touch = &touch};
    struct wh_key who = touch.keys[0];
    if (wh_touch_is_command(&touch)) {
        message = (struct wh_message){.kind = WH_MESSAGE_IDENTITY, .identity = &told};
        struct wh_command_fault fault;
        if (!wh_command_of_touch(&touch, &oracle->arena, &who, &told, &fault)) {
            return;
        }
    }
    if (moves_clock && touch.received > oracle->people.now) {
        wh_people_advance(&oracle->people, touch.received);
    }
    struct wh_intake intake = {.ruleset = oracle->people.ruleset};
    if (!by_handoff &&
        !wh_intake_is_in_time(&intake, &touch, oracle->people.now, oracle->last.machine, &why)) {
        count_applied(oracle, place);
        return;
    }
    struct wh_str key = wh_key_text(&oracle->arena, who);
    if (wh_hash_murmur2_partition(key, oracle->sim->log.partitions) != partition) {
        struct wh_handoff_message passed = {
            .kind = WH_HANDOFF_TOUCH, .bytes = bytes, .default_id = place};
        add_sent(oracle, key, &passed, false);
        return;
    }
    count_applied(oracle, place);
    wh_people_tell(&oracle->people, who, &message);
}

static void
play_handoff(struct oracle *oracle, uint32_t partition, struct wh_str bytes)
{
    struct wh_handoff handoff;
    struct wh_key who;
    const struct wh_codec *codec = &oracle->sim->model->codec;
    if (codec->decode_handoff(codec->self, bytes, &oracle->arena, &handoff, NULL) != WH_OK ||
        !wh_key_parse(handoff.key, &who)) {
        wh_sim_fail(oracle->sim, "a handoff record cannot be read");
        return;
    }
    oracle->people.sent_at = handoff.now;
    for (size_t i = 0; i < handoff.message_count; i++) {
        const struct wh_handoff_message *sent = &handoff.messages[i];
        struct wh_message message = {.kind = WH_MESSAGE_IDENTITY, .identity = sent->identity};
        add_sent(oracle, handoff.key, sent, true);
        if (sent->kind == WH_HANDOFF_TOUCH) {
            play_touch(oracle, partition, sent->bytes, sent->default_id, true);
            continue;
        }
        if (sent->kind == WH_HANDOFF_ROUTE) {
            message = (struct wh_message){.kind = WH_MESSAGE_ROUTE, .route = sent->route};
        }
        wh_people_tell(&oracle->people, who, &message);
    }
}

static void
play_slice(struct oracle *oracle, const struct wh_journal *journal,
           const struct wh_journal_slice *slice)
{
    struct wh_sim *sim = oracle->sim;
    struct wh_memory_queue *queue = wh_memory_log_queue(&sim->log, slice->topic, slice->partition);
    uint32_t count = 0;
    for (size_t i = 0; i < queue->count; i++) {
        const struct wh_log_record *record = &queue->records[i].record;
        if (record->offset < slice->first || record->offset >= slice->end ||
            !wh_memory_log_counts(&sim->log, &queue->records[i])) {
            continue;
        }
        count++;
        if (slice->topic == WH_TOPIC_HANDOFF) {
            play_handoff(oracle, slice->partition, record->value);
        } else {
            play_touch(oracle, slice->partition, record->value, place_of(oracle, record), false);
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
    oracle->last = journal;
    if (journal.kind == WH_JOURNAL_BATCH) {
        wh_people_use(&oracle->people, wh_sim_find_ruleset(oracle->sim->model, journal.model_hash));
        wh_people_advance(&oracle->people, journal.begin);
        for (uint32_t i = 0; i < journal.slice_count; i++) {
            play_slice(oracle, &journal, &journal.slices[i]);
        }
        for (size_t i = 0; i < journal.swept_count; i++) {
            wh_people_look(&oracle->people, &journal.swept[i]);
        }
    }
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
compare_state(struct oracle *oracle, const struct wh_memory_shelf *shelf,
              const struct wh_person *person)
{
    struct wh_sim *sim = oracle->sim;
    const struct wh_codec *codec = &sim->model->codec;
    struct wh_buf buf;
    wh_buf_init(&buf, &oracle->arena);
    codec->encode_entity(codec->self, &buf, wh_str_of(person->ruleset->hash_hex), &person->entity);
    const struct wh_store_entry *found = find_entry(shelf, &person->entity.state.id);
    if (person->ruleset != oracle->people.ruleset) {
        wh_sim_fail(sim, "%.*s was never looked at under the present model",
                    WH_STR_ARG(person->key));
    }
    if (person->entity.state.announced.pending_count > 0) {
        wh_sim_fail(sim, "%.*s waits for a route for ever", WH_STR_ARG(person->key));
    }
    if (found == NULL) {
        wh_sim_fail(sim, "%.*s is not in the store", WH_STR_ARG(person->key));
    } else if (!wh_str_equal(found->bytes, wh_buf_str(&buf))) {
        wh_sim_fail(sim, "%.*s, as of record %u, has another state than expected",
                    WH_STR_ARG(person->key), (unsigned)found->seq);
    }
}

static void
compare_states(struct oracle *oracle, uint32_t partition)
{
    struct wh_sim *sim = oracle->sim;
    const struct wh_memory_shelf *shelf = &sim->store.shelves[partition];
    size_t there = 0;
    for (size_t i = 0; i < oracle->people.count; i++) {
        const struct wh_person *person = oracle->people.persons[i];
        if (!person->is_gone) {
            there++;
            compare_state(oracle, shelf, person);
        }
        sim->forgotten += person->is_gone ? 1 : 0;
    }
    if (shelf->count != there) {
        wh_sim_fail(sim, "partition %u: the store has %zu entities, expected %zu", partition,
                    shelf->count, there);
    }
}

static void
play_partition(struct oracle *oracle, uint32_t partition)
{
    struct wh_sim *sim = oracle->sim;
    struct wh_memory_queue *queue = wh_memory_log_queue(&sim->log, WH_TOPIC_JOURNAL, partition);
    wh_people_init(&oracle->people, &sim->model->models[0]->ruleset, WH_SIM_SECRET);
    oracle->people.on_effects = on_effects;
    oracle->people.self = oracle;
    oracle->last = (struct wh_journal){0};
    for (size_t i = 0; i < queue->count; i++) {
        if (wh_memory_log_counts(&sim->log, &queue->records[i])) {
            play_record(oracle, partition, &queue->records[i].record);
        }
    }
    int64_t end = sim->env.clock_kind == WH_CLOCK_WALL ? sim->now : oracle->last.now;
    if (end != WH_TIME_MIN) {
        wh_people_advance(&oracle->people, end);
    }
    compare_states(oracle, partition);
    wh_people_fini(&oracle->people);
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

/* What was decided goes where the touches go, and its end leaves under its old name: so several
 * entities speak under one, and only each by itself has an order. */
static uint64_t
sum_of_lines(struct wh_str text)
{
    uint64_t sum = 0;
    while (text.len > 0) {
        const char *end = memchr(text.ptr, '\n', text.len);
        size_t len = (size_t)(end - text.ptr) + 1;
        sum += wh_hash_fingerprint(wh_str_slice(text, 0, len));
        text = wh_str_slice(text, len, text.len);
    }
    return sum;
}

static bool
is_same_text(const struct oracle *oracle, struct wh_str expected, struct wh_str published)
{
    return oracle->sim->is_linked ? sum_of_lines(expected) == sum_of_lines(published)
                                  : wh_str_equal(expected, published);
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
        if (!is_same_text(oracle, expected, published)) {
            wh_sim_trace(sim, "expected:\n%.*s", WH_STR_ARG(expected));
            wh_sim_trace(sim, "published:\n%.*s", WH_STR_ARG(published));
            wh_sim_fail(sim, "%.*s: other events than expected", WH_STR_ARG(key));
        }
    }
}

static bool
is_usable(struct oracle *oracle, const struct wh_log_record *record)
{
    struct wh_touch touch;
    struct wh_command_fault fault;
    struct wh_key who;
    struct wh_identity_message told;
    return decode(oracle, record->value, WH_STR("none"), &touch) &&
           (!wh_touch_is_command(&touch) ||
            wh_command_of_touch(&touch, &oracle->arena, &who, &told, &fault));
}

static void
check_touch(struct oracle *oracle, const struct wh_log_record *record)
{
    struct wh_str place = place_of(oracle, record);
    int64_t times = 0;
    (void)wh_table_find(&oracle->applied, place, &times);
    if (times != (is_usable(oracle, record) ? 1 : 0)) {
        wh_sim_fail(oracle->sim, "%.*s reached its home %d times", WH_STR_ARG(place), (int)times);
    }
}

/* Whatever was sent has arrived, once and as it was. */
static void
check_sent(struct oracle *oracle)
{
    for (size_t i = 0; i < oracle->sent.count; i++) {
        if (oracle->sent.entries[i].value != 0) {
            wh_sim_fail(oracle->sim, "%.*s got other messages than were sent to it",
                        WH_STR_ARG(oracle->sent.entries[i].key));
        }
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
    wh_table_init(&oracle.sent, &oracle.arena);
    wh_sim_counters_init(&oracle.counters, &oracle.arena);
    oracle.expected_texts = WH_ARENA_ARRAY(&oracle.arena, struct wh_buf, KEYS_MAX);
    oracle.published_texts = WH_ARENA_ARRAY(&oracle.arena, struct wh_buf, KEYS_MAX);
    for (uint32_t p = 0; p < sim->log.partitions; p++) {
        play_partition(&oracle, p);
    }
    compare_events(&oracle);
    check_touches(&oracle);
    check_sent(&oracle);
    wh_sim_counters_check(&oracle.counters, sim);
    wh_arena_fini(&oracle.arena);
}
