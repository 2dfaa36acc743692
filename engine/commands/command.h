/* A command of the program: its name, its options, its function. */
#ifndef WH_COMMANDS_COMMAND_H
#define WH_COMMANDS_COMMAND_H

#include "engine/commands/args.h"

/* contract.md 1. */
enum wh_exit {
    WH_EXIT_DONE = 0,
    WH_EXIT_PROBLEMS = 1, /* the work found problems: a wrong model, an unknown lead */
    WH_EXIT_USAGE = 2,    /* wrong use or configuration */
    WH_EXIT_OUTSIDE = 3,  /* a file, a disk, a broker failed */
};

struct wh_call {
    struct wh_arena *arena; /* of the whole run */
    const struct wh_args *args;
    char *const *environment;
    const char *program; /* as it was started, for commands that a person may repeat */
};

typedef enum wh_exit (*wh_command_fn)(const struct wh_call *call);

struct wh_command {
    const char *name;
    const char *operands; /* as in the usage line; NULL: takes none */
    size_t operand_min, operand_max;
    const char *what; /* one sentence, without its full stop */
    const char *example;
    const struct wh_flag *flags;
    size_t flag_count;
    wh_command_fn run; /* NULL: specified, refused for now */
};

/* All commands, in the order of the contract. */
extern const struct wh_command wh_commands[];
extern const size_t wh_command_count;

enum wh_exit wh_command_up(const struct wh_call *call);
enum wh_exit wh_command_engine(const struct wh_call *call);
enum wh_exit wh_command_collect(const struct wh_call *call);
enum wh_exit wh_command_init(const struct wh_call *call);
enum wh_exit wh_command_check(const struct wh_call *call);
enum wh_exit wh_command_test(const struct wh_call *call);
enum wh_exit wh_command_lead(const struct wh_call *call);
enum wh_exit wh_command_replay(const struct wh_call *call);
enum wh_exit wh_command_record(const struct wh_call *call);
enum wh_exit wh_command_identity(const struct wh_call *call);
enum wh_exit wh_command_tap(const struct wh_call *call);
enum wh_exit wh_command_partition(const struct wh_call *call);
enum wh_exit wh_command_leads(const struct wh_call *call);
enum wh_exit wh_command_new(const struct wh_call *call);
enum wh_exit wh_command_schema(const struct wh_call *call);
enum wh_exit wh_command_config(const struct wh_call *call);
enum wh_exit wh_command_version(const struct wh_call *call);

#endif
