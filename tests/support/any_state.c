#include "tests/support/any_state.h"

#include "engine/base/buf.h"
#include "engine/base/time.h"
#include "engine/model/key_set.h"

#define COLUMNS WH_ANY_COLUMNS
#define NINE    WH_ANY_START

uint64_t
wh_random_next(struct wh_random *random)
{
    random->state ^= random->state >> 12;
    random->state ^= random->state << 25;
    random->state ^= random->state >> 27;
    return random->state * UINT64_C(2685821657736338717);
}

uint32_t
wh_random_below(struct wh_random *random, uint32_t bound)
{
    return (uint32_t)(wh_random_next(random) >> 33) % bound;
}

/* Small, large, negative and extreme numbers. */
static int64_t
any_integer(struct wh_random *random)
{
    switch (wh_random_below(random, 6)) {
    case 0:
        return 0;
    case 1:
        return INT64_MAX;
    case 2:
        return WH_TIME_MIN;
    case 3:
        return (int64_t)wh_random_next(random);
    case 4:
        return NINE + wh_random_below(random, 1000000);
    default:
        return (int64_t)wh_random_below(random, 200) - 100;
    }
}

struct wh_key
wh_any_key(struct wh_random *random, struct wh_arena *arena)
{
    struct wh_buf value;
    wh_buf_init(&value, arena);
    wh_buf_printf(&value, "k%u", wh_random_below(random, 30));
    return (struct wh_key){
        .kind = (enum wh_key_kind)wh_random_below(random, WH_KEY_ANON + 1),
        .value = wh_buf_str(&value),
    };
}

static uint32_t
any_string(struct wh_random *random, struct wh_state *state)
{
    struct wh_buf text;
    wh_buf_init(&text, state->arena);
    wh_buf_printf(&text, "s%u", wh_random_below(random, 40));
    return wh_strings_intern(&state->strings, wh_buf_str(&text));
}

static wh_cell_t
any_cell(struct wh_random *random, struct wh_state *state)
{
    switch (wh_random_below(random, 4)) {
    case 0:
        return WH_CELL_UNKNOWN;
    case 1:
        return wh_cell_make(WH_TYPE_NUMBER, (int64_t)wh_random_below(random, 2000000) - 1000000);
    case 2:
        return wh_cell_make(WH_TYPE_BOOL, 1);
    default:
        return wh_cell_make(WH_TYPE_STRING, any_string(random, state));
    }
}

static uint32_t
any_key_set(struct wh_random *random, struct wh_state *state)
{
    struct wh_key keys[2] = {wh_any_key(random, state->arena), wh_any_key(random, state->arena)};
    struct wh_str text = wh_key_set_text(state->arena, keys, 1 + wh_random_below(random, 2));
    return wh_strings_intern_whole(&state->strings, text);
}

void
wh_any_touch(struct wh_random *random, struct wh_state *state, int64_t at, uint32_t number)
{
    struct wh_history *history = &state->history;
    struct wh_buf id;
    wh_buf_init(&id, state->arena);
    wh_buf_printf(&id, "t%06u", number);
    uint32_t row = history->count;
    wh_history_open(history, row);
    history->at[row] = at;
    history->received[row] = at + (int64_t)wh_random_below(random, 2000000) - 1000;
    history->id[row] = wh_strings_intern(&state->strings, wh_buf_str(&id));
    history->digest[row] = wh_random_next(random);
    history->type[row] = (int32_t)wh_random_below(random, 5) - 1;
    history->flags[row] = (uint8_t)wh_random_below(random, 256);
    history->verdict[row] = (uint8_t)wh_random_below(random, 4);
    history->place[row] = (int16_t)((int)wh_random_below(random, 300) - 1);
    history->keys[row] = any_key_set(random, state);
    history->told[row] = (number & 1) == 0 ? wh_random_next(random) : 0;
    for (uint32_t column = 0; column < COLUMNS; column++) {
        /* From never to nearly always, so that both forms of cells are used. */
        if (wh_random_below(random, COLUMNS) < column) {
            wh_history_set_cell(history, column, row, any_cell(random, state));
        }
    }
}

static void
fill_fold(struct wh_random *random, struct wh_fold *fold)
{
    fold->at = any_integer(random);
    for (uint32_t i = 0; i < fold->cell_count; i++) {
        fold->cells[i] = wh_random_below(random, 3) == 0 ? any_integer(random) : 0;
    }
    for (uint32_t i = 0; i < fold->list_count; i++) {
        for (uint32_t items = wh_random_below(random, 5); items > 0; items--) {
            wh_fold_push(fold, i, any_integer(random));
        }
    }
}

static struct wh_value_record *
any_values(struct wh_random *random, struct wh_arena *arena, uint32_t count)
{
    struct wh_value_record *records = WH_ARENA_ARRAY(arena, struct wh_value_record, count);
    for (uint32_t i = 0; i < count; i++) {
        records[i] = (struct wh_value_record){(int32_t)wh_random_below(random, 4) - 1,
                                              wh_random_below(random, 3)};
    }
    return records;
}

static void
fill_triggers(struct wh_random *random, struct wh_announced *announced)
{
    for (uint32_t i = 0; i < announced->trigger_count; i++) {
        if (wh_random_below(random, 2) == 0) {
            announced->triggers[i] = (struct wh_trigger_record){
                .standing = wh_random_below(random, 2) == 0,
                .fired = wh_random_below(random, 5),
            };
        }
    }
}

static struct wh_track_record *
any_tracks(struct wh_random *random, struct wh_arena *arena, uint32_t count)
{
    struct wh_track_record *tracks = WH_ARENA_ARRAY(arena, struct wh_track_record, count);
    for (uint32_t i = 0; i < count; i++) {
        tracks[i] =
            (struct wh_track_record){wh_random_below(random, 2) == 0, wh_random_below(random, 5)};
    }
    return tracks;
}

static void
fill_announced(struct wh_random *random, struct wh_arena *arena, struct wh_announced *announced)
{
    *announced = (struct wh_announced){
        .arena = arena,
        .processed = any_integer(random),
        .qualification_count = wh_random_below(random, 4),
        .trigger_count = wh_random_below(random, 6),
        .segment_count = wh_random_below(random, 12),
        .label_count = wh_random_below(random, 3),
        .stage = {(int32_t)wh_random_below(random, 5), wh_random_below(random, 5)},
        .updated_at = any_integer(random),
        .updated_due = any_integer(random),
        .updated_number = wh_random_below(random, 3),
        .updated_digest = wh_random_next(random),
        .score_count = wh_random_below(random, 4),
        .track_count = wh_random_below(random, 4),
    };
    announced->qualifications =
        WH_ARENA_ARRAY(arena, struct wh_qualification_record, announced->qualification_count);
    for (uint32_t i = 0; i < announced->qualification_count; i++) {
        announced->qualifications[i] = (struct wh_qualification_record){
            .held = wh_random_below(random, 2) == 0,
            .episode = wh_random_below(random, 3),
        };
    }
    announced->triggers = WH_ARENA_ARRAY(arena, struct wh_trigger_record, announced->trigger_count);
    fill_triggers(random, announced);
    announced->tracks = any_tracks(random, arena, announced->track_count);
    announced->segments = any_values(random, arena, announced->segment_count);
    announced->labels = any_values(random, arena, announced->label_count);
    announced->updated_scores = WH_ARENA_ARRAY(arena, int64_t, announced->score_count);
    for (uint32_t i = 0; i < announced->score_count; i++) {
        announced->updated_scores[i] = any_integer(random);
    }
}

void
wh_any_state(struct wh_random *random, struct wh_arena *arena, struct wh_state *ret_state)
{
    struct wh_state *state = ret_state;
    *state = (struct wh_state){.arena = arena, .key = WH_STR("email:ann@stadtwerke.example")};
    for (size_t i = 0; i < sizeof(state->id.bytes); i++) {
        state->id.bytes[i] = (uint8_t)wh_random_next(random);
    }
    state->life = NINE;
    state->now = any_integer(random);
    wh_strings_init(&state->strings, arena);
    wh_history_init(&state->history, arena, COLUMNS);
    int64_t at = NINE;
    for (uint32_t rows = wh_random_below(random, 30), i = 0; i < rows; i++) {
        at += INT64_C(40000) * wh_random_below(random, 3);
        wh_any_touch(random, state, at, i);
    }
    uint32_t count = state->history.count;
    state->history.base = count == 0 ? 0 : wh_random_below(random, count + 1);
    if (wh_random_below(random, 2) == 0) {
        state->history.folded_at = NINE - 1;
        state->history.folded_id = WH_STR("t0");
        state->history.dropped = 3;
    }
    wh_fold_init(&state->base, arena, 12, 5);
    wh_fold_init(&state->live, arena, 12, 5);
    fill_fold(random, &state->base);
    fill_fold(random, &state->live);
    state->base.rows = state->history.base;
    state->live.rows = count;
    fill_announced(random, arena, &state->announced);
    state->duplicates = wh_random_below(random, 3);
    state->late_refused = wh_random_below(random, 3);
    state->unknowns = wh_random_next(random);
}
