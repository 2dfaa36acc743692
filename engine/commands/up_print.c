/* What `up` prints: each lead event as it leaves, then what it all came to. */
#include <stdlib.h>
#include <string.h>

#include <yyjson.h>

#include "engine/base/time.h"
#include "engine/commands/console.h"
#include "engine/commands/event_read.h"
#include "engine/commands/shard_parts.h"
#include "engine/commands/up.h"

#define FIRST_CAPACITY 64

void
wh_up_print_heading(struct wh_up *up)
{
    struct wh_buf buf;
    const struct wh_ruleset *ruleset = &up->model->ruleset;
    up->style =
        (struct wh_event_style){ruleset, wh_console_has_colour(stdout, up->call->environment)};
    if (up->is_json) {
        return;
    }
    wh_buf_init(&buf, &up->arena);
    wh_buf_printf(&buf, "Model %.*s%s; times in %.*s.\n\n", WH_STR_ARG(ruleset->name),
                  ruleset->is_shadow ? ", a shadow" : "", WH_STR_ARG(ruleset->zone->name));
    wh_event_text_heading(&buf, &up->style);
    wh_console_result(wh_buf_str(&buf));
    (void)fflush(stdout);
}

static void
print_event(struct wh_up *up, const struct wh_event *event, struct wh_str json)
{
    struct wh_buf text;
    wh_buf_init(&text, &up->line);
    if (up->is_json) {
        wh_buf_push(&text, json);
        wh_buf_push_char(&text, '\n');
    } else {
        wh_event_text_line(&text, &up->style, event);
    }
    wh_console_result(wh_buf_str(&text));
    wh_arena_reset(&up->line);
}

static void
hold(struct wh_up *up, const struct wh_event *event, struct wh_str json)
{
    if (up->held_count == up->held_capacity) {
        size_t capacity = up->held_capacity == 0 ? FIRST_CAPACITY : 2 * up->held_capacity;
        up->held =
            wh_arena_grow(&up->held_arena, up->held, up->held_count, capacity, sizeof(*up->held));
        up->held_json = wh_arena_grow(&up->held_arena, up->held_json, up->held_count, capacity,
                                      sizeof(*up->held_json));
        up->held_capacity = capacity;
    }
    up->held[up->held_count] = *event;
    up->held_json[up->held_count++] = wh_arena_str(&up->held_arena, json);
}

static void
take_event(struct wh_up *up, const struct wh_log_record *record)
{
    struct wh_event event;
    struct wh_arena *arena = up->is_live ? &up->line : &up->held_arena;
    if (!wh_event_read(arena, record->value, &event)) {
        return;
    }
    wh_summary_add(&up->summary, &event);
    wh_up_publish(up, record->value);
    if (up->is_live) {
        print_event(up, &event, record->value);
    } else {
        hold(up, &event, record->value);
    }
}

void
wh_up_take_committed(void *self, const struct wh_log_transaction *transaction)
{
    struct wh_up *up = self;
    bool has_any = false;
    for (size_t i = 0; i < transaction->record_count; i++) {
        const struct wh_log_record *record = &transaction->records[i];
        if (record->topic == WH_TOPIC_LEADS) {
            wh_count_lead_event(&up->metrics, record);
            up->live_events += up->is_live ? 1 : 0;
            take_event(up, record);
            has_any = true;
        }
    }
    if (has_any && up->is_live) {
        (void)fflush(stdout); /* a line is read while it leaves; a failure is told at the end */
    }
}

struct place {
    int64_t decided;
    size_t index;
};

static int
compare_places(const void *a, const void *b)
{
    const struct place *left = a;
    const struct place *right = b;
    if (left->decided != right->decided) {
        return left->decided < right->decided ? -1 : 1;
    }
    return left->index < right->index ? -1 : 1;
}

/* Those of one moment stay in the order in which they were committed. */
void
wh_up_print_held(struct wh_up *up)
{
    if (up->held_count == 0) {
        return;
    }
    struct place *places = WH_ARENA_ARRAY(&up->held_arena, struct place, up->held_count);
    for (size_t i = 0; i < up->held_count; i++) {
        places[i] = (struct place){up->held[i].decided, i};
    }
    qsort(places, up->held_count, sizeof(*places), compare_places);
    for (size_t i = 0; i < up->held_count; i++) {
        print_event(up, &up->held[places[i].index], up->held_json[places[i].index]);
    }
    (void)fflush(stdout);
    up->held_count = up->held_capacity = 0;
    up->held = NULL;
    up->held_json = NULL;
    wh_arena_reset(&up->held_arena);
}

static int64_t
clock_of(const struct wh_up *up)
{
    int64_t now = WH_TIME_MIN;
    for (uint32_t p = 0; p < up->shard.partition_count; p++) {
        const struct wh_partition *partition = &up->shard.partitions[p];
        if (partition->state == WH_PARTITION_READY && partition->last.now > now) {
            now = partition->last.now;
        }
    }
    return now;
}

static void
collect_counts(struct wh_up *up)
{
    memset(up->played.outcomes, 0, sizeof(up->played.outcomes));
    up->played.commands = 0;
    up->summary.silent = 0;
    for (uint32_t p = 0; p < up->shard.partition_count; p++) {
        const struct wh_batch_counts *counts = &up->shard.contexts[p].counts;
        for (int i = 0; i < WH_OUTCOME_COUNT; i++) {
            up->played.outcomes[i] += counts->outcomes[i];
        }
        up->played.commands += counts->commands;
        up->summary.silent += counts->silent;
    }
}

/* With --json events alone go to standard output. */
void
wh_up_print_summary(struct wh_up *up)
{
    struct wh_buf buf;
    FILE *stream = up->is_json ? stderr : stdout;
    collect_counts(up);
    struct wh_summary_context context = {
        .played = &up->played,
        .rejects = &up->rejects,
        .ruleset = &up->model->ruleset,
        .database = &up->database,
        .codec = &up->codec,
        .models = &up->models,
        .now = clock_of(up),
        .model = up->model_path,
        .file = up->file,
        .data = up->data,
        .program = up->call->program,
        .has_colour = wh_console_has_colour(stream, up->call->environment),
    };
    wh_buf_init(&buf, &up->arena);
    wh_summary_print(&buf, &up->summary, &context);
    struct wh_str text = wh_buf_str(&buf);
    (void)!fwrite(text.ptr, 1, text.len, stream);
    (void)fflush(stream);
}

void
wh_up_print_address(struct wh_up *up)
{
    FILE *stream = up->is_json ? stderr : stdout;
    const char *url = wh_web_url(up->web);
    (void)fprintf(stream, "\nWaterhole is up at %s", url);
    if (up->data.len > 0) {
        (void)fprintf(stream, ", its data in %.*s. Ctrl-C ends it.\n", WH_STR_ARG(up->data));
    } else {
        (void)fprintf(stream, ". Nothing is kept: --data DIR keeps it. Ctrl-C ends it.\n");
    }
    (void)fprintf(
        stream,
        "A touch to try:\n"
        "  curl %s/v1/touchpoints -d '{\"type\":\"demo_request\",\"occurred_at\":\"'$(date "
        "-u +%%FT%%TZ)'\",\"identifiers\":{\"email\":\"you@company.example\"}}'\n\n",
        url);
    (void)fflush(stream);
}

void
wh_up_print_end(struct wh_up *up)
{
    FILE *stream = up->is_json ? stderr : stdout;
    (void)fprintf(stream, "\nEnded in order: %llu lead event%s since it was up%s%.*s.\n",
                  (unsigned long long)up->live_events, up->live_events == 1 ? "" : "s",
                  up->data.len > 0 ? "; everything is kept in " : "", WH_STR_ARG(up->data));
    (void)fflush(stream);
}
