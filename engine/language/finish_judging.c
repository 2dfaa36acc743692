/* How far a touch reaches when verdicts are found (rules.md 11). */
#include "engine/language/finish.h"

static int64_t
larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static bool
counts(const struct wh_program *program)
{
    for (uint16_t i = 0; i < program->count; i++) {
        if (program->nodes[i].op == WH_OP_AGGREGATE) {
            return true;
        }
    }
    return false;
}

static bool
evidence_counts(const struct wh_evidence *evidence)
{
    bool any = counts(&evidence->when) || counts(&evidence->same);
    for (size_t i = 0; i < evidence->any_count; i++) {
        any = any || counts(&evidence->any[i]);
    }
    return any;
}

int64_t
wh_finish_judging(struct wh_compiler *compiler)
{
    struct wh_judging *judging = &compiler->ruleset->judging;
    int64_t longest = compiler->verdict_deepest;
    int64_t near = 0;
    for (size_t i = 0; i < judging->evidence_count; i++) {
        const struct wh_evidence *evidence = &judging->evidence[i];
        int64_t reach = larger(evidence->within, evidence->back);
        judging->has_aggregates = judging->has_aggregates || evidence_counts(evidence);
        judging->link = larger(judging->link, reach);
        if (evidence->kind == WH_EVIDENCE_NEAR) {
            near = larger(near, reach);
        } else {
            longest = larger(longest, evidence->within);
        }
    }
    for (size_t i = 0; i < judging->confirm_count; i++) {
        judging->follow = larger(judging->follow, judging->confirms[i].within);
        judging->quiet = larger(judging->quiet, judging->confirms[i].quiet);
    }
    return larger(longest + near, judging->follow);
}
