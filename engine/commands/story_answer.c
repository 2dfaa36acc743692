#include "engine/commands/story_answer.h"

#include "engine/base/time.h"
#include "engine/commands/announcements.h"
#include "engine/score/entity.h"
#include "engine/score/story.h"
#include "proto/story_json.h"

/* Strengths, and joins of CRM records after each other. */
#define HOPS_MAX 64

struct telling {
    const struct wh_story_source *source;
    struct wh_arena *arena;
    struct wh_entity entity;
    struct wh_hash_id id;
    const struct wh_story_announcement *announcements;
    size_t announcement_count;
};

static int
digit_of(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* A lead id, kind:value, or an e-mail address alone. */
static bool
read_key(struct telling *telling, struct wh_str text)
{
    struct wh_key key = {WH_KEY_EMAIL, text};
    bool is_hex = text.len == sizeof(telling->id.bytes) * 2;
    for (size_t i = 0; i < text.len && is_hex; i++) {
        int digit = digit_of(text.ptr[i]);
        is_hex = digit >= 0;
        uint8_t *byte = &telling->id.bytes[i / 2];
        unsigned value = is_hex ? (unsigned)digit : 0;
        *byte = (uint8_t)(i % 2 == 0 ? value << 4U : *byte | value);
    }
    if (is_hex) {
        return true;
    }
    if (!wh_key_parse(text, &key) && memchr(text.ptr, '@', text.len) == NULL) {
        return false;
    }
    struct wh_str value;
    if (!wh_key_normalise(telling->arena, key.kind, key.value, &value)) {
        return false;
    }
    key.value = value;
    telling->id = wh_key_id(telling->source->secret, telling->arena, key);
    return true;
}

/* Nothing is left of one that was erased. */
static bool
is_somebody(const struct wh_entity *entity)
{
    return entity->state.history.count > 0 || entity->state.history.folded_at != WH_TIME_MIN;
}

/* From an identifier to whoever has it now; the hops are few (score/identity.md 2). */
static enum wh_err
find(struct telling *telling)
{
    const struct wh_story_source *source = telling->source;
    for (int hops = 0; hops <= HOPS_MAX; hops++) {
        enum wh_err err =
            source->find(source->self, &telling->id, telling->arena, &telling->entity);
        if (err != WH_OK) {
            return err;
        }
        const struct wh_key *into = wh_identity_target_at(&telling->entity.identity, WH_MINUTE_END);
        if (into == NULL) {
            return is_somebody(&telling->entity) ? WH_OK : WH_ERR_NOT_FOUND;
        }
        telling->id = wh_key_id(source->secret, telling->arena, *into);
    }
    return WH_ERR_NOT_FOUND;
}

static enum wh_err
find_announcements(struct telling *telling)
{
    const struct wh_story_source *source = telling->source;
    struct wh_folder_list events = {0};
    char hex[2 * WH_HASH_ID_SIZE + 1];
    wh_hash_hex(telling->entity.state.id.bytes, WH_HASH_ID_SIZE, hex);
    struct wh_str lead_id = wh_arena_str(telling->arena, wh_str_of(hex));
    enum wh_err err = source->find_events(source->self, lead_id, telling->arena, &events);
    telling->announcements =
        wh_announcements_of(telling->arena, &events, lead_id, &telling->announcement_count);
    return err;
}

/* Time alone goes on from the last moment of the lead. */
static enum wh_err
go_on(struct telling *telling)
{
    const struct wh_story_source *source = telling->source;
    struct wh_message time = {.kind = WH_MESSAGE_TIME};
    struct wh_entity_effects effects;
    int64_t now = WH_TIME_MIN;
    enum wh_err err = source->find_now(source->self, &now);
    if (err == WH_OK) {
        int64_t own = telling->entity.state.now;
        struct wh_moment moment = {now > own ? now : own, WH_TIME_MIN, source->secret};
        wh_entity_effects_init(&effects, telling->arena);
        (void)wh_entity_step(source->ruleset, &telling->entity, &time, &moment, &effects);
    }
    return err;
}

static enum wh_err
go_back(struct telling *telling, const struct wh_ruleset *ruleset, int64_t known)
{
    wh_story_go_back(ruleset, &telling->entity.state, known, telling->announcements,
                     telling->announcement_count, telling->arena);
    return telling->entity.state.history.count == 0 ? WH_ERR_NOT_FOUND : WH_OK;
}

static void
print(struct telling *telling, const struct wh_ruleset *ruleset, bool is_past, int64_t known,
      struct wh_buf *json)
{
    struct wh_story *story = wh_story_tell(ruleset, &telling->entity.state, telling->arena);
    wh_story_tell_identity(ruleset, &telling->entity, telling->source->secret, telling->arena,
                           story);
    story->announcements = telling->announcements;
    while (story->announcement_count < telling->announcement_count &&
           (!is_past || telling->announcements[story->announcement_count].decided <= known)) {
        story->announcement_count++;
    }
    story->is_past = is_past;
    wh_story_json_encode(json, story);
}

static enum wh_web_story_outcome
outcome_of(enum wh_err err)
{
    if (err == WH_OK) {
        return WH_WEB_STORY_FOUND;
    }
    return err == WH_ERR_NOT_FOUND ? WH_WEB_STORY_UNKNOWN : WH_WEB_STORY_UNAVAILABLE;
}

static enum wh_web_story_outcome
tell(struct telling *telling, struct wh_str at, struct wh_buf *json)
{
    const struct wh_ruleset *ruleset =
        wh_entity_ruleset(telling->source->ruleset, &telling->entity);
    int64_t known = 0;
    bool has_zone = false;
    bool is_past = at.len > 0;
    if (is_past && wh_time_parse(at, &known, &has_zone) != WH_OK) {
        return WH_WEB_STORY_BAD_TIME;
    }
    known = has_zone ? known : wh_zone_to_utc(ruleset->zone, known);
    enum wh_err err = find_announcements(telling);
    if (err == WH_OK) {
        err = is_past ? go_back(telling, ruleset, known) : go_on(telling);
    }
    if (err == WH_OK) {
        print(telling, ruleset, is_past, known, json);
    }
    return outcome_of(err);
}

enum wh_web_story_outcome
wh_story_answer(const struct wh_story_source *source, struct wh_str key, struct wh_str at,
                struct wh_buf *json)
{
    struct telling telling = {.source = source, .arena = json->arena};
    if (!read_key(&telling, key)) {
        return WH_WEB_STORY_BAD_KEY;
    }
    enum wh_err err = find(&telling);
    return err == WH_OK ? tell(&telling, at, json) : outcome_of(err);
}
