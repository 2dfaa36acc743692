/* A lead's state: its beginning and its copy. */
#include "engine/base/time.h"
#include "engine/rules/layout.h"
#include "engine/score/announce.h"
#include "engine/score/step.h"

void
wh_state_begin(struct wh_state *state, struct wh_arena *arena, const struct wh_ruleset *ruleset,
               struct wh_str key, struct wh_hash_id id, int64_t now)
{
    *state = (struct wh_state){
        .arena = arena,
        .key = wh_arena_str(arena, key),
        .id = id,
        .life = now,
        .now = now,
    };
    wh_strings_init(&state->strings, arena);
    wh_history_init(&state->history, arena, (uint32_t)ruleset->column_count);
    wh_layout_init_fold(ruleset, &state->base, arena);
    wh_layout_init_fold(ruleset, &state->live, arena);
    wh_announced_init(&state->announced, arena, ruleset);
}

#define COPY(arena, from, count) wh_arena_grow((arena), (from), (count), (count), sizeof(*(from)))

#define ROWS_MIN          4
#define COPY_ROWS(column) wh_arena_grow(arena, (column), from->count, room, sizeof(*(column)))

static void
copy_history(struct wh_history *to, struct wh_arena *arena, const struct wh_history *from)
{
    *to = *from;
    to->arena = arena;
    /* With room for some more, or the next touch would copy all of it again. */
    uint32_t room = from->count + from->count / 4 + ROWS_MIN;
    to->capacity = room;
    to->at = COPY_ROWS(from->at);
    to->received = COPY_ROWS(from->received);
    to->id = COPY_ROWS(from->id);
    to->digest = COPY_ROWS(from->digest);
    to->type = COPY_ROWS(from->type);
    to->flags = COPY_ROWS(from->flags);
    to->verdict = COPY_ROWS(from->verdict);
    to->place = COPY_ROWS(from->place);
    to->trail = COPY_ROWS(from->trail);
    to->keys = COPY_ROWS(from->keys);
    to->told = COPY_ROWS(from->told);
    to->columns = WH_ARENA_ARRAY(arena, wh_cell_t *, from->column_count);
    for (uint32_t i = 0; i < from->column_count; i++) {
        if (from->columns[i] != NULL) {
            to->columns[i] = COPY_ROWS(from->columns[i]);
        }
    }
    to->folded_id = wh_arena_str(arena, from->folded_id);
}

static void
copy_fold(struct wh_fold *to, struct wh_arena *arena, const struct wh_fold *from)
{
    wh_fold_init(to, arena, from->cell_count, from->list_count);
    wh_fold_copy(to, from);
}

static void
copy_announced(struct wh_announced *to, struct wh_arena *arena, const struct wh_announced *from)
{
    *to = *from;
    to->arena = arena;
    to->qualifications = COPY(arena, from->qualifications, from->qualification_count);
    to->triggers = COPY(arena, from->triggers, from->trigger_count);
    to->segments = COPY(arena, from->segments, from->segment_count);
    to->labels = COPY(arena, from->labels, from->label_count);
    to->updated_scores = COPY(arena, from->updated_scores, from->score_count);
    to->decisions = COPY(arena, from->decisions, from->decision_count);
    to->decision_capacity = from->decision_count;
    for (uint32_t i = 0; i < to->decision_count; i++) {
        struct wh_decision *decision = &to->decisions[i];
        decision->published.value = wh_arena_str(arena, decision->published.value);
        decision->route = wh_arena_str(arena, decision->route);
        decision->owner = wh_arena_str(arena, decision->owner);
        decision->began_by = wh_arena_str(arena, decision->began_by);
        decision->ended_by = wh_arena_str(arena, decision->ended_by);
    }
    to->firings = COPY(arena, from->firings, from->firing_count);
    to->firing_capacity = from->firing_count;
    to->tracks = COPY(arena, from->tracks, from->track_count);
    to->nurtures = COPY(arena, from->nurtures, from->nurture_count);
    to->nurture_capacity = from->nurture_count;
    to->pending = NULL;
    to->pending_count = to->pending_capacity = 0;
    for (uint32_t i = 0; i < from->pending_count; i++) {
        wh_announced_add_pending(to, &from->pending[i]);
    }
}

void
wh_state_copy(struct wh_state *to, struct wh_arena *arena, const struct wh_state *from)
{
    *to = *from;
    to->arena = arena;
    to->key = wh_arena_str(arena, from->key);
    to->told_to = wh_arena_str(arena, from->told_to);
    for (uint32_t i = 0; i < WH_STATE_MARKS; i++) {
        to->marks[i] = (struct wh_fold){0};
    }
    wh_strings_copy(&to->strings, arena, &from->strings);
    copy_history(&to->history, arena, &from->history);
    copy_fold(&to->base, arena, &from->base);
    copy_fold(&to->live, arena, &from->live);
    to->folds = WH_ARENA_ARRAY(arena, struct wh_bundle_fold, from->fold_count);
    to->fold_capacity = from->fold_count;
    for (uint32_t i = 0; i < from->fold_count; i++) {
        wh_bundle_fold_copy(&to->folds[i], arena, &from->folds[i]);
    }
    copy_announced(&to->announced, arena, &from->announced);
}
