/* Bytes on their way into a file or to standard output, packed as the name says: .gz and .zst. A
 * file is there when it is whole, or not at all; only its owner can read it, because it may hold
 * addresses of people. */
#ifndef WH_CONNECTORS_FILE_OUTFLOW_H
#define WH_CONNECTORS_FILE_OUTFLOW_H

#include <stdint.h>

#include "engine/base/err.h"

struct wh_outflow;

/* "-" is standard output, unpacked; what is there and is no ordinary file (a pipe, a device) is
 * written to. WH_ERR_OUTSIDE. */
WH_MUST_CHECK enum wh_err wh_outflow_open(const char *path, struct wh_outflow **ret_outflow,
                                          struct wh_error *error);

/* May block. WH_ERR_OUTSIDE: it can only be closed. */
WH_MUST_CHECK enum wh_err wh_outflow_write(struct wh_outflow *outflow, struct wh_str bytes,
                                           struct wh_error *error);

/* The end: everything is written, and a file takes its place. *ret_size: bytes that went out.
 * WH_ERR_OUTSIDE. Then it can only be closed. */
WH_MUST_CHECK enum wh_err wh_outflow_finish(struct wh_outflow *outflow, uint64_t *ret_size,
                                            struct wh_error *error);

/* What was not finished is gone. Accepts NULL. */
void wh_outflow_close(struct wh_outflow **outflow);

#endif
