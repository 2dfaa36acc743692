/* An announcement that waits for the counter of a route, while things happen to its lead: messages
 * are carried by hand, so an answer may be under way for as long as a test likes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "engine/base/time.h"
#include "engine/language/compile.h"
#include "engine/model/identity_message_copy.h"
#include "engine/score/adopt.h"
#include "engine/score/entity.h"
#include "engine/score/explain.h"

#define MINUTE       WH_US_PER_MINUTE
#define START        (INT64_C(29000000) * MINUTE)
#define ENTITIES_MAX 8
#define LETTERS_MAX  64

static const uint8_t secret[WH_HASH_KEY_SIZE] = {9};
static const char *const model_text =
    "waterhole: 1\nname: m\n"
    "qualification:\n"
    "  - { id: ready, arm: count(page_view within 1d) >= 1, except: lead.stop == 1 }\n"
    "  - { id: urgent, on: call }\n"
    "routes:\n"
    "  - { id: few, to: partner, when: lead.few == 1, capacity: { count: 1, per: year } }\n"
    "  - { id: team, to: sales, pick: round_robin, of: [anna, ben, cem], sticky: 2d }\n";

struct letter {
    bool is_route;
    struct wh_identity_sent identity;
    struct wh_route_sent route;
};

static struct {
    struct wh_arena arena;
    struct wh_model *model;
    struct wh_entity entities[ENTITIES_MAX];
    size_t count;
    struct letter letters[LETTERS_MAX];
    size_t letter_count;
    struct wh_buf log; /* what left */
    int64_t now;
    uint64_t number;
    size_t unasked; /* announcements that found too many others waiting */
} net;

static struct wh_model *
compile(const char *text)
{
    struct wh_problems problems;
    struct wh_model *model = NULL;
    wh_problems_init(&problems, &net.arena);
    struct wh_source *source =
        wh_source_from_text(&net.arena, WH_STR("model.yaml"), wh_str_of(text), 0);
    struct wh_source_list list = {&source, 1};
    struct wh_compile_options options = {.sources = &list};
    assert_int_equal(wh_compile(source->name, &options, &problems, &model), WH_OK);
    return model;
}

static int
set_up(void **state)
{
    (void)state;
    memset(&net, 0, sizeof(net));
    wh_arena_init(&net.arena, 0);
    wh_buf_init(&net.log, &net.arena);
    net.now = START;
    net.model = compile(model_text);
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    wh_model_destroy(&net.model);
    wh_arena_fini(&net.arena);
    return 0;
}

static struct wh_entity *
entity_of(struct wh_key key)
{
    struct wh_str text = wh_key_text(&net.arena, key);
    for (size_t i = 0; i < net.count; i++) {
        if (wh_str_equal(net.entities[i].state.key, text)) {
            return &net.entities[i];
        }
    }
    assert_true(net.count < ENTITIES_MAX);
    struct wh_entity *entity = &net.entities[net.count++];
    wh_entity_begin(entity, &net.arena, &net.model->ruleset, key,
                    wh_key_id(secret, &net.arena, key), net.now);
    return entity;
}

static struct wh_entity *
lead(const char *text)
{
    struct wh_key key;
    assert_true(wh_key_parse(wh_str_of(text), &key));
    return entity_of(key);
}

/* Under whose name it leaves, and what. */
static void
write_down(const struct wh_event *event)
{
    struct wh_str key = event->snapshot->key;
    wh_buf_printf(&net.log, "%.*s %s", WH_STR_ARG(key), wh_event_kind_str(event->kind));
    if (event->name.len > 0) {
        wh_buf_printf(&net.log, " %.*s %u", WH_STR_ARG(event->name), event->number);
    }
    if (event->kind == WH_EVENT_QUALIFIED) {
        wh_buf_printf(&net.log, " %.*s/%.*s", WH_STR_ARG(event->route.rule),
                      WH_STR_ARG(event->route.owner));
    }
    wh_buf_push_char(&net.log, '\n');
}

static void
step(struct wh_entity *entity, const struct wh_message *message)
{
    struct wh_entity_effects effects;
    struct wh_moment moment = {net.now, WH_TIME_MIN, secret};
    wh_entity_effects_init(&effects, &net.arena);
    (void)wh_entity_step(&net.model->ruleset, entity, message, &moment, &effects);
    net.unasked += effects.events.unasked;
    for (size_t i = 0; i < effects.events.count; i++) {
        write_down(&effects.events.events[i]);
    }
    for (uint32_t i = 0; i < effects.identity.sent_count; i++) {
        struct letter *letter = &net.letters[net.letter_count++];
        *letter = (struct letter){.identity.to = effects.identity.sent[i].to};
        wh_identity_message_copy(&letter->identity.message, &net.arena,
                                 &effects.identity.sent[i].message);
    }
    for (size_t i = 0; i < effects.events.sent_count; i++) {
        struct letter *letter = &net.letters[net.letter_count++];
        letter->is_route = true;
        wh_route_sent_copy(&letter->route, &net.arena, &effects.events.sent[i]);
    }
}

/* The first letter of that kind; false: none is on its way. */
static bool
carry_one(bool is_route)
{
    for (size_t i = 0; i < net.letter_count; i++) {
        struct letter letter = net.letters[i];
        if (letter.is_route != is_route) {
            continue;
        }
        net.letter_count--;
        memmove(&net.letters[i], &net.letters[i + 1],
                (net.letter_count - i) * sizeof(net.letters[0]));
        struct wh_message message = {
            .kind = is_route ? WH_MESSAGE_ROUTE : WH_MESSAGE_IDENTITY,
            .identity = is_route ? NULL : &letter.identity.message,
            .route = is_route ? &letter.route.message : NULL,
        };
        step(entity_of(is_route ? letter.route.to : letter.identity.to), &message);
        return true;
    }
    return false;
}

/* Who is who, as far as it goes; routes wait. */
static void
carry_identity(void)
{
    while (carry_one(false)) {
    }
}

static void
carry_all(void)
{
    do {
        carry_identity();
    } while (carry_one(true));
}

static struct wh_touch
touch_of(const char *type, const char *weak, const char *strong)
{
    struct wh_buf id;
    struct wh_touch touch = {.occurred = net.now, .received = net.now};
    wh_buf_init(&id, &net.arena);
    wh_buf_printf(&id, "t%03u", (unsigned)net.number++);
    touch.id = wh_buf_str(&id);
    touch.fields[WH_FIELD_TYPE] = wh_value_string(wh_str_of(type));
    touch.fields[WH_FIELD_SOURCE] = wh_value_string(WH_STR("web"));
    for (int i = 0; i < 2; i++) {
        const char *text = i == 0 ? strong : weak;
        touch.key_count +=
            text != NULL && wh_key_parse(wh_str_of(text), &touch.keys[touch.key_count]) ? 1 : 0;
    }
    return touch;
}

static void
say(const char *type, const char *weak, const char *strong, const char *attribute)
{
    struct wh_touch touch = touch_of(type, weak, strong);
    struct wh_named one = {wh_str_of(attribute), wh_value_of(WH_TYPE_NUMBER, 1000)};
    if (attribute != NULL) {
        touch.lead = (struct wh_named_list){&one, 1};
    }
    struct wh_message message = {.kind = WH_MESSAGE_TOUCH, .touch = &touch};
    net.now += MINUTE;
    touch.occurred = touch.received = net.now;
    step(entity_of(touch.keys[0]), &message);
}

static void
expect_log(const char *wanted)
{
    assert_string_equal(wh_buf_text(&net.log), wanted);
    wh_buf_init(&net.log, &net.arena);
}

static void
an_announcement_leaves_with_its_answer(void **unused)
{
    (void)unused;
    say("page_view", NULL, "email:ann@x.example", NULL);
    expect_log("");
    assert_int_equal(lead("email:ann@x.example")->state.announced.pending_count, 1);
    carry_all();
    expect_log("email:ann@x.example qualified ready 1 team/anna\n");
    assert_int_equal(lead("email:ann@x.example")->state.announced.pending_count, 0);
    say("page_view", NULL, "email:bob@x.example", NULL);
    carry_all();
    expect_log("email:bob@x.example qualified ready 1 team/ben\n");
}

/* Two at one moment: one person, one owner, in the order of the model. */
static void
a_lead_asks_for_one_after_the_other(void **unused)
{
    (void)unused;
    say("page_view", NULL, "email:ann@x.example", NULL);
    say("call", NULL, "email:ann@x.example", NULL);
    assert_int_equal(net.letter_count, 1);
    carry_all();
    expect_log("email:ann@x.example qualified ready 1 team/anna\n"
               "email:ann@x.example qualified urgent 1 team/anna\n");
}

static void
a_full_route_sends_on_to_the_next(void **unused)
{
    (void)unused;
    say("page_view", NULL, "email:ann@x.example", "few");
    carry_all();
    say("page_view", NULL, "email:bob@x.example", "few");
    carry_all();
    expect_log("email:ann@x.example qualified ready 1 few/\n"
               "email:bob@x.example qualified ready 1 team/anna\n");
}

/* What ended meanwhile ends behind it, under the same key. */
static void
what_withers_meanwhile_leaves_behind_it(void **unused)
{
    (void)unused;
    say("page_view", NULL, "email:ann@x.example", NULL);
    say("attributes", NULL, "email:ann@x.example", "stop");
    expect_log("");
    carry_all();
    expect_log("email:ann@x.example qualified ready 1 team/anna\n"
               "email:ann@x.example withered ready 1\n");
}

/* The decision has gone to ann; the announcement leaves under the device's name, which is known by
 * then to be ann's; ann announces nothing of her own and ends it only behind that. */
static void
a_merge_meanwhile_changes_no_key(void **unused)
{
    (void)unused;
    say("page_view", "anon:x", NULL, NULL);
    say("login", "anon:x", "email:ann@x.example", NULL);
    carry_identity();
    expect_log("anon:x merged\n");
    say("attributes", NULL, "email:ann@x.example", "stop");
    expect_log("");
    carry_all();
    expect_log("anon:x qualified ready 1 team/anna\n"
               "anon:x withered ready 1\n");
}

/* The owner travels with the decision: ann goes to whom her device went, less than 2d before. */
static void
an_owner_stays_after_a_merge(void **unused)
{
    (void)unused;
    say("page_view", "anon:x", NULL, NULL);
    carry_all();
    say("page_view", NULL, "email:bob@x.example", NULL);
    carry_all();
    say("login", "anon:x", "email:ann@x.example", NULL);
    carry_all();
    say("call", NULL, "email:ann@x.example", NULL);
    carry_all();
    expect_log("anon:x qualified ready 1 team/anna\n"
               "email:bob@x.example qualified ready 1 team/ben\n"
               "anon:x merged\n"
               "email:ann@x.example qualified urgent 1 team/anna\n");
}

static void
an_owner_is_forgotten_at_exactly_its_time(void **unused)
{
    (void)unused;
    say("call", NULL, "email:ann@x.example", NULL);
    carry_all();
    net.now += 2 * WH_US_PER_DAY - 2 * MINUTE;
    say("call", NULL, "email:ann@x.example", NULL); /* 1 min before the end */
    carry_all();
    net.now += 2 * WH_US_PER_DAY - MINUTE;
    say("call", NULL, "email:ann@x.example", NULL); /* at exactly 2d after that */
    carry_all();
    expect_log("email:ann@x.example qualified urgent 1 team/anna\n"
               "email:ann@x.example qualified urgent 2 team/anna\n"
               "email:ann@x.example qualified urgent 3 team/ben\n");
}

/* Un-merged while it waits: the decision comes home, where the announcement is. */
static void
a_split_meanwhile_brings_it_home(void **unused)
{
    (void)unused;
    say("page_view", "anon:x", NULL, NULL);
    say("login", "anon:x", "email:ann@x.example", NULL);
    carry_identity();
    struct wh_identity_message split = {.kind = WH_IDENTITY_PAIR};
    split.as.pair = (struct wh_identity_pair){
        .strong = {WH_KEY_EMAIL, WH_STR("ann@x.example")},
        .stamp = {net.now, WH_STR("s1")},
        .split = true,
    };
    step(lead("anon:x"), &(struct wh_message){.kind = WH_MESSAGE_IDENTITY, .identity = &split});
    carry_all();
    say("attributes", "anon:x", NULL, "stop");
    carry_all();
    expect_log("anon:x merged\n"
               "anon:x revived\n"
               "anon:x qualified ready 1 team/anna\n"
               "anon:x withered ready 1\n");
}

static void
what_is_erased_never_leaves(void **unused)
{
    (void)unused;
    say("page_view", NULL, "email:ann@x.example", NULL);
    say("call", NULL, "email:ann@x.example", NULL);
    struct wh_identity_message erase = {.kind = WH_IDENTITY_ERASE};
    erase.as.erase = (struct wh_identity_erase){
        .minutes = wh_stretches_of(&net.arena, WH_MINUTE_FIRST, wh_minute_of(net.now) + 1),
        .lead = true,
    };
    struct wh_message message = {.kind = WH_MESSAGE_IDENTITY, .identity = &erase};
    step(lead("email:ann@x.example"), &message);
    assert_int_equal(lead("email:ann@x.example")->state.announced.pending_count, 0);
    carry_all();
    expect_log("email:ann@x.example erased\n");
    net.now += MINUTE;
    say("call", NULL, "email:ann@x.example", NULL); /* anna's turn was spent */
    carry_all();
    expect_log("email:ann@x.example qualified urgent 2 team/ben\n");
}

/* What it says was decided under the old model, whose route is gone at the counter. */
static void
a_changed_model_lets_it_leave(void **unused)
{
    (void)unused;
    say("page_view", NULL, "email:ann@x.example", NULL);
    struct wh_model *old = net.model;
    net.model = compile("waterhole: 1\nname: m\n"
                        "qualification: [ { id: other, on: call } ]\n");
    struct wh_entity adopted;
    wh_entity_adopt((struct wh_adopted){&adopted, &net.model->ruleset}, &net.arena,
                    (struct wh_adopted){lead("email:ann@x.example"), &old->ruleset}, net.now);
    net.entities[0] = adopted;
    carry_all();
    expect_log("email:ann@x.example qualified ready 1 /\n");
    wh_model_destroy(&old);
}

static void
past_the_bound_it_leaves_without_an_owner(void **unused)
{
    (void)unused;
    struct wh_entity *ann = lead("email:ann@x.example");
    say("page_view", NULL, "email:ann@x.example", NULL);
    while (ann->state.announced.pending_count < WH_PENDING_MAX) {
        wh_announced_add_pending(&ann->state.announced, &ann->state.announced.pending[0]);
    }
    assert_int_equal(net.unasked, 0);
    say("call", NULL, "email:ann@x.example", NULL);
    expect_log("email:ann@x.example qualified urgent 1 team/\n");
    assert_int_equal(net.unasked, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_announcement_leaves_with_its_answer),
        TEST(a_lead_asks_for_one_after_the_other),
        TEST(a_full_route_sends_on_to_the_next),
        TEST(what_withers_meanwhile_leaves_behind_it),
        TEST(a_merge_meanwhile_changes_no_key),
        TEST(an_owner_stays_after_a_merge),
        TEST(an_owner_is_forgotten_at_exactly_its_time),
        TEST(a_split_meanwhile_brings_it_home),
        TEST(what_is_erased_never_leaves),
        TEST(a_changed_model_lets_it_leave),
        TEST(past_the_bound_it_leaves_without_an_owner),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
