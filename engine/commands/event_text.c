#include "engine/commands/event_text.h"

#include "engine/commands/columns.h"

/* Rules named in a line, the strongest first; the others are counted. */
#define RULES_MAX 3
/* Scores with a column of their own: those that come first in the model. */
#define SCORES_MAX 2

enum { WHEN = 16, WHAT = 24, WHO = 38, SCORE_MIN = 6, GRADE = 5, STAGE = 10, ROUTE = 13 };

void
wh_event_text_what(struct wh_buf *buf, const struct wh_event *event)
{
    switch (event->kind) {
    case WH_EVENT_QUALIFIED:
    case WH_EVENT_WITHERED:
    case WH_EVENT_WITHDRAWN:
        wh_buf_printf(buf, "%s ", wh_event_kind_str(event->kind));
        break;
    case WH_EVENT_STAGE_CHANGED:
        wh_buf_push_text(buf, "stage ");
        break;
    case WH_EVENT_SEGMENT_ENTERED:
        wh_buf_push_text(buf, "entered ");
        break;
    case WH_EVENT_SEGMENT_LEFT:
        wh_buf_push_text(buf, "left ");
        break;
    case WH_EVENT_LABEL_CHANGED:
        wh_buf_printf(buf, "%.*s %.*s", WH_STR_ARG(event->name),
                      WH_STR_ARG(event->to.len > 0 ? event->to : WH_STR("unknown")));
        return;
    case WH_EVENT_FIRED:
        break;
    case WH_EVENT_NURTURE:
        wh_buf_push_text(buf, "nurture ");
        break;
    case WH_EVENT_UPDATED:
    case WH_EVENT_MERGED:
    case WH_EVENT_REVIVED:
    case WH_EVENT_ERASED:
    case WH_EVENT_KIND_COUNT:
        wh_buf_push_text(buf, wh_event_kind_str(event->kind));
        return;
    }
    wh_buf_push(buf, event->name);
}

struct wh_str
wh_event_text_who(struct wh_arena *arena, const struct wh_snapshot *snapshot)
{
    const struct wh_contact *contact = &snapshot->contact;
    struct wh_buf buf;
    const struct wh_str choices[] = {contact->email, contact->name, contact->phone, snapshot->key};
    size_t i = 0;
    while (i + 1 < sizeof(choices) / sizeof(choices[0]) && choices[i].len == 0) {
        i++;
    }
    wh_buf_init(&buf, arena);
    wh_columns_push_clean(&buf, choices[i]);
    return wh_buf_str(&buf);
}

static enum wh_colour
colour_of(enum wh_event_kind kind)
{
    switch (kind) {
    case WH_EVENT_QUALIFIED:
        return WH_COLOUR_GOOD;
    case WH_EVENT_WITHERED:
        return WH_COLOUR_WARNING;
    case WH_EVENT_WITHDRAWN:
        return WH_COLOUR_BAD;
    case WH_EVENT_FIRED:
    case WH_EVENT_STAGE_CHANGED:
    case WH_EVENT_SEGMENT_ENTERED:
    case WH_EVENT_SEGMENT_LEFT:
    case WH_EVENT_LABEL_CHANGED:
    case WH_EVENT_UPDATED:
    case WH_EVENT_NURTURE:
    case WH_EVENT_MERGED:
    case WH_EVENT_REVIVED:
    case WH_EVENT_ERASED:
    case WH_EVENT_KIND_COUNT:
        break;
    }
    return WH_COLOUR_QUIET;
}

/* The entries with the most points, largest first; `more` counts the others. */
struct strongest {
    const struct wh_entry *entries[RULES_MAX];
    size_t count;
    size_t more;
};

static int64_t
size_of(const struct wh_entry *entry)
{
    return entry->points < 0 ? -entry->points : entry->points;
}

static void
offer(struct strongest *strongest, const struct wh_entry *entry)
{
    size_t place = strongest->count;
    while (place > 0 && size_of(strongest->entries[place - 1]) < size_of(entry)) {
        place--;
    }
    if (strongest->count == RULES_MAX) {
        strongest->more++;
    } else {
        strongest->count++;
    }
    for (size_t i = strongest->count; i-- > place + 1;) {
        strongest->entries[i] = strongest->entries[i - 1];
    }
    if (place < RULES_MAX) {
        strongest->entries[place] = entry;
    }
}

static void
offer_score(struct strongest *strongest, const struct wh_score_story *score)
{
    for (size_t i = 0; i < score->entry_count; i++) {
        const struct wh_entry *entry = &score->entries[i];
        bool is_rule = entry->kind == WH_ENTRY_RULE || entry->kind == WH_ENTRY_TERM;
        if (is_rule && entry->points != 0) {
            offer(strongest, entry);
        }
    }
}

static struct strongest
find_strongest(const struct wh_snapshot *snapshot)
{
    struct strongest strongest = {.count = 0};
    for (size_t i = 0; i < snapshot->score_count; i++) {
        offer_score(&strongest, &snapshot->scores[i]);
    }
    return strongest;
}

static void
push_points(struct wh_buf *buf, const struct wh_snapshot *snapshot)
{
    struct strongest strongest = find_strongest(snapshot);
    for (size_t i = 0; i < strongest.count; i++) {
        const struct wh_entry *entry = strongest.entries[i];
        wh_buf_printf(buf, "%s%.*s ", i == 0 ? "; " : ", ", WH_STR_ARG(entry->name));
        wh_buf_push(buf, wh_columns_points(buf->arena, entry->points));
        if (entry->touches > 1) {
            wh_buf_printf(buf, " (%u touches)", entry->touches);
        }
    }
    if (strongest.more > 0) {
        wh_buf_printf(buf, " and %zu more", strongest.more);
    }
}

static const struct wh_qualification *
find_qualification(const struct wh_ruleset *ruleset, struct wh_str id)
{
    for (size_t i = 0; i < ruleset->qualification_count; i++) {
        if (wh_str_equal(ruleset->qualifications[i].id, id)) {
            return &ruleset->qualifications[i];
        }
    }
    return NULL;
}

/* In the words of the model: what became true, or is true no more. */
static void
push_end(struct wh_buf *buf, const struct wh_ruleset *ruleset, const struct wh_event *event)
{
    const struct wh_qualification *qualification = find_qualification(ruleset, event->name);
    if (qualification == NULL) {
        return;
    }
    if (wh_str_is(event->reason, "except")) {
        wh_buf_printf(buf, "; excluded: %.*s", WH_STR_ARG(qualification->except.source));
    } else if (qualification->disarm.count > 0) {
        wh_buf_printf(buf, "; %.*s", WH_STR_ARG(qualification->disarm.source));
    } else if (qualification->arm.count > 0) {
        wh_buf_printf(buf, "; no longer %.*s", WH_STR_ARG(qualification->arm.source));
    }
}

/* Who is who changes by a word of somebody or by a touch that came to another. */
static bool
is_of_identity(enum wh_event_kind kind)
{
    return kind == WH_EVENT_MERGED || kind == WH_EVENT_REVIVED || kind == WH_EVENT_ERASED;
}

static void
push_cause(struct wh_buf *buf, const struct wh_event *event)
{
    if (is_of_identity(event->kind)) {
        wh_buf_push(buf, event->reason);
    } else if (event->cause.model.len > 0) {
        wh_buf_push_text(buf, "by the new model");
    } else if (event->cause.is_due) {
        wh_buf_push_text(buf, "by itself");
    } else {
        wh_buf_push_text(buf, "after ");
        wh_columns_push_clean(buf,
                              event->cause.type.len > 0 ? event->cause.type : WH_STR("a touch"));
    }
}

static void
push_with(struct wh_buf *buf, const struct wh_event *event)
{
    size_t shown = 0;
    for (size_t i = 0; i < event->with.count; i++) {
        const struct wh_named *item = &event->with.items[i];
        if (wh_value_is_known(item->value)) {
            wh_buf_printf(buf, "%s%.*s ", shown++ == 0 ? "; " : ", ", WH_STR_ARG(item->name));
            wh_columns_push_clean(buf, wh_columns_value(buf->arena, item->value));
        }
    }
}

/* "; step 2: send guide_part_2" */
static void
push_step(struct wh_buf *buf, const struct wh_event *event)
{
    wh_buf_printf(buf, "; step %.*s", WH_STR_ARG(event->step));
    for (size_t i = 0; i < event->action_count; i++) {
        wh_buf_printf(buf, ": %s ", wh_action_kind_str(event->actions[i].kind));
        wh_columns_push_clean(buf, wh_columns_value(buf->arena, event->actions[i].what.value));
    }
}

static void
push_why(struct wh_buf *buf, const struct wh_event_style *style, const struct wh_event *event)
{
    push_cause(buf, event);
    switch (event->kind) {
    case WH_EVENT_QUALIFIED:
        push_points(buf, event->snapshot);
        break;
    case WH_EVENT_MERGED:
        wh_buf_printf(buf, "; lives on in lead id %.*s", WH_STR_ARG(event->into));
        break;
    case WH_EVENT_WITHERED:
        push_end(buf, style->ruleset, event);
        break;
    case WH_EVENT_WITHDRAWN:
        wh_buf_push_text(buf, "; as we know now it never was ripe");
        break;
    case WH_EVENT_STAGE_CHANGED:
    case WH_EVENT_LABEL_CHANGED:
        if (event->from.len > 0) {
            wh_buf_printf(buf, "; from %.*s", WH_STR_ARG(event->from));
        }
        break;
    case WH_EVENT_NURTURE:
        push_step(buf, event);
        break;
    case WH_EVENT_SEGMENT_ENTERED:
    case WH_EVENT_SEGMENT_LEFT:
    case WH_EVENT_FIRED:
    case WH_EVENT_UPDATED:
    case WH_EVENT_REVIVED:
    case WH_EVENT_ERASED:
    case WH_EVENT_KIND_COUNT:
        break;
    }
    push_with(buf, event);
    if (event->note.len > 0) {
        wh_buf_push_text(buf, "; ");
        wh_columns_push_clean(buf, event->note);
    }
    if (event->late) {
        wh_buf_push_text(buf, "; late, it was so at ");
        wh_buf_push(buf, wh_columns_time(buf->arena, style->ruleset->zone, event->occurred));
    }
}

static size_t
score_columns(const struct wh_ruleset *ruleset)
{
    return ruleset->score_count < SCORES_MAX ? ruleset->score_count : SCORES_MAX;
}

static size_t
score_width(const struct wh_ruleset *ruleset, size_t score)
{
    size_t len = ruleset->scores[score].id.len;
    return len < SCORE_MIN ? SCORE_MIN : len;
}

/* "?" while the score is unknown: then it does not stand in the snapshot. */
static struct wh_str
score_text(struct wh_arena *arena, const struct wh_snapshot *snapshot, struct wh_str name)
{
    for (size_t i = 0; i < snapshot->score_count; i++) {
        if (wh_str_equal(snapshot->scores[i].name, name)) {
            return wh_columns_points(arena, snapshot->scores[i].value);
        }
    }
    return WH_STR("?");
}

static void
push_scores(struct wh_buf *buf, const struct wh_ruleset *ruleset,
            const struct wh_snapshot *snapshot)
{
    for (size_t i = 0; i < score_columns(ruleset); i++) {
        struct wh_str text = score_text(buf->arena, snapshot, ruleset->scores[i].id);
        wh_columns_push_right(buf, text, score_width(ruleset, i));
        wh_columns_push_spaces(buf, 2);
    }
}

void
wh_event_text_heading(struct wh_buf *buf, const struct wh_event_style *style)
{
    const struct wh_ruleset *ruleset = style->ruleset;
    wh_buf_push_text(buf, wh_columns_colour(style->has_colour, WH_COLOUR_QUIET));
    wh_columns_push_left(buf, WH_STR("when"), WHEN + 2);
    wh_columns_push_left(buf, WH_STR("what"), WHAT);
    wh_columns_push_left(buf, WH_STR("who"), WHO);
    for (size_t i = 0; i < score_columns(ruleset); i++) {
        wh_columns_push_right(buf, ruleset->scores[i].id, score_width(ruleset, i));
        wh_columns_push_spaces(buf, 2);
    }
    if (ruleset->fit.present) {
        wh_columns_push_left(buf, WH_STR("grade"), GRADE + 2);
    }
    if (ruleset->stages.present) {
        wh_columns_push_left(buf, WH_STR("stage"), STAGE);
    }
    if (ruleset->route_count > 0) {
        wh_columns_push_left(buf, WH_STR("route"), ROUTE);
    }
    wh_buf_printf(buf, "why%s\n", wh_columns_colour(style->has_colour, WH_COLOUR_PLAIN));
}

static void
push_standing(struct wh_buf *buf, const struct wh_ruleset *ruleset, const struct wh_event *event)
{
    const struct wh_route_choice *route = &event->route;
    push_scores(buf, ruleset, event->snapshot);
    if (ruleset->fit.present) {
        wh_columns_push_left(buf, event->snapshot->grade, GRADE + 2);
    }
    if (ruleset->stages.present) {
        wh_columns_push_left(buf, event->snapshot->stage, STAGE);
    }
    if (ruleset->route_count > 0) {
        struct wh_str to = route->owner.len > 0 ? route->owner : route->to;
        wh_columns_push_left(buf, route->chosen ? to : WH_STR("-"), ROUTE);
    }
}

void
wh_event_text_line(struct wh_buf *buf, const struct wh_event_style *style,
                   const struct wh_event *event)
{
    struct wh_buf what;
    wh_buf_init(&what, buf->arena);
    wh_buf_push_text(&what, event->snapshot->is_shadow ? "shadow " : "");
    wh_event_text_what(&what, event);
    wh_columns_push_left(buf, wh_columns_time(buf->arena, style->ruleset->zone, event->decided),
                         WHEN + 2);
    wh_buf_push_text(buf, wh_columns_colour(style->has_colour, colour_of(event->kind)));
    wh_columns_push_left(buf, wh_buf_str(&what), WHAT);
    wh_buf_push_text(buf, wh_columns_colour(style->has_colour, WH_COLOUR_PLAIN));
    wh_columns_push_left(buf, wh_event_text_who(buf->arena, event->snapshot), WHO);
    push_standing(buf, style->ruleset, event);
    push_why(buf, style, event);
    wh_buf_push_char(buf, '\n');
}
