#include "connectors/web/tls.h"

#include <stdio.h>

/* A chain of certificates has some ten thousand bytes. */
#define PEM_SIZE_MAX ((size_t)1 << 20)

enum wh_err
wh_web_tls_read(struct wh_arena *arena, const char *path, char **ret_text, struct wh_error *error)
{
    FILE *file = fopen(path, "rbe");
    if (file == NULL) {
        return wh_error_set(error, WH_ERR_USAGE, "tls: %s cannot be read", path);
    }
    char *text = wh_arena_alloc(arena, PEM_SIZE_MAX + 1);
    size_t len = fread(text, 1, PEM_SIZE_MAX, file);
    bool has_failed = ferror(file) != 0;
    (void)fclose(file); /* it was only read */
    if (has_failed || len == 0 || len == PEM_SIZE_MAX || strstr(text, "-----BEGIN") == NULL) {
        return wh_error_set(error, WH_ERR_USAGE, "tls: %s: expected a file in PEM", path);
    }
    *ret_text = text;
    return WH_OK;
}
