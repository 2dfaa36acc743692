#include "engine/commands/args.h"

#include "engine/base/buf.h"
#include "engine/commands/command.h"
#include "engine/language/problem.h"

struct parser {
    const struct wh_command *command;
    struct wh_args *args;
    struct wh_str *operands; /* room for WH_OPERANDS_MAX */
    struct wh_error *error;
};

static size_t
find_flag(const struct wh_command *command, struct wh_str name)
{
    size_t index = 0;
    while (index < command->flag_count && !wh_str_is(name, command->flags[index].name)) {
        index++;
    }
    return index;
}

static enum wh_err
tell_unknown(struct parser *parser, struct wh_str name)
{
    const char *command = parser->command->name;
    struct wh_nearest nearest = wh_nearest_to(name);
    for (size_t i = 0; i < parser->command->flag_count; i++) {
        wh_nearest_offer(&nearest, wh_str_of(parser->command->flags[i].name), 0);
    }
    wh_nearest_offer(&nearest, WH_STR("--help"), 0);
    if (wh_nearest_found(&nearest)) {
        return wh_error_set(parser->error, WH_ERR_USAGE,
                            "unknown option \"%.*s\" of \"%s\"; did you mean \"%.*s\"?",
                            WH_STR_ARG(name), command, WH_STR_ARG(nearest.best));
    }
    return wh_error_set(parser->error, WH_ERR_USAGE,
                        "unknown option \"%.*s\"; `waterhole %s --help` lists those of \"%s\"",
                        WH_STR_ARG(name), command, command);
}

/* Whether the text is one of the words of "text|json"; other arguments take any text. */
static bool
is_allowed(const char *argument, struct wh_str text)
{
    struct wh_str words = wh_str_of(argument);
    size_t begin = 0;
    if (memchr(argument, '|', words.len) == NULL) {
        return true;
    }
    for (size_t i = 0; i <= words.len; i++) {
        bool is_end = i == words.len || words.ptr[i] == '|';
        if (is_end && wh_str_equal(text, wh_str_slice(words, begin, i))) {
            return true;
        }
        begin = is_end ? i + 1 : begin;
    }
    return false;
}

static enum wh_err
take_value(struct parser *parser, size_t index, struct wh_str value)
{
    const struct wh_flag *flag = &parser->command->flags[index];
    if (parser->args->given[index]) {
        return wh_error_set(parser->error, WH_ERR_USAGE, "\"%s\" stands twice", flag->name);
    }
    if (flag->argument != NULL && !is_allowed(flag->argument, value)) {
        return wh_error_set(parser->error, WH_ERR_USAGE, "\"%s\" is one of %s, found \"%.*s\"",
                            flag->name, flag->argument, WH_STR_ARG(value));
    }
    parser->args->given[index] = true;
    parser->args->values[index] = value;
    return WH_OK;
}

/* One option, "--name", "--name value" or "--name=value"; *at moves past what was read. */
static enum wh_err
take_flag(struct parser *parser, int argc, char *const *argv, int *at)
{
    struct wh_str word = wh_str_of(argv[(*at)++]);
    const char *equals = memchr(word.ptr, '=', word.len);
    size_t name_len = equals == NULL ? word.len : (size_t)(equals - word.ptr);
    struct wh_str name = wh_str_slice(word, 0, name_len);
    size_t index = find_flag(parser->command, name);
    if (index == parser->command->flag_count) {
        return tell_unknown(parser, name);
    }
    const struct wh_flag *flag = &parser->command->flags[index];
    if (flag->is_later) {
        return wh_error_set(parser->error, WH_ERR_USAGE,
                            "\"%s\" of \"%s\" is specified but not supported yet", flag->name,
                            parser->command->name);
    }
    if (flag->argument == NULL) {
        return equals == NULL
                   ? take_value(parser, index, name)
                   : wh_error_set(parser->error, WH_ERR_USAGE, "\"%s\" takes no value", flag->name);
    }
    if (equals != NULL) {
        return take_value(parser, index, wh_str_slice(word, name_len + 1, word.len));
    }
    if (*at == argc || strncmp(argv[*at], "--", 2) == 0) {
        return wh_error_set(parser->error, WH_ERR_USAGE, "\"%s\" needs a value: %s %s", flag->name,
                            flag->name, flag->argument);
    }
    return take_value(parser, index, wh_str_of(argv[(*at)++]));
}

static enum wh_err
take_operand(struct parser *parser, struct wh_str operand)
{
    const struct wh_command *command = parser->command;
    if (parser->args->operand_count == command->operand_max) {
        return wh_error_set(
            parser->error, WH_ERR_USAGE, "\"%.*s\" is too much; usage: waterhole %s [OPTIONS]%s%s",
            WH_STR_ARG(operand), command->name, command->operands == NULL ? "" : " ",
            command->operands == NULL ? "" : command->operands);
    }
    parser->operands[parser->args->operand_count++] = operand;
    return WH_OK;
}

static enum wh_err
check_operands(struct parser *parser)
{
    const struct wh_command *command = parser->command;
    if (parser->args->operand_count >= command->operand_min) {
        return WH_OK;
    }
    return wh_error_set(parser->error, WH_ERR_USAGE,
                        "%s is missing; usage: waterhole %s [OPTIONS] %s", command->operands,
                        command->name, command->operands);
}

bool
wh_args_want_help(int argc, char *const *argv)
{
    for (int i = 0; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            return true;
        }
    }
    return false;
}

enum wh_err
wh_args_parse(struct wh_arena *arena, const struct wh_command *command, int argc, char *const *argv,
              struct wh_args *ret_args, struct wh_error *error)
{
    struct wh_args args = {.command = command};
    struct parser parser = {
        .command = command,
        .args = &args,
        .operands = WH_ARENA_ARRAY(arena, struct wh_str, WH_OPERANDS_MAX),
        .error = error,
    };
    enum wh_err err = WH_OK;
    bool only_operands = false;
    args.operands = parser.operands;
    for (int at = 0; at < argc && err == WH_OK;) {
        if (!only_operands && strcmp(argv[at], "--") == 0) {
            only_operands = true;
            at++;
        } else if (!only_operands && argv[at][0] == '-' && argv[at][1] != '\0') {
            err = take_flag(&parser, argc, argv, &at);
        } else {
            err = take_operand(&parser, wh_str_of(argv[at++]));
        }
    }
    if (err == WH_OK) {
        err = check_operands(&parser);
    }
    if (err == WH_OK) {
        *ret_args = args;
    }
    return err;
}

bool
wh_args_has(const struct wh_args *args, const char *flag)
{
    size_t index = find_flag(args->command, wh_str_of(flag));
    return index < args->command->flag_count && args->given[index];
}

struct wh_str
wh_args_text(const struct wh_args *args, const char *flag)
{
    size_t index = find_flag(args->command, wh_str_of(flag));
    if (index == args->command->flag_count) {
        return (struct wh_str){NULL, 0};
    }
    return args->given[index] ? args->values[index]
                              : wh_str_of(args->command->flags[index].fallback);
}
