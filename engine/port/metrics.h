/* What is counted (commands/contract.md 7): plain memory of one thread, printed as Prometheus text.
 * Labels are the enums of metrics.def, so that no input can make a series. */
#ifndef WH_PORT_METRICS_H
#define WH_PORT_METRICS_H

#include <stdint.h>

#include "engine/base/buf.h"

enum wh_metric_label {
#define LABEL(name, text, values) WH_LABEL_##name,
#include "engine/port/metrics.def"
#undef LABEL
    WH_LABEL_COUNT
};

enum wh_metric {
#define METRIC(name, kind, text, a, b, help) WH_METRIC_##name,
#include "engine/port/metrics.def"
#undef METRIC
    WH_METRIC_COUNT
};

enum wh_metric_kind {
    WH_METRIC_KIND_COUNTER,
    WH_METRIC_KIND_GAUGE,
    WH_METRIC_KIND_GAUGE_SECONDS, /* values are µs */
    WH_METRIC_KIND_GAUGE_RATIO,   /* values are millionths of the whole */
    WH_METRIC_KIND_HISTOGRAM,     /* values are µs, printed as seconds */
};

/* Fixed buckets of every histogram, from 100 µs to one minute, and one for what is longer. */
#define WH_METRIC_BUCKET_COUNT 18

struct wh_metrics {
    int64_t *cells[WH_METRIC_COUNT]; /* one for each pair of label values; histograms: buckets,
                                        then the sum in µs */
    uint32_t partitions;
    struct wh_str model_name, model_hash; /* borrowed, for waterhole_model_info; may be empty */
};

/* Memory from the arena, which must live as long. */
void wh_metrics_init(struct wh_metrics *metrics, struct wh_arena *arena, uint32_t partitions);

/* `a` and `b` are indexes of the values of the metric's two labels; 0 where it has none. */
void wh_metrics_add(struct wh_metrics *metrics, enum wh_metric metric, uint32_t a, uint32_t b,
                    int64_t count);
void wh_metrics_set(struct wh_metrics *metrics, enum wh_metric metric, uint32_t a, uint32_t b,
                    int64_t value);
void wh_metrics_observe(struct wh_metrics *metrics, enum wh_metric metric, int64_t us);
int64_t wh_metrics_value(const struct wh_metrics *metrics, enum wh_metric metric, uint32_t a,
                         uint32_t b);

/* What several threads counted, together: sums, of ages the greatest. Both know as many
 * partitions. */
void wh_metrics_merge(struct wh_metrics *total, const struct wh_metrics *part);

/* The index of a value of a label; one that it has not gives the last, which is "other" where the
 * values come from outside. */
uint32_t wh_metrics_label(enum wh_metric_label label, struct wh_str value);

/* Text exposition format 0.0.4. Series of two labels that never counted are left away. */
void wh_metrics_print(const struct wh_metrics *metrics, struct wh_buf *buf);
#define WH_METRICS_CONTENT_TYPE "text/plain; version=0.0.4; charset=utf-8"

#endif
