/* Values of a lead against what a model test expects of them. */
#include "engine/base/decimal.h"
#include "engine/lab/test_keys.h"
#include "engine/lab/test_run.h"
#include "engine/language/scalars.h"
#include "engine/rules/read.h"

static void
tell(struct wh_test_look *look, const struct wh_test_check *check, const char *what,
     struct wh_str found)
{
    struct wh_problems *problems = &look->run->problems;
    struct wh_str expected = check->expected->kind == WH_TREE_SCALAR
                                 ? check->expected->text
                                 : wh_location_text(&check->expected->location);
    (void)wh_problem_error(problems, &check->expected->location, "%s: expected %.*s, found %.*s",
                           what, WH_STR_ARG(expected), WH_STR_ARG(found));
}

/* "score interest" */
static const char *
name_of(struct wh_test_look *look, const char *kind, struct wh_str name)
{
    struct wh_buf buf;
    wh_buf_init(&buf, look->run->arena);
    wh_buf_printf(&buf, "%s %.*s", kind, WH_STR_ARG(name));
    return wh_buf_text(&buf);
}

static bool
is_near(const struct wh_test_check *check, int64_t found)
{
    int64_t distance = found > check->number ? found - check->number : check->number - found;
    return distance <= check->slack;
}

static void
judge_number(struct wh_test_look *look, const struct wh_test_check *check, const char *kind,
             int64_t found)
{
    struct wh_buf buf;
    if (is_near(check, found)) {
        return;
    }
    wh_buf_init(&buf, look->run->arena);
    wh_decimal_format(&buf, found);
    tell(look, check, name_of(look, kind, check->name), wh_buf_str(&buf));
}

static void
judge_score(struct wh_test_look *look, const struct wh_test_check *check)
{
    int64_t value = 0;
    /* An unknown score counts as nothing, here as in expressions. */
    (void)wh_read_score(&look->view, check->index, &value);
    judge_number(look, check, "score", value);
}

static void
judge_ordinal(struct wh_test_look *look, const struct wh_test_check *check, const char *what,
              int64_t found, struct wh_str found_name)
{
    if (found != check->number) {
        tell(look, check, what, found < 0 ? WH_STR("none") : found_name);
    }
}

static void
judge_grade(struct wh_test_look *look, const struct wh_test_check *check)
{
    int32_t found = wh_read_grade(&look->view);
    judge_ordinal(look, check, "grade", found, wh_str_of(wh_grade_str(found)));
}

static void
judge_stage(struct wh_test_look *look, const struct wh_test_check *check)
{
    int64_t since = 0;
    int32_t found = wh_read_stage(&look->view, &since);
    judge_ordinal(look, check, "stage", found, look->ruleset->stages.names[found]);
}

static void
judge_label(struct wh_test_look *look, const struct wh_test_check *check)
{
    const struct wh_label *label = &look->ruleset->labels[check->index];
    int32_t found = wh_read_label(&look->view, check->index);
    judge_ordinal(look, check, name_of(look, "label", check->name), found,
                  found < 0 ? WH_STR("none") : label->names[found]);
}

static void
judge_truth(struct wh_test_look *look, const struct wh_test_check *check, const char *what,
            bool found)
{
    judge_ordinal(look, check, what, found, found ? WH_STR("true") : WH_STR("false"));
}

static void
judge_ripe_any(struct wh_test_look *look, const struct wh_test_check *check)
{
    bool found = false;
    for (size_t i = 0; i < look->ruleset->qualification_count; i++) {
        found = wh_read_ripe(&look->view, (int32_t)i) || found;
    }
    judge_truth(look, check, "ripe", found);
}

static void
judge_verdict(struct wh_test_look *look, const struct wh_test_check *check)
{
    const struct wh_state *state = look->view.state;
    uint32_t row = wh_history_find(&state->history, &state->strings, check->name);
    const char *what = name_of(look, "verdict of", check->name);
    if (row == UINT32_MAX) {
        tell(look, check, what, WH_STR("no such touch by then"));
        return;
    }
    enum wh_verdict found = (enum wh_verdict)state->history.verdict[row];
    judge_ordinal(look, check, what, found, wh_str_of(wh_verdict_str(found)));
}

static bool
is_expected_number(const struct wh_tree *expected, int64_t found)
{
    struct wh_test_check check = {.slack = 0};
    return wh_test_keys_amount(expected->text, &check.number, &check.slack) &&
           is_near(&check, found);
}

/* text: the value as templates write it; labels are known by it. */
static bool
is_expected_value(const struct wh_test_look *look, const struct wh_tree *expected,
                  struct wh_value value, struct wh_str text)
{
    int64_t number = 0;
    bool is_plain = expected->style == WH_TREE_PLAIN;
    switch (value.type) {
    case WH_TYPE_UNKNOWN:
        return is_plain && wh_tree_is_text(expected, "unknown");
    case WH_TYPE_NUMBER:
        return is_expected_number(expected, value.number);
    case WH_TYPE_DURATION:
        return wh_scalar_duration(NULL, expected, &number) && number == value.number;
    case WH_TYPE_TIME:
        return wh_scalar_time(NULL, expected, look->run->test->zone, &number) &&
               number == value.number;
    case WH_TYPE_STRING:
        return !(is_plain && wh_tree_is_text(expected, "unknown")) &&
               wh_str_equal(expected->text, text);
    case WH_TYPE_BOOL:
    case WH_TYPE_LABEL:
    case WH_TYPE_LIST:
        return wh_str_equal(expected->text, text);
    }
    return false;
}

static bool
is_expected_list(const struct wh_test_look *look, const struct wh_tree *expected,
                 const struct wh_test_check *check, const struct wh_value_list *list)
{
    struct wh_view view = look->view;
    if (list->count != expected->count) {
        return false;
    }
    for (size_t i = 0; i < list->count; i++) {
        struct wh_str text = wh_eval_text(&view, &check->program, list->items[i]);
        if (expected->items[i]->kind != WH_TREE_SCALAR ||
            !is_expected_value(look, expected->items[i], list->items[i], text)) {
            return false;
        }
    }
    return true;
}

static void
judge_value(struct wh_test_look *look, const struct wh_test_check *check)
{
    struct wh_value value = wh_eval(&look->view, &check->program);
    struct wh_str text = wh_eval_text(&look->view, &check->program, value);
    bool is_list = check->expected->kind == WH_TREE_SEQUENCE;
    bool is_scalar = check->expected->kind == WH_TREE_SCALAR;
    bool is_met = is_list ? value.type == WH_TYPE_LIST &&
                                is_expected_list(look, check->expected, check, value.list)
                          : is_scalar && is_expected_value(look, check->expected, value, text);
    if (is_met) {
        return;
    }
    struct wh_buf found;
    wh_buf_init(&found, look->run->arena);
    wh_buf_push_text(&found, value.type == WH_TYPE_LIST ? "[" : "");
    wh_buf_push(&found, wh_value_is_known(value) ? text : WH_STR("unknown"));
    wh_buf_push_text(&found, value.type == WH_TYPE_LIST ? "]" : "");
    tell(look, check, name_of(look, "value of", check->name), wh_buf_str(&found));
}

void
wh_test_judge(struct wh_test_look *look, const struct wh_test_check *check)
{
    switch (check->kind) {
    case WH_TEST_SCORE:
        judge_score(look, check);
        break;
    case WH_TEST_LEDGER:
        judge_number(look, check, "ledger", wh_read_rule_limited(&look->view, check->index));
        break;
    case WH_TEST_GRADE:
        judge_grade(look, check);
        break;
    case WH_TEST_STAGE:
        judge_stage(look, check);
        break;
    case WH_TEST_LABEL:
        judge_label(look, check);
        break;
    case WH_TEST_SEGMENT:
        judge_truth(look, check, name_of(look, "segment", check->name),
                    wh_read_segment(&look->view, check->index));
        break;
    case WH_TEST_RIPE:
        judge_truth(look, check, name_of(look, "ripe", check->name),
                    wh_read_ripe(&look->view, check->index));
        break;
    case WH_TEST_RIPE_ANY:
        judge_ripe_any(look, check);
        break;
    case WH_TEST_VERDICT:
        judge_verdict(look, check);
        break;
    case WH_TEST_VALUE:
        judge_value(look, check);
        break;
    case WH_TEST_EVENT:
    case WH_TEST_NO_EVENT:
        wh_test_judge_events(look, check);
        break;
    }
}
