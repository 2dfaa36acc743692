#include "engine/lab/test_names.h"

#include "engine/lab/test_keys.h"

static const char *
what_of(enum wh_test_name_kind kind)
{
    switch (kind) {
    case WH_TEST_NAME_SCORE:
        return "score";
    case WH_TEST_NAME_RULE:
        return "rule";
    case WH_TEST_NAME_LABEL:
        return "label";
    case WH_TEST_NAME_SEGMENT:
        return "segment";
    case WH_TEST_NAME_QUALIFICATION:
        return "qualification";
    case WH_TEST_NAME_TRIGGER:
        return "trigger";
    case WH_TEST_NAME_STAGE:
        return "stage";
    case WH_TEST_NAME_ROUTE:
        return "route";
    case WH_TEST_NAME_TRACK:
        return "track";
    }
    return "";
}

size_t
wh_test_names_count(const struct wh_ruleset *ruleset, enum wh_test_name_kind kind)
{
    switch (kind) {
    case WH_TEST_NAME_SCORE:
        return ruleset->score_count;
    case WH_TEST_NAME_RULE:
        return ruleset->rule_count;
    case WH_TEST_NAME_LABEL:
        return ruleset->label_count;
    case WH_TEST_NAME_SEGMENT:
        return ruleset->segment_count;
    case WH_TEST_NAME_QUALIFICATION:
        return ruleset->qualification_count;
    case WH_TEST_NAME_TRIGGER:
        return ruleset->trigger_count;
    case WH_TEST_NAME_STAGE:
        return ruleset->stages.present ? ruleset->stages.count : 0;
    case WH_TEST_NAME_ROUTE:
        return ruleset->route_count;
    case WH_TEST_NAME_TRACK:
        return ruleset->track_count;
    }
    return 0;
}

struct wh_str
wh_test_names_get(const struct wh_ruleset *ruleset, enum wh_test_name_kind kind, size_t index)
{
    switch (kind) {
    case WH_TEST_NAME_SCORE:
        return ruleset->scores[index].id;
    case WH_TEST_NAME_RULE:
        return ruleset->rules[index].id;
    case WH_TEST_NAME_LABEL:
        return ruleset->labels[index].id;
    case WH_TEST_NAME_SEGMENT:
        return ruleset->segments[index].id;
    case WH_TEST_NAME_QUALIFICATION:
        return ruleset->qualifications[index].id;
    case WH_TEST_NAME_TRIGGER:
        return ruleset->triggers[index].id;
    case WH_TEST_NAME_STAGE:
        return ruleset->stages.names[index];
    case WH_TEST_NAME_ROUTE:
        return ruleset->routes[index].id;
    case WH_TEST_NAME_TRACK:
        return ruleset->tracks[index].id;
    }
    return (struct wh_str){NULL, 0};
}

/* "interest.pricing" of a rule: its score. */
static bool
has_score(const struct wh_ruleset *ruleset, const struct wh_rule *rule, struct wh_str text)
{
    struct wh_str score = ruleset->scores[rule->score].id;
    return text.len == score.len + 1 + rule->id.len && wh_str_starts_with(text, score) &&
           text.ptr[score.len] == '.' && wh_str_ends_with(text, rule->id);
}

static bool
is_named(const struct wh_ruleset *ruleset, enum wh_test_name_kind kind, size_t index,
         struct wh_str name)
{
    return wh_str_equal(wh_test_names_get(ruleset, kind, index), name) ||
           (kind == WH_TEST_NAME_RULE && has_score(ruleset, &ruleset->rules[index], name));
}

static void
tell_ambiguous(const struct wh_ruleset *ruleset, struct wh_problems *problems,
               const struct wh_location *location, int32_t rule)
{
    struct wh_str score = ruleset->scores[ruleset->rules[rule].score].id;
    struct wh_str id = ruleset->rules[rule].id;
    (void)wh_problem_error(problems, location,
                           "several scores have a rule \"%.*s\"; write %.*s.%.*s", WH_STR_ARG(id),
                           WH_STR_ARG(score), WH_STR_ARG(id));
}

bool
wh_test_names_find(const struct wh_ruleset *ruleset, struct wh_problems *problems,
                   enum wh_test_name_kind kind, struct wh_str name,
                   const struct wh_location *location, int32_t *ret_index)
{
    struct wh_nearest nearest = wh_nearest_to(name);
    size_t count = wh_test_names_count(ruleset, kind);
    int32_t found = -1;
    for (size_t i = 0; i < count; i++) {
        if (found >= 0 && is_named(ruleset, kind, i, name)) {
            tell_ambiguous(ruleset, problems, location, found);
            return false;
        }
        found = found < 0 && is_named(ruleset, kind, i, name) ? (int32_t)i : found;
        wh_nearest_offer(&nearest, wh_test_names_get(ruleset, kind, i), 0);
    }
    if (found < 0) {
        wh_test_keys_unknown(problems, location, what_of(kind), &nearest);
        return false;
    }
    *ret_index = found;
    return true;
}
