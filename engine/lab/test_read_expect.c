/* Expectations of a model test: each key becomes one check for each name below it. */
#include "engine/lab/test_names.h"
#include "engine/lab/test_reader.h"
#include "engine/language/scalars.h"

struct draft {
    struct wh_test_reader *reader;
    struct wh_test_expectation *expectation;
    struct wh_test_check *checks;
    size_t count;
};

static const struct wh_test_key expect_keys[] = {
    {"at", WH_TEST_KEY_REQUIRED},      {"who", WH_TEST_KEY_OPTIONAL},
    {"company", WH_TEST_KEY_OPTIONAL}, {"score", WH_TEST_KEY_OPTIONAL},
    {"ledger", WH_TEST_KEY_OPTIONAL},  {"grade", WH_TEST_KEY_OPTIONAL},
    {"stage", WH_TEST_KEY_OPTIONAL},   {"label", WH_TEST_KEY_OPTIONAL},
    {"segment", WH_TEST_KEY_OPTIONAL}, {"ripe", WH_TEST_KEY_OPTIONAL},
    {"verdict", WH_TEST_KEY_OPTIONAL}, {"value", WH_TEST_KEY_OPTIONAL},
    {"event", WH_TEST_KEY_OPTIONAL},   {"no_event", WH_TEST_KEY_OPTIONAL},
    {"from", WH_TEST_KEY_OPTIONAL},    {"count", WH_TEST_KEY_OPTIONAL},
    {"with", WH_TEST_KEY_OPTIONAL},    {"route", WH_TEST_KEY_OPTIONAL},
    {"owner", WH_TEST_KEY_OPTIONAL},   {"note", WH_TEST_KEY_OPTIONAL},
    {"episode", WH_TEST_KEY_OPTIONAL}, {"late", WH_TEST_KEY_OPTIONAL},
};
static const struct wh_test_section expect_section =
    WH_TEST_SECTION("an expectation", expect_keys, false);

static struct wh_test_check *
push(struct draft *draft, enum wh_test_check_kind kind, struct wh_str name,
     const struct wh_tree *expected)
{
    struct wh_test_check *check = &draft->checks[draft->count++];
    *check = (struct wh_test_check){
        .kind = kind,
        .name = name,
        .expected = expected,
        .index = -1,
    };
    return check;
}

static bool
find(struct draft *draft, enum wh_test_name_kind kind, const struct wh_tree_entry *entry,
     int32_t *ret_index)
{
    return wh_test_names_find(draft->reader->ruleset, draft->reader->problems, kind, entry->key,
                              &entry->key_location, ret_index);
}

static void
read_amount(struct draft *draft, const struct wh_tree *tree, struct wh_test_check *check)
{
    struct wh_problems *problems = draft->reader->problems;
    if (tree->kind == WH_TREE_SCALAR &&
        wh_test_keys_amount(tree->text, &check->number, &check->slack)) {
        return;
    }
    if (tree->kind != WH_TREE_SCALAR || !wh_str_contains(tree->text, WH_STR("±"))) {
        (void)wh_scalar_number(problems, tree, &check->number); /* tells what is wrong */
        return;
    }
    (void)wh_problem_error(problems, &tree->location, "expected a number, or n ± m, found \"%.*s\"",
                           WH_STR_ARG(tree->text));
}

static void
read_amounts(struct draft *draft, const struct wh_tree *tree, enum wh_test_check_kind kind,
             enum wh_test_name_kind names)
{
    const struct wh_tree_entry *entries;
    size_t count = wh_test_keys_entries(draft->reader->problems, tree, &entries);
    for (size_t i = 0; i < count; i++) {
        struct wh_test_check *check = push(draft, kind, entries[i].key, entries[i].value);
        (void)find(draft, names, &entries[i], &check->index);
        read_amount(draft, entries[i].value, check);
    }
}

static void
read_truths(struct draft *draft, const struct wh_tree *tree, enum wh_test_check_kind kind,
            enum wh_test_name_kind names)
{
    const struct wh_tree_entry *entries;
    size_t count = wh_test_keys_entries(draft->reader->problems, tree, &entries);
    for (size_t i = 0; i < count; i++) {
        struct wh_test_check *check = push(draft, kind, entries[i].key, entries[i].value);
        bool truth = false;
        (void)find(draft, names, &entries[i], &check->index);
        (void)wh_scalar_bool(draft->reader->problems, entries[i].value, &truth);
        check->number = truth;
    }
}

static void
read_ripe(struct draft *draft, const struct wh_tree *tree)
{
    bool truth = false;
    if (tree != NULL && tree->kind == WH_TREE_SCALAR) {
        (void)wh_scalar_bool(draft->reader->problems, tree, &truth);
        push(draft, WH_TEST_RIPE_ANY, WH_STR("ripe"), tree)->number = truth;
        return;
    }
    read_truths(draft, tree, WH_TEST_RIPE, WH_TEST_NAME_QUALIFICATION);
}

static void
read_grade(struct draft *draft, const struct wh_tree *tree)
{
    struct wh_test_reader *reader = draft->reader;
    int32_t ordinal = 0;
    if (tree == NULL) {
        return;
    }
    if (!reader->ruleset->fit.present) {
        (void)wh_problem_error(reader->problems, &tree->location, "the model has no \"fit\"");
        return;
    }
    (void)wh_scalar_grade(reader->problems, tree, &ordinal);
    push(draft, WH_TEST_GRADE, WH_STR("grade"), tree)->number = ordinal;
}

static void
read_stage(struct draft *draft, const struct wh_tree *tree)
{
    struct wh_test_reader *reader = draft->reader;
    struct wh_str name;
    int32_t ordinal = 0;
    if (tree == NULL || !wh_scalar_text(reader->problems, tree, &name)) {
        return;
    }
    (void)wh_test_names_find(reader->ruleset, reader->problems, WH_TEST_NAME_STAGE, name,
                             &tree->location, &ordinal);
    push(draft, WH_TEST_STAGE, WH_STR("stage"), tree)->number = ordinal;
}

/* The ordinal of a label's value; -1 for none. */
static int64_t
read_label_value(struct draft *draft, const struct wh_label *label, const struct wh_tree *tree)
{
    struct wh_problems *problems = draft->reader->problems;
    struct wh_str name;
    if (!wh_scalar_text(problems, tree, &name) || wh_str_is(name, "none")) {
        return -1;
    }
    struct wh_nearest nearest = wh_nearest_to(name);
    for (size_t i = 0; i < label->name_count; i++) {
        if (wh_str_equal(label->names[i], name)) {
            return (int64_t)i;
        }
        wh_nearest_offer(&nearest, label->names[i], 0);
    }
    wh_test_keys_unknown(problems, &tree->location, "value of the label", &nearest);
    return -1;
}

static void
read_labels(struct draft *draft, const struct wh_tree *tree)
{
    const struct wh_tree_entry *entries;
    size_t count = wh_test_keys_entries(draft->reader->problems, tree, &entries);
    for (size_t i = 0; i < count; i++) {
        struct wh_test_check *check = push(draft, WH_TEST_LABEL, entries[i].key, entries[i].value);
        if (find(draft, WH_TEST_NAME_LABEL, &entries[i], &check->index)) {
            const struct wh_label *label = &draft->reader->ruleset->labels[check->index];
            check->number = read_label_value(draft, label, entries[i].value);
        }
    }
}

static bool
has_touch(const struct wh_test_case *test, struct wh_str id, struct wh_nearest *nearest)
{
    for (size_t i = 0; i < test->message_count; i++) {
        if (wh_str_equal(test->messages[i].touch.id, id)) {
            return true;
        }
        wh_nearest_offer(nearest, test->messages[i].touch.id, 0);
    }
    return false;
}

static void
read_verdicts(struct draft *draft, const struct wh_tree *tree)
{
    struct wh_problems *problems = draft->reader->problems;
    const struct wh_tree_entry *entries;
    size_t count = wh_test_keys_entries(problems, tree, &entries);
    for (size_t i = 0; i < count; i++) {
        struct wh_nearest nearest = wh_nearest_to(entries[i].key);
        size_t level = 0;
        if (!has_touch(draft->reader->test, entries[i].key, &nearest)) {
            wh_test_keys_unknown(problems, &entries[i].key_location, "touch", &nearest);
        }
        (void)wh_scalar_choice(problems, entries[i].value, wh_verdict_levels, WH_VERDICT_COUNT,
                               &level);
        push(draft, WH_TEST_VERDICT, entries[i].key, entries[i].value)->number = (int64_t)level;
    }
}

/* Problems of an expression were found when it was compiled; they are told once for each test. */
static void
copy_problems(struct wh_problems *problems, const struct wh_problems *from)
{
    for (const struct wh_problem *problem = from->first; problem != NULL; problem = problem->next) {
        (void)wh_problem_error(problems, &problem->location, "%.*s", WH_STR_ARG(problem->message));
    }
}

static void
read_values(struct draft *draft, const struct wh_tree *tree)
{
    const struct wh_test_formulas *formulas = draft->reader->formulas;
    struct wh_problems *problems = draft->reader->problems;
    const struct wh_tree_entry *entries;
    size_t count = wh_test_keys_entries(problems, tree, &entries);
    for (size_t i = 0; i < count; i++) {
        int64_t formula = -1;
        if (!wh_table_find(&formulas->index, entries[i].key, &formula)) {
            continue;
        }
        copy_problems(problems, &formulas->problems[formula]);
        push(draft, WH_TEST_VALUE, entries[i].key, entries[i].value)->program =
            formulas->programs[formula];
    }
}

static void
read_event(struct draft *draft, const struct wh_tree *tree, const char *key,
           enum wh_test_check_kind kind)
{
    struct wh_test_expectation *expectation = draft->expectation;
    const struct wh_test_pattern *pattern =
        wh_test_read_pattern(draft->reader, tree, key, expectation->at);
    const struct wh_tree *value = wh_tree_find(tree, key);
    if (pattern != NULL) {
        push(draft, kind, value->text, value)->pattern = pattern;
    }
}

/* Room for every check that the mapping can become. */
static size_t
most_checks(const struct wh_tree *tree)
{
    size_t count = 2;
    for (size_t i = 0; i < tree->count; i++) {
        count += 1 + tree->entries[i].value->count;
    }
    return count;
}

static void
check_matchers(struct draft *draft, const struct wh_tree *tree)
{
    static const char *const matchers[] = {"from",  "count", "with",    "route",
                                           "owner", "note",  "episode", "late"};
    bool has_event = wh_tree_find(tree, "event") != NULL || wh_tree_find(tree, "no_event") != NULL;
    for (size_t i = 0; i < sizeof(matchers) / sizeof(matchers[0]) && !has_event; i++) {
        const struct wh_tree_entry *entry = wh_tree_find_entry(tree, matchers[i]);
        if (entry != NULL) {
            (void)wh_problem_error(draft->reader->problems, &entry->key_location,
                                   "\"%s\" needs \"event\" or \"no_event\"", matchers[i]);
        }
    }
}

static void
read_checks(struct draft *draft, const struct wh_tree *tree)
{
    read_amounts(draft, wh_tree_find(tree, "score"), WH_TEST_SCORE, WH_TEST_NAME_SCORE);
    read_amounts(draft, wh_tree_find(tree, "ledger"), WH_TEST_LEDGER, WH_TEST_NAME_RULE);
    read_grade(draft, wh_tree_find(tree, "grade"));
    read_stage(draft, wh_tree_find(tree, "stage"));
    read_labels(draft, wh_tree_find(tree, "label"));
    read_truths(draft, wh_tree_find(tree, "segment"), WH_TEST_SEGMENT, WH_TEST_NAME_SEGMENT);
    read_ripe(draft, wh_tree_find(tree, "ripe"));
    read_verdicts(draft, wh_tree_find(tree, "verdict"));
    read_values(draft, wh_tree_find(tree, "value"));
    check_matchers(draft, tree);
    read_event(draft, tree, "event", WH_TEST_EVENT);
    read_event(draft, tree, "no_event", WH_TEST_NO_EVENT);
}

/* What is expected of a company is read by what companies have. */
static void
read_company_checks(struct draft *draft, const struct wh_tree *tree, const struct wh_tree *company)
{
    struct wh_test_reader *reader = draft->reader;
    const struct wh_ruleset *leads = reader->ruleset;
    const struct wh_test_formulas *formulas = reader->formulas;
    if (wh_tree_find(tree, "who") != NULL) {
        (void)wh_problem_error(
            reader->problems, &company->location,
            "\"who\" and \"company\" exclude each other: one lead, or one company");
    }
    (void)wh_scalar_text(reader->problems, company, &draft->expectation->company);
    reader->ruleset = leads->company;
    reader->formulas = reader->company_formulas;
    read_checks(draft, tree);
    reader->ruleset = leads;
    reader->formulas = formulas;
}

void
wh_test_read_expectation(struct wh_test_reader *reader, const struct wh_tree *tree)
{
    struct wh_test_case *test = reader->test;
    size_t problems_before = reader->problems->error_count;
    if (!wh_test_keys_check(reader->problems, tree, &expect_section)) {
        return;
    }
    struct wh_test_expectation *expectation = &test->expectations[test->expectation_count];
    struct draft draft = {
        .reader = reader,
        .expectation = expectation,
        .checks = WH_ARENA_ARRAY(reader->arena, struct wh_test_check, most_checks(tree)),
    };
    const struct wh_tree *at = wh_tree_find(tree, "at");
    *expectation = (struct wh_test_expectation){.order = test->expectation_count, .tree = tree};
    if (at != NULL) {
        (void)wh_test_keys_moment(reader->problems, at, test->start, test->zone, &expectation->at);
    }
    wh_test_reader_use(reader, expectation->at, true);
    const struct wh_tree *company = wh_tree_find(tree, "company");
    if (company != NULL) {
        read_company_checks(&draft, tree, company);
    } else {
        (void)wh_test_read_person(reader, wh_tree_find(tree, "who"), false, &expectation->person);
        read_checks(&draft, tree);
    }
    expectation->checks = draft.checks;
    expectation->check_count = draft.count;
    test->expectation_count++;
    if (draft.count == 0 && reader->problems->error_count == problems_before) {
        (void)wh_problem_error(reader->problems, &tree->location, "nothing is expected here");
    }
}
