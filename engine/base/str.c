#include "engine/base/str.h"

int
wh_str_compare(struct wh_str a, struct wh_str b)
{
    size_t shorter = a.len < b.len ? a.len : b.len;
    int order = shorter == 0 ? 0 : memcmp(a.ptr, b.ptr, shorter);
    if (order != 0) {
        return order;
    }
    return (a.len > b.len) - (a.len < b.len);
}

bool
wh_str_starts_with(struct wh_str s, struct wh_str prefix)
{
    return s.len >= prefix.len && wh_str_equal((struct wh_str){s.ptr, prefix.len}, prefix);
}

bool
wh_str_ends_with(struct wh_str s, struct wh_str suffix)
{
    if (suffix.len == 0) {
        return true;
    }
    return s.len >= suffix.len && wh_str_equal(wh_str_slice(s, s.len - suffix.len, s.len), suffix);
}

bool
wh_str_contains(struct wh_str s, struct wh_str part)
{
    if (part.len == 0) {
        return true;
    }
    for (size_t from = 0; from + part.len <= s.len; from++) {
        const char *first = memchr(s.ptr + from, part.ptr[0], s.len - part.len - from + 1);
        if (first == NULL) {
            return false;
        }
        from = (size_t)(first - s.ptr);
        if (memcmp(first, part.ptr, part.len) == 0) {
            return true;
        }
    }
    return false;
}

static bool
is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

struct wh_str
wh_str_trim(struct wh_str s)
{
    size_t from = 0;
    size_t to = s.len;
    while (from < to && is_space(s.ptr[from])) {
        from++;
    }
    while (to > from && is_space(s.ptr[to - 1])) {
        to--;
    }
    return from == to ? (struct wh_str){s.ptr, 0} : wh_str_slice(s, from, to);
}

static bool
is_utf8_continuation(char c)
{
    return ((unsigned char)c & 0xC0U) == 0x80;
}

static size_t
skip_code_point(struct wh_str s, size_t at)
{
    at++;
    while (at < s.len && is_utf8_continuation(s.ptr[at])) {
        at++;
    }
    return at;
}

bool
wh_str_glob(struct wh_str s, struct wh_str pattern)
{
    size_t at = 0;
    size_t p = 0;
    /* Only the last star has to be tried again: what stands before it matched as early as it
     * could, so giving an earlier star more can never help. */
    bool has_star = false;
    size_t star_p = 0;
    size_t star_at = 0;
    while (at < s.len) {
        if (p < pattern.len && pattern.ptr[p] == '*') {
            has_star = true;
            star_p = ++p;
            star_at = at;
        } else if (p < pattern.len && pattern.ptr[p] == '?') {
            p++;
            at = skip_code_point(s, at);
        } else if (p < pattern.len && pattern.ptr[p] == s.ptr[at]) {
            p++;
            at++;
        } else if (has_star) {
            p = star_p;
            at = ++star_at;
        } else {
            return false;
        }
    }
    while (p < pattern.len && pattern.ptr[p] == '*') {
        p++;
    }
    return p == pattern.len;
}

static char
to_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool
wh_str_equal_nocase(struct wh_str a, struct wh_str b)
{
    if (a.len != b.len) {
        return false;
    }
    for (size_t i = 0; i < a.len; i++) {
        if (to_lower(a.ptr[i]) != to_lower(b.ptr[i])) {
            return false;
        }
    }
    return true;
}

static size_t
least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* The distances of prefixes of a and b, of which three rows are alive at a time. */
struct distances {
    size_t rows[3][WH_STR_DISTANCE_MAX + 1]; /* [i % 3][j]: first i bytes of a, first j of b */
};

static size_t
distance_of_prefixes(const struct distances *d, struct wh_str a, struct wh_str b, size_t i,
                     size_t j)
{
    const size_t *above = d->rows[(i - 1) % 3];
    size_t change = above[j - 1] + (a.ptr[i - 1] == b.ptr[j - 1] ? 0 : 1);
    size_t best = least(change, least(above[j], d->rows[i % 3][j - 1]) + 1);
    bool is_swap = i > 1 && j > 1 && a.ptr[i - 1] == b.ptr[j - 2] && a.ptr[i - 2] == b.ptr[j - 1];
    return is_swap ? least(best, d->rows[(i - 2) % 3][j - 2] + 1) : best;
}

size_t
wh_str_distance(struct wh_str a, struct wh_str b)
{
    if (a.len > WH_STR_DISTANCE_MAX || b.len > WH_STR_DISTANCE_MAX) {
        return WH_STR_DISTANCE_MAX;
    }
    struct distances d = {0};
    for (size_t j = 0; j <= b.len; j++) {
        d.rows[0][j] = j;
    }
    for (size_t i = 1; i <= a.len; i++) {
        d.rows[i % 3][0] = i;
        for (size_t j = 1; j <= b.len; j++) {
            d.rows[i % 3][j] = distance_of_prefixes(&d, a, b, i, j);
        }
    }
    return d.rows[a.len % 3][b.len];
}

/* FNV-1a. */
uint64_t
wh_str_hash(struct wh_str s)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < s.len; i++) {
        hash = (hash ^ (unsigned char)s.ptr[i]) * UINT64_C(0x100000001b3);
    }
    return hash ^ (hash >> 32);
}
