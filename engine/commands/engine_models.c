#include "engine/commands/engine_models.h"

#include "engine/commands/console.h"
#include "engine/commands/model_kept.h"
#include "engine/commands/shadow.h"

/* The key under which the hash of the current one stands. */
#define CURRENT "current"

static struct wh_engine_model *
find(struct wh_engine_models *models, struct wh_str hash)
{
    for (size_t i = 0; i < models->count; i++) {
        if (wh_str_equal(models->items[i].hash, hash)) {
            return &models->items[i];
        }
    }
    return NULL;
}

static struct wh_engine_model *
add(struct wh_engine_models *models, struct wh_str hash)
{
    if (models->count == WH_ENGINE_MODELS_MAX) {
        wh_say(models->say, WH_LOG_ERROR,
               "there are more than %d models: those that come are not known here; start this "
               "process again",
               WH_ENGINE_MODELS_MAX);
        return NULL;
    }
    struct wh_engine_model *item = &models->items[models->count++];
    *item = (struct wh_engine_model){.hash = wh_arena_str(&models->arena, hash)};
    return item;
}

static void
take_accepted(struct wh_engine_models *models, struct wh_str number)
{
    uint32_t partition = 0;
    bool is_number = number.len > 0 && number.len < 10;
    for (size_t i = 0; i < number.len && is_number; i++) {
        is_number = number.ptr[i] >= '0' && number.ptr[i] <= '9';
        partition = 10 * partition + (uint32_t)(number.ptr[i] - '0');
    }
    if (models->is_open && is_number && models->accepted_count < WH_ENGINE_ACCEPTED_MAX) {
        models->accepted[models->accepted_count++] = partition;
    }
}

/* Under the lock. */
static void
take(void *self, struct wh_str key, struct wh_str value)
{
    struct wh_engine_models *models = self;
    if (wh_str_is(key, CURRENT)) {
        models->current = wh_arena_str(&models->arena, value);
        return;
    }
    struct wh_str accept = WH_STR(WH_ENGINE_ACCEPT_LOSS);
    if (wh_str_starts_with(key, accept)) {
        take_accepted(models, wh_str_slice(key, accept.len, key.len));
        return;
    }
    struct wh_engine_model *item = find(models, key);
    item = item != NULL ? item : add(models, key);
    if (item != NULL && item->bundle.len == 0) {
        item->bundle = wh_arena_str(&models->arena, value);
    }
}

enum wh_exit
wh_engine_models_open(struct wh_engine_models *models, const struct wh_kafka_settings *settings,
                      struct wh_say *say)
{
    struct wh_error error;
    (void)pthread_mutex_init(&models->lock, NULL);
    wh_arena_init(&models->arena, 0);
    models->settings = settings;
    models->say = say;
    enum wh_err err = wh_kafka_models_open(settings, take, models, &models->topic, &error);
    err = err == WH_OK ? wh_kafka_models_catch_up(models->topic, &error) : err;
    models->is_open = err == WH_OK;
    return err == WH_OK ? WH_EXIT_DONE : wh_console_fail(wh_console_exit(err), "%s", error.message);
}

void
wh_engine_models_close(struct wh_engine_models *models)
{
    if (models->settings == NULL) {
        return; /* it was not opened */
    }
    wh_kafka_models_close(&models->topic);
    for (size_t i = 0; i < models->count; i++) {
        wh_model_destroy(&models->items[i].model);
    }
    wh_arena_fini(&models->arena);
    (void)pthread_mutex_destroy(&models->lock);
}

static const struct wh_ruleset *
compile(struct wh_engine_models *models, struct wh_engine_model *item)
{
    if (item->model == NULL && !item->is_broken && item->bundle.len > 0) {
        item->is_broken =
            wh_model_kept_compile(&models->arena, item->bundle, item->hash, &item->model) != WH_OK;
        if (item->is_broken) {
            wh_say(models->say, WH_LOG_ERROR, "model %.*s cannot be used by this version",
                   WH_STR_ARG(item->hash));
        }
    }
    return item->model == NULL ? NULL : &item->model->ruleset;
}

static const struct wh_ruleset *
find_ruleset(struct wh_engine_models *models, struct wh_str hash)
{
    struct wh_error error;
    struct wh_engine_model *item = find(models, hash);
    /* Another engine may have published it this moment. */
    if (item == NULL && wh_kafka_models_catch_up(models->topic, &error) == WH_OK) {
        item = find(models, hash);
    }
    return item == NULL ? NULL : compile(models, item);
}

const struct wh_ruleset *
wh_engine_models_find(struct wh_engine_models *models, struct wh_str hash)
{
    (void)pthread_mutex_lock(&models->lock);
    const struct wh_ruleset *ruleset = find_ruleset(models, hash);
    (void)pthread_mutex_unlock(&models->lock);
    return ruleset;
}

const struct wh_ruleset *
wh_engine_models_current(struct wh_engine_models *models)
{
    (void)pthread_mutex_lock(&models->lock);
    const struct wh_ruleset *ruleset =
        models->current.len > 0 ? find_ruleset(models, models->current) : NULL;
    models->used = models->current;
    (void)pthread_mutex_unlock(&models->lock);
    return ruleset;
}

const struct wh_ruleset *
wh_engine_models_used(struct wh_engine_models *models)
{
    (void)pthread_mutex_lock(&models->lock);
    const struct wh_ruleset *ruleset =
        models->used.len > 0 ? find_ruleset(models, models->used) : NULL;
    (void)pthread_mutex_unlock(&models->lock);
    return ruleset;
}

const struct wh_ruleset *
wh_engine_models_follow(struct wh_engine_models *models)
{
    const struct wh_ruleset *ruleset = NULL;
    (void)pthread_mutex_lock(&models->lock);
    wh_kafka_models_follow(models->topic);
    if (models->current.len > 0 && !wh_str_equal(models->current, models->used)) {
        ruleset = find_ruleset(models, models->current);
        models->used = models->current;
    }
    (void)pthread_mutex_unlock(&models->lock);
    return ruleset;
}

/* The bundle before the name of the current one, so that nobody hears of a model that is not there.
 * Under the lock. */
static enum wh_err
publish(struct wh_engine_models *models, const struct wh_model *model, struct wh_str path,
        bool is_known, struct wh_error *error)
{
    struct wh_arena arena;
    struct wh_buf bundle;
    enum wh_err err = WH_OK;
    struct wh_str hash = wh_str_of(model->ruleset.hash_hex);
    wh_arena_init(&arena, 0);
    wh_buf_init(&bundle, &arena);
    if (!is_known) {
        wh_model_kept_encode(&bundle, model, path);
        err = wh_kafka_models_write(models->settings, hash, wh_buf_str(&bundle), error);
    }
    err =
        err == WH_OK ? wh_kafka_models_write(models->settings, WH_STR(CURRENT), hash, error) : err;
    wh_arena_fini(&arena);
    return err == WH_OK ? wh_kafka_models_catch_up(models->topic, error) : err;
}

/* Under the lock. One that cannot be used here says nothing. */
static enum wh_err
check_kind(struct wh_engine_models *models, const struct wh_model *model, struct wh_error *error)
{
    const struct wh_ruleset *current =
        models->current.len > 0 ? find_ruleset(models, models->current) : NULL;
    const char *clash = current == NULL ? NULL : wh_shadow_clash(&model->ruleset, current);
    return clash == NULL ? WH_OK : wh_error_set(error, WH_ERR_USAGE, "%s", clash);
}

enum wh_err
wh_engine_models_offer(struct wh_engine_models *models, struct wh_model *model, struct wh_str path,
                       bool is_asked, struct wh_error *error)
{
    struct wh_str hash = wh_str_of(model->ruleset.hash_hex);
    (void)pthread_mutex_lock(&models->lock);
    enum wh_err err = check_kind(models, model, error);
    bool is_known = find(models, hash) != NULL;
    bool is_current = wh_str_equal(models->current, hash);
    /* Another engine published the bundle and has yet to say that it is current, or ended. */
    bool is_first = models->current.len == 0;
    if (err == WH_OK && (!is_known || is_first || (is_asked && !is_current))) {
        err = publish(models, model, path, is_known, error);
    }
    (void)pthread_mutex_unlock(&models->lock);
    wh_model_destroy(&model);
    return err;
}

bool
wh_engine_models_next_accepted(struct wh_engine_models *models, uint32_t *ret_partition)
{
    (void)pthread_mutex_lock(&models->lock);
    bool is_there = models->accepted_count > 0;
    if (is_there) {
        *ret_partition = models->accepted[--models->accepted_count];
    }
    (void)pthread_mutex_unlock(&models->lock);
    return is_there;
}
