#include "engine/commands/lead_text.h"

#include <stdarg.h>
#include <stdio.h>

#include "engine/base/decimal.h"
#include "engine/commands/lead_parts.h"

enum { LABEL = 14, RULE = 26, POINTS = 10 };

struct wh_str
wh_lead_time(const struct wh_lead_page *page, int64_t us)
{
    return wh_columns_time(page->buf->arena, page->style->ruleset->zone, us);
}

void
wh_lead_push_coloured(struct wh_lead_page *page, enum wh_colour colour, struct wh_str text)
{
    wh_buf_push_text(page->buf, wh_columns_colour(page->style->has_colour, colour));
    wh_columns_push_clean(page->buf, text);
    wh_buf_push_text(page->buf, wh_columns_colour(page->style->has_colour, WH_COLOUR_PLAIN));
}

void
wh_lead_push_title(struct wh_lead_page *page, const char *format, ...)
{
    char title[256];
    va_list args;
    va_start(args, format);
    int len = vsnprintf(title, sizeof(title), format, args);
    va_end(args);
    wh_buf_push_char(page->buf, '\n');
    wh_lead_push_coloured(page, WH_COLOUR_STRONG, len > 0 ? wh_str_of(title) : WH_STR("?"));
    wh_buf_push_char(page->buf, '\n');
}

/* Parts that are known, with a separator between them. */
static void
push_known(struct wh_buf *buf, const char *separator, struct wh_str text, bool *has_any)
{
    if (text.len > 0) {
        wh_buf_push_text(buf, *has_any ? separator : "");
        wh_columns_push_clean(buf, text);
        *has_any = true;
    }
}

static void
push_consent(struct wh_lead_page *page, const struct wh_named_list *consent)
{
    for (size_t i = 0; i < consent->count; i++) {
        bool yes = consent->items[i].value.number != 0;
        wh_buf_printf(page->buf, "%s%s to %.*s", i == 0 ? ", consent: " : ", ", yes ? "yes" : "no",
                      WH_STR_ARG(consent->items[i].name));
    }
}

static void
push_who(struct wh_lead_page *page)
{
    const struct wh_snapshot *snapshot = page->story->snapshot;
    const struct wh_contact *contact = &snapshot->contact;
    struct wh_buf who;
    bool has_any = false;
    wh_buf_init(&who, page->buf->arena);
    push_known(&who, ", ", contact->name, &has_any);
    push_known(&who, ", ", contact->role, &has_any);
    const char *at = has_any ? " at " : "somebody at ";
    push_known(&who, snapshot->is_company ? ", " : at, contact->company, &has_any);
    push_known(&who, ", ", contact->country, &has_any);
    wh_lead_push_coloured(page, WH_COLOUR_STRONG,
                          has_any ? wh_buf_str(&who) : WH_STR("An unknown visitor"));
    wh_buf_push_char(page->buf, '\n');
    wh_columns_push_clean(page->buf, snapshot->key);
    has_any = true;
    push_known(page->buf, ", ", contact->phone, &has_any);
    push_consent(page, &contact->consent);
    wh_buf_printf(page->buf, "\n%s id %.*s\n", snapshot->is_company ? "company" : "lead",
                  WH_STR_ARG(snapshot->lead_id));
}

static void
push_label(struct wh_lead_page *page, const char *label)
{
    wh_buf_push_text(page->buf, "  ");
    wh_columns_push_left(page->buf, wh_str_of(label), LABEL);
}

static void
push_stage(struct wh_lead_page *page)
{
    const struct wh_snapshot *snapshot = page->story->snapshot;
    push_label(page, "stage");
    wh_buf_push(page->buf, snapshot->stage);
    if (snapshot->stage_since != WH_TIME_MIN) {
        struct wh_str since = wh_lead_time(page, snapshot->stage_since);
        wh_buf_printf(page->buf, ", since %.*s", WH_STR_ARG(since));
    }
    wh_buf_printf(page->buf, "%s\n", snapshot->stale ? ", too long by now" : "");
}

static void
push_values(struct wh_lead_page *page)
{
    const struct wh_snapshot *snapshot = page->story->snapshot;
    for (size_t i = 0; i < snapshot->score_count; i++) {
        wh_buf_push_text(page->buf, "  ");
        wh_columns_push_left(page->buf, snapshot->scores[i].name, LABEL);
        wh_decimal_format_fixed(page->buf, snapshot->scores[i].value);
        wh_buf_push_char(page->buf, '\n');
    }
    if (snapshot->has_grade) {
        push_label(page, "grade");
        wh_buf_printf(page->buf, "%.*s\n", WH_STR_ARG(snapshot->grade));
    }
}

static void
push_standing(struct wh_lead_page *page)
{
    const struct wh_snapshot *snapshot = page->story->snapshot;
    struct wh_str at = wh_lead_time(page, snapshot->at);
    wh_lead_push_title(page, "%s %.*s, %.*s", page->story->is_past ? "As known on" : "As of",
                       WH_STR_ARG(at), WH_STR_ARG(page->style->ruleset->zone->name));
    if (snapshot->has_stage) {
        push_stage(page);
    }
    push_values(page);
    for (size_t i = 0; i < snapshot->label_count; i++) {
        const struct wh_label_story *label = &snapshot->labels[i];
        wh_buf_push_text(page->buf, "  ");
        wh_columns_push_left(page->buf, label->name, LABEL);
        wh_buf_push(page->buf, label->value.len > 0 ? label->value : WH_STR("unknown"));
        wh_buf_push_char(page->buf, '\n');
    }
    for (size_t i = 0; i < snapshot->segment_count; i++) {
        push_label(page, i == 0 ? "segments" : "");
        wh_buf_printf(page->buf, "%.*s\n", WH_STR_ARG(snapshot->segments[i]));
    }
    if (!page->story->in_audience) {
        push_label(page, "audience");
        wh_buf_printf(page->buf, "outside: nothing is announced while %.*s is not true\n",
                      WH_STR_ARG(page->story->audience));
    }
}

static void
push_limit_note(struct wh_lead_page *page, const struct wh_limit *limit)
{
    struct wh_buf *buf = page->buf;
    wh_buf_push_text(buf, "stays within ");
    if (limit->has_min) {
        wh_decimal_format(buf, limit->min);
    } else {
        wh_buf_push_text(buf, "any");
    }
    wh_buf_push_text(buf, " and ");
    if (limit->has_max) {
        wh_decimal_format(buf, limit->max);
    } else {
        wh_buf_push_text(buf, "any");
    }
}

static const struct wh_score *
find_score(const struct wh_ruleset *ruleset, struct wh_str name)
{
    for (size_t i = 0; i < ruleset->score_count; i++) {
        if (wh_str_equal(ruleset->scores[i].id, name)) {
            return &ruleset->scores[i];
        }
    }
    return NULL;
}

static const struct wh_rule *
find_rule(const struct wh_ruleset *ruleset, const struct wh_score *score, struct wh_str name)
{
    for (size_t i = 0; i < score->rule_count; i++) {
        const struct wh_rule *rule = &ruleset->rules[(size_t)score->first_rule + i];
        if (wh_str_equal(rule->id, name)) {
            return rule;
        }
    }
    return NULL;
}

/* Which limit took the points, by the kind of entry. */
static const struct wh_limit *
limit_of(const struct wh_ruleset *ruleset, const struct wh_score *score,
         const struct wh_entry *entry)
{
    if (entry->kind == WH_ENTRY_SCORE_LIMIT) {
        return &score->limit;
    }
    if (entry->kind == WH_ENTRY_RULE_LIMIT) {
        const struct wh_rule *rule = find_rule(ruleset, score, entry->name);
        return rule == NULL ? NULL : &rule->limit;
    }
    for (size_t i = 0; i < score->group_count; i++) {
        if (wh_str_equal(score->groups[i].id, entry->name)) {
            return &score->groups[i].limit;
        }
    }
    return NULL;
}

static void
push_entry_note(struct wh_lead_page *page, const struct wh_score *score,
                const struct wh_entry *entry)
{
    struct wh_arena *arena = page->buf->arena;
    bool is_limit = entry->kind != WH_ENTRY_RULE && entry->kind != WH_ENTRY_TERM;
    const struct wh_limit *limit = is_limit ? limit_of(page->style->ruleset, score, entry) : NULL;
    if (limit != NULL) {
        push_limit_note(page, limit);
    } else if (entry->touches > 0) {
        wh_buf_push(page->buf, wh_columns_count(arena, entry->touches, "touch", "touches"));
        struct wh_str last = wh_lead_time(page, entry->last_at);
        wh_buf_printf(page->buf, ", %s%.*s", entry->touches == 1 ? "" : "last ", WH_STR_ARG(last));
    } else if (entry->kind == WH_ENTRY_RULE) {
        const struct wh_rule *rule = find_rule(page->style->ruleset, score, entry->name);
        if (rule != NULL) {
            wh_buf_printf(page->buf, "while %.*s", WH_STR_ARG(rule->when.source));
        }
    }
    if (entry->note.len > 0) {
        wh_buf_printf(page->buf, "  %.*s", WH_STR_ARG(entry->note));
    }
    wh_buf_push_char(page->buf, '\n');
}

static void
push_entry(struct wh_lead_page *page, const struct wh_score *score, const struct wh_entry *entry)
{
    struct wh_buf name;
    bool is_limit = entry->kind != WH_ENTRY_RULE && entry->kind != WH_ENTRY_TERM;
    wh_buf_init(&name, page->buf->arena);
    wh_buf_push_text(&name, is_limit ? "limit of " : "");
    wh_buf_push(&name, entry->name);
    wh_buf_push_text(page->buf, "  ");
    wh_columns_push_left(page->buf, wh_buf_str(&name), RULE);
    wh_columns_push_right(page->buf, wh_columns_exact(page->buf->arena, entry->points), POINTS);
    wh_buf_push_text(page->buf, "   ");
    push_entry_note(page, score, entry);
}

void
wh_lead_push_score(struct wh_lead_page *page, const struct wh_score_story *story)
{
    const struct wh_score *score = find_score(page->style->ruleset, story->name);
    struct wh_buf value;
    wh_buf_init(&value, page->buf->arena);
    wh_decimal_format_fixed(&value, story->value);
    wh_lead_push_title(page, "%.*s %s: every point", WH_STR_ARG(story->name), wh_buf_text(&value));
    for (size_t i = 0; i < story->entry_count && score != NULL; i++) {
        push_entry(page, score, &story->entries[i]);
    }
    if (story->entry_count == 0) {
        wh_buf_push_text(page->buf, "  nothing so far\n");
        return;
    }
    wh_buf_push_text(page->buf, "  ");
    wh_columns_push_left(page->buf, WH_STR("together"), RULE);
    wh_columns_push_right(page->buf, wh_buf_str(&value), POINTS);
    wh_buf_push_char(page->buf, '\n');
}

static void
push_thirds(struct wh_buf *buf, int32_t thirds)
{
    wh_buf_printf(buf, "%s%d/3", thirds < 0 ? "-" : "+", thirds < 0 ? -thirds : thirds);
}

static void
push_criterion(struct wh_lead_page *page, const struct wh_criterion_story *story,
               const struct wh_criterion *criterion)
{
    struct wh_buf *buf = page->buf;
    bool is_taken = story->match == WH_MISMATCH && criterion->subtract;
    struct wh_buf adds;
    wh_buf_init(&adds, buf->arena);
    if (story->match == WH_MATCH || is_taken) {
        push_thirds(&adds, is_taken ? -story->thirds : story->thirds);
    } else {
        wh_buf_push_char(&adds, '0');
    }
    wh_buf_push_text(buf, "  ");
    wh_columns_push_left(buf, story->name, LABEL);
    wh_columns_push_left(buf, wh_str_of(wh_match_str(story->match)), 10);
    wh_columns_push_right(buf, wh_buf_str(&adds), 5);
    wh_buf_printf(buf, "   %.*s", WH_STR_ARG(criterion->when.source));
    if (story->match != WH_MATCH) {
        wh_buf_push_text(buf, story->match == WH_MATCH_UNKNOWN ? "; if it is so: " : "; would be ");
        push_thirds(buf, story->thirds);
    }
    wh_buf_push_char(buf, '\n');
}

void
wh_lead_push_grade(struct wh_lead_page *page, const struct wh_snapshot *snapshot)
{
    const struct wh_fit *fit = &page->style->ruleset->fit;
    wh_lead_push_title(page, "grade %.*s: how well it fits, starting from %s",
                       WH_STR_ARG(snapshot->grade), wh_grade_str(fit->start));
    for (size_t i = 0; i < snapshot->criterion_count; i++) {
        push_criterion(page, &snapshot->criteria[i], &fit->criteria[i]);
    }
}

void
wh_lead_text(struct wh_buf *buf, const struct wh_lead_style *style, const struct wh_story *story)
{
    struct wh_lead_page page = {buf, style, story};
    push_who(&page);
    wh_lead_push_identity(&page);
    push_standing(&page);
    wh_lead_push_ripe(&page);
    wh_lead_push_nurture(&page);
    wh_lead_push_sequences(&page);
    for (size_t i = 0; i < story->snapshot->score_count; i++) {
        wh_lead_push_score(&page, &story->snapshot->scores[i]);
    }
    if (story->snapshot->has_grade) {
        wh_lead_push_grade(&page, story->snapshot);
    }
    wh_lead_push_happened(&page);
    wh_lead_push_coming(&page);
}
