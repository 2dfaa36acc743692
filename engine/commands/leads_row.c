#include "engine/commands/leads_row.h"

#include <stdlib.h>

#include "engine/rules/cells.h"
#include "engine/rules/read.h"
#include "engine/score/explain.h"

static bool
passes(struct wh_view *view, const struct wh_leads_filter *filter, const struct wh_leads_row *row)
{
    if (filter->only_ripe && row->ripe_count == 0) {
        return false;
    }
    if (filter->segment >= 0 && !wh_read_segment(view, filter->segment)) {
        return false;
    }
    if (filter->stage >= 0 && wh_read_stage(view, &(int64_t){0}) != filter->stage) {
        return false;
    }
    if (filter->has_owner && !wh_str_equal(row->owner, filter->owner_is)) {
        return false;
    }
    return row->last_at >= filter->since;
}

static void
read_ripe(struct wh_view *view, struct wh_leads_row *row)
{
    const struct wh_ruleset *ruleset = view->ruleset;
    struct wh_str *names =
        WH_ARENA_ARRAY(view->scratch, struct wh_str, ruleset->qualification_count);
    row->ripe_since = WH_TIME_MIN;
    for (size_t i = 0; i < ruleset->qualification_count; i++) {
        const struct wh_qualification *qualification = &ruleset->qualifications[i];
        const int64_t *ripe = view->fold->cells + qualification->cell + WH_QUALIFICATION_CELL_RIPE;
        if (ripe[WH_STRETCH_VALUE] == 0) {
            continue;
        }
        bool is_first = row->ripe_count == 0;
        if (is_first || ripe[WH_STRETCH_SINCE] < row->ripe_since) {
            row->ripe_since = ripe[WH_STRETCH_SINCE];
        }
        names[row->ripe_count++] = qualification->id;
    }
    row->ripe = names;
}

static void
read_scores(struct wh_view *view, struct wh_leads_row *row)
{
    size_t count = view->ruleset->score_count;
    struct wh_leads_score *scores = WH_ARENA_ARRAY(view->scratch, struct wh_leads_score, count);
    for (size_t i = 0; i < count; i++) {
        scores[i].known = wh_read_score(view, (int32_t)i, &scores[i].value);
    }
    row->scores = scores;
    row->score_count = count;
}

bool
wh_leads_row_of(const struct wh_ruleset *ruleset, struct wh_kept_lead *lead,
                const struct wh_leads_filter *filter, struct wh_leads_row *ret_row)
{
    struct wh_view view;
    struct wh_state *state = &lead->entity.state;
    wh_view_init(&view, ruleset, state, &state->live, state->arena);
    view.now = state->now;
    view.rows = state->live.rows;
    const struct wh_snapshot *snapshot = wh_explain_snapshot(&view, state->arena);
    struct wh_value last = wh_read_lead(&view, WH_LEAD_LAST_AT);
    *ret_row = (struct wh_leads_row){
        .key = state->key,
        .lead_id = snapshot->lead_id,
        .company = snapshot->contact.company,
        .stage = snapshot->stage,
        .grade = snapshot->grade,
        .last_at = last.type == WH_TYPE_TIME ? last.number : WH_TIME_MIN,
    };
    if (filter->owner >= 0) {
        struct wh_value owner = wh_read_attribute(&view, filter->owner);
        ret_row->owner = owner.type == WH_TYPE_STRING ? owner.text : ret_row->owner;
    }
    read_ripe(&view, ret_row);
    read_scores(&view, ret_row);
    return passes(&view, filter, ret_row);
}

static int
compare_number(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

/* What stands higher is shown first. */
static int
compare(const void *first, const void *second)
{
    const struct wh_leads_row *a = first;
    const struct wh_leads_row *b = second;
    const struct wh_leads_score none = {0};
    const struct wh_leads_score *left = a->score_count > 0 ? a->scores : &none;
    const struct wh_leads_score *right = b->score_count > 0 ? b->scores : &none;
    int order = (b->ripe_count > 0) - (a->ripe_count > 0);
    order = order == 0 ? (int)right->known - (int)left->known : order;
    order = order == 0 ? compare_number(right->value, left->value) : order;
    order = order == 0 ? compare_number(b->last_at, a->last_at) : order;
    return order == 0 ? wh_str_compare(a->key, b->key) : order;
}

static struct wh_leads_row
copy(struct wh_arena *arena, const struct wh_leads_row *from)
{
    struct wh_leads_row row = *from;
    struct wh_str *ripe = WH_ARENA_ARRAY(arena, struct wh_str, from->ripe_count);
    struct wh_leads_score *scores = WH_ARENA_ARRAY(arena, struct wh_leads_score, from->score_count);
    row.key = wh_arena_str(arena, from->key);
    row.lead_id = wh_arena_str(arena, from->lead_id);
    row.company = wh_arena_str(arena, from->company);
    row.stage = wh_arena_str(arena, from->stage);
    row.grade = wh_arena_str(arena, from->grade);
    row.owner = wh_arena_str(arena, from->owner);
    for (size_t i = 0; i < from->ripe_count; i++) {
        ripe[i] = wh_arena_str(arena, from->ripe[i]);
    }
    if (from->score_count > 0) {
        memcpy(scores, from->scores, from->score_count * sizeof(*scores));
    }
    row.ripe = ripe;
    row.scores = scores;
    return row;
}

void
wh_leads_rows_init(struct wh_leads_rows *rows, size_t limit, struct wh_arena *arena)
{
    *rows = (struct wh_leads_rows){
        .rows = WH_ARENA_ARRAY(arena, struct wh_leads_row, 2 * limit),
        .limit = limit,
    };
    wh_arena_init(&rows->arenas[0], 0);
    wh_arena_init(&rows->arenas[1], 0);
}

void
wh_leads_rows_fini(struct wh_leads_rows *rows)
{
    wh_arena_fini(&rows->arenas[0]);
    wh_arena_fini(&rows->arenas[1]);
}

void
wh_leads_rows_end(struct wh_leads_rows *rows)
{
    int other = 1 - rows->current;
    if (rows->count > 0) {
        qsort(rows->rows, rows->count, sizeof(*rows->rows), compare);
    }
    rows->count = rows->count < rows->limit ? rows->count : rows->limit;
    for (size_t i = 0; i < rows->count; i++) {
        rows->rows[i] = copy(&rows->arenas[other], &rows->rows[i]);
    }
    wh_arena_reset(&rows->arenas[rows->current]);
    rows->current = other;
}

void
wh_leads_rows_add(struct wh_leads_rows *rows, const struct wh_leads_row *row)
{
    if (rows->count == 2 * rows->limit) {
        wh_leads_rows_end(rows);
    }
    rows->rows[rows->count++] = copy(&rows->arenas[rows->current], row);
    rows->seen++;
}
