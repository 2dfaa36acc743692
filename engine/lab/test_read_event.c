/* `event: NAME [ID]` and `no_event` of an expectation, and what the event must say. */
#include "engine/lab/test_names.h"
#include "engine/lab/test_reader.h"
#include "engine/language/scalars.h"

struct event_word {
    const char *name;
    bool has_ids;
    enum wh_event_kind kind;
    enum wh_test_name_kind ids;
};

static const struct event_word words[] = {
    {"qualified", true, WH_EVENT_QUALIFIED, WH_TEST_NAME_QUALIFICATION},
    {"withered", true, WH_EVENT_WITHERED, WH_TEST_NAME_QUALIFICATION},
    {"withdrawn", true, WH_EVENT_WITHDRAWN, WH_TEST_NAME_QUALIFICATION},
    {"stage_changed", true, WH_EVENT_STAGE_CHANGED, WH_TEST_NAME_STAGE},
    {"segment_entered", true, WH_EVENT_SEGMENT_ENTERED, WH_TEST_NAME_SEGMENT},
    {"segment_left", true, WH_EVENT_SEGMENT_LEFT, WH_TEST_NAME_SEGMENT},
    {"label_changed", true, WH_EVENT_LABEL_CHANGED, WH_TEST_NAME_LABEL},
    {"updated", false, WH_EVENT_UPDATED, WH_TEST_NAME_SCORE},
    {"nurture", true, WH_EVENT_NURTURE, WH_TEST_NAME_TRACK},
    {"merged", false, WH_EVENT_MERGED, WH_TEST_NAME_SCORE},
    {"revived", false, WH_EVENT_REVIVED, WH_TEST_NAME_SCORE},
    {"erased", false, WH_EVENT_ERASED, WH_TEST_NAME_SCORE},
};
#define WORD_COUNT (sizeof(words) / sizeof(words[0]))

static const struct event_word *
find_word(struct wh_str name)
{
    for (size_t i = 0; i < WORD_COUNT; i++) {
        if (wh_str_is(name, words[i].name)) {
            return &words[i];
        }
    }
    return NULL;
}

static bool
find_trigger(const struct wh_ruleset *ruleset, struct wh_str name)
{
    for (size_t i = 0; i < ruleset->trigger_count; i++) {
        const struct wh_sequence *sequence = ruleset->triggers[i].sequence;
        if (wh_str_equal(ruleset->triggers[i].id, name) ||
            (sequence != NULL && wh_str_equal(sequence->missed, name))) {
            return true;
        }
    }
    return false;
}

static void
tell_unknown(const struct wh_test_reader *reader, const struct wh_location *location,
             struct wh_str name)
{
    struct wh_nearest nearest = wh_nearest_to(name);
    for (size_t i = 0; i < WORD_COUNT; i++) {
        wh_nearest_offer(&nearest, wh_str_of(words[i].name), 0);
    }
    for (size_t i = 0; i < reader->ruleset->trigger_count; i++) {
        const struct wh_sequence *sequence = reader->ruleset->triggers[i].sequence;
        wh_nearest_offer(&nearest, reader->ruleset->triggers[i].id, 0);
        if (sequence != NULL && sequence->missed.len > 0) {
            wh_nearest_offer(&nearest, sequence->missed, 0);
        }
    }
    wh_test_keys_unknown(reader->problems, location, "event", &nearest);
}

/* The ID behind NAME: which qualification, segment, label or new stage. */
static bool
read_id(const struct wh_test_reader *reader, const struct event_word *word, struct wh_str id,
        const struct wh_location *location)
{
    int32_t index = -1;
    if (id.len == 0) {
        return true;
    }
    if (word != NULL && word->has_ids) {
        return wh_test_names_find(reader->ruleset, reader->problems, word->ids, id, location,
                                  &index);
    }
    (void)wh_problem_error(reader->problems, location,
                           "nothing stands behind the name of this event, found \"%.*s\"",
                           WH_STR_ARG(id));
    return false;
}

static bool
read_name(const struct wh_test_reader *reader, const struct wh_tree *tree,
          struct wh_test_pattern *pattern)
{
    struct wh_str text;
    if (!wh_scalar_text(reader->problems, tree, &text)) {
        return false;
    }
    size_t space = 0;
    while (space < text.len && text.ptr[space] != ' ') {
        space++;
    }
    struct wh_str name = wh_str_slice(text, 0, space);
    struct wh_str id = wh_str_trim(wh_str_slice(text, space, text.len));
    struct wh_location name_location = wh_tree_locate(tree, 0, space);
    size_t id_from = id.len == 0 ? text.len : (size_t)(id.ptr - text.ptr);
    struct wh_location id_location = wh_tree_locate(tree, id_from, id_from + id.len);
    const struct event_word *word = find_word(name);
    if (word == NULL && !find_trigger(reader->ruleset, name)) {
        tell_unknown(reader, &name_location, name);
        return false;
    }
    pattern->kind = word == NULL ? WH_EVENT_FIRED : word->kind;
    pattern->name = word == NULL ? name : id;
    return read_id(reader, word, id, &id_location);
}

/* One that must be a scalar; NULL when it is not there. */
static const struct wh_tree *
find_text(const struct wh_test_reader *reader, const struct wh_tree *tree, const char *key)
{
    struct wh_str text;
    const struct wh_tree *value = wh_tree_find(tree, key);
    return value != NULL && wh_scalar_text(reader->problems, value, &text) ? value : NULL;
}

static void
read_matchers(const struct wh_test_reader *reader, const struct wh_tree *tree,
              struct wh_test_pattern *pattern)
{
    struct wh_problems *problems = reader->problems;
    const struct wh_tree_entry *entries;
    const struct wh_tree *count = wh_tree_find(tree, "count");
    pattern->with = wh_tree_find(tree, "with");
    (void)wh_test_keys_entries(problems, pattern->with, &entries);
    pattern->route = find_text(reader, tree, "route");
    pattern->owner = find_text(reader, tree, "owner");
    pattern->note = find_text(reader, tree, "note");
    pattern->episode = wh_tree_find(tree, "episode");
    pattern->late = wh_tree_find(tree, "late");
    if (pattern->episode != NULL) {
        (void)wh_scalar_count(problems, pattern->episode, 1, UINT32_MAX, &pattern->episode_number);
    }
    if (pattern->late != NULL) {
        (void)wh_scalar_bool(problems, pattern->late, &pattern->is_late);
    }
    if (count != NULL) {
        (void)wh_scalar_count(problems, count, 0, UINT32_MAX, &pattern->count);
    }
}

const struct wh_test_pattern *
wh_test_read_pattern(struct wh_test_reader *reader, const struct wh_tree *tree, const char *key,
                     int64_t at)
{
    const struct wh_test_case *test = reader->test;
    const struct wh_tree *value = wh_tree_find(tree, key);
    const struct wh_tree *from = wh_tree_find(tree, "from");
    bool is_wanted = strcmp(key, "event") == 0;
    if (value == NULL) {
        return NULL;
    }
    struct wh_test_pattern *pattern = WH_ARENA_NEW(reader->arena, struct wh_test_pattern);
    *pattern = (struct wh_test_pattern){.count = is_wanted ? 1 : 0};
    pattern->from = is_wanted ? at : test->start;
    if (from != NULL) {
        (void)wh_test_keys_moment(reader->problems, from, test->start, test->zone, &pattern->from);
    }
    read_matchers(reader, tree, pattern);
    pattern->count = is_wanted ? pattern->count : 0;
    return read_name(reader, value, pattern) ? pattern : NULL;
}
