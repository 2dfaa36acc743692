#include "engine/commands/engine_story.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "engine/commands/machine.h"
#include "engine/commands/story_answer.h"

/* A question, then its answer: in the ring of those that wait, or of those that are told. */
struct story {
    uint64_t ticket;
    struct wh_arena arena; /* of what follows */
    struct wh_str key, at, json;
    enum wh_web_story_outcome outcome;
};

struct ring {
    struct story *items[WH_ENGINE_STORIES_MAX];
    size_t first, count;
};

struct wh_engine_stories {
    struct wh_engine_story_options options;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t asked;
    struct ring waiting, told; /* under the lock */
    bool is_ending;            /* under the lock */
    atomic_bool is_over;
    int descriptor;
    /* The thread's own: */
    struct wh_stream stream;
    bool has_failed; /* the last one could not be told: said once */
};

static void
push(struct ring *ring, struct story *story)
{
    ring->items[(ring->first + ring->count++) % WH_ENGINE_STORIES_MAX] = story;
}

static struct story *
pop(struct ring *ring)
{
    if (ring->count == 0) {
        return NULL;
    }
    struct story *story = ring->items[ring->first];
    ring->first = (ring->first + 1) % WH_ENGINE_STORIES_MAX;
    ring->count--;
    return story;
}

static void
discard(struct story *story)
{
    wh_arena_fini(&story->arena);
    free(story);
}

/* ---- on the thread ---- */

/* What a source's functions need. */
struct telling {
    struct wh_engine_stories *stories;
    const struct wh_ruleset *ruleset;
    struct wh_error error; /* of the call that failed for another reason than NOT_FOUND */
};

static enum wh_err
find(void *self, const struct wh_hash_id *id, struct wh_arena *arena, struct wh_entity *ret_entity)
{
    struct telling *telling = self;
    return wh_stream_find(&telling->stories->stream, telling->ruleset, id, arena, ret_entity,
                          &telling->error);
}

static enum wh_err
find_events(void *self, struct wh_str lead_id, struct wh_arena *arena,
            struct wh_folder_list *ret_events)
{
    struct telling *telling = self;
    return wh_stream_events(&telling->stories->stream, lead_id, arena, ret_events, &telling->error);
}

static enum wh_err
find_now(void *self, int64_t *ret_now)
{
    struct telling *telling = self;
    bool is_live = false;
    *ret_now = wh_machine_now();
    return telling->stories->options.is_log_clock
               ? wh_stream_clock(&telling->stories->stream, ret_now, &is_live, &telling->error)
               : WH_OK;
}

static enum wh_web_story_outcome
answer(struct telling *telling, struct story *story)
{
    struct wh_engine_stories *stories = telling->stories;
    const struct wh_engine_story_options *options = &stories->options;
    struct wh_buf json;
    wh_buf_init(&json, &story->arena);
    telling->ruleset = wh_engine_models_used(options->models);
    if (wh_stream_open(&stories->stream, options->kafka, options->redis, options->models,
                       &telling->error) != WH_OK ||
        telling->ruleset == NULL) {
        return WH_WEB_STORY_UNAVAILABLE;
    }
    const struct wh_story_source source = {
        .self = telling,
        .secret = options->secret,
        .ruleset = telling->ruleset,
        .find = find,
        .find_events = find_events,
        .find_now = find_now,
    };
    enum wh_web_story_outcome outcome = wh_story_answer(&source, story->key, story->at, &json);
    story->json = wh_buf_str(&json);
    return outcome;
}

static void
tell(struct wh_engine_stories *stories, struct story *story)
{
    struct telling telling = {.stories = stories};
    story->outcome = answer(&telling, story);
    bool has_failed = story->outcome == WH_WEB_STORY_UNAVAILABLE;
    if (has_failed && !stories->has_failed) {
        wh_say(stories->options.say, WH_LOG_WARNING, "/v1/leads: %s", telling.error.message);
    }
    stories->has_failed = has_failed;
}

/* The next question; NULL: it is over. */
static struct story *
next(struct wh_engine_stories *stories)
{
    (void)pthread_mutex_lock(&stories->lock);
    while (stories->waiting.count == 0 && !stories->is_ending) {
        (void)pthread_cond_wait(&stories->asked, &stories->lock);
    }
    struct story *story = stories->is_ending ? NULL : pop(&stories->waiting);
    (void)pthread_mutex_unlock(&stories->lock);
    return story;
}

static void *
serve(void *argument)
{
    struct wh_engine_stories *stories = argument;
    for (struct story *story = next(stories); story != NULL; story = next(stories)) {
        tell(stories, story);
        (void)pthread_mutex_lock(&stories->lock);
        push(&stories->told, story);
        (void)pthread_mutex_unlock(&stories->lock);
        (void)eventfd_write(stories->descriptor, 1);
    }
    wh_stream_close(&stories->stream);
    atomic_store(&stories->is_over, true);
    (void)eventfd_write(stories->descriptor, 1);
    return NULL;
}

/* ---- on the front's ---- */

enum wh_err
wh_engine_stories_start(const struct wh_engine_story_options *options,
                        struct wh_engine_stories **ret_stories, struct wh_error *error)
{
    struct wh_engine_stories *stories = calloc(1, sizeof(*stories));
    if (stories == NULL) {
        return wh_error_set(error, WH_ERR_OUTSIDE, "no memory for /v1/leads");
    }
    stories->options = *options;
    stories->descriptor = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    (void)pthread_mutex_init(&stories->lock, NULL);
    (void)pthread_cond_init(&stories->asked, NULL);
    if (stories->descriptor < 0 || pthread_create(&stories->thread, NULL, serve, stories) != 0) {
        free(stories);
        return wh_error_set(error, WH_ERR_OUTSIDE, "no thread or descriptor for /v1/leads");
    }
    *ret_stories = stories;
    return WH_OK;
}

void
wh_engine_stories_end(struct wh_engine_stories *stories)
{
    if (stories == NULL) {
        return;
    }
    (void)pthread_mutex_lock(&stories->lock);
    stories->is_ending = true;
    (void)pthread_cond_signal(&stories->asked);
    (void)pthread_mutex_unlock(&stories->lock);
}

bool
wh_engine_stories_is_over(const struct wh_engine_stories *stories)
{
    return atomic_load(&stories->is_over);
}

static void
discard_all(struct ring *ring)
{
    for (struct story *story = pop(ring); story != NULL; story = pop(ring)) {
        discard(story);
    }
}

void
wh_engine_stories_stop(struct wh_engine_stories **ret_stories)
{
    struct wh_engine_stories *stories = *ret_stories;
    if (stories == NULL) {
        return;
    }
    wh_engine_stories_end(stories);
    (void)pthread_join(stories->thread, NULL);
    discard_all(&stories->waiting);
    discard_all(&stories->told);
    (void)close(stories->descriptor);
    (void)pthread_cond_destroy(&stories->asked);
    (void)pthread_mutex_destroy(&stories->lock);
    free(stories);
    *ret_stories = NULL;
}

void
wh_engine_stories_ask(struct wh_engine_stories *stories, uint64_t ticket, struct wh_str key,
                      struct wh_str at)
{
    struct story *story = calloc(1, sizeof(*story));
    (void)pthread_mutex_lock(&stories->lock);
    /* The second never is: there are fewer connections, and each asks one thing. */
    bool has_room =
        story != NULL && stories->waiting.count + stories->told.count + 1 < WH_ENGINE_STORIES_MAX;
    if (has_room) {
        wh_arena_init(&story->arena, 0);
        story->ticket = ticket;
        story->key = wh_arena_str(&story->arena, key);
        story->at = wh_arena_str(&story->arena, at);
        push(&stories->waiting, story);
        (void)pthread_cond_signal(&stories->asked);
    }
    (void)pthread_mutex_unlock(&stories->lock);
    if (!has_room) {
        free(story); /* the web server says so when its patience is over */
    }
}

int
wh_engine_stories_descriptor(const struct wh_engine_stories *stories)
{
    return stories->descriptor;
}

static struct story *
next_told(struct wh_engine_stories *stories)
{
    (void)pthread_mutex_lock(&stories->lock);
    struct story *story = pop(&stories->told);
    (void)pthread_mutex_unlock(&stories->lock);
    return story;
}

void
wh_engine_stories_tell(struct wh_engine_stories *stories, struct wh_web *web)
{
    eventfd_t count = 0;
    (void)eventfd_read(stories->descriptor, &count);
    for (struct story *story = next_told(stories); story != NULL; story = next_told(stories)) {
        wh_web_told(web, story->ticket, story->outcome, story->json);
        discard(story);
    }
}
