/* `waterhole replay`: recorded touchpoints through one model, two, or one with many values of a
 * constant. */
#include <unistd.h>

#include "connectors/psl/psl.h"
#include "engine/base/time.h"
#include "engine/commands/console.h"
#include "engine/commands/machine.h"
#include "engine/commands/replay_outcomes.h"
#include "engine/commands/replay_print.h"
#include "engine/commands/replay_read.h"
#include "engine/commands/replay_sweep.h"
#include "engine/commands/settings.h"
#include "engine/host/pool.h"
#include "engine/language/compile.h"
#include "proto/codec.h"
#include "proto/limits.h"

/* Models played one beside the other: the present one and the values of a sweep. */
#define VARIANTS_MAX (WH_SWEEP_VALUES_MAX + 1)

/* A heap under a variant; what it found out about leads is in the variant's rows. */
struct task {
    struct wh_play_counts counts[WH_REPLAY_SIDES_MAX];
    uint64_t events[WH_REPLAY_SIDES_MAX][WH_EVENT_KIND_COUNT];
    bool has_failed;
    struct wh_error error;
};

struct replay {
    const struct wh_call *call;
    struct wh_config config;
    struct wh_str paths[WH_REPLAY_SIDES_MAX];
    struct wh_codec codec;
    struct wh_domain domain;
    uint8_t secret[WH_HASH_KEY_SIZE];
    struct wh_model *models[VARIANTS_MAX + 1]; /* of a comparison two, else one for each variant */
    size_t model_count;
    struct wh_replay_env envs[VARIANTS_MAX];
    struct wh_replay_rows *rows[VARIANTS_MAX];
    size_t variant_count;
    bool is_sweep;
    struct wh_sweep sweep;
    struct wh_replay_input input;
    struct task *tasks; /* [variant][heap] */
    size_t task_count;
    int64_t started; /* µs, of the machine's clock */
    bool has_bar;
};

/* ---- models ---- */

static enum wh_exit
compile(struct replay *replay, struct wh_str path, const struct wh_tree *constants)
{
    struct wh_problems problems;
    struct wh_compile_options options = {.constants = constants};
    wh_problems_init(&problems, replay->call->arena);
    enum wh_err err = wh_compile(path, &options, &problems, &replay->models[replay->model_count++]);
    if (err != WH_OK) {
        wh_console_problems(&problems);
    }
    return wh_console_exit(err);
}

/* A mapping with the one constant, as if it stood in a file. */
static const struct wh_tree *
constant(struct replay *replay, struct wh_str value)
{
    struct wh_arena *arena = replay->call->arena;
    struct wh_problems problems;
    struct wh_buf buf;
    wh_problems_init(&problems, arena);
    wh_buf_init(&buf, arena);
    wh_buf_printf(&buf, "%.*s: %.*s\n", WH_STR_ARG(replay->sweep.constant), WH_STR_ARG(value));
    struct wh_source *source = wh_source_from_text(arena, WH_STR("--sweep"), wh_buf_str(&buf), 0);
    return wh_tree_parse(arena, source, &problems);
}

static enum wh_exit
compile_all(struct replay *replay)
{
    enum wh_exit code = compile(replay, replay->paths[0], NULL);
    if (code == WH_EXIT_DONE && replay->paths[1].len > 0) {
        code = compile(replay, replay->paths[1], NULL);
    }
    for (size_t i = 0; replay->is_sweep && code == WH_EXIT_DONE && i < replay->sweep.count; i++) {
        code = compile(replay, replay->paths[0], constant(replay, replay->sweep.values[i]));
    }
    return code;
}

static void
make_envs(struct replay *replay)
{
    bool is_pair = replay->paths[1].len > 0;
    replay->variant_count = is_pair ? 1 : replay->model_count;
    for (size_t i = 0; i < replay->variant_count; i++) {
        replay->envs[i] = (struct wh_replay_env){
            .rulesets = {&replay->models[i]->ruleset, is_pair ? &replay->models[1]->ruleset : NULL},
            .side_count = is_pair ? 2 : 1,
            .secret = replay->secret,
            .codec = &replay->codec,
            .domain = &replay->domain,
            .machine_now = replay->started,
            .record_max = WH_RECORD_SIZE_MAX,
        };
    }
}

/* ---- playing ---- */

static void
add_outcomes(struct replay *replay, struct wh_replay *played, size_t heap)
{
    struct wh_replay_input *input = &replay->input;
    for (size_t i = 0; i < input->outcome_count; i++) {
        if (input->outcome_heaps[i] == heap) {
            wh_replay_outcome(played, &input->outcomes[i]);
        }
    }
}

static enum wh_err
play_heap(struct task *task, struct wh_replay *played, const struct wh_spill *heap)
{
    struct wh_arena scratch;
    struct wh_spill_reader reader;
    struct wh_str bytes;
    wh_arena_init(&scratch, 0);
    wh_spill_read(heap, &scratch, &reader);
    enum wh_err err = wh_spill_next(&reader, &bytes, &task->error);
    while (err == WH_OK) {
        struct wh_heap_head head;
        memcpy(&head, bytes.ptr, sizeof(head));
        struct wh_str record = {bytes.ptr + sizeof(head), bytes.len - sizeof(head)};
        wh_replay_record(played, record, head.number, head.clocks);
        err = wh_spill_next(&reader, &bytes, &task->error);
    }
    wh_arena_fini(&scratch);
    return err;
}

static void
run_task(void *self, size_t number)
{
    struct replay *replay = self;
    struct task *task = &replay->tasks[number];
    size_t heap = number % replay->input.heap_count;
    size_t variant = number / replay->input.heap_count;
    struct wh_replay played;
    struct wh_arena arena;
    wh_arena_init(&arena, 0);
    wh_replay_begin(&played, &replay->envs[variant], &arena);
    add_outcomes(replay, &played, heap);
    task->has_failed = play_heap(task, &played, replay->input.heaps[heap]) != WH_ERR_NOT_FOUND;
    wh_replay_finish(&played, replay->input.clocks);
    if (!task->has_failed) {
        task->has_failed = wh_replay_rows_add(replay->rows[variant], heap, &played,
                                              &replay->envs[variant], &task->error) != WH_OK;
    }
    for (uint32_t i = 0; i < played.side_count; i++) {
        task->counts[i] = played.sides[i].play.counts;
        memcpy(task->events[i], played.events[i], sizeof(played.events[i]));
    }
    wh_replay_end(&played);
    wh_arena_fini(&arena);
}

static void
show_bar(void *self, size_t done)
{
    struct replay *replay = self;
    double seconds = (double)(wh_machine_now() - replay->started) / 1e6;
    double part = (double)done / (double)replay->task_count;
    double rate = part * (double)(replay->input.records * replay->variant_count) / (seconds + 1e-6);
    if (replay->has_bar && done > 0) {
        (void)fprintf(stderr, "\rreplay: %3.0f %%, %.0f records/s, %.0f s left   ", 100 * part,
                      rate, seconds * (1 - part) / part);
    }
}

static enum wh_exit
play_all(struct replay *replay)
{
    replay->task_count = replay->variant_count * replay->input.heap_count;
    replay->tasks = WH_ARENA_ARRAY(replay->call->arena, struct task, replay->task_count);
    for (size_t i = 0; i < replay->variant_count; i++) {
        replay->rows[i] = wh_replay_rows_open(replay->input.heap_count);
    }
    replay->started = wh_machine_now();
    replay->has_bar = isatty(STDERR_FILENO) == 1;
    wh_pool_run(wh_pool_cores(), replay->task_count, run_task, show_bar, replay);
    if (replay->has_bar) {
        (void)fprintf(stderr, "\r\033[K");
    }
    for (size_t i = 0; i < replay->task_count; i++) {
        if (replay->tasks[i].has_failed) {
            return wh_console_fail(WH_EXIT_OUTSIDE, "%s", replay->tasks[i].error.message);
        }
    }
    return WH_EXIT_DONE;
}

/* ---- results ---- */

static enum wh_exit
failed(const struct wh_error *error)
{
    return wh_console_fail(WH_EXIT_OUTSIDE, "%s", error->message);
}

static void
begin_result(struct replay *replay, size_t variant, struct wh_replay_result *result)
{
    size_t heaps = replay->input.heap_count;
    wh_replay_result_begin(result, replay->call->arena, replay->envs[variant].side_count);
    for (size_t i = 0; i < heaps; i++) {
        const struct task *task = &replay->tasks[variant * heaps + i];
        for (uint32_t side = 0; side < result->side_count; side++) {
            wh_replay_result_count(result, side, &task->counts[side], task->events[side]);
        }
    }
}

enum form { FORM_TEXT, FORM_CSV, FORM_JSON };

static enum form
form_of(const struct wh_args *args)
{
    if (wh_args_has(args, "--csv")) {
        return FORM_CSV;
    }
    return wh_args_has(args, "--json") ? FORM_JSON : FORM_TEXT;
}

static void
print_row(enum form form, const struct wh_replay_style *style, uint32_t side_count,
          const struct wh_replay_row *row, struct wh_arena *scratch)
{
    struct wh_buf buf;
    wh_buf_init(&buf, scratch);
    if (form == FORM_CSV) {
        wh_replay_csv_row(&buf, style, side_count, row);
    } else if (form == FORM_JSON) {
        wh_replay_json_row(&buf, style, side_count, row);
    }
    wh_console_result(wh_buf_str(&buf));
    wh_arena_reset(scratch);
}

/* Rows are printed while they pass by. */
static enum wh_exit
print_rows(struct replay *replay, const struct wh_replay_style *style,
           struct wh_replay_result *result)
{
    enum form form = form_of(replay->call->args);
    struct wh_replay_rows_reader *reader = wh_replay_rows_read(replay->rows[0]);
    struct wh_replay_row row;
    struct wh_arena scratch;
    struct wh_error error;
    wh_arena_init(&scratch, 0);
    enum wh_err err = wh_replay_rows_next(reader, &row, &error);
    while (err == WH_OK) {
        wh_replay_result_add(result, &row, style->has_outcomes);
        print_row(form, style, result->side_count, &row, &scratch);
        err = wh_replay_rows_next(reader, &row, &error);
    }
    wh_arena_fini(&scratch);
    wh_replay_rows_end(&reader);
    wh_replay_result_finish(result);
    return err == WH_ERR_NOT_FOUND ? WH_EXIT_DONE : failed(&error);
}

static enum wh_exit
print_result(struct replay *replay)
{
    enum form form = form_of(replay->call->args);
    struct wh_replay_result result;
    struct wh_buf buf;
    struct wh_replay_style style = {
        .names = {replay->paths[0], replay->paths[1]},
        .has_colour = wh_console_has_colour(stdout, replay->call->environment),
        .has_outcomes = replay->input.has_outcomes,
        .records = replay->input.records,
        .first = replay->input.first,
        .last = replay->input.last,
    };
    for (uint32_t i = 0; i < replay->envs[0].side_count; i++) {
        style.rulesets[i] = replay->envs[0].rulesets[i];
    }
    begin_result(replay, 0, &result);
    wh_buf_init(&buf, replay->call->arena);
    if (form == FORM_CSV) {
        wh_replay_csv_heading(&buf, &style, result.side_count);
        wh_console_result(wh_buf_str(&buf));
        return print_rows(replay, &style, &result);
    }
    enum wh_exit code = print_rows(replay, &style, &result);
    if (form == FORM_JSON) {
        wh_replay_json_summary(&buf, &style, &result);
    } else {
        wh_replay_text(&buf, &style, &result);
    }
    wh_console_result(code == WH_EXIT_DONE ? wh_buf_str(&buf) : WH_STR(""));
    return code;
}

/* The row of the same lead under the model as it is, when there is one; both readers go up. */
static enum wh_err
find_own(struct wh_replay_rows_reader *reader, struct wh_str key, struct wh_replay_row *own,
         enum wh_err err, struct wh_error *error)
{
    while (err == WH_OK && wh_str_compare(own->lead.key, key) < 0) {
        err = wh_replay_rows_next(reader, own, error);
    }
    return err;
}

/* A value of the sweep, and how much earlier leads ripen than under the model as it is. */
static enum wh_exit
measure_variant(struct replay *replay, size_t variant, struct wh_replay_result *result)
{
    struct wh_replay_rows_reader *reader = wh_replay_rows_read(replay->rows[variant]);
    struct wh_replay_rows_reader *own_reader = wh_replay_rows_read(replay->rows[0]);
    struct wh_replay_row row;
    struct wh_replay_row own;
    struct wh_error error;
    begin_result(replay, variant, result);
    enum wh_err own_err = wh_replay_rows_next(own_reader, &own, &error);
    enum wh_err err = wh_replay_rows_next(reader, &row, &error);
    while (err == WH_OK && own_err != WH_ERR_OUTSIDE) {
        wh_replay_result_add(result, &row, replay->input.has_outcomes);
        own_err = find_own(own_reader, row.lead.key, &own, own_err, &error);
        if (own_err == WH_OK && wh_str_equal(own.lead.key, row.lead.key)) {
            wh_replay_result_compare(result, &row, &own);
        }
        err = wh_replay_rows_next(reader, &row, &error);
    }
    wh_replay_rows_end(&reader);
    wh_replay_rows_end(&own_reader);
    wh_replay_result_finish(result);
    return err == WH_ERR_NOT_FOUND ? WH_EXIT_DONE : failed(&error);
}

static enum wh_exit
print_sweep(struct replay *replay)
{
    static const enum wh_sweep_form forms[] = {
        [FORM_TEXT] = WH_SWEEP_TEXT, [FORM_CSV] = WH_SWEEP_CSV, [FORM_JSON] = WH_SWEEP_JSON};
    struct wh_buf buf;
    struct wh_sweep_row *rows =
        WH_ARENA_ARRAY(replay->call->arena, struct wh_sweep_row, replay->variant_count);
    enum wh_exit code = WH_EXIT_DONE;
    for (size_t i = 0; i < replay->variant_count && code == WH_EXIT_DONE; i++) {
        struct wh_replay_result result;
        code = measure_variant(replay, i, &result);
        rows[i] = (struct wh_sweep_row){
            .value = i == 0 ? WH_STR("as it is") : replay->sweep.values[i - 1],
            .is_own = i == 0,
            .measure = result.measures[0],
            .shift = result.shift,
        };
    }
    if (code == WH_EXIT_DONE) {
        wh_buf_init(&buf, replay->call->arena);
        wh_sweep_print(&buf, forms[form_of(replay->call->args)], replay->sweep.constant, rows,
                       replay->variant_count, replay->input.has_outcomes);
        wh_console_result(wh_buf_str(&buf));
    }
    return code;
}

/* ---- the command ---- */

static enum wh_exit
check_use(struct replay *replay)
{
    const struct wh_args *args = replay->call->args;
    struct wh_error error;
    replay->paths[0] = wh_config_text(&replay->config, WH_OPTION_MODEL);
    replay->paths[1] = wh_args_text(args, "--against");
    replay->is_sweep = wh_args_has(args, "--sweep");
    if (replay->paths[0].len == 0) {
        return wh_console_fail(WH_EXIT_USAGE,
                               "no model: name its file or folder with --model PATH, or \"model\" "
                               "in the configuration");
    }
    if (replay->is_sweep && replay->paths[1].len > 0) {
        return wh_console_fail(WH_EXIT_USAGE,
                               "\"--sweep\" varies one model; it does not go with \"--against\"");
    }
    if (wh_args_has(args, "--csv") && wh_args_has(args, "--json")) {
        return wh_console_fail(WH_EXIT_USAGE, "\"--csv\" or \"--json\", not both");
    }
    if (replay->is_sweep && wh_sweep_parse(replay->call->arena, wh_args_text(args, "--sweep"),
                                           &replay->sweep, &error) != WH_OK) {
        return wh_console_fail(WH_EXIT_USAGE, "%s", error.message);
    }
    return WH_EXIT_DONE;
}

static enum wh_exit
read_input(struct replay *replay)
{
    const struct wh_args *args = replay->call->args;
    struct wh_str outcomes = wh_args_text(args, "--outcomes");
    replay->input.arena = replay->call->arena;
    replay->input.env = &replay->envs[0];
    enum wh_exit code = wh_replay_read(&replay->input, args->operands, args->operand_count);
    if (code == WH_EXIT_DONE && outcomes.len > 0) {
        code = wh_replay_outcomes(&replay->input, outcomes, replay->envs[0].rulesets[0]->zone);
    }
    for (size_t i = 0; i < replay->variant_count; i++) {
        replay->envs[i].wants_outcomes = replay->input.has_outcomes;
    }
    return code == WH_EXIT_DONE ? wh_replay_divide(&replay->input, wh_pool_cores()) : code;
}

static void
fini(struct replay *replay)
{
    for (size_t i = 0; i < replay->variant_count; i++) {
        wh_replay_rows_close(&replay->rows[i]);
    }
    wh_replay_input_fini(&replay->input);
    for (size_t i = 0; i < replay->model_count; i++) {
        wh_model_destroy(&replay->models[i]);
    }
}

enum wh_exit
wh_command_replay(const struct wh_call *call)
{
    struct replay *replay = WH_ARENA_NEW(call->arena, struct replay);
    replay->call = call;
    replay->codec = wh_proto_codec();
    replay->domain = wh_psl_domain();
    replay->started = wh_machine_now();
    if (!wh_settings_load(call, &replay->config)) {
        return WH_EXIT_USAGE;
    }
    wh_config_secret(&replay->config, replay->secret);
    enum wh_exit code = check_use(replay);
    code = code == WH_EXIT_DONE ? compile_all(replay) : code;
    if (code == WH_EXIT_DONE) {
        make_envs(replay);
        code = read_input(replay);
    }
    code = code == WH_EXIT_DONE ? play_all(replay) : code;
    if (code == WH_EXIT_DONE) {
        code = replay->is_sweep ? print_sweep(replay) : print_result(replay);
    }
    fini(replay);
    return code;
}
