/* What an announcement carries: note, with, actions. */
#include "engine/language/build.h"
#include "engine/language/keys.h"
#include "engine/language/reader.h"

static const struct wh_section_key action_keys[] = {
    {"set", WH_GIVEN_OR_NOT},    {"add_to", WH_GIVEN_OR_NOT}, {"remove_from", WH_GIVEN_OR_NOT},
    {"notify", WH_GIVEN_OR_NOT}, {"note", WH_GIVEN_OR_NOT},   {"task", WH_GIVEN_OR_NOT},
    {"start", WH_GIVEN_OR_NOT},  {"stop", WH_GIVEN_OR_NOT}};
static const struct wh_section action_section = WH_SECTION("an action", action_keys);

struct word {
    const char *key;
    enum wh_action_kind kind;
};
static const struct word words[] = {
    {"add_to", WH_ACTION_ADD_TO}, {"remove_from", WH_ACTION_REMOVE_FROM},
    {"notify", WH_ACTION_NOTIFY}, {"note", WH_ACTION_NOTE},
    {"task", WH_ACTION_TASK},     {"start", WH_ACTION_START},
    {"stop", WH_ACTION_STOP},
};

/* Actions of one list; `set` may bring several. */
struct actions {
    struct wh_compiler *compiler;
    struct wh_action_rule *items;
    size_t count;
};

static struct wh_action_rule *
push(struct actions *actions)
{
    actions->items = wh_compiler_room(actions->compiler, actions->items, actions->count,
                                      sizeof(struct wh_action_rule));
    actions->items[actions->count].track = -1;
    return &actions->items[actions->count++];
}

static void
read_set(struct actions *actions, const struct wh_tree *tree, const struct wh_where *where)
{
    const struct wh_tree_entry *entries;
    size_t count = wh_keys_entries(actions->compiler, tree, &entries);
    for (size_t i = 0; i < count; i++) {
        struct wh_action_rule *action = push(actions);
        action->kind = WH_ACTION_SET;
        (void)wh_scalar_key_word(actions->compiler->problems, &entries[i], &action->name);
        action->value = wh_build(actions->compiler, where, entries[i].value, WH_EXPECT_ANY);
    }
}

static void
read_action(struct actions *actions, const struct wh_tree *tree, const struct wh_where *where)
{
    if (!wh_keys_check(actions->compiler, tree, &action_section)) {
        return;
    }
    const struct wh_tree *set = wh_tree_find(tree, "set");
    if (set != NULL) {
        read_set(actions, set, where);
    }
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        const struct wh_tree *text = wh_tree_find(tree, words[i].key);
        if (text != NULL) {
            struct wh_action_rule *action = push(actions);
            action->kind = words[i].kind;
            wh_build_template(actions->compiler, where, text, &action->text);
            bool is_of_track = words[i].kind == WH_ACTION_START || words[i].kind == WH_ACTION_STOP;
            action->track = is_of_track ? wh_reader_track(actions->compiler, text) : -1;
        }
    }
}

static void
read_with(struct wh_compiler *compiler, const struct wh_tree *tree, const struct wh_where *where,
          struct wh_announcement *say)
{
    const struct wh_tree_entry *entries;
    size_t count = wh_keys_entries(compiler, tree, &entries);
    struct wh_with *with = WH_ARENA_ARRAY(compiler->arena, struct wh_with, count);
    for (size_t i = 0; i < count; i++) {
        (void)wh_scalar_key_word(compiler->problems, &entries[i], &with[i].name);
        with[i].value = wh_build(compiler, where, entries[i].value, WH_EXPECT_ANY);
    }
    say->with = with;
    say->with_count = count;
}

void
wh_reader_announcement(struct wh_compiler *compiler, const struct wh_tree *tree,
                       const struct wh_step_names *steps, struct wh_announcement *ret_say)
{
    struct wh_where where = wh_reader_after("an announcement");
    where.steps = steps;
    wh_build_template(compiler, &where, wh_tree_find(tree, "note"), &ret_say->note);
    read_with(compiler, wh_tree_find(tree, "with"), &where, ret_say);
    struct actions actions = {.compiler = compiler};
    struct wh_tree *const *items;
    size_t count = wh_keys_items(compiler, wh_tree_find(tree, "actions"), &items);
    for (size_t i = 0; i < count; i++) {
        read_action(&actions, items[i], &where);
    }
    ret_say->actions = actions.items;
    ret_say->action_count = actions.count;
}
