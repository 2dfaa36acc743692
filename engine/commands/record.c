/* `waterhole record`: a range of the touches in the data folder of `up`, or in their topic, as JSON
 * lines, in the order in which they came, beside the writer. What comes out can be played and
 * replayed. */
#include <unistd.h>

#include "connectors/file/file.h"
#include "connectors/file/outflow.h"
#include "connectors/kafka/past.h"
#include "connectors/psl/psl.h"
#include "engine/base/time.h"
#include "engine/commands/columns.h"
#include "engine/commands/console.h"
#include "engine/commands/engine_models.h"
#include "engine/commands/folder.h"
#include "engine/commands/kafka.h"
#include "engine/commands/machine.h"
#include "engine/commands/record_mask.h"
#include "engine/commands/settings.h"
#include "engine/commands/shadow.h"
#include "engine/language/compile.h"
#include "engine/runtime/intake.h"
#include "proto/codec.h"
#include "proto/limits.h"
#include "proto/touch_json_write.h"
#include "proto/touch_splice.h"

/* A key is no book. */
#define KEY_FILE_MAX ((size_t)64 * 1024)
#define KEY_LEN_MIN  16
/* Records between two looks at the clock for the progress. */
#define PROGRESS_EVERY 4096

/* An end of the range. */
struct bound {
    bool is_offset;
    int64_t offset;
    int64_t at; /* µs */
};

struct record {
    const struct wh_call *call;
    struct wh_config config;
    /* The folder: */
    struct wh_folder folder;
    struct wh_sqlite_reader reader;
    bool is_open;
    /* Or the topic: */
    struct wh_kafka_settings kafka;
    struct wh_kafka_past *past;
    const struct wh_ruleset *ruleset; /* NULL until something needs it */
    struct wh_model *model;           /* whose it is, of a folder or a path */
    struct wh_engine_models *models;  /* of a topic */
    struct wh_clock clock;
    struct wh_say say;
    struct bound from, to;
    bool has_mask;
    struct wh_mask mask;
    struct wh_codec codec;
    struct wh_arena scratch; /* of one touch */
    struct wh_outflow *outflow;
    uint64_t total, seen, saved, too_large;
    int64_t first, last; /* µs, moments of what was saved */
    int64_t started;     /* µs, of the machine's clock */
    bool has_bar;
    bool has_failed;
    struct wh_error error;
};

/* ---- what is asked ---- */

static enum wh_exit
open_folder(struct record *record)
{
    struct wh_error error;
    struct wh_str data = wh_config_text(&record->config, WH_OPTION_DATA);
    enum wh_err err =
        wh_folder_open(record->call->arena, data, &record->folder, &record->reader, &error);
    if (err == WH_ERR_NOT_FOUND) {
        return wh_console_fail(WH_EXIT_USAGE, "no touches in \"%.*s\": `up --data %.*s` keeps them",
                               WH_STR_ARG(data), WH_STR_ARG(data));
    }
    record->is_open = err == WH_OK;
    return err == WH_OK ? WH_EXIT_DONE
                        : wh_console_fail(WH_EXIT_OUTSIDE, "\"%.*s/%s\": %s", WH_STR_ARG(data),
                                          WH_FOLDER_FILE, error.message);
}

static enum wh_exit
open_topic(struct record *record)
{
    struct wh_error error;
    (void)wh_shadow_name_configured(record->call, &record->config);
    enum wh_exit code = wh_kafka_of_config(&record->config, &record->kafka);
    wh_say_for_kafka(&record->say, &record->kafka);
    if (code != WH_EXIT_DONE) {
        return code;
    }
    return wh_kafka_past_open(&record->kafka, &record->past, &error) == WH_OK
               ? WH_EXIT_DONE
               : wh_console_fail(WH_EXIT_OUTSIDE, "%s", error.message);
}

static enum wh_exit
open_source(struct record *record)
{
    if (wh_config_text(&record->config, WH_OPTION_DATA).len > 0) {
        return open_folder(record);
    }
    if (wh_config_text(&record->config, WH_OPTION_KAFKA_BOOTSTRAP).len > 0) {
        return open_topic(record);
    }
    return wh_console_fail(WH_EXIT_USAGE,
                           "no touches: name the folder of `up --data DIR` with --data DIR, or "
                           "\"data\" or \"kafka.bootstrap\" in the configuration");
}

/* The model that the engines use. */
static enum wh_exit
need_topic_model(struct record *record)
{
    record->models = WH_ARENA_NEW(record->call->arena, struct wh_engine_models);
    enum wh_exit code = wh_engine_models_open(record->models, &record->kafka, &record->say);
    if (code != WH_EXIT_DONE) {
        return code;
    }
    record->ruleset = wh_engine_models_current(record->models);
    return record->ruleset != NULL
               ? WH_EXIT_DONE
               : wh_console_fail(WH_EXIT_USAGE, "the topic of models names none that can be used "
                                                "here: name one with --model");
}

/* The one in use, or that of --model: its zone and its placeholders. Touches need none. */
static enum wh_exit
need_model(struct record *record)
{
    struct wh_problems problems;
    struct wh_str path = wh_args_text(record->call->args, "--model");
    struct wh_compile_options kept = {.sources = &record->folder.sources,
                                      .data = &record->folder.data};
    bool is_kept = !wh_args_has(record->call->args, "--model");
    if (record->ruleset != NULL) {
        return WH_EXIT_DONE;
    }
    if (is_kept && record->past != NULL) {
        return need_topic_model(record);
    }
    wh_problems_init(&problems, record->call->arena);
    enum wh_err err = wh_compile(is_kept ? record->folder.model_path : path, is_kept ? &kept : NULL,
                                 &problems, &record->model);
    if (err != WH_OK) {
        wh_console_problems(&problems);
        wh_console_message("the zone of times without an offset, and which identifiers are "
                           "placeholders, are those of the model: name another one with --model");
        return wh_console_exit(err);
    }
    record->ruleset = &record->model->ruleset;
    return WH_EXIT_DONE;
}

static bool
is_number(struct wh_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9') {
            return false;
        }
    }
    return text.len > 0 && text.len <= 18;
}

static enum wh_exit
read_bound(struct record *record, const char *flag, struct bound *bound)
{
    struct wh_str text = wh_args_text(record->call->args, flag);
    bool has_zone = false;
    if (!wh_args_has(record->call->args, flag)) {
        return WH_EXIT_DONE;
    }
    bound->is_offset = is_number(text);
    for (size_t i = 0; bound->is_offset && i < text.len; i++) {
        bound->offset = (i == 0 ? 0 : 10 * bound->offset) + (text.ptr[i] - '0');
    }
    if (bound->is_offset) {
        return WH_EXIT_DONE;
    }
    if (wh_time_parse(text, &bound->at, &has_zone) != WH_OK) {
        return wh_console_fail(WH_EXIT_USAGE,
                               "\"%s\" is a time such as 2026-11-03 or 2026-11-03T14:00Z, or an "
                               "offset such as 1200, found \"%.*s\"",
                               flag, WH_STR_ARG(text));
    }
    enum wh_exit code = has_zone ? WH_EXIT_DONE : need_model(record);
    if (code == WH_EXIT_DONE && !has_zone) {
        bound->at = wh_zone_to_utc(record->ruleset->zone, bound->at);
    }
    return code;
}

static enum wh_exit
read_range(struct record *record)
{
    record->from = (struct bound){.at = WH_TIME_MIN};
    record->to = (struct bound){.at = WH_TIME_NEVER, .offset = INT64_MAX};
    enum wh_exit code = read_bound(record, "--from", &record->from);
    return code == WH_EXIT_DONE ? read_bound(record, "--to", &record->to) : code;
}

/* lead.NAME,company.NAME,properties.NAME */
static enum wh_exit
read_kept(struct record *record)
{
    struct wh_str text = wh_args_text(record->call->args, "--keep");
    struct wh_mask *mask = &record->mask;
    size_t from = 0;
    for (size_t i = 0; text.len > 0 && i <= text.len; i++) {
        if (i < text.len && text.ptr[i] != ',') {
            continue;
        }
        struct wh_str name = wh_str_trim(wh_str_slice(text, from, i));
        bool is_good = wh_str_starts_with(name, WH_STR("lead.")) ||
                       wh_str_starts_with(name, WH_STR("company.")) ||
                       wh_str_starts_with(name, WH_STR("properties."));
        if (!is_good || mask->kept_count == WH_MASK_KEPT_MAX) {
            return wh_console_fail(WH_EXIT_USAGE,
                                   "\"--keep\" names at most %d of lead.NAME, company.NAME and "
                                   "properties.NAME, with commas between, found \"%.*s\"",
                                   WH_MASK_KEPT_MAX, WH_STR_ARG(name));
        }
        mask->kept[mask->kept_count++] = name;
        from = i + 1;
    }
    return WH_EXIT_DONE;
}

/* Any bytes are a key, long enough not to be guessed. */
static enum wh_exit
read_key(struct record *record)
{
    struct wh_arena *arena = record->call->arena;
    struct wh_str path = wh_args_text(record->call->args, "--pseudonymise");
    struct wh_str bytes;
    struct wh_error error;
    uint8_t digest[WH_HASH_SHA256_SIZE];
    enum wh_err err =
        wh_file_read(arena, wh_arena_str(arena, path).ptr, KEY_FILE_MAX, &bytes, &error);
    if (err != WH_OK) {
        return wh_console_fail(WH_EXIT_USAGE, "%s", error.message);
    }
    bytes = wh_str_trim(bytes);
    if (bytes.len < KEY_LEN_MIN) {
        return wh_console_fail(WH_EXIT_USAGE,
                               "%.*s: a key has at least %d bytes, found %zu; `head -c 32 "
                               "/dev/urandom | base64` makes one",
                               WH_STR_ARG(path), KEY_LEN_MIN, bytes.len);
    }
    wh_hash_sha256(bytes, digest);
    memcpy(record->mask.names.key, digest, WH_HASH_KEY_SIZE);
    return WH_EXIT_DONE;
}

static enum wh_exit
read_mask(struct record *record)
{
    record->has_mask = wh_args_has(record->call->args, "--pseudonymise");
    if (!record->has_mask && wh_args_has(record->call->args, "--keep")) {
        return wh_console_fail(WH_EXIT_USAGE, "\"--keep\" goes with \"--pseudonymise\"");
    }
    if (!record->has_mask) {
        return WH_EXIT_DONE;
    }
    enum wh_exit code = read_key(record);
    code = code == WH_EXIT_DONE ? read_kept(record) : code;
    code = code == WH_EXIT_DONE ? need_model(record) : code;
    if (code == WH_EXIT_DONE) {
        record->mask.names.domain = wh_psl_domain();
        record->mask.names.placeholders = record->ruleset->placeholders;
        record->mask.names.placeholder_count = record->ruleset->placeholder_count;
    }
    return code;
}

/* ---- touches ---- */

static void
show_bar(struct record *record)
{
    double seconds = (double)(wh_machine_now() - record->started) / 1e6;
    double part = (double)record->seen / (double)(record->total + 1);
    if (record->has_bar && record->seen % PROGRESS_EVERY == 0) {
        (void)fprintf(stderr, "\rrecord: %3.0f %%, %.0f touches/s, %.0f s left   ", 100 * part,
                      (double)record->seen / (seconds + 1e-6), seconds * (1 - part) / part);
    }
}

/* Line breaks of JSON stand between its parts only. */
static void
make_one_line(struct wh_buf *buf)
{
    for (size_t i = 0; i < buf->len; i++) {
        bool is_break = buf->ptr[i] == '\n' || buf->ptr[i] == '\r';
        buf->ptr[i] = is_break ? ' ' : buf->ptr[i];
    }
}

/* The touch as a line, without the break at its end. */
static struct wh_buf
line_of(struct record *record, const struct wh_log_record *kept, const struct wh_touch *touch,
        struct wh_str id)
{
    struct wh_buf buf;
    struct wh_buf hidden;
    struct wh_touch_additions additions = {.id = id};
    wh_buf_init(&buf, &record->scratch);
    if (!wh_touch_splice_json(&buf, kept->value, &additions)) {
        wh_touch_json_encode(&buf, touch); /* protobuf */
    }
    make_one_line(&buf);
    wh_buf_init(&hidden, &record->scratch);
    return record->has_mask && wh_mask_record(&record->mask, wh_buf_str(&buf), &hidden) ? hidden
                                                                                        : buf;
}

static bool
save(struct record *record, const struct wh_log_record *kept, const struct wh_touch *touch,
     struct wh_str id)
{
    struct wh_buf line = line_of(record, kept, touch, id);
    if (line.len > WH_RECORD_SIZE_MAX) {
        record->too_large++;
    }
    wh_buf_push_char(&line, '\n');
    record->has_failed =
        wh_outflow_write(record->outflow, wh_buf_str(&line), &record->error) != WH_OK;
    record->saved++;
    record->first = touch->received < record->first ? touch->received : record->first;
    record->last = touch->received > record->last ? touch->received : record->last;
    return !record->has_failed;
}

/* A wh_sqlite_take_record_fn. */
static bool
take(void *self, const struct wh_log_record *kept)
{
    struct record *record = self;
    struct wh_touch touch;
    struct wh_decode_counts counts = {0};
    struct wh_rejection why;
    wh_arena_reset(&record->scratch);
    struct wh_decode_context context = {.form = kept->form,
                                        .default_id = wh_intake_default_id(&record->scratch, kept)};
    record->seen++;
    show_bar(record);
    if (!record->codec.decode_touch(record->codec.self, &record->scratch, kept->value, &context,
                                    &touch, &counts, &why)) {
        return true; /* the engine could not use it either */
    }
    bool is_inside = (record->from.is_offset || touch.received >= record->from.at) &&
                     (record->to.is_offset || touch.received < record->to.at);
    return !is_inside || save(record, kept, &touch, context.default_id);
}

static enum wh_err
read_folder(struct record *record, int64_t from, int64_t until, struct wh_error *error)
{
    struct wh_sqlite_reader_range range = {WH_TOPIC_TOUCHPOINTS, from, until};
    enum wh_err err = wh_sqlite_reader_count(&record->reader, &range, &record->total, error);
    return err == WH_OK ? wh_sqlite_reader_in_order(&record->reader, &range, take, record, error)
                        : err;
}

static enum wh_err
read_topic(struct record *record, int64_t from, int64_t until, struct wh_error *error)
{
    struct wh_kafka_past_range range = {
        .topic = WH_TOPIC_TOUCHPOINTS, .from = from, .until = until, .since = WH_TIME_MIN};
    enum wh_err err =
        wh_kafka_past_partitions(record->past, WH_TOPIC_TOUCHPOINTS, &range.count, error);
    err = err == WH_OK ? wh_kafka_past_count(record->past, &range, &record->total, error) : err;
    return err == WH_OK ? wh_kafka_past_read(record->past, &range, take, record, error) : err;
}

static enum wh_exit
read_all(struct record *record)
{
    struct wh_error error;
    int64_t from = record->from.is_offset ? record->from.offset : 0;
    int64_t until = record->to.is_offset ? record->to.offset : INT64_MAX;
    bool is_topic = record->past != NULL;
    enum wh_err err = is_topic ? read_topic(record, from, until, &error)
                               : read_folder(record, from, until, &error);
    if (record->has_bar) {
        (void)fprintf(stderr, "\r\033[K");
    }
    if (record->has_failed) {
        return wh_console_fail(WH_EXIT_OUTSIDE, "%s", record->error.message);
    }
    return err == WH_OK
               ? WH_EXIT_DONE
               : wh_console_fail(wh_console_exit(err), "%s%s",
                                 is_topic ? "" : "the folder cannot be read: ", error.message);
}

/* ---- the command ---- */

static struct wh_str
path_of(const struct wh_call *call)
{
    return call->args->operand_count > 0 ? call->args->operands[0] : WH_STR("-");
}

static void
tell(struct record *record, uint64_t size)
{
    struct wh_buf buf;
    int64_t took = wh_machine_now() - record->started;
    uint64_t rate = (uint64_t)((double)record->seen / ((double)took / 1e6 + 1e-6));
    wh_buf_init(&buf, record->call->arena);
    wh_buf_push(&buf, wh_columns_count(buf.arena, record->saved, "touch", "touches"));
    if (record->saved > 0) {
        wh_buf_push_text(&buf, " from ");
        wh_time_format(&buf, record->first);
        wh_buf_push_text(&buf, " to ");
        wh_time_format(&buf, record->last);
    }
    wh_buf_printf(&buf, ", %llu bytes, %llu read in a second", (unsigned long long)size,
                  (unsigned long long)rate);
    wh_console_message("%s", wh_buf_text(&buf));
    if (record->too_large > 0) {
        wh_console_message("%llu of them are now larger than a record may be, 64 KiB, and will be "
                           "rejected: keep some of what is hashed with --keep",
                           (unsigned long long)record->too_large);
    }
}

static enum wh_exit
save_all(struct record *record)
{
    struct wh_arena *arena = record->call->arena;
    uint64_t size = 0;
    const char *path = wh_arena_str(arena, path_of(record->call)).ptr;
    if (wh_outflow_open(path, &record->outflow, &record->error) != WH_OK) {
        return wh_console_fail(WH_EXIT_OUTSIDE, "%s", record->error.message);
    }
    enum wh_exit code = read_all(record);
    if (code == WH_EXIT_DONE &&
        wh_outflow_finish(record->outflow, &size, &record->error) != WH_OK) {
        code = wh_console_fail(WH_EXIT_OUTSIDE, "%s", record->error.message);
    }
    wh_outflow_close(&record->outflow);
    if (code == WH_EXIT_DONE) {
        tell(record, size);
    }
    return code;
}

static void
close_source(struct record *record)
{
    wh_model_destroy(&record->model);
    if (record->models != NULL) {
        wh_engine_models_close(record->models);
    }
    wh_kafka_past_close(&record->past);
    if (record->is_open) {
        wh_sqlite_reader_close(&record->reader);
    }
}

enum wh_exit
wh_command_record(const struct wh_call *call)
{
    struct record *record = WH_ARENA_NEW(call->arena, struct record);
    record->call = call;
    record->codec = wh_proto_codec();
    record->started = wh_machine_now();
    record->has_bar = isatty(STDERR_FILENO) == 1;
    record->first = WH_TIME_NEVER;
    record->last = WH_TIME_MIN;
    if (!wh_settings_load(call, &record->config)) {
        return WH_EXIT_USAGE;
    }
    record->clock = wh_machine_clock();
    wh_say_init(&record->say, &record->config, &record->clock);
    wh_arena_init(&record->scratch, 0);
    enum wh_exit code = open_source(record);
    code = code == WH_EXIT_DONE ? read_range(record) : code;
    code = code == WH_EXIT_DONE ? read_mask(record) : code;
    code = code == WH_EXIT_DONE ? save_all(record) : code;
    close_source(record);
    wh_say_fini(&record->say);
    wh_arena_fini(&record->scratch);
    return code;
}
