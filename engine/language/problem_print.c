/* The three forms in which problems leave: for people, for programs, for annotations. */
#include "engine/base/utf8.h"
#include "engine/language/problem.h"

/* Control characters and bytes that are not UTF-8 would disturb the terminal and the carets. */
static void
push_line(struct wh_buf *buf, struct wh_str line)
{
    bool is_valid = wh_utf8_is_valid(line);
    for (size_t i = 0; i < line.len; i++) {
        unsigned char c = (unsigned char)line.ptr[i];
        bool is_shown = c == '\t' || (c >= 0x20 && c < 0x7F) || (c >= 0x80 && is_valid);
        wh_buf_push_char(buf, is_shown ? line.ptr[i] : '?');
    }
    wh_buf_push_char(buf, '\n');
}

static bool
begins_code_point(char c)
{
    return ((unsigned char)c & 0xC0U) != 0x80U;
}

/* Under the line: tabs are repeated, so that the carets stand right at any tab width. */
static void
push_carets(struct wh_buf *buf, struct wh_str line, size_t from, size_t to)
{
    bool is_valid = wh_utf8_is_valid(line);
    for (size_t i = 0; i < from && i < line.len; i++) {
        if (line.ptr[i] == '\t') {
            wh_buf_push_char(buf, '\t');
        } else if (!is_valid || begins_code_point(line.ptr[i])) {
            wh_buf_push_char(buf, ' ');
        }
    }
    wh_buf_push_char(buf, '^');
    for (size_t i = from + 1; i < to && i < line.len; i++) {
        if (!is_valid || begins_code_point(line.ptr[i])) {
            wh_buf_push_char(buf, '^');
        }
    }
    wh_buf_push_char(buf, '\n');
}

static void
push_place(struct wh_buf *buf, const struct wh_location *location, const char *kind,
           struct wh_str message)
{
    if (location->source == NULL) {
        wh_buf_printf(buf, "%s: %.*s\n", kind, WH_STR_ARG(message));
        return;
    }
    wh_buf_printf(buf, "%.*s:%zu:%zu: %s: %.*s\n", WH_STR_ARG(location->source->name),
                  wh_location_line(location), wh_location_column(location), kind,
                  WH_STR_ARG(message));
    struct wh_str line = wh_location_line_text(location);
    if (line.len == 0) {
        return;
    }
    size_t from = location->offset - (size_t)(line.ptr - location->source->text.ptr);
    push_line(buf, line);
    push_carets(buf, line, from, from + location->len);
}

static void
print_text(const struct wh_problem *problem, struct wh_buf *buf)
{
    push_place(buf, &problem->location, wh_severity_str(problem->severity), problem->message);
    for (const struct wh_problem_note *note = problem->notes; note != NULL; note = note->next) {
        push_place(buf, &note->location, "note", note->message);
    }
}

static void
push_json_string(struct wh_buf *buf, struct wh_str text)
{
    bool is_valid = wh_utf8_is_valid(text);
    wh_buf_push_char(buf, '"');
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (c == '"' || c == '\\') {
            wh_buf_push_char(buf, '\\');
            wh_buf_push_char(buf, text.ptr[i]);
        } else if (c < 0x20) {
            wh_buf_printf(buf, "\\u%04x", (unsigned)c);
        } else {
            wh_buf_push_char(buf, c < 0x80 || is_valid ? text.ptr[i] : '?');
        }
    }
    wh_buf_push_char(buf, '"');
}

/* Where the part of the location on its first line ends: 1-based, exclusive. */
static size_t
end_column(const struct wh_location *location)
{
    struct wh_str line = wh_location_line_text(location);
    struct wh_location end = *location;
    size_t line_end = 0;
    if (location->source != NULL) {
        line_end = (size_t)(line.ptr - location->source->text.ptr) + line.len;
    }
    end.offset = location->offset + location->len;
    if (end.offset > line_end) {
        end.offset = line_end;
    }
    size_t column = wh_location_column(location);
    size_t last = end.offset > location->offset ? wh_location_column(&end) : column;
    return last > column ? last : column + 1;
}

static void
push_json_place(struct wh_buf *buf, const struct wh_location *location)
{
    if (location->source == NULL) {
        return;
    }
    wh_buf_push_text(buf, "\"file\":");
    push_json_string(buf, location->source->name);
    wh_buf_printf(buf, ",\"line\":%zu,\"column\":%zu,\"end_column\":%zu,",
                  wh_location_line(location), wh_location_column(location), end_column(location));
}

static void
print_json(const struct wh_problem *problem, struct wh_buf *buf)
{
    wh_buf_push_char(buf, '{');
    push_json_place(buf, &problem->location);
    wh_buf_printf(buf, "\"severity\":\"%s\",\"message\":", wh_severity_str(problem->severity));
    push_json_string(buf, problem->message);
    wh_buf_push_text(buf, ",\"notes\":[");
    for (const struct wh_problem_note *note = problem->notes; note != NULL; note = note->next) {
        wh_buf_push_char(buf, '{');
        push_json_place(buf, &note->location);
        wh_buf_push_text(buf, "\"message\":");
        push_json_string(buf, note->message);
        wh_buf_push_text(buf, note->next == NULL ? "}" : "},");
    }
    wh_buf_push_text(buf, "]}\n");
}

/* '%' and line breaks end a workflow command's text, in its properties ':' and ',' as well. */
static void
push_command_text(struct wh_buf *buf, struct wh_str text, bool is_property)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        bool is_special = c == '%' || c == '\r' || c == '\n';
        bool is_separator = is_property && (c == ':' || c == ',');
        if (is_special || is_separator) {
            wh_buf_printf(buf, "%%%02X", (unsigned)(unsigned char)c);
        } else {
            wh_buf_push_char(buf, c);
        }
    }
}

static void
print_github(const struct wh_problem *problem, struct wh_buf *buf)
{
    const struct wh_location *location = &problem->location;
    wh_buf_printf(buf, "::%s", wh_severity_str(problem->severity));
    if (location->source != NULL) {
        wh_buf_push_text(buf, " file=");
        push_command_text(buf, location->source->name, true);
        wh_buf_printf(buf, ",line=%zu,col=%zu,endColumn=%zu", wh_location_line(location),
                      wh_location_column(location), end_column(location));
    }
    wh_buf_push_text(buf, "::");
    push_command_text(buf, problem->message, false);
    for (const struct wh_problem_note *note = problem->notes; note != NULL; note = note->next) {
        wh_buf_push_text(buf, "%0Anote: ");
        push_command_text(buf, note->message, false);
        if (note->location.source != NULL) {
            wh_buf_printf(buf, " (line %zu)", wh_location_line(&note->location));
        }
    }
    wh_buf_push_char(buf, '\n');
}

static void
print_one(const struct wh_problem *problem, enum wh_problem_format format, struct wh_buf *buf)
{
    switch (format) {
    case WH_PROBLEM_FORMAT_TEXT:
        print_text(problem, buf);
        return;
    case WH_PROBLEM_FORMAT_JSON:
        print_json(problem, buf);
        return;
    case WH_PROBLEM_FORMAT_GITHUB:
        print_github(problem, buf);
        return;
    }
}

void
wh_problems_print(const struct wh_problems *problems, enum wh_problem_format format,
                  struct wh_buf *buf)
{
    for (const struct wh_problem *problem = problems->first; problem != NULL;
         problem = problem->next) {
        print_one(problem, format, buf);
    }
    size_t total = problems->error_count + problems->warning_count;
    if (format == WH_PROBLEM_FORMAT_TEXT && total > problems->count) {
        wh_buf_printf(buf, "and %zu more\n", total - problems->count);
    }
}
