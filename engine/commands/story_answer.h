/* The answer to GET /v1/leads/KEY: the story of `lead --json`, from wherever the owner finds the
 * lead (contract.md 4). */
#ifndef WH_COMMANDS_STORY_ANSWER_H
#define WH_COMMANDS_STORY_ANSWER_H

#include "connectors/web/web.h"
#include "engine/commands/folder.h"
#include "engine/model/entity.h"

/* What the owner supplies; `self` comes back as the first argument. WH_ERR_NOT_FOUND: there is no
 * such thing; any other error: nothing can be told at present. */
struct wh_story_source {
    void *self;
    const uint8_t *secret;
    const struct wh_ruleset *ruleset;
    /* The entity of that id, as `ruleset` has it, made in the arena. */
    enum wh_err (*find)(void *self, const struct wh_hash_id *id, struct wh_arena *arena,
                        struct wh_entity *ret_entity);
    /* The JSON of the events that left under that lead id (hex), oldest first. */
    enum wh_err (*find_events)(void *self, struct wh_str lead_id, struct wh_arena *arena,
                               struct wh_folder_list *ret_events);
    /* Where time has come to, µs. */
    enum wh_err (*find_now)(void *self, int64_t *ret_now);
};

/* key and at as they came. The JSON is appended when it is FOUND. */
enum wh_web_story_outcome wh_story_answer(const struct wh_story_source *source, struct wh_str key,
                                          struct wh_str at, struct wh_buf *json);

#endif
