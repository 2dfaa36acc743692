#include "engine/host/option.h"

#include "engine/base/buf.h"
#include "engine/base/decimal.h"
#include "engine/base/time.h"

enum { PLAIN, SECRET };
#define NONE NULL

const struct wh_option_info wh_option_infos[WH_OPTION_COUNT] = {
#define OPTION(name, key, type, words, fallback, secret, what) \
    {key, words, fallback, what, WH_OPTION_##type, (secret) == SECRET},
#include "engine/host/options.def"
#undef OPTION
};

enum wh_option
wh_option_find(struct wh_str key)
{
    int option = 0;
    while (option < WH_OPTION_COUNT && !wh_str_is(key, wh_option_infos[option].key)) {
        option++;
    }
    return (enum wh_option)option;
}

/* Whether text is one of the words of a choice. */
static bool
is_word(struct wh_str text, struct wh_str words)
{
    size_t begin = 0;
    for (size_t i = 0; i <= words.len; i++) {
        bool is_end = i == words.len || words.ptr[i] == ' ';
        if (is_end && text.len > 0 && wh_str_equal(text, wh_str_slice(words, begin, i))) {
            return true;
        }
        begin = is_end ? i + 1 : begin;
    }
    return false;
}

bool
wh_option_parse_size(struct wh_str text, int64_t *ret_bytes)
{
    static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
    int64_t scale = 1;
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++, scale *= 1024) {
        size_t digits = text.len - strlen(units[i]);
        int64_t number = 0;
        bool is_unit = text.len > strlen(units[i]) && text.ptr[digits - 1] <= '9' &&
                       wh_str_ends_with(text, wh_str_of(units[i]));
        if (!is_unit || wh_decimal_parse(wh_str_slice(text, 0, digits), &number) != WH_OK) {
            continue;
        }
        bool is_whole = number % WH_DECIMAL_ONE == 0;
        number /= WH_DECIMAL_ONE;
        if (!is_whole || number < 1 || number > INT64_MAX / scale) {
            return false;
        }
        *ret_bytes = number * scale;
        return true;
    }
    return false;
}

static bool
is_count(struct wh_str text)
{
    int64_t number = 0;
    return text.len > 0 && text.len <= 9 && wh_decimal_parse(text, &number) == WH_OK &&
           number >= WH_DECIMAL_ONE && number % WH_DECIMAL_ONE == 0;
}

/* 0 (any free one) to 65535. */
static bool
is_port(struct wh_str text)
{
    int64_t number = 0;
    return wh_str_is(text, "0") || (is_count(text) && wh_decimal_parse(text, &number) == WH_OK &&
                                    number <= 65535 * WH_DECIMAL_ONE);
}

/* host:port, [v6]:port or :port. */
static bool
is_address(struct wh_str text)
{
    size_t colon = text.len;
    while (colon > 0 && text.ptr[colon - 1] != ':') {
        colon--;
    }
    return colon > 0 && is_port(wh_str_slice(text, colon, text.len));
}

static bool
is_url(struct wh_str text)
{
    static const char *const schemes[] = {"redis://", "rediss://", "unix://", "sentinel://"};
    for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
        if (wh_str_starts_with(text, wh_str_of(schemes[i])) && text.len > strlen(schemes[i])) {
            return true;
        }
    }
    return false;
}

static bool
is_start(struct wh_str text)
{
    int64_t us = 0;
    bool has_zone = false;
    return wh_str_is(text, "earliest") || wh_str_is(text, "latest") ||
           (wh_time_parse(text, &us, &has_zone) == WH_OK && has_zone);
}

static bool
is_map_item(struct wh_str text)
{
    const char *equals = text.len == 0 ? NULL : memchr(text.ptr, '=', text.len);
    return equals != NULL && equals != text.ptr;
}

bool
wh_option_accepts(enum wh_option option, struct wh_str text)
{
    int64_t number = 0;
    switch (wh_option_infos[option].type) {
    case WH_OPTION_TEXT:
    case WH_OPTION_PATH:
    case WH_OPTION_LIST:
        return true;
    case WH_OPTION_ADDRESS:
        return is_address(text);
    case WH_OPTION_URL:
        return is_url(text);
    case WH_OPTION_DURATION:
        return wh_duration_parse(text, &number) == WH_OK;
    case WH_OPTION_SIZE:
        return wh_option_parse_size(text, &number);
    case WH_OPTION_COUNT_OF:
        return is_count(text);
    case WH_OPTION_MAP:
        return is_map_item(text);
    case WH_OPTION_CHOICE:
        return is_word(text, wh_str_of(wh_option_infos[option].words));
    case WH_OPTION_START:
        return is_start(text);
    }
    return false;
}

/* "error warning info" as "error, warning or info". */
static void
push_words(struct wh_buf *buf, struct wh_str words)
{
    size_t last = words.len;
    while (last > 0 && words.ptr[last - 1] != ' ') {
        last--;
    }
    for (size_t i = 0; i < words.len; i++) {
        if (words.ptr[i] != ' ') {
            wh_buf_push_char(buf, words.ptr[i]);
        } else {
            wh_buf_push_text(buf, i + 1 == last ? " or " : ", ");
        }
    }
}

struct wh_str
wh_option_expected(struct wh_arena *arena, enum wh_option option)
{
    static const char *const expected[] = {
        [WH_OPTION_TEXT] = "a text",
        [WH_OPTION_PATH] = "the path of a file or folder",
        [WH_OPTION_ADDRESS] = "an address such as 127.0.0.1:8440",
        [WH_OPTION_URL] = "an address such as redis://host:6379",
        [WH_OPTION_DURATION] = "a duration such as 250ms, 30d or 1h30m",
        [WH_OPTION_SIZE] = "a size such as 64KiB, 256MiB or 10GiB",
        [WH_OPTION_COUNT_OF] = "a whole number from 1",
        [WH_OPTION_LIST] = "a list of texts",
        [WH_OPTION_MAP] = "names with texts",
        [WH_OPTION_CHOICE] = "",
        [WH_OPTION_START] = "earliest, latest or a time with zone such as 2026-01-05T09:00Z",
    };
    struct wh_buf buf;
    wh_buf_init(&buf, arena);
    wh_buf_push_text(&buf, expected[wh_option_infos[option].type]);
    if (wh_option_infos[option].type == WH_OPTION_CHOICE) {
        push_words(&buf, wh_str_of(wh_option_infos[option].words));
    }
    return wh_buf_str(&buf);
}

struct wh_str
wh_option_variable(struct wh_arena *arena, enum wh_option option)
{
    struct wh_buf buf;
    wh_buf_init(&buf, arena);
    wh_buf_push_text(&buf, "WATERHOLE_");
    for (const char *c = wh_option_infos[option].key; *c != '\0'; c++) {
        bool is_lower = *c >= 'a' && *c <= 'z';
        wh_buf_push_char(&buf, *c == '.' ? '_' : (char)(is_lower ? *c - 'a' + 'A' : *c));
    }
    return wh_buf_str(&buf);
}
