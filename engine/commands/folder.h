/* The data folder of `up`: one SQLite file with log, states and the models that made them. */
#ifndef WH_COMMANDS_FOLDER_H
#define WH_COMMANDS_FOLDER_H

#include "connectors/sqlite/reader.h"
#include "engine/language/compile.h"

#define WH_FOLDER_FILE "waterhole.db"
/* Fixed when the folder is created. */
#define WH_FOLDER_PARTITIONS 8

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
    int64_t now;  /* where the clock stood, µs; WH_TIME_MIN: nothing happened yet */
    bool is_live; /* the latest work was done under the machine's clock */
};

/* What the folder says beside its leads and records, and the reader to go on with, which the caller
 * closes. Everything read lives in the arena. WH_ERR_NOT_FOUND: there is none; WH_ERR_OUTSIDE;
 * WH_ERR_INPUT: it is damaged. */
WH_MUST_CHECK enum wh_err wh_folder_open(struct wh_arena *arena, struct wh_str path,
                                         struct wh_folder *ret_folder,
                                         struct wh_sqlite_reader *ret_reader,
                                         struct wh_error *error);

/* Keeps the model as the one that is used from `since` (µs) on. */
WH_MUST_CHECK enum wh_err wh_folder_keep_model(const struct wh_sqlite *database,
                                               const struct wh_model *model,
                                               struct wh_str model_path, int64_t since,
                                               struct wh_error *error);

/* The model of that hash (hex) as the folder keeps it. What it stands on lives in the arena, which
 * must outlive it. WH_ERR_NOT_FOUND: it is not kept; WH_ERR_INPUT: this program reads it
 * differently than the one that kept it; WH_ERR_OUTSIDE. *ret_model is set on success only. */
WH_MUST_CHECK enum wh_err wh_folder_compile_kept(struct wh_arena *arena,
                                                 struct wh_sqlite_reader *reader,
                                                 struct wh_str hash, struct wh_model **ret_model);

/* PATH/NAME, followed by a NUL. */
const char *wh_folder_join(struct wh_arena *arena, struct wh_str path, const char *name);

#endif
