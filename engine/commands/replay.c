/* `waterhole replay`: recorded touchpoints through one model, two, or one with many values of a
 * constant. */
#include <unistd.h>

#include "connectors/psl/psl.h"
#include "engine/base/time.h"
#include "engine/commands/console.h"
#include "engine/commands/machine.h"
#include "engine/commands/replay_outcomes.h"
#include "engine/commands/replay_play.h"
#include "engine/commands/replay_print.h"
#include "engine/commands/replay_sweep.h"
#include "engine/commands/settings.h"
#include "engine/host/pool.h"
#include "engine/language/compile.h"
#include "proto/codec.h"
#include "proto/limits.h"

/* Models played one beside the other: the present one and the values of a sweep. */
#define VARIANTS_MAX (WH_SWEEP_VALUES_MAX + 1)

struct replay {
    const struct wh_call *call;
    struct wh_config config;
    struct wh_str paths[WH_REPLAY_SIDES_MAX];
    struct wh_codec codec;
    struct wh_domain domain;
    uint8_t secret[WH_HASH_KEY_SIZE];
    struct wh_model *models[VARIANTS_MAX + 1]; /* of a comparison two, else one for each variant */
    size_t model_count;
    struct wh_replay_variant variants[VARIANTS_MAX];
    size_t variant_count;
    bool is_sweep;
    struct wh_sweep sweep;
    struct wh_replay_input input;
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
make_variants(struct replay *replay)
{
    int64_t now = wh_machine_now();
    bool is_pair = replay->paths[1].len > 0;
    replay->variant_count = is_pair ? 1 : replay->model_count;
    for (size_t i = 0; i < replay->variant_count; i++) {
        replay->variants[i].env = (struct wh_replay_env){
            .rulesets = {&replay->models[i]->ruleset, is_pair ? &replay->models[1]->ruleset : NULL},
            .side_count = is_pair ? 2 : 1,
            .secret = replay->secret,
            .codec = &replay->codec,
            .domain = &replay->domain,
            .machine_now = now,
            .record_max = WH_RECORD_SIZE_MAX,
        };
    }
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
    const struct wh_replay_variant *played = &replay->variants[variant];
    wh_replay_result_begin(result, replay->call->arena, played->env.side_count);
    for (uint32_t side = 0; side < result->side_count; side++) {
        wh_replay_result_count(result, side, &played->tallies[side].counts,
                               played->tallies[side].events);
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
    struct wh_replay_rows_reader *reader = wh_replay_rows_read(replay->variants[0].rows);
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

static struct wh_replay_style
style_of(const struct replay *replay)
{
    const struct wh_replay_env *env = &replay->variants[0].env;
    struct wh_replay_style style = {
        .names = {replay->paths[0], replay->paths[1]},
        .has_colour = wh_console_has_colour(stdout, replay->call->environment),
        .has_outcomes = replay->input.has_outcomes,
        .records = replay->input.records,
        .first = replay->input.first,
        .last = replay->input.last,
    };
    for (uint32_t i = 0; i < env->side_count; i++) {
        style.rulesets[i] = env->rulesets[i];
        style.has_companies = style.has_companies || env->rulesets[i]->telling != NULL;
    }
    return style;
}

static enum wh_exit
print_result(struct replay *replay)
{
    enum form form = form_of(replay->call->args);
    struct wh_replay_style style = style_of(replay);
    struct wh_replay_result result;
    struct wh_buf buf;
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

/* The row of the same one under the model as it is, when there is one; both readers go up. */
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
    struct wh_replay_rows_reader *reader = wh_replay_rows_read(replay->variants[variant].rows);
    struct wh_replay_rows_reader *own_reader = wh_replay_rows_read(replay->variants[0].rows);
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
    struct wh_replay_style style = style_of(replay);
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
                       replay->variant_count, &style);
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
    replay->input.env = &replay->variants[0].env;
    enum wh_exit code = wh_replay_read(&replay->input, args->operands, args->operand_count);
    if (code == WH_EXIT_DONE && outcomes.len > 0) {
        code =
            wh_replay_outcomes(&replay->input, outcomes, replay->variants[0].env.rulesets[0]->zone);
    }
    for (size_t i = 0; i < replay->variant_count; i++) {
        replay->variants[i].env.wants_outcomes = replay->input.has_outcomes;
    }
    return code == WH_EXIT_DONE ? wh_replay_divide(&replay->input, wh_pool_cores()) : code;
}

static void
fini(struct replay *replay)
{
    for (size_t i = 0; i < replay->variant_count; i++) {
        wh_replay_variant_fini(&replay->variants[i]);
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
    if (!wh_settings_load(call, &replay->config)) {
        return WH_EXIT_USAGE;
    }
    wh_config_secret(&replay->config, replay->secret);
    enum wh_exit code = check_use(replay);
    code = code == WH_EXIT_DONE ? compile_all(replay) : code;
    if (code == WH_EXIT_DONE) {
        make_variants(replay);
        code = read_input(replay);
    }
    if (code == WH_EXIT_DONE) {
        code = wh_replay_play(&replay->input, replay->variants, replay->variant_count,
                              isatty(STDERR_FILENO) == 1);
    }
    if (code == WH_EXIT_DONE) {
        code = replay->is_sweep ? print_sweep(replay) : print_result(replay);
    }
    fini(replay);
    return code;
}
