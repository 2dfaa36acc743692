#include "engine/commands/help.h"

#include "engine/base/utf8.h"

/* Where the second column of a list begins, as narrow as the longest first one lets it be. */
#define COLUMN_MAX 28
#define LINE_MAX   96

static void
push_spaces(struct wh_buf *buf, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        wh_buf_push_char(buf, ' ');
    }
}

/* Words of text from `column` on, broken at LINE_MAX. */
static void
push_wrapped(struct wh_buf *buf, const char *text, size_t column)
{
    struct wh_str rest = wh_str_of(text);
    size_t at = column;
    while (rest.len > 0) {
        const char *space = memchr(rest.ptr, ' ', rest.len);
        size_t len = space == NULL ? rest.len : (size_t)(space - rest.ptr);
        struct wh_str word = wh_str_slice(rest, 0, len);
        size_t width = wh_utf8_count(word);
        if (at > column && at + 1 + width > LINE_MAX) {
            wh_buf_push_char(buf, '\n');
            push_spaces(buf, column);
            at = column;
        } else if (at > column) {
            wh_buf_push_char(buf, ' ');
            at++;
        }
        wh_buf_push(buf, word);
        at += width;
        rest = wh_str_slice(rest, len + (space == NULL ? 0 : 1), rest.len);
    }
    wh_buf_push_char(buf, '\n');
}

static void
push_row(struct wh_buf *buf, const char *left, size_t column, const char *right)
{
    size_t width = 2 + wh_utf8_count(wh_str_of(left));
    wh_buf_printf(buf, "  %s", left);
    if (width + 2 > column) {
        wh_buf_push_char(buf, '\n');
        width = 0;
    }
    push_spaces(buf, column - width);
    push_wrapped(buf, right, column);
}

static void
push_commands(struct wh_buf *buf, bool is_later)
{
    for (size_t i = 0; i < wh_command_count; i++) {
        const struct wh_command *command = &wh_commands[i];
        if ((command->run == NULL) == is_later) {
            push_row(buf, command->name, 13, command->what);
        }
    }
}

void
wh_help_program(struct wh_buf *buf)
{
    wh_buf_push_text(buf, "usage: waterhole COMMAND [OPTIONS]\n\n"
                          "Watches the touchpoints of buyers and says which leads are ripe, and "
                          "why.\n\ncommands:\n");
    push_commands(buf, false);
    wh_buf_push_text(buf, "\nspecified but not supported yet:\n");
    push_commands(buf, true);
    wh_buf_push_text(buf, "\n`waterhole COMMAND --help` lists the options of a command.\n\n"
                          "example:\n  waterhole check deploy/sample/pumps.yaml\n");
}

static const char *
default_of(const struct wh_flag *flag)
{
    if (flag->fallback != NULL || flag->option == WH_OPTION_COUNT) {
        return flag->fallback;
    }
    return wh_option_infos[flag->option].fallback;
}

static void
push_flag(struct wh_buf *buf, const struct wh_flag *flag)
{
    struct wh_buf left;
    struct wh_buf right;
    const char *fallback = default_of(flag);
    wh_buf_init(&left, buf->arena);
    wh_buf_init(&right, buf->arena);
    wh_buf_printf(&left, "%s%s%s", flag->name, flag->argument == NULL ? "" : " ",
                  flag->argument == NULL ? "" : flag->argument);
    wh_buf_push_text(&right, flag->what);
    if (flag->is_later) {
        wh_buf_push_text(&right, " (not supported yet)");
    } else if (flag->argument != NULL) {
        bool has_default = fallback != NULL && fallback[0] != '\0';
        wh_buf_printf(&right, " (default: %s)", has_default ? fallback : "none");
    }
    push_row(buf, wh_buf_text(&left), COLUMN_MAX, wh_buf_text(&right));
}

/* The text with a capital first letter and a full stop. */
static void
push_sentence(struct wh_buf *buf, const char *text)
{
    struct wh_buf sentence;
    bool is_lower = text[0] >= 'a' && text[0] <= 'z';
    wh_buf_init(&sentence, buf->arena);
    wh_buf_push_char(&sentence, (char)(is_lower ? text[0] - 'a' + 'A' : text[0]));
    wh_buf_push_text(&sentence, text + 1);
    wh_buf_push_char(&sentence, '.');
    push_wrapped(buf, wh_buf_text(&sentence), 0);
}

void
wh_help_command(struct wh_buf *buf, const struct wh_command *command)
{
    wh_buf_printf(buf, "usage: waterhole %s [OPTIONS]%s%s\n\n", command->name,
                  command->operands == NULL ? "" : " ",
                  command->operands == NULL ? "" : command->operands);
    push_sentence(buf, command->what);
    if (command->run == NULL) {
        wh_buf_printf(buf, "\n\"%s\" is specified but not supported yet.\n", command->name);
    }
    wh_buf_push_text(buf, "\noptions:\n");
    for (size_t i = 0; i < command->flag_count; i++) {
        push_flag(buf, &command->flags[i]);
    }
    push_row(buf, "--help", COLUMN_MAX, "this text");
    wh_buf_printf(buf, "\nexample:\n  %s\n", command->example);
}
