#include "engine/base/err.h"

#include <stdarg.h>

#include "engine/base/format.h"
#include "engine/base/utf8.h"

const char *
wh_err_str(enum wh_err code)
{
    switch (code) {
    case WH_OK:
        return "ok";
    case WH_ERR_USAGE:
        return "usage";
    case WH_ERR_INPUT:
        return "input";
    case WH_ERR_LIMIT:
        return "limit";
    case WH_ERR_NOT_FOUND:
        return "not_found";
    case WH_ERR_OUTSIDE:
        return "outside";
    }
    return "unknown";
}

enum wh_err
wh_error_set(struct wh_error *error, enum wh_err code, const char *format, ...)
{
    if (error == NULL) {
        return code;
    }
    va_list args;
    va_start(args, format);
    size_t len = wh_format(error->message, sizeof(error->message), format, args);
    va_end(args);
    if (len >= sizeof(error->message)) {
        /* Cut text must not end inside a character: terminals and JSON would choke on it. */
        struct wh_str whole = {error->message, sizeof(error->message) - 1};
        error->message[wh_utf8_cut(whole, whole.len).len] = '\0';
    }
    error->code = code;
    return code;
}
