/* What can go wrong, and the details of the last thing that did.
 *
 * Fallible functions return enum wh_err and take an optional struct wh_error, which is filled on
 * failure only. Library layers never log; whoever shows the error to a person does so once. */
#ifndef WH_BASE_ERR_H
#define WH_BASE_ERR_H

#include "engine/base/str.h"

#define WH_MUST_CHECK __attribute__((warn_unused_result))

enum wh_err {
    WH_OK = 0,
    WH_ERR_USAGE,     /* wrong use: flag, configuration, argument */
    WH_ERR_INPUT,     /* bytes that are not what they should be */
    WH_ERR_LIMIT,     /* a named bound was passed */
    WH_ERR_NOT_FOUND, /* the thing asked for is not there */
    WH_ERR_OUTSIDE,   /* a file, a disk, a broker failed */
};

/* A word for each code, for logs and tests. */
const char *wh_err_str(enum wh_err code);

#define WH_ERROR_MESSAGE_MAX 512

struct wh_error {
    enum wh_err code;
    char message[WH_ERROR_MESSAGE_MAX]; /* what, where, what was expected; cut when longer */
};

/* Fills *error (which may be NULL) and returns code. */
enum wh_err wh_error_set(struct wh_error *error, enum wh_err code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
