/* Bytes of real entities with some of them changed: either they are refused, or an engine can step
 * on what comes out. Under the sanitizers, so that reading outside of anything is noticed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/base/time.h"
#include "engine/lab/world.h"
#include "engine/score/fits.h"
#include "engine/score/story.h"
#include "proto/codec.h"
#include "tests/support/any_state.h"
#include "tests/support/compiled.h"

#define SPOILINGS 500
#define START     WH_ANY_START
#define HASH      WH_STR("c0ffee")

static const uint8_t secret[WH_HASH_KEY_SIZE] = {9};

static const char model[] =
    "history: { keep: 30d, touches: 100 }\n"
    "scores:\n"
    "  - id: interest\n"
    "    decay: { half_life: 30d }\n"
    "    rules:\n"
    "      - { id: page, on: page_view, points: 5, once_per: touch.page.path }\n"
    "      - { id: again, on: page_view, points: 2, decay: { step_linear: 10%, every: 7d } }\n"
    "labels: [ { id: heat, announce: true, of: interest, bands: { cold: 0, hot: 8 } } ]\n"
    "segments: [ { id: quiet, when: silent(10d) } ]\n"
    "triggers:\n"
    "  - { id: seen, on: page_view, cool_down: 1d }\n"
    "  - id: pair\n"
    "    within: 3d\n"
    "    after_match: no_skip\n"
    "    sequence: [ { as: a, on: page_view }, { on: page_view, times: 1.., link: then_any } ]\n"
    "    with: { first: a.page.path }\n"
    "qualification: [ { id: ready, arm: interest >= 8 && count(page_view) > 1 } ]\n";

static struct wh_compiled compiled;
static struct wh_world world;

static void
touch(const char *id, int64_t day, const struct wh_key *keys, size_t count)
{
    struct wh_touch it = {.id = wh_str_of(id), .key_count = count};
    it.occurred = it.received = START + day * WH_US_PER_DAY;
    it.fields[WH_FIELD_TYPE] = wh_value_string(WH_STR("page_view"));
    it.fields[WH_FIELD_PAGE_PATH] = wh_value_string(wh_str_of(id));
    memcpy(it.keys, keys, count * sizeof(*keys));
    struct wh_str home = wh_key_text(&compiled.arena, wh_entity_home(&it));
    (void)wh_world_touch(&world, home, &it, it.occurred);
}

static int
set_up(void **state)
{
    (void)state;
    static const struct wh_key x[] = {{WH_KEY_ANON, {"x", 1}}};
    static const struct wh_key ann[] = {{WH_KEY_EMAIL, {"ann", 3}}, {WH_KEY_ANON, {"x", 1}}};
    static const struct wh_key crm[] = {{WH_KEY_CRM, {"1", 1}}, {WH_KEY_EMAIL, {"ann", 3}}};
    static const struct wh_key bob[] = {{WH_KEY_EMAIL, {"bob", 3}}, {WH_KEY_ANON, {"x", 1}}};
    wh_compiled_open(&compiled, model, NULL);
    wh_world_init(&world, wh_compiled_ruleset(&compiled), secret);
    touch("a", 0, x, 1);
    touch("b", 1, x, 1);
    touch("c", 2, ann, 2);
    touch("d", 3, bob, 2);
    touch("e", 20, ann, 2);
    touch("f", 50, crm, 2);
    touch("g", 60, x, 1);
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    wh_world_fini(&world);
    wh_compiled_close(&compiled);
    return 0;
}

static void
step_on(struct wh_entity *entity, struct wh_arena *arena)
{
    const struct wh_ruleset *ruleset = world.ruleset;
    struct wh_touch it = {.id = WH_STR("new"), .key_count = 1};
    struct wh_entity_effects effects;
    struct wh_moment moment = {START + 90 * WH_US_PER_DAY, WH_TIME_MIN, secret};
    struct wh_message time = {.kind = WH_MESSAGE_TIME};
    struct wh_message message = {.kind = WH_MESSAGE_TOUCH, .touch = &it};
    it.occurred = it.received = moment.now;
    it.keys[0] = entity->identity.key;
    it.fields[WH_FIELD_TYPE] = wh_value_string(WH_STR("page_view"));
    wh_entity_effects_init(&effects, arena);
    (void)wh_entity_step(ruleset, entity, &time, &moment, &effects);
    (void)wh_entity_step(ruleset, entity, &message, &moment, &effects);
    (void)wh_entity_next_due(ruleset, entity, arena);
    struct wh_story *story = wh_story_tell(ruleset, &entity->state, arena);
    wh_story_tell_identity(ruleset, entity, secret, arena, story);
}

/* Returns whether an entity came out. */
static bool
try_spoiled(struct wh_random *random, struct wh_str bytes)
{
    struct wh_codec codec = wh_proto_codec();
    struct wh_arena arena;
    struct wh_entity entity;
    struct wh_str hash;
    wh_arena_init(&arena, 0);
    char *spoiled = wh_arena_alloc(&arena, bytes.len);
    memcpy(spoiled, bytes.ptr, bytes.len);
    for (uint32_t flips = 1 + wh_random_below(random, 2); flips > 0; flips--) {
        spoiled[wh_random_below(random, (uint32_t)bytes.len)] = (char)wh_random_next(random);
    }
    bool is_good = codec.decode_entity(codec.self, (struct wh_str){spoiled, bytes.len}, &arena,
                                       &hash, &entity, NULL) == WH_OK &&
                   wh_entity_fits(world.ruleset, &entity);
    if (is_good) {
        step_on(&entity, &arena);
    }
    wh_arena_fini(&arena);
    return is_good;
}

static void
an_engine_can_step_on_whatever_is_not_refused(void **state)
{
    (void)state;
    struct wh_codec codec = wh_proto_codec();
    struct wh_random random = {20261124};
    assert_true(world.lead_count >= 4);
    for (size_t i = 0; i < world.lead_count; i++) {
        struct wh_buf bytes;
        int stepped = 0;
        wh_buf_init(&bytes, &compiled.arena);
        codec.encode_entity(codec.self, &bytes, HASH, &world.leads[i]->entity);
        for (int round = 0; round < SPOILINGS; round++) {
            stepped += try_spoiled(&random, wh_buf_str(&bytes)) ? 1 : 0;
        }
        assert_true(stepped > 0 && stepped < SPOILINGS);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_engine_can_step_on_whatever_is_not_refused, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
