#include "tests/sim/people.h"

#include "engine/base/time.h"
#include "engine/score/adopt.h"

void
wh_people_init(struct wh_people *people, const struct wh_ruleset *ruleset, const uint8_t *secret)
{
    *people = (struct wh_people){.ruleset = ruleset, .secret = secret, .now = WH_TIME_MIN};
    wh_arena_init(&people->arena, 0);
    wh_arena_init(&people->scratch, 0);
    wh_table_init(&people->by_key, &people->arena);
}

void
wh_people_fini(struct wh_people *people)
{
    for (size_t i = 0; i < people->count; i++) {
        wh_arena_fini(&people->persons[i]->arenas[0]);
        wh_arena_fini(&people->persons[i]->arenas[1]);
    }
    wh_arena_fini(&people->scratch);
    wh_arena_fini(&people->arena);
}

struct wh_person *
wh_people_find(const struct wh_people *people, struct wh_str key)
{
    int64_t index = 0;
    return wh_table_find(&people->by_key, key, &index) ? people->persons[index] : NULL;
}

static struct wh_person *
add(struct wh_people *people, struct wh_str text)
{
    if (people->count == people->capacity) {
        size_t capacity = people->capacity == 0 ? 16 : 2 * people->capacity;
        people->persons = wh_arena_grow(&people->arena, people->persons, people->count, capacity,
                                        sizeof(struct wh_person *));
        people->capacity = capacity;
    }
    struct wh_person *person = WH_ARENA_NEW(&people->arena, struct wh_person);
    person->key = wh_arena_str(&people->arena, text);
    wh_arena_init(&person->arenas[0], 0);
    wh_arena_init(&person->arenas[1], 0);
    wh_table_put(&people->by_key, person->key, (int64_t)people->count);
    people->persons[people->count++] = person;
    person->is_gone = true;
    return person;
}

static int64_t
moment_of(const struct wh_people *people)
{
    return people->now == WH_TIME_MIN ? people->sent_at : people->now;
}

static void
begin(struct wh_people *people, struct wh_person *person, struct wh_key key)
{
    struct wh_arena *arena = &person->arenas[person->current];
    wh_arena_reset(arena);
    person->is_gone = false;
    person->due = WH_TIME_NEVER;
    person->ruleset = people->ruleset;
    wh_entity_begin(&person->entity, arena, people->ruleset, key,
                    wh_key_id(people->secret, &people->scratch, key), moment_of(people));
}

void
wh_people_use(struct wh_people *people, const struct wh_ruleset *ruleset)
{
    if (people->ruleset != ruleset) {
        people->ruleset = ruleset;
        people->changed_at = people->now;
    }
}

static void
adopt(const struct wh_people *people, struct wh_person *person, struct wh_entity_effects *effects)
{
    struct wh_entity adopted;
    struct wh_moment moment = {people->changed_at, WH_TIME_MIN, people->secret};
    struct wh_str former = wh_str_of(person->ruleset->hash_hex);
    if (person->ruleset == people->ruleset) {
        return;
    }
    wh_entity_adopt((struct wh_adopted){&adopted, people->ruleset},
                    &person->arenas[1 - person->current],
                    (struct wh_adopted){&person->entity, person->ruleset}, people->changed_at);
    wh_arena_reset(&person->arenas[person->current]);
    person->entity = adopted;
    person->ruleset = people->ruleset;
    person->current = 1 - person->current;
    wh_entity_look_adopted(people->ruleset, &person->entity, former, &moment, effects);
}

static void
step(struct wh_people *people, struct wh_person *person, const struct wh_message *message,
     int64_t now)
{
    struct wh_entity_effects effects;
    struct wh_moment moment = {now, WH_TIME_MIN, people->secret};
    wh_entity_effects_init(&effects, &people->scratch);
    adopt(people, person, &effects);
    (void)wh_entity_step(people->ruleset, &person->entity, message, &moment, &effects);
    people->on_effects(people->self, person, &effects);
    int64_t due = wh_entity_next_due(people->ruleset, &person->entity, &people->scratch);
    person->due = due <= person->entity.state.now ? person->entity.state.now + 1 : due;
    wh_arena_reset(&people->scratch);
}

static struct wh_person *
find_due(const struct wh_people *people, int64_t now)
{
    struct wh_person *first = NULL;
    for (size_t i = 0; i < people->count; i++) {
        struct wh_person *person = people->persons[i];
        if (person->due <= now && (first == NULL || person->due < first->due)) {
            first = person;
        }
    }
    return first;
}

void
wh_people_advance(struct wh_people *people, int64_t now)
{
    struct wh_message time = {.kind = WH_MESSAGE_TIME};
    for (struct wh_person *due = find_due(people, now); due != NULL; due = find_due(people, now)) {
        int64_t at = due->due;
        due->due = WH_TIME_NEVER;
        step(people, due, &time, at);
        if (wh_entity_is_forgettable(&due->entity)) {
            due->is_gone = true;
            due->due = WH_TIME_NEVER;
        }
    }
    people->now = now > people->now ? now : people->now;
}

void
wh_people_tell(struct wh_people *people, struct wh_key key, const struct wh_message *message)
{
    struct wh_str text = wh_key_text(&people->scratch, key);
    struct wh_person *person = wh_people_find(people, text);
    person = person == NULL ? add(people, text) : person;
    if (person->is_gone) {
        begin(people, person, key);
    }
    step(people, person, message, moment_of(people));
}

void
wh_people_look(struct wh_people *people, const struct wh_hash_id *id)
{
    struct wh_message time = {.kind = WH_MESSAGE_TIME};
    for (size_t i = 0; i < people->count; i++) {
        struct wh_person *person = people->persons[i];
        bool is_it = !person->is_gone &&
                     memcmp(person->entity.state.id.bytes, id->bytes, WH_HASH_ID_SIZE) == 0;
        if (is_it) {
            step(people, person, &time, people->now);
        }
    }
}
