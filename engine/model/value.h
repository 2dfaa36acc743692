/* A value of the model language, and its form in one integer (a cell) in which histories and
 * folds keep it. Numbers are thousandths, times and durations microseconds, labels ordinals. */
#ifndef WH_MODEL_VALUE_H
#define WH_MODEL_VALUE_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/buf.h"
#include "engine/base/str.h"

enum wh_type {
    WH_TYPE_UNKNOWN, /* neither true nor false, no number: what is not known */
    WH_TYPE_BOOL,
    WH_TYPE_NUMBER, /* int64 thousandths */
    WH_TYPE_STRING,
    WH_TYPE_TIME,     /* µs since 1970 UTC */
    WH_TYPE_DURATION, /* µs */
    WH_TYPE_LABEL,    /* ordinal in a set that the program knows */
    WH_TYPE_LIST,     /* only while evaluating, never kept */
};

const char *wh_type_str(enum wh_type type);

struct wh_value_list;

struct wh_value {
    enum wh_type type;
    int64_t number;                   /* bool (0, 1), number, time, duration, label */
    struct wh_str text;               /* string; borrowed */
    const struct wh_value_list *list; /* list; borrowed */
};

struct wh_value_list {
    const struct wh_value *items; /* borrowed */
    size_t count;
};

#define WH_UNKNOWN ((struct wh_value){.type = WH_TYPE_UNKNOWN})

static inline struct wh_value
wh_value_bool(bool truth)
{
    return (struct wh_value){.type = WH_TYPE_BOOL, .number = truth ? 1 : 0};
}

static inline struct wh_value
wh_value_of(enum wh_type type, int64_t number)
{
    return (struct wh_value){.type = type, .number = number};
}

static inline struct wh_value
wh_value_string(struct wh_str text)
{
    return (struct wh_value){.type = WH_TYPE_STRING, .text = text};
}

static inline bool
wh_value_is_known(struct wh_value value)
{
    return value.type != WH_TYPE_UNKNOWN;
}

static inline bool
wh_value_is_true(struct wh_value value)
{
    return value.type == WH_TYPE_BOOL && value.number != 0;
}

/* Same type and same content; unknown equals unknown here (identity, not the language's ==). */
bool wh_value_same(struct wh_value a, struct wh_value b);

/* Appends it as the language writes it: 23.184, true, 7d, a time, a text as it is; "unknown". A
 * label, which only a program can name, and a list give nothing. */
void wh_value_format(struct wh_buf *buf, struct wh_value value);

/* Appends bytes that are equal for values that are the same and for no others. */
void wh_value_encode(struct wh_buf *buf, struct wh_value value);

/* A cell: payload * 8 + tag. 0 is "nothing was said"; an explicit unknown is a statement of its
 * own. A string's payload is its number in the lead's table of strings (model/strings.h). */
typedef int64_t wh_cell_t;

#define WH_CELL_ABSENT      INT64_C(0)
#define WH_CELL_UNKNOWN     INT64_C(7)
#define WH_CELL_PAYLOAD_MAX (INT64_MAX / 16)

static inline wh_cell_t
wh_cell_make(enum wh_type type, int64_t payload)
{
    return (wh_cell_t)((uint64_t)payload << 3) | (wh_cell_t)type;
}

static inline int64_t
wh_cell_payload(wh_cell_t cell)
{
    return (cell - (cell & 7)) / 8;
}

static inline enum wh_type
wh_cell_type(wh_cell_t cell)
{
    return (cell & 7) == 7 ? WH_TYPE_UNKNOWN : (enum wh_type)(cell & 7);
}

#endif
