#include "engine/commands/test_watch.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#include "engine/base/buf.h"
#include "engine/base/hash.h"

/* Between two looks. */
#define LOOK_NS 200000000L
/* Between two looks at a clock that goes on every few milliseconds. */
#define TICK_NS 500000L

#define US_PER_S  1000000
#define NS_PER_US 1000

static bool
is_looked_at(struct wh_str name)
{
    return wh_str_ends_with(name, WH_STR(".yaml")) || wh_str_ends_with(name, WH_STR(".csv")) ||
           wh_str_ends_with(name, WH_STR(".txt"));
}

static int64_t
us_of(struct timespec time)
{
    return (int64_t)time.tv_sec * US_PER_S + time.tv_nsec / NS_PER_US;
}

static void
note_change(int64_t *newest, const struct stat *status)
{
    int64_t changed = us_of(status->st_ctim);
    *newest = changed > *newest ? changed : *newest;
}

static void
push_file(struct wh_buf *buf, const char *folder, const char *name, int64_t *newest)
{
    struct stat status;
    struct wh_buf path;
    wh_buf_init(&path, buf->arena);
    wh_buf_printf(&path, "%s/%s", folder, name);
    if (stat(wh_arena_str(buf->arena, wh_buf_str(&path)).ptr, &status) == 0) {
        wh_buf_printf(buf, "%s %lld %lld.%09ld\n", name, (long long)status.st_size,
                      (long long)status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
        note_change(newest, &status);
    }
}

static void
push_folder(struct wh_buf *buf, struct wh_str folder, int64_t *newest)
{
    struct stat status;
    const char *path = wh_arena_str(buf->arena, folder).ptr;
    struct dirent **entries = NULL;
    int count = scandir(path, &entries, NULL, alphasort);
    /* Its own time says that a file went, or came under an old time. */
    if (stat(path, &status) == 0) {
        note_change(newest, &status);
    }
    for (int i = 0; i < count; i++) {
        if (is_looked_at(wh_str_of(entries[i]->d_name))) {
            push_file(buf, path, entries[i]->d_name, newest);
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

struct wh_test_watch_mark
wh_test_watch_mark(struct wh_arena *scratch, const struct wh_str *paths, size_t count)
{
    struct wh_buf buf;
    struct wh_test_watch_mark mark = {.newest = 0};
    wh_buf_init(&buf, scratch);
    for (size_t i = 0; i < count; i++) {
        struct wh_str folder = folder_of(scratch, paths[i]);
        bool is_known = false;
        for (size_t k = 0; k < i && !is_known; k++) {
            is_known = wh_str_equal(folder, folder_of(scratch, paths[k]));
        }
        if (!is_known) {
            push_folder(&buf, folder, &mark.newest);
        }
    }
    mark.print = wh_hash_fingerprint(wh_buf_str(&buf));
    return mark;
}

static int64_t
file_clock(void)
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_REALTIME_COARSE, &now); /* it is there */
    return us_of(now);
}

int64_t
wh_test_watch_begin(void)
{
    int64_t began = file_clock();
    while (file_clock() == began) {
        struct timespec pause = {.tv_nsec = TICK_NS};
        (void)nanosleep(&pause, NULL);
    }
    return began;
}

void
wh_test_watch_wait(const struct wh_str *paths, size_t count, uint64_t print)
{
    struct wh_arena scratch;
    uint64_t seen = print;
    wh_arena_init(&scratch, 0);
    while (seen == print) {
        struct timespec pause = {.tv_nsec = LOOK_NS};
        (void)nanosleep(&pause, NULL);
        seen = wh_test_watch_mark(&scratch, paths, count).print;
        wh_arena_reset(&scratch);
    }
    wh_arena_fini(&scratch);
}
