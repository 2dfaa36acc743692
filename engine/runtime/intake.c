#include "engine/runtime/intake.h"

#include "engine/score/command_touch.h"

static struct wh_str
email_company(const struct wh_intake *intake, struct wh_arena *arena, const struct wh_touch *touch)
{
    for (size_t i = 0; i < touch->key_count && intake->domain != NULL; i++) {
        if (touch->keys[i].kind == WH_KEY_EMAIL) {
            return wh_domain_of_email(intake->domain, arena, touch->keys[i].value);
        }
    }
    return (struct wh_str){NULL, 0};
}

struct wh_str
wh_intake_default_id(struct wh_arena *arena, const struct wh_log_record *record)
{
    struct wh_buf buf;
    wh_buf_init(&buf, arena);
    wh_buf_push_text(&buf, wh_topic_str(record->topic));
    wh_buf_push_char(&buf, '-');
    wh_buf_push_int(&buf, record->partition);
    wh_buf_push_char(&buf, '-');
    wh_buf_push_int(&buf, record->offset);
    return wh_buf_str(&buf);
}

bool
wh_intake_decode(struct wh_intake *intake, struct wh_arena *arena, struct wh_str bytes,
                 struct wh_str default_id, struct wh_touch *ret_touch, struct wh_rejection *ret_why)
{
    struct wh_decode_context context = {
        .default_id = default_id,
        .placeholders = intake->ruleset->placeholders,
        .placeholder_count = intake->ruleset->placeholder_count,
    };
    if (!intake->codec->decode_touch(intake->codec->self, arena, bytes, &context, ret_touch,
                                     &intake->mended, ret_why)) {
        return false;
    }
    ret_touch->email_company = email_company(intake, arena, ret_touch);
    return true;
}

bool
wh_intake_is_in_time(const struct wh_intake *intake, const struct wh_touch *touch, int64_t now,
                     int64_t machine, struct wh_rejection *ret_why)
{
    *ret_why = (struct wh_rejection){.field = WH_STR("occurred_at")};
    if (touch->occurred > machine + WH_INTAKE_TOLERANCE) {
        ret_why->reason = WH_REJECT_FROM_FUTURE;
        ret_why->detail = WH_STR("later than the clock of the machine that read it");
        return false;
    }
    if (now != WH_TIME_MIN && touch->occurred < now - intake->ruleset->history_keep) {
        ret_why->reason = WH_REJECT_TOO_LATE;
        ret_why->detail = WH_STR("older than the history that the model keeps");
        return false;
    }
    return true;
}

bool
wh_intake_command(const struct wh_touch *touch, struct wh_arena *arena, struct wh_key *ret_to,
                  struct wh_identity_message *ret_message, struct wh_rejection *ret_why)
{
    struct wh_command_fault fault;
    bool is_good = wh_command_of_touch(touch, arena, ret_to, ret_message, &fault);
    if (!is_good) {
        *ret_why = (struct wh_rejection){WH_REJECT_BAD_COMMAND, fault.field, fault.detail};
    }
    return is_good;
}

bool
wh_intake_can_be_followed(const struct wh_touch *touch, struct wh_arena *arena,
                          struct wh_rejection *ret_why)
{
    struct wh_key to;
    struct wh_identity_message message;
    return !wh_touch_is_command(touch) || wh_intake_command(touch, arena, &to, &message, ret_why);
}
