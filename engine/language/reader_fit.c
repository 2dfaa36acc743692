/* How well a lead matches the persona: criteria that move a grade by thirds. */
#include "engine/language/build.h"
#include "engine/language/keys.h"
#include "engine/language/reader.h"
#include "engine/language/scope.h"

#define CRITERIA_MAX 64
#define START_GRADE  2 /* D */

static const struct wh_section_key fit_keys[] = {
    {"start", WH_GIVEN_OR_NOT}, {"mismatch", WH_GIVEN_OR_NOT}, {"criteria", WH_GIVEN_ALWAYS}};
static const struct wh_section fit_section = WH_SECTION("a fit section", fit_keys);

static const struct wh_section_key criterion_keys[] = {{"id", WH_GIVEN_ALWAYS},
                                                       {"when", WH_GIVEN_ALWAYS},
                                                       {"weight", WH_GIVEN_ALWAYS},
                                                       {"mismatch", WH_GIVEN_OR_NOT}};
static const struct wh_section criterion_section = WH_SECTION("a criterion", criterion_keys);

static void
read_mismatch(struct wh_compiler *compiler, const struct wh_tree *tree, bool *ret_subtract)
{
    static const char *const words[] = {"ignore", "subtract"};
    size_t choice = 0;
    if (tree != NULL && wh_scalar_choice(compiler->problems, tree, words, 2, &choice)) {
        *ret_subtract = choice == 1;
    }
}

static void
read_criterion(struct wh_compiler *compiler, const struct wh_tree *tree, struct wh_local *names,
               struct wh_criterion *criterion)
{
    if (!wh_keys_check(compiler, tree, &criterion_section)) {
        return;
    }
    struct wh_where where = wh_reader_state("a criterion", WH_OWNER_GRADE, 0);
    const struct wh_tree *id = wh_tree_find(tree, "id");
    const struct wh_tree *weight = wh_tree_find(tree, "weight");
    if (id != NULL && wh_scalar_word(compiler->problems, id, &criterion->id)) {
        wh_local_define(names, criterion->id, &id->location);
    }
    criterion->when = wh_build(compiler, &where, wh_tree_find(tree, "when"), WH_EXPECT_BOOL);
    if (weight != NULL) {
        (void)wh_scalar_weight(compiler->problems, weight, &criterion->thirds);
    }
    read_mismatch(compiler, wh_tree_find(tree, "mismatch"), &criterion->subtract);
}

void
wh_reader_fit(struct wh_compiler *compiler)
{
    const struct wh_tree *tree = wh_tree_find(compiler->root, "fit");
    struct wh_fit *fit = &compiler->ruleset->fit;
    fit->start = START_GRADE;
    if (tree == NULL || !wh_keys_check(compiler, tree, &fit_section)) {
        return;
    }
    bool subtracts = false;
    const struct wh_tree *start = wh_tree_find(tree, "start");
    if (start != NULL) {
        (void)wh_scalar_grade(compiler->problems, start, &fit->start);
    }
    read_mismatch(compiler, wh_tree_find(tree, "mismatch"), &subtracts);
    struct wh_tree *const *items;
    const struct wh_tree *list = wh_tree_find(tree, "criteria");
    size_t count = wh_keys_items(compiler, list, &items);
    struct wh_criterion *criteria = WH_ARENA_ARRAY(compiler->arena, struct wh_criterion, count);
    struct wh_local names;
    wh_local_init(&names, compiler, "criterion");
    for (size_t i = 0; i < count; i++) {
        criteria[i].subtract = subtracts;
        read_criterion(compiler, items[i], &names, &criteria[i]);
    }
    wh_keys_bound_at(compiler, tree, "criteria", count, CRITERIA_MAX, "a fit");
    fit->criteria = criteria;
    fit->count = count;
}
