/* Names of the model: which there may be, and what to say of those that may not. Part of
 * scalars.h. */
#include "engine/language/scalars.h"

static const char *const reserved[] = {
    "touch",    "it",      "lead",        "company", "consent",  "session", "people",  "now",
    "grade",    "stage",   "stage_since", "stale",   "ripe",     "any",     "all",     "none",
    "true",     "false",   "in",          "and",     "or",       "not",     "where",   "within",
    "between",  "this",    "previous",    "since",   "of",       "for",     "silent",  "count",
    "sum",      "min",     "max",         "avg",     "distinct", "first",   "last",    "top",
    "list",     "entered", "left",        "changed", "fired",    "has",     "default", "least",
    "greatest", "abs",     "time",        "day",     "week",     "month",   "quarter", "year",
    "never",    "if",      "else",        "then",    "let",      "null",
};

static const char *const events[] = {
    "qualified",     "withered", "withdrawn", "stage_changed", "segment_entered", "segment_left",
    "label_changed", "nurture",  "updated",   "merged",        "revived",         "erased",
};

static bool
is_listed(const char *const *words, size_t count, struct wh_str text)
{
    for (size_t i = 0; i < count; i++) {
        if (wh_str_is(text, words[i])) {
            return true;
        }
    }
    return false;
}

static bool
is_name_byte(char c, bool is_first)
{
    return (c >= 'a' && c <= 'z') || (!is_first && (c == '_' || (c >= '0' && c <= '9')));
}

bool
wh_name_is_valid(struct wh_str text)
{
    if (text.len == 0 || text.len > WH_NAME_LEN_MAX) {
        return false;
    }
    for (size_t i = 0; i < text.len; i++) {
        if (!is_name_byte(text.ptr[i], i == 0)) {
            return false;
        }
    }
    return true;
}

bool
wh_name_is_reserved(struct wh_str text)
{
    return is_listed(reserved, sizeof(reserved) / sizeof(reserved[0]), text);
}

bool
wh_name_is_event(struct wh_str text)
{
    return is_listed(events, sizeof(events) / sizeof(events[0]), text);
}

bool
wh_name_period(struct wh_str text, enum wh_period *ret_period)
{
    for (int i = WH_PERIOD_DAY; i <= WH_PERIOD_YEAR; i++) {
        if (wh_str_is(text, wh_period_str((enum wh_period)i))) {
            *ret_period = (enum wh_period)i;
            return true;
        }
    }
    return false;
}

static bool
find_index(const char *const *words, int32_t count, struct wh_str text, int32_t *ret_index)
{
    for (int32_t i = 0; i < count; i++) {
        if (wh_str_is(text, words[i])) {
            *ret_index = i;
            return true;
        }
    }
    return false;
}

bool
wh_name_grade(struct wh_str text, int32_t *ret_index)
{
    return find_index(wh_grade_letters, WH_GRADE_COUNT, text, ret_index);
}

bool
wh_name_verdict(struct wh_str text, int32_t *ret_level)
{
    return find_index(wh_verdict_levels, WH_VERDICT_COUNT, text, ret_level);
}

/* The nearest name to a text: "Went-Quiet 2" is went_quiet_2. Empty when nothing is left. */
static struct wh_str
suggest(struct wh_arena *arena, struct wh_str text)
{
    struct wh_buf buf;
    wh_buf_init(&buf, arena);
    for (size_t i = 0; i < text.len && buf.len < WH_NAME_LEN_MAX; i++) {
        char c = text.ptr[i];
        char lower = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
        bool is_kept = is_name_byte(lower, buf.len == 0);
        bool is_gap = !is_kept && buf.len > 0 && buf.ptr[buf.len - 1] != '_';
        if (is_kept) {
            wh_buf_push_char(&buf, lower);
        } else if (is_gap) {
            wh_buf_push_char(&buf, '_');
        }
    }
    while (buf.len > 0 && buf.ptr[buf.len - 1] == '_') {
        buf.len--;
    }
    return wh_buf_str(&buf);
}

static void
tell_no_name(struct wh_problems *problems, struct wh_str text, const struct wh_location *location)
{
    if (problems == NULL) {
        return;
    }
    struct wh_str better = suggest(problems->arena, text);
    if (text.len > WH_NAME_LEN_MAX && wh_name_is_valid(wh_str_slice(text, 0, WH_NAME_LEN_MAX))) {
        (void)wh_problem_error(problems, location, "\"%.*s\" is not a name; at most %d characters",
                               WH_STR_ARG(text), WH_NAME_LEN_MAX);
    } else if (better.len > 0) {
        (void)wh_problem_error(problems, location,
                               "\"%.*s\" is not a name; write %.*s (lower case, digits, _)",
                               WH_STR_ARG(text), WH_STR_ARG(better));
    } else {
        (void)wh_problem_error(problems, location, "\"%.*s\" is not a name (lower case, digits, _)",
                               WH_STR_ARG(text));
    }
}

static bool
read_word(struct wh_problems *problems, struct wh_str text, const struct wh_location *location,
          struct wh_str *ret_name)
{
    if (!wh_name_is_valid(text)) {
        tell_no_name(problems, text, location);
        return false;
    }
    *ret_name = text;
    return true;
}

static bool
read_name(struct wh_problems *problems, struct wh_str text, const struct wh_location *location,
          struct wh_str *ret_name)
{
    if (!wh_name_is_reserved(text)) {
        return read_word(problems, text, location, ret_name);
    }
    if (problems != NULL) {
        (void)wh_problem_error(problems, location, "\"%.*s\" is reserved and cannot be a name",
                               WH_STR_ARG(text));
    }
    return false;
}

/* Says so when tree is no text at all. */
static bool
is_text(struct wh_problems *problems, const struct wh_tree *tree)
{
    if (tree->is_broken) {
        return false;
    }
    bool is_scalar = tree->kind == WH_TREE_SCALAR && !wh_tree_is_empty(tree);
    if (!is_scalar && problems != NULL) {
        (void)wh_problem_error(problems, &tree->location, "expected a name, found %s",
                               wh_tree_kind_str(tree));
    }
    return is_scalar;
}

bool
wh_scalar_name(struct wh_problems *problems, const struct wh_tree *tree, struct wh_str *ret_name)
{
    return is_text(problems, tree) && read_name(problems, tree->text, &tree->location, ret_name);
}

bool
wh_scalar_word(struct wh_problems *problems, const struct wh_tree *tree, struct wh_str *ret_name)
{
    return is_text(problems, tree) && read_word(problems, tree->text, &tree->location, ret_name);
}

bool
wh_scalar_key_name(struct wh_problems *problems, const struct wh_tree_entry *entry,
                   struct wh_str *ret_name)
{
    return read_name(problems, entry->key, &entry->key_location, ret_name);
}

bool
wh_scalar_key_word(struct wh_problems *problems, const struct wh_tree_entry *entry,
                   struct wh_str *ret_name)
{
    return read_word(problems, entry->key, &entry->key_location, ret_name);
}
