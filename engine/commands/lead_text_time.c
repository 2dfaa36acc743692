/* What happened and what comes. */
#include "engine/commands/event_text.h"
#include "engine/commands/lead_parts.h"

/* Older touches are counted; --json has them all. */
#define TOUCHES_MAX 60

enum { WHEN = 18, TYPE = 20, WHAT = 30, PLACE = 16, EVENT = 26 };

static void
push_event(struct wh_buf *buf, enum wh_event_kind kind, struct wh_str name, struct wh_str to)
{
    struct wh_event event = {.kind = kind, .name = name, .to = to};
    struct wh_buf what;
    wh_buf_init(&what, buf->arena);
    wh_event_text_what(&what, &event);
    wh_columns_push_left(buf, wh_buf_str(&what), EVENT);
}

static void
push_announcement(struct wh_lead_page *page, const struct wh_story_announcement *event)
{
    struct wh_buf *buf = page->buf;
    wh_buf_push_text(buf, "  ");
    wh_columns_push_left(buf, wh_lead_time(page, event->decided), WHEN);
    push_event(buf, event->kind, event->name, event->to);
    if (event->kind == WH_EVENT_QUALIFIED && event->to.len > 0) {
        wh_buf_push_text(buf, " to ");
        wh_columns_push_clean(buf, event->to);
    }
    if (event->kind == WH_EVENT_NURTURE) {
        wh_buf_push_char(buf, ' ');
        wh_columns_push_clean(buf, event->to);
    }
    if (event->late) {
        struct wh_str since = wh_lead_time(page, event->occurred);
        wh_buf_printf(buf, " (late: it was so at %.*s)", WH_STR_ARG(since));
    }
    wh_columns_end_line(buf);
}

static void
push_announcements(struct wh_lead_page *page)
{
    const struct wh_story *story = page->story;
    if (story->announcement_count == 0) {
        return;
    }
    wh_lead_push_title(page, "What was announced");
    for (size_t i = 0; i < story->announcement_count; i++) {
        push_announcement(page, &story->announcements[i]);
    }
}

static void
push_award(struct wh_lead_page *page, const struct wh_story_award *award, bool is_first)
{
    struct wh_buf *buf = page->buf;
    struct wh_str points = wh_columns_exact(buf->arena, award->points);
    wh_buf_printf(buf, "%s%.*s ", is_first ? "" : ", ", WH_STR_ARG(award->rule));
    wh_buf_printf(buf, "%s%.*s", award->is_set ? "begins again at " : "", WH_STR_ARG(points));
    if (award->is_canceled) {
        wh_buf_push_text(buf, " (gone by a later reset)");
    }
}

static void
push_awards(struct wh_lead_page *page, const struct wh_story_award *awards, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        push_award(page, &awards[i], i == 0);
    }
}

/* Nothing where a touch is fully believed. */
static void
push_verdict(struct wh_buf *buf, const struct wh_story_touch *touch)
{
    if (!touch->counts) {
        wh_buf_push_text(buf, "counts nowhere: ");
    }
    if (!touch->counts || touch->verdict < WH_VERDICT_HUMAN) {
        wh_buf_push_text(buf, wh_verdict_str(touch->verdict));
    }
    for (size_t i = 0; i < touch->evidence_count; i++) {
        wh_buf_printf(buf, "%s%.*s", i == 0 ? " by " : ", ", WH_STR_ARG(touch->evidence[i]));
    }
    if (touch->award_count > 0 && touch->verdict < WH_VERDICT_HUMAN) {
        wh_buf_push_text(buf, "; ");
    }
}

static void
push_struck(struct wh_lead_page *page, const struct wh_story_touch *touch)
{
    if (touch->struck_count > 0) {
        wh_buf_push_text(page->buf, "; struck out: ");
        push_awards(page, touch->struck, touch->struck_count);
    }
}

void
wh_lead_push_touch(struct wh_lead_page *page, const struct wh_story_touch *touch)
{
    struct wh_buf *buf = page->buf;
    bool is_late = touch->received - touch->at >= WH_US_PER_HOUR;
    wh_buf_push_text(buf, "  ");
    wh_columns_push_left(buf, wh_lead_time(page, touch->at), WHEN);
    wh_columns_push_left(buf, touch->type.len > 0 ? touch->type : WH_STR("(by itself)"), TYPE);
    wh_columns_push_left(buf, touch->what.len > 0 ? touch->what : WH_STR("-"), WHAT);
    wh_columns_push_left(buf, touch->place.len > 0 ? touch->place : WH_STR("-"), PLACE);
    push_verdict(buf, touch);
    push_awards(page, touch->awards, touch->award_count);
    push_struck(page, touch);
    if (is_late) {
        struct wh_str waited = wh_columns_duration(buf->arena, touch->received - touch->at);
        wh_buf_printf(buf, "%sreached us %.*s later",
                      touch->award_count > 0 || touch->verdict < WH_VERDICT_HUMAN ? "; " : "",
                      WH_STR_ARG(waited));
    }
    wh_columns_end_line(buf);
}

static void
push_touches(struct wh_lead_page *page)
{
    const struct wh_story *story = page->story;
    size_t skipped = story->touch_count > TOUCHES_MAX ? story->touch_count - TOUCHES_MAX : 0;
    struct wh_arena *arena = page->buf->arena;
    struct wh_str count = wh_columns_count(arena, story->touch_count, "touch", "touches");
    wh_lead_push_title(page, "What happened: %.*s, with the points that each brought",
                       WH_STR_ARG(count));
    if (story->folded > 0) {
        wh_buf_printf(page->buf, "  %llu older ones are kept as sums only\n",
                      (unsigned long long)story->folded);
    }
    if (skipped > 0) {
        struct wh_str earlier = wh_columns_count(arena, skipped, "earlier one", "earlier ones");
        wh_buf_printf(page->buf, "  %.*s not shown; --json has them\n", WH_STR_ARG(earlier));
    }
    for (size_t i = skipped; i < story->touch_count; i++) {
        wh_lead_push_touch(page, &story->touches[i]);
    }
}

void
wh_lead_push_happened(struct wh_lead_page *page)
{
    push_announcements(page);
    push_touches(page);
}

/* In the present tense: it has not happened yet. */
static void
push_coming_event(struct wh_lead_page *page, const struct wh_story_coming *coming)
{
    static const char *const before[WH_EVENT_KIND_COUNT] = {
        [WH_EVENT_STAGE_CHANGED] = "moves to stage ",
        [WH_EVENT_SEGMENT_ENTERED] = "enters ",
        [WH_EVENT_SEGMENT_LEFT] = "leaves ",
    };
    static const char *const after[WH_EVENT_KIND_COUNT] = {
        [WH_EVENT_QUALIFIED] = " is handed over",
        [WH_EVENT_WITHERED] = " withers",
        [WH_EVENT_WITHDRAWN] = " is taken back",
        [WH_EVENT_LABEL_CHANGED] = " becomes",
    };
    const char *lead_in = before[coming->event];
    const char *ending = after[coming->event];
    if (coming->event == WH_EVENT_NURTURE) {
        wh_buf_printf(page->buf, "%.*s: ", WH_STR_ARG(coming->name));
        wh_columns_push_clean(page->buf, coming->to);
        wh_buf_printf(page->buf, " (step %.*s)", WH_STR_ARG(coming->from));
        return;
    }
    bool is_handed_over = coming->event == WH_EVENT_QUALIFIED && coming->to.len > 0;
    wh_buf_printf(page->buf, "%s%.*s%s", lead_in == NULL ? "" : lead_in, WH_STR_ARG(coming->name),
                  ending == NULL ? "" : ending);
    if (is_handed_over || coming->event == WH_EVENT_LABEL_CHANGED) {
        wh_buf_push_text(page->buf, is_handed_over ? " to " : " ");
        wh_columns_push_clean(page->buf, coming->to.len > 0 ? coming->to : WH_STR("unknown"));
    }
}

static struct wh_str
or_unknown(struct wh_str text)
{
    return text.len > 0 ? text : WH_STR("unknown");
}

static void
push_coming_one(struct wh_lead_page *page, const struct wh_story_coming *coming)
{
    struct wh_buf *buf = page->buf;
    struct wh_str points = wh_columns_exact(buf->arena, coming->points);
    struct wh_str from = or_unknown(coming->from);
    struct wh_str to = or_unknown(coming->to);
    wh_buf_push_text(buf, "  ");
    wh_columns_push_left(buf, wh_lead_time(page, coming->at), WHEN);
    switch (coming->kind) {
    case WH_STORY_EVENT:
        push_coming_event(page, coming);
        break;
    case WH_STORY_LABEL:
    case WH_STORY_GRADE:
        wh_buf_printf(buf, "%.*s goes from %.*s to %.*s", WH_STR_ARG(coming->name),
                      WH_STR_ARG(from), WH_STR_ARG(to));
        break;
    case WH_STORY_SEGMENT:
        wh_buf_printf(buf, "now %.*s %.*s", WH_STR_ARG(to), WH_STR_ARG(coming->name));
        break;
    case WH_STORY_POINTS:
        wh_buf_printf(buf, "%.*s: %.*s for %.*s", WH_STR_ARG(to), WH_STR_ARG(points),
                      WH_STR_ARG(coming->name));
        break;
    case WH_STORY_STALE:
        wh_buf_printf(buf, "too long in stage %.*s", WH_STR_ARG(coming->name));
        break;
    }
    wh_columns_end_line(buf);
}

void
wh_lead_push_coming(struct wh_lead_page *page)
{
    const struct wh_story *story = page->story;
    wh_lead_push_title(page, "What comes by itself, if nothing more is heard");
    for (size_t i = 0; i < story->coming_count; i++) {
        push_coming_one(page, &story->coming[i]);
    }
    if (story->coming_ends) {
        wh_buf_printf(page->buf, "  %s else within 90 days\n",
                      story->coming_count == 0 ? "nothing" : "and nothing");
    }
}
