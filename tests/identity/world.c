#include "tests/identity/world.h"

#include <string.h>

#include "engine/base/buf.h"
#include "tests/identity/oracle.h"

#define MINUTE   60
#define KEYS_MAX 120 /* five kinds, three of each, times eight */

int64_t
minute_of(int64_t seconds)
{
    return seconds / MINUTE - (seconds % MINUTE < 0 ? 1 : 0);
}

int
world_find(const struct world *world, struct wh_key key)
{
    int low = 0;
    int high = world->key_count;
    while (low < high) {
        int middle = (low + high) / 2;
        if (wh_key_compare(world->keys[middle], key) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    bool found = low < world->key_count && wh_key_compare(world->keys[low], key) == 0;
    return found ? low : NOBODY;
}

static const char *
text(struct wh_arena *arena, const char *format, int number)
{
    struct wh_buf buf;
    wh_buf_init(&buf, arena);
    wh_buf_push_text(&buf, format);
    wh_buf_push_int(&buf, number);
    return wh_buf_text(&buf);
}

/* Up to three of each kind (times eight when large); made in order. */
static void
make_keys(struct world *world, struct chance *chance, int scale)
{
    world->keys = WH_ARENA_ARRAY(world->arena, struct wh_key, KEYS_MAX);
    for (int kind = WH_KEY_CRM; kind <= WH_KEY_ANON; kind++) {
        int count = chance_between(chance, kind == WH_KEY_ANON, 3) * scale;
        for (int i = 0; i < count; i++) {
            const char *value = text(world->arena, i < 10 ? "n0" : "n", i);
            world->keys[world->key_count++] =
                (struct wh_key){.kind = (enum wh_key_kind)kind, .value = wh_str_of(value)};
        }
    }
}

static void
sort_keys(struct touch *touch)
{
    for (int i = 1; i < touch->key_count; i++) {
        for (int k = i; k > 0 && touch->keys[k] < touch->keys[k - 1]; k--) {
            int key = touch->keys[k];
            touch->keys[k] = touch->keys[k - 1];
            touch->keys[k - 1] = key;
        }
    }
}

static bool
has_key(const struct touch *touch, int key)
{
    for (int i = 0; i < touch->key_count; i++) {
        if (touch->keys[i] == key) {
            return true;
        }
    }
    return false;
}

struct pool {
    int *keys; /* those that are chosen more often stand there more often */
    int count;
    int span; /* minutes */
};

static struct pool
make_pool(const struct world *world, struct chance *chance)
{
    struct pool pool = {
        .keys = WH_ARENA_ARRAY(world->arena, int, (size_t)world->key_count * 3),
    };
    for (int key = 0; key < world->key_count; key++) {
        for (int weight = CHANCE_OF(chance, 1, 1, 3); weight > 0; weight--) {
            pool.keys[pool.count++] = key;
        }
    }
    pool.span = CHANCE_OF(chance, 3, 12, 100, 3000);
    return pool;
}

static void
make_statements(struct touch *touch, struct chance *chance)
{
    static const char *const values[] = {"0", "1", "2", "3", "4", "5", "6", "7", "8"};
    if (chance_is(chance, 30)) {
        touch->set[touch->set_count++] = (struct statement){
            .name = chance_is(chance, 50) ? "a" : "b", .value = values[chance_below(chance, 9)]};
    }
    if (chance_is(chance, 30)) {
        touch->consent[touch->consent_count++] = (struct statement){
            .name = chance_is(chance, 50) ? "p" : "q", .yes = chance_is(chance, 50)};
    }
}

static void
choose_keys(struct touch *touch, struct chance *chance, const struct pool *pool)
{
    for (int i = CHANCE_OF(chance, 1, 1, 2, 2, 2, 3, 3, 5); i > 0; i--) {
        int key = pool->keys[chance_below(chance, pool->count)];
        if (!has_key(touch, key)) {
            touch->keys[touch->key_count++] = key;
        }
    }
    sort_keys(touch);
}

static void
make_touches(struct world *world, struct chance *chance, const struct pool *pool, int count)
{
    world->touches =
        wh_arena_grow(world->arena, world->touches, (size_t)world->touch_count,
                      (size_t)world->touch_count + (size_t)count, sizeof(struct touch));
    for (int i = 0; i < count; i++) {
        struct touch *touch = &world->touches[world->touch_count];
        touch->id = text(world->arena, "t", world->touch_count);
        touch->number = world->touch_count++;
        touch->at = chance_between(chance, -MINUTE, pool->span * MINUTE - 1);
        choose_keys(touch, chance, pool);
        touch->automatic = chance_is(chance, 3);
        touch->copies = 1;
        make_statements(touch, chance);
    }
}

static int
any_crm(const struct world *world, struct chance *chance)
{
    int count = 0;
    while (count < world->key_count && world->keys[count].kind == WH_KEY_CRM) {
        count++;
    }
    return count == 0 ? NOBODY : chance_below(chance, count);
}

/* Mostly two identifiers that stand in one touch, often the same two as before. */
static void
choose_pair(const struct world *world, struct chance *chance, struct command *command)
{
    command->subject = chance_below(chance, world->key_count);
    command->object = chance_below(chance, world->key_count);
    const struct touch *touch = &world->touches[chance_below(chance, world->touch_count)];
    if (touch->key_count > 1 && chance_is(chance, 80)) {
        int strong = chance_below(chance, touch->key_count - 1);
        command->object = touch->keys[chance_is(chance, 80) ? 0 : strong];
        command->subject = touch->keys[chance_is(chance, 80) ? 1 : strong + 1];
    }
    for (int i = world->command_count; i-- > 0 && chance_is(chance, 50);) {
        if (world->commands[i].word <= WORD_ALLOW) {
            command->subject = world->commands[i].subject;
            command->object = world->commands[i].object;
            return;
        }
    }
}

static bool
choose_command(const struct world *world, struct chance *chance, struct command *command, int span)
{
    switch (command->word) {
    case WORD_SPLIT:
    case WORD_ALLOW:
        choose_pair(world, chance, command);
        return world->keys[command->subject].kind > world->keys[command->object].kind;
    case WORD_JOIN:
        command->subject = any_crm(world, chance);
        command->object = any_crm(world, chance);
        return command->subject != command->object;
    case WORD_ALONE:
        command->subject = any_crm(world, chance);
        return command->subject != NOBODY;
    case WORD_ERASE:
    case WORD_ERASE_LEAD:
        command->subject = chance_below(chance, world->key_count);
        command->from = chance_is(chance, 50) ? WH_MINUTE_FIRST : chance_between(chance, -1, span);
        command->to = chance_between(chance, -1, span) + 1;
        return command->from < command->to;
    }
    return false;
}

static void
make_commands(struct world *world, struct chance *chance, int count, int kinds, int span)
{
    static const enum word words[] = {WORD_SPLIT, WORD_SPLIT, WORD_ALLOW, WORD_JOIN,
                                      WORD_JOIN,  WORD_ALONE, WORD_ERASE};
    world->commands =
        wh_arena_grow(world->arena, world->commands, (size_t)world->command_count,
                      (size_t)world->command_count + (size_t)count, sizeof(struct command));
    for (int i = 0; i < count; i++) {
        struct command *command = &world->commands[world->command_count];
        *command = (struct command){
            .id = text(world->arena, "c", world->command_count),
            .at = chance_below(chance, span * MINUTE),
            .word = words[chance_below(chance, kinds)],
            .object = NOBODY,
        };
        if (choose_command(world, chance, command, span)) {
            world->command_count++;
        }
    }
}

/* The span of minutes that the touches lie in. */
static int
span_of(const struct world *world)
{
    int64_t last = 1;
    for (int i = 0; i < world->touch_count; i++) {
        int64_t minute = minute_of(world->touches[i].at) + 1;
        last = minute > last ? minute : last;
    }
    return (int)last;
}

void
world_add_commands(struct world *world, struct chance *chance, int count, int kinds)
{
    make_commands(world, chance, count, kinds, span_of(world));
}

void
world_add_touches(struct world *world, struct chance *chance, int count)
{
    struct pool pool = make_pool(world, chance);
    pool.span = span_of(world) + CHANCE_OF(chance, 1, 10);
    make_touches(world, chance, &pool, count);
}

/* Whether no identifier is shared or a crowd: only then erasures are drawn, too. */
static bool
is_quiet(const struct world *world)
{
    struct oracle oracle;
    oracle_make(&oracle, world, world->arena);
    for (int key = 0; key < world->key_count; key++) {
        if (oracle.crowd[key] || oracle_is_shared(&oracle, key)) {
            return false;
        }
    }
    return true;
}

void
world_make(struct world *world, struct wh_arena *arena, uint64_t seed, enum scale scale)
{
    struct chance chance = {.state = seed};
    *world = (struct world){.arena = arena, .limits = wh_identity_limits_default};
    int factor = scale == SCALE_LARGE ? 8 : 1;
    make_keys(world, &chance, factor);
    struct pool pool = make_pool(world, &chance);
    int touches =
        scale == SCALE_LARGE ? chance_between(&chance, 60, 300) : chance_between(&chance, 2, 14);
    make_touches(world, &chance, &pool, touches);
    if (chance_is(&chance, 50)) {
        world->limits.people = (uint32_t)CHANCE_OF(&chance, 1, 2, 3, 8);
        world->limits.crowd = (uint32_t)CHANCE_OF(&chance, 1, 2, 3, 16);
        world->limits.devices = (uint32_t)CHANCE_OF(&chance, 1, 2, 4, 32);
    }
    int commands = CHANCE_OF(&chance, 0, 0, 1, 2, 4) * factor;
    make_commands(world, &chance, commands, is_quiet(world) ? 7 : 6, pool.span);
}

const struct statement *
touch_says(const struct touch *touch, enum what what, const char *name)
{
    const struct statement *items = what == WHAT_ATTRIBUTE ? touch->set : touch->consent;
    int count = what == WHAT_ATTRIBUTE ? touch->set_count : touch->consent_count;
    for (int i = 0; i < count; i++) {
        if (strcmp(items[i].name, name) == 0) {
            return &items[i];
        }
    }
    return NULL;
}

bool
touch_outdoes(const struct touch *a, const struct touch *b, enum what what, const char *name)
{
    if (a->at != b->at) {
        return a->at > b->at;
    }
    bool yes_a = what == WHAT_CONSENT && touch_says(a, what, name)->yes;
    bool yes_b = what == WHAT_CONSENT && touch_says(b, what, name)->yes;
    if (yes_a != yes_b) {
        return !yes_a;
    }
    return strcmp(a->id, b->id) > 0;
}

const char *
world_name(const struct world *world, int key)
{
    if (key == NOBODY) {
        return "nobody";
    }
    struct wh_buf buf;
    wh_buf_init(&buf, world->arena);
    wh_buf_push(&buf, wh_key_text(world->arena, world->keys[key]));
    return wh_buf_text(&buf);
}

static void
print_touch(const struct world *world, const struct touch *touch, FILE *out)
{
    (void)fprintf(out, "  %s at %lld (minute %lld)", touch->id, (long long)touch->at,
                  (long long)minute_of(touch->at));
    for (int i = 0; i < touch->key_count; i++) {
        (void)fprintf(out, " %s", world_name(world, touch->keys[i]));
    }
    (void)fprintf(out, "%s\n", touch->automatic ? " automatic" : "");
}

void
world_print(const struct world *world, FILE *out)
{
    static const char *const words[] = {"split", "allow", "join", "alone", "erase", "erase lead"};
    (void)fprintf(out, "limits: people %u, crowd %u, devices %u\n", world->limits.people,
                  world->limits.crowd, world->limits.devices);
    for (int i = 0; i < world->touch_count; i++) {
        print_touch(world, &world->touches[i], out);
    }
    for (int i = 0; i < world->command_count; i++) {
        const struct command *command = &world->commands[i];
        (void)fprintf(out, "  %s at %lld %s %s", command->id, (long long)command->at,
                      words[command->word], world_name(world, command->subject));
        if (command->object != NOBODY) {
            (void)fprintf(out, " %s", world_name(world, command->object));
        }
        if (command->word >= WORD_ERASE) {
            (void)fprintf(out, " minutes %lld to %lld", (long long)command->from,
                          (long long)command->to);
        }
        (void)fprintf(out, "\n");
    }
}
