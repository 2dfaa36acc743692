/* Finds the command, reads its options, runs it. */
#include <errno.h>

#include "engine/commands/console.h"
#include "engine/commands/help.h"

static const struct wh_command *
find_command(struct wh_str name)
{
    for (size_t i = 0; i < wh_command_count; i++) {
        if (wh_str_is(name, wh_commands[i].name)) {
            return &wh_commands[i];
        }
    }
    return NULL;
}

static enum wh_exit
tell_unknown(struct wh_str name)
{
    struct wh_nearest nearest = wh_nearest_to(name);
    for (size_t i = 0; i < wh_command_count; i++) {
        wh_nearest_offer(&nearest, wh_str_of(wh_commands[i].name), 0);
    }
    if (wh_nearest_found(&nearest)) {
        return wh_console_fail(WH_EXIT_USAGE, "unknown command \"%.*s\"; did you mean \"%.*s\"?",
                               WH_STR_ARG(name), WH_STR_ARG(nearest.best));
    }
    return wh_console_fail(WH_EXIT_USAGE,
                           "unknown command \"%.*s\"; `waterhole --help` lists the commands",
                           WH_STR_ARG(name));
}

static enum wh_exit
help(struct wh_arena *arena, const struct wh_command *command)
{
    struct wh_buf buf;
    wh_buf_init(&buf, arena);
    if (command == NULL) {
        wh_help_program(&buf);
    } else {
        wh_help_command(&buf, command);
    }
    wh_console_result(wh_buf_str(&buf));
    return WH_EXIT_DONE;
}

static enum wh_exit
run_command(struct wh_call *call, const struct wh_command *command, int argc, char *const *argv)
{
    struct wh_error error;
    struct wh_args args;
    if (wh_args_want_help(argc, argv)) {
        return help(call->arena, command);
    }
    if (command->run == NULL) {
        return wh_console_fail(WH_EXIT_USAGE, "\"%s\" is specified but not supported yet",
                               command->name);
    }
    if (wh_args_parse(call->arena, command, argc, argv, &args, &error) != WH_OK) {
        return wh_console_fail(WH_EXIT_USAGE, "%s", error.message);
    }
    call->args = &args;
    return command->run(call);
}

static enum wh_exit
run(struct wh_call *call, int argc, char *const *argv)
{
    if (argc < 2) {
        return wh_console_fail(WH_EXIT_USAGE, "which command? `waterhole --help` lists them");
    }
    struct wh_str name = wh_str_of(argv[1]);
    if (wh_str_is(name, "--help") || wh_str_is(name, "-h") || wh_str_is(name, "help")) {
        return help(call->arena, NULL);
    }
    if (wh_str_is(name, "--version")) {
        name = WH_STR("version");
    }
    const struct wh_command *command = find_command(name);
    if (command == NULL) {
        return tell_unknown(name);
    }
    return run_command(call, command, argc - 2, argv + 2);
}

/* What was printed has reached its reader, or the exit code says so. */
static enum wh_exit
flush(enum wh_exit code)
{
    char reason[128] = "it is closed";
    if (fflush(stdout) == 0 && ferror(stdout) == 0) {
        return code;
    }
    (void)!strerror_r(errno, reason, sizeof(reason));
    return wh_console_fail(WH_EXIT_OUTSIDE, "cannot write to standard output: %s", reason);
}

int
main(int argc, char **argv, char **environment)
{
    struct wh_arena arena;
    wh_arena_init(&arena, 0);
    struct wh_call call = {
        .arena = &arena,
        .environment = environment,
        .program = argc > 0 ? argv[0] : "waterhole",
    };
    enum wh_exit code = flush(run(&call, argc, argv));
    wh_arena_fini(&arena);
    return (int)code;
}
