#include "tests/support/holder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/base/buf.h"
#include "engine/model/stretch.h"
#include "engine/rules/read.h"
#include "engine/score/horizon.h"
#include "engine/score/recompute.h"
#include "engine/score/replay.h"
#include "engine/score/step.h"

#define MINUTE (INT64_C(60) * 1000 * 1000)

void
wh_holder_open(struct wh_holder *holder, const struct wh_ruleset *ruleset)
{
    *holder = (struct wh_holder){.ruleset = ruleset};
    wh_arena_init(&holder->home, 0);
    wh_arena_init(&holder->batch, 0);
    wh_state_begin(&holder->state, &holder->home, ruleset, WH_STR("user:u"),
                   (struct wh_hash_id){{0}}, WH_HOLDER_START);
    wh_holder_begin(holder);
}

void
wh_holder_close(struct wh_holder *holder)
{
    wh_arena_fini(&holder->batch);
    wh_arena_fini(&holder->home);
}

void
wh_holder_begin(struct wh_holder *holder)
{
    wh_parcel_store_init(&holder->store, holder->ruleset, &holder->state, &holder->batch);
    holder->table = wh_parcel_store_table(&holder->store);
}

static void
check_recomputed(struct wh_holder *holder)
{
    struct wh_arena arena;
    struct wh_state copy;
    wh_arena_init(&arena, 0);
    wh_state_copy(&copy, &arena, &holder->state);
    wh_recompute(holder->ruleset, &copy, holder->state.now, &arena);
    assert_true(wh_fold_equal(&copy.live, &holder->state.live));
    if (copy.history.count > 0) {
        assert_memory_equal(copy.history.verdict, holder->state.history.verdict,
                            copy.history.count);
    }
    wh_arena_fini(&arena);
}

void
wh_holder_end(struct wh_holder *holder, int64_t minute)
{
    struct wh_state *state = &holder->state;
    struct wh_parcel_store *store = &holder->store;
    int64_t now = WH_HOLDER_START + minute * MINUTE;
    state->now = now > state->now ? now : state->now;
    if (store->row != UINT32_MAX) {
        struct wh_struck_points struck = {{0}};
        wh_parcel_store_judge(store, state->now, &struck);
        if (store->row < state->live.rows || store->at < state->live.at) {
            wh_replay_back(state, store->row, store->at);
        }
    }
    (void)wh_replay_run(holder->ruleset, state, state->now, &holder->batch);
    wh_parcel_store_bound(store, state->now);
    if (!holder->unchecked) {
        check_recomputed(holder);
    }
}

static void
set_text(struct wh_touch *touch, enum wh_field field, const char *text)
{
    if (text != NULL) {
        touch->fields[field] = wh_value_string(wh_str_of(text));
    }
}

static struct wh_named_list
named(struct wh_arena *arena, struct wh_str name, const char *text)
{
    if (text == NULL) {
        return (struct wh_named_list){0};
    }
    struct wh_named *item = WH_ARENA_NEW(arena, struct wh_named);
    *item = (struct wh_named){name, wh_value_string(wh_str_of(text))};
    return (struct wh_named_list){item, 1};
}

struct wh_touch
wh_holder_sketched(struct wh_arena *arena, const struct wh_parcel_sketch *sketch)
{
    struct wh_touch touch = {
        .id = wh_str_of(sketch->id),
        .occurred = WH_HOLDER_START + sketch->minute * MINUTE,
        .received = WH_HOLDER_START + sketch->minute * MINUTE + 1,
        .digest = sketch->digest,
        .keys = {{WH_KEY_USER, WH_STR("u")}},
        .key_count = 1,
        .props = named(arena, WH_STR("agent"), sketch->agent),
        .lead = named(arena, WH_STR("role"), sketch->role),
    };
    set_text(&touch, WH_FIELD_TYPE, sketch->type != NULL ? sketch->type : "page_view");
    set_text(&touch, WH_FIELD_PAGE_PATH, sketch->path);
    if (sketch->device != NULL) {
        touch.keys[touch.key_count++] = (struct wh_key){WH_KEY_ANON, wh_str_of(sketch->device)};
    }
    return touch;
}

enum wh_outcome
wh_holder_accept(struct wh_holder *holder, const struct wh_parcel_sketch *sketch)
{
    struct wh_touch touch = wh_holder_sketched(&holder->batch, sketch);
    struct wh_cargo cargo = {.touch = &touch};
    struct wh_arrival arrival = {
        .keys = touch.keys,
        .key_count = (uint32_t)touch.key_count,
        .minute = wh_minute_of(touch.occurred),
        .automatic = sketch->automatic,
        .touch = &cargo,
    };
    holder->table.accept(holder->table.self, &arrival);
    return holder->store.outcome;
}

enum wh_outcome
wh_holder_touch(struct wh_holder *holder, const struct wh_parcel_sketch *sketch)
{
    wh_holder_begin(holder);
    enum wh_outcome outcome = wh_holder_accept(holder, sketch);
    wh_holder_end(holder, sketch->minute);
    return outcome;
}

struct wh_stretches
wh_holder_minutes(struct wh_holder *holder, int64_t from, int64_t to)
{
    int64_t start = wh_minute_of(WH_HOLDER_START);
    return wh_stretches_of(&holder->batch, start + from, start + to);
}

bool
wh_holder_carry(struct wh_holder *from, uint32_t trail, struct wh_stretches minutes,
                struct wh_holder *to, uint32_t to_trail, int64_t now)
{
    wh_holder_begin(from);
    void *content = from->table.take(from->table.self, &from->batch, trail, minutes);
    wh_holder_end(from, now);
    if (content == NULL) {
        return false;
    }
    wh_holder_begin(to);
    assert_null(to->table.put(to->table.self, &to->batch, to_trail, content, minutes));
    wh_holder_end(to, now);
    return true;
}

void
wh_holder_fold(struct wh_holder *holder, uint32_t n)
{
    wh_holder_begin(holder);
    assert_int_equal(wh_horizon_fold_early(holder->ruleset, &holder->state, n, &holder->batch), n);
    wh_holder_end(holder, 0);
}

static struct wh_view
view_of(struct wh_holder *holder)
{
    struct wh_view view;
    wh_view_init(&view, holder->ruleset, &holder->state, &holder->state.live, &holder->batch);
    view.now = holder->state.now;
    return view;
}

int64_t
wh_holder_score(struct wh_holder *holder, const char *score)
{
    struct wh_view view = view_of(holder);
    int64_t value = 0;
    for (size_t i = 0; i < holder->ruleset->score_count; i++) {
        if (wh_str_is(holder->ruleset->scores[i].id, score)) {
            assert_true(wh_read_score(&view, (int32_t)i, &value));
            return value;
        }
    }
    fail_msg("no score %s", score);
    return 0;
}

const char *
wh_holder_role(struct wh_holder *holder)
{
    struct wh_view view = view_of(holder);
    for (size_t i = 0; i < holder->ruleset->attribute_count; i++) {
        const struct wh_column *column =
            &holder->ruleset->columns[holder->ruleset->attributes[i].column];
        if (column->kind == WH_COLUMN_LEAD && wh_str_is(column->name, "role")) {
            struct wh_value value = wh_read_attribute(&view, (int32_t)i);
            return value.type == WH_TYPE_STRING ? wh_arena_str(&holder->batch, value.text).ptr
                                                : "?";
        }
    }
    fail_msg("no role");
    return NULL;
}

const char *
wh_holder_rows(struct wh_holder *holder)
{
    const struct wh_history *history = &holder->state.history;
    struct wh_buf buf;
    wh_buf_init(&buf, &holder->batch);
    for (uint32_t row = 0; row < history->count; row++) {
        wh_buf_push_text(&buf, row > 0 ? " " : "");
        wh_buf_push(&buf, wh_strings_get(&holder->state.strings, history->id[row]));
        if (history->trail[row] != 0) {
            wh_buf_printf(&buf, "/%u", history->trail[row]);
        }
    }
    return wh_buf_text(&buf);
}
