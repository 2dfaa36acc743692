/* Changes of the model in the middle of a test, and against which model what is read is held. */
#include "engine/lab/test_reader.h"

static const struct wh_test_key change_keys[] = {
    {"at", WH_TEST_KEY_REQUIRED},
    {"model", WH_TEST_KEY_REQUIRED},
};
static const struct wh_test_section change_section =
    WH_TEST_SECTION("a change", change_keys, false);

static void
read_change(struct wh_test_reader *reader, const struct wh_tree *tree, size_t index)
{
    struct wh_test_case *test = reader->test;
    struct wh_test_change *change = &test->changes[index];
    const struct wh_test_sight *sight = &reader->changed[index];
    const struct wh_tree *at = wh_tree_find(tree, "at");
    *change = (struct wh_test_change){.path = sight->path};
    if (sight->model != NULL) {
        change->ruleset = &sight->model->ruleset;
    }
    if (!wh_test_keys_check(reader->problems, tree, &change_section) || at == NULL ||
        !wh_test_keys_moment(reader->problems, at, test->start, test->zone, &change->at)) {
        return;
    }
    if (index > 0 && change->at <= test->changes[index - 1].at) {
        (void)wh_problem_error(reader->problems, &at->location,
                               "expected a moment behind that of the change before it, found "
                               "\"%.*s\"",
                               WH_STR_ARG(at->text));
    }
}

void
wh_test_read_changes(struct wh_test_reader *reader, const struct wh_tree *changes)
{
    struct wh_test_case *test = reader->test;
    struct wh_tree *const *items;
    size_t count = wh_test_keys_items(reader->problems, changes, &items);
    if (count > WH_TEST_CHANGES_MAX) {
        (void)wh_problem_error(reader->problems, &changes->location,
                               "a test has at most %d changes of the model", WH_TEST_CHANGES_MAX);
        return;
    }
    test->changes = WH_ARENA_ARRAY(reader->arena, struct wh_test_change, count);
    for (size_t i = 0; i < count; i++) {
        read_change(reader, items[i], i);
    }
    test->change_count = count;
}

static void
use(struct wh_test_reader *reader, const struct wh_test_sight *sight)
{
    reader->model = sight->model;
    reader->ruleset = &sight->model->ruleset;
    reader->formulas = sight->formulas;
    reader->company_formulas = sight->company_formulas;
}

void
wh_test_reader_use(struct wh_test_reader *reader, int64_t at, bool sees_change)
{
    const struct wh_test_case *test = reader->test;
    use(reader, reader->first);
    for (size_t i = 0; i < test->change_count; i++) {
        int64_t from = test->changes[i].at;
        if (reader->changed[i].model != NULL && (from < at || (from == at && sees_change))) {
            use(reader, &reader->changed[i]);
        }
    }
}
