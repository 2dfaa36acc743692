/* The sequence of a trigger: its steps, limits, and what happens after a match (rules.md 18). */
#include "engine/base/time.h"
#include "engine/language/build.h"
#include "engine/language/keys.h"
#include "engine/language/reader.h"
#include "engine/language/scope.h"

static const struct wh_section_key step_keys[] = {
    {"as", WH_GIVEN_OR_NOT},     {"on", WH_GIVEN_OR_NOT},      {"not", WH_GIVEN_OR_NOT},
    {"when", WH_GIVEN_OR_NOT},   {"verdict", WH_GIVEN_OR_NOT}, {"link", WH_GIVEN_OR_NOT},
    {"times", WH_GIVEN_OR_NOT},  {"each", WH_GIVEN_OR_NOT},    {"until", WH_GIVEN_OR_NOT},
    {"within", WH_GIVEN_OR_NOT}, {"optional", WH_GIVEN_OR_NOT}};
static const struct wh_section step_section = WH_SECTION("a step", step_keys);

static const char *const links[] = {"then", "next", "then_any"};
static const char *const policies[] = {"skip_past", "skip_to_next", "no_skip"};
static const enum wh_after_match policy_kinds[] = {WH_AFTER_SKIP_PAST, WH_AFTER_SKIP_TO_NEXT,
                                                   WH_AFTER_NO_SKIP};

/* One sequence while it is read. */
struct reading {
    struct wh_compiler *compiler;
    const struct wh_tree *trigger;
    int32_t index; /* of the trigger */
    struct wh_sequence *sequence;
    struct wh_tree *const *items;
    struct wh_step_name *names;
};

/* What an expression may name that knows the steps before `known`. */
static const struct wh_step_names *
scope_of(const struct reading *reading, size_t known)
{
    struct wh_step_names *scope = WH_ARENA_NEW(reading->compiler->arena, struct wh_step_names);
    *scope = (struct wh_step_names){reading->names, reading->sequence->step_count, known,
                                    reading->index};
    return scope;
}

static void
refuse(const struct reading *reading, const struct wh_tree *tree, const char *key,
       const char *message)
{
    const struct wh_tree_entry *entry = wh_tree_find_entry(tree, key);
    wh_problem_error(reading->compiler->problems,
                     entry == NULL ? &tree->location : &entry->key_location, "%s", message);
}

static bool
has_key(const struct wh_tree *tree, const char *key)
{
    return wh_tree_find(tree, key) != NULL;
}

/* Names come first, because a `when` that names a later step is told that it comes later. */
static void
name_steps(struct reading *reading)
{
    struct wh_local local;
    wh_local_init(&local, reading->compiler, "step");
    for (size_t i = 0; i < reading->sequence->step_count; i++) {
        const struct wh_tree *as = wh_tree_find(reading->items[i], "as");
        struct wh_str *name = &reading->sequence->steps[i].name;
        reading->names[i].changed_label = -1;
        if (as != NULL && wh_scalar_name(reading->compiler->problems, as, name)) {
            wh_local_define(&local, *name, &as->location);
            reading->names[i].name = *name;
        }
    }
}

static bool
read_digits(struct wh_str text, size_t *at, uint32_t *ret_number)
{
    size_t from = *at;
    uint32_t number = 0;
    while (*at < text.len && *at < from + 6 && text.ptr[*at] >= '0' && text.ptr[*at] <= '9') {
        number = 10 * number + (uint32_t)(text.ptr[*at] - '0');
        (*at)++;
    }
    *ret_number = number;
    return *at > from;
}

/* "3", "2..4", "2..": max 0 is open. */
static bool
parse_times(struct wh_str text, uint32_t *ret_min, uint32_t *ret_max)
{
    size_t at = 0;
    if (!read_digits(text, &at, ret_min) || *ret_min == 0) {
        return false;
    }
    *ret_max = *ret_min;
    if (at == text.len) {
        return true;
    }
    if (text.len < at + 2 || text.ptr[at] != '.' || text.ptr[at + 1] != '.') {
        return false;
    }
    at += 2;
    *ret_max = 0;
    return at == text.len ||
           (read_digits(text, &at, ret_max) && at == text.len && *ret_max >= *ret_min);
}

static void
tell_times(struct wh_problems *problems, const struct wh_tree *times)
{
    if (times->kind == WH_TREE_SCALAR) {
        wh_problem_error(problems, &times->location,
                         "expected a number of times such as 3, 2..4 or 2.., found \"%.*s\"",
                         WH_STR_ARG(times->text));
    } else {
        wh_problem_error(problems, &times->location,
                         "expected a number of times such as 3, 2..4 or 2.., found %s",
                         wh_tree_kind_str(times));
    }
}

/* What has a meaning in a repetition only. */
static void
check_once(const struct reading *reading, const struct wh_tree *tree)
{
    if (has_key(tree, "each")) {
        refuse(reading, tree, "each",
               "\"each\" needs \"times\" above 1: it is the link inside a repetition");
    }
    if (has_key(tree, "until")) {
        refuse(reading, tree, "until", "\"until\" needs \"times\" above 1: it ends a repetition");
    }
}

static void
read_times(const struct reading *reading, const struct wh_tree *tree, struct wh_step *step)
{
    const struct wh_tree *times = wh_tree_find(tree, "times");
    step->min = step->max = 1;
    if (times == NULL) {
        check_once(reading, tree);
        return;
    }
    if (times->kind != WH_TREE_SCALAR || !parse_times(times->text, &step->min, &step->max)) {
        tell_times(reading->compiler->problems, times);
        step->min = step->max = 1;
        return;
    }
    uint32_t most = step->max > step->min ? step->max : step->min;
    wh_keys_bound_at(reading->compiler, tree, "times", most, WH_STEP_TIMES_MAX, "a step");
    if (most == 1 && step->max == 1) {
        check_once(reading, tree);
    }
}

static void
read_choice(const struct reading *reading, const struct wh_tree *tree, const char *key,
            size_t count, size_t *ret_choice)
{
    const struct wh_tree *value = wh_tree_find(tree, key);
    *ret_choice = 0;
    if (value != NULL) {
        (void)wh_scalar_choice(reading->compiler->problems, value, links, count, ret_choice);
    }
}

/* D, or [A, B]. */
static void
read_distance(const struct reading *reading, const struct wh_tree *tree, struct wh_step *step)
{
    struct wh_problems *problems = reading->compiler->problems;
    const struct wh_tree *within = wh_tree_find(tree, "within");
    step->within = WH_TIME_NEVER;
    if (within == NULL) {
        return;
    }
    bool is_good = true;
    int64_t to = 0;
    if (within->kind == WH_TREE_SEQUENCE && within->count == 2) {
        is_good = wh_scalar_duration(problems, within->items[0], &step->from) &&
                  wh_scalar_duration(problems, within->items[1], &to);
    } else if (within->kind == WH_TREE_SCALAR) {
        is_good = wh_scalar_duration(problems, within, &to);
    } else {
        wh_problem_error(problems, &within->location,
                         "expected a duration such as 5d, or two such as [3m, 4m], found %s",
                         within->kind == WH_TREE_SEQUENCE ? "another number of them"
                                                          : wh_tree_kind_str(within));
        return;
    }
    if (is_good && step->from >= to) {
        wh_problem_error(problems, &within->location, "nothing is within that: it ends %s",
                         step->from > 0 ? "before it begins" : "at once");
        return;
    }
    step->within = is_good ? to : WH_TIME_NEVER;
}

static void
check_not(const struct reading *reading, const struct wh_tree *tree, size_t number)
{
    static const char *const of_taken[] = {"as", "link", "times", "each", "until", "optional"};
    bool is_last = number + 1 == reading->sequence->step_count;
    for (size_t i = 0; i < sizeof(of_taken) / sizeof(of_taken[0]); i++) {
        (void)wh_keys_exclude(reading->compiler, tree, "not", of_taken[i],
                              "such a touch is not taken");
    }
    if (number == 0) {
        refuse(reading, tree, "not", "\"not\" cannot be the first step");
    } else if (is_last && !has_key(tree, "within")) {
        refuse(reading, tree, "not", "\"not\" as the last step needs within");
    }
}

static void
check_first(const struct reading *reading, const struct wh_tree *tree, const struct wh_step *step)
{
    if (step->is_optional) {
        refuse(reading, tree, "optional", "the first step cannot be optional");
    }
    if (has_key(tree, "link")) {
        refuse(reading, tree, "link",
               "the first step has none before it that it could be linked to");
    }
    if (has_key(tree, "within") && step->max == 1) {
        refuse(reading, tree, "within",
               "within counts from the touch before; the limit of all steps stands in the trigger");
    }
}

static void
read_expressions(struct reading *reading, const struct wh_tree *tree, size_t number)
{
    struct wh_compiler *compiler = reading->compiler;
    struct wh_step *step = &reading->sequence->steps[number];
    struct wh_where where = wh_reader_touch("a step", WH_OWNER_TRIGGER, reading->index);
    const struct wh_tree *verdict = wh_tree_find(tree, "verdict");
    where.steps = scope_of(reading, number);
    step->verdict = compiler->ruleset->minimum;
    if (verdict != NULL) {
        wh_reader_level(compiler, verdict, &step->verdict);
    }
    const struct wh_tree *on = wh_tree_find(tree, step->is_not ? "not" : "on");
    bool is_good = on != NULL && wh_build_on(compiler, &where, on, &step->on, &where.changed_label);
    where.on = is_good ? &step->on : NULL;
    step->when = wh_build(compiler, &where, wh_tree_find(tree, "when"), WH_EXPECT_BOOL);
    reading->names[number].changed_label = where.changed_label;
    /* Any touch may end a repetition, and it may look at the one that was taken last. */
    where.on = NULL;
    where.steps = scope_of(reading, number + 1);
    step->until = wh_build(compiler, &where, wh_tree_find(tree, "until"), WH_EXPECT_BOOL);
}

static void
read_step(struct reading *reading, size_t number)
{
    const struct wh_tree *tree = reading->items[number];
    struct wh_step *step = &reading->sequence->steps[number];
    const struct wh_tree *optional = wh_tree_find(tree, "optional");
    size_t choice = 0;
    if (!wh_keys_check(reading->compiler, tree, &step_section)) {
        return;
    }
    step->is_not = has_key(tree, "not");
    if (!step->is_not && !has_key(tree, "on")) {
        wh_keys_missing(reading->compiler, tree, &step_section, "\"on\" or \"not\"");
    }
    (void)wh_keys_exclude(reading->compiler, tree, "on", "not",
                          "a touch is waited for or it ends it");
    if (optional != NULL) {
        (void)wh_scalar_bool(reading->compiler->problems, optional, &step->is_optional);
    }
    read_times(reading, tree, step);
    read_choice(reading, tree, "link", 3, &choice);
    step->link = (enum wh_link)choice;
    read_choice(reading, tree, "each", 2, &choice);
    step->each_next = choice == 1;
    read_distance(reading, tree, step);
    read_expressions(reading, tree, number);
    if (step->is_not) {
        check_not(reading, tree, number);
    } else if (number == 0) {
        check_first(reading, tree, step);
    }
}

/* How long a step can keep a run waiting; WH_TIME_NEVER: for ever. */
static int64_t
reach_of(const struct wh_sequence *sequence, size_t number)
{
    const struct wh_step *step = &sequence->steps[number];
    if (step->is_not) {
        return number + 1 == sequence->step_count ? step->within : 0;
    }
    int64_t times = number == 0 ? (int64_t)step->max - 1 : step->max;
    if (times == 0 && step->max > 0) {
        return 0;
    }
    return step->max == 0 || step->within == WH_TIME_NEVER ? WH_TIME_NEVER : times * step->within;
}

/* Of all steps together, if each has a limit; else message 40. */
static int64_t
reach_of_steps(const struct reading *reading)
{
    const struct wh_sequence *sequence = reading->sequence;
    int64_t sum = 0;
    for (size_t i = 0; i < sequence->step_count; i++) {
        int64_t reach = reach_of(sequence, i);
        if (reach == WH_TIME_NEVER) {
            return WH_TIME_NEVER;
        }
        sum += reach;
    }
    return sum;
}

static bool
has_limited_step(const struct wh_sequence *sequence)
{
    bool found = false;
    for (size_t i = 0; i < sequence->step_count; i++) {
        found = found || sequence->steps[i].within != WH_TIME_NEVER;
    }
    return found;
}

/* The first step that may wait for ever. */
static size_t
unlimited_step(const struct wh_sequence *sequence)
{
    size_t i = 0;
    while (i < sequence->step_count && reach_of(sequence, i) != WH_TIME_NEVER) {
        i++;
    }
    return i;
}

static void
check_limits(const struct reading *reading)
{
    struct wh_sequence *sequence = reading->sequence;
    struct wh_problems *problems = reading->compiler->problems;
    const struct wh_tree *within = wh_tree_find(reading->trigger, "within");
    const struct wh_tree_entry *key = wh_tree_find_entry(reading->trigger, "sequence");
    const struct wh_step *absence = wh_sequence_absence(sequence);
    int64_t steps = reach_of_steps(reading);
    sequence->reach = steps < sequence->within ? steps : sequence->within;
    if (sequence->reach == WH_TIME_NEVER && !has_limited_step(sequence)) {
        wh_problem_error(problems, &key->key_location,
                         "the sequence has no time limit; add within");
    } else if (sequence->reach == WH_TIME_NEVER) {
        wh_problem_error(problems, &reading->items[unlimited_step(sequence)]->location,
                         "this step has no time limit; add within, here without an open end or in "
                         "the trigger");
    } else {
        (void)wh_reader_kept(reading->compiler, within == NULL ? key->value : within,
                             sequence->reach);
    }
    if (absence != NULL && absence->within != WH_TIME_NEVER &&
        absence->within >= sequence->within) {
        refuse(reading, reading->items[sequence->step_count - 1], "within",
               "this \"not\" never matches: the within of the trigger ends the sequence before");
    }
}

static void
read_policy_step(const struct reading *reading, const struct wh_tree *tree)
{
    struct wh_sequence *sequence = reading->sequence;
    struct wh_str name;
    const struct wh_tree *first = wh_tree_find(tree, "skip_to_first");
    const struct wh_tree *step = first != NULL ? first : wh_tree_find(tree, "skip_to_last");
    if (!wh_scalar_text(reading->compiler->problems, step, &name)) {
        return;
    }
    struct wh_nearest nearest = wh_nearest_to(name);
    sequence->after = first != NULL ? WH_AFTER_SKIP_TO_FIRST : WH_AFTER_SKIP_TO_LAST;
    for (size_t i = 0; i < sequence->step_count; i++) {
        if (name.len > 0 && wh_str_equal(sequence->steps[i].name, name)) {
            sequence->after_step = (int32_t)i;
            return;
        }
        wh_nearest_offer(&nearest, sequence->steps[i].name, -1);
    }
    wh_scope_unknown(reading->compiler, &step->location, "step", &nearest);
}

static void
read_policy(const struct reading *reading)
{
    struct wh_problems *problems = reading->compiler->problems;
    const struct wh_tree *tree = wh_tree_find(reading->trigger, "after_match");
    size_t choice = 0;
    if (tree == NULL) {
        return;
    }
    if (tree->kind == WH_TREE_MAPPING && tree->count == 1 &&
        (has_key(tree, "skip_to_first") || has_key(tree, "skip_to_last"))) {
        read_policy_step(reading, tree);
    } else if (tree->kind == WH_TREE_SCALAR && !wh_tree_is_text(tree, "skip_to_first") &&
               !wh_tree_is_text(tree, "skip_to_last")) {
        if (wh_scalar_choice(problems, tree, policies, 3, &choice)) {
            reading->sequence->after = policy_kinds[choice];
        }
    } else {
        wh_problem_error(problems, &tree->location,
                         "expected { skip_to_first: STEP } or { skip_to_last: STEP } here");
    }
}

/* The name of an event of its own. */
static void
read_missed(const struct reading *reading)
{
    struct wh_compiler *compiler = reading->compiler;
    const struct wh_tree *tree = wh_tree_find(reading->trigger, "missed");
    struct wh_str name;
    if (tree == NULL || !wh_scalar_name(compiler->problems, tree, &name)) {
        return;
    }
    if (wh_name_is_event(name)) {
        wh_problem_error(compiler->problems, &tree->location,
                         "missed cannot be called \"%.*s\": that is an event of the engine",
                         WH_STR_ARG(name));
    }
    const struct wh_definition *trigger = wh_scope_find_kind(compiler, WH_NAME_TRIGGER, name);
    if (trigger != NULL) {
        struct wh_problem *problem =
            wh_problem_error(compiler->problems, &tree->location,
                             "name \"%.*s\" is already a trigger", WH_STR_ARG(name));
        wh_problem_note(compiler->problems, problem, &trigger->location, "defined here");
    }
    for (int32_t i = 0; i < reading->index; i++) {
        const struct wh_trigger *other = &compiler->ruleset->triggers[i];
        if (other->sequence != NULL && wh_str_equal(other->sequence->missed, name)) {
            wh_problem_error(compiler->problems, &tree->location,
                             "missed of trigger \"%.*s\" is called \"%.*s\" already",
                             WH_STR_ARG(other->id), WH_STR_ARG(name));
        }
    }
    reading->sequence->missed = name;
}

const struct wh_step_names *
wh_reader_sequence(struct wh_compiler *compiler, const struct wh_tree *tree, int32_t index)
{
    struct reading reading = {.compiler = compiler, .trigger = tree, .index = index};
    const struct wh_tree_entry *key = wh_tree_find_entry(tree, "sequence");
    size_t count = wh_keys_items(compiler, key->value, &reading.items);
    wh_keys_bound(compiler, &key->key_location, count, WH_STEPS_MAX, "steps", "a sequence");
    if (count == 0) {
        if (key->value->kind == WH_TREE_SEQUENCE) {
            wh_problem_error(compiler->problems, &key->value->location,
                             "a sequence has at least one step");
        }
        return NULL;
    }
    reading.sequence = WH_ARENA_NEW(compiler->arena, struct wh_sequence);
    reading.sequence->steps = WH_ARENA_ARRAY(compiler->arena, struct wh_step, count);
    reading.sequence->step_count = count;
    reading.sequence->within = WH_TIME_NEVER;
    reading.names = WH_ARENA_ARRAY(compiler->arena, struct wh_step_name, count);
    compiler->ruleset->triggers[index].sequence = reading.sequence;
    size_t errors = compiler->problems->error_count;
    name_steps(&reading);
    for (size_t i = 0; i < count; i++) {
        read_step(&reading, i);
    }
    wh_reader_duration(compiler, tree, "within", &reading.sequence->within);
    read_policy(&reading);
    read_missed(&reading);
    if (compiler->problems->error_count == errors) {
        check_limits(&reading);
    }
    return scope_of(&reading, count);
}
