/* Announcements of a lead against `event` and `no_event` of a model test. */
#include "engine/base/decimal.h"
#include "engine/lab/test_run.h"

static bool
is_meant(const struct wh_test_look *look, const struct wh_test_pattern *pattern,
         const struct wh_test_event *event)
{
    return event->kind == pattern->kind && wh_test_is_of(look, event) &&
           (pattern->name.len == 0 || wh_str_equal(event->name, pattern->name)) &&
           event->decided >= pattern->from && event->decided <= look->expectation->at;
}

/* The first thing that the event says otherwise; where == NULL: nothing. */
struct difference {
    const struct wh_tree *where;
    const char *what;
    struct wh_str found;
};

static bool
says_text(const struct wh_tree *expected, struct wh_str found)
{
    return wh_str_equal(expected->text, found) ||
           (found.len == 0 && wh_tree_is_text(expected, "none"));
}

static struct wh_str
or_none(struct wh_str text)
{
    return text.len == 0 ? WH_STR("none") : text;
}

static struct difference
text_difference(const struct wh_test_pattern *pattern, const struct wh_test_event *event)
{
    if (pattern->route != NULL && !says_text(pattern->route, event->route.to) &&
        !says_text(pattern->route, event->route.rule)) {
        return (struct difference){pattern->route, "route", or_none(event->route.to)};
    }
    if (pattern->owner != NULL && !says_text(pattern->owner, event->route.owner)) {
        return (struct difference){pattern->owner, "owner", or_none(event->route.owner)};
    }
    if (pattern->note != NULL && !says_text(pattern->note, event->note)) {
        return (struct difference){pattern->note, "note", or_none(event->note)};
    }
    return (struct difference){.where = NULL};
}

static const struct wh_value *
find_named(const struct wh_named_list *list, struct wh_str name)
{
    for (size_t i = 0; i < list->count; i++) {
        if (wh_str_equal(list->items[i].name, name)) {
            return &list->items[i].value;
        }
    }
    return NULL;
}

static bool
says_value(const struct wh_tree *expected, const struct wh_value *value, struct wh_str text)
{
    int64_t number = 0;
    if (value->type == WH_TYPE_NUMBER) {
        return wh_decimal_parse(expected->text, &number) == WH_OK && number == value->number;
    }
    return wh_str_equal(expected->text, text);
}

static struct difference
with_difference(struct wh_arena *arena, const struct wh_test_pattern *pattern,
                const struct wh_test_event *event)
{
    size_t count = pattern->with == NULL ? 0 : pattern->with->count;
    for (size_t i = 0; i < count; i++) {
        const struct wh_tree_entry *entry = &pattern->with->entries[i];
        const struct wh_value *value = find_named(&event->with, entry->key);
        struct wh_buf text;
        struct wh_buf what;
        wh_buf_init(&text, arena);
        wh_buf_init(&what, arena);
        wh_buf_printf(&what, "with %.*s", WH_STR_ARG(entry->key));
        if (value == NULL) {
            return (struct difference){entry->value, wh_buf_text(&what), WH_STR("none")};
        }
        wh_value_format(&text, *value);
        if (entry->value->kind != WH_TREE_SCALAR ||
            !says_value(entry->value, value, wh_buf_str(&text))) {
            return (struct difference){entry->value, wh_buf_text(&what), wh_buf_str(&text)};
        }
    }
    return (struct difference){.where = NULL};
}

static struct difference
number_difference(struct wh_arena *arena, const struct wh_test_pattern *pattern,
                  const struct wh_test_event *event)
{
    if (pattern->episode != NULL && pattern->episode_number != (int64_t)event->number) {
        struct wh_buf text;
        wh_buf_init(&text, arena);
        wh_buf_push_int(&text, event->number);
        return (struct difference){pattern->episode, "episode", wh_buf_str(&text)};
    }
    if (pattern->late != NULL && pattern->is_late != event->late) {
        return (struct difference){pattern->late, "late",
                                   event->late ? WH_STR("true") : WH_STR("false")};
    }
    return (struct difference){.where = NULL};
}

static struct difference
difference_of(struct wh_arena *arena, const struct wh_test_pattern *pattern,
              const struct wh_test_event *event)
{
    struct difference difference = text_difference(pattern, event);
    if (difference.where == NULL) {
        difference = number_difference(arena, pattern, event);
    }
    return difference.where == NULL ? with_difference(arena, pattern, event) : difference;
}

static void
tell_difference(struct wh_test_look *look, const struct wh_test_check *check,
                const struct wh_test_event *event, const struct difference *difference)
{
    struct wh_problems *problems = &look->run->problems;
    struct wh_buf at;
    wh_buf_init(&at, look->run->arena);
    wh_test_story_offset(look->run->test, event->decided, &at);
    struct wh_str expected = difference->where->kind == WH_TREE_SCALAR
                                 ? difference->where->text
                                 : wh_location_text(&difference->where->location);
    (void)wh_problem_error(problems, &difference->where->location,
                           "%s of event %.*s at %.*s: expected %.*s, found %.*s", difference->what,
                           WH_STR_ARG(check->name), WH_STR_ARG(wh_buf_str(&at)),
                           WH_STR_ARG(expected), WH_STR_ARG(difference->found));
}

static void
tell_count(struct wh_test_look *look, const struct wh_test_check *check, int64_t found)
{
    const struct wh_test_pattern *pattern = check->pattern;
    const struct wh_test_case *test = look->run->test;
    struct wh_buf when;
    wh_buf_init(&when, look->run->arena);
    if (pattern->from != look->expectation->at) {
        wh_buf_push_text(&when, "from ");
        wh_test_story_offset(test, pattern->from, &when);
        wh_buf_push_text(&when, " to ");
    } else {
        wh_buf_push_text(&when, "at ");
    }
    wh_test_story_offset(test, look->expectation->at, &when);
    (void)wh_problem_error(&look->run->problems, &check->expected->location,
                           "event %.*s %.*s: expected %lld, found %lld", WH_STR_ARG(check->name),
                           WH_STR_ARG(wh_buf_str(&when)), (long long)pattern->count,
                           (long long)found);
}

void
wh_test_judge_events(struct wh_test_look *look, const struct wh_test_check *check)
{
    const struct wh_test_event *unlike = NULL;
    struct difference difference = {.where = NULL};
    int64_t found = 0;
    for (const struct wh_test_event *event = look->run->first_event; event != NULL;
         event = event->next) {
        if (!is_meant(look, check->pattern, event)) {
            continue;
        }
        struct difference its = difference_of(look->run->arena, check->pattern, event);
        found += its.where == NULL ? 1 : 0;
        if (its.where != NULL) {
            unlike = event;
            difference = its;
        }
    }
    if (found == check->pattern->count) {
        return;
    }
    if (unlike != NULL && found < check->pattern->count) {
        tell_difference(look, check, unlike, &difference);
    } else {
        tell_count(look, check, found);
    }
}
