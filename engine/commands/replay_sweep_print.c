/* The table of a sweep: one row for each value of the constant. */
#include "engine/base/time.h"
#include "engine/commands/columns.h"
#include "engine/commands/replay_print.h"

#define WIDTH 12
#define WIDE  24

static void
push_count(struct wh_buf *buf, struct wh_arena *arena, uint64_t value)
{
    struct wh_buf text;
    wh_buf_init(&text, arena);
    wh_buf_push_int(&text, (int64_t)value);
    wh_columns_push_right(buf, wh_buf_str(&text), WIDTH);
}

static void
push_share(struct wh_buf *buf, struct wh_arena *arena, uint64_t part, uint64_t whole)
{
    wh_columns_push_right(buf, wh_replay_percent(arena, part, whole), WIDTH);
}

static void
push_row(struct wh_buf *buf, struct wh_arena *arena, const struct wh_sweep_row *row,
         const struct wh_replay_style *style)
{
    const struct wh_replay_measure *measure = &row->measure;
    wh_buf_push_text(buf, row->is_own ? "* " : "  ");
    wh_columns_push_left(buf, row->value, WIDTH);
    push_count(buf, arena, measure->ripe);
    push_count(buf, arena, measure->episodes);
    push_count(buf, arena, measure->withdrawn);
    if (style->has_companies) {
        push_count(buf, arena, measure->ripe_companies);
    }
    wh_columns_push_right(buf, wh_replay_shift_text(arena, row->shift), WIDE);
    if (style->has_outcomes) {
        push_share(buf, arena, measure->ripe_won, measure->ripe);
        push_share(buf, arena, measure->ripe_won, measure->won);
        wh_columns_push_right(buf, wh_replay_lead_time(arena, measure->lead_time), WIDE);
    }
    wh_columns_end_line(buf);
}

static void
push_csv_row(struct wh_buf *buf, const struct wh_sweep_row *row)
{
    const struct wh_replay_measure *measure = &row->measure;
    wh_buf_push(buf, row->value);
    wh_buf_printf(buf, ",%llu,%llu,%llu,%llu,%lld,%llu,%llu,", (unsigned long long)measure->ripe,
                  (unsigned long long)measure->episodes, (unsigned long long)measure->withdrawn,
                  (unsigned long long)measure->ripe_companies,
                  (long long)(row->shift / WH_US_PER_SECOND), (unsigned long long)measure->won,
                  (unsigned long long)measure->ripe_won);
    if (measure->lead_time >= 0) {
        wh_buf_push_int(buf, measure->lead_time / WH_US_PER_SECOND);
    }
    wh_buf_push_text(buf, "\r\n");
}

static void
push_heading(struct wh_buf *buf, enum wh_sweep_form form, struct wh_str constant,
             const struct wh_replay_style *style)
{
    switch (form) {
    case WH_SWEEP_TEXT:
        wh_buf_push_text(buf, "  ");
        wh_columns_push_left(buf, constant, WIDTH);
        wh_buf_push_text(buf, "  ripe leads    episodes   withdrawn");
        wh_buf_push_text(buf, style->has_companies ? "   companies" : "");
        wh_buf_push_text(buf, "      against the present");
        wh_buf_push_text(
            buf, style->has_outcomes ? "   precision      recall     ripe before, median\n" : "\n");
        return;
    case WH_SWEEP_CSV:
        wh_buf_push(buf, constant);
        wh_buf_push_text(buf,
                         ",ripe,episodes,withdrawn,ripe_companies,earlier_by_seconds,won,ripe_won,"
                         "lead_time_seconds\r\n");
        return;
    case WH_SWEEP_JSON:
        return;
    }
}

void
wh_sweep_print(struct wh_buf *buf, enum wh_sweep_form form, struct wh_str constant,
               const struct wh_sweep_row *rows, size_t row_count,
               const struct wh_replay_style *style)
{
    push_heading(buf, form, constant, style);
    for (size_t i = 0; i < row_count; i++) {
        switch (form) {
        case WH_SWEEP_TEXT:
            push_row(buf, buf->arena, &rows[i], style);
            break;
        case WH_SWEEP_CSV:
            push_csv_row(buf, &rows[i]);
            break;
        case WH_SWEEP_JSON:
            wh_sweep_json(buf, constant, &rows[i], style);
            break;
        }
    }
    if (form == WH_SWEEP_TEXT) {
        wh_buf_push_text(buf, "* the model as it is\n");
    }
}
