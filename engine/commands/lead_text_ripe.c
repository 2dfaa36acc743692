/* Ripe or not: what there is, what is missing, what holds it back. */
#include "engine/commands/lead_parts.h"

enum { MARK = 12 };

static const char *
mark_of(enum wh_match state)
{
    switch (state) {
    case WH_MATCH:
        return "yes";
    case WH_MISMATCH:
        return "no";
    case WH_MATCH_UNKNOWN:
        return "unknown";
    }
    return "?";
}

static void
push_words(struct wh_buf *buf, const struct wh_str *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *between = i + 1 == count ? " or " : ", ";
        wh_buf_push_text(buf, i == 0 ? "" : between);
        wh_columns_push_clean(buf, words[i]);
    }
}

static void
push_relation(struct wh_buf *buf, const struct wh_story_condition *condition)
{
    wh_buf_push_text(buf, "   (is ");
    wh_columns_push_clean(buf, condition->now);
    wh_buf_push_text(buf, ", asked for ");
    wh_columns_push_clean(buf, condition->needs);
    if (condition->missing.len > 0) {
        wh_buf_push_text(buf, ": ");
        wh_columns_push_clean(buf, condition->missing);
        wh_buf_push_text(buf, " more");
    }
    wh_buf_push_char(buf, ')');
}

static void
push_way(struct wh_lead_page *page, const struct wh_story_way *way, bool is_first)
{
    struct wh_buf *buf = page->buf;
    wh_columns_push_spaces(buf, 4);
    wh_columns_push_left(buf, WH_STR(""), MARK);
    wh_columns_push_left(buf, is_first ? WH_STR("by") : WH_STR("or"), 9);
    push_words(buf, way->on, way->on_count);
    if (way->when.len > 0) {
        wh_buf_push_text(buf, " with ");
        wh_columns_push_clean(buf, way->when);
    }
    wh_buf_printf(buf, ": %.*s of ", WH_STR_ARG(wh_columns_exact(buf->arena, way->points)));
    wh_columns_push_clean(buf, way->rule);
    wh_buf_push_char(buf, '\n');
}

static void
push_one(struct wh_lead_page *page, const char *role, const struct wh_story_condition *condition,
         bool is_good)
{
    struct wh_buf *buf = page->buf;
    wh_buf_push_text(buf, "    ");
    wh_columns_push_left(buf, wh_str_of(role), MARK);
    wh_lead_push_coloured(page, is_good ? WH_COLOUR_GOOD : WH_COLOUR_WARNING,
                          wh_str_of(mark_of(condition->state)));
    wh_columns_push_spaces(buf, 9 - strlen(mark_of(condition->state)));
    wh_columns_push_clean(buf, condition->text);
    if (condition->now.len > 0) {
        push_relation(buf, condition);
    }
    wh_buf_push_char(buf, '\n');
    for (size_t i = 0; i < condition->way_count; i++) {
        push_way(page, &condition->ways[i], i == 0);
    }
}

/* What a segment hangs on follows it. */
void
wh_lead_push_condition(struct wh_lead_page *page, const char *role,
                       const struct wh_story_condition *condition, bool is_good)
{
    for (const struct wh_story_condition *one = condition; one != NULL; one = one->inner) {
        push_one(page, one == condition ? role : "that is", one,
                 one == condition ? is_good : one->state == WH_MATCH);
    }
}

void
wh_lead_push_needs(struct wh_lead_page *page, const struct wh_story_qualification *told)
{
    for (size_t i = 0; i < told->part_count; i++) {
        const struct wh_story_condition *part = &told->parts[i];
        wh_lead_push_condition(page, i == 0 ? "needs" : "and", part, part->state == WH_MATCH);
    }
    if (told->has_on) {
        wh_buf_push_text(page->buf, "    ");
        wh_columns_push_left(page->buf, WH_STR("needs"), MARK);
        push_words(page->buf, told->on, told->on_count);
        if (told->when.len > 0) {
            wh_buf_printf(page->buf, " with %.*s", WH_STR_ARG(told->when));
        }
        wh_buf_push_char(page->buf, '\n');
    }
    if (told->has_gate) {
        wh_lead_push_condition(page, "waits for", &told->gate, told->gate.state == WH_MATCH);
    }
    if (told->has_except) {
        wh_lead_push_condition(page, "but not if", &told->except, told->except.state != WH_MATCH);
    }
    if (told->has_disarm && told->armed) {
        wh_lead_push_condition(page, "withers if", &told->disarm, told->disarm.state != WH_MATCH);
    }
}

static void
push_since(struct wh_lead_page *page, const char *word, int64_t us)
{
    struct wh_str time = wh_lead_time(page, us);
    wh_buf_printf(page->buf, "%s%.*s", word, WH_STR_ARG(time));
}

/* Digits of a model's hash that a person is shown. */
#define HASH_SHOWN 12

static void
push_model(struct wh_lead_page *page, const char *words, struct wh_str hash)
{
    size_t shown = hash.len < HASH_SHOWN ? hash.len : HASH_SHOWN;
    wh_buf_push_text(page->buf, words);
    wh_columns_push_clean(page->buf, wh_str_slice(hash, 0, shown));
}

/* It is ripe since the model came, of which nobody was told (adopt: silent). */
static void
push_recorded(struct wh_lead_page *page, const struct wh_story_qualification *told)
{
    push_since(page, "ripe, but nobody was told: recorded ", told->began);
    push_model(page, " when the model became ", told->began_by);
    wh_buf_push_text(page->buf, ", silently");
}

/* Hysteresis: past the threshold once, ripe until the other is crossed. */
static void
push_announced(struct wh_lead_page *page, const struct wh_story_qualification *told)
{
    push_since(page, "ripe, handed over ", told->began);
    if (told->began_by.len > 0) {
        push_model(page, " because the model became ", told->began_by);
    }
    if (told->armed_until != WH_TIME_NEVER) {
        push_since(page, ", until ", told->armed_until);
    }
}

static void
push_sentence(struct wh_lead_page *page, const struct wh_story_qualification *told)
{
    struct wh_buf *buf = page->buf;
    switch (told->standing) {
    case WH_STORY_GREEN:
        wh_buf_push_text(buf, "not ripe");
        break;
    case WH_STORY_EXCLUDED:
        wh_buf_push_text(buf, "would be ripe, but is excluded");
        break;
    case WH_STORY_GATE:
        push_since(page, "ripe since ", told->ripe_since);
        wh_buf_push_text(buf, ", held back until what it waits for has come");
        break;
    case WH_STORY_COOL_DOWN:
        push_since(page, "ripe since ", told->ripe_since);
        push_since(page, ", held back by the cool-down until ", told->cool_until);
        break;
    case WH_STORY_SPENT:
        push_since(page, "ripe since ", told->ripe_since);
        wh_buf_push_text(buf, ", and handed over as often as it may be");
        break;
    case WH_STORY_SILENT:
        push_since(page, "ripe since ", told->ripe_since);
        wh_buf_push_text(buf, ", but outside the audience: nobody is told");
        break;
    case WH_STORY_WAITING:
        push_since(page, "ripe since ", told->ripe_since);
        break;
    case WH_STORY_RECORDED:
        push_recorded(page, told);
        break;
    case WH_STORY_ANNOUNCED:
        push_announced(page, told);
        break;
    }
}

/* What became of the last time it was handed over. */
static void
push_past(struct wh_lead_page *page, const struct wh_story_qualification *told)
{
    struct wh_buf *buf = page->buf;
    if (told->episodes == 0 || told->standing == WH_STORY_ANNOUNCED ||
        told->standing == WH_STORY_RECORDED) {
        return;
    }
    bool is_recorded = told->is_silent && told->began_by.len > 0;
    push_since(page, is_recorded ? "; recorded, not handed over, " : "; handed over ", told->began);
    if (told->last_withdrawn) {
        wh_buf_push_text(buf, " and taken back");
    } else if (told->closed != WH_TIME_NEVER) {
        bool is_over = (told->has_on && !told->has_disarm) || told->ended_by.len > 0;
        push_since(page, is_over ? ", over " : ", withered ", told->closed);
    }
    if (told->ended_by.len > 0) {
        push_model(page, " because the model became ", told->ended_by);
    }
}

static enum wh_colour
colour_of(enum wh_story_standing standing)
{
    if (standing == WH_STORY_ANNOUNCED || standing == WH_STORY_RECORDED) {
        return WH_COLOUR_GOOD;
    }
    return standing == WH_STORY_GREEN ? WH_COLOUR_PLAIN : WH_COLOUR_WARNING;
}

void
wh_lead_push_ripe(struct wh_lead_page *page)
{
    const struct wh_story *story = page->story;
    if (story->qualification_count > 0) {
        wh_lead_push_title(page, "Ripe?");
    }
    for (size_t i = 0; i < story->qualification_count; i++) {
        const struct wh_story_qualification *told = &story->qualifications[i];
        wh_buf_push_text(page->buf, "  ");
        wh_lead_push_coloured(page, colour_of(told->standing), told->name);
        wh_buf_push_text(page->buf, ": ");
        push_sentence(page, told);
        push_past(page, told);
        wh_buf_push_char(page->buf, '\n');
        wh_lead_push_needs(page, told);
    }
}

void
wh_lead_push_nurture(struct wh_lead_page *page)
{
    const struct wh_story *story = page->story;
    if (story->nurture_count > 0) {
        wh_lead_push_title(page, "On its way along");
    }
    for (size_t i = 0; i < story->nurture_count; i++) {
        const struct wh_story_nurture *nurture = &story->nurture[i];
        wh_buf_printf(page->buf, "  %.*s", WH_STR_ARG(nurture->track));
        push_since(page, " since ", nurture->since);
        wh_buf_push_text(page->buf, nurture->step.len > 0 ? ", next is step " : ", next");
        wh_buf_printf(page->buf, "%.*s: %.*s", WH_STR_ARG(nurture->step),
                      WH_STR_ARG(nurture->does));
        if (nurture->at == WH_TIME_NEVER) {
            wh_buf_push_text(page->buf, ", when its schedule opens");
        } else {
            push_since(page, ", at ", nurture->at);
        }
        wh_buf_push_char(page->buf, '\n');
    }
}
