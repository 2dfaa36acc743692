/* The timeline: each touch with the points that it brought. They are found by running the timeline
 * once more on a fold of its own, listening. */
#include "engine/score/story_parts.h"
#include "engine/score/timeline.h"
#include "engine/score/verdict.h"

struct heard {
    struct wh_award award;
    bool is_canceled;
};

struct listener {
    struct wh_arena *arena;
    const struct wh_ruleset *ruleset;
    struct heard *items;
    size_t count;
    size_t capacity;
};

static void
cancel_score(struct listener *listener, int32_t score)
{
    for (size_t i = 0; i < listener->count; i++) {
        if (listener->ruleset->rules[listener->items[i].award.rule].score == score) {
            listener->items[i].is_canceled = true;
        }
    }
}

static void
on_award(void *self, const struct wh_award *award)
{
    struct listener *listener = self;
    if (award->is_set) {
        cancel_score(listener, listener->ruleset->rules[award->rule].score);
    }
    if (listener->count == listener->capacity) {
        size_t capacity = listener->capacity == 0 ? 64 : 2 * listener->capacity;
        listener->items = wh_arena_grow(listener->arena, listener->items, listener->count, capacity,
                                        sizeof(*listener->items));
        listener->capacity = capacity;
    }
    listener->items[listener->count++] = (struct heard){*award, false};
}

static void
listen(struct wh_teller *teller, struct listener *listener)
{
    struct wh_fold fold;
    struct wh_timeline timeline;
    const struct wh_fold *base = &teller->state->base;
    wh_fold_init(&fold, teller->arena, base->cell_count, base->list_count);
    wh_fold_copy(&fold, base);
    wh_timeline_init(&timeline, teller->ruleset, teller->state, &fold, teller->arena);
    timeline.on_award = on_award;
    timeline.self = listener;
    wh_timeline_run(&timeline, teller->state->now);
}

static struct wh_str
text_at(const struct wh_state *state, enum wh_field field, uint32_t row)
{
    wh_cell_t cell = wh_history_cell(&state->history, (uint32_t)field, row);
    return wh_strings_of_cell(&state->strings, cell).text;
}

/* What the touch was about, by the first field that says so. */
static struct wh_str
subject_at(const struct wh_state *state, uint32_t row)
{
    static const enum wh_field fields[] = {WH_FIELD_PAGE_PATH, WH_FIELD_ASSET,
                                           WH_FIELD_PRODUCT,   WH_FIELD_FORM,
                                           WH_FIELD_SEND,      WH_FIELD_CAMPAIGN_NAME};
    struct wh_str text = {NULL, 0};
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]) && text.len == 0; i++) {
        text = text_at(state, fields[i], row);
    }
    return text;
}

static struct wh_str
person_at(const struct wh_teller *teller, uint32_t row)
{
    const struct wh_hearing *hearing = teller->ruleset->hearing;
    if (hearing == NULL) {
        return (struct wh_str){NULL, 0};
    }
    wh_cell_t cell = wh_history_cell(&teller->state->history, (uint32_t)hearing->person, row);
    return wh_strings_of_cell(&teller->state->strings, cell).text;
}

static struct wh_story_touch
touch_at(struct wh_teller *teller, uint32_t row)
{
    const struct wh_state *state = teller->state;
    const struct wh_history *history = &state->history;
    int16_t place = history->place[row];
    return (struct wh_story_touch){
        .at = history->at[row],
        .received = history->received[row],
        .id = wh_touch_id(wh_strings_get(&state->strings, history->id[row])),
        .person = person_at(teller, row),
        .type = text_at(state, WH_FIELD_TYPE, row),
        .what = subject_at(state, row),
        .place = place >= 0 ? teller->ruleset->places[place].id : (struct wh_str){NULL, 0},
        .verdict = (enum wh_verdict)history->verdict[row],
        .counts = (enum wh_verdict)history->verdict[row] >= teller->ruleset->minimum,
    };
}

static struct wh_story_award
award_of(const struct wh_teller *teller, const struct heard *heard)
{
    const struct wh_rule *rule = &teller->ruleset->rules[heard->award.rule];
    return (struct wh_story_award){
        .score = teller->ruleset->scores[rule->score].id,
        .rule = rule->id,
        .points = heard->award.points,
        .is_set = heard->award.is_set,
        .is_canceled = heard->is_canceled,
    };
}

/* Awards of one moment stand together: those of this row, or of a due moment. */
static size_t
take_awards(struct wh_teller *teller, const struct listener *listener, size_t from,
            struct wh_story_touch *touch)
{
    const struct wh_award *first = &listener->items[from].award;
    size_t end = from;
    while (end < listener->count && listener->items[end].award.row == first->row &&
           listener->items[end].award.at == first->at) {
        end++;
    }
    struct wh_story_award *awards =
        WH_ARENA_ARRAY(teller->arena, struct wh_story_award, end - from);
    for (size_t i = from; i < end; i++) {
        awards[i - from] = award_of(teller, &listener->items[i]);
    }
    touch->awards = awards;
    touch->award_count = end - from;
    return end;
}

/* Why a touch is believed or not, row by row from base on. */
struct reasons {
    struct wh_judged judged;
    struct listener struck; /* what would be if nothing spoke against any touch */
};

static bool
is_struck(const struct wh_teller *teller, const struct reasons *reasons, uint32_t row)
{
    return row >= teller->state->history.base && reasons->judged.holds[row] != 0;
}

static void
listen_to_struck(struct wh_teller *teller, struct reasons *reasons)
{
    struct wh_history *history = &teller->state->history;
    uint8_t *kept = history->verdict;
    uint8_t *verdicts = WH_ARENA_ARRAY(teller->arena, uint8_t, history->count);
    bool any = false;
    for (uint32_t row = 0; row < history->count; row++) {
        verdicts[row] = kept[row];
        if (is_struck(teller, reasons, row)) {
            verdicts[row] = (uint8_t)wh_verdict_without_evidence(teller->ruleset, history, row,
                                                                 teller->state->now);
            any = true;
        }
    }
    if (any) {
        history->verdict = verdicts;
        listen(teller, &reasons->struck);
        history->verdict = kept;
    }
}

static void
find_reasons(struct wh_teller *teller, struct reasons *reasons)
{
    *reasons = (struct reasons){.struck = {.arena = teller->arena, .ruleset = teller->ruleset}};
    wh_verdict_judge_all(teller->ruleset, teller->state, teller->state->now, teller->arena,
                         &reasons->judged);
    listen_to_struck(teller, reasons);
}

static void
tell_evidence(struct wh_teller *teller, uint64_t holds, struct wh_story_touch *touch)
{
    const struct wh_judging *judging = &teller->ruleset->judging;
    struct wh_str *evidence = WH_ARENA_ARRAY(teller->arena, struct wh_str, judging->evidence_count);
    for (size_t i = 0; i < judging->evidence_count; i++) {
        if ((holds >> i & 1) != 0) {
            evidence[touch->evidence_count++] = judging->evidence[i].id;
        }
    }
    touch->evidence = evidence;
}

/* Of what the touch would have brought, that which its verdict is too low for. */
static void
tell_struck(struct wh_teller *teller, const struct listener *heard, uint32_t row,
            struct wh_story_touch *touch)
{
    size_t room = teller->ruleset->rule_count;
    struct wh_story_award *struck = WH_ARENA_ARRAY(teller->arena, struct wh_story_award, room);
    for (size_t i = 0; i < heard->count && touch->struck_count < room; i++) {
        const struct wh_award *award = &heard->items[i].award;
        if (award->row == (int32_t)row &&
            (!touch->counts || touch->verdict < teller->ruleset->rules[award->rule].verdict)) {
            struck[touch->struck_count++] = award_of(teller, &heard->items[i]);
        }
    }
    touch->struck = struck;
}

static void
tell_reasons(struct wh_teller *teller, const struct reasons *reasons, uint32_t row,
             struct wh_story_touch *touch)
{
    const struct wh_history *history = &teller->state->history;
    if (is_struck(teller, reasons, row)) {
        tell_evidence(teller, reasons->judged.holds[row], touch);
        tell_struck(teller, &reasons->struck, row, touch);
        return;
    }
    int32_t confirmed = wh_verdict_confirmed(teller->ruleset, history, row, teller->state->now);
    if (confirmed >= 0 && teller->ruleset->hearing == NULL) {
        touch->confirmed = teller->ruleset->judging.confirms[confirmed].id;
    }
}

void
wh_story_tell_touches(struct wh_teller *teller)
{
    struct listener listener = {.arena = teller->arena, .ruleset = teller->ruleset};
    const struct wh_history *history = &teller->state->history;
    struct wh_story *story = teller->story;
    uint32_t rows = teller->state->live.rows;
    size_t heard = 0;
    struct reasons reasons;
    listen(teller, &listener);
    find_reasons(teller, &reasons);
    struct wh_story_touch *touches =
        WH_ARENA_ARRAY(teller->arena, struct wh_story_touch, rows + listener.count);
    for (uint32_t row = history->base; row < rows; row++) {
        /* Points that time brought before this touch stand by themselves. */
        while (heard < listener.count && listener.items[heard].award.row < 0 &&
               listener.items[heard].award.at <= history->at[row]) {
            struct wh_story_touch *due = &touches[story->touch_count++];
            *due = (struct wh_story_touch){.at = listener.items[heard].award.at, .counts = true};
            due->received = due->at;
            due->verdict = WH_VERDICT_HUMAN;
            heard = take_awards(teller, &listener, heard, due);
        }
        if ((history->flags[row] & WH_ROW_REPORT) != 0) {
            continue;
        }
        struct wh_story_touch *touch = &touches[story->touch_count++];
        *touch = touch_at(teller, row);
        tell_reasons(teller, &reasons, row, touch);
        story->invisible += touch->counts ? 0 : 1;
        if (heard < listener.count && listener.items[heard].award.row == (int32_t)row) {
            heard = take_awards(teller, &listener, heard, touch);
        }
    }
    story->touches = touches;
    story->folded = history->base;
}
