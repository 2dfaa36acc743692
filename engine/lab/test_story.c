/* What a failed expectation is told with: the events so far and the scores around the moment. */
#include "engine/base/decimal.h"
#include "engine/lab/test_run.h"
#include "engine/rules/read.h"
#include "engine/score/explain.h"

void
wh_test_story_offset(const struct wh_test_case *test, int64_t at, struct wh_buf *buf)
{
    if (at == test->start) {
        wh_buf_push_text(buf, "0d");
    } else {
        wh_duration_format(buf, at - test->start);
    }
}

static void
push_named(struct wh_buf *buf, const struct wh_named_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        wh_buf_printf(buf, ", %.*s ", WH_STR_ARG(list->items[i].name));
        wh_value_format(buf, list->items[i].value);
    }
}

static void
push_field(struct wh_buf *buf, const char *what, struct wh_str text)
{
    if (text.len > 0) {
        wh_buf_printf(buf, ", %s %.*s", what, WH_STR_ARG(text));
    }
}

static void
push_event(const struct wh_test_case *test, const struct wh_test_event *event, struct wh_buf *buf)
{
    bool is_firing = event->kind == WH_EVENT_FIRED;
    wh_buf_push_text(buf, "    ");
    wh_test_story_offset(test, event->decided, buf);
    wh_buf_printf(buf, "  %s", is_firing ? "" : wh_event_kind_str(event->kind));
    wh_buf_printf(buf, "%s%.*s", is_firing ? "" : " ", WH_STR_ARG(event->name));
    push_field(buf, "from", event->from);
    if (event->kind == WH_EVENT_LABEL_CHANGED) {
        push_field(buf, "to", event->to);
    }
    if (event->kind == WH_EVENT_QUALIFIED || event->kind == WH_EVENT_WITHERED ||
        event->kind == WH_EVENT_WITHDRAWN) {
        wh_buf_printf(buf, ", episode %u", event->number);
    }
    push_field(buf, "reason", event->reason);
    push_field(buf, "route", event->route.to);
    push_field(buf, "owner", event->route.owner);
    push_field(buf, "note", event->note);
    push_named(buf, &event->with);
    wh_buf_push_text(buf, event->late ? ", late\n" : "\n");
}

static void
push_events(const struct wh_test_look *look, struct wh_buf *buf)
{
    const struct wh_test_run *run = look->run;
    size_t count = 0;
    struct wh_str company = look->expectation->company;
    struct wh_str who = company.len > 0 ? company : run->test->people[look->expectation->person];
    wh_buf_printf(buf, "  events of %.*s so far:\n", WH_STR_ARG(who));
    for (const struct wh_test_event *event = run->first_event; event != NULL; event = event->next) {
        if (wh_test_is_of(look, event)) {
            push_event(run->test, event, buf);
            count++;
        }
    }
    if (count == 0) {
        wh_buf_push_text(buf, "    none\n");
    }
}

static void
push_entry_name(const struct wh_entry *entry, struct wh_buf *buf)
{
    switch (entry->kind) {
    case WH_ENTRY_RULE:
    case WH_ENTRY_TERM:
        wh_buf_push(buf, entry->name);
        break;
    case WH_ENTRY_RULE_LIMIT:
    case WH_ENTRY_GROUP_LIMIT:
    case WH_ENTRY_SCORE_LIMIT:
        wh_buf_printf(buf, "limit of %.*s", WH_STR_ARG(entry->name));
        break;
    }
}

static void
push_entry(const struct wh_test_case *test, const struct wh_entry *entry, struct wh_buf *buf)
{
    wh_buf_push_text(buf, "      ");
    push_entry_name(entry, buf);
    wh_buf_push_char(buf, ' ');
    wh_decimal_format(buf, entry->points);
    if (entry->touches > 0) {
        wh_buf_printf(buf, " by %u touch%s, the last at ", entry->touches,
                      entry->touches == 1 ? "" : "es");
        wh_test_story_offset(test, entry->last_at, buf);
    }
    wh_buf_push_char(buf, '\n');
}

static void
push_scores(const struct wh_test_case *test, const struct wh_snapshot *snapshot, struct wh_buf *buf)
{
    for (size_t i = 0; i < snapshot->score_count; i++) {
        const struct wh_score_story *score = &snapshot->scores[i];
        wh_buf_printf(buf, "    %.*s ", WH_STR_ARG(score->name));
        wh_decimal_format(buf, score->value);
        wh_buf_push_text(buf, score->entry_count > 0 ? " =\n" : "\n");
        for (size_t j = 0; j < score->entry_count; j++) {
            push_entry(test, &score->entries[j], buf);
        }
    }
}

static void
push_fit(const struct wh_snapshot *snapshot, struct wh_buf *buf)
{
    for (size_t i = 0; i < snapshot->criterion_count; i++) {
        wh_buf_printf(buf, "%s%.*s %s", i == 0 ? "    fit: " : ", ",
                      WH_STR_ARG(snapshot->criteria[i].name),
                      wh_match_str(snapshot->criteria[i].match));
    }
    wh_buf_push_text(buf, snapshot->criterion_count > 0 ? "\n" : "");
    if (snapshot->has_grade) {
        wh_buf_printf(buf, "    grade %.*s\n", WH_STR_ARG(snapshot->grade));
    }
}

static void
push_standing(const struct wh_snapshot *snapshot, struct wh_buf *buf)
{
    if (snapshot->has_stage) {
        wh_buf_printf(buf, "    stage %.*s\n", WH_STR_ARG(snapshot->stage));
    }
    for (size_t i = 0; i < snapshot->label_count; i++) {
        const struct wh_label_story *label = &snapshot->labels[i];
        wh_buf_printf(buf, "    label %.*s ", WH_STR_ARG(label->name));
        wh_buf_push(buf, label->value.len == 0 ? WH_STR("none") : label->value);
        wh_buf_push_char(buf, '\n');
    }
    for (size_t i = 0; i < snapshot->segment_count; i++) {
        wh_buf_printf(buf, "    in segment %.*s\n", WH_STR_ARG(snapshot->segments[i]));
    }
}

static void
push_ripe(struct wh_test_look *look, struct wh_buf *buf)
{
    const struct wh_ruleset *ruleset = look->ruleset;
    for (size_t i = 0; i < ruleset->qualification_count; i++) {
        if (wh_read_ripe(&look->view, (int32_t)i)) {
            wh_buf_printf(buf, "    ripe for %.*s\n", WH_STR_ARG(ruleset->qualifications[i].id));
        }
    }
}

void
wh_test_story(struct wh_test_look *look, struct wh_buf *buf)
{
    const struct wh_test_run *run = look->run;
    const struct wh_snapshot *snapshot = wh_explain_snapshot(&look->view, run->arena);
    push_events(look, buf);
    wh_buf_push_text(buf, "  at ");
    wh_test_story_offset(run->test, look->expectation->at, buf);
    wh_buf_push_text(buf, ":\n");
    push_scores(run->test, snapshot, buf);
    push_fit(snapshot, buf);
    push_standing(snapshot, buf);
    push_ripe(look, buf);
}
