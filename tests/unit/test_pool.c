#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/host/pool.h"

#define TASKS 500

struct work {
    int runs[TASKS];
    uint64_t sums[TASKS];
    size_t last_done;
};

static void
sum_up(void *self, size_t task)
{
    struct work *work = self;
    work->runs[task]++;
    for (uint64_t i = 0; i <= 100 * task; i++) {
        work->sums[task] += i;
    }
}

static void
look(void *self, size_t done)
{
    struct work *work = self;
    assert_true(done >= work->last_done);
    work->last_done = done;
}

static void
check_with(size_t threads)
{
    struct work work = {0};
    wh_pool_run(threads, TASKS, sum_up, look, &work);
    for (uint64_t i = 0; i < TASKS; i++) {
        assert_int_equal(work.runs[i], 1);
        assert_int_equal(work.sums[i], 100 * i * (100 * i + 1) / 2);
    }
    assert_int_equal(work.last_done, TASKS);
}

static void
each_task_runs_once_on_however_many_threads(void **state)
{
    (void)state;
    check_with(1);
    check_with(2);
    check_with(WH_POOL_THREADS_MAX + 10);
}

static void
no_task_is_no_work(void **state)
{
    (void)state;
    wh_pool_run(4, 0, sum_up, NULL, NULL);
    assert_true(wh_pool_cores() >= 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_task_runs_once_on_however_many_threads),
        cmocka_unit_test(no_task_is_no_work),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
