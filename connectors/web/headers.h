/* What the headers and the query of a request say. */
#ifndef WH_CONNECTORS_WEB_HEADERS_H
#define WH_CONNECTORS_WEB_HEADERS_H

#include "connectors/web/state.h"

/* The header, or an empty text; lives as long as the request. */
struct wh_str wh_web_header(const struct wh_web_request *request, const char *name);
bool wh_web_has_header(const struct wh_web_request *request, const char *name);
/* All headers of that name, joined by commas; memory of the request. */
struct wh_str wh_web_header_list(struct wh_web_request *request, const char *name);
size_t wh_web_header_count(struct wh_web_request *request, const char *name);
/* A value of the query, or an empty text. */
struct wh_str wh_web_argument(const struct wh_web_request *request, const char *name);
/* The media type before any ';' is that one, whatever the case of its letters. */
bool wh_web_has_type(const struct wh_web_request *request, const char *type);

#endif
