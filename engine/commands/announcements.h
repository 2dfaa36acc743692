/* The events of one lead, as they were kept: JSON of contract.md 5 back into what a story needs. */
#ifndef WH_COMMANDS_ANNOUNCEMENTS_H
#define WH_COMMANDS_ANNOUNCEMENTS_H

#include "engine/commands/folder.h"
#include "engine/model/story.h"

/* Those of the lead, oldest first; memory from the arena. */
const struct wh_story_announcement *wh_announcements_of(struct wh_arena *arena,
                                                        const struct wh_folder_list *events,
                                                        struct wh_str lead_id, size_t *ret_count);

#endif
