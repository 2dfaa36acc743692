/* Labels with bands or cases, and segments. */
#include "engine/language/build.h"
#include "engine/language/keys.h"
#include "engine/language/reader.h"

static const struct wh_section_key label_keys[] = {
    {"id", WH_GIVEN_ALWAYS}, {"entity", WH_GIVEN_OR_NOT}, {"announce", WH_GIVEN_OR_NOT},
    {"of", WH_GIVEN_OR_NOT}, {"bands", WH_GIVEN_OR_NOT},  {"cases", WH_GIVEN_OR_NOT}};
static const struct wh_section label_section = WH_SECTION("a label", label_keys);

static const struct wh_section_key case_keys[] = {{"when", WH_GIVEN_OR_NOT},
                                                  {"label", WH_GIVEN_ALWAYS}};
static const struct wh_section case_section = WH_SECTION("a case", case_keys);

static const struct wh_section_key segment_keys[] = {{"id", WH_GIVEN_ALWAYS},
                                                     {"when", WH_GIVEN_ALWAYS},
                                                     {"entity", WH_GIVEN_OR_NOT},
                                                     {"announce", WH_GIVEN_OR_NOT}};
static const struct wh_section segment_section = WH_SECTION("a segment", segment_keys);

static void
read_announce(struct wh_compiler *compiler, const struct wh_tree *tree, bool *ret_announce)
{
    const struct wh_tree *announce = wh_tree_find(tree, "announce");
    if (announce != NULL) {
        (void)wh_scalar_bool(compiler->problems, announce, ret_announce);
    }
}

/* What the thresholds are measured in. */
static bool
check_of(struct wh_compiler *compiler, const struct wh_tree *of, const struct wh_program *program,
         bool *ret_is_duration)
{
    const struct wh_formula *formula = wh_build_formula(compiler, program);
    if (formula == NULL) {
        return false;
    }
    enum wh_type type = formula->type.type;
    *ret_is_duration = type == WH_TYPE_DURATION;
    if (type == WH_TYPE_NUMBER || type == WH_TYPE_DURATION || type == WH_TYPE_UNKNOWN) {
        return true;
    }
    wh_problem_error(compiler->problems, &of->location,
                     "bands are of a number or a duration, found a %s", wh_type_str(type));
    return false;
}

static void
check_rises(struct wh_compiler *compiler, const struct wh_tree_entry *entry,
            const struct wh_tree_entry *former)
{
    wh_problem_error(compiler->problems, &entry->key_location,
                     "bands must rise: %.*s %.*s comes after %.*s %.*s", WH_STR_ARG(entry->key),
                     WH_STR_ARG(entry->value->text), WH_STR_ARG(former->key),
                     WH_STR_ARG(former->value->text));
}

static void
read_bands(struct wh_compiler *compiler, const struct wh_tree *bands, bool is_duration,
           struct wh_label *label)
{
    if (bands->kind != WH_TREE_MAPPING) {
        return;
    }
    int64_t *from = WH_ARENA_ARRAY(compiler->arena, int64_t, bands->count);
    for (size_t i = 0; i < bands->count; i++) {
        const struct wh_tree_entry *entry = &bands->entries[i];
        bool is_good = is_duration ? wh_scalar_duration(compiler->problems, entry->value, &from[i])
                                   : wh_scalar_number(compiler->problems, entry->value, &from[i]);
        if (is_good && i > 0 && from[i] <= from[i - 1]) {
            check_rises(compiler, entry, &bands->entries[i - 1]);
        }
    }
    label->from = from;
}

static int32_t
ordinal_of(const struct wh_label *label, const struct wh_tree *name)
{
    for (size_t i = 0; name != NULL && i < label->name_count; i++) {
        if (wh_str_equal(label->names[i], name->text)) {
            return (int32_t)i;
        }
    }
    return -1;
}

static void
read_cases(struct wh_compiler *compiler, const struct wh_tree *cases, int32_t index,
           struct wh_label *label)
{
    struct wh_where where = wh_reader_state("a case", WH_OWNER_LABEL, index);
    if (cases->kind != WH_TREE_SEQUENCE) {
        return;
    }
    struct wh_program *programs = WH_ARENA_ARRAY(compiler->arena, struct wh_program, cases->count);
    int32_t *names = WH_ARENA_ARRAY(compiler->arena, int32_t, cases->count);
    for (size_t i = 0; i < cases->count; i++) {
        const struct wh_tree *item = cases->items[i];
        struct wh_str word;
        if (!wh_keys_check(compiler, item, &case_section)) {
            continue;
        }
        const struct wh_tree *name = wh_tree_find(item, "label");
        const struct wh_tree *when = wh_tree_find(item, "when");
        if (name != NULL && wh_scalar_word(compiler->problems, name, &word)) {
            names[i] = ordinal_of(label, name);
        }
        programs[i] = wh_build(compiler, &where, when, WH_EXPECT_BOOL);
        if (when == NULL && i + 1 < cases->count) {
            wh_problem_error(compiler->problems, &item->location,
                             "a case without \"when\" is always true: it stands last");
        }
    }
    label->cases = programs;
    label->case_names = names;
    label->case_count = cases->count;
}

static void
read_label(struct wh_compiler *compiler, const struct wh_tree *tree, int32_t index)
{
    struct wh_label *label = &compiler->ruleset->labels[index];
    if (!wh_keys_check(compiler, tree, &label_section)) {
        return;
    }
    wh_keys_entity(compiler, tree);
    read_announce(compiler, tree, &label->announce);
    const struct wh_tree *of = wh_tree_find(tree, "of");
    const struct wh_tree *bands = wh_tree_find(tree, "bands");
    const struct wh_tree *cases = wh_tree_find(tree, "cases");
    if (wh_keys_exclude(compiler, tree, "bands", "cases", "bands of one value, or cases") ||
        wh_keys_exclude(compiler, tree, "of", "cases", "bands of one value, or cases")) {
        return;
    }
    if (cases != NULL) {
        read_cases(compiler, cases, index, label);
        return;
    }
    if (of == NULL && bands == NULL) {
        wh_keys_missing(compiler, tree, &label_section, "\"of\" and \"bands\", or \"cases\",");
        return;
    }
    if (of == NULL || bands == NULL) {
        wh_keys_missing(compiler, tree, &label_section, of == NULL ? "\"of\"" : "\"bands\"");
        return;
    }
    struct wh_where where = wh_reader_state("a label", WH_OWNER_LABEL, index);
    bool is_duration = false;
    label->of = wh_build(compiler, &where, of, WH_EXPECT_ANY);
    if (check_of(compiler, of, &label->of, &is_duration)) {
        read_bands(compiler, bands, is_duration, label);
    }
}

void
wh_reader_labels(struct wh_compiler *compiler)
{
    struct wh_tree *const *items;
    size_t count = wh_reader_items(compiler, "labels", &items);
    for (size_t i = 0; i < count; i++) {
        read_label(compiler, items[i], (int32_t)i);
    }
}

void
wh_reader_segments(struct wh_compiler *compiler)
{
    struct wh_tree *const *items;
    size_t count = wh_reader_items(compiler, "segments", &items);
    for (size_t i = 0; i < count; i++) {
        const struct wh_tree *tree = items[i];
        struct wh_segment *segment = &compiler->ruleset->segments[i];
        struct wh_where where = wh_reader_state("a segment", WH_OWNER_SEGMENT, (int32_t)i);
        segment->announce = true;
        if (!wh_keys_check(compiler, tree, &segment_section)) {
            continue;
        }
        wh_keys_entity(compiler, tree);
        read_announce(compiler, tree, &segment->announce);
        segment->when = wh_build(compiler, &where, wh_tree_find(tree, "when"), WH_EXPECT_BOOL);
    }
}
