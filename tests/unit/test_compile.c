/* What stands in a ruleset after a model was compiled. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/compiled.h"

static int64_t
type_of(const struct wh_ruleset *ruleset, const char *name)
{
    int64_t index = -1;
    (void)wh_table_find(&ruleset->type_index, wh_str_of(name), &index);
    return index;
}

static void
expect_number(const struct wh_program *program, int64_t thousandths)
{
    assert_int_equal(program->count, 1);
    assert_int_equal(program->nodes[0].op, WH_OP_CONST);
    assert_int_equal(program->nodes[0].arg, thousandths);
}

static void
an_almost_empty_model_has_its_defaults(void **state)
{
    (void)state;
    struct wh_compiled compiled;
    wh_compiled_open(&compiled, "", NULL);
    const struct wh_ruleset *ruleset = wh_compiled_ruleset(&compiled);
    assert_true(wh_str_is(ruleset->name, "compiled"));
    assert_true(wh_str_is(ruleset->zone->name, "UTC"));
    assert_int_equal(ruleset->session_gap, 30 * WH_US_PER_MINUTE);
    assert_int_equal(ruleset->history_keep, 400 * WH_US_PER_DAY);
    assert_int_equal(ruleset->history_touches, 2000);
    assert_int_equal(ruleset->update_every, -1);
    assert_int_equal(ruleset->identity.people, 8);
    assert_int_equal(ruleset->identity.crowd, 16);
    assert_int_equal(ruleset->identity.devices, 32);
    assert_int_equal(ruleset->identity.kids, 96);
    assert_int_equal(ruleset->minimum, WH_VERDICT_UNCONFIRMED);
    assert_int_equal(ruleset->audience.count, 0);
    assert_false(ruleset->stages.present);
    assert_false(ruleset->fit.present);
    wh_compiled_close(&compiled);
}

static void
a_model_has_its_own_limits_of_identity(void **state)
{
    (void)state;
    struct wh_compiled compiled;
    wh_compiled_open(&compiled, "identity: { people: 2, devices: 64 }\n", NULL);
    const struct wh_ruleset *ruleset = wh_compiled_ruleset(&compiled);
    assert_int_equal(ruleset->identity.people, 2);
    assert_int_equal(ruleset->identity.crowd, 16);
    assert_int_equal(ruleset->identity.devices, 64);
    wh_compiled_close(&compiled);
    wh_compiled_open(&compiled, "identity: { crowd: 65 }\n", NULL);
    assert_int_equal(compiled.problems.error_count, 1);
    wh_compiled_close(&compiled);
}

static void
standard_types_have_their_source(void **state)
{
    (void)state;
    struct wh_compiled compiled;
    wh_compiled_open(&compiled,
                     "data: { touches: { badge_scan: act, heartbeat: no_act, login: no_act } }\n"
                     "verdict: { start: { email_open: unconfirmed } }\n",
                     NULL);
    const struct wh_ruleset *ruleset = wh_compiled_ruleset(&compiled);
    const struct wh_touch_type *types = ruleset->types;
    assert_true(types[type_of(ruleset, "page_view")].act);
    assert_true(wh_str_is(types[type_of(ruleset, "page_view")].source, "web"));
    assert_false(types[type_of(ruleset, "email_sent")].act);
    assert_true(wh_str_is(types[type_of(ruleset, "email_sent")].source, "email"));
    assert_true(types[type_of(ruleset, "badge_scan")].act);
    assert_true(wh_str_is(types[type_of(ruleset, "badge_scan")].source, "web"));
    assert_false(types[type_of(ruleset, "heartbeat")].act);
    assert_false(types[type_of(ruleset, "login")].act);
    assert_int_equal(ruleset->start[type_of(ruleset, "email_open")], WH_VERDICT_UNCONFIRMED);
    assert_int_equal(ruleset->start[type_of(ruleset, "page_view")], WH_VERDICT_HUMAN);
    wh_compiled_close(&compiled);
}

static const char scores[] =
    "constants: { visit: 2 }\n"
    "scores:\n"
    "  - id: interest\n"
    "    limit: [0, 100]\n"
    "    cap: { points: 50, per: week }\n"
    "    decay: { half_life: 30d }\n"
    "    groups:\n"
    "      web: { limit: [none, 60], decay: { step_linear: 20%, every: 7d } }\n"
    "      mail: { limit: [-20, 30] }\n"
    "    rules:\n"
    "      - { id: page, group: web, on: page_view, points: visit,\n"
    "          cap: { points: 10, per: 24h } }\n"
    "      - { id: click, group: mail, on: email_click | email_open, verdict: human, points: 3,\n"
    "          once_per: [touch.send, 1d] }\n"
    "      - { id: call, on: call, set: 10, decay: none }\n"
    "      - { id: any, on: any, points: 0.5, progressive: lead,\n"
    "          decay: { cliff: 3d, only_after: 1d } }\n"
    "      - { id: quiet, while: silent(30d), points: -15, limit: [-5, none] }\n"
    "  - { id: total, value: 0.6 * interest - count(page_view within 7d) + 2 }\n";

static void
rules_inherit_their_decay(void **state)
{
    (void)state;
    struct wh_compiled compiled;
    wh_compiled_open(&compiled, scores, NULL);
    const struct wh_rule *rules = wh_compiled_ruleset(&compiled)->rules;
    assert_int_equal(rules[0].decay.kind, WH_DECAY_STEP_LINEAR);
    assert_int_equal(rules[0].decay.share, 200);
    assert_int_equal(rules[0].decay.duration, 7 * WH_US_PER_DAY);
    assert_int_equal(rules[1].decay.kind, WH_DECAY_HALF_LIFE);
    assert_int_equal(rules[1].decay.duration, 30 * WH_US_PER_DAY);
    assert_int_equal(rules[2].decay.kind, WH_DECAY_NONE);
    assert_int_equal(rules[3].decay.kind, WH_DECAY_CLIFF);
    assert_int_equal(rules[3].decay.only_after, WH_US_PER_DAY);
    wh_compiled_close(&compiled);
}

static void
rules_have_limits_caps_and_classes(void **state)
{
    (void)state;
    struct wh_compiled compiled;
    wh_compiled_open(&compiled, scores, NULL);
    const struct wh_ruleset *ruleset = wh_compiled_ruleset(&compiled);
    const struct wh_score *interest = &ruleset->scores[0];
    const struct wh_rule *rules = ruleset->rules;
    assert_int_equal(interest->rule_count, 5);
    assert_true(interest->limit.has_min && interest->limit.has_max);
    assert_int_equal(interest->limit.max, 100000);
    assert_int_equal(interest->cap.kind, WH_CAP_PERIOD);
    assert_int_equal(interest->cap.period, WH_PERIOD_WEEK);
    assert_false(interest->groups[0].limit.has_min);
    assert_int_equal(interest->groups[1].limit.min, -20000);
    assert_int_equal(rules[0].group, 0);
    assert_int_equal(rules[0].cap.kind, WH_CAP_ROLLING);
    assert_int_equal(rules[0].cap.rolling, WH_US_PER_DAY);
    expect_number(&rules[0].points, 2000);
    assert_int_equal(rules[0].verdict, WH_VERDICT_UNCONFIRMED);
    assert_int_equal(rules[1].verdict, WH_VERDICT_HUMAN);
    assert_int_equal(rules[1].once_count, 2);
    assert_int_equal(rules[1].once[0].kind, WH_ONCE_VALUE);
    assert_int_equal(rules[1].once[1].kind, WH_ONCE_ROLLING);
    assert_int_equal(rules[1].on.type_count, 2);
    assert_true(rules[1].on.types[0] < rules[1].on.types[1]);
    assert_true(rules[2].is_set);
    assert_int_equal(rules[2].group, -1);
    assert_true(rules[3].on.any && rules[3].progressive_lead);
    assert_true(rules[4].is_state);
    assert_int_equal(rules[4].limit.min, -5000);
    wh_compiled_close(&compiled);
}

static void
rules_are_found_by_type(void **state)
{
    (void)state;
    struct wh_compiled compiled;
    wh_compiled_open(&compiled, scores, NULL);
    const struct wh_ruleset *ruleset = wh_compiled_ruleset(&compiled);
    const int32_t *const *by_type = ruleset->scores[0].rules_by_type;
    const int32_t *views = by_type[type_of(ruleset, "page_view") + 1];
    assert_int_equal(views[0], 0);
    assert_int_equal(views[1], 3);
    assert_int_equal(views[2], -1);
    assert_int_equal(by_type[type_of(ruleset, "email_sent") + 1][0], -1);
    assert_int_equal(by_type[0][0], 3);
    assert_int_equal(by_type[0][1], -1);
    wh_compiled_close(&compiled);
}

static void
a_value_is_explained_by_its_terms(void **state)
{
    (void)state;
    struct wh_compiled compiled;
    wh_compiled_open(&compiled, scores, NULL);
    const struct wh_score *total = &wh_compiled_ruleset(&compiled)->scores[1];
    assert_true(total->is_value);
    assert_int_equal(total->term_count, 3);
    assert_true(wh_str_is(total->terms[0].source, "0.6 * interest"));
    assert_true(wh_str_is(total->terms[1].source, "count(page_view within 7d)"));
    assert_true(wh_str_is(total->terms[2].source, "2"));
    assert_int_equal(total->term_signs[0], 1);
    assert_int_equal(total->term_signs[1], -1);
    assert_int_equal(total->term_signs[2], 1);
    assert_true(total->moving);
    wh_compiled_close(&compiled);
}

static void
tables_are_numeric_when_all_keys_are(void **state)
{
    (void)state;
    struct wh_compiled compiled;
    wh_compiled_open(&compiled,
                     "tables:\n"
                     "  steps: { 10: 20, 1: 5, 2.5: 10 }\n"
                     "  needed: { customer: 200, default: 100 }\n"
                     "  wait: { gold: 1d, 7: 7d }\n"
                     "lists: { domains: [a.example, b.example, a.example] }\n",
                     NULL);
    const struct wh_ruleset *ruleset = wh_compiled_ruleset(&compiled);
    const struct wh_lookup *tables = ruleset->tables;
    assert_true(tables[0].numeric);
    assert_int_equal(tables[0].count, 3);
    assert_int_equal(tables[0].keys[0], 1000);
    assert_int_equal(tables[0].keys[1], 2500);
    assert_int_equal(tables[0].values[2].number, 20000);
    assert_false(tables[1].numeric);
    assert_int_equal(tables[1].fallback.number, 100000);
    assert_int_equal(tables[0].fallback.type, WH_TYPE_UNKNOWN);
    assert_false(tables[2].numeric);
    assert_int_equal(tables[2].type, WH_TYPE_DURATION);
    assert_int_equal(ruleset->lists[0].count, 2);
    wh_compiled_close(&compiled);
}

static void
schedules_have_days_and_hours(void **state)
{
    (void)state;
    struct wh_compiled compiled;
    wh_compiled_open(&compiled,
                     "schedules:\n"
                     "  office: { days: \"mon-wed,sun\", hours: \"08:30-17:00\" }\n"
                     "  weekend: { days: sat-mon }\n"
                     "  spring: { from: 2026-03-01, until: 2026-06-01T12:00 }\n",
                     NULL);
    const struct wh_schedule *schedules = wh_compiled_ruleset(&compiled)->schedules;
    assert_int_equal(schedules[0].days, 0x47);
    assert_int_equal(schedules[0].hours_from, 510 * WH_US_PER_MINUTE);
    assert_int_equal(schedules[0].hours_until, 17 * WH_US_PER_HOUR);
    assert_int_equal(schedules[1].days, 0x61);
    assert_int_equal(schedules[1].hours_until, WH_US_PER_DAY);
    assert_int_equal(schedules[2].days, 0x7F);
    /* 2026-03-01 is day 20,513 since 1970; three months and a half day later. */
    assert_int_equal(schedules[2].from, 20513 * WH_US_PER_DAY);
    assert_int_equal(schedules[2].until, 20605 * WH_US_PER_DAY + 12 * WH_US_PER_HOUR);
    assert_int_equal(schedules[1].until, WH_TIME_NEVER);
    wh_compiled_close(&compiled);
}

static void
only_what_is_read_has_a_column(void **state)
{
    (void)state;
    struct wh_compiled compiled;
    wh_compiled_open(
        &compiled,
        "segments:\n"
        "  - { id: a, when: lead.plan == \"pro\" && consent.calls }\n"
        "  - { id: b, when: count(any where it.props.seats > 5 && it.currency == \"EUR\" "
        "within 7d) > 1 }\n",
        NULL);
    const struct wh_ruleset *ruleset = wh_compiled_ruleset(&compiled);
    int64_t at = -1;
    assert_true(wh_table_find(&ruleset->column_index[WH_COLUMN_LEAD], WH_STR("plan"), &at));
    assert_true(wh_table_find(&ruleset->column_index[WH_COLUMN_LEAD], WH_STR("role"), &at));
    assert_false(wh_table_find(&ruleset->column_index[WH_COLUMN_LEAD], WH_STR("seats"), &at));
    assert_true(wh_table_find(&ruleset->column_index[WH_COLUMN_PROP], WH_STR("seats"), &at));
    assert_true(ruleset->columns[at].kept);
    assert_true(ruleset->columns[WH_FIELD_CURRENCY].kept);
    assert_true(ruleset->columns[WH_FIELD_PAGE_PATH].kept);
    assert_false(ruleset->columns[WH_FIELD_PAGE_TITLE].kept);
    assert_int_equal(ruleset->columns[ruleset->attributes[ruleset->email].column].kind,
                     WH_COLUMN_EMAIL);
    assert_int_equal(ruleset->attributes[ruleset->network_country].column,
                     WH_FIELD_NETWORK_COUNTRY);
    assert_int_equal(ruleset->consent_count, 3);
    assert_true(wh_str_is(ruleset->consent_names[2], "calls"));
    wh_compiled_close(&compiled);
}

static const char decisions[] =
    "scores: [ { id: interest, rules: [ { id: p, on: page_view, points: 1 } ] } ]\n"
    "labels:\n"
    "  - { id: tier, announce: true, cases: [ { when: close, label: near }, { label: far } ] }\n"
    "segments:\n"
    "  - { id: close, when: interest > 5 && ready, announce: false }\n"
    "triggers:\n"
    "  - { id: nearing, on: changed(tier), when: touch.to == \"near\", max: 3 }\n"
    "stages:\n"
    "  order: [inform, buy]\n"
    "  moves: [ { to: buy, when: tier == \"near\" } ]\n"
    "  stale: { buy: 3d }\n"
    "qualification:\n"
    "  - { id: sure, arm: interest > 9 && lead.known && stage == \"buy\", disarm: never }\n"
    "  - { id: ready, on: demo_request, note: \"at {touch.place}\" }\n"
    "routes: [ { id: own, to: \"{lead.owner}\" }, { id: rest, to: inbox } ]\n";

static void
values_come_after_what_they_read(void **state)
{
    (void)state;
    struct wh_compiled compiled;
    wh_compiled_open(&compiled, decisions, NULL);
    const struct wh_ruleset *ruleset = wh_compiled_ruleset(&compiled);
    static const struct wh_order expected[] = {
        {WH_ORDER_SCORE, 0}, {WH_ORDER_QUALIFICATION, 1}, {WH_ORDER_SEGMENT, 0},
        {WH_ORDER_LABEL, 0}, {WH_ORDER_TRIGGER, 0},       {WH_ORDER_STAGE, 0},
    };
    assert_int_equal(ruleset->order_count, 6);
    for (size_t i = 0; i < 6; i++) {
        assert_int_equal(ruleset->order[i].kind, expected[i].kind);
        assert_int_equal(ruleset->order[i].index, expected[i].index);
    }
    wh_compiled_close(&compiled);
}

static void
decisions_have_their_parts(void **state)
{
    (void)state;
    struct wh_compiled compiled;
    wh_compiled_open(&compiled, decisions, NULL);
    const struct wh_ruleset *ruleset = wh_compiled_ruleset(&compiled);
    const struct wh_qualification *sure = &ruleset->qualifications[0];
    const struct wh_qualification *ready = &ruleset->qualifications[1];
    assert_true(ruleset->labels[0].announce && ruleset->labels[0].is_cases);
    assert_int_equal(ruleset->labels[0].case_count, 2);
    assert_int_equal(ruleset->labels[0].cases[1].count, 0);
    assert_int_equal(ruleset->labels[0].changed_signal, 0);
    assert_false(ruleset->segments[0].announce);
    assert_int_equal(ruleset->segments[0].entered_signal, -1);
    assert_int_equal(ruleset->triggers[0].on.signal_count, 1);
    assert_int_equal(ruleset->triggers[0].max, 3);
    assert_int_equal(ruleset->stages.stale[1], 3 * WH_US_PER_DAY);
    assert_true(ruleset->stages.never_back);
    assert_true(sure->disarm_never);
    assert_int_equal(sure->arm_part_count, 3);
    assert_true(wh_str_is(sure->arm_parts[1].source, "lead.known"));
    assert_int_equal(sure->cool_down, 0);
    assert_int_equal(sure->max, -1);
    assert_int_equal(ready->cool_down, WH_US_PER_DAY);
    assert_int_equal(ready->say.note.count, 2);
    assert_true(wh_str_is(ready->say.note.pieces[0].literal, "at "));
    assert_non_null(ready->say.note.pieces[1].program);
    assert_int_equal(ruleset->routes[0].to.count, 1);
    assert_non_null(ruleset->routes[0].to.pieces[0].program);
    assert_null(ruleset->routes[1].to.pieces[0].program);
    wh_compiled_close(&compiled);
}

static void
equal_aggregates_are_one(void **state)
{
    (void)state;
    struct wh_compiled compiled;
    wh_compiled_open(
        &compiled,
        "scores:\n"
        "  - id: interest\n"
        "    rules: [ { id: p, on: page_view, when: count(download within 7d) > 1, "
        "points: 1 } ]\n"
        "segments:\n"
        "  - { id: a, when: count(download within 7d) > 2 }\n"
        "  - { id: b, when: count(download within 14d) > 2 }\n"
        "verdict: { evidence: [ { id: e, on: any, when: count(download within 7d) > 9, "
        "is: bot } ] }\n",
        NULL);
    const struct wh_ruleset *ruleset = wh_compiled_ruleset(&compiled);
    assert_int_equal(ruleset->aggregate_count, 3);
    assert_true(ruleset->aggregates[0].sees_all);
    assert_false(ruleset->aggregates[0].watched);
    assert_true(ruleset->aggregates[1].watched);
    assert_int_equal(ruleset->need, 14 * WH_US_PER_DAY);
    assert_int_equal(ruleset->verdict_need, 7 * WH_US_PER_DAY);
    wh_compiled_close(&compiled);
}

static void
the_summary_counts(void **state)
{
    (void)state;
    struct wh_compiled compiled;
    wh_compiled_open(&compiled, scores, NULL);
    (void)wh_compiled_ruleset(&compiled);
    struct wh_str summary = compiled.model->summary;
    assert_true(wh_str_starts_with(
        summary, WH_STR("5 rules, 1 window, needs 400d of 400d history, at most ")));
    assert_true(wh_str_ends_with(
        summary, WH_STR(" bytes a lead, 2 rules at most for one touch (page_view)")));
    wh_compiled_close(&compiled);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_almost_empty_model_has_its_defaults),
        cmocka_unit_test(a_model_has_its_own_limits_of_identity),
        cmocka_unit_test(standard_types_have_their_source),
        cmocka_unit_test(rules_inherit_their_decay),
        cmocka_unit_test(rules_have_limits_caps_and_classes),
        cmocka_unit_test(rules_are_found_by_type),
        cmocka_unit_test(a_value_is_explained_by_its_terms),
        cmocka_unit_test(tables_are_numeric_when_all_keys_are),
        cmocka_unit_test(schedules_have_days_and_hours),
        cmocka_unit_test(only_what_is_read_has_a_column),
        cmocka_unit_test(values_come_after_what_they_read),
        cmocka_unit_test(decisions_have_their_parts),
        cmocka_unit_test(equal_aggregates_are_one),
        cmocka_unit_test(the_summary_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
