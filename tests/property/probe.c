/* Plays a world file through the engine and prints what it finds: the format is in README.md
 * beside this file.
 *     probe WORLD [--cut N]
 * On the way it holds the engine to laws that need no oracle: the kept values equal those worked
 * out again from the history (law 4), the entries of each score add up to it (law 7), and a state
 * that was written down and read back goes on as if nothing had happened (with --cut N after
 * every N-th message, law 3). */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yyjson.h>

#include "connectors/psl/psl.h"
#include "engine/lab/world.h"
#include "engine/language/compile.h"
#include "engine/language/problem.h"
#include "engine/score/explain.h"
#include "engine/score/fits.h"
#include "engine/score/recompute.h"
#include "engine/score/step.h"
#include "proto/codec.h"
#include "tests/property/probe_print.h"

#define LINES_MAX 100000

struct probe {
    struct wh_arena arena;
    struct wh_model *model;
    struct wh_world world;
    struct wh_codec codec;
    struct wh_domain domain;
    yyjson_doc *lines[LINES_MAX];
    size_t line_count;
    struct probe_values values;
    int64_t cut; /* 0: never */
    int64_t look;
};

static void
stop(const char *what, const char *detail)
{
    (void)fprintf(stderr, "probe: %s %s\n", what, detail);
    exit(1); /* NOLINT(concurrency-mt-unsafe): one thread */
}

static void
read_lines(struct probe *probe, const char *path)
{
    char *line = NULL;
    size_t capacity = 0;
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        stop("cannot open", path);
    }
    while (getline(&line, &capacity, file) > 0 && probe->line_count < LINES_MAX) {
        yyjson_doc *doc = yyjson_read(line, strlen(line), 0);
        if (doc == NULL) {
            stop("not JSON:", line);
        }
        probe->lines[probe->line_count++] = doc;
    }
    free(line);
    (void)fclose(file);
}

static void
compile(struct probe *probe)
{
    struct wh_problems problems;
    const char *text = yyjson_get_str(yyjson_obj_get(probe->lines[0]->root, "model"));
    struct wh_source *source =
        wh_source_from_text(&probe->arena, WH_STR("model.yaml"), wh_str_of(text), 0);
    struct wh_source_list list = {&source, 1};
    struct wh_compile_options options = {.sources = &list};
    wh_problems_init(&problems, &probe->arena);
    if (wh_compile(source->name, &options, &problems, &probe->model) != WH_OK) {
        struct wh_buf buf;
        wh_buf_init(&buf, &probe->arena);
        wh_problems_print(&problems, WH_PROBLEM_FORMAT_TEXT, &buf);
        stop("the model has errors:\n", wh_buf_text(&buf));
    }
}

static void
compile_value(struct probe *probe, struct wh_str name)
{
    struct wh_problems problems;
    struct wh_location nowhere = {0};
    wh_problems_init(&problems, &probe->arena);
    if (probe_values_find(&probe->values, name) != NULL) {
        return;
    }
    struct wh_program *program = probe_values_add(&probe->values, name);
    if (wh_compile_expression(probe->model, &problems, name, &nowhere, program) != WH_OK) {
        stop("cannot compile", name.ptr);
    }
}

/* Expressions that looks ask for are compiled before the first fold is made. */
static void
compile_values(struct probe *probe)
{
    for (size_t i = 1; i < probe->line_count; i++) {
        yyjson_val *text;
        yyjson_arr_iter each;
        yyjson_arr_iter_init(yyjson_obj_get(probe->lines[i]->root, "values"), &each);
        while ((text = yyjson_arr_iter_next(&each)) != NULL) {
            compile_value(probe, wh_str_of(yyjson_get_str(text)));
        }
    }
}

static void
on_event(void *self, const struct wh_lead *lead, const struct wh_event *event)
{
    struct probe *probe = self;
    (void)lead;
    probe_print_event(&probe->world.scratch, lead, event);
}

static void
hold_sums(const struct wh_snapshot *snapshot)
{
    for (size_t i = 0; i < snapshot->score_count; i++) {
        const struct wh_score_story *story = &snapshot->scores[i];
        int64_t sum = 0;
        for (size_t k = 0; k < story->entry_count; k++) {
            sum += story->entries[k].points;
        }
        if (sum != story->value) {
            stop("the entries do not add up to the score", story->name.ptr);
        }
    }
}

/* Laws 4 and 7 for one lead. */
static void
hold_laws(struct probe *probe, struct wh_lead *lead)
{
    const struct wh_ruleset *ruleset = &probe->model->ruleset;
    struct wh_arena arena;
    struct wh_state copy;
    struct wh_view view;
    wh_arena_init(&arena, 0);
    wh_state_copy(&copy, &arena, &lead->entity.state);
    wh_recompute(ruleset, &copy, lead->entity.state.now, &arena);
    if (!wh_fold_equal(&copy.live, &lead->entity.state.live)) {
        stop("kept values differ from those worked out again:", lead->entity.state.key.ptr);
    }
    wh_view_init(&view, ruleset, &copy, &copy.live, &arena);
    view.now = probe->world.now;
    hold_sums(wh_explain_snapshot(&view, &arena));
    wh_arena_fini(&arena);
}

/* The state leaves for its bytes and comes back, as it does between two machines. */
static void
write_and_read(struct probe *probe, struct wh_lead *lead)
{
    struct wh_arena *old = &lead->arenas[lead->current];
    struct wh_arena *fresh = &lead->arenas[1 - lead->current];
    struct wh_str hash = wh_str_of(probe->model->ruleset.hash_hex);
    struct wh_str read_hash;
    struct wh_buf bytes;
    struct wh_entity back;
    struct wh_error error;
    wh_buf_init(&bytes, &probe->world.scratch);
    probe->codec.encode_entity(probe->codec.self, &bytes, hash, &lead->entity);
    if (probe->codec.decode_entity(probe->codec.self, wh_buf_str(&bytes), fresh, &read_hash, &back,
                                   &error) != WH_OK) {
        stop("a state cannot be read back:", error.message);
    }
    if (!wh_entity_fits(&probe->model->ruleset, &back)) {
        stop("a state does not fit its own model:", lead->entity.state.key.ptr);
    }
    if (!wh_fold_equal(&back.state.live, &lead->entity.state.live)) {
        stop("a state came back as another:", lead->entity.state.key.ptr);
    }
    wh_arena_fini(old);
    wh_arena_init(old, 0);
    lead->entity = back;
    lead->current = 1 - lead->current;
    lead->live_size = fresh->used;
}

static void
arrive(struct probe *probe, yyjson_val *message, int64_t now)
{
    struct wh_arena arena;
    struct wh_touch touch;
    struct wh_rejection why;
    struct wh_decode_counts counts = {0};
    struct wh_decode_context context = {.form = WH_FORM_JSON, .default_id = WH_STR("none")};
    struct wh_buf key;
    size_t len = 0;
    wh_arena_init(&arena, 0);
    char *json = yyjson_val_write(yyjson_obj_get(message, "touch"), 0, &len);
    if (!probe->codec.decode_touch(probe->codec.self, &arena, (struct wh_str){json, len}, &context,
                                   &touch, &counts, &why)) {
        stop("a touch is rejected:", json);
    }
    for (size_t i = 0; i < touch.key_count && touch.email_company.len == 0; i++) {
        if (touch.keys[i].kind == WH_KEY_EMAIL) {
            touch.email_company = wh_domain_of_email(&probe->domain, &arena, touch.keys[i].value);
            break;
        }
    }
    wh_buf_init(&key, &arena);
    wh_buf_push_text(&key, "user:");
    wh_buf_push_text(&key, yyjson_get_str(yyjson_obj_get(message, "lead")));
    (void)wh_world_touch(&probe->world, wh_buf_str(&key), &touch, now);
    free(json);
    wh_arena_fini(&arena);
}

static void
look(struct probe *probe, yyjson_val *message, int64_t now)
{
    wh_world_advance(&probe->world, now);
    struct wh_arena arena;
    size_t printed = 0;
    wh_arena_init(&arena, 0);
    (void)printf("{\"look\":%lld,\"now\":%lld,\"leads\":{", (long long)probe->look++,
                 (long long)now);
    for (size_t i = 0; i < probe->world.lead_count; i++) {
        struct wh_lead *lead = probe->world.leads[i];
        struct wh_view view;
        if (!wh_entity_is_somebody(&lead->entity)) {
            continue;
        }
        hold_laws(probe, lead);
        wh_view_init(&view, &probe->model->ruleset, &lead->entity.state, &lead->entity.state.live,
                     &arena);
        view.now = now;
        (void)printf("%s", printed++ > 0 ? "," : "");
        probe_print_lead(probe->model, &view, &probe->values, yyjson_obj_get(message, "values"));
    }
    (void)printf("}}\n");
    wh_arena_fini(&arena);
}

static void
play(struct probe *probe)
{
    for (size_t i = 1; i < probe->line_count; i++) {
        yyjson_val *message = probe->lines[i]->root;
        int64_t now = yyjson_get_sint(yyjson_obj_get(message, "now"));
        if (yyjson_obj_get(message, "touch") != NULL) {
            arrive(probe, message, now);
        } else {
            look(probe, message, now);
        }
        for (size_t k = 0;
             probe->cut > 0 && (int64_t)i % probe->cut == 0 && k < probe->world.lead_count; k++) {
            write_and_read(probe, probe->world.leads[k]);
        }
        wh_arena_reset(&probe->world.scratch);
    }
}

int
main(int argc, char **argv)
{
    static const uint8_t secret[WH_HASH_KEY_SIZE];
    static struct probe probe;
    if (argc != 2 && !(argc == 4 && strcmp(argv[2], "--cut") == 0)) {
        stop("usage:", "probe WORLD [--cut N]");
    }
    probe.cut = argc == 4 ? strtoll(argv[3], NULL, 10) : 0;
    probe.codec = wh_proto_codec();
    probe.domain = wh_psl_domain();
    wh_arena_init(&probe.arena, 0);
    probe.values.arena = &probe.arena;
    read_lines(&probe, argv[1]);
    compile(&probe);
    compile_values(&probe);
    wh_world_init(&probe.world, &probe.model->ruleset, secret);
    probe.world.on_event = on_event;
    probe.world.self = &probe;
    play(&probe);
    wh_world_fini(&probe.world);
    wh_model_destroy(&probe.model);
    for (size_t i = 0; i < probe.line_count; i++) {
        yyjson_doc_free(probe.lines[i]);
    }
    wh_arena_fini(&probe.arena);
    return 0;
}
