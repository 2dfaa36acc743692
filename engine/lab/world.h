/* Entities in memory and their timers: the engine without an outside, for playing recorded touches
 * and for model tests. One thread, one clock that the caller moves; nothing is kept on disk. What
 * entities send each other arrives at once, in the order in which it was sent. */
#ifndef WH_LAB_WORLD_H
#define WH_LAB_WORLD_H

#include "engine/base/heap.h"
#include "engine/base/table.h"
#include "engine/score/entity.h"

/* A state whose arena has grown to this and to twice what it held after the last copy is copied
 * into a fresh arena: growing arrays leave their former selves behind. */
#define WH_WORLD_GARBAGE_MIN ((size_t)64 * 1024)

/* Timers that were set and became untrue stay in the heap until it holds this many entries more
 * than four for each lead; then it is made anew. */
#define WH_WORLD_STALE_TIMERS_MAX 1024

/* Messages that one touch or command may set off; what then is still on its way is dropped and
 * counted. Far above what merging the largest leads takes. */
#define WH_WORLD_MESSAGES_MAX 1000000

struct wh_lead {
    struct wh_arena arenas[2]; /* the entity lives in one of them … */
    int current;               /* … this one; the other is empty */
    struct wh_entity entity;
    const struct wh_ruleset *ruleset; /* under which it is */
    size_t live_size;                 /* bytes of the arena after the last copy */
    int64_t due;                      /* as in the world's heap; WH_TIME_NEVER: none */
    uint32_t group;                   /* the world's when it began */
};

/* What one entity sends to another. */
struct wh_letter {
    enum wh_message_kind kind; /* IDENTITY or ROUTE */
    union {
        struct wh_identity_sent identity;
        struct wh_route_sent route;
    } as;
};

/* Told each event as it is decided; borrowed for the call. */
typedef void (*wh_on_event_fn)(void *self, const struct wh_lead *lead,
                               const struct wh_event *event);
/* Told what a lead tells a company; borrowed for the call. */
typedef void (*wh_on_tell_fn)(void *self, const struct wh_identity_sent *sent);

struct wh_world {
    const struct wh_ruleset *ruleset; /* borrowed */
    int64_t changed_at;               /* when it came after another one */
    const uint8_t *secret;            /* privacy.key: WH_HASH_KEY_SIZE bytes, borrowed */
    int64_t announce_from;            /* decisions of earlier moments are made in silence */
    int64_t now;                      /* never falls */
    wh_on_event_fn on_event;
    wh_on_tell_fn on_tell; /* NULL: what leads tell companies arrives there */
    void *self;
    /* Of whatever happens now: set by who brings a touch, at a due moment that of the lead. What is
     * due at one time happens group by group, in a group in order of beginning. */
    uint32_t group;
    struct wh_arena arena;   /* of the table and the heap */
    struct wh_arena scratch; /* emptied after each step */
    struct wh_table by_key;  /* kind:value → index into leads */
    struct wh_lead **leads;  /* in order of their beginning */
    size_t lead_count;
    size_t lead_capacity;
    struct wh_heap heap; /* (due, group and index); entries that are no longer true are skipped */
    uint64_t steps;
    struct wh_arena mail;   /* emptied when all has arrived */
    struct wh_letter *sent; /* on their way, first in, first out */
    size_t sent_count, sent_capacity;
    uint64_t lost; /* over WH_WORLD_MESSAGES_MAX */
    uint64_t counters[WH_IDENTITY_COUNTER_COUNT];
};

void wh_world_init(struct wh_world *world, const struct wh_ruleset *ruleset,
                   const uint8_t secret[WH_HASH_KEY_SIZE]);
void wh_world_fini(struct wh_world *world);

/* Everything that is due up to now happens, lead by lead in order of due time. */
void wh_world_advance(struct wh_world *world, int64_t now);
/* When something may be due next; WH_TIME_NEVER: nothing is. */
int64_t wh_world_next_due(const struct wh_world *world);

/* advance(now), then all change to that model, in the order of their beginning, and what follows
 * from it happens. */
void wh_world_use(struct wh_world *world, const struct wh_ruleset *ruleset, int64_t now);

/* advance(now), then the touch reaches the entity that `key` names ("kind:value"; made when new),
 * mostly wh_entity_home of it, and all that follows from it happens. */
enum wh_outcome wh_world_touch(struct wh_world *world, struct wh_str key,
                               const struct wh_touch *touch, int64_t now);

/* advance(now), then the command reaches whom it is for. */
void wh_world_command(struct wh_world *world, struct wh_key to,
                      const struct wh_identity_message *message, int64_t now);

/* NULL when there is no such entity. */
struct wh_lead *wh_world_find(const struct wh_world *world, struct wh_str key);

/* Who has its newest minutes: the lead that the entity is, or points to. NULL as above. */
struct wh_lead *wh_world_find_lead(const struct wh_world *world, struct wh_str key);

#endif
