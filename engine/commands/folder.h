/* What `up --data DIR` leaves for `lead`, in one file: the model as it was read, every lead's state
 * and every event that left. It is written whole and read whole; a store will take its place. */
#ifndef WH_COMMANDS_FOLDER_H
#define WH_COMMANDS_FOLDER_H

#include "engine/lab/world.h"
#include "engine/language/compile.h"

#define WH_FOLDER_FILE "waterhole.state"
/* More is not one play's result. */
#define WH_FOLDER_BYTES_MAX ((size_t)4 * 1024 * 1024 * 1024)

/* Records in a row: states as the codec made them, or events as JSON. */
struct wh_folder_list {
    struct wh_str *items;
    size_t count;
    size_t capacity;
};

void wh_folder_push(struct wh_arena *arena, struct wh_folder_list *list, struct wh_str record);

struct wh_folder {
    struct wh_str model_path; /* as given to `up` */
    struct wh_str model_hash; /* hex */
    struct wh_source_list sources, data;
    int64_t now; /* where the clock stood at the end */
    struct wh_folder_list states, events;
};

/* Replaces the file in the folder, which must be there. */
WH_MUST_CHECK enum wh_err wh_folder_write(struct wh_str path, const struct wh_world *world,
                                          const struct wh_model *model, struct wh_str model_path,
                                          const struct wh_folder_list *events,
                                          struct wh_error *error);

/* Everything read lives in the arena. WH_ERR_NOT_FOUND: there is none; WH_ERR_OUTSIDE;
 * WH_ERR_INPUT: it is damaged. */
WH_MUST_CHECK enum wh_err wh_folder_read(struct wh_arena *arena, struct wh_str path,
                                         struct wh_folder *ret_folder, struct wh_error *error);

/* PATH/NAME, followed by a NUL. */
const char *wh_folder_join(struct wh_arena *arena, struct wh_str path, const char *name);

#endif
