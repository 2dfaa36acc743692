/* The threads of C11 on those of POSIX, for builds with the thread sanitizer: it sees the latter
 * only, and librdkafka, as Debian builds it, uses the former. Linked into programs whose dynamic
 * symbols are exported, so that the library finds these instead of the C library's. The types are
 * those of the C library, which made them large enough for exactly this. */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <threads.h>

_Static_assert(sizeof(mtx_t) >= sizeof(pthread_mutex_t), "a mutex fits");
_Static_assert(sizeof(cnd_t) >= sizeof(pthread_cond_t), "a condition fits");
_Static_assert(sizeof(thrd_t) == sizeof(pthread_t), "a thread fits");
_Static_assert(sizeof(once_flag) == sizeof(pthread_once_t), "a flag fits");

struct start {
    thrd_start_t function;
    void *argument;
};

static int
outcome(int code)
{
    return code == 0 ? thrd_success : thrd_error;
}

static void *
run(void *given)
{
    struct start start = *(struct start *)given;
    free(given);
    return (void *)(long)start.function(start.argument);
}

int
thrd_create(thrd_t *thread, thrd_start_t function, void *argument)
{
    struct start *start = malloc(sizeof(*start));
    if (start == NULL) {
        return thrd_nomem;
    }
    *start = (struct start){function, argument};
    return outcome(pthread_create((pthread_t *)thread, NULL, run, start));
}

int
thrd_join(thrd_t thread, int *ret_code)
{
    void *code = NULL;
    int result = pthread_join((pthread_t)thread, &code);
    if (ret_code != NULL) {
        *ret_code = (int)(long)code;
    }
    return outcome(result);
}

thrd_t
thrd_current(void)
{
    return (thrd_t)pthread_self();
}

int
mtx_init(mtx_t *mutex, int type)
{
    pthread_mutexattr_t attributes;
    (void)pthread_mutexattr_init(&attributes);
    (void)pthread_mutexattr_settype(
        &attributes, (type & mtx_recursive) != 0 ? PTHREAD_MUTEX_RECURSIVE : PTHREAD_MUTEX_NORMAL);
    int code = pthread_mutex_init((pthread_mutex_t *)mutex, &attributes);
    (void)pthread_mutexattr_destroy(&attributes);
    return outcome(code);
}

int
mtx_lock(mtx_t *mutex)
{
    return outcome(pthread_mutex_lock((pthread_mutex_t *)mutex));
}

int
mtx_unlock(mtx_t *mutex)
{
    return outcome(pthread_mutex_unlock((pthread_mutex_t *)mutex));
}

void
mtx_destroy(mtx_t *mutex)
{
    (void)pthread_mutex_destroy((pthread_mutex_t *)mutex);
}

int
cnd_init(cnd_t *condition)
{
    return outcome(pthread_cond_init((pthread_cond_t *)condition, NULL));
}

int
cnd_signal(cnd_t *condition)
{
    return outcome(pthread_cond_signal((pthread_cond_t *)condition));
}

int
cnd_broadcast(cnd_t *condition)
{
    return outcome(pthread_cond_broadcast((pthread_cond_t *)condition));
}

int
cnd_wait(cnd_t *condition, mtx_t *mutex)
{
    return outcome(pthread_cond_wait((pthread_cond_t *)condition, (pthread_mutex_t *)mutex));
}

int
cnd_timedwait(cnd_t *condition, mtx_t *mutex, const struct timespec *until)
{
    int code = pthread_cond_timedwait((pthread_cond_t *)condition, (pthread_mutex_t *)mutex, until);
    return code == 0 ? thrd_success : code == ETIMEDOUT ? thrd_timedout : thrd_error;
}

void
cnd_destroy(cnd_t *condition)
{
    (void)pthread_cond_destroy((pthread_cond_t *)condition);
}

void
call_once(once_flag *flag, void (*function)(void))
{
    (void)pthread_once((pthread_once_t *)flag, function);
}
