/* Nurture tracks: who enters, who leaves, and the steps in between. */
#include "engine/language/build.h"
#include "engine/language/keys.h"
#include "engine/language/reader.h"
#include "engine/language/scope.h"

static const struct wh_section_key track_keys[] = {{"id", WH_GIVEN_ALWAYS},
                                                   {"enter", WH_GIVEN_ALWAYS},
                                                   {"exit", WH_GIVEN_OR_NOT},
                                                   {"steps", WH_GIVEN_ALWAYS}};
static const struct wh_section track_section = WH_SECTION("a track", track_keys);

static const struct wh_section_key step_keys[] = {
    {"id", WH_GIVEN_OR_NOT},   {"wait", WH_GIVEN_OR_NOT}, {"when", WH_GIVEN_OR_NOT},
    {"go", WH_GIVEN_OR_NOT},   {"send", WH_GIVEN_OR_NOT}, {"ask", WH_GIVEN_OR_NOT},
    {"note", WH_GIVEN_OR_NOT}, {"task", WH_GIVEN_OR_NOT}, {"end", WH_GIVEN_OR_NOT},
    {"in", WH_GIVEN_OR_NOT}};
static const struct wh_section step_section = WH_SECTION("a step", step_keys);

/* What a step does: one of these. */
struct word {
    const char *key;
    enum wh_track_step_kind kind;
    enum wh_action_kind action;
};
static const struct word words[] = {
    {"wait", WH_TRACK_STEP_WAIT, WH_ACTION_NOTE}, {"go", WH_TRACK_STEP_GO, WH_ACTION_NOTE},
    {"send", WH_TRACK_STEP_ACT, WH_ACTION_SEND},  {"ask", WH_TRACK_STEP_ACT, WH_ACTION_ASK},
    {"note", WH_TRACK_STEP_ACT, WH_ACTION_NOTE},  {"task", WH_TRACK_STEP_ACT, WH_ACTION_TASK},
    {"end", WH_TRACK_STEP_END, WH_ACTION_NOTE},
};
#define WORD_COUNT (sizeof(words) / sizeof(words[0]))

/* One track while it is read. */
struct reading {
    struct wh_compiler *compiler;
    struct wh_tree *const *items;
    struct wh_track_step *steps;
    size_t count;
    struct wh_local names; /* of steps; those without one are empty */
};

static void
read_wait(struct wh_compiler *compiler, const struct wh_tree *tree, struct wh_track_step *step)
{
    if (wh_scalar_duration(compiler->problems, tree, &step->wait) && step->wait == 0) {
        wh_problem_error(compiler->problems, &tree->location,
                         "expected a duration above 0s, found \"%.*s\"", WH_STR_ARG(tree->text));
    }
}

static void
read_end(struct wh_compiler *compiler, const struct wh_tree *tree)
{
    bool is_end = true;
    if (wh_scalar_bool(compiler->problems, tree, &is_end) && !is_end) {
        wh_problem_error(compiler->problems, &tree->location, "expected true, found \"false\"");
    }
}

/* lead.NAME, company.NAME, consent.PURPOSE. */
static bool
is_attribute(struct wh_str text)
{
    static const char *const owners[] = {"lead.", "company.", "consent."};
    for (size_t i = 0; i < sizeof(owners) / sizeof(owners[0]); i++) {
        struct wh_str owner = wh_str_of(owners[i]);
        if (text.len > owner.len && wh_str_equal(wh_str_slice(text, 0, owner.len), owner)) {
            return wh_name_is_valid(wh_str_slice(text, owner.len, text.len));
        }
    }
    return false;
}

static void
read_ask(struct wh_compiler *compiler, const struct wh_tree *tree, struct wh_track_step *step)
{
    struct wh_where where = wh_reader_state("a step", WH_OWNER_NONE, 0);
    struct wh_str text;
    where.is_watched = false;
    if (!wh_scalar_text(compiler->problems, tree, &text)) {
        return;
    }
    if (!is_attribute(text)) {
        wh_problem_error(compiler->problems, &tree->location,
                         "expected what to ask for, such as lead.role, found \"%.*s\"",
                         WH_STR_ARG(text));
        return;
    }
    struct wh_template_piece *piece = WH_ARENA_NEW(compiler->arena, struct wh_template_piece);
    piece->literal = text;
    step->text = (struct wh_template){piece, 1};
    step->known = wh_build(compiler, &where, tree, WH_EXPECT_ANY);
}

static void
read_in(struct wh_compiler *compiler, const struct wh_tree *tree, struct wh_track_step *step)
{
    struct wh_str name;
    if (!wh_scalar_text(compiler->problems, tree, &name)) {
        return;
    }
    struct wh_definition *found = wh_scope_find_kind(compiler, WH_NAME_SCHEDULE, name);
    if (found != NULL) {
        found->is_read = true;
        step->schedule = found->index;
        return;
    }
    struct wh_nearest nearest = wh_nearest_to(name);
    wh_scope_offer(compiler, &nearest);
    wh_scope_unknown(compiler, &tree->location, "schedule", &nearest);
}

static void
read_go(struct reading *reading, const struct wh_tree *tree, struct wh_track_step *step)
{
    struct wh_str name;
    if (wh_scalar_text(reading->compiler->problems, wh_tree_find(tree, "go"), &name)) {
        step->go = wh_local_find(&reading->names, name, &wh_tree_find(tree, "go")->location);
    }
    struct wh_where where = wh_reader_state("a step", WH_OWNER_NONE, 0);
    where.is_watched = false;
    step->when = wh_build(reading->compiler, &where, wh_tree_find(tree, "when"), WH_EXPECT_BOOL);
}

/* The one thing that a step does; NULL after a problem. */
static const struct word *
find_word(struct wh_compiler *compiler, const struct wh_tree *tree)
{
    const struct word *found = NULL;
    for (size_t i = 0; i < WORD_COUNT; i++) {
        if (wh_tree_find(tree, words[i].key) == NULL) {
            continue;
        }
        if (found != NULL &&
            wh_keys_exclude(compiler, tree, found->key, words[i].key, "a step does one thing")) {
            return NULL;
        }
        found = &words[i];
    }
    if (found == NULL) {
        wh_keys_missing(compiler, tree, &step_section,
                        "\"wait\", \"go\", \"send\", \"ask\", \"note\", \"task\" or \"end\"");
    }
    return found;
}

static void
read_action(struct reading *reading, const struct wh_tree *tree, const struct word *word,
            struct wh_track_step *step)
{
    const struct wh_tree *value = wh_tree_find(tree, word->key);
    const struct wh_tree *schedule = wh_tree_find(tree, "in");
    struct wh_where where = wh_reader_after("a step");
    step->action = word->action;
    if (word->action == WH_ACTION_ASK) {
        read_ask(reading->compiler, value, step);
    } else {
        wh_build_template(reading->compiler, &where, value, &step->text);
    }
    if (schedule != NULL) {
        read_in(reading->compiler, schedule, step);
    }
}

static void
read_step(struct reading *reading, size_t index)
{
    struct wh_compiler *compiler = reading->compiler;
    const struct wh_tree *tree = reading->items[index];
    struct wh_track_step *step = &reading->steps[index];
    step->schedule = -1;
    step->go = -1;
    if (!wh_keys_check(compiler, tree, &step_section)) {
        return;
    }
    const struct word *word = find_word(compiler, tree);
    if (word == NULL) {
        return;
    }
    const struct wh_tree_entry *schedule = wh_tree_find_entry(tree, "in");
    wh_keys_need(compiler, tree, "when", "go");
    if (schedule != NULL && word->kind != WH_TRACK_STEP_ACT) {
        wh_problem_error(compiler->problems, &schedule->key_location,
                         "\"in\" needs \"send\", \"ask\", \"note\" or \"task\"");
    }
    step->kind = word->kind;
    switch (word->kind) {
    case WH_TRACK_STEP_WAIT:
        read_wait(compiler, wh_tree_find(tree, "wait"), step);
        break;
    case WH_TRACK_STEP_GO:
        read_go(reading, tree, step);
        break;
    case WH_TRACK_STEP_ACT:
        read_action(reading, tree, word, step);
        break;
    case WH_TRACK_STEP_END:
        read_end(compiler, wh_tree_find(tree, "end"));
        break;
    }
}

/* Ids first: jumps go both ways. One without is known by its number. */
static void
name_step(struct reading *reading, size_t index)
{
    struct wh_compiler *compiler = reading->compiler;
    const struct wh_tree *tree = reading->items[index];
    const struct wh_tree *id = wh_tree_find(tree, "id");
    struct wh_str name = {NULL, 0};
    struct wh_buf number;
    wh_buf_init(&number, compiler->arena);
    wh_buf_push_int(&number, (int64_t)index + 1);
    bool has_name = id != NULL && wh_scalar_word(compiler->problems, id, &name);
    wh_local_define(&reading->names, has_name ? name : (struct wh_str){NULL, 0},
                    id != NULL ? &id->location : &tree->location);
    reading->steps[index].name = has_name ? name : wh_buf_str(&number);
}

/* The way from a step without any wait: where it comes back to itself it never ends. */
struct loop {
    struct reading *reading;
    uint8_t state[WH_TRACK_STEPS_MAX]; /* 0 new, 1 on the way, 2 done */
    size_t path[WH_TRACK_STEPS_MAX];
    size_t depth;
    bool is_found;
};

static void
tell_loop(struct loop *loop, size_t to)
{
    const struct reading *reading = loop->reading;
    struct wh_problems *problems = reading->compiler->problems;
    struct wh_buf text;
    size_t begin = 0;
    wh_buf_init(&text, problems->arena);
    while (loop->path[begin] != to) {
        begin++;
    }
    for (size_t i = begin; i < loop->depth; i++) {
        wh_buf_printf(&text, "%.*s → ", WH_STR_ARG(reading->steps[loop->path[i]].name));
    }
    const struct wh_tree *last = reading->items[loop->path[loop->depth - 1]];
    const struct wh_tree *go = wh_tree_find(last, "go");
    wh_problem_error(problems, go != NULL ? &go->location : &last->location,
                     "the track loops without a wait: %.*s%.*s", WH_STR_ARG(wh_buf_str(&text)),
                     WH_STR_ARG(reading->steps[to].name));
    loop->is_found = true;
}

/* Depth at most one for each step. */
static void
follow(struct loop *loop, int64_t index)
{
    if (index < 0 || (size_t)index >= loop->reading->count || loop->is_found ||
        loop->state[index] == 2) {
        return;
    }
    if (loop->state[index] == 1) {
        tell_loop(loop, (size_t)index);
        return;
    }
    const struct wh_track_step *step = &loop->reading->steps[index];
    loop->state[index] = 1;
    loop->path[loop->depth++] = (size_t)index;
    if (step->kind == WH_TRACK_STEP_GO) {
        follow(loop, step->go);
    }
    if (step->kind == WH_TRACK_STEP_ACT ||
        (step->kind == WH_TRACK_STEP_GO &&
         wh_tree_find(loop->reading->items[index], "when") != NULL)) {
        follow(loop, index + 1);
    }
    loop->depth--;
    loop->state[index] = 2;
}

static void
read_steps(struct wh_compiler *compiler, const struct wh_tree *tree, struct wh_track *track)
{
    struct reading reading = {.compiler = compiler};
    const struct wh_tree_entry *entry = wh_tree_find_entry(tree, "steps");
    reading.count = wh_keys_items(compiler, entry == NULL ? NULL : entry->value, &reading.items);
    wh_keys_bound_at(compiler, tree, "steps", reading.count, WH_TRACK_STEPS_MAX, "a track");
    if (reading.count > WH_TRACK_STEPS_MAX) {
        return;
    }
    reading.steps = WH_ARENA_ARRAY(compiler->arena, struct wh_track_step, reading.count);
    wh_local_init(&reading.names, compiler, "step");
    for (size_t i = 0; i < reading.count; i++) {
        name_step(&reading, i);
    }
    for (size_t i = 0; i < reading.count; i++) {
        read_step(&reading, i);
    }
    struct loop loop = {.reading = &reading};
    for (size_t i = 0; i < reading.count; i++) {
        follow(&loop, (int64_t)i);
    }
    track->steps = reading.steps;
    track->step_count = reading.count;
}

void
wh_reader_nurture(struct wh_compiler *compiler)
{
    const struct wh_tree *section = wh_tree_find(compiler->root, "nurture");
    for (size_t i = 0; i < compiler->ruleset->track_count; i++) {
        const struct wh_tree *tree = section->items[i];
        struct wh_track *track = &compiler->ruleset->tracks[i];
        struct wh_where where = wh_reader_state("a track", WH_OWNER_NONE, 0);
        if (!wh_keys_check(compiler, tree, &track_section)) {
            continue;
        }
        track->enter = wh_build(compiler, &where, wh_tree_find(tree, "enter"), WH_EXPECT_BOOL);
        track->exit = wh_build(compiler, &where, wh_tree_find(tree, "exit"), WH_EXPECT_BOOL);
        read_steps(compiler, tree, track);
    }
}

int32_t
wh_reader_track(struct wh_compiler *compiler, const struct wh_tree *tree)
{
    const struct wh_ruleset *ruleset = compiler->ruleset;
    struct wh_str name;
    if (!wh_scalar_text(compiler->problems, tree, &name)) {
        return -1;
    }
    if (compiler->is_company) {
        wh_problem_error(compiler->problems, &tree->location,
                         "tracks are of leads alone: a company starts and stops none");
        return -1;
    }
    struct wh_nearest nearest = wh_nearest_to(name);
    for (size_t i = 0; i < ruleset->track_count; i++) {
        if (wh_str_equal(ruleset->tracks[i].id, name)) {
            return (int32_t)i;
        }
        wh_nearest_offer(&nearest, ruleset->tracks[i].id, -1);
    }
    wh_scope_unknown(compiler, &tree->location, "track", &nearest);
    return -1;
}
