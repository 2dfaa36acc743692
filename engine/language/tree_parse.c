/* Reads libyaml's events into a tree. libyaml counts code points; offsets here are bytes, so a
 * cursor walks along. What libyaml refuses is explained in tree_trouble.c. */
#include "engine/language/tree.h"

#include <yaml.h>

#include "engine/base/table.h"
#include "engine/base/utf8.h"
#include "engine/language/tree_trouble.h"

/* Up to here a mapping's keys are compared one by one. */
#define SMALL_MAPPING 16

struct builder {
    struct wh_arena *arena;
    const struct wh_source *source;
    struct wh_problems *problems;
    yaml_parser_t parser;
    size_t cursor_index; /* code points before cursor_offset */
    size_t cursor_offset;
    size_t depth;
    size_t flow_depth;
    size_t node_count;
    struct wh_tree_trouble trouble;
};

static bool
is_continuation(const struct wh_source *source, size_t offset)
{
    return offset < source->text.len && ((unsigned char)source->text.ptr[offset] & 0xC0U) == 0x80U;
}

/* Events come nearly in order, so the cursor moves a few bytes each time. */
static size_t
offset_of(struct builder *builder, yaml_mark_t mark)
{
    const struct wh_source *source = builder->source;
    while (builder->cursor_index < mark.index && builder->cursor_offset < source->text.len) {
        builder->cursor_offset++;
        while (is_continuation(source, builder->cursor_offset)) {
            builder->cursor_offset++;
        }
        builder->cursor_index++;
    }
    while (builder->cursor_index > mark.index && builder->cursor_offset > 0) {
        builder->cursor_offset--;
        while (is_continuation(source, builder->cursor_offset)) {
            builder->cursor_offset--;
        }
        builder->cursor_index--;
    }
    return builder->cursor_offset;
}

static struct wh_location
locate(struct builder *builder, yaml_mark_t from, yaml_mark_t to)
{
    size_t offset = offset_of(builder, from);
    return (struct wh_location){builder->source, offset, offset_of(builder, to) - offset};
}

/* False after libyaml's error became a problem. */
static bool
next_event(struct builder *builder, yaml_event_t *ret_event)
{
    yaml_parser_t *parser = &builder->parser;
    if (yaml_parser_parse(parser, ret_event) == 1) {
        return true;
    }
    size_t offset = parser->error == YAML_READER_ERROR ? parser->problem_offset
                                                       : offset_of(builder, parser->problem_mark);
    builder->trouble.is_in_flow = builder->flow_depth > 0;
    size_t context = parser->context == NULL ? offset : offset_of(builder, parser->context_mark);
    wh_tree_trouble_tell(&builder->trouble, parser->problem, offset, context, builder->problems);
    return false;
}

static struct wh_tree *
new_tree(struct builder *builder, enum wh_tree_kind kind, struct wh_location location)
{
    struct wh_tree *tree = WH_ARENA_NEW(builder->arena, struct wh_tree);
    tree->kind = kind;
    tree->location = location;
    tree->is_in_flow = builder->flow_depth > 0;
    return tree;
}

static enum wh_tree_style
style_of(yaml_scalar_style_t style)
{
    switch (style) {
    case YAML_SINGLE_QUOTED_SCALAR_STYLE:
        return WH_TREE_SINGLE_QUOTED;
    case YAML_DOUBLE_QUOTED_SCALAR_STYLE:
        return WH_TREE_DOUBLE_QUOTED;
    case YAML_LITERAL_SCALAR_STYLE:
    case YAML_FOLDED_SCALAR_STYLE:
        return WH_TREE_BLOCK;
    case YAML_ANY_SCALAR_STYLE:
    case YAML_PLAIN_SCALAR_STYLE:
        return WH_TREE_PLAIN;
    }
    return WH_TREE_PLAIN;
}

static void
refuse_anchor(struct builder *builder, const yaml_char_t *anchor, struct wh_location location)
{
    if (anchor != NULL) {
        location.len = strlen((const char *)anchor) + 1;
        (void)wh_problem_error(builder->problems, &location,
                               "no YAML anchors here: write the value out");
    }
}

static void
refuse_tag(struct builder *builder, const yaml_char_t *tag, struct wh_tree *tree)
{
    if (tag == NULL) {
        return;
    }
    struct wh_location location = tree->location;
    if (tree->kind != WH_TREE_SCALAR) {
        location.len = strlen((const char *)tag);
    }
    wh_tree_trouble_tell_tag(&location, builder->problems);
    tree->is_broken = true;
}

static struct wh_tree *
build_scalar(struct builder *builder, const yaml_event_t *event)
{
    struct wh_location location = locate(builder, event->start_mark, event->end_mark);
    struct wh_tree *tree = new_tree(builder, WH_TREE_SCALAR, location);
    tree->style = style_of(event->data.scalar.style);
    struct wh_str value = {(const char *)event->data.scalar.value, event->data.scalar.length};
    tree->text = wh_arena_str(builder->arena, value);
    refuse_anchor(builder, event->data.scalar.anchor, location);
    refuse_tag(builder, event->data.scalar.tag, tree);
    builder->trouble.last = tree;
    return tree;
}

static struct wh_tree *build_next(struct builder *builder, const yaml_event_t *event);

static void
end_at(struct wh_tree *tree, size_t end)
{
    if (end > tree->location.offset) {
        tree->location.len = end - tree->location.offset;
    }
}

static size_t
end_of(const struct wh_tree *tree)
{
    return tree->location.offset + tree->location.len;
}

static void
push_item(struct builder *builder, struct wh_tree *tree, struct wh_tree *item)
{
    /* Powers of two are when the array is full. */
    if ((tree->count & (tree->count - 1)) == 0) {
        size_t capacity = tree->count == 0 ? 1 : tree->count * 2;
        tree->items =
            (struct wh_tree **)wh_arena_grow(builder->arena, (const void *)tree->items, tree->count,
                                             capacity, sizeof(struct wh_tree *));
    }
    tree->items[tree->count++] = item;
}

/* Where a collection ends: its last child does, or in flow style its bracket. */
static void
end_collection(struct builder *builder, struct wh_tree *tree, bool is_flow, yaml_event_t *event)
{
    if (is_flow) {
        end_at(tree, offset_of(builder, event->end_mark));
    } else if (tree->kind == WH_TREE_SEQUENCE && tree->count > 0) {
        end_at(tree, end_of(tree->items[tree->count - 1]));
    }
    yaml_event_delete(event);
}

/* Reads events up to the one that ends the sequence; NULL after an error. */
static struct wh_tree *
fill_sequence(struct builder *builder, struct wh_tree *tree, bool is_flow)
{
    for (;;) {
        yaml_event_t event;
        if (!next_event(builder, &event)) {
            return NULL;
        }
        if (event.type == YAML_SEQUENCE_END_EVENT) {
            end_collection(builder, tree, is_flow, &event);
            return tree;
        }
        struct wh_tree *item = build_next(builder, &event);
        if (item == NULL) {
            return NULL;
        }
        push_item(builder, tree, item);
    }
}

static const struct wh_tree_entry *
find_entry(const struct wh_tree *tree, const struct wh_table *index, struct wh_str key)
{
    int64_t found;
    if (tree->count > SMALL_MAPPING) {
        return wh_table_find(index, key, &found) ? &tree->entries[found] : NULL;
    }
    for (size_t i = 0; i < tree->count; i++) {
        if (wh_str_equal(tree->entries[i].key, key)) {
            return &tree->entries[i];
        }
    }
    return NULL;
}

static void
add_entry(struct builder *builder, struct wh_tree *tree, struct wh_table *index,
          const struct wh_tree *key, struct wh_tree *value)
{
    if (key->kind != WH_TREE_SCALAR) {
        (void)wh_problem_error(builder->problems, &key->location,
                               "a key is one word, found %s; an expression with brackets goes "
                               "into single quotes",
                               wh_tree_kind_str(key));
        return;
    }
    const struct wh_tree_entry *first = find_entry(tree, index, key->text);
    if (first != NULL) {
        wh_tree_trouble_tell_duplicate(builder->problems, key->text, &key->location,
                                       &first->key_location);
        return;
    }
    wh_tree_push_entry(builder->arena, tree,
                       (struct wh_tree_entry){key->text, key->location, value});
    size_t from = tree->count == SMALL_MAPPING + 1 ? 0 : tree->count - 1;
    for (size_t i = from; tree->count > SMALL_MAPPING && i < tree->count; i++) {
        wh_table_put(index, tree->entries[i].key, (int64_t)i);
    }
}

/* Reads the value of a key. False after an error. */
static bool
fill_entry(struct builder *builder, struct wh_tree *tree, struct wh_table *index,
           struct wh_tree *key)
{
    yaml_event_t event;
    if (!next_event(builder, &event)) {
        return false;
    }
    struct wh_tree *value = build_next(builder, &event);
    if (value == NULL) {
        return false;
    }
    struct wh_tree *previous = tree->count == 0 ? NULL : tree->entries[tree->count - 1].value;
    if (builder->flow_depth > 0 &&
        wh_tree_trouble_is_piece(previous, key, value, builder->problems)) {
        builder->trouble.has_pieces = true;
    } else {
        add_entry(builder, tree, index, key, value);
    }
    end_at(tree, end_of(value) > end_of(key) ? end_of(value) : end_of(key));
    return true;
}

static struct wh_tree *
fill_mapping(struct builder *builder, struct wh_tree *tree, bool is_flow)
{
    struct wh_table index;
    wh_table_init(&index, builder->arena);
    for (;;) {
        yaml_event_t event;
        if (!next_event(builder, &event)) {
            return NULL;
        }
        if (event.type == YAML_MAPPING_END_EVENT) {
            end_collection(builder, tree, is_flow, &event);
            return tree;
        }
        struct wh_tree *key = build_next(builder, &event);
        if (key == NULL || !fill_entry(builder, tree, &index, key)) {
            return NULL;
        }
    }
}

static bool
is_flow_event(const yaml_event_t *event)
{
    return event->type == YAML_MAPPING_START_EVENT
               ? event->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE
               : event->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE;
}

static struct wh_tree *
build_collection(struct builder *builder, const yaml_event_t *event)
{
    bool is_mapping = event->type == YAML_MAPPING_START_EVENT;
    bool is_flow = is_flow_event(event);
    struct wh_location location = locate(builder, event->start_mark, event->end_mark);
    struct wh_tree *tree =
        new_tree(builder, is_mapping ? WH_TREE_MAPPING : WH_TREE_SEQUENCE, location);
    refuse_anchor(builder,
                  is_mapping ? event->data.mapping_start.anchor : event->data.sequence_start.anchor,
                  location);
    refuse_tag(builder, is_mapping ? event->data.mapping_start.tag : event->data.sequence_start.tag,
               tree);
    if (builder->depth == WH_TREE_DEPTH_MAX) {
        (void)wh_problem_error(builder->problems, &location, "nested deeper than %d",
                               WH_TREE_DEPTH_MAX);
        return NULL;
    }
    builder->depth++;
    builder->flow_depth += is_flow ? 1 : 0;
    builder->trouble.has_pieces = builder->trouble.has_pieces && builder->flow_depth > 1;
    struct wh_tree *filled =
        is_mapping ? fill_mapping(builder, tree, is_flow) : fill_sequence(builder, tree, is_flow);
    builder->flow_depth -= is_flow ? 1 : 0;
    builder->depth--;
    return filled;
}

static struct wh_tree *
build_alias(struct builder *builder, const yaml_event_t *event)
{
    struct wh_location location = locate(builder, event->start_mark, event->end_mark);
    (void)wh_problem_error(builder->problems, &location,
                           "a value that begins with * is a YAML alias; write the value out");
    struct wh_tree *tree = new_tree(builder, WH_TREE_SCALAR, location);
    tree->is_broken = true;
    return tree;
}

/* Makes a tree of the event and those that belong to it, and gives the event back to libyaml.
 * NULL after an error. */
static struct wh_tree *
build_next(struct builder *builder, const yaml_event_t *event)
{
    struct wh_tree *tree = NULL;
    builder->node_count++;
    if (builder->node_count > WH_TREE_NODES_MAX) {
        struct wh_location location = locate(builder, event->start_mark, event->end_mark);
        struct wh_str bound = wh_problem_count_text(builder->arena, WH_TREE_NODES_MAX);
        (void)wh_problem_error(builder->problems, &location, "more than %.*s values in one file",
                               WH_STR_ARG(bound));
    } else if (event->type == YAML_SCALAR_EVENT) {
        tree = build_scalar(builder, event);
    } else if (event->type == YAML_ALIAS_EVENT) {
        tree = build_alias(builder, event);
    } else {
        tree = build_collection(builder, event);
    }
    yaml_event_t spent = *event;
    yaml_event_delete(&spent);
    return tree;
}

/* The one document of the stream. */
static struct wh_tree *
build_stream(struct builder *builder)
{
    struct wh_tree *root = NULL;
    for (;;) {
        yaml_event_t event;
        if (!next_event(builder, &event)) {
            return NULL;
        }
        yaml_event_type_t type = event.type;
        if (type == YAML_STREAM_START_EVENT || type == YAML_DOCUMENT_END_EVENT ||
            (type == YAML_DOCUMENT_START_EVENT && root == NULL)) {
            yaml_event_delete(&event);
            continue;
        }
        if (type == YAML_STREAM_END_EVENT) {
            yaml_event_delete(&event);
            struct wh_location nowhere = {builder->source, 0, 0};
            return root != NULL ? root : new_tree(builder, WH_TREE_SCALAR, nowhere);
        }
        if (type == YAML_DOCUMENT_START_EVENT) {
            struct wh_location location = locate(builder, event.start_mark, event.end_mark);
            (void)wh_problem_error(builder->problems, &location,
                                   "a second document begins here; a file has one");
            yaml_event_delete(&event);
            return NULL;
        }
        root = build_next(builder, &event);
        if (root == NULL) {
            return NULL;
        }
    }
}

struct wh_tree *
wh_tree_parse(struct wh_arena *arena, const struct wh_source *source, struct wh_problems *problems)
{
    if (!wh_utf8_is_valid(source->text)) {
        wh_tree_trouble_tell_encoding(source, problems);
        return NULL;
    }
    struct builder builder = {
        .arena = arena,
        .source = source,
        .problems = problems,
        .trouble = {.source = source},
    };
    if (yaml_parser_initialize(&builder.parser) == 0) {
        struct wh_location nowhere = {source, 0, 0};
        (void)wh_problem_error(problems, &nowhere, "no memory to read YAML");
        return NULL;
    }
    yaml_parser_set_encoding(&builder.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&builder.parser, (const unsigned char *)source->text.ptr,
                                 source->text.len);
    struct wh_tree *tree = build_stream(&builder);
    yaml_parser_delete(&builder.parser);
    return tree;
}
