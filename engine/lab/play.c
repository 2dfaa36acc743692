#include "engine/lab/play.h"

#include "engine/score/command_touch.h"

void
wh_play_init(struct wh_play *play, const struct wh_ruleset *ruleset,
             const uint8_t secret[WH_HASH_KEY_SIZE], const struct wh_codec *codec,
             const struct wh_domain *domain)
{
    *play = (struct wh_play){
        .intake = {.codec = codec, .domain = domain, .ruleset = ruleset},
        .machine_now = WH_TIME_NEVER,
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

static struct wh_str
default_id(struct wh_play *play)
{
    struct wh_buf buf;
    wh_buf_init(&buf, &play->arena);
    wh_buf_push_text(&buf, "play-0-");
    wh_buf_push_int(&buf, (int64_t)play->counts.records);
    return wh_buf_str(&buf);
}

static void
play_command(struct wh_play *play, const struct wh_touch *touch, int64_t now)
{
    struct wh_key to;
    struct wh_identity_message message;
    struct wh_rejection why;
    if (wh_intake_command(touch, &play->arena, &to, &message, &why)) {
        play->counts.commands++;
        wh_world_command(&play->world, to, &message, now);
        return;
    }
    play->counts.rejected[why.reason]++;
}

static void
play_touch(struct wh_play *play, const struct wh_touch *touch)
{
    struct wh_rejection why;
    int64_t now = touch->received > play->world.now ? touch->received : play->world.now;
    if (!wh_intake_is_in_time(&play->intake, touch, now, play->machine_now, &why)) {
        play->counts.rejected[why.reason]++;
        return;
    }
    if (wh_touch_is_command(touch)) {
        play_command(play, touch, now);
        return;
    }
    struct wh_str key = wh_key_text(&play->arena, wh_entity_home(touch));
    enum wh_outcome outcome = wh_world_touch(&play->world, key, touch, now);
    play->counts.outcomes[outcome]++;
    if (play->on_touch != NULL) {
        play->on_touch(play->self, touch, outcome);
    }
}

void
wh_play_record(struct wh_play *play, struct wh_str bytes, bool too_large)
{
    struct wh_touch touch;
    struct wh_rejection why = {.reason = WH_REJECT_TOO_LARGE};
    const struct wh_intake_record record = {bytes, default_id(play), WH_FORM_UNSTATED};
    if (!too_large && wh_intake_decode(&play->intake, &play->arena, &record, &touch, &why)) {
        play_touch(play, &touch);
    } else {
        play->counts.rejected[why.reason]++;
    }
    play->counts.records++;
    wh_arena_reset(&play->arena);
}
