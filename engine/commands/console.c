#include "engine/commands/console.h"

#include <stdarg.h>
#include <unistd.h>

void
wh_console_result(struct wh_str text)
{
    if (text.len > 0) {
        (void)!fwrite(text.ptr, 1, text.len, stdout); /* ferror is asked once, at the end */
    }
}

static void message(const char *format, va_list args) __attribute__((format(printf, 1, 0)));

static void
message(const char *format, va_list args)
{
    (void)fflush(stdout); /* so that both stand in order on a terminal */
    (void)fputs("waterhole: ", stderr);
    (void)vfprintf(stderr, format, args);
    (void)fputc('\n', stderr);
}

void
wh_console_message(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    message(format, args);
    va_end(args);
}

enum wh_exit
wh_console_fail(enum wh_exit code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    message(format, args);
    va_end(args);
    return code;
}

void
wh_console_problems(struct wh_problems *problems)
{
    struct wh_buf buf;
    wh_buf_init(&buf, problems->arena);
    wh_problems_sort(problems);
    wh_problems_print(problems, WH_PROBLEM_FORMAT_TEXT, &buf);
    struct wh_str text = wh_buf_str(&buf);
    (void)fflush(stdout);
    if (text.len > 0) {
        (void)!fwrite(text.ptr, 1, text.len, stderr);
    }
}

struct wh_str
wh_console_variable(char *const *environment, const char *name)
{
    size_t len = strlen(name);
    for (size_t i = 0; environment != NULL && environment[i] != NULL; i++) {
        if (strncmp(environment[i], name, len) == 0 && environment[i][len] == '=') {
            return wh_str_of(environment[i] + len + 1);
        }
    }
    return (struct wh_str){NULL, 0};
}

bool
wh_console_has_colour(FILE *stream, char *const *environment)
{
    struct wh_str terminal = wh_console_variable(environment, "TERM");
    return isatty(fileno(stream)) == 1 && wh_console_variable(environment, "NO_COLOR").len == 0 &&
           terminal.len > 0 && !wh_str_is(terminal, "dumb");
}

enum wh_exit
wh_console_exit(enum wh_err err)
{
    switch (err) {
    case WH_OK:
        return WH_EXIT_DONE;
    case WH_ERR_USAGE:
    case WH_ERR_NOT_FOUND:
        return WH_EXIT_USAGE;
    case WH_ERR_INPUT:
    case WH_ERR_LIMIT:
        return WH_EXIT_PROBLEMS;
    case WH_ERR_OUTSIDE:
        return WH_EXIT_OUTSIDE;
    }
    return WH_EXIT_OUTSIDE;
}
