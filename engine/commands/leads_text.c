#include "engine/commands/leads_text.h"

#include "engine/base/decimal.h"
#include "engine/base/utf8.h"
#include "engine/commands/columns.h"
#include "engine/commands/json.h"

/* Longer ones are cut in the table; CSV and JSON have them whole. */
enum { CELL_MAX = 40, GAP = 2 };

enum column {
    COLUMN_LEAD,
    COLUMN_ID,
    COLUMN_COMPANY,
    COLUMN_STAGE,
    COLUMN_SCORE, /* one for each score */
    COLUMN_GRADE,
    COLUMN_RIPE,
    COLUMN_SINCE,
    COLUMN_OWNER,
    COLUMN_LAST,
    COLUMN_COUNT
};

/* In the table, and in the first line of CSV. */
static const char *const names[][2] = {
    [COLUMN_LEAD] = {"lead", "key"},
    [COLUMN_ID] = {"lead id", "lead_id"},
    [COLUMN_COMPANY] = {"company", "company"},
    [COLUMN_STAGE] = {"stage", "stage"},
    [COLUMN_SCORE] = {"", ""},
    [COLUMN_GRADE] = {"grade", "grade"},
    [COLUMN_RIPE] = {"ripe", "ripe"},
    [COLUMN_SINCE] = {"since", "ripe_since"},
    [COLUMN_OWNER] = {"owner", "owner"},
    [COLUMN_LAST] = {"last touch", "last_touch"},
};

static bool
is_shown(const struct wh_leads_style *style, enum column column)
{
    switch (column) {
    case COLUMN_STAGE:
        return style->ruleset->stages.present;
    case COLUMN_SCORE:
        return style->ruleset->score_count > 0;
    case COLUMN_GRADE:
        return style->ruleset->fit.present;
    case COLUMN_RIPE:
    case COLUMN_SINCE:
        return style->ruleset->qualification_count > 0;
    case COLUMN_OWNER:
        return style->has_owner;
    case COLUMN_LEAD:
    case COLUMN_ID:
    case COLUMN_COMPANY:
    case COLUMN_LAST:
    case COLUMN_COUNT:
        return true;
    }
    return true;
}

static struct wh_str
joined(struct wh_arena *arena, const struct wh_str *texts, size_t count)
{
    struct wh_buf buf;
    wh_buf_init(&buf, arena);
    for (size_t i = 0; i < count; i++) {
        wh_buf_push_text(&buf, i == 0 ? "" : " ");
        wh_buf_push(&buf, texts[i]);
    }
    return wh_buf_str(&buf);
}

/* What stands in a column that is the same in each form; times and scores are not. */
static struct wh_str
text_in(struct wh_arena *arena, const struct wh_leads_row *row, enum column column)
{
    switch (column) {
    case COLUMN_LEAD:
        return row->key;
    case COLUMN_ID:
        return row->lead_id;
    case COLUMN_COMPANY:
        return row->company;
    case COLUMN_STAGE:
        return row->stage;
    case COLUMN_GRADE:
        return row->grade;
    case COLUMN_RIPE:
        return joined(arena, row->ripe, row->ripe_count);
    case COLUMN_OWNER:
        return row->owner;
    case COLUMN_SCORE:
    case COLUMN_SINCE:
    case COLUMN_LAST:
    case COLUMN_COUNT:
        break;
    }
    return (struct wh_str){NULL, 0};
}

static int64_t
time_in(const struct wh_leads_row *row, enum column column)
{
    return column == COLUMN_SINCE ? row->ripe_since : row->last_at;
}

static bool
is_time(enum column column)
{
    return column == COLUMN_SINCE || column == COLUMN_LAST;
}

/* The table: cells first, because widths follow from them. */

struct cells {
    struct wh_str *items; /* rows + 1 times columns, by row */
    bool *is_right;       /* by column */
    size_t column_count;
};

static struct wh_str
cut(struct wh_arena *arena, struct wh_str text)
{
    struct wh_buf buf;
    size_t at = 0;
    if (wh_utf8_count(text) <= CELL_MAX) {
        return text;
    }
    for (size_t points = 0; at < text.len; at++) {
        points += ((unsigned char)text.ptr[at] & 0xC0) != 0x80 ? 1 : 0;
        if (points == CELL_MAX) {
            break;
        }
    }
    wh_buf_init(&buf, arena);
    wh_buf_push(&buf, wh_str_slice(text, 0, at));
    wh_buf_push_text(&buf, "…");
    return wh_buf_str(&buf);
}

static struct wh_str
table_cell(struct wh_arena *arena, const struct wh_leads_style *style,
           const struct wh_leads_row *row, enum column column, size_t score)
{
    if (column == COLUMN_SCORE) {
        return row->scores[score].known ? wh_columns_points(arena, row->scores[score].value)
                                        : WH_STR("?");
    }
    if (is_time(column)) {
        int64_t at = time_in(row, column);
        return at == WH_TIME_MIN ? WH_STR("") : wh_columns_time(arena, style->ruleset->zone, at);
    }
    struct wh_buf clean;
    wh_buf_init(&clean, arena);
    wh_columns_push_clean(&clean, text_in(arena, row, column));
    return cut(arena, wh_buf_str(&clean));
}

/* Row 0 has the names. */
static void
fill_column(struct cells *cells, struct wh_arena *arena, const struct wh_leads_style *style,
            const struct wh_leads_rows *rows, enum column column, size_t score)
{
    bool is_score = column == COLUMN_SCORE;
    size_t place = cells->column_count++;
    cells->is_right[place] = is_score;
    cells->items[place * (rows->count + 1)] =
        is_score ? style->ruleset->scores[score].id : wh_str_of(names[column][0]);
    for (size_t i = 0; i < rows->count; i++) {
        cells->items[place * (rows->count + 1) + i + 1] =
            table_cell(arena, style, &rows->rows[i], column, score);
    }
}

static void
push_table_cell(struct wh_buf *buf, struct wh_str cell, size_t width, bool is_right)
{
    if (is_right) {
        wh_columns_push_right(buf, cell, width);
        wh_columns_push_spaces(buf, GAP);
    } else {
        wh_columns_push_left(buf, cell, width + GAP);
    }
}

static void
push_table(struct wh_buf *buf, const struct cells *cells, size_t row_count)
{
    size_t *widths = WH_ARENA_ARRAY(buf->arena, size_t, cells->column_count);
    for (size_t i = 0; i < cells->column_count * row_count; i++) {
        size_t width = wh_utf8_count(cells->items[i]);
        size_t column = i / row_count;
        widths[column] = width > widths[column] ? width : widths[column];
    }
    for (size_t row = 0; row < row_count; row++) {
        for (size_t column = 0; column < cells->column_count; column++) {
            struct wh_str cell = cells->items[column * row_count + row];
            push_table_cell(buf, cell, widths[column], cells->is_right[column]);
        }
        wh_columns_end_line(buf);
    }
}

void
wh_leads_table(struct wh_buf *buf, const struct wh_leads_style *style,
               const struct wh_leads_rows *rows)
{
    size_t most = (size_t)COLUMN_COUNT + style->ruleset->score_count;
    struct cells cells = {
        .items = WH_ARENA_ARRAY(buf->arena, struct wh_str, most * (rows->count + 1)),
        .is_right = WH_ARENA_ARRAY(buf->arena, bool, most),
    };
    for (int column = 0; column < COLUMN_COUNT; column++) {
        size_t times = column == COLUMN_SCORE ? style->ruleset->score_count : 1;
        bool is_wanted = column != COLUMN_ID && is_shown(style, (enum column)column);
        for (size_t score = 0; score < times && is_wanted; score++) {
            fill_column(&cells, buf->arena, style, rows, (enum column)column, score);
        }
    }
    push_table(buf, &cells, rows->count + 1);
}

static void
push_csv_cell(struct wh_buf *buf, struct wh_str text)
{
    bool needs_quotes = false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        needs_quotes = needs_quotes || c == ',' || c == '"' || c == '\r' || c == '\n';
    }
    if (!needs_quotes) {
        wh_buf_push(buf, text);
        return;
    }
    wh_buf_push_char(buf, '"');
    for (size_t i = 0; i < text.len; i++) {
        wh_buf_push_text(buf, text.ptr[i] == '"' ? "\"" : "");
        wh_buf_push_char(buf, text.ptr[i]);
    }
    wh_buf_push_char(buf, '"');
}

static void
push_csv_scores(struct wh_buf *buf, const struct wh_leads_row *row)
{
    for (size_t i = 0; i < row->score_count; i++) {
        wh_buf_push_char(buf, ',');
        if (row->scores[i].known) {
            wh_decimal_format_fixed(buf, row->scores[i].value);
        }
    }
}

static void
push_csv_row(struct wh_buf *buf, const struct wh_leads_style *style, const struct wh_leads_row *row)
{
    for (int i = 0; i < COLUMN_COUNT; i++) {
        enum column column = (enum column)i;
        if (!is_shown(style, column)) {
            continue;
        }
        if (column != COLUMN_SCORE) {
            wh_buf_push_text(buf, i == 0 ? "" : ",");
            push_csv_cell(buf, text_in(buf->arena, row, column));
        }
        if (is_time(column) && time_in(row, column) != WH_TIME_MIN) {
            wh_time_format(buf, time_in(row, column));
        }
        if (column == COLUMN_SCORE) {
            push_csv_scores(buf, row);
        }
    }
    wh_buf_push_char(buf, '\n');
}

static void
push_csv_names(struct wh_buf *buf, const struct wh_leads_style *style)
{
    for (int i = 0; i < COLUMN_COUNT; i++) {
        enum column column = (enum column)i;
        if (!is_shown(style, column)) {
            continue;
        }
        for (size_t score = 0; column == COLUMN_SCORE && score < style->ruleset->score_count;
             score++) {
            wh_buf_push_char(buf, ',');
            push_csv_cell(buf, style->ruleset->scores[score].id);
        }
        if (column != COLUMN_SCORE) {
            wh_buf_push_text(buf, i == 0 ? "" : ",");
            wh_buf_push_text(buf, names[column][1]);
        }
    }
    wh_buf_push_char(buf, '\n');
}

void
wh_leads_csv(struct wh_buf *buf, const struct wh_leads_style *style,
             const struct wh_leads_rows *rows)
{
    push_csv_names(buf, style);
    for (size_t i = 0; i < rows->count; i++) {
        push_csv_row(buf, style, &rows->rows[i]);
    }
}

static void
push_json_name(struct wh_buf *buf, const char *name)
{
    wh_buf_printf(buf, "%s\"%s\":", buf->ptr[buf->len - 1] == '{' ? "" : ",", name);
}

static void
push_json_text(struct wh_buf *buf, const char *name, struct wh_str text)
{
    push_json_name(buf, name);
    if (text.len == 0) {
        wh_buf_push_text(buf, "null");
    } else {
        wh_json_push_string(buf, text);
    }
}

static void
push_json_time(struct wh_buf *buf, const char *name, int64_t at)
{
    struct wh_buf text;
    wh_buf_init(&text, buf->arena);
    if (at != WH_TIME_MIN) {
        wh_time_format(&text, at);
    }
    push_json_text(buf, name, wh_buf_str(&text));
}

static void
push_json_scores(struct wh_buf *buf, const struct wh_leads_style *style,
                 const struct wh_leads_row *row)
{
    push_json_name(buf, "scores");
    wh_buf_push_char(buf, '{');
    for (size_t i = 0; i < row->score_count; i++) {
        wh_buf_printf(buf, "%s\"%.*s\":", i == 0 ? "" : ",",
                      WH_STR_ARG(style->ruleset->scores[i].id));
        if (row->scores[i].known) {
            wh_decimal_format_fixed(buf, row->scores[i].value);
        } else {
            wh_buf_push_text(buf, "null");
        }
    }
    wh_buf_push_char(buf, '}');
}

static void
push_json_row(struct wh_buf *buf, const struct wh_leads_style *style,
              const struct wh_leads_row *row)
{
    wh_buf_push_char(buf, '{');
    push_json_text(buf, "lead_id", row->lead_id);
    push_json_text(buf, "key", row->key);
    push_json_text(buf, "company", row->company);
    if (is_shown(style, COLUMN_STAGE)) {
        push_json_text(buf, "stage", row->stage);
    }
    push_json_scores(buf, style, row);
    if (is_shown(style, COLUMN_GRADE)) {
        push_json_text(buf, "grade", row->grade);
    }
    push_json_name(buf, "ripe");
    wh_buf_push_char(buf, '[');
    for (size_t i = 0; i < row->ripe_count; i++) {
        wh_buf_push_text(buf, i == 0 ? "" : ",");
        wh_json_push_string(buf, row->ripe[i]);
    }
    wh_buf_push_char(buf, ']');
    push_json_time(buf, "ripe_since", row->ripe_since);
    if (style->has_owner) {
        push_json_text(buf, "owner", row->owner);
    }
    push_json_time(buf, "last_touch", row->last_at);
    wh_buf_push_text(buf, "}\n");
}

void
wh_leads_json(struct wh_buf *buf, const struct wh_leads_style *style,
              const struct wh_leads_rows *rows)
{
    for (size_t i = 0; i < rows->count; i++) {
        push_json_row(buf, style, &rows->rows[i]);
    }
}
