/* `waterhole test --watch`: waits until something that the tests read has changed. */
#ifndef WH_COMMANDS_TEST_WATCH_H
#define WH_COMMANDS_TEST_WATCH_H

#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/str.h"

/* What the files in the folders of some paths (a folder: its own) look like that tests and models
 * are made of: *.yaml, *.csv, *.txt. */
struct wh_test_watch_mark {
    uint64_t print; /* of their names, sizes and times */
    int64_t newest; /* µs: when one of them, or one of the folders, changed last */
};
struct wh_test_watch_mark wh_test_watch_mark(struct wh_arena *scratch, const struct wh_str *paths,
                                             size_t count);

/* A moment, µs, after which whatever changes has a later one; waits for the next tick of the clock
 * that files are stamped with. Files are to be read afterwards. */
int64_t wh_test_watch_begin(void);

/* Returns when the print is another one. Looks a few times a second; ends with the process. */
void wh_test_watch_wait(const struct wh_str *paths, size_t count, uint64_t print);

#endif
