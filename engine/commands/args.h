/* What stands on the command line: one table of options for each command, one parser. */
#ifndef WH_COMMANDS_ARGS_H
#define WH_COMMANDS_ARGS_H

#include "engine/base/arena.h"
#include "engine/base/err.h"
#include "engine/host/option.h"

/* No command has more options, and no command line needs more operands. */
#define WH_FLAGS_MAX    24
#define WH_OPERANDS_MAX 1024

struct wh_flag {
    const char *name;     /* --play */
    const char *argument; /* FILE, or text|json where one of these words is meant; NULL: a switch */
    const char *fallback; /* default as shown and used; NULL: that of `option`, else none */
    const char *what;     /* for --help */
    enum wh_option option; /* the configuration key that it sets; WH_OPTION_COUNT: none */
    bool is_later;         /* specified, refused for now */
};

struct wh_command;

struct wh_args {
    const struct wh_command *command;
    struct wh_str values[WH_FLAGS_MAX]; /* by place in the command's flags; a switch has its name */
    bool given[WH_FLAGS_MAX];
    const struct wh_str *operands; /* borrowed from argv, like all texts */
    size_t operand_count;
};

/* Whether --help or -h stands among the words. */
bool wh_args_want_help(int argc, char *const *argv);

/* Reads what stands behind the command's name. WH_ERR_USAGE: error->message says what is wrong and
 * what was meant, as a sentence without the program's name. */
WH_MUST_CHECK enum wh_err wh_args_parse(struct wh_arena *arena, const struct wh_command *command,
                                        int argc, char *const *argv, struct wh_args *ret_args,
                                        struct wh_error *error);

/* Whether the flag, which the command must have, was given. */
bool wh_args_has(const struct wh_args *args, const char *flag);

/* Its text: as given, else its default; empty when it has none. */
struct wh_str wh_args_text(const struct wh_args *args, const char *flag);

#endif
