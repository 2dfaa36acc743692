/* Which evidence holds of which rows: first what a touch says by itself, then bursts, then what is
 * near an accused one, until nothing more is. Decided rows are counted, and accuse others by what
 * they were found to be, but nothing is found of them again. */
#include "engine/base/buf.h"
#include "engine/base/hash.h"
#include "engine/score/alike.h"
#include "engine/score/verdict_parts.h"

void
wh_looking_stand(struct wh_looking *looking, uint32_t row)
{
    struct wh_view *view = &looking->view;
    view->now = looking->state->history.at[row];
    view->rows = row + 1;
    view->touch = (int32_t)row;
    wh_view_touch(view);
}

bool
wh_looking_accuse(struct wh_looking *looking, uint32_t row, size_t evidence)
{
    uint8_t *level = &looking->levels[row - looking->first];
    uint8_t is = (uint8_t)looking->ruleset->judging.evidence[evidence].is;
    if (wh_verdict_is_decided(&looking->state->history, row)) {
        return false;
    }
    looking->holds[row - looking->first] |= UINT64_C(1) << evidence;
    if (is >= *level) {
        return false;
    }
    *level = is;
    return true;
}

static bool
takes(const struct wh_looking *looking, const struct wh_evidence *evidence, uint32_t row)
{
    return wh_selector_takes_row(&evidence->on, &looking->state->history, row, false);
}

uint64_t
wh_looking_key(struct wh_looking *looking, uint32_t row, const struct wh_evidence *evidence,
               size_t k)
{
    struct wh_buf buf;
    wh_looking_stand(looking, row);
    struct wh_value same = wh_eval(&looking->view, &evidence->same);
    struct wh_value other =
        k < evidence->any_count ? wh_eval(&looking->view, &evidence->any[k]) : same;
    if (!wh_value_is_known(same) || !wh_value_is_known(other)) {
        return 0;
    }
    wh_buf_init(&buf, looking->scratch);
    wh_value_encode(&buf, same);
    wh_value_encode(&buf, other);
    uint64_t key = wh_hash_fingerprint(wh_buf_str(&buf));
    return key == 0 ? 1 : key;
}

static bool
is_accused_by_any(const struct wh_looking *looking, uint32_t row)
{
    const struct wh_judging *judging = &looking->ruleset->judging;
    for (size_t i = 0; i < judging->evidence_count; i++) {
        if (takes(looking, &judging->evidence[i], row)) {
            return true;
        }
    }
    return false;
}

bool
wh_looking_is_linked(struct wh_looking *looking, uint32_t row)
{
    const struct wh_judging *judging = &looking->ruleset->judging;
    if (judging->link == 0 || !is_accused_by_any(looking, row)) {
        return false;
    }
    wh_looking_stand(looking, row);
    for (size_t i = 0; i < judging->evidence_count; i++) {
        const struct wh_evidence *evidence = &judging->evidence[i];
        bool may_be = evidence->kind == WH_EVIDENCE_NEAR ||
                      (evidence->kind == WH_EVIDENCE_BURST && takes(looking, evidence, row));
        if (may_be && wh_value_is_known(wh_eval(&looking->view, &evidence->same))) {
            return true;
        }
    }
    return false;
}

static uint32_t
known_end(const struct wh_looking *looking)
{
    return looking->end < looking->known ? looking->end : looking->known;
}

/* Whether `on` and `when` take the row. */
static bool
is_meant(struct wh_looking *looking, const struct wh_evidence *evidence, uint32_t row)
{
    if (row >= looking->known || !takes(looking, evidence, row)) {
        return false;
    }
    wh_looking_stand(looking, row);
    return wh_eval_holds(&looking->view, &evidence->when);
}

static void
find_by_itself(struct wh_looking *looking, size_t index)
{
    const struct wh_evidence *evidence = &looking->ruleset->judging.evidence[index];
    for (uint32_t row = looking->first; row < known_end(looking); row++) {
        if (is_meant(looking, evidence, row)) {
            (void)wh_looking_accuse(looking, row, index);
        }
    }
}

/* All rows of one key, `head` the first of them: any `count` in a row that are close accuse each
 * other. */
static void
find_in_chain(struct wh_looking *looking, size_t index, const struct wh_alike *alike, uint32_t head)
{
    const struct wh_evidence *evidence = &looking->ruleset->judging.evidence[index];
    const int64_t *at = looking->state->history.at + looking->first;
    uint32_t oldest = head;
    uint32_t open = head; /* the first that is not accused yet */
    uint32_t count = 0;
    for (uint32_t row = head; row != WH_ALIKE_NONE; row = alike->after[row]) {
        if (++count > evidence->count) {
            oldest = alike->after[oldest];
        }
        if (count < evidence->count || at[row] - at[oldest] >= evidence->within) {
            continue;
        }
        for (open = open < oldest ? oldest : open; open <= row; open = alike->after[open]) {
            (void)wh_looking_accuse(looking, looking->first + open, index);
        }
    }
}

static void
find_bursts(struct wh_looking *looking, size_t index)
{
    const struct wh_evidence *evidence = &looking->ruleset->judging.evidence[index];
    uint32_t count = looking->end - looking->first;
    uint64_t *keys = WH_ARENA_ARRAY(looking->scratch, uint64_t, count);
    struct wh_alike alike;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t row = looking->first + i;
        keys[i] = is_meant(looking, evidence, row) ? wh_looking_key(looking, row, evidence, 0) : 0;
    }
    wh_alike_link(&alike, keys, count, looking->scratch);
    for (uint32_t i = 0; i < count; i++) {
        if (keys[i] != 0 && alike.before[i] == WH_ALIKE_NONE) {
            find_in_chain(looking, index, &alike, i);
        }
    }
}

/* Accusations that spread: rows whose level fell and that were not asked yet whom they accuse. */
struct spreading {
    struct wh_looking *looking;
    struct wh_alike *alike; /* [evidence][any] */
    uint64_t *spread;       /* [end - first]: bit i, it has accused its neighbours by evidence i */
    uint32_t *waiting;
    uint32_t waiting_count;
};

/* Whether `row` goes on by itself where the one that accuses it would. */
static bool
accuse_near(struct spreading *spreading, size_t index, uint32_t row)
{
    struct wh_looking *looking = spreading->looking;
    const struct wh_evidence *evidence = &looking->ruleset->judging.evidence[index];
    uint32_t i = row - looking->first;
    bool is_new = (looking->holds[i] >> index & 1) == 0 && takes(looking, evidence, row);
    if (is_new && wh_looking_accuse(looking, row, index)) {
        spreading->waiting[spreading->waiting_count++] = i;
    }
    return (spreading->spread[i] >> index & 1) != 0;
}

static void
spread_along(struct spreading *spreading, size_t index, const struct wh_alike *alike, uint32_t from)
{
    const struct wh_looking *looking = spreading->looking;
    const struct wh_evidence *evidence = &looking->ruleset->judging.evidence[index];
    const int64_t *at = looking->state->history.at + looking->first;
    bool stop = false;
    for (uint32_t i = alike->after[from];
         !stop && i != WH_ALIKE_NONE && at[i] - at[from] < evidence->within; i = alike->after[i]) {
        stop = accuse_near(spreading, index, looking->first + i);
    }
    stop = false;
    for (uint32_t i = alike->before[from];
         !stop && i != WH_ALIKE_NONE && (at[i] == at[from] || at[from] - at[i] < evidence->back);
         i = alike->before[i]) {
        stop = accuse_near(spreading, index, looking->first + i);
    }
}

/* By one evidence, along all that it compares. */
static void
spread_by(struct spreading *spreading, size_t index, const struct wh_alike *alike, uint32_t from)
{
    const struct wh_looking *looking = spreading->looking;
    const struct wh_evidence *evidence = &looking->ruleset->judging.evidence[index];
    uint64_t bit = UINT64_C(1) << index;
    if (looking->levels[from] > (uint8_t)evidence->is || (spreading->spread[from] & bit) != 0) {
        return;
    }
    spreading->spread[from] |= bit;
    for (size_t k = 0; k < evidence->any_count; k++) {
        spread_along(spreading, index, &alike[k], from);
    }
}

static void
spread_from(struct spreading *spreading, uint32_t from)
{
    const struct wh_judging *judging = &spreading->looking->ruleset->judging;
    const struct wh_alike *alike = spreading->alike;
    for (size_t i = 0; i < judging->evidence_count; i++) {
        if (judging->evidence[i].kind == WH_EVIDENCE_NEAR) {
            spread_by(spreading, i, alike, from);
        }
        alike += judging->evidence[i].any_count;
    }
}

/* Links the rows that are alike in same and in any[k]. */
static void
link_by(struct wh_looking *looking, const struct wh_evidence *evidence, size_t k,
        struct wh_alike *alike)
{
    uint32_t count = looking->end - looking->first;
    uint64_t *keys = WH_ARENA_ARRAY(looking->scratch, uint64_t, count);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t row = looking->first + i;
        keys[i] = row < looking->known ? wh_looking_key(looking, row, evidence, k) : 0;
    }
    wh_alike_link(alike, keys, count, looking->scratch);
}

static void
link_near(struct spreading *spreading)
{
    const struct wh_judging *judging = &spreading->looking->ruleset->judging;
    struct wh_alike *alike = spreading->alike;
    for (size_t i = 0; i < judging->evidence_count; i++) {
        for (size_t k = 0; k < judging->evidence[i].any_count; k++) {
            link_by(spreading->looking, &judging->evidence[i], k, alike++);
        }
    }
}

/* A row is asked again each time its level falls, so at most once for each level. */
static void
find_near(struct wh_looking *looking, size_t any_count)
{
    uint32_t count = looking->end - looking->first;
    struct spreading spreading = {
        .looking = looking,
        .alike = WH_ARENA_ARRAY(looking->scratch, struct wh_alike, any_count),
        .spread = WH_ARENA_ARRAY(looking->scratch, uint64_t, count),
        .waiting =
            WH_ARENA_ARRAY(looking->scratch, uint32_t, (size_t)count * (WH_VERDICT_HUMAN + 1)),
    };
    link_near(&spreading);
    for (uint32_t i = 0; i < count; i++) {
        if (looking->levels[i] != WH_VERDICT_CLEAR) {
            spreading.waiting[spreading.waiting_count++] = i;
        }
    }
    while (spreading.waiting_count > 0) {
        spread_from(&spreading, spreading.waiting[--spreading.waiting_count]);
    }
}

/* What was found of those that are decided is evidence still. */
static void
take_decided(struct wh_looking *looking)
{
    const struct wh_history *history = &looking->state->history;
    for (uint32_t row = looking->first; row < looking->end; row++) {
        uint8_t *level = &looking->levels[row - looking->first];
        uint8_t start = (uint8_t)wh_verdict_start(looking->ruleset, history, row);
        bool is_accused = wh_verdict_is_decided(history, row) && history->verdict[row] < start;
        *level = is_accused ? history->verdict[row] : WH_VERDICT_CLEAR;
    }
}

void
wh_looking_find(struct wh_looking *looking)
{
    const struct wh_judging *judging = &looking->ruleset->judging;
    size_t any_count = 0;
    take_decided(looking);
    for (size_t i = 0; i < judging->evidence_count; i++) {
        switch (judging->evidence[i].kind) {
        case WH_EVIDENCE_WHEN:
            find_by_itself(looking, i);
            break;
        case WH_EVIDENCE_BURST:
            find_bursts(looking, i);
            break;
        case WH_EVIDENCE_NEAR:
            any_count += judging->evidence[i].any_count;
            break;
        case WH_EVIDENCE_KIND_COUNT:
            break;
        }
    }
    if (any_count > 0) {
        find_near(looking, any_count);
    }
}
