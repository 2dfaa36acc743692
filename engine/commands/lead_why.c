#include "engine/commands/lead_why.h"

#include <yyjson.h>

#include "engine/base/decimal.h"
#include "engine/commands/console.h"
#include "engine/commands/event_read.h"
#include "engine/commands/event_text.h"
#include "engine/commands/lead_parts.h"
#include "proto/story_json.h"

/* That many of the lead's latest events are named when none is meant. */
#define NAMED_MAX 5

enum { ROLE = 14 };

/* ---- which event ---- */

struct finder {
    struct wh_arena *arena;
    struct wh_str text;
    const struct wh_str *ids;
    size_t id_count;
    struct wh_str json, event_id, foreign; /* foreign: another lead's, by its whole id */
    int64_t decided;
    struct wh_str named[NAMED_MAX]; /* a ring */
    size_t named_count;
};

static struct wh_str
member(yyjson_val *root, const char *name)
{
    yyjson_val *value = yyjson_obj_get(root, name);
    return (struct wh_str){yyjson_get_str(value), yyjson_get_len(value)};
}

static bool
is_its(const struct finder *finder, struct wh_str lead_id)
{
    for (size_t i = 0; i < finder->id_count; i++) {
        if (wh_str_equal(finder->ids[i], lead_id)) {
            return true;
        }
    }
    return false;
}

static bool
is_meant(const struct finder *finder, struct wh_str id)
{
    size_t len = finder->text.len;
    bool is_whole = wh_str_equal(id, finder->text);
    return is_whole ||
           (id.len > len && wh_str_ends_with(id, finder->text) && id.ptr[id.len - len - 1] == '/');
}

static void
offer(struct finder *finder, yyjson_val *root, struct wh_str json)
{
    struct wh_str id = member(root, "id");
    bool has_zone = false;
    int64_t decided = WH_TIME_MIN;
    if (!is_its(finder, member(root, "lead_id"))) {
        bool is_whole = wh_str_equal(id, finder->text);
        finder->foreign =
            is_whole ? wh_arena_str(finder->arena, member(root, "lead_id")) : finder->foreign;
        return;
    }
    finder->named[finder->named_count++ % NAMED_MAX] = wh_arena_str(finder->arena, id);
    (void)!wh_time_parse(member(root, "decided_at"), &decided, &has_zone); /* as we wrote it */
    if (is_meant(finder, id) && (finder->json.len == 0 || decided >= finder->decided)) {
        finder->json = wh_arena_str(finder->arena, json);
        finder->event_id = wh_arena_str(finder->arena, id);
        finder->decided = decided;
    }
}

/* A wh_kept_record_fn: most records are other leads', which need not be read. */
static bool
look_at(void *self, const struct wh_log_record *record)
{
    struct finder *finder = self;
    bool may_be = wh_str_contains(record->value, finder->text);
    for (size_t i = 0; i < finder->id_count && !may_be; i++) {
        may_be = wh_str_contains(record->value, finder->ids[i]);
    }
    if (may_be) {
        yyjson_doc *doc = yyjson_read(record->value.ptr, record->value.len, 0);
        offer(finder, yyjson_doc_get_root(doc), record->value);
        yyjson_doc_free(doc);
    }
    return true;
}

static enum wh_exit
tell_unknown(const struct finder *finder)
{
    struct wh_buf buf;
    size_t first = finder->named_count > NAMED_MAX ? finder->named_count - NAMED_MAX : 0;
    wh_buf_init(&buf, finder->arena);
    wh_buf_push_text(&buf, "no event \"");
    wh_columns_push_clean(&buf, finder->text);
    wh_buf_push_text(&buf, "\" of this lead");
    if (finder->foreign.len > 0) {
        wh_buf_printf(&buf, ": it is one of lead %.*s", WH_STR_ARG(finder->foreign));
    } else if (finder->named_count == 0) {
        wh_buf_push_text(&buf, ": none is kept");
    } else {
        wh_buf_push_text(&buf, "; its latest are");
    }
    for (size_t i = first; i < finder->named_count && finder->foreign.len == 0; i++) {
        wh_buf_push_text(&buf, "\n  ");
        wh_columns_push_clean(&buf, finder->named[i % NAMED_MAX]);
    }
    return wh_console_fail(WH_EXIT_PROBLEMS, "%s", wh_buf_text(&buf));
}

enum wh_exit
wh_lead_why_find(struct wh_kept *kept, struct wh_arena *arena, struct wh_str text,
                 const struct wh_str *ids, size_t id_count, struct wh_lead_why *ret_why)
{
    struct finder finder = {.arena = arena, .text = text, .ids = ids, .id_count = id_count};
    enum wh_exit code = wh_kept_records(kept, WH_TOPIC_LEADS, look_at, &finder);
    if (code != WH_EXIT_DONE) {
        return code;
    }
    *ret_why = (struct wh_lead_why){.json = finder.json, .event_id = finder.event_id};
    if (finder.json.len == 0 || !wh_event_read(arena, finder.json, &ret_why->event)) {
        return tell_unknown(&finder);
    }
    return WH_EXIT_DONE;
}

/* ---- what both forms tell ---- */

static const struct wh_story_touch *
touch_of(const struct wh_lead_why *why, const struct wh_story *story)
{
    for (size_t i = 0; i < story->touch_count; i++) {
        if (why->event.cause.touch.len > 0 &&
            wh_str_equal(story->touches[i].id, why->event.cause.touch)) {
            return &story->touches[i];
        }
    }
    return NULL;
}

static const struct wh_story_qualification *
qualification_of(const struct wh_lead_why *why, const struct wh_story *story)
{
    bool is_its = why->event.kind == WH_EVENT_QUALIFIED || why->event.kind == WH_EVENT_WITHERED ||
                  why->event.kind == WH_EVENT_WITHDRAWN;
    for (size_t i = 0; i < story->qualification_count && is_its; i++) {
        if (wh_str_equal(story->qualifications[i].name, why->event.name)) {
            return &story->qualifications[i];
        }
    }
    return NULL;
}

/* The score of that name as computed again; NULL: the model has none of that name. */
static const struct wh_score_story *
again(const struct wh_story *story, struct wh_str name)
{
    for (size_t i = 0; i < story->snapshot->score_count; i++) {
        if (wh_str_equal(story->snapshot->scores[i].name, name)) {
            return &story->snapshot->scores[i];
        }
    }
    return NULL;
}

static bool
is_same(const struct wh_score_story *announced, const struct wh_score_story *computed)
{
    return computed != NULL && computed->value == announced->value;
}

static bool
has_same_scores(const struct wh_lead_why *why, const struct wh_story *story)
{
    const struct wh_snapshot *announced = why->event.snapshot;
    for (size_t i = 0; i < announced->score_count; i++) {
        if (!is_same(&announced->scores[i], again(story, announced->scores[i].name))) {
            return false;
        }
    }
    return true;
}

static bool
is_same_model(const struct wh_snapshot *announced, const struct wh_story *story)
{
    return wh_str_equal(announced->model_hash, story->snapshot->model_hash);
}

/* ---- text ---- */

static void
push_role(struct wh_lead_page *page, const char *role)
{
    wh_buf_push_text(page->buf, "  ");
    wh_columns_push_left(page->buf, wh_str_of(role), ROLE);
}

static void
push_fact(struct wh_lead_page *page, const char *role, struct wh_str text)
{
    if (text.len > 0) {
        push_role(page, role);
        wh_columns_push_clean(page->buf, text);
        wh_buf_push_char(page->buf, '\n');
    }
}

static void
push_when(struct wh_lead_page *page, const struct wh_event *event)
{
    struct wh_str occurred = wh_lead_time(page, event->occurred);
    struct wh_str decided = wh_lead_time(page, event->decided);
    push_role(page, "when");
    wh_buf_printf(page->buf, "%.*s, %.*s", WH_STR_ARG(occurred),
                  WH_STR_ARG(page->style->ruleset->zone->name));
    if (event->late) {
        wh_buf_printf(page->buf, "; known only %.*s", WH_STR_ARG(decided));
    }
    wh_buf_push_char(page->buf, '\n');
}

static void
push_cause(struct wh_lead_page *page, const struct wh_lead_why *why)
{
    const struct wh_event *event = &why->event;
    const struct wh_story_touch *touch = touch_of(why, page->story);
    push_role(page, "because of");
    if (event->cause.model.len > 0) {
        wh_buf_push_text(page->buf, "the model, which came after that with hash ");
        wh_columns_push_clean(page->buf, event->cause.model);
        wh_buf_push_char(page->buf, '\n');
    }
    if (event->cause.model.len > 0 && event->cause.is_due) {
        return;
    }
    if (event->cause.is_due) {
        wh_buf_push_text(page->buf, "time alone: something became due, no touch\n");
        return;
    }
    wh_columns_push_clean(page->buf, event->cause.type);
    wh_buf_push_text(page->buf, ", touch ");
    wh_columns_push_clean(page->buf, event->cause.touch);
    wh_buf_push_char(page->buf, '\n');
    if (touch != NULL) {
        wh_lead_push_touch(page, touch);
    } else {
        push_role(page, "");
        wh_buf_push_text(page->buf, "it is not among the touches that are kept singly\n");
    }
}

static void
push_values(struct wh_lead_page *page, const struct wh_event *event)
{
    struct wh_arena *arena = page->buf->arena;
    for (size_t i = 0; i < event->with.count; i++) {
        push_role(page, i == 0 ? "with" : "");
        wh_columns_push_clean(page->buf, event->with.items[i].name);
        wh_buf_push_text(page->buf, " = ");
        wh_columns_push_clean(page->buf, wh_columns_value(arena, event->with.items[i].value));
        wh_buf_push_char(page->buf, '\n');
    }
}

static void
push_facts(struct wh_lead_page *page, const struct wh_lead_why *why)
{
    const struct wh_event *event = &why->event;
    struct wh_buf route;
    wh_buf_init(&route, page->buf->arena);
    if (event->route.chosen) {
        wh_buf_printf(&route, "%.*s, to %.*s", WH_STR_ARG(event->route.rule),
                      WH_STR_ARG(event->route.to));
        wh_buf_push_text(&route, event->route.owner.len > 0 ? ", owner " : "");
        wh_buf_push(&route, event->route.owner);
    }
    push_when(page, event);
    push_cause(page, why);
    push_fact(page, "reason", event->reason);
    push_fact(page, "from", event->from);
    push_fact(page, "route", wh_buf_str(&route));
    push_fact(page, "note", event->note);
    push_values(page, event);
}

static void
push_conditions(struct wh_lead_page *page, const struct wh_lead_why *why,
                const struct wh_story_because *because)
{
    const struct wh_story_qualification *told = qualification_of(why, page->story);
    bool is_segment =
        why->event.kind == WH_EVENT_SEGMENT_ENTERED || why->event.kind == WH_EVENT_SEGMENT_LEFT;
    const char *role = is_segment ? "inside if" : "needs";
    if (told == NULL && because->count == 0) {
        return;
    }
    wh_lead_push_title(page, "What it hangs on, as known then");
    if (told != NULL) {
        wh_lead_push_needs(page, told);
    }
    /* One that has withered is not armed any more. */
    if (told != NULL && told->has_disarm && !told->armed) {
        wh_lead_push_condition(page, "withers if", &told->disarm, told->disarm.state != WH_MATCH);
    }
    for (size_t i = 0; i < because->count; i++) {
        const struct wh_story_condition *condition = &because->conditions[i];
        wh_lead_push_condition(page, i == 0 ? role : "or", condition, condition->state == WH_MATCH);
    }
}

static void
push_difference(struct wh_lead_page *page, const struct wh_score_story *announced,
                const struct wh_score_story *computed)
{
    struct wh_buf *buf = page->buf;
    wh_buf_printf(buf, "  %.*s was announced as ", WH_STR_ARG(announced->name));
    wh_decimal_format_fixed(buf, announced->value);
    if (computed == NULL) {
        wh_buf_push_text(buf, ", and the model has no such score now\n");
        return;
    }
    wh_buf_push_text(buf, " and is ");
    wh_decimal_format_fixed(buf, computed->value);
    wh_buf_push_char(buf, '\n');
}

/* The same unless the rules have changed, or whose a touch is, or what is kept singly. */
static void
push_again(struct wh_lead_page *page, const struct wh_lead_why *why)
{
    const struct wh_snapshot *announced = why->event.snapshot;
    bool is_same_one = is_same_model(announced, page->story);
    wh_lead_push_title(page, "Computed again from what was known then%s",
                       is_same_one ? "" : ", under the model of now");
    if (has_same_scores(why, page->story)) {
        wh_buf_push_text(page->buf, "  the same scores\n");
    }
    for (size_t i = 0; i < announced->score_count; i++) {
        const struct wh_score_story *computed = again(page->story, announced->scores[i].name);
        if (!is_same(&announced->scores[i], computed)) {
            push_difference(page, &announced->scores[i], computed);
        }
    }
    if (!wh_str_equal(announced->lead_id, page->story->snapshot->lead_id)) {
        wh_buf_printf(page->buf, "  it left under lead id %.*s, which belongs to this lead now\n",
                      WH_STR_ARG(announced->lead_id));
    }
}

void
wh_lead_why_text(struct wh_buf *buf, const struct wh_lead_style *style,
                 const struct wh_lead_why *why, const struct wh_story *story,
                 const struct wh_story_because *because)
{
    struct wh_lead_page page = {buf, style, story};
    const struct wh_snapshot *announced = why->event.snapshot;
    struct wh_buf what;
    wh_buf_init(&what, buf->arena);
    wh_event_text_what(&what, &why->event);
    if (why->event.number > 0) {
        wh_buf_printf(&what, ", episode %u", why->event.number);
    }
    wh_lead_push_coloured(&page, WH_COLOUR_STRONG, wh_buf_str(&what));
    wh_buf_push_text(buf, "\nevent ");
    wh_columns_push_clean(buf, why->event_id);
    wh_buf_push_char(buf, '\n');
    push_facts(&page, why);
    push_conditions(&page, why, because);
    for (size_t i = 0; i < announced->score_count; i++) {
        wh_lead_push_score(&page, &announced->scores[i]);
    }
    /* Criteria are told by their place in the model. */
    if (announced->has_grade && is_same_model(announced, story)) {
        wh_lead_push_grade(&page, announced);
    }
    push_again(&page, why);
}

/* ---- JSON ---- */

static void
write_conditions(struct wh_json *json, const struct wh_story_because *because)
{
    wh_json_name(json, "conditions");
    wh_json_open_list(json);
    for (size_t i = 0; i < because->count; i++) {
        wh_story_json_condition(json, &because->conditions[i]);
    }
    wh_json_close_list(json);
}

void
wh_lead_why_json(struct wh_buf *buf, const struct wh_lead_why *why, const struct wh_story *story,
                 const struct wh_story_because *because)
{
    const struct wh_story_touch *touch = touch_of(why, story);
    struct wh_buf lead;
    struct wh_json json;
    wh_buf_init(&lead, buf->arena);
    wh_story_json_encode(&lead, story);
    wh_json_init(&json, buf);
    wh_json_open_object(&json);
    wh_json_name(&json, "event");
    wh_json_raw(&json, why->json);
    wh_json_name(&json, "touch");
    if (touch != NULL) {
        wh_story_json_touch(&json, touch);
    } else {
        wh_json_null(&json);
    }
    write_conditions(&json, because);
    wh_json_name(&json, "same_scores");
    wh_json_bool(&json, has_same_scores(why, story));
    wh_json_name(&json, "lead");
    wh_json_raw(&json, wh_buf_str(&lead));
    wh_json_close_object(&json);
    wh_buf_push_char(buf, '\n');
}
