/* Settings from one YAML file: nested keys, as in `kafka: { bootstrap: … }`. */
#include "engine/base/buf.h"
#include "engine/host/config_source.h"
#include "engine/language/tree.h"

static const char *const usual_places[] = {"waterhole.yaml", "/etc/waterhole/waterhole.yaml"};

struct reader {
    struct wh_config *config;
    struct wh_problems *problems;
    const struct wh_source *source;
};

static struct wh_str
dotted(struct wh_arena *arena, struct wh_str prefix, struct wh_str key)
{
    struct wh_buf buf;
    wh_buf_init(&buf, arena);
    if (prefix.len > 0) {
        wh_buf_push(&buf, prefix);
        wh_buf_push_char(&buf, '.');
    }
    wh_buf_push(&buf, key);
    return wh_buf_str(&buf);
}

static bool
is_section(struct wh_arena *arena, struct wh_str key)
{
    struct wh_str with_dot = dotted(arena, key, (struct wh_str){NULL, 0});
    for (int i = 0; i < WH_OPTION_COUNT; i++) {
        if (wh_str_starts_with(wh_str_of(wh_option_infos[i].key), with_dot)) {
            return true;
        }
    }
    return false;
}

/* kafka.topics.leads, and the sections kafka and kafka.topics that it stands in. */
static void
offer_with_sections(struct wh_nearest *nearest, struct wh_str key)
{
    for (size_t i = 0; i < key.len; i++) {
        if (key.ptr[i] == '.') {
            wh_nearest_offer(nearest, wh_str_slice(key, 0, i), 0);
        }
    }
    wh_nearest_offer(nearest, key, 0);
}

static void
tell_no_section(struct reader *reader, const struct wh_tree *value, struct wh_str key)
{
    if (!value->is_broken) {
        (void)wh_problem_error(reader->problems, &value->location,
                               "expected keys below \"%.*s\", found %s", WH_STR_ARG(key),
                               wh_tree_kind_str(value));
    }
}

static void
tell_unknown(struct reader *reader, const struct wh_tree_entry *entry, struct wh_str key)
{
    struct wh_nearest nearest = wh_nearest_to(key);
    for (int i = 0; i < WH_OPTION_COUNT; i++) {
        offer_with_sections(&nearest, wh_str_of(wh_option_infos[i].key));
    }
    if (wh_nearest_found(&nearest)) {
        (void)wh_problem_error(reader->problems, &entry->key_location,
                               "unknown key \"%.*s\"; did you mean \"%.*s\"?", WH_STR_ARG(key),
                               WH_STR_ARG(nearest.best));
    } else {
        (void)wh_problem_error(reader->problems, &entry->key_location,
                               "unknown key \"%.*s\"; `waterhole config` lists the keys",
                               WH_STR_ARG(key));
    }
}

static struct wh_str
origin_of(struct reader *reader, const struct wh_location *location)
{
    struct wh_buf buf;
    wh_buf_init(&buf, reader->config->arena);
    wh_buf_push(&buf, reader->source->name);
    wh_buf_push_char(&buf, ':');
    wh_buf_push_int(&buf, (int64_t)wh_location_line(location));
    wh_buf_push_char(&buf, ':');
    wh_buf_push_int(&buf, (int64_t)wh_location_column(location));
    return wh_buf_str(&buf);
}

/* A scalar of the file as an item: paths are relative to the file. */
static struct wh_config_item
item_of(struct reader *reader, enum wh_option option, const struct wh_tree *scalar)
{
    struct wh_config_item item = {scalar->text, scalar->location};
    if (wh_option_infos[option].type == WH_OPTION_PATH && scalar->text.len > 0) {
        item.text = wh_source_beside(reader->config->arena, reader->source->name, scalar->text);
    }
    return item;
}

static struct wh_config_item
map_item_of(struct reader *reader, const struct wh_tree_entry *entry)
{
    struct wh_buf buf;
    wh_buf_init(&buf, reader->config->arena);
    wh_buf_push(&buf, entry->key);
    wh_buf_push_char(&buf, '=');
    wh_buf_push(&buf, entry->value->text);
    return (struct wh_config_item){wh_buf_str(&buf), entry->value->location};
}

static void
tell_wrong_kind(struct reader *reader, enum wh_option option, const struct wh_tree *value)
{
    struct wh_str expected = wh_option_expected(reader->config->arena, option);
    (void)wh_problem_error(reader->problems, &value->location, "expected %.*s for \"%s\", found %s",
                           WH_STR_ARG(expected), wh_option_infos[option].key,
                           wh_tree_kind_str(value));
}

/* Collects the scalars of a list or map; false when something else stands there. */
static bool
collect(struct reader *reader, enum wh_option option, const struct wh_tree *value,
        struct wh_config_item *items)
{
    for (size_t i = 0; i < value->count; i++) {
        bool is_map = value->kind == WH_TREE_MAPPING;
        const struct wh_tree *child = is_map ? value->entries[i].value : value->items[i];
        if (child->kind != WH_TREE_SCALAR) {
            tell_wrong_kind(reader, option, child);
            return false;
        }
        items[i] =
            is_map ? map_item_of(reader, &value->entries[i]) : item_of(reader, option, child);
    }
    return true;
}

static void
read_option(struct reader *reader, enum wh_option option, const struct wh_tree *value)
{
    enum wh_option_type type = wh_option_infos[option].type;
    struct wh_str origin = origin_of(reader, &value->location);
    bool fits = (value->kind == WH_TREE_SEQUENCE && type == WH_OPTION_LIST) ||
                (value->kind == WH_TREE_MAPPING && type == WH_OPTION_MAP);
    if (value->kind == WH_TREE_SCALAR && type != WH_OPTION_MAP && !wh_tree_is_empty(value)) {
        struct wh_config_item item = item_of(reader, option, value);
        wh_config_take(reader->config, option, &item, 1, origin, reader->problems);
    } else if (fits) {
        struct wh_config_item *items =
            WH_ARENA_ARRAY(reader->config->arena, struct wh_config_item, value->count);
        if (collect(reader, option, value, items)) {
            wh_config_take(reader->config, option, items, value->count, origin, reader->problems);
        }
    } else if (!value->is_broken) {
        tell_wrong_kind(reader, option, value);
    }
}

/* The tree's depth is bounded by WH_TREE_DEPTH_MAX, and sections nest three deep at most. "data"
 * and "store" are both a key and a section: a mapping means the section. */
static void
read_section(struct reader *reader, const struct wh_tree *section, struct wh_str prefix)
{
    for (size_t i = 0; i < section->count; i++) {
        const struct wh_tree_entry *entry = &section->entries[i];
        struct wh_str key = dotted(reader->config->arena, prefix, entry->key);
        enum wh_option option = wh_option_find(key);
        bool may_be_section = is_section(reader->config->arena, key);
        if (may_be_section && entry->value->kind == WH_TREE_MAPPING) {
            read_section(reader, entry->value, key);
        } else if (option != WH_OPTION_COUNT) {
            read_option(reader, option, entry->value);
        } else if (may_be_section) {
            tell_no_section(reader, entry->value, key);
        } else {
            tell_unknown(reader, entry, key);
        }
    }
}

/* What --config, else WATERHOLE_CONFIG names; empty: nothing. */
static struct wh_str
named_file(const struct wh_config_request *request)
{
    struct wh_str prefix = WH_STR("WATERHOLE_CONFIG=");
    struct wh_str named = request->file;
    char *const *environment = request->environment;
    for (size_t i = 0; named.len == 0 && environment != NULL && environment[i] != NULL; i++) {
        struct wh_str entry = wh_str_of(environment[i]);
        if (wh_str_starts_with(entry, prefix)) {
            named = wh_str_slice(entry, prefix.len, entry.len);
        }
    }
    return named;
}

/* False: there is no file to read, or it cannot be read, which is a problem. */
static bool
choose_file(struct wh_config *config, const struct wh_config_request *request,
            struct wh_problems *problems, struct wh_str *ret_text)
{
    struct wh_str named = named_file(request);
    struct wh_location nowhere = {0};
    struct wh_error error;
    size_t places = sizeof(usual_places) / sizeof(usual_places[0]);
    for (size_t i = 0; i < (named.len > 0 ? 1 : places); i++) {
        struct wh_str path = named.len > 0 ? named : wh_str_of(usual_places[i]);
        enum wh_err err =
            wh_source_read_file(config->arena, path, WH_CONFIG_BYTES_MAX, ret_text, &error);
        if (err == WH_OK) {
            config->file = path;
            return true;
        }
        if (named.len > 0 || err != WH_ERR_NOT_FOUND) {
            (void)wh_problem_error(problems, &nowhere, "%s", error.message);
            return false;
        }
    }
    return false;
}

void
wh_config_read_file(struct wh_config *config, const struct wh_config_request *request,
                    struct wh_problems *problems)
{
    struct wh_str text;
    if (!choose_file(config, request, problems, &text)) {
        return;
    }
    struct reader reader = {
        .config = config,
        .problems = problems,
        .source = wh_source_from_text(config->arena, config->file, text, 0),
    };
    struct wh_tree *tree = wh_tree_parse(config->arena, reader.source, problems);
    if (tree != NULL && tree->kind == WH_TREE_MAPPING) {
        read_section(&reader, tree, (struct wh_str){NULL, 0});
    } else if (tree != NULL && !wh_tree_is_empty(tree)) {
        (void)wh_problem_error(problems, &tree->location,
                               "expected a mapping of keys such as \"model\", found %s",
                               wh_tree_kind_str(tree));
    }
}
