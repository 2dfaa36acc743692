#include "engine/port/metrics.h"

#include <assert.h>

#define PREFIX "waterhole_"

struct label_info {
    const char *name, *values;
};

struct metric_info {
    const char *name, *help;
    enum wh_metric_kind kind;
    enum wh_metric_label a, b;
};

static const struct label_info labels[WH_LABEL_COUNT] = {
#define LABEL(name, text, values) [WH_LABEL_##name] = {text, values},
#include "engine/port/metrics.def"
#undef LABEL
};

static const struct metric_info infos[WH_METRIC_COUNT] = {
#define METRIC(name, kind, text, a, b, help) \
    [WH_METRIC_##name] = {PREFIX text, help, WH_METRIC_KIND_##kind, WH_LABEL_##a, WH_LABEL_##b},
#include "engine/port/metrics.def"
#undef METRIC
};

static const int64_t buckets[WH_METRIC_BUCKET_COUNT] = {
    100,    250,    500,    1000,    2500,    5000,    10000,    25000,    50000,
    100000, 250000, 500000, 1000000, 2500000, 5000000, 10000000, 30000000, 60000000,
};
/* Behind the buckets: what is longer than all, and the sum. */
#define OVER   WH_METRIC_BUCKET_COUNT
#define SUM    (WH_METRIC_BUCKET_COUNT + 1)
#define PLACES (WH_METRIC_BUCKET_COUNT + 2)

/* The next word of a list; empty at its end. */
static struct wh_str
next_word(const char **words)
{
    const char *begin = *words;
    size_t len = 0;
    while (begin[len] != '\0' && begin[len] != ' ') {
        len++;
    }
    *words = begin + len + (begin[len] == ' ' ? 1 : 0);
    return (struct wh_str){begin, len};
}

static uint32_t
count_values(const struct wh_metrics *metrics, enum wh_metric_label label)
{
    const char *words = labels[label].values;
    uint32_t count = 0;
    if (label == WH_LABEL_NUMBER) {
        return metrics->partitions;
    }
    while (next_word(&words).len > 0) {
        count++;
    }
    return count == 0 ? 1 : count;
}

static size_t
count_cells(const struct wh_metrics *metrics, int metric)
{
    return infos[metric].kind == WH_METRIC_KIND_HISTOGRAM
               ? PLACES
               : (size_t)count_values(metrics, infos[metric].a) *
                     count_values(metrics, infos[metric].b);
}

void
wh_metrics_init(struct wh_metrics *metrics, struct wh_arena *arena, uint32_t partitions)
{
    *metrics = (struct wh_metrics){.partitions = partitions};
    for (int i = 0; i < WH_METRIC_COUNT; i++) {
        metrics->cells[i] = WH_ARENA_ARRAY(arena, int64_t, count_cells(metrics, i));
    }
}

void
wh_metrics_merge(struct wh_metrics *total, const struct wh_metrics *part)
{
    assert(total->partitions == part->partitions);
    for (int i = 0; i < WH_METRIC_COUNT; i++) {
        bool is_age = infos[i].kind == WH_METRIC_KIND_GAUGE_SECONDS;
        for (size_t k = 0; k < count_cells(total, i); k++) {
            int64_t *sum = &total->cells[i][k];
            int64_t more = part->cells[i][k];
            *sum = !is_age ? *sum + more : more > *sum ? more : *sum;
        }
    }
}

static int64_t *
cell(const struct wh_metrics *metrics, enum wh_metric metric, uint32_t a, uint32_t b)
{
    uint32_t width = count_values(metrics, infos[metric].b);
    assert(a < count_values(metrics, infos[metric].a) && b < width);
    return &metrics->cells[metric][(size_t)a * width + b];
}

void
wh_metrics_add(struct wh_metrics *metrics, enum wh_metric metric, uint32_t a, uint32_t b,
               int64_t count)
{
    *cell(metrics, metric, a, b) += count;
}

void
wh_metrics_set(struct wh_metrics *metrics, enum wh_metric metric, uint32_t a, uint32_t b,
               int64_t value)
{
    *cell(metrics, metric, a, b) = value;
}

int64_t
wh_metrics_value(const struct wh_metrics *metrics, enum wh_metric metric, uint32_t a, uint32_t b)
{
    return *cell(metrics, metric, a, b);
}

void
wh_metrics_observe(struct wh_metrics *metrics, enum wh_metric metric, int64_t us)
{
    size_t bucket = 0;
    us = us < 0 ? 0 : us; /* the machine's clock may have been set back */
    while (bucket < OVER && us > buckets[bucket]) {
        bucket++;
    }
    metrics->cells[metric][bucket]++;
    metrics->cells[metric][SUM] += us;
}

uint32_t
wh_metrics_label(enum wh_metric_label label, struct wh_str value)
{
    const char *words = labels[label].values;
    uint32_t index = 0;
    for (struct wh_str word = next_word(&words); word.len > 0; word = next_word(&words)) {
        if (wh_str_equal(word, value)) {
            return index;
        }
        index++;
    }
    return index == 0 ? 0 : index - 1;
}

static void
push_escaped(struct wh_buf *buf, struct wh_str text, bool is_quoted)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '\n') {
            wh_buf_push_text(buf, "\\n");
        } else if (c == '\\' || (c == '"' && is_quoted)) {
            wh_buf_push_char(buf, '\\');
            wh_buf_push_char(buf, c);
        } else {
            wh_buf_push_char(buf, c);
        }
    }
}

static void
push_millionths(struct wh_buf *buf, int64_t value)
{
    wh_buf_printf(buf, "%lld.%06lld", (long long)(value / 1000000), (long long)(value % 1000000));
}

static void
push_label(struct wh_buf *buf, enum wh_metric_label label, uint32_t index)
{
    const char *words = labels[label].values;
    wh_buf_printf(buf, "%s=\"", labels[label].name);
    if (label == WH_LABEL_NUMBER) {
        wh_buf_push_int(buf, index);
    } else {
        struct wh_str word = next_word(&words);
        for (uint32_t i = 0; i < index; i++) {
            word = next_word(&words);
        }
        push_escaped(buf, word, true);
    }
    wh_buf_push_char(buf, '"');
}

static void
push_series(struct wh_buf *buf, const struct metric_info *info, uint32_t a, uint32_t b,
            int64_t value)
{
    wh_buf_push_text(buf, info->name);
    if (info->a != WH_LABEL_NONE) {
        wh_buf_push_char(buf, '{');
        push_label(buf, info->a, a);
        if (info->b != WH_LABEL_NONE) {
            wh_buf_push_char(buf, ',');
            push_label(buf, info->b, b);
        }
        wh_buf_push_char(buf, '}');
    }
    wh_buf_push_char(buf, ' ');
    if (info->kind == WH_METRIC_KIND_GAUGE_SECONDS || info->kind == WH_METRIC_KIND_GAUGE_RATIO) {
        push_millionths(buf, value);
    } else {
        wh_buf_push_int(buf, value);
    }
    wh_buf_push_char(buf, '\n');
}

static void
push_histogram(struct wh_buf *buf, const struct metric_info *info, const int64_t *cells)
{
    int64_t count = 0;
    for (size_t i = 0; i < OVER; i++) {
        count += cells[i];
        wh_buf_printf(buf, "%s_bucket{le=\"", info->name);
        push_millionths(buf, buckets[i]);
        wh_buf_printf(buf, "\"} %lld\n", (long long)count);
    }
    count += cells[OVER];
    wh_buf_printf(buf, "%s_bucket{le=\"+Inf\"} %lld\n%s_sum ", info->name, (long long)count,
                  info->name);
    push_millionths(buf, cells[SUM]);
    wh_buf_printf(buf, "\n%s_count %lld\n", info->name, (long long)count);
}

static void
push_metric(const struct wh_metrics *metrics, struct wh_buf *buf, enum wh_metric metric)
{
    const struct metric_info *info = &infos[metric];
    uint32_t width = count_values(metrics, info->b);
    uint32_t count = count_values(metrics, info->a) * width;
    bool is_sparse = info->b != WH_LABEL_NONE;
    for (uint32_t i = 0; i < count; i++) {
        int64_t value = metrics->cells[metric][i];
        if (value != 0 || !is_sparse) {
            push_series(buf, info, i / width, i % width, value);
        }
    }
}

static void
push_head(struct wh_buf *buf, const char *name, const char *help, const char *type)
{
    wh_buf_printf(buf, "# HELP %s ", name);
    push_escaped(buf, wh_str_of(help), false);
    wh_buf_printf(buf, "\n# TYPE %s %s\n", name, type);
}

static const char *
type_of(enum wh_metric_kind kind)
{
    switch (kind) {
    case WH_METRIC_KIND_COUNTER:
        return "counter";
    case WH_METRIC_KIND_GAUGE:
    case WH_METRIC_KIND_GAUGE_SECONDS:
    case WH_METRIC_KIND_GAUGE_RATIO:
        return "gauge";
    case WH_METRIC_KIND_HISTOGRAM:
        return "histogram";
    }
    return "";
}

void
wh_metrics_print(const struct wh_metrics *metrics, struct wh_buf *buf)
{
    for (int i = 0; i < WH_METRIC_COUNT; i++) {
        push_head(buf, infos[i].name, infos[i].help, type_of(infos[i].kind));
        if (infos[i].kind == WH_METRIC_KIND_HISTOGRAM) {
            push_histogram(buf, &infos[i], metrics->cells[i]);
        } else {
            push_metric(metrics, buf, (enum wh_metric)i);
        }
    }
    push_head(buf, PREFIX "model_info", "The model that is used.", "gauge");
    wh_buf_push_text(buf, PREFIX "model_info{name=\"");
    push_escaped(buf, metrics->model_name, true);
    wh_buf_push_text(buf, "\",hash=\"");
    push_escaped(buf, metrics->model_hash, true);
    wh_buf_push_text(buf, "\"} 1\n");
}
