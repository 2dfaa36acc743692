#include "engine/lab/test_coverage.h"

void
wh_test_coverage_init(struct wh_test_coverage *coverage, struct wh_arena *arena)
{
    *coverage = (struct wh_test_coverage){.arena = arena};
    wh_table_init(&coverage->models, arena);
    wh_table_init(&coverage->index, arena);
}

/* Names are without line breaks, so these cannot run into each other. */
static struct wh_str
entry_of(struct wh_test_coverage *coverage, const char *kind, struct wh_str name)
{
    struct wh_buf buf;
    wh_buf_init(&buf, coverage->arena);
    wh_buf_printf(&buf, "%.*s\n%s\n", WH_STR_ARG(coverage->model), kind);
    wh_buf_push(&buf, name);
    return wh_buf_str(&buf);
}

static void
add(struct wh_test_coverage *coverage, const char *kind, struct wh_str name)
{
    if (coverage->count == coverage->capacity) {
        size_t capacity = coverage->capacity == 0 ? 64 : 2 * coverage->capacity;
        coverage->parts = wh_arena_grow(coverage->arena, coverage->parts, coverage->count, capacity,
                                        sizeof(*coverage->parts));
        coverage->capacity = capacity;
    }
    wh_table_put(&coverage->index, entry_of(coverage, kind, name), (int64_t)coverage->count);
    coverage->parts[coverage->count++] = (struct wh_covered_part){
        .model = coverage->model,
        .kind = kind,
        .name = wh_arena_str(coverage->arena, name),
    };
}

static void
cover(struct wh_test_coverage *coverage, const char *kind, struct wh_str name)
{
    int64_t part = 0;
    if (wh_table_find(&coverage->index, entry_of(coverage, kind, name), &part)) {
        coverage->parts[part].is_covered = true;
    }
}

static struct wh_str
rule_name(struct wh_arena *arena, struct wh_str score, struct wh_str rule)
{
    struct wh_buf buf;
    wh_buf_init(&buf, arena);
    wh_buf_printf(&buf, "%.*s.%.*s", WH_STR_ARG(score), WH_STR_ARG(rule));
    return wh_buf_str(&buf);
}

static void
add_parts(struct wh_test_coverage *coverage, const struct wh_ruleset *ruleset)
{
    for (size_t i = 0; i < ruleset->rule_count; i++) {
        const struct wh_rule *rule = &ruleset->rules[i];
        add(coverage, "rule",
            rule_name(coverage->arena, ruleset->scores[rule->score].id, rule->id));
    }
    for (size_t i = 0; i < ruleset->fit.count; i++) {
        add(coverage, "criterion", ruleset->fit.criteria[i].id);
    }
    for (size_t i = 0; i < ruleset->segment_count; i++) {
        add(coverage, "segment", ruleset->segments[i].id);
    }
    for (size_t i = 0; i < ruleset->trigger_count; i++) {
        const struct wh_sequence *sequence = ruleset->triggers[i].sequence;
        add(coverage, "trigger", ruleset->triggers[i].id);
        if (sequence != NULL && sequence->missed.len > 0) {
            add(coverage, "trigger", sequence->missed);
        }
    }
    for (size_t i = 0; i < ruleset->qualification_count; i++) {
        add(coverage, "qualification", ruleset->qualifications[i].id);
    }
    for (size_t i = 0; i < ruleset->route_count; i++) {
        add(coverage, "route", ruleset->routes[i].id);
    }
    for (size_t i = 0; i < ruleset->track_count; i++) {
        add(coverage, "track", ruleset->tracks[i].id);
    }
}

void
wh_test_coverage_begin(struct wh_test_coverage *coverage, struct wh_str path,
                       const struct wh_ruleset *ruleset)
{
    int64_t known = 0;
    coverage->model = wh_arena_str(coverage->arena, path);
    if (wh_table_find(&coverage->models, path, &known)) {
        return;
    }
    wh_table_put(&coverage->models, coverage->model, (int64_t)coverage->models.count);
    add_parts(coverage, ruleset);
    if (ruleset->company != NULL) {
        add_parts(coverage, ruleset->company);
    }
}

void
wh_test_coverage_event(struct wh_test_coverage *coverage, const struct wh_event *event)
{
    if (event->kind == WH_EVENT_FIRED) {
        cover(coverage, "trigger", event->name);
    } else if (event->kind == WH_EVENT_QUALIFIED) {
        cover(coverage, "qualification", event->name);
    } else if (event->kind == WH_EVENT_NURTURE) {
        cover(coverage, "track", event->name);
    }
    if (event->route.chosen) {
        cover(coverage, "route", event->route.rule);
    }
}

static void
look_at_score(struct wh_test_coverage *coverage, const struct wh_score_story *score)
{
    for (size_t i = 0; i < score->entry_count; i++) {
        const struct wh_entry *entry = &score->entries[i];
        if (entry->kind == WH_ENTRY_RULE && (entry->touches > 0 || entry->points != 0)) {
            cover(coverage, "rule", rule_name(coverage->arena, score->name, entry->name));
        }
    }
}

void
wh_test_coverage_look(struct wh_test_coverage *coverage, const struct wh_snapshot *snapshot)
{
    for (size_t i = 0; i < snapshot->score_count; i++) {
        look_at_score(coverage, &snapshot->scores[i]);
    }
    for (size_t i = 0; i < snapshot->criterion_count; i++) {
        if (snapshot->criteria[i].match == WH_MATCH) {
            cover(coverage, "criterion", snapshot->criteria[i].name);
        }
    }
    for (size_t i = 0; i < snapshot->segment_count; i++) {
        cover(coverage, "segment", snapshot->segments[i]);
    }
}

size_t
wh_test_coverage_missed(const struct wh_test_coverage *coverage)
{
    size_t missed = 0;
    for (size_t i = 0; i < coverage->count; i++) {
        missed += coverage->parts[i].is_covered ? 0 : 1;
    }
    return missed;
}

/* The parts [from, to) of one model. */
static void
print_model(const struct wh_test_coverage *coverage, size_t from, size_t to, struct wh_buf *buf)
{
    size_t covered = 0;
    for (size_t i = from; i < to; i++) {
        covered += coverage->parts[i].is_covered ? 1 : 0;
    }
    wh_buf_printf(buf, "%.*s: %zu of %zu parts tested\n", WH_STR_ARG(coverage->parts[from].model),
                  covered, to - from);
    for (size_t i = from; i < to; i++) {
        if (!coverage->parts[i].is_covered) {
            wh_buf_printf(buf, "  no test for the %s %.*s\n", coverage->parts[i].kind,
                          WH_STR_ARG(coverage->parts[i].name));
        }
    }
}

void
wh_test_coverage_print(const struct wh_test_coverage *coverage, struct wh_buf *buf)
{
    size_t from = 0;
    for (size_t i = 1; i <= coverage->count; i++) {
        if (i == coverage->count ||
            !wh_str_equal(coverage->parts[i].model, coverage->parts[from].model)) {
            print_model(coverage, from, i, buf);
            from = i;
        }
    }
}
