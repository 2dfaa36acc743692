/* What scores, groups and rules have in common: limit, cap, decay, once_per; and the touches of
 * `on`. */
#include "engine/language/build.h"
#include "engine/language/builder.h"
#include "engine/language/keys.h"
#include "engine/language/reader.h"
#include "engine/language/scope.h"

static const struct wh_section_key cap_keys[] = {{"points", WH_GIVEN_ALWAYS},
                                                 {"per", WH_GIVEN_ALWAYS}};
static const struct wh_section cap_section = WH_SECTION("a cap", cap_keys);

static bool
read_end(struct wh_compiler *compiler, const struct wh_tree *tree, int64_t *ret_value)
{
    return !wh_tree_is_text(tree, "none") && wh_scalar_number(compiler->problems, tree, ret_value);
}

void
wh_reader_limit(struct wh_compiler *compiler, const struct wh_tree *tree,
                struct wh_limit *ret_limit)
{
    if (tree == NULL || wh_tree_is_text(tree, "none")) {
        return;
    }
    if (tree->kind != WH_TREE_SEQUENCE || tree->count != 2) {
        wh_problem_error(compiler->problems, &tree->location,
                         "expected a limit such as [0, 100] or [none, 30], found %s",
                         tree->kind == WH_TREE_SEQUENCE ? "another number of ends"
                                                        : wh_tree_kind_str(tree));
        return;
    }
    ret_limit->has_min = read_end(compiler, tree->items[0], &ret_limit->min);
    ret_limit->has_max = read_end(compiler, tree->items[1], &ret_limit->max);
    if (ret_limit->has_min && ret_limit->has_max && ret_limit->min > ret_limit->max) {
        wh_problem_error(compiler->problems, &tree->location, "the limit begins above its end");
    }
}

bool
wh_reader_kept(struct wh_compiler *compiler, const struct wh_tree *tree, int64_t us)
{
    int64_t keep = compiler->ruleset->history_keep;
    if (us <= keep) {
        return true;
    }
    struct wh_buf have;
    struct wh_buf most;
    wh_buf_init(&have, compiler->problems->arena);
    wh_buf_init(&most, compiler->problems->arena);
    wh_duration_format(&have, us);
    wh_duration_format(&most, keep);
    wh_problem_error(compiler->problems, &tree->location,
                     "window of %.*s is longer than history.keep of %.*s",
                     WH_STR_ARG(wh_buf_str(&have)), WH_STR_ARG(wh_buf_str(&most)));
    return false;
}

void
wh_reader_cap(struct wh_compiler *compiler, const struct wh_tree *tree, struct wh_cap *ret_cap)
{
    if (tree == NULL || !wh_keys_check(compiler, tree, &cap_section)) {
        return;
    }
    const struct wh_tree *points = wh_tree_find(tree, "points");
    const struct wh_tree *per = wh_tree_find(tree, "per");
    struct wh_cap cap = {0};
    if (points == NULL || per == NULL ||
        !wh_scalar_number(compiler->problems, points, &cap.points)) {
        return;
    }
    if (wh_tree_is_text(per, "session")) {
        cap.kind = WH_CAP_SESSION;
    } else if (per->kind == WH_TREE_SCALAR && wh_name_period(per->text, &cap.period)) {
        cap.kind = WH_CAP_PERIOD;
    } else if (wh_scalar_duration(NULL, per, &cap.rolling) && cap.rolling > 0) {
        cap.kind = WH_CAP_ROLLING;
    } else {
        wh_problem_error(compiler->problems, &per->location,
                         "expected a period such as day, session or a duration, found \"%.*s\"",
                         WH_STR_ARG(per->text));
        return;
    }
    int64_t window = cap.kind == WH_CAP_PERIOD ? wh_builder_period_max(cap.period) : cap.rolling;
    if (wh_reader_kept(compiler, per, window)) {
        *ret_cap = cap;
    }
}

struct decay_kind {
    const char *key;
    enum wh_decay_kind kind;
    bool is_step;
};
static const struct decay_kind decay_kinds[] = {
    {"half_life", WH_DECAY_HALF_LIFE, false},
    {"step_linear", WH_DECAY_STEP_LINEAR, true},
    {"step_geometric", WH_DECAY_STEP_GEOMETRIC, true},
    {"cliff", WH_DECAY_CLIFF, false},
};
#define DECAY_KIND_COUNT (sizeof(decay_kinds) / sizeof(decay_kinds[0]))

static const struct wh_section_key decay_keys[] = {
    {"half_life", WH_GIVEN_OR_NOT},      {"step_linear", WH_GIVEN_OR_NOT},
    {"step_geometric", WH_GIVEN_OR_NOT}, {"cliff", WH_GIVEN_OR_NOT},
    {"every", WH_GIVEN_OR_NOT},          {"only_after", WH_GIVEN_OR_NOT}};
static const struct wh_section decay_section = WH_SECTION("a decay", decay_keys);

/* Exactly one kind; NULL after adding a problem. */
static const struct decay_kind *
find_kind(struct wh_compiler *compiler, const struct wh_tree *tree)
{
    const struct decay_kind *found = NULL;
    for (size_t i = 0; i < DECAY_KIND_COUNT; i++) {
        const struct decay_kind *kind = &decay_kinds[i];
        if (wh_tree_find(tree, kind->key) == NULL) {
            continue;
        }
        if (found != NULL) {
            (void)wh_keys_exclude(compiler, tree, found->key, kind->key, "points fade in one way");
            return NULL;
        }
        found = kind;
    }
    if (found == NULL) {
        wh_keys_missing(compiler, tree, &decay_section,
                        "\"half_life\", \"step_linear\", \"step_geometric\" or \"cliff\"");
    }
    return found;
}

static bool
read_share(struct wh_compiler *compiler, const struct wh_tree *tree, enum wh_decay_kind kind,
           int64_t *ret_share)
{
    if (!wh_scalar_percent(compiler->problems, tree, ret_share)) {
        return false;
    }
    if (kind == WH_DECAY_STEP_GEOMETRIC && *ret_share < 50) {
        wh_problem_error(compiler->problems, &tree->location,
                         "step_geometric below 5%% keeps points too long; use half_life");
        return false;
    }
    if (kind == WH_DECAY_STEP_GEOMETRIC && *ret_share > 990) {
        wh_problem_error(compiler->problems, &tree->location,
                         "step_geometric takes at most 99%%; use cliff");
        return false;
    }
    if (kind == WH_DECAY_STEP_LINEAR && *ret_share < 10) {
        wh_problem_error(compiler->problems, &tree->location,
                         "step_linear below 1%% takes more than 100 steps; use half_life");
        return false;
    }
    return true;
}

static bool
read_span(struct wh_compiler *compiler, const struct wh_tree *tree, enum wh_decay_kind kind,
          int64_t *ret_us)
{
    if (!wh_scalar_duration(compiler->problems, tree, ret_us)) {
        return false;
    }
    if (kind == WH_DECAY_HALF_LIFE && *ret_us < WH_US_PER_MINUTE) {
        wh_problem_error(compiler->problems, &tree->location,
                         "expected a half-life between 1m and 1,100d, found \"%.*s\"",
                         WH_STR_ARG(tree->text));
        return false;
    }
    if (*ret_us == 0) {
        wh_problem_error(compiler->problems, &tree->location,
                         "expected a duration above 0s, found \"0s\"");
        return false;
    }
    return true;
}

static bool
read_decay_kind(struct wh_compiler *compiler, const struct wh_tree *tree,
                const struct decay_kind *kind, struct wh_decay *decay)
{
    const struct wh_tree *value = wh_tree_find(tree, kind->key);
    const struct wh_tree *every = wh_tree_find(tree, "every");
    decay->kind = kind->kind;
    if (!kind->is_step) {
        (void)wh_keys_exclude(compiler, tree, kind->key, "every", "only steps have a length");
        return read_span(compiler, value, kind->kind, &decay->duration);
    }
    if (every == NULL) {
        wh_keys_need(compiler, tree, kind->key, "every");
        return false;
    }
    bool is_good = read_share(compiler, value, kind->kind, &decay->share);
    return read_span(compiler, every, kind->kind, &decay->duration) && is_good;
}

bool
wh_reader_decay(struct wh_compiler *compiler, const struct wh_tree *tree,
                struct wh_decay *ret_decay)
{
    if (tree == NULL) {
        return false;
    }
    if (wh_tree_is_text(tree, "none")) {
        *ret_decay = (struct wh_decay){.kind = WH_DECAY_NONE};
        return true;
    }
    if (!wh_keys_check(compiler, tree, &decay_section)) {
        return false;
    }
    const struct decay_kind *kind = find_kind(compiler, tree);
    struct wh_decay decay = {0};
    if (kind == NULL || !read_decay_kind(compiler, tree, kind, &decay)) {
        return false;
    }
    wh_reader_duration(compiler, tree, "only_after", &decay.only_after);
    *ret_decay = decay;
    return true;
}

/* A bare constant that holds a duration is meant as one. */
static bool
is_duration(struct wh_compiler *compiler, const struct wh_tree *tree, int64_t *ret_us)
{
    struct wh_definition *constant =
        tree->kind == WH_TREE_SCALAR ? wh_scope_find_kind(compiler, WH_NAME_CONSTANT, tree->text)
                                     : NULL;
    if (constant != NULL && compiler->constants[constant->index].type == WH_TYPE_DURATION) {
        constant->is_read = true;
        *ret_us = compiler->constants[constant->index].number;
        return true;
    }
    return wh_scalar_duration(NULL, tree, ret_us);
}

static bool
read_once_part(struct wh_compiler *compiler, const struct wh_tree *tree,
               const struct wh_where *where, struct wh_once *once)
{
    if (wh_tree_is_text(tree, "lead")) {
        once->kind = WH_ONCE_LEAD;
    } else if (wh_tree_is_text(tree, "company")) {
        once->kind = WH_ONCE_COMPANY;
    } else if (wh_tree_is_text(tree, "session")) {
        once->kind = WH_ONCE_SESSION;
    } else if (tree->kind == WH_TREE_SCALAR && wh_name_period(tree->text, &once->period)) {
        once->kind = WH_ONCE_PERIOD;
    } else if (is_duration(compiler, tree, &once->rolling)) {
        once->kind = WH_ONCE_ROLLING;
    } else {
        once->kind = WH_ONCE_VALUE;
        once->value = wh_build(compiler, where, tree, WH_EXPECT_ANY);
        return once->value.count > 0;
    }
    return true;
}

static size_t
read_once_list(struct wh_compiler *compiler, const struct wh_tree *tree,
               const struct wh_where *where, struct wh_once *parts)
{
    size_t count = 0;
    bool has_duration = false;
    if (tree->count == 0 || tree->count > WH_ONCE_PARTS_MAX) {
        wh_problem_error(compiler->problems, &tree->location,
                         "once_per takes one to three values, found %zu", tree->count);
        return 0;
    }
    for (size_t i = 0; i < tree->count; i++) {
        const struct wh_tree *item = tree->items[i];
        if (!read_once_part(compiler, item, where, &parts[count])) {
            continue;
        }
        if (parts[count].kind == WH_ONCE_ROLLING && has_duration) {
            wh_problem_error(compiler->problems, &item->location,
                             "once_per takes one duration at most");
        }
        has_duration = has_duration || parts[count].kind == WH_ONCE_ROLLING;
        count++;
    }
    return count;
}

size_t
wh_reader_once(struct wh_compiler *compiler, const struct wh_tree *tree,
               const struct wh_where *where, struct wh_once *ret_parts)
{
    if (tree == NULL) {
        return 0;
    }
    if (tree->kind == WH_TREE_SEQUENCE) {
        return read_once_list(compiler, tree, where, ret_parts);
    }
    return read_once_part(compiler, tree, where, ret_parts) ? 1 : 0;
}

bool
wh_reader_on(struct wh_compiler *compiler, const struct wh_tree *tree, struct wh_where *where,
             const struct wh_on *ret_on)
{
    const struct wh_tree *on = wh_tree_find(tree, "on");
    const struct wh_tree *verdict = wh_tree_find(tree, "verdict");
    *ret_on->verdict = compiler->ruleset->minimum;
    if (verdict != NULL) {
        wh_reader_level(compiler, verdict, ret_on->verdict);
    }
    where->has_touch = true;
    where->is_watched = false;
    bool is_good = wh_build_on(compiler, where, on, ret_on->selector, &where->changed_label);
    where->on = is_good ? ret_on->selector : NULL;
    *ret_on->when = wh_build(compiler, where, wh_tree_find(tree, "when"), WH_EXPECT_BOOL);
    return is_good;
}
