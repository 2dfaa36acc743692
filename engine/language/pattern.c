#include "engine/language/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "engine/base/utf8.h"

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* What "(?" begins, when that is not supported. */
static const char *
refused_group(struct wh_str rest)
{
    static const char *const looks[] = {"(?=", "(?!", "(?<=", "(?<!", "(?*", "(?<*"};
    for (size_t i = 0; i < sizeof(looks) / sizeof(looks[0]); i++) {
        if (wh_str_starts_with(rest, wh_str_of(looks[i]))) {
            return "look-around is not supported";
        }
    }
    if (wh_str_starts_with(rest, WH_STR("(*"))) {
        return "(*VERB) is not supported";
    }
    if (wh_str_starts_with(rest, WH_STR("(?P="))) {
        return "a back-reference is not supported";
    }
    if (wh_str_starts_with(rest, WH_STR("(?(")) || wh_str_starts_with(rest, WH_STR("(?C"))) {
        return "a condition or call-out is not supported";
    }
    if (rest.len < 3 || !wh_str_starts_with(rest, WH_STR("(?"))) {
        return NULL;
    }
    char c = rest.ptr[2];
    bool is_signed = (c == '+' || c == '-') && rest.len > 3 && is_digit(rest.ptr[3]);
    bool is_named = c == '&' || wh_str_starts_with(rest, WH_STR("(?P>"));
    return c == 'R' || is_digit(c) || is_signed || is_named ? "recursion is not supported" : NULL;
}

static bool
is_reference(char c)
{
    return (c >= '1' && c <= '9') || c == 'g' || c == 'k';
}

/* Position after the bracket class that begins at i. A ] in the first place belongs to it. */
static size_t
after_class(struct wh_str pattern, size_t i)
{
    i++;
    if (i < pattern.len && pattern.ptr[i] == '^') {
        i++;
    }
    if (i < pattern.len && pattern.ptr[i] == ']') {
        i++;
    }
    while (i < pattern.len && pattern.ptr[i] != ']') {
        bool is_named = pattern.ptr[i] == '[' && i + 1 < pattern.len && pattern.ptr[i + 1] == ':';
        i += pattern.ptr[i] == '\\' || is_named ? 2 : 1;
    }
    return i + 1;
}

/* Position after \Q … \E. */
static size_t
after_quote(struct wh_str pattern, size_t i)
{
    for (; i + 1 < pattern.len; i++) {
        if (pattern.ptr[i] == '\\' && pattern.ptr[i + 1] == 'E') {
            return i + 2;
        }
    }
    return pattern.len;
}

/* What the pattern has at i that is not supported, else NULL and the place to go on from. */
static const char *
refused_at(struct wh_str pattern, size_t i, size_t *ret_next)
{
    char c = pattern.ptr[i];
    char next = i + 1 < pattern.len ? pattern.ptr[i + 1] : '\0';
    *ret_next = i + 1;
    if (c == '(') {
        return refused_group(wh_str_slice(pattern, i, pattern.len));
    }
    if (c == '[') {
        *ret_next = after_class(pattern, i);
        return NULL;
    }
    if (c != '\\') {
        return NULL;
    }
    *ret_next = next == 'Q' ? after_quote(pattern, i + 2) : i + 2;
    return is_reference(next) ? "a back-reference is not supported" : NULL;
}

static const char *
find_refused(struct wh_str pattern)
{
    const char *refused = NULL;
    size_t i = 0;
    while (i < pattern.len && refused == NULL) {
        refused = refused_at(pattern, i, &i);
    }
    return refused;
}

static void
report_bad(struct wh_problems *problems, struct wh_str pattern, int code, size_t offset,
           const struct wh_location *location)
{
    char text[256] = "";
    (void)pcre2_get_error_message(code, (PCRE2_UCHAR *)text, sizeof(text));
    size_t at =
        wh_utf8_count(wh_str_slice(pattern, 0, offset < pattern.len ? offset : pattern.len));
    const char *message = code == PCRE2_ERROR_MISSING_CLOSING_PARENTHESIS ? "missing )" : text;
    wh_problem_error(problems, location, "bad regular expression at character %zu: %s",
                     at == 0 ? (size_t)1 : at, message);
}

void *
wh_pattern_compile(struct wh_problems *problems, struct wh_str pattern, bool ignores_case,
                   const struct wh_location *location)
{
    if (pattern.len > WH_PATTERN_BYTES_MAX) {
        wh_problem_error(problems, location,
                         "a regular expression of %zu bytes; at most %d are possible", pattern.len,
                         WH_PATTERN_BYTES_MAX);
        return NULL;
    }
    const char *refused = find_refused(pattern);
    if (refused != NULL) {
        wh_problem_error(problems, location, "%s", refused);
        return NULL;
    }
    uint32_t options = PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C | (ignores_case ? PCRE2_CASELESS : 0);
    int code = 0;
    PCRE2_SIZE offset = 0;
    pcre2_code *compiled = pcre2_compile((PCRE2_SPTR)(pattern.len > 0 ? pattern.ptr : ""),
                                         pattern.len, options, &code, &offset, NULL);
    if (compiled == NULL) {
        report_bad(problems, pattern, code, offset, location);
    }
    return compiled;
}

void
wh_pattern_free(const void *code)
{
    /* The ruleset holds it as something it only reads. */
    union {
        const void *read_only;
        pcre2_code *owned;
    } compiled = {.read_only = code};
    pcre2_code_free(compiled.owned);
}
