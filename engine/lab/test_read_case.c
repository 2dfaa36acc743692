/* One test: who it is about, what arrives, what is expected. */
#include <stdlib.h>

#include "engine/lab/test_reader.h"
#include "engine/language/scalars.h"

static const struct wh_test_key case_keys[] = {
    {"name", WH_TEST_KEY_REQUIRED},    {"model", WH_TEST_KEY_OPTIONAL},
    {"start", WH_TEST_KEY_OPTIONAL},   {"constants", WH_TEST_KEY_OPTIONAL},
    {"lead", WH_TEST_KEY_OPTIONAL},    {"leads", WH_TEST_KEY_OPTIONAL},
    {"company", WH_TEST_KEY_OPTIONAL}, {"touches", WH_TEST_KEY_REQUIRED},
    {"changes", WH_TEST_KEY_OPTIONAL}, {"expect", WH_TEST_KEY_REQUIRED},
};
static const struct wh_test_section case_section = WH_TEST_SECTION("a test", case_keys, false);

/* 2026-01-05, a Monday. */
static int64_t
default_start(const struct wh_zone *zone)
{
    struct wh_civil civil = {.year = 2026, .month = 1, .day = 5};
    return wh_zone_to_utc(zone, wh_civil_to_us(&civil));
}

static size_t
add_person(struct wh_test_reader *reader, struct wh_str name)
{
    struct wh_test_case *test = reader->test;
    if (test->people == NULL) {
        test->people = WH_ARENA_ARRAY(reader->arena, struct wh_str, WH_TEST_PEOPLE_MAX);
    }
    test->people[test->person_count] = name;
    return test->person_count++;
}

static bool
find_person(const struct wh_test_case *test, struct wh_str name, size_t *ret_person)
{
    for (size_t i = 0; i < test->person_count; i++) {
        if (wh_str_equal(test->people[i], name)) {
            *ret_person = i;
            return true;
        }
    }
    return false;
}

bool
wh_test_read_person(struct wh_test_reader *reader, const struct wh_tree *who, bool may_add,
                    size_t *ret_person)
{
    const struct wh_test_case *test = reader->test;
    struct wh_str name;
    *ret_person = 0;
    if (who == NULL) {
        return true;
    }
    if (!wh_scalar_text(reader->problems, who, &name)) {
        return false;
    }
    if (find_person(test, name, ret_person)) {
        return true;
    }
    if (may_add && !reader->has_leads && test->person_count < WH_TEST_PEOPLE_MAX) {
        *ret_person = add_person(reader, name);
        return true;
    }
    struct wh_nearest nearest = wh_nearest_to(name);
    for (size_t i = 0; i < test->person_count; i++) {
        wh_nearest_offer(&nearest, test->people[i], 0);
    }
    wh_test_keys_unknown(reader->problems, &who->location, "lead", &nearest);
    return false;
}

static void
read_people(struct wh_test_reader *reader, const struct wh_tree *tree)
{
    const struct wh_tree *lead = wh_tree_find(tree, "lead");
    const struct wh_tree_entry *leads = wh_tree_find_entry(tree, "leads");
    const struct wh_tree *company = wh_tree_find(tree, "company");
    const struct wh_tree_entry *entries;
    size_t count =
        wh_test_keys_entries(reader->problems, leads == NULL ? NULL : leads->value, &entries);
    if (lead != NULL && leads != NULL) {
        (void)wh_problem_error(reader->problems, &leads->key_location,
                               "\"lead\" and \"leads\" exclude each other: one person, or several");
    }
    if (count > WH_TEST_PEOPLE_MAX) {
        (void)wh_problem_error(reader->problems, &leads->key_location,
                               "a test has at most %d leads", WH_TEST_PEOPLE_MAX);
        count = WH_TEST_PEOPLE_MAX;
    }
    if (count == 0) {
        wh_test_read_attributes(reader, add_person(reader, WH_STR("lead")), lead, company);
        return;
    }
    reader->has_leads = true;
    for (size_t i = 0; i < count; i++) {
        size_t person = add_person(reader, entries[i].key);
        wh_test_read_attributes(reader, person, entries[i].value, company);
    }
}

static int
compare_messages(const void *a, const void *b)
{
    const struct wh_test_message *x = a;
    const struct wh_test_message *y = b;
    if (x->arrives != y->arrives) {
        return x->arrives < y->arrives ? -1 : 1;
    }
    return x->order < y->order ? -1 : x->order > y->order;
}

static int
compare_expectations(const void *a, const void *b)
{
    const struct wh_test_expectation *x = a;
    const struct wh_test_expectation *y = b;
    if (x->at != y->at) {
        return x->at < y->at ? -1 : 1;
    }
    return x->order < y->order ? -1 : x->order > y->order;
}

void
wh_test_read_case(struct wh_test_reader *reader, const struct wh_tree *tree)
{
    struct wh_test_case *test = reader->test;
    struct wh_tree *const *touches;
    struct wh_tree *const *expect;
    *test = (struct wh_test_case){.zone = reader->first->model->ruleset.zone};
    test->start = default_start(test->zone);
    if (!wh_test_keys_check(reader->problems, tree, &case_section)) {
        return;
    }
    const struct wh_tree *start = wh_tree_find(tree, "start");
    if (start != NULL) {
        (void)wh_scalar_time(reader->problems, start, test->zone, &test->start);
    }
    wh_test_read_changes(reader, wh_tree_find(tree, "changes"));
    wh_test_reader_use(reader, test->start, false);
    read_people(reader, tree);
    size_t touch_count =
        wh_test_keys_items(reader->problems, wh_tree_find(tree, "touches"), &touches);
    for (size_t i = 0; i < touch_count; i++) {
        wh_test_read_touch(reader, touches[i]);
    }
    size_t expect_count =
        wh_test_keys_items(reader->problems, wh_tree_find(tree, "expect"), &expect);
    test->expectations = WH_ARENA_ARRAY(reader->arena, struct wh_test_expectation, expect_count);
    for (size_t i = 0; i < expect_count; i++) {
        wh_test_read_expectation(reader, expect[i]);
    }
    /* Both orders are total, so it does not matter that qsort is not stable. */
    if (test->message_count > 1) {
        qsort(test->messages, test->message_count, sizeof(*test->messages), compare_messages);
    }
    if (test->expectation_count > 1) {
        qsort(test->expectations, test->expectation_count, sizeof(*test->expectations),
              compare_expectations);
    }
}
