/* When a lead is ripe. */
#include "engine/language/build.h"
#include "engine/language/keys.h"
#include "engine/language/reader.h"

static const struct wh_section_key qualification_keys[] = {
    {"id", WH_GIVEN_ALWAYS},        {"entity", WH_GIVEN_OR_NOT}, {"arm", WH_GIVEN_OR_NOT},
    {"on", WH_GIVEN_OR_NOT},        {"when", WH_GIVEN_OR_NOT},   {"verdict", WH_GIVEN_OR_NOT},
    {"disarm", WH_GIVEN_OR_NOT},    {"gate", WH_GIVEN_OR_NOT},   {"except", WH_GIVEN_OR_NOT},
    {"cool_down", WH_GIVEN_OR_NOT}, {"max", WH_GIVEN_OR_NOT},    {"note", WH_GIVEN_OR_NOT},
    {"with", WH_GIVEN_OR_NOT},      {"actions", WH_GIVEN_OR_NOT}};
static const struct wh_section qualification_section =
    WH_SECTION("a qualification", qualification_keys);

static void
read_start(struct wh_compiler *compiler, const struct wh_tree *tree, int32_t index)
{
    struct wh_qualification *qualification = &compiler->ruleset->qualifications[index];
    if (wh_keys_exclude(compiler, tree, "arm", "on",
                        "armed while something holds, or by a touch")) {
        return;
    }
    if (wh_tree_find(tree, "on") != NULL) {
        struct wh_where where = wh_reader_touch("a qualification", WH_OWNER_QUALIFICATION, index);
        struct wh_on on = {&qualification->on, &qualification->when, &qualification->verdict};
        qualification->has_on = true;
        (void)wh_reader_on(compiler, tree, &where, &on);
        return;
    }
    if (wh_tree_find(tree, "arm") == NULL) {
        wh_keys_missing(compiler, tree, &qualification_section, "\"arm\" or \"on\"");
        return;
    }
    struct wh_where where = wh_reader_state("a qualification", WH_OWNER_QUALIFICATION, index);
    wh_keys_need(compiler, tree, "when", "on");
    wh_keys_need(compiler, tree, "verdict", "on");
    qualification->arm = wh_build(compiler, &where, wh_tree_find(tree, "arm"), WH_EXPECT_BOOL);
    qualification->arm_parts =
        wh_build_parts(compiler, &qualification->arm, &qualification->arm_part_count);
}

static void
read_conditions(struct wh_compiler *compiler, const struct wh_tree *tree, int32_t index)
{
    struct wh_qualification *qualification = &compiler->ruleset->qualifications[index];
    struct wh_where where = wh_reader_state("a qualification", WH_OWNER_QUALIFICATION, index);
    const struct wh_tree *disarm = wh_tree_find(tree, "disarm");
    if (disarm != NULL && wh_tree_is_text(disarm, "never")) {
        qualification->disarm_never = true;
    } else {
        qualification->disarm = wh_build(compiler, &where, disarm, WH_EXPECT_BOOL);
    }
    qualification->gate = wh_build(compiler, &where, wh_tree_find(tree, "gate"), WH_EXPECT_BOOL);
    qualification->except =
        wh_build(compiler, &where, wh_tree_find(tree, "except"), WH_EXPECT_BOOL);
}

static void
read_qualification(struct wh_compiler *compiler, const struct wh_tree *tree, int32_t index)
{
    struct wh_qualification *qualification = &compiler->ruleset->qualifications[index];
    qualification->max = -1;
    if (!wh_keys_check(compiler, tree, &qualification_section)) {
        return;
    }
    wh_keys_entity(compiler, tree);
    read_start(compiler, tree, index);
    read_conditions(compiler, tree, index);
    qualification->cool_down = qualification->has_on ? WH_US_PER_DAY : 0;
    wh_reader_duration(compiler, tree, "cool_down", &qualification->cool_down);
    wh_reader_count(compiler, tree, "max", 1, 1000000, &qualification->max);
    wh_reader_announcement(compiler, tree, NULL, &qualification->say);
}

void
wh_reader_qualifications(struct wh_compiler *compiler)
{
    struct wh_tree *const *items;
    size_t count = wh_reader_items(compiler, "qualification", &items);
    for (size_t i = 0; i < count; i++) {
        read_qualification(compiler, items[i], (int32_t)i);
    }
}
