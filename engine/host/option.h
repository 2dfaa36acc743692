/* The keys of the configuration and what their values may be: the table of options.def. */
#ifndef WH_HOST_OPTION_H
#define WH_HOST_OPTION_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/err.h"
#include "engine/base/str.h"

enum wh_option {
#define OPTION(name, key, type, words, fallback, secret, what) WH_OPTION_##name,
#include "engine/host/options.def"
#undef OPTION
    WH_OPTION_COUNT
};

enum wh_option_type {
    WH_OPTION_TEXT,
    WH_OPTION_PATH,     /* of a file or folder */
    WH_OPTION_ADDRESS,  /* host:port */
    WH_OPTION_URL,      /* scheme://… */
    WH_OPTION_DURATION, /* 250ms, 400d */
    WH_OPTION_SIZE,     /* 256MiB; units B KiB MiB GiB TiB */
    WH_OPTION_COUNT_OF, /* whole number from 1 */
    WH_OPTION_LIST,     /* of texts; in the environment joined by commas */
    WH_OPTION_MAP,      /* name: text; in the environment name=text joined by commas */
    WH_OPTION_CHOICE,   /* one of the option's words */
    WH_OPTION_START,    /* earliest, latest or a time */
};

struct wh_option_info {
    const char *key;
    const char *words;    /* CHOICE: separated by spaces; else NULL */
    const char *fallback; /* default as text; empty: not set */
    const char *what;
    enum wh_option_type type;
    bool is_secret; /* shown as ****** */
};

extern const struct wh_option_info wh_option_infos[WH_OPTION_COUNT];

/* The option with that key, else WH_OPTION_COUNT. */
enum wh_option wh_option_find(struct wh_str key);

/* "a duration such as 250ms or 7d": what a value of the option looks like, for messages. */
struct wh_str wh_option_expected(struct wh_arena *arena, enum wh_option option);

/* Whether text is a value of the option (of each item, for lists). */
bool wh_option_accepts(enum wh_option option, struct wh_str text);

/* KiB and so on to bytes; false when it is no size. */
bool wh_option_parse_size(struct wh_str text, int64_t *ret_bytes);

/* WATERHOLE_KAFKA_BOOTSTRAP. */
struct wh_str wh_option_variable(struct wh_arena *arena, enum wh_option option);

#endif
