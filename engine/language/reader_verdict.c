/* Places, and where verdicts start. Both judge a touch before anything else is known. */
#include "engine/language/build.h"
#include "engine/language/builder.h"
#include "engine/language/intern.h"
#include "engine/language/keys.h"
#include "engine/language/reader.h"
#include "engine/language/scope.h"

#define PLACES_MAX 4096

static const struct wh_section_key place_keys[] = {{"id", WH_GIVEN_ALWAYS},
                                                   {"match", WH_GIVEN_ALWAYS},
                                                   {"theme", WH_GIVEN_OR_NOT},
                                                   {"stage", WH_GIVEN_OR_NOT},
                                                   {"media", WH_GIVEN_OR_NOT}};
static const struct wh_section place_section = WH_SECTION("a place", place_keys);

static const struct wh_section_key verdict_keys[] = {{"minimum", WH_GIVEN_OR_NOT},
                                                     {"start", WH_GIVEN_OR_NOT},
                                                     {"evidence", WH_GIVEN_OR_NOT},
                                                     {"confirm", WH_GIVEN_OR_NOT}};
static const struct wh_section verdict_section = WH_SECTION("a verdict section", verdict_keys);

static const char *const media_words[] = {"owned", "paid", "earned"};

static void
read_place(struct wh_compiler *compiler, const struct wh_tree *tree, struct wh_local *names,
           struct wh_place *place)
{
    static const struct wh_where where = {
        .name = "a place", .has_touch = true, .changed_label = -1};
    place->stage = -1;
    if (!wh_keys_check(compiler, tree, &place_section)) {
        return;
    }
    const struct wh_tree *id = wh_tree_find(tree, "id");
    if (id != NULL && wh_scalar_word(compiler->problems, id, &place->id)) {
        wh_local_define(names, place->id, &id->location);
    }
    place->match = wh_build(compiler, &where, wh_tree_find(tree, "match"), WH_EXPECT_BOOL);
    const struct wh_tree *theme = wh_tree_find(tree, "theme");
    const struct wh_tree *stage = wh_tree_find(tree, "stage");
    const struct wh_tree *media = wh_tree_find(tree, "media");
    size_t choice = 0;
    if (theme != NULL) {
        (void)wh_scalar_word(compiler->problems, theme, &place->theme);
    }
    if (stage != NULL && compiler->ruleset->stages.present) {
        place->stage = wh_reader_stage(compiler, stage);
    } else if (stage != NULL) {
        wh_problem_warning(compiler->problems, &stage->location,
                           "the stage of a place is not used: the model has no stages");
    }
    if (media != NULL && wh_scalar_choice(compiler->problems, media, media_words, 3, &choice)) {
        place->media = wh_str_of(media_words[choice]);
    }
}

void
wh_reader_places(struct wh_compiler *compiler)
{
    const struct wh_tree *section = wh_tree_find(compiler->root, "places");
    struct wh_tree *const *items;
    size_t count = wh_keys_items(compiler, section, &items);
    struct wh_place *places = WH_ARENA_ARRAY(compiler->arena, struct wh_place, count);
    struct wh_local names;
    wh_local_init(&names, compiler, "place");
    for (size_t i = 0; i < count; i++) {
        read_place(compiler, items[i], &names, &places[i]);
    }
    wh_keys_bound_at(compiler, compiler->root, "places", count, PLACES_MAX, "a model");
    compiler->ruleset->places = places;
    compiler->ruleset->place_count = count;
}

/* A key is no selector, so that a type of its own need not stand in quotes. */
static void
check_type(struct wh_compiler *compiler, const struct wh_tree_entry *entry)
{
    struct wh_where where = {.changed_label = -1};
    struct wh_builder builder = {
        .compiler = compiler, .where = &where, .fallback = &entry->key_location};
    wh_builder_check_type(&builder, (struct wh_span){0, 0}, entry->key);
}

static void
read_start(struct wh_compiler *compiler, const struct wh_tree *tree)
{
    const struct wh_tree_entry *entries;
    size_t count = wh_keys_entries(compiler, tree, &entries);
    compiler->starts = WH_ARENA_ARRAY(compiler->arena, struct wh_start, count);
    for (size_t i = 0; i < count; i++) {
        struct wh_start *start = &compiler->starts[compiler->start_count];
        size_t choice = 0;
        if (wh_scalar_choice(compiler->problems, entries[i].value, wh_verdict_levels,
                             WH_VERDICT_COUNT, &choice)) {
            check_type(compiler, &entries[i]);
            start->type = wh_intern_type(compiler, entries[i].key);
            start->level = (enum wh_verdict)choice;
            compiler->start_count++;
        }
    }
}

void
wh_reader_verdict(struct wh_compiler *compiler)
{
    const struct wh_tree *tree = wh_tree_find(compiler->root, "verdict");
    compiler->ruleset->minimum = WH_VERDICT_UNCONFIRMED;
    if (tree == NULL || !wh_keys_check(compiler, tree, &verdict_section)) {
        return;
    }
    const struct wh_tree *minimum = wh_tree_find(tree, "minimum");
    if (minimum != NULL) {
        wh_reader_level(compiler, minimum, &compiler->ruleset->minimum);
    }
    read_start(compiler, wh_tree_find(tree, "start"));
    wh_reader_evidence(compiler, tree);
    wh_reader_confirm(compiler, tree);
}
