#include "engine/lab/play.h"

#include "engine/score/command_touch.h"

void
wh_play_init(struct wh_play *play, const struct wh_ruleset *ruleset,
             const uint8_t secret[WH_HASH_KEY_SIZE], const struct wh_codec *codec,
             const struct wh_domain *domain)
{
    *play = (struct wh_play){
        .codec = codec,
        .domain = domain,
        .machine_now = WH_TIME_NEVER,
        .source = WH_STR("play"),
    };
    wh_world_init(&play->world, ruleset, secret);
    wh_arena_init(&play->arena, 0);
}

void
wh_play_fini(struct wh_play *play)
{
    wh_world_fini(&play->world);
    wh_arena_fini(&play->arena);
}

static void
reject(struct wh_play *play, struct wh_str bytes, const struct wh_rejection *why)
{
    struct wh_play_rejection rejection = {play->counts.records, bytes, why};
    play->counts.rejected[why->reason]++;
    if (play->on_rejection != NULL) {
        play->on_rejection(play->self, &rejection);
    }
}

static struct wh_str
default_id(struct wh_play *play)
{
    struct wh_buf buf;
    wh_buf_init(&buf, &play->arena);
    wh_buf_push(&buf, play->source);
    wh_buf_push_text(&buf, "-0-");
    wh_buf_push_int(&buf, (int64_t)play->counts.records);
    return wh_buf_str(&buf);
}

static struct wh_str
time_text(struct wh_arena *arena, const char *before, int64_t us)
{
    struct wh_buf buf;
    wh_buf_init(&buf, arena);
    wh_buf_push_text(&buf, before);
    wh_time_format(&buf, us);
    return wh_buf_str(&buf);
}

/* Times are judged once, where a record is read (design.md 9). */
static bool
is_out_of_time(struct wh_play *play, const struct wh_touch *touch, int64_t now,
               struct wh_rejection *ret_why)
{
    bool from_future = play->machine_now != WH_TIME_NEVER &&
                       touch->occurred > play->machine_now + WH_PLAY_TOLERANCE;
    bool too_late = touch->occurred < now - play->world.ruleset->history_keep;
    *ret_why = (struct wh_rejection){.field = WH_STR("occurred_at")};
    if (from_future) {
        ret_why->reason = WH_REJECT_FROM_FUTURE;
        ret_why->detail =
            time_text(&play->arena, "later than the clock of this machine, ", play->machine_now);
    } else if (too_late) {
        ret_why->reason = WH_REJECT_TOO_LATE;
        ret_why->detail = time_text(&play->arena, "older than the history kept, which begins ",
                                    now - play->world.ruleset->history_keep);
    }
    return from_future || too_late;
}

static struct wh_str
email_company(struct wh_play *play, const struct wh_touch *touch)
{
    for (size_t i = 0; i < touch->key_count; i++) {
        if (touch->keys[i].kind == WH_KEY_EMAIL) {
            return wh_domain_of_email(play->domain, &play->arena, touch->keys[i].value);
        }
    }
    return (struct wh_str){NULL, 0};
}

static void
count_outcome(struct wh_play_counts *counts, enum wh_outcome outcome)
{
    switch (outcome) {
    case WH_OUTCOME_ACCEPTED:
        counts->accepted++;
        break;
    case WH_OUTCOME_DUPLICATE:
        counts->duplicates++;
        break;
    case WH_OUTCOME_HISTORY_LATE:
        counts->history_late++;
        break;
    }
}

static void
play_command(struct wh_play *play, struct wh_str bytes, const struct wh_touch *touch, int64_t now)
{
    struct wh_key to;
    struct wh_identity_message message;
    struct wh_command_fault fault;
    if (wh_command_of_touch(touch, &play->arena, &to, &message, &fault)) {
        play->counts.commands++;
        wh_world_command(&play->world, to, &message, now);
        return;
    }
    struct wh_rejection why = {
        .reason = WH_REJECT_BAD_COMMAND,
        .field = fault.field,
        .detail = fault.detail,
    };
    reject(play, bytes, &why);
}

static void
play_touch(struct wh_play *play, struct wh_str bytes, struct wh_touch *touch)
{
    struct wh_rejection why;
    int64_t now = touch->received > play->world.now ? touch->received : play->world.now;
    if (is_out_of_time(play, touch, now, &why)) {
        reject(play, bytes, &why);
        return;
    }
    if (wh_touch_is_command(touch)) {
        play_command(play, bytes, touch, now);
        return;
    }
    touch->email_company = email_company(play, touch);
    struct wh_str key = wh_key_text(&play->arena, wh_entity_home(touch));
    count_outcome(&play->counts, wh_world_touch(&play->world, key, touch, now));
}

void
wh_play_record(struct wh_play *play, struct wh_str bytes, bool too_large)
{
    struct wh_touch touch;
    struct wh_rejection why = {
        .reason = WH_REJECT_TOO_LARGE,
        .detail = WH_STR("a record has at most 64 KiB"),
    };
    struct wh_decode_context context = {
        .form = WH_FORM_JSON,
        .default_id = default_id(play),
        .placeholders = play->world.ruleset->placeholders,
        .placeholder_count = play->world.ruleset->placeholder_count,
    };
    if (too_large || !play->codec->decode_touch(play->codec->self, &play->arena, bytes, &context,
                                                &touch, &play->counts.mended, &why)) {
        reject(play, bytes, &why);
    } else {
        play_touch(play, bytes, &touch);
    }
    play->counts.records++;
    wh_arena_reset(&play->arena);
}

void
wh_play_end(struct wh_play *play)
{
    if (play->world.now != WH_TIME_MIN) {
        wh_world_advance(&play->world, play->world.now);
    }
}
