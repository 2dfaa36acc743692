/* The files of the starter models: the texts of deploy/starters, compiled in by
 * deploy/cmake/embed-folder.cmake. */
#ifndef WH_COMMANDS_STARTER_H
#define WH_COMMANDS_STARTER_H

#include <stddef.h>

struct wh_starter_file {
    const char *like; /* b2b, saas, …: the folder it lies in; files of one stand together */
    const char *name;
    const unsigned char *bytes;
    size_t size;
};

extern const struct wh_starter_file wh_starter_files[];
extern const size_t wh_starter_file_count;

#endif
