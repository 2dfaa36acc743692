/* What will happen if nothing more is heard of the lead: a copy of its state is stepped from due
 * moment to due moment, and what changes is told. Values that nothing waits for, such as a label
 * that is not announced, change between due moments: there they are looked for. */
#include "engine/score/explain.h"
#include "engine/score/step.h"
#include "engine/score/story_parts.h"

/* Timers may wake early and find nothing; so many looks are enough for any model. */
#define LOOKS_MAX 400
/* One more than is told, to know whether there is more. */
#define ROOM (WH_STORY_COMING_MAX + 1)

struct future {
    struct wh_teller *teller;
    struct wh_state state; /* the copy */
    struct wh_story_coming *items;
    size_t count;
};

static void
add(struct future *future, struct wh_story_coming coming)
{
    if (future->count < ROOM) {
        future->items[future->count++] = coming;
    }
}

static struct wh_str
deed(struct future *future, const struct wh_event *event)
{
    struct wh_buf buf;
    wh_buf_init(&buf, future->teller->arena);
    wh_buf_printf(&buf, "%s %.*s", wh_action_kind_str(event->actions[0].kind),
                  WH_STR_ARG(event->actions[0].what.value.text));
    return wh_buf_str(&buf);
}

static void
add_events(struct future *future, const struct wh_effects *effects)
{
    for (size_t i = 0; i < effects->count; i++) {
        const struct wh_event *event = &effects->events[i];
        struct wh_str to = event->kind == WH_EVENT_QUALIFIED ? event->route.to : event->to;
        bool is_step = event->kind == WH_EVENT_NURTURE;
        if (!event->silent && event->kind != WH_EVENT_UPDATED) {
            add(future, (struct wh_story_coming){.at = event->decided,
                                                 .kind = WH_STORY_EVENT,
                                                 .event = event->kind,
                                                 .name = event->name,
                                                 .from = is_step ? event->step : event->from,
                                                 .to = is_step ? deed(future, event) : to});
        }
    }
}

static bool
has_segment(const struct wh_snapshot *snapshot, struct wh_str name)
{
    for (size_t i = 0; i < snapshot->segment_count; i++) {
        if (wh_str_equal(snapshot->segments[i], name)) {
            return true;
        }
    }
    return false;
}

/* Segments that leave as events were told as such. */
static void
compare_segments(struct future *future, const struct wh_snapshot *before,
                 const struct wh_snapshot *after)
{
    const struct wh_ruleset *ruleset = future->teller->ruleset;
    for (size_t i = 0; i < ruleset->segment_count; i++) {
        const struct wh_segment *segment = &ruleset->segments[i];
        bool inside = has_segment(after, segment->id);
        bool told = segment->announce && future->teller->story->in_audience;
        if (!told && inside != has_segment(before, segment->id)) {
            add(future, (struct wh_story_coming){
                            .at = after->at,
                            .kind = WH_STORY_SEGMENT,
                            .name = segment->id,
                            .to = inside ? WH_STR("inside") : WH_STR("outside"),
                        });
        }
    }
}

static void
compare_labels(struct future *future, const struct wh_snapshot *before,
               const struct wh_snapshot *after)
{
    for (size_t i = 0; i < after->label_count; i++) {
        struct wh_str from = before->labels[i].value;
        struct wh_str to = after->labels[i].value;
        bool told =
            future->teller->ruleset->labels[i].announce && future->teller->story->in_audience;
        if (!told && !wh_str_equal(from, to)) {
            add(future, (struct wh_story_coming){.at = after->at,
                                                 .kind = WH_STORY_LABEL,
                                                 .name = after->labels[i].name,
                                                 .from = from,
                                                 .to = to});
        }
    }
    if (after->has_grade && !wh_str_equal(before->grade, after->grade)) {
        add(future, (struct wh_story_coming){.at = after->at,
                                             .kind = WH_STORY_GRADE,
                                             .name = WH_STR("grade"),
                                             .from = before->grade,
                                             .to = after->grade});
    }
    if (after->stale && !before->stale) {
        add(future, (struct wh_story_coming){
                        .at = after->at, .kind = WH_STORY_STALE, .name = after->stage});
    }
}

/* The points of a rule while something holds; 0 when it does not stand in the score. */
static int64_t
state_points(const struct wh_score_story *score, struct wh_str rule)
{
    for (size_t i = 0; i < score->entry_count; i++) {
        const struct wh_entry *entry = &score->entries[i];
        if (entry->kind == WH_ENTRY_RULE && wh_str_equal(entry->name, rule)) {
            return entry->points;
        }
    }
    return 0;
}

static const struct wh_score_story *
find_score(const struct wh_snapshot *snapshot, struct wh_str name)
{
    for (size_t i = 0; i < snapshot->score_count; i++) {
        if (wh_str_equal(snapshot->scores[i].name, name)) {
            return &snapshot->scores[i];
        }
    }
    return NULL;
}

static void
compare_states(struct future *future, const struct wh_snapshot *before,
               const struct wh_snapshot *after)
{
    const struct wh_ruleset *ruleset = future->teller->ruleset;
    for (size_t i = 0; i < ruleset->rule_count; i++) {
        const struct wh_rule *rule = &ruleset->rules[i];
        struct wh_str name = ruleset->scores[rule->score].id;
        const struct wh_score_story *old = find_score(before, name);
        const struct wh_score_story *new = find_score(after, name);
        if (!rule->is_state || old == NULL || new == NULL) {
            continue;
        }
        int64_t change = state_points(new, rule->id) - state_points(old, rule->id);
        if (change != 0) {
            add(future, (struct wh_story_coming){.at = after->at,
                                                 .kind = WH_STORY_POINTS,
                                                 .name = rule->id,
                                                 .to = name,
                                                 .points = change});
        }
    }
}

/* The lead at a moment up to which nothing is due. */
static const struct wh_snapshot *
look(struct future *future, int64_t at)
{
    struct wh_view view;
    wh_view_init(&view, future->teller->ruleset, &future->state, &future->state.live,
                 future->teller->arena);
    view.now = at;
    view.rows = future->state.live.rows;
    return wh_explain_snapshot(&view, future->teller->arena);
}

/* Values first, because they are why something leaves. */
static void
compare_values(struct future *future, const struct wh_snapshot *before,
               const struct wh_snapshot *after)
{
    compare_states(future, before, after);
    compare_labels(future, before, after);
}

static bool
differs(struct future *future, const struct wh_snapshot *before, const struct wh_snapshot *after)
{
    struct wh_story_coming items[ROOM];
    struct future trial = {.teller = future->teller, .items = items};
    compare_values(&trial, before, after);
    return trial.count > 0;
}

/* A moment in (before, last] at which values become others than before; they are so at `last`. */
static const struct wh_snapshot *
find_change(struct future *future, const struct wh_snapshot *before, const struct wh_snapshot *last)
{
    int64_t from = before->at;
    while (last->at - from > 1) {
        const struct wh_snapshot *middle = look(future, from + (last->at - from) / 2);
        if (differs(future, before, middle)) {
            last = middle;
        } else {
            from = middle->at;
        }
    }
    return last;
}

/* Tells the changes in (before, to), where nothing is due; *before moves on to the last of them. */
static void
scan(struct future *future, const struct wh_snapshot **before, int64_t to)
{
    while (to - 1 > (*before)->at && future->count < ROOM) {
        const struct wh_snapshot *after = look(future, to - 1);
        if (!differs(future, *before, after)) {
            return;
        }
        after = find_change(future, *before, after);
        compare_values(future, *before, after);
        *before = after;
    }
}

static void
step_to(struct future *future, int64_t due, const struct wh_snapshot **before)
{
    struct wh_teller *teller = future->teller;
    struct wh_message time = {.kind = WH_MESSAGE_TIME};
    struct wh_moment moment = {.now = due, .announce_from = WH_TIME_MIN};
    struct wh_effects effects;
    wh_effects_init(&effects, teller->arena);
    (void)wh_step(teller->ruleset, &future->state, &time, &moment, &effects);
    const struct wh_snapshot *after = look(future, due);
    compare_values(future, *before, after);
    compare_segments(future, *before, after);
    add_events(future, &effects);
    *before = after;
}

void
wh_story_tell_coming(struct wh_teller *teller)
{
    struct future future = {.teller = teller};
    int64_t end = teller->state->now + WH_STORY_HORIZON;
    const struct wh_snapshot *before = teller->story->snapshot;
    future.items = WH_ARENA_ARRAY(teller->arena, struct wh_story_coming, ROOM);
    wh_state_copy(&future.state, teller->arena, teller->state);
    int looks = 0;
    int64_t due = wh_next_due(teller->ruleset, &future.state, teller->arena);
    while (due <= end && looks < LOOKS_MAX && future.count < ROOM) {
        scan(&future, &before, due);
        step_to(&future, due, &before);
        due = wh_next_due(teller->ruleset, &future.state, teller->arena);
        looks++;
    }
    if (due > end) {
        scan(&future, &before, end + 1);
    }
    teller->story->coming = future.items;
    teller->story->coming_count = future.count < ROOM ? future.count : WH_STORY_COMING_MAX;
    teller->story->coming_ends = due > end && future.count < ROOM;
}
