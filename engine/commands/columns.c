#include "engine/commands/columns.h"

#include "engine/base/decimal.h"
#include "engine/base/utf8.h"
#include "engine/language/problem.h"

/* C0, DEL, and C1, which in UTF-8 is C2 80 to C2 9F. */
static bool
is_control(struct wh_str text, size_t i)
{
    unsigned char c = (unsigned char)text.ptr[i];
    bool is_c1 = c == 0xC2 && i + 1 < text.len && (unsigned char)text.ptr[i + 1] < 0xA0;
    return c < 0x20 || c == 0x7F || is_c1;
}

void
wh_columns_push_clean(struct wh_buf *buf, struct wh_str text)
{
    bool is_valid = wh_utf8_is_valid(text);
    for (size_t i = 0; i < text.len; i++) {
        bool is_shown = !is_control(text, i) && (is_valid || (unsigned char)text.ptr[i] < 0x80);
        if (is_shown) {
            wh_buf_push_char(buf, text.ptr[i]);
            continue;
        }
        wh_buf_push_char(buf, '?');
        i += (unsigned char)text.ptr[i] == 0xC2 && is_valid ? 1 : 0;
    }
}

static struct wh_str
clean(struct wh_arena *arena, struct wh_str text)
{
    struct wh_buf buf;
    wh_buf_init(&buf, arena);
    wh_columns_push_clean(&buf, text);
    return wh_buf_str(&buf);
}

void
wh_columns_push_spaces(struct wh_buf *buf, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        wh_buf_push_char(buf, ' ');
    }
}

void
wh_columns_push_left(struct wh_buf *buf, struct wh_str text, size_t width)
{
    struct wh_str shown = clean(buf->arena, text);
    size_t count = wh_utf8_count(shown);
    wh_buf_push(buf, shown);
    wh_columns_push_spaces(buf, count < width ? width - count : 1);
}

void
wh_columns_push_right(struct wh_buf *buf, struct wh_str text, size_t width)
{
    struct wh_str shown = clean(buf->arena, text);
    size_t count = wh_utf8_count(shown);
    wh_columns_push_spaces(buf, count < width ? width - count : 0);
    wh_buf_push(buf, shown);
}

void
wh_columns_end_line(struct wh_buf *buf)
{
    while (buf->len > 0 && buf->ptr[buf->len - 1] == ' ') {
        buf->len--;
    }
    wh_buf_push_char(buf, '\n');
}

struct wh_str
wh_columns_time(struct wh_arena *arena, const struct wh_zone *zone, int64_t us)
{
    struct wh_buf buf;
    struct wh_civil civil;
    wh_buf_init(&buf, arena);
    wh_civil_of_us(wh_zone_to_local(zone, us), &civil);
    wh_buf_printf(&buf, "%04d-%02d-%02d %02d:%02d", (int)civil.year, (int)civil.month,
                  (int)civil.day, (int)civil.hour, (int)civil.minute);
    return wh_buf_str(&buf);
}

struct wh_str
wh_columns_count(struct wh_arena *arena, uint64_t count, const char *one, const char *many)
{
    struct wh_buf buf;
    wh_buf_init(&buf, arena);
    wh_buf_push(&buf, wh_problem_count_text(arena, (int64_t)count));
    wh_buf_printf(&buf, " %s", count == 1 ? one : many);
    return wh_buf_str(&buf);
}

struct wh_str
wh_columns_duration(struct wh_arena *arena, int64_t us)
{
    static const struct {
        int64_t us;
        const char *one;
        const char *many;
    } units[] = {
        {WH_US_PER_DAY, "day", "days"},
        {WH_US_PER_HOUR, "hour", "hours"},
        {WH_US_PER_MINUTE, "minute", "minutes"},
        {WH_US_PER_SECOND, "second", "seconds"},
    };
    struct wh_buf buf;
    int shown = 0;
    wh_buf_init(&buf, arena);
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]) && shown < 2; i++) {
        int64_t count = us / units[i].us;
        us %= units[i].us;
        if (count > 0) {
            wh_buf_push_text(&buf, shown == 0 ? "" : " ");
            wh_buf_push(&buf,
                        wh_columns_count(arena, (uint64_t)count, units[i].one, units[i].many));
        }
        shown += count > 0 || shown > 0 ? 1 : 0;
    }
    return shown == 0 ? WH_STR("no time") : wh_buf_str(&buf);
}

struct wh_str
wh_columns_points(struct wh_arena *arena, int64_t thousandths)
{
    struct wh_buf buf;
    int64_t tenths = wh_decimal_round_div(thousandths, 100);
    wh_buf_init(&buf, arena);
    wh_buf_push_text(&buf, tenths < 0 ? "-" : "");
    tenths = tenths < 0 ? -tenths : tenths;
    wh_buf_push_int(&buf, tenths / 10);
    wh_buf_push_char(&buf, '.');
    wh_buf_push_int(&buf, tenths % 10);
    return wh_buf_str(&buf);
}

struct wh_str
wh_columns_exact(struct wh_arena *arena, int64_t thousandths)
{
    struct wh_buf buf;
    wh_buf_init(&buf, arena);
    wh_buf_push_text(&buf, thousandths < 0 ? "" : "+");
    wh_decimal_format_fixed(&buf, thousandths);
    return wh_buf_str(&buf);
}

static void
push_list(struct wh_buf *buf, const struct wh_value_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        wh_buf_push_text(buf, i == 0 ? "" : ", ");
        wh_buf_push(buf, wh_columns_value(buf->arena, list->items[i]));
    }
}

/* Lists hold no lists. */
struct wh_str
wh_columns_value(struct wh_arena *arena, struct wh_value value)
{
    struct wh_buf buf;
    wh_buf_init(&buf, arena);
    switch (value.type) {
    case WH_TYPE_UNKNOWN:
        return WH_STR("unknown");
    case WH_TYPE_BOOL:
        return value.number != 0 ? WH_STR("yes") : WH_STR("no");
    case WH_TYPE_STRING:
        return value.text;
    case WH_TYPE_NUMBER:
    case WH_TYPE_LABEL:
        wh_decimal_format(&buf, value.number);
        break;
    case WH_TYPE_TIME:
        wh_time_format(&buf, value.number);
        break;
    case WH_TYPE_DURATION:
        wh_duration_format(&buf, value.number);
        break;
    case WH_TYPE_LIST:
        push_list(&buf, value.list);
        break;
    }
    return wh_buf_str(&buf);
}

const char *
wh_columns_colour(bool has_colour, enum wh_colour colour)
{
    static const char *const escapes[] = {
        [WH_COLOUR_PLAIN] = "\033[0m", [WH_COLOUR_GOOD] = "\033[1;32m",
        [WH_COLOUR_BAD] = "\033[31m",  [WH_COLOUR_WARNING] = "\033[33m",
        [WH_COLOUR_QUIET] = "\033[2m", [WH_COLOUR_STRONG] = "\033[1m",
    };
    return has_colour ? escapes[colour] : "";
}
