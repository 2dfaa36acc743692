#include "engine/host/loop.h"

#include <signal.h>
#include <stdlib.h>
#include <uv.h>

#include "engine/base/time.h"

#define SIGNAL_COUNT 3
/* The first may have asked for what the second finds. */
#define EMPTY_TURNS 2

struct wh_loop {
    struct wh_loop_env env;
    uv_loop_t uv;
    uv_idle_t busy;   /* active while turns follow each other */
    uv_timer_t timer; /* of the next turn */
    uv_timer_t watch; /* of the descriptor's owner */
    uv_poll_t poll;
    uv_poll_t news;
    uv_async_t outside;
    uv_signal_t signals[SIGNAL_COUNT];
    int empty_turns; /* without news, in a row */
    bool is_pausing; /* something failed: news wait for a moment */
    bool is_woken;   /* since the turn began */
    bool is_ended;
};

static void arm_watch(struct wh_loop *loop);
static void on_busy(uv_idle_t *handle);
static void on_news(uv_poll_t *handle, int status, int events);

void
wh_loop_wake(struct wh_loop *loop)
{
    loop->is_woken = true;
    loop->empty_turns = 0;
    (void)uv_timer_stop(&loop->timer);
    (void)uv_idle_start(&loop->busy, on_busy);
}

static void
on_timer(uv_timer_t *handle)
{
    wh_loop_wake(handle->data);
}

static void
sleep_until(struct wh_loop *loop, int64_t at)
{
    int64_t now = loop->env.clock->now(loop->env.clock->self);
    (void)uv_idle_stop(&loop->busy);
    if (at == WH_TIME_NEVER) {
        (void)uv_timer_stop(&loop->timer);
        return;
    }
    int64_t wait = at <= now ? 0 : at - now;
    /* Rounded up, so that it does not wake before there is something to do. */
    (void)uv_timer_start(&loop->timer, on_timer, (uint64_t)((wait + 999) / 1000), 0);
}

/* Where news are level-triggered, a loop that may not act must not be told. */
static void
set_pausing(struct wh_loop *loop, bool is_pausing)
{
    if (loop->env.has_outside && loop->is_pausing != is_pausing) {
        (void)(is_pausing ? uv_poll_stop(&loop->news)
                          : uv_poll_start(&loop->news, UV_READABLE, on_news));
    }
    loop->is_pausing = is_pausing;
}

/* Whether nothing is left to do until something wakes the loop. */
static bool
is_idle(struct wh_loop *loop, bool has_news, bool is_quiet)
{
    loop->empty_turns = has_news ? 0 : loop->empty_turns + 1;
    return loop->env.has_outside ? loop->empty_turns >= EMPTY_TURNS : is_quiet;
}

/* What a turn leaves to do. */
struct rest {
    bool wants_more, is_idle, is_short;
    int64_t wake_at;
};

static struct rest
act(struct wh_loop *loop)
{
    const struct wh_loop_env *env = &loop->env;
    struct rest rest = {.wake_at = WH_TIME_NEVER};
    if (env->lock != NULL) {
        wh_turn_lock_take(env->lock);
    }
    env->relay->has_news = env->relay->is_short = false;
    loop->is_woken = false;
    bool has_news = wh_shard_turn(env->shard);
    has_news = has_news || env->relay->has_news;
    bool is_quiet = !has_news && wh_shard_is_quiet(env->shard);
    rest.wants_more = env->after_turn(env->self, is_quiet);
    rest.is_idle = is_idle(loop, has_news, is_quiet) && !wh_relay_is_waiting(env->relay);
    rest.is_short = env->relay->is_short;
    if (!loop->is_ended) {
        int64_t at = wh_shard_wake_at(env->shard);
        int64_t other = env->wake_at(env->self);
        rest.wake_at = at < other ? at : other;
    }
    if (env->lock != NULL) {
        wh_turn_lock_give(env->lock);
    }
    return rest;
}

static void
turn(struct wh_loop *loop)
{
    const struct wh_clock *clock = loop->env.clock;
    struct rest rest = act(loop);
    if (loop->is_ended) {
        return;
    }
    set_pausing(loop, rest.is_short);
    if (rest.is_short) {
        sleep_until(loop, clock->now(clock->self) + WH_LOOP_PAUSE_MS * INT64_C(1000));
    } else if (!rest.wants_more && !loop->is_woken && rest.is_idle) {
        sleep_until(loop, rest.wake_at);
    }
}

static void
on_busy(uv_idle_t *handle)
{
    struct wh_loop *loop = handle->data;
    turn(loop);
    arm_watch(loop);
}

static void
serve(struct wh_loop *loop)
{
    loop->env.on_descriptor(loop->env.self);
    if (wh_relay_is_waiting(loop->env.relay)) {
        wh_loop_wake(loop);
    }
    arm_watch(loop);
}

static void
on_watch(uv_timer_t *handle)
{
    serve(handle->data);
}

static void
on_readable(uv_poll_t *handle, int status, int events)
{
    (void)status;
    (void)events;
    serve(handle->data);
}

static void
arm_watch(struct wh_loop *loop)
{
    int wait = loop->env.descriptor < 0 || loop->is_ended ? -1 : loop->env.timeout(loop->env.self);
    if (wait < 0) {
        (void)uv_timer_stop(&loop->watch);
    } else {
        (void)uv_timer_start(&loop->watch, on_watch, (uint64_t)wait, 0);
    }
}

static void
on_signal(uv_signal_t *handle, int signal)
{
    struct wh_loop *loop = handle->data;
    loop->env.on_signal(loop->env.self, signal);
    if (!loop->is_ended) {
        wh_loop_wake(loop);
    }
    arm_watch(loop);
}

static void
on_news(uv_poll_t *handle, int status, int events)
{
    (void)status;
    (void)events;
    wh_loop_wake(handle->data);
}

static void
on_outside(uv_async_t *handle)
{
    wh_loop_wake(handle->data);
}

void
wh_loop_wake_from_outside(struct wh_loop *loop)
{
    (void)uv_async_send(&loop->outside);
}

struct uv_loop_s *
wh_loop_uv(struct wh_loop *loop)
{
    return &loop->uv;
}

static int
init_signals(struct wh_loop *loop)
{
    static const int numbers[SIGNAL_COUNT] = {SIGINT, SIGTERM, SIGHUP};
    int code = 0;
    for (size_t i = 0; i < SIGNAL_COUNT && code == 0 && loop->env.has_signals; i++) {
        code = uv_signal_init(&loop->uv, &loop->signals[i]);
        loop->signals[i].data = loop;
        code = code == 0 ? uv_signal_start(&loop->signals[i], on_signal, numbers[i]) : code;
    }
    return code;
}

static int
init_handles(struct wh_loop *loop)
{
    int code = uv_idle_init(&loop->uv, &loop->busy);
    code = code == 0 ? uv_timer_init(&loop->uv, &loop->timer) : code;
    code = code == 0 ? uv_timer_init(&loop->uv, &loop->watch) : code;
    code = code == 0 ? uv_async_init(&loop->uv, &loop->outside, on_outside) : code;
    code = code == 0 ? init_signals(loop) : code;
    loop->busy.data = loop->timer.data = loop->watch.data = loop->poll.data = loop;
    loop->news.data = loop->outside.data = loop;
    if (code == 0 && loop->env.has_outside) {
        code = uv_poll_init(&loop->uv, &loop->news, loop->env.news_descriptor);
        code = code == 0 ? uv_poll_start(&loop->news, UV_READABLE, on_news) : code;
    }
    if (code == 0 && loop->env.descriptor >= 0) {
        code = uv_poll_init(&loop->uv, &loop->poll, loop->env.descriptor);
        code = code == 0 ? uv_poll_start(&loop->poll, UV_READABLE, on_readable) : code;
    }
    return code;
}

enum wh_err
wh_loop_open(const struct wh_loop_env *env, struct wh_loop **ret_loop, struct wh_error *error)
{
    struct wh_loop *loop = calloc(1, sizeof(*loop));
    if (loop == NULL) {
        return wh_error_set(error, WH_ERR_OUTSIDE, "no memory for the loop");
    }
    loop->env = *env;
    int code = uv_loop_init(&loop->uv);
    if (code != 0) {
        free(loop);
        return wh_error_set(error, WH_ERR_OUTSIDE, "the event loop: %s", uv_strerror(code));
    }
    code = init_handles(loop);
    if (code != 0) {
        wh_loop_close(&loop);
        return wh_error_set(error, WH_ERR_OUTSIDE, "the event loop: %s", uv_strerror(code));
    }
    /* A client that hangs up is not a reason to end. */
    (void)signal(SIGPIPE, SIG_IGN);
    *ret_loop = loop;
    return WH_OK;
}

void
wh_loop_run(struct wh_loop *loop)
{
    wh_loop_wake(loop);
    arm_watch(loop);
    (void)uv_run(&loop->uv, UV_RUN_DEFAULT);
}

static void
close_handle(uv_handle_t *handle, void *unused)
{
    (void)unused;
    if (uv_is_closing(handle) == 0) {
        uv_close(handle, NULL);
    }
}

void
wh_loop_end(struct wh_loop *loop)
{
    loop->is_ended = true;
    uv_stop(&loop->uv);
}

void
wh_loop_close(struct wh_loop **loop)
{
    if (*loop == NULL) {
        return;
    }
    uv_walk(&(*loop)->uv, close_handle, NULL);
    (void)uv_run(&(*loop)->uv, UV_RUN_DEFAULT);
    (void)uv_loop_close(&(*loop)->uv);
    free(*loop);
    *loop = NULL;
}
