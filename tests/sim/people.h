/* Entities in memory, stepped one after another: what the runtime must come to, without any of
 * it. */
#ifndef WH_TESTS_SIM_PEOPLE_H
#define WH_TESTS_SIM_PEOPLE_H

#include "engine/base/table.h"
#include "engine/score/entity.h"

struct wh_person {
    struct wh_str key; /* kind:value */
    struct wh_arena arenas[2];
    int current;
    struct wh_entity entity;
    const struct wh_ruleset *ruleset; /* under which it is */
    int64_t due;
    bool is_gone; /* forgotten; may begin anew */
};

struct wh_people {
    const uint8_t *secret;
    const struct wh_ruleset *ruleset; /* of what comes next */
    int64_t changed_at;               /* when it became that */
    int64_t now;
    int64_t sent_at; /* of the message at hand; the moment while there is no `now` */
    struct wh_arena arena, scratch;
    struct wh_table by_key;
    struct wh_person **persons;
    size_t count, capacity;
    /* What each step brought; borrowed for the call. */
    void (*on_effects)(void *self, const struct wh_person *person,
                       const struct wh_entity_effects *effects);
    void *self;
};

void wh_people_init(struct wh_people *people, const struct wh_ruleset *ruleset,
                    const uint8_t *secret);
void wh_people_fini(struct wh_people *people);
/* What comes next comes under that model, to which all change at their present moment. */
void wh_people_use(struct wh_people *people, const struct wh_ruleset *ruleset);
/* Due moments up to now act, in order. */
void wh_people_advance(struct wh_people *people, int64_t now);
/* The message reaches whom the key names, who begins if need be. */
void wh_people_tell(struct wh_people *people, struct wh_key key, const struct wh_message *message);
/* Nothing but the moment reaches it, unless something did under this model already. */
void wh_people_look(struct wh_people *people, const struct wh_hash_id *id);
struct wh_person *wh_people_find(const struct wh_people *people, struct wh_str key);

#endif
