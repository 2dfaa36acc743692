/* The worked examples of identity.md, read from a file. */
#include "tests/identity/case_file.h"

#include <string.h>
#include <yyjson.h>

#include "tests/identity/check.h"

#define CASE_KEYS_MAX 64

static const char *
copy_text(struct wh_arena *arena, yyjson_val *value)
{
    return value == NULL || !yyjson_is_str(value)
               ? ""
               : wh_arena_str(arena, wh_str_of(yyjson_get_str(value))).ptr;
}

/* An identifier that may count: a known kind, no placeholder. */
static bool
read_key(struct world *world, const char *text, struct wh_key *ret_key)
{
    struct wh_key key;
    if (!wh_key_parse(wh_str_of(text), &key) || key.kind > WH_KEY_ANON) {
        return false;
    }
    key.value = wh_str_trim(key.value);
    if (key.value.len == 0 || wh_key_is_placeholder(key.value)) {
        return false;
    }
    ret_key->kind = key.kind;
    ret_key->value = wh_arena_str(world->arena, key.value);
    return true;
}

static void
add_key(struct world *world, yyjson_val *value)
{
    struct wh_key key;
    if (!yyjson_is_str(value) || !read_key(world, yyjson_get_str(value), &key) ||
        world_find(world, key) != NOBODY) {
        return;
    }
    int place = world->key_count++;
    while (place > 0 && wh_key_compare(key, world->keys[place - 1]) < 0) {
        world->keys[place] = world->keys[place - 1];
        place--;
    }
    world->keys[place] = key;
}

/* Every identifier that a touch or a command names. */
static void
add_keys(struct world *world, yyjson_val *story)
{
    size_t index = 0;
    size_t max = 0;
    yyjson_val *item = NULL;
    world->keys = WH_ARENA_ARRAY(world->arena, struct wh_key, CASE_KEYS_MAX);
    yyjson_arr_foreach(yyjson_obj_get(story, "touches"), index, max, item)
    {
        size_t at = 0;
        size_t count = 0;
        yyjson_val *key = NULL;
        yyjson_arr_foreach(yyjson_obj_get(item, "ids"), at, count, key)
        {
            add_key(world, key);
        }
    }
    static const char *const names[] = {"weak", "strong", "lead", "into", "who"};
    yyjson_arr_foreach(yyjson_obj_get(story, "commands"), index, max, item)
    {
        for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
            add_key(world, yyjson_obj_get(item, names[i]));
        }
    }
}

static int
find_key(struct world *world, yyjson_val *value)
{
    struct wh_key key;
    bool good = value != NULL && read_key(world, yyjson_get_str(value), &key);
    return good ? world_find(world, key) : NOBODY;
}

static void
read_ids(struct world *world, struct touch *touch, yyjson_val *ids)
{
    size_t index = 0;
    size_t max = 0;
    yyjson_val *item = NULL;
    bool *named = WH_ARENA_ARRAY(world->arena, bool, CASE_KEYS_MAX);
    yyjson_arr_foreach(ids, index, max, item)
    {
        int key = find_key(world, item);
        if (key != NOBODY) {
            named[key] = true;
        }
    }
    for (int key = 0; key < world->key_count && touch->key_count < WH_TOUCH_KEYS_MAX; key++) {
        if (named[key]) {
            touch->keys[touch->key_count++] = key;
        }
    }
}

static void
read_statements(struct world *world, struct touch *touch, yyjson_val *item)
{
    size_t index = 0;
    size_t max = 0;
    yyjson_val *name = NULL;
    yyjson_val *value = NULL;
    yyjson_obj_foreach(yyjson_obj_get(item, "set"), index, max, name, value)
    {
        touch->set[touch->set_count++] = (struct statement){
            .name = copy_text(world->arena, name), .value = copy_text(world->arena, value)};
    }
    yyjson_obj_foreach(yyjson_obj_get(item, "consent"), index, max, name, value)
    {
        touch->consent[touch->consent_count++] = (struct statement){
            .name = copy_text(world->arena, name), .yes = yyjson_get_bool(value)};
    }
}

/* A touch that stands there twice is one, delivered twice. */
static struct touch *
get_touch(struct world *world, const char *id)
{
    for (int i = 0; i < world->touch_count; i++) {
        if (strcmp(world->touches[i].id, id) == 0) {
            return &world->touches[i];
        }
    }
    struct touch *touch = &world->touches[world->touch_count];
    touch->id = id;
    touch->number = world->touch_count++;
    return touch;
}

static void
read_touches(struct world *world, yyjson_val *touches)
{
    size_t index = 0;
    size_t max = 0;
    yyjson_val *item = NULL;
    world->touches = WH_ARENA_ARRAY(world->arena, struct touch, yyjson_arr_size(touches));
    yyjson_arr_foreach(touches, index, max, item)
    {
        struct touch *touch = get_touch(world, copy_text(world->arena, yyjson_obj_get(item, "id")));
        if (touch->copies++ > 0) {
            continue;
        }
        touch->at = yyjson_get_sint(yyjson_obj_get(item, "at"));
        read_ids(world, touch, yyjson_obj_get(item, "ids"));
        read_statements(world, touch, item);
    }
}

static bool
read_command(struct world *world, struct command *command, yyjson_val *item)
{
    static const char *const words[] = {"split", "allow", "join", "alone", "erase"};
    static const char *const subjects[] = {"weak", "weak", "lead", "lead", "who"};
    static const char *const objects[] = {"strong", "strong", "into", "", ""};
    const char *word = yyjson_get_str(yyjson_obj_get(item, "do"));
    int index = 0;
    while (strcmp(words[index], word) != 0) {
        index++;
    }
    yyjson_val *from = yyjson_obj_get(item, "from");
    *command = (struct command){
        .id = copy_text(world->arena, yyjson_obj_get(item, "id")),
        .at = yyjson_get_sint(yyjson_obj_get(item, "at")),
        .word = (enum word)index,
        .subject = find_key(world, yyjson_obj_get(item, subjects[index])),
        .object = find_key(world, yyjson_obj_get(item, objects[index])),
        .from = from == NULL || yyjson_is_null(from) ? WH_MINUTE_FIRST
                                                     : minute_of(yyjson_get_sint(from)),
        .to = minute_of(yyjson_get_sint(yyjson_obj_get(item, "until"))) + 1,
    };
    bool is_join = command->word == WORD_JOIN;
    return !is_join ||
           (world->keys[command->subject].kind == WH_KEY_CRM &&
            world->keys[command->object].kind == WH_KEY_CRM && command->subject != command->object);
}

static void
read_commands(struct world *world, yyjson_val *commands)
{
    size_t index = 0;
    size_t max = 0;
    yyjson_val *item = NULL;
    world->commands = WH_ARENA_ARRAY(world->arena, struct command, yyjson_arr_size(commands));
    yyjson_arr_foreach(commands, index, max, item)
    {
        if (read_command(world, &world->commands[world->command_count], item)) {
            world->command_count++;
        }
    }
}

static void
read_limit(uint32_t *limit, yyjson_val *value)
{
    if (value != NULL) {
        *limit = (uint32_t)yyjson_get_uint(value);
    }
}

static void
read_world(struct world *world, struct wh_arena *arena, yyjson_val *story)
{
    *world = (struct world){.arena = arena, .limits = wh_identity_limits_default};
    yyjson_val *limits = yyjson_obj_get(story, "limits");
    read_limit(&world->limits.people, yyjson_obj_get(limits, "people"));
    read_limit(&world->limits.crowd, yyjson_obj_get(limits, "crowd"));
    read_limit(&world->limits.devices, yyjson_obj_get(limits, "devices"));
    add_keys(world, story);
    read_touches(world, yyjson_obj_get(story, "touches"));
    read_commands(world, yyjson_obj_get(story, "commands"));
}

static int
wrong(const char *story, const char *what)
{
    (void)printf("%s: %s\n", story, what);
    return 1;
}

static int
check_expected_owners(const struct oracle *oracle, const char *name, yyjson_val *owners)
{
    int problems = 0;
    for (int t = 0; owners != NULL && t < oracle->world->touch_count; t++) {
        const char *wanted = yyjson_get_str(yyjson_obj_get(owners, oracle->world->touches[t].id));
        const char *found = world_name(oracle->world, oracle_owner(oracle, t));
        if (strcmp(found, wanted == NULL ? "nobody" : wanted) != 0) {
            problems += wrong(name, oracle->world->touches[t].id);
        }
    }
    return problems;
}

static bool
is_listed(yyjson_val *list, const char *name)
{
    size_t index = 0;
    size_t max = 0;
    yyjson_val *item = NULL;
    yyjson_arr_foreach(list, index, max, item)
    {
        if (strcmp(yyjson_get_str(item), name) == 0) {
            return true;
        }
    }
    return false;
}

static int
check_expected_lists(const struct oracle *oracle, const char *name, yyjson_val *expect)
{
    yyjson_val *crowds = yyjson_obj_get(expect, "crowds");
    yyjson_val *shared = yyjson_obj_get(expect, "shared");
    yyjson_val *rejected = yyjson_obj_get(expect, "rejected");
    int problems = 0;
    for (int key = 0; key < oracle->world->key_count; key++) {
        const char *text = world_name(oracle->world, key);
        if (crowds != NULL && is_listed(crowds, text) != oracle->crowd[key]) {
            problems += wrong(name, text);
        }
        if (shared != NULL && is_listed(shared, text) != oracle_is_shared(oracle, key)) {
            problems += wrong(name, text);
        }
    }
    for (int t = 0; rejected != NULL && t < oracle->world->touch_count; t++) {
        const struct touch *touch = &oracle->world->touches[t];
        if (is_listed(rejected, touch->id) != (touch->key_count == 0)) {
            problems += wrong(name, touch->id);
        }
    }
    return problems;
}

/* {lead: {name: value}} */
static int
check_expected_words(struct oracle *oracle, const char *name, yyjson_val *leads, bool consent)
{
    size_t index = 0;
    size_t max = 0;
    yyjson_val *lead = NULL;
    yyjson_val *words = NULL;
    struct world world = *oracle->world;
    int problems = 0;
    yyjson_obj_foreach(leads, index, max, lead, words)
    {
        size_t at = 0;
        size_t count = 0;
        yyjson_val *word = NULL;
        yyjson_val *value = NULL;
        int key = find_key(&world, lead);
        yyjson_obj_foreach(words, at, count, word, value)
        {
            const char *text = yyjson_get_str(word);
            const struct statement *said =
                consent ? oracle_consent(oracle, key, text) : oracle_attribute(oracle, key, text);
            bool same = said != NULL && (consent ? said->yes == yyjson_get_bool(value)
                                                 : strcmp(said->value, yyjson_get_str(value)) == 0);
            problems += same ? 0 : wrong(name, text);
        }
    }
    return problems;
}

static int
check_expected(const struct world *world, yyjson_val *story)
{
    struct oracle oracle;
    oracle_make(&oracle, world, world->arena);
    yyjson_val *expect = yyjson_obj_get(story, "expect");
    const char *name = yyjson_get_str(yyjson_obj_get(story, "name"));
    return check_expected_owners(&oracle, name, yyjson_obj_get(expect, "owners")) +
           check_expected_lists(&oracle, name, expect) +
           check_expected_words(&oracle, name, yyjson_obj_get(expect, "attributes"), false) +
           check_expected_words(&oracle, name, yyjson_obj_get(expect, "consent"), true);
}

static int
run_case(yyjson_val *story, int orders, const struct net_engine *engine)
{
    const char *name = yyjson_get_str(yyjson_obj_get(story, "name"));
    int problems = 0;
    for (int order = 0; order < orders && problems == 0; order++) {
        struct wh_arena arena;
        struct world world;
        struct net net;
        wh_arena_init(&arena, 0);
        read_world(&world, &arena, story);
        problems += order == 0 ? check_expected(&world, story) : 0;
        net_init(&net, &world, (uint64_t)order, engine);
        net_feed(&net, 0, 0);
        net_run(&net);
        check_all(&net);
        if (net.problem[0] != '\0') {
            (void)printf("order %d: ", order);
            problems += wrong(name, net.problem);
        }
        net_fini(&net);
        wh_arena_fini(&arena);
    }
    return problems;
}

int
case_file_run(const char *path, int orders, const struct net_engine *engine)
{
    yyjson_doc *document = yyjson_read_file(path, 0, NULL, NULL);
    if (document == NULL) {
        (void)fprintf(stderr, "cannot read %s\n", path);
        return 1;
    }
    size_t index = 0;
    size_t max = 0;
    yyjson_val *story = NULL;
    int problems = 0;
    yyjson_arr_foreach(yyjson_obj_get(yyjson_doc_get_root(document), "cases"), index, max, story)
    {
        problems += run_case(story, orders, engine);
    }
    (void)printf("%zu cases, each in %d random deliveries: %d wrong\n", max, orders, problems);
    yyjson_doc_free(document);
    return problems;
}
