#include "tests/property/probe_print.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "engine/base/decimal.h"
#include "engine/rules/cells.h"
#include "engine/rules/read.h"

const struct wh_program *
probe_values_find(const struct probe_values *values, struct wh_str name)
{
    for (size_t i = 0; i < values->count; i++) {
        if (wh_str_equal(values->names[i], name)) {
            return &values->programs[i];
        }
    }
    return NULL;
}

struct wh_program *
probe_values_add(struct probe_values *values, struct wh_str name)
{
    assert(values->count < PROBE_VALUES_MAX);
    values->names[values->count] = name;
    return &values->programs[values->count++];
}

static void
print_text(struct wh_str text)
{
    yyjson_mut_doc *doc = yyjson_mut_doc_new(NULL);
    yyjson_mut_val *value = yyjson_mut_strn(doc, text.len > 0 ? text.ptr : "", text.len);
    char *json = yyjson_mut_val_write(value, 0, NULL);
    (void)printf("%s", json);
    free(json);
    yyjson_mut_doc_free(doc);
}

static void
print_or_null(bool is_known, struct wh_str text)
{
    if (is_known) {
        print_text(text);
    } else {
        (void)printf("null");
    }
}

static void
print_points(struct wh_arena *scratch, int64_t thousandths)
{
    struct wh_buf buf;
    wh_buf_init(&buf, scratch);
    wh_decimal_format_fixed(&buf, thousandths);
    (void)printf("\"%s\"", wh_buf_text(&buf));
}

/* user:ann is printed as ann. */
static struct wh_str
lead_name(struct wh_str key)
{
    return wh_str_slice(key, 5, key.len);
}

static void
print_route(const struct wh_event *event)
{
    (void)printf(",\"route\":");
    if (event->route.chosen) {
        (void)printf("{\"rule\":");
        print_text(event->route.rule);
        (void)printf(",\"to\":");
        print_text(event->route.to);
        if (event->route.owner.len > 0) {
            (void)printf(",\"owner\":");
            print_text(event->route.owner);
        }
        (void)printf("}");
    } else {
        (void)printf("null");
    }
    (void)printf(",\"note\":");
    print_or_null(event->note.len > 0, event->note);
}

static void
print_from_to(const struct wh_event *event)
{
    (void)printf(",\"from\":");
    print_or_null(event->from.len > 0, event->from);
    (void)printf(",\"to\":");
    print_or_null(event->to.len > 0, event->to);
}

/* Lists are not nested, so this calls itself once. */
static void
push_value(const struct wh_model *model, struct wh_buf *buf, const struct wh_program *program,
           struct wh_value value)
{
    switch (value.type) {
    case WH_TYPE_UNKNOWN:
        wh_buf_push_text(buf, "unknown");
        break;
    case WH_TYPE_LIST:
        wh_buf_push_char(buf, '[');
        for (size_t i = 0; i < value.list->count; i++) {
            wh_buf_push_text(buf, i > 0 ? ", " : "");
            push_value(model, buf, program, value.list->items[i]);
        }
        wh_buf_push_char(buf, ']');
        break;
    case WH_TYPE_BOOL:
        wh_buf_push_text(buf, value.number != 0 ? "true" : "false");
        break;
    case WH_TYPE_NUMBER:
        wh_decimal_format_fixed(buf, value.number);
        break;
    case WH_TYPE_TIME:
        wh_buf_push_char(buf, '@');
        wh_buf_push_int(buf, value.number);
        break;
    case WH_TYPE_DURATION:
        wh_buf_push_int(buf, value.number);
        wh_buf_push_text(buf, "us");
        break;
    case WH_TYPE_STRING:
    case WH_TYPE_LABEL: {
        struct wh_str text = value.type == WH_TYPE_STRING
                                 ? value.text
                                 : wh_compile_label_name(model, program, value.number);
        wh_buf_push_char(buf, '"');
        wh_buf_push(buf, text);
        wh_buf_push_char(buf, '"');
        break;
    }
    }
}

/* The touches of a sequence, where they say more than the cause does. */
static void
print_touches(const struct wh_event *event)
{
    bool is_cause = event->touch_count == 1 && wh_str_equal(event->touches[0], event->cause.touch);
    if (event->touch_count == 0 || is_cause) {
        return;
    }
    for (size_t i = 0; i < event->touch_count; i++) {
        (void)printf(i == 0 ? ",\"touches\":[" : ",");
        print_text(event->touches[i]);
    }
    (void)printf("]");
}

static void
print_with(struct wh_arena *scratch, const struct wh_event *event)
{
    for (size_t i = 0; i < event->with.count; i++) {
        struct wh_buf buf;
        wh_buf_init(&buf, scratch);
        push_value(NULL, &buf, NULL, event->with.items[i].value);
        (void)printf(i == 0 ? ",\"with\":{" : ",");
        print_text(event->with.items[i].name);
        (void)printf(":");
        print_text(wh_buf_str(&buf));
    }
    (void)printf(event->with.count > 0 ? "}" : "");
}

static void
print_step(const struct wh_event *event)
{
    (void)printf(",\"step\":");
    print_text(event->step);
    (void)printf(",\"%s\":", wh_action_kind_str(event->actions[0].kind));
    print_text(event->actions[0].what.value.text);
}

static void
print_details(struct wh_arena *scratch, const struct wh_event *event)
{
    switch (event->kind) {
    case WH_EVENT_QUALIFIED:
        print_route(event);
        break;
    case WH_EVENT_WITHERED:
        (void)printf(",\"reason\":");
        print_text(event->reason);
        break;
    case WH_EVENT_LABEL_CHANGED:
    case WH_EVENT_STAGE_CHANGED:
        print_from_to(event);
        break;
    case WH_EVENT_FIRED:
        (void)printf(",\"key\":");
        print_text(event->key);
        print_touches(event);
        print_with(scratch, event);
        break;
    case WH_EVENT_NURTURE:
        print_step(event);
        break;
    case WH_EVENT_WITHDRAWN:
    case WH_EVENT_SEGMENT_ENTERED:
    case WH_EVENT_SEGMENT_LEFT:
    case WH_EVENT_UPDATED:
    case WH_EVENT_MERGED:
    case WH_EVENT_REVIVED:
    case WH_EVENT_ERASED:
    case WH_EVENT_KIND_COUNT:
        break;
    }
}

void
probe_print_event(struct wh_arena *scratch, const struct wh_lead *lead,
                  const struct wh_event *event)
{
    (void)printf("{\"event\":\"%s\",\"name\":", wh_event_kind_str(event->kind));
    print_text(event->name);
    (void)printf(",\"n\":%" PRIu32 ",\"lead\":", event->number);
    print_text(lead_name(lead->entity.state.key));
    (void)printf(",\"decided\":%" PRId64 ",\"occurred\":%" PRId64 ",\"late\":%s,\"because\":",
                 event->decided, event->occurred, event->late ? "true" : "false");
    print_text(event->cause.is_due ? WH_STR("due") : event->cause.touch);
    print_details(scratch, event);
    (void)printf("}\n");
}

static void
print_value(const struct wh_model *model, struct wh_view *view, const struct wh_program *program)
{
    struct wh_buf buf;
    wh_buf_init(&buf, view->scratch);
    push_value(model, &buf, program, wh_eval(view, program));
    print_text(wh_buf_str(&buf));
}

static void
print_scores(struct wh_view *view)
{
    const struct wh_ruleset *ruleset = view->ruleset;
    (void)printf("\"scores\":{");
    for (size_t i = 0; i < ruleset->score_count; i++) {
        int64_t value = 0;
        (void)printf("%s", i > 0 ? "," : "");
        print_text(ruleset->scores[i].id);
        (void)printf(":");
        if (wh_read_score(view, (int32_t)i, &value)) {
            print_points(view->scratch, value);
        } else {
            (void)printf("null");
        }
    }
    (void)printf("}");
}

static void
print_ledger(struct wh_view *view)
{
    const struct wh_ruleset *ruleset = view->ruleset;
    bool is_first = true;
    (void)printf(",\"ledger\":{");
    for (size_t i = 0; i < ruleset->score_count; i++) {
        const struct wh_score *score = &ruleset->scores[i];
        if (score->is_value) {
            continue;
        }
        (void)printf("%s", is_first ? "" : ",");
        is_first = false;
        print_text(score->id);
        (void)printf(":{");
        for (size_t k = 0; k < score->rule_count; k++) {
            int32_t rule = score->first_rule + (int32_t)k;
            (void)printf("%s", k > 0 ? "," : "");
            print_text(ruleset->rules[rule].id);
            (void)printf(":");
            print_points(view->scratch, wh_read_rule_limited(view, rule));
        }
        (void)printf("}");
    }
    (void)printf("}");
}

static void
print_labels(struct wh_view *view)
{
    const struct wh_ruleset *ruleset = view->ruleset;
    (void)printf(",\"labels\":{");
    for (size_t i = 0; i < ruleset->label_count; i++) {
        int32_t ordinal = wh_read_label(view, (int32_t)i);
        (void)printf("%s", i > 0 ? "," : "");
        print_text(ruleset->labels[i].id);
        (void)printf(":");
        print_or_null(ordinal >= 0,
                      ordinal >= 0 ? ruleset->labels[i].names[ordinal] : (struct wh_str){NULL, 0});
    }
    (void)printf("}");
}

static void
print_stage(struct wh_view *view)
{
    const struct wh_stages *stages = &view->ruleset->stages;
    int64_t since = WH_TIME_MIN;
    (void)printf(",\"stage\":");
    if (stages->present) {
        print_text(stages->names[wh_read_stage(view, &since)]);
    } else {
        (void)printf("null");
    }
    if (since == WH_TIME_MIN) {
        (void)printf(",\"stage_since\":null");
    } else {
        (void)printf(",\"stage_since\":%" PRId64, since);
    }
}

static int
compare_names(const void *a, const void *b)
{
    const struct wh_str *left = a;
    const struct wh_str *right = b;
    return wh_str_compare(*left, *right);
}

static void
print_segments(struct wh_view *view)
{
    const struct wh_ruleset *ruleset = view->ruleset;
    struct wh_str *names = WH_ARENA_ARRAY(view->scratch, struct wh_str, ruleset->segment_count);
    size_t count = 0;
    for (size_t i = 0; i < ruleset->segment_count; i++) {
        if (wh_read_segment(view, (int32_t)i)) {
            names[count++] = ruleset->segments[i].id;
        }
    }
    qsort(names, count, sizeof(*names), compare_names);
    (void)printf(",\"segments\":[");
    for (size_t i = 0; i < count; i++) {
        (void)printf("%s", i > 0 ? "," : "");
        print_text(names[i]);
    }
    (void)printf("]");
}

static void
print_ripe(struct wh_view *view)
{
    const struct wh_ruleset *ruleset = view->ruleset;
    (void)printf(",\"ripe\":{");
    for (size_t i = 0; i < ruleset->qualification_count; i++) {
        (void)printf("%s", i > 0 ? "," : "");
        print_text(ruleset->qualifications[i].id);
        (void)printf(":%s", wh_read_ripe(view, (int32_t)i) ? "true" : "false");
    }
    (void)printf("}");
}

static void
print_verdicts(const struct wh_state *state)
{
    (void)printf(",\"verdicts\":{");
    for (uint32_t row = 0; row < state->history.count; row++) {
        (void)printf("%s", row > 0 ? "," : "");
        print_text(wh_strings_get(&state->strings, state->history.id[row]));
        (void)printf(":\"%s\"", wh_verdict_str((enum wh_verdict)state->history.verdict[row]));
    }
    (void)printf("}");
}

static void
print_values(const struct wh_model *model, struct wh_view *view, const struct probe_values *values,
             yyjson_val *asked)
{
    yyjson_val *text;
    yyjson_arr_iter each;
    bool is_first = true;
    yyjson_arr_iter_init(asked, &each);
    (void)printf(",\"values\":{");
    while ((text = yyjson_arr_iter_next(&each)) != NULL) {
        struct wh_str name = wh_str_of(yyjson_get_str(text));
        (void)printf("%s", is_first ? "" : ",");
        is_first = false;
        print_text(name);
        (void)printf(":");
        print_value(model, view, probe_values_find(values, name));
    }
    (void)printf("}");
}

void
probe_print_lead(const struct wh_model *model, struct wh_view *view,
                 const struct probe_values *values, yyjson_val *asked)
{
    print_text(lead_name(view->state->key));
    (void)printf(":{");
    print_scores(view);
    print_ledger(view);
    (void)printf(",\"grade\":");
    print_or_null(view->ruleset->fit.present, wh_str_of(wh_grade_str(wh_read_grade(view))));
    print_labels(view);
    print_stage(view);
    print_segments(view);
    print_ripe(view);
    print_verdicts(view->state);
    print_values(model, view, values, asked);
    (void)printf("}");
}
