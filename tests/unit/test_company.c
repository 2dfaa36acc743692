/* Companies in random worlds: devices are used in turns, persons change where they work, touches
 * come in any order. At rest a company is what the union of its people's touches says, worked out
 * here from nothing but the list of touches (rules.md 21, law 5); at every step its kept values are
 * those that its history gives (law 4). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "engine/base/time.h"
#include "engine/lab/world.h"
#include "engine/rules/eval.h"
#include "engine/score/recompute.h"
#include "tests/support/any_entity.h"
#include "tests/support/compiled.h"

#define WORLDS     80
#define DELIVERIES 3
#define PERSONS    3
#define DEVICES    4
#define LEADS      (PERSONS + DEVICES)
#define COMPANIES  2
#define ROLES      3
#define TOUCHES    18
#define DAYS       10
#define LONG       400 /* touches of a long life, in … */
#define LONG_DAYS  700
#define LONG_LIVES 6
#define START      INT64_C(1767571200000000) /* a day's beginning */
#define NOW        (START + 20 * WH_US_PER_DAY)
#define WINDOW     (20 * WH_US_PER_DAY) /* of what is counted */

static const uint8_t secret[WH_HASH_KEY_SIZE] = {7};
static const char *const model_text =
    "history: { keep: 30d }\n"
    "scores:\n"
    "  - id: interest\n"
    "    rules: [ { id: page, on: page_view, points: 10, cap: { points: 20, per: day } } ]\n"
    "  - id: depth\n"
    "    entity: company\n"
    "    rules: [ { id: earned, on: any, points: touch.earned.interest } ]\n"
    "segments:\n"
    "  - { id: keen, when: count(page_view within 20d) >= 3 }\n"
    "  - { id: busy, entity: company, when: count(page_view within 3d) >= 3 }\n"
    "qualification:\n"
    "  - { id: herd, entity: company, arm: distinct(it.person of any within 2d) >= 2 }\n"
    "triggers: [ { id: seen, entity: company, on: page_view } ]\n";

enum value { DEPTH, TOUCHED, PERSONS_SEEN, ROLES_SEEN, PEOPLE, KEEN, VALUES };
static const char *const expressions[VALUES] = {
    [DEPTH] = "depth",
    [TOUCHED] = "count(page_view within 20d)",
    [PERSONS_SEEN] = "distinct(it.person of any within 20d)",
    [ROLES_SEEN] = "distinct(it.lead.role of any within 20d)",
    [PEOPLE] = "count(people)",
    [KEEN] = "count(people where keen)",
};

struct doing {
    int64_t at;
    int person, device; /* -1: not named */
    int company, role;  /* said; -1: nothing */
};

struct stage {
    struct wh_compiled compiled;
    struct wh_program programs[VALUES];
    struct wh_random random;
    int count; /* of doings */
    struct doing doings[LONG];
};

static int
below(struct stage *stage, int limit)
{
    return (int)wh_random_below(&stage->random, (uint32_t)limit);
}

static bool
is_taken(const struct stage *stage, int count, int64_t at)
{
    bool taken = false;
    for (int i = 0; i < count; i++) {
        taken = taken || stage->doings[i].at == at;
    }
    return taken;
}

/* A minute each, so that it is clear who used a device at which. In long lives a device is of one
 * person, because what was folded goes with whoever had it. */
static void
make_doings(struct stage *stage, int count, int days)
{
    stage->count = count;
    for (int i = 0; i < count; i++) {
        struct doing *doing = &stage->doings[i];
        int how = below(stage, 3);
        int device = below(stage, DEVICES);
        int person = days == DAYS ? below(stage, PERSONS) : device % PERSONS;
        *doing = (struct doing){
            .at = START + (int64_t)below(stage, days * 1440) * WH_US_PER_MINUTE,
            .person = how == 0 ? -1 : person,
            .device = how == 1 ? -1 : device,
            .company = below(stage, 3) == 0 ? below(stage, COMPANIES) : -1,
            .role = below(stage, 3) == 0 ? below(stage, ROLES) : -1,
        };
        while (is_taken(stage, i, doing->at)) {
            doing->at += WH_US_PER_MINUTE;
        }
    }
}

/* ---- the naive side ---- */

/* Persons first, then devices. What a device did alone is of who was named with it last before,
 * else of who was named with it first (identity.md 2). */
static int
owner_of(const struct stage *stage, int touch)
{
    const struct doing *doing = &stage->doings[touch];
    const struct doing *link = NULL;
    for (int i = 0; i < stage->count && doing->person < 0; i++) {
        const struct doing *other = &stage->doings[i];
        if (other->device != doing->device || other->person < 0) {
            continue;
        }
        bool is_past = other->at < doing->at;
        bool was_past = link != NULL && link->at < doing->at;
        bool is_nearer =
            link == NULL || (is_past == was_past ? (other->at > link->at) == is_past : is_past);
        link = is_nearer ? other : link;
    }
    if (doing->person >= 0) {
        return doing->person;
    }
    return link != NULL ? link->person : PERSONS + doing->device;
}

/* Ids are "t00" … in the order of the list. */
static bool
is_before(const struct stage *stage, int a, int b)
{
    return stage->doings[a].at != stage->doings[b].at ? stage->doings[a].at < stage->doings[b].at
                                                      : a < b;
}

/* What the owner said last up to that touch; touch -1: at all. -1: nothing. */
static int
said_until(const struct stage *stage, int lead, int touch, bool is_role)
{
    int said = -1;
    int by = -1;
    for (int i = 0; i < stage->count; i++) {
        int value = is_role ? stage->doings[i].role : stage->doings[i].company;
        bool is_seen = touch < 0 || i == touch || is_before(stage, i, touch);
        if (value >= 0 && is_seen && owner_of(stage, i) == lead &&
            (by < 0 || is_before(stage, by, i))) {
            said = value;
            by = i;
        }
    }
    return said;
}

/* At most two touches of a day bring something. */
static int
earned_by(const struct stage *stage, int touch)
{
    int before = 0;
    int64_t day = (stage->doings[touch].at - START) / WH_US_PER_DAY;
    for (int i = 0; i < stage->count; i++) {
        before += i != touch && owner_of(stage, i) == owner_of(stage, touch) &&
                          (stage->doings[i].at - START) / WH_US_PER_DAY == day &&
                          is_before(stage, i, touch)
                      ? 1
                      : 0;
    }
    return before < 2 ? 10 : 0;
}

/* What one of its people adds. */
static void
add_person(const struct stage *stage, int lead, int64_t now, bool *roles, int64_t *values)
{
    int touches = 0;
    for (int i = 0; i < stage->count; i++) {
        if (owner_of(stage, i) != lead || stage->doings[i].at <= now - WINDOW) {
            continue;
        }
        int role = said_until(stage, lead, i, true);
        values[DEPTH] += earned_by(stage, i);
        touches++;
        if (role >= 0 && !roles[role]) {
            roles[role] = true;
            values[ROLES_SEEN]++;
        }
    }
    values[TOUCHED] += touches;
    values[PERSONS_SEEN] += touches > 0 ? 1 : 0;
    values[PEOPLE]++;
    values[KEEN] += touches >= 3 ? 1 : 0;
}

static void
expect_of(const struct stage *stage, int company, int64_t now, int64_t *ret_values)
{
    bool roles[ROLES] = {false};
    memset(ret_values, 0, VALUES * sizeof(*ret_values));
    for (int lead = 0; lead < LEADS; lead++) {
        if (said_until(stage, lead, -1, false) == company) {
            add_person(stage, lead, now, roles, ret_values);
        }
    }
}

/* ---- the engine ---- */

/* "d3" and what stands behind it. */
static struct wh_str
text(struct wh_arena *arena, const char *front, int number, const char *behind)
{
    struct wh_buf buf;
    wh_buf_init(&buf, arena);
    wh_buf_printf(&buf, "%s%d%s", front, number, behind);
    return wh_buf_str(&buf);
}

static void
send(struct stage *stage, struct wh_world *world, int number, int64_t now)
{
    struct wh_arena *arena = &stage->compiled.arena;
    const struct doing *doing = &stage->doings[number];
    struct wh_named company = {WH_STR("domain"),
                               wh_value_string(text(arena, "c", doing->company, ".example"))};
    struct wh_named role = {WH_STR("role"), wh_value_string(text(arena, "r", doing->role, ""))};
    struct wh_touch touch = {.occurred = doing->at, .received = now, .digest = 1};
    touch.id = text(arena, number < 10 ? "t0" : "t", number, "");
    touch.fields[WH_FIELD_TYPE] = wh_value_string(WH_STR("page_view"));
    if (doing->person >= 0) {
        touch.keys[touch.key_count++] =
            (struct wh_key){WH_KEY_EMAIL, text(arena, "p", doing->person, "@x.example")};
    }
    if (doing->device >= 0) {
        touch.keys[touch.key_count++] =
            (struct wh_key){WH_KEY_ANON, text(arena, "d", doing->device, "")};
    }
    touch.company = (struct wh_named_list){&company, doing->company >= 0 ? 1 : 0};
    touch.lead = (struct wh_named_list){&role, doing->role >= 0 ? 1 : 0};
    struct wh_str key = wh_key_text(arena, wh_entity_home(&touch));
    (void)wh_world_touch(world, key, &touch, now);
}

/* Law 4, of all entities. */
static void
hold_recomputed(const struct wh_world *world)
{
    for (size_t i = 0; i < world->lead_count; i++) {
        const struct wh_entity *entity = &world->leads[i]->entity;
        struct wh_arena arena;
        struct wh_entity copy;
        wh_arena_init(&arena, 0);
        wh_entity_copy(&copy, &arena, entity);
        wh_recompute(wh_entity_ruleset(world->ruleset, entity), &copy.state, copy.state.now,
                     &arena);
        assert_true(wh_fold_equal(&copy.state.live, &entity->state.live));
        wh_arena_fini(&arena);
    }
}

static void
hold_company(struct stage *stage, const struct wh_world *world, int company)
{
    struct wh_arena arena;
    struct wh_view view;
    int64_t values[VALUES];
    wh_arena_init(&arena, 0);
    expect_of(stage, company, world->now, values);
    const struct wh_lead *lead =
        wh_world_find(world, text(&arena, "company:c", company, ".example"));
    const struct wh_ruleset *ruleset = world->ruleset->company;
    if (lead == NULL) {
        assert_int_equal(values[PEOPLE], 0);
        wh_arena_fini(&arena);
        return;
    }
    wh_view_init(&view, ruleset, &lead->entity.state, &lead->entity.state.live, &arena);
    view.now = world->now;
    /* Points of what was folded stay where they were told. */
    for (int i = stage->count == LONG ? DEPTH + 1 : DEPTH; i < VALUES; i++) {
        struct wh_value found = wh_eval(&view, &stage->programs[i]);
        if (found.number != values[i] * 1000) {
            print_error("company %d, %s: expected %lld, found %lld thousandths\n", company,
                        expressions[i], (long long)values[i], (long long)found.number);
        }
        assert_int_equal(found.number, values[i] * 1000);
    }
    wh_arena_fini(&arena);
}

static void
settle(struct stage *stage, struct wh_world *world, int64_t now)
{
    wh_world_advance(world, now + WH_US_PER_MINUTE);
    hold_recomputed(world);
    for (int company = 0; company < COMPANIES; company++) {
        hold_company(stage, world, company);
    }
    assert_int_equal(world->lost, 0);
    wh_world_fini(world);
}

static void
deliver_in_any_order(struct stage *stage)
{
    struct wh_world world;
    int order[TOUCHES] = {0};
    for (int i = 0; i < stage->count; i++) {
        int place = below(stage, i + 1);
        order[i] = order[place];
        order[place] = i;
    }
    wh_world_init(&world, wh_compiled_ruleset(&stage->compiled), secret);
    for (int i = 0; i < stage->count; i++) {
        send(stage, &world, order[i], NOW + i * WH_US_PER_SECOND);
        hold_recomputed(&world);
    }
    settle(stage, &world, NOW + stage->count * WH_US_PER_SECOND);
}

/* Nearly as they happened: most at once, some up to two weeks late. */
static void
deliver_in_time(struct stage *stage)
{
    struct wh_world world;
    int64_t arrives[LONG] = {0};
    int64_t now = START;
    wh_world_init(&world, wh_compiled_ruleset(&stage->compiled), secret);
    for (int i = 0; i < stage->count; i++) {
        int64_t late = below(stage, 4) == 0 ? below(stage, 14 * 1440) * WH_US_PER_MINUTE : 0;
        arrives[i] = stage->doings[i].at + late;
    }
    for (int sent = 0; sent < stage->count; sent++) {
        int next = 0;
        for (int i = 1; i < stage->count; i++) {
            next = arrives[i] < arrives[next] ? i : next;
        }
        now = arrives[next];
        arrives[next] = INT64_MAX;
        send(stage, &world, next, now);
        hold_recomputed(&world);
    }
    settle(stage, &world, now);
}

static void
open_stage(struct stage *stage)
{
    *stage = (struct stage){.random = {20261130}};
    wh_compiled_open(&stage->compiled, model_text, NULL);
    (void)wh_compiled_ruleset(&stage->compiled);
    for (int i = 0; i < VALUES; i++) {
        static const struct wh_location nowhere = {0};
        assert_int_equal(
            wh_compile_company_expression(stage->compiled.model, &stage->compiled.problems,
                                          wh_str_of(expressions[i]), &nowhere, &stage->programs[i]),
            WH_OK);
    }
}

static void
a_company_is_the_union_of_its_people_whatever_the_order(void **unused)
{
    (void)unused;
    struct stage stage;
    open_stage(&stage);
    for (int world = 0; world < WORLDS; world++) {
        make_doings(&stage, TOUCHES, DAYS);
        for (int i = 0; i < DELIVERIES; i++) {
            deliver_in_any_order(&stage);
        }
    }
    wh_compiled_close(&stage.compiled);
}

/* Months under a history of 30 days: leads and companies fold what is older. */
static void
folding_on_both_sides_keeps_what_is_counted(void **unused)
{
    (void)unused;
    struct stage stage;
    open_stage(&stage);
    for (int world = 0; world < LONG_LIVES; world++) {
        make_doings(&stage, LONG, LONG_DAYS);
        deliver_in_time(&stage);
    }
    wh_compiled_close(&stage.compiled);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_company_is_the_union_of_its_people_whatever_the_order),
        cmocka_unit_test(folding_on_both_sides_keeps_what_is_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
