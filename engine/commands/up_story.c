/* GET /v1/leads/KEY: the story of `lead --json`, from memory where the lead is there, else from the
 * file. */
#include "engine/base/time.h"
#include "engine/commands/announcements.h"
#include "engine/commands/up.h"
#include "engine/score/entity.h"
#include "engine/score/story.h"
#include "proto/story_json.h"

/* Strengths, and joins of CRM records after each other. */
#define HOPS_MAX 64

void
wh_up_ask_story(struct wh_up *up, uint64_t ticket, struct wh_str key, struct wh_str at)
{
    if (up->stories == NULL) {
        up->stories = WH_ARENA_NEW(&up->arena, struct wh_up_stories);
        wh_arena_init(&up->stories->arena, 0);
    }
    struct wh_up_stories *stories = up->stories;
    if (stories->count == WH_UP_STORIES_MAX) {
        return; /* never: there are fewer connections, and each asks one thing */
    }
    stories->items[stories->count++] = (struct wh_up_story){
        ticket, wh_arena_str(&stories->arena, key), wh_arena_str(&stories->arena, at)};
    wh_loop_wake(up->loop);
}

struct telling {
    struct wh_up *up;
    struct wh_arena arena;
    struct wh_entity entity;
    bool is_found;
    struct wh_hash_id id;
    const struct wh_story_announcement *announcements;
    size_t announcement_count;
    struct wh_folder_list events;
    struct wh_str hex;
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
    if (!wh_key_normalise(&telling->arena, key.kind, key.value, &value)) {
        return false;
    }
    key.value = value;
    telling->id = wh_key_id(telling->up->secret, &telling->arena, key);
    return true;
}

/* Of a model change not every lead has heard yet: here it has. */
static bool
adopt(struct telling *telling, struct wh_str hash)
{
    struct wh_up *up = telling->up;
    return wh_models_adopt(&up->models, &up->database, &up->model->ruleset, hash, &telling->entity,
                           &telling->arena);
}

static bool
take_state(void *self, uint32_t partition, const struct wh_store_entry *entry)
{
    struct telling *telling = self;
    const struct wh_codec *codec = &telling->up->codec;
    struct wh_str hash;
    (void)partition;
    telling->is_found = codec->decode_entity(codec->self, entry->bytes, &telling->arena, &hash,
                                             &telling->entity, NULL) == WH_OK &&
                        adopt(telling, hash);
    return false;
}

static void
find_in_file(struct telling *telling)
{
    struct wh_sqlite_reader reader = wh_sqlite_reader_of(&telling->up->database);
    (void)!wh_sqlite_reader_states(&reader, &telling->id, &telling->id, take_state, telling, NULL);
}

/* Committed states only: a partition whose batch is computed is asked again later by its file. */
static bool
find_in_memory(struct telling *telling)
{
    const struct wh_shard *shard = &telling->up->shard;
    for (uint32_t p = 0; p < shard->partition_count; p++) {
        const struct wh_partition *partition = &shard->partitions[p];
        if (partition->state != WH_PARTITION_READY || partition->batch.state != WH_BATCH_EMPTY) {
            continue;
        }
        const struct wh_resident *entity = wh_cache_find(&partition->cache, &telling->id);
        if (entity != NULL && entity->exists) {
            wh_entity_copy(&telling->entity, &telling->arena, &entity->entity);
            telling->is_found = adopt(telling, entity->model.hash);
            return true;
        }
    }
    return false;
}

static void
find_entity(struct telling *telling)
{
    telling->is_found = false;
    if (!find_in_memory(telling)) {
        find_in_file(telling);
    }
}

/* Nothing is left of one that was erased. */
static bool
is_somebody(const struct wh_entity *entity)
{
    return entity->state.history.count > 0 || entity->state.history.folded_at != WH_TIME_MIN;
}

/* From an identifier to whoever has it now; the hops are few (score/identity.md 2). */
static void
find(struct telling *telling)
{
    find_entity(telling);
    for (int hops = 0; telling->is_found && hops < HOPS_MAX; hops++) {
        const struct wh_key *into = wh_identity_target_at(&telling->entity.identity, WH_MINUTE_END);
        if (into == NULL) {
            telling->is_found = is_somebody(&telling->entity);
            return;
        }
        telling->id = wh_key_id(telling->up->secret, &telling->arena, *into);
        find_entity(telling);
    }
}

static bool
take_event(void *self, const struct wh_log_record *record)
{
    struct telling *telling = self;
    if (wh_str_contains(record->value, telling->hex)) {
        wh_folder_push(&telling->arena, &telling->events,
                       wh_arena_str(&telling->arena, record->value));
    }
    return true;
}

static void
find_announcements(struct telling *telling)
{
    struct wh_sqlite_reader reader = wh_sqlite_reader_of(&telling->up->database);
    char hex[2 * WH_HASH_ID_SIZE + 1];
    wh_hash_hex(telling->entity.state.id.bytes, WH_HASH_ID_SIZE, hex);
    telling->hex = wh_arena_str(&telling->arena, wh_str_of(hex));
    struct wh_sqlite_reader_query query = {
        .topic = WH_TOPIC_LEADS, .key = telling->hex, .since = WH_TIME_MIN};
    (void)!wh_sqlite_reader_records(&reader, &query, take_event, telling, NULL);
    telling->announcements = wh_announcements_of(&telling->arena, &telling->events, telling->hex,
                                                 &telling->announcement_count);
}

static int64_t
present(const struct wh_up *up, const struct wh_state *state)
{
    int64_t now =
        up->shard.env.clock_kind == WH_CLOCK_WALL ? up->clock.now(up->clock.self) : up->feed.now;
    return now > state->now ? now : state->now;
}

/* Time alone goes on from the last moment of the lead. */
static void
go_on(struct telling *telling)
{
    struct wh_message time = {.kind = WH_MESSAGE_TIME};
    struct wh_moment moment = {present(telling->up, &telling->entity.state), WH_TIME_MIN,
                               telling->up->secret};
    struct wh_entity_effects effects;
    wh_entity_effects_init(&effects, &telling->arena);
    (void)wh_entity_step(&telling->up->model->ruleset, &telling->entity, &time, &moment, &effects);
}

static enum wh_web_story_outcome
tell(struct telling *telling, struct wh_str at, struct wh_buf *json)
{
    const struct wh_ruleset *ruleset =
        wh_entity_ruleset(&telling->up->model->ruleset, &telling->entity);
    int64_t known = 0;
    bool has_zone = false;
    bool is_past = at.len > 0;
    if (is_past && wh_time_parse(at, &known, &has_zone) != WH_OK) {
        return WH_WEB_STORY_BAD_TIME;
    }
    known = has_zone ? known : wh_zone_to_utc(ruleset->zone, known);
    find_announcements(telling);
    if (is_past) {
        wh_story_go_back(ruleset, &telling->entity.state, known, telling->announcements,
                         telling->announcement_count, &telling->arena);
        if (telling->entity.state.history.count == 0) {
            return WH_WEB_STORY_UNKNOWN;
        }
    } else {
        go_on(telling);
    }
    struct wh_story *story = wh_story_tell(ruleset, &telling->entity.state, &telling->arena);
    wh_story_tell_identity(ruleset, &telling->entity, telling->up->secret, &telling->arena, story);
    story->announcements = telling->announcements;
    while (story->announcement_count < telling->announcement_count &&
           (!is_past || telling->announcements[story->announcement_count].decided <= known)) {
        story->announcement_count++;
    }
    story->is_past = is_past;
    wh_story_json_encode(json, story);
    return WH_WEB_STORY_FOUND;
}

static void
answer(struct wh_up *up, const struct wh_up_story *asked)
{
    struct telling telling = {.up = up};
    struct wh_buf json;
    enum wh_web_story_outcome outcome = WH_WEB_STORY_BAD_KEY;
    wh_arena_init(&telling.arena, 0);
    wh_buf_init(&json, &telling.arena);
    if (read_key(&telling, asked->key)) {
        find(&telling);
        outcome = telling.is_found ? tell(&telling, asked->at, &json) : WH_WEB_STORY_UNKNOWN;
    }
    wh_web_told(up->web, asked->ticket, outcome, wh_buf_str(&json));
    up->web_has_news = true;
    wh_arena_fini(&telling.arena);
}

void
wh_up_tell_stories(struct wh_up *up)
{
    if (up->stories == NULL || up->stories->count == 0) {
        return;
    }
    for (size_t i = 0; i < up->stories->count; i++) {
        answer(up, &up->stories->items[i]);
    }
    up->stories->count = 0;
    wh_arena_reset(&up->stories->arena);
}
