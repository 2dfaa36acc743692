#include "engine/language/csv.h"

#include "engine/base/buf.h"

void
wh_csv_init(struct wh_csv *csv, struct wh_arena *arena, struct wh_str text)
{
    struct wh_str mark = WH_STR("\xEF\xBB\xBF");
    *csv = (struct wh_csv){
        .arena = arena, .text = text, .at = wh_str_starts_with(text, mark) ? mark.len : 0};
}

static bool
is_end_of_field(const struct wh_csv *csv)
{
    return csv->at >= csv->text.len || strchr(",\r\n", csv->text.ptr[csv->at]) != NULL;
}

/* The opening quote is behind us. Without doubled quotes nothing is copied. */
static struct wh_str
read_quoted(struct wh_csv *csv)
{
    struct wh_buf buf;
    wh_buf_init(&buf, csv->arena);
    size_t from = csv->at;
    while (csv->at < csv->text.len) {
        bool is_quote = csv->text.ptr[csv->at] == '"';
        bool is_doubled =
            is_quote && csv->at + 1 < csv->text.len && csv->text.ptr[csv->at + 1] == '"';
        if (is_quote && !is_doubled) {
            break;
        }
        csv->at++;
        if (is_doubled) {
            wh_buf_push(&buf, wh_str_slice(csv->text, from, csv->at));
            from = ++csv->at;
        }
    }
    struct wh_str tail = wh_str_slice(csv->text, from, csv->at);
    csv->at += csv->at < csv->text.len ? 1 : 0;
    if (buf.len == 0) {
        return tail;
    }
    wh_buf_push(&buf, tail);
    return wh_buf_str(&buf);
}

static struct wh_str
read_field(struct wh_csv *csv)
{
    if (csv->at < csv->text.len && csv->text.ptr[csv->at] == '"') {
        csv->at++;
        struct wh_str quoted = read_quoted(csv);
        while (!is_end_of_field(csv)) {
            csv->at++;
        }
        return quoted;
    }
    size_t from = csv->at;
    while (!is_end_of_field(csv)) {
        csv->at++;
    }
    return wh_str_trim(wh_str_slice(csv->text, from, csv->at));
}

static void
skip_line_end(struct wh_csv *csv)
{
    if (csv->at < csv->text.len && csv->text.ptr[csv->at] == '\r') {
        csv->at++;
    }
    if (csv->at < csv->text.len && csv->text.ptr[csv->at] == '\n') {
        csv->at++;
    }
}

bool
wh_csv_next(struct wh_csv *csv)
{
    while (csv->at < csv->text.len && strchr("\r\n", csv->text.ptr[csv->at]) != NULL) {
        csv->at++;
    }
    csv->count = 0;
    if (csv->at >= csv->text.len) {
        return false;
    }
    for (;;) {
        struct wh_str field = read_field(csv);
        if (csv->count < WH_CSV_COLUMNS_MAX) {
            csv->fields[csv->count++] = field;
        }
        if (csv->at >= csv->text.len || csv->text.ptr[csv->at] != ',') {
            break;
        }
        csv->at++;
    }
    skip_line_end(csv);
    return true;
}

size_t
wh_csv_find(const struct wh_csv *csv, struct wh_str name)
{
    size_t i = 0;
    while (i < csv->count && !wh_str_equal(csv->fields[i], name)) {
        i++;
    }
    return i;
}
