/* Entities in a world: what leaves when people become known, are taken apart, are erased. That
 * values and owners are right whatever the order is shown in tests/identity; here it is what the
 * outside reads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "engine/base/time.h"
#include "engine/lab/world.h"
#include "engine/language/compile.h"
#include "engine/score/command_touch.h"
#include "engine/score/explain.h"

#define KEYS_MAX 4
#define MINUTE   WH_US_PER_MINUTE
#define START    (INT64_C(29000000) * MINUTE)

static const uint8_t secret[WH_HASH_KEY_SIZE] = {9};
static const char *const model_text = "waterhole: 1\n"
                                      "name: entities\n"
                                      "identity: { crowd: 1 }\n"
                                      "segments:\n"
                                      "  - { id: known, when: lead.known, announce: false }\n"
                                      "qualification:\n"
                                      "  - { id: ready, arm: count(page_view) >= 2, "
                                      "cool_down: 1d, except: lead.stop == 1 }\n"
                                      "  - { id: account, entity: company, "
                                      "arm: count(page_view) >= 2 }\n";

static struct {
    struct wh_arena arena;
    struct wh_model *model;
    struct wh_world world;
    struct wh_buf log;
    uint64_t number;
} stage;

/* The key that has that public id, "?" when none of the world's has. */
static const char *
name_of(struct wh_str id)
{
    for (size_t i = 0; i < stage.world.lead_count; i++) {
        const struct wh_state *state = &stage.world.leads[i]->entity.state;
        if (wh_str_equal(wh_explain_id(&state->id, &stage.arena), id)) {
            struct wh_buf text;
            wh_buf_init(&text, &stage.arena);
            wh_buf_push(&text, state->key);
            return wh_buf_text(&text);
        }
    }
    return "?";
}

static void
write_down(void *self, const struct wh_lead *lead, const struct wh_event *event)
{
    (void)self;
    (void)lead;
    wh_buf_printf(&stage.log, "%s %s", name_of(event->snapshot->lead_id),
                  wh_event_kind_str(event->kind));
    if (event->into.len > 0) {
        wh_buf_printf(&stage.log, " into %s%s since %s", name_of(event->into),
                      event->shared ? " shared" : "",
                      event->since == WH_TIME_MIN ? "ever" : "then");
    }
    if (event->reason.len > 0) {
        wh_buf_printf(&stage.log, " (%.*s)", WH_STR_ARG(event->reason));
    }
    for (size_t i = 0; i < event->snapshot->also_count; i++) {
        wh_buf_printf(&stage.log, " also %s", name_of(event->snapshot->also[i]));
    }
    for (size_t i = 0; i < event->member_count; i++) {
        wh_buf_printf(&stage.log, " with %s", name_of(event->members[i]));
    }
    wh_buf_push_char(&stage.log, '\n');
}

static int
set_up(void **state)
{
    (void)state;
    struct wh_problems problems;
    memset(&stage, 0, sizeof(stage));
    wh_arena_init(&stage.arena, 0);
    wh_buf_init(&stage.log, &stage.arena);
    wh_problems_init(&problems, &stage.arena);
    struct wh_source *source =
        wh_source_from_text(&stage.arena, WH_STR("model.yaml"), wh_str_of(model_text), 0);
    struct wh_source_list list = {&source, 1};
    struct wh_compile_options options = {.sources = &list};
    assert_int_equal(wh_compile(source->name, &options, &problems, &stage.model), WH_OK);
    wh_world_init(&stage.world, &stage.model->ruleset, secret);
    stage.world.on_event = write_down;
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    wh_world_fini(&stage.world);
    wh_model_destroy(&stage.model);
    wh_arena_fini(&stage.arena);
    return 0;
}

static struct wh_touch
touch_of(const char *type, int64_t minute, const char *const *keys)
{
    struct wh_touch touch = {.occurred = START + minute * MINUTE};
    struct wh_buf id;
    wh_buf_init(&id, &stage.arena);
    wh_buf_printf(&id, "t%llu", (unsigned long long)++stage.number);
    touch.id = wh_buf_str(&id);
    touch.received = touch.occurred;
    touch.digest = stage.number;
    touch.fields[WH_FIELD_TYPE] = wh_value_string(wh_str_of(type));
    for (size_t i = 0; i < KEYS_MAX && keys[i] != NULL; i++) {
        assert_true(wh_key_parse(wh_str_of(keys[i]), &touch.keys[touch.key_count++]));
    }
    return touch;
}

static void
see(int64_t minute, const char *const *keys)
{
    struct wh_touch touch = touch_of("page_view", minute, keys);
    struct wh_str key = wh_key_text(&stage.arena, wh_entity_home(&touch));
    assert_int_equal(wh_world_touch(&stage.world, key, &touch, touch.occurred),
                     WH_OUTCOME_ACCEPTED);
}

/* Strongest first. */
#define SEE(minute, ...) see((minute), (const char *const[KEYS_MAX + 1]){__VA_ARGS__})

struct argument {
    const char *name, *value;
};

static bool
command(const char *type, int64_t minute, const struct argument *arguments,
        struct wh_command_fault *ret_fault)
{
    static const char *const nobody[] = {NULL};
    struct wh_touch touch = touch_of(type, minute, nobody);
    struct wh_named named[3];
    struct wh_key to;
    struct wh_identity_message message;
    for (; touch.props.count < 3 && arguments[touch.props.count].name != NULL;
         touch.props.count++) {
        const struct argument *argument = &arguments[touch.props.count];
        named[touch.props.count].name = wh_str_of(argument->name);
        named[touch.props.count].value = wh_value_string(wh_str_of(argument->value));
    }
    touch.props.items = named;
    assert_true(wh_touch_is_command(&touch));
    if (!wh_command_of_touch(&touch, &stage.arena, &to, &message, ret_fault)) {
        return false;
    }
    wh_world_command(&stage.world, to, &message, touch.occurred);
    return true;
}

#define COMMAND(type, minute, ...)                                                               \
    do {                                                                                         \
        struct wh_command_fault fault;                                                           \
        assert_true(command((type), (minute), (const struct argument[4]){__VA_ARGS__}, &fault)); \
    } while (false)

static void
expect(const char *events)
{
    assert_string_equal(wh_buf_text(&stage.log), events);
    wh_buf_init(&stage.log, &stage.arena);
}

static void
pass(int64_t us)
{
    wh_world_advance(&stage.world, stage.world.now + us);
}

static void
a_lead_that_becomes_known_says_into_whom(void **state)
{
    (void)state;
    SEE(0, "anon:x");
    SEE(1, "anon:x");
    expect("anon:x qualified\n");
    SEE(2, "email:ann", "anon:x");
    expect("anon:x merged into email:ann since ever (identified)\n");
    /* The episode that stands is not announced again, and its end has the id of its beginning. */
    SEE(3, "anon:x");
    expect("");
}

static void
who_was_never_published_merges_without_a_word(void **state)
{
    (void)state;
    SEE(0, "anon:x");
    SEE(2, "email:ann", "anon:x");
    expect("email:ann qualified\n");
}

static void
events_name_the_ids_of_earlier(void **state)
{
    (void)state;
    SEE(0, "anon:x");
    SEE(1, "anon:x");
    SEE(2, "email:ann", "anon:x");
    SEE(3, "crm:1", "email:ann");
    expect("anon:x qualified\n"
           "anon:x merged into email:ann since ever (identified)\n"
           "email:ann merged into crm:1 since ever (identified) also anon:x\n");
    SEE(2000, "crm:1");
    expect("");
}

static void
what_a_split_takes_away_is_withdrawn_when_hands_rest(void **state)
{
    (void)state;
    SEE(0, "anon:x");
    SEE(1, "email:ann", "anon:x");
    expect("email:ann qualified\n");
    COMMAND("identity.split", 10, {"weak", "anon:x"}, {"strong", "email:ann"});
    expect("");
    pass(WH_IDENTITY_SETTLE - 1);
    expect("");
    pass(1);
    expect("email:ann withdrawn (hindsight)\n");
}

static void
what_came_with_a_merge_ends_under_its_own_id(void **state)
{
    (void)state;
    static const char *const ann[] = {"email:ann", NULL};
    SEE(0, "anon:x");
    SEE(1, "anon:x");
    SEE(2, "email:ann", "anon:x");
    expect("anon:x qualified\n"
           "anon:x merged into email:ann since ever (identified)\n");
    struct wh_touch touch = touch_of("attributes", 3, ann);
    struct wh_named stop = {WH_STR("stop"), wh_value_of(WH_TYPE_NUMBER, 1000)};
    touch.lead = (struct wh_named_list){&stop, 1};
    (void)wh_world_touch(&stage.world, WH_STR("email:ann"), &touch, touch.occurred);
    expect("anon:x withered (except) also anon:x\n");
}

static void
what_was_decided_under_an_id_is_erased_with_what_has_its_home_there(void **state)
{
    (void)state;
    SEE(0, "anon:x");
    SEE(1, "anon:x");
    SEE(2, "email:ann", "anon:x");
    expect("anon:x qualified\n"
           "anon:x merged into email:ann since ever (identified)\n");
    COMMAND("identity.erase", 3, {"who", "anon:x"}, {"until", "2025-02-20"});
    pass(WH_IDENTITY_SETTLE);
    expect("anon:x erased (erased)\n");
}

static void
a_lead_that_is_split_off_is_one_again(void **state)
{
    (void)state;
    SEE(0, "anon:x");
    SEE(1, "anon:x");
    SEE(2, "email:ann", "anon:x");
    COMMAND("identity.split", 3, {"weak", "anon:x"}, {"strong", "email:ann"});
    expect("anon:x qualified\n"
           "anon:x merged into email:ann since ever (identified)\n"
           "anon:x revived (split)\n");
    pass(WH_IDENTITY_SETTLE);
    expect("");
    COMMAND("identity.allow", 4, {"weak", "anon:x"}, {"strong", "email:ann"});
    expect("anon:x merged into email:ann since ever (allow)\n");
}

static void
an_erasure_of_a_lead_lists_whom_it_reached(void **state)
{
    (void)state;
    SEE(0, "email:ann", "anon:x");
    SEE(1, "anon:x");
    expect("email:ann qualified\n");
    COMMAND("identity.erase", 5, {"who", "email:ann"});
    expect("email:ann erased (erased) with email:ann with anon:x\n");
    pass(WH_IDENTITY_SETTLE);
    expect("");
    /* A new life. */
    SEE(6, "email:ann");
    SEE(7, "email:ann");
    expect("email:ann qualified\n");
}

static void
records_are_joined_and_taken_apart(void **state)
{
    (void)state;
    SEE(0, "crm:1");
    SEE(1, "crm:2");
    COMMAND("identity.join", 2, {"lead", "crm:1"}, {"into", "crm:2"});
    expect("crm:2 qualified\n");
    COMMAND("identity.alone", 3, {"lead", "crm:1"});
    pass(WH_IDENTITY_SETTLE);
    expect("crm:2 withdrawn (hindsight)\n");
}

static void
a_crowd_publishes_nothing_and_withdraws_what_it_had(void **state)
{
    (void)state;
    SEE(0, "crm:house");
    SEE(1, "crm:house");
    expect("crm:house qualified\n");
    SEE(2, "crm:house", "email:ann");
    SEE(3, "crm:house", "email:bob");
    pass(WH_IDENTITY_SETTLE);
    expect("crm:house withdrawn (hindsight)\n");
    SEE(2000, "crm:house");
    expect("");
}

static void
a_company_alone_is_its_own(void **state)
{
    (void)state;
    SEE(0, "company:acme.example");
    SEE(1, "company:acme.example");
    expect("company:acme.example qualified\n");
}

static void
a_touch_of_the_future_that_is_passed_on_waits_there(void **state)
{
    (void)state;
    static const char *const x[] = {"anon:x", NULL};
    SEE(0, "email:ann", "anon:x");
    struct wh_touch touch = touch_of("page_view", 8, x);
    (void)wh_world_touch(&stage.world, WH_STR("anon:x"), &touch, START + 3 * MINUTE);
    expect("");
    wh_world_advance(&stage.world, START + 8 * MINUTE - 1);
    expect("");
    pass(1);
    expect("email:ann qualified\n");
}

static void
expect_fault(const char *type, const struct argument *arguments, const char *field)
{
    struct wh_command_fault fault = {{NULL, 0}, {NULL, 0}};
    assert_false(command(type, 0, arguments, &fault));
    assert_true(wh_str_is(fault.field, field));
    assert_true(fault.detail.len > 0);
}

#define FAULT(type, field, ...) \
    expect_fault((type), (const struct argument[4]){__VA_ARGS__}, (field))

static void
commands_that_cannot_be_followed_say_why(void **state)
{
    (void)state;
    FAULT("identity.merge", "type", {"lead", "crm:1"});
    FAULT("identity.split", "properties.weak", {"strong", "crm:1"});
    FAULT("identity.split", "properties.strong", {"weak", "anon:x"}, {"strong", "nobody"});
    FAULT("identity.split", "properties.weak", {"weak", "crm:1"}, {"strong", "anon:x"});
    FAULT("identity.join", "properties.lead", {"lead", "email:ann"}, {"into", "crm:1"});
    FAULT("identity.join", "properties.lead", {"lead", "crm:1"}, {"into", "crm:1"});
    FAULT("identity.alone", "properties.lead", {"lead", "user:1"});
    FAULT("identity.erase", "properties.until", {"who", "email:ann"}, {"until", "soon"});
    FAULT("identity.erase", "properties.from", {"who", "email:ann"}, {"from", "2025-01-01T00:00"});
    FAULT("identity.erase", "properties.who", {"who", "email:ann"}, {"from", "2025-03-02"},
          {"until", "2025-03-01"});
    FAULT("identity.erase", "properties.who", {"who", "company:acme.example"});
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_lead_that_becomes_known_says_into_whom),
        TEST(who_was_never_published_merges_without_a_word),
        TEST(events_name_the_ids_of_earlier),
        TEST(what_a_split_takes_away_is_withdrawn_when_hands_rest),
        TEST(what_came_with_a_merge_ends_under_its_own_id),
        TEST(what_was_decided_under_an_id_is_erased_with_what_has_its_home_there),
        TEST(a_lead_that_is_split_off_is_one_again),
        TEST(an_erasure_of_a_lead_lists_whom_it_reached),
        TEST(records_are_joined_and_taken_apart),
        TEST(a_crowd_publishes_nothing_and_withdraws_what_it_had),
        TEST(a_company_alone_is_its_own),
        TEST(a_touch_of_the_future_that_is_passed_on_waits_there),
        TEST(commands_that_cannot_be_followed_say_why),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
