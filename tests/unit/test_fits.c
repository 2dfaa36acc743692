/* What the model alone can tell of bytes that were read: whether they are of an entity that it has
 * made. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/score/fits.h"
#include "tests/support/one_lead.h"

static struct wh_one_lead lead;
static struct wh_entity entity;

static const char model[] =
    "scores:\n"
    "  - id: interest\n"
    "    decay: { half_life: 30d }\n"
    "    rules:\n"
    "      - { id: page, on: page_view, points: 5, once_per: touch.page.path }\n"
    "      - { id: fit, while: lead.role == \"head\", points: 3 }\n"
    "labels:\n"
    "  - { id: heat, announce: true, of: interest, bands: { cold: 0, hot: 8 } }\n"
    "segments: [ { id: quiet, when: silent(10d) } ]\n"
    "triggers: [ { id: seen, on: page_view } ]\n"
    "qualification: [ { id: ready, arm: interest >= 8 } ]\n";

static int
set_up(void **state)
{
    (void)state;
    wh_one_lead_open(&lead, model);
    (void)wh_one_lead_touch(&lead, &(struct wh_sketch){.at = "1h", .path = "/a"});
    (void)wh_one_lead_touch(&lead, &(struct wh_sketch){.at = "2h", .path = "/b"});
    (void)wh_one_lead_touch(&lead, &(struct wh_sketch){.at = "1d", .lead = "role=head"});
    entity = (struct wh_entity){.state = lead.state};
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    wh_one_lead_close(&lead);
    return 0;
}

static bool
fits(void)
{
    return wh_entity_fits(&lead.model->ruleset, &entity);
}

/* Sets a number, looks, and sets it back. */
static void
expect_misfit(int64_t *number, int64_t wrong)
{
    int64_t right = *number;
    assert_true(fits());
    *number = wrong;
    assert_false(fits());
    *number = right;
}

static void
what_a_model_made_fits_it(void **state)
{
    (void)state;
    assert_true(fits());
    wh_one_lead_pass(&lead, "40d");
    entity.state = lead.state;
    assert_true(fits());
}

static void
counts_are_those_of_the_model(void **state)
{
    (void)state;
    entity.state.live.cell_count--;
    assert_false(fits());
    entity.state.live.cell_count++;
    entity.state.announced.trigger_count++;
    assert_false(fits());
}

static void
rows_name_types_and_places_that_there_are(void **state)
{
    (void)state;
    const struct wh_ruleset *ruleset = &lead.model->ruleset;
    int32_t type = entity.state.history.type[0];
    entity.state.history.type[0] = (int32_t)ruleset->type_count;
    assert_false(fits());
    entity.state.history.type[0] = type;
    assert_true(fits());
    entity.state.history.place[0] = (int16_t)ruleset->place_count;
    assert_false(fits());
}

static void
folds_hold_what_is_looked_up_by_number(void **state)
{
    (void)state;
    const struct wh_ruleset *ruleset = &lead.model->ruleset;
    int64_t *cells = entity.state.live.cells;
    int64_t strings = entity.state.strings.count;
    assert_true(ruleset->labels[0].cell >= 0 && ruleset->segments[0].cell >= 0);
    expect_misfit(&cells[ruleset->labels[0].cell], (int64_t)ruleset->labels[0].name_count + 1);
    expect_misfit(&cells[ruleset->labels[0].cell], -1);
    expect_misfit(&cells[ruleset->labels[0].cell + WH_STRETCH_CAUSE], strings + 1);
    expect_misfit(&cells[ruleset->segments[0].cell], 2);
    int32_t ripe = ruleset->qualifications[0].cell + WH_QUALIFICATION_CELL_RIPE;
    expect_misfit(&cells[ripe + WH_STRETCH_CAUSE], -1);
    size_t value = 0;
    while (ruleset->layout.cell_is_value[value] == 0) {
        value++;
    }
    expect_misfit(&cells[value], wh_cell_make(WH_TYPE_STRING, strings));
}

static void
lists_hold_whole_items(void **state)
{
    (void)state;
    const struct wh_ruleset *ruleset = &lead.model->ruleset;
    struct wh_fold_list *firings = &entity.state.live.lists[ruleset->triggers[0].firings_list];
    assert_true(firings->count >= WH_FIRING_ITEMS);
    expect_misfit(&firings->items[WH_FIRING_ITEM_CAUSE], entity.state.strings.count + 1);
    firings->count--;
    assert_false(fits());
    firings->count++;
    struct wh_fold_list *once = &entity.state.live.lists[ruleset->rules[0].once_list];
    once->count--;
    assert_false(fits());
}

static void
shares_name_rules_and_cells_that_there_are(void **state)
{
    (void)state;
    const struct wh_ruleset *ruleset = &lead.model->ruleset;
    struct wh_fold_rule rule = {.index = 0};
    struct wh_fold_pair total = {0, 1};
    struct wh_bundle_fold share = {.rules = &rule, .rule_count = 1, .totals = {&total, 1, 1}};
    entity.state.folds = &share;
    entity.state.fold_count = 1;
    while (ruleset->layout.cell_is_value[total.key] != 0) {
        total.key++;
    }
    expect_misfit(&total.key, ruleset->layout.cell_count);
    expect_misfit(&total.key, -1);
    rule.index = (int32_t)ruleset->rule_count;
    assert_false(fits());
    entity.state.folds = NULL;
    entity.state.fold_count = 0;
}

static void
labels_that_were_announced_are_labels(void **state)
{
    (void)state;
    const struct wh_ruleset *ruleset = &lead.model->ruleset;
    entity.state.announced.labels[0].value = (int32_t)ruleset->labels[0].name_count + 1;
    assert_false(fits());
    entity.state.announced.labels[0].value = 0;
    entity.state.announced.stage.value = 1;
    assert_false(fits());
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_a_model_made_fits_it),
        TEST(counts_are_those_of_the_model),
        TEST(rows_name_types_and_places_that_there_are),
        TEST(folds_hold_what_is_looked_up_by_number),
        TEST(lists_hold_whole_items),
        TEST(shares_name_rules_and_cells_that_there_are),
        TEST(labels_that_were_announced_are_labels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
