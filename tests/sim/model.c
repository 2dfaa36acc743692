/* The models of all worlds, compiled once. */
#include <stdio.h>

#include "proto/codec.h"
#include "tests/sim/sim.h"

#define MODEL_PARTS(points)                                                                    \
    "waterhole: 1\nname: sim\n"                                                                \
    "history: { keep: 30d }\n"                                                                 \
    "scores:\n"                                                                                \
    "  - id: interest\n"                                                                       \
    "    limit: [0, 100]\n"                                                                    \
    "    decay: { half_life: 5d }\n"                                                           \
    "    rules:\n"                                                                             \
    "      - { id: page, on: page_view, points: " points ", cap: { points: 28, per: day } }\n" \
    "      - { id: down, on: download, points: 15, once_per: 1d }\n"                           \
    "      - { id: talk, on: call, points: 20 }\n"                                             \
    "      - { id: quiet, while: silent(3d), points: -15 }\n"

/* What companies make of it; leads change theirs. */
#define COMPANY(share)                                                                        \
    "  - id: depth\n"                                                                         \
    "    entity: company\n"                                                                   \
    "    decay: { half_life: 9d }\n"                                                          \
    "    rules: [ { id: earned, on: page_view | call, points: touch.earned.interest * " share \
    " } "                                                                                     \
    "]\n"

/* The same in all models, so that shares can be held even across a change. */
#define TEAM "  - { id: team, to: sales, pick: round_robin, of: [anna, ben, cem] }\n"

static const char *const model_texts[WH_SIM_MODELS] = {
    MODEL_PARTS("7") COMPANY(
        "0.5") "segments:\n"
               "  - { id: busy, entity: company, when: count(people where comparing) >= 2 }\n"
               "  - { id: comparing, when: count(page_view within 2d) >= 3 }\n"
               "  - { id: asleep, when: silent(4d), announce: false }\n"
               "triggers:\n"
               "  - { id: talked, on: call, cool_down: 1d }\n"
               "qualification:\n"
               "  - { id: ready, arm: interest >= 40, disarm: interest < 20, cool_down: 2d }\n"
               "  - { id: herd, entity: company, arm: distinct(it.person of any within 4d) >= 3 }\n"
               "  - { id: fast, on: demo_request, cool_down: 1d }\n"
               "routes:\n"
               "  - { id: few, to: partner, capacity: { count: 2, per: day } }\n" TEAM,
    MODEL_PARTS("9") COMPANY(
        "0.2") "segments:\n"
               "  - { id: busy, entity: company, when: count(page_view within 2d) >= 4 }\n"
               "  - { id: eager, entity: company, when: count(people where fresh) >= 1 }\n"
               "  - { id: fresh, when: '!silent(2d)' }\n"
               "  - { id: comparing, when: count(page_view within 3d) >= 2 }\n"
               "triggers:\n"
               "  - { id: talked, on: call, cool_down: 2d }\n"
               "  - { id: priced, on: page_view, when: touch.page.path == \"/pricing\" }\n"
               "qualification:\n"
               "  - { id: fast, on: demo_request, cool_down: 1d }\n"
               "  - { id: ready, arm: interest >= 30, disarm: interest < 10, cool_down: 2d }\n"
               "  - { id: herd, entity: company, arm: distinct(it.person of any within 6d) >= 2 }\n"
               "routes:\n"
               "  - { id: few, to: partner, pick: weighted, of: { pat: 2, quin: 1 }, sticky: 3d,\n"
               "      capacity: { count: 3, per: day } }\n" TEAM,
    "adopt: announce\n" MODEL_PARTS("8") COMPANY(
        "0.9") "segments:\n"
               "  - { id: busy, entity: company, when: count(people where comparing) >= 1 }\n"
               "  - { id: comparing, when: count(page_view within 4d) >= 3 }\n"
               "  - { id: asleep, when: silent(3d) }\n"
               "triggers:\n"
               "  - { id: talked, on: call, cool_down: 1d }\n"
               "  - { id: lively, when: count(any within 2d) >= 2 }\n"
               "  - { id: priced, on: page_view, when: touch.page.path == \"/pricing\" }\n"
               "qualification:\n"
               "  - { id: ready, arm: interest >= 25, disarm: interest < 15, cool_down: 1d }\n"
               "  - { id: warm, arm: interest >= 10 && interest < 25, cool_down: 0d }\n"
               "  - { id: herd, entity: company, arm: distinct(it.person of any within 3d) >= 2 }\n"
               "routes:\n"
               "  - { id: few, to: partner, capacity: { count: 2, per: day } }\n" TEAM "nurture:\n"
               "  - id: care\n"
               "    enter: interest >= 10\n"
               "    exit: interest < 5\n"
               "    steps: [ { wait: 1h }, { send: guide }, { wait: 1d }, { send: reminder } ]\n",
};

static void
compile(struct wh_sim_model *model, int number)
{
    struct wh_problems problems;
    struct wh_buf said;
    wh_problems_init(&problems, &model->arena);
    struct wh_source *source =
        wh_source_from_text(&model->arena, WH_STR("sim.yaml"), wh_str_of(model_texts[number]), 0);
    struct wh_source_list *list = WH_ARENA_NEW(&model->arena, struct wh_source_list);
    struct wh_source **sources = WH_ARENA_ARRAY(&model->arena, struct wh_source *, 1);
    sources[0] = source;
    *list = (struct wh_source_list){sources, 1};
    struct wh_compile_options options = {.sources = list};
    if (wh_compile(source->name, &options, &problems, &model->models[number]) != WH_OK) {
        wh_buf_init(&said, &model->arena);
        wh_problems_print(&problems, WH_PROBLEM_FORMAT_TEXT, &said);
        (void)fprintf(stderr, "sim: model %d does not compile\n%s\n", number, wh_buf_text(&said));
    }
}

void
wh_sim_model_init(struct wh_sim_model *model)
{
    *model = (struct wh_sim_model){.codec = wh_proto_codec()};
    wh_arena_init(&model->arena, 0);
    for (int i = 0; i < WH_SIM_MODELS; i++) {
        compile(model, i);
    }
}

const struct wh_ruleset *
wh_sim_find_ruleset(const struct wh_sim_model *model, struct wh_str hash)
{
    for (int i = 0; i < WH_SIM_MODELS; i++) {
        if (wh_str_is(hash, model->models[i]->ruleset.hash_hex)) {
            return &model->models[i]->ruleset;
        }
    }
    return NULL;
}

void
wh_sim_model_fini(struct wh_sim_model *model)
{
    for (int i = 0; i < WH_SIM_MODELS; i++) {
        wh_model_destroy(&model->models[i]);
    }
    wh_arena_fini(&model->arena);
}
