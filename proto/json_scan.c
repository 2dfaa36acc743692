#include "proto/json_scan.h"

void
wh_json_scan_init(struct wh_json_scan *scan, struct wh_str text)
{
    *scan = (struct wh_json_scan){text, 0};
}

static bool
is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool
wh_json_scan_is_done(struct wh_json_scan *scan)
{
    while (scan->at < scan->text.len && is_blank(scan->text.ptr[scan->at])) {
        scan->at++;
    }
    return scan->at == scan->text.len;
}

bool
wh_json_scan_take(struct wh_json_scan *scan, char c)
{
    bool is_there = !wh_json_scan_is_done(scan) && scan->text.ptr[scan->at] == c;
    scan->at += is_there ? 1 : 0;
    return is_there;
}

/* From the opening quote to behind the closing one; false without one. */
static bool
pass_text(struct wh_json_scan *scan)
{
    for (scan->at++; scan->at < scan->text.len; scan->at++) {
        char c = scan->text.ptr[scan->at];
        if (c == '"') {
            scan->at++;
            return true;
        }
        scan->at += c == '\\' ? 1 : 0;
    }
    scan->at = scan->text.len;
    return false;
}

static bool
pass_brackets(struct wh_json_scan *scan)
{
    size_t depth = 0;
    do {
        char c = scan->at < scan->text.len ? scan->text.ptr[scan->at] : '\0';
        if (scan->at == scan->text.len || (c == '"' && !pass_text(scan))) {
            return false;
        }
        scan->at += c == '"' ? 0 : 1;
        depth += c == '{' || c == '[' ? 1 : 0;
        depth -= c == '}' || c == ']' ? 1 : 0;
    } while (depth > 0);
    return true;
}

static bool
is_end_of_word(char c)
{
    return is_blank(c) || (c != '\0' && strchr(",:{}[]\"", c) != NULL);
}

static bool
pass_word(struct wh_json_scan *scan)
{
    size_t from = scan->at;
    while (scan->at < scan->text.len && !is_end_of_word(scan->text.ptr[scan->at])) {
        scan->at++;
    }
    return scan->at > from;
}

bool
wh_json_scan_value(struct wh_json_scan *scan, struct wh_str *ret_value)
{
    if (wh_json_scan_is_done(scan)) {
        return false;
    }
    size_t from = scan->at;
    char c = scan->text.ptr[from];
    bool is_whole = false;
    if (c == '"') {
        is_whole = pass_text(scan);
    } else if (c == '{' || c == '[') {
        is_whole = pass_brackets(scan);
    } else {
        is_whole = pass_word(scan);
    }
    if (is_whole) {
        *ret_value = wh_str_slice(scan->text, from, scan->at);
    }
    return is_whole;
}

bool
wh_json_scan_member(struct wh_json_scan *scan, struct wh_str *ret_name, struct wh_str *ret_value)
{
    size_t from = scan->at;
    if (wh_json_scan_is_done(scan) || scan->text.ptr[scan->at] != '"' ||
        !wh_json_scan_value(scan, ret_name) || !wh_json_scan_take(scan, ':') ||
        !wh_json_scan_value(scan, ret_value)) {
        scan->at = from;
        return false;
    }
    (void)wh_json_scan_take(scan, ','); /* the last member has none */
    return true;
}

static int
hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    char lower = (char)(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* The character at *at, unescaped; -1 for one that is no ASCII or wrong. */
static int
next_character(struct wh_str inside, size_t *at)
{
    char c = inside.ptr[(*at)++];
    if (c != '\\') {
        return (unsigned char)c < 0x80 ? c : -1;
    }
    if (*at == inside.len) {
        return -1;
    }
    c = inside.ptr[(*at)++];
    if (c != 'u') {
        /* No name that is looked for holds a control character. */
        return c == '"' || c == '\\' || c == '/' ? c : -1;
    }
    int code = 0;
    for (int i = 0; i < 4; i++) {
        int digit = *at < inside.len ? hex_digit(inside.ptr[*at]) : -1;
        if (digit < 0) {
            return -1;
        }
        code = code * 16 + digit;
        (*at)++;
    }
    return code < 0x80 ? code : -1;
}

bool
wh_json_scan_is_text(struct wh_str written, const char *expected)
{
    if (written.len < 2 || written.ptr[0] != '"' || written.ptr[written.len - 1] != '"') {
        return false;
    }
    struct wh_str inside = wh_str_slice(written, 1, written.len - 1);
    size_t at = 0;
    while (at < inside.len && *expected != '\0') {
        if (next_character(inside, &at) != *expected) {
            return false;
        }
        expected++;
    }
    return at == inside.len && *expected == '\0';
}
