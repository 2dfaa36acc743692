/* Results go to standard output, messages for people to standard error. */
#ifndef WH_COMMANDS_CONSOLE_H
#define WH_COMMANDS_CONSOLE_H

#include <stdio.h>

#include "engine/base/str.h"
#include "engine/commands/command.h"
#include "engine/language/problem.h"

void wh_console_result(struct wh_str text);

/* "waterhole: " and the message, with a line break. */
void wh_console_message(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same, and what to answer the shell. */
enum wh_exit wh_console_fail(enum wh_exit code, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Sorts the problems and prints them as text to standard error. */
void wh_console_problems(struct wh_problems *problems);

/* The text of an environment variable; empty when there is none. */
struct wh_str wh_console_variable(char *const *environment, const char *name);

/* A terminal that shows colours: NO_COLOR and TERM=dumb say no. */
bool wh_console_has_colour(FILE *stream, char *const *environment);

/* The exit code for an error from below: WH_ERR_INPUT is a problem that the work found. */
enum wh_exit wh_console_exit(enum wh_err err);

#endif
