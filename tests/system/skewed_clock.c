/* Preloaded into a process, it shows the program a wall clock that is wrong by SKEWED_CLOCK_MS.
 * Only the program itself: libraries compute from that clock when their waits are over, and the
 * kernel's goes right. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <time.h>

#define NS_PER_MS     1000000L
#define NS_PER_SECOND 1000000000L

typedef int clock_gettime_fn(clockid_t, struct timespec *);

static int
is_program(const void *caller)
{
    Dl_info of_caller;
    Dl_info of_program;
    return dladdr(caller, &of_caller) != 0 &&
           dladdr((const void *)getauxval(AT_ENTRY), &of_program) != 0 &&
           of_caller.dli_fbase == of_program.dli_fbase;
}

static void
shift(struct timespec *time, long ms)
{
    time->tv_sec += ms / 1000;
    time->tv_nsec += ms % 1000 * NS_PER_MS;
    if (time->tv_nsec >= NS_PER_SECOND) {
        time->tv_nsec -= NS_PER_SECOND;
        time->tv_sec++;
    } else if (time->tv_nsec < 0) {
        time->tv_nsec += NS_PER_SECOND;
        time->tv_sec--;
    }
}

int
clock_gettime(clockid_t clock, struct timespec *time)
{
    clock_gettime_fn *real = (clock_gettime_fn *)dlsym(RTLD_NEXT, "clock_gettime");
    const char *ms = getenv("SKEWED_CLOCK_MS");
    int code = real(clock, time);
    if (code == 0 && clock == CLOCK_REALTIME && ms != NULL &&
        is_program(__builtin_return_address(0))) {
        shift(time, strtol(ms, NULL, 10));
    }
    return code;
}
