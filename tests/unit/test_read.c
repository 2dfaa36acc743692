/* Scores with groups and limits, the grade, labels, stage and the lead's own names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/base/time.h"
#include "engine/rules/decay.h"
#include "engine/rules/read.h"
#include "tests/support/ruleset_fixture.h"

#define HOUR WH_US_PER_HOUR
#define DAY  WH_US_PER_DAY

static struct wh_fixture fixture;

static int
set_up(void **state)
{
    (void)state;
    wh_fixture_init(&fixture);
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    wh_fixture_fini(&fixture);
    return 0;
}

static const struct wh_decay stays = {.kind = WH_DECAY_NONE};

static struct wh_limit
between(int64_t min, int64_t max)
{
    return (struct wh_limit){.has_min = true, .has_max = true, .min = min, .max = max};
}

static int64_t
score_at(int32_t score, int64_t t)
{
    int64_t value = 0;
    assert_true(wh_read_score(wh_fixture_at(&fixture, t), score, &value));
    return value;
}

static void
award(int32_t rule, int64_t points)
{
    wh_decay_add(&fixture.ruleset, &fixture.state.live, &fixture.rules[rule], 0, points);
}

static void
limits_clamp_rules_then_groups_then_the_score(void **state)
{
    (void)state;
    static struct wh_group groups[2];
    int32_t score = wh_fixture_score(&fixture);
    int32_t page = wh_fixture_rule(&fixture, stays);
    int32_t price = wh_fixture_rule(&fixture, stays);
    int32_t mail = wh_fixture_rule(&fixture, stays);
    int32_t guide = wh_fixture_rule(&fixture, stays);
    groups[0] = (struct wh_group){.limit = between(0, 60000)};
    groups[1] = (struct wh_group){.limit = between(-20000, 30000)};
    fixture.scores[score].groups = groups;
    fixture.scores[score].group_count = 2;
    fixture.scores[score].limit = between(0, 100000);
    fixture.rules[page].group = 0;
    fixture.rules[page].limit = between(0, 20000);
    fixture.rules[price].group = 0;
    fixture.rules[mail].group = 1;
    wh_fixture_ready(&fixture);
    award(page, 25000);
    award(price, 30000);
    assert_int_equal(score_at(score, 0), 50000);
    award(price, 15000);
    assert_int_equal(score_at(score, 0), 60000);
    award(mail, -50000);
    assert_int_equal(score_at(score, 0), 40000);
    award(guide, 90000);
    assert_int_equal(score_at(score, 0), 100000);
    struct wh_view *view = wh_fixture_at(&fixture, 0);
    assert_int_equal(wh_read_rule(view, page), 25000);
    assert_int_equal(wh_read_rule_limited(view, page), 20000);
}

static void
a_state_adds_its_points_while_it_holds(void **state)
{
    (void)state;
    int32_t score = wh_fixture_score(&fixture);
    int32_t rule = wh_fixture_rule(&fixture, stays);
    int32_t silent = wh_fixture_aggregate(
        &fixture, (struct wh_aggregate){
                      .kind = WH_AGGREGATE_SILENT, .of = wh_fixture_takes_any(), .a = 30 * DAY});
    fixture.rules[rule].is_state = true;
    fixture.rules[rule].when =
        wh_tree_program(&fixture, wh_tree_name(&fixture, WH_OP_AGGREGATE, silent));
    fixture.rules[rule].points = wh_tree_program(&fixture, wh_tree_number(&fixture, -15000));
    wh_fixture_ready(&fixture);
    (void)wh_fixture_touch(&fixture, WH_FIXTURE_PAGE_VIEW, 0);
    assert_int_equal(score_at(score, 30 * DAY - 1), 0);
    assert_int_equal(score_at(score, 30 * DAY), -15000);
}

static void
an_unknown_value_counts_as_nothing_within_the_limit(void **state)
{
    (void)state;
    int32_t score = wh_fixture_score(&fixture);
    fixture.scores[score].is_value = true;
    fixture.scores[score].value = wh_tree_program(&fixture, wh_tree_const(&fixture, WH_UNKNOWN));
    fixture.scores[score].limit = between(5000, 100000);
    wh_fixture_ready(&fixture);
    int64_t value = 0;
    assert_false(wh_read_score(wh_fixture_at(&fixture, 0), score, &value));
    assert_int_equal(value, 5000);
    struct wh_value read =
        wh_fixture_value(&fixture, wh_tree_name(&fixture, WH_OP_SCORE, score), 0);
    assert_int_equal(read.number, 5000);
}

static struct wh_criterion
criterion(struct wh_value match, int32_t thirds, bool subtract)
{
    return (struct wh_criterion){.when = wh_tree_program(&fixture, wh_tree_const(&fixture, match)),
                                 .thirds = thirds,
                                 .subtract = subtract};
}

static int32_t
grade_of(const struct wh_criterion *criteria, size_t count)
{
    fixture.ruleset.fit =
        (struct wh_fit){.present = true, .start = 2, .criteria = criteria, .count = count};
    return wh_read_grade(wh_fixture_at(&fixture, 0));
}

static void
a_grade_is_counted_in_thirds(void **state)
{
    (void)state;
    wh_fixture_ready(&fixture);
    const struct wh_criterion criteria[] = {
        criterion(wh_value_bool(true), 3, false),  criterion(wh_value_bool(false), 2, false),
        criterion(wh_value_bool(false), 1, true),  criterion(WH_UNKNOWN, 3, true),
        criterion(wh_value_bool(true), 12, false), criterion(wh_value_bool(true), -30, false),
    };
    assert_string_equal(wh_grade_str(grade_of(criteria, 1)), "C");
    assert_string_equal(wh_grade_str(grade_of(criteria, 2)), "C");
    assert_string_equal(wh_grade_str(grade_of(criteria, 3)), "C-");
    assert_string_equal(wh_grade_str(grade_of(criteria, 4)), "C-");
    assert_string_equal(wh_grade_str(grade_of(criteria, 5)), "A+");
    assert_string_equal(wh_grade_str(grade_of(criteria, 6)), "F");
}

static void
a_label_is_the_last_band_that_was_reached(void **state)
{
    (void)state;
    static const int64_t from[] = {0, 40000, 90000};
    static const struct wh_str names[] = {{"cool", 4}, {"warm", 4}, {"boiling", 7}};
    int32_t score = wh_fixture_score(&fixture);
    int32_t rule = wh_fixture_rule(&fixture, stays);
    fixture.labels[0] = (struct wh_label){
        .names = names,
        .name_count = 3,
        .of = wh_tree_program(&fixture, wh_tree_name(&fixture, WH_OP_SCORE, score)),
        .from = from,
        .changed_signal = -1};
    fixture.ruleset.label_count = 1;
    wh_fixture_ready(&fixture);
    const int64_t awards[] = {-1, 1, 39999, 1, 60000};
    const int32_t ordinals[] = {-1, 0, 0, 1, 2};
    for (size_t i = 0; i < 5; i++) {
        award(rule, awards[i]);
        assert_int_equal(wh_read_label(wh_fixture_at(&fixture, 0), 0), ordinals[i]);
    }
    bool is_known = false;
    struct wh_program heat = wh_tree_program(&fixture, wh_tree_name(&fixture, WH_OP_LABEL, 0));
    const struct wh_template_piece piece = {.program = &heat};
    const struct wh_template template = {&piece, 1};
    struct wh_str text = wh_eval_template(&fixture.view, &template, &is_known);
    assert_true(wh_str_is(text, "boiling"));
}

static void
the_first_true_case_names_the_label(void **state)
{
    (void)state;
    static const struct wh_str names[] = {{"no", 2}, {"maybe", 5}};
    static const int32_t case_names[] = {0, 1, 1};
    const struct wh_program cases[] = {
        wh_tree_program(&fixture, wh_tree_const(&fixture, WH_UNKNOWN)),
        wh_tree_program(&fixture, wh_tree_const(&fixture, wh_value_bool(false))),
        {.count = 0},
    };
    fixture.labels[0] = (struct wh_label){.is_cases = true,
                                          .names = names,
                                          .name_count = 2,
                                          .cases = cases,
                                          .case_names = case_names,
                                          .case_count = 3,
                                          .changed_signal = -1};
    fixture.ruleset.label_count = 1;
    wh_fixture_ready(&fixture);
    assert_int_equal(wh_read_label(wh_fixture_at(&fixture, 0), 0), 1);
    fixture.labels[0].case_count = 2;
    assert_int_equal(wh_read_label(wh_fixture_at(&fixture, 0), 0), -1);
}

static void
a_stage_is_stale_when_it_has_lasted_its_limit(void **state)
{
    (void)state;
    static const struct wh_str names[] = {{"inform", 6}, {"assess", 6}};
    static const int64_t stale[] = {0, 30 * DAY};
    fixture.ruleset.stages =
        (struct wh_stages){.present = true, .names = names, .count = 2, .stale = stale};
    wh_fixture_ready(&fixture);
    int64_t since = 0;
    assert_int_equal(wh_read_stage(wh_fixture_at(&fixture, 0), &since), 0);
    assert_true(since == WH_TIME_MIN);
    (void)wh_fixture_touch(&fixture, WH_FIXTURE_SENT, HOUR);
    assert_int_equal(wh_read_stage(wh_fixture_at(&fixture, HOUR), &since), 0);
    assert_int_equal(since, HOUR);
    assert_false(wh_read_stale(wh_fixture_at(&fixture, 300 * DAY)));
    int64_t *cells = &fixture.state.live.cells[fixture.ruleset.stages.cell];
    cells[WH_STRETCH_VALUE] = 1;
    cells[WH_STRETCH_SINCE] = 2 * DAY;
    assert_false(wh_read_stale(wh_fixture_at(&fixture, 32 * DAY - 1)));
    assert_true(wh_read_stale(wh_fixture_at(&fixture, 32 * DAY)));
}

/* Attributes in the order in which company_of and country_of ask for them. */
enum { COMPANY_DOMAIN, EMPLOYER, ORGANISATION, COUNTRY, NETWORK_COUNTRY, ATTRIBUTES };

static void
begin_with_attributes(void)
{
    static struct wh_attribute attributes[ATTRIBUTES];
    fixture.ruleset.attributes = attributes;
    fixture.ruleset.attribute_count = ATTRIBUTES;
    fixture.ruleset.company_domain = COMPANY_DOMAIN;
    fixture.ruleset.employer = EMPLOYER;
    fixture.ruleset.network_organisation = ORGANISATION;
    fixture.ruleset.country = COUNTRY;
    fixture.ruleset.network_country = NETWORK_COUNTRY;
    wh_fixture_ready(&fixture);
}

static void
say(int32_t attribute, const char *text)
{
    struct wh_value value = text == NULL ? WH_UNKNOWN : wh_value_string(wh_str_of(text));
    fixture.state.live.cells[fixture.ruleset.attributes[attribute].cell] =
        text == NULL ? WH_CELL_UNKNOWN : wh_strings_to_cell(&fixture.state.strings, value);
}

static void
assert_lead(enum wh_lead_fact fact, const char *expected)
{
    struct wh_value value = wh_read_lead(wh_fixture_at(&fixture, 0), fact);
    assert_int_equal(value.type, expected == NULL ? WH_TYPE_UNKNOWN : WH_TYPE_STRING);
    assert_true(expected == NULL || wh_str_is(value.text, expected));
}

static void
a_company_is_said_or_read_from_the_address_or_the_network(void **state)
{
    (void)state;
    begin_with_attributes();
    assert_lead(WH_LEAD_COMPANY, NULL);
    say(ORGANISATION, "Stadtwerke AG");
    assert_lead(WH_LEAD_COMPANY, "stadtwerke ag");
    /* Who is known by an address of a mail provider is not judged by the network. */
    fixture.state.live.cells[fixture.ruleset.layout.known] = 1;
    say(EMPLOYER, NULL);
    assert_lead(WH_LEAD_COMPANY, NULL);
    say(EMPLOYER, "pumps.example");
    assert_lead(WH_LEAD_COMPANY, "pumps.example");
    say(COMPANY_DOMAIN, "heat.example");
    assert_lead(WH_LEAD_COMPANY, "heat.example");
}

static void
a_stated_country_goes_before_that_of_the_network(void **state)
{
    (void)state;
    begin_with_attributes();
    say(NETWORK_COUNTRY, "DE");
    assert_lead(WH_LEAD_COUNTRY, "DE");
    say(COUNTRY, "AT");
    assert_lead(WH_LEAD_COUNTRY, "AT");
    /* The statement that it is unknown is one. */
    say(COUNTRY, NULL);
    assert_lead(WH_LEAD_COUNTRY, NULL);
}

static void
acts_have_a_first_and_a_last(void **state)
{
    (void)state;
    wh_fixture_ready(&fixture);
    assert_lead(WH_LEAD_FIRST_AT, NULL);
    (void)wh_fixture_touch(&fixture, WH_FIXTURE_SENT, 0);
    (void)wh_fixture_touch(&fixture, WH_FIXTURE_CLICK, HOUR);
    (void)wh_fixture_touch(&fixture, WH_FIXTURE_PAGE_VIEW, 2 * HOUR);
    struct wh_view *view = wh_fixture_at(&fixture, DAY);
    assert_int_equal(wh_read_lead(view, WH_LEAD_FIRST_AT).number, HOUR);
    assert_int_equal(wh_read_lead(view, WH_LEAD_LAST_AT).number, 2 * HOUR);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(limits_clamp_rules_then_groups_then_the_score),
        TEST(a_state_adds_its_points_while_it_holds),
        TEST(an_unknown_value_counts_as_nothing_within_the_limit),
        TEST(a_grade_is_counted_in_thirds),
        TEST(a_label_is_the_last_band_that_was_reached),
        TEST(the_first_true_case_names_the_label),
        TEST(a_stage_is_stale_when_it_has_lasted_its_limit),
        TEST(a_company_is_said_or_read_from_the_address_or_the_network),
        TEST(a_stated_country_goes_before_that_of_the_network),
        TEST(acts_have_a_first_and_a_last),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
