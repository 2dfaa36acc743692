/* The touches of one lead as columns, in timeline order: (occurred, id bytes).
 *
 *      row        0 ........ base ................ count
 *                 | context  | kept singly, judged  |
 *
 * Rows before `base` are already part of the state's base fold (state.h) and stay only because
 * windows of later moments look back at them. A column exists from the first touch that has
 * something to say in it; a missing column reads as WH_CELL_ABSENT.
 *
 * Invariants: at[] never falls; equal times are ordered by id bytes; ids are unique. */
#ifndef WH_MODEL_HISTORY_H
#define WH_MODEL_HISTORY_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/model/strings.h"
#include "engine/model/value.h"

/* What the row says beside its fields; worked out when the touch is inserted or the model
 * changes, never by expressions; DECIDED when what its verdict rests on is folded early. */
enum wh_row_flag {
    WH_ROW_ACT = 1,        /* the lead's own doing: part of `any` */
    WH_ROW_SITE = 2,       /* an act of source web or product: makes sessions */
    WH_ROW_PAGE = 4,       /* type page_view */
    WH_ROW_NAMED = 8,      /* carried an identifier stronger than anon */
    WH_ROW_AUTOMATIC = 16, /* said of itself that it is: it made no links (identity.md 3) */
    WH_ROW_REPORT = 32,    /* of a company: no touch, but what a person told of himself */
    WH_ROW_UNTOLD = 64,    /* the company has to be told of it, or of its change */
    /* No evidence is looked for any more: the rest of it is gone. Never outside of its state, where
     * a bundle has another use for the bit (bundle.h). */
    WH_ROW_DECIDED = 128,
};

struct wh_history {
    struct wh_arena *arena; /* borrowed: that of the state */
    uint32_t count;
    uint32_t capacity;
    uint32_t base;           /* first row that is not in the base fold */
    int64_t *at;             /* occurred, µs */
    int64_t *received;       /* µs */
    uint32_t *id;            /* string number of the id */
    uint64_t *digest;        /* of the encoded touch */
    int32_t *type;           /* index into the ruleset's types, -1: a type that no rule names */
    uint8_t *flags;          /* enum wh_row_flag */
    uint8_t *verdict;        /* enum wh_verdict, as of what is known now */
    int16_t *place;          /* index into the ruleset's places, -1: none */
    uint16_t *trail;         /* number of the trail that it came by (model/parcel.h); 0: home */
    uint32_t *keys;          /* string number of its set of identifiers (model/key_set.h) */
    uint64_t *told;          /* fingerprint of what the company knows of it; 0: nothing */
    uint32_t column_count;   /* the ruleset's columns (rules/ruleset.h) */
    wh_cell_t **columns;     /* [column][row], NULL: nothing was ever said in it */
    int64_t folded_at;       /* time of the newest row in the base fold; WH_TIME_MIN: none */
    struct wh_str folded_id; /* and its id: older touches are refused (history_late) */
    uint64_t dropped;        /* rows folded early because of history.touches */
};

/* Levels of verdict, lowest first. */
enum wh_verdict { WH_VERDICT_BOT, WH_VERDICT_SUSPECT, WH_VERDICT_UNCONFIRMED, WH_VERDICT_HUMAN };
const char *wh_verdict_str(enum wh_verdict verdict);

void wh_history_init(struct wh_history *history, struct wh_arena *arena, uint32_t column_count);

/* In the history of a company the person stands behind the id of a touch, because rows are unique
 * by both. No id has that byte, and it is the lowest, so the order of ids stays. */
#define WH_TOUCH_PERSON '\0'

/* The id as the touch brought it. */
struct wh_str wh_touch_id(struct wh_str row_id);

/* The row at which a touch with that time and id stands or would stand. */
uint32_t wh_history_place_of(const struct wh_history *history, const struct wh_strings *strings,
                             int64_t at, struct wh_str id);

/* Opens a gap at `row` (<= count): all later rows move up, every column with them; the new row is
 * zero, its columns absent. */
void wh_history_open(struct wh_history *history, uint32_t row);

/* Removes a row (a duplicate with an earlier twin, an erasure). */
void wh_history_close(struct wh_history *history, uint32_t row);

/* Opens several gaps at once: row places[k] of now will be row places[k] + k, and the gap stands
 * before it. The places never fall. */
void wh_history_open_all(struct wh_history *history, const uint32_t *places, uint32_t count);

/* Removes all rows that are marked, [count]; base moves with those that stood before it. */
void wh_history_close_all(struct wh_history *history, const bool *marked);

/* Drops the first n rows (folded); base moves with them. n <= base. */
void wh_history_drop(struct wh_history *history, uint32_t n);

/* The row with that id, or UINT32_MAX. Linear from the newest. */
uint32_t wh_history_find(const struct wh_history *history, const struct wh_strings *strings,
                         struct wh_str id);

/* Number of rows with at < t, and with at <= t: O(log count). */
uint32_t wh_history_before(const struct wh_history *history, int64_t t);
uint32_t wh_history_until(const struct wh_history *history, int64_t t);

static inline wh_cell_t
wh_history_cell(const struct wh_history *history, uint32_t column, uint32_t row)
{
    return history->columns[column] == NULL ? WH_CELL_ABSENT : history->columns[column][row];
}

void wh_history_set_cell(struct wh_history *history, uint32_t column, uint32_t row, wh_cell_t cell);

#endif
