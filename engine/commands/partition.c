/* `waterhole partition P`: what is known of one partition by its journal, its inputs and the store,
 * what is missing, and on demand that what is missing is given up. */
#include <time.h>

#include "connectors/kafka/models.h"
#include "engine/commands/columns.h"
#include "engine/commands/console.h"
#include "engine/commands/kafka.h"
#include "engine/commands/machine.h"
#include "engine/commands/settings.h"
#include "engine/commands/shadow.h"
#include "engine/commands/store.h"
#include "engine/commands/stream.h"
#include "proto/codec.h"
#include "proto/json_write.h"

/* An engine that stopped there begins again within moments; one that rebuilds much has claimed the
 * store before that. */
#define PATIENCE_US (30 * WH_US_PER_SECOND)
#define PAUSE_MS    100

struct input {
    int64_t start, end; /* of what is there */
};

struct looking {
    const struct wh_call *call;
    struct wh_config config;
    struct wh_kafka_settings kafka;
    struct wh_redis_options redis;
    struct wh_clock clock;
    struct wh_say say;
    struct wh_stream stream;
    uint32_t number;
    bool has_journal;
    struct wh_journal journal;
    int64_t offset; /* of that record */
    struct input inputs[WH_INPUT_COUNT];
    struct wh_store_meta meta;
    uint64_t entities;
    struct wh_buf problem; /* empty: none can be seen */
};

static enum wh_exit
read_number(struct looking *looking)
{
    struct wh_str text = looking->call->args->operands[0];
    uint64_t number = 0;
    bool is_number = text.len > 0 && text.len < 10;
    for (size_t i = 0; i < text.len && is_number; i++) {
        is_number = text.ptr[i] >= '0' && text.ptr[i] <= '9';
        number = 10 * number + (uint64_t)(text.ptr[i] - '0');
    }
    if (!is_number || number >= looking->stream.partitions) {
        return wh_console_fail(WH_EXIT_USAGE,
                               "expected the number of a partition, 0 to %u, found \"%.*s\"",
                               looking->stream.partitions - 1, WH_STR_ARG(text));
    }
    looking->number = (uint32_t)number;
    return WH_EXIT_DONE;
}

/* A wh_kafka_take_record_fn. */
static bool
take_journal(void *self, const struct wh_log_record *record)
{
    struct looking *looking = self;
    struct wh_codec codec = wh_proto_codec();
    struct wh_str bytes = wh_arena_str(looking->call->arena, record->value);
    looking->has_journal = codec.decode_journal(codec.self, bytes, looking->call->arena,
                                                &looking->journal, NULL) == WH_OK;
    looking->offset = record->offset;
    return false;
}

static enum wh_err
look_at_log(struct looking *looking, struct wh_error *error)
{
    struct wh_kafka_past *past = looking->stream.past;
    looking->has_journal = false;
    enum wh_err err =
        wh_kafka_past_journals(past, looking->number, 1, take_journal, looking, error);
    for (int topic = 0; topic < WH_INPUT_COUNT && err == WH_OK; topic++) {
        struct input *input = &looking->inputs[topic];
        err = wh_kafka_past_ends(past, (enum wh_topic)topic, looking->number, &input->start,
                                 &input->end, error);
    }
    return err;
}

static enum wh_err
look_at_store(struct looking *looking, struct wh_error *error)
{
    struct wh_redis_reader *states = looking->stream.states;
    enum wh_err err = wh_redis_reader_meta(states, looking->number, &looking->meta, error);
    return err == WH_OK ? wh_redis_reader_count(states, looking->number, &looking->entities, error)
                        : err;
}

static bool
is_of_other_life(const struct looking *looking)
{
    return looking->meta.exists && looking->has_journal &&
           memcmp(looking->meta.lineage.bytes, looking->journal.lineage.bytes,
                  sizeof(looking->meta.lineage.bytes)) != 0;
}

/* What a takeover needs and does not find, as far as it shows without reading all of it. */
static void
find_problem(struct looking *looking)
{
    struct wh_buf *buf = &looking->problem;
    unsigned long long entities = (unsigned long long)looking->entities;
    const struct wh_journal *journal = &looking->journal;
    wh_buf_init(buf, looking->call->arena);
    if (is_of_other_life(looking)) {
        wh_buf_printf(buf,
                      "the store is of another life of this partition: a dump of another "
                      "installation, or the topics were made anew; it holds %llu entities of it",
                      entities);
    } else if (looking->meta.exists && !looking->has_journal) {
        wh_buf_printf(buf,
                      "the journal is empty, but the store knows the partition, with %llu "
                      "entities: the topics were made anew, or these are other topics",
                      entities);
    } else if (looking->meta.exists && looking->meta.watermark > journal->seq) {
        wh_buf_printf(buf,
                      "the store is ahead of the journal: it knows record %llu, and %llu is the "
                      "last: the topic lost its end",
                      (unsigned long long)looking->meta.watermark,
                      (unsigned long long)journal->seq);
    }
    for (int i = 0; i < WH_INPUT_COUNT && looking->has_journal; i++) {
        int64_t gone = looking->inputs[i].start - journal->positions[i].next;
        if (gone > 0) {
            wh_buf_printf(buf, "%s%s of offsets %lld to %lld, not processed yet, are gone",
                          buf->len > 0 ? "; " : "", wh_topic_str((enum wh_topic)i),
                          (long long)journal->positions[i].next,
                          (long long)looking->inputs[i].start - 1);
        }
    }
}

/* ---- what is printed ---- */

static void
push_time(struct wh_buf *buf, int64_t at)
{
    if (at == WH_TIME_MIN) {
        wh_buf_push_text(buf, "nothing has happened yet");
        return;
    }
    wh_time_format(buf, at);
}

static void
push_journal(struct wh_buf *buf, const struct looking *looking)
{
    const struct wh_journal *journal = &looking->journal;
    if (!looking->has_journal) {
        wh_buf_push_text(buf, "  journal    empty\n");
        return;
    }
    wh_buf_printf(buf, "  journal    record %llu (%s) by %.*s, life ",
                  (unsigned long long)journal->seq, wh_journal_kind_str(journal->kind),
                  WH_STR_ARG(journal->owner));
    char hex[2 * WH_HASH_ID_SIZE + 1];
    wh_hash_hex(journal->lineage.bytes, WH_HASH_ID_SIZE, hex);
    wh_buf_printf(buf, "%.8s\n  time       ", hex);
    push_time(buf, journal->now);
    wh_buf_printf(buf, "\n  snapshots  up to record %llu\n", (unsigned long long)journal->mark);
    for (int i = 0; i < WH_INPUT_COUNT; i++) {
        int64_t left = looking->inputs[i].end - journal->positions[i].next;
        wh_buf_printf(buf, "  %-10s next %lld, %lld left\n", wh_topic_str((enum wh_topic)i),
                      (long long)journal->positions[i].next, (long long)(left < 0 ? 0 : left));
    }
}

static void
push_store(struct wh_buf *buf, const struct looking *looking)
{
    const struct wh_store_meta *meta = &looking->meta;
    char hex[2 * WH_HASH_ID_SIZE + 1];
    if (!meta->exists) {
        wh_buf_push_text(buf, "  store      knows nothing of it\n");
        return;
    }
    wh_hash_hex(meta->lineage.bytes, WH_HASH_ID_SIZE, hex);
    wh_buf_printf(buf, "  store      up to record %llu, %llu entities, life %.8s\n",
                  (unsigned long long)meta->watermark, (unsigned long long)looking->entities, hex);
}

/* What giving up would mean, and what else there is. */
static void
push_ways_out(struct wh_buf *buf, const struct looking *looking)
{
    bool drops = is_of_other_life(looking) || !looking->has_journal;
    wh_buf_push_text(buf, "\nWays out: bring the store or the topics that belong together, such as "
                          "a newer dump;\nor give up what is missing with --accept-loss: ");
    if (drops) {
        wh_buf_printf(buf,
                      "the %llu entities are removed from the store, and the states of this life "
                      "are made from snapshots and the journal, as far as they reach.\n",
                      (unsigned long long)looking->entities);
    } else {
        wh_buf_push_text(buf, "the partition goes on from what is there, and what is gone counts "
                              "nowhere.\n");
    }
}

static void
print_text(const struct looking *looking)
{
    struct wh_buf buf;
    wh_buf_init(&buf, looking->call->arena);
    wh_buf_printf(&buf, "partition %u\n", looking->number);
    push_journal(&buf, looking);
    push_store(&buf, looking);
    if (looking->problem.len > 0) {
        wh_buf_push_text(&buf, "\nIt cannot work: ");
        wh_buf_push(&buf, wh_buf_str(&looking->problem));
        wh_buf_push_text(&buf, ".\n");
        push_ways_out(&buf, looking);
    }
    wh_console_result(wh_buf_str(&buf));
}

static void
write_hex(struct wh_json *json, const char *name, const struct wh_hash_id *id)
{
    char hex[2 * WH_HASH_ID_SIZE + 1];
    wh_hash_hex(id->bytes, WH_HASH_ID_SIZE, hex);
    wh_json_name(json, name);
    wh_json_str(json, wh_str_of(hex));
}

static void
write_int(struct wh_json *json, const char *name, int64_t value)
{
    wh_json_name(json, name);
    wh_json_int(json, value);
}

static void
write_journal(struct wh_json *json, const struct looking *looking)
{
    const struct wh_journal *journal = &looking->journal;
    wh_json_name(json, "journal");
    wh_json_open_object(json);
    write_int(json, "seq", (int64_t)journal->seq);
    wh_json_name(json, "kind");
    wh_json_str(json, wh_str_of(wh_journal_kind_str(journal->kind)));
    wh_json_name(json, "owner");
    wh_json_str(json, journal->owner);
    write_hex(json, "life", &journal->lineage);
    write_int(json, "snapshots", (int64_t)journal->mark);
    for (int i = 0; i < WH_INPUT_COUNT; i++) {
        wh_json_name(json, wh_topic_str((enum wh_topic)i));
        wh_json_open_object(json);
        write_int(json, "next", journal->positions[i].next);
        write_int(json, "start", looking->inputs[i].start);
        write_int(json, "end", looking->inputs[i].end);
        wh_json_close_object(json);
    }
    wh_json_close_object(json);
}

static void
print_json(const struct looking *looking)
{
    struct wh_buf buf;
    struct wh_json json;
    wh_buf_init(&buf, looking->call->arena);
    wh_json_init(&json, &buf);
    wh_json_open_object(&json);
    write_int(&json, "partition", looking->number);
    if (looking->has_journal) {
        write_journal(&json, looking);
    }
    if (looking->meta.exists) {
        wh_json_name(&json, "store");
        wh_json_open_object(&json);
        write_hex(&json, "life", &looking->meta.lineage);
        write_int(&json, "seq", (int64_t)looking->meta.watermark);
        write_int(&json, "entities", (int64_t)looking->entities);
        wh_json_close_object(&json);
    }
    wh_json_name(&json, "problem");
    wh_json_str(&json, wh_buf_str(&looking->problem));
    wh_json_close_object(&json);
    wh_buf_push_char(&buf, '\n');
    wh_console_result(wh_buf_str(&buf));
}

static enum wh_exit
look(struct looking *looking)
{
    struct wh_error error;
    enum wh_err err = look_at_log(looking, &error);
    err = err == WH_OK ? look_at_store(looking, &error) : err;
    if (err != WH_OK) {
        return wh_console_fail(wh_console_exit(err), "%s", error.message);
    }
    find_problem(looking);
    return WH_EXIT_DONE;
}

/* ---- giving up ---- */

/* The store is of this life, by a takeover that came after the word was given. */
static bool
has_begun(const struct looking *looking, int64_t before)
{
    return looking->has_journal && looking->offset > before && looking->meta.exists &&
           looking->meta.epoch > before && !is_of_other_life(looking);
}

static enum wh_exit
wait_for_engine(struct looking *looking, int64_t before)
{
    const struct timespec pause = {.tv_nsec = PAUSE_MS * 1000000L};
    int64_t give_up = wh_machine_now() + PATIENCE_US;
    enum wh_exit code = look(looking);
    while (code == WH_EXIT_DONE && !has_begun(looking, before)) {
        if (wh_machine_now() > give_up) {
            return wh_console_fail(WH_EXIT_OUTSIDE,
                                   "no engine took partition %u over: does one run, on which it "
                                   "stopped? Nothing was given up yet; say it again then",
                                   looking->number);
        }
        (void)nanosleep(&pause, NULL);
        code = look(looking);
    }
    return code;
}

static enum wh_exit
accept_loss(struct looking *looking)
{
    struct wh_error error;
    struct wh_buf key;
    struct wh_buf value;
    int64_t before = looking->has_journal ? looking->offset : -1;
    uint64_t dropped = is_of_other_life(looking) || !looking->has_journal ? looking->entities : 0;
    wh_buf_init(&key, looking->call->arena);
    wh_buf_init(&value, looking->call->arena);
    wh_buf_printf(&key, WH_ENGINE_ACCEPT_LOSS "%u", looking->number);
    wh_time_format(&value, wh_machine_now());
    enum wh_err err =
        wh_kafka_models_write(&looking->kafka, wh_buf_str(&key), wh_buf_str(&value), &error);
    if (err != WH_OK) {
        return wh_console_fail(wh_console_exit(err), "%s", error.message);
    }
    enum wh_exit code = wait_for_engine(looking, before);
    if (code == WH_EXIT_DONE) {
        wh_console_message("partition %u begins again with %.*s; given up: %llu entities of the "
                           "store; its log, and waterhole_lost_total, name the rest",
                           looking->number, WH_STR_ARG(looking->journal.owner),
                           (unsigned long long)dropped);
    }
    return code;
}

static enum wh_exit
open_all(struct looking *looking)
{
    struct wh_error error;
    enum wh_exit code = wh_kafka_of_config(&looking->config, &looking->kafka);
    wh_say_for_kafka(&looking->say, &looking->kafka);
    code = code == WH_EXIT_DONE ? wh_store_of_config(&looking->config, &looking->redis) : code;
    if (code != WH_EXIT_DONE) {
        return code;
    }
    enum wh_err err =
        wh_stream_open(&looking->stream, &looking->kafka, &looking->redis, NULL, &error);
    return err == WH_OK ? WH_EXIT_DONE : wh_console_fail(wh_console_exit(err), "%s", error.message);
}

static enum wh_exit
run(struct looking *looking)
{
    enum wh_exit code = open_all(looking);
    code = code == WH_EXIT_DONE ? read_number(looking) : code;
    code = code == WH_EXIT_DONE ? look(looking) : code;
    if (code == WH_EXIT_DONE && wh_args_has(looking->call->args, "--accept-loss")) {
        code = accept_loss(looking);
    }
    if (code != WH_EXIT_DONE) {
        return code;
    }
    if (wh_args_has(looking->call->args, "--json")) {
        print_json(looking);
    } else {
        print_text(looking);
    }
    return looking->problem.len > 0 ? WH_EXIT_PROBLEMS : WH_EXIT_DONE;
}

enum wh_exit
wh_command_partition(const struct wh_call *call)
{
    struct looking *looking = WH_ARENA_NEW(call->arena, struct looking);
    looking->call = call;
    looking->clock = wh_machine_clock();
    if (!wh_settings_load(call, &looking->config)) {
        return WH_EXIT_USAGE;
    }
    (void)wh_shadow_name_configured(call, &looking->config);
    wh_say_init(&looking->say, &looking->config, &looking->clock);
    enum wh_exit code = run(looking);
    wh_stream_close(&looking->stream);
    wh_say_fini(&looking->say);
    return code;
}
