#include "tests/identity/oracle.h"

#include <string.h>

#define DAY 1440

static enum wh_key_kind
kind_of(const struct oracle *oracle, int key)
{
    return oracle->world->keys[key].kind;
}

static bool
is_weaker(const struct oracle *oracle, int weak, int strong)
{
    return kind_of(oracle, weak) > kind_of(oracle, strong);
}

static int64_t
minute_at(const struct oracle *oracle, int touch)
{
    return minute_of(oracle->world->touches[touch].at);
}

static int64_t
day_at(const struct oracle *oracle, int touch)
{
    int64_t minute = minute_at(oracle, touch);
    return minute / DAY - (minute % DAY < 0 ? 1 : 0);
}

/* Whether the touch comes to `key` when all crowds that stand before it pass it on. */
static bool
reaches(const struct oracle *oracle, const struct touch *touch, int key)
{
    for (int i = 0; i < touch->key_count; i++) {
        if (touch->keys[i] == key) {
            return true;
        }
        if (!oracle->crowd[touch->keys[i]]) {
            return false;
        }
    }
    return false;
}

static bool
carries(const struct touch *touch, int key)
{
    for (int i = 0; i < touch->key_count; i++) {
        if (touch->keys[i] == key) {
            return true;
        }
    }
    return false;
}

/* Marks the weaker identifiers of a touch and counts the new ones by kind. */
static void
mark_weaker(const struct oracle *oracle, const struct touch *touch, int key, bool *mark,
            uint32_t *counts)
{
    for (int i = 0; i < touch->key_count; i++) {
        int weak = touch->keys[i];
        if (is_weaker(oracle, weak, key) && !mark[weak]) {
            mark[weak] = true;
            counts[kind_of(oracle, weak)]++;
        }
    }
}

/* How many weaker identifiers were seen with `key`, by kind; on that day only (ANY_DAY: ever). */
#define ANY_DAY INT64_MIN

static void
count_weaker(const struct oracle *oracle, int key, int64_t day, bool *mark, uint32_t *ret_counts)
{
    memset(mark, 0, (size_t)oracle->world->key_count * sizeof(*mark));
    memset(ret_counts, 0, WH_KEY_KIND_COUNT * sizeof(*ret_counts));
    for (int t = 0; t < oracle->world->touch_count; t++) {
        const struct touch *touch = &oracle->world->touches[t];
        if (!touch->automatic && reaches(oracle, touch, key) &&
            (day == ANY_DAY || day_at(oracle, t) == day)) {
            mark_weaker(oracle, touch, key, mark, ret_counts);
        }
    }
}

static bool
is_a_crowd(const struct oracle *oracle, int key, bool *mark)
{
    const struct wh_identity_limits *limits = &oracle->world->limits;
    uint32_t counts[WH_KEY_KIND_COUNT];
    count_weaker(oracle, key, ANY_DAY, mark, counts);
    for (int kind = WH_KEY_CRM; kind < WH_KEY_ANON; kind++) {
        if (counts[kind] > limits->crowd) {
            return true;
        }
    }
    int64_t checked = ANY_DAY;
    for (int t = 0; t < oracle->world->touch_count; t++) {
        if (day_at(oracle, t) == checked || !reaches(oracle, &oracle->world->touches[t], key)) {
            continue;
        }
        checked = day_at(oracle, t);
        count_weaker(oracle, key, checked, mark, counts);
        if (counts[WH_KEY_ANON] > limits->devices) {
            return true;
        }
    }
    return false;
}

/* The first that is no crowd; the last if all are. */
static int
home_of(const struct oracle *oracle, const struct touch *touch)
{
    int home = NOBODY;
    for (int i = 0; i < touch->key_count; i++) {
        if (home == NOBODY || oracle->crowd[home]) {
            home = touch->keys[i];
        }
    }
    return home;
}

static bool
is_later(const struct command *a, const struct command *b)
{
    return b == NULL || a->at > b->at || (a->at == b->at && strcmp(a->id, b->id) > 0);
}

/* The last word about two identifiers. */
static const struct command *
last_word(const struct world *world, int weak, int strong)
{
    const struct command *last = NULL;
    for (int i = 0; i < world->command_count; i++) {
        const struct command *command = &world->commands[i];
        if (command->word <= WORD_ALLOW && command->subject == weak && command->object == strong &&
            is_later(command, last)) {
            last = command;
        }
    }
    return last;
}

/* Of more pairs than are remembered the latest count. */
static bool
is_remembered(const struct world *world, const struct command *word)
{
    uint32_t later = 0;
    for (int strong = 0; strong < world->key_count; strong++) {
        const struct command *other = last_word(world, word->subject, strong);
        later += other != NULL && is_later(other, word);
    }
    return later < world->limits.pairs;
}

static void
read_pairs(struct oracle *oracle)
{
    const struct world *world = oracle->world;
    for (int i = 0; i < world->command_count; i++) {
        const struct command *command = &world->commands[i];
        if (command->word > WORD_ALLOW) {
            continue;
        }
        const struct command *last = last_word(world, command->subject, command->object);
        oracle->split[command->subject * world->key_count + command->object] =
            last->word == WORD_SPLIT && is_remembered(world, last);
    }
}

/* The last word of join or alone about a record. A join is one about both. */
static const struct command *
last_join(const struct world *world, int key)
{
    const struct command *last = NULL;
    for (int i = 0; i < world->command_count; i++) {
        const struct command *command = &world->commands[i];
        bool about = (command->word == WORD_JOIN || command->word == WORD_ALONE) &&
                     (command->subject == key || command->object == key);
        if (about && is_later(command, last)) {
            last = command;
        }
    }
    return last;
}

/* The loser is `into`, the survivor alive. */
static int
joined_into(const struct world *world, int key)
{
    const struct command *last = last_join(world, key);
    return last != NULL && last->word == WORD_JOIN && last->subject == key ? last->object : NOBODY;
}

bool
oracle_is_erased(const struct oracle *oracle, int key, int64_t minute)
{
    for (int i = 0; i < oracle->world->command_count; i++) {
        const struct command *command = &oracle->world->commands[i];
        if (command->word == WORD_ERASE && command->subject == key && command->from <= minute &&
            minute < command->to) {
            return true;
        }
    }
    return false;
}

/* Companions of the weaker ones: crowds on the way, then the home. */
static void
read_companions(struct oracle *oracle, const struct touch *touch)
{
    for (int i = 0; i < touch->key_count; i++) {
        int strong = touch->keys[i];
        for (int k = i + 1; reaches(oracle, touch, strong) && k < touch->key_count; k++) {
            int weak = touch->keys[k];
            oracle->seen[weak * oracle->world->key_count + strong] |=
                is_weaker(oracle, weak, strong);
        }
    }
}

void
oracle_make(struct oracle *oracle, const struct world *world, struct wh_arena *arena)
{
    size_t keys = (size_t)world->key_count;
    size_t touches = (size_t)world->touch_count;
    *oracle = (struct oracle){
        .world = world,
        .crowd = WH_ARENA_ARRAY(arena, bool, keys),
        .joined = WH_ARENA_ARRAY(arena, int, keys),
        .split = WH_ARENA_ARRAY(arena, bool, keys *keys),
        .home = WH_ARENA_ARRAY(arena, int, touches),
        .erased = WH_ARENA_ARRAY(arena, bool, touches),
        .seen = WH_ARENA_ARRAY(arena, bool, keys *keys),
    };
    bool *mark = WH_ARENA_ARRAY(arena, bool, keys);
    for (int key = 0; key < world->key_count; key++) {
        oracle->crowd[key] = is_a_crowd(oracle, key, mark);
    }
    read_pairs(oracle);
    for (int key = 0; key < world->key_count; key++) {
        oracle->joined[key] = joined_into(world, key);
    }
    for (int t = 0; t < world->touch_count; t++) {
        int home = home_of(oracle, &world->touches[t]);
        oracle->home[t] = home;
        oracle->erased[t] = home != NOBODY && oracle_is_erased(oracle, home, minute_at(oracle, t));
        if (!oracle->erased[t] && !world->touches[t].automatic) {
            read_companions(oracle, &world->touches[t]);
        }
    }
}

bool
oracle_is_shared(const struct oracle *oracle, int key)
{
    uint32_t people[WH_KEY_KIND_COUNT] = {0};
    for (int strong = 0; strong < oracle->world->key_count; strong++) {
        if (oracle->seen[key * oracle->world->key_count + strong] &&
            ++people[kind_of(oracle, strong)] > oracle->world->limits.people) {
            return true;
        }
    }
    return false;
}

/* Whether the touch says that `key` belongs to its home. */
static bool
is_link(const struct oracle *oracle, int t, int key)
{
    const struct touch *touch = &oracle->world->touches[t];
    int home = oracle->home[t];
    return !touch->automatic && !oracle->erased[t] && home != NOBODY && carries(touch, key) &&
           is_weaker(oracle, key, home) && !oracle->crowd[home] &&
           !oracle->split[key * oracle->world->key_count + home];
}

/* Whether link a is a better answer for that minute than link b: the latest that is not after it,
 * else the first; of one minute the first target in order. */
static bool
is_better(const struct oracle *oracle, int a, int b, int64_t minute)
{
    int64_t at_a = minute_at(oracle, a);
    int64_t at_b = minute_at(oracle, b);
    if (at_a == at_b) {
        return oracle->home[a] < oracle->home[b];
    }
    if ((at_a <= minute) != (at_b <= minute)) {
        return at_a <= minute;
    }
    return at_a <= minute ? at_a > at_b : at_a < at_b;
}

static int
target_of(const struct oracle *oracle, int key, int64_t minute)
{
    if (oracle->crowd[key]) {
        return NOBODY;
    }
    if (oracle->joined[key] != NOBODY) {
        return oracle->joined[key];
    }
    if (oracle_is_shared(oracle, key)) {
        return NOBODY;
    }
    int best = NOBODY;
    for (int t = 0; t < oracle->world->touch_count; t++) {
        if (is_link(oracle, t, key) && (best == NOBODY || is_better(oracle, t, best, minute))) {
            best = t;
        }
    }
    return best == NOBODY ? NOBODY : oracle->home[best];
}

int
oracle_resolve(const struct oracle *oracle, int key, int64_t minute)
{
    int target = target_of(oracle, key, minute);
    while (target != NOBODY) {
        key = target;
        target = target_of(oracle, key, minute);
    }
    return key;
}

int
oracle_owner(const struct oracle *oracle, int touch)
{
    if (oracle->home[touch] == NOBODY || oracle->erased[touch]) {
        return NOBODY;
    }
    return oracle_resolve(oracle, oracle->home[touch], minute_at(oracle, touch));
}
