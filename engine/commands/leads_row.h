/* What `waterhole leads` tells of one lead, and the rows that are shown: the first by rank, at most
 * so many, in memory that does not grow with the number of leads. */
#ifndef WH_COMMANDS_LEADS_ROW_H
#define WH_COMMANDS_LEADS_ROW_H

#include "engine/commands/kept.h"
#include "engine/rules/eval.h"

#define WH_LEADS_ROWS_MAX 100000

struct wh_leads_score {
    int64_t value; /* thousandths */
    bool known;
};

struct wh_leads_row {
    struct wh_str key, lead_id;
    struct wh_str company, stage, grade, owner; /* empty: unknown */
    const struct wh_leads_score *scores;        /* by score of the model */
    size_t score_count;
    const struct wh_str *ripe; /* qualifications, in file order */
    size_t ripe_count;
    int64_t ripe_since; /* of the earliest of them; WH_TIME_MIN: none */
    int64_t last_at;    /* last act; WH_TIME_MIN: none */
};

struct wh_leads_filter {
    bool only_ripe;
    int32_t segment; /* index in the model; -1: all */
    int32_t stage;   /* the same */
    int32_t owner;   /* attribute; -1: the model has none */
    struct wh_str owner_is;
    bool has_owner;
    int64_t since; /* last act then or later; WH_TIME_MIN: all */
};

/* True when the filter takes it. The lead stands at its moment; the row lives in the arena of its
 * state. */
bool wh_leads_row_of(const struct wh_ruleset *ruleset, struct wh_kept_lead *lead,
                     const struct wh_leads_filter *filter, struct wh_leads_row *ret_row);

/* Ripe ones first, then by the model's first score, then by the last act, then by key. */
struct wh_leads_rows {
    struct wh_arena arenas[2]; /* of the rows: one is in use, the other takes who stays */
    int current;
    struct wh_leads_row *rows; /* room for twice `limit` */
    size_t count, limit;
    uint64_t seen; /* rows that were added */
};

/* limit: 1 … WH_LEADS_ROWS_MAX. */
void wh_leads_rows_init(struct wh_leads_rows *rows, size_t limit, struct wh_arena *arena);
void wh_leads_rows_fini(struct wh_leads_rows *rows);

/* Copies the row if it may be among the first. */
void wh_leads_rows_add(struct wh_leads_rows *rows, const struct wh_leads_row *row);

/* Sorts what is there; at most `limit` stay. */
void wh_leads_rows_end(struct wh_leads_rows *rows);

#endif
