/* The parts of a page's address, for touches that bring nothing but the address. */
#ifndef WH_PROTO_PAGE_URL_H
#define WH_PROTO_PAGE_URL_H

#include "engine/base/arena.h"
#include "engine/base/str.h"

struct wh_page_url {
    struct wh_str host;  /* lower case, without user and port; empty: none */
    struct wh_str path;  /* begins with /; empty: none */
    struct wh_str query; /* without ?; empty: none */
};

/* Parts that borrow from url or live in the arena. Only "scheme://…", "//…" and "/…" are taken
 * apart: of other text nobody can say which part it is. Nothing is decoded. */
struct wh_page_url wh_page_url_split(struct wh_arena *arena, struct wh_str url);

#endif
