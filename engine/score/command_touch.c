#include "engine/score/command_touch.h"

#include "engine/base/time.h"

#define TYPE_PREFIX "identity."
#define DATE_LEN    10

static const struct {
    const char *type, *subject, *object;
    enum wh_identity_word word;
} words[] = {
    {"identity.split", "weak", "strong", WH_WORD_SPLIT},
    {"identity.allow", "weak", "strong", WH_WORD_ALLOW},
    {"identity.join", "lead", "into", WH_WORD_JOIN},
    {"identity.alone", "lead", NULL, WH_WORD_ALONE},
    {"identity.erase", "who", NULL, WH_WORD_ERASE},
};
#define WORD_COUNT (sizeof(words) / sizeof(words[0]))

struct reader {
    const struct wh_touch *touch;
    struct wh_arena *arena;
    struct wh_command_fault *fault;
};

bool
wh_touch_is_command(const struct wh_touch *touch)
{
    struct wh_value type = touch->fields[WH_FIELD_TYPE];
    return type.type == WH_TYPE_STRING && wh_str_starts_with(type.text, WH_STR(TYPE_PREFIX));
}

static bool
refuse(const struct reader *reader, const char *property, const char *detail)
{
    struct wh_buf field;
    wh_buf_init(&field, reader->arena);
    wh_buf_printf(&field, "properties.%s", property);
    *reader->fault = (struct wh_command_fault){wh_buf_str(&field), wh_str_of(detail)};
    return false;
}

/* Empty when it is not there or no text. */
static struct wh_str
property(const struct reader *reader, const char *name)
{
    for (size_t i = 0; i < reader->touch->props.count; i++) {
        const struct wh_named *item = &reader->touch->props.items[i];
        if (wh_str_is(item->name, name) && item->value.type == WH_TYPE_STRING) {
            return item->value.text;
        }
    }
    return (struct wh_str){NULL, 0};
}

static bool
read_key(const struct reader *reader, const char *name, struct wh_key *ret_key)
{
    struct wh_key raw;
    if (!wh_key_parse(property(reader, name), &raw) ||
        !wh_key_normalise(reader->arena, raw.kind, raw.value, &ret_key->value)) {
        return refuse(reader, name, "expected kind:value, such as email:ann@acme.example");
    }
    ret_key->kind = raw.kind;
    return true;
}

/* A time with a zone, or a date in UTC: then its minute of that clock time. */
static bool
read_minute(const struct reader *reader, const char *name, const char *of_day, int64_t *ret_minute)
{
    int64_t at = 0;
    bool has_zone = false;
    struct wh_buf buf;
    struct wh_str text = property(reader, name);
    if (text.len == 0) {
        return true;
    }
    wh_buf_init(&buf, reader->arena);
    wh_buf_push(&buf, text);
    if (text.len == DATE_LEN) {
        wh_buf_push_text(&buf, of_day);
    }
    if (wh_time_parse(wh_buf_str(&buf), &at, &has_zone) != WH_OK || !has_zone) {
        return refuse(reader, name, "expected a date or a time with a zone");
    }
    *ret_minute = wh_minute_of(at);
    return true;
}

/* Without times the lead is meant with all that belongs to it, up to the command's own time. */
static bool
read_times(const struct reader *reader, struct wh_identity_command *command)
{
    bool is_whole = property(reader, "from").len == 0 && property(reader, "until").len == 0;
    command->word = is_whole ? WH_WORD_ERASE_LEAD : WH_WORD_ERASE;
    command->from = WH_MINUTE_FIRST;
    command->until = wh_minute_of(reader->touch->occurred);
    return read_minute(reader, "from", "T00:00:00Z", &command->from) &&
           read_minute(reader, "until", "T23:59:00Z", &command->until);
}

static bool
read_arguments(const struct reader *reader, size_t word, struct wh_identity_command *command)
{
    *command = (struct wh_identity_command){
        .word = words[word].word,
        .stamp = {reader->touch->occurred, reader->touch->id},
    };
    return read_key(reader, words[word].subject, &command->subject) &&
           (words[word].object == NULL || read_key(reader, words[word].object, &command->object)) &&
           (words[word].word != WH_WORD_ERASE || read_times(reader, command));
}

bool
wh_command_of_touch(const struct wh_touch *touch, struct wh_arena *arena, struct wh_key *ret_to,
                    struct wh_identity_message *ret_message, struct wh_command_fault *ret_fault)
{
    struct reader reader = {touch, arena, ret_fault};
    struct wh_identity_command command;
    size_t word = 0;
    while (word < WORD_COUNT && !wh_str_is(touch->fields[WH_FIELD_TYPE].text, words[word].type)) {
        word++;
    }
    if (word == WORD_COUNT) {
        *ret_fault = (struct wh_command_fault){
            WH_STR("type"), WH_STR("expected identity.split, allow, join, alone or erase")};
        return false;
    }
    if (!read_arguments(&reader, word, &command)) {
        return false;
    }
    enum wh_command_verdict verdict = wh_identity_command(&command, arena, ret_to, ret_message);
    return verdict == WH_COMMAND_GOOD ||
           refuse(&reader, words[word].subject, wh_command_verdict_str(verdict));
}
