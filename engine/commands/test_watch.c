#include "engine/commands/test_watch.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#include "engine/base/buf.h"
#include "engine/base/hash.h"

/* Between two looks. */
#define LOOK_NS 200000000L

static bool
is_looked_at(struct wh_str name)
{
    return wh_str_ends_with(name, WH_STR(".yaml")) || wh_str_ends_with(name, WH_STR(".csv")) ||
           wh_str_ends_with(name, WH_STR(".txt"));
}

static void
push_file(struct wh_buf *buf, const char *folder, const char *name)
{
    struct stat status;
    struct wh_buf path;
    wh_buf_init(&path, buf->arena);
    wh_buf_printf(&path, "%s/%s", folder, name);
    if (stat(wh_arena_str(buf->arena, wh_buf_str(&path)).ptr, &status) == 0) {
        wh_buf_printf(buf, "%s %lld %lld.%09ld\n", name, (long long)status.st_size,
                      (long long)status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
    }
}

static void
push_folder(struct wh_buf *buf, struct wh_str folder)
{
    const char *path = wh_arena_str(buf->arena, folder).ptr;
    struct dirent **entries = NULL;
    int count = scandir(path, &entries, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        if (is_looked_at(wh_str_of(entries[i]->d_name))) {
            push_file(buf, path, entries[i]->d_name);
        }
        free(entries[i]);
    }
    free(entries);
}

static struct wh_str
folder_of(struct wh_arena *arena, struct wh_str path)
{
    struct stat status;
    size_t end = path.len;
    if (stat(wh_arena_str(arena, path).ptr, &status) == 0 && S_ISDIR(status.st_mode)) {
        return path;
    }
    while (end > 0 && path.ptr[end - 1] != '/') {
        end--;
    }
    return end == 0 ? WH_STR(".") : wh_str_slice(path, 0, end);
}

uint64_t
wh_test_watch_mark(struct wh_arena *scratch, const struct wh_str *paths, size_t count)
{
    struct wh_buf buf;
    wh_buf_init(&buf, scratch);
    for (size_t i = 0; i < count; i++) {
        struct wh_str folder = folder_of(scratch, paths[i]);
        bool is_known = false;
        for (size_t k = 0; k < i && !is_known; k++) {
            is_known = wh_str_equal(folder, folder_of(scratch, paths[k]));
        }
        if (!is_known) {
            push_folder(&buf, folder);
        }
    }
    return wh_hash_fingerprint(wh_buf_str(&buf));
}

void
wh_test_watch_wait(const struct wh_str *paths, size_t count, uint64_t mark)
{
    struct wh_arena scratch;
    uint64_t seen = mark;
    wh_arena_init(&scratch, 0);
    while (seen == mark) {
        struct timespec pause = {.tv_nsec = LOOK_NS};
        (void)nanosleep(&pause, NULL);
        seen = wh_test_watch_mark(&scratch, paths, count);
        wh_arena_reset(&scratch);
    }
    wh_arena_fini(&scratch);
}
