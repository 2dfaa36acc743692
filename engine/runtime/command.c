#include "engine/runtime/command.h"

#include "engine/base/time.h"
#include "engine/score/identity_command.h"

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

bool
wh_command_is_one(const struct wh_touch *touch)
{
    struct wh_value type = touch->fields[WH_FIELD_TYPE];
    return type.type == WH_TYPE_STRING && wh_str_starts_with(type.text, WH_STR(TYPE_PREFIX));
}

static bool
refuse(struct wh_rejection *why, const char *field, const char *detail)
{
    *why = (struct wh_rejection){WH_REJECT_BAD_COMMAND, wh_str_of(field), wh_str_of(detail)};
    return false;
}

static struct wh_str
property(const struct wh_touch *touch, const char *name)
{
    for (size_t i = 0; i < touch->props.count; i++) {
        const struct wh_named *item = &touch->props.items[i];
        if (wh_str_is(item->name, name) && item->value.type == WH_TYPE_STRING) {
            return item->value.text;
        }
    }
    return (struct wh_str){NULL, 0};
}

static bool
read_key(const struct wh_touch *touch, struct wh_arena *arena, const char *name,
         struct wh_key *ret_key, struct wh_rejection *why)
{
    struct wh_key raw;
    if (!wh_key_parse(property(touch, name), &raw) ||
        !wh_key_normalise(arena, raw.kind, raw.value, &ret_key->value)) {
        return refuse(why, name,
                      "kind:value of an identifier is needed, as email:ann@acme.example");
    }
    ret_key->kind = raw.kind;
    return true;
}

/* A time, or a date: then its first or its last minute. */
static bool
read_minute(struct wh_str text, struct wh_arena *arena, const char *of_day, int64_t *ret_minute)
{
    int64_t at = 0;
    bool has_zone = false;
    struct wh_buf buf;
    wh_buf_init(&buf, arena);
    wh_buf_push(&buf, text);
    if (text.len == DATE_LEN) {
        wh_buf_push_text(&buf, of_day);
    }
    if (wh_time_parse(wh_buf_str(&buf), &at, &has_zone) != WH_OK || !has_zone) {
        return false;
    }
    *ret_minute = wh_minute_of(at);
    return true;
}

/* Without times: the lead with all that belongs to it, up to now. */
static bool
read_times(const struct wh_touch *touch, struct wh_arena *arena,
           struct wh_identity_command *command, struct wh_rejection *why)
{
    struct wh_str from = property(touch, "from");
    struct wh_str until = property(touch, "until");
    command->from = WH_MINUTE_FIRST;
    command->until = wh_minute_of(touch->occurred);
    if (from.len == 0 && until.len == 0) {
        command->word = WH_WORD_ERASE_LEAD;
        return true;
    }
    if (from.len > 0 && !read_minute(from, arena, "T00:00:00Z", &command->from)) {
        return refuse(why, "from", "a date or a time with its zone is needed");
    }
    if (until.len > 0 && !read_minute(until, arena, "T23:59:00Z", &command->until)) {
        return refuse(why, "until", "a date or a time with its zone is needed");
    }
    return true;
}

static bool
read_arguments(const struct wh_touch *touch, struct wh_arena *arena, size_t word,
               struct wh_identity_command *command, struct wh_rejection *why)
{
    *command = (struct wh_identity_command){
        .word = words[word].word,
        .stamp = {touch->occurred, touch->id},
    };
    return read_key(touch, arena, words[word].subject, &command->subject, why) &&
           (words[word].object == NULL ||
            read_key(touch, arena, words[word].object, &command->object, why)) &&
           (words[word].word != WH_WORD_ERASE || read_times(touch, arena, command, why));
}

bool
wh_command_read(const struct wh_touch *touch, struct wh_arena *arena, struct wh_key *ret_to,
                struct wh_identity_message *ret_message, struct wh_rejection *ret_why)
{
    struct wh_identity_command command;
    size_t word = 0;
    struct wh_value source = touch->fields[WH_FIELD_SOURCE];
    while (word < WORD_COUNT && !wh_str_is(touch->fields[WH_FIELD_TYPE].text, words[word].type)) {
        word++;
    }
    if (word == WORD_COUNT) {
        return refuse(ret_why, "type", "identity.split, allow, join, alone or erase is expected");
    }
    if (source.type != WH_TYPE_STRING || !wh_str_is(source.text, "crm")) {
        return refuse(ret_why, "source", "commands about who is who come from source crm");
    }
    if (!read_arguments(touch, arena, word, &command, ret_why)) {
        return false;
    }
    enum wh_command_verdict verdict = wh_identity_command(&command, arena, ret_to, ret_message);
    return verdict == WH_COMMAND_GOOD ||
           refuse(ret_why, words[word].subject, wh_command_verdict_str(verdict));
}
