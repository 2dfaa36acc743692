/* First pass: what there is, by name, and the sets that labels and stages take their values from.
 * Nothing is compiled yet, so order within the file does not matter. */
#include "engine/language/keys.h"
#include "engine/language/reader.h"
#include "engine/language/scope.h"

#define SCORES_MAX         64 /* rules-reference.md 6 */
#define LABELS_MAX         64
#define SEGMENTS_MAX       512
#define TRIGGERS_MAX       512
#define QUALIFICATIONS_MAX 32
#define TRACKS_MAX         64
#define STAGES_MAX         16
#define BANDS_MAX          32

struct wh_str
wh_reader_id(const struct wh_tree *tree)
{
    const struct wh_tree *id = wh_tree_find(tree, "id");
    bool is_name = id != NULL && id->kind == WH_TREE_SCALAR && wh_name_is_valid(id->text);
    return is_name ? id->text : WH_STR("");
}

size_t
wh_reader_items(struct wh_compiler *compiler, const char *key, struct wh_tree *const **ret_items)
{
    const struct wh_tree *section = wh_tree_find(compiler->root, key);
    bool is_list = section != NULL && section->kind == WH_TREE_SEQUENCE;
    size_t count = is_list ? section->count : 0;
    struct wh_tree **mine = WH_ARENA_ARRAY(compiler->arena, struct wh_tree *, count);
    size_t mine_count = 0;
    for (size_t i = 0; i < count; i++) {
        if (wh_keys_is_company(section->items[i]) == compiler->is_company) {
            mine[mine_count++] = section->items[i];
        }
    }
    *ret_items = mine;
    return mine_count;
}

/* What a section has, and the names of what is the other side's. */
struct section {
    const char *key;
    enum wh_name_kind kind;
    size_t max;
    const char *noun;
};

static void define_id(struct wh_compiler *compiler, const struct wh_tree *item,
                      enum wh_name_kind kind, size_t index, struct wh_str *ret_id);

static size_t
read_section(struct wh_compiler *compiler, const struct section *section,
             struct wh_tree *const **ret_items)
{
    const struct wh_tree_entry *entry = wh_tree_find_entry(compiler->root, section->key);
    struct wh_tree *const *all;
    size_t count = wh_keys_items(compiler, entry == NULL ? NULL : entry->value, &all);
    if (entry != NULL) {
        wh_keys_bound(compiler, &entry->key_location, count, section->max, section->noun,
                      "a model");
    }
    size_t others = 0;
    for (size_t i = 0; i < count; i++) {
        struct wh_str id = {NULL, 0};
        if (wh_keys_is_company(all[i]) != compiler->is_company) {
            define_id(compiler, all[i], section->kind, others++, &id);
        }
    }
    return wh_reader_items(compiler, section->key, ret_items);
}

static void
define_id(struct wh_compiler *compiler, const struct wh_tree *item, enum wh_name_kind kind,
          size_t index, struct wh_str *ret_id)
{
    const struct wh_tree *id = wh_tree_find(item, "id");
    if (id == NULL || !wh_scalar_name(compiler->problems, id, ret_id)) {
        return;
    }
    if (kind == WH_NAME_TRIGGER && wh_name_is_event(*ret_id)) {
        wh_problem_error(compiler->problems, &id->location,
                         "a trigger cannot be called \"%.*s\": that is an event of the engine",
                         WH_STR_ARG(*ret_id));
    }
    struct wh_definition *definition =
        wh_scope_define(compiler, kind, (int32_t)index, *ret_id, &id->location);
    if (definition != NULL) {
        definition->is_other = wh_keys_is_company(item) != compiler->is_company;
    }
}

static void
name_scores(struct wh_compiler *compiler)
{
    struct wh_tree *const *items;
    static const struct section section = {"scores", WH_NAME_SCORE, SCORES_MAX, "scores"};
    size_t count = read_section(compiler, &section, &items);
    struct wh_ruleset *ruleset = compiler->ruleset;
    ruleset->scores = WH_ARENA_ARRAY(compiler->arena, struct wh_score, count);
    ruleset->score_count = count;
    for (size_t i = 0; i < count; i++) {
        define_id(compiler, items[i], WH_NAME_SCORE, i, &ruleset->scores[i].id);
    }
}

static void
name_bands(struct wh_compiler *compiler, const struct wh_tree_entry *bands, struct wh_label *label)
{
    const struct wh_tree_entry *entries;
    size_t count = wh_keys_entries(compiler, bands->value, &entries);
    wh_keys_bound(compiler, &bands->key_location, count, BANDS_MAX, "bands", "a label");
    struct wh_str *names = WH_ARENA_ARRAY(compiler->arena, struct wh_str, count);
    for (size_t i = 0; i < count; i++) {
        (void)wh_scalar_key_word(compiler->problems, &entries[i], &names[i]);
    }
    label->names = names;
    label->name_count = count;
}

/* The different labels in order of first use. */
static void
name_cases(struct wh_compiler *compiler, const struct wh_tree_entry *cases, struct wh_label *label)
{
    struct wh_tree *const *items;
    size_t count = wh_keys_items(compiler, cases->value, &items);
    wh_keys_bound(compiler, &cases->key_location, count, BANDS_MAX, "cases", "a label");
    struct wh_str *names = WH_ARENA_ARRAY(compiler->arena, struct wh_str, count);
    for (size_t i = 0; i < count; i++) {
        const struct wh_tree *name = wh_tree_find(items[i], "label");
        size_t at = 0;
        if (name == NULL || name->kind != WH_TREE_SCALAR) {
            continue;
        }
        while (at < label->name_count && !wh_str_equal(names[at], name->text)) {
            at++;
        }
        names[at] = name->text;
        label->name_count = at == label->name_count ? at + 1 : label->name_count;
    }
    label->names = names;
    label->is_cases = true;
}

static void
name_labels(struct wh_compiler *compiler)
{
    struct wh_tree *const *items;
    static const struct section section = {"labels", WH_NAME_LABEL, LABELS_MAX, "labels"};
    size_t count = read_section(compiler, &section, &items);
    struct wh_ruleset *ruleset = compiler->ruleset;
    ruleset->labels = WH_ARENA_ARRAY(compiler->arena, struct wh_label, count);
    ruleset->label_count = count;
    for (size_t i = 0; i < count; i++) {
        struct wh_label *label = &ruleset->labels[i];
        define_id(compiler, items[i], WH_NAME_LABEL, i, &label->id);
        const struct wh_tree_entry *bands = wh_tree_find_entry(items[i], "bands");
        const struct wh_tree_entry *cases = wh_tree_find_entry(items[i], "cases");
        if (bands != NULL) {
            name_bands(compiler, bands, label);
        } else if (cases != NULL) {
            name_cases(compiler, cases, label);
        }
    }
}

static void
name_segments(struct wh_compiler *compiler)
{
    struct wh_tree *const *items;
    static const struct section section = {"segments", WH_NAME_SEGMENT, SEGMENTS_MAX, "segments"};
    size_t count = read_section(compiler, &section, &items);
    struct wh_ruleset *ruleset = compiler->ruleset;
    ruleset->segments = WH_ARENA_ARRAY(compiler->arena, struct wh_segment, count);
    ruleset->segment_count = count;
    for (size_t i = 0; i < count; i++) {
        define_id(compiler, items[i], WH_NAME_SEGMENT, i, &ruleset->segments[i].id);
    }
}

static void
name_triggers(struct wh_compiler *compiler)
{
    struct wh_tree *const *items;
    static const struct section section = {"triggers", WH_NAME_TRIGGER, TRIGGERS_MAX, "triggers"};
    size_t count = read_section(compiler, &section, &items);
    struct wh_ruleset *ruleset = compiler->ruleset;
    ruleset->triggers = WH_ARENA_ARRAY(compiler->arena, struct wh_trigger, count);
    ruleset->trigger_count = count;
    for (size_t i = 0; i < count; i++) {
        define_id(compiler, items[i], WH_NAME_TRIGGER, i, &ruleset->triggers[i].id);
    }
}

static void
name_qualifications(struct wh_compiler *compiler)
{
    struct wh_tree *const *items;
    static const struct section section = {"qualification", WH_NAME_QUALIFICATION,
                                           QUALIFICATIONS_MAX, "qualifications"};
    size_t count = read_section(compiler, &section, &items);
    struct wh_ruleset *ruleset = compiler->ruleset;
    ruleset->qualifications = WH_ARENA_ARRAY(compiler->arena, struct wh_qualification, count);
    ruleset->qualification_count = count;
    for (size_t i = 0; i < count; i++) {
        define_id(compiler, items[i], WH_NAME_QUALIFICATION, i, &ruleset->qualifications[i].id);
    }
}

/* A space of their own, in which reserved words may stand; only leads are nurtured. */
static void
name_tracks(struct wh_compiler *compiler)
{
    const struct wh_tree_entry *entry = wh_tree_find_entry(compiler->root, "nurture");
    struct wh_ruleset *ruleset = compiler->ruleset;
    struct wh_tree *const *items;
    if (entry == NULL || compiler->is_company) {
        return;
    }
    size_t count = wh_keys_items(compiler, entry->value, &items);
    wh_keys_bound(compiler, &entry->key_location, count, TRACKS_MAX, "tracks", "a model");
    struct wh_local names;
    ruleset->tracks = WH_ARENA_ARRAY(compiler->arena, struct wh_track, count);
    ruleset->track_count = count;
    wh_local_init(&names, compiler, "track");
    for (size_t i = 0; i < count; i++) {
        const struct wh_tree *id = wh_tree_find(items[i], "id");
        if (id != NULL && wh_scalar_word(compiler->problems, id, &ruleset->tracks[i].id)) {
            wh_local_define(&names, ruleset->tracks[i].id, &id->location);
        }
    }
}

static void
name_stages(struct wh_compiler *compiler)
{
    const struct wh_tree *section = wh_tree_find(compiler->root, "stages");
    const struct wh_tree_entry *order = wh_tree_find_entry(section, "order");
    struct wh_stages *stages = &compiler->ruleset->stages;
    /* A company has none of its own, but its people do. */
    stages->present = section != NULL && !compiler->is_company;
    if (order == NULL) {
        return;
    }
    struct wh_tree *const *items;
    size_t count = wh_keys_items(compiler, order->value, &items);
    wh_keys_bound(compiler, &order->key_location, count, STAGES_MAX, "stages", "a model");
    struct wh_str *names = WH_ARENA_ARRAY(compiler->arena, struct wh_str, count);
    struct wh_local local;
    wh_local_init(&local, compiler, "stage");
    for (size_t i = 0; i < count; i++) {
        if (wh_scalar_word(compiler->problems, items[i], &names[i])) {
            wh_local_define(&local, names[i], &items[i]->location);
        }
    }
    stages->names = names;
    stages->count = count;
}

void
wh_reader_names(struct wh_compiler *compiler)
{
    name_scores(compiler);
    name_labels(compiler);
    name_segments(compiler);
    name_triggers(compiler);
    name_qualifications(compiler);
    name_tracks(compiler);
    name_stages(compiler);
    const struct wh_tree *fit = wh_tree_find(compiler->root, "fit");
    compiler->ruleset->fit.present = fit != NULL && !compiler->is_company;
}

struct wh_where
wh_reader_state(const char *name, enum wh_owner_kind owner, int32_t index)
{
    return (struct wh_where){.name = name,
                             .has_model = true,
                             .has_aggregates = true,
                             .is_watched = true,
                             .changed_label = -1,
                             .owner = {owner, index}};
}

struct wh_where
wh_reader_touch(const char *name, enum wh_owner_kind owner, int32_t index)
{
    struct wh_where where = wh_reader_state(name, owner, index);
    where.has_touch = true;
    where.is_watched = false;
    return where;
}

struct wh_where
wh_reader_after(const char *name)
{
    return wh_reader_touch(name, WH_OWNER_NONE, 0);
}

int32_t
wh_reader_stage(struct wh_compiler *compiler, const struct wh_tree *tree)
{
    struct wh_str name;
    const struct wh_stages *stages = &compiler->ruleset->stages;
    if (!wh_scalar_text(compiler->problems, tree, &name)) {
        return -1;
    }
    struct wh_nearest nearest = wh_nearest_to(name);
    for (size_t i = 0; i < stages->count; i++) {
        if (wh_str_equal(stages->names[i], name)) {
            return (int32_t)i;
        }
        wh_nearest_offer(&nearest, stages->names[i], -1);
    }
    if (wh_nearest_found(&nearest)) {
        wh_problem_error(compiler->problems, &tree->location,
                         "stage \"%.*s\" is not in stages.order; did you mean \"%.*s\"?",
                         WH_STR_ARG(name), WH_STR_ARG(nearest.best));
    } else {
        wh_problem_error(compiler->problems, &tree->location,
                         "stage \"%.*s\" is not in stages.order", WH_STR_ARG(name));
    }
    return -1;
}

void
wh_reader_level(struct wh_compiler *compiler, const struct wh_tree *tree,
                enum wh_verdict *ret_level)
{
    size_t choice = 0;
    if (wh_scalar_choice(compiler->problems, tree, wh_verdict_levels, WH_VERDICT_COUNT, &choice)) {
        *ret_level = (enum wh_verdict)choice;
    }
}
