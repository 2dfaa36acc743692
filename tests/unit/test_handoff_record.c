/* A handoff record is the same after it was written and read, and bytes that are none are
 * refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/base/time.h"
#include "proto/handoff_record.h"
#include "tests/support/any_entity.h"
#include "tests/support/same_entity.h"

#define ROUNDS    40
#define SPOILINGS 1500

static struct wh_str
encode(struct wh_arena *arena, const struct wh_handoff *handoff)
{
    struct wh_buf buf;
    wh_buf_init(&buf, arena);
    wh_handoff_record_encode(&buf, handoff);
    return wh_buf_str(&buf);
}

static struct wh_str
encode_one(struct wh_arena *arena, const struct wh_identity_message *message)
{
    struct wh_handoff_message one = {.kind = WH_HANDOFF_IDENTITY, .identity = message};
    return encode(arena, &(struct wh_handoff){WH_STR("email:ann"), 0, &one, 1});
}

static void
a_record_keeps_its_messages_in_order(void **unused)
{
    (void)unused;
    struct wh_arena arena;
    wh_arena_init(&arena, 0);
    struct wh_identity_message refuse = {.kind = WH_IDENTITY_REFUSE,
                                         .from = {WH_KEY_CRM, WH_STR("1")}};
    const struct wh_handoff_message messages[] = {
        {.bytes = WH_STR("{\"first\":1}"), .default_id = WH_STR("touchpoints-0-1")},
        {.kind = WH_HANDOFF_IDENTITY, .identity = &refuse},
        {.bytes = WH_STR("third")},
    };
    struct wh_handoff from = {WH_STR("user:ann"), 0, messages, 3};
    struct wh_handoff to;
    assert_int_equal(wh_handoff_record_decode(encode(&arena, &from), &arena, &to, NULL), WH_OK);
    assert_true(wh_str_is(to.key, "user:ann"));
    assert_int_equal(to.message_count, 3);
    assert_int_equal(to.messages[0].kind, WH_HANDOFF_TOUCH);
    assert_true(wh_str_is(to.messages[0].bytes, "{\"first\":1}"));
    assert_true(wh_str_is(to.messages[0].default_id, "touchpoints-0-1"));
    assert_int_equal(to.messages[1].kind, WH_HANDOFF_IDENTITY);
    wh_expect_same_message(to.messages[1].identity, &refuse);
    assert_true(wh_str_is(to.messages[2].bytes, "third"));
    assert_int_equal(wh_handoff_record_decode(WH_STR("\x12"), &arena, &to, NULL), WH_ERR_INPUT);
    wh_arena_fini(&arena);
}

static void
expect_round_trip(struct wh_random *random, enum wh_identity_message_kind kind)
{
    struct wh_arena arena;
    struct wh_identity_message message;
    struct wh_handoff again;
    struct wh_error error = {0};
    wh_arena_init(&arena, 0);
    wh_any_message(random, &arena, kind, &message);
    struct wh_str bytes = encode_one(&arena, &message);
    if (wh_handoff_record_decode(bytes, &arena, &again, &error) != WH_OK) {
        fail_msg("%s: %s", wh_identity_message_kind_str(kind), error.message);
    }
    assert_int_equal(again.message_count, 1);
    wh_expect_same_message(&message, again.messages[0].identity);
    assert_true(wh_str_equal(encode(&arena, &again), bytes));
    wh_arena_fini(&arena);
}

static void
a_message_of_each_kind_is_the_same_after_writing_and_reading(void **unused)
{
    (void)unused;
    struct wh_random random = {20261124};
    for (int kind = 0; kind < WH_IDENTITY_MESSAGE_KIND_COUNT; kind++) {
        for (int round = 0; round < ROUNDS; round++) {
            expect_round_trip(&random, (enum wh_identity_message_kind)kind);
        }
    }
}

static void
a_word_about_a_route_is_the_same_after_writing_and_reading(void **unused)
{
    (void)unused;
    struct wh_random random = {20261130};
    struct wh_arena arena;
    wh_arena_init(&arena, 0);
    for (int round = 0; round < ROUNDS; round++) {
        struct wh_route_message message;
        struct wh_handoff again;
        enum wh_route_message_kind kind = (enum wh_route_message_kind)(round % 3);
        wh_any_route_message(&random, &arena, kind, &message);
        struct wh_handoff_message one = {.kind = WH_HANDOFF_ROUTE, .route = &message};
        struct wh_str bytes =
            encode(&arena, &(struct wh_handoff){WH_STR("route:team"), 5, &one, 1});
        assert_int_equal(wh_handoff_record_decode(bytes, &arena, &again, NULL), WH_OK);
        assert_true(wh_str_is(again.key, "route:team"));
        assert_int_equal(again.messages[0].kind, WH_HANDOFF_ROUTE);
        wh_expect_same_route_message(&message, again.messages[0].route);
        assert_true(wh_str_equal(encode(&arena, &again), bytes));
    }
    wh_arena_fini(&arena);
}

static void
a_word_about_a_route_comes_from_who_can_say_it(void **unused)
{
    (void)unused;
    struct wh_arena arena;
    struct wh_handoff again;
    struct wh_error error = {0};
    wh_arena_init(&arena, 0);
    struct wh_route_message answer = {
        .kind = WH_ROUTE_ANSWER,
        .from = {WH_KEY_EMAIL, WH_STR("ann@x.example")},
        .ticket = {.qualification = WH_STR("ready")},
    };
    struct wh_handoff_message one = {.kind = WH_HANDOFF_ROUTE, .route = &answer};
    struct wh_handoff handoff = {WH_STR("email:ann"), 0, &one, 1};
    assert_int_equal(wh_handoff_record_decode(encode(&arena, &handoff), &arena, &again, &error),
                     WH_ERR_INPUT);
    assert_string_equal(error.message, "the handoff record is damaged: a word about a route that "
                                       "there is not");
    answer.from = (struct wh_key){WH_KEY_ROUTE, WH_STR("team")};
    assert_int_equal(wh_handoff_record_decode(encode(&arena, &handoff), &arena, &again, NULL),
                     WH_OK);
    answer.kind = WH_ROUTE_LEFT;
    assert_int_equal(wh_handoff_record_decode(encode(&arena, &handoff), &arena, &again, NULL),
                     WH_ERR_INPUT);
    wh_arena_fini(&arena);
}

/* One message of each kind. */
static struct wh_str
any_record(struct wh_random *random, struct wh_arena *arena)
{
    struct wh_handoff_message messages[WH_IDENTITY_MESSAGE_KIND_COUNT];
    for (int kind = 0; kind < WH_IDENTITY_MESSAGE_KIND_COUNT; kind++) {
        struct wh_identity_message *message = WH_ARENA_NEW(arena, struct wh_identity_message);
        wh_any_message(random, arena, (enum wh_identity_message_kind)kind, message);
        messages[kind] =
            (struct wh_handoff_message){.kind = WH_HANDOFF_IDENTITY, .identity = message};
    }
    return encode(arena, &(struct wh_handoff){WH_STR("email:ann"), 0, messages,
                                              WH_IDENTITY_MESSAGE_KIND_COUNT});
}

static enum wh_err
decode_copy(const char *bytes, size_t len)
{
    struct wh_arena arena;
    struct wh_handoff again;
    wh_arena_init(&arena, 0);
    char *copy = wh_arena_alloc(&arena, len);
    memcpy(copy, bytes, len);
    enum wh_err err = wh_handoff_record_decode((struct wh_str){copy, len}, &arena, &again, NULL);
    if (err == WH_OK) {
        (void)encode(&arena, &again);
    }
    wh_arena_fini(&arena);
    return err;
}

static void
what_breaks_off_is_refused(void **unused)
{
    (void)unused;
    struct wh_random random = {3};
    struct wh_arena arena;
    wh_arena_init(&arena, 0);
    struct wh_str bytes = any_record(&random, &arena);
    size_t complete = 0;
    for (size_t len = 0; len <= bytes.len; len++) {
        complete += decode_copy(bytes.ptr, len) == WH_OK ? 1 : 0;
    }
    /* Behind the key, behind the time, and behind each message. */
    assert_int_equal(complete, 2 + WH_IDENTITY_MESSAGE_KIND_COUNT);
    wh_arena_fini(&arena);
}

static void
spoiled_bytes_are_refused_or_a_record(void **unused)
{
    (void)unused;
    struct wh_random random = {77};
    struct wh_arena arena;
    wh_arena_init(&arena, 0);
    struct wh_str bytes = any_record(&random, &arena);
    char *spoiled = wh_arena_alloc(&arena, bytes.len);
    int refused = 0;
    for (int i = 0; i < SPOILINGS; i++) {
        memcpy(spoiled, bytes.ptr, bytes.len);
        for (uint32_t flips = 1 + wh_random_below(&random, 3); flips > 0; flips--) {
            spoiled[wh_random_below(&random, (uint32_t)bytes.len)] = (char)wh_random_next(&random);
        }
        refused += decode_copy(spoiled, bytes.len) == WH_OK ? 0 : 1;
    }
    assert_true(refused > SPOILINGS / 4);
    wh_arena_fini(&arena);
}

static void
expect_refused(struct wh_arena *arena, const struct wh_identity_message *message,
               const char *reason)
{
    struct wh_handoff again;
    struct wh_error error = {0};
    assert_int_equal(wh_handoff_record_decode(encode_one(arena, message), arena, &again, &error),
                     WH_ERR_INPUT);
    assert_string_equal(error.message, reason);
}

static void
each_broken_promise_of_a_message_is_found(void **unused)
{
    (void)unused;
    struct wh_random random = {9};
    struct wh_arena arena;
    struct wh_identity_message message;
    wh_arena_init(&arena, 0);

    int64_t twice[] = {5, 5};
    message = (struct wh_identity_message){.kind = WH_IDENTITY_LINK,
                                           .as.link = {.minutes = twice, .count = 2}};
    expect_refused(&arena, &message, "the handoff record is damaged: minutes are out of order");

    static const struct wh_stretch empty[] = {{5, 5}};
    message =
        (struct wh_identity_message){.kind = WH_IDENTITY_ASK, .as.ask = {.minutes = {empty, 1}}};
    expect_refused(&arena, &message,
                   "the handoff record is damaged: stretches of minutes that are empty or out of "
                   "order");

    wh_any_message(&random, &arena, WH_IDENTITY_ARRIVE, &message);
    message.as.arrive.skipped = message.as.arrive.key_count;
    expect_refused(&arena, &message, "the handoff record is damaged: an arrival that there is not");

    message = (struct wh_identity_message){.kind = WH_IDENTITY_RECALL};
    expect_refused(&arena, &message, "the handoff record is damaged: a recall by nobody");

    message = (struct wh_identity_message){.kind = WH_IDENTITY_JOIN,
                                           .as.join = {.lead = {WH_KEY_ROUTE, WH_STR("r")}}};
    expect_refused(&arena, &message,
                   "the handoff record is damaged: an identifier is missing, or is nobody's");

    message = (struct wh_identity_message){.kind = WH_IDENTITY_MESSAGE_KIND_COUNT};
    expect_refused(&arena, &message,
                   "the handoff record is damaged: a message of a kind that this program does not "
                   "know");
    wh_arena_fini(&arena);
}

static void
expect_bundle_refused(struct wh_arena *arena, struct wh_bundle *bundle, const char *reason)
{
    struct wh_load load = {.content = bundle};
    struct wh_identity_message message = {.kind = WH_IDENTITY_UP,
                                          .as.transfer = {.loads = &load, .count = 1}};
    expect_refused(arena, &message, reason);
}

static void
each_broken_promise_of_a_bundle_is_found(void **unused)
{
    (void)unused;
    struct wh_random random = {9};
    struct wh_arena arena;
    struct wh_bundle bundle;
    wh_arena_init(&arena, 0);

    wh_any_bundle(&random, &arena, 3, &bundle);
    bundle.rows[2].at = bundle.rows[1].at - 1;
    expect_bundle_refused(&arena, &bundle,
                          "the handoff record is damaged: touches are double or not in timeline "
                          "order");

    wh_any_bundle(&random, &arena, 3, &bundle);
    bundle.rows[2].id = bundle.rows[1].id;
    bundle.rows[2].at = bundle.rows[1].at + 1;
    expect_bundle_refused(&arena, &bundle,
                          "the handoff record is damaged: touches are double or not in timeline "
                          "order");

    wh_any_bundle(&random, &arena, 3, &bundle);
    bundle.rows[0].type = bundle.strings.count;
    expect_bundle_refused(&arena, &bundle,
                          "the handoff record is damaged: a touch holds what no touch has");

    wh_any_bundle(&random, &arena, 3, &bundle);
    bundle.rows[0].keys = bundle.rows[0].id;
    expect_bundle_refused(&arena, &bundle,
                          "the handoff record is damaged: a touch without identifiers");

    wh_any_bundle(&random, &arena, 3, &bundle);
    uint32_t column = wh_bundle_column(&bundle, 1, WH_STR("wrong"));
    bundle.columns[column].cells[1] = wh_cell_make(WH_TYPE_STRING, bundle.strings.count);
    expect_bundle_refused(&arena, &bundle,
                          "the handoff record is damaged: a cell names a string that is not there");

    wh_any_bundle(&random, &arena, 0, &bundle);
    wh_bundle_add_fold(&bundle)->trail = 0;
    expect_bundle_refused(&arena, &bundle,
                          "the handoff record is damaged: a fold of touches that there are not");
    wh_arena_fini(&arena);
}

/* A newer program may say more. */
static void
what_is_not_known_is_passed_over(void **unused)
{
    (void)unused;
    struct wh_arena arena;
    struct wh_buf buf;
    struct wh_handoff again;
    wh_arena_init(&arena, 0);
    wh_buf_init(&buf, &arena);
    struct wh_identity_message refuse = {.kind = WH_IDENTITY_REFUSE};
    wh_buf_push(&buf, encode_one(&arena, &refuse));
    wh_buf_push(&buf, WH_STR("\xa2\x06\x03new"));
    assert_int_equal(wh_handoff_record_decode(wh_buf_str(&buf), &arena, &again, NULL), WH_OK);
    assert_int_equal(again.message_count, 1);
    wh_arena_fini(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_keeps_its_messages_in_order),
        cmocka_unit_test(a_message_of_each_kind_is_the_same_after_writing_and_reading),
        cmocka_unit_test(a_word_about_a_route_is_the_same_after_writing_and_reading),
        cmocka_unit_test(a_word_about_a_route_comes_from_who_can_say_it),
        cmocka_unit_test(what_breaks_off_is_refused),
        cmocka_unit_test(spoiled_bytes_are_refused_or_a_record),
        cmocka_unit_test(each_broken_promise_of_a_message_is_found),
        cmocka_unit_test(each_broken_promise_of_a_bundle_is_found),
        cmocka_unit_test(what_is_not_known_is_passed_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
