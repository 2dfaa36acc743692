/* Results of a replay: for people, as CSV (RFC 4180), as JSON lines. */
#ifndef WH_COMMANDS_REPLAY_PRINT_H
#define WH_COMMANDS_REPLAY_PRINT_H

#include "engine/base/buf.h"
#include "engine/commands/replay_result.h"

struct wh_replay_style {
    const struct wh_ruleset *rulesets[WH_REPLAY_SIDES_MAX];
    struct wh_str names[WH_REPLAY_SIDES_MAX]; /* paths of the models */
    bool has_outcomes, has_companies, has_colour;
    uint64_t records;
    int64_t first, last; /* µs */
};

void wh_replay_text(struct wh_buf *buf, const struct wh_replay_style *style,
                    const struct wh_replay_result *result);
/* One model: a line for each lead and company. Two: a line for each ripening that is not the same.
 * As CSV the heading comes first; as JSON the summary comes last. */
void wh_replay_csv_heading(struct wh_buf *buf, const struct wh_replay_style *style,
                           uint32_t side_count);
void wh_replay_csv_row(struct wh_buf *buf, const struct wh_replay_style *style, uint32_t side_count,
                       const struct wh_replay_row *row);
void wh_replay_json_row(struct wh_buf *buf, const struct wh_replay_style *style,
                        uint32_t side_count, const struct wh_replay_row *row);
void wh_replay_json_summary(struct wh_buf *buf, const struct wh_replay_style *style,
                            const struct wh_replay_result *result);

/* A row of a sweep. */
struct wh_sweep_row {
    struct wh_str value;
    bool is_own; /* the value that the model has */
    struct wh_replay_measure measure;
    int64_t shift; /* µs: median of how much earlier leads ripen than with the model's own value */
};
enum wh_sweep_form { WH_SWEEP_TEXT, WH_SWEEP_CSV, WH_SWEEP_JSON };
void wh_sweep_print(struct wh_buf *buf, enum wh_sweep_form form, struct wh_str constant,
                    const struct wh_sweep_row *rows, size_t row_count,
                    const struct wh_replay_style *style);
void wh_sweep_json(struct wh_buf *buf, struct wh_str constant, const struct wh_sweep_row *row,
                   const struct wh_replay_style *style);

/* "12.5 %"; "-" of nothing. */
struct wh_str wh_replay_percent(struct wh_arena *arena, uint64_t part, uint64_t whole);
/* "3 days 4 hours"; "-" when it is negative: there is none. */
struct wh_str wh_replay_lead_time(struct wh_arena *arena, int64_t us);
/* "2 days earlier"; "-" for no difference. */
struct wh_str wh_replay_shift_text(struct wh_arena *arena, int64_t us);

#endif
