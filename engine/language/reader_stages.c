/* The buying process: order, moves, and what makes a stage stale. */
#include "engine/language/build.h"
#include "engine/language/keys.h"
#include "engine/language/reader.h"

static const struct wh_section_key stages_keys[] = {{"order", WH_GIVEN_ALWAYS},
                                                    {"from", WH_GIVEN_OR_NOT},
                                                    {"never_back", WH_GIVEN_OR_NOT},
                                                    {"moves", WH_GIVEN_OR_NOT},
                                                    {"stale", WH_GIVEN_OR_NOT}};
static const struct wh_section stages_section = WH_SECTION("a stages section", stages_keys);

static const struct wh_section_key move_keys[] = {{"to", WH_GIVEN_ALWAYS},
                                                  {"on", WH_GIVEN_OR_NOT},
                                                  {"when", WH_GIVEN_OR_NOT},
                                                  {"verdict", WH_GIVEN_OR_NOT},
                                                  {"back", WH_GIVEN_OR_NOT}};
static const struct wh_section move_section = WH_SECTION("a move", move_keys);

static void
read_move(struct wh_compiler *compiler, const struct wh_tree *tree, struct wh_move *move)
{
    if (!wh_keys_check(compiler, tree, &move_section)) {
        return;
    }
    const struct wh_tree *to = wh_tree_find(tree, "to");
    const struct wh_tree *back = wh_tree_find(tree, "back");
    const struct wh_tree *when = wh_tree_find(tree, "when");
    move->to = to == NULL ? -1 : wh_reader_stage(compiler, to);
    if (back != NULL) {
        (void)wh_scalar_bool(compiler->problems, back, &move->back);
    }
    if (wh_tree_find(tree, "on") != NULL) {
        struct wh_where where = wh_reader_touch("a move", WH_OWNER_STAGE, 0);
        struct wh_on on = {&move->on, &move->when, &move->verdict};
        move->has_on = true;
        (void)wh_reader_on(compiler, tree, &where, &on);
        return;
    }
    struct wh_where where = wh_reader_state("a move", WH_OWNER_STAGE, 0);
    move->when = wh_build(compiler, &where, when, WH_EXPECT_BOOL);
    wh_keys_need(compiler, tree, "verdict", "on");
    if (when == NULL) {
        wh_keys_missing(compiler, tree, &move_section, "\"on\" or \"when\"");
    }
}

static void
read_stale(struct wh_compiler *compiler, const struct wh_tree *tree, struct wh_stages *stages)
{
    const struct wh_tree_entry *entries;
    size_t count = wh_keys_entries(compiler, tree, &entries);
    int64_t *stale = WH_ARENA_ARRAY(compiler->arena, int64_t, stages->count);
    for (size_t i = 0; i < count; i++) {
        struct wh_tree key = {
            .kind = WH_TREE_SCALAR, .location = entries[i].key_location, .text = entries[i].key};
        int32_t stage = wh_reader_stage(compiler, &key);
        int64_t limit = 0;
        if (wh_scalar_duration(compiler->problems, entries[i].value, &limit) && stage >= 0) {
            stale[stage] = limit;
        }
    }
    stages->stale = stale;
}

void
wh_reader_stages(struct wh_compiler *compiler)
{
    static const char *const from_words[] = {"place"};
    const struct wh_tree *tree = wh_tree_find(compiler->root, "stages");
    struct wh_stages *stages = &compiler->ruleset->stages;
    stages->never_back = true;
    if (tree == NULL || !wh_keys_check(compiler, tree, &stages_section)) {
        return;
    }
    const struct wh_tree *from = wh_tree_find(tree, "from");
    const struct wh_tree *never_back = wh_tree_find(tree, "never_back");
    size_t choice = 0;
    stages->from_place =
        from != NULL && wh_scalar_choice(compiler->problems, from, from_words, 1, &choice);
    if (never_back != NULL) {
        (void)wh_scalar_bool(compiler->problems, never_back, &stages->never_back);
    }
    struct wh_tree *const *items;
    size_t count = wh_keys_items(compiler, wh_tree_find(tree, "moves"), &items);
    struct wh_move *moves = WH_ARENA_ARRAY(compiler->arena, struct wh_move, count);
    for (size_t i = 0; i < count; i++) {
        read_move(compiler, items[i], &moves[i]);
    }
    stages->moves = moves;
    stages->move_count = count;
    read_stale(compiler, wh_tree_find(tree, "stale"), stages);
    if (stages->count == 0 && wh_tree_find(tree, "order") != NULL) {
        wh_problem_error(compiler->problems, &wh_tree_find(tree, "order")->location,
                         "a model with stages has at least one");
    }
}
