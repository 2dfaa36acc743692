/* Who gets a ripe lead: the receivers in order, and among whom one takes turns. */
#include "engine/language/build.h"
#include "engine/language/keys.h"
#include "engine/language/reader.h"
#include "engine/language/scope.h"

#define ROUTES_MAX 256

static const struct wh_section_key route_keys[] = {
    {"id", WH_GIVEN_ALWAYS},    {"to", WH_GIVEN_ALWAYS}, {"when", WH_GIVEN_OR_NOT},
    {"pick", WH_GIVEN_OR_NOT},  {"of", WH_GIVEN_OR_NOT}, {"capacity", WH_GIVEN_OR_NOT},
    {"sticky", WH_GIVEN_OR_NOT}};
static const struct wh_section route_section = WH_SECTION("a route", route_keys);

static const struct wh_section_key capacity_keys[] = {{"count", WH_GIVEN_ALWAYS},
                                                      {"per", WH_GIVEN_ALWAYS}};
static const struct wh_section capacity_section = WH_SECTION("a capacity", capacity_keys);

enum pick { ROUND_ROBIN, WEIGHTED };
static const char *const pick_words[] = {"round_robin", "weighted"};

/* Owners of one route while they are read. */
struct owners {
    struct wh_compiler *compiler;
    struct wh_local names;
    struct wh_pick_owner *items;
    size_t count;
    int64_t weights;
};

static void
add_owner(struct owners *owners, struct wh_str name, const struct wh_location *location,
          int64_t weight)
{
    if (name.len == 0 || name.len > WH_OWNER_LEN_MAX) {
        wh_problem_error(owners->compiler->problems, location,
                         "a name of \"of\" has 1 to %d bytes, this one has %zu", WH_OWNER_LEN_MAX,
                         name.len);
        return;
    }
    wh_local_define(&owners->names, name, location);
    owners->items[owners->count++] = (struct wh_pick_owner){name, weight};
    owners->weights += weight;
}

static void
read_names(struct owners *owners, const struct wh_tree *tree)
{
    struct wh_tree *const *items;
    size_t count = wh_keys_items(owners->compiler, tree, &items);
    owners->items = WH_ARENA_ARRAY(owners->compiler->arena, struct wh_pick_owner, count);
    for (size_t i = 0; i < count; i++) {
        struct wh_str name;
        if (wh_scalar_text(owners->compiler->problems, items[i], &name)) {
            add_owner(owners, name, &items[i]->location, 1);
        }
    }
}

static void
read_weights(struct owners *owners, const struct wh_tree *tree)
{
    const struct wh_tree_entry *entries;
    size_t count = wh_keys_entries(owners->compiler, tree, &entries);
    owners->items = WH_ARENA_ARRAY(owners->compiler->arena, struct wh_pick_owner, count);
    for (size_t i = 0; i < count; i++) {
        int64_t weight = 1;
        (void)wh_scalar_count(owners->compiler->problems, entries[i].value, 1, WH_OWNER_WEIGHT_MAX,
                              &weight);
        add_owner(owners, entries[i].key, &entries[i].key_location, weight);
    }
}

static void
read_pick(struct wh_compiler *compiler, const struct wh_tree *tree, struct wh_route *route)
{
    const struct wh_tree *pick = wh_tree_find(tree, "pick");
    const struct wh_tree_entry *of = wh_tree_find_entry(tree, "of");
    size_t choice = ROUND_ROBIN;
    wh_keys_need(compiler, tree, "pick", "of");
    wh_keys_need(compiler, tree, "of", "pick");
    wh_keys_need(compiler, tree, "sticky", "of");
    if (pick == NULL || of == NULL ||
        !wh_scalar_choice(compiler->problems, pick, pick_words, 2, &choice)) {
        return;
    }
    struct owners owners = {.compiler = compiler};
    size_t before = compiler->problems->error_count;
    wh_local_init(&owners.names, compiler, "receiver");
    if (choice == WEIGHTED) {
        read_weights(&owners, of->value);
    } else {
        read_names(&owners, of->value);
    }
    if (owners.count == 0 && compiler->problems->error_count == before) {
        wh_problem_error(compiler->problems, &of->value->location,
                         "\"of\" is empty: there is nobody to pick");
    }
    wh_keys_bound_at(compiler, tree, "of", owners.count, WH_OWNERS_MAX, "a route");
    route->owners = owners.items;
    route->owner_count = owners.count;
    route->weights = owners.weights;
}

static void
read_capacity(struct wh_compiler *compiler, const struct wh_tree *tree, struct wh_route *route)
{
    route->capacity = -1;
    if (tree == NULL || !wh_keys_check(compiler, tree, &capacity_section)) {
        return;
    }
    const struct wh_tree *per = wh_tree_find(tree, "per");
    wh_reader_count(compiler, tree, "count", 1, 1000000, &route->capacity);
    if (per != NULL) {
        (void)wh_scalar_period(compiler->problems, per, &route->capacity_per);
    }
}

static void
read_route(struct wh_compiler *compiler, const struct wh_tree *tree, struct wh_local *names,
           struct wh_route *route)
{
    route->capacity = -1;
    if (!wh_keys_check(compiler, tree, &route_section)) {
        return;
    }
    struct wh_where to = wh_reader_after("a route");
    struct wh_where where = wh_reader_state("a route", WH_OWNER_NONE, 0);
    where.is_watched = false;
    const struct wh_tree *id = wh_tree_find(tree, "id");
    if (id != NULL && wh_scalar_word(compiler->problems, id, &route->id)) {
        wh_local_define(names, route->id, &id->location);
    }
    route->when = wh_build(compiler, &where, wh_tree_find(tree, "when"), WH_EXPECT_BOOL);
    wh_build_template(compiler, &to, wh_tree_find(tree, "to"), &route->to);
    read_pick(compiler, tree, route);
    read_capacity(compiler, wh_tree_find(tree, "capacity"), route);
    wh_reader_duration(compiler, tree, "sticky", &route->sticky);
}

void
wh_reader_routes(struct wh_compiler *compiler)
{
    const struct wh_tree *section = wh_tree_find(compiler->root, "routes");
    struct wh_tree *const *items;
    size_t count = wh_keys_items(compiler, section, &items);
    struct wh_route *routes = WH_ARENA_ARRAY(compiler->arena, struct wh_route, count);
    struct wh_local names;
    wh_local_init(&names, compiler, "route");
    for (size_t i = 0; i < count; i++) {
        read_route(compiler, items[i], &names, &routes[i]);
    }
    wh_keys_bound_at(compiler, compiler->root, "routes", count, ROUTES_MAX, "a model");
    compiler->ruleset->routes = routes;
    compiler->ruleset->route_count = count;
}
