/* `waterhole identity`: says who is who, by a touch, and what that means. */
#include "engine/commands/identity.h"

#include "engine/commands/columns.h"
#include "engine/commands/console.h"
#include "engine/commands/key_text.h"
#include "engine/commands/settings.h"

/* What a person reads: with the first and the second key. */
struct word {
    const char *name;
    const char *operands;
    enum wh_identity_word word;
    size_t keys;
    const char *means;
    const char *back; /* the command that takes it back */
};

static const struct word words[] = {
    {"split", "WEAK STRONG", WH_WORD_SPLIT, 2,
     "{1} does not stand for {2}: what is known by {1} alone does not belong to {2}, neither what "
     "was nor what comes. Touches that name {2} themselves stay where they are.",
     "identity allow {1} {2}"},
    {"allow", "WEAK STRONG", WH_WORD_ALLOW, 2,
     "{1} may stand for {2} again: wherever both were named together, and will be, what is known "
     "by {1} alone follows.",
     "identity split {1} {2}"},
    {"join", "LEAD INTO", WH_WORD_JOIN, 2,
     "{1} and {2} are one: everything of {1}, what was and what comes, belongs to {2}.",
     "identity alone {1}"},
    {"alone", "LEAD", WH_WORD_ALONE, 1,
     "{1} stands for itself: if it was joined into another record, everything of its own is its "
     "own again.",
     "identity join {1} INTO"},
};
#define WORD_COUNT (sizeof(words) / sizeof(words[0]))

static const struct word *
find_word(struct wh_str name)
{
    for (size_t i = 0; i < WORD_COUNT; i++) {
        if (wh_str_is(name, words[i].name)) {
            return &words[i];
        }
    }
    return NULL;
}

static enum wh_exit
read_command(const struct wh_call *call, const struct word *word,
             struct wh_identity_command *ret_command)
{
    const struct wh_str *operands = call->args->operands;
    if (call->args->operand_count != word->keys + 1) {
        return wh_console_fail(WH_EXIT_USAGE, "usage: waterhole identity %s %s", word->name,
                               word->operands);
    }
    *ret_command = (struct wh_identity_command){.word = word->word};
    enum wh_exit code = wh_key_text_need(call, operands[1], &ret_command->subject);
    if (code == WH_EXIT_DONE && word->keys == 2) {
        code = wh_key_text_need(call, operands[2], &ret_command->object);
    }
    return code;
}

/* The text with the keys in it. */
static struct wh_str
fill(struct wh_arena *arena, const char *text, const struct wh_identity_command *command)
{
    struct wh_buf buf;
    wh_buf_init(&buf, arena);
    for (const char *at = text; *at != '\0'; at++) {
        bool is_first = strncmp(at, "{1}", 3) == 0;
        if (is_first || strncmp(at, "{2}", 3) == 0) {
            struct wh_key key = is_first ? command->subject : command->object;
            wh_columns_push_clean(&buf, wh_key_text(arena, key));
            at += 2;
        } else {
            wh_buf_push_char(&buf, *at);
        }
    }
    return wh_buf_str(&buf);
}

static void
print(const struct wh_call *call, const struct word *word,
      const struct wh_identity_command *command)
{
    struct wh_arena *arena = call->arena;
    struct wh_buf buf;
    wh_buf_init(&buf, arena);
    wh_buf_printf(&buf, "Written: identity.%s, id %.*s.\n", word->name,
                  WH_STR_ARG(command->stamp.id));
    wh_buf_push(&buf, fill(arena, word->means, command));
    wh_buf_printf(&buf, "\nTo take it back: %s ", call->program);
    wh_buf_push(&buf, fill(arena, word->back, command));
    wh_buf_push_char(&buf, '\n');
    wh_console_result(wh_buf_str(&buf));
}

enum wh_exit
wh_command_identity(const struct wh_call *call)
{
    struct wh_identity_command command;
    struct wh_config config;
    const struct word *word = find_word(call->args->operands[0]);
    if (word == NULL) {
        return wh_console_fail(WH_EXIT_USAGE,
                               "\"%.*s\" is none of split, allow, join, alone; `%s identity "
                               "--help` says what they do",
                               WH_STR_ARG(call->args->operands[0]), call->program);
    }
    enum wh_exit code = read_command(call, word, &command);
    if (code != WH_EXIT_DONE) {
        return code;
    }
    if (!wh_settings_load(call, &config)) {
        return WH_EXIT_USAGE;
    }
    code = wh_identity_write_touch(call, &config, &command);
    if (code == WH_EXIT_DONE && !wh_args_has(call->args, "--json")) {
        print(call, word, &command);
    }
    return code;
}
