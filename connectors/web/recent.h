/* The last touches that were seen here, and what became of each. */
#ifndef WH_CONNECTORS_WEB_RECENT_H
#define WH_CONNECTORS_WEB_RECENT_H

#include <stdint.h>

#include "connectors/web/web.h"
#include "engine/base/buf.h"

#define WH_WEB_RECENT_WORD_MAX 32

struct wh_web_recent_entry {
    struct wh_arena arena; /* of what follows */
    uint64_t number;       /* of the touch, counted from 1; 0: none */
    struct wh_str id;      /* may be empty */
    struct wh_str touch;   /* a JSON object without its closing bracket */
    char became[WH_WEB_RECENT_WORD_MAX];
    struct wh_str notes[WH_WEB_RECENT_NOTES_MAX]; /* JSON */
    size_t note_count;
};

struct wh_web_recent {
    struct wh_web_recent_entry entries[WH_WEB_RECENT_MAX];
    uint64_t count; /* ever seen */
};

void wh_web_recent_fini(struct wh_web_recent *recent);

/* `touch` is a JSON object; all is copied. Returns its number. */
uint64_t wh_web_recent_add(struct wh_web_recent *recent, struct wh_str id, struct wh_str touch,
                           const char *became);

/* By its number; one that is gone is passed over. */
void wh_web_recent_set(struct wh_web_recent *recent, uint64_t number, const char *became);

/* By the id of the touch: all that have it. */
void wh_web_recent_note(struct wh_web_recent *recent, struct wh_str id, struct wh_str became,
                        struct wh_str note);

/* {"touches":[…]}, newest first. */
void wh_web_recent_print(const struct wh_web_recent *recent, struct wh_buf *buf);

#endif
