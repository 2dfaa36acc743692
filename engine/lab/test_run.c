#include "engine/lab/test_run.h"

#include "engine/score/command_touch.h"
#include "engine/score/explain.h"
#include "engine/score/step.h"

/* Ids of leads in model tests: any fixed key will do, it protects nobody. */
static const uint8_t secret[WH_HASH_KEY_SIZE] = "model tests";

static struct wh_str
copy(struct wh_test_run *run, struct wh_str text)
{
    return wh_arena_str(run->arena, text);
}

static struct wh_named_list
copy_named(struct wh_test_run *run, const struct wh_named_list *list)
{
    struct wh_named *items = WH_ARENA_ARRAY(run->arena, struct wh_named, list->count);
    for (size_t i = 0; i < list->count; i++) {
        items[i] = (struct wh_named){copy(run, list->items[i].name), list->items[i].value};
        items[i].value.text = copy(run, list->items[i].value.text);
        items[i].value.list = NULL;
    }
    return (struct wh_named_list){items, list->count};
}

/* What a step does stands where a firing has what the model adds: send: guide, step: 2. */
static struct wh_named_list
with_of(struct wh_test_run *run, const struct wh_event *event)
{
    if (event->kind != WH_EVENT_NURTURE) {
        return copy_named(run, &event->with);
    }
    struct wh_named items[] = {
        {wh_str_of(wh_action_kind_str(event->actions[0].kind)), event->actions[0].what.value},
        {WH_STR("step"), wh_value_string(event->step)},
    };
    return copy_named(run, &(struct wh_named_list){items, sizeof(items) / sizeof(items[0])});
}

static void
keep_event(void *self, const struct wh_lead *lead, const struct wh_event *event)
{
    (void)lead;
    struct wh_test_run *run = self;
    if (event->silent) {
        return;
    }
    if (run->coverage != NULL) {
        wh_test_coverage_event(run->coverage, event);
    }
    struct wh_test_event *kept = WH_ARENA_NEW(run->arena, struct wh_test_event);
    *kept = (struct wh_test_event){
        .key = copy(run, event->snapshot->key),
        .kind = event->kind,
        .name = copy(run, event->name),
        .from = copy(run, event->from),
        .to = copy(run, event->to),
        .reason = copy(run, event->reason),
        .note = copy(run, event->note),
        .number = event->number,
        .decided = event->decided,
        .late = event->late,
        .route = event->route,
        .with = with_of(run, event),
    };
    kept->route.rule = copy(run, event->route.rule);
    kept->route.to = copy(run, event->route.to);
    kept->route.owner = copy(run, event->route.owner);
    if (run->last_event == NULL) {
        run->first_event = kept;
    } else {
        run->last_event->next = kept;
    }
    run->last_event = kept;
}

/* Whom a person is known as: by its name, unless its touches bring ids of their own; then as what
 * brought the latest of them. */
static struct wh_str
key_of(const struct wh_test_run *run, size_t person)
{
    struct wh_key name = {WH_KEY_USER, run->test->people[person]};
    struct wh_str key = wh_key_text(run->arena, name);
    bool is_named = run->homes[person].len == 0 || wh_world_find(&run->world, key) != NULL;
    return is_named ? key : run->homes[person];
}

/* It says who is who and is nobody's touch; one that cannot be followed was refused when read. */
static void
command(struct wh_test_run *run, const struct wh_test_message *message)
{
    struct wh_key to;
    struct wh_identity_message told;
    struct wh_command_fault fault;
    if (wh_command_of_touch(&message->touch, run->arena, &to, &told, &fault)) {
        wh_world_command(&run->world, to, &told, message->arrives);
    }
}

/* As an intake would: what is older than the history kept is rejected. */
static void
deliver(struct wh_test_run *run, const struct wh_test_message *message)
{
    if (message->touch.occurred < message->arrives - run->ruleset->history_keep) {
        return;
    }
    if (wh_touch_is_command(&message->touch)) {
        command(run, message);
        return;
    }
    struct wh_str key = wh_key_text(run->arena, wh_entity_home(&message->touch));
    run->homes[message->person] = key;
    (void)wh_world_touch(&run->world, key, &message->touch, message->arrives);
}

bool
wh_test_is_of(const struct wh_test_look *look, const struct wh_test_event *event)
{
    const struct wh_lead *lead = wh_world_find_lead(&look->run->world, event->key);
    return wh_str_equal(lead == NULL ? event->key : lead->entity.state.key, look->key);
}

static void
look_at(struct wh_test_run *run, const struct wh_test_expectation *expectation,
        struct wh_test_look *look)
{
    struct wh_key key = {WH_KEY_COMPANY, expectation->company};
    bool is_company = expectation->company.len > 0;
    *look = (struct wh_test_look){.run = run, .expectation = expectation};
    look->ruleset = is_company ? wh_ruleset_for(run->ruleset, key.kind) : run->ruleset;
    look->key = is_company ? wh_key_text(run->arena, key) : key_of(run, expectation->person);
    const struct wh_lead *lead = wh_world_find_lead(&run->world, look->key);
    const struct wh_state *state = lead == NULL ? &look->empty : &lead->entity.state;
    if (lead != NULL) {
        look->key = lead->entity.state.key;
    } else if (wh_key_parse(look->key, &key)) {
        wh_state_begin(&look->empty, run->arena, look->ruleset, look->key,
                       wh_key_id(secret, run->arena, key), expectation->at);
    }
    wh_view_init(&look->view, look->ruleset, state, &state->live, run->arena);
    look->view.now = expectation->at;
}

/* Expectations [from, to) look at one lead at one moment: what they miss is told with one story. */
static void
judge(struct wh_test_run *run, size_t from, size_t to, struct wh_buf *report)
{
    struct wh_test_look look;
    wh_problems_init(&run->problems, run->arena);
    look_at(run, &run->test->expectations[from], &look);
    for (size_t i = from; i < to; i++) {
        const struct wh_test_expectation *expectation = &run->test->expectations[i];
        for (size_t j = 0; j < expectation->check_count; j++) {
            wh_test_judge(&look, &expectation->checks[j]);
        }
    }
    if (run->problems.error_count > 0) {
        wh_problems_sort(&run->problems);
        wh_problems_print(&run->problems, WH_PROBLEM_FORMAT_TEXT, report);
        wh_test_story(&look, report);
    }
}

/* What has paid by now, of all leads. */
static void
look_at_all(struct wh_test_run *run, int64_t at)
{
    for (size_t i = 0; run->coverage != NULL && i < run->world.lead_count; i++) {
        const struct wh_entity *entity = &run->world.leads[i]->entity;
        const struct wh_state *state = &entity->state;
        struct wh_view view;
        if (!wh_entity_is_somebody(entity)) {
            continue;
        }
        wh_view_init(&view, wh_entity_ruleset(run->ruleset, entity), state, &state->live,
                     run->arena);
        view.now = at;
        wh_test_coverage_look(run->coverage, wh_explain_snapshot(&view, run->arena));
    }
}

/* The first expectation that looks at another moment or another lead. */
static size_t
same_look(const struct wh_test_case *test, size_t from)
{
    const struct wh_test_expectation *first = &test->expectations[from];
    size_t to = from + 1;
    while (to < test->expectation_count && test->expectations[to].at == first->at &&
           test->expectations[to].person == first->person &&
           wh_str_equal(test->expectations[to].company, first->company)) {
        to++;
    }
    return to;
}

static void
play_until(struct wh_test_run *run, int64_t at)
{
    const struct wh_test_case *test = run->test;
    while (run->message_next < test->message_count &&
           test->messages[run->message_next].arrives <= at) {
        deliver(run, &test->messages[run->message_next++]);
    }
    wh_world_advance(&run->world, at);
}

/* Everything up to `at`, with the changes of the model on the way. */
static void
play(struct wh_test_run *run, int64_t at)
{
    const struct wh_test_case *test = run->test;
    while (run->change_next < test->change_count && test->changes[run->change_next].at <= at) {
        const struct wh_test_change *change = &test->changes[run->change_next++];
        play_until(run, change->at);
        look_at_all(run, change->at);
        wh_world_use(&run->world, change->ruleset, change->at);
        run->ruleset = change->ruleset;
        if (run->coverage != NULL) {
            wh_test_coverage_begin(run->coverage, change->path, change->ruleset);
        }
    }
    play_until(run, at);
}

void
wh_test_run_case(struct wh_arena *arena, const struct wh_ruleset *ruleset,
                 const struct wh_test_case *test, struct wh_test_coverage *coverage,
                 struct wh_buf *report)
{
    struct wh_test_run run = {
        .test = test, .ruleset = ruleset, .arena = arena, .coverage = coverage};
    run.homes = WH_ARENA_ARRAY(arena, struct wh_str, test->person_count);
    wh_world_init(&run.world, ruleset, secret);
    run.world.on_event = keep_event;
    run.world.self = &run;
    for (size_t from = 0; from < test->expectation_count;) {
        int64_t at = test->expectations[from].at;
        size_t to = same_look(test, from);
        play(&run, at);
        judge(&run, from, to, report);
        look_at_all(&run, at);
        from = to;
    }
    wh_world_fini(&run.world);
}
