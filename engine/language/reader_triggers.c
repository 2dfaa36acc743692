/* Triggers on touches, on edges and on sequences. */
#include "engine/language/build.h"
#include "engine/language/keys.h"
#include "engine/language/reader.h"

static const struct wh_section_key trigger_keys[] = {
    {"id", WH_GIVEN_ALWAYS},       {"entity", WH_GIVEN_OR_NOT},    {"on", WH_GIVEN_OR_NOT},
    {"when", WH_GIVEN_OR_NOT},     {"verdict", WH_GIVEN_OR_NOT},   {"once_per", WH_GIVEN_OR_NOT},
    {"sequence", WH_GIVEN_OR_NOT}, {"within", WH_GIVEN_OR_NOT},    {"after_match", WH_GIVEN_OR_NOT},
    {"missed", WH_GIVEN_OR_NOT},   {"cool_down", WH_GIVEN_OR_NOT}, {"max", WH_GIVEN_OR_NOT},
    {"with", WH_GIVEN_OR_NOT},     {"actions", WH_GIVEN_OR_NOT}};
static const struct wh_section trigger_section = WH_SECTION("a trigger", trigger_keys);

static void
read_on_trigger(struct wh_compiler *compiler, const struct wh_tree *tree, int32_t index)
{
    struct wh_trigger *trigger = &compiler->ruleset->triggers[index];
    struct wh_where where = wh_reader_touch("a trigger", WH_OWNER_TRIGGER, index);
    struct wh_on on = {&trigger->on, &trigger->when, &trigger->verdict};
    trigger->has_on = true;
    (void)wh_reader_on(compiler, tree, &where, &on);
    trigger->once_count =
        wh_reader_once(compiler, wh_tree_find(tree, "once_per"), &where, trigger->once);
}

static void
read_edge_trigger(struct wh_compiler *compiler, const struct wh_tree *tree, int32_t index)
{
    struct wh_trigger *trigger = &compiler->ruleset->triggers[index];
    struct wh_where where = wh_reader_state("a trigger", WH_OWNER_TRIGGER, index);
    trigger->when = wh_build(compiler, &where, wh_tree_find(tree, "when"), WH_EXPECT_BOOL);
    wh_keys_need(compiler, tree, "verdict", "on");
    wh_keys_need(compiler, tree, "once_per", "on");
}

static void
check_exclusions(struct wh_compiler *compiler, const struct wh_tree *tree)
{
    static const char *const of_touches[] = {"on", "when", "verdict", "once_per"};
    static const char *const of_sequences[] = {"within", "after_match", "missed"};
    for (size_t i = 0; i < sizeof(of_touches) / sizeof(of_touches[0]); i++) {
        (void)wh_keys_exclude(compiler, tree, "sequence", of_touches[i],
                              "the steps say which touches");
    }
    for (size_t i = 0; i < sizeof(of_sequences) / sizeof(of_sequences[0]); i++) {
        wh_keys_need(compiler, tree, of_sequences[i], "sequence");
    }
}

static void
read_trigger(struct wh_compiler *compiler, const struct wh_tree *tree, int32_t index)
{
    struct wh_trigger *trigger = &compiler->ruleset->triggers[index];
    const struct wh_step_names *steps = NULL;
    trigger->max = -1;
    if (!wh_keys_check(compiler, tree, &trigger_section)) {
        return;
    }
    wh_keys_entity(compiler, tree);
    check_exclusions(compiler, tree);
    wh_reader_duration(compiler, tree, "cool_down", &trigger->cool_down);
    wh_reader_count(compiler, tree, "max", 1, 1000000, &trigger->max);
    if (wh_tree_find(tree, "sequence") != NULL) {
        trigger->has_on = true;
        steps = wh_reader_sequence(compiler, tree, index);
    } else if (wh_tree_find(tree, "on") != NULL) {
        read_on_trigger(compiler, tree, index);
    } else if (wh_tree_find(tree, "when") != NULL) {
        read_edge_trigger(compiler, tree, index);
    } else {
        wh_keys_missing(compiler, tree, &trigger_section, "\"on\", \"when\" or \"sequence\"");
    }
    wh_reader_announcement(compiler, tree, steps, &trigger->say);
}

void
wh_reader_triggers(struct wh_compiler *compiler)
{
    struct wh_tree *const *items;
    size_t count = wh_reader_items(compiler, "triggers", &items);
    for (size_t i = 0; i < count; i++) {
        read_trigger(compiler, items[i], (int32_t)i);
    }
}
