#include "tests/support/any_parts.h"

static struct wh_bundle *
any_bundle(struct wh_random *random, struct wh_arena *arena, uint32_t rows)
{
    struct wh_bundle *bundle = WH_ARENA_NEW(arena, struct wh_bundle);
    wh_any_bundle(random, arena, rows, bundle);
    return bundle;
}

static struct wh_arrival
any_arrival(struct wh_random *random, struct wh_arena *arena)
{
    struct wh_cargo *cargo = WH_ARENA_NEW(arena, struct wh_cargo);
    cargo->rows = any_bundle(random, arena, 1);
    uint32_t count = 1 + wh_random_below(random, WH_TOUCH_KEYS_MAX);
    return (struct wh_arrival){
        .keys = wh_any_keys(random, arena, count),
        .key_count = count,
        .skipped = wh_random_below(random, count),
        .minute = wh_any_minute(random),
        .automatic = wh_any_bool(random),
        .touch = cargo,
    };
}

static struct wh_identity_transfer
any_transfer(struct wh_random *random, struct wh_arena *arena)
{
    uint32_t count = wh_random_below(random, 4);
    struct wh_load *loads = WH_ARENA_ARRAY(arena, struct wh_load, count);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t hops = wh_random_below(random, 4);
        loads[i] = (struct wh_load){
            .trail = {wh_any_keys(random, arena, hops), hops, wh_any_bool(random)},
            .content = any_bundle(random, arena, wh_random_below(random, 6)),
        };
    }
    return (struct wh_identity_transfer){loads, count};
}

static struct wh_identity_link
any_link(struct wh_random *random, struct wh_arena *arena)
{
    struct wh_minutes minutes = wh_any_minutes(random, arena);
    return (struct wh_identity_link){
        .minutes = minutes.items,
        .count = minutes.count,
        .is_void = wh_any_bool(random),
        .fresh = wh_any_bool(random),
    };
}

static struct wh_identity_lease
any_lease(struct wh_random *random, struct wh_arena *arena)
{
    return (struct wh_identity_lease){
        .held = wh_any_stretches(random, arena),
        .status = (enum wh_lease_status)wh_random_below(random, 3),
        .answer = (enum wh_lease_answer)wh_random_below(random, 3),
        .floor = wh_any_bool(random) ? wh_any_minute(random) : WH_MINUTE_FIRST,
        .names = wh_any_names(random, arena),
    };
}

static struct wh_identity_recall
any_recall(struct wh_random *random, struct wh_arena *arena)
{
    uint32_t count = 1 + wh_random_below(random, 3);
    return (struct wh_identity_recall){
        .via = wh_any_keys(random, arena, count),
        .via_count = count,
        .minutes = wh_any_stretches(random, arena),
        .whole = wh_any_bool(random),
        .drop = wh_any_bool(random),
    };
}

static struct wh_identity_dissolve
any_dissolve(struct wh_random *random, struct wh_arena *arena)
{
    struct wh_identity_dissolve dissolve = {
        .stamp = wh_any_stamp(random, arena),
        .alone = wh_any_bool(random),
    };
    if (!dissolve.alone) {
        dissolve.into = wh_any_key(random, arena);
    }
    return dissolve;
}

static struct wh_identity_tell
any_tell(struct wh_random *random, struct wh_arena *arena)
{
    struct wh_str *struck = WH_ARENA_ARRAY(arena, struct wh_str, 2);
    struct wh_identity_tell tell = {
        .person = WH_STR("00112233445566778899aabbccddeeff"),
        .gone = wh_any_bool(random),
        .whole = wh_any_bool(random),
        .silent = wh_any_bool(random),
        .struck = struck,
        .struck_count = wh_random_below(random, 3),
    };
    struck[0] = WH_STR("t000001");
    struck[1] = WH_STR("t000002");
    if (wh_any_bool(random)) {
        tell.touches = any_bundle(random, arena, 1 + wh_random_below(random, 4));
    }
    if (wh_any_bool(random)) {
        struct wh_bundle *report = any_bundle(random, arena, 1);
        report->rows[0].flags |= WH_ROW_REPORT;
        tell.report = report;
    }
    return tell;
}

/* Commands and what follows from them. */
static void
fill_word(struct wh_random *random, struct wh_arena *arena, struct wh_identity_message *message)
{
    if (message->kind == WH_IDENTITY_DISSOLVE) {
        message->as.dissolve = any_dissolve(random, arena);
    } else if (message->kind == WH_IDENTITY_PAIR) {
        message->as.pair = (struct wh_identity_pair){
            wh_any_key(random, arena), wh_any_stamp(random, arena), wh_any_bool(random)};
    } else if (message->kind == WH_IDENTITY_JOIN) {
        message->as.join =
            (struct wh_identity_join){wh_any_stamp(random, arena), wh_any_key(random, arena)};
    } else if (message->kind == WH_IDENTITY_ERASE) {
        message->as.erase =
            (struct wh_identity_erase){wh_any_stretches(random, arena), wh_any_bool(random)};
    } else if (message->kind == WH_IDENTITY_ASK) {
        message->as.ask.minutes = wh_any_stretches(random, arena);
    } else if (message->kind == WH_IDENTITY_ANSWER) {
        uint32_t count = wh_random_below(random, 4);
        message->as.answer =
            (struct wh_identity_members){wh_any_members(random, arena, count), count};
    } else if (message->kind == WH_IDENTITY_TELL) {
        message->as.tell = any_tell(random, arena);
    }
}

void
wh_any_message(struct wh_random *random, struct wh_arena *arena, enum wh_identity_message_kind kind,
               struct wh_identity_message *ret_message)
{
    struct wh_identity_message *message = ret_message;
    *message = (struct wh_identity_message){.kind = kind};
    if (wh_any_bool(random)) {
        message->from = wh_any_key(random, arena);
    }
    if (kind == WH_IDENTITY_ARRIVE) {
        message->as.arrive = any_arrival(random, arena);
    } else if (kind == WH_IDENTITY_LINK) {
        message->as.link = any_link(random, arena);
    } else if (kind == WH_IDENTITY_LEASE) {
        message->as.lease = any_lease(random, arena);
    } else if (kind == WH_IDENTITY_UP || kind == WH_IDENTITY_HOME) {
        message->as.transfer = any_transfer(random, arena);
    } else if (kind == WH_IDENTITY_RECALL) {
        message->as.recall = any_recall(random, arena);
    } else if (kind == WH_IDENTITY_UNLINK) {
        message->as.unlink =
            (struct wh_identity_unlink){wh_any_stretches(random, arena), wh_any_bool(random)};
    } else {
        fill_word(random, arena, message);
    }
}
