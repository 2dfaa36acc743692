/* The single values at the top of a model. */
#include "engine/language/keys.h"
#include "engine/language/reader.h"
#include "engine/language/zoneinfo.h"

#define LANGUAGE_VERSION 1
/* Beyond it the kids that an entity remembers (identity.md 9) would end before they are counted. */
#define IDENTITY_LIMIT_MAX 64

static const struct wh_section_key model_keys[] = {
    {"waterhole", WH_GIVEN_ALWAYS},     {"name", WH_GIVEN_ALWAYS},
    {"zone", WH_GIVEN_OR_NOT},          {"audience", WH_GIVEN_OR_NOT},
    {"suspend", WH_GIVEN_OR_NOT},       {"adopt", WH_GIVEN_OR_NOT},
    {"shadow", WH_GIVEN_OR_NOT},        {"constants", WH_GIVEN_OR_NOT},
    {"tables", WH_GIVEN_OR_NOT},        {"lists", WH_GIVEN_OR_NOT},
    {"schedules", WH_GIVEN_OR_NOT},     {"data", WH_GIVEN_OR_NOT},
    {"sessions", WH_GIVEN_OR_NOT},      {"updates", WH_GIVEN_OR_NOT},
    {"identity", WH_GIVEN_OR_NOT},      {"history", WH_GIVEN_OR_NOT},
    {"places", WH_GIVEN_OR_NOT},        {"verdict", WH_GIVEN_OR_NOT},
    {"fit", WH_GIVEN_OR_NOT},           {"scores", WH_GIVEN_OR_NOT},
    {"labels", WH_GIVEN_OR_NOT},        {"segments", WH_GIVEN_OR_NOT},
    {"triggers", WH_GIVEN_OR_NOT},      {"stages", WH_GIVEN_OR_NOT},
    {"qualification", WH_GIVEN_OR_NOT}, {"routes", WH_GIVEN_OR_NOT},
    {"nurture", WH_GIVEN_OR_NOT},
};
static const struct wh_section model_section = WH_SECTION("a model", model_keys);

static const struct wh_section_key session_keys[] = {{"gap", WH_GIVEN_OR_NOT}};
static const struct wh_section session_section = WH_SECTION("a sessions section", session_keys);

static const struct wh_section_key history_keys[] = {{"keep", WH_GIVEN_OR_NOT},
                                                     {"touches", WH_GIVEN_OR_NOT}};
static const struct wh_section history_section = WH_SECTION("a history section", history_keys);

static const struct wh_section_key update_keys[] = {{"min_change", WH_GIVEN_OR_NOT},
                                                    {"every", WH_GIVEN_ALWAYS}};
static const struct wh_section update_section = WH_SECTION("an updates section", update_keys);

static const struct wh_section_key identity_keys[] = {{"placeholders", WH_GIVEN_OR_NOT},
                                                      {"people", WH_GIVEN_OR_NOT},
                                                      {"crowd", WH_GIVEN_OR_NOT},
                                                      {"devices", WH_GIVEN_OR_NOT}};
static const struct wh_section identity_section = WH_SECTION("an identity section", identity_keys);

void
wh_reader_duration(struct wh_compiler *compiler, const struct wh_tree *tree, const char *key,
                   int64_t *ret_us)
{
    const struct wh_tree *value = wh_tree_find(tree, key);
    if (value != NULL) {
        (void)wh_scalar_duration(compiler->problems, value, ret_us);
    }
}

void
wh_reader_count(struct wh_compiler *compiler, const struct wh_tree *tree, const char *key,
                int64_t min, int64_t max, int64_t *ret_count)
{
    const struct wh_tree *value = wh_tree_find(tree, key);
    if (value != NULL) {
        (void)wh_scalar_count(compiler->problems, value, min, max, ret_count);
    }
}

static void
read_version(struct wh_compiler *compiler)
{
    const struct wh_tree *tree = wh_tree_find(compiler->root, "waterhole");
    int64_t version = LANGUAGE_VERSION;
    if (tree == NULL || !wh_scalar_count(compiler->problems, tree, 1, 1000000, &version) ||
        version == LANGUAGE_VERSION) {
        return;
    }
    wh_problem_error(compiler->problems, &tree->location,
                     "the model needs language %lld; this program knows %d", (long long)version,
                     LANGUAGE_VERSION);
}

static void
read_zone(struct wh_compiler *compiler)
{
    const struct wh_tree *tree = wh_tree_find(compiler->root, "zone");
    compiler->ruleset->zone = &wh_zone_utc;
    if (tree == NULL) {
        return;
    }
    struct wh_zone *zone = WH_ARENA_NEW(compiler->arena, struct wh_zone);
    if (wh_zoneinfo_read(compiler, tree, zone)) {
        compiler->ruleset->zone = zone;
    }
}

static void
read_sessions(struct wh_compiler *compiler)
{
    const struct wh_tree *tree = wh_tree_find(compiler->root, "sessions");
    compiler->ruleset->session_gap = 30 * WH_US_PER_MINUTE;
    if (tree == NULL || !wh_keys_check(compiler, tree, &session_section)) {
        return;
    }
    wh_reader_duration(compiler, tree, "gap", &compiler->ruleset->session_gap);
    if (compiler->ruleset->session_gap == 0) {
        wh_problem_error(compiler->problems, &wh_tree_find(tree, "gap")->location,
                         "expected a duration above 0s, found \"0s\"");
    }
}

static void
read_history(struct wh_compiler *compiler)
{
    const struct wh_tree *tree = wh_tree_find(compiler->root, "history");
    struct wh_ruleset *ruleset = compiler->ruleset;
    int64_t keep = 400 * WH_US_PER_DAY;
    int64_t touches = 2000;
    if (tree != NULL && wh_keys_check(compiler, tree, &history_section)) {
        wh_reader_duration(compiler, tree, "keep", &keep);
        wh_reader_count(compiler, tree, "touches", 100, 10000, &touches);
    }
    if (keep < 30 * WH_US_PER_DAY) {
        const struct wh_tree *value = wh_tree_find(tree, "keep");
        wh_problem_error(compiler->problems, &value->location,
                         "expected a duration between 30d and 1,100d, found \"%.*s\"",
                         WH_STR_ARG(value->text));
    }
    ruleset->history_keep = keep;
    ruleset->history_touches = (uint32_t)touches;
}

static void
read_updates(struct wh_compiler *compiler)
{
    const struct wh_tree *tree = wh_tree_find(compiler->root, "updates");
    struct wh_ruleset *ruleset = compiler->ruleset;
    ruleset->update_every = -1;
    if (tree == NULL || !wh_keys_check(compiler, tree, &update_section)) {
        return;
    }
    const struct wh_tree *change = wh_tree_find(tree, "min_change");
    if (change != NULL) {
        (void)wh_scalar_number(compiler->problems, change, &ruleset->update_min_change);
    }
    wh_reader_duration(compiler, tree, "every", &ruleset->update_every);
}

static void
read_limit(struct wh_compiler *compiler, const struct wh_tree *tree, const char *key,
           uint32_t *ret_limit)
{
    int64_t count = *ret_limit;
    wh_reader_count(compiler, tree, key, 1, IDENTITY_LIMIT_MAX, &count);
    *ret_limit = (uint32_t)count;
}

static void
read_identity(struct wh_compiler *compiler)
{
    const struct wh_tree *tree = wh_tree_find(compiler->root, "identity");
    compiler->ruleset->identity = wh_identity_limits_default;
    if (tree == NULL || !wh_keys_check(compiler, tree, &identity_section)) {
        return;
    }
    struct wh_tree *const *items;
    size_t count = wh_keys_items(compiler, wh_tree_find(tree, "placeholders"), &items);
    struct wh_str *texts = WH_ARENA_ARRAY(compiler->arena, struct wh_str, count);
    for (size_t i = 0; i < count; i++) {
        (void)wh_scalar_text(compiler->problems, items[i], &texts[i]);
    }
    compiler->ruleset->placeholders = texts;
    compiler->ruleset->placeholder_count = count;
    read_limit(compiler, tree, "people", &compiler->ruleset->identity.people);
    read_limit(compiler, tree, "crowd", &compiler->ruleset->identity.crowd);
    read_limit(compiler, tree, "devices", &compiler->ruleset->identity.devices);
}

static void
read_adopt(struct wh_compiler *compiler)
{
    static const char *const words[] = {"announce", "silent"};
    const struct wh_tree *tree = wh_tree_find(compiler->root, "adopt");
    size_t choice = 1;
    if (tree != NULL) {
        (void)wh_scalar_choice(compiler->problems, tree, words, 2, &choice);
    }
    compiler->ruleset->adopt = choice == 0 ? WH_ADOPT_ANNOUNCE : WH_ADOPT_SILENT;
}

/* `shadow: false` and `shadow` left out say the same. */
static void
read_shadow(struct wh_compiler *compiler)
{
    const struct wh_tree *tree = wh_tree_find(compiler->root, "shadow");
    if (tree != NULL) {
        (void)wh_scalar_bool(compiler->problems, tree, &compiler->ruleset->is_shadow);
    }
}

void
wh_reader_head(struct wh_compiler *compiler)
{
    (void)wh_keys_check(compiler, compiler->root, &model_section);
    read_version(compiler);
    const struct wh_tree *name = wh_tree_find(compiler->root, "name");
    if (name != NULL) {
        (void)wh_scalar_word(compiler->problems, name, &compiler->ruleset->name);
    }
    read_zone(compiler);
    read_sessions(compiler);
    read_history(compiler);
    read_updates(compiler);
    read_identity(compiler);
    read_adopt(compiler);
    read_shadow(compiler);
}
