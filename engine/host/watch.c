#include "engine/host/watch.h"

#include <signal.h>
#include <stdlib.h>
#include <uv.h>

#define SIGNAL_COUNT 3

struct wh_watch {
    struct wh_watch_env env;
    uv_loop_t uv;
    uv_timer_t timer;
    uv_poll_t polls[WH_WATCH_DESCRIPTORS_MAX];
    uv_signal_t signals[SIGNAL_COUNT];
    bool is_ended;
};

static void on_timer(uv_timer_t *handle);

static void
turn(struct wh_watch *watch)
{
    watch->env.on_turn(watch->env.self);
    int wait = watch->is_ended ? -1 : watch->env.timeout(watch->env.self);
    if (wait < 0) {
        (void)uv_timer_stop(&watch->timer);
    } else {
        (void)uv_timer_start(&watch->timer, on_timer, (uint64_t)wait, 0);
    }
}

static void
on_timer(uv_timer_t *handle)
{
    turn(handle->data);
}

static void
on_readable(uv_poll_t *handle, int status, int events)
{
    (void)status;
    (void)events;
    turn(handle->data);
}

static void
on_signal(uv_signal_t *handle, int signal)
{
    struct wh_watch *watch = handle->data;
    watch->env.on_signal(watch->env.self, signal);
    if (!watch->is_ended) {
        turn(watch);
    }
}

static int
init_signals(struct wh_watch *watch)
{
    static const int numbers[SIGNAL_COUNT] = {SIGINT, SIGTERM, SIGHUP};
    int code = 0;
    for (size_t i = 0; i < SIGNAL_COUNT && code == 0; i++) {
        code = uv_signal_init(&watch->uv, &watch->signals[i]);
        watch->signals[i].data = watch;
        code = code == 0 ? uv_signal_start(&watch->signals[i], on_signal, numbers[i]) : code;
    }
    return code;
}

static int
init_handles(struct wh_watch *watch)
{
    int code = uv_timer_init(&watch->uv, &watch->timer);
    watch->timer.data = watch;
    for (int i = 0; i < watch->env.descriptor_count && code == 0; i++) {
        code = uv_poll_init(&watch->uv, &watch->polls[i], watch->env.descriptors[i]);
        watch->polls[i].data = watch;
        code = code == 0 ? uv_poll_start(&watch->polls[i], UV_READABLE, on_readable) : code;
    }
    return code == 0 ? init_signals(watch) : code;
}

enum wh_err
wh_watch_open(const struct wh_watch_env *env, struct wh_watch **ret_watch, struct wh_error *error)
{
    struct wh_watch *watch = calloc(1, sizeof(*watch));
    if (watch == NULL) {
        return wh_error_set(error, WH_ERR_OUTSIDE, "no memory for the loop");
    }
    watch->env = *env;
    int code = uv_loop_init(&watch->uv);
    if (code != 0) {
        free(watch);
        return wh_error_set(error, WH_ERR_OUTSIDE, "the event loop: %s", uv_strerror(code));
    }
    code = init_handles(watch);
    if (code != 0) {
        wh_watch_close(&watch);
        return wh_error_set(error, WH_ERR_OUTSIDE, "the event loop: %s", uv_strerror(code));
    }
    /* A client that hangs up is not a reason to end. */
    (void)signal(SIGPIPE, SIG_IGN);
    *ret_watch = watch;
    return WH_OK;
}

void
wh_watch_run(struct wh_watch *watch)
{
    turn(watch);
    if (!watch->is_ended) {
        (void)uv_run(&watch->uv, UV_RUN_DEFAULT);
    }
}

void
wh_watch_end(struct wh_watch *watch)
{
    watch->is_ended = true;
    uv_stop(&watch->uv);
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
wh_watch_close(struct wh_watch **watch)
{
    if (*watch == NULL) {
        return;
    }
    uv_walk(&(*watch)->uv, close_handle, NULL);
    (void)uv_run(&(*watch)->uv, UV_RUN_DEFAULT);
    (void)uv_loop_close(&(*watch)->uv);
    free(*watch);
    *watch = NULL;
}
