#include "connectors/file/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "connectors/file/reason.h"

#define FOLDER_MODE  0700
#define READ_INITIAL 65536

static enum wh_err
fail(struct wh_error *error, const char *path, const char *what)
{
    enum wh_err code = errno == ENOENT ? WH_ERR_NOT_FOUND : WH_ERR_OUTSIDE;
    return wh_error_set(error, code, "%s: %s: %s", path, what, wh_file_reason_of(errno).text);
}

/* Reads until the end, since not every file knows its size (a pipe, /dev/stdin). */
static enum wh_err
read_all(int fd, struct wh_arena *arena, const char *path, size_t size_max,
         struct wh_str *ret_bytes, struct wh_error *error)
{
    size_t capacity = size_max < READ_INITIAL ? size_max + 1 : READ_INITIAL;
    char *bytes = wh_arena_alloc(arena, capacity);
    size_t len = 0;
    for (;;) {
        ssize_t count = read(fd, bytes + len, capacity - len);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            return fail(error, path, "cannot be read");
        }
        if (count == 0) {
            break;
        }
        len += (size_t)count;
        if (len > size_max) {
            return wh_error_set(error, WH_ERR_LIMIT, "%s: larger than %zu bytes", path, size_max);
        }
        if (len == capacity) {
            bytes = wh_arena_grow(arena, bytes, len, capacity * 2, 1);
            capacity *= 2;
        }
    }
    *ret_bytes = (struct wh_str){bytes, len};
    return WH_OK;
}

enum wh_err
wh_file_read(struct wh_arena *arena, const char *path, size_t size_max, struct wh_str *ret_bytes,
             struct wh_error *error)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return fail(error, path, "cannot be opened");
    }
    enum wh_err err = read_all(fd, arena, path, size_max, ret_bytes, error);
    (void)close(fd); /* only read: nothing can be lost */
    return err;
}

bool
wh_file_write_all(int fd, struct wh_str bytes)
{
    size_t done = 0;
    while (done < bytes.len) {
        ssize_t count = write(fd, bytes.ptr + done, bytes.len - done);
        if (count < 0 && errno != EINTR) {
            return false;
        }
        done += count < 0 ? 0 : (size_t)count;
    }
    return true;
}

/* The new name is on the disk only when its folder is. */
static bool
sync_folder_of(const char *path)
{
    char folder[WH_FILE_PATH_ROOM];
    const char *slash = strrchr(path, '/');
    size_t len = slash == NULL ? 0 : (size_t)(slash - path);
    if (len >= sizeof(folder)) {
        errno = ENAMETOOLONG;
        return false;
    }
    memcpy(folder, path, len);
    folder[len] = '\0';
    const char *name = slash == NULL ? "." : slash == path ? "/" : folder;
    int fd = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        return false;
    }
    bool is_done = fsync(fd) == 0;
    (void)close(fd);
    return is_done;
}

enum wh_err
wh_file_beside_open(const char *path, struct wh_file_beside *ret_beside, struct wh_error *error)
{
    struct wh_file_beside *beside = ret_beside;
    int len = snprintf(beside->path, sizeof(beside->path), "%s.XXXXXX", path);
    if (len < 0 || (size_t)len >= sizeof(beside->path)) {
        return wh_error_set(error, WH_ERR_OUTSIDE, "%s: the path is too long", path);
    }
    beside->fd = mkstemp(beside->path);
    if (beside->fd < 0) {
        return wh_error_set(error, WH_ERR_OUTSIDE, "%s: cannot be written: %s", path,
                            wh_file_reason_of(errno).text);
    }
    return WH_OK;
}

void
wh_file_beside_give_up(struct wh_file_beside *beside)
{
    if (beside->fd >= 0) {
        (void)close(beside->fd); /* what stands there is not wanted */
        (void)unlink(beside->path);
        beside->fd = -1;
    }
}

enum wh_err
wh_file_beside_take_place(struct wh_file_beside *beside, const char *path, struct wh_error *error)
{
    enum wh_err err = WH_OK;
    if (fsync(beside->fd) != 0) {
        err = fail(error, path, "cannot be written");
    }
    if (close(beside->fd) != 0 && err == WH_OK) {
        err = fail(error, path, "cannot be written");
    }
    beside->fd = -1;
    if (err == WH_OK && rename(beside->path, path) != 0) {
        err = fail(error, path, "cannot be replaced");
    }
    if (err != WH_OK) {
        (void)unlink(beside->path); /* the error above is the one to tell */
        return err;
    }
    return sync_folder_of(path) ? WH_OK : fail(error, path, "its folder cannot be written");
}

enum wh_err
wh_file_write(const char *path, struct wh_str bytes, struct wh_error *error)
{
    struct wh_file_beside beside;
    enum wh_err err = wh_file_beside_open(path, &beside, error);
    if (err != WH_OK) {
        return err;
    }
    if (!wh_file_write_all(beside.fd, bytes)) {
        err = fail(error, path, "cannot be written");
        wh_file_beside_give_up(&beside);
        return err;
    }
    return wh_file_beside_take_place(&beside, path, error);
}

enum wh_err
wh_file_make_folder(const char *path, struct wh_error *error)
{
    struct stat info;
    if (mkdir(path, FOLDER_MODE) == 0) {
        return WH_OK;
    }
    if (errno == EEXIST && stat(path, &info) == 0 && S_ISDIR(info.st_mode)) {
        return WH_OK;
    }
    return wh_error_set(error, WH_ERR_OUTSIDE, "%s: the folder cannot be made: %s", path,
                        wh_file_reason_of(errno).text);
}
