#include "engine/score/parcels.h"

#include "engine/base/time.h"
#include "engine/model/key_set.h"
#include "engine/model/parcel.h"
#include "engine/model/stretch.h"
#include "engine/score/parcels_parts.h"
#include "engine/score/strike.h"
#include "engine/score/verdict.h"

void
wh_parcel_store_init(struct wh_parcel_store *store, const struct wh_ruleset *ruleset,
                     struct wh_state *state, struct wh_arena *scratch)
{
    *store = (struct wh_parcel_store){
        .ruleset = ruleset,
        .state = state,
        .scratch = scratch,
        .outcome = WH_OUTCOME_ACCEPTED,
        .row = UINT32_MAX,
        .at = WH_TIME_NEVER,
        .last = WH_TIME_MIN,
    };
}

void
wh_parcels_note(struct wh_parcel_store *store, uint32_t row, int64_t at)
{
    store->row = row < store->row ? row : store->row;
    store->at = at < store->at ? at : store->at;
    store->last = at > store->last ? at : store->last;
}

void
wh_parcel_store_judge(struct wh_parcel_store *store, int64_t now, struct wh_struck_points *struck)
{
    struct wh_state *state = store->state;
    struct wh_judged judged;
    struct wh_verdict_news news = {
        .from = store->at,
        .to = store->last,
        .row = store->came == 1 && store->left == 0 ? store->row : UINT32_MAX,
    };
    if (store->base) {
        wh_verdict_judge_all(store->ruleset, state, now, store->scratch, &judged);
    } else {
        wh_verdict_judge(store->ruleset, state, &news, now, store->scratch, &judged);
    }
    wh_strike_count(store->ruleset, state, &judged, store->row, store->scratch, struck);
    uint32_t row = wh_verdict_take(state, &judged);
    if (row != UINT32_MAX) {
        store->hindsight = true;
        wh_parcels_note(store, row, state->history.at[row]);
    }
}

/* Tells from what was counted what became of a single row. */
static enum wh_outcome
put_one(struct wh_parcel_store *store, const struct wh_bundle *bundle)
{
    uint64_t late = store->state->late_refused;
    uint64_t taken = store->came + store->folded;
    bool marked = true;
    wh_parcels_put_rows(store, 0, bundle, &marked);
    if (store->came + store->folded > taken) {
        return WH_OUTCOME_ACCEPTED;
    }
    return store->state->late_refused > late ? WH_OUTCOME_HISTORY_LATE : WH_OUTCOME_DUPLICATE;
}

static void
on_accept(void *self, const struct wh_arrival *arrival)
{
    struct wh_parcel_store *store = self;
    const struct wh_cargo *cargo = arrival->touch;
    store->outcome = cargo->rows != NULL
                         ? put_one(store, cargo->rows)
                         : wh_parcels_put_touch(store, cargo->touch, arrival->automatic);
    if (store->outcome == WH_OUTCOME_ACCEPTED) {
        store->accepted = true;
        store->arrived_at = cargo->rows != NULL ? cargo->rows->rows[0].at : cargo->touch->occurred;
    }
}

/* What take() looks for. */
struct wanted {
    uint32_t trail;
    struct wh_stretches minutes;
};

static bool
is_wanted(const struct wanted *wanted, uint32_t trail, int64_t minute)
{
    return trail == wanted->trail && wh_stretches_cover(wanted->minutes, minute);
}

static void
take_rows(struct wh_parcel_store *store, const struct wanted *wanted, struct wh_bundle *bundle)
{
    const struct wh_history *history = &store->state->history;
    bool *marked = WH_ARENA_ARRAY(store->scratch, bool, history->count);
    bool any = false;
    /* Rows before base are context: what they brought is part of a fold. */
    for (uint32_t row = history->base; row < history->count; row++) {
        marked[row] = is_wanted(wanted, history->trail[row], wh_minute_of(history->at[row]));
        any = any || marked[row];
    }
    if (any) {
        wh_parcels_pack_rows(store, marked, bundle);
        wh_parcels_remove_rows(store, marked);
    }
}

static void
take_decisions(struct wh_parcel_store *store, const struct wanted *wanted, struct wh_bundle *bundle)
{
    struct wh_announced *announced = &store->state->announced;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < announced->decision_count; i++) {
        struct wh_decision decision = announced->decisions[i];
        if (is_wanted(wanted, decision.trail, decision.minute)) {
            struct wh_str id = store->ruleset->qualifications[decision.qualification].id;
            wh_bundle_add_decision(bundle, id, &decision);
            store->hands = true;
        } else {
            announced->decisions[kept++] = decision;
        }
    }
    announced->decision_count = kept;
}

static void
take_firings(struct wh_parcel_store *store, const struct wanted *wanted, struct wh_bundle *bundle)
{
    struct wh_announced *announced = &store->state->announced;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < announced->firing_count; i++) {
        struct wh_firing firing = announced->firings[i];
        if (is_wanted(wanted, firing.trail, firing.minute)) {
            wh_bundle_add_firing(bundle, store->ruleset->triggers[firing.trigger].id, &firing);
            store->hands = true;
        } else {
            announced->firings[kept++] = firing;
        }
    }
    announced->firing_count = kept;
}

static void *
on_take(void *self, struct wh_arena *arena, uint32_t trail, struct wh_stretches minutes)
{
    struct wh_parcel_store *store = self;
    struct wanted wanted = {.trail = trail, .minutes = minutes};
    struct wh_bundle *bundle = WH_ARENA_NEW(arena, struct wh_bundle);
    wh_bundle_begin(bundle, arena);
    take_rows(store, &wanted, bundle);
    take_decisions(store, &wanted, bundle);
    take_firings(store, &wanted, bundle);
    wh_parcels_take_nurtures(store, trail, minutes, bundle);
    wh_parcels_take_folds(store, trail, minutes, bundle);
    return wh_bundle_is_empty(bundle) ? NULL : bundle;
}

/* What of a bundle is in the set and what is not; the rest shares its strings. */
struct parting {
    struct wh_arena *arena;
    struct wh_stretches minutes;
    const struct wh_bundle *given;
    struct wh_bundle *rest;
};

static void
part_column(const struct wh_bundle_column *column, uint32_t rows, const bool *marked,
            wh_cell_t *ret_cells)
{
    for (uint32_t row = 0; row < rows; row++) {
        if (!marked[row]) {
            *ret_cells++ = column->cells[row];
        }
    }
}

static void
part_rows(const struct parting *parting, bool *marked)
{
    const struct wh_bundle *given = parting->given;
    struct wh_bundle *rest = parting->rest;
    for (uint32_t i = 0; i < given->row_count; i++) {
        marked[i] = wh_stretches_cover(parting->minutes, wh_minute_of(given->rows[i].at));
        if (!marked[i]) {
            (void)wh_bundle_add_row(rest, given->rows[i]);
        }
    }
    for (uint32_t i = 0; rest->row_count > 0 && i < given->column_count; i++) {
        const struct wh_bundle_column *column = &given->columns[i];
        uint32_t place = wh_bundle_column(rest, column->kind, column->name);
        part_column(column, given->row_count, marked, rest->columns[place].cells);
    }
}

int32_t
wh_parcels_qualification(const struct wh_ruleset *ruleset, struct wh_str id)
{
    for (size_t i = 0; i < ruleset->qualification_count; i++) {
        if (wh_str_equal(ruleset->qualifications[i].id, id)) {
            return (int32_t)i;
        }
    }
    return -1;
}

static int32_t
trigger_index(const struct wh_ruleset *ruleset, struct wh_str id)
{
    for (size_t i = 0; i < ruleset->trigger_count; i++) {
        if (wh_str_equal(ruleset->triggers[i].id, id)) {
            return (int32_t)i;
        }
    }
    return -1;
}

static void
put_decision(struct wh_parcel_store *store, uint32_t trail, const struct wh_bundle_decision *given)
{
    struct wh_state *state = store->state;
    int32_t index = wh_parcels_qualification(store->ruleset, given->qualification);
    if (index < 0) {
        store->unknown_names++;
        return;
    }
    struct wh_decision *decision = wh_announced_add_decision(&state->announced);
    *decision = given->decision;
    decision->qualification = index;
    decision->trail = trail;
    decision->published.value = wh_arena_str(state->arena, given->decision.published.value);
    decision->route = wh_arena_str(state->arena, given->decision.route);
    decision->owner = wh_arena_str(state->arena, given->decision.owner);
    decision->began_by = wh_arena_str(state->arena, given->decision.began_by);
    decision->ended_by = wh_arena_str(state->arena, given->decision.ended_by);
    store->hands = true;
}

static void
put_firing(struct wh_parcel_store *store, uint32_t trail, const struct wh_bundle_firing *given)
{
    int32_t index = trigger_index(store->ruleset, given->trigger);
    if (index < 0) {
        store->unknown_names++;
        return;
    }
    struct wh_firing *firing = wh_announced_add_firing(&store->state->announced);
    *firing = given->firing;
    firing->trigger = index;
    firing->trail = trail;
    store->hands = true;
}

static void
put_records(struct wh_parcel_store *store, uint32_t trail, const struct parting *parting)
{
    const struct wh_bundle *given = parting->given;
    for (uint32_t i = 0; i < given->decision_count; i++) {
        const struct wh_bundle_decision *decision = &given->decisions[i];
        if (wh_stretches_cover(parting->minutes, decision->decision.minute)) {
            put_decision(store, trail, decision);
        } else {
            wh_bundle_add_decision(parting->rest, decision->qualification, &decision->decision);
        }
    }
    for (uint32_t i = 0; i < given->firing_count; i++) {
        const struct wh_bundle_firing *firing = &given->firings[i];
        if (wh_stretches_cover(parting->minutes, firing->firing.minute)) {
            put_firing(store, trail, firing);
        } else {
            wh_bundle_add_firing(parting->rest, firing->trigger, &firing->firing);
        }
    }
}

static void
put_folds(struct wh_parcel_store *store, uint32_t trail, const struct parting *parting)
{
    const struct wh_bundle *given = parting->given;
    for (uint32_t i = 0; i < given->fold_count; i++) {
        const struct wh_bundle_fold *fold = &given->folds[i];
        if (wh_stretches_cover(parting->minutes, wh_minute_of(fold->to))) {
            wh_parcels_put_fold(store, trail, given, fold);
        } else {
            wh_bundle_fold_copy(wh_bundle_add_fold(parting->rest), parting->arena, fold);
        }
    }
}

static void *
on_put(void *self, struct wh_arena *arena, uint32_t trail, void *content,
       struct wh_stretches minutes)
{
    struct wh_parcel_store *store = self;
    struct parting parting = {
        .arena = arena,
        .minutes = minutes,
        .given = content,
        .rest = WH_ARENA_NEW(arena, struct wh_bundle),
    };
    wh_bundle_begin(parting.rest, arena);
    bool *marked = WH_ARENA_ARRAY(store->scratch, bool, parting.given->row_count);
    part_rows(&parting, marked);
    parting.rest->strings = parting.given->strings;
    /* Folds first: rows that are older than these join them. */
    put_folds(store, trail, &parting);
    wh_parcels_put_rows(store, trail, parting.given, marked);
    put_records(store, trail, &parting);
    wh_parcels_put_nurtures(store, trail, minutes, parting.given, parting.rest);
    return wh_bundle_is_empty(parting.rest) ? NULL : parting.rest;
}

static void
on_discard(void *self, void *content)
{
    struct wh_parcel_store *store = self;
    const struct wh_bundle *given = content;
    for (uint32_t i = 0; i < given->decision_count; i++) {
        if (given->decisions[i].decision.state != WH_DECISION_STANDING) {
            continue;
        }
        if (store->struck_count == store->struck_capacity) {
            uint32_t capacity = store->struck_capacity == 0 ? 4 : 2 * store->struck_capacity;
            store->struck = wh_arena_grow(store->scratch, store->struck, store->struck_count,
                                          capacity, sizeof(*store->struck));
            store->struck_capacity = capacity;
        }
        store->struck[store->struck_count++] = given->decisions[i];
    }
}

static void
on_rename(void *self, uint32_t from, uint32_t to)
{
    struct wh_parcel_store *store = self;
    struct wh_history *history = &store->state->history;
    struct wh_announced *announced = &store->state->announced;
    for (uint32_t row = 0; row < history->count; row++) {
        history->trail[row] = history->trail[row] == from ? (uint16_t)to : history->trail[row];
    }
    for (uint32_t i = 0; i < announced->decision_count; i++) {
        uint32_t *trail = &announced->decisions[i].trail;
        *trail = *trail == from ? to : *trail;
    }
    for (uint32_t i = 0; i < announced->firing_count; i++) {
        uint32_t *trail = &announced->firings[i].trail;
        *trail = *trail == from ? to : *trail;
    }
    for (uint32_t i = 0; i < announced->nurture_count; i++) {
        uint32_t *trail = &announced->nurtures[i].trail;
        *trail = *trail == from ? to : *trail;
    }
    wh_parcels_rename_folds(store, from, to);
}

/* Whether the row carries another identifier behind `key`, which has become a crowd. */
static size_t
keys_behind(const struct wh_state *state, uint32_t row, struct wh_key key, struct wh_key *ret_keys)
{
    struct wh_str text = wh_strings_get(&state->strings, state->history.keys[row]);
    size_t count = wh_key_set_parse(text, ret_keys, WH_TOUCH_KEYS_MAX);
    bool is_last = count == 0 || wh_key_compare(ret_keys[count - 1], key) <= 0;
    return is_last ? 0 : count;
}

static void
release_row(struct wh_parcel_store *store, struct wh_arena *arena, uint32_t row,
            struct wh_arrival *ret_arrival)
{
    const struct wh_history *history = &store->state->history;
    bool *marked = WH_ARENA_ARRAY(store->scratch, bool, history->count);
    marked[row] = true;
    struct wh_bundle *bundle = WH_ARENA_NEW(arena, struct wh_bundle);
    wh_bundle_begin(bundle, arena);
    wh_parcels_pack_rows(store, marked, bundle);
    struct wh_cargo *cargo = WH_ARENA_NEW(arena, struct wh_cargo);
    cargo->rows = bundle;
    struct wh_key *keys = WH_ARENA_ARRAY(arena, struct wh_key, WH_TOUCH_KEYS_MAX);
    struct wh_str set = wh_strings_get(&bundle->strings, bundle->rows[0].keys);
    *ret_arrival = (struct wh_arrival){
        .keys = keys,
        .key_count = (uint32_t)wh_key_set_parse(set, keys, WH_TOUCH_KEYS_MAX),
        .minute = wh_minute_of(history->at[row]),
        .automatic = (history->flags[row] & WH_ROW_AUTOMATIC) != 0,
        .touch = cargo,
    };
}

static struct wh_arrivals
on_release(void *self, struct wh_arena *arena, struct wh_key key)
{
    struct wh_parcel_store *store = self;
    const struct wh_history *history = &store->state->history;
    bool *marked = WH_ARENA_ARRAY(store->scratch, bool, history->count);
    uint32_t count = 0;
    for (uint32_t row = history->base; row < history->count; row++) {
        struct wh_key keys[WH_TOUCH_KEYS_MAX];
        marked[row] = history->trail[row] == 0 && keys_behind(store->state, row, key, keys) > 0;
        count += marked[row];
    }
    struct wh_arrivals arrivals = {
        .items = WH_ARENA_ARRAY(arena, struct wh_arrival, count),
    };
    for (uint32_t row = history->base; row < history->count; row++) {
        if (marked[row]) {
            release_row(store, arena, row, &arrivals.items[arrivals.count++]);
        }
    }
    if (count > 0) {
        wh_parcels_remove_rows(store, marked);
    }
    return arrivals;
}

static void
on_list_trails(void *self, bool *in_use)
{
    const struct wh_parcel_store *store = self;
    const struct wh_state *state = store->state;
    for (uint32_t row = 0; row < state->history.count; row++) {
        in_use[state->history.trail[row]] = true;
    }
    for (uint32_t i = 0; i < state->announced.decision_count; i++) {
        in_use[state->announced.decisions[i].trail] = true;
    }
    for (uint32_t i = 0; i < state->announced.firing_count; i++) {
        in_use[state->announced.firings[i].trail] = true;
    }
    for (uint32_t i = 0; i < state->announced.nurture_count; i++) {
        in_use[state->announced.nurtures[i].trail] = true;
    }
    for (uint32_t i = 0; i < state->fold_count; i++) {
        in_use[state->folds[i].trail] = true;
    }
}

struct wh_parcels
wh_parcel_store_table(struct wh_parcel_store *store)
{
    return (struct wh_parcels){
        .self = store,
        .accept = on_accept,
        .take = on_take,
        .put = on_put,
        .discard = on_discard,
        .rename = on_rename,
        .release = on_release,
        .list_trails = on_list_trails,
    };
}
