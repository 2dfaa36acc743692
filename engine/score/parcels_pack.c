/* A share under names, and back: times become real ones, as decay clocks differ from lead to lead.
 * On an idle clock ages stay what they were when the fold moved. */
#include "engine/base/time.h"
#include "engine/rules/decay.h"
#include "engine/score/fits.h"
#include "engine/score/parcels_parts.h"
#include "engine/score/share.h"

/* The clock of a lead's base at its moment. */
static int64_t
clock_now(const struct wh_parcel_store *store, const struct wh_rule *rule)
{
    const struct wh_fold *base = &store->state->base;
    return wh_decay_clock(store->ruleset, base, rule->decay.only_after, base->at);
}

static void
copy_pairs(struct wh_arena *arena, struct wh_fold_pairs *to, const struct wh_fold_pairs *from,
           int64_t shift)
{
    for (uint32_t i = 0; i < from->count; i++) {
        wh_fold_pairs_push(to, arena, from->items[i].key + shift, from->items[i].value);
    }
}

static void
pack_rule(const struct wh_parcel_store *store, const struct wh_bundle_fold *share,
          const struct wh_fold_rule *part, struct wh_arena *arena, struct wh_fold_rule *to)
{
    const struct wh_ruleset *ruleset = store->ruleset;
    const struct wh_rule *rule = &ruleset->rules[part->index];
    int64_t shift = store->state->base.at - clock_now(store, rule);
    *to = (struct wh_fold_rule){
        .score = wh_arena_str(arena, ruleset->scores[rule->score].id),
        .rule = wh_arena_str(arena, rule->id),
        .decay = part->decay,
        .duration = part->duration,
        .paid = part->paid,
        .last = part->last,
    };
    memcpy(to->sum, part->sum, sizeof(to->sum));
    if (rule->decay.kind == WH_DECAY_HALF_LIFE && rule->decay.only_after != 0) {
        struct wh_halflife_moment moment = {.half_life = 0};
        int64_t left =
            wh_decay_half_value(part->sum, &rule->decay, clock_now(store, rule), &moment);
        memset(to->sum, 0, sizeof(to->sum));
        wh_decay_half_add(to->sum, &rule->decay, share->to, left);
    }
    copy_pairs(arena, &to->awards, &part->awards, rule->decay.only_after != 0 ? shift : 0);
    copy_pairs(arena, &to->once, &part->once, 0);
    copy_pairs(arena, &to->highest, &part->highest, 0);
}

static struct wh_fold_act
move_act(struct wh_strings *to, const struct wh_strings *from, const struct wh_fold_act *act)
{
    return (struct wh_fold_act){
        .at = act->at,
        .campaign = wh_parcels_move_cell(to, from, act->campaign),
        .channel = wh_parcels_move_cell(to, from, act->channel),
    };
}

static uint32_t
move_string(struct wh_strings *to, const struct wh_strings *from, uint32_t number)
{
    return wh_strings_intern_whole(to, wh_strings_get(from, number));
}

static void
pack_statements(const struct wh_parcel_store *store, const struct wh_bundle_fold *share,
                struct wh_bundle *bundle, struct wh_bundle_fold *to)
{
    const struct wh_strings *strings = &store->state->strings;
    struct wh_arena *arena = bundle->strings.arena;
    to->statements = WH_ARENA_ARRAY(arena, struct wh_fold_statement, share->statement_count);
    to->statement_count = to->statement_capacity = share->statement_count;
    for (uint32_t i = 0; i < share->statement_count; i++) {
        struct wh_fold_statement said = share->statements[i];
        const struct wh_column *column = &store->ruleset->columns[said.column];
        bool is_named = wh_column_is_named(column->kind);
        to->statements[i] = (struct wh_fold_statement){
            .kind = said.kind,
            .name = is_named ? wh_arena_str(arena, column->name) : (struct wh_str){0},
            .cell = wh_parcels_move_cell(&bundle->strings, strings, said.cell),
            .at = said.at,
            .id = move_string(&bundle->strings, strings, said.id),
        };
    }
}

void
wh_parcels_pack_fold(const struct wh_parcel_store *store, const struct wh_bundle_fold *share,
                     struct wh_bundle *bundle)
{
    const struct wh_strings *strings = &store->state->strings;
    struct wh_arena *arena = bundle->strings.arena;
    struct wh_bundle_fold *to = wh_bundle_add_fold(bundle);
    *to = (struct wh_bundle_fold){
        .from = share->from,
        .to = share->to,
        .count = share->count,
        .visible = share->visible,
        .seen_from = share->seen_from,
        .named = share->named,
        .first = move_act(&bundle->strings, strings, &share->first),
        .last = move_act(&bundle->strings, strings, &share->last),
        .model = share->model,
    };
    to->rules = WH_ARENA_ARRAY(arena, struct wh_fold_rule, share->rule_count);
    to->rule_count = to->rule_capacity = share->rule_count;
    for (uint32_t i = 0; i < share->rule_count; i++) {
        pack_rule(store, share, &share->rules[i], arena, &to->rules[i]);
    }
    pack_statements(store, share, bundle, to);
    copy_pairs(arena, &to->totals, &share->totals, 0);
}

static int32_t
rule_index(const struct wh_ruleset *ruleset, const struct wh_fold_rule *given)
{
    for (size_t i = 0; i < ruleset->rule_count; i++) {
        const struct wh_rule *rule = &ruleset->rules[i];
        if (!rule->is_state && wh_str_equal(rule->id, given->rule) &&
            wh_str_equal(ruleset->scores[rule->score].id, given->score)) {
            return (int32_t)i;
        }
    }
    return -1;
}

/* What the rule has brought, as one sum of points at the fold's end. */
static int64_t
plain_sum(const struct wh_fold_rule *given, int64_t at)
{
    struct wh_decay decay = {.kind = WH_DECAY_HALF_LIFE, .duration = given->duration};
    struct wh_halflife_moment moment = {.half_life = 0};
    int64_t sum = 0;
    if (given->decay == WH_DECAY_NONE) {
        return given->sum[0];
    }
    if (given->decay == WH_DECAY_HALF_LIFE) {
        return wh_decay_half_value(given->sum, &decay, at, &moment);
    }
    for (uint32_t i = 0; i < given->awards.count; i++) {
        sum += given->awards.items[i].value;
    }
    return sum;
}

/* The rule decays on another clock, or in another way than under the model of the sender. */
static void
award_again(const struct wh_parcel_store *store, const struct wh_rule *rule, int64_t points,
            int64_t at, struct wh_fold_rule *to)
{
    int64_t x =
        clock_now(store, rule) - (rule->decay.only_after == 0 ? store->state->base.at - at : 0);
    if (rule->decay.kind == WH_DECAY_NONE) {
        to->sum[0] += points;
    } else if (rule->decay.kind == WH_DECAY_HALF_LIFE) {
        wh_decay_half_add(to->sum, &rule->decay, x, points);
    } else {
        wh_fold_pairs_push(&to->awards, store->state->arena, x, points);
    }
}

static void
unpack_rule(const struct wh_parcel_store *store, const struct wh_bundle_fold *fold,
            const struct wh_fold_rule *given, struct wh_fold_rule *to)
{
    const struct wh_rule *rule = &store->ruleset->rules[to->index];
    struct wh_arena *arena = store->state->arena;
    bool is_same = given->decay == to->decay && given->duration == to->duration;
    bool idles = rule->decay.only_after != 0;
    to->paid = given->paid;
    to->last = given->last;
    copy_pairs(arena, &to->once, &given->once, 0);
    copy_pairs(arena, &to->highest, &given->highest, 0);
    if (!is_same || (idles && given->decay == WH_DECAY_HALF_LIFE)) {
        award_again(store, rule, plain_sum(given, fold->to), fold->to, to);
        return;
    }
    memcpy(to->sum, given->sum, sizeof(to->sum));
    int64_t shift = clock_now(store, rule) - store->state->base.at;
    copy_pairs(arena, &to->awards, &given->awards, idles ? shift : 0);
}

static void
unpack_statements(const struct wh_parcel_store *store, const struct wh_bundle *bundle,
                  const struct wh_bundle_fold *fold, struct wh_bundle_fold *to)
{
    struct wh_strings *strings = &store->state->strings;
    for (uint32_t i = 0; i < fold->statement_count; i++) {
        const struct wh_fold_statement *said = &fold->statements[i];
        int32_t column = wh_parcels_column(store->ruleset, said->kind, said->name);
        if (column < 0) {
            continue;
        }
        wh_share_say(store->state, to,
                     (struct wh_fold_statement){
                         .kind = said->kind,
                         .column = column,
                         .cell = wh_parcels_move_cell(strings, &bundle->strings, said->cell),
                         .at = said->at,
                         .id = move_string(strings, &bundle->strings, said->id),
                     });
    }
}

/* Cells are numbers of the fold: a damaged one must not name what is not there. */
static void
unpack_totals(const struct wh_parcel_store *store, const struct wh_bundle_fold *fold,
              struct wh_bundle_fold *share)
{
    for (uint32_t i = 0; i < fold->totals.count; i++) {
        struct wh_fold_pair total = fold->totals.items[i];
        if (wh_fits_total(store->ruleset, total.key)) {
            wh_fold_pairs_push(&share->totals, store->state->arena, total.key, total.value);
        }
    }
}

void
wh_parcels_unpack_fold(const struct wh_parcel_store *store, const struct wh_bundle *bundle,
                       const struct wh_bundle_fold *fold, struct wh_bundle_fold *ret_share)
{
    struct wh_state *state = store->state;
    *ret_share = (struct wh_bundle_fold){
        .from = fold->from,
        .to = fold->to,
        .count = fold->count,
        .visible = fold->visible,
        .seen_from = fold->seen_from,
        .named = fold->named,
        .first = move_act(&state->strings, &bundle->strings, &fold->first),
        .last = move_act(&state->strings, &bundle->strings, &fold->last),
        .model = wh_share_model(store->ruleset),
    };
    for (uint32_t i = 0; i < fold->rule_count; i++) {
        int32_t index = rule_index(store->ruleset, &fold->rules[i]);
        if (index >= 0) {
            struct wh_fold_rule *to = wh_share_rule(state->arena, ret_share, store->ruleset, index);
            unpack_rule(store, fold, &fold->rules[i], to);
        }
    }
    unpack_statements(store, bundle, fold, ret_share);
    if (fold->model == ret_share->model) {
        unpack_totals(store, fold, ret_share);
    }
}
