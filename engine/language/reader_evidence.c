/* What is evidence of a robot, and what confirms a person. */
#include "engine/language/build.h"
#include "engine/language/builder.h"
#include "engine/language/intern.h"
#include "engine/language/keys.h"
#include "engine/language/reader.h"
#include "engine/language/scope.h"

static const struct wh_section_key evidence_keys[] = {
    {"id", WH_GIVEN_ALWAYS},   {"on", WH_GIVEN_ALWAYS},    {"is", WH_GIVEN_ALWAYS},
    {"when", WH_GIVEN_OR_NOT}, {"burst", WH_GIVEN_OR_NOT}, {"near", WH_GIVEN_OR_NOT}};
static const struct wh_section evidence_section = WH_SECTION("an evidence", evidence_keys);

static const struct wh_section_key burst_keys[] = {
    {"same", WH_GIVEN_ALWAYS}, {"count", WH_GIVEN_ALWAYS}, {"within", WH_GIVEN_ALWAYS}};
static const struct wh_section burst_section = WH_SECTION("a burst", burst_keys);

static const struct wh_section_key near_keys[] = {{"same", WH_GIVEN_ALWAYS},
                                                  {"any", WH_GIVEN_ALWAYS},
                                                  {"within", WH_GIVEN_ALWAYS},
                                                  {"back", WH_GIVEN_OR_NOT}};
static const struct wh_section near_section = WH_SECTION("a near", near_keys);

static const struct wh_section_key confirm_keys[] = {{"id", WH_GIVEN_ALWAYS},
                                                     {"on", WH_GIVEN_ALWAYS},
                                                     {"followed_by", WH_GIVEN_OR_NOT},
                                                     {"within", WH_GIVEN_OR_NOT},
                                                     {"quiet", WH_GIVEN_OR_NOT}};
static const struct wh_section confirm_section = WH_SECTION("a confirm", confirm_keys);

static const struct wh_where evidence_where = {.name = "a verdict",
                                               .has_touch = true,
                                               .has_aggregates = true,
                                               .sees_all = true,
                                               .changed_label = -1};

/* A time that a touch reaches: it is over some day, and touches of it are still kept. */
static int64_t
read_reach(struct wh_compiler *compiler, const struct wh_tree *tree, const char *key)
{
    int64_t us = 0;
    const struct wh_tree *value = wh_tree_find(tree, key);
    if (value == NULL || !wh_scalar_duration(compiler->problems, value, &us)) {
        return 0;
    }
    if (us == 0) {
        wh_problem_error(compiler->problems, &value->location, "\"%s\" is longer than 0s", key);
    }
    (void)wh_builder_check_reach(compiler, &value->location, us);
    return us;
}

static void
read_burst(struct wh_compiler *compiler, const struct wh_tree *tree, const struct wh_where *where,
           struct wh_evidence *evidence)
{
    int64_t count = 2;
    evidence->kind = WH_EVIDENCE_BURST;
    if (!wh_keys_check(compiler, tree, &burst_section)) {
        return;
    }
    evidence->same = wh_build(compiler, where, wh_tree_find(tree, "same"), WH_EXPECT_ANY);
    wh_reader_count(compiler, tree, "count", 2, WH_BURST_COUNT_MAX, &count);
    evidence->count = (uint32_t)count;
    evidence->within = read_reach(compiler, tree, "within");
}

static void
read_any(struct wh_compiler *compiler, const struct wh_tree *tree, const struct wh_where *where,
         struct wh_evidence *evidence)
{
    struct wh_tree *const *items;
    size_t count = wh_keys_items(compiler, wh_tree_find(tree, "any"), &items);
    struct wh_program *any = WH_ARENA_ARRAY(compiler->arena, struct wh_program, count);
    wh_keys_bound_at(compiler, tree, "any", count, WH_NEAR_ANY_MAX, "a near");
    for (size_t i = 0; i < count; i++) {
        any[i] = wh_build(compiler, where, items[i], WH_EXPECT_ANY);
    }
    evidence->any = any;
    evidence->any_count = count;
}

static void
read_near(struct wh_compiler *compiler, const struct wh_tree *tree, const struct wh_where *where,
          struct wh_evidence *evidence)
{
    evidence->kind = WH_EVIDENCE_NEAR;
    if (!wh_keys_check(compiler, tree, &near_section)) {
        return;
    }
    evidence->same = wh_build(compiler, where, wh_tree_find(tree, "same"), WH_EXPECT_ANY);
    read_any(compiler, tree, where, evidence);
    evidence->within = read_reach(compiler, tree, "within");
    wh_reader_duration(compiler, tree, "back", &evidence->back);
    const struct wh_tree *back = wh_tree_find(tree, "back");
    if (back != NULL) {
        (void)wh_builder_check_reach(compiler, &back->location, evidence->back);
    }
}

/* One of when, burst and near; with burst, when says which touches. */
static void
read_kind(struct wh_compiler *compiler, const struct wh_tree *tree, const struct wh_where *where,
          struct wh_evidence *evidence)
{
    const struct wh_tree *burst = wh_tree_find(tree, "burst");
    const struct wh_tree *near = wh_tree_find(tree, "near");
    const struct wh_tree *when = wh_tree_find(tree, "when");
    (void)wh_keys_exclude(compiler, tree, "burst", "near", "an evidence is one of them");
    (void)wh_keys_exclude(compiler, tree, "near", "when",
                          "near takes all touches of \"on\"; narrow \"on\" instead");
    evidence->when = wh_build(compiler, where, when, WH_EXPECT_BOOL);
    if (burst != NULL) {
        read_burst(compiler, burst, where, evidence);
    } else if (near != NULL) {
        read_near(compiler, near, where, evidence);
    } else if (when == NULL) {
        wh_keys_missing(compiler, tree, &evidence_section, "\"when\", \"burst\" or \"near\"");
    }
}

static void
read_evidence(struct wh_compiler *compiler, const struct wh_tree *tree, struct wh_local *names,
              struct wh_evidence *evidence)
{
    if (!wh_keys_check(compiler, tree, &evidence_section)) {
        return;
    }
    const struct wh_tree *id = wh_tree_find(tree, "id");
    const struct wh_tree *on = wh_tree_find(tree, "on");
    const struct wh_tree *is = wh_tree_find(tree, "is");
    struct wh_where where = evidence_where;
    if (id != NULL && wh_scalar_word(compiler->problems, id, &evidence->id)) {
        wh_local_define(names, evidence->id, &id->location);
    }
    if (on != NULL && wh_build_on(compiler, &where, on, &evidence->on, &where.changed_label)) {
        where.on = &evidence->on;
    }
    size_t choice = 0;
    if (is != NULL && wh_scalar_choice(compiler->problems, is, wh_verdict_levels,
                                       WH_VERDICT_COUNT - 1, &choice)) {
        evidence->is = (enum wh_verdict)choice;
    }
    read_kind(compiler, tree, &where, evidence);
}

/* A near that nothing begins: others at or below its level are what it spreads. */
static void
check_near(struct wh_compiler *compiler, const struct wh_tree *tree, size_t index)
{
    const struct wh_judging *judging = &compiler->ruleset->judging;
    const struct wh_evidence *near = &judging->evidence[index];
    bool begins = near->kind != WH_EVIDENCE_NEAR;
    for (size_t i = 0; i < judging->evidence_count; i++) {
        begins = begins || (judging->evidence[i].kind != WH_EVIDENCE_NEAR &&
                            judging->evidence[i].is <= near->is);
    }
    const struct wh_tree_entry *entry = wh_tree_find_entry(tree, "near");
    if (!begins && entry != NULL) {
        wh_problem_warning(compiler->problems, &entry->key_location,
                           "never true: no other evidence is %s, so there is nothing to be near to",
                           wh_verdict_levels[near->is]);
    }
}

void
wh_reader_evidence(struct wh_compiler *compiler, const struct wh_tree *section)
{
    struct wh_judging *judging = &compiler->ruleset->judging;
    struct wh_tree *const *items;
    size_t count = wh_keys_items(compiler, wh_tree_find(section, "evidence"), &items);
    wh_keys_bound_at(compiler, section, "evidence", count, WH_EVIDENCE_MAX, "a verdict section");
    count = count < WH_EVIDENCE_MAX ? count : WH_EVIDENCE_MAX;
    struct wh_evidence *evidence = WH_ARENA_ARRAY(compiler->arena, struct wh_evidence, count);
    struct wh_local names;
    wh_local_init(&names, compiler, "evidence");
    for (size_t i = 0; i < count; i++) {
        read_evidence(compiler, items[i], &names, &evidence[i]);
    }
    judging->evidence = evidence;
    judging->evidence_count = count;
    for (size_t i = 0; i < count; i++) {
        check_near(compiler, items[i], i);
    }
}

static void
read_confirm(struct wh_compiler *compiler, const struct wh_tree *tree, struct wh_local *names,
             struct wh_confirm *confirm)
{
    if (!wh_keys_check(compiler, tree, &confirm_section)) {
        return;
    }
    const struct wh_tree *id = wh_tree_find(tree, "id");
    const struct wh_tree *on = wh_tree_find(tree, "on");
    const struct wh_tree *followed = wh_tree_find(tree, "followed_by");
    struct wh_where where = evidence_where;
    int32_t changed = -1;
    if (id != NULL && wh_scalar_word(compiler->problems, id, &confirm->id)) {
        wh_local_define(names, confirm->id, &id->location);
    }
    if (on != NULL) {
        (void)wh_build_on(compiler, &where, on, &confirm->on, &changed);
    }
    if (followed != NULL) {
        (void)wh_build_on(compiler, &where, followed, &confirm->followed_by, &changed);
    }
    if (wh_tree_find(tree, "quiet") == NULL && followed == NULL) {
        wh_keys_missing(compiler, tree, &confirm_section, "\"followed_by\" or \"quiet\"");
    }
    (void)wh_keys_exclude(compiler, tree, "followed_by", "quiet",
                          "confirmed by what follows, or by calm");
    wh_keys_need(compiler, tree, "followed_by", "within");
    wh_keys_need(compiler, tree, "within", "followed_by");
    confirm->within = read_reach(compiler, tree, "within");
    confirm->quiet = read_reach(compiler, tree, "quiet");
}

void
wh_reader_confirm(struct wh_compiler *compiler, const struct wh_tree *section)
{
    struct wh_judging *judging = &compiler->ruleset->judging;
    struct wh_tree *const *items;
    size_t count = wh_keys_items(compiler, wh_tree_find(section, "confirm"), &items);
    wh_keys_bound_at(compiler, section, "confirm", count, WH_CONFIRM_MAX, "a verdict section");
    struct wh_confirm *confirms = WH_ARENA_ARRAY(compiler->arena, struct wh_confirm, count);
    struct wh_local names;
    wh_local_init(&names, compiler, "confirm");
    for (size_t i = 0; i < count; i++) {
        read_confirm(compiler, items[i], &names, &confirms[i]);
    }
    judging->confirms = confirms;
    judging->confirm_count = count;
}
