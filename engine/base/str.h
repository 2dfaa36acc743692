/* A borrowed run of bytes. It owns nothing and is not terminated by NUL.
 * The lifetime is that of whoever lent it; the contract of each function says who. */
#ifndef WH_BASE_STR_H
#define WH_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct wh_str {
    const char *ptr; /* may be NULL when len is 0 */
    size_t len;      /* bytes */
};

/* For printf("%.*s"): WH_STR_ARG(s) gives the length as int, then the pointer. */
#define WH_STR_ARG(s) (int)(s).len, ((s).ptr != NULL ? (s).ptr : "")

/* A string literal as a wh_str. */
#define WH_STR(literal) ((struct wh_str){(literal), sizeof(literal) - 1})

static inline struct wh_str
wh_str_of(const char *text)
{
    return (struct wh_str){text, text == NULL ? 0 : strlen(text)};
}

static inline struct wh_str
wh_str_slice(struct wh_str s, size_t from, size_t to)
{
    return (struct wh_str){s.ptr + from, to - from};
}

static inline bool
wh_str_equal(struct wh_str a, struct wh_str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static inline bool
wh_str_is(struct wh_str s, const char *text)
{
    /* Names in a table mostly differ in their first byte: those are not measured. */
    if (s.len > 0 && text != NULL && s.ptr[0] != text[0]) {
        return false;
    }
    return wh_str_equal(s, wh_str_of(text));
}

/* <0, 0, >0 by bytes, which for UTF-8 is the order by code point. */
int wh_str_compare(struct wh_str a, struct wh_str b);

bool wh_str_starts_with(struct wh_str s, struct wh_str prefix);
bool wh_str_ends_with(struct wh_str s, struct wh_str suffix);
bool wh_str_contains(struct wh_str s, struct wh_str part);

/* Without ASCII white space at both ends. */
struct wh_str wh_str_trim(struct wh_str s);

/* Whole-string match: '*' stands for any bytes (also '/'), '?' for one code point.
 * Time is O(len(s) * len(pattern)) at worst, no recursion. */
bool wh_str_glob(struct wh_str s, struct wh_str pattern);

/* Equal but for the case of ASCII letters. */
bool wh_str_equal_nocase(struct wh_str a, struct wh_str b);

/* For tables of this process: not keyed, and kept nowhere. */
uint64_t wh_str_hash(struct wh_str s);

/* Edit distance (insert, delete, change, swap of neighbours), for "did you mean"; both at most
 * WH_STR_DISTANCE_MAX bytes, longer ones give a distance of WH_STR_DISTANCE_MAX. */
#define WH_STR_DISTANCE_MAX 64
size_t wh_str_distance(struct wh_str a, struct wh_str b);

#endif
