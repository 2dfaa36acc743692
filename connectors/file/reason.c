#include "connectors/file/reason.h"

#include <stdio.h>
#include <string.h>

struct wh_file_reason
wh_file_reason_of(int code)
{
    struct wh_file_reason reason;
    if (strerror_r(code, reason.text, sizeof(reason.text)) != 0) {
        /* The longest number fits. */
        (void)snprintf(reason.text, sizeof(reason.text), "error %d", code);
    }
    return reason;
}
