#include "connectors/psl/libraries.h"

#include <libpsl.h>

#include "engine/base/buf.h"
#include "engine/base/time.h"

/* "0.21.2, list of 2022-11-30"; libpsl adds what it was built with after a space. */
struct wh_str
wh_libraries_psl(struct wh_arena *arena)
{
    struct wh_buf buf;
    struct wh_civil day;
    struct wh_str version = wh_str_of(psl_get_version());
    const char *space = memchr(version.ptr, ' ', version.len);
    wh_civil_of_us((int64_t)psl_builtin_file_time() * WH_US_PER_SECOND, &day);
    wh_buf_init(&buf, arena);
    wh_buf_push(&buf,
                space == NULL ? version : wh_str_slice(version, 0, (size_t)(space - version.ptr)));
    wh_buf_printf(&buf, ", list of %04d-%02d-%02d", day.year, day.month, day.day);
    return wh_buf_str(&buf);
}
