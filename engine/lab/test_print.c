#include "engine/lab/test_print.h"

#include "engine/base/utf8.h"

bool
wh_test_format_find(struct wh_str word, enum wh_test_format *ret_format)
{
    static const char *const words[] = {
        [WH_TEST_FORMAT_TEXT] = "text",
        [WH_TEST_FORMAT_TAP] = "tap",
        [WH_TEST_FORMAT_JUNIT] = "junit",
    };
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (wh_str_is(word, words[i])) {
            *ret_format = (enum wh_test_format)i;
            return true;
        }
    }
    return false;
}

/* Each line of the text behind a prefix. */
static void
push_lines(struct wh_buf *buf, const char *prefix, struct wh_str text)
{
    size_t begin = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '\n') {
            wh_buf_printf(buf, "%s%.*s\n", prefix, WH_STR_ARG(wh_str_slice(text, begin, i)));
            begin = i + 1;
        }
    }
}

static void
print_text(const struct wh_test_file *file, struct wh_buf *buf)
{
    wh_buf_printf(buf, "%.*s: %zu passed", WH_STR_ARG(file->path), file->count - file->failed);
    if (file->failed > 0) {
        wh_buf_printf(buf, ", %zu failed", file->failed);
    }
    wh_buf_push_char(buf, '\n');
    for (size_t i = 0; i < file->count; i++) {
        const struct wh_test_result *result = &file->results[i];
        if (!result->passed) {
            wh_buf_printf(buf, "\nnot ok: %.*s\n%.*s", WH_STR_ARG(result->name),
                          WH_STR_ARG(result->report));
            wh_buf_push_text(buf, i + 1 == file->count ? "\n" : "");
        }
    }
}

/* A name on one line; '#' would begin a directive. */
static void
push_tap_name(struct wh_buf *buf, struct wh_str name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        if (c == '#' || c == '\\') {
            wh_buf_push_char(buf, '\\');
        }
        wh_buf_push_char(buf, c == '\n' || c == '\r' ? ' ' : c);
    }
}

static void
print_tap(const struct wh_test_file *file, size_t number, struct wh_buf *buf)
{
    for (size_t i = 0; i < file->count; i++) {
        const struct wh_test_result *result = &file->results[i];
        wh_buf_printf(buf, "%s %zu - ", result->passed ? "ok" : "not ok", number + i + 1);
        push_tap_name(buf, result->name);
        wh_buf_push_char(buf, '\n');
        push_lines(buf, "# ", result->report);
    }
}

/* XML 1.0 has no control characters but tab and line break, not even escaped. */
static void
push_xml(struct wh_buf *buf, struct wh_str text)
{
    bool is_valid = wh_utf8_is_valid(text);
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        bool is_shown = c >= 0x20 || c == '\t' || c == '\n';
        if (c == '&') {
            wh_buf_push_text(buf, "&amp;");
        } else if (c == '<') {
            wh_buf_push_text(buf, "&lt;");
        } else if (c == '>') {
            wh_buf_push_text(buf, "&gt;");
        } else if (c == '"') {
            wh_buf_push_text(buf, "&quot;");
        } else {
            wh_buf_push_char(buf, is_shown && (c < 0x80 || is_valid) ? text.ptr[i] : '?');
        }
    }
}

static void
push_attribute(struct wh_buf *buf, const char *name, struct wh_str value)
{
    wh_buf_printf(buf, " %s=\"", name);
    push_xml(buf, value);
    wh_buf_push_char(buf, '"');
}

static struct wh_str
first_line(struct wh_str text)
{
    const char *end = text.len == 0 ? NULL : memchr(text.ptr, '\n', text.len);
    return end == NULL ? text : wh_str_slice(text, 0, (size_t)(end - text.ptr));
}

static void
print_junit_case(const struct wh_test_file *file, const struct wh_test_result *result,
                 struct wh_buf *buf)
{
    wh_buf_push_text(buf, "    <testcase");
    push_attribute(buf, "classname", file->path);
    push_attribute(buf, "name", result->name);
    push_attribute(buf, "file", file->path);
    wh_buf_printf(buf, " line=\"%zu\"", result->line);
    if (result->passed) {
        wh_buf_push_text(buf, "/>\n");
        return;
    }
    wh_buf_push_text(buf, ">\n      <failure");
    push_attribute(buf, "message", first_line(result->report));
    wh_buf_push_char(buf, '>');
    push_xml(buf, result->report);
    wh_buf_push_text(buf, "</failure>\n    </testcase>\n");
}

static void
print_junit(const struct wh_test_file *file, struct wh_buf *buf)
{
    wh_buf_push_text(buf, "  <testsuite");
    push_attribute(buf, "name", file->path);
    wh_buf_printf(buf, " tests=\"%zu\" failures=\"%zu\" errors=\"0\">\n", file->count,
                  file->failed);
    for (size_t i = 0; i < file->count; i++) {
        print_junit_case(file, &file->results[i], buf);
    }
    wh_buf_push_text(buf, "  </testsuite>\n");
}

void
wh_test_print_begin(struct wh_test_printer *printer, struct wh_buf *buf)
{
    printer->passed = 0;
    printer->failed = 0;
    if (printer->format == WH_TEST_FORMAT_JUNIT) {
        wh_buf_push_text(buf, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
    }
}

void
wh_test_print_file(struct wh_test_printer *printer, const struct wh_test_file *file,
                   struct wh_buf *buf)
{
    switch (printer->format) {
    case WH_TEST_FORMAT_TEXT:
        print_text(file, buf);
        break;
    case WH_TEST_FORMAT_TAP:
        print_tap(file, printer->passed + printer->failed, buf);
        break;
    case WH_TEST_FORMAT_JUNIT:
        print_junit(file, buf);
        break;
    }
    printer->passed += file->count - file->failed;
    printer->failed += file->failed;
}

void
wh_test_print_end(const struct wh_test_printer *printer, struct wh_buf *buf)
{
    switch (printer->format) {
    case WH_TEST_FORMAT_TEXT:
        wh_buf_printf(buf, "%zu passed, %zu failed\n", printer->passed, printer->failed);
        break;
    case WH_TEST_FORMAT_TAP:
        wh_buf_printf(buf, "1..%zu\n", printer->passed + printer->failed);
        break;
    case WH_TEST_FORMAT_JUNIT:
        wh_buf_push_text(buf, "</testsuites>\n");
        break;
    }
}
