#include "engine/commands/replay_sweep.h"

#include "engine/base/buf.h"
#include "engine/base/decimal.h"
#include "engine/base/time.h"

struct range {
    bool is_duration;
    int64_t from, to, step;
};

/* What stands before the mark; *rest is what stands behind it. False: the mark is not there. */
static bool
cut(struct wh_str *rest, const char *mark, struct wh_str *ret_before)
{
    struct wh_str sought = wh_str_of(mark);
    for (size_t i = 0; i + sought.len <= rest->len; i++) {
        if (memcmp(rest->ptr + i, sought.ptr, sought.len) == 0) {
            *ret_before = (struct wh_str){rest->ptr, i};
            *rest = (struct wh_str){rest->ptr + i + sought.len, rest->len - i - sought.len};
            return true;
        }
    }
    return false;
}

static bool
parse_value(struct wh_str text, bool is_duration, int64_t *ret)
{
    return (is_duration ? wh_duration_parse(text, ret) : wh_decimal_parse(text, ret)) == WH_OK;
}

static bool
parse_range(struct wh_str from, struct wh_str to, struct wh_str step, struct range *ret_range)
{
    int64_t ignored = 0;
    ret_range->is_duration = wh_decimal_parse(from, &ignored) != WH_OK;
    return parse_value(from, ret_range->is_duration, &ret_range->from) &&
           parse_value(to, ret_range->is_duration, &ret_range->to) &&
           parse_value(step, ret_range->is_duration, &ret_range->step);
}

enum wh_err
wh_sweep_parse(struct wh_arena *arena, struct wh_str text, struct wh_sweep *ret_sweep,
               struct wh_error *error)
{
    struct wh_str rest = text;
    struct wh_str from;
    struct wh_str to;
    struct range range;
    if (!cut(&rest, "=", &ret_sweep->constant) || !cut(&rest, "..", &from) ||
        !cut(&rest, "/", &to) || !parse_range(from, to, rest, &range)) {
        return wh_error_set(error, WH_ERR_USAGE,
                            "\"--sweep\" is NAME=FROM..TO/STEP with numbers or durations, such as "
                            "hot=70..110/5, found \"%.*s\"",
                            WH_STR_ARG(text));
    }
    if (range.step <= 0 || range.to < range.from ||
        (range.to - range.from) / range.step >= WH_SWEEP_VALUES_MAX) {
        return wh_error_set(error, WH_ERR_USAGE,
                            "\"--sweep\" goes up from FROM to TO in at most %d steps, found "
                            "\"%.*s\"",
                            WH_SWEEP_VALUES_MAX, WH_STR_ARG(text));
    }
    ret_sweep->count = 0;
    for (int64_t value = range.from; value <= range.to; value += range.step) {
        struct wh_buf buf;
        wh_buf_init(&buf, arena);
        if (range.is_duration) {
            wh_duration_format(&buf, value);
        } else {
            wh_decimal_format(&buf, value);
        }
        ret_sweep->values[ret_sweep->count++] = wh_buf_str(&buf);
    }
    return WH_OK;
}
