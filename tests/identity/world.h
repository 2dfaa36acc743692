/* A world: the set of touches and commands of one test, and the limits that it runs under.
 * Identifiers are numbers here, given in order (strongest first, then bytes), so that comparing the
 * numbers is comparing the identifiers. */
#ifndef WH_TESTS_IDENTITY_WORLD_H
#define WH_TESTS_IDENTITY_WORLD_H

#include <stdio.h>

#include "engine/model/identity.h"
#include "engine/model/touch.h"
#include "tests/identity/chance.h"

#define STATEMENTS_MAX 4
#define NOBODY         (-1)

struct statement {
    const char *name;
    const char *value; /* of an attribute */
    bool yes;          /* of a purpose of consent */
};

struct touch {
    const char *id;
    int number;                  /* index in the world */
    int64_t at;                  /* seconds */
    int keys[WH_TOUCH_KEYS_MAX]; /* in order, each once */
    int key_count;               /* 0: rejected */
    bool automatic;
    struct statement set[STATEMENTS_MAX];
    int set_count;
    struct statement consent[STATEMENTS_MAX];
    int consent_count;
    int copies; /* how often it is delivered at least */
};

enum word { WORD_SPLIT, WORD_ALLOW, WORD_JOIN, WORD_ALONE, WORD_ERASE, WORD_ERASE_LEAD };

struct command {
    const char *id;
    int64_t at; /* seconds */
    enum word word;
    int subject;      /* weak, lead, who */
    int object;       /* strong, into */
    int64_t from, to; /* minutes, half-open */
};

struct world {
    struct wh_arena *arena;
    struct wh_key *keys;
    int key_count;
    struct touch *touches;
    int touch_count;
    struct command *commands;
    int command_count;
    struct wh_identity_limits limits;
};

int64_t minute_of(int64_t seconds);

/* The number of an identifier, NOBODY when the world has none such. */
int world_find(const struct world *world, struct wh_key key);

enum scale { SCALE_SMALL, SCALE_LARGE };

/* A random world. Guards and erasures are not mixed (identity.md 9). */
void world_make(struct world *world, struct wh_arena *arena, uint64_t seed, enum scale scale);

/* More commands on the world's identifiers, `kinds` of words from the beginning of enum word. */
void world_add_commands(struct world *world, struct chance *chance, int count, int kinds);

/* Touches, as many as asked for, behind those that are there; number and id go on. */
void world_add_touches(struct world *world, struct chance *chance, int count);

enum what { WHAT_ATTRIBUTE, WHAT_CONSENT };
/* What the touch says under that name; NULL: nothing. */
const struct statement *touch_says(const struct touch *touch, enum what what, const char *name);
/* Whether what touch a says outdoes what touch b says, both of the same name: the latest by (time,
 * id); of consent a withdrawal wins a tie of time. */
bool touch_outdoes(const struct touch *a, const struct touch *b, enum what what, const char *name);

const char *world_name(const struct world *world, int key);
void world_print(const struct world *world, FILE *out);

#endif
