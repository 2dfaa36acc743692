/* Scores with their groups and rules. */
#include "engine/language/build.h"
#include "engine/language/keys.h"
#include "engine/language/reader.h"
#include "engine/language/scope.h"

#define RULES_MAX  4096
#define GROUPS_MAX 32

static const struct wh_section_key score_keys[] = {
    {"id", WH_GIVEN_ALWAYS},    {"entity", WH_GIVEN_OR_NOT}, {"rules", WH_GIVEN_OR_NOT},
    {"value", WH_GIVEN_OR_NOT}, {"limit", WH_GIVEN_OR_NOT},  {"cap", WH_GIVEN_OR_NOT},
    {"decay", WH_GIVEN_OR_NOT}, {"groups", WH_GIVEN_OR_NOT}, {"suspend", WH_GIVEN_OR_NOT}};
static const struct wh_section score_section = WH_SECTION("a score", score_keys);

static const struct wh_section_key group_keys[] = {
    {"limit", WH_GIVEN_OR_NOT}, {"cap", WH_GIVEN_OR_NOT}, {"decay", WH_GIVEN_OR_NOT}};
static const struct wh_section group_section = WH_SECTION("a group", group_keys);

static const struct wh_section_key rule_keys[] = {
    {"id", WH_GIVEN_ALWAYS},          {"group", WH_GIVEN_OR_NOT},   {"on", WH_GIVEN_OR_NOT},
    {"when", WH_GIVEN_OR_NOT},        {"verdict", WH_GIVEN_OR_NOT}, {"while", WH_GIVEN_OR_NOT},
    {"points", WH_GIVEN_OR_NOT},      {"set", WH_GIVEN_OR_NOT},     {"once_per", WH_GIVEN_OR_NOT},
    {"progressive", WH_GIVEN_OR_NOT}, {"limit", WH_GIVEN_OR_NOT},   {"cap", WH_GIVEN_OR_NOT},
    {"decay", WH_GIVEN_OR_NOT},       {"note", WH_GIVEN_OR_NOT}};
static const struct wh_section rule_section = WH_SECTION("a rule", rule_keys);

/* One score while it is read. */
struct reading {
    struct wh_compiler *compiler;
    const struct wh_tree *tree;
    int32_t index;
    struct wh_score *score;
    struct wh_decay decay; /* of the score */
    struct wh_local groups;
    struct wh_decay *group_decays;
    struct wh_local rules;
};

static void
read_groups(struct reading *reading)
{
    struct wh_compiler *compiler = reading->compiler;
    const struct wh_tree *tree = wh_tree_find(reading->tree, "groups");
    const struct wh_tree_entry *entries;
    size_t count = wh_keys_entries(compiler, tree, &entries);
    reading->score->groups = WH_ARENA_ARRAY(compiler->arena, struct wh_group, count);
    reading->group_decays = WH_ARENA_ARRAY(compiler->arena, struct wh_decay, count);
    reading->score->group_count = count;
    for (size_t i = 0; i < count; i++) {
        struct wh_group *group = &reading->score->groups[i];
        reading->group_decays[i] = reading->decay;
        (void)wh_scalar_key_word(compiler->problems, &entries[i], &group->id);
        wh_local_define(&reading->groups, group->id, &entries[i].key_location);
        if (!wh_keys_check(compiler, entries[i].value, &group_section)) {
            continue;
        }
        wh_reader_limit(compiler, wh_tree_find(entries[i].value, "limit"), &group->limit);
        wh_reader_cap(compiler, wh_tree_find(entries[i].value, "cap"), &group->cap);
        (void)wh_reader_decay(compiler, wh_tree_find(entries[i].value, "decay"),
                              &reading->group_decays[i]);
    }
    wh_keys_bound_at(compiler, reading->tree, "groups", count, GROUPS_MAX, "a score");
}

static void
check_award(struct wh_compiler *compiler, const struct wh_tree *tree,
            const struct wh_program *points)
{
    if (points->count != 1 || points->nodes[0].op != WH_OP_CONST ||
        (points->nodes[0].arg <= WH_AWARD_MAX && points->nodes[0].arg >= -WH_AWARD_MAX)) {
        return;
    }
    wh_problem_error(compiler->problems, &tree->location,
                     "%.*s points at once; at most 1,000,000 are possible",
                     WH_STR_ARG(points->source));
}

static void
read_points(struct wh_compiler *compiler, const struct wh_tree *tree, struct wh_where where,
            struct wh_rule *rule)
{
    const struct wh_tree *points = wh_tree_find(tree, "points");
    const struct wh_tree *set = wh_tree_find(tree, "set");
    where.makes_points = true;
    rule->is_set = set != NULL;
    if (points == NULL && set == NULL) {
        wh_keys_missing(compiler, tree, &rule_section, "\"points\" or \"set\"");
        return;
    }
    if (wh_keys_exclude(compiler, tree, "points", "set",
                        "points to add, or what the score becomes")) {
        return;
    }
    const struct wh_tree *given = set != NULL ? set : points;
    rule->points = wh_build(compiler, &where, given, WH_EXPECT_NUMBER);
    check_award(compiler, given, &rule->points);
}

static void
read_progressive(struct wh_compiler *compiler, const struct wh_tree *tree,
                 const struct wh_where *where, struct wh_rule *rule)
{
    if (tree == NULL) {
        return;
    }
    if (wh_tree_is_text(tree, "lead")) {
        rule->progressive_lead = true;
        return;
    }
    rule->progressive = wh_build(compiler, where, tree, WH_EXPECT_ANY);
}

static void
read_on_rule(struct reading *reading, const struct wh_tree *tree, struct wh_rule *rule)
{
    struct wh_compiler *compiler = reading->compiler;
    struct wh_where where = wh_reader_touch("a rule", WH_OWNER_SCORE, reading->index);
    struct wh_on on = {&rule->on, &rule->when, &rule->verdict};
    (void)wh_reader_on(compiler, tree, &where, &on);
    read_points(compiler, tree, where, rule);
    rule->once_count = wh_reader_once(compiler, wh_tree_find(tree, "once_per"), &where, rule->once);
    read_progressive(compiler, wh_tree_find(tree, "progressive"), &where, rule);
    wh_reader_cap(compiler, wh_tree_find(tree, "cap"), &rule->cap);
}

/* A state has no touches that could be picked out, counted or capped. */
static void
read_state_rule(struct reading *reading, const struct wh_tree *tree, struct wh_rule *rule)
{
    static const char *const of_touches[] = {"when",        "verdict", "set",  "once_per",
                                             "progressive", "cap",     "decay"};
    struct wh_compiler *compiler = reading->compiler;
    struct wh_where where = wh_reader_state("a rule with while", WH_OWNER_SCORE, reading->index);
    rule->is_state = true;
    rule->when = wh_build(compiler, &where, wh_tree_find(tree, "while"), WH_EXPECT_BOOL);
    for (size_t i = 0; i < sizeof(of_touches) / sizeof(of_touches[0]); i++) {
        wh_keys_need(compiler, tree, of_touches[i], "on");
    }
    if (wh_tree_find(tree, "set") == NULL) {
        read_points(compiler, tree, where, rule);
    }
}

static void
read_group_of(struct reading *reading, const struct wh_tree *tree, struct wh_rule *rule)
{
    const struct wh_tree *group = wh_tree_find(tree, "group");
    struct wh_str name;
    rule->group = -1;
    if (group == NULL || !wh_scalar_text(reading->compiler->problems, group, &name)) {
        return;
    }
    rule->group = wh_local_find(&reading->groups, name, &group->location);
}

static void
read_rule(struct reading *reading, const struct wh_tree *tree, struct wh_rule *rule)
{
    struct wh_compiler *compiler = reading->compiler;
    rule->score = reading->index;
    rule->group = -1;
    if (!wh_keys_check(compiler, tree, &rule_section)) {
        return;
    }
    const struct wh_tree *id = wh_tree_find(tree, "id");
    const struct wh_tree *note = wh_tree_find(tree, "note");
    if (id != NULL && wh_scalar_word(compiler->problems, id, &rule->id)) {
        wh_local_define(&reading->rules, rule->id, &id->location);
    }
    if (note != NULL) {
        (void)wh_scalar_text(compiler->problems, note, &rule->note);
    }
    read_group_of(reading, tree, rule);
    rule->decay = rule->group >= 0 ? reading->group_decays[rule->group] : reading->decay;
    (void)wh_reader_decay(compiler, wh_tree_find(tree, "decay"), &rule->decay);
    wh_reader_limit(compiler, wh_tree_find(tree, "limit"), &rule->limit);
    bool is_both = wh_keys_exclude(compiler, tree, "on", "while",
                                   "points at a touch, or points while something holds");
    if (is_both) {
        return;
    }
    if (wh_tree_find(tree, "on") != NULL) {
        read_on_rule(reading, tree, rule);
    } else if (wh_tree_find(tree, "while") != NULL) {
        read_state_rule(reading, tree, rule);
    } else {
        wh_keys_missing(compiler, tree, &rule_section, "\"on\" or \"while\"");
    }
}

static void
read_value(struct reading *reading, const struct wh_tree *tree)
{
    struct wh_compiler *compiler = reading->compiler;
    struct wh_score *score = reading->score;
    struct wh_where where = wh_reader_state("a value", WH_OWNER_SCORE, reading->index);
    where.makes_points = true;
    score->is_value = true;
    score->value = wh_build(compiler, &where, tree, WH_EXPECT_NUMBER);
    score->terms = wh_build_terms(compiler, &score->value, &score->term_signs, &score->term_count);
}

static void
read_rules(struct reading *reading, struct wh_tree *const *items, size_t count)
{
    struct wh_rule *rules = &reading->compiler->ruleset->rules[reading->score->first_rule];
    for (size_t i = 0; i < count; i++) {
        read_rule(reading, items[i], &rules[i]);
    }
}

static void
read_score(struct reading *reading, struct wh_tree *const *items, size_t count)
{
    struct wh_compiler *compiler = reading->compiler;
    const struct wh_tree *tree = reading->tree;
    struct wh_where where = wh_reader_state("a suspend", WH_OWNER_SCORE, reading->index);
    if (!wh_keys_check(compiler, tree, &score_section)) {
        return;
    }
    wh_keys_entity(compiler, tree);
    wh_reader_limit(compiler, wh_tree_find(tree, "limit"), &reading->score->limit);
    wh_reader_cap(compiler, wh_tree_find(tree, "cap"), &reading->score->cap);
    (void)wh_reader_decay(compiler, wh_tree_find(tree, "decay"), &reading->decay);
    where.is_watched = false;
    reading->score->suspend =
        wh_build(compiler, &where, wh_tree_find(tree, "suspend"), WH_EXPECT_BOOL);
    read_groups(reading);
    const struct wh_tree *value = wh_tree_find(tree, "value");
    if (wh_keys_exclude(compiler, tree, "rules", "value", "points from rules, or one expression")) {
        return;
    }
    if (value != NULL) {
        read_value(reading, value);
    } else if (wh_tree_find(tree, "rules") == NULL) {
        wh_keys_missing(compiler, tree, &score_section, "\"rules\" or \"value\"");
    }
    read_rules(reading, items, count);
}

/* Rules of all scores stand in one array, those of one score together. */
static size_t
count_rules(struct wh_compiler *compiler, struct wh_tree *const *scores, size_t count)
{
    size_t total = 0;
    for (size_t i = 0; i < count; i++) {
        struct wh_tree *const *items;
        total += wh_keys_items(compiler, wh_tree_find(scores[i], "rules"), &items);
    }
    return total;
}

void
wh_reader_scores(struct wh_compiler *compiler)
{
    struct wh_tree *const *items;
    size_t count = wh_reader_items(compiler, "scores", &items);
    struct wh_ruleset *ruleset = compiler->ruleset;
    if (count == 0) {
        return;
    }
    ruleset->rule_count = count_rules(compiler, items, count);
    ruleset->rules = WH_ARENA_ARRAY(compiler->arena, struct wh_rule, ruleset->rule_count);
    wh_keys_bound(compiler, &wh_tree_find_entry(compiler->root, "scores")->key_location,
                  ruleset->rule_count, RULES_MAX, "rules", "a model");
    int32_t first = 0;
    for (size_t i = 0; i < count; i++) {
        struct reading reading = {.compiler = compiler,
                                  .tree = items[i],
                                  .index = (int32_t)i,
                                  .score = &ruleset->scores[i]};
        wh_local_init(&reading.groups, compiler, "group");
        wh_local_init(&reading.rules, compiler, "rule");
        const struct wh_tree *rules = wh_tree_find(reading.tree, "rules");
        bool has_rules = rules != NULL && rules->kind == WH_TREE_SEQUENCE;
        reading.score->first_rule = first;
        reading.score->rule_count = has_rules ? rules->count : 0;
        read_score(&reading, has_rules ? rules->items : NULL, reading.score->rule_count);
        first += (int32_t)reading.score->rule_count;
    }
}
