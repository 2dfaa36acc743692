#include "engine/score/identity_command.h"

static bool
is_person(struct wh_key key)
{
    return key.kind <= WH_KEY_ANON;
}

static bool
is_same(struct wh_key a, struct wh_key b)
{
    return wh_key_compare(a, b) == 0;
}

static enum wh_command_verdict
pair(const struct wh_identity_command *command, struct wh_key *ret_to,
     struct wh_identity_message *ret_message)
{
    if (command->subject.kind <= command->object.kind) {
        return WH_COMMAND_ORDER;
    }
    *ret_to = command->subject;
    ret_message->kind = WH_IDENTITY_PAIR;
    ret_message->as.pair = (struct wh_identity_pair){
        .strong = command->object,
        .stamp = command->stamp,
        .split = command->word == WH_WORD_SPLIT,
    };
    return WH_COMMAND_GOOD;
}

static enum wh_command_verdict
join(const struct wh_identity_command *command, struct wh_key *ret_to,
     struct wh_identity_message *ret_message)
{
    if (command->subject.kind != WH_KEY_CRM || command->object.kind != WH_KEY_CRM) {
        return WH_COMMAND_NOT_CRM;
    }
    if (is_same(command->subject, command->object)) {
        return WH_COMMAND_SAME;
    }
    *ret_to = command->object;
    ret_message->kind = WH_IDENTITY_JOIN;
    ret_message->as.join =
        (struct wh_identity_join){.stamp = command->stamp, .lead = command->subject};
    return WH_COMMAND_GOOD;
}

static enum wh_command_verdict
alone(const struct wh_identity_command *command, struct wh_key *ret_to,
      struct wh_identity_message *ret_message)
{
    if (command->subject.kind != WH_KEY_CRM) {
        return WH_COMMAND_NOT_CRM;
    }
    *ret_to = command->subject;
    ret_message->kind = WH_IDENTITY_DISSOLVE;
    ret_message->as.dissolve =
        (struct wh_identity_dissolve){.stamp = command->stamp, .alone = true};
    return WH_COMMAND_GOOD;
}

static enum wh_command_verdict
erase(const struct wh_identity_command *command, struct wh_arena *arena, struct wh_key *ret_to,
      struct wh_identity_message *ret_message)
{
    int64_t to = command->until == WH_MINUTE_END ? WH_MINUTE_END : command->until + 1;
    if (command->from >= to) {
        return WH_COMMAND_EMPTY;
    }
    *ret_to = command->subject;
    ret_message->kind = WH_IDENTITY_ERASE;
    ret_message->as.erase = (struct wh_identity_erase){
        .minutes = wh_stretches_of(arena, command->from, to),
        .lead = command->word == WH_WORD_ERASE_LEAD,
    };
    return WH_COMMAND_GOOD;
}

enum wh_command_verdict
wh_identity_command(const struct wh_identity_command *command, struct wh_arena *arena,
                    struct wh_key *ret_to, struct wh_identity_message *ret_message)
{
    if (!is_person(command->subject)) {
        return WH_COMMAND_NO_PERSON;
    }
    *ret_message = (struct wh_identity_message){0};
    switch (command->word) {
    case WH_WORD_SPLIT:
    case WH_WORD_ALLOW:
        return pair(command, ret_to, ret_message);
    case WH_WORD_JOIN:
        return join(command, ret_to, ret_message);
    case WH_WORD_ALONE:
        return alone(command, ret_to, ret_message);
    case WH_WORD_ERASE:
    case WH_WORD_ERASE_LEAD:
        return erase(command, arena, ret_to, ret_message);
    }
    return WH_COMMAND_NO_PERSON;
}

const char *
wh_command_verdict_str(enum wh_command_verdict verdict)
{
    switch (verdict) {
    case WH_COMMAND_GOOD:
        return "good";
    case WH_COMMAND_NO_PERSON:
        return "a company or a route is nobody who could be meant";
    case WH_COMMAND_NOT_CRM:
        return "only records of a CRM are joined or stand alone: any touch that names two other "
               "identifiers together with one stronger one joins them";
    case WH_COMMAND_SAME:
        return "an identifier cannot be joined into itself";
    case WH_COMMAND_ORDER:
        return "the first identifier must be weaker than the second; strongest are crm, then user, "
               "email, phone, anon";
    case WH_COMMAND_EMPTY:
        return "the time to erase ends before it begins";
    }
    return "?";
}
