#include "engine/language/scalars.h"

#include "engine/base/decimal.h"
#include "engine/base/time.h"

const char *const wh_grade_letters[WH_GRADE_COUNT] = {"F",  "D-", "D",  "D+", "C-", "C", "C+",
                                                      "B-", "B",  "B+", "A-", "A",  "A+"};

const char *const wh_verdict_levels[WH_VERDICT_COUNT] = {"bot", "suspect", "unconfirmed", "human"};

/* "found "x"" of what stands there, after what was expected. */
static void
tell_expected(struct wh_problems *problems, const struct wh_tree *tree, const char *expected)
{
    if (problems == NULL || tree->is_broken) {
        return;
    }
    if (tree->kind != WH_TREE_SCALAR || wh_tree_is_empty(tree)) {
        (void)wh_problem_error(problems, &tree->location, "expected %s, found %s", expected,
                               wh_tree_kind_str(tree));
        return;
    }
    (void)wh_problem_error(problems, &tree->location, "expected %s, found \"%.*s\"", expected,
                           WH_STR_ARG(tree->text));
}

static bool
is_readable(struct wh_problems *problems, const struct wh_tree *tree, const char *expected)
{
    bool is_scalar = tree->kind == WH_TREE_SCALAR && !tree->is_broken;
    if (!is_scalar || wh_tree_is_empty(tree)) {
        tell_expected(problems, tree, expected);
        return false;
    }
    return true;
}

bool
wh_scalar_text(struct wh_problems *problems, const struct wh_tree *tree, struct wh_str *ret_text)
{
    if (!is_readable(problems, tree, "text")) {
        return false;
    }
    *ret_text = tree->text;
    return true;
}

bool
wh_scalar_bool(struct wh_problems *problems, const struct wh_tree *tree, bool *ret_value)
{
    if (wh_tree_is_text(tree, "true") || wh_tree_is_text(tree, "false")) {
        *ret_value = wh_tree_is_text(tree, "true");
        return true;
    }
    tell_expected(problems, tree, "true or false");
    return false;
}

bool
wh_scalar_duration(struct wh_problems *problems, const struct wh_tree *tree, int64_t *ret_us)
{
    static const char expected[] = "a duration such as 30d or 1h30m";
    if (!is_readable(problems, tree, expected)) {
        return false;
    }
    enum wh_err err = wh_duration_parse(tree->text, ret_us);
    if (err == WH_ERR_LIMIT && problems != NULL) {
        (void)wh_problem_error(problems, &tree->location,
                               "a duration is at most 1,100d, found \"%.*s\"",
                               WH_STR_ARG(tree->text));
    } else if (err != WH_OK) {
        tell_expected(problems, tree, expected);
    }
    return err == WH_OK;
}

bool
wh_scalar_percent(struct wh_problems *problems, const struct wh_tree *tree,
                  int64_t *ret_thousandths)
{
    static const char expected[] = "a percentage between 0.1% and 100%";
    if (!is_readable(problems, tree, expected)) {
        return false;
    }
    struct wh_str text = tree->text;
    int64_t percent = 0;
    bool is_percent = wh_str_ends_with(text, WH_STR("%")) &&
                      wh_decimal_parse(wh_str_slice(text, 0, text.len - 1), &percent) == WH_OK;
    /* A tenth of a percent is a thousandth of 1; what is finer cannot be kept. */
    bool is_exact = percent % (WH_DECIMAL_ONE / 10) == 0;
    if (!is_percent || !is_exact || percent <= 0 || percent > 100 * WH_DECIMAL_ONE) {
        tell_expected(problems, tree, expected);
        return false;
    }
    *ret_thousandths = percent / (WH_DECIMAL_ONE / 10);
    return true;
}

/* digits "." and more than three digits */
static bool
has_many_decimals(struct wh_str text)
{
    size_t point = 0;
    while (point < text.len && text.ptr[point] != '.') {
        point++;
    }
    return point < text.len && text.len - point - 1 > 3;
}

bool
wh_scalar_number(struct wh_problems *problems, const struct wh_tree *tree, int64_t *ret_thousandths)
{
    if (!is_readable(problems, tree, "a number")) {
        return false;
    }
    enum wh_err err = wh_decimal_parse(tree->text, ret_thousandths);
    if (err == WH_ERR_LIMIT && problems != NULL) {
        (void)wh_problem_error(problems, &tree->location, "%s: %.*s",
                               has_many_decimals(tree->text) ? "at most 3 decimals"
                                                             : "too large a number",
                               WH_STR_ARG(tree->text));
    } else if (err != WH_OK) {
        tell_expected(problems, tree, "a number");
    }
    return err == WH_OK;
}

bool
wh_scalar_count(struct wh_problems *problems, const struct wh_tree *tree, int64_t min, int64_t max,
                int64_t *ret_count)
{
    int64_t value = 0;
    bool is_number = tree->kind == WH_TREE_SCALAR && !tree->is_broken &&
                     wh_decimal_parse(tree->text, &value) == WH_OK;
    bool is_whole = is_number && value % WH_DECIMAL_ONE == 0;
    if (is_whole && value / WH_DECIMAL_ONE >= min && value / WH_DECIMAL_ONE <= max) {
        *ret_count = value / WH_DECIMAL_ONE;
        return true;
    }
    if (problems != NULL) {
        struct wh_buf expected;
        wh_buf_init(&expected, problems->arena);
        wh_buf_printf(&expected, "a whole number between %.*s and %.*s",
                      WH_STR_ARG(wh_problem_count_text(problems->arena, min)),
                      WH_STR_ARG(wh_problem_count_text(problems->arena, max)));
        tell_expected(problems, tree, wh_buf_text(&expected));
    }
    return false;
}

bool
wh_scalar_time(struct wh_problems *problems, const struct wh_tree *tree, const struct wh_zone *zone,
               int64_t *ret_us)
{
    int64_t us = 0;
    bool has_zone = false;
    if (!is_readable(problems, tree, "a time such as 2026-03-01 or 2026-03-01T09:00")) {
        return false;
    }
    if (wh_time_parse(tree->text, &us, &has_zone) != WH_OK) {
        tell_expected(problems, tree, "a time such as 2026-03-01 or 2026-03-01T09:00");
        return false;
    }
    *ret_us = has_zone ? us : wh_zone_to_utc(zone, us);
    return true;
}

bool
wh_scalar_period(struct wh_problems *problems, const struct wh_tree *tree,
                 enum wh_period *ret_period)
{
    static const char expected[] = "day, week, month, quarter or year";
    if (!is_readable(problems, tree, expected)) {
        return false;
    }
    if (!wh_name_period(tree->text, ret_period)) {
        tell_expected(problems, tree, expected);
        return false;
    }
    return true;
}

bool
wh_scalar_weight(struct wh_problems *problems, const struct wh_tree *tree, int32_t *ret_thirds)
{
    static const char expected[] = "a weight between -3/3 and 3/3, such as 2/3";
    if (!is_readable(problems, tree, expected)) {
        return false;
    }
    struct wh_str text = tree->text;
    bool is_negative = wh_str_starts_with(text, WH_STR("-"));
    if (is_negative) {
        text = wh_str_slice(text, 1, text.len);
    }
    bool is_thirds = text.len == 3 && text.ptr[0] >= '0' && text.ptr[0] <= '3' &&
                     text.ptr[1] == '/' && text.ptr[2] == '3';
    if (!is_thirds) {
        tell_expected(problems, tree, expected);
        return false;
    }
    *ret_thirds = (is_negative ? -1 : 1) * (text.ptr[0] - '0');
    return true;
}

bool
wh_scalar_grade(struct wh_problems *problems, const struct wh_tree *tree, int32_t *ret_index)
{
    if (!is_readable(problems, tree, "a grade: F D- D D+ C- C C+ B- B B+ A- A A+")) {
        return false;
    }
    if (wh_name_grade(tree->text, ret_index)) {
        return true;
    }
    if (problems != NULL) {
        (void)wh_problem_error(problems, &tree->location,
                               "\"%.*s\" is not a grade: F D- D D+ C- C C+ B- B B+ A- A A+",
                               WH_STR_ARG(tree->text));
    }
    return false;
}

/* "a, b or c" */
static const char *
list_words(struct wh_arena *arena, const char *const *words, size_t count)
{
    struct wh_buf buf;
    wh_buf_init(&buf, arena);
    for (size_t i = 0; i < count; i++) {
        if (i > 0) {
            wh_buf_push_text(&buf, i + 1 == count ? " or " : ", ");
        }
        wh_buf_push_text(&buf, words[i]);
    }
    return wh_buf_text(&buf);
}

bool
wh_scalar_choice(struct wh_problems *problems, const struct wh_tree *tree, const char *const *words,
                 size_t count, size_t *ret_index)
{
    for (size_t i = 0; i < count; i++) {
        if (!tree->is_broken && wh_tree_is_text(tree, words[i])) {
            *ret_index = i;
            return true;
        }
    }
    if (problems != NULL) {
        tell_expected(problems, tree, list_words(problems->arena, words, count));
    }
    return false;
}
