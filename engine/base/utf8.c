#include "engine/base/utf8.h"

#include "engine/base/utf8_case.h"

/* Highest code point and the largest size of its encoding. */
#define CODE_POINT_MAX   0x10FFFFU
#define ENCODED_SIZE_MAX 4

static bool
is_continuation(char c)
{
    return ((unsigned char)c & 0xC0U) == 0x80;
}

/* Bytes of a sequence by its first byte; 0: none begins so. */
static size_t
sequence_size(unsigned char lead)
{
    if (lead < 0x80) {
        return 1;
    }
    if (lead >= 0xC2 && lead < 0xE0) {
        return 2;
    }
    if (lead >= 0xE0 && lead < 0xF0) {
        return 3;
    }
    return lead >= 0xF0 && lead < 0xF5 ? 4 : 0;
}

/* Reads the code point at `at` and returns its size, 0 when the bytes there are not UTF-8:
 * truncated, overlong, a surrogate, or above the highest code point. */
static size_t
decode(struct wh_str s, size_t at, uint32_t *ret_code_point)
{
    static const uint32_t least[ENCODED_SIZE_MAX + 1] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned char lead = (unsigned char)s.ptr[at];
    size_t size = sequence_size(lead);
    if (size == 0 || size > s.len - at) {
        return 0;
    }
    uint32_t code_point = size == 1 ? lead : lead & (0x7FU >> size);
    for (size_t i = 1; i < size; i++) {
        if (!is_continuation(s.ptr[at + i])) {
            return 0;
        }
        code_point = (code_point << 6) | ((unsigned char)s.ptr[at + i] & 0x3FU);
    }
    bool is_surrogate = code_point >= 0xD800 && code_point <= 0xDFFF;
    if (code_point < least[size] || code_point > CODE_POINT_MAX || is_surrogate) {
        return 0;
    }
    *ret_code_point = code_point;
    return size;
}

bool
wh_utf8_is_valid(struct wh_str s)
{
    size_t at = 0;
    while (at < s.len) {
        uint32_t code_point = 0;
        size_t size = decode(s, at, &code_point);
        if (size == 0) {
            return false;
        }
        at += size;
    }
    return true;
}

size_t
wh_utf8_count(struct wh_str s)
{
    size_t count = 0;
    for (size_t i = 0; i < s.len; i++) {
        count += is_continuation(s.ptr[i]) ? 0 : 1;
    }
    return count;
}

struct wh_str
wh_utf8_cut(struct wh_str s, size_t max)
{
    size_t len = s.len < max ? s.len : max;
    /* A sequence starts at most four bytes before its end; what is not UTF-8 stays. */
    size_t start = len;
    while (start > 0 && len - start < ENCODED_SIZE_MAX - 1 && is_continuation(s.ptr[start - 1])) {
        start--;
    }
    if (start > 0 && start - 1 + sequence_size((unsigned char)s.ptr[start - 1]) > len) {
        len = start - 1;
    }
    return (struct wh_str){s.ptr, len};
}

static uint32_t
lower_of(uint32_t code_point)
{
    if (code_point < 0x80) {
        return code_point >= 'A' && code_point <= 'Z' ? code_point + 32 : code_point;
    }
    size_t from = 0;
    size_t to = wh_utf8_lower_range_count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        const struct wh_utf8_lower_range *range = &wh_utf8_lower_ranges[middle];
        if (code_point < range->first) {
            to = middle;
        } else if (code_point > range->last) {
            from = middle + 1;
        } else {
            bool is_member = (code_point - range->first) % range->step == 0;
            return is_member ? (uint32_t)((int32_t)code_point + range->delta) : code_point;
        }
    }
    return code_point;
}

static size_t
encode(uint32_t code_point, char *ret_bytes)
{
    if (code_point < 0x80) {
        ret_bytes[0] = (char)code_point;
        return 1;
    }
    size_t size = 4;
    if (code_point < 0x10000) {
        size = code_point < 0x800 ? 2 : 3;
    }
    for (size_t i = size - 1; i > 0; i--) {
        ret_bytes[i] = (char)(unsigned char)(0x80 | (code_point & 0x3F));
        code_point >>= 6;
    }
    ret_bytes[0] = (char)(unsigned char)((0xF00U >> size) | code_point);
    return size;
}

struct wh_str
wh_utf8_lower(struct wh_arena *arena, struct wh_str s)
{
    /* The lower case of a code point of one byte has one byte; of two, at most three. */
    char *lower = wh_arena_array(arena, s.len + s.len / 2 + 1, 1);
    size_t len = 0;
    size_t at = 0;
    while (at < s.len) {
        uint32_t code_point = 0;
        size_t size = decode(s, at, &code_point);
        if (size == 0) {
            lower[len++] = s.ptr[at++];
            continue;
        }
        len += encode(lower_of(code_point), lower + len);
        at += size;
    }
    return (struct wh_str){lower, len};
}
