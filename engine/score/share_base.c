/* Shares enter base and leave it again. */
#include "engine/base/time.h"
#include "engine/rules/decay.h"
#include "engine/score/once.h"
#include "engine/score/share.h"

/* Awards of steps and cliffs stand in base as pairs by time. */
static void
insert_award(struct wh_fold *base, uint32_t list, struct wh_fold_pair award)
{
    struct wh_fold_list *items = &base->lists[list];
    if (items->count >= 2 * WH_AWARDS_MAX) {
        wh_fold_shift(base, list, 2);
    }
    wh_fold_push(base, list, award.key);
    wh_fold_push(base, list, award.value);
    uint32_t i = items->count - 2;
    for (; i > 0 && items->items[i - 2] > award.key; i -= 2) {
        items->items[i] = items->items[i - 2];
        items->items[i + 1] = items->items[i - 1];
    }
    items->items[i] = award.key;
    items->items[i + 1] = award.value;
}

static void
remove_pair(struct wh_fold_list *list, uint32_t at)
{
    memmove(list->items + at, list->items + at + 2, (list->count - at - 2) * sizeof(*list->items));
    list->count -= 2;
}

/* One that was forgotten as spent is not there any more. */
static void
remove_award(struct wh_fold_list *list, struct wh_fold_pair award)
{
    for (uint32_t i = 0; i < list->count; i += 2) {
        if (list->items[i] == award.key && list->items[i + 1] == award.value) {
            remove_pair(list, i);
            return;
        }
    }
}

static void
enter_sum(struct wh_fold *base, const struct wh_rule *rule, const struct wh_fold_rule *part)
{
    if (rule->decay.kind == WH_DECAY_NONE) {
        base->cells[rule->value_cell] += part->sum[0];
    } else if (rule->decay.kind == WH_DECAY_HALF_LIFE) {
        wh_decay_half_join(&base->cells[rule->value_cell], part->sum, 1);
    }
    for (uint32_t i = 0; rule->awards_list >= 0 && i < part->awards.count; i++) {
        insert_award(base, (uint32_t)rule->awards_list, part->awards.items[i]);
    }
}

static void
leave_sum(struct wh_fold *base, const struct wh_rule *rule, const struct wh_fold_rule *part)
{
    if (rule->decay.kind == WH_DECAY_NONE) {
        base->cells[rule->value_cell] -= part->sum[0];
    } else if (rule->decay.kind == WH_DECAY_HALF_LIFE) {
        wh_decay_half_join(&base->cells[rule->value_cell], part->sum, -1);
    }
    for (uint32_t i = 0; rule->awards_list >= 0 && i < part->awards.count; i++) {
        remove_award(&base->lists[rule->awards_list], part->awards.items[i]);
    }
}

static int64_t
mark_in_base(const struct wh_fold *base, int32_t list, int64_t class, int64_t none)
{
    const struct wh_fold_list *pairs = &base->lists[list];
    uint32_t place = wh_once_find(pairs, (uint64_t) class);
    return place < pairs->count ? pairs->items[place + WH_CLASS_ITEM_VALUE] : none;
}

static void
enter_marks(struct wh_fold *base, int32_t list, const struct wh_fold_pairs *marks)
{
    for (uint32_t i = 0; list >= 0 && i < marks->count; i++) {
        struct wh_fold_pair mark = marks->items[i];
        if (mark_in_base(base, list, mark.key, INT64_MIN) < mark.value) {
            wh_once_write(base, list, (uint64_t)mark.key, mark.value);
        }
    }
}

void
wh_share_enter_base(const struct wh_ruleset *ruleset, struct wh_state *state,
                    const struct wh_bundle_fold *share)
{
    struct wh_fold *base = &state->base;
    for (uint32_t i = 0; i < share->rule_count; i++) {
        const struct wh_fold_rule *part = &share->rules[i];
        const struct wh_rule *rule = &ruleset->rules[part->index];
        int64_t *paid = base->cells + rule->paid_cell;
        enter_sum(base, rule, part);
        paid[WH_PAID_CELL_COUNT] += part->paid;
        if (part->last > paid[WH_PAID_CELL_LAST]) {
            paid[WH_PAID_CELL_LAST] = part->last;
        }
        struct wh_fold_pair *once = wh_fold_pairs_find(&part->once, 0);
        if (rule->once_cell >= 0 && once != NULL && once->value > base->cells[rule->once_cell]) {
            base->cells[rule->once_cell] = once->value;
        }
        enter_marks(base, rule->once_list, &part->once);
        enter_marks(base, rule->highest_list, &part->highest);
    }
    for (uint32_t i = 0; i < share->totals.count; i++) {
        base->cells[share->totals.items[i].key] += share->totals.items[i].value;
    }
}

enum mark_kind { MARK_LAST, MARK_ONCE, MARK_HIGHEST };

static int64_t
mark_of(const struct wh_fold_rule *part, enum mark_kind kind, int64_t class)
{
    if (kind == MARK_LAST) {
        return part->last;
    }
    struct wh_fold_pair *mark =
        wh_fold_pairs_find(kind == MARK_ONCE ? &part->once : &part->highest, class);
    return mark == NULL ? WH_TIME_MIN : mark->value;
}

/* What the shares that stay have there; WH_TIME_MIN: nothing. */
static int64_t
mark_of_others(const struct wh_state *state, int32_t rule, enum mark_kind kind, int64_t class)
{
    int64_t best = WH_TIME_MIN;
    for (uint32_t i = 0; i < state->fold_count; i++) {
        const struct wh_bundle_fold *share = &state->folds[i];
        for (uint32_t k = 0; k < share->rule_count; k++) {
            int64_t mark = share->rules[k].index == rule ? mark_of(&share->rules[k], kind, class)
                                                         : WH_TIME_MIN;
            best = mark > best ? mark : best;
        }
    }
    return best;
}

/* A mark that the share made: the next lower one stands instead, or none. */
static void
leave_marks(struct wh_state *state, int32_t list, const struct wh_fold_rule *part,
            enum mark_kind kind)
{
    const struct wh_fold_pairs *marks = kind == MARK_ONCE ? &part->once : &part->highest;
    for (uint32_t i = 0; list >= 0 && i < marks->count; i++) {
        struct wh_fold_pair mark = marks->items[i];
        struct wh_fold_list *pairs = &state->base.lists[list];
        uint32_t place = wh_once_find(pairs, (uint64_t)mark.key);
        if (place == pairs->count || pairs->items[place + WH_CLASS_ITEM_VALUE] != mark.value) {
            continue;
        }
        int64_t other = mark_of_others(state, part->index, kind, mark.key);
        if (other == WH_TIME_MIN) {
            remove_pair(pairs, place);
        } else {
            pairs->items[place + WH_CLASS_ITEM_VALUE] = other;
        }
    }
}

static void
leave_rule(const struct wh_ruleset *ruleset, struct wh_state *state,
           const struct wh_fold_rule *part)
{
    struct wh_fold *base = &state->base;
    const struct wh_rule *rule = &ruleset->rules[part->index];
    int64_t *paid = base->cells + rule->paid_cell;
    leave_sum(base, rule, part);
    paid[WH_PAID_CELL_COUNT] -= part->paid;
    if (paid[WH_PAID_CELL_COUNT] <= 0) {
        /* What rounding left. */
        wh_decay_clear(ruleset, base, rule);
        paid[WH_PAID_CELL_COUNT] = 0;
    }
    if (paid[WH_PAID_CELL_LAST] == part->last) {
        paid[WH_PAID_CELL_LAST] = mark_of_others(state, part->index, MARK_LAST, 0);
    }
    struct wh_fold_pair *once = wh_fold_pairs_find(&part->once, 0);
    if (rule->once_cell >= 0 && once != NULL && once->value == base->cells[rule->once_cell]) {
        base->cells[rule->once_cell] = mark_of_others(state, part->index, MARK_ONCE, 0);
    }
    leave_marks(state, rule->once_list, part, MARK_ONCE);
    leave_marks(state, rule->highest_list, part, MARK_HIGHEST);
}

void
wh_share_leave_base(const struct wh_ruleset *ruleset, struct wh_state *state,
                    const struct wh_bundle_fold *share)
{
    for (uint32_t i = 0; i < share->rule_count; i++) {
        leave_rule(ruleset, state, &share->rules[i]);
    }
    for (uint32_t i = 0; i < share->totals.count; i++) {
        state->base.cells[share->totals.items[i].key] -= share->totals.items[i].value;
    }
}

static void
refresh_acts(const struct wh_ruleset *ruleset, struct wh_state *state)
{
    const struct wh_layout *layout = &ruleset->layout;
    int64_t *cells = state->base.cells;
    struct wh_fold_act first = {.at = WH_TIME_MIN};
    struct wh_fold_act last = {.at = WH_TIME_MIN};
    for (uint32_t i = 0; i < state->fold_count; i++) {
        const struct wh_bundle_fold *share = &state->folds[i];
        bool is_first = share->first.at != WH_TIME_MIN &&
                        (first.at == WH_TIME_MIN || share->first.at < first.at);
        first = is_first ? share->first : first;
        last = share->last.at > last.at ? share->last : last;
    }
    cells[layout->first_act] = first.at;
    cells[layout->last_act] = last.at;
    cells[layout->idle] = last.at;
    const struct wh_fold_act *acts[] = {&first, &last};
    for (int32_t i = 0; i < 2; i++) {
        int64_t *campaign = cells + layout->campaigns + (ptrdiff_t)i * WH_CAMPAIGN_CELLS;
        campaign[WH_CAMPAIGN_CELL_NAME] = acts[i]->campaign;
        campaign[WH_CAMPAIGN_CELL_CHANNEL] = acts[i]->channel;
        campaign[WH_CAMPAIGN_CELL_AT] = acts[i]->at;
    }
}

static const struct wh_fold_statement *
statement_in(const struct wh_bundle_fold *share, int32_t column)
{
    for (uint32_t i = 0; i < share->statement_count; i++) {
        if (share->statements[i].column == column) {
            return &share->statements[i];
        }
    }
    return NULL;
}

/* What base knows in that column: the latest statement of all shares. */
static wh_cell_t
said_in(const struct wh_state *state, int32_t column)
{
    const struct wh_fold_statement *latest = NULL;
    for (uint32_t i = 0; i < state->fold_count; i++) {
        const struct wh_fold_statement *said = statement_in(&state->folds[i], column);
        if (said != NULL && (latest == NULL || wh_share_is_later(&state->strings, said, latest))) {
            latest = said;
        }
    }
    return latest == NULL ? WH_CELL_ABSENT : latest->cell;
}

static void
refresh_attributes(const struct wh_ruleset *ruleset, struct wh_state *state)
{
    for (size_t i = 0; i < ruleset->attribute_count; i++) {
        const struct wh_attribute *attribute = &ruleset->attributes[i];
        if (attribute->cell >= 0) {
            state->base.cells[attribute->cell] = said_in(state, attribute->column);
        }
    }
}

void
wh_share_refresh(const struct wh_ruleset *ruleset, struct wh_state *state)
{
    const struct wh_layout *layout = &ruleset->layout;
    int64_t *cells = state->base.cells;
    int64_t first = WH_TIME_NEVER;
    cells[layout->touches] = 0;
    cells[layout->known] = 0;
    for (uint32_t i = 0; i < state->fold_count; i++) {
        const struct wh_bundle_fold *share = &state->folds[i];
        first = share->seen_from < first ? share->seen_from : first;
        cells[layout->touches] += (int64_t)share->visible;
        cells[layout->known] |= share->named;
    }
    cells[layout->first_touch] = first == WH_TIME_NEVER ? WH_TIME_MIN : first;
    refresh_acts(ruleset, state);
    refresh_attributes(ruleset, state);
}
