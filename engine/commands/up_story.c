/* GET /v1/leads/KEY: leads from memory where they are there, else from the file. */
#include "engine/base/time.h"
#include "engine/commands/story_answer.h"
#include "engine/commands/up.h"
#include "engine/score/entity.h"

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

struct finding {
    struct wh_up *up;
    struct wh_arena *arena;
    struct wh_entity *entity;
    bool is_found;
};

/* Of a model change not every lead has heard yet: here it has. */
static bool
adopt(struct finding *finding, struct wh_str hash)
{
    struct wh_up *up = finding->up;
    return wh_models_adopt(&up->models, &up->database, &up->model->ruleset, hash, finding->entity,
                           finding->arena);
}

static bool
take_state(void *self, uint32_t partition, const struct wh_store_entry *entry)
{
    struct finding *finding = self;
    const struct wh_codec *codec = &finding->up->codec;
    struct wh_str bytes = wh_arena_str(finding->arena, entry->bytes); /* which it borrows */
    struct wh_str hash;
    (void)partition;
    finding->is_found = codec->decode_entity(codec->self, bytes, finding->arena, &hash,
                                             finding->entity, NULL) == WH_OK &&
                        adopt(finding, hash);
    return false;
}

static void
find_in_file(struct finding *finding, const struct wh_hash_id *id)
{
    struct wh_sqlite_reader reader = wh_sqlite_reader_of(&finding->up->database);
    (void)!wh_sqlite_reader_states(&reader, id, id, take_state, finding, NULL);
}

/* Committed states only: a partition whose batch is computed is asked again later by its file. */
static bool
find_in_memory(struct finding *finding, const struct wh_hash_id *id)
{
    const struct wh_shard *shard = &finding->up->shard;
    for (uint32_t p = 0; p < shard->partition_count; p++) {
        const struct wh_partition *partition = &shard->partitions[p];
        if (partition->state != WH_PARTITION_READY || partition->batch.state != WH_BATCH_EMPTY) {
            continue;
        }
        const struct wh_resident *entity = wh_cache_find(&partition->cache, id);
        if (entity != NULL && entity->exists) {
            wh_entity_copy(finding->entity, finding->arena, &entity->entity);
            finding->is_found = adopt(finding, entity->model.hash);
            return true;
        }
    }
    return false;
}

static enum wh_err
find(void *self, const struct wh_hash_id *id, struct wh_arena *arena, struct wh_entity *ret_entity)
{
    struct finding finding = {self, arena, ret_entity, false};
    if (!find_in_memory(&finding, id)) {
        find_in_file(&finding, id);
    }
    return finding.is_found ? WH_OK : WH_ERR_NOT_FOUND;
}

struct left {
    struct wh_arena *arena;
    struct wh_folder_list *events;
    struct wh_str lead_id;
};

static bool
take_event(void *self, const struct wh_log_record *record)
{
    struct left *left = self;
    if (wh_str_contains(record->value, left->lead_id)) {
        wh_folder_push(left->arena, left->events, wh_arena_str(left->arena, record->value));
    }
    return true;
}

static enum wh_err
find_events(void *self, struct wh_str lead_id, struct wh_arena *arena,
            struct wh_folder_list *ret_events)
{
    struct wh_up *up = self;
    struct wh_sqlite_reader reader = wh_sqlite_reader_of(&up->database);
    struct left left = {arena, ret_events, lead_id};
    struct wh_sqlite_reader_query query = {
        .topic = WH_TOPIC_LEADS, .key = lead_id, .since = WH_TIME_MIN};
    return wh_sqlite_reader_records(&reader, &query, take_event, &left, NULL);
}

static enum wh_err
find_now(void *self, int64_t *ret_now)
{
    const struct wh_up *up = self;
    *ret_now =
        up->shard.env.clock_kind == WH_CLOCK_WALL ? up->clock.now(up->clock.self) : up->feed.now;
    return WH_OK;
}

static void
answer(struct wh_up *up, const struct wh_up_story *asked)
{
    const struct wh_story_source source = {
        .self = up,
        .secret = up->secret,
        .ruleset = &up->model->ruleset,
        .find = find,
        .find_events = find_events,
        .find_now = find_now,
    };
    struct wh_arena arena;
    struct wh_buf json;
    wh_arena_init(&arena, 0);
    wh_buf_init(&json, &arena);
    enum wh_web_story_outcome outcome = wh_story_answer(&source, asked->key, asked->at, &json);
    wh_web_told(up->web, asked->ticket, outcome, wh_buf_str(&json));
    up->web_has_news = true;
    wh_arena_fini(&arena);
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
