#include "connectors/web/headers.h"

#include <strings.h>

struct wh_str
wh_web_header(const struct wh_web_request *request, const char *name)
{
    return wh_str_of(MHD_lookup_connection_value(request->handle, MHD_HEADER_KIND, name));
}

bool
wh_web_has_header(const struct wh_web_request *request, const char *name)
{
    return MHD_lookup_connection_value(request->handle, MHD_HEADER_KIND, name) != NULL;
}

struct search {
    const char *name;
    struct wh_buf buf;
    size_t count;
};

static enum MHD_Result
on_header(void *self, enum MHD_ValueKind kind, const char *name, const char *value)
{
    struct search *search = self;
    (void)kind;
    if (strcasecmp(name, search->name) == 0) {
        wh_buf_push_text(&search->buf, search->count > 0 ? "," : "");
        wh_buf_push_text(&search->buf, value == NULL ? "" : value);
        search->count++;
    }
    return MHD_YES;
}

static struct search
search_headers(struct wh_web_request *request, const char *name)
{
    struct search search = {.name = name};
    wh_buf_init(&search.buf, &request->arena);
    (void)MHD_get_connection_values(request->handle, MHD_HEADER_KIND, on_header, &search);
    return search;
}

struct wh_str
wh_web_header_list(struct wh_web_request *request, const char *name)
{
    struct search search = search_headers(request, name);
    return wh_buf_str(&search.buf);
}

size_t
wh_web_header_count(struct wh_web_request *request, const char *name)
{
    return search_headers(request, name).count;
}

struct wh_str
wh_web_argument(const struct wh_web_request *request, const char *name)
{
    return wh_str_of(MHD_lookup_connection_value(request->handle, MHD_GET_ARGUMENT_KIND, name));
}

bool
wh_web_has_type(const struct wh_web_request *request, const char *type)
{
    struct wh_str header = wh_web_header(request, MHD_HTTP_HEADER_CONTENT_TYPE);
    const char *end = header.len == 0 ? NULL : memchr(header.ptr, ';', header.len);
    size_t len = end == NULL ? header.len : (size_t)(end - header.ptr);
    return wh_str_equal_nocase(wh_str_trim(wh_str_slice(header, 0, len)), wh_str_of(type));
}
