#include "tests/support/one_lead.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/base/time.h"
#include "engine/language/compile.h"
#include "engine/rules/read.h"
#include "engine/score/recompute.h"

#define HEAD "waterhole: 1\nname: model\n"
/* Cuts of the time before each message, for the copy that sees time pass. */
#define CUTS 3
/* In a long story later messages are checked now and then. */
#define CHECKED_ALWAYS 40
#define CHECKED_EACH   11

static void
compile(struct wh_one_lead *lead, const char *text)
{
    struct wh_buf buf;
    wh_buf_init(&buf, &lead->arena);
    wh_buf_push_text(&buf, HEAD);
    wh_buf_push_text(&buf, text);
    struct wh_source *source =
        wh_source_from_text(&lead->arena, WH_STR("model.yaml"), wh_buf_str(&buf), 0);
    struct wh_source_list sources = {&source, 1};
    struct wh_source_list *kept = WH_ARENA_NEW(&lead->arena, struct wh_source_list);
    kept->sources = WH_ARENA_ARRAY(&lead->arena, struct wh_source *, 1);
    kept->sources[0] = source;
    kept->count = sources.count;
    struct wh_compile_options options = {.sources = kept};
    struct wh_problems problems;
    wh_problems_init(&problems, &lead->arena);
    enum wh_err err = wh_compile(WH_STR("model.yaml"), &options, &problems, &lead->model);
    if (err != WH_OK) {
        struct wh_buf said;
        wh_buf_init(&said, &lead->arena);
        wh_problems_sort(&problems);
        wh_problems_print(&problems, WH_PROBLEM_FORMAT_TEXT, &said);
        fail_msg("%s", wh_buf_text(&said));
    }
}

void
wh_one_lead_open(struct wh_one_lead *lead, const char *model)
{
    *lead = (struct wh_one_lead){.announce_from = WH_TIME_MIN};
    wh_arena_init(&lead->arena, 0);
    wh_arena_init(&lead->home, 0);
    wh_arena_init(&lead->batch, 0);
    wh_buf_init(&lead->events, &lead->arena);
    compile(lead, model);
    struct wh_hash_id id = {{0}};
    wh_state_begin(&lead->state, &lead->home, &lead->model->ruleset, WH_STR("user:u"), id,
                   WH_ONE_LEAD_START);
}

void
wh_one_lead_close(struct wh_one_lead *lead)
{
    wh_model_destroy(&lead->model);
    wh_arena_fini(&lead->batch);
    wh_arena_fini(&lead->home);
    wh_arena_fini(&lead->arena);
}

int64_t
wh_one_lead_at(const char *at)
{
    int64_t us = 0;
    assert_int_equal(wh_duration_parse(wh_str_of(at), &us), WH_OK);
    return WH_ONE_LEAD_START + us;
}

static void
set_text(struct wh_touch *touch, enum wh_field field, const char *text)
{
    if (text != NULL) {
        touch->fields[field] = wh_value_string(wh_str_of(text));
    }
}

/* NAME=text, where true and false are bools. */
static struct wh_named_list
named_of(struct wh_one_lead *lead, const char *said)
{
    if (said == NULL) {
        return (struct wh_named_list){0};
    }
    const char *equals = strchr(said, '=');
    struct wh_named *named = WH_ARENA_NEW(&lead->arena, struct wh_named);
    named->name = (struct wh_str){said, (size_t)(equals - said)};
    named->value = wh_value_string(wh_str_of(equals + 1));
    if (wh_str_is(named->value.text, "true") || wh_str_is(named->value.text, "false")) {
        named->value = wh_value_bool(wh_str_is(named->value.text, "true"));
    }
    return (struct wh_named_list){named, 1};
}

static void
set_keys(struct wh_touch *touch, const struct wh_sketch *sketch)
{
    touch->keys[touch->key_count++] = (struct wh_key){WH_KEY_USER, WH_STR("u")};
    if (sketch->email != NULL) {
        touch->keys[touch->key_count++] = (struct wh_key){WH_KEY_EMAIL, wh_str_of(sketch->email)};
    }
    if (sketch->company != NULL) {
        touch->email_company = wh_str_of(sketch->company);
    }
}

static struct wh_touch
touch_of(struct wh_one_lead *lead, const struct wh_sketch *sketch)
{
    struct wh_touch touch = {.occurred = wh_one_lead_at(sketch->at), .digest = sketch->digest};
    struct wh_buf id;
    wh_buf_init(&id, &lead->arena);
    wh_buf_printf(&id, "t%llu", (unsigned long long)++lead->number);
    touch.id = sketch->id != NULL ? wh_str_of(sketch->id) : wh_buf_str(&id);
    touch.received = wh_one_lead_at(sketch->arrives != NULL ? sketch->arrives : sketch->at);
    set_text(&touch, WH_FIELD_TYPE, sketch->type != NULL ? sketch->type : "page_view");
    set_text(&touch, WH_FIELD_PAGE_PATH, sketch->path);
    set_text(&touch, WH_FIELD_ASSET, sketch->asset);
    set_text(&touch, WH_FIELD_SEND, sketch->send);
    set_text(&touch, WH_FIELD_SOURCE, sketch->source);
    set_text(&touch, WH_FIELD_DEVICE_CLASS, sketch->agent);
    if (sketch->amount != 0) {
        touch.fields[WH_FIELD_AMOUNT] = wh_value_of(WH_TYPE_NUMBER, sketch->amount);
    }
    touch.lead = named_of(lead, sketch->lead);
    touch.consent = named_of(lead, sketch->consent);
    set_keys(&touch, sketch);
    return touch;
}

static void
push_event(struct wh_buf *buf, const struct wh_event *event)
{
    wh_duration_format(buf, event->decided - WH_ONE_LEAD_START);
    wh_buf_printf(buf, " %s %.*s", wh_event_kind_str(event->kind), WH_STR_ARG(event->name));
    if (event->kind == WH_EVENT_LABEL_CHANGED) {
        wh_buf_printf(buf, " %.*s", WH_STR_ARG(event->to));
    }
    if (event->kind == WH_EVENT_QUALIFIED || event->kind == WH_EVENT_WITHERED ||
        event->kind == WH_EVENT_WITHDRAWN) {
        wh_buf_printf(buf, " %u", event->number);
    }
    if (event->reason.len > 0) {
        wh_buf_printf(buf, " %.*s", WH_STR_ARG(event->reason));
    }
    wh_buf_push_text(buf, event->late ? " late" : "");
    if (event->cause.is_due) {
        wh_buf_push_text(buf, " because due");
    } else {
        wh_buf_printf(buf, " because %.*s", WH_STR_ARG(event->cause.touch));
    }
    for (size_t i = 0; i < event->touch_count && event->touch_count > 1; i++) {
        wh_buf_printf(buf, "%s%.*s", i == 0 ? " of " : " ", WH_STR_ARG(event->touches[i]));
    }
    wh_buf_push_char(buf, '\n');
}

/* What the state would be if it were worked out from nothing but base and history. */
static void
check_recomputed(struct wh_one_lead *lead)
{
    struct wh_arena arena;
    struct wh_state copy;
    wh_arena_init(&arena, 0);
    wh_state_copy(&copy, &arena, &lead->state);
    wh_recompute(&lead->model->ruleset, &copy, lead->state.now, &arena);
    assert_true(wh_fold_equal(&copy.live, &lead->state.live));
    if (copy.history.count > 0) {
        assert_memory_equal(copy.history.verdict, lead->state.history.verdict, copy.history.count);
    }
    wh_arena_fini(&arena);
}

static void
check_same(struct wh_one_lead *lead, const struct wh_state *cut, const struct wh_buf *events,
           size_t events_from)
{
    struct wh_str all = wh_buf_str(&lead->events);
    struct wh_str mine = wh_str_slice(all, events_from, all.len);
    assert_true(wh_str_equal(mine, wh_buf_str(events)));
    assert_true(wh_fold_equal(&cut->live, &lead->state.live));
    assert_true(wh_fold_equal(&cut->base, &lead->state.base));
    assert_int_equal(cut->announced.processed, lead->state.announced.processed);
}

static void
push_events(struct wh_buf *buf, const struct wh_effects *effects)
{
    for (size_t i = 0; i < effects->count; i++) {
        push_event(buf, &effects->events[i]);
    }
}

/* The same message for a copy of the former state, with time passing in cuts before it. */
static void
check_cut(struct wh_one_lead *lead, struct wh_state *before, const struct wh_message *message,
          int64_t now, size_t events_from)
{
    struct wh_effects effects;
    struct wh_buf events;
    struct wh_message time = {.kind = WH_MESSAGE_TIME};
    wh_buf_init(&events, before->arena);
    wh_effects_init(&effects, before->arena);
    int64_t from = before->now;
    for (int64_t i = 1; i <= CUTS; i++) {
        struct wh_moment cut = {from + (now - from) / CUTS * i, lead->announce_from, NULL};
        (void)wh_step(&lead->model->ruleset, before, &time, &cut, &effects);
    }
    struct wh_moment moment = {now, lead->announce_from, NULL};
    (void)wh_step(&lead->model->ruleset, before, message, &moment, &effects);
    push_events(&events, &effects);
    check_same(lead, before, &events, events_from);
}

static enum wh_outcome
step(struct wh_one_lead *lead, const struct wh_message *message, int64_t now)
{
    struct wh_arena arena;
    struct wh_state before;
    struct wh_effects effects;
    struct wh_moment moment = {now, lead->announce_from, NULL};
    size_t events_from = lead->events.len;
    wh_arena_init(&arena, 0);
    wh_state_copy(&before, &arena, &lead->state);
    wh_effects_init(&effects, &lead->batch);
    enum wh_outcome outcome =
        wh_step(&lead->model->ruleset, &lead->state, message, &moment, &effects);
    push_events(&lead->events, &effects);
    for (size_t i = 0; i < WH_STRUCK_COUNT; i++) {
        lead->struck.by[i] += effects.struck.by[i];
    }
    if (lead->number < CHECKED_ALWAYS || lead->number % CHECKED_EACH == 0) {
        check_recomputed(lead);
        check_cut(lead, &before, message, now, events_from);
    }
    int64_t due = wh_next_due(&lead->model->ruleset, &lead->state, &lead->batch);
    assert_true(due > lead->state.now);
    wh_arena_reset(&lead->batch);
    wh_arena_fini(&arena);
    return outcome;
}

enum wh_outcome
wh_one_lead_touch(struct wh_one_lead *lead, const struct wh_sketch *sketch)
{
    struct wh_touch touch = touch_of(lead, sketch);
    struct wh_message message = {.kind = WH_MESSAGE_TOUCH, .touch = &touch};
    return step(lead, &message, touch.received);
}

void
wh_one_lead_pass(struct wh_one_lead *lead, const char *to)
{
    struct wh_message message = {.kind = WH_MESSAGE_TIME};
    (void)step(lead, &message, wh_one_lead_at(to));
}

static struct wh_view
view_of(struct wh_one_lead *lead)
{
    struct wh_view view;
    wh_view_init(&view, &lead->model->ruleset, &lead->state, &lead->state.live, &lead->batch);
    view.now = lead->state.now;
    return view;
}

int64_t
wh_one_lead_score(struct wh_one_lead *lead, const char *name)
{
    const struct wh_ruleset *ruleset = &lead->model->ruleset;
    struct wh_view view = view_of(lead);
    int64_t value = 0;
    for (size_t i = 0; i < ruleset->score_count; i++) {
        if (wh_str_is(ruleset->scores[i].id, name)) {
            assert_true(wh_read_score(&view, (int32_t)i, &value));
            return value;
        }
    }
    fail_msg("no score %s", name);
    return 0;
}

int64_t
wh_one_lead_rule(struct wh_one_lead *lead, const char *name)
{
    const struct wh_ruleset *ruleset = &lead->model->ruleset;
    struct wh_view view = view_of(lead);
    for (size_t i = 0; i < ruleset->rule_count; i++) {
        if (wh_str_is(ruleset->rules[i].id, name)) {
            return wh_read_rule_limited(&view, (int32_t)i);
        }
    }
    fail_msg("no rule %s", name);
    return 0;
}

const char *
wh_one_lead_stage(struct wh_one_lead *lead)
{
    struct wh_view view = view_of(lead);
    int64_t since = 0;
    int32_t stage = wh_read_stage(&view, &since);
    struct wh_buf buf;
    wh_buf_init(&buf, &lead->arena);
    wh_buf_push(&buf, lead->model->ruleset.stages.names[stage]);
    return wh_buf_text(&buf);
}

const char *
wh_one_lead_events(struct wh_one_lead *lead)
{
    const char *said = wh_buf_text(&lead->events);
    wh_buf_init(&lead->events, &lead->arena);
    return said;
}
