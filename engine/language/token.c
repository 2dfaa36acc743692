#include "engine/language/token.h"

#include "engine/base/buf.h"
#include "engine/base/decimal.h"
#include "engine/base/time.h"
#include "engine/base/utf8.h"

#define SURROGATE_FIRST 0xD800U
#define SURROGATE_LAST  0xDFFFU

/* Longer signs first. */
static const char *const signs[] = {"||", "&&", "==", "!=", "<=", ">=", "<", ">",
                                    "+",  "-",  "*",  "/",  "!",  ".",  ",", "(",
                                    ")",  "[",  "]",  "{",  "}",  "|",  "?"};

/* Signs that people know from elsewhere. */
static const struct {
    const char *sign;
    const char *message;
} foreign_signs[] = {
    {"=", "write == to compare"},
    {"&", "write && for \"and\""},
    {"'", "strings in expressions take double quotes"},
    {"\xE2\x80\x9C", "strings in expressions take straight double quotes"},
    {"\xE2\x80\x9E", "strings in expressions take straight double quotes"},
    {"%", "no \"%\" in expressions; write 0.2 for 20%"},
};

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool
is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || is_digit(c);
}

static bool
is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static struct wh_token
bad(struct wh_span span, struct wh_str message)
{
    return (struct wh_token){WH_TOKEN_BAD, span, message, 0};
}

static size_t
word_end(struct wh_str text, size_t offset)
{
    while (offset < text.len && is_word(text.ptr[offset])) {
        offset++;
    }
    return offset;
}

static struct wh_token
bad_duration(struct wh_arena *arena, struct wh_span span, struct wh_str word, enum wh_err err)
{
    struct wh_buf message;
    wh_buf_init(&message, arena);
    wh_buf_printf(&message,
                  err == WH_ERR_LIMIT ? "a duration is at most 1,100d, found \"%.*s\""
                                      : "expected a duration such as 30d or 1h30m, found \"%.*s\"",
                  WH_STR_ARG(word));
    return bad(span, wh_buf_str(&message));
}

static struct wh_token
bad_number(struct wh_arena *arena, struct wh_span span, struct wh_str word, enum wh_err err)
{
    struct wh_buf message;
    wh_buf_init(&message, arena);
    bool has_fraction = wh_str_contains(word, WH_STR("."));
    wh_buf_push_text(&message, err == WH_ERR_LIMIT && has_fraction ? "at most 3 decimals: "
                                                                   : "too large a number: ");
    wh_buf_push(&message, word);
    return bad(span, wh_buf_str(&message));
}

/* A number, or a duration where letters follow the digits. */
static struct wh_token
cut_number(struct wh_arena *arena, struct wh_str text, size_t from)
{
    size_t to = from;
    while (to < text.len && is_digit(text.ptr[to])) {
        to++;
    }
    if (to + 1 < text.len && text.ptr[to] == '.' && is_digit(text.ptr[to + 1])) {
        to = to + 1;
        while (to < text.len && is_digit(text.ptr[to])) {
            to++;
        }
    }
    size_t digits_end = to;
    to = word_end(text, to);
    struct wh_token token = {.span = {from, to}};
    struct wh_str word = wh_str_slice(text, from, to);
    enum wh_err err = WH_OK;
    if (to > digits_end) {
        token.kind = WH_TOKEN_DURATION;
        err = wh_duration_parse(word, &token.value);
        return err == WH_OK ? token : bad_duration(arena, token.span, word, err);
    }
    token.kind = WH_TOKEN_NUMBER;
    err = wh_decimal_parse(word, &token.value);
    return err == WH_OK ? token : bad_number(arena, token.span, word, err);
}

static int
hex_digit(char c)
{
    if (is_digit(c)) {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* UTF-8 of a code point of the first plane. */
static void
push_code_point(struct wh_buf *buf, unsigned code)
{
    if (code < 0x80) {
        wh_buf_push_char(buf, (char)code);
    } else if (code < 0x800) {
        wh_buf_push_char(buf, (char)(0xC0U | (code >> 6)));
        wh_buf_push_char(buf, (char)(0x80U | (code & 0x3FU)));
    } else {
        wh_buf_push_char(buf, (char)(0xE0U | (code >> 12)));
        wh_buf_push_char(buf, (char)(0x80U | ((code >> 6) & 0x3FU)));
        wh_buf_push_char(buf, (char)(0x80U | (code & 0x3FU)));
    }
}

/* Four hex digits at offset. Returns NULL, or what is wrong with them. */
static const char *
push_unicode(struct wh_buf *buf, struct wh_str text, size_t offset)
{
    unsigned code = 0;
    for (size_t i = offset; i < offset + 4; i++) {
        int digit = i < text.len ? hex_digit(text.ptr[i]) : -1;
        if (digit < 0) {
            return "expected four hexadecimal digits after \\u";
        }
        code = code * 16 + (unsigned)digit;
    }
    if (code >= SURROGATE_FIRST && code <= SURROGATE_LAST) {
        return "half of a character; write the character itself";
    }
    push_code_point(buf, code);
    return NULL;
}

/* The escape whose backslash is at offset: its length in the text, 0 with a message. */
static size_t
push_escape(struct wh_buf *buf, struct wh_str text, size_t offset, const char **ret_message)
{
    char c = offset + 1 < text.len ? text.ptr[offset + 1] : ' ';
    switch (c) {
    case '"':
    case '\\':
        wh_buf_push_char(buf, c);
        return 2;
    case 'n':
        wh_buf_push_char(buf, '\n');
        return 2;
    case 't':
        wh_buf_push_char(buf, '\t');
        return 2;
    case 'u':
        *ret_message = push_unicode(buf, text, offset + 2);
        return *ret_message == NULL ? 6 : 0;
    default:
        *ret_message = "only \\\" \\\\ \\n \\t and \\uXXXX may follow a backslash; a backslash "
                       "itself is written \\\\";
        return 0;
    }
}

static struct wh_token
cut_string(struct wh_arena *arena, struct wh_str text, size_t from)
{
    struct wh_buf value;
    wh_buf_init(&value, arena);
    size_t at = from + 1;
    while (at < text.len && text.ptr[at] != '"') {
        if (text.ptr[at] != '\\') {
            wh_buf_push_char(&value, text.ptr[at++]);
            continue;
        }
        const char *message = NULL;
        size_t len = push_escape(&value, text, at, &message);
        if (message != NULL) {
            size_t end = at + 2 < text.len ? at + 2 : text.len;
            return bad((struct wh_span){at, end}, wh_str_of(message));
        }
        at += len;
    }
    if (at >= text.len) {
        return bad((struct wh_span){from, text.len}, wh_str_of(WH_TOKEN_NOT_CLOSED));
    }
    struct wh_span span = {from, at + 1};
    return (struct wh_token){WH_TOKEN_STRING, span, wh_buf_str(&value), 0};
}

static size_t
code_point_end(struct wh_str text, size_t offset)
{
    offset++;
    while (offset < text.len && ((unsigned char)text.ptr[offset] & 0xC0U) == 0x80U) {
        offset++;
    }
    return offset;
}

static struct wh_token
bad_sign(struct wh_arena *arena, struct wh_str text, size_t from)
{
    struct wh_str rest = wh_str_slice(text, from, text.len);
    for (size_t i = 0; i < sizeof(foreign_signs) / sizeof(foreign_signs[0]); i++) {
        struct wh_str sign = wh_str_of(foreign_signs[i].sign);
        if (wh_str_starts_with(rest, sign)) {
            return bad((struct wh_span){from, from + sign.len},
                       wh_str_of(foreign_signs[i].message));
        }
    }
    struct wh_span span = {from, code_point_end(text, from)};
    struct wh_buf message;
    wh_buf_init(&message, arena);
    wh_buf_printf(&message, "no \"%.*s\" in expressions; text goes into double quotes",
                  WH_STR_ARG(wh_str_slice(text, span.from, span.to)));
    return bad(span, wh_buf_str(&message));
}

static struct wh_token
cut_sign(struct wh_arena *arena, struct wh_str text, size_t from)
{
    struct wh_str rest = wh_str_slice(text, from, text.len);
    for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
        struct wh_str sign = wh_str_of(signs[i]);
        if (wh_str_starts_with(rest, sign)) {
            struct wh_span span = {from, from + sign.len};
            return (struct wh_token){WH_TOKEN_SIGN, span, sign, 0};
        }
    }
    return bad_sign(arena, text, from);
}

struct wh_token
wh_token_next(struct wh_arena *arena, struct wh_str text, size_t offset)
{
    while (offset < text.len && is_space(text.ptr[offset])) {
        offset++;
    }
    if (offset >= text.len) {
        return (struct wh_token){.kind = WH_TOKEN_END, .span = {text.len, text.len}};
    }
    char c = text.ptr[offset];
    if (is_digit(c)) {
        return cut_number(arena, text, offset);
    }
    if (is_word(c)) {
        struct wh_span span = {offset, word_end(text, offset)};
        struct wh_str word = wh_str_slice(text, span.from, span.to);
        return (struct wh_token){WH_TOKEN_NAME, span, word, 0};
    }
    return c == '"' ? cut_string(arena, text, offset) : cut_sign(arena, text, offset);
}
