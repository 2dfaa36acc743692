/* `waterhole test --watch`: waits until something that the tests read has changed. */
#ifndef WH_COMMANDS_TEST_WATCH_H
#define WH_COMMANDS_TEST_WATCH_H

#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/str.h"

/* One number for names, sizes and times of all files in the folders of these paths (a folder: its
 * own) that tests and models are made of: *.yaml, *.csv, *.txt. */
uint64_t wh_test_watch_mark(struct wh_arena *scratch, const struct wh_str *paths, size_t count);

/* Returns when the mark is another one. Looks a few times a second; ends with the process. */
void wh_test_watch_wait(const struct wh_str *paths, size_t count, uint64_t mark);

#endif
