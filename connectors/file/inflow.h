/* The bytes of a file or of standard input, unpacked on the way when they are gzip or zstd (told by
 * their first bytes, not by the name). */
#ifndef WH_CONNECTORS_FILE_INFLOW_H
#define WH_CONNECTORS_FILE_INFLOW_H

#include <stddef.h>

#include "engine/base/err.h"

struct wh_inflow;

/* "-" is standard input. WH_ERR_NOT_FOUND, WH_ERR_OUTSIDE. */
WH_MUST_CHECK enum wh_err wh_inflow_open(const char *path, struct wh_inflow **ret_inflow,
                                         struct wh_error *error);

/* May block. At least one byte, or none at the end. WH_ERR_INPUT when what is packed breaks off or
 * is damaged, WH_ERR_OUTSIDE. */
WH_MUST_CHECK enum wh_err wh_inflow_read(struct wh_inflow *inflow, char *ret_bytes, size_t size,
                                         size_t *ret_len, struct wh_error *error);

/* Accepts NULL. */
void wh_inflow_close(struct wh_inflow **inflow);

#endif
