/* What leads tell their companies: the touches and values that some company part reads. */
#include "engine/language/builder.h"
#include "engine/language/finish.h"
#include "engine/language/intern.h"

static bool
is_session_once(const struct wh_once *parts, size_t count)
{
    bool is_session = false;
    for (size_t i = 0; i < count; i++) {
        is_session = is_session || parts[i].kind == WH_ONCE_SESSION;
    }
    return is_session;
}

/* Sessions and the idle clock go by all acts. */
static bool
looks_at_acts(const struct wh_ruleset *company)
{
    bool looks = false;
    for (size_t i = 0; i < company->rule_count; i++) {
        const struct wh_rule *rule = &company->rules[i];
        looks = looks || is_session_once(rule->once, rule->once_count) ||
                rule->cap.kind == WH_CAP_SESSION || rule->decay.only_after > 0;
    }
    for (size_t i = 0; i < company->score_count; i++) {
        const struct wh_score *score = &company->scores[i];
        looks = looks || score->cap.kind == WH_CAP_SESSION;
        for (size_t k = 0; k < score->group_count; k++) {
            looks = looks || score->groups[k].cap.kind == WH_CAP_SESSION;
        }
    }
    for (size_t i = 0; i < company->trigger_count; i++) {
        const struct wh_trigger *trigger = &company->triggers[i];
        looks = looks || is_session_once(trigger->once, trigger->once_count);
    }
    return looks;
}

static const bool *
told_types(struct wh_compiler *leads)
{
    const struct wh_compiler *company = leads->other;
    for (size_t i = 0; i < company->ruleset->type_count; i++) {
        if (company->type_notes[i].is_told) {
            (void)wh_intern_type(leads, company->types[i].name);
        }
    }
    bool *types = WH_ARENA_ARRAY(leads->arena, bool, leads->ruleset->type_count);
    for (size_t i = 0; i < leads->ruleset->type_count; i++) {
        int32_t type = wh_intern_find_type(company, leads->types[i].name);
        types[i] = type >= 0 && company->type_notes[type].is_told;
    }
    return types;
}

/* A value of a touch, as the leads' side finds it. */
static struct wh_told
told_value(struct wh_compiler *leads, const struct wh_column *column)
{
    struct wh_told told = {.name = column->name};
    told.column = wh_intern_column(leads, column->kind, column->name, column->type);
    if (column->kind == WH_COLUMN_EARNED) {
        told.kind = WH_TOLD_EARNED;
        for (size_t i = 0; i < leads->ruleset->score_count; i++) {
            told.index =
                wh_str_equal(leads->ruleset->scores[i].id, column->name) ? (int32_t)i : told.index;
        }
        return told;
    }
    told.kind = WH_TOLD_FACT;
    if (!wh_builder_find_fact(column->name, &told.index)) {
        told.kind = WH_TOLD_ATTRIBUTE;
        told.index = wh_intern_attribute(
            leads, wh_intern_column(leads, WH_COLUMN_LEAD, column->name, column->type));
    }
    return told;
}

static bool
is_plain(const struct wh_column *column)
{
    return column->kept && (column->kind == WH_COLUMN_FIELD || column->kind == WH_COLUMN_PROP ||
                            column->kind == WH_COLUMN_COMPANY);
}

/* The domain is the company's own. */
static bool
is_domain(const struct wh_column *column)
{
    return column->kind == WH_COLUMN_COMPANY && wh_str_is(column->name, "domain");
}

static void
tell_touches(struct wh_compiler *leads, struct wh_telling *telling)
{
    const struct wh_compiler *company = leads->other;
    size_t count = company->ruleset->column_count;
    int32_t *columns = WH_ARENA_ARRAY(leads->arena, int32_t, count);
    struct wh_told *values = WH_ARENA_ARRAY(leads->arena, struct wh_told, count);
    for (size_t i = 0; i < count; i++) {
        const struct wh_column *column = &company->columns[i];
        if (is_plain(column) && !is_domain(column)) {
            int32_t own = wh_intern_column(leads, column->kind, column->name, column->type);
            leads->columns[own].kept = true;
            columns[telling->column_count++] = own;
        } else if (wh_column_is_derived(column->kind)) {
            values[telling->value_count++] = told_value(leads, column);
        }
    }
    telling->columns = columns;
    telling->values = values;
}

static void
name_grades(struct wh_compiler *company, struct wh_heard *heard)
{
    struct wh_str *names = WH_ARENA_ARRAY(company->arena, struct wh_str, WH_GRADE_COUNT);
    for (size_t i = 0; i < WH_GRADE_COUNT; i++) {
        names[i] = wh_str_of(wh_grade_letters[i]);
    }
    heard->names = names;
    heard->name_count = WH_GRADE_COUNT;
}

static void
hear_report(const struct wh_compiler *leads, const struct wh_told *told, struct wh_heard *heard)
{
    const struct wh_ruleset *ruleset = leads->ruleset;
    heard->column = wh_intern_column(leads->other, WH_COLUMN_REPORT, told->name, WH_TYPE_UNKNOWN);
    if (told->kind == WH_TOLD_LABEL) {
        heard->names = ruleset->labels[told->index].names;
        heard->name_count = ruleset->labels[told->index].name_count;
    } else if (told->kind == WH_TOLD_STAGE) {
        heard->names = ruleset->stages.names;
        heard->name_count = ruleset->stages.count;
    } else if (told->kind == WH_TOLD_GRADE) {
        name_grades(leads->other, heard);
    }
}

static const struct wh_hearing *
hear(struct wh_compiler *leads)
{
    struct wh_compiler *company = leads->other;
    struct wh_hearing *hearing = WH_ARENA_NEW(leads->arena, struct wh_hearing);
    struct wh_heard *report = WH_ARENA_ARRAY(leads->arena, struct wh_heard, company->report_count);
    for (size_t i = 0; i < company->report_count; i++) {
        hear_report(leads, &company->reports[i], &report[i]);
    }
    *hearing = (struct wh_hearing){
        .person = company->person_column,
        .place = company->place_column,
        .verdict = company->verdict_column,
        .report = report,
        .report_count = company->report_count,
    };
    return hearing;
}

bool
wh_finish_is_empty(const struct wh_ruleset *ruleset)
{
    return ruleset->score_count + ruleset->label_count + ruleset->segment_count +
               ruleset->trigger_count + ruleset->qualification_count ==
           0;
}

void
wh_finish_telling(struct wh_compiler *leads)
{
    struct wh_compiler *company = leads->other;
    company->ruleset->hearing = hear(leads);
    if (wh_finish_is_empty(company->ruleset)) {
        return;
    }
    struct wh_telling *telling = WH_ARENA_NEW(leads->arena, struct wh_telling);
    telling->every_act = company->hears_acts || looks_at_acts(company->ruleset);
    telling->types = told_types(leads);
    telling->reports = company->counts_people;
    telling->report = company->reports;
    telling->report_count = company->report_count;
    tell_touches(leads, telling);
    leads->ruleset->telling = telling;
}
