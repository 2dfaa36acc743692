#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "engine/port/codec.h"
#include "engine/port/log.h"
#include "engine/port/metrics.h"
#include "engine/port/store.h"

struct bench {
    struct wh_arena arena;
    struct wh_metrics metrics;
};

static int
set_up(void **state)
{
    static struct bench bench;
    wh_arena_init(&bench.arena, 0);
    wh_metrics_init(&bench.metrics, &bench.arena, 3);
    *state = &bench;
    return 0;
}

static int
tear_down(void **state)
{
    struct bench *bench = *state;
    wh_arena_fini(&bench->arena);
    return 0;
}

static void
assert_says(struct bench *bench, const char *line)
{
    struct wh_buf buf;
    wh_buf_init(&buf, &bench->arena);
    wh_metrics_print(&bench->metrics, &buf);
    if (strstr(wh_buf_text(&buf), line) == NULL) {
        fail_msg("\"%s\" is not in:\n%s", line, wh_buf_text(&buf));
    }
}

static void
assert_silent(struct bench *bench, const char *text)
{
    struct wh_buf buf;
    wh_buf_init(&buf, &bench->arena);
    wh_metrics_print(&bench->metrics, &buf);
    assert_null(strstr(wh_buf_text(&buf), text));
}

static void
a_ratio_is_a_part_of_one(void **state)
{
    struct bench *bench = *state;
    wh_metrics_set(&bench->metrics, WH_METRIC_RECOVERY, 0, 2, 45000);
    wh_metrics_set(&bench->metrics, WH_METRIC_RECOVERY, 1, 1, 1000000);
    assert_says(bench, "# TYPE waterhole_recovery_ratio gauge\n");
    assert_says(bench, "waterhole_recovery_ratio{step=\"rebuild\",partition=\"2\"} 0.045000\n");
    assert_says(bench, "waterhole_recovery_ratio{step=\"replay\",partition=\"1\"} 1.000000\n");
    assert_silent(bench, "step=\"rebuild\",partition=\"1\"");
}

static void
counters_count_by_their_labels(void **state)
{
    struct bench *bench = *state;
    struct wh_metrics *metrics = &bench->metrics;
    uint32_t web = wh_metrics_label(WH_LABEL_SOURCE, WH_STR("web"));
    uint32_t crm = wh_metrics_label(WH_LABEL_SOURCE, WH_STR("crm"));
    wh_metrics_add(metrics, WH_METRIC_TOUCHES, web, 0, 2);
    wh_metrics_add(metrics, WH_METRIC_TOUCHES, web, 0, 3);
    wh_metrics_add(metrics, WH_METRIC_TOUCHES, crm, 1, 1);
    assert_says(bench, "# HELP waterhole_touches_total Touches processed, by what became of them."
                       "\n# TYPE waterhole_touches_total counter\n");
    assert_says(bench, "\nwaterhole_touches_total{source=\"web\",result=\"accepted\"} 5\n");
    assert_says(bench, "\nwaterhole_touches_total{source=\"crm\",result=\"duplicate\"} 1\n");
    assert_silent(bench, "source=\"web\",result=\"duplicate\"");
    assert_int_equal(wh_metrics_value(metrics, WH_METRIC_TOUCHES, web, 0), 5);
}

static void
a_series_of_one_label_is_there_from_the_start(void **state)
{
    assert_says(*state, "\nwaterhole_rejected_total{reason=\"bad_time\"} 0\n");
    assert_says(*state, "\nwaterhole_store_dirty_entries 0\n");
}

static void
gauges_are_set(void **state)
{
    struct bench *bench = *state;
    wh_metrics_set(&bench->metrics, WH_METRIC_LAG, 1, 2, 40);
    wh_metrics_set(&bench->metrics, WH_METRIC_LAG, 1, 2, 7);
    wh_metrics_set(&bench->metrics, WH_METRIC_STORE_AGE, 0, 0, 1250000);
    assert_says(bench, "\nwaterhole_lag_records{topic=\"handoff\",partition=\"2\"} 7\n");
    assert_says(bench, "\nwaterhole_store_watermark_age_seconds 1.250000\n");
}

static void
a_histogram_adds_up(void **state)
{
    struct bench *bench = *state;
    wh_metrics_observe(&bench->metrics, WH_METRIC_COMMIT, 100);
    wh_metrics_observe(&bench->metrics, WH_METRIC_COMMIT, 101);
    wh_metrics_observe(&bench->metrics, WH_METRIC_COMMIT, -5);
    wh_metrics_observe(&bench->metrics, WH_METRIC_COMMIT, 61000000);
    assert_says(bench, "\nwaterhole_commit_seconds_bucket{le=\"0.000100\"} 2\n");
    assert_says(bench, "\nwaterhole_commit_seconds_bucket{le=\"0.000250\"} 3\n");
    assert_says(bench, "\nwaterhole_commit_seconds_bucket{le=\"60.000000\"} 3\n");
    assert_says(bench, "\nwaterhole_commit_seconds_bucket{le=\"+Inf\"} 4\n");
    assert_says(bench, "\nwaterhole_commit_seconds_sum 61.000201\n");
    assert_says(bench, "\nwaterhole_commit_seconds_count 4\n");
}

static void
values_from_outside_make_no_series(void **state)
{
    (void)state;
    assert_int_equal(wh_metrics_label(WH_LABEL_SOURCE, WH_STR("a\"b")),
                     wh_metrics_label(WH_LABEL_SOURCE, WH_STR("other")));
}

static void
the_model_is_escaped(void **state)
{
    struct bench *bench = *state;
    bench->metrics.model_name = WH_STR("a\"b\\c\nd");
    bench->metrics.model_hash = WH_STR("00ff");
    assert_says(bench, "\nwaterhole_model_info{name=\"a\\\"b\\\\c\\nd\",hash=\"00ff\"} 1\n");
}

/* Who counts by an enum relies on the order of the label's values. */
static void
labels_are_in_the_order_of_their_enums(void **state)
{
    (void)state;
    for (int i = 0; i < WH_REJECT_COUNT; i++) {
        const char *word = wh_reject_str((enum wh_reject)i);
        assert_int_equal(wh_metrics_label(WH_LABEL_REASON, wh_str_of(word)), i);
    }
    for (int i = 0; i <= WH_STORE_CLEAR; i++) {
        const char *word = wh_store_call_str((enum wh_store_call)i);
        assert_int_equal(wh_metrics_label(WH_LABEL_CALL, wh_str_of(word)), i);
    }
    assert_int_equal(wh_metrics_label(WH_LABEL_OUTCOME, WH_STR("committed")), WH_LOG_COMMITTED);
    assert_int_equal(wh_metrics_label(WH_LABEL_OUTCOME, WH_STR("no_room")), WH_LOG_NO_ROOM);
    assert_int_equal(wh_metrics_label(WH_LABEL_OUTCOME, WH_STR("fenced")), WH_LOG_FENCED);
    assert_int_equal(wh_metrics_label(WH_LABEL_ANSWER, WH_STR("failed")), WH_STORE_FAILED);
    for (int i = 0; i < WH_INPUT_COUNT; i++) {
        const char *word = wh_topic_str((enum wh_topic)i);
        assert_int_equal(wh_metrics_label(WH_LABEL_TOPIC, wh_str_of(word)), i);
    }
}

static void
several_threads_add_up_and_the_oldest_age_counts(void **state)
{
    struct bench *bench = *state;
    struct wh_metrics other;
    wh_metrics_init(&other, &bench->arena, 3);
    wh_metrics_add(&bench->metrics, WH_METRIC_TRANSACTIONS, 0, 0, 2);
    wh_metrics_add(&other, WH_METRIC_TRANSACTIONS, 0, 0, 5);
    wh_metrics_add(&other, WH_METRIC_TRANSACTIONS, 1, 0, 1);
    wh_metrics_set(&bench->metrics, WH_METRIC_LAG, 0, 2, 7);
    wh_metrics_set(&bench->metrics, WH_METRIC_STORE_AGE, 0, 0, 300);
    wh_metrics_set(&other, WH_METRIC_STORE_AGE, 0, 0, 200);
    wh_metrics_merge(&bench->metrics, &other);
    assert_int_equal(wh_metrics_value(&bench->metrics, WH_METRIC_TRANSACTIONS, 0, 0), 7);
    assert_int_equal(wh_metrics_value(&bench->metrics, WH_METRIC_TRANSACTIONS, 1, 0), 1);
    assert_int_equal(wh_metrics_value(&bench->metrics, WH_METRIC_LAG, 0, 2), 7);
    assert_int_equal(wh_metrics_value(&bench->metrics, WH_METRIC_STORE_AGE, 0, 0), 300);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_ratio_is_a_part_of_one, set_up, tear_down),
        cmocka_unit_test_setup_teardown(counters_count_by_their_labels, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_series_of_one_label_is_there_from_the_start, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(gauges_are_set, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_histogram_adds_up, set_up, tear_down),
        cmocka_unit_test(values_from_outside_make_no_series),
        cmocka_unit_test_setup_teardown(the_model_is_escaped, set_up, tear_down),
        cmocka_unit_test(labels_are_in_the_order_of_their_enums),
        cmocka_unit_test_setup_teardown(several_threads_add_up_and_the_oldest_age_counts, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
