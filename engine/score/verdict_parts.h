/* One look at the verdicts of some rows, shared by the files that judge. Private to verdict*.c. */
#ifndef WH_SCORE_VERDICT_PARTS_H
#define WH_SCORE_VERDICT_PARTS_H

#include "engine/rules/eval.h"
#include "engine/score/verdict.h"

/* Nothing speaks against it: above every level. */
#define WH_VERDICT_CLEAR WH_VERDICT_UNJUDGED

struct wh_looking {
    const struct wh_ruleset *ruleset;
    const struct wh_state *state;
    struct wh_arena *scratch;
    struct wh_view view;
    uint32_t known;      /* rows up to now; those after it are still to come */
    uint32_t first, end; /* the rows that are looked at */
    uint64_t *holds;     /* [end - first]: bit i, evidence i holds */
    uint8_t *levels;     /* [end - first]: the lowest by evidence; WH_VERDICT_CLEAR */
};

/* The level of the row by its type. */
static inline enum wh_verdict
wh_verdict_start(const struct wh_ruleset *ruleset, const struct wh_history *history, uint32_t row)
{
    int32_t type = history->type[row];
    return type < 0 || ruleset->start == NULL ? WH_VERDICT_HUMAN : ruleset->start[type];
}

/* Whether what its verdict rests on may be gone: it stands as it is. */
static inline bool
wh_verdict_is_decided(const struct wh_history *history, uint32_t row)
{
    return row < history->base || (history->flags[row] & WH_ROW_DECIDED) != 0;
}

/* Stands the view on a row. */
void wh_looking_stand(struct wh_looking *looking, uint32_t row);

/* Evidence holds of the row: true when that lowered its level. */
bool wh_looking_accuse(struct wh_looking *looking, uint32_t row, size_t evidence);

/* What same and, of a near, any[k] are at the row, as one key; 0: one of them is unknown. */
uint64_t wh_looking_key(struct wh_looking *looking, uint32_t row,
                        const struct wh_evidence *evidence, size_t k);

/* Whether the row may belong to a burst, accuse one near it, or be accused by one. */
bool wh_looking_is_linked(struct wh_looking *looking, uint32_t row);

/* Sets first and end so that all verdicts are right again when these rows are judged. */
void wh_looking_reach(struct wh_looking *looking, const struct wh_verdict_news *news);

/* Fills holds and levels: evidence by itself, bursts, then what is near. */
void wh_looking_find(struct wh_looking *looking);

#endif
