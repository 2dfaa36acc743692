/* Rules by the type of a touch, and signals by what sends them. */
#include "engine/language/finish.h"

static bool
can_match(const struct wh_compiler *compiler, const struct wh_selector *on, int32_t type)
{
    if ((on->any || on->session) && (type < 0 || compiler->types[type].act)) {
        return true;
    }
    for (size_t i = 0; i < on->type_count; i++) {
        if (on->types[i] == type) {
            return true;
        }
    }
    return false;
}

static const int32_t *
rules_of(struct wh_compiler *compiler, const struct wh_score *score, int32_t type)
{
    int32_t *rules = WH_ARENA_ARRAY(compiler->arena, int32_t, score->rule_count + 1);
    size_t count = 0;
    for (size_t i = 0; i < score->rule_count; i++) {
        int32_t index = score->first_rule + (int32_t)i;
        const struct wh_rule *rule = &compiler->ruleset->rules[index];
        if (!rule->is_state && can_match(compiler, &rule->on, type)) {
            rules[count++] = index;
        }
    }
    rules[count] = -1;
    return rules;
}

static void
index_rules(struct wh_compiler *compiler)
{
    struct wh_ruleset *ruleset = compiler->ruleset;
    for (size_t i = 0; i < ruleset->score_count; i++) {
        const int32_t **by_type =
            WH_ARENA_ARRAY(compiler->arena, const int32_t *, ruleset->type_count + 1);
        for (size_t type = 0; type <= ruleset->type_count; type++) {
            by_type[type] = rules_of(compiler, &ruleset->scores[i], (int32_t)type - 1);
        }
        ruleset->scores[i].rules_by_type = by_type;
    }
}

static int32_t
signal_of(const struct wh_ruleset *ruleset, enum wh_signal_kind kind, size_t of)
{
    for (size_t i = 0; i < ruleset->signal_count; i++) {
        if (ruleset->signals[i].kind == kind && ruleset->signals[i].of == (int32_t)of) {
            return (int32_t)i;
        }
    }
    return -1;
}

void
wh_finish_index(struct wh_compiler *compiler)
{
    struct wh_ruleset *ruleset = compiler->ruleset;
    index_rules(compiler);
    for (size_t i = 0; i < ruleset->label_count; i++) {
        ruleset->labels[i].changed_signal = signal_of(ruleset, WH_SIGNAL_CHANGED, i);
    }
    for (size_t i = 0; i < ruleset->segment_count; i++) {
        ruleset->segments[i].entered_signal = signal_of(ruleset, WH_SIGNAL_ENTERED, i);
        ruleset->segments[i].left_signal = signal_of(ruleset, WH_SIGNAL_LEFT, i);
    }
    for (size_t i = 0; i < ruleset->trigger_count; i++) {
        ruleset->triggers[i].fired_signal = signal_of(ruleset, WH_SIGNAL_FIRED, i);
    }
}

static size_t
count_rules(const struct wh_ruleset *ruleset, size_t slot)
{
    size_t count = 0;
    for (size_t i = 0; i < ruleset->score_count; i++) {
        for (const int32_t *rule = ruleset->scores[i].rules_by_type[slot]; *rule >= 0; rule++) {
            count++;
        }
    }
    return count;
}

size_t
wh_finish_fan_out(const struct wh_compiler *compiler, int32_t *ret_type)
{
    size_t most = 0;
    *ret_type = -1;
    for (size_t i = 0; i < compiler->ruleset->type_count; i++) {
        size_t count = count_rules(compiler->ruleset, i + 1);
        if (count > most) {
            most = count;
            *ret_type = (int32_t)i;
        }
    }
    return most;
}
