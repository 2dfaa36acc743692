#include "engine/language/problem.h"

#include <stdarg.h>

#include "engine/base/format.h"

const char *
wh_severity_str(enum wh_severity severity)
{
    switch (severity) {
    case WH_SEVERITY_ERROR:
        return "error";
    case WH_SEVERITY_WARNING:
        return "warning";
    }
    return "";
}

void
wh_problems_init(struct wh_problems *problems, struct wh_arena *arena)
{
    *problems = (struct wh_problems){.arena = arena};
}

static struct wh_str format_message(struct wh_arena *arena, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

/* The message in the arena. The two passes keep the length unbounded: messages quote the model. */
static struct wh_str
format_message(struct wh_arena *arena, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    size_t len = wh_format(NULL, 0, format, args);
    char *text = wh_arena_alloc(arena, len + 1);
    (void)wh_format(text, len + 1, format, again);
    va_end(again);
    return (struct wh_str){text, len};
}

static struct wh_problem *
add(struct wh_problems *problems, enum wh_severity severity, const struct wh_location *location,
    struct wh_str message)
{
    struct wh_problem *problem = WH_ARENA_NEW(problems->arena, struct wh_problem);
    problem->severity = severity;
    problem->location = *location;
    problem->message = message;
    *(severity == WH_SEVERITY_ERROR ? &problems->error_count : &problems->warning_count) += 1;
    if (problems->count == WH_PROBLEM_MAX) {
        return problem;
    }
    problems->count++;
    if (problems->last == NULL) {
        problems->first = problem;
    } else {
        problems->last->next = problem;
    }
    problems->last = problem;
    return problem;
}

struct wh_problem *
wh_problem_error(struct wh_problems *problems, const struct wh_location *location,
                 const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct wh_str message = format_message(problems->arena, format, args);
    va_end(args);
    return add(problems, WH_SEVERITY_ERROR, location, message);
}

struct wh_problem *
wh_problem_warning(struct wh_problems *problems, const struct wh_location *location,
                   const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct wh_str message = format_message(problems->arena, format, args);
    va_end(args);
    return add(problems, WH_SEVERITY_WARNING, location, message);
}

void
wh_problem_note(struct wh_problems *problems, struct wh_problem *problem,
                const struct wh_location *location, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct wh_problem_note *note = WH_ARENA_NEW(problems->arena, struct wh_problem_note);
    note->location = *location;
    note->message = format_message(problems->arena, format, args);
    va_end(args);
    struct wh_problem_note **link = &problem->notes;
    while (*link != NULL) {
        link = &(*link)->next;
    }
    *link = note;
}

static bool
is_twin(const struct wh_problem *a, const struct wh_problem *b)
{
    return wh_location_compare(&a->location, &b->location) == 0 && a->severity == b->severity &&
           wh_str_equal(a->message, b->message);
}

static void
count_down(struct wh_problems *problems, enum wh_severity severity)
{
    *(severity == WH_SEVERITY_ERROR ? &problems->error_count : &problems->warning_count) -= 1;
    problems->count--;
}

/* Insertion into a list of at most WH_PROBLEM_MAX. */
static void
insert_sorted(struct wh_problems *problems, struct wh_problem **first, struct wh_problem *problem)
{
    struct wh_problem **link = first;
    while (*link != NULL && wh_location_compare(&(*link)->location, &problem->location) <= 0) {
        if (is_twin(*link, problem)) {
            count_down(problems, problem->severity);
            return;
        }
        link = &(*link)->next;
    }
    problem->next = *link;
    *link = problem;
}

void
wh_problems_sort(struct wh_problems *problems)
{
    struct wh_problem *sorted = NULL;
    struct wh_problem *problem = problems->first;
    while (problem != NULL) {
        struct wh_problem *next = problem->next;
        insert_sorted(problems, &sorted, problem);
        problem = next;
    }
    problems->first = sorted;
    problems->last = sorted;
    while (problems->last != NULL && problems->last->next != NULL) {
        problems->last = problems->last->next;
    }
}

struct wh_nearest
wh_nearest_to(struct wh_str word)
{
    return (struct wh_nearest){.word = word, .distance = WH_STR_DISTANCE_MAX};
}

void
wh_nearest_offer(struct wh_nearest *nearest, struct wh_str candidate, int tag)
{
    size_t limit = nearest->word.len / 3;
    limit = limit < 1 ? 1 : limit > 3 ? 3 : limit;
    size_t distance = wh_str_distance(nearest->word, candidate);
    if (candidate.len == 0 || distance > limit || distance >= nearest->distance) {
        return;
    }
    nearest->best = candidate;
    nearest->distance = distance;
    nearest->tag = tag;
}

bool
wh_nearest_found(const struct wh_nearest *nearest)
{
    return nearest->best.len > 0;
}

struct wh_str
wh_problem_count_text(struct wh_arena *arena, int64_t count)
{
    struct wh_buf digits;
    wh_buf_init(&digits, arena);
    wh_buf_push_int(&digits, count);
    struct wh_buf text;
    wh_buf_init(&text, arena);
    for (size_t i = 0; i < digits.len; i++) {
        size_t left = digits.len - i;
        if (left % 3 == 0 && i > 0 && digits.ptr[i - 1] != '-') {
            wh_buf_push_char(&text, ',');
        }
        wh_buf_push_char(&text, digits.ptr[i]);
    }
    return wh_buf_str(&text);
}
